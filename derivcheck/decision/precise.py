"""One point at many digits: the arithmetic that the kernel trusts to tell two numbers apart.

A number is a pair: its value, and a bound on its absolute error carried along as in ``arithmetic``, in units of the
working precision and as a float (beyond the range of floats as an mpmath number). None stands for no number: a
logarithm of a negative number, a division by zero, a tie that only a corner would decide.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from derivcheck.decision.calculus import bind
from derivcheck.decision.node import GivesUp, Node, reachable
from derivcheck.decision.slopes import ABSOLUTE, SLOPES
from derivcheck.decision.wave import wave_of

LARGEST, LARGEST_EXPONENT, LARGEST_ANGLE = 10**4, 10**13, 10**100
Pair = tuple[Any, Any]


@cache
def context() -> Any:
    """Our own mpmath context, so that nobody else's precision is touched."""
    import mpmath

    return mpmath.MPContext()


def evaluate(roots: Sequence[Node], values: Mapping[Node, Pair], digits: int) -> dict[Node, Any]:
    """The value of every node under the roots: a pair, None, or for a condition its truth (None: cannot tell).

    ``values`` holds the pairs of the atoms. Errors: GivesUp.
    """
    mp = context()
    mp.dps = digits
    found: dict[Node, Any] = dict(values)
    for node in reachable(roots, found.__contains__):
        found[node] = _evaluate(node, [found[arg] for arg in node.args], mp)
    return found


def exactly(value: Fraction, digits: int) -> Pair:
    """A rational number at a working precision."""
    mp = context()
    mp.dps = digits
    number = mp.mpf(value.numerator) / value.denominator
    return number, size_of(number)


def size_of(value: Any) -> Any:
    """The absolute value, as a float where floats reach so far."""
    size = abs(float(value))
    return size if 0.0 < size < math.inf or value == 0 else abs(value)


def slack(*errors: Any) -> Any:
    """The sum of errors as a number."""
    return context().eps * sum(errors)


def _evaluate(node: Node, args: list[Any], mp: Any) -> Any:
    rule = _NUMERIC.get(node.op)
    if rule is None:
        return _plain(node, args, mp)
    if None in args:
        return None
    last = node.args[-1] if node.args else node
    if last.op == "constant" and last.value == "infinity":
        return -mp.inf, 0.0
    return _finite(rule, node, args, mp)


def _finite(rule: Callable, node: Node, args: list[Any], mp: Any) -> Any:
    """A value, if it is one: sums and products of numbers always are."""
    try:
        pair = rule(node, args, mp)
    except (OverflowError, ZeroDivisionError):  # a float on the way is too large, or too small to divide by
        return None
    if node.op in ("^", "call") and isinstance(pair, tuple) and not (mp.isfinite(pair[0]) and mp.isfinite(pair[1])):
        return None
    return pair


def _plain(node: Node, args: list[Any], mp: Any) -> Any:
    """What is not computed from numbers: leaves, conditions, binders."""
    match node.op:
        case "number":
            number = mp.mpf(node.value.numerator) / node.value.denominator
            return number, size_of(number)
        case "constant" if node.value == "infinity":
            return mp.inf, 0.0
        case "constant":
            return +(mp.pi if node.value == "pi" else mp.euler), 4.0
        case "truth":
            return node.value
        case "and":
            return _all(args)
        case "or":
            return _not(_all([_not(truth) for truth in args]))
        case "not":
            return _not(args[0])
        case "same truth":
            return None if None in args else args[0] == args[1]
        case "where":
            return None if args[0] is None else args[1 if args[0] else 2]
        case "undefined":
            return None
    if None in args:
        return None
    return bind(node, args, mp, evaluate) if node.op == "binder" else _finite(compare, node, args, mp)


def compare(node: Node, args: list[Pair], mp: Any) -> bool | None:
    """A relation's truth. Equality counts only between numbers with isolated values."""
    if node.op not in ("=", "≠", "<", "≤"):
        raise GivesUp(f"no value for {node.op} {node.value}")
    (left, left_error), (right, right_error) = args
    difference = left - right
    if abs(difference) <= slack(2 * left_error, 2 * right_error, size_of(difference)):
        if not (node.args[0].is_discrete and node.args[1].is_discrete):
            return None
        return node.op in ("=", "≤")
    return {"=": False, "≠": True, "<": difference < 0, "≤": difference < 0}[node.op]


def _all(truths: list[bool | None]) -> bool | None:
    return False if False in truths else None if None in truths else True


