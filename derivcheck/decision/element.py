"""Exponentials, logarithms and roots in the prime field: elements with logarithms of their own.

exp and log tie two groups together: an *element* e with its logarithm l, both random, so that a rational combination of
logarithms has as its exponential the same combination of elements, multiplied. Elements multiply to a constant exactly if
their logarithmic derivatives add up to zero for every derivation, which is how products are recognised inside a
logarithm or a root (D. Richardson, How to recognize zero, 1997).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from derivcheck.decision.dual import Dual, Points, TooFewPoints
from derivcheck.decision.field import PRIME, Span, Vector, character, factors, rank, rational, residue, root
from derivcheck.decision.node import GivesUp

# A generator's power, so that its roots up to the twelfth are at hand, and those of decimals.
LEVEL = 2**4 * 3**2 * 5**3 * 7 * 11 * 13
MAX_POWER = 64
MAX_CONSTANT = 2**28
MAX_ROOT = 12


@dataclass(slots=True)
class Element:
    """A kernel that can be raised to powers: value and logarithmic derivative, and a generator whose LEVEL-th power it is."""

    value: Vector
    slope: Vector
    generator: Vector | None = None
    is_positive: bool = True
    is_constant: bool = False
    roots: dict[int, Vector] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Product:
    """Element powers times a positive rational number."""

    powers: dict[int, Fraction]
    constant: Fraction = Fraction(1)

    def times(self, other: Product) -> Product:
        """The product, exponent by exponent."""
        powers = dict(self.powers)
        for place, power in other.powers.items():
            powers[place] = powers.get(place, Fraction(0)) + power
        return Product(powers, self.constant * other.constant)


class Elements:
    """The elements met so far, at the points of ``points``."""

    def __init__(self, points: Points) -> None:
        self.points = points
        self._elements: list[Element] = []
        self._logarithms: list[Dual] = []
        self._arguments = Span()
        self._slopes = Span()
        self._sloped: list[int] = []
        self._places: dict[tuple, int] = {}
        self._radicals: list[tuple[int, list[int]]] = []

    def free(self) -> Element:
        """An element that depends on nothing met before."""
        generator = self.points.vector()
        return Element([pow(x, LEVEL, PRIME) for x in generator], self.points.vector(), generator)

    def named(self, key: tuple) -> Dual:
        """The value of the free element of a key, made at need."""
        if key not in self._places:
            self._places[key] = self._enter(self.free(), self.points.unknown())
        return self.value(self._places[key])

    def value(self, place: int) -> Dual:
        element = self._elements[place]
        return element.value, [x * s % PRIME for x, s in zip(element.value, element.slope, strict=True)]

    def _enter(self, element: Element, logarithm: Dual) -> int:
        check_room(self._arguments, self.points)
        if not self._arguments.add(logarithm[0]):
            raise TooFewPoints
        self._elements.append(element)
        self._logarithms.append(logarithm)
        place = len(self._elements) - 1
        if element.is_positive and self._slopes.add(element.slope):
            self._sloped.append(place)
        return place

    def exponential(self, exponent: Dual) -> Dual:
        """exp of a combination of known logarithms, or a new element."""
        if not any(exponent[0]):
            return self.points.constant(1)
        if all(x == exponent[0][0] for x in exponent[0]):
            self._know_e()
        combination = self._arguments.express(exponent[0])
        if combination is None:
            return self.value(self._enter(self.free(), exponent))
        made = self.points.constant(1)
        for place, power in combination.items():
            made = self.points.times(made, self.raised(self._elements[place], power))
        return made

    def _know_e(self) -> None:
        """e itself comes before its powers, so that these are whole powers."""
        if ("e",) not in self._places:
            self._places["e",] = self._enter(self.free(), self.points.constant(1))

    def raised(self, element: Element, power: Fraction) -> Dual:
        """A rational power of an element."""
        if power.denominator == 1:
            value = [pow(x, abs(int(power)), PRIME) for x in element.value]
        elif not element.is_positive:
            raise GivesUp("a root of a number of unknown sign")
        elif element.generator is not None:
            if LEVEL % power.denominator:
                raise GivesUp("an unusual root")
            value = [pow(x, abs(int(power * LEVEL)), PRIME) for x in element.generator]
        else:
            value = [pow(x, abs(power.numerator), PRIME) for x in self._root(element, power.denominator)]
        value = self.points.invert(value) if power < 0 else value
        scale = residue(power)
        if scale is None:
            raise GivesUp("a number that the field cannot hold")
        return value, [x * s * scale % PRIME for x, s in zip(value, element.slope, strict=True)]

    def _root(self, element: Element, degree: int) -> Vector:
        """One choice of root at each point; all roots of an element are powers of one."""
        known = next((whole for whole in element.roots if whole % degree == 0), None)
        if known is None:
            if element.roots:
                raise GivesUp("roots of several degrees")
            known = degree
            found = []
            for k, value in enumerate(element.value):
                made = root(value, known, self.points.random)
                if made is None:
                    self.points.is_bad[k] = True
                found.append(1 if made is None else made)
            element.roots[known] = found
            if not element.is_constant:
                self._radicals += [(prime, [character(x) for x in element.value]) for prime in (2, 3) if known % prime == 0]
        return [pow(x, known // degree, PRIME) for x in element.roots[known]]

    def logarithm(self, product: Product) -> Dual:
        parts = [self.points.scaled(self._logarithms[place], power) for place, power in product.powers.items()]
        for prime, power in factors(product.constant).items():
            parts.append(self.points.scaled(self._logarithms[self._prime(prime)], Fraction(power)))
        return self.points.plus(*parts)

    def _prime(self, prime: int) -> int:
        if ("prime", prime) not in self._places:
            element = Element([prime % PRIME] * self.points.count, [0] * self.points.count, is_constant=True)
            self._places["prime", prime] = self._enter(element, (self.points.vector(), [0] * self.points.count))
        return self._places["prime", prime]

    def raised_product(self, inner: Product, power: Fraction) -> Product:
        powers = {place: factor * power for place, factor in inner.powers.items()}
        if power.denominator == 1 and abs(power) <= MAX_POWER:
            return Product(powers, inner.constant ** int(power))
        for prime, exponent in factors(inner.constant).items():
            place = self._prime(prime)
            powers[place] = powers.get(place, Fraction(0)) + exponent * power
        return Product(powers)

    def product(self, number: Dual) -> Product:
        """A positive number as a product of elements, found by logarithmic derivatives and checked by value, or a new one."""
        key = ("positive", tuple(number[0]))
        if key not in self._places:
            slope = self._logarithmic_slope(number)
            known = self._known_product(number[0], slope)
            if known is not None:
                return known
            is_constant = not any(slope)
            self._places[key] = self._enter(Element(number[0], slope, is_constant=is_constant), self.points.unknown())
        return Product({self._places[key]: Fraction(1)})

    def is_known_positive(self, number: Dual) -> bool:
        """Whether a number is a product of powers of positive elements."""
        return self._known_product(number[0], self._logarithmic_slope(number)) is not None

    def signless(self, number: Dual) -> Product:
        """A number of unknown sign as an element of its own, to be raised to whole powers only."""
        key = ("signless", tuple(number[0]))
        if key not in self._places:
            element = Element(number[0], self._logarithmic_slope(number), is_positive=False)
            self._places[key] = self._enter(element, self.points.unknown())
        return Product({self._places[key]: Fraction(1)})

    def _logarithmic_slope(self, number: Dual) -> Vector:
        return [dx * y % PRIME for dx, y in zip(number[1], self.points.invert(number[0]), strict=True)]

    def _known_product(self, value: Vector, slope: Vector) -> Product | None:
        combination = self._slopes.express(slope)
        if combination is None:
            return None
        whole = lcm(*(power.denominator for power in combination.values()))
        if whole > MAX_ROOT:
            return None
        powers = {self._sloped[at]: power * whole for at, power in combination.items()}
        rest = [pow(x, whole, PRIME) for x in value]
        for place, power in powers.items():
            raised, _ = self.raised(self._elements[place], -power)
            rest = [x * y % PRIME for x, y in zip(rest, raised, strict=True)]
        constant = rational(rest[0], MAX_CONSTANT)
        if any(x != rest[0] for x in rest) or constant is None or constant <= 0:
            return None
        return self.raised_product(Product(powers, constant), Fraction(1, whole))

    def loose_roots(self) -> int:
        """How many roots taken may be rational in what is under the others: their signs are then not one choice but two."""
        loose = 0
        for prime in (2, 3):
            rows = [row for degree, row in self._radicals if degree == prime]
            loose += len(rows) - rank(rows, prime)
        return loose


def check_room(span: Span, points: Points) -> None:
    """A false relation must not fit by chance: there are always some more points than unknowns."""
    if span.size + 3 > points.count:
        raise TooFewPoints
