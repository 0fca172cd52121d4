"""Integrals, infinite sums and limits at one point with many digits, each computed twice to see how far it can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from derivcheck.decision.node import Node, Scope, reachable
from derivcheck.decision.quadrature import is_formal

Pair = tuple[Any, float]
Evaluate = Callable[[Sequence[Node], Mapping[Node, Pair], int], dict[Node, Any]]
MAX_DIGITS, LIMIT_DIGITS, MOST_DIGITS = 25, 90, 100
# What is computed as very small may be nothing: errors do not shrink below this many times the relative ones.
FLOOR = 1e-3
# How many terms of a series are added up one by one at most, from which on it may have ended, and after how many that no longer matter.
MAX_TERMS, MIN_TERMS, DEAD = 300, 20, 5
# How near a point, as powers of ten: the nearest at which the body has a value decides.
NEAR = ((15, 12), (9, 7), (4, 3))


class NoValue(Exception):
    """The body has no value somewhere on the way."""


def bind(node: Node, args: Sequence[Pair], mp: Any, evaluate: Evaluate) -> Pair | None:
    """The value of a binder; None where it cannot be told, or more digits are wanted than it can give."""
    scope: Scope = node.value
    digits = mp.dps
    is_nested = any(inner.op == "binder" for inner in reachable([scope.body]))
    if is_nested or is_formal(node) or digits > MOST_DIGITS:
        return None
    outer = dict(zip(node.args[scope.bounds :], args[scope.bounds :], strict=True))
    walker = _walker()
    walker.dps = LIMIT_DIGITS if scope.kind == "limit" else MAX_DIGITS

    def body(x: Any) -> Any:
        here = mp.make_mpf(x._mpf_)
        found = evaluate([scope.body], {**outer, scope.atom: (here, abs(float(here)))}, walker.dps + 5)[scope.body]
        if found is None:
            raise NoValue
        return walker.make_mpf(found[0]._mpf_)

    try:
        bounds = [walker.make_mpf(value._mpf_) for value, _ in args[: scope.bounds]]
        found = _RULES[scope.kind](scope, bounds, body, walker)
    except (NoValue, walker.NoConvergence, ZeroDivisionError, ValueError, OverflowError):
        return None
    finally:
        mp.dps = digits
    if found is None:
        return None
    value, error = (mp.make_mpf(part._mpf_) for part in found)
    return value, float(error / mp.eps)


@cache
def _walker() -> Any:
    """A context of its own for the methods that raise their precision while they call the body."""
    import mpmath

    return mpmath.MPContext()


def _integral(scope: Scope, bounds: Sequence[Any], body: Callable, mp: Any) -> tuple | None:
    """The value and its error, as numbers; None where the integrand has too large values on the way.

    The parts on either side of a point somewhere inside must each have a value: over the whole line those of x, which
    have none, would cancel.
    """
    lower, upper = bounds
    first, error = mp.quad(body, [lower, upper], error=True, maxdegree=6)
    inside = _between(lower, upper, mp)
    parts = [mp.quad(body, ends, error=True, maxdegree=6) for ends in ([lower, inside], [inside, upper])]
    second = mp.fsum(value for value, _ in parts)
    size = mp.fsum(abs(value) for value, _ in parts)
    slack = 10 * (abs(first - second) + error + mp.fsum(slack for _, slack in parts))
    # Through a pole the parts tell of nothing, and no error of theirs is large enough for what is made of them.
    return (second, slack + (FLOOR + size) * mp.mpf(10) ** -12) if slack <= mp.mpf(10) ** -6 * (1 + size) else None


def _between(lower: Any, upper: Any, mp: Any) -> Any:
    if lower == -mp.inf:
        return mp.mpf(3) / 7 if upper == mp.inf else upper - 1
    return lower + 1 if upper == mp.inf else (2 * lower + upper) / 3


def _series(scope: Scope, bounds: Sequence[Any], body: Callable, mp: Any) -> tuple | None:
    total = _added_up(bounds[0], body, mp)
    if total is not None:
        return total, (FLOOR + abs(total)) * mp.mpf(10) ** -12
    first = mp.nsum(body, [bounds[0], mp.inf])
    second = mp.fsum([body(bounds[0] + k) for k in range(7)]) + mp.nsum(body, [bounds[0] + 7, mp.inf])
    slack = abs(first - second)
    if slack > mp.mpf(10) ** -8 * (1 + abs(first)):
        return None
    return second, 100 * slack + (FLOOR + abs(second)) * mp.mpf(10) ** -12


def _added_up(lower: Any, body: Callable, mp: Any) -> Any:
    """A sum whose terms soon die out as fast as those of a geometric series; None for any other one."""
    total, last, dying = mp.mpf(0), mp.inf, 0
    for count in range(MAX_TERMS):
        term = body(lower + count)
        total += term
        dying = dying + 1 if 2 * abs(term) <= last and abs(term) <= mp.eps * abs(total) else 0
        last = abs(term)
        if dying >= DEAD and count >= MIN_TERMS and total:
            return total
    return None


def _limit(scope: Scope, bounds: Sequence[Any], body: Callable, mp: Any) -> tuple | None:
    """Two values very near the point, from each side asked for; None unless they are nearly the same."""
    for powers in NEAR:
        try:
            return _approached(scope, bounds[0], body, powers, mp)
        except NoValue:
            continue
    return None


def _approached(scope: Scope, point: Any, body: Callable, powers: tuple[int, int], mp: Any) -> tuple | None:
    sides = {"+": (1,), "-": (-1,)}.get(scope.direction, (1, -1))
    found = []
    for side in (int(mp.sign(point)),) if mp.isinf(point) else sides:
        for power in powers:
            found.append(body(side * mp.mpf(10) ** power if mp.isinf(point) else point + side * mp.mpf(10) ** -power))
    value = found[0]
    gap = max(abs(value - other) for other in found)
    if gap > mp.mpf(10) ** -6 * (1 + abs(value)):
        return None
    return value, 10 * gap + (1 + abs(value)) * mp.mpf(10) ** -10


_RULES: dict[str, Callable] = {"integral": _integral, "series": _series, "limit": _limit}
