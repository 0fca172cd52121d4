r"""A sum ends too early or too late: a term or a factor stands outside that belongs inside, or the other way round.

Holds: $\sum_{i=1}^n (x_i - a) = \sum_{i=1}^n x_i - n a$. Does not: $\sum_{i=1}^n (x_i - a) = \sum_{i=1}^n x_i - a$.

Confirmed by moving one term or factor across the sign and deciding the step again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.content import bare
from derivcheck.reading.edit import everywhere, product_of, put, sum_of, terms
from derivcheck.reading.expression import Binder, Bracketed, Expression, Product, Sum
from derivcheck.repair.site import Site
from derivcheck.source import NOWHERE


def propose(bench: Workbench) -> Iterator[Repair]:
    for site in bench.sites:
        match site.expression:
            case Sum():
                yield from _term_outside(bench, site, site.expression)
            case Binder():
                yield from _term_inside(bench, site, site.expression)
            case Product():
                yield from _factor_inside(bench, site, site.expression)


def with_body(binder: Binder, body: Expression) -> Binder:
    """The sum over another body, in brackets where it has several terms."""
    inner = bare(body)
    wrapped = Bracketed(inner, "(", NOWHERE) if isinstance(inner, Sum) else inner
    return replace(binder, body=wrapped, span=NOWHERE)


def _term_outside(bench: Workbench, site: Site, expression: Sum) -> Iterator[Repair]:
    for place, (sign, term) in enumerate(expression.terms[:-1]):
        if isinstance(term, Binder) and term.operation == "+":
            behind = expression.terms[place + 1 :]
            for reach in range(1, len(behind) + 1):
                body = sum_of(*terms(bare(term.body)), *_signed(sign, behind[:reach]))
                new = sum_of(*expression.terms[:place], (sign, with_body(term, body)), *behind[reach:])
                yield from bench.repair(site, new, 1.3, f"the sum ends too early: {bench.shown(behind[reach - 1][1])} belongs inside it")


def _signed(sign: str, moved: tuple[tuple[str, Expression], ...]) -> tuple[tuple[str, Expression], ...]:
    if sign == "+":
        return moved
    return tuple(("-" if mark == "+" else "+", term) for mark, term in moved)


def _term_inside(bench: Workbench, site: Site, binder: Binder) -> Iterator[Repair]:
    body = bare(binder.body)
    if binder.operation == "+" and isinstance(body, Sum) and len(body.terms) > 1:
        for cut in range(1, len(body.terms)):
            near = with_body(binder, sum_of(*body.terms[:cut]))
            inner = sum_of(("+", near), *body.terms[cut:])
            new = inner if site.role in ("whole", "term") else Bracketed(inner, "(", NOWHERE)
            yield from bench.repair(site, new, 1.45, f"the sum reaches too far: {bench.shown(body.terms[cut][1])} belongs outside it")


def _factor_inside(bench: Workbench, site: Site, expression: Product) -> Iterator[Repair]:
    """A bracketed sum, or one in front, times a factor that belongs inside it."""
    for place, factor in enumerate(expression.factors[:-1]):
        inner = bare(factor)
        if isinstance(inner, Binder) and inner.operation == "+":
            moved = expression.factors[place + 1 :]
            body = product_of(_held(inner.body), *moved)
            new = product_of(*expression.factors[:place], with_body(inner, body))
            yield from bench.repair(site, new, 1.4, f"the sum ends too early: {bench.shown(moved[0])} belongs inside it")


def _held(body: Expression) -> Expression:
    return Bracketed(body, "(", NOWHERE) if isinstance(body, Sum) else body


def plant(right: Expression) -> Iterator[Expression]:
    for part in everywhere(right):
        binder = part.expression
        if isinstance(binder, Binder) and binder.operation == "+":
            body = bare(binder.body)
            if isinstance(body, Sum) and len(body.terms) > 1:
                early = sum_of(("+", with_body(binder, body.terms[0][1])), *body.terms[1:])
                yield put(right, part.path, Bracketed(early, "(", NOWHERE) if part.path else early)


DIAGNOSIS = Diagnosis("DC305", "scope", "scope", propose, plant)
