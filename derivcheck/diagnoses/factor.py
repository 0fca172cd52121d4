r"""A factor went missing, is there once too often, or is another number.

Holds: $\frac{\partial}{\partial x} (x^2 y) = 2 x y$. Does not: $\frac{\partial}{\partial x} (x^2 y) = x y$.

Confirmed by comparing what a part is with what it would have to be: their ratio is a small number, or a quantity that the step or its
neighbourhood speaks of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.edit import (
    everywhere,
    factors,
    literal,
    lowered,
    number_in,
    over,
    put,
    rational,
    rescaled,
    signature,
    sum_of,
    terms,
    times,
    without_factor,
)
from derivcheck.reading.expression import (
    Bracketed,
    Differential,
    Expression,
    Integration,
    Limiting,
    Literal,
    Name,
    Power,
    Product,
    Quotient,
    Sum,
    walk,
)
from derivcheck.reading.plain import shown_number
from derivcheck.repair import series
from derivcheck.repair.row import mapped
from derivcheck.repair.site import Site
from derivcheck.source import NOWHERE

WHOLES = ("whole", "term", "argument", "exponent", "bracketed", "case", "part")
COMMON = (Fraction(2), Fraction(1, 2))
SIMPLE = frozenset(scale for number in (2, 3, 4) for scale in (Fraction(number), Fraction(1, number)))
CALCULUS = (Limiting, Integration, Differential)
MAX_NUMBER = 64


def propose(bench: Workbench) -> Iterator[Repair]:
    if bench.step.is_series:
        yield from _of_a_series(bench)
        return
    if bench.is_numeric:
        yield from _of_a_number(bench)
        if not bench.is_arithmetic:
            yield from _number(bench, bench.sites[0])
        return
    for site in bench.sites:
        if isinstance(site.expression, Product):
            yield from _taken_out(bench, site, site.expression)
        if isinstance(site.expression, Sum | Bracketed) and site.role == "bracketed":
            continue
        if site.role == "exponent" and site.want is not None:
            yield from _exponent(bench, site)
        elif site.role in WHOLES and site.want is not None and site.have is not None:
            yield from _number(bench, site)
            yield from _quantity(bench, site)
        elif site.role in (*WHOLES, "body") and site.want is None:
            yield from _blind(bench, site)


def _taken_out(bench: Workbench, site: Site, product: Product) -> Iterator[Repair]:
    """A factor that stands before or behind a bracket and still in a term inside it."""
    inside = next((factor for factor in product.factors if isinstance(factor, Bracketed) and isinstance(factor.body, Sum)), None)
    if inside is None:
        return
    place = product.factors.index(inside)
    for factor in product.factors:
        for at, (sign, term) in enumerate(terms(inside.body) if isinstance(factor, Name) else ()):
            less = lowered(term, factor)
            if less is not None:
                body = sum_of(*inside.body.terms[:at], (sign, less), *inside.body.terms[at + 1 :])
                new = replace(product, factors=(*product.factors[:place], Bracketed(body, inside.opening, NOWHERE), *product.factors[place + 1 :]), span=NOWHERE)
                message = f"{bench.shown(factor)} was taken out of {bench.shown(term)}, where it still stands: {bench.shown(less)} should be left"
                yield from bench.repair(site, new, 1.04, message, term)


def _of_a_series(bench: Workbench) -> Iterator[Repair]:
    """A coefficient that is not that of the Taylor series."""
    right = bench.step.right
    for one in series.slips(bench) if isinstance(right, Sum) else ():
        if one.scale != -1:
            new = put(right, (("terms", one.place, 1),), rescaled(one.term, one.scale))
            yield Repair(new, 1.2, _said(bench, one.term, one.scale), bench.focus(one.term), is_sure=True)


def _of_a_number(bench: Workbench) -> Iterator[Repair]:
    """A limit, an integral or a derivative that comes to a small multiple of the number that is given."""
    site = bench.sites[0]
    number = rational(site.expression)
    scale = bench.constant(mapped(lambda want, have: want / have, site.want, site.have))
    if number is None or scale not in SIMPLE or not any(isinstance(part, CALCULUS) for part in walk(bench.step.left)):
        return
    yield Repair(literal(number * scale), 0.88, f"a factor {shown_number(scale)} is missing: the value is {shown_number(number * scale)}", bench.focus(site.expression))


def _number(bench: Workbench, site: Site) -> Iterator[Repair]:
    """A number that is missing, too much, or another one."""
    scale = bench.constant(mapped(lambda want, have: want / have, site.want, site.have))
    if bench.is_numeric and scale not in SIMPLE:
        return
    if scale is None or scale in (0, 1, -1) or max(abs(scale.numerator), scale.denominator) > MAX_NUMBER:
        return
    if rational(site.expression) is not None and site.role == "term":
        return
    if bench.is_worked_out_number(site.expression, scale):
        return
    new = rescaled(site.expression, scale)
    cost = 1.2 + 0.02 * (abs(scale.numerator) + scale.denominator) / 3 + (0.3 if scale < 0 else 0) + (0.25 if isinstance(site.expression, Sum) else 0)
    yield from bench.repair(site, new, cost, _said(bench, site.expression, scale), row=site.want)


def _said(bench: Workbench, expression: Expression, scale: Fraction) -> str:
    old = abs(number_in(expression))
    shown = bench.shown(expression)
    if abs(scale) * old == 1 and old != 1:
        return f"the factor {shown_number(old)} of {shown} should not be there"
    if old == 1:
        return f"the factor {shown_number(scale)} is missing in {shown}"
    return f"the number in {shown} should be {shown_number(scale * old)}, not {shown_number(old)}"


def _quantity(bench: Workbench, site: Site) -> Iterator[Repair]:
    """A quantity that is missing or too much."""
    shown = bench.shown(site.expression)
    present = {signature(factor) for factor in _all_factors(site.expression)}
    for scale, extra in ((1, 0.0), (2, 0.2), (Fraction(1, 2), 0.2), (-1, 0.25)):
        ratio = mapped(lambda want, have, scale=scale: want / have / float(scale), site.want, site.have)
        base = rescaled(site.expression, Fraction(scale))
        for found in bench.find(ratio)[:2]:
            bonus = 0.1 if isinstance(found, Name) else 0.2
            yield from bench.repair(site, times(base, found), 1.25 + bonus + extra, f"the factor {_named(bench, scale, found)} is missing in {shown}")
        for found in bench.find(mapped(lambda value: 1 / value, ratio))[:2]:
            if signature(found) in present:
                message, cost = f"the factor {bench.shown(found)} should not be there", 1.2
            else:
                message, cost = f"the factor {_named(bench, scale, None)}1/{bench.shown(found)} is missing in {shown}", 1.4
            yield from bench.repair(site, over(base, found), cost + extra, message)


def _named(bench: Workbench, scale: object, found: Expression | None) -> str:
    number = "" if scale == 1 else "-" if scale == -1 else f"{shown_number(Fraction(scale))} "  # type: ignore[arg-type]
    return number + (bench.shown(found) if found is not None else "")


def _all_factors(expression: Expression) -> Iterator[Expression]:
    for factor in factors(expression):
        if isinstance(factor, Quotient):
            yield from factors(factor.above)
        else:
            yield factor


def _exponent(bench: Workbench, site: Site) -> Iterator[Repair]:
    """A power with another exponent."""
    wanted = bench.constant(site.want)
    if not wanted or max(abs(wanted.numerator), wanted.denominator) > 12 or rational(site.expression) in (None, wanted):
        return
    assert isinstance(site.parent, Power)
    message = f"the exponent of {bench.shown(site.parent.body)} should be {shown_number(wanted)}, not {bench.shown(site.expression)}"
    yield from bench.repair(site, literal(wanted), 1.3, message)


def _blind(bench: Workbench, site: Site) -> Iterator[Repair]:
    """What can only be tried: usual numbers, and every factor left out."""
    if site.role == "exponent":
        yield from _blind_exponent(bench, site)
    if isinstance(site.expression, Sum) or site.role in ("argument", "exponent", "part"):
        return
    for scale in COMMON:
        yield from bench.repair(site, rescaled(site.expression, scale), 1.7, _said(bench, site.expression, scale))
    if isinstance(site.expression, Product):
        for place, factor in enumerate(site.expression.factors):
            message = f"the factor {bench.shown(factor)} should not be there"
            yield from bench.repair(site, without_factor(site.expression, place), 1.75, message, factor)


def _blind_exponent(bench: Workbench, site: Site) -> Iterator[Repair]:
    """Under a sum: a power that is one too high or too low."""
    assert isinstance(site.parent, Power)
    number = rational(site.expression)
    for step in (-1, 1) if number is not None and number.denominator == 1 else ():
        if number + step > 0:
            message = f"the exponent of {bench.shown(site.parent.body)} should be {shown_number(number + step)}, not {bench.shown(site.expression)}"
            yield from bench.repair(site, literal(number + step), 1.68, message)


def plant(right: Expression) -> Iterator[Expression]:
    for part in everywhere(right):
        expression = part.expression
        if isinstance(expression, Product) and len(expression.factors) > 1:
            for place, factor in enumerate(expression.factors):
                if isinstance(factor, Literal | Name):
                    yield put(right, part.path, without_factor(expression, place))
    if isinstance(right, Product | Quotient | Name):
        yield rescaled(right, Fraction(2))


DIAGNOSIS = Diagnosis("DC102", "factor", "factor", propose, plant)
