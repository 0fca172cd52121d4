"""Rows: the values of an expression at shared points, one tuple for each point, an entry for each entry of an array.

A value that is beyond simple evaluation is None. Rows are compared, combined and solved for entry by entry.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from derivcheck.reading.expression import Expression, Power, Product, Quotient, Sum

Row = tuple[tuple[float | None, ...], ...]

CLOSE = 1e-8


def lead(row: Row) -> float:
    """The first value of a row."""
    return next((value for entries in row for value in entries if value is not None), 0.0)


def has_values(row: Row) -> bool:
    return any(value is not None for entries in row for value in entries)


def is_scalar(row: Row) -> bool:
    return all(len(entries) == 1 for entries in row)


def alike(first: Row, second: Row) -> bool:
    """Whether a row agrees with another one wherever both have values, which must be most places where the second has one.

    A number among arrays goes with every entry.
    """
    if len(first) != len(second):
        return False
    known = wanted = 0
    for one, other in zip(first, second, strict=True):
        pair = _spread(one, other)
        if pair is None:
            return False
        for mine, its in zip(*pair, strict=True):
            wanted += its is not None
            if mine is not None and its is not None:
                known += 1
                if not close(mine, its):
                    return False
    return known > 0 and 3 * known >= 2 * wanted


def _spread(one: tuple, other: tuple) -> tuple[tuple, tuple] | None:
    if len(one) == len(other):
        return one, other
    if len(one) == 1:
        return one * len(other), other
    return (one, other * len(one)) if len(other) == 1 else None


def close(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= CLOSE * (1 + max(abs(one), abs(other)))


def mapped(function: Callable[..., float], *rows: Row | None) -> Row | None:
    """A function applied value by value; where it has no value there is none. None where the rows do not go together."""
    made = []
    if any(row is None for row in rows):
        return None
    for entries in zip(*rows, strict=True):
        width = max(map(len, entries))
        if any(len(part) not in (1, width) for part in entries):
            return None
        spread = [part * width if len(part) == 1 else part for part in entries]
        made.append(tuple(_applied(function, values) for values in zip(*spread, strict=True)))
    return tuple(made)


def _applied(function: Callable[..., float], values: Sequence[float | None]) -> float | None:
    if any(value is None for value in values):
        return None
    try:
        found = function(*values)
    except (ArithmeticError, ValueError):
        return None
    return found if isinstance(found, float | int) and math.isfinite(found) else None


def constant(row: Row | None) -> Fraction | None:
    """The small rational number that a row is everywhere; None where it is none."""
    values = [value for entries in row or () for value in entries if value is not None]
    if not values or any(not close(value, values[0]) for value in values):
        return None
    found = Fraction(values[0]).limit_denominator(1000)
    return found if abs(float(found) - values[0]) <= 1e-9 * (1 + abs(values[0])) else None


def composed(expression: Expression, rows: Sequence[Row]) -> Row | None:
    """The row of plain arithmetic from the rows of its parts, entry by entry."""
    match expression:
        case Sum():
            signs = [-1.0 if sign == "-" else 1.0 for sign, _ in expression.terms]
            return mapped(lambda *values: math.fsum(sign * value for sign, value in zip(signs, values, strict=True)), *rows)
        case Product():
            return mapped(lambda *values: math.prod(values), *rows)
        case Quotient():
            return mapped(lambda above, below: above / below, *rows)
        case Power():
            return mapped(_power, *rows)
    return None


def _power(base: float, exponent: float) -> float:
    if base < 0 and exponent != round(exponent):
        raise ValueError
    return base**exponent


def needed_part(expression: Expression, rows: Sequence[Row], place: int, want: Row) -> Row | None:
    """The row that a part would need for plain arithmetic to give what is wanted."""
    others = [row for k, row in enumerate(rows) if k != place]
    match expression:
        case Sum():
            signs = [-1.0 if sign == "-" else 1.0 for sign, _ in expression.terms]
            rest = [sign for k, sign in enumerate(signs) if k != place]
            return mapped(
                lambda goal, *values: signs[place] * (goal - math.fsum(sign * value for sign, value in zip(rest, values, strict=True))), want, *others
            )
        case Product():
            return mapped(lambda goal, *values: goal / math.prod(values), want, *others)
        case Quotient() if place == 0:
            return mapped(lambda goal, below: goal * below, want, *others)
        case Quotient():
            return mapped(lambda goal, above: above / goal, want, *others)
        case Power() if place == 0:
            return mapped(_root, want, rows[1], rows[0])
        case Power():
            return mapped(lambda goal, base: math.log(goal) / math.log(base), want, rows[0])
    return None


def _root(goal: float, exponent: float, base: float) -> float:
    """The number whose power is wanted, of the sign that the base has where both would do."""
    if exponent == round(exponent) and round(exponent) % 2:
        return math.copysign(abs(goal) ** (1 / exponent), goal)
    return math.copysign(goal ** (1 / exponent), base) if goal > 0 else goal ** (1 / exponent)


INVERSES: dict[str, Callable[[float], float]] = {
    "exp": math.log,
    "log": math.exp,
    "ln": math.exp,
    "tanh": math.atanh,
    "sin": math.asin,
    "sqrt": lambda goal: goal * goal,
    "sigmoid": lambda goal: math.log(goal / (1 - goal)),
    r"\sigma": lambda goal: math.log(goal / (1 - goal)),
}
