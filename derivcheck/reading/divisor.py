"""How far a slash divides: ``y^2/2\\theta`` is read from left to right, and in doubt as one over all that is written on behind it."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.reading.expression import Expression, Literal, Name, Power, Product, Quotient, doubted
from derivcheck.reading.ones import with_ones
from derivcheck.source import NOWHERE

# One doubt for all slashes of a claim: an author has one habit.
_ABOUT = "how far a slash divides"


def joined(factors: Sequence[Expression], signs: Sequence[str]) -> Expression:
    """Factors as a product; a single one as it is."""
    if len(factors) == 1:
        return factors[0]
    return Product(with_ones(factors, signs), tuple(signs), factors[0].span.cover(factors[-1].span))


def product_in_doubt(divided: Quotient | None, factors: Sequence[Expression], signs: Sequence[str]) -> Expression:
    """The product of some factors, the first of them ``divided`` by a slash, in doubt by the letters right behind it as well.

    Behind a fraction of two numbers a letter is a divisor only where it is written close to it: ``1/2x``, but not ``1/2 x``.
    """
    plain = joined(factors, signs)
    if divided is None or len(factors) < 2 or factors[0] is not divided:
        return plain
    is_number = isinstance(divided.above, Literal) and isinstance(divided.below, Literal)
    if is_number and divided.span.end < factors[1].span.start:
        return plain
    end = 1
    while end < len(factors) and not signs[end - 1] and _is_letter(factors[end]):
        end += 1
    if end == 1:
        return plain
    below = Product((divided.below, *factors[1:end]), ("",) * (end - 1), divided.below.span.cover(factors[end - 1].span))
    whole = Quotient(divided.above, below, divided.span.cover(below.span))
    return doubted(((plain, 0), (joined((whole, *factors[end:]), signs[end - 1 :]), 2)), _ABOUT, NOWHERE)


def _is_letter(factor: Expression) -> bool:
    return isinstance(factor, Name) or (isinstance(factor, Power) and isinstance(factor.body, Name))
