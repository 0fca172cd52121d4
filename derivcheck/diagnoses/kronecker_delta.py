r"""A Kronecker delta is missing, or one is there that does not belong: only the diagonal, or only what is off it.

Holds: $\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j)$ for the softmax $p$ of $z$. Does not: $p_i (1 - p_j)$.

Confirmed by putting a delta of two free indices in at each place, or taking one out, and deciding the step again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.edit import ONE, everywhere, product_of, put, rational, sum_of, terms, without_factor
from derivcheck.reading.expression import Binder, Call, Comparison, Expression, Name, Product, walk
from derivcheck.repair.row import Row, close, mapped
from derivcheck.repair.site import Site
from derivcheck.source import NOWHERE
from derivcheck.term.term import Variable


def propose(bench: Workbench) -> Iterator[Repair]:
    if not (bench.letters or any(isinstance(part, Binder) for part in walk(bench.step.right))):
        return
    yield from _on_or_off(bench)
    for site in bench.sites:
        if is_delta(site.expression):
            yield from _removed(bench, site)
        elif site.role in ("whole", "term", "bracketed", "body", "factor"):
            yield from _inserted(bench, site)


def is_delta(expression: Expression) -> bool:
    """Whether an expression is a Kronecker delta, or an indicator of equal indices."""
    if isinstance(expression, Name):
        return expression.spelling == r"\delta" and len(expression.indices) == 2
    return isinstance(expression, Call) and expression.function.spelling == r"\mathbb{1}" and isinstance(expression.arguments[0], Comparison)


def _removed(bench: Workbench, site: Site) -> Iterator[Repair]:
    message = f"{bench.shown(site.expression)} should be 1: the formula is meant for every index"
    yield from bench.repair(site, ONE, 1.45, message)
    if isinstance(site.parent, Product):
        for other in bench.sites:
            if other.expression is site.parent:
                place = next(k for k, factor in enumerate(site.parent.factors) if factor is site.expression)
                message = f"{bench.shown(site.expression)} should not be there"
                yield from bench.repair(other, without_factor(site.parent, place), 1.3, message, site.expression)


def _inserted(bench: Workbench, site: Site) -> Iterator[Repair]:
    letters = [*bench.letters, *(letter for letter in sorted(site.bound) if letter != "?" and letter not in bench.letters)][:4]
    for one, other in combinations(letters, 2):
        delta = _delta(bench, one, other)
        shown = bench.shown(delta)
        if rational(site.expression) == 1 and site.role in ("term", "bracketed", "whole"):
            yield from bench.repair(site, delta, 1.05, f"{shown} should stand here, not 1: the indices need not be equal")
        elif site.role in ("term", "whole", "body") and rational(site.expression) is None:
            cost = 1.22 if site.want is not None else 1.6
            yield from bench.repair(site, product_of(site.expression, delta), cost, f"the factor {shown} is missing in {bench.shown(site.expression)}")
        if site.role in ("bracketed", "whole") and site.want is not None and len(terms(site.expression)) <= 2:
            for sign in ("+", "-"):
                new = sum_of((sign, delta), *terms(site.expression))
                yield from bench.repair(site, new, 1.42, f"the term {shown} is missing")


def _on_or_off(bench: Workbench) -> Iterator[Repair]:
    """What holds only for equal indices, or only for different ones; in the second case with what is missing for equal ones."""
    whole = bench.sites[0]
    for one, other in combinations(bench.letters, 2):
        places = [scenario.letters.get(Variable.of(one)) == scenario.letters.get(Variable.of(other)) for scenario in bench.scenarios]
        if not any(places) or all(places) or whole.have is None or whole.want is None:
            continue
        difference = mapped(lambda want, have: want - have, whole.want, whole.have)
        if not _vanishes(difference, [not place for place in places]):
            if _vanishes(difference, places):
                yield Repair(None, 3.2, f"it holds only where {one} = {other}", bench.focus(whole.expression), is_suspected=True)
            continue
        for found in bench.found_where(difference, places)[:2]:
            term = product_of(found, _delta(bench, one, other))
            new = sum_of(("+", term), *terms(whole.expression))
            yield from bench.repair(whole, new, 1.24, f"the term {bench.shown(term)} is missing: what stands here holds only where {one} and {other} differ")
        yield Repair(None, 3.1, f"it does not hold where {one} = {other}", bench.focus(whole.expression), is_suspected=True)


def _vanishes(row: Row | None, places: Sequence[bool]) -> bool:
    """Whether a row is zero at all the places that count."""
    values = [value for entries, counts in zip(row or (), places, strict=False) if counts for value in entries if value is not None]
    return bool(values) and all(close(value, 0.0) for value in values)


def _delta(bench: Workbench, one: str, other: str) -> Expression:
    """A delta as the document writes it."""
    for root in (bench.step.right, bench.step.left, *bench.step.nearby):
        for part in walk(root):
            if isinstance(part, Call) and is_delta(part):
                return Call(part.function, (Comparison(Name(one, NOWHERE), "=", Name(other, NOWHERE), NOWHERE),), NOWHERE)
    return Name(r"\delta", NOWHERE, (Name(one, NOWHERE), Name(other, NOWHERE)))


def plant(right: Expression) -> Iterator[Expression]:
    for part in everywhere(right):
        if is_delta(part.expression):
            yield put(right, part.path, ONE)


DIAGNOSIS = Diagnosis("DC302", "kronecker-delta", "kronecker-delta", propose, plant)
