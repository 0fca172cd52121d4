r"""Numbers alone are wrong: a sum, a product or a fraction of numbers that comes to something else.

Holds: $3 \cdot 14 + 2 = 44$. Does not: $3 \cdot 14 + 2 = 48$.

Confirmed by exact arithmetic; a decimal number is right if it agrees in the digits that are shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.edit import everywhere, literal, put, rational
from derivcheck.reading.expression import Expression, Literal, Sum
from derivcheck.reading.plain import shown_number
from derivcheck.reading.writer import number_text
from derivcheck.repair.site import Site
from derivcheck.source import NOWHERE

DIGITS = 4


def propose(bench: Workbench) -> Iterator[Repair]:
    for site in bench.sites:
        if site.want is None:
            continue
        if bench.is_numeric and site.role == "whole":
            if bench.is_arithmetic:
                yield from _value(bench, site)
        elif isinstance(site.expression, Literal) and (site.role == "term" or (bench.is_numeric and bench.is_arithmetic)):
            yield from _other_number(bench, site)


def _value(bench: Workbench, site: Site) -> Iterator[Repair]:
    """The number that the left side comes to."""
    values = [value for entries in site.want or () for value in entries]
    if len(set(map(len, site.want or ()))) != 1 or len(site.want[0]) != 1 or values[0] is None:  # type: ignore[index]
        return
    new, is_exact = value_of(values[0], _decimals(bench.step.right))
    turned = rational(new) is not None and rational(site.expression) == -rational(new)
    cost = 1.2 if turned else 0.9 if rational(site.expression) is not None else 1.15
    yield Repair(new, cost, f"the value is {bench.shown(new)}, not {bench.shown(site.expression)}", bench.focus(site.expression), True, not is_exact)


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


def _decimals(expression: Expression) -> int:
    return max((part.expression.decimals for part in everywhere(expression) if isinstance(part.expression, Literal)), default=0)


def _other_number(bench: Workbench, site: Site) -> Iterator[Repair]:
    assert isinstance(site.expression, Literal)
    wanted = bench.constant(site.want)
    if wanted is None or wanted == site.expression.value or wanted.denominator > 64 or abs(wanted.numerator) > 10_000:
        return
    if wanted < 0 and isinstance(site.parent, Sum):
        return
    message = f"the number {number_text(site.expression.value, site.expression.decimals)} should be {shown_number(wanted)}"
    yield from bench.repair(site, literal(wanted), 1.28, message)


def plant(right: Expression) -> Iterator[Expression]:
    for part in everywhere(right):
        if isinstance(part.expression, Literal) and all(isinstance(each.expression, Literal | Sum) or rational(each.expression) is not None for each in everywhere(right)):
            value = part.expression.value + 1
            yield put(right, part.path, Literal(value, NOWHERE, part.expression.decimals))


DIAGNOSIS = Diagnosis("DC104", "arithmetic", "arithmetic", propose, plant)
