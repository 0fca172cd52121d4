"""Many points at once in floating point, with a bound on the rounding error carried along.

A number is a pair of arrays: the values, and a first-order bound on their absolute errors. A value that is no number, or
out of range, has an infinite bound. A truth value is an array of 1 (holds), 0 (fails) and -1 (cannot tell: within the
error, or a tie between numbers that vary continuously, where only a corner would decide).

Source: N. Higham, Accuracy and Stability of Numerical Algorithms, 2002, sections 3.1 and 3.3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from derivcheck.decision.node import CONDITIONS, GivesUp, Node, reachable
from derivcheck.decision.quadrature import bind
from derivcheck.decision.slopes import ABSOLUTE, SLOPES
from derivcheck.decision.wave import wave_of

UNIT = 2.0**-53
HUGE, TINY = 1e280, 1e-280
Pair = tuple[np.ndarray, np.ndarray]


def evaluate(roots: Sequence[Node], values: Mapping[Node, Pair], count: int) -> dict[Node, Pair]:
    """The value of every node under the roots, from those of the atoms; a condition's pair is (truth, zeros).

    Shapes: every array (count,). Errors: GivesUp for a function without floating-point meaning.
    """
    found: dict[Node, Pair] = dict(values)
    with np.errstate(all="ignore"):
        for node in reachable(roots, found.__contains__):
            found[node] = _evaluate(node, [found[arg] for arg in node.args], count)
    return found


def _evaluate(node: Node, args: list[Pair], count: int) -> Pair:
    op = node.op
    if op == "number":
        return _number(node, count)
    if op == "+":
        return _add(args)
    if op == "*":
        return _multiply(args)
    if op in CONDITIONS:
        return _truth(node, args, count), np.zeros(count)
    match op:
        case "^":
            pair = _power(node, *args)
        case "call":
            pair = _call(node.value, args)
        case "where":
            return _where(*args)
        case "constant":
            return np.full(count, CONSTANTS[node.value]), np.full(count, 4 * UNIT)
        case "unknown":
            return _wave(node, args, count)
        case "binder":
            return bind(node, args, count, evaluate)
        case "undefined":
            return np.full(count, np.nan), np.full(count, np.inf)
        case _:
            raise GivesUp(f"no value for {node.op} {node.value}")
    return _in_range(pair)


MANY = 1000
CONSTANTS = {"infinity": math.inf, "pi": math.pi, "euler_gamma": 0.5772156649015329}


def _in_range(pair: Pair) -> Pair:
    """Overflow and underflow make a point invalid: their rounding errors are not relative any more."""
    value, error = pair
    size = np.abs(value)
    return value, np.where((size < TINY) & (value != 0) | ~(size < HUGE), np.inf, error)


def _number(node: Node, count: int) -> Pair:
    exact = node.value
    if abs(exact) > HUGE or (exact and abs(exact) < TINY):
        return np.full(count, np.nan), np.full(count, np.inf)
    value = float(exact)
    error = 0.0 if value == exact else abs(value) * UNIT
    return np.full(count, value), np.full(count, error)


def _add(args: list[Pair]) -> Pair:
    value, error = args[0]
    for other, more in args[1:]:
        value = value + other
        error = error + more + np.abs(value) * UNIT
    return value, error


def _multiply(args: list[Pair]) -> Pair:
    value, error = args[0]
    for other, more in args[1:]:
        error = np.abs(other) * error + (np.abs(value) + error) * more
        value = value * other
        error = error + np.abs(value) * UNIT
    return _in_range((value, error)) if len(args) > 1 else (value, error)


def _power(node: Node, base: Pair, exponent: Pair) -> Pair:
    (b, db), (e, de) = base, exponent
    if node.args[1].op == "number":
        q = float(node.args[1].value)
        if q == -1.0:
            value = 1.0 / b
        elif q == 2.0:
            value = b * b
        elif q == 0.5:
            value = np.sqrt(b)
        else:
            value = np.power(b, q)
        if q > 0 and q.is_integer():
            error = abs(q) * np.abs(np.power(b, q - 1)) * db + np.abs(value) * (4 * UNIT + abs(q) * UNIT)
        else:
            error = np.abs(q * value / b) * db + np.abs(value) * 4 * UNIT
            error = np.where(np.abs(b) <= 2 * db, np.inf, error)
        return value, error
    value = np.power(b, e)
    log = np.log(np.abs(b))
    error = np.abs(value) * (np.abs(e / b) * db + np.abs(log) * de + 4 * UNIT * (1 + np.abs(e * log)))
    return value, np.where(np.abs(b) <= 2 * db, np.inf, error)


def _wave(node: Node, args: list[Pair], count: int) -> Pair:
    """The values of an unknown function: those of the wave that stands for it."""
    wave = wave_of(node.value, len(args))
    value, error = np.full(count, wave.level), np.zeros(count)
    for term in wave.terms:
        angle, slack = np.full(count, term.phase), np.zeros(count)
        for slope, (x, dx) in zip(term.slopes, args, strict=True):
            angle = angle + slope * x
            slack = slack + abs(slope) * dx + np.abs(angle) * 2 * UNIT
        value = value + term.height * _TURNED[term.quarters](angle)
        error = error + abs(term.height) * (slack + 2 * UNIT) + np.abs(value) * UNIT
    return value, error


_TURNED = (np.cos, lambda x: -np.sin(x), lambda x: -np.cos(x), np.sin)


def _where(condition: Pair, then: Pair, otherwise: Pair) -> Pair:
    truth = condition[0]
    value = np.where(truth == 1, then[0], otherwise[0])
    error = np.where(truth == 1, then[1], otherwise[1])
    return value, np.where(truth == -1, np.inf, error)


def _truth(node: Node, args: list[Pair], count: int) -> np.ndarray:
    match node.op:
        case "truth":
            return np.full(count, int(node.value), np.int8)
        case "and":
            return _least([truth for truth, _ in args])
        case "or":
            return _negated(_least([_negated(truth) for truth, _ in args]))
        case "not":
            return _negated(args[0][0])
        case "same truth":
            (left, _), (right, _) = args
            return np.where((left == -1) | (right == -1), np.int8(-1), (left == right).astype(np.int8))
    return compare(node, *args)


def _least(truths: list[np.ndarray]) -> np.ndarray:
    """All of them: one that fails decides, else one that cannot be told."""
    stacked = np.array(truths)
    return np.where((stacked == 0).any(axis=0), 0, np.where((stacked == -1).any(axis=0), -1, 1)).astype(np.int8)


def _negated(truth: np.ndarray) -> np.ndarray:
    return np.where(truth == -1, np.int8(-1), 1 - truth).astype(np.int8)


def compare(node: Node, left: Pair, right: Pair) -> np.ndarray:
    """A relation's truth. A tie counts only between numbers with isolated values, computed without error."""
    difference = left[0] - right[0]
    bound = left[1] + right[1] + np.abs(difference) * UNIT
    apart = np.abs(difference) > 4 * bound
    if node.args[0].is_discrete and node.args[1].is_discrete:
        tie = np.abs(difference) <= bound
    else:
        tie = np.zeros(len(difference), bool)
    if node.op == "=":
        truth = np.where(apart, 0, np.where(tie, 1, -1))
    elif node.op == "≠":
        truth = np.where(apart, 1, np.where(tie, 0, -1))
    elif node.op == "<":
        truth = np.where(apart, difference < 0, np.where(tie, 0, -1))
    else:
        truth = np.where(apart, difference < 0, np.where(tie, 1, -1))
    return np.where(np.isfinite(bound), truth, -1).astype(np.int8)


