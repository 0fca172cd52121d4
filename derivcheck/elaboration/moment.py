"""The moments of a document's random variables, from their laws and from what is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from derivcheck.notation import FAR_FETCHED, Surroundings
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import Expression, Name
from derivcheck.source import NOWHERE
from derivcheck.term import binder, build
from derivcheck.term.expected import EXPECTED, Expected
from derivcheck.term.law import generating, raw_moment
from derivcheck.term.term import Apply, Multiply, Number, Power, Symbol, Term

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator

# Laws whose one parameter may be a rate or a mean, and those whose last one may be a rate or a scale.
_TURNED = {"exponential": 0, "gamma": 1}
_USUAL = frozenset((r"\mu", r"\sigma"))
_LIKELY = 3


def mean(elaborator: Elaborator, term: Term, around: Surroundings) -> Term:
    """The expectation of a term that is made of random variables."""
    return _noted(elaborator, _expected(elaborator, around).mean(term))


def covariance(elaborator: Elaborator, one: Term, other: Term, around: Surroundings) -> Term:
    """The covariance of two terms that are made of random variables."""
    return _noted(elaborator, _expected(elaborator, around).covariance(one, other))


def law_of(elaborator: Elaborator, symbol: Symbol, around: Surroundings) -> tuple[str, list[Term]] | None:
    """The law of a symbol by its name, and its parameters; None where it is not told."""
    law = elaborator.knowledge.randomness.laws.get(symbol.name)
    return None if law is None else (law.name, _Moments(elaborator, around).parameters(symbol))


def _expected(elaborator: Elaborator, around: Surroundings) -> Expected:
    moments = _Moments(elaborator, around)
    return Expected(elaborator.knowledge.randomness.letters, moments.of, moments.are_independent, moments.generating)


@dataclass(frozen=True, slots=True)
class _Moments:
    """What is told of random variables, and in doubt what authors leave unsaid."""

    elaborator: Elaborator
    around: Surroundings

    def of(self, symbol: Symbol, order: int) -> Term | None:
        """E[X^order] of a symbol; None where it is not told."""
        known = self.elaborator.knowledge.randomness
        if symbol.name in known.laws:
            return self._of_law(symbol, order)
        told = self._told(known.means, symbol)
        square = self._told(known.squares, symbol)
        if order == 2 and square is not None:
            return square
        spread = self._told(known.variances, symbol)
        told = self._called(r"\mu", symbol) if told is None else told
        deviation = self._called(r"\sigma", symbol) if spread is None else None
        spread = build.power(deviation, build.TWO) if deviation is not None else spread
        if (told is None or (order == 2 and spread is None)) and self._is_unsaid():
            told = build.symbol(r"\mu") if told is None else told
            spread = build.power(build.symbol(r"\sigma"), build.TWO) if spread is None else spread
        told = self._unknown(symbol, 1) if told is None else told
        if order == 1:
            return told
        if order == 2:
            return self._unknown(symbol, 2) if spread is None else build.add(spread, build.power(told, build.TWO))
        return None

    def _called(self, letter: str, symbol: Symbol) -> Term | None:
        r"""The mean or deviation of a variable that the document calls by the variable and defines nowhere: ``\mu_X``."""
        name = f"{letter}_{{{symbol.name}}}"
        known = self.elaborator.knowledge
        return build.symbol(name) if not symbol.indices and (name, 0) in known.ranks.uses and not known.book.is_defined(name) else None

    def generating(self, symbol: Symbol, at: Term) -> Term | None:
        """E[exp(at X)] of a symbol; None where it is not told."""
        law = self.elaborator.knowledge.randomness.laws.get(symbol.name)
        return None if law is None else generating(law.name, self.parameters(symbol), at)

    def are_independent(self, one: str, other: str) -> bool:
        """Whether two variables are said to be independent, or in doubt are meant to be."""
        pair = frozenset((one, other))
        known = self.elaborator.knowledge.randomness
        if pair in known.independent or pair in known.related:
            return pair in known.independent
        return self.elaborator.oracle.pick(NOWHERE, "whether random variables are independent", (0, FAR_FETCHED)) == 1

    def _is_unsaid(self) -> bool:
        penalty = _LIKELY if self._has_density_of_usual_parameters() else FAR_FETCHED
        return self.elaborator.oracle.pick(NOWHERE, "what is left unsaid of random variables", (0, penalty)) == 1

    def _has_density_of_usual_parameters(self) -> bool:
        """Whether the document writes a density whose parameters are called as a mean and a spread are."""
        return any(names_of(*density.events, *density.given) >= _USUAL for density in self.elaborator.knowledge.densities)

    def parameters(self, symbol: Symbol) -> list[Term]:
        """The parameters of a symbol's law; in doubt the last one is a scale, not a rate."""
        law = self.elaborator.knowledge.randomness.laws[symbol.name]
        parameters = [self._value(parameter, law.of, symbol) for parameter in law.parameters]
        turned = _TURNED.get(law.name)
        if turned is not None and turned < len(parameters) and self.elaborator.oracle.pick(NOWHERE, f"rate or scale of {symbol.name}", (0, 1)):
            parameters[turned] = build.power(parameters[turned], build.MINUS_ONE)
        if law.name == "normal" and len(parameters) == 2 and not _is_square(parameters[1]) and self.elaborator.oracle.pick(NOWHERE, f"spread of {symbol.name}", (0, 1)):
            parameters[1] = build.power(parameters[1], build.TWO)
        return parameters

    def _of_law(self, symbol: Symbol, order: int) -> Term | None:
        law = self.elaborator.knowledge.randomness.laws[symbol.name]
        parameters = self.parameters(symbol)
        made = raw_moment(law.name, parameters, order)
        if law.name == "geometric" and order <= 2 and self.elaborator.oracle.pick(NOWHERE, f"trials or failures of {symbol.name}", (0, 1)):
            first = raw_moment(law.name, parameters, 1)
            return build.subtract(made, build.ONE) if order == 1 else build.add(made, build.multiply(build.number(-2), first), build.ONE)
        return made

    def _told(self, told: dict[str, tuple[Name, Expression]], symbol: Symbol) -> Term | None:
        found = told.get(symbol.name)
        return None if found is None else self._value(found[1], found[0], symbol)

    def _value(self, expression: Expression, written: Name, symbol: Symbol) -> Term:
        """What was said of a variable, for its member at the indices of a symbol."""
        letters = {index.spelling: its for index, its in zip(written.indices, symbol.indices, strict=False) if isinstance(index, Name)}
        return self.elaborator.number(expression, self.around.binding(letters))

    def _unknown(self, symbol: Symbol, order: int) -> Term:
        """A moment that nobody tells; that of a family whose members are independent is taken to be the same for all."""
        is_family = frozenset((symbol.name,)) in self.elaborator.knowledge.randomness.independent
        one = build.symbol(symbol.name, *(build.ONE for _ in symbol.indices)) if is_family else symbol
        return build.apply(EXPECTED, build.power(one, build.number(order)))


def _is_square(term: Term) -> bool:
    return isinstance(term, Number) or (isinstance(term, Power) and term.children[1] is build.TWO)


def _noted(elaborator: Elaborator, made: Term) -> Term:
    """A term; where an expectation is left in it that is more than one of two letters, nothing can be sampled for it."""
    parts = [part for part in binder.walk(made) if isinstance(part, Apply) and part.function == EXPECTED]
    if not all(len(part.children) == 1 and _is_simple(part.children[0]) for part in parts):
        elaborator.opaque = True
    return made


def _is_simple(term: Term) -> bool:
    factors = term.children if isinstance(term, Multiply) else (term,)
    bases = [factor.children[0] if isinstance(factor, Power) else factor for factor in factors]
    return len(factors) <= 2 and all(isinstance(base, Symbol) for base in bases)
