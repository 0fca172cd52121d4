r"""A summand, a factor or an exponent has the other sign.

Holds: $\frac{d}{dx} (3 - x)^2 = -2 (3 - x)$. Does not: $\frac{d}{dx} (3 - x)^2 = 2 (3 - x)$.

Confirmed by turning one sign at a time, the sign of a difference in brackets among them, and deciding the step again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.content import bare
from derivcheck.reading.edit import everywhere, negated, put, terms, turned
from derivcheck.reading.expression import Bracketed, Expression, Gridded, Listed, Literal, Product, Sum
from derivcheck.repair import series
from derivcheck.repair.number import decimals_of, is_listed, listed, single, value_of
from derivcheck.repair.row import mapped
from derivcheck.repair.site import Site, is_in_index
from derivcheck.source import NOWHERE


def propose(bench: Workbench) -> Iterator[Repair]:
    yield from _worked_out(bench)
    if bench.step.is_series:
        for one in series.slips(bench):
            if one.scale == -1 and isinstance(bench.step.right, Sum):
                message = f"the sign of {bench.shown(one.term)} is not that of the series"
                yield Repair(turned(bench.step.right, one.place), 1.0, message, bench.focus(one.term), is_sure=True)
    for site in bench.sites:
        if is_in_index(site):
            continue
        if isinstance(site.expression, Sum):
            yield from _one_term(bench, site)
        if site.role in ("factor", "bracketed", "above") and _difference(site.expression) is not None:
            yield from _turned_difference(bench, site)
        if site.role in ("whole", "argument", "exponent", "body", "case") and not isinstance(site.expression, Sum):
            yield from _negated(bench, site)


def _worked_out(bench: Workbench) -> Iterator[Repair]:
    """Numbers that come of the left side with one sign turned."""
    site = next((site for site in bench.sites if is_listed(site.expression)), bench.sites[0])
    if not (is_listed(site.expression) or (site.role == "whole" and bench.is_arithmetic)):
        return
    for left in bench.said_lefts:
        for part in everywhere(left):
            for place, term in _signed(part.expression):
                if bench.agrees(bench.step.right, put(left, part.path, turned(part.expression, place))):
                    new = _numbers(bench, site)
                    if new is not None:
                        yield from bench.repair(site, new, 0.86, f"the sign of {bench.shown(term)} was taken the wrong way: that gives {bench.shown(new)}", row=site.want)


def _signed(expression: Expression) -> Iterator[tuple[int, Expression]]:
    """The places of a sum whose terms have a sign that is written, each with its term."""
    for place, (sign, term) in enumerate(expression.terms if isinstance(expression, Sum) else ()):
        if sign == "-" or (sign == "+" and place):
            yield place, term


def _numbers(bench: Workbench, site: Site) -> Expression | None:
    """The numbers that the left side comes to, where they can be told exactly."""
    if isinstance(site.expression, Listed | Gridded):
        return listed(site.expression, site.want)
    value = single(site.want)
    new, is_exact = value_of(value, decimals_of(site.expression)) if value is not None else (None, False)
    return new if is_exact else None


def _one_term(bench: Workbench, site: Site) -> Iterator[Repair]:
    assert isinstance(site.expression, Sum)
    inner = 0.15 if site.role in ("exponent", "argument") else 0.0
    for place, (sign, term) in enumerate(site.expression.terms):
        if sign in "+-":
            wanted = "minus" if sign == "+" else "plus"
            message = f"the sign of {bench.shown(term)} should be {wanted}"
            yield from bench.repair(site, turned(site.expression, place), 1.0 + inner, message, term)


def _turned_difference(bench: Workbench, site: Site) -> Iterator[Repair]:
    found = _difference(site.expression)
    assert found is not None
    first, second = found
    message = f"the difference is the wrong way round: it should be {bench.shown(first)} minus {bench.shown(second)}"
    new: Expression = replace(bare(site.expression), terms=(("+", first), ("-", second)), span=NOWHERE)
    if isinstance(site.expression, Bracketed):
        new = Bracketed(new, site.expression.opening, NOWHERE)
    yield from bench.repair(site, new, 1.02, message)


def _difference(expression: Expression) -> tuple[Expression, Expression] | None:
    """The two sides of a difference, the other way round."""
    found = terms(bare(expression)) if isinstance(expression, Bracketed) else ()
    if len(found) == 2 and [sign for sign, _ in found] == ["+", "-"]:
        return found[1][1], found[0][1]
    return None


def _negated(bench: Workbench, site: Site) -> Iterator[Repair]:
    """The missing minus before a whole."""
    where = {"whole": "the right side", "exponent": "the exponent", "argument": f"the argument {bench.shown(site.expression)}"}
    shown = where.get(site.role, bench.shown(site.expression))
    cost = {"whole": 1.04, "exponent": 1.3, "argument": 1.35}.get(site.role, 1.4)
    row = mapped(lambda value: -value, site.have) if site.want is not None else None
    yield from bench.repair(site, negated(site.expression), cost, f"the sign is wrong: {shown} should have a minus", row=row)


def plant(right: Expression) -> Iterator[Expression]:
    for part in everywhere(right):
        expression = part.expression
        if isinstance(expression, Sum):
            for place in range(len(expression.terms)):
                yield put(right, part.path, turned(expression, place))
    if isinstance(right, Product | Literal):
        yield negated(right)


DIAGNOSIS = Diagnosis("DC101", "sign", "sign", propose, plant)
