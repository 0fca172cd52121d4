"""Matrices that are written out, with dots or without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from derivcheck.elaboration.block import assembled
from derivcheck.elaboration.ellipsis import SLOT, pattern_of, vector
from derivcheck.elaboration.same import common, same
from derivcheck.notation import Surroundings, Unreadable
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import KINDS, Dots, Expression, Gridded, Literal, Name, Phrase
from derivcheck.source import Span
from derivcheck.term import build
from derivcheck.term.term import Symbol, Variable
from derivcheck.term.value import Value, gridded, listed, transpose

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator

_ROW, _COLUMN = "~row", "~column"


def gridded_value(elaborator: Elaborator, expression: Gridded, around: Surroundings) -> Value:
    """A matrix; one column is a vector, one row a vector lying down."""
    rows = [list(row) for row in expression.rows]
    width = max(len(row) for row in rows)
    if width == 1:
        return vector(elaborator, [row[0] for row in rows if row], expression.span, around)
    if len(rows) == 1:
        if not any(isinstance(cell, Dots) for cell in rows[0]):
            return _from_cells(elaborator, rows, around)
        value = vector(elaborator, rows[0], expression.span, around)
        return value if value.rank == 2 else replace(value, row=True)
    if any(isinstance(cell, Dots) for row in rows for cell in row):
        return _dotted_matrix(elaborator, rows, expression.span, around)
    if any(len(row) != width for row in rows):
        raise Unreadable(expression.span, "rows of the same length", "rows of different lengths")
    return _from_cells(elaborator, rows, around)


def _from_cells(elaborator: Elaborator, rows: Sequence[Sequence[Expression]], around: Surroundings) -> Value:
    """A matrix whose entries are written, numbers or blocks."""
    cells = [[_cell(elaborator, cell, around) for cell in row] for row in rows]
    if any(not cell.is_number for row in cells for cell in row):
        return assembled(elaborator.sizes, cells)
    entries = [[cell.body for cell in row] for row in cells]
    return gridded(entries) if len(rows) > 1 else listed(entries[0], row=True)


def _cell(elaborator: Elaborator, cell: Expression, around: Surroundings) -> Value:
    if isinstance(cell, Phrase) and not cell.text:
        return Value(build.ZERO)
    return elaborator.value(cell, around)


def _dotted_matrix(elaborator: Elaborator, rows: list[list[Expression]], span: Span, around: Surroundings) -> Value:
    """A matrix of symbolic size: from its corners, which tell which index counts rows and which columns; from its diagonal and what
    stands beside it; or column by column or row by row.
    """
    if _is_diagonal(rows):
        return _diagonal(elaborator, rows, span, around)
    full = [row for row in rows if not all(isinstance(cell, Dots | Phrase) for cell in row)]
    corners = (full[0][0], full[0][-1], full[-1][0], full[-1][-1])
    for general, height, width, on_diagonal in (_corner_pattern(*corners), _crossed_pattern(*corners)):
        if general is not None and height is not None and width is not None and (on_diagonal is None or _is_crossed(rows, general, on_diagonal)):
            return _of_entries(elaborator, general, height, width, on_diagonal, around)
    if not any(isinstance(cell, Dots) for row in full for cell in row):
        return _side_by_side(elaborator, [list(column) for column in zip(*rows, strict=True)], span, around)
    columns = [[row[place] for row in full] for place in range(len(full[0]))] if len({len(row) for row in full}) == 1 else []
    if full == rows and columns and not any(isinstance(cell, Dots) for column in columns for cell in column if not all(isinstance(one, Dots) for one in column)):
        return transpose(_side_by_side(elaborator, rows, span, around))
    raise Unreadable(span, "a matrix whose general entry can be told", "corners without a pattern")


def _of_entries(elaborator: Elaborator, general: Expression, height: Expression, width: Expression, on_diagonal: Expression | None, around: Surroundings) -> Value:
    """A matrix by its general entry and, where that is another one, the general entry of its diagonal."""
    sizes = (elaborator.number(height, around), elaborator.number(width, around))
    row, column = (elaborator.bind(name, size if isinstance(size, Symbol) else None) for name, size in zip((_ROW, _COLUMN), sizes, strict=True))
    body = elaborator.number(general, around.binding({_ROW: row, _COLUMN: column}))
    if on_diagonal is not None:
        there = elaborator.number(on_diagonal, around.binding({SLOT: row}))
        body = build.cases([(build.relation("=", row, column), there)], body)
    return Value(body, (row, column), sizes)


def _side_by_side(elaborator: Elaborator, columns: Sequence[list[Expression]], span: Span, around: Surroundings) -> Value:
    """Dotted columns beside each other. Errors: Unreadable where one of them is no vector."""
    values = [vector(elaborator, column, span, around) for column in columns]
    first = values[0]
    if any(value.rank != 1 or not elaborator.sizes.unify(first.sizes[0], value.sizes[0]) for value in values):
        raise Unreadable(span, "columns of one length", "columns that do not fit")
    place = Variable.fresh()
    branches = [(build.relation("=", place, build.number(k)), value.at(*first.variables)) for k, value in enumerate(values, 1)]
    return Value(build.cases(branches, build.ZERO), (*first.variables, place), (*first.sizes, build.number(len(values))))


def _is_diagonal(rows: list[list[Expression]]) -> bool:
    corner = rows[0][-1]
    return isinstance(corner, Phrase) or (isinstance(corner, Literal) and corner.value == 0 and not isinstance(rows[0][0], Literal))


def _diagonal(elaborator: Elaborator, rows: list[list[Expression]], span: Span, around: Surroundings) -> Value:
    entries = [cell for row in rows for cell in row if not isinstance(cell, Phrase) and not (isinstance(cell, Literal) and cell.value == 0)]
    plain = [cell for cell in entries if not isinstance(cell, Dots)]
    if plain and all(same(plain[0], cell) for cell in plain):
        size = elaborator.sizes.fresh()
        entry = elaborator.number(plain[0], around)
        row, column = Variable.fresh(), Variable.fresh()
        return Value(build.multiply(build.kronecker(row, column), entry), (row, column), (size, size))
    value = vector(elaborator, _without_repeats(entries), span, around)
    row, column = value.variables[0], Variable.fresh()
    return Value(build.multiply(build.kronecker(row, column), value.body), (row, column), (value.sizes[0], value.sizes[0]))


def _without_repeats(entries: list[Expression]) -> list[Expression]:
    return [cell for k, cell in enumerate(entries) if not (isinstance(cell, Dots) and k and isinstance(entries[k - 1], Dots))]


Corners = tuple[Expression | None, Expression | None, Expression | None, Expression | None]
_NO_PATTERN: Corners = (None, None, None, None)


def _corner_pattern(upper_left: Expression, upper_right: Expression, lower_left: Expression, lower_right: Expression) -> Corners:
    """The general entry of a matrix from its corners, its height and its width."""
    upper_left = _apart(upper_left, count())
    across = _slots(upper_left, upper_right)
    down = _slots(upper_left, lower_left)
    if across is None or down is None:
        return _NO_PATTERN
    general, places = _marked(upper_left, lower_right, set(across), set(down))
    if general is None or places is None:
        return _NO_PATTERN
    return general, next(iter(down.values()), None), next(iter(across.values()), None), None


def _crossed_pattern(upper_left: Expression, upper_right: Expression, lower_left: Expression, lower_right: Expression) -> Corners:
    """The general entry beside the diagonal of a square matrix from two of its corners, its size twice, and that on the diagonal from the others."""
    diagonal = pattern_of([upper_left, Dots(upper_left.span), lower_right])
    if diagonal is None or diagonal.last is None or diagonal.first != 1:
        return _NO_PATTERN
    last = diagonal.last

    def differ(mine: Expression, his: Expression) -> Expression | None:
        for one, other, mark in ((mine, his, _ROW), (his, mine, _COLUMN)):
            if isinstance(one, Literal) and one.value == 1 and same(other, last):
                return Name(mark, mine.span)
        return None

    general = common(upper_right, lower_left, differ)
    used = names_of(general) if general is not None else frozenset()
    return (general, last, last, diagonal.general) if {_ROW, _COLUMN} <= used else _NO_PATTERN


def _is_crossed(rows: Sequence[Sequence[Expression]], general: Expression, on_diagonal: Expression) -> bool:
    """Whether the entries before the dots are what the patterns beside the diagonal and on it say."""
    before = [[cell for cell in row[: next((k for k, cell in enumerate(row) if isinstance(cell, Dots)), 0)]] for row in rows]
    dotted = next((k for k, row in enumerate(rows) if isinstance(row[0], Dots)), len(rows))
    return all(
        _is_entry(on_diagonal if row == column else general, cell, row, column)
        for row, cells in enumerate(before[:dotted], 1)
        for column, cell in enumerate(cells, 1)
        if not isinstance(cell, Phrase)
    )


def _is_entry(general: Expression, cell: Expression, row: int, column: int) -> bool:
    places = {_ROW: row, _COLUMN: column, SLOT: row}

    def differ(mine: Expression, his: Expression) -> Expression | None:
        place = places.get(mine.spelling) if isinstance(mine, Name) else None
        return his if place is not None and isinstance(his, Literal) and his.value == place else None

    return common(general, cell, differ) is not None


def _apart(expression: Expression, places: Iterator[int]) -> Expression:
    r"""An expression whose numbers all have places of their own: those of both x_1 of ``\partial x_1^2`` are read off one place."""
    if isinstance(expression, Literal):
        place = next(places)
        return replace(expression, span=Span(place, place))
    changed: dict[str, Expression | tuple[object, ...]] = {}
    for slot in expression.__slots__:
        part = getattr(expression, slot)
        if type(part) in KINDS:
            changed[slot] = _apart(part, places)
        elif isinstance(part, tuple) and any(type(one) in KINDS for one in part):
            changed[slot] = tuple(_apart(one, places) if type(one) in KINDS else one for one in part)
    return replace(expression, **changed) if changed else expression


def _slots(one: Expression, other: Expression) -> dict[int, Expression] | None:
    """The places of number literals where the other expression has something else."""
    found: dict[int, Expression] = {}

    def differ(mine: Expression, his: Expression) -> Expression | None:
        if isinstance(mine, Literal) and isinstance(his, Name | Literal):
            found[mine.span.start] = his
            return his
        return None

    if common(one, other, differ) is None or not found:
        return None
    values = list(found.values())
    return found if all(same(value, values[0]) for value in values) else None


def _marked(one: Expression, other: Expression, across: set[int], down: set[int]) -> tuple[Expression | None, bool | None]:
    """The first corner with row and column marks at the places where it differs from the opposite one."""

    def differ(mine: Expression, his: Expression) -> Expression | None:
        if not isinstance(mine, Literal):
            return None
        key = mine.span.start
        if key in down and key in across:
            return None
        return Name(_ROW if key in down else _COLUMN, mine.span) if key in down or key in across else None

    return common(one, other, differ), True
