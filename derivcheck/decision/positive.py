"""Which terms are positive for every size: from the domains of their symbols, or because a logarithm of them stands in the source."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import permutations

from derivcheck.term.binder import array, open_binder
from derivcheck.term.build import split_coefficient
from derivcheck.term.term import Add, Apply, Constant, Fold, Multiply, Number, Power, Symbol, Term, Variable
from derivcheck.term.type import REAL, Domain

MAX_VARIABLES = 3


class Positivity:
    """``assumed`` holds closed forms of terms taken as positive, so that the letters of their indices do not matter."""

    def __init__(self, domains: Mapping[str, Domain]) -> None:
        self.domains = dict(domains)
        self.assumed: set[Term] = set()

    def assume(self, term: Term) -> None:
        """Takes a term as positive, whatever the letters of its indices."""
        variables = tuple(term.variables)
        if len(variables) <= MAX_VARIABLES:
            self.assumed.update(_closed(term, order) for order in permutations(variables))

    def holds(self, term: Term) -> bool:
        """Whether a term is positive, as far as its form and the assumptions tell."""
        match term:
            case Number():
                return term.value > 0
            case Constant():
                return term.name in ("pi", "euler_gamma")
            case Symbol() if self.is_positive_name(term.name):
                return True
            case Apply() if term.function in ("exp", "cosh"):
                return True
            case Multiply():
                found = all(map(self.holds, term.children))
            case Power():
                exponent = term.exponent
                is_even = isinstance(exponent, Number) and exponent.value.denominator == 1 and exponent.value % 2 == 0
                found = is_even or self.holds(term.base)
            case Fold() if term.operation in "+*":
                _, _, (_, body) = open_binder(term)
                found = self.holds(body)
            case Add():
                found = all(map(self.holds, term.children)) or self._is_bounded_below(term)
            case _:
                found = False
        return found or _closed(term, tuple(term.variables)) in self.assumed

    def is_positive_name(self, name: str) -> bool:
        """Whether all entries of a family are positive."""
        lower = self.domains.get(name, REAL).lower
        return lower is not None and (lower > 0 or (lower == 0 and self.domains[name].open))

    def _is_bounded_below(self, term: Add) -> bool:
        """Whether numbers and multiples of bounded symbols add up to something positive, as in 1 - p."""
        total, is_open = Fraction(0), False
        for part in term.children:
            if isinstance(part, Number):
                total += part.value
                continue
            factor, core = split_coefficient(part)
            domain = self.domains.get(core.name, REAL) if isinstance(core, Symbol) else REAL
            end = domain.lower if factor > 0 else domain.upper
            if end is None or domain.values:
                return False
            total += factor * end
            is_open = is_open or domain.open
        return total > 0 or (total == 0 and is_open)


def _closed(term: Term, order: tuple[Term, ...]) -> Term:
    """The term with its variables bound in this order; their ranges do not matter here."""
    variables = [variable for variable in order if isinstance(variable, Variable)]
    return array(variables, [Number((), (Fraction(1),))] * len(variables), term)
