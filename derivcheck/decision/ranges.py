"""Bounds on the values of a node, from the domains of its atoms: what is positive, what is never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from derivcheck.decision.graph import Graph
from derivcheck.decision.node import Node, reachable
from derivcheck.term.type import Domain


@dataclass(frozen=True, slots=True)
class End:
    """One end of an interval: a number, or None for infinity; ``open``: not reached."""

    value: Fraction | None = None
    open: bool = True


@dataclass(frozen=True, slots=True)
class Interval:
    lower: End = End()
    upper: End = End()

    def is_positive(self) -> bool:
        value = self.lower.value
        return value is not None and (value > 0 or (value == 0 and self.lower.open))

    def is_negative(self) -> bool:
        value = self.upper.value
        return value is not None and (value < 0 or (value == 0 and self.upper.open))

    def is_nonnegative(self) -> bool:
        return self.lower.value is not None and self.lower.value >= 0


ANY = Interval()
NONE, CLOSED = End(), False
_ZERO, _ONE, _MINUS_ONE = (End(Fraction(value), CLOSED) for value in (0, 1, -1))
_ABOVE_ZERO, _BELOW_ONE, _ABOVE_MINUS_ONE = (End(Fraction(value)) for value in (0, 1, -1))
_CONSTANTS = {
    "pi": Interval(End(Fraction(314159, 100000)), End(Fraction(31416, 10000))),
    "euler_gamma": Interval(End(Fraction(577, 1000)), End(Fraction(578, 1000))),
}
POSITIVE, NONNEGATIVE = Interval(_ABOVE_ZERO), Interval(_ZERO)


class Ranges:
    """Interval arithmetic over a graph, with its answers kept."""

    def __init__(self, graph: Graph, domains: Mapping[Node, Domain]) -> None:
        self.graph = graph
        self.domains = domains
        self._known: dict[Node, Interval] = {}

    def of(self, root: Node) -> Interval:
        for node in reachable([root], self._known.__contains__):
            self._known[node] = self._rule(node)
        return self._known[root]

    def is_positive(self, node: Node) -> bool:
        return self.of(node).is_positive()

    def is_never_zero(self, node: Node) -> bool:
        found = self.of(node)
        return found.is_positive() or found.is_negative()

    def _rule(self, node: Node) -> Interval:
        args = [self._known.get(arg, ANY) for arg in node.args]
        match node.op:
            case "number":
                end = End(node.value, CLOSED)
                return Interval(end, end)
            case "atom" | "unknown":
                return _of_domain(self.domains.get(node) or self.graph.domain(node))
            case "constant":
                return _CONSTANTS.get(node.value, ANY)
            case "+":
                return Interval(_total([arg.lower for arg in args]), _total([arg.upper for arg in args]))
            case "*":
                found = args[0]
                for arg in args[1:]:
                    found = _product(found, arg)
                return found
            case "^":
                return _power(args[0], node)
            case "call":
                return _call(node.value, args)
            case "where":
                return Interval(_least(args[1].lower, args[2].lower), _greatest(args[1].upper, args[2].upper))
        return ANY


def _of_domain(domain: Domain) -> Interval:
    if domain.values:
        return Interval(End(min(domain.values), CLOSED), End(max(domain.values), CLOSED))
    return Interval(
        End(domain.lower, domain.open) if domain.lower is not None else NONE,
        End(domain.upper, domain.open) if domain.upper is not None else NONE,
    )


def _total(ends: list[End]) -> End:
    if any(end.value is None for end in ends):
        return NONE
    return End(sum((end.value for end in ends), Fraction(0)), any(end.open for end in ends))


def _least(first: End, second: End) -> End:
    """The lower of two lower ends."""
    if first.value is None or second.value is None:
        return NONE
    if first.value == second.value:
        return End(first.value, first.open and second.open)
    return min(first, second, key=lambda end: end.value)


def _greatest(first: End, second: End) -> End:
    turned = _least(_turned(first), _turned(second))
    return _turned(turned)


def _turned(end: End) -> End:
    return end if end.value is None else End(-end.value, end.open)


def _product(left: Interval, right: Interval) -> Interval:
    """The product; an interval that spans zero and infinity gives no bound."""
    if left.is_nonnegative() and right.is_nonnegative():
        return Interval(_times(left.lower, right.lower), _times(left.upper, right.upper))
    if _is_nonpositive(left):
        return _negative(_product(_negative(left), right))
    if _is_nonpositive(right):
        return _negative(_product(left, _negative(right)))
    if None in (left.lower.value, left.upper.value, right.lower.value, right.upper.value):
        return ANY
    ends = [_times(a, b) for a in (left.lower, left.upper) for b in (right.lower, right.upper)]
    lower, upper = ends[0], ends[0]
    for end in ends[1:]:
        lower, upper = _least(lower, end), _greatest(upper, end)
    return Interval(lower, upper)


def _is_nonpositive(interval: Interval) -> bool:
    return interval.upper.value is not None and interval.upper.value <= 0


def _negative(interval: Interval) -> Interval:
    return Interval(_turned(interval.upper), _turned(interval.lower))


def _times(left: End, right: End) -> End:
    """A product of ends; zero wins over infinity, and is reached if a zero is reached."""
    for end, other in ((left, right), (right, left)):
        if end.value == 0:
            reached = not end.open or (other.value == 0 and not other.open)
            return End(Fraction(0), not reached)
    if left.value is None or right.value is None:
        return NONE
    return End(left.value * right.value, left.open or right.open)


def _power(base: Interval, node: Node) -> Interval:
    exponent = node.args[1]
    if exponent.op != "number":
        return POSITIVE if base.is_positive() else ANY
    value: Fraction = exponent.value
    if value < 0:
        return _reciprocal(_raised(base, -value))
    return _raised(base, value)


def _raised(base: Interval, exponent: Fraction) -> Interval:
    """A power with a positive exponent."""
    if exponent.denominator != 1:
        upper = _ONE if base.upper.value is not None and base.upper.value <= 1 else NONE
        return Interval(_ABOVE_ZERO if base.is_positive() else _ZERO, upper)
    whole = int(exponent)
    if whole > 64:
        return NONNEGATIVE if whole % 2 == 0 else ANY
    if base.is_nonnegative():
        return Interval(_to_power(base.lower, whole), _to_power(base.upper, whole))
    if whole % 2 == 0:
        if _is_nonpositive(base):
            return _raised(_negative(base), exponent)
        reach = _greatest(_turned(base.lower), base.upper)
        return Interval(_ZERO, _to_power(reach, whole))
    return Interval(_to_power(base.lower, whole), _to_power(base.upper, whole))


def _to_power(end: End, whole: int) -> End:
    return end if end.value is None else End(end.value**whole, end.open)


def _reciprocal(interval: Interval) -> Interval:
    if interval.is_positive():
        return Interval(_inverse(interval.upper), _inverse(interval.lower))
    if interval.is_negative():
        return _negative(_reciprocal(_negative(interval)))
    if interval.is_nonnegative():
        return POSITIVE
    return ANY


def _inverse(end: End) -> End:
    if end.value is None:
        return _ABOVE_ZERO
    return NONE if end.value == 0 else End(1 / end.value, end.open)


_OUTPUT = {
    "sin": Interval(_MINUS_ONE, _ONE),
    "cos": Interval(_MINUS_ONE, _ONE),
    "sign": Interval(_MINUS_ONE, _ONE),
    "cosh": Interval(_ONE, NONE),
    "gamma": POSITIVE,
    "factorial": POSITIVE,
    "arctan": Interval(End(Fraction(-11, 7)), End(Fraction(11, 7))),
}


def _call(name: str, args: list[Interval]) -> Interval:
    inner = args[0]
    match name:
        case "exp":
            upper = _at(inner.upper, _ONE) if inner.upper.value is not None and inner.upper.value <= 0 else NONE
            lower = _at(inner.lower, _ONE) if inner.lower.value is not None and inner.lower.value >= 0 else _ABOVE_ZERO
            return Interval(lower, upper)
        case "log":
            lower = _at(inner.lower, _ZERO) if inner.lower.value is not None and inner.lower.value >= 1 else NONE
            upper = _at(inner.upper, _ZERO) if inner.upper.value is not None and inner.upper.value <= 1 else NONE
            return Interval(lower, upper)
        case "tanh" | "erf":
            lower = _ABOVE_ZERO if inner.is_positive() else _ZERO if inner.is_nonnegative() else _ABOVE_MINUS_ONE
            upper = _turned(_ABOVE_ZERO) if inner.is_negative() else _ZERO if _is_nonpositive(inner) else _BELOW_ONE
            return Interval(lower, upper)
        case "sinh" | "arsinh" | "arcsin" | "artanh":
            lower = _ABOVE_ZERO if inner.is_positive() else _ZERO if inner.is_nonnegative() else NONE
            upper = _turned(_ABOVE_ZERO) if inner.is_negative() else _ZERO if _is_nonpositive(inner) else NONE
            return Interval(lower, upper)
        case "abs":
            return inner if inner.is_nonnegative() else _negative(inner) if _is_nonpositive(inner) else NONNEGATIVE
        case "max":
            return Interval(_greater_lower(args[0].lower, args[1].lower), _greatest(args[0].upper, args[1].upper))
        case "min":
            return _negative(_call("max", [_negative(arg) for arg in args]))
    return _OUTPUT.get(name, ANY)


def _at(end: End, bound: End) -> End:
    """The bound, reached only if the end that gives it is reached and is the very place."""
    return End(bound.value, end.open)


def _greater_lower(first: End, second: End) -> End:
    if first.value is None or second.value is None:
        return second if first.value is None else first
    if first.value == second.value:
        return End(first.value, first.open or second.open)
    return max(first, second, key=lambda end: end.value)