def _call(name: str, args: list[Pair]) -> Pair:
    if len(args) == 2:
        return _TWO[name](*args)
    rule = _ONE.get(name)
    if rule is None:
        raise GivesUp(f"no numeric value for {name}")
    return rule(*args[0])


def _smooth(name: str, function: Callable, own: float = 4.0) -> Callable[[np.ndarray, np.ndarray], Pair]:
    """A function with its slope: the argument's error is carried by the slope, its own goes by its size."""
    slope, floor = SLOPES[name], 1.0 if name in ABSOLUTE else 0.0

    def rule(x: np.ndarray, dx: np.ndarray) -> Pair:
        value = function(x)
        return value, np.abs(slope(np, x, value)) * dx + (np.abs(value) + floor) * own * UNIT

    return rule


def _logarithm(x: np.ndarray, dx: np.ndarray) -> Pair:
    value = np.log(x)
    return value, np.where(x > 2 * dx, dx / x + np.abs(value) * 2 * UNIT + UNIT, np.inf)


def _absolute(x: np.ndarray, dx: np.ndarray) -> Pair:
    return np.abs(x), dx


def _step(function: Callable) -> Callable[[np.ndarray, np.ndarray], Pair]:
    """A function that jumps: exact away from a jump, no number at one, unless its argument is exact."""

    def rule(x: np.ndarray, dx: np.ndarray) -> Pair:
        value = function(x)
        near = (function(x - 2 * dx) != value) | (function(x + 2 * dx) != value)
        return value, np.where(near, np.inf, 0.0)

    return rule


