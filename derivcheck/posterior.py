"""What a document tells of a density up to a factor: by a line with the sign of proportion, by a law, or by a likelihood and a prior."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from derivcheck.derivation.definable import FIXED, LOGARITHMS
from derivcheck.derivation.density import density
from derivcheck.derivation.instance import rebuilt
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.outline import Line
from derivcheck.derivation.role import EQUALITIES
from derivcheck.derivation.sample import over_sample
from derivcheck.elaboration.book import holds_in, is_around
from derivcheck.elaboration.head import head_of
from derivcheck.elaboration.randomness import Law
from derivcheck.elaboration.same import same
from derivcheck.reading.content import bare, names_of
from derivcheck.reading.custom import DENSITIES, PROBABILITIES
from derivcheck.reading.edit import product_of, renamed, sum_of
from derivcheck.reading.expression import (
    Binder,
    Bracketed,
    Call,
    Chance,
    Comparison,
    Expression,
    Literal,
    Name,
    Power,
    Product,
    is_plain,
    walk,
)
from derivcheck.source import NOWHERE

PROPORTIONAL = r"\propto"
_FLAT = re.compile(r"\b(?:flat|uniform|improper|(?:non|un)-?informative|constant)\s+prior|\bprior\b[^.]{0,30}\b(?:flat|uniform|constant|improper)\b", re.I)
# Letters of functions that are densities of what has a law.
_DENSITIES = PROBABILITIES | {r"\pi", "f"}
_ONE = Literal(Fraction(1), NOWHERE)


def density_of(expression: Expression) -> Chance | None:
    """A density with what it is of and what is given, however it is written: ``p(a|b)``, ``\\pi(a|b)``; None of anything else."""
    match bare(expression):
        case Chance() as chance:
            return chance
        case Call(function=function, arguments=arguments, below=None) as call if arguments and not function.primes and not function.samples and function.spelling not in FIXED:
            parts = (arguments, ()) if function.spelling in DENSITIES or len(arguments) == 1 else (arguments[:1], arguments[1:])
            return Chance(function, *parts, call.span)
    return None


def logarithm(of: Expression, function: Name) -> Expression:
    """The logarithm of a density; that of a likelihood times a prior is the sum of theirs."""
    parts = bare(of).factors if isinstance(bare(of), Product) else (of,)
    if len(parts) < 2 or not all(isinstance(part, Bracketed) for part in parts):
        return Call(function, (of,), of.span)
    return Bracketed(sum_of(*(("+", Call(function, (part,), of.span)) for part in parts)), "(", of.span)


def variables_of(chance: Chance) -> tuple[Name, ...]:
    """The names that a density is of; none where it is of an event."""
    names = [event.body if isinstance(event, Power) else event for event in map(bare, chance.events)]
    return tuple(name for name in names if isinstance(name, Name)) if all(isinstance(name, Name) for name in names) else ()


@dataclass(slots=True)
class Posteriors:
    """Puts what is told up to a factor in the place of densities. ``faulty``: the lines that tell something wrong. ``is_distant``: something was taken from another section."""

    gathered: Gathered
    faulty: set[int] = field(default_factory=set)
    is_distant: bool = False

    def told(self, chance: Chance, line: Line, beside: Expression) -> Expression | None:
        """A formula for a density up to a factor without the names that it is of; None where none is told.

        ``beside``: what it is compared with, which may tell how many observations there are.
        """
        told = self.by_bayes(chance, line, beside)
        return self._directly(chance, line) if told is None else told

    def is_restated(self, chance: Chance, line: Line) -> bool:
        """Whether nothing but a line with the sign of proportion tells a density: the same letters may be those of another one by now."""
        return self.by_bayes(chance, line, chance) is None and self._by_definition(chance, line) is None

    def by_bayes(self, chance: Chance, line: Line, beside: Expression) -> Expression | None:
        """The likelihood times the prior, where both are told."""
        prior = self._prior(chance, line) if chance.given and variables_of(chance) else None
        likelihood = None if prior is None else self._likelihood(chance, line, beside)
        return None if prior is None or likelihood is None else product_of(Bracketed(likelihood, "(", NOWHERE), Bracketed(prior, "(", NOWHERE))

    def resolved(self, expression: Expression, line: Line, beside: Expression, letters: frozenset[str]) -> Expression:
        """An expression with what is told in the place of its densities of some letters."""
        if isinstance(expression, Call) and expression.function.spelling in LOGARITHMS and len(expression.arguments) == 1:
            return logarithm(self.resolved(expression.arguments[0], line, beside, letters), expression.function)
        chance = expression if isinstance(expression, Chance) else density_of(expression) if isinstance(expression, Call) else None
        if chance is not None and letters & names_of(*chance.events, *chance.given):
            told = self.told(chance, line, beside) if isinstance(expression, Chance) else self._directly(chance, line)
            if told is None and chance.given and letters <= names_of(*chance.given) and isinstance(expression, Chance):
                told = self._likelihood(Chance(chance.function, chance.given, chance.events, chance.span), line, beside)
            if told is not None and not same(told, expression):
                return Bracketed(told, "(", expression.span)
            if isinstance(expression, Chance):
                return expression
        return rebuilt(expression, lambda part: self.resolved(part, line, beside, letters))

    def is_open(self, expression: Expression, line: Line, letters: frozenset[str]) -> bool:
        """Whether an expression has a density or a function of some letters of which nothing is told."""
        for part in walk(expression):
            chance = part if isinstance(part, Chance) else None
            if chance is not None and letters & names_of(*chance.events, *chance.given) and not self._is_defined(chance, line):
                return True
        return False

    def _directly(self, chance: Chance, line: Line) -> Expression | None:
        """What a line with the sign of proportion, a definition or a law tells of a density."""
        return self._proportional(chance, line, distant=False) or self._by_definition(chance, line) or self._proportional(chance, line, distant=True)

    def _proportional(self, chance: Chance, line: Line, distant: bool) -> Expression | None:
        """What a line with the sign of proportion tells of a density."""
        for other, head, value in self._before(line, distant):
            if other.statement.signs[0].text == PROPORTIONAL and other.order not in self.faulty and _is_same(head, chance):
                self.is_distant = self.is_distant or distant
                return self.resolved(value, other, value, names_of(*chance.events))
        return None

    def _by_definition(self, chance: Chance, line: Line) -> Expression | None:
        """What a definition or a law tells of a density."""
        if self._is_defined(chance, line):
            return chance
        names = variables_of(chance)
        if len(names) != 1 or isinstance(chance.events[0], Power) or chance.function.spelling not in _DENSITIES:
            return None
        law = self._law(names[0], line, names_of(*chance.given))
        is_whole = law is not None and bool(law.of.indices) and not names[0].indices
        made = None if law is None or is_whole else density(law, chance.events[0])
        self.is_distant = self.is_distant or (law is not None and not is_told_around(self.gathered, law, line))
        return None if made is None else made.formula

    def _before(self, line: Line, distant: bool = False) -> Iterator[tuple[Line, Expression, Expression]]:
        """The relations before a line in its own section, or those in others (``distant``) whose facts hold there."""
        for other, head, value in self.gathered.outline.relations_before(line):
            if holds_in(other.scope, line.scope) and is_around(other.scope, line.scope) is not distant:
                yield other, head, value

    def _is_defined(self, chance: Chance, line: Line) -> bool:
        head = head_of(chance)
        return head is not None and self.gathered.book.find(head, line.order, line.scope, later=False) is not None

    def _law(self, name: Name, line: Line, given: frozenset[str]) -> Law | None:
        """The law of a name, where some others are given."""
        known = self.gathered.at(line).randomness
        start = line.statement.signs[0].span.start
        under = [law for names, law in known.given.get(name.spelling, ()) if names == given and law.of.span.start < start]
        plain = known.laws.get(name.spelling)
        if under or plain is None or not given <= names_of(*plain.parameters):
            return under[0] if under else None
        return plain

    def _prior(self, chance: Chance, line: Line) -> Expression | None:
        """The density of what a posterior is of, by itself."""
        alone = Chance(chance.function, chance.events, (), chance.span)
        told = self._stated_prior(chance, line, distant=False) or self._by_definition(alone, line) or self._stated_prior(chance, line, distant=True)
        if told is None and any(_FLAT.search(f"{one.words} {one.statement.before} {one.after}") for one in self.gathered.outline.lines[: line.order + 1] if is_around(one.scope, line.scope)):
            return _ONE
        return told

    def _stated_prior(self, chance: Chance, line: Line, distant: bool) -> Expression | None:
        """The prior that a line before one tells."""
        for other, head, value in self._before(line, distant):
            its, sign = density_of(head), other.statement.signs[0].text
            is_density = its is not None and (its.function.spelling == chance.function.spelling or its.function.spelling in DENSITIES or "prior" in f"{other.words} {other.statement.before}".lower())
            if its is None or not is_density or its.given or len(its.events) != len(chance.events) or not all(map(same, its.events, chance.events)):
                continue
            if sign in EQUALITIES or (sign == PROPORTIONAL and other.order not in self.faulty):
                self.is_distant = self.is_distant or distant
                return head if sign in EQUALITIES else self.resolved(value, other, value, names_of(*chance.events))
        return None

    def _likelihood(self, chance: Chance, line: Line, beside: Expression) -> Expression | None:
        """The density of what is given by what a posterior is of: as it is told, or that of all observations by that of one."""
        turned = Chance(chance.function, chance.given, chance.events, chance.span)
        told = self._directly(turned, line)
        if told is not None:
            return told
        letters = frozenset(name.spelling for name in variables_of(chance))
        return self._stated_likelihood(chance, line, beside, distant=False) or self._by_law(letters, line, beside, chance.given) or self._stated_likelihood(chance, line, beside, distant=True)

    def _stated_likelihood(self, chance: Chance, line: Line, beside: Expression, distant: bool) -> Expression | None:
        """The likelihood that a line before one tells, of all observations or of one."""
        letters = frozenset(name.spelling for name in variables_of(chance))
        for other, head, value in self._before(line, distant):
            its, sign = density_of(head), other.statement.signs[0].text
            if its is None or other.order in self.faulty or sign not in (*EQUALITIES, PROPORTIONAL):
                continue
            is_one = letters <= names_of(*its.given) and len(its.events) == 1 and _is_member(its.events[0]) and its.events[0] not in chance.given
            is_whole = "likelihood" in f"{other.words_between} {other.statement.before}".lower() and names_of(head) >= letters and not _has_logarithm(value) and not names_of(*its.given) & names_of(*chance.given)
            if is_whole or is_one:
                self.is_distant = self.is_distant or distant
                return value if is_whole else self._by_observation(its.events[0], value, line, beside)
        return None

    def _by_observation(self, event: Expression, value: Expression, line: Line, beside: Expression) -> Expression | None:
        """The density of all observations by that of one: ``event`` is the observation in it."""
        assert isinstance(event, Name)
        (index,) = event.indices
        assert isinstance(index, Name)
        return over_sample(self.gathered.outline, line, event.spelling, beside, lambda member: renamed(value, index.spelling, _letter(member)))

    def _by_law(self, letters: frozenset[str], line: Line, beside: Expression, given: tuple[Expression, ...]) -> Expression | None:
        """The density of the observations whose law is the only one that is told with the parameters."""
        found = observations(self.gathered, line, letters, beside)
        if len(found) != 1:
            return None
        (law,) = found
        self.is_distant = self.is_distant or not is_told_around(self.gathered, law, line)
        return sample_density(self.gathered, law, line, beside, letters, given)


def is_told_around(gathered: Gathered, law: Law, line: Line) -> bool:
    """Whether a law is told in the section of a line, or around it."""
    start = law.of.span.start
    told = next((other for other in gathered.outline.lines for member in other.members if member is not None and member.span.start <= start < member.span.end), None)
    return told is None or is_around(told.scope, line.scope)


def observations(gathered: Gathered, line: Line, letters: frozenset[str], beside: Expression) -> list[Law]:
    """The laws that are told with all of some letters as parameters, of names other than these: those of names that stand beside them, if there are any."""
    known = gathered.at(line).randomness
    laws = {name: law for name, law in known.laws.items()} | {name: told[0][1] for name, told in known.given.items()}
    found = [law for name, law in laws.items() if letters and letters <= names_of(*law.parameters) and name not in letters]
    named = [law for law in found if law.of.spelling in names_of(beside)]
    return named or found


def sample_density(gathered: Gathered, law: Law, line: Line, beside: Expression, letters: frozenset[str], given: tuple[Expression, ...] = ()) -> Expression | None:
    """The density of a sample by the law of one observation, up to a factor without some letters; None where that has the letters."""
    if law.of.indices:
        return over_sample(gathered.outline, line, law.of.spelling, beside, lambda member: _formula(law, member, letters))
    values = [one.right if isinstance(one, Comparison) and one.sign == "=" else one for one in given]
    value = next((one for one in values if is_plain(one) and one.spelling.lower() == law.of.spelling.lower()), None)
    return None if value is None else _formula(law, value, letters)


def _formula(law: Law, value: Expression, letters: frozenset[str]) -> Expression | None:
    made = density(law, value)
    return None if made is None or made.left_out & letters else made.formula


def _is_same(head: Expression, chance: Chance) -> bool:
    its = density_of(head)
    return its is not None and its.function.spelling == chance.function.spelling and len(its.events) == len(chance.events) and len(its.given) == len(chance.given) and all(map(same, (*its.events, *its.given), (*chance.events, *chance.given)))


def _letter(member: Name) -> str:
    (index,) = member.indices
    assert isinstance(index, Name)
    return index.spelling


def _is_member(event: Expression) -> bool:
    return isinstance(event, Name) and len(event.indices) == 1 and is_plain(event.indices[0])


def _has_logarithm(value: Expression) -> bool:
    return isinstance(value, Binder) and value.operation == "+"


def puts_in_numbers(told: Expression, written: Expression) -> bool:
    """Whether a formula has other numbers than what is told, and lacks names of that: then values may have been put in for these."""
    bounds = names_of(*(part.upper for part in walk(told) if isinstance(part, Binder)))
    missing = names_of(told) - names_of(written) - bounds - {part.function.spelling for part in walk(told) if isinstance(part, Call)}
    mine, its = ({part.value for part in walk(side) if isinstance(part, Literal)} for side in (told, written))
    return bool(missing) and not its <= mine
