"""How many index values a term can involve at once: the number of sizes at which it must vanish to vanish at all.

A sum over assignments of b bound indices of a summand that looks at nothing but the entries named by its indices is, by
inclusion and exclusion, a combination of its values on sub-ranges. If it vanishes on b + 1 successive sizes (none smaller
than the number of free indices of the range), the part that uses b different values vanishes, then the part with b - 1,
and so on: it vanishes for every size. Denominators without a bound index are multiplied out first and add their own
indices; a denominator for each value of an index stands for as many as that index has values, so its range comes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import ceil

from derivcheck.decision.node import GivesUp
from derivcheck.term.term import Add, Fold, Multiply, Number, Power, Symbol, Term, Variable

MAX_SIZE = 12
Opened = tuple[Variable, Term]


@dataclass(frozen=True, slots=True)
class Divisor:
    """A polynomial that is divided by: so many times, with so many indices of its own, once for each value of ``copies``."""

    exponent: int
    indices: Counter
    copies: tuple[Term, ...] = ()

    def count(self, sizes: Mapping[Term, int]) -> int:
        """How many such divisors there are at these sizes."""
        total = 1
        for size in self.copies:
            total *= sizes[size]
        return total


Measure = tuple[Counter, dict[tuple, Divisor]]


class Locality:
    """Measures terms. ``opened`` gives a sum's variable and body; ``range_of`` a variable's size; ``is_kernel`` what is atomic."""

    def __init__(self, opened: Callable[[Fold], Opened], range_of: Mapping[Variable, Term], is_kernel: Callable[[Term], bool]) -> None:
        self.opened = opened
        self.range_of = range_of
        self.is_kernel = is_kernel
        self._order: set[tuple[Term, Term]] = set()

    def sizes(self, term: Term, ranges: list[Term], free: Counter) -> dict[Term, range]:
        """The sizes to try for each range. Errors: GivesUp where there is no bound, or it is too large."""
        first = {size: max(1, free[size]) for size in ranges}
        largest = dict(first)
        for _ in range(len(ranges) + 1):
            self._order.clear()
            indices, _ = self._measure(term, largest, {})
            found = {size: first[size] + indices[size] for size in ranges}
            if max(found.values(), default=0) > MAX_SIZE:
                raise GivesUp("too many sizes to try")
            if found == largest:
                break
            largest = found
        else:
            raise GivesUp("a denominator for each value of an index that it sums over")
        self._check_order()
        return {size: range(first[size], largest[size] + 1) for size in ranges}

    def _check_order(self) -> None:
        """Ranges whose divisors are counted by another range come after it; a circle has no first."""
        waiting = set(self._order)
        while waiting:
            ends = {after for _, after in waiting}
            free = {pair for pair in waiting if pair[0] not in ends}
            if not free:
                raise GivesUp("denominators that depend on each other's ranges")
            waiting -= free

    def _measure(self, term: Term, sizes: Mapping[Term, int], memo: dict[Term, Measure]) -> Measure:
        known = memo.get(term)
        if known is None:
            known = memo[term] = self._rule(term, sizes, memo)
        return known

    def _rule(self, term: Term, sizes: Mapping[Term, int], memo: dict[Term, Measure]) -> Measure:
        if isinstance(term, Variable):
            return Counter({self.range_of[term]: 1}), {}
        if term in sizes:
            return Counter({term: 1}), {}
        if isinstance(term, Symbol | Number) or not term.children or self.is_kernel(term):
            return Counter(), {}
        match term:
            case Add():
                return self._sum([self._measure(child, sizes, memo) for child in term.children], sizes)
            case Multiply():
                return self._product([self._measure(child, sizes, memo) for child in term.children])
            case Power():
                return self._power(term, self._measure(term.base, sizes, memo))
            case Fold():
                variable, body = self.opened(term)
                return self._total(variable, self._measure(body, sizes, memo), sizes)
        return Counter(), {}

    def _sum(self, parts: list[Measure], sizes: Mapping[Term, int]) -> Measure:
        """Over the common denominator."""
        common: dict[tuple, Divisor] = {}
        for _, divisors in parts:
            for key, divisor in divisors.items():
                if key not in common or common[key].exponent < divisor.exponent:
                    common[key] = divisor
        most: Counter = Counter()
        for indices, divisors in parts:
            total = Counter(indices)
            for key, divisor in common.items():
                missing = divisor.exponent - (divisors[key].exponent if key in divisors else 0)
                total.update(_scaled(divisor.indices, missing * divisor.count(sizes)))
            most |= total
        return most, common

    def _product(self, parts: list[Measure]) -> Measure:
        total: Counter = Counter()
        divisors: dict[tuple, Divisor] = {}
        for indices, found in parts:
            total.update(indices)
            for key, divisor in found.items():
                known = divisors[key].exponent if key in divisors else 0
                divisors[key] = replace(divisor, exponent=known + divisor.exponent)
        return total, divisors

    def _power(self, term: Power, base: Measure) -> Measure:
        """A whole power, or a root: r = V^(1/q) is reduced by r^q = V, once for each whole unit of the exponent."""
        exponent = term.exponent.value
        indices, divisors = base
        if exponent > 0 and exponent.denominator == 1:
            raised = {key: replace(divisor, exponent=divisor.exponent * int(exponent)) for key, divisor in divisors.items()}
            return _scaled(indices, int(exponent)), raised
        if divisors and exponent.denominator != 1:
            raise GivesUp("a root of a fraction")
        under = max(0, ceil(-exponent))
        above: Counter = _scaled(indices, ceil(exponent + under)) if exponent.denominator != 1 else Counter()
        for divisor in divisors.values():
            if divisor.copies:
                raise GivesUp("a fraction of many fractions")
            above.update(_scaled(divisor.indices, divisor.exponent * under))
        return above, {(term.base,): Divisor(under, indices)} if under else {}

    def _total(self, variable: Variable, body: Measure, sizes: Mapping[Term, int]) -> Measure:
        size = self.range_of[variable]
        indices, divisors = Counter(body[0]), {}
        indices[size] += 1
        for key, divisor in body[1].items():
            if not any(variable in part.variables for part in key):
                divisors[key] = divisor
                continue
            if divisor.indices[size]:
                raise GivesUp("a denominator for each value of an index that it sums over")
            self._order.update((size, other) for other in divisor.indices)
            others = divisor.count(sizes) * (sizes[size] - 1)
            indices.update(_scaled(divisor.indices, divisor.exponent * others))
            divisors[(*key, variable)] = replace(divisor, copies=(*divisor.copies, size))
        return indices, divisors


def _scaled(indices: Counter, times: int) -> Counter:
    return Counter({size: count * times for size, count in indices.items() if count * times})
