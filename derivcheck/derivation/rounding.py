"""Numbers that were rounded before they were put in: the range of values that a formula of decimals may stand for."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from derivcheck.reading.content import number
from derivcheck.reading.expression import Bracketed, Call, Choice, Expression, Literal, Name, Power, Product, Quotient, Sum

Bounds = tuple[Fraction, Fraction]
MIN_DECIMALS = 2
MAX_EXPONENT = 8
_GROWING = {"log": math.log, "ln": math.log, "exp": math.exp, "sqrt": math.sqrt, "arctan": math.atan, "tanh": math.tanh}


def may_be(expression: Expression, value: float) -> bool:
    """Whether a formula of decimals, each known to half a unit of its last digit, may have a value; not where no decimal is in it."""
    found = _range(expression)
    return found is not None and found[0] < found[1] and float(found[0]) - abs(value) * 1e-12 <= value <= float(found[1]) + abs(value) * 1e-12


def may_agree(one: Expression, other: Expression) -> bool:
    """Whether two formulas of decimals may have the same value; not where no decimal is in them."""
    mine, its = _range(one), _range(other)
    if mine is None or its is None or (mine[0] == mine[1] and its[0] == its[1]):
        return False
    return mine[0] <= its[1] and its[0] <= mine[1]


def _range(expression: Expression) -> Bounds | None:
    """The least and the greatest value; None for what is not made of numbers, and for a division by what may be zero."""
    match expression:
        case Choice():
            return _range(expression.options[0][0])
        case Bracketed():
            return _range(expression.body)
        case Literal():
            half = Fraction(1, 2 * 10**expression.decimals) if expression.decimals >= MIN_DECIMALS else Fraction(0)
            return expression.value - half, expression.value + half
        case Sum():
            return _range_of_sum(expression)
        case Product():
            found: Bounds | None = (Fraction(1), Fraction(1))
            for factor in expression.factors:
                found = _times(found, _range(factor))
            return found
        case Quotient():
            below = _range(expression.below)
            if below is None or below[0] <= 0 <= below[1]:
                return None
            return _times(_range(expression.above), (1 / below[1], 1 / below[0]))
        case Power():
            return _range_of_power(expression)
        case Call(function=Name(spelling=word), arguments=(argument,), below=None) if word in _GROWING:
            return _range_of_function(_GROWING[word], _range(argument))
    return None


def _range_of_function(function: Callable[[float], float], argument: Bounds | None) -> Bounds | None:
    """The bounds of a function that grows with its argument."""
    if argument is None:
        return None
    try:
        return Fraction(function(float(argument[0]))), Fraction(function(float(argument[1])))
    except (ValueError, OverflowError):
        return None


def _range_of_sum(total: Sum) -> Bounds | None:
    low = high = Fraction(0)
    for sign, term in total.terms:
        found = _range(term)
        if found is None or sign not in "+-":
            return None
        low, high = (low + found[0], high + found[1]) if sign == "+" else (low - found[1], high - found[0])
    return low, high


def _range_of_power(power: Power) -> Bounds | None:
    exponent, found = number(power.exponent), _range(power.body)
    if isinstance(power.exponent, Quotient) and number(power.exponent.above) == 1 and number(power.exponent.below) == 2:
        return _range_of_function(math.sqrt, found)
    if found is None or exponent is None or exponent.denominator != 1 or not 0 < exponent <= MAX_EXPONENT:
        return None
    made = found
    for _ in range(int(exponent) - 1):
        product = _times(made, found)
        assert product is not None
        made = product
    return made


def _times(one: Bounds | None, other: Bounds | None) -> Bounds | None:
    if one is None or other is None:
        return None
    products = [first * second for first in one for second in other]
    return min(products), max(products)
