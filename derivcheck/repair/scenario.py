"""Where a step is looked at: points, each with a choice of the free indices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from derivcheck.repair.fingerprint import Beyond, Point
from derivcheck.repair.refutation import Refutation
from derivcheck.term.term import Term, Variable
from derivcheck.term.type import Domain

MAX_CHOICES = 4
POINTS = ((2, 1, 0.2, 0.9), (3, 2, -1.9, 1.9), (3, 3, 1.1, 2.3))


@dataclass(slots=True)
class Scenario:
    """A point and the values of the free indices."""

    point: Point
    letters: dict[Variable, int]


def scenarios(step: Refutation, is_numeric: bool, is_flat: bool) -> list[Scenario]:
    """The scenarios of a step; only the witness where facts bind the symbols, a single one where there are no symbols."""
    if step.obligation is None:
        return []
    domains = dict(step.obligation.domains)
    points = [Point(1 if is_flat else size, seed, low, high, domains) for size, seed, low, high in POINTS]
    if is_numeric:
        return [Scenario(points[0], {})]
    if is_flat:
        return [one for point in points for one in _choices(step, point)]
    witness = _witness(step, domains)
    if step.obligation.hypotheses and witness:
        return witness
    has_one_size = len({size for _, size in step.dimensions}) < 2
    return [*(one for point in points for one in _choices(step, point)), *(witness if has_one_size else ())]


def _choices(step: Refutation, point: Point) -> Iterator[Scenario]:
    """Some choices of the free indices at a point, equal ones and different ones among them."""
    assert step.obligation is not None
    free = [part for part in step.obligation.goal.free if "~" not in str(part.variable.name)]
    ranges = [range(round(size_at(point, part.lower)), round(size_at(point, part.upper)) + 1) for part in free]
    every = list(product(*ranges))
    stride = max(1, -(-len(every) // MAX_CHOICES))
    for choice in every[:: stride + (stride > 1 and len(every) % stride == 0)]:
        letters = dict(zip((part.variable for part in free), choice, strict=True))
        if _is_meant(step, point, letters):
            yield Scenario(point, letters)


def _is_meant(step: Refutation, point: Point, letters: dict[Variable, int]) -> bool:
    """Whether the condition that stands beside the step admits a choice."""
    assert step.obligation is not None
    try:
        return bool(point.value(step.obligation.goal.condition, letters))
    except Beyond:
        return True


def _witness(step: Refutation, domains: Mapping[str, Domain]) -> list[Scenario]:
    """The point at which the step was refuted."""
    sizes = dict(step.dimensions)
    values = {name: value for name, text in step.values if (value := _number(text)) is not None}
    if not values and not sizes:
        return []
    point = Point(max(sizes.values(), default=2), 4, 0.2, 0.9, domains, values, sizes)
    return [Scenario(point, {Variable.of(name): value for name, value in step.indices if "~" not in name})]


def size_at(point: Point, term: Term) -> float:
    """The size that a term comes to at a point; the point's own size where that cannot be told."""
    try:
        return point.value(term)
    except Beyond:
        return float(point.size)


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
