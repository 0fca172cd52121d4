"""How far indices run: the sizes of axes, and the letters that are sizes, as far as a document tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from derivcheck.derivation.domain import symbol_of
from derivcheck.derivation.outline import Line, members_of
from derivcheck.derivation.shape import said_shapes
from derivcheck.elaboration.book import Scope, is_around
from derivcheck.elaboration.declaration import declarations, size_names
from derivcheck.elaboration.rank import Ranks
from derivcheck.reading.content import names_of, number
from derivcheck.reading.custom import RUNNING
from derivcheck.reading.expression import (
    Binder,
    Bracketed,
    Call,
    Dots,
    Entry,
    Expression,
    Gridded,
    Listed,
    Literal,
    Name,
    Power,
    Product,
    Quotient,
    Sum,
    Transpose,
    children,
    is_plain,
    walk,
)

Membership = tuple[Expression, Expression]


def memberships(lines: Sequence[Line]) -> list[Membership]:
    """What is said to lie in which set, by a sign or in words."""
    used: dict[Scope, set[tuple[str, int]]] = {}
    for line in lines:
        shown = used.setdefault(line.scope, set())
        shown |= {(part.spelling, len(part.indices)) for member in members_of([line]) for part in walk(member) if isinstance(part, Name)}
    said = [line for line in lines if line.statement.membership == r"\in" and len(line.members) == 2 and None not in line.members]
    by_sign = [(line.members[0], _as_vectors(line.members[0], line.members[1], used[line.scope])) for line in said]  # type: ignore[arg-type]
    return [*by_sign, *said_shapes(lines)]  # type: ignore[list-item]


def _as_vectors(left: Expression, right: Expression, used: Set[tuple[str, int]]) -> Expression:
    r"""The set of vectors in place of that of rows or columns, for a name whose entries have one index: ``z \in R^{1 \times n}`` with z_i."""
    sizes = right.exponent.factors if isinstance(right, Power) and isinstance(right.exponent, Product) else ()
    names = left.items if isinstance(left, Listed) else (left,)
    long = [size for size in sizes if number(size) != 1]
    if len(sizes) != 2 or len(long) != 1 or not all(is_plain(name) for name in names):
        return right
    shown = [(name.spelling, count) in used for name in names for count in (1, 2)]  # type: ignore[union-attr]
    return replace(right, exponent=long[0]) if any(shown[::2]) and not any(shown[1::2]) else right


def undisputed(lines: Sequence[Line], scope: Scope) -> list[Line]:
    """Lines without those of sections beside a scope that declare what is declared anew around it: their shapes are of another setting."""
    beside = {line.scope for line in lines if not is_around(line.scope, scope)}
    declared = {one: _declared([line for line in lines if line.scope == one]) for one in beside}
    own = _declared([line for line in lines if line.scope not in beside])
    return [line for line in lines if line.scope not in beside or not declared[line.scope] & own]


def _declared(lines: Sequence[Line]) -> set[str]:
    """The names whose shapes some lines declare."""
    return {one.name.spelling for left, right in memberships(lines) for one in declarations(left, right) if one.sizes is not None}


def size_letters(lines: Sequence[Line], said: Iterable[Membership], expressions: Sequence[Expression]) -> frozenset[str]:
    """Letters that are sizes: upper bounds of sums from 1, exponents of R, ends of ranges."""
    found: set[str] = set()
    for _, right in said:
        found |= size_names(right)
    for expression in expressions:
        for part in walk(expression):
            if isinstance(part, Binder) and is_plain(part.upper) and _starts_at_one(part.lower):
                found.add(part.upper.spelling)
            if isinstance(part, Listed | Gridded | Product | Sum | Call):
                found |= {index.spelling for index in _last_name(part).indices if is_plain(index)}
    for line in lines:
        for member in line.members:
            items = member.items if isinstance(member, Listed) else ()
            if len(items) >= 2 and isinstance(items[-2], Dots) and is_plain(items[-1]):
                found.add(items[-1].spelling)
    return frozenset(found) - RUNNING


def averaged(expressions: Sequence[Expression]) -> dict[str, str]:
    """For the letters of sums without bounds the letter of their number of terms: N for i in ``\\frac{1}{N} \\sum_i x_i``."""
    found: dict[str, str] = {}
    for expression in expressions:
        for part in walk(expression):
            factors = part.factors if isinstance(part, Product) else ()
            for first, second in pairwise(factors):
                is_share = isinstance(first, Quotient) and isinstance(first.above, Literal) and first.above.value == 1 and is_plain(first.below)
                if is_share and isinstance(second, Binder) and second.operation == "+" and second.upper is None and second.condition is None:
                    found |= {variable.spelling: first.below.spelling for variable in second.variables if len(second.variables) == 1}
    return found


def index_letters(lines: Sequence[Line], expressions: Sequence[Expression]) -> frozenset[str]:
    """Letters that stand below or above a name, or that a sum binds, or that run through numbers."""
    found: set[str] = set()
    for expression in expressions:
        for part in walk(expression):
            if isinstance(part, Name):
                found |= names_of(*part.indices, *part.samples)
            elif isinstance(part, Entry):
                found |= names_of(*part.indices)
            elif isinstance(part, Binder):
                found |= {variable.spelling for variable in part.variables}
    for line in lines:
        first = line.members[0] if len(line.members) == 2 else None
        if is_plain(first) and isinstance(line.members[1], Listed) and _is_range(line.members[1]):
            found.add(first.spelling)
    return frozenset(found)


def _is_range(numbers: Listed) -> bool:
    r"""Whether a list is what an index runs through: ``1, 2`` or ``\{1, \dots, n\}``, not the set ``\{0, 1\}`` of a value or a vector."""
    return not numbers.opening or (numbers.opening == r"\{" and any(isinstance(item, Dots) for item in numbers.items))


def counted_from_zero(lines: Sequence[Line]) -> frozenset[str]:
    """Vectors written out whose entries have the numbers from 0 on: x = (2, 3) beside x_0 and x_1."""
    lengths: dict[str, int] = {}
    used: dict[str, set[int]] = {}
    for line in lines:
        if len(line.members) == 2 and is_plain(line.members[0]) and isinstance(line.members[1], Listed):
            items = line.members[1].items
            lengths[line.members[0].spelling] = 0 if any(isinstance(item, Dots) for item in items) else len(items)
        for member in line.members:
            for part in walk(member) if member is not None else ():
                if isinstance(part, Name) and len(part.indices) == 1 and isinstance(part.indices[0], Literal):
                    used.setdefault(part.spelling, set()).add(int(part.indices[0].value))
    return frozenset(name for name, length in lengths.items() if length and used.get(name) and 0 in used[name] and max(used[name]) < length)


def _starts_at_one(lower: Expression | None) -> bool:
    return lower is None or (isinstance(lower, Literal) and lower.value in (0, 1))


def _last_name(part: Listed | Gridded | Product | Sum | Call) -> Name:
    """The last member of what is written out with dots: x_n in (x_1, ..., x_n) and in x_1 + ... + x_n. A name without
    indices where there is none.
    """
    match part:
        case Listed():
            cells = part.items
        case Call():
            cells = part.arguments
        case Gridded():
            cells = tuple(cell for row in part.rows for cell in row)
        case Product():
            cells = part.factors
        case _:
            cells = tuple(term for _, term in part.terms)
    if any(isinstance(cell, Dots) for cell in cells) and isinstance(cells[-1], Name):
        return cells[-1]
    return Name("", part.span)


def axes(
    lines: Sequence[Line], said: Iterable[Membership], expressions: Sequence[Expression], ranks: Ranks
) -> dict[tuple, Expression]:
    """The sizes of axes that the document states: by membership, by the bounds of sums over an index, by vectors written out.

    They go by the name, the number of axes and the place among these, and the numbers that tell arrays of one letter apart.
    """
    found: dict[tuple, Expression] = {}
    for left, right in said:
        for declared in declarations(left, right):
            before = len(declared.name.indices)
            labels = (*declared.name.samples, *declared.name.indices)
            numbers = tuple(label.value for label in labels if isinstance(label, Literal))
            for place, size in enumerate(declared.sizes or ()):
                if numbers and len(numbers) == len(labels):
                    total = len(labels) + len(declared.sizes or ())
                    found.setdefault((symbol_of(declared.name), total, len(labels) + place, *numbers), size)
                    continue
                found.setdefault((symbol_of(declared.name), before + len(declared.sizes or ()), before + place), size)
                if declared.name.samples:
                    found.setdefault((declared.name.spelling, before + len(declared.sizes or ()), before + place), size)
    for line in lines:
        _written_out(line, found)
    for expression in expressions:
        _from_sums(expression, {}, ranks, found)
        for part in walk(expression):
            if isinstance(part, Product | Sum | Listed | Call) and len(_last_name(part).indices) == 1 and is_plain(_last_name(part).indices[0]):
                found.setdefault((symbol_of(_last_name(part)), 1, 0), _last_name(part).indices[0])
    return found


def _written_out(line: Line, found: dict[tuple, Expression]) -> None:
    """``x = (x_1, \\dots, x_n)`` and ``x = (2, 3)``: the vector's size."""
    if len(line.members) < 2 or not isinstance(line.members[0], Name) or line.members[0].indices:
        return
    name, right = line.members[0], line.members[1]
    while isinstance(right, Transpose | Bracketed):
        right = right.body
    cells: tuple[Expression, ...] = ()
    if isinstance(right, Listed):
        cells = right.items
    elif isinstance(right, Gridded) and (len(right.rows) == 1 or all(len(row) == 1 for row in right.rows)):
        cells = tuple(cell for row in right.rows for cell in row)
    if not cells:
        return
    last = cells[-1]
    if any(isinstance(cell, Dots) for cell in cells):
        if isinstance(last, Name) and last.indices and is_plain(last.indices[-1]) and not isinstance(cells[0], Literal):
            found.setdefault((name.spelling, 1, 0), last.indices[-1])
    else:
        found.setdefault((name.spelling, 1, 0), Literal(Fraction(len(cells)), right.span))


