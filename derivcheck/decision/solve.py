"""An equation solved for one atom: rational equations up to degree two, and inverses of functions unwound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from derivcheck.decision.graph import Graph
from derivcheck.decision.node import Node, reachable

MAX_DEGREE = 4
MAX_UNWOUND = 12
MAX_SPREAD, MAX_WORK = 64, 800
Coefficients = list[Node]


@dataclass(frozen=True, slots=True)
class Solution:
    """``atom = value`` for each of the values, wherever the ``divisors`` are not zero.

    ``is_complete``: there is no further solution there (sin x = y has more than arcsin y).
    """

    values: tuple[Node, ...]
    divisors: tuple[Node, ...] = ()
    is_complete: bool = True


class Work:
    """What multiplying out may cost, for one equation and for all."""

    def __init__(self, limit: int = 4 * MAX_WORK) -> None:
        self.left = limit
        self.here = 0

    def begin(self) -> None:
        """A new equation."""
        self.here = MAX_WORK

    def spend(self, amount: int) -> None:
        """Counts work. Errors: _TooMuchWork."""
        self.left -= amount
        self.here -= amount
        if self.left < 0 or self.here < 0:
            raise _TooMuchWork


class _TooMuchWork(Exception):
    """Multiplying out takes longer than a solution is worth."""


def solve(graph: Graph, left: Node, right: Node, atom: Node, work: Work | None = None) -> Solution | None:
    """The solutions of ``left = right`` for an atom; None where these methods find none."""
    try:
        return _Solver(graph, atom, work or Work()).solve(graph.subtract(left, right), MAX_UNWOUND)
    except _TooMuchWork:
        return None


class _Solver:
    def __init__(self, graph: Graph, atom: Node, work: Work) -> None:
        self.graph = graph
        self.atom = atom
        self.work = work
        work.begin()

    def solve(self, difference: Node, depth: int) -> Solution | None:
        inside = self._dependent(difference)
        if self.atom not in inside or depth == 0:
            return None
        kernel = self._kernel(difference, inside)
        if kernel is None:
            return None
        constants = {node: ([node], [self.graph.one]) for node in reachable([difference]) if node not in inside}
        ratio = self._ratio(difference, kernel, constants)
        if ratio is None:
            return None
        solution = self._roots(_trimmed(self.graph, ratio[0]))
        if solution is None or kernel is self.atom:
            return solution
        return self._unwound(kernel, solution, depth)

    def _dependent(self, root: Node) -> set[Node]:
        """The nodes under a root that depend on the atom."""
        found: set[Node] = set()
        for node in reachable([root]):
            if node is self.atom or any(arg in found for arg in node.args):
                found.add(node)
        return found

    def _kernel(self, root: Node, inside: set[Node]) -> Node | None:
        """The one node through which the root depends on the atom as a rational function does; None if there are several."""
        kernels: set[Node] = set()
        seen: set[Node] = set()
        stack = [root]
        while stack:
            node = stack.pop()
            if node in seen or node not in inside:
                continue
            seen.add(node)
            if node.op in ("+", "*") or (node.op == "^" and _is_whole(node.args[1])):
                stack.extend(node.args)
            else:
                kernels.add(node)
        return kernels.pop() if len(kernels) == 1 else None

    def _ratio(self, node: Node, kernel: Node, memo: dict) -> tuple[Coefficients, Coefficients] | None:
        """The node as numerator and denominator, each a polynomial in the kernel (coefficients from degree 0 up)."""
        if node in memo:
            return memo[node]
        memo[node] = made = self._ratio_of(node, kernel, memo)
        if made is not None and max(len(made[0]), len(made[1])) > MAX_DEGREE + 1:
            memo[node] = made = None
        return made

    def _ratio_of(self, node: Node, kernel: Node, memo: dict) -> tuple[Coefficients, Coefficients] | None:
        graph = self.graph
        if node is kernel:
            return [graph.zero, graph.one], [graph.one]
        if node.op == "^" and _is_whole(node.args[1]):
            base = self._ratio(node.args[0], kernel, memo)
            exponent = int(node.args[1].value)
            if base is None or abs(exponent) > MAX_DEGREE:
                return None
            top, bottom = base if exponent > 0 else base[::-1]
            return self._repeated(top, abs(exponent)), self._repeated(bottom, abs(exponent))
        parts = [self._ratio(arg, kernel, memo) for arg in node.args]
        if None in parts:
            return None
        return self._added(parts) if node.op == "+" else self._multiplied(parts)

    def _added(self, parts: list[tuple[Coefficients, Coefficients]]) -> tuple[Coefficients, Coefficients]:
        """The sum; what has one denominator is added up first, all at once, because sums grow as they are added to."""
        over: list[tuple[Coefficients, list[Coefficients]]] = []
        for top, bottom in parts:
            known = next((tops for under, tops in over if under == bottom), None)
            if known is None:
                over.append((bottom, [top]))
            else:
                known.append(top)
        (bottom, tops), *rest = over
        total = self._sum(tops)
        for under, tops in rest:
            total = self._sum([self._product(total, under), self._product(self._sum(tops), bottom)])
            bottom = self._product(bottom, under)
        return total, bottom

    def _multiplied(self, parts: list[tuple[Coefficients, Coefficients]]) -> tuple[Coefficients, Coefficients]:
        graph = self.graph
        plain = [part[0][0] for part in parts if len(part[0]) == 1 and part[1] == [graph.one] and part[0][0].op != "+"]
        top, bottom = [graph.multiply(plain)], [graph.one]
        for more, under in parts:
            if len(more) != 1 or under != [graph.one] or more[0].op == "+":
                top, bottom = self._product(top, more), self._product(bottom, under)
        return top, bottom

    def _sum(self, parts: list[Coefficients]) -> Coefficients:
        if len(parts) == 1:
            return parts[0]
        degree = max(map(len, parts))
        return [self.graph.add([part[k] for part in parts if k < len(part)]) for k in range(degree)]

    def _product(self, left: Coefficients, right: Coefficients) -> Coefficients:
        graph = self.graph
        if len(right) == 1 and right[0] is graph.one:
            return left
        if len(left) == 1 and left[0] is graph.one:
            return right
        parts: list[list[Node]] = [[] for _ in range(len(left) + len(right) - 1)]
        for i, a in enumerate(left):
            for j, b in enumerate(right):
                parts[i + j].append(self._distributed(a, b))
        return [graph.add(part) for part in parts]

    def _distributed(self, left: Node, right: Node) -> Node:
        """A product with sums multiplied out, so that what cancels is seen to cancel."""
        graph = self.graph
        lefts = left.args if left.op == "+" else (left,)
        rights = right.args if right.op == "+" else (right,)
        if len(lefts) * len(rights) > MAX_SPREAD:
            return graph.multiply((left, right))
        self.work.spend(len(lefts) * len(rights))
        return graph.add([graph.multiply((a, b)) for a in lefts for b in rights])

    def _repeated(self, factor: Coefficients, times: int) -> Coefficients:
        made = factor
        for _ in range(times - 1):
            made = self._product(made, factor)
        return made

    def _roots(self, coefficients: Coefficients) -> Solution | None:
        graph = self.graph
        degree = len(coefficients) - 1
        lead = coefficients[-1]
        divisors = () if lead.op == "number" else (lead,)
        if degree == 1:
            return Solution((graph.divide(graph.multiply((graph.minus_one, coefficients[0])), lead),), divisors)
        if degree == 2:
            c, b, a = coefficients
            square = graph.subtract(graph.power(b, graph.number(2)), graph.multiply((graph.number(4), a, c)))
            root = graph.power(square, graph.number(Fraction(1, 2)))
            minus_b = graph.multiply((graph.minus_one, b))
            under = graph.multiply((graph.number(2), a))
            signed = (root, graph.multiply((graph.minus_one, root)))
            return Solution(tuple(graph.divide(graph.add((minus_b, part)), under) for part in signed), divisors)
        if degree > 2 and all(part is graph.zero for part in coefficients[1:-1]):
            return self._pure_power(graph.divide(graph.multiply((graph.minus_one, coefficients[0])), lead), degree, divisors)
        return None

    def _pure_power(self, value: Node, degree: int, divisors: tuple[Node, ...]) -> Solution:
        """x^k = value. An odd root of a negative number is written with signs, because a power of one is undefined."""
        graph = self.graph
        root = graph.power(graph.call("abs", value), graph.number(Fraction(1, degree)))
        if degree % 2:
            return Solution((graph.multiply((graph.call("sign", value), root)),), divisors)
        root = graph.power(value, graph.number(Fraction(1, degree)))
        return Solution((root, graph.multiply((graph.minus_one, root))), divisors)

    def _unwound(self, kernel: Node, solution: Solution, depth: int) -> Solution | None:
        """Solutions for the kernel become solutions for the atom inside it."""
        values: list[Node] = []
        divisors = list(solution.divisors)
        is_complete = solution.is_complete
        for value in solution.values:
            inverses = self._inverses(kernel, value)
            if inverses is None:
                return None
            is_complete = is_complete and self._is_one_to_one(kernel)
            for argument, inverse in inverses:
                inner = self.solve(self.graph.subtract(argument, inverse), depth - 1)
                if inner is None:
                    return None
                values += inner.values
                divisors += inner.divisors
                is_complete = is_complete and inner.is_complete
        return Solution(tuple(dict.fromkeys(values)), tuple(dict.fromkeys(divisors)), is_complete)

    def _is_one_to_one(self, kernel: Node) -> bool:
        """Whether the branches of the inverse are all there are."""
        if kernel.op == "call":
            return kernel.value not in _PERIODIC
        base, exponent = kernel.args
        if self.atom in reachable([exponent]) or (exponent.op == "number" and exponent.value.denominator != 1):
            return True
        domain = self.graph.domain(base) if base.op == "atom" else None
        return domain is not None and domain.lower is not None and domain.lower >= 0

    def _inverses(self, kernel: Node, value: Node) -> list[tuple[Node, Node]] | None:
        """(argument, what it equals), for each branch of the inverse."""
        graph = self.graph
        if kernel.op == "^":
            base, exponent = kernel.args
            if self.atom not in reachable([exponent]):
                return [(base, graph.power(value, graph.power(exponent, graph.minus_one)))]
            if self.atom not in reachable([base]):
                return [(exponent, graph.divide(graph.call("log", value), graph.call("log", base)))]
            return None
        if kernel.op == "call" and kernel.value in _INVERSES:
            return [(kernel.args[0], branch) for branch in _INVERSES[kernel.value](graph, value)]
        return None


def _is_whole(node: Node) -> bool:
    return node.op == "number" and node.value.denominator == 1


def _trimmed(graph: Graph, coefficients: Coefficients) -> Coefficients:
    while len(coefficients) > 1 and coefficients[-1] is graph.zero:
        coefficients = coefficients[:-1]
    return coefficients


_PERIODIC = ("sin", "cos", "tan")


def _just(name: str) -> Callable[[Graph, Node], list[Node]]:
    return lambda graph, value: [graph.call(name, value)]


def _both(name: str) -> Callable[[Graph, Node], list[Node]]:
    def branches(graph: Graph, value: Node) -> list[Node]:
        one = graph.call(name, value) if name != "abs" else value
        return [one, graph.multiply((graph.minus_one, one))]

    return branches


_INVERSES: dict[str, Callable[[Graph, Node], list[Node]]] = {
    "exp": _just("log"),
    "log": _just("exp"),
    "sin": _just("arcsin"),
    "cos": _just("arccos"),
    "tan": _just("arctan"),
    "sinh": _just("arsinh"),
    "tanh": _just("artanh"),
    "arcsin": _just("sin"),
    "arccos": _just("cos"),
    "arctan": _just("tan"),
    "arsinh": _just("sinh"),
    "arcosh": _just("cosh"),
    "artanh": _just("tanh"),
    "cosh": _both("arcosh"),
    "abs": _both("abs"),
}
