"""Approximations by a polynomial: what is claimed is that the two sides agree up to the polynomial's degree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from derivcheck.reading.content import number, quantity
from derivcheck.reading.expression import Bracketed, Expression, Limiting, Literal, Name, Power, Product, Quotient, Sum, is_plain, walk
from derivcheck.reading.name import is_unit
from derivcheck.source import NOWHERE

MAX_DEGREE = 12


def remainders(left: Expression, right: Expression) -> Iterator[Expression]:
    """For each variable in which the right side is a polynomial around 0: the limit of the difference over the highest power.

    It is zero exactly where the polynomial begins the left side's Taylor series.
    """
    names = dict.fromkeys(part.spelling for part in walk(right) if is_plain(part) and not is_unit(part))
    for spelling in names:
        degree = _degree(right, spelling)
        if degree:
            variable = Name(spelling, NOWHERE)
            zero = Literal(Fraction(0), NOWHERE)
            difference = Sum((("+", Bracketed(left, "(", NOWHERE)), ("-", Bracketed(right, "(", NOWHERE))), NOWHERE)
            highest = Power(variable, Literal(Fraction(degree), NOWHERE), NOWHERE)
            yield Limiting(Quotient(difference, highest, NOWHERE), variable, zero, "both", NOWHERE)


def _degree(expression: Expression, spelling: str) -> int | None:
    """The degree of a polynomial in a name; None where an expression is none."""
    match quantity(expression):
        case Literal():
            return 0
        case Name() as name:
            return int(is_plain(name) and name.spelling == spelling)
        case Power() as power:
            inner, exponent = _degree(power.body, spelling), number(power.exponent)
            if inner == 0:
                return 0 if _degree(power.exponent, spelling) == 0 else None
            if inner is None or exponent is None or exponent.denominator != 1 or not 0 <= exponent <= MAX_DEGREE:
                return None
            return inner * int(exponent)
        case Sum() as total:
            return _combined([_degree(term, spelling) for _, term in total.terms], max)
        case Product() as product:
            return _combined([_degree(factor, spelling) for factor in product.factors], sum)
        case Quotient() as quotient:
            return _degree(quotient.above, spelling) if _degree(quotient.below, spelling) == 0 else None
    return None if any(is_plain(part) and part.spelling == spelling for part in walk(expression)) else 0


def _combined(degrees: list[int | None], combine: Callable[[Iterable[int]], int]) -> int | None:
    """The degrees of some parts combined; None where one of them has none."""
    known = [degree for degree in degrees if degree is not None]
    return combine(known) if len(known) == len(degrees) else None
