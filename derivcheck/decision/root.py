"""Points on the set that leftover equations cut out: Newton's method, from many starts in floating point, then to any precision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from derivcheck.decision import precise
from derivcheck.decision.arithmetic import UNIT, Pair, evaluate
from derivcheck.decision.gradient import differentiate
from derivcheck.decision.graph import Graph
from derivcheck.decision.node import GivesUp, Node, atoms_of, reachable

STEPS = 25
PATIENCE = 10
SETTLED = 4e-15
FIRST_DIGITS = 40
MAX_EQUATIONS, MAX_NODES = 4, 700


def unknowns(graph: Graph, equations: Sequence[Node]) -> list[Node]:
    """One atom for each equation to be found by iteration, those without a domain of their own first; fewer if there are not enough."""
    chosen: list[Node] = []
    if len(equations) > MAX_EQUATIONS:
        return []
    for equation in equations:
        atoms = [node for node in atoms_of([equation]) if node.op == "atom" and node not in chosen and not node.is_discrete]
        if not atoms:
            return []
        chosen.append(min(atoms, key=lambda node: (graph.domain(node).lower is not None, node.index)))
    return chosen


def approach(
    graph: Graph, equations: Sequence[Node], chosen: Sequence[Node], start: Mapping[Node, Pair], count: int
) -> tuple[dict[Node, Pair], np.ndarray]:
    """Roots near the starting points, with error bounds, and a mask of those that are certain. Errors: GivesUp."""
    slopes = [[differentiate(graph, equation, atom) for atom in chosen] for equation in equations]
    roots = [*equations, *(slope for row in slopes for slope in row)]
    if len(reachable(roots)) > MAX_NODES:
        raise GivesUp("equations too long to be solved by iteration")
    values = evaluate(_unmoved(roots, chosen), start, count) | {atom: start[atom] for atom in chosen}
    with np.errstate(all="ignore"):
        for turn in range(STEPS):
            step, _, _ = _newton_step(roots, slopes, equations, values, count)
            step = np.clip(np.where(np.isfinite(step), step, 0.0), -1.0, 1.0)
            for k, atom in enumerate(chosen):
                values[atom] = values[atom][0] - step[:, k], np.zeros(count)
            size = np.stack([np.abs(values[atom][0]) for atom in chosen], axis=1)
            settled = (np.abs(step) <= SETTLED * (1 + size)).all(axis=1)
            if settled.all() or (turn >= PATIENCE and 2 * settled.sum() >= count):
                break
        step, noise, residual = _newton_step(roots, slopes, equations, values, count)
    error = np.abs(step).max(axis=1) + noise
    for atom in chosen:
        size = np.abs(values[atom][0])
        values[atom] = values[atom][0], 4 * error + size * 4 * UNIT
        residual &= np.isfinite(error) & (error < 1e-8 * (1 + size))
    return {atom: values[atom] for atom in chosen}, residual


def _unmoved(roots: Sequence[Node], chosen: Sequence[Node]) -> list[Node]:
    """What does not depend on the chosen atoms: it is computed once, not at each step."""
    moving = set(chosen)
    fixed = []
    for node in reachable(roots):
        if any(arg in moving for arg in node.args):
            moving.add(node)
        elif node not in moving:
            fixed.append(node)
    return fixed


def _newton_step(
    roots: Sequence[Node], slopes: list[list[Node]], equations: Sequence[Node], values: dict[Node, Pair], count: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The step (count, unknowns), how far rounding may have moved it, and where the residual is as good as zero."""
    found = evaluate(roots, values, count)
    residual = np.stack([found[equation][0] for equation in equations], axis=1)
    slack = np.stack([found[equation][1] for equation in equations], axis=1)
    matrix = np.stack([np.stack([found[slope][0] for slope in row], axis=1) for row in slopes], axis=1)
    good = np.isfinite(matrix).all(axis=(1, 2)) & np.isfinite(residual).all(axis=1)
    matrix = np.where(good[:, None, None], matrix, np.eye(len(slopes)))
    singular = np.abs(np.linalg.det(matrix)) < 1e-12
    matrix = np.where(singular[:, None, None], np.eye(len(slopes)), matrix)
    inverse = np.linalg.inv(matrix)
    step = np.einsum("cij,cj->ci", inverse, residual)
    noise = np.einsum("cij,cj->ci", np.abs(inverse), slack).max(axis=1)
    small = (np.abs(residual) <= 1e3 * slack + 1e-12).all(axis=1)
    return np.where((good & ~singular)[:, None], step, np.nan), noise, small & good & ~singular


def refined(equations: Sequence[Node], rough: Mapping[Node, float], values: Mapping[Node, Any], digits: int) -> dict[Node, Any] | None:
    """The roots to so many digits, by Newton's method with ever more of them; None where it does not settle."""
    mp = precise.context()
    chosen = list(rough)
    at = [mp.mpf(rough[atom]) for atom in chosen]
    reached = FIRST_DIGITS // 2
    while reached < digits:
        reached = min(2 * reached, digits)
        found = _settled(equations, chosen, at, values, reached)
        if found is None:
            return None
        at = found
    mp.dps = digits
    return {atom: (x, 1e3 * (1 + abs(float(x)))) for atom, x in zip(chosen, at, strict=True)}


def _settled(equations: Sequence[Node], chosen: Sequence[Node], at: list[Any], values: Mapping[Node, Any], digits: int) -> list[Any] | None:
    """The root near a place, by Newton's method with the slopes at that place."""
    mp = precise.context()
    fixed = precise.evaluate(_unmoved(equations, chosen), values, digits + 10)

    def residuals(point: list[Any]) -> list[Any] | None:
        known = precise.evaluate(equations, fixed | {a: (x, 0.0) for a, x in zip(chosen, point, strict=True)}, digits + 10)
        found = [known[equation] for equation in equations]
        return None if any(pair is None for pair in found) else [pair[0] for pair in found]

    inverse = _inverse_slopes(residuals, at, mp.mpf(10) ** -max(15, digits // 2))
    for _ in range(STEPS if inverse is not None else 0):
        here = residuals(at)
        if here is None:
            return None
        step = inverse * mp.matrix(here)
        at = [x - step[k] for k, x in enumerate(at)]
        if max(abs(step[k]) for k in range(len(at))) <= mp.mpf(10) ** -(digits + 4) * (1 + max(abs(x) for x in at)):
            return at
    return None


def _inverse_slopes(residuals: Callable[[list[Any]], list[Any] | None], at: list[Any], width: Any) -> Any:
    """The inverse of the matrix of slopes, by differences; None where there is none."""
    here = residuals(at)
    shifted = [residuals([x + (width if k == j else 0) for j, x in enumerate(at)]) for k in range(len(at))]
    if here is None or any(part is None for part in shifted):
        return None
    matrix = precise.context().matrix([[(shifted[j][i] - here[i]) / width for j in range(len(at))] for i in range(len(here))])
    try:
        return matrix**-1
    except ZeroDivisionError:
        return None
