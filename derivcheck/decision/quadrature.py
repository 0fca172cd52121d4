"""Integrals, infinite sums and limits at many points at once in floating point, with an estimate of their error.

Source: H. Takahasi and M. Mori, Double exponential formulas for numerical integration, 1974.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from derivcheck.decision.node import Node, Scope, reachable

Pair = tuple[np.ndarray, np.ndarray]
Evaluate = Callable[[Sequence[Node], Mapping[Node, Pair], int], dict[Node, Pair]]
STEP, REACH = 1 / 32, 4.0
TERMS = 1000
NOISE = 1e-13


def bind(node: Node, args: Sequence[Pair], count: int, evaluate: Evaluate) -> Pair:
    """The value of a binder from those of its bounds and of its body's other atoms; none for a limit, which takes digits."""
    scope: Scope = node.value
    outer = dict(zip(node.args[scope.bounds :], args[scope.bounds :], strict=True))
    if is_formal(node):
        return _functional(scope, outer, count, evaluate)
    if scope.kind == "integral":
        return _integral(scope, args[0], args[1], outer, count, evaluate)
    if scope.kind == "series":
        return _series(scope, args[0], outer, count, evaluate)
    return np.full(count, np.nan), np.full(count, np.inf)


def is_formal(node: Node) -> bool:
    """Whether nothing but its linearity is known: an integral without bounds, or of an unknown function over an infinite range."""
    scope: Scope = node.value
    if scope.kind == "antiderivative":
        return True
    is_infinite = any(part.op == "constant" and part.value == "infinity" for part in reachable(node.args[: scope.bounds]))
    return is_infinite and any(part.op == "unknown" for part in reachable([scope.body]))


def _on_grid(scope: Scope, outer: Mapping[Node, Pair], grid: np.ndarray, count: int, evaluate: Evaluate) -> tuple[np.ndarray, np.ndarray]:
    """The body on a grid (count, places) of values of its own atom."""
    places = grid.shape[1]
    values = {atom: (np.repeat(value, places), np.repeat(error, places)) for atom, (value, error) in outer.items()}
    values[scope.atom] = grid.ravel(), np.abs(grid.ravel()) * 2.0**-53
    value, error = evaluate([scope.body], values, count * places)[scope.body]
    return value.reshape(count, places), error.reshape(count, places)


def _integral(scope: Scope, lower: Pair, upper: Pair, outer: Mapping[Node, Pair], count: int, evaluate: Evaluate) -> Pair:
    t = np.arange(-REACH, REACH + STEP / 2, STEP)
    a, b = lower[0][:, None], upper[0][:, None]
    bent, slope = np.pi / 2 * np.sinh(t), np.pi / 2 * np.cosh(t)
    from_left, to_right = np.isfinite(lower[0]).all(), np.isfinite(upper[0]).all()
    if from_left and to_right:
        grid, weight = (a + b) / 2 + (b - a) / 2 * np.tanh(bent), (b - a) / 2 * slope / np.cosh(bent) ** 2
    elif from_left:
        grid, weight = a + np.exp(bent), np.exp(bent) * slope + 0 * a
    elif to_right:
        grid, weight = b - np.exp(bent), np.exp(bent) * slope + 0 * b
    else:
        grid, weight = np.tile(np.sinh(bent), (count, 1)), np.tile(np.cosh(bent) * slope, (count, 1))
    value, error = _on_grid(scope, outer, grid, count, evaluate)
    part = value * weight * STEP
    # At the far ends the integrand may overflow against a weight of 0: what is missing there shows in the error.
    part = np.where(np.isnan(part) & (np.abs(t) > REACH * 0.6), 0.0, part)
    fine, coarse = part.sum(axis=1), 2 * part[:, ::2].sum(axis=1)
    own = np.where(np.isfinite(error) & (np.abs(part) > 0), error * np.abs(weight) * STEP, 0.0).sum(axis=1)
    ends = np.abs(part[:, :4]).sum(axis=1) + np.abs(part[:, -4:]).sum(axis=1)
    slack = np.abs(fine - coarse) + 10 * ends + own + NOISE * np.abs(part).sum(axis=1)
    return fine, np.where(np.isfinite(fine), slack, np.inf)


def _functional(scope: Scope, outer: Mapping[Node, Pair], count: int, evaluate: Evaluate) -> Pair:
    """A linear functional in place of the integral: what is true of every one follows from linearity."""
    places = np.array([0.4375, -1.125, 1.8125])
    weights = np.array([0.75, 1.25, 0.5]) + np.arange(count)[:, None] % 7 * np.array([0.125, 0.25, 0.375])
    value, error = _on_grid(scope, outer, np.broadcast_to(places, (count, 3)), count, evaluate)
    return (value * weights).sum(axis=1), (error * weights).sum(axis=1) + NOISE * np.abs(value * weights).sum(axis=1)


def _series(scope: Scope, lower: Pair, outer: Mapping[Node, Pair], count: int, evaluate: Evaluate) -> Pair:
    grid = lower[0][:, None] + np.arange(TERMS)
    value, error = _on_grid(scope, outer, grid, count, evaluate)
    value = np.where(np.abs(value) < 1e-250, 0.0, value)
    # Terms that overflow after the sum has settled are powers over factorials, both beyond the range of floats.
    settled = np.abs(np.nan_to_num(value)).cumsum(axis=1)
    late = np.isnan(value) & (np.arange(TERMS) > 100)
    value = np.where(late, 0.0, value)
    total = value.sum(axis=1)
    tail = np.abs(value[:, -10:]).sum(axis=1) * TERMS
    own = np.where(np.isfinite(error), error, 0.0).sum(axis=1)
    slack = tail + own + NOISE * settled[:, -1]
    return total, np.where(np.isfinite(total) & (tail < 1e-12 * settled[:, -1] + 1e-300), slack, np.inf)
