r"""A summand went missing, or one is there that does not belong.

Holds: $(a + b)(a - b) + b^2 = a^2$. Does not: $(a + b)^2 - 2ab = a^2$.

Confirmed by comparing what a part is with what it would have to be: their difference is a quantity that the step or its neighbourhood
speaks of, or a path of a chain rule through another quantity.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.content import bare
from derivcheck.reading.edit import (
    everywhere,
    everywhere_put,
    literal,
    product_of,
    put,
    rescaled,
    signature,
    sum_of,
    terms,
    weight,
    without_term,
)
from derivcheck.reading.expression import Call, Differential, Expression, Literal, Name, Sum, walk
from derivcheck.repair.restated import restated_value
from derivcheck.repair.row import alike, mapped
from derivcheck.repair.site import Site
from derivcheck.source import NOWHERE

PLACES = ("whole", "term", "factor", "bracketed", "argument", "exponent", "above", "below", "base", "case")
APPLIED = ("term", "factor", "bracketed", "argument", "above", "below")
MAX_PAIRS = 24


def propose(bench: Workbench) -> Iterator[Repair]:
    yield from _missing_path(bench)
    if bench.deep:
        yield from _missing_by_rule(bench)
    if bench.is_numeric:
        return
    yield from _undone(bench)
    for site in bench.sites:
        if isinstance(site.expression, Sum) and len(site.expression.terms) > 1:
            yield from _superfluous(bench, site)
        if site.role in APPLIED and site.want is not None:
            yield from _missing_function(bench, site)
        if site.role in PLACES and site.want is not None and site.have is not None and not _is_inner(site):
            yield from _missing(bench, site)


def _missing_by_rule(bench: Workbench) -> Iterator[Repair]:
    """A term of what the left side comes to, where all the others are there."""
    whole, relating = bench.sites[0], bench.step.relating
    made = restated_value(relating.left) if relating is not None else None
    if not isinstance(made, Sum) or whole.have is None or len(made.terms) < 2:
        return
    for place, (sign, term) in enumerate(made.terms):
        row = bench.row(without_term(made, place))
        if row is not None and alike(row, whole.have):
            yield from _with(bench, whole, sum_of((sign, term)), 1.33)


def _is_inner(site: Site) -> bool:
    """Whether a site is a term of a sum: what it lacks is lacked by the sum."""
    return site.role in ("term", "bracketed")


def _superfluous(bench: Workbench, site: Site) -> Iterator[Repair]:
    assert isinstance(site.expression, Sum)
    for place, (_, term) in enumerate(site.expression.terms):
        cost = 1.3 if site.want is not None else 1.8
        yield from bench.repair(site, without_term(site.expression, place), cost, f"the term {bench.shown(term)} should not be there", term)


def _missing_function(bench: Workbench, site: Site) -> Iterator[Repair]:
    """A function of the step that was left out before its argument."""
    for function in _functions(bench):
        new = Call(function, (bare(site.expression),), NOWHERE)
        row = bench.row(new)
        if row is not None and alike(row, site.want):  # type: ignore[arg-type]
            message = f"{bench.shown(new)} should stand here: {bench.shown(function)} is missing"
            yield from bench.repair(site, new, 1.36, message)


def _undone(bench: Workbench) -> Iterator[Repair]:
    """A function that is differentiated on the left side and left out before its argument on the right side, at every place."""
    present = {signature(part) for part in walk(bench.step.right)}
    found = {signature(part): part for root in (bench.step.left, *bench.step.nearby) for part in walk(root) if isinstance(part, Call) and len(part.arguments) == 1}
    for call in found.values():
        inside = bare(call.arguments[0])
        if not isinstance(inside, Name | Literal) and signature(inside) in present and signature(call) not in present:
            new = everywhere_put(bench.step.right, inside, call)
            yield from bench.repair(bench.sites[0], new, 1.16, f"{bench.shown(call)} should stand here: {bench.shown(call.function)} is missing")


def _functions(bench: Workbench) -> list[Name]:
    """The functions of one argument that the step applies."""
    calls = (part for root in (bench.step.left, bench.step.right) for part in walk(root) if isinstance(part, Call))
    found = {signature(call.function): call.function for call in calls if len(call.arguments) == 1 and not call.function.primes}
    return [function for function in found.values() if isinstance(function, Name)][:3]


def _missing(bench: Workbench, site: Site) -> Iterator[Repair]:
    difference = mapped(lambda want, have: want - have, site.want, site.have)
    deeper = 0.0 if site.role == "whole" else 0.15 if isinstance(bare(site.expression), Sum) or site.role not in ("factor", "base") else 0.6
    number = bench.constant(difference)
    if number is not None and number and number.denominator <= 12 and abs(number.numerator) <= 64:
        yield from _with(bench, site, literal(number), 1.45 + deeper)
    for scale, extra in ((1, 0.0), (-1, 0.0), (2, 0.15), (-2, 0.15), (Fraction(1, 2), 0.2), (Fraction(-1, 2), 0.2)):
        part = mapped(lambda value, scale=scale: value / float(scale), difference)
        for found in bench.find(part)[:2]:
            yield from _with(bench, site, rescaled(found, Fraction(scale)), 1.33 + extra + deeper + 0.03 * weight(found))
    if site.role == "whole" and not bench.is_thin:
        yield from _missing_pair(bench, site, difference)


def _missing_pair(bench: Workbench, site: Site, difference: object) -> Iterator[Repair]:
    """A missing term that is a product of two quantities."""
    names = [material for material in bench.materials if weight(material.expression) <= 4][:MAX_PAIRS]
    for scale in (1, -1, 2, -2):
        for one in names:
            rest = mapped(lambda value, mine, scale=scale: value / mine / scale, difference, one.row)  # type: ignore[arg-type]
            for found in bench.find(rest)[:1]:
                if weight(found) <= 6:
                    yield from _with(bench, site, rescaled(product_of(one.expression, found), Fraction(scale)), 1.75)


def _with(bench: Workbench, site: Site, term: Expression, cost: float) -> Iterator[Repair]:
    sign, plain_term = terms(term)[0] if isinstance(term, Sum) and len(term.terms) == 1 else ("+", term)
    new = sum_of(*terms(site.expression), (sign, plain_term))
    where = "" if site.role == "whole" else f" in {bench.shown(site.expression)}"
    yield from bench.repair(site, new, cost, f"the term {'-' if sign == '-' else ''}{bench.shown(plain_term)} is missing{where}")


def _missing_path(bench: Workbench) -> Iterator[Repair]:
    """The chain rule through one quantity only, where another one depends on the variable as well."""
    left = bench.step.left
    if not isinstance(left, Differential) or len(left.by) != 1:
        return
    by = left.by[0]
    used = {signature(one) for part in walk(bench.step.right) if isinstance(part, Differential) for one in (part.body, *part.by)}
    whole = bench.sites[0]
    if not any(isinstance(part, Differential) for part in walk(bench.step.right)):
        return
    for name in _quantities(bench):
        if signature(name) in used:
            continue
        path = product_of(Differential(left.body, (name,), left.total, NOWHERE), Differential(name, (by,), left.total, NOWHERE))
        new = sum_of(*terms(whole.expression), ("+", path))
        yield from bench.repair(whole, new, 1.1, f"the path through {bench.shown(name)} is missing")


def _quantities(bench: Workbench) -> list[Name]:
    """The names that stand alone on a left side nearby."""
    found = {signature(one): one for one in bench.step.nearby if isinstance(one, Name)}
    return list(found.values())[:8]


def plant(right: Expression) -> Iterator[Expression]:
    for part in everywhere(right):
        expression = part.expression
        if isinstance(expression, Sum) and len(expression.terms) > 1:
            for place in range(len(expression.terms)):
                yield put(right, part.path, without_term(expression, place))

DIAGNOSIS = Diagnosis("DC103", "dropped-term", "dropped-term", propose, plant)
