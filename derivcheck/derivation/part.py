"""A name that takes the place of a part of an expression: it is then a name for that part."""

from __future__ import annotations

from collections.abc import Callable

from derivcheck.derivation.definable import is_numeric
from derivcheck.elaboration.same import common
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import Binder, Bracketed, Expression, Gridded, Literal, Name, is_plain, walk


def named_part(left: Expression | None, right: Expression, is_new: Callable[[Name], bool]) -> tuple[Expression, Name] | None:
    """What a name in a right side stands for, with that name, where it is all that tells the side from a left one: a matrix or number, or more than
    a name, for a name that ``is_new``; None where nothing is of that kind.
    """
    if left is None or is_numeric(left):
        return None
    bound = _bound_in(left)
    found: list[tuple[Expression, Name]] = []

    def differ(mine: Expression, other: Expression) -> Expression | None:
        if not is_plain(other):
            return None
        is_value = isinstance(mine, Gridded | Bracketed) and is_numeric(mine)
        is_compound = not isinstance(mine, Name | Literal) and mine is not left and not is_numeric(mine) and is_new(other)
        if is_value or (is_compound and not (names_of(mine) - _bound_in(mine)) & bound):
            found.append((mine, other))
            return mine
        return None

    if common(left, right, differ) is None or len(found) != 1 or found[0][1].spelling in names_of(left):
        return None
    return found[0]


def _bound_in(expression: Expression) -> frozenset[str]:
    """The letters that run in an expression."""
    return frozenset(variable.spelling for part in walk(expression) if isinstance(part, Binder) for variable in part.variables)
