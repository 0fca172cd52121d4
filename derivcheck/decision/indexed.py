"""Contracted terms in the prime field at given sizes, for all values of their indices and at several points at once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random

import numpy as np

from derivcheck.decision.bracket import is_indicator
from derivcheck.decision.element import LEVEL
from derivcheck.decision.family import Degenerate, Families, Kernel, Sizes, is_root
from derivcheck.decision.field import PRIME, residue, root
from derivcheck.decision.node import GivesUp
from derivcheck.term.term import (
    Add,
    Apply,
    Constant,
    Fold,
    Junction,
    Multiply,
    Negation,
    Number,
    Power,
    Relation,
    Symbol,
    Term,
    Truth,
    Variable,
)

POINTS, ROOT_POINTS, WANTED_ROOTS = 2, 64, 24
ROUNDS = 8
Values = tuple[np.ndarray, tuple[Variable, ...]]


def vanishes_at(families: Families, sizes: Sizes, term: Term) -> bool:
    """Whether a term is zero at given sizes. Errors: Degenerate where it has no value; GivesUp."""
    has_roots = any(is_root(part) and families.is_kernel(part) for part in families.parts(term))
    count, wanted = (ROOT_POINTS, WANTED_ROOTS) if has_roots else (POINTS, POINTS)
    seen = 0
    for turn in range(ROUNDS):
        evaluation = Evaluation(families, sizes, families.seed + turn, count)
        value, _ = evaluation.value(term)
        good = ~evaluation.is_bad
        if value[good].any():
            return False
        seen += int(good.sum())
        if seen >= wanted:
            return True
    if seen == 0:
        raise Degenerate
    raise GivesUp("roots that rarely exist in the field")


_power = np.frompyfunc(lambda base, exponent: pow(base, exponent, PRIME), 2, 1)


class Evaluation:
    """Values at one choice of sizes. Arrays have an axis for the points first, then one for each index variable."""

    def __init__(self, families: Families, sizes: Sizes, seed: int, count: int) -> None:
        self.families = families
        self.sizes = sizes
        self.count = count
        self.random = Random(seed)
        self.is_bad = np.zeros(count, bool)
        self._found: dict[Term, Values] = {}
        self._entries: dict[tuple, np.ndarray] = {}
        self._generators: dict[tuple, np.ndarray] = {}

    def value(self, term: Term) -> Values:
        for part in self.families.parts(term):
            if part not in self._found:
                self._found[part] = self._rule(part)
        return self._found[term]

    def _size(self, variable: Variable) -> int:
        size = self.families.range_of.get(variable)
        if size is None:
            raise GivesUp("a variable that an integral binds")
        return self.sizes[size]

    def _rule(self, term: Term) -> Values:
        if term in self.sizes:
            return self._constant(self.sizes[term]), ()
        match term:
            case Number():
                number = residue(term.value)
                if number is None:
                    raise GivesUp("a number that the field cannot hold")
                return self._constant(number), ()
            case Variable():
                return np.array([[*range(1, self._size(term) + 1)]] * self.count, dtype=object), (term,)
            case Constant():
                return self._named((term.name, ()), (), True), ()
            case Symbol():
                return self._symbol(term)
            case Add() | Multiply():
                return self._combined(term)
            case Power():
                return self._raised(term)
            case Fold() if term.operation == "+":
                return self._total(term)
        if is_indicator(term) and not self.families.is_kernel(term):
            return self._condition(term.children[0])
        return self._kernel(term)

    def _constant(self, number: int) -> np.ndarray:
        return np.full(self.count, number, dtype=object)

    def _random_array(self, shape: Sequence[int]) -> np.ndarray:
        total = self.count
        for size in shape:
            total *= size
        if total > self.families.limits.entries:
            raise GivesUp("too many entries")
        made = np.empty(total, dtype=object)
        pick = self.random.randrange
        made[:] = [pick(2, PRIME - 1) for _ in range(total)]
        return made.reshape((self.count, *shape))

    def _named(self, key: tuple, shape: Sequence[int], is_positive: bool) -> np.ndarray:
        """The entries of a family, or of a class of kernels; those of a positive one are powers of a generator."""
        if key not in self._entries:
            made = self._random_array(shape)
            if is_positive:
                self._generators[key] = made
                made = _power(made, LEVEL)
            self._entries[key] = made
        return self._entries[key]

    def _symbol(self, term: Symbol) -> Values:
        """A family's entries at its indices. An index that is not a variable makes a family of its own: all the more general."""
        key, axes = self._symbol_key(term)
        places = [index for index in term.indices if isinstance(index, Variable)] if key[1] else []
        whole = self._named(key, [self._size(index) for index in places], self.families.is_positive(term.name))
        return self._picked(whole, places, axes), axes

    def _symbol_key(self, term: Symbol) -> tuple[tuple, tuple[Variable, ...]]:
        pattern = []
        axes: dict[Variable, None] = {}
        for index in term.indices:
            if isinstance(index, Variable):
                pattern.append(self.families.range_of[index])
                axes[index] = None
            elif index.variables:
                raise GivesUp("an index that is computed")
            else:
                pattern.append(index)
        return (term.name, tuple(pattern)), tuple(axes)

    def _picked(self, whole: np.ndarray, places: Sequence[Variable], axes: tuple[Variable, ...]) -> np.ndarray:
        """The diagonal where a variable stands twice."""
        if len(places) == len(axes):
            return whole
        grids = np.ogrid[tuple(slice(self._size(axis)) for axis in axes)]
        chosen = dict(zip(axes, grids if len(axes) > 1 else [np.arange(self._size(axes[0]))], strict=True))
        return whole[(slice(None), *(chosen[place] for place in places))]

    def _aligned(self, parts: Sequence[Values]) -> tuple[list[np.ndarray], tuple[Variable, ...]]:
        """Arrays that broadcast against each other, and their common axes."""
        axes: dict[Variable, None] = {}
        for _, own in parts:
            axes |= dict.fromkeys(own)
        common = tuple(axes)
        made = []
        for value, own in parts:
            if own != common:
                value = value.transpose((0, *(1 + own.index(axis) for axis in common if axis in own)))
                value = value[(slice(None), *(slice(None) if axis in own else None for axis in common))]
            made.append(value)
        total = self.count
        for axis in common:
            total *= self._size(axis)
        if total > self.families.limits.entries:
            raise GivesUp("too many entries")
        return made, common

    def _combined(self, term: Add | Multiply) -> Values:
        made = self._found[term.children[0]]
        for child in term.children[1:]:
            (left, right), axes = self._aligned([made, self._found[child]])
            made = (left + right if isinstance(term, Add) else left * right) % PRIME, axes
        return made

    def _raised(self, term: Power) -> Values:
        exponent: Fraction = term.exponent.value
        if exponent.denominator == 1:
            value, axes = self._found[term.base]
            return self._whole_power(value, int(exponent)), axes
        if self.families.has_generator(term.base):
            value, axes = self._found[term.base]
            generator, axes = self._generator_of(term.base)
            scaled = exponent * LEVEL
            if scaled.denominator != 1:
                raise GivesUp("an unusual root")
            return self._whole_power(generator, int(scaled)), axes
        value, axes = self._kernel(term)
        return self._whole_power(value, exponent.numerator), axes

    def _generator_of(self, base: Term) -> Values:
        if isinstance(base, Apply):
            kernel = self.families.kernels[base]
            return self._generators["kernel", kernel.number], kernel.axes
        if isinstance(base, Constant):
            return self._generators[base.name, ()], ()
        key, axes = self._symbol_key(base)
        places = [index for index in base.indices if isinstance(index, Variable)]
        return self._picked(self._generators[key], places, axes), axes

    def _whole_power(self, value: np.ndarray, exponent: int) -> np.ndarray:
        if exponent < 0:
            zero = value == 0
            if zero.any():
                self.is_bad |= zero.reshape(self.count, -1).any(axis=1)
                value = np.where(zero, 1, value)
        return _power(value, exponent)

    def _total(self, term: Fold) -> Values:
        variable, body = self.families.opened(term)
        value, axes = self._found[body]
        if variable not in axes:
            return value * self._size(variable) % PRIME, axes
        return value.sum(axis=1 + axes.index(variable)) % PRIME, tuple(axis for axis in axes if axis is not variable)

    def _condition(self, condition: Term) -> Values:
        """An index condition as zeros and ones."""
        match condition:
            case Truth():
                return self._constant(int(condition.value)), ()
            case Relation():
                (left, right), axes = self._aligned([self._rule(child) for child in condition.children])
                holds = {"=": left == right, "≠": left != right, "<": left < right, "≤": left <= right}[condition.sign]
                return holds.astype(object) * 1, axes
            case Negation():
                value, axes = self._condition(condition.children[0])
                return 1 - value, axes
            case Junction():
                parts, axes = self._aligned([self._condition(child) for child in condition.children])
                made = parts[0] if condition.kind == "and" else 1 - parts[0]
                for part in parts[1:]:
                    made = made * (part if condition.kind == "and" else 1 - part)
                return made if condition.kind == "and" else 1 - made, axes
        raise GivesUp("an unusual condition")

    # Kernels: the entries of their class.

    def _kernel(self, term: Term) -> Values:
        kernel = self.families.kernels.get(term)
        if kernel is None:
            raise GivesUp("a kernel that stands in others alone")
        representative, own = self.families.classes[kernel.number]
        shape = [self._size(axis) for axis in own.axes]
        if isinstance(representative, Power):
            return self._root(representative, kernel, own), kernel.axes
        is_exponential = isinstance(representative, Apply) and representative.function == "exp"
        value = self._named(("kernel", kernel.number), shape, is_exponential)
        if isinstance(representative, Apply) and representative.function == "angle":
            return self._rotation(term.function, value), kernel.axes
        return value, kernel.axes

    def _rotation(self, name: str, half: np.ndarray) -> np.ndarray:
        """sine, cosine and tangent from the tangent t of half the angle."""
        square = half * half % PRIME
        sine, cosine = 2 * half % PRIME, (1 - square) % PRIME
        under = (1 + square) % PRIME if name != "tan" else cosine
        return (sine if name != "cos" else cosine) * self._whole_power(under, -1) % PRIME

    def _root(self, representative: Power, kernel: Kernel, own: Kernel) -> np.ndarray:
        key = ("kernel", kernel.number)
        if key not in self._entries:
            degree = representative.exponent.value.denominator
            value, axes = self.value(representative.base)
            value = np.broadcast_to(value, (self.count, *(self._size(axis) for axis in axes)))
            value = value.transpose((0, *(1 + axes.index(axis) for axis in own.axes)))
            made = np.empty(value.shape, dtype=object)
            for place in np.ndindex(value.shape):
                found = root(value[place], degree, self.random)
                if found is None:
                    self.is_bad[place[0]] = True
                made[place] = 1 if found is None else found
            self._entries[key] = made
        return self._entries[key]
