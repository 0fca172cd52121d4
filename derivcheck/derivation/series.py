"""Approximations by a polynomial: what is claimed is that the two sides agree up to the polynomial's degree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from derivcheck.reading.content import bare, number, quantity
from derivcheck.reading.custom import PARTIAL_COUNTERS
from derivcheck.reading.expression import (
    Bracketed,
    Call,
    Dots,
    Expression,
    Limiting,
    Literal,
    Name,
    Power,
    Product,
    Quotient,
    Sum,
    is_plain,
    walk,
)
from derivcheck.reading.name import is_unit
from derivcheck.source import NOWHERE

MAX_DEGREE = 12
ORDERS = frozenset(("O", "o", r"\mathcal{O}", r"\mathcal{o}"))


def remainders(left: Expression, right: Expression) -> Iterator[Expression]:
    """For each variable in which the right side is a polynomial around 0: the limit of the difference over the highest power.

    It is zero exactly where the polynomial begins the left side's Taylor series.
    """
    for one in _polynomials(right):
        yield _remainder(left, one.rest, one.variable, one.exponent)


def polynomial(right: Expression) -> Order | None:
    """What a right side says that is a polynomial in one name; None where it is none, or may be one in several."""
    found = list(_polynomials(right))
    return found[0] if len(found) == 1 else None


def _polynomials(right: Expression) -> Iterator[Order]:
    told = order_of(right)
    if told is not None:
        yield told
        return
    names = dict.fromkeys(part.spelling for part in walk(right) if is_plain(part) and not is_unit(part))
    for spelling in names:
        degree = degree_in(right, spelling)
        if degree:
            yield Order(right, Name(spelling, NOWHERE), degree)


def _remainder(left: Expression, right: Expression, variable: Name, exponent: int) -> Expression:
    """The limit at 0 of a difference over a power of a variable."""
    difference = Sum((("+", Bracketed(left, "(", NOWHERE)), ("-", Bracketed(right, "(", NOWHERE))), NOWHERE)
    power = Power(variable, Literal(Fraction(exponent), NOWHERE), NOWHERE)
    return Limiting(Quotient(difference, power, NOWHERE), variable, Literal(Fraction(0), NOWHERE), "both", NOWHERE)


@dataclass(frozen=True, slots=True)
class Order:
    """A sum without the term that only says how small it is, and the power of a variable that the left-out part is smaller than."""

    rest: Expression
    variable: Name
    exponent: int


def order_of(right: Expression) -> Order | None:
    r"""What ``1 + x + O(x^2)`` and ``1 + x + o(x)`` say; None for anything else. What is of an order of an analytic
    function is smaller than the power before it.
    """
    if not isinstance(right, Sum) or len(right.terms) < 2:
        return None
    sign, term = right.terms[-1]
    letter, inside = _applied(term)
    variable, exponent = (inside.body, number(inside.exponent)) if isinstance(inside, Power) else (inside, Fraction(1))
    if letter is None or sign != "+" or not isinstance(variable, Name) or not is_plain(variable) or exponent is None or exponent.denominator != 1:
        return None
    if variable.spelling in PARTIAL_COUNTERS or variable.spelling.isupper():
        return None  # what counts grows without bound
    power = int(exponent) - (letter == "O")
    rest = Sum(right.terms[:-1], right.span)
    return Order(rest, variable, power) if 0 <= power <= MAX_DEGREE else None


def begun_by(right: Expression) -> Expression | None:
    r"""The polynomial that an open-ended expansion begins with, ``1 + x + \frac{x^2}{2} + \dots``; None for anything else."""
    if isinstance(right, Sum) and len(right.terms) > 2 and isinstance(right.terms[-1][1], Dots):
        return Sum(right.terms[:-1], right.span)
    return None


def _applied(term: Expression) -> tuple[str | None, Expression | None]:
    """The letter O or o and what stands in the brackets behind it."""
    term = bare(term)
    if isinstance(term, Call) and len(term.arguments) == 1:
        head, inside = term.function, term.arguments[0]
    elif isinstance(term, Product) and len(term.factors) == 2 and isinstance(term.factors[1], Bracketed):
        head, inside = term.factors[0], term.factors[1].body
    else:
        return None, None
    letter = head.spelling if isinstance(head, Name) else ""
    return (letter if letter in ("o", r"\mathcal{o}") else "O", inside) if letter in ORDERS else (None, None)


def degree_in(expression: Expression, spelling: str) -> int | None:
    """The degree of a polynomial in a name; None where an expression is none."""
    match quantity(expression):
        case Literal():
            return 0
        case Name() as name:
            return int(is_plain(name) and name.spelling == spelling)
        case Power() as power:
            inner, exponent = degree_in(power.body, spelling), number(power.exponent)
            if inner == 0:
                return 0 if degree_in(power.exponent, spelling) == 0 else None
            if inner is None or exponent is None or exponent.denominator != 1 or not 0 <= exponent <= MAX_DEGREE:
                return None
            return inner * int(exponent)
        case Sum() as total:
            return _combined([degree_in(term, spelling) for _, term in total.terms], max)
        case Product() as product:
            return _combined([degree_in(factor, spelling) for factor in product.factors], sum)
        case Quotient() as quotient:
            return degree_in(quotient.above, spelling) if degree_in(quotient.below, spelling) == 0 else None
    return None if any(is_plain(part) and part.spelling == spelling for part in walk(expression)) else 0


def _combined(degrees: list[int | None], combine: Callable[[Iterable[int]], int]) -> int | None:
    """The degrees of some parts combined; None where one of them has none."""
    known = [degree for degree in degrees if degree is not None]
    return combine(known) if len(known) == len(degrees) else None
