"""Arithmetic modulo a 61-bit prime: roots, small rational numbers behind residues, linear relations.

The prime is 24 q + 1 with q prime: it contains i and the 24th roots of unity, 2 and 3 are the only primes whose roots are
ambiguous, and every other root exists and is unique.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from random import Random

PRIME = 1729382256917091529
ODD_PART = 72057594038212147
COFACTOR = 24
SMALL = 4096
Vector = list[int]


def _twenty_fourth_root() -> int:
    """A primitive 24th root of unity."""
    for base in range(2, 200):
        root = pow(base, ODD_PART, PRIME)
        if all(pow(root, COFACTOR // prime, PRIME) != 1 for prime in (2, 3)):
            return root
    raise AssertionError("one base in six has one")


ZETA = _twenty_fourth_root()
IOTA = pow(ZETA, 6, PRIME)
_POWERS = [pow(ZETA, k, PRIME) for k in range(COFACTOR)]
_LOGARITHMS = {value: k for k, value in enumerate(_POWERS)}
_PROJECTION = COFACTOR * pow(COFACTOR, -1, ODD_PART) % (PRIME - 1)


def character(value: int) -> int:
    """The discrete logarithm of a value's part in the 24th roots of unity: value has a d-th root iff gcd(d, 24) divides it."""
    if value == 0:
        return 0
    part = pow(value, _PROJECTION, PRIME)
    return _LOGARITHMS[value * pow(part, -1, PRIME) % PRIME]


def root(value: int, degree: int, random: Random) -> int | None:
    """One of the roots of a value, chosen at random; None where there is none."""
    if value == 0:
        return 0
    part = pow(value, _PROJECTION, PRIME)
    place = _LOGARITHMS[value * pow(part, -1, PRIME) % PRIME]
    shared = gcd(degree, COFACTOR)
    if place % shared:
        return None
    period = COFACTOR // shared
    first = (place // shared) * pow(degree // shared, -1, period) % period if period > 1 else 0
    turn = first + period * random.randrange(shared)
    return pow(part, pow(degree, -1, ODD_PART), PRIME) * _POWERS[turn % COFACTOR] % PRIME


def unity(twelfths: int) -> int:
    """exp(i pi k / 12)."""
    return _POWERS[twelfths % COFACTOR]


def residue(value: Fraction) -> int | None:
    """A rational number modulo the prime; None where it would seem to be 0 or infinite."""
    top, bottom = value.numerator % PRIME, value.denominator % PRIME
    if bottom == 0 or (top == 0 and value):
        return None
    return top * pow(bottom, -1, PRIME) % PRIME if bottom != 1 else top


def rational(value: int, bound: int = SMALL) -> Fraction | None:
    """The rational number with small numerator and denominator behind a residue; None if there is none.

    Source: P. Wang, A p-adic algorithm for univariate partial fractions, 1981.
    """
    r, s, a, b = PRIME, value % PRIME, 0, 1
    while s > bound:
        quotient = r // s
        r, s, a, b = s, r - quotient * s, b, a - quotient * b
    if b == 0 or abs(b) > bound:
        return None
    return Fraction(s, b)


class Span:
    """Vectors over the field, and how a further one depends on them."""

    def __init__(self) -> None:
        self.size = 0
        self._rows: list[tuple[int, Vector, dict[int, int]]] = []

    def express(self, vector: Vector) -> dict[int, Fraction] | None:
        """The vector as a rational combination of those added; None if it is independent or the numbers are not small."""
        rest, combination = self._reduced(vector)
        if any(rest):
            return None
        found: dict[int, Fraction] = {}
        for place, value in combination.items():
            if value:
                small = rational(value)
                if small is None:
                    return None
                found[place] = small
        return found

    def add(self, vector: Vector) -> bool:
        """Adds a vector and numbers it; false (and not added) if it depends on the others."""
        rest, combination = self._reduced(vector)
        pivot = next((k for k, value in enumerate(rest) if value), None)
        if pivot is None:
            return False
        inverse = pow(rest[pivot], -1, PRIME)
        scaled = {place: -value * inverse % PRIME for place, value in combination.items()}
        scaled[self.size] = inverse
        self._rows.append((pivot, [value * inverse % PRIME for value in rest], scaled))
        self.size += 1
        return True

    def _reduced(self, vector: Vector) -> tuple[Vector, dict[int, int]]:
        rest, combination = vector, {}
        for pivot, row, places in self._rows:
            factor = rest[pivot]
            if factor:
                rest = [(x - factor * y) % PRIME for x, y in zip(rest, row, strict=True)]
                for place, value in places.items():
                    combination[place] = (combination.get(place, 0) + factor * value) % PRIME
        return rest, combination


def factors(value: Fraction) -> dict[int, int] | None:
    """The prime factors of a positive rational number with their exponents; None where one is too large to find."""
    found: dict[int, int] = {}
    for number, sign in ((value.numerator, 1), (value.denominator, -1)):
        divisor = 2
        while divisor * divisor <= number and divisor < 10_000:
            while number % divisor == 0:
                found[divisor] = found.get(divisor, 0) + sign
                number //= divisor
            divisor += 1
        if number > 1:
            found[number] = found.get(number, 0) + sign
    return found


def rank(rows: list[list[int]], prime: int) -> int:
    """The rank of a matrix modulo a small prime."""
    rows = [[value % prime for value in row] for row in rows]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[found:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        inverse = pow(pivot[column], -1, prime)
        scaled = [value * inverse % prime for value in pivot]
        rows = [
            row if k < found or not row[column] else [(x - row[column] * y) % prime for x, y in zip(row, scaled, strict=True)]
            for k, row in enumerate(rows)
        ]
        rows.insert(found, scaled)
        found += 1
    return found
