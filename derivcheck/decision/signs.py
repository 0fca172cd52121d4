"""Signs in the prime field: of numbers whose sign is not known, and of -1 to an unknown whole power."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from derivcheck.decision.dual import Dual, Points, TooFewPoints
from derivcheck.decision.element import Elements, check_room
from derivcheck.decision.field import PRIME, Span, Vector
from derivcheck.decision.node import GivesUp

FEWEST = 4


class Signs:
    """The signs met so far. Each is 1 or -1 at every point, and all their combinations occur equally often."""

    def __init__(self, points: Points, elements: Elements) -> None:
        self.points = points
        self.elements = elements
        self.bits = 0
        self._known: list[tuple[Dual, Vector]] = []
        self._parities = Span()
        self._parity_signs: list[Vector] = []

    def fresh(self) -> Vector:
        """A sign that depends on none before."""
        bit = self.bits
        self.bits += 1
        if FEWEST << self.bits > self.points.count:
            raise TooFewPoints
        return [1 if k >> bit & 1 else PRIME - 1 for k in range(self.points.count)]

    def assume_positive(self, number: Dual) -> None:
        """Takes a number as positive from here on."""
        self._known.append((number, [1] * self.points.count))

    def of(self, number: Dual) -> Vector:
        """The sign of a number; the same for numbers that are positive multiples of each other."""
        if not any(number[0]):
            raise GivesUp("the sign of zero")
        for known, signs in self._known:
            ratio = self.points.times(number, self.points.inverse(known))
            if self.elements.is_known_positive(ratio):
                return signs
            if self.elements.is_known_positive(self.points.scaled(ratio, Fraction(-1))):
                return [-x % PRIME for x in signs]
        self._known.append((number, self.fresh()))
        return self._known[-1][1]

    def parity(self, exponent: Vector) -> Vector:
        """(-1) to a whole power: a sign for each independent part of the exponent."""
        if not self._parities.size:
            self._parities.add([1] * self.points.count)
            self._parity_signs.append([PRIME - 1] * self.points.count)
        combination = self._parities.express(exponent)
        if combination is None:
            check_room(self._parities, self.points)
            if not self._parities.add(exponent):
                raise GivesUp("a sign to an unusual power")
            self._parity_signs.append(self.fresh())
            return self._parity_signs[-1]
        made = [1] * self.points.count
        for place, factor in combination.items():
            if factor.denominator != 1:
                raise GivesUp("a sign to an unusual power")
            if factor % 2:
                made = [x * y % PRIME for x, y in zip(made, self._parity_signs[place], strict=True)]
        return made

    def are_all_met(self, points: Sequence[int]) -> bool:
        """Whether these points meet every combination of signs more than once."""
        seen = [0] * (1 << self.bits)
        for k in points:
            seen[k & (len(seen) - 1)] += 1
        return min(seen) >= (2 if self.bits else 3)
