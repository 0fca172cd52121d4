r"""Numbers alone are wrong: a sum, a product or a fraction of numbers that comes to something else.

Holds: $3 \cdot 14 + 2 = 44$. Does not: $3 \cdot 14 + 2 = 48$.

Confirmed by exact arithmetic; a decimal number is right if it agrees in the digits that are shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.edit import everywhere, literal, number_in, put, rational, rescaled
from derivcheck.reading.expression import Expression, Gridded, Listed, Literal, Sum
from derivcheck.reading.plain import shown_number
from derivcheck.reading.writer import number_text
from derivcheck.repair.number import decimals_of, is_listed, listed, single, value_of
from derivcheck.repair.row import mapped
from derivcheck.repair.site import Site
from derivcheck.source import NOWHERE


def propose(bench: Workbench) -> Iterator[Repair]:
    for site in bench.sites:
        if site.want is None and bench.step.posed is not None and not bench.is_numeric:
            yield from _number_beside(bench, site)
        if site.want is None:
            continue
        if isinstance(site.expression, Listed | Gridded) and is_listed(site.expression) and not is_listed(bench.step.left):
            yield from _entries(bench, site, site.expression)
        elif site.role == "whole" and bench.is_arithmetic:
            yield from _value(bench, site)
        elif site.role in ("whole", "term") and site.have is not None and not bench.is_numeric and not isinstance(site.expression, Literal):
            yield from _coefficient(bench, site)
        elif isinstance(site.expression, Literal) and (site.role == "term" or (bench.is_numeric and bench.is_arithmetic)):
            yield from _other_number(bench, site)


def _value(bench: Workbench, site: Site) -> Iterator[Repair]:
    """The number that the left side comes to."""
    value = single(site.want)
    if value is None:
        return
    new, is_exact = value_of(value, decimals_of(bench.step.right))
    if not (bench.is_numeric or is_exact):
        return
    turned = rational(new) is not None and rational(site.expression) == -rational(new)
    cost = 1.2 if turned else 0.9 if rational(site.expression) is not None else 1.15
    yield Repair(new, cost, f"the value is {bench.shown(new)}, not {bench.shown(site.expression)}", bench.focus(site.expression), True, not is_exact)


def _coefficient(bench: Workbench, site: Site) -> Iterator[Repair]:
    """The number before something that was worked out from numbers that were put in."""
    scale = bench.constant(mapped(lambda want, have: want / have, site.want, site.have))
    if scale is not None and scale not in (0, 1, -1) and bench.is_worked_out_number(site.expression, scale):
        old = number_in(site.expression)
        message = f"the number in {bench.shown(site.expression)} should be {shown_number(scale * old)}, not {shown_number(old)}"
        yield from bench.repair(site, rescaled(site.expression, scale), 1.2, message, row=site.want)


def _entries(bench: Workbench, site: Site, numbers: Listed | Gridded) -> Iterator[Repair]:
    """The list of numbers that the left side comes to."""
    new = listed(numbers, site.want)
    if new is not None:
        yield from bench.repair(site, new, 0.9, f"the value is {bench.shown(new)}, not {bench.shown(numbers)}", row=site.want)


def _other_number(bench: Workbench, site: Site) -> Iterator[Repair]:
    assert isinstance(site.expression, Literal)
    wanted = bench.constant(site.want)
    if wanted is None or wanted == site.expression.value or wanted.denominator > 64 or abs(wanted.numerator) > 10_000:
        return
    if wanted < 0 and isinstance(site.parent, Sum):
        return
    message = f"the number {number_text(site.expression.value, site.expression.decimals)} should be {shown_number(wanted)}"
    yield from bench.repair(site, literal(wanted), 1.28, message)


def _number_beside(bench: Workbench, site: Site) -> Iterator[Repair]:
    """One more or one less, in a sum that is judged by the equation that it should solve."""
    number = site.expression
    if isinstance(number, Literal) and number.value.denominator == 1 and site.role == "term":
        for wanted in (number.value + 1, number.value - 1):
            if wanted:
                yield from bench.repair(site, literal(wanted), 1.45, f"the number {number_text(number.value, number.decimals)} should be {shown_number(wanted)}")


def plant(right: Expression) -> Iterator[Expression]:
    for part in everywhere(right):
        if isinstance(part.expression, Literal) and all(isinstance(each.expression, Literal | Sum) or rational(each.expression) is not None for each in everywhere(right)):
            value = part.expression.value + 1
            yield put(right, part.path, Literal(value, NOWHERE, part.expression.decimals))


DIAGNOSIS = Diagnosis("DC104", "arithmetic", "arithmetic", propose, plant)
