"""Expectations of terms that are made of random variables: linear, products where they are independent, moments where those are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from derivcheck.term import binder, build
from derivcheck.term.build import TRUE
from derivcheck.term.term import Add, Apply, Fold, Multiply, Number, Power, Symbol, Term

MAX_POWER = 4
EXPECTED = r"\mathbb{E}"
# An expectation that nobody tells, with what it is of and its conditions.
CONDITIONAL = "E"


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known of random variables.

    ``letters``: the names of what is random. ``moment``: E[X^k] of a symbol X, None where nobody tells. ``are_independent``: of two
    names; of a name and itself: its members at different indices. ``generating``: E[exp(tX)] of a symbol X at t, None where nobody tells.
    """

    letters: frozenset[str]
    moment: Callable[[Symbol, int], Term | None]
    are_independent: Callable[[str, str], bool]
    generating: Callable[[Symbol, Term], Term | None]

    def mean(self, term: Term) -> Term:
        """The expectation of a term."""
        if not self.is_random(term):
            return term
        counts = self._counts(term)
        if counts:
            return self._counted(term, counts)
        if isinstance(term, Add):
            return build.add(*map(self.mean, term.children))
        if isinstance(term, Fold) and term.operation == "+":
            return _summed(term, self.mean)
        return self._of_product(_factors(term))

    def covariance(self, one: Term, other: Term) -> Term:
        """The covariance of two terms: linear in each."""
        counts = self._counts(one) | self._counts(other)
        if counts:
            return self._counted_covariance(one, other, counts)
        for here, there in ((one, other), (other, one)):
            if not self.is_random(here):
                return build.ZERO
            if isinstance(here, Add):
                return build.add(*(self.covariance(part, there) for part in here.children))
            if isinstance(here, Fold) and here.operation == "+":
                return _summed(here, lambda body, there=there: self.covariance(body, there))
            constant, rest = self._split(_factors(here))
            if constant:
                return build.multiply(*constant, self.covariance(build.multiply(*rest), there))
        if isinstance(one, Symbol) and isinstance(other, Symbol):
            return self._of_symbols(one, other)
        return self._uncentred(one, other)

    def given(self, names: frozenset[str]) -> Expected:
        """What is known of random variables once some of them are known."""
        return replace(self, letters=self.letters - names)

    def is_told_given(self, term: Term, names: frozenset[str]) -> bool:
        """Whether what varies in a term, once some variables are known, depends on those in no other way than is told."""
        rest = {part for part in binder.walk(term) if isinstance(part, Symbol) and part.name in self.letters - names}
        return all(self._is_settled(symbol, name) for symbol in rest for name in names)

    def _is_settled(self, symbol: Symbol, name: str) -> bool:
        told = self.moment(symbol, 1)
        return self.are_independent(symbol.name, name) or (told is not None and name in told.names)

    def _counts(self, term: Term) -> frozenset[str]:
        """The random variables that say how many terms sums have."""
        bounds = [bound for part in binder.walk(term) if isinstance(part, Fold) for bound in (part.lower, part.upper)]
        return frozenset(part.name for bound in bounds for part in binder.walk(bound) if isinstance(part, Symbol) and part.name in self.letters)

    def _counted(self, term: Term, counts: frozenset[str]) -> Term:
        """The expectation of sums with a random number of terms: of what it is once that number is known."""
        if not self.is_told_given(term, counts):
            return build.apply(EXPECTED, term)
        inner = binder.rewritten(self.given(counts).mean(term), _constant_sum)
        return self.mean(inner) if inner is not term and not self._counts(inner) else build.apply(EXPECTED, term)

    def _counted_covariance(self, one: Term, other: Term, counts: frozenset[str]) -> Term:
        """The covariance of sums with a random number of terms: the mean of what it is once that is known, and the covariance of their means."""
        ranges = {(part.lower, part.upper) for term in (one, other) for part in binder.walk(term) if isinstance(part, Fold)}
        if len(ranges) > 1 or not all(self.is_told_given(term, counts) for term in (one, other)):
            return build.apply(EXPECTED, build.multiply(one, other))
        known = self.given(counts)
        spread, *means = (binder.rewritten(term, _constant_sum) for term in (known.covariance(one, other), known.mean(one), known.mean(other)))
        if any(map(self._counts, (spread, *means))):
            return build.apply(EXPECTED, build.multiply(one, other))
        return build.add(self.mean(spread), self.covariance(means[0], means[1]))

    def is_random(self, term: Term) -> bool:
        """Whether a term varies: an expectation without a condition does not, whatever it is of."""
        if isinstance(term, Symbol):
            return term.name in self.letters
        if not self.letters & term.names or (isinstance(term, Apply) and term.function == EXPECTED and len(term.children) == 1):
            return False
        return any(map(self.is_random, term.children))

    def _uncentred(self, one: Term, other: Term) -> Term:
        return build.subtract(self._of_product([*_factors(one), *_factors(other)]), build.multiply(self.mean(one), self.mean(other)))

    def _of_symbols(self, one: Symbol, other: Symbol) -> Term:
        if one.name != other.name:
            return build.ZERO if self.are_independent(one.name, other.name) else self._uncentred(one, other)
        if one is other or not self.are_independent(one.name, one.name):
            return self._uncentred(one, other)
        return build.multiply(_same(one, other), self._uncentred(one, one))

    def _split(self, factors: Sequence[Term]) -> tuple[list[Term], list[Term]]:
        random = [factor for factor in factors if self.is_random(factor)]
        return [factor for factor in factors if factor not in random], random

    def _of_product(self, factors: Sequence[Term]) -> Term:
        """The expectation of a product: constants in front, sums multiplied out, independent factors apart."""
        constant, random = self._split(factors)
        if constant:
            return build.multiply(*constant, self._of_product(random)) if random else build.multiply(*constant)
        for place, factor in enumerate(random):
            rest = [*random[:place], *random[place + 1 :]]
            if isinstance(factor, Add):
                return build.add(*(self._of_product([*_factors(part), *rest]) for part in factor.children))
            if isinstance(factor, Fold) and factor.operation == "+":
                return _summed(factor, lambda body, rest=rest: self._of_product([*_factors(body), *rest]))
            if self._is_under(factor, rest):
                return self._of_product([*_factors(factor.children[0]), *rest])
            if _is_wide_power(factor):
                base, count = factor.children[0], int(factor.children[1].value)
                return self._of_product([*rest, *(part for _ in range(count) for part in _factors(base))])
        return self._of_atoms(random)

    def _is_under(self, factor: Term, rest: Sequence[Term]) -> bool:
        """Whether a factor is an expectation under conditions that tell all the others: its own expectation is that of what stands in it."""
        if not isinstance(factor, Apply) or factor.function != CONDITIONAL or len(factor.children) < 2:
            return False
        conditions = frozenset().union(*(condition.names for condition in factor.children[1:]))
        return all(self.letters & other.names <= conditions for other in rest)

    def _of_atoms(self, factors: Sequence[Term]) -> Term:
        """The expectation of a product of powers of symbols; of anything else it stays as it is."""
        told = self._of_exponential(factors[0]) or self._of_logarithm(factors[0]) if len(factors) == 1 else None
        if told is not None:
            return told
        powers: dict[Symbol, int] = {}
        for factor in factors:
            base, exponent = factor.children if isinstance(factor, Power) else (factor, build.ONE)
            if not (isinstance(base, Symbol) and isinstance(exponent, Number) and exponent.value.denominator == 1 and exponent.value > 0):
                return build.apply(EXPECTED, build.multiply(*factors))
            powers[base] = powers.get(base, 0) + int(exponent.value)
        if len(powers) == 1:
            ((symbol, order),) = powers.items()
            return self._moment(symbol, order)
        if not all(self.are_independent(one.name, other.name) for one, other in combinations(powers, 2)):
            return build.apply(EXPECTED, build.multiply(*factors))
        apart = build.multiply(*(self._moment(symbol, order) for symbol, order in powers.items()))
        twins = [(one, other) for one, other in combinations(powers, 2) if one.name == other.name]
        if not twins:
            return apart
        if len(twins) > 1 or len(powers) > 2:
            return build.apply(EXPECTED, build.multiply(*factors))
        ((one, other),) = twins
        equal = _same(one, other)
        return build.add(build.multiply(equal, self._moment(one, powers[one] + powers[other])), build.multiply(build.subtract(build.ONE, equal), apart))

    def _of_exponential(self, factor: Term) -> Term | None:
        """The expectation of an exponential whose exponent is a multiple of one symbol, and a constant."""
        if not isinstance(factor, Apply) or factor.function != "exp":
            return None
        inside = factor.children[0]
        parts = inside.children if isinstance(inside, Add) else (inside,)
        random = [part for part in parts if self.is_random(part)]
        constant, rest = self._split(_factors(random[0])) if len(random) == 1 else ([], [])
        if len(rest) != 1 or not isinstance(rest[0], Symbol):
            return None
        told = self.generating(rest[0], build.multiply(*constant))
        return None if told is None else build.multiply(told, build.exp(build.add(*(part for part in parts if part is not random[0]))))

    def _of_logarithm(self, factor: Term) -> Term | None:
        """The expectation of the logarithm of an exponential times what does not vary, as a normal density is."""
        if not isinstance(factor, Apply) or factor.function != "log":
            return None
        constant, random = self._split(_factors(factor.children[0]))
        if len(random) != 1 or not isinstance(random[0], Apply) or random[0].function != "exp":
            return None
        return build.add(self.mean(random[0].children[0]), build.log(build.multiply(*constant)))

    def _moment(self, symbol: Symbol, order: int) -> Term:
        told = self.moment(symbol, order)
        if told is None:
            return build.apply(EXPECTED, build.power(symbol, build.number(order)))
        return told if symbol.name in told.names else self.mean(told)


