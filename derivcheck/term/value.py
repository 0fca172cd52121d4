"""Values: what an expression comes to, a number or an array of them, and the algebra of arrays in index notation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from derivcheck.term import binder, build
from derivcheck.term.build import ONE, ZERO
from derivcheck.term.size import Sizes
from derivcheck.term.term import Array, Symbol, Term, Variable


class Misfit(Exception):
    """Shapes that do not fit; ``first`` and ``second`` are the two shapes."""

    def __init__(self, about: str, first: tuple[Term, ...] = (), second: tuple[Term, ...] = ()) -> None:
        super().__init__(about)
        self.about = about
        self.first = first
        self.second = second


@dataclass(frozen=True, slots=True)
class Value:
    """An array of numbers, one for each assignment of its open variables; a number where it has none.

    ``row``: a vector that was transposed. ``layout``: a derivative by an array, which the field lays out in two ways.
    """

    body: Term
    variables: tuple[Variable, ...] = ()
    sizes: tuple[Term, ...] = ()
    row: bool = False
    layout: bool = False

    @property
    def rank(self) -> int:
        return len(self.variables)

    @property
    def is_number(self) -> bool:
        return not self.variables

    def at(self, *indices: Term) -> Term:
        """The entry at indices."""
        if not self.variables:
            return self.body
        return binder.replace(self.body, dict(zip(self.variables, indices, strict=True)))

    def closed(self) -> Term:
        """The value as one term: an ``Array`` where it has variables."""
        return binder.array(self.variables, self.sizes, self.body)

    def renewed(self) -> Value:
        """The same array in fresh variables."""
        fresh = tuple(Variable.fresh() for _ in self.variables)
        return replace(self, body=self.at(*fresh), variables=fresh)


def number(term: Term) -> Value:
    return Value(term)


def comprehension(sizes: Sequence[Term], body: Callable[..., Term], row: bool = False) -> Value:
    variables = tuple(Variable.fresh() for _ in sizes)
    return Value(body(*variables), variables, tuple(sizes), row)


def opened(term: Term) -> Value:
    """The value that a closed term is."""
    if not isinstance(term, Array):
        return Value(term)
    variables, sizes, (body,) = binder.open_binder(term)
    return Value(body, tuple(variables), sizes)


def summed(variable: Variable, size: Term, body: Term) -> Term:
    return binder.fold("+", variable, ONE, size, body)


def pointwise(sizes: Sizes, function: Callable[..., Term], *values: Value) -> Value:
    """A function of numbers applied entry by entry; a number among arrays goes with every entry.

    Errors: Misfit where two arrays have other shapes.
    """
    shape = max(values, key=lambda value: value.rank)
    if shape.is_number:
        return Value(function(*(value.body for value in values)))
    bodies = []
    for value in values:
        if value.is_number:
            bodies.append(value.body)
        else:
            _fit(sizes, shape, value)
            bodies.append(value.at(*shape.variables))
    rows = [value.row for value in values if not value.is_number]
    return Value(function(*bodies), shape.variables, shape.sizes, all(rows), any(value.layout for value in values))


def _fit(sizes: Sizes, first: Value, second: Value) -> None:
    if first.rank != second.rank:
        raise Misfit("arrays of different rank", first.sizes, second.sizes)
    for mine, other in zip(first.sizes, second.sizes, strict=True):
        if not sizes.unify(mine, other):
            raise Misfit("sizes differ", first.sizes, second.sizes)


def transpose(value: Value) -> Value:
    if value.rank == 2:
        return replace(value, variables=value.variables[::-1], sizes=value.sizes[::-1])
    return replace(value, row=not value.row) if value.rank == 1 else value


def product(sizes: Sizes, left: Value, right: Value) -> Value:
    """The matrix product, or a number times an array. Two columns or two rows side by side do not fit.

    Errors: Misfit.
    """
    if left.is_number or right.is_number:
        return pointwise(sizes, build.multiply, left, right)
    if left.rank == 1 and right.rank == 1:
        if left.row and not right.row:
            return dot(sizes, left, right)
        if not left.row and right.row:
            return outer(left, right)
        raise Misfit("two vectors side by side", left.sizes, right.sizes)
    if left.rank == 2 and right.rank == 1 and not right.row:
        return _contracted(sizes, left, right, keep_left=(0,), keep_right=())
    if left.rank == 1 and left.row and right.rank == 2:
        return replace(_contracted(sizes, left, right, keep_left=(), keep_right=(1,)), row=True)
    if left.rank == 2 and right.rank == 2:
        return _contracted(sizes, left, right, keep_left=(0,), keep_right=(1,))
    raise Misfit("a product of arrays that does not fit", left.sizes, right.sizes)


def _contracted(sizes: Sizes, left: Value, right: Value, keep_left: tuple[int, ...], keep_right: tuple[int, ...]) -> Value:
    """The last axis of the left value summed with the first of the right one."""
    if not sizes.unify(left.sizes[-1], right.sizes[0]):
        raise Misfit("inner sizes differ", left.sizes, right.sizes)
    right = right.renewed()
    joint = Variable.fresh()
    first = binder.replace(left.body, {left.variables[-1]: joint})
    second = binder.replace(right.body, {right.variables[0]: joint})
    body = summed(joint, left.sizes[-1], build.multiply(first, second))
    variables = tuple(left.variables[k] for k in keep_left) + tuple(right.variables[k] for k in keep_right)
    shape = tuple(left.sizes[k] for k in keep_left) + tuple(right.sizes[k] for k in keep_right)
    return Value(body, variables, shape)


def dot(sizes: Sizes, left: Value, right: Value) -> Value:
    """The inner product of two arrays of the same shape."""
    if left.rank != right.rank:
        raise Misfit("arrays of different rank", left.sizes, right.sizes)
    _fit(sizes, left, right)
    body = build.multiply(left.body, right.at(*left.variables))
    for variable, size in zip(left.variables[::-1], left.sizes[::-1], strict=True):
        body = summed(variable, size, body)
    return Value(body)


def cross(sizes: Sizes, left: Value, right: Value) -> Value:
    """The vector product of two vectors with three entries."""
    three = build.number(3)
    for value in (left, right):
        if not sizes.unify(value.sizes[0], three):
            raise Misfit("a vector product of vectors that do not have three entries", left.sizes, right.sizes)
    first, second = ([value.at(build.number(k)) for k in (1, 2, 3)] for value in (left, right))
    turns = ((1, 2), (2, 0), (0, 1))
    return listed([build.add(build.multiply(first[j], second[k]), build.negate(build.multiply(first[k], second[j]))) for j, k in turns])


def outer(left: Value, right: Value) -> Value:
    right = right.renewed()
    left = left.renewed()
    return Value(build.multiply(left.body, right.body), left.variables + right.variables, left.sizes + right.sizes)


def kronecker_product(sizes: Sizes, left: Value, right: Value) -> Value:
    """The Kronecker product of two arrays of one rank: each entry of the left one times the whole of the right one."""
    if left.rank != right.rank or left.row != right.row:
        raise Misfit("arrays of different rank", left.sizes, right.sizes)
    sizes_of = tuple(sizes.product(one, other) for one, other in zip(left.sizes, right.sizes, strict=True))

    def entry(*indices: Term) -> Term:
        places = [_digits(index, size) for index, size in zip(indices, right.sizes, strict=True)]
        return build.multiply(left.at(*(high for high, _ in places)), right.at(*(low for _, low in places)))

    return comprehension(sizes_of, entry, left.row)


def stacked_columns(sizes: Sizes, value: Value) -> Value:
    """The columns of a matrix, one below the other, as a vector."""
    height, width = value.sizes

    def entry(index: Term) -> Term:
        column, row = _digits(index, height)
        return value.at(row, column)

    return comprehension((sizes.product(width, height),), entry)


def _digits(index: Term, base: Term) -> tuple[Term, Term]:
    """The block that a place in an axis of equal blocks falls in, and the place inside the block; all counted from 1."""
    before = build.apply("floor", build.divide(build.add(index, build.MINUS_ONE), base))
    return build.add(before, ONE), build.add(index, build.negate(build.multiply(base, before)))


def trace(sizes: Sizes, value: Value) -> Value:
    if value.rank != 2 or not sizes.unify(*value.sizes):
        raise Misfit("a trace of what is no square matrix", value.sizes)
    row, column = value.variables
    return Value(summed(row, value.sizes[0], binder.replace(value.body, {column: row})))


def diagonal(sizes: Sizes, value: Value) -> Value:
    """The diagonal matrix of a vector, or the diagonal of a matrix."""
    if value.rank == 1:
        (variable,), (size,) = value.variables, value.sizes
        other = Variable.fresh()
        return Value(build.multiply(build.kronecker(variable, other), value.body), (variable, other), (size, size))
    if value.rank == 2 and sizes.unify(*value.sizes):
        row, column = value.variables
        return Value(binder.replace(value.body, {column: row}), (row,), value.sizes[:1])
    raise Misfit("a diagonal of what is neither vector nor square matrix", value.sizes)


def identity(size: Term) -> Value:
    return comprehension((size, size), build.kronecker)


def inverse(sizes: Sizes, value: Value) -> Value:
    if value.is_number:
        return Value(build.power(value.body, build.MINUS_ONE))
    if value.rank != 2 or not sizes.unify(*value.sizes):
        raise Misfit("an inverse of what is no square matrix", value.sizes)
    matrix = value.closed()
    return comprehension(value.sizes, lambda i, j: build.apply("inverse", matrix, component=(i, j)))


def matrix_power(sizes: Sizes, value: Value, exponent: Term) -> Value:
    """A power of a square matrix with a whole number for its exponent that need not be known."""
    if value.rank != 2 or not sizes.unify(*value.sizes):
        raise Misfit("a power of what is no square matrix", value.sizes)
    matrix = value.closed()
    return comprehension(value.sizes, lambda i, j: build.apply("matrix_power", matrix, component=(i, j, exponent)))


def determinant(sizes: Sizes, value: Value) -> Value:
    if value.rank != 2 or not sizes.unify(*value.sizes):
        raise Misfit("a determinant of what is no square matrix", value.sizes)
    return Value(build.apply("determinant", value.closed()))


def squared_norm(value: Value) -> Term:
    """The sum of the squares of all entries."""
    body = build.power(value.body, build.TWO)
    for variable, size in zip(value.variables[::-1], value.sizes[::-1], strict=True):
        body = summed(variable, size, body)
    return body


def folded(operation: str, value: Value) -> Term:
    """The sum, product, maximum or minimum of all entries."""
    body = value.body
    for variable, size in zip(value.variables[::-1], value.sizes[::-1], strict=True):
        body = binder.fold(operation, variable, ONE, size, body)
    return body


def listed(entries: Sequence[Term], row: bool = False) -> Value:
    """A vector with given entries."""
    variable = Variable.fresh()
    branches = [(build.relation("=", variable, build.number(k)), entry) for k, entry in enumerate(entries, 1)]
    return Value(build.cases(branches, ZERO), (variable,), (build.number(len(entries)),), row)


def gridded(rows: Sequence[Sequence[Term]]) -> Value:
    """A matrix with given entries."""
    row, column = Variable.fresh(), Variable.fresh()
    branches = [
        (build.all_of([build.relation("=", row, build.number(i)), build.relation("=", column, build.number(j))]), entry)
        for i, entries in enumerate(rows, 1)
        for j, entry in enumerate(entries, 1)
    ]
    return Value(build.cases(branches, ZERO), (row, column), (build.number(len(rows)), build.number(len(rows[0]))))


def put_in(term: Term, name: str, definition: Value, labels: tuple[Term, ...] = ()) -> Term:
    """A term with every entry of a family, or of the part of it under some labels, put in by the entry of an array."""
    before = len(labels)

    def change(at: Term, walk: Callable[[Term], Term]) -> Term | None:
        if name not in at.names:
            return at
        if isinstance(at, Symbol) and at.name == name and len(at.indices) == before + definition.rank and at.indices[:before] == labels:
            return definition.at(*map(walk, at.indices[before:]))
        return None

    return binder.rewritten(term, change)
