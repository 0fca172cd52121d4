"""gamma and digamma in the prime field: values at arguments that differ by a whole number are tied together."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.decision.dual import Dual, Points
from derivcheck.decision.field import PRIME, Vector

MAX_SHIFT = 64


class Shifts:
    """The values met so far, by function."""

    def __init__(self, points: Points) -> None:
        self.points = points
        self._families: dict[str, list[tuple[Vector, Dual]]] = {}

    def value(self, name: str, argument: Dual) -> Dual:
        """gamma(x + 1) = x gamma(x) and digamma(x + 1) = digamma(x) + 1/x lead to a known value, or it is a new one."""
        family = self._families.setdefault(name, [])
        for known, value in family:
            distance = (argument[0][0] - known[0]) % PRIME
            steps = distance if distance <= MAX_SHIFT else distance - PRIME
            if abs(steps) <= MAX_SHIFT and all((x - y) % PRIME == distance for x, y in zip(argument[0], known, strict=True)):
                return self._shifted(name, value, argument, steps)
        family.append((argument[0], self.points.unknown()))
        return family[-1][1]

    def _shifted(self, name: str, value: Dual, argument: Dual, steps: int) -> Dual:
        points = self.points
        for step in range(abs(steps)):
            factor = points.plus(argument, points.constant((-1 - step if steps > 0 else step) % PRIME))
            if name == "gamma":
                value = points.times(value, factor if steps > 0 else points.inverse(factor))
            else:
                value = points.plus(value, points.scaled(points.inverse(factor), Fraction(1 if steps > 0 else -1)))
        return value
