"""The moments of a document's random variables, from their laws and from what is told of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from derivcheck.elaboration.randomness import Law, Randomness
from derivcheck.notation import FAR_FETCHED, Surroundings
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import Expression, Name
from derivcheck.source import NOWHERE
from derivcheck.term import binder, build
from derivcheck.term.expected import EXPECTED, Expected
from derivcheck.term.law import generating, raw_moment
from derivcheck.term.term import Apply, Multiply, Number, Power, Symbol, Term
from derivcheck.term.value import Misfit

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator

# Laws whose one parameter may be a rate or a mean, and those whose last one may be a rate or a scale.
_TURNED = {"exponential": 0, "gamma": 1}
_MEAN = r"\mu"
MOMENTS = frozenset((_MEAN, r"\sigma"))
_LIKELY = 3


def mean(elaborator: Elaborator, term: Term, around: Surroundings, given: Sequence[Term] = ()) -> Term | None:
    """The expectation of a term, under conditions; None where nothing in it is known to be random, or nobody tells what they change."""
    known = _known(elaborator, (term,), around, given)
    return None if known is None else _noted(elaborator, known.mean(term))


def covariance(elaborator: Elaborator, one: Term, other: Term, around: Surroundings, given: Sequence[Term] = ()) -> Term | None:
    """The covariance of two terms, under conditions; None where nothing in them is known to be random, or nobody tells what they change."""
    known = _known(elaborator, (one, other), around, given)
    return None if known is None else _noted(elaborator, known.covariance(one, other))


def _known(elaborator: Elaborator, terms: Sequence[Term], around: Surroundings, given: Sequence[Term]) -> Expected | None:
    """What is known of the random variables in some terms once others are given, which must be variables themselves."""
    names = frozenset(one.name for one in given if isinstance(one, Symbol) and not one.indices)
    randomness = elaborator.knowledge.randomness
    under = _laws_given(randomness, frozenset(name for one in given for name in one.names if not name.startswith("?")), terms) if given else {}
    if under:
        return _expected(elaborator, replace(randomness, letters=frozenset(under), laws=under), around)
    if not any(randomness.letters & term.names for term in terms):
        return None
    expected = _expected(elaborator, randomness, around)
    is_told = len(names) == len(given) and all(expected.is_told_given(term, names) for term in terms)
    return expected.given(names) if is_told else None


def _laws_given(randomness: Randomness, names: frozenset[str], terms: Sequence[Term]) -> dict[str, Law]:
    """The laws that are told under the very conditions, where these are all that varies in some terms."""
    told = {name: law for name, laws in randomness.given.items() for given, law in laws[:1] if names <= given}
    laws = {name: law for name, law in told.items() if any(name in term.names for term in terms)}
    others = (randomness.letters | randomness.given.keys()) - laws.keys() - names
    return laws if not any(others & term.names for term in terms) else {}


def mean_by_laws(elaborator: Elaborator, term: Term, laws: Mapping[str, Law], around: Surroundings) -> Term | None:
    """The expectation of a term over variables with given laws alone; None where these do not tell it."""
    randomness = replace(elaborator.knowledge.randomness, letters=frozenset(laws), laws=laws)
    made = _expected(elaborator, randomness, around).mean(term)
    return None if any(isinstance(part, Apply) and part.function == EXPECTED for part in binder.walk(made)) else made


def _expected(elaborator: Elaborator, randomness: Randomness, around: Surroundings) -> Expected:
    moments = _Moments(elaborator, around, randomness)
    return Expected(randomness.letters, moments.of, moments.are_independent, moments.generating)


def named_moment(elaborator: Elaborator, name: Name, around: Surroundings) -> Term | None:
    r"""The mean of a random variable whose name stands below the usual letter, ``\mu_X``, in doubt; None for any other name, and where moments of it are told."""
    letter, _, variable = name.spelling.removesuffix("}").partition("_{")
    known = elaborator.knowledge.randomness
    if letter != _MEAN or variable not in known.letters or name.indices or name.samples or name.primes:
        return None
    if variable in known.laws.keys() | known.means.keys() | known.squares.keys() | known.variances.keys() or elaborator.oracle.pick(NOWHERE, f"whether {name.spelling} is a mean", (0, 1)):
        return None
    return mean(elaborator, build.symbol(variable), around)


def law_of(elaborator: Elaborator, symbol: Symbol, around: Surroundings) -> tuple[str, list[Term]] | None:
    """The law of a symbol by its name, and its parameters; None where it is not told."""
    law = elaborator.knowledge.randomness.laws.get(symbol.name)
    return None if law is None else (law.name, _Moments(elaborator, around, elaborator.knowledge.randomness).parameters(symbol))


@dataclass(frozen=True, slots=True)
class _Moments:
    """What is told of random variables, and in doubt what authors leave unsaid."""

    elaborator: Elaborator
    around: Surroundings
    known: Randomness

    def of(self, symbol: Symbol, order: int) -> Term | None:
        """E[X^order] of a symbol; None where it is not told."""
        known = self.known
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
        if (told is None or (order == 2 and spread is None)) and self._is_unsaid(symbol):
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
        law = self.known.laws.get(symbol.name)
        return None if law is None else generating(law.name, self.parameters(symbol), at)

    def are_independent(self, one: str, other: str) -> bool:
        """Whether two variables are said to be independent, or in doubt are meant to be."""
        pair = frozenset((one, other))
        known = self.known
        if pair in known.independent or pair in known.related:
            return pair in known.independent
        return self.elaborator.oracle.pick(NOWHERE, "whether random variables are independent", (0, FAR_FETCHED)) == 1

    def _is_unsaid(self, symbol: Symbol) -> bool:
        if self._has_density_of_usual_parameters(symbol):
            return self.elaborator.oracle.pick(NOWHERE, "what is left unsaid of variables that have a density", (0, _LIKELY)) == 1
        return self.elaborator.oracle.pick(NOWHERE, "what is left unsaid of random variables", (0, FAR_FETCHED)) == 1

    def _has_density_of_usual_parameters(self, symbol: Symbol) -> bool:
        """Whether the document writes a density of a variable whose parameters are called as a mean and a spread are."""
        told = (names_of(*density.events, *density.given) for density in self.elaborator.knowledge.densities)
        return any(names >= MOMENTS | {symbol.name} for names in told)

    def parameters(self, symbol: Symbol) -> list[Term]:
        """The parameters of a symbol's law; in doubt the last one is a scale, not a rate."""
        law = self.known.laws[symbol.name]
        parameters = [self._value(parameter, law.of, symbol) for parameter in law.parameters]
        if law.is_told:
            return parameters
        turned = _TURNED.get(law.name)
        if turned is not None and turned < len(parameters) and self.elaborator.oracle.pick(NOWHERE, f"rate or scale of {symbol.name}", (0, 1)):
            parameters[turned] = build.power(parameters[turned], build.MINUS_ONE)
        if law.name == "normal" and len(parameters) == 2 and not is_square(parameters[1]) and self.elaborator.oracle.pick(NOWHERE, f"spread of {symbol.name}", (0, 1)):
            parameters[1] = build.power(parameters[1], build.TWO)
        return parameters

    def _of_law(self, symbol: Symbol, order: int) -> Term | None:
        law = self.known.laws[symbol.name]
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
        value, rest = self.elaborator.value(expression, self.around.binding(letters)), symbol.indices[len(written.indices) :]
        if value.rank != len(rest) and not value.is_number:
            raise Misfit("a number was expected, not an array", value.sizes)
        return value.body if value.is_number else value.at(*rest)

    def _unknown(self, symbol: Symbol, order: int) -> Term:
        """A moment that nobody tells; that of a family whose members are independent is taken to be the same for all."""
        is_family = frozenset((symbol.name,)) in self.known.independent
        one = build.symbol(symbol.name, *(build.ONE for _ in symbol.indices)) if is_family else symbol
        return build.apply(EXPECTED, build.power(one, build.number(order)))


def is_square(term: Term) -> bool:
    """Whether what stands for the spread of a normal law is a variance by its looks."""
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