def _from_sums(expression: Expression, bounds: dict[str, Expression], ranks: Ranks, found: dict[tuple, Expression]) -> None:
    """Indices of sums with an upper bound say how long the axes are on which they stand."""
    if isinstance(expression, Binder):
        inner = dict(bounds)
        for variable in expression.variables:
            inner.pop(variable.spelling, None)
            if is_plain(expression.upper) and isinstance(expression.lower, Literal) and expression.lower.value == 1:
                inner[variable.spelling] = expression.upper
        bounds = inner
    if isinstance(expression, Name) and bounds:
        _name_axes(expression, bounds, ranks, found)
    for child in children(expression):
        _from_sums(child, bounds, ranks, found)


def _name_axes(name: Name, bounds: dict[str, Expression], ranks: Ranks, found: dict[tuple, Expression]) -> None:
    """The axes on which a name's indices stand; where the name with them is an array, what has no more indices than that is something else."""
    places = (*name.samples, *name.indices)
    rank = ranks.of(name.spelling, len(name.indices))
    for extra in range(1 if rank and not name.samples else 0, 3):
        for place, index in enumerate(places):
            if isinstance(index, Name) and not index.indices and index.spelling in bounds:
                found.setdefault((symbol_of(name), len(places) + extra, place), bounds[index.spelling])


def sampled(expressions: Sequence[Expression]) -> frozenset[str]:
    """The families whose members are told apart by letters as samples are: ``x^{(i)}``."""
    return frozenset(
        part.spelling
        for expression in expressions
        for part in walk(expression)
        if isinstance(part, Name) and part.samples and all(isinstance(sample, Name) for sample in part.samples)
    )
