"""Nodes at random points of a prime field, where exp, log, roots and their like are independent unknowns.

A function value that is not rational is a *kernel*: a random number of its own, unless its argument, found by value, ties
it to kernels met before. Equal values at all points are then equal rational functions of the kernels
(J. Schwartz, Fast probabilistic algorithms for verification of polynomial identities, 1980).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from derivcheck.decision.dual import Dual, Points
from derivcheck.decision.element import Element, Elements, Product, check_room
from derivcheck.decision.field import IOTA, PRIME, Span, Vector, unity
from derivcheck.decision.node import CONDITIONS, GivesUp, Node, reachable
from derivcheck.decision.ranges import Ranges
from derivcheck.decision.shifts import Shifts
from derivcheck.decision.signs import Signs

HALF = Fraction(1, 2)


class Residues:
    """Values of the nodes of one graph at ``count`` points.

    ``assumed``: nodes taken as positive because a logarithm or root of them stands in the source, or by hypothesis.
    """

    def __init__(self, ranges: Ranges, count: int, seed: int, assumed: Iterable[Node]) -> None:
        self.ranges = ranges
        self.graph = ranges.graph
        self.points = Points(count, seed)
        self.elements = Elements(self.points)
        self.signs = Signs(self.points, self.elements)
        self.shifts = Shifts(self.points)
        self.assumed = set(assumed)
        self._found: dict[Node, Dual] = {}
        self._kernels: dict[tuple, Dual] = {}
        self._angles = Span()
        self._turns: list[Element] = []
        self._maps: dict[tuple, tuple[Span, list[Dual]]] = {}

    def value(self, node: Node) -> Vector:
        """A node's residues at all points."""
        return self.dual(node)[0]

    def dual(self, node: Node) -> Dual:
        """A node's residues and slopes at all points."""
        for part in reachable([node], self._found.__contains__):
            if part not in self._found:
                self._found[part] = self._evaluate(part)
        return self._found[node]

    def assume_positive(self, node: Node) -> None:
        """Fixes the sign of a node that a hypothesis calls positive."""
        self.signs.assume_positive(self.dual(node))

    def _evaluate(self, node: Node) -> Dual:
        points = self.points
        match node.op:
            case "number":
                return points.fraction(node.value)
            case "+":
                return points.plus(*[self._found[arg] for arg in node.args])
            case "*":
                return self._product([self._found[arg] for arg in node.args])
            case "^":
                return self._power(*node.args)
            case "call":
                return _CALLS.get(node.value, Residues._opaque)(self, node)
            case "atom" | "constant":
                is_positive = node.op == "constant" or self.ranges.is_positive(node)
                return self.elements.named(("free", node.index)) if is_positive else points.unknown()
            case "unknown":
                return self._kernel(("unknown", node.value, self._places(node)))
            case "where":
                return self._where(node)
            case "undefined":
                return points.constant(0)
            case "binder":
                return self._functional(node)
        if node.op in CONDITIONS:
            return self._condition(node)
        raise GivesUp(f"no residue for {node.op}")

    def _where(self, node: Node) -> Dual:
        """A branch without a number is one that is never taken where the goal is defined."""
        chosen, then, otherwise = (self._found[arg] for arg in node.args)
        if self.graph.undefined in node.args[1:]:
            return then if node.args[2] is self.graph.undefined else otherwise
        points = self.points
        return points.plus(points.times(chosen, then), points.times(points.minus(points.constant(1), chosen), otherwise))

    def _functional(self, node: Node) -> Dual:
        """An integral, a series or a limit as a linear map: of a combination of bodies it is the combination of their values."""
        scope = node.value
        summands = self._summands(scope.body)
        if len(summands) > 1:
            bounds = node.args[: scope.bounds]
            parts = [self.graph.binder(scope.kind, part, scope.atom, bounds, scope.direction) for part in summands]
            return self.points.plus(*map(self.dual, parts))
        key = (scope.kind, scope.direction, *(tuple(self._found[bound][0]) for bound in node.args[: scope.bounds]))
        span, values = self._maps.setdefault(key, (Span(), []))
        body = self.dual(scope.body)
        combination = span.express(body[0])
        if combination is None:
            check_room(span, self.points)
            if not span.add(body[0]):
                raise GivesUp("integrands that depend on each other by large numbers")
            values.append(self.points.unknown())
            combination = {len(values) - 1: Fraction(1)}
        return self.points.plus(*[self.points.scaled(values[place], factor) for place, factor in combination.items()])

    def _summands(self, body: Node) -> tuple[Node, ...]:
        """The summands of a body, a product with a sum multiplied out."""
        if body.op == "*":
            for at, factor in enumerate(body.args):
                if factor.op == "+":
                    rest = body.args[:at] + body.args[at + 1 :]
                    return tuple(self.graph.multiply((part, *rest)) for part in factor.args)
        return body.args if body.op == "+" else (body,)

    def _product(self, numbers: Sequence[Dual]) -> Dual:
        made = self.points.constant(1)
        for k, number in enumerate(numbers):
            made = self.points.times(made, number) if k else number
        return made

    def _kernel(self, key: tuple) -> Dual:
        """A number of which nothing is known but the question that it answers."""
        if key not in self._kernels:
            self._kernels[key] = self.points.unknown()
        return self._kernels[key]

    def _opaque(self, node: Node) -> Dual:
        return self._kernel((node.value, *self._places(node)))

    def _places(self, node: Node) -> tuple:
        return tuple(tuple(self._found[arg][0]) for arg in node.args)

    # Powers and logarithms.

    def _power(self, base: Node, exponent: Node) -> Dual:
        if exponent.op == "number" and exponent.value.denominator == 1:
            return self.points.power(self._found[base], int(exponent.value))
        if not all(self.value(base)):
            raise GivesUp("a power of zero")
        if self.is_whole(exponent) and not self.is_positive(base):
            return self._whole_power(base, exponent)
        logarithm = self.elements.logarithm(self._coordinates(base))
        if exponent.op == "number":
            return self.elements.exponential(self.points.scaled(logarithm, exponent.value))
        return self.elements.exponential(self.points.times(self._found[exponent], logarithm))

    def _whole_power(self, base: Node, exponent: Node) -> Dual:
        """A whole but unknown power of a number that may be negative."""
        if base.op == "*":
            parts = [self._power(part, exponent) for part in base.args]
            return self._product(parts)
        if base.op == "number":
            size = Product({}, abs(base.value))
            sign = self._parity(exponent)
        else:
            size = self.elements.signless(self._found[base])
            sign = self.points.constant(1)
        logarithm = self.elements.logarithm(size)
        return self.points.times(sign, self.elements.exponential(self.points.times(self._found[exponent], logarithm)))

    def _parity(self, exponent: Node) -> Dual:
        """-1 to a whole power, taken apart: to an even multiple of a whole number it is 1."""
        if exponent.op == "+":
            return self._product([self._parity(part) for part in exponent.args])
        if exponent.op == "*" and exponent.args[0].op == "number" and all(map(self.is_whole, exponent.args)):
            if exponent.args[0].value % 2 == 0:
                return self.points.constant(1)
            return self._parity(self.graph.multiply(exponent.args[1:]))
        return self.signs.parity(self.value(exponent)), [0] * self.points.count

    def is_whole(self, node: Node) -> bool:
        """Whether a node's value is always an integer."""
        match node.op:
            case "number":
                return node.value.denominator == 1
            case "atom":
                domain = self.graph.domain(node)
                return domain.integer or (bool(domain.values) and all(value.denominator == 1 for value in domain.values))
            case "+" | "*":
                return all(map(self.is_whole, node.args))
            case "call":
                return node.value in ("floor", "ceiling")
        return False

    def is_positive(self, node: Node) -> bool:
        """Whether a node is positive wherever the hypotheses hold."""
        if node in self.assumed or self.ranges.is_positive(node):
            return True
        if node.op in ("+", "*"):
            return all(map(self.is_positive, node.args))
        if node.op == "^":
            exponent = node.args[1]
            is_even = exponent.op == "number" and exponent.value.denominator == 1 and exponent.value % 2 == 0
            return is_even or self.is_positive(node.args[0])
        return node.op == "call" and node.value == "abs"

    def _coordinates(self, node: Node) -> Product:
        """A positive node as a product of elements."""
        if node.op == "number":
            if node.value <= 0:
                raise GivesUp("a logarithm or root of a negative number")
            return Product({}, node.value)
        if node.op == "*" and all(map(self.is_positive, node.args)):
            made = Product({})
            for part in node.args:
                made = made.times(self._coordinates(part))
            return made
        if node.op == "^" and node.args[1].op == "number" and self.is_positive(node.args[0]):
            return self.elements.raised_product(self._coordinates(node.args[0]), node.args[1].value)
        return self.elements.product(self.dual(node))

    def _logarithm(self, node: Node) -> Dual:
        return self.elements.logarithm(self._coordinates(node.args[0]))

    def _exponential(self, node: Node) -> Dual:
        return self.elements.exponential(self._found[node.args[0]])

    def _hyperbolic(self, node: Node) -> Dual:
        up = self._exponential(node)
        down = self.points.inverse(up)
        sine, cosine = self.points.minus(up, down), self.points.plus(up, down)
        if node.value == "tanh":
            return self.points.times(sine, self.points.inverse(cosine))
        return self.points.scaled(sine if node.value == "sinh" else cosine, HALF)

    # Sines and their like: exponentials of i times the argument.

    def _trigonometric(self, node: Node) -> Dual:
        points = self.points
        up = self._turn(self._found[node.args[0]])
        down = points.inverse(up)
        cosine = points.scaled(points.plus(up, down), HALF)
        sine = points.scaled(points.times(points.minus(up, down), points.constant(pow(IOTA, -1, PRIME))), HALF)
        if node.value == "tan":
            return points.times(sine, points.inverse(cosine))
        return sine if node.value == "sin" else cosine

    def _turn(self, angle: Dual) -> Dual:
        """exp(i angle); at twelfths of pi a root of unity."""
        points = self.points
        if not self._turns:
            pi = self.elements.named(("free", self.graph.constant("pi").index))
            self._angles.add(points.scaled(pi, Fraction(1, 12))[0])
            self._turns.append(Element([unity(1)] * points.count, [0] * points.count))
        combination = self._angles.express(angle[0])
        if combination is None:
            check_room(self._angles, points)
            if not self._angles.add(angle[0]):
                raise GivesUp("angles that depend on each other by large numbers")
            self._turns.append(self.elements.free())
            combination = {len(self._turns) - 1: Fraction(1)}
        made = points.constant(1)
        for place, factor in combination.items():
            if place == 0 and factor.denominator != 1:
                raise GivesUp("an angle that is no twelfth of pi")
            made = points.times(made, self.elements.raised(self._turns[place], factor))
        return made

    # Functions that are known by few of their properties.

    def _odd(self, node: Node) -> Dual:
        return self._odd_kernel(node.value, self._found[node.args[0]][0])

    def _odd_kernel(self, name: str, vector: Vector) -> Dual:
        negative = [-x % PRIME for x in vector]
        if negative < vector:
            return self.points.scaled(self._kernel((name, tuple(negative))), Fraction(-1))
        return self._kernel((name, tuple(vector)))

    def _arccos(self, node: Node) -> Dual:
        quarter = self.points.scaled(self.dual(self.graph.constant("pi")), HALF)
        return self.points.minus(quarter, self._odd_kernel("arcsin", self._found[node.args[0]][0]))

    def _artanh(self, node: Node) -> Dual:
        """Half of log(1 + x) - log(1 - x), where both are defined."""
        one, x = self.graph.one, node.args[0]
        parts = [self.graph.add((one, x)), self.graph.subtract(one, x)]
        self.assumed.update(parts)
        up, down = (self.elements.logarithm(self._coordinates(part)) for part in parts)
        return self.points.scaled(self.points.minus(up, down), HALF)

    def _gamma(self, node: Node) -> Dual:
        argument = self._found[node.args[0]]
        if node.value == "factorial":
            argument = self.points.plus(argument, self.points.constant(1))
        return self.shifts.value("digamma" if node.value == "digamma" else "gamma", argument)

    def _binomial(self, node: Node) -> Dual:
        points, one = self.points, self.points.constant(1)
        top, bottom = (self._found[arg] for arg in node.args)
        rest = points.plus(points.minus(top, bottom), one)
        under = points.times(self.shifts.value("gamma", points.plus(bottom, one)), self.shifts.value("gamma", rest))
        return points.times(self.shifts.value("gamma", points.plus(top, one)), points.inverse(under))

    # Signs and conditions.

    def _sign(self, node: Node) -> Dual:
        """1 or -1; the same for nodes that are positive multiples of each other."""
        if self.is_positive(node):
            return self.points.constant(1)
        if self.ranges.of(node).is_negative():
            return self.points.constant(PRIME - 1)
        if node.op == "*":
            return self._product([self._sign(part) for part in node.args])
        if node.op == "^" and node.args[1].op == "number" and node.args[1].value % 2 == 1:
            return self._sign(node.args[0])
        return self.signs.of(self.dual(node)), [0] * self.points.count

    def _absolute(self, node: Node) -> Dual:
        return self.points.times(self._sign(node.args[0]), self._found[node.args[0]])

    def _extremum(self, node: Node) -> Dual:
        """max(a, b) = (a + b + |a - b|) / 2."""
        left, right = node.args
        gap = self.graph.subtract(left, right)
        size = self.points.times(self._sign(gap), self.dual(gap))
        total = self.points.plus(self._found[left], self._found[right])
        return self.points.scaled(self.points.plus(total, size) if node.value == "max" else self.points.minus(total, size), HALF)

    def _condition(self, node: Node) -> Dual:
        """1 where the condition holds and 0 elsewhere; ties of continuous numbers are left out."""
        if self.graph.undefined in node.args:
            raise GivesUp("a condition on something undefined")
        points = self.points
        one = points.constant(1)
        match node.op:
            case "truth":
                return points.constant(int(node.value))
            case "not":
                return points.minus(one, self._found[node.args[0]])
            case "and":
                return self._product([self._found[arg] for arg in node.args])
            case "or":
                return points.minus(one, self._product([points.minus(one, self._found[arg]) for arg in node.args]))
            case "<" | "≤":
                return points.scaled(points.plus(one, self._sign(self.graph.subtract(node.args[1], node.args[0]))), HALF)
            case "=":
                return self._equality(node)
            case "≠":
                return points.minus(one, self._equality(node))
        raise GivesUp("an equivalence inside a formula")

    def _equality(self, node: Node) -> Dual:
        """A bit of its own for each difference, up to a factor; 0 for numbers that vary continuously and are not identical."""
        gap = self.value(self.graph.subtract(*node.args))
        if not any(gap):
            return self.points.constant(1)
        if not (node.args[0].is_discrete and node.args[1].is_discrete):
            return self.points.constant(0)
        first = pow(gap[0], -1, PRIME) if gap[0] else 1
        key = ("equal", tuple(x * first % PRIME for x in gap))
        if key not in self._kernels:
            self._kernels[key] = [int(sign == 1) for sign in self.signs.fresh()], [0] * self.points.count
        return self._kernels[key]

    def good_points(self) -> list[int]:
        """The points at which everything had a residue."""
        return [k for k in range(self.points.count) if not self.points.is_bad[k]]

    def is_conclusive(self, good: Sequence[int]) -> bool:
        """Whether the good points meet every combination of signs, those of roots that may be rational included."""
        loose = self.elements.loose_roots()
        if loose and len(good) < 24 << (loose + self.signs.bits):
            return False
        return self.signs.are_all_met(good)


_CALLS: dict[str, Callable[[Residues, Node], Dual]] = {
    "log": Residues._logarithm,
    "exp": Residues._exponential,
    **dict.fromkeys(("sinh", "cosh", "tanh"), Residues._hyperbolic),
    **dict.fromkeys(("sin", "cos", "tan"), Residues._trigonometric),
    **dict.fromkeys(("erf", "arctan", "arcsin", "arsinh"), Residues._odd),
    "arccos": Residues._arccos,
    "artanh": Residues._artanh,
    **dict.fromkeys(("gamma", "factorial", "digamma"), Residues._gamma),
    "binomial": Residues._binomial,
    "sign": lambda residues, node: residues._sign(node.args[0]),
    "abs": Residues._absolute,
    **dict.fromkeys(("max", "min"), Residues._extremum),
}
