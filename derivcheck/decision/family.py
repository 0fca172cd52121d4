"""Equality for every size, of contracted terms over index variables.

A function value such as exp(z[k]) is a family of unknowns, one for each k. Two such families are one and the same only if
their arguments are equal for every size, which is proved like any other goal; a coincidence at the sizes tried (such as
sin of something with the factor (n - 3)(n - 4)(n - 5)) does not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations, product

from derivcheck.decision.bracket import is_index_condition, is_indicator
from derivcheck.decision.contract import Contraction
from derivcheck.decision.limits import Limits
from derivcheck.decision.locality import Locality
from derivcheck.decision.node import GivesUp
from derivcheck.term.binder import array, entry, open_binder
from derivcheck.term.build import apply, number, power, subtract
from derivcheck.term.term import Apply, Array, Constant, Fold, Number, Power, Symbol, Term, Variable

MAX_AXES = 4
MAX_DEPTH = 3
ROTATIONS = ("sin", "cos", "tan")


class Degenerate(Exception):
    """A denominator vanishes at these sizes whatever the entries are."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """The class of a function value: its number, and its own axes in the order in which the class lists them."""

    number: int
    axes: tuple[Variable, ...]


class Families:
    """What is equal to what, given the ranges of ``contraction``. ``is_positive`` tells families with positive entries."""

    def __init__(self, contraction: Contraction, is_positive: Callable[[str], bool], seed: int, limits: Limits) -> None:
        self.contraction = contraction
        self.range_of = contraction.ranges
        self.is_positive = is_positive
        self.seed = seed
        self.limits = limits
        self.kernels: dict[Term, Kernel] = {}
        self.classes: list[tuple[Term, Kernel]] = []
        self._depth = 0
        self._closed: dict[Term, int] = {}
        self._opened: dict[Fold, tuple[Variable, Term]] = {}

    def vanishes(self, term: Term) -> bool:
        """Whether a contracted term is zero for every size and all values of its variables. Errors: GivesUp."""
        parts = self.parts(term)
        for part in parts:
            if self.is_kernel(part):
                self._classify(part)
        free = Counter(self.range_of[variable] for variable in term.variables)
        ranges = sorted({size for part in parts for size in self._sizes_in(part)}, key=lambda size: size.digest)
        tried = Locality(self.opened, self.range_of, self.is_kernel).sizes(term, ranges, free)
        for shift in range(3):
            try:
                return self._vanishes_on([[size + shift for size in tried[each]] for each in ranges], ranges, term)
            except Degenerate:
                continue
        raise GivesUp("a denominator that vanishes at small sizes")

    def _vanishes_on(self, grid: list[list[int]], ranges: list[Term], term: Term) -> bool:
        from derivcheck.decision.indexed import vanishes_at

        total = 1
        for sizes in grid:
            total *= len(sizes)
        if total > self.limits.grid:
            raise GivesUp("too many sizes to try")
        return all(vanishes_at(self, dict(zip(ranges, sizes, strict=True)), term) for sizes in sorted(product(*grid), key=sum))

    def opened(self, term: Fold) -> tuple[Variable, Term]:
        """A sum's variable and its body; the same ones each time."""
        if term not in self._opened:
            (variable,), (_, upper), (_, body) = open_binder(term)
            self.range_of[variable] = upper
            self._opened[term] = variable, body
        return self._opened[term]

    def parts(self, term: Term) -> list[Term]:
        """Every term inside, sums with their variables open, children before parents; of kernels only the bases of roots."""
        found: dict[Term, None] = {}
        stack = [(term, False)]
        while stack:
            at, done = stack.pop()
            if done:
                found[at] = None
            elif at not in found:
                stack.append((at, True))
                stack.extend((child, False) for child in self._inside(at))
        return list(found)

    def _inside(self, term: Term) -> tuple[Term, ...]:
        if is_root(term):
            return (term.base,)
        if is_indicator(term) or self.is_kernel(term) or isinstance(term, Symbol):
            return ()
        return (self.opened(term)[1],) if isinstance(term, Fold) else term.children

    def _sizes_in(self, part: Term) -> set[Term]:
        """The ranges that a part looks at."""
        found = {part} if self.contraction.is_size(part) else set()
        return found | {self.range_of[variable] for variable in part.variables if variable in self.range_of}

    def is_kernel(self, term: Term) -> bool:
        """Whether a term is a family of unknowns: a function value, a root, a product over a range, a bracket of values."""
        if isinstance(term, Apply) or (isinstance(term, Fold) and term.operation != "+"):
            return True
        if is_root(term):
            return not self.has_generator(term.base)
        return is_indicator(term) and not is_index_condition(term.children[0])

    def has_generator(self, base: Term) -> bool:
        """Whether roots of a term are powers of its generator."""
        if isinstance(base, Apply):
            return base.function == "exp"
        if self.contraction.is_size(base):
            return False
        return isinstance(base, Constant) or (isinstance(base, Symbol) and self.is_positive(base.name))

    def _classify(self, kernel: Term) -> None:
        """Finds a kernel's class, by its form or else by its argument, or makes one."""
        if kernel in self.kernels:
            return
        canonical = canonical_kernel(kernel)
        axes = tuple(sorted(kernel.variables, key=lambda variable: repr(variable.name)))
        if len(axes) > MAX_AXES or any(variable not in self.range_of for variable in axes):
            raise GivesUp("a function of too many indices")
        for order in permutations(axes):
            known = self._closed.get(self._close(canonical, order))
            if known is not None:
                self.kernels[kernel] = Kernel(known, order)
                return
        found = self._equal_class(canonical, axes)
        if found is None:
            found = Kernel(len(self.classes), axes)
            self.classes.append((canonical, found))
        self._closed[self._close(canonical, found.axes)] = found.number
        self.kernels[kernel] = found

    def _close(self, term: Term, order: tuple[Variable, ...]) -> Term:
        return array(order, [self.range_of[variable] for variable in order], term)

    def _equal_class(self, kernel: Term, axes: tuple[Variable, ...]) -> Kernel | None:
        """A class whose argument is the same for every size, though written otherwise."""
        argument = argument_of(kernel)
        if argument is None:
            return None
        for other, known in self.classes:
            if not _is_alike(other, kernel) or len(known.axes) != len(axes):
                continue
            shape = [self.range_of[variable] for variable in known.axes]
            for order in permutations(axes):
                if [self.range_of[variable] for variable in order] != shape:
                    continue
                inside = argument_of(other)
                moved = entry(self._close(inside, known.axes), *order) if order else inside
                if self._agree(argument, moved):
                    return Kernel(known.number, order)
        return None

    def _agree(self, left: Term, right: Term) -> bool:
        """Whether two arguments are proved equal; a comparison may ask for others, but not for ever."""
        if self._depth == MAX_DEPTH:
            return False
        self._depth += 1
        try:
            return self.vanishes(self.contraction.apply(subtract(left, right)))
        except GivesUp:
            return False
        finally:
            self._depth -= 1


def is_root(term: Term) -> bool:
    """Whether a term is a power with a fraction as its exponent."""
    return isinstance(term, Power) and isinstance(term.exponent, Number) and term.exponent.value.denominator != 1


def canonical_kernel(kernel: Term) -> Term:
    """Kernels of which one is a rational function of the other are one: a sine and a cosine share their angle."""
    if isinstance(kernel, Apply) and kernel.function in ROTATIONS:
        return apply("angle", kernel.arguments[0])
    if isinstance(kernel, Power):
        return power(kernel.base, number(Fraction(1, kernel.exponent.value.denominator)))
    return kernel


def argument_of(kernel: Term) -> Term | None:
    """The one number that a kernel depends on; None if there are several or an array."""
    if isinstance(kernel, Power):
        return kernel.base
    if isinstance(kernel, Apply) and len(kernel.children) == 1 and not isinstance(kernel.children[0], Array):
        return kernel.children[0]
    return None


def _is_alike(first: Term, second: Term) -> bool:
    """Whether two kernels are the same function, so that equal arguments give equal values."""
    if type(first) is not type(second) or argument_of(first) is None:
        return False
    return first.exponent is second.exponent if isinstance(first, Power) else first.payload == second.payload


Sizes = Mapping[Term, int]
