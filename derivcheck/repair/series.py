"""Approximations by a polynomial: which coefficient of it is not that of the Taylor series."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from derivcheck.derivation.series import degree_in, polynomial
from derivcheck.reading.expression import Expression, Name, Sum
from derivcheck.repair.bench import Bench
from derivcheck.repair.fingerprint import Beyond, Point

STEPS = tuple(Fraction(2, 5 * 2**k) for k in range(6))
ENOUGH = 1e-4
MAX_NUMBER = 5040


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A term of a polynomial and the number by which it has to be multiplied."""

    place: int
    term: Expression
    scale: Fraction


def slips(bench: Bench) -> Iterator[Coefficient]:
    """The terms of which one alone may be wrong, each with what mends it."""
    found = polynomial(bench.step.right)
    if found is None or not isinstance(found.rest, Sum):
        return
    left, right = (bench.step.reread.value(side) for side in (bench.step.left, found.rest))
    if left is None or right is None or not (left.is_number and right.is_number):
        return
    for place, (sign, term) in enumerate(found.rest.terms):
        power, value = degree_in(term, found.variable.spelling), bench.step.reread.value(term)
        if power is None or value is None or not value.is_number:
            continue
        try:
            missing = _at_zero([(_at(left.body, found.variable, x) - _at(right.body, found.variable, x)) / float(x) ** power for x in STEPS])
            scale = 1 + (1 if sign == "+" else -1) * missing / _at_zero([_at(value.body, found.variable, x) / float(x) ** power for x in STEPS])
        except (Beyond, ZeroDivisionError):
            continue
        exact = Fraction(scale).limit_denominator(MAX_NUMBER)
        if exact not in (0, 1) and abs(exact.numerator * exact.denominator) <= MAX_NUMBER and abs(float(exact) - scale) <= ENOUGH:
            yield Coefficient(place, term, exact)


def _at(body: object, variable: Name, x: Fraction) -> float:
    return Point(2, 1, 0.2, 0.9, known={variable.spelling: x}).value(body)  # type: ignore[arg-type]


def _at_zero(values: list[float]) -> float:
    """The value at 0 of what has these values at points each half as far away. Source: Neville's scheme, Stoer and Bulirsch, section 2.1.2."""
    for width in range(1, len(values)):
        values = [(2**width * values[k + 1] - values[k]) / (2**width - 1) for k in range(len(values) - 1)]
    return values[0]
