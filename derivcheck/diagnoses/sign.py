r"""A summand, a factor or an exponent has the other sign.

Holds: $\frac{d}{dx} (3 - x)^2 = -2 (3 - x)$. Does not: $\frac{d}{dx} (3 - x)^2 = 2 (3 - x)$.

Confirmed by turning one sign at a time, the sign of a difference in brackets among them, and deciding the step again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.content import bare
from derivcheck.reading.edit import everywhere, negated, put, terms
from derivcheck.reading.expression import Bracketed, Expression, Literal, Product, Sum
from derivcheck.repair.site import Site
from derivcheck.source import NOWHERE

_TURNED = {"+": "-", "-": "+"}


def propose(bench: Workbench) -> Iterator[Repair]:
    for site in bench.sites:
        if isinstance(site.expression, Sum):
            yield from _one_term(bench, site)
        if site.role in ("factor", "bracketed", "above") and _difference(site.expression) is not None:
            yield from _turned_difference(bench, site)
        if site.role in ("whole", "argument", "exponent", "body", "case") and not isinstance(site.expression, Sum):
            yield from _negated(bench, site)


def _one_term(bench: Workbench, site: Site) -> Iterator[Repair]:
    assert isinstance(site.expression, Sum)
    inner = 0.15 if site.role in ("exponent", "argument") else 0.0
    for place, (sign, term) in enumerate(site.expression.terms):
        if sign in _TURNED:
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
    yield from bench.repair(site, negated(site.expression), cost, f"the sign is wrong: {shown} should have a minus")


def turned(expression: Sum, place: int) -> Expression:
    """A sum with the sign of one term turned."""
    changed = tuple((_TURNED.get(sign, sign), term) if k == place else (sign, term) for k, (sign, term) in enumerate(expression.terms))
    if len(changed) == 1 and changed[0][0] == "+":
        return changed[0][1]
    return replace(expression, terms=changed, span=NOWHERE)


def plant(right: Expression) -> Iterator[Expression]:
    for part in everywhere(right):
        expression = part.expression
        if isinstance(expression, Sum):
            for place in range(len(expression.terms)):
                yield put(right, part.path, turned(expression, place))
    if isinstance(right, Product | Literal):
        yield negated(right)


DIAGNOSIS = Diagnosis("DC101", "sign", "sign", propose, plant)