def _greatest(function: Callable) -> Callable[[Pair, Pair], Pair]:
    def rule(left: Pair, right: Pair) -> Pair:
        return function(left[0], right[0]), np.maximum(left[1], right[1])

    return rule


def _vector(function: Callable[[float], float]) -> Callable[[np.ndarray], np.ndarray]:
    """A function of one float on arrays; where it is undefined or overflows: not a number."""

    def guarded(x: float) -> float:
        try:
            return function(x)
        except (ValueError, OverflowError, ZeroDivisionError):
            return math.nan

    def vector(x: np.ndarray) -> np.ndarray:
        # What runs through whole numbers has the same values at every point.
        values, places = np.unique(x, return_inverse=True) if x.size > MANY else (x, None)
        found = np.array([guarded(value) for value in values.tolist()])
        return found if places is None else found[places]

    return vector


def _digamma(x: float) -> float:
    """Recurrence up to 10, then the asymptotic series (Abramowitz and Stegun 6.3.5 and 6.3.18)."""
    if x <= 0:
        return math.nan
    below = 0.0
    while x < 10:
        below -= 1 / x
        x += 1
    square = 1 / (x * x)
    series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square * (1 / 132 - square * 691 / 32760)))))
    return below + math.log(x) - 0.5 / x - series


def _gamma(x: float) -> float:
    return math.gamma(x) if x > 0 else math.nan


def _binomial(top: Pair, bottom: Pair) -> Pair:
    """Gamma(n+1) / (Gamma(k+1) Gamma(n-k+1)), zero for a whole k above or below the range of a whole n."""
    (n, dn), (k, dk) = top, bottom
    value = _vector2(_choose)(n, k)
    error = np.where((dn > 0) | (dk > 0), np.inf, np.abs(value) * 16 * UNIT)
    return value, error


def _choose(n: float, k: float) -> float:
    if n.is_integer() and k.is_integer() and n >= 0:
        return float(math.comb(int(n), int(k))) if 0 <= k <= n else 0.0
    return math.gamma(n + 1) / (math.gamma(k + 1) * math.gamma(n - k + 1))


def _vector2(function: Callable[[float, float], float]) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    def guarded(x: float, y: float) -> float:
        try:
            return function(x, y)
        except (ValueError, OverflowError, ZeroDivisionError):
            return math.nan

    return lambda x, y: np.array([guarded(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)])


_PLAIN = {
    "exp": np.exp,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "arcsin": np.arcsin,
    "arccos": np.arccos,
    "arctan": np.arctan,
    "arsinh": np.arcsinh,
    "arcosh": np.arccosh,
    "artanh": np.arctanh,
    "erf": _vector(math.erf),
    "gamma": _vector(_gamma),
    "factorial": _vector(lambda x: _gamma(x + 1)),
    "digamma": _vector(_digamma),
}

_ONE: dict[str, Callable[[np.ndarray, np.ndarray], Pair]] = {
    **{name: _smooth(name, function, 16.0 if "gamma" in name or name == "factorial" else 4.0) for name, function in _PLAIN.items()},
    "log": _logarithm,
    "abs": _absolute,
    "sign": _step(np.sign),
    "floor": _step(np.floor),
    "ceiling": _step(np.ceil),
}

_TWO: dict[str, Callable[[Pair, Pair], Pair]] = {
    "max": _greatest(np.maximum),
    "min": _greatest(np.minimum),
    "binomial": _binomial,
}
