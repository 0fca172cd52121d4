"""Integrals, infinite sums and limits at one point with many digits, each computed twice to see how far it can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from derivcheck.decision.node import Node, Scope
from derivcheck.decision.quadrature import is_formal

Pair = tuple[Any, float]
Evaluate = Callable[[Sequence[Node], Mapping[Node, Pair], int], dict[Node, Any]]
MAX_DIGITS = 30
NEAR, NEARER = 12, 15


class _NoValue(Exception):
    """The body has no value somewhere on the way."""


def bind(node: Node, args: Sequence[Pair], mp: Any, evaluate: Evaluate) -> Pair | None:
    """The value of a binder; None where it cannot be told, or more digits are wanted than it can give."""
    scope: Scope = node.value
    digits = mp.dps
    if is_formal(node) or digits > 100:
        return None
    outer = dict(zip(node.args[scope.bounds :], args[scope.bounds :], strict=True))

    def body(x: Any) -> Any:
        found = evaluate([scope.body], {**outer, scope.atom: (x, abs(float(x)))}, working)[scope.body]
        if found is None:
            raise _NoValue
        return found[0]

    working = MAX_DIGITS
    try:
        mp.dps = working
        found = _RULES[scope.kind](scope, args, body, mp)
        mp.dps = digits
        return None if found is None else (found[0], float(found[1] / mp.eps))
    except (_NoValue, mp.NoConvergence, ZeroDivisionError, ValueError, OverflowError):
        return None
    finally:
        mp.dps = digits


def _integral(scope: Scope, args: Sequence[Pair], body: Callable, mp: Any) -> tuple | None:
    """The value and its error, as numbers."""
    lower, upper = args[0][0], args[1][0]
    middle = [] if lower == -mp.inf or upper == mp.inf else [(2 * lower + upper) / 3]
    first, error = mp.quad(body, [lower, upper], error=True, maxdegree=6)
    split = [lower, *(middle or [_between(lower, upper, mp)]), upper]
    second, _ = mp.quad(body, split, error=True, maxdegree=6)
    return second, 10 * (abs(first - second) + error) + abs(second) * mp.mpf(10) ** -12


def _between(lower: Any, upper: Any, mp: Any) -> Any:
    if lower == -mp.inf:
        return mp.mpf(0) if upper == mp.inf else upper - 1
    return lower + 1


def _series(scope: Scope, args: Sequence[Pair], body: Callable, mp: Any) -> tuple | None:
    first = mp.nsum(body, [args[0][0], mp.inf])
    second = mp.fsum([body(args[0][0] + k) for k in range(7)]) + mp.nsum(body, [args[0][0] + 7, mp.inf])
    slack = abs(first - second)
    if slack > mp.mpf(10) ** -8 * (1 + abs(first)):
        return None
    return second, 100 * slack + abs(second) * mp.mpf(10) ** -12


def _limit(scope: Scope, args: Sequence[Pair], body: Callable, mp: Any) -> tuple | None:
    """Two values very near the point, from each side asked for; None unless they are nearly the same."""
    point = args[0][0]
    sides = {"+": (1,), "-": (-1,)}.get(scope.direction, (1, -1))
    found = []
    for side in sides:
        for power in (NEAR, NEARER):
            near = mp.mpf(10) ** power if mp.isinf(point) else side * mp.mpf(10) ** -power
            found.append(body(near * mp.sign(point) if mp.isinf(point) else point + near))
    value = found[1]
    slack = max(abs(value - other) for other in found)
    if slack > mp.mpf(10) ** -6 * (1 + abs(value)):
        return None
    return value, 10 * slack + abs(value) * mp.mpf(10) ** -10


_RULES: dict[str, Callable] = {"integral": _integral, "series": _series, "limit": _limit}
