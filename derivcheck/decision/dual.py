"""Numbers at many random points of the prime field, each with its derivative by one random derivation."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from derivcheck.decision.field import PRIME, Vector, residue
from derivcheck.decision.node import GivesUp

Dual = tuple[Vector, Vector]


class TooFewPoints(Exception):
    """More unknowns than points to tell them apart: begin again with more."""


class Points:
    """Arithmetic at ``count`` points. ``is_bad[k]``: a denominator vanished or a root does not exist at point k."""

    def __init__(self, count: int, seed: int) -> None:
        self.count = count
        self.random = Random(seed)
        self.is_bad = [False] * count

    def vector(self) -> Vector:
        """A random number at each point."""
        pick = self.random.randrange
        return [pick(2, PRIME - 1) for _ in range(self.count)]

    def unknown(self) -> Dual:
        """A number about which nothing is known."""
        return self.vector(), self.vector()

    def constant(self, number: int) -> Dual:
        return [number] * self.count, [0] * self.count

    def fraction(self, value: Fraction) -> Dual:
        number = residue(value)
        if number is None:
            raise GivesUp("a number that the field cannot hold")
        return self.constant(number)

    def invert(self, vector: Vector) -> Vector:
        made = []
        for k, value in enumerate(vector):
            if value == 0:
                self.is_bad[k] = True
                made.append(1)
            else:
                made.append(pow(value, -1, PRIME))
        return made

    def plus(self, *numbers: Dual) -> Dual:
        if not numbers:
            return self.constant(0)
        values, slopes = zip(*numbers, strict=True)
        return [sum(column) % PRIME for column in zip(*values, strict=True)], [sum(column) % PRIME for column in zip(*slopes, strict=True)]

    def minus(self, left: Dual, right: Dual) -> Dual:
        (a, da), (b, db) = left, right
        return [(x - y) % PRIME for x, y in zip(a, b, strict=True)], [(x - y) % PRIME for x, y in zip(da, db, strict=True)]

    def times(self, left: Dual, right: Dual) -> Dual:
        (a, da), (b, db) = left, right
        value = [x * y % PRIME for x, y in zip(a, b, strict=True)]
        return value, [(x * dy + dx * y) % PRIME for x, dx, y, dy in zip(a, da, b, db, strict=True)]

    def scaled(self, number: Dual, factor: Fraction) -> Dual:
        by = residue(factor)
        if by is None:
            raise GivesUp("a number that the field cannot hold")
        return [x * by % PRIME for x in number[0]], [x * by % PRIME for x in number[1]]

    def inverse(self, number: Dual) -> Dual:
        inverse = self.invert(number[0])
        return inverse, [-x * x * dx % PRIME for x, dx in zip(inverse, number[1], strict=True)]

    def power(self, base: Dual, exponent: int) -> Dual:
        if exponent < 0:
            base, exponent = self.inverse(base), -exponent
        if exponent > 10**6:
            raise GivesUp("a huge power")
        lower = [pow(x, exponent - 1, PRIME) for x in base[0]]
        value = [x * y % PRIME for x, y in zip(lower, base[0], strict=True)]
        return value, [exponent * x * dx % PRIME for x, dx in zip(lower, base[1], strict=True)]
