r"""The limits of a sum or an integral are others: one too far, or not changed with the variable.

Holds: $\int_0^2 2x \sqrt{1 + x^2}\, dx = \int_1^5 \sqrt{u}\, du$. Does not: $\int_0^2 \sqrt{u}\, du$.

Confirmed by putting in the limits of the other side, those that a change of variables gives, and those one step away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.content import bare
from derivcheck.reading.edit import everywhere, literal, put, rational, signature, substituted, sum_of, terms
from derivcheck.reading.expression import Binder, Expression, Integration, Name, walk
from derivcheck.repair.row import constant
from derivcheck.repair.site import insides_of

Ends = tuple[Expression, Expression]


def propose(bench: Workbench) -> Iterator[Repair]:
    for site in bench.sites:
        inner = site.expression
        if isinstance(inner, Integration | Binder) and inner.lower is not None and inner.upper is not None:
            known = site.want is not None
            for cost, ends in _others(bench, inner, (inner.lower, inner.upper)):
                new = replace(inner, lower=ends[0], upper=ends[1])
                yield from bench.repair(site, new, cost + (0.0 if known else 0.1), _said(bench, inner, ends))


def _said(bench: Workbench, inner: Integration | Binder, ends: Ends) -> str:
    kind = "integral" if isinstance(inner, Integration) else "sum" if inner.operation == "+" else "product"
    if signature(ends[1]) == signature(inner.upper):  # type: ignore[arg-type]
        return f"the {kind} should start from {bench.shown(ends[0])}, not from {bench.shown(inner.lower)}"  # type: ignore[arg-type]
    if signature(ends[0]) == signature(inner.lower):  # type: ignore[arg-type]
        return f"the {kind} should end at {bench.shown(ends[1])}, not at {bench.shown(inner.upper)}"  # type: ignore[arg-type]
    return f"the {kind} should go from {bench.shown(ends[0])} to {bench.shown(ends[1])}"


def _others(bench: Workbench, inner: Integration | Binder, ends: Ends) -> Iterator[tuple[float, Ends]]:
    """Other limits, each pair with its cost: those of the left side, as a change of variables makes them, turned round, one further."""
    given = [part for part in walk(bench.step.left) if type(part) is type(inner) and part.lower is not None and part.upper is not None]  # type: ignore[union-attr]
    for other in given[:2]:
        assert isinstance(other, Integration | Binder) and other.lower is not None and other.upper is not None
        if isinstance(inner, Integration) and isinstance(other, Integration) and signature(inner.variable) != signature(other.variable):
            yield from ((0.93, made) for made in _changed(bench, inner, other))
        elif (signature(other.lower), signature(other.upper)) != tuple(map(signature, ends)):
            yield 1.1, (other.lower, other.upper)
    if isinstance(inner, Integration):
        yield 1.29, (ends[1], ends[0])
    for step in (1, -1) if bench.deep else ():
        yield 1.27, (_moved(ends[0], step), ends[1])
        yield 1.28, (ends[0], _moved(ends[1], step))


def _changed(bench: Workbench, inner: Integration, given: Integration) -> Iterator[Ends]:
    """The limits of another variable that is told by the one of the left side."""
    assert given.lower is not None and given.upper is not None and isinstance(given.variable, Name)
    told = [value for name, value in pairwise(bench.step.nearby) if signature(name) == signature(inner.variable)]
    for value in (*told, *map(bare, insides_of(given.body))):
        if not isinstance(value, Name) and given.variable.spelling in {part.spelling for part in walk(value) if isinstance(part, Name)}:
            ends = [_worked_out(bench, substituted(value, given.variable.spelling, end)) for end in (given.lower, given.upper)]
            yield ends[0], ends[1]


def _worked_out(bench: Workbench, end: Expression) -> Expression:
    number = constant(bench.row(end))
    return literal(number) if number is not None else end


def _moved(end: Expression, step: int) -> Expression:
    """A limit one further or one before."""
    number = rational(end)
    if number is not None:
        return literal(number + step)
    signed = terms(bare(end))
    last = rational(signed[-1][1]) if len(signed) > 1 else None
    if last is None:
        return sum_of(*signed, ("+" if step > 0 else "-", literal(Fraction(1))))
    moved = (last if signed[-1][0] == "+" else -last) + step
    return sum_of(*signed[:-1], *([("+" if moved > 0 else "-", literal(abs(moved)))] if moved else []))


def plant(right: Expression) -> Iterator[Expression]:
    for part in everywhere(right):
        inner = part.expression
        if isinstance(inner, Integration | Binder) and inner.lower is not None and inner.upper is not None:
            yield put(right, part.path, replace(inner, lower=_moved(inner.lower, 1)))
            yield put(right, part.path, replace(inner, upper=_moved(inner.upper, -1)))


DIAGNOSIS = Diagnosis("DC404", "limits", "other", propose, plant)
