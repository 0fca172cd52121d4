"""A term at concrete sizes and index values becomes a scalar graph: sums are written out, index conditions decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from derivcheck.decision.graph import COUNTER, Graph
from derivcheck.decision.minor import determinant, entry_of_inverse, matrix_power
from derivcheck.decision.node import GivesUp, Grows, Node, is_number
from derivcheck.term import term as terms
from derivcheck.term.build import INFINITY, TRUE, negate
from derivcheck.term.function import ARRAY_FUNCTIONS, FUNCTIONS
from derivcheck.term.type import REAL

MAX_MATRIX = 5


@dataclass(frozen=True, slots=True)
class Goal:
    """The goal at values of its free variables: ``relation`` should be true wherever ``condition`` is. ``sides``: the numbers of a relation
    that comes out false at once.
    """

    indices: tuple[tuple[str, int], ...]
    relation: Node
    sides: tuple[Node, ...]
    condition: Node


class Instantiation:
    """Terms at one choice of sizes.

    ``parameters`` gives the whole numbers put in for symbols that stand in bounds and indices. ``is_degenerate`` turns
    true when a sum starts more than one past its end: at such sizes the document's dots mean nothing, so they convict nobody.
    """

    def __init__(self, graph: Graph, parameters: Mapping[str, int]) -> None:
        self.graph = graph
        self.parameters = parameters
        self.is_degenerate = False
        self._memo: dict[tuple, Node] = {}
        self._bound: dict[str | int, Node] = {}
        self._names: dict[frozenset[terms.Term], list[str | int]] = {}

    def node(self, term: terms.Term, variables: Mapping[str, int] | None = None) -> Node:
        """The term's node for values of its open variables.

        Errors: GivesUp where the graph cannot express it or grows too large.
        """
        self._bound = {name: self.graph.number(value) for name, value in (variables or {}).items()}
        return self._walk(term)

    def _walk(self, term: terms.Term) -> Node:
        if term.variables:
            names = self._names.get(term.variables)
            if names is None:
                names = self._names[term.variables] = sorted((variable.name for variable in term.variables), key=repr)
            key = (term, *map(self._bound.get, names))
        else:
            key = (term,)
        known = self._memo.get(key)
        if known is None:
            known = self._memo[key] = _RULES[type(term)](self, term)
        return known

    def relation(self, term: terms.Term, variables: Mapping[str, int]) -> tuple[Node, tuple[Node, ...]]:
        """The node of a relation for values of its open variables, and the numbers on its sides where these refute it."""
        node = self.node(term, variables)
        if node is not self.graph.false or not isinstance(term, terms.Relation):
            return node, ()
        sides = tuple(self._walk(child) for child in term.children)
        return node, sides if len(sides) == 2 and all(map(is_number, sides)) else ()

    def whole(self, term: terms.Term, variables: Mapping[str, int] | None = None) -> int:
        """The value of a bound, a size or an index."""
        if variables is not None:
            return self._whole(self.node(term, variables))
        return self._whole(self._walk(term))

    def _whole(self, node: Node) -> int:
        value = self.graph.whole(node)
        if value is None:
            raise GivesUp("a bound or an index is not a known whole number")
        return value

    def _number(self, term: terms.Number) -> Node:
        return self.graph.number(term.value)

    def _constant(self, term: terms.Constant) -> Node:
        if term.name == "i":
            raise GivesUp("complex numbers")
        if term.name == "infinity":
            raise GivesUp("infinity as a number")
        return self.graph.constant(term.name)

    def _variable(self, term: terms.Variable) -> Node:
        value = self._bound.get(term.name)
        if value is None:
            raise GivesUp("an index without a range")
        return value

    def _symbol(self, term: terms.Symbol) -> Node:
        if not term.indices and term.name in self.parameters:
            return self.graph.number(self.parameters[term.name])
        return self.graph.atom(term.name, tuple([self.whole(index) for index in term.indices]))

    def _add(self, term: terms.Add) -> Node:
        return self.graph.add(list(map(self._walk, term.children)))

    def _multiply(self, term: terms.Multiply) -> Node:
        """A product. A bracket that is 0 makes it 0 even where the rest is undefined (Knuth, Two notes on notation, 1992)."""
        conditions, made = [], []
        for child in term.children:
            if isinstance(child, terms.Cases):
                node = self._walk(child)
                if node is self.graph.zero:
                    return node
                if node.op == "where" and node.args[2] is self.graph.zero:
                    conditions.append(node.args[0])
                    node = node.args[1]
                made.append(node)
        made += [self._walk(child) for child in term.children if not isinstance(child, terms.Cases)]
        return self.graph.where(self.graph.all_of(conditions), self.graph.multiply(made), self.graph.zero)

    def _power(self, term: terms.Power) -> Node:
        return self.graph.power(self._walk(term.base), self._walk(term.exponent))

    def _apply(self, term: terms.Apply) -> Node:
        if term.function in ARRAY_FUNCTIONS:
            return self._matrix_function(term)
        arguments = []
        shapes = []
        for argument in term.arguments:
            entries, shape = self._entries(argument)
            arguments += entries
            shapes.append(shape)
        if term.function in FUNCTIONS:
            if len(arguments) != FUNCTIONS[term.function].arity or term.orders:
                raise GivesUp(f"{term.function} of an array")
            return self.graph.call(term.function, *arguments)
        component = tuple([self.whole(index) for index in term.component])
        orders = tuple(sorted(self._flat_position(shapes, position, indices) for position, indices in term.orders))
        domain = self.graph.domains.get(term.function, REAL)
        return self.graph.unknown((term.function, component, orders, tuple(shapes), domain), arguments)

    def _flat_position(self, shapes: Sequence[tuple[int, ...]], position: int, indices: tuple[terms.Term, ...]) -> int:
        """Where an entry of an argument stands once all arguments are written side by side."""
        at = 0
        for size, index in zip(shapes[position], indices, strict=True):
            value = self.whole(index)
            if not 1 <= value <= size:
                raise GivesUp("a derivative by an entry that is not there")
            at = at * size + value - 1
        return sum(_count(shape) for shape in shapes[:position]) + at

    def _entries(self, argument: terms.Term) -> tuple[list[Node], tuple[int, ...]]:
        """The entries of an argument, row by row, and its shape; a number has the empty shape."""
        if not isinstance(argument, terms.Array):
            return [self._walk(argument)], ()
        sizes = tuple([self.whole(size) for size in argument.sizes])
        body = argument.children[-1]
        first = argument.height - len(sizes)
        names = range(first + 1, first + 1 + len(sizes))
        entries = []
        for values in product(*(range(1, size + 1) for size in sizes)):
            entries.append(self._under(dict(zip(names, values, strict=True)), body))
        return entries, sizes

    def _under(self, values: Mapping[int, int], body: terms.Term) -> Node:
        """The body with bound variables put in; inner binders have smaller heights, so names never clash."""
        kept = {name: self._bound.get(name) for name in values}
        self._bound.update({name: self.graph.number(value) for name, value in values.items()})
        made = self._walk(body)
        self._restore(kept)
        return made

    def _restore(self, kept: Mapping[int, Node | None]) -> None:
        for name, node in kept.items():
            if node is None:
                self._bound.pop(name, None)
            else:
                self._bound[name] = node

    def _matrix_function(self, term: terms.Apply) -> Node:
        entries, shape = self._entries(term.arguments[0])
        if len(shape) != 2 or shape[0] != shape[1]:
            raise GivesUp("a matrix that is not square at these sizes")
        size = shape[0]
        if size > MAX_MATRIX:
            raise Grows("a matrix too large for its determinant")
        rows = [entries[k * size : (k + 1) * size] for k in range(size)]
        if term.function == "determinant":
            return determinant(self.graph, rows)
        i, j = (self.whole(index) - 1 for index in term.component[:2])
        if i not in range(size) or j not in range(size):
            raise GivesUp("an entry of a matrix that is not there")
        if term.function == "matrix_power":
            return matrix_power(self.graph, rows, self.whole(term.component[2]))[i][j]
        return entry_of_inverse(self.graph, rows, i, j)

    def _fold(self, term: terms.Fold) -> Node:
        if term.upper is INFINITY and term.operation == "+":
            return self._series(term)
        lower, upper = self.whole(term.lower), self.whole(term.upper)
        if upper < lower - 1:
            self.is_degenerate = True
        if upper - lower >= self.graph.limit:
            raise Grows("a sum of too many terms")
        condition, body = term.children[2:]
        name, graph = term.height, self.graph
        kept = []
        neutral = graph.one if term.operation == "*" else graph.zero
        before = {name: self._bound.get(name)}
        for value in range(lower, upper + 1):
            self._bound[name] = graph.number(value)
            holds = graph.true if condition is TRUE else self._walk(condition)
            if holds is graph.false:
                continue
            made = self._walk(body)
            if holds is not graph.true:
                if term.operation in ("max", "min"):
                    raise GivesUp("a maximum over a condition on values")
                made = graph.where(holds, made, neutral)
            kept.append(made)
        self._restore(before)
        return self._folded(term.operation, kept)

    def _folded(self, operation: str, parts: list[Node]) -> Node:
        if operation == "+":
            return self.graph.add(parts)
        if operation == "*":
            return self.graph.multiply(parts)
        if not parts:
            return self.graph.undefined
        best = parts[0]
        for part in parts[1:]:
            best = self.graph.call(operation, best, part)
        return best

    def _series(self, term: terms.Fold) -> Node:
        condition, body = term.children[2:]
        if condition is not TRUE:
            raise GivesUp("an infinite sum over a condition")
        atom = self._bound_atom(term.height, COUNTER)
        return self.graph.binder("series", self._over(term.height, atom, body), atom, [self._walk(term.lower)])

    def _integral(self, term: terms.Integral) -> Node:
        atom = self._bound_atom(term.height)
        bounds = [self._end(term.lower), self._end(term.upper)]
        return self.graph.binder("integral", self._over(term.height, atom, term.children[2]), atom, bounds)

    def _antiderivative(self, term: terms.Antiderivative) -> Node:
        """A linear map of its body, of which nothing else is known; where bounds are left out an integral is often definite."""
        by = self._walk(term.by)
        if by.op != "atom":
            raise GivesUp("an antiderivative by something that is no symbol")
        atom = self._bound_atom(0, f"~{by.value}")
        (body,) = self.graph.replace([self._walk(term.body)], {by: atom})
        return self.graph.binder("antiderivative", body, atom, [])

    def _limit(self, term: terms.Limit) -> Node:
        atom = self._bound_atom(term.height)
        body = self._over(term.height, atom, term.children[1])
        return self.graph.binder("limit", body, atom, [self._end(term.point)], term.direction)

    def _bound_atom(self, height: int, name: str = "~") -> Node:
        """The atom of a binder: the same for binders of one height, which never stand inside each other."""
        return self.graph.atom(name, (height,))

    def _over(self, height: int, atom: Node, body: terms.Term) -> Node:
        before = {height: self._bound.get(height)}
        self._bound[height] = atom
        made = self._walk(body)
        self._restore(before)
        return made

    def _end(self, term: terms.Term) -> Node:
        """A bound of an integral or the point of a limit; infinity is allowed here."""
        if term in (INFINITY, negate(INFINITY)):
            infinity = self.graph.constant("infinity")
            return infinity if term is INFINITY else self.graph.multiply((self.graph.minus_one, infinity))
        return self._walk(term)

    def _cases(self, term: terms.Cases) -> Node:
        kept: list[tuple[Node, Node]] = []
        otherwise = None
        for condition, value in term.branches:
            holds = self._walk(condition)
            if holds is self.graph.true:
                otherwise = self._walk(value)
                break
            if holds is not self.graph.false:
                kept.append((holds, self._walk(value)))
        made = self._walk(term.otherwise) if otherwise is None else otherwise
        for holds, value in reversed(kept):
            made = self.graph.where(holds, value, made)
        return made

    def _undefined(self, term: terms.Undefined) -> Node:
        return self.graph.undefined

    def _truth(self, term: terms.Truth) -> Node:
        return self.graph.truth(term.value)

    def _relation(self, term: terms.Relation) -> Node:
        left, right = self._walk(term.left), self._walk(term.right)
        if isinstance(term.left, terms.Truth | terms.Relation | terms.Junction | terms.Negation):
            return self.graph.same_truth(left, right)
        return self.graph.relation(term.sign, left, right)

    def _junction(self, term: terms.Junction) -> Node:
        made = []
        for child in term.children:
            made.append(self._walk(child))
            if made[-1] is (self.graph.false if term.kind == "and" else self.graph.true):
                return made[-1]
        return self.graph.all_of(made) if term.kind == "and" else self.graph.some_of(made)

    def _negation(self, term: terms.Negation) -> Node:
        return self.graph.negation(self._walk(term.children[0]))

    def _beyond(self, term: terms.Term) -> Node:
        raise GivesUp(_BEYOND[type(term)])


_BEYOND = {
    terms.Derivative: "a derivative that was not carried out",
    terms.Array: "an array where a number should stand",
}

_RULES = {
    terms.Number: Instantiation._number,
    terms.Constant: Instantiation._constant,
    terms.Variable: Instantiation._variable,
    terms.Symbol: Instantiation._symbol,
    terms.Add: Instantiation._add,
    terms.Multiply: Instantiation._multiply,
    terms.Power: Instantiation._power,
    terms.Apply: Instantiation._apply,
    terms.Fold: Instantiation._fold,
    terms.Cases: Instantiation._cases,
    terms.Undefined: Instantiation._undefined,
    terms.Truth: Instantiation._truth,
    terms.Relation: Instantiation._relation,
    terms.Junction: Instantiation._junction,
    terms.Negation: Instantiation._negation,
    terms.Integral: Instantiation._integral,
    terms.Antiderivative: Instantiation._antiderivative,
    terms.Limit: Instantiation._limit,
    **dict.fromkeys(_BEYOND, Instantiation._beyond),
}


def _count(shape: tuple[int, ...]) -> int:
    total = 1
    for size in shape:
        total *= size
    return total
