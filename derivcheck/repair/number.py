"""What a side that is made of numbers alone should say: a number, or a list of them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derivcheck.reading.content import bare
from derivcheck.reading.edit import literal, put, rational
from derivcheck.reading.expression import Expression, Gridded, Listed, Literal, walk
from derivcheck.repair.row import Row, close
from derivcheck.source import NOWHERE

DIGITS = 4


def value_of(value: float, decimals: int) -> tuple[Expression, bool]:
    """A number as people would write it, and whether that is exact: a whole number, a fraction, or with so many decimals."""
    exact = Fraction(value).limit_denominator(10_000)
    if abs(float(exact) - value) <= 1e-12 * max(1.0, abs(value)):
        if not decimals or exact.denominator == 1:
            return literal(exact), True
        for digits in range(1, decimals + 3):
            if (exact * 10**digits).denominator == 1:
                return literal(exact, digits), True
    digits = decimals or DIGITS
    rounded = Fraction(round(value * 10**digits), 10**digits)
    return literal(rounded, digits), False


def decimals_of(expression: Expression) -> int:
    """The most digits that a number in it has behind its point."""
    return max((part.decimals for part in walk(expression) if isinstance(part, Literal)), default=0)


def single(row: Row | None) -> float | None:
    """The one value that a row has everywhere; None where it has several, or none."""
    values = [value for entries in row or () for value in entries]
    if not values or any(len(entries) != 1 for entries in row or ()):
        return None
    return values[0] if all(close(value, values[0]) for value in values) else None


def is_listed(expression: Expression) -> bool:
    """Whether an expression is a list or a grid of numbers."""
    inner = bare(expression)
    return isinstance(inner, Listed | Gridded) and all(rational(entry) is not None for entry in _entries(inner))


def _entries(listed: Listed | Gridded) -> list[Expression]:
    return list(listed.items) if isinstance(listed, Listed) else [entry for row in listed.rows for entry in row]


def listed(expression: Listed | Gridded, want: Row | None) -> Expression | None:
    """A list or grid of numbers with the entries that it should have; None where these are no plain numbers."""
    entries = _entries(expression)
    columns = [tuple((at[place],) for at in want or () if len(at) == len(entries)) for place in range(len(entries))]
    made: Expression = replace(expression, span=NOWHERE)
    for place, (entry, column) in enumerate(zip(entries, columns, strict=True)):
        value = single(column)
        if value is None:
            return None
        known = rational(entry)
        assert known is not None
        if not close(value, float(known)):
            width = len(expression.rows[0]) if isinstance(expression, Gridded) else 0
            step = ("rows", place // width, place % width) if width else ("items", place, -1)
            made = put(made, (step,), value_of(value, decimals_of(entry))[0])
    return made
