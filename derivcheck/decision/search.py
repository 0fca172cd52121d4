"""The point at which an inequality is nearest to failing, or fails: sampled widely, then climbed to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from derivcheck.decision.arithmetic import UNIT, Pair, evaluate
from derivcheck.decision.node import Node
from derivcheck.decision.sample import draw
from derivcheck.term.type import Domain

ROUNDS = 7
KEPT = 16
STARTS = 512
DIGITS = (1, 2, 3, 5, 8)


def worst_point(
    atoms: Sequence[Node], domains: Sequence[Domain], relation: Node, conditions: Sequence[Node], seed: int
) -> Iterator[dict[Node, Fraction]]:
    """Candidates for a point where ``left < right`` or ``left ≤ right`` fails, few digits first; none if it seems to hold."""
    if not atoms or any(domain.values or domain.integer for domain in domains):
        return
    columns = draw(atoms, domains, STARTS, seed + 1, wide=True)
    point = np.array([columns[atom].pair()[0] for atom in atoms])
    scale = 0.5
    for round_ in range(ROUNDS):
        gap, size = _gaps(atoms, point, relation, conditions)
        order = np.argsort(-gap / size)
        best = order[:KEPT]
        if gap[best[0]] > 0:
            yield from _rounded(atoms, domains, point[:, best[0]])
            return
        noise = _normal(seed + 2 + round_, len(atoms), STARTS)
        near = np.repeat(point[:, best], STARTS // KEPT, axis=1)
        point = _inside(near + scale * noise * np.maximum(np.abs(near), 0.1), domains)
        point[:, :KEPT] = near[:, :: STARTS // KEPT]
        scale *= 0.35


def _gaps(atoms: Sequence[Node], point: np.ndarray, relation: Node, conditions: Sequence[Node]) -> tuple[np.ndarray, np.ndarray]:
    """left - right beyond its error (minus infinity where undefined), and the size of the sides."""
    count = point.shape[1]
    values: dict[Node, Pair] = {atom: (row, np.abs(row) * UNIT) for atom, row in zip(atoms, point, strict=True)}
    found = evaluate([relation, *conditions], values, count)
    (left, left_error), (right, right_error) = (found[side] for side in relation.args)
    size = np.abs(left) + np.abs(right) + 1e-12
    gap = left - right - 8 * (left_error + right_error)
    allowed = np.isfinite(gap)
    for condition in conditions:
        allowed &= found[condition][0] == 1
    return np.where(allowed, gap, -np.inf), np.where(allowed, size, 1.0)


def _normal(seed: int, rows: int, count: int) -> np.ndarray:
    """Noise without a generator of its own state: sums of twelve uniform numbers."""
    total = np.zeros((rows, count))
    grid = np.arange(1, rows * count + 1, dtype=np.float64).reshape(rows, count)
    for k in range(1, 13):
        total += np.modf(grid * (0.6180339887498949 * k) + (seed % 9973) * 0.7548776662466927 / k)[0]
    return total - 6


def _inside(point: np.ndarray, domains: Sequence[Domain]) -> np.ndarray:
    """Points pushed back into their domains, a little off the ends."""
    made = []
    for row, domain in zip(point, domains, strict=True):
        lower = -np.inf if domain.lower is None else float(domain.lower)
        upper = np.inf if domain.upper is None else float(domain.upper)
        margin = 1e-3 * (upper - lower) if np.isfinite(upper - lower) else 1e-3
        made.append(np.clip(row, lower + margin, upper - margin))
    return np.array(made)


def _rounded(atoms: Sequence[Node], domains: Sequence[Domain], point: np.ndarray) -> Iterator[dict[Node, Fraction]]:
    """The point with more and more digits."""
    for digits in DIGITS:
        values = [Fraction(round(float(value) * 10**digits), 10**digits) for value in point]
        if all(domain.holds(value) for value, domain in zip(values, domains, strict=True)):
            yield dict(zip(atoms, values, strict=True))