def _not(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _add(node: Node, args: list[Pair], mp: Any) -> Pair:
    total, error = args[0]
    for part, more in args[1:]:
        total = total + part
        error = error + more + size_of(total)
    return total, error


def _multiply(node: Node, args: list[Pair], mp: Any) -> Pair:
    value, error = args[0]
    size = size_of(value)
    unit = float(mp.eps)
    for other, more in args[1:]:
        other_size = size_of(other)
        value = value * other
        error = other_size * error + (size + error * unit) * more
        size = size_of(value)
        error += size
    return value, error


def _power(node: Node, args: list[Pair], mp: Any) -> Pair | None:
    (base, base_error), (exponent, exponent_error) = args
    whole = node.args[1].is_discrete and exponent == mp.floor(exponent)
    if whole and exponent > 0 and slack(base_error) >= abs(base):
        value = base ** int(exponent)
        return value, base_error * int(exponent) * (size_of(base) + slack(base_error)) ** (int(exponent) - 1)
    if abs(base) <= slack(2 * base_error) or (base < 0 and not whole):
        return None
    log = _logarithm(base, mp)
    if size_of(exponent) * abs(log) > LARGEST_EXPONENT:
        return None
    value = base ** int(exponent) if whole else mp.power(base, exponent)
    carried = size_of(exponent / base) * base_error + abs(log) * exponent_error
    return value, size_of(value) * (2 * carried + 4 + size_of(exponent) * abs(log))


def _logarithm(value: Any, mp: Any) -> float:
    """The logarithm of a size, to the digits of a float."""
    share, exponent = mp.frexp(abs(value))
    return math.log(float(share)) + exponent * math.log(2)


def _call(node: Node, args: list[Pair], mp: Any) -> Pair | None:
    name = node.value
    if len(args) == 2:
        return _two(name, args, mp)
    x, error = args[0]
    if name == "exp" and x < -LARGEST_EXPONENT:
        return mp.mpf(0), 1.0
    where = _WHERE.get(name)
    margin = slack(2 * error)
    if (where is not None and not (where(x - margin) and where(x + margin))) or abs(x) > _LIMITS.get(name, mp.inf):
        return None
    if name in ("sign", "floor", "ceiling"):
        return _step(_FUNCTIONS[name], x, margin, mp)
    if name not in _FUNCTIONS:
        raise GivesUp(f"no numeric value for {name}")
    value = _FUNCTIONS[name](mp, x)
    size = size_of(value)
    floor = 1 if name in ABSOLUTE else 0
    slope = size if name == "exp" else SLOPES[name](math, float(x), float(value))
    return value, 2 * abs(slope) * error + (size + floor) * 64


def _step(function: Callable, x: Any, margin: Any, mp: Any) -> Pair | None:
    """A function that jumps: no number at the jump unless the argument is exact."""
    value = function(mp, x)
    near = function(mp, x - margin) != value or function(mp, x + margin) != value
    return None if near else (value, 0.0)


def _two(name: str, args: list[Pair], mp: Any) -> Pair | None:
    (x, dx), (y, dy) = args
    if name in ("max", "min"):
        return (max if name == "max" else min)(x, y), max(dx, dy)
    if name != "binomial":
        raise GivesUp(f"no numeric value for {name}")
    if max(abs(x), abs(y)) > LARGEST:
        return None
    value = mp.binomial(x, y)
    return value, abs(float(value)) * (1 + abs(float(x)) + abs(float(y))) * (dx + dy + 64)


def _wave(node: Node, args: list[Pair], mp: Any) -> Pair:
    wave = wave_of(node.value, len(args))
    total, error = mp.mpf(wave.level), 0.0
    for term in wave.terms:
        angle = mp.mpf(term.phase) + mp.fsum([mp.mpf(slope) * x for slope, (x, _) in zip(term.slopes, args, strict=True)])
        turned = (mp.cos(angle), -mp.sin(angle), -mp.cos(angle), mp.sin(angle))[term.quarters]
        carried = sum(abs(slope) * dx for slope, (_, dx) in zip(term.slopes, args, strict=True))
        total += mp.mpf(term.height) * turned
        error += abs(term.height) * (carried + abs(float(angle)) + 8)
    return total, error


_NUMERIC = {"+": _add, "*": _multiply, "^": _power, "call": _call, "unknown": _wave}

_LIMITS = {
    "gamma": LARGEST,
    "factorial": LARGEST,
    **dict.fromkeys(("exp", "sinh", "cosh"), LARGEST_EXPONENT),
    **dict.fromkeys(("sin", "cos", "tan"), LARGEST_ANGLE),
}

_WHERE: dict[str, Callable[[Any], bool]] = {
    "log": lambda x: x > 0,
    "arcsin": lambda x: abs(x) < 1,
    "arccos": lambda x: abs(x) < 1,
    "arcosh": lambda x: x > 1,
    "artanh": lambda x: abs(x) < 1,
    "gamma": lambda x: x > 0,
    "digamma": lambda x: x > 0,
    "factorial": lambda x: x > -1,
}

_FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "exp": lambda mp, x: mp.exp(x),
    "log": lambda mp, x: mp.log(x),
    "sin": lambda mp, x: mp.sin(x),
    "cos": lambda mp, x: mp.cos(x),
    "tan": lambda mp, x: mp.tan(x),
    "sinh": lambda mp, x: mp.sinh(x),
    "cosh": lambda mp, x: mp.cosh(x),
    "tanh": lambda mp, x: mp.tanh(x),
    "arcsin": lambda mp, x: mp.asin(x),
    "arccos": lambda mp, x: mp.acos(x),
    "arctan": lambda mp, x: mp.atan(x),
    "arsinh": lambda mp, x: mp.asinh(x),
    "arcosh": lambda mp, x: mp.acosh(x),
    "artanh": lambda mp, x: mp.atanh(x),
    "erf": lambda mp, x: mp.erf(x),
    "abs": lambda mp, x: abs(x),
    "sign": lambda mp, x: mp.sign(x),
    "floor": lambda mp, x: mp.floor(x),
    "ceiling": lambda mp, x: mp.ceil(x),
    "gamma": lambda mp, x: mp.gamma(x),
    "factorial": lambda mp, x: mp.gamma(x + 1),
    "digamma": lambda mp, x: mp.digamma(x),
}
