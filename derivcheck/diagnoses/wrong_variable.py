r"""One quantity stands where another one belongs.

Holds: $\frac{\partial}{\partial w} (w x + b) = x$. Does not: $\frac{\partial}{\partial w} (w x + b) = w$.

Confirmed by putting the other names of the step and its neighbourhood in, one at a time, and deciding the step again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.custom import CONSTANTS
from derivcheck.reading.edit import everywhere, put, signature
from derivcheck.reading.expression import Call, Chance, Expression, Name, walk
from derivcheck.repair.row import alike
from derivcheck.repair.site import Site
from derivcheck.source import NOWHERE

OUTSIDE = ("function", "index", "by", "bound")
MAX_BLIND = 10


def propose(bench: Workbench) -> Iterator[Repair]:
    for site in bench.sites:
        if isinstance(site.expression, Chance) and site.want is not None and site.path:
            yield from _chances(bench, site)
        if isinstance(site.expression, Name) and site.role not in OUTSIDE:
            known = site.want is not None
            for other in _known(bench, site) if known else _names(bench):
                if isinstance(other, Name) and other.spelling != site.expression.spelling:
                    new = other if known or not site.bound else _carried_over(site.expression, other)
                    yield from bench.repair(site, new, 1.12 if known else 1.62, _said(bench, site.expression, new))


def _chances(bench: Workbench, site: Site) -> Iterator[Repair]:
    """The probability of another event."""
    wanted = signature(site.expression)
    for root in (bench.step.left, bench.step.right, *bench.step.nearby):
        for part in walk(root):
            if isinstance(part, Chance) and signature(part) != wanted:
                yield from bench.repair(site, part, 1.12, f"{bench.shown(part)} should stand here, not {bench.shown(site.expression)}")


def _known(bench: Workbench, site: Site) -> list[Expression]:
    """What is known to have the values that a site needs."""
    assert site.want is not None
    fitting = [inner for inner in bench.inners if inner.row is not None and alike(inner.row, site.want)] if bench.differentiates else []
    slopes = [slope for inner in fitting if (slope := bench.slope(inner)) is not None]
    return [*bench.find(site.want), *slopes][:3]


def _names(bench: Workbench) -> list[Expression]:
    """The names that stand in the step and around it, each letter once."""
    found: dict[str, Expression] = {}
    for root in (bench.step.right, bench.step.left, *bench.step.nearby):
        heads = {id(part.function) for part in walk(root) if isinstance(part, Call)}
        inside = {id(index) for part in walk(root) if isinstance(part, Name) for index in (*part.indices, *part.samples)}
        for part in walk(root):
            if isinstance(part, Name) and id(part) not in heads | inside:
                found.setdefault(part.spelling, part)
    return list(found.values())[:MAX_BLIND]


def _carried_over(old: Name, other: Name) -> Name:
    """The other letter with the indices of the old one, where it has as many."""
    if len(other.indices) == len(old.indices) and len(other.samples) == len(old.samples):
        return replace(other, indices=old.indices, samples=old.samples, span=NOWHERE)
    return other


def _said(bench: Workbench, old: Expression, new: Expression) -> str:
    """In a derivative, what the inner derivative is; else which name should stand there."""
    row = bench.row(new) if bench.differentiates else None
    for inner in bench.inners if row is not None else ():
        if isinstance(inner.inside, Name) and inner.row is not None and alike(inner.row, row):
            return f"∂{bench.shown(inner.inside)}/∂{bench.shown(inner.by)} is {bench.shown(new)}, not {bench.shown(old)}"
    return f"{bench.shown(new)} should stand here, not {bench.shown(old)}"


def plant(right: Expression) -> Iterator[Expression]:
    names = {part.expression.spelling: part.expression for part in everywhere(right) if isinstance(part.expression, Name)}
    heads = {id(part.expression.function) for part in everywhere(right) if isinstance(part.expression, Call)}
    plain = [name for name in names.values() if not (name.indices or name.samples or id(name) in heads) and name.spelling not in CONSTANTS]
    for part in everywhere(right):
        if any(part.expression is name for name in plain):
            for other in plain:
                if other.spelling != part.expression.spelling:  # type: ignore[union-attr]
                    yield put(right, part.path, replace(other, span=NOWHERE))


DIAGNOSIS = Diagnosis("DC107", "wrong-variable", "wrong-variable", propose, plant)