def _constant_sum(term: Term, walk: Callable[[Term], Term]) -> Term | None:
    """A sum of equal terms as a product, and one with a delta, over the range of the other index, as the one term that is left."""
    if not isinstance(term, Fold) or term.operation != "+":
        return None
    variables, (lower, upper), (condition, body) = binder.open_binder(term)
    body, variable = walk(body), variables[0]
    if condition is not TRUE:
        return None
    if variable not in body.variables:
        return build.multiply(build.add(upper, build.negate(lower), build.ONE), body)
    for other in body.variables - {variable}:
        if build.kronecker(variable, other) in _factors(body):
            return build.multiply(*(binder.replace(factor, {variable: other}) for factor in _factors(body) if factor is not build.kronecker(variable, other)))
    return binder.fold("+", variable, lower, upper, body, condition)


def moments_in(term: Term) -> frozenset[Term]:
    """The expectations in a term that nobody tells."""
    return frozenset(part for part in binder.walk(term) if isinstance(part, Apply) and part.function == EXPECTED)


def _same(one: Symbol, other: Symbol) -> Term:
    """1 where two symbols of a family stand at the same indices, else 0."""
    return build.multiply(*(build.kronecker(mine, its) for mine, its in zip(one.indices, other.indices, strict=True)))


def _is_wide_power(factor: Term) -> bool:
    if not isinstance(factor, Power) or not isinstance(factor.children[0], Add | Fold | Multiply):
        return False
    exponent = factor.children[1]
    return isinstance(exponent, Number) and exponent.value.denominator == 1 and 2 <= exponent.value <= MAX_POWER


def _factors(term: Term) -> tuple[Term, ...]:
    return term.children if isinstance(term, Multiply) else (term,)


def _summed(total: Fold, change: Callable[[Term], Term]) -> Term:
    """A sum with its summand changed."""
    variables, bounds, (condition, body) = binder.open_binder(total)
    return binder.fold("+", variables[0], *bounds, change(body), condition)
