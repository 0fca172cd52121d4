"""Log-likelihoods: what words call the logarithm of a likelihood is compared with the logarithm of the likelihood before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from derivcheck.comparison import Comparer
from derivcheck.derivation.definable import LOGARITHMS, logged
from derivcheck.derivation.outline import Line, members_of
from derivcheck.derivation.role import EQUALITIES
from derivcheck.derivation.sample import counted, sample_logarithms
from derivcheck.elaboration.book import holds_in
from derivcheck.estimate import Posed
from derivcheck.finding import Finding, View
from derivcheck.posterior import is_told_around, observations, puts_in_numbers, sample_density
from derivcheck.reading.content import bare, names_of
from derivcheck.reading.custom import CONSTANTS
from derivcheck.reading.edit import negated, product_of, rescaled
from derivcheck.reading.expression import (
    Binder,
    Bracketed,
    Call,
    Chance,
    Differential,
    Expression,
    Name,
    Product,
    Quotient,
    Sum,
    Unread,
    is_plain,
    walk,
)
from derivcheck.source import NOWHERE
from derivcheck.step import Step

_LOGARITHM = re.compile(
    r"\blog(?:arithm)?s?[- ]?(?:of (?:the |this )?)?likelihood|\bNLL\b|\b(?:take|takes|taking) (?:the )?(?:natural )?log(?:arithm)?s?\b", re.I
)
_NEGATED = re.compile(r"\bnegat\w+|\bminus\b|\bNLL\b", re.I)
# Of another formula than the likelihood that was told: of one observation, with a prior, of data and hidden variables.
_OF_OTHER = re.compile(
    r"\b(?:single|one|each|per|every|individual|(?:i|j|k|n|\d+)-?th|penali\w+|regulari\w+|prior|posterior|expected|complete|incomplete|marginal|profile|approximate|conditional|joint|quasi|pseudo|ratio|MAP)\b", re.I
)
_ONLY_VERB = re.compile(r"\W*(?:(?:is|are|was|equals|becomes|reads|then|thus|therefore|hence|given|by|simply|just)\b\W*)+", re.I)
_READINGS = 3
_SCALES = (Fraction(1), Fraction(2), Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """Judges what is introduced as a log-likelihood. The likelihood is the nearest product over data, or what words call one."""

    comparer: Comparer

    def finding(self, line: Line, place: int, left: Expression | None, right: Expression | None, is_new: bool = True) -> tuple[Step, Finding] | None:
        """The step from the logarithm of the likelihood, and the finding on it; None where this is none or may be another multiple of it or lack constants.

        ``is_new``: nothing before says what it is; otherwise only the law of the observations tells.
        """
        if place or left is None or right is None or isinstance(right, Unread) or line.statement.signs[0].text not in EQUALITIES:
            return None
        # What is called one may stand before the data: ``the log-likelihood of x_1, ..., x_n is``.
        said = line.words if _ONLY_VERB.fullmatch(line.words_between) else line.words_between
        words = f"{said} {line.statement.before}"
        inside = logged(left)
        if not (inside is not None or _LOGARITHM.search(words) or _is_ell(left)) or _OF_OTHER.search(f"{words} {line.after}"):
            return None
        left = inside or left
        if not is_new:
            return self._by_law(line, place, right, _letters(left)) if not _NEGATED.search(words) and line.members[0] is not None else None
        found = self._likelihood(line, left) if inside is not None or _LOGARITHM.search(words) else None
        if found is None:
            return self._of_sample(line, place, left, right) if not _NEGATED.search(words) else None
        if _spelling(left) in names_of(found[1]):
            return None
        logarithm: Expression = Call(Name("log", found[1].span), (found[1],), found[1].span)
        if _NEGATED.search(words):
            logarithm = negated(logarithm)
        step = Step(line, place, logarithm, right, "=")
        with self.comparer.gathered.book.without(line.order):
            finding = self.comparer.compare(line, logarithm, right, "=")
            if finding.fails and self._may_be_multiple(line, logarithm, right, _letters(left) or _letters(found[0]), finding.view):
                return None
        return (step, finding) if finding.holds or finding.fails else None

    def _of_sample(self, line: Line, place: int, left: Expression, right: Expression) -> tuple[Step, Finding] | None:
        """The step from the logarithms of the density of one observation, added up; a constant may be left out. None where no density is told, or nothing comes of it."""
        letters = _letters(left)
        logarithm = next(sample_logarithms(self.comparer.gathered.outline, line, right, letters), None)
        if logarithm is None:
            return self._by_law(line, place, right, letters)
        step = Step(line, place, logarithm, right, "=")
        with self.comparer.gathered.book.without(line.order):
            finding = self.comparer.compare(line, logarithm, right, "=")
            if finding.holds or not finding.fails:
                return (step, finding) if finding.holds else None
            slopes = self._slopes(line, logarithm, right, letters)
            if slopes and all(slope.holds for slope in slopes):
                return step, slopes[0]
            return None if self._may_be_multiple(line, logarithm, right, letters, finding.view) else (step, finding)

    def _slopes(self, line: Line, logarithm: Expression, right: Expression, letters: frozenset[str]) -> list[Finding]:
        """The findings on the slopes of a formula beside those of a logarithm, by all letters."""
        made = []
        for letter in sorted(letters):
            posed = _by_slopes(logarithm, letter)
            made.append(replace(self.comparer.compare(line, *posed(right), "="), posed=posed))
        return made

    def _by_law(self, line: Line, place: int, right: Expression, letters: frozenset[str]) -> tuple[Step, Finding] | None:
        """The step from the logarithm of the density of a sample whose law is told; constants may be left out. None where no law is told, or several are."""
        laws = observations(self.comparer.gathered, line, letters, right)
        density = sample_density(self.comparer.gathered, laws[0], line, right, letters) if len(laws) == 1 else None
        if density is None:
            return None
        logarithm = Call(Name("log", NOWHERE), (density,), NOWHERE)
        step = Step(line, place, logarithm, right, "=")
        with self.comparer.gathered.book.without(line.order):
            slopes = self._slopes(line, logarithm, right, letters)
            if slopes and all(slope.holds for slope in slopes):
                return step, slopes[0]
            refuted = next((slope for slope in slopes if slope.fails), None)
            is_open = refuted is None or not is_told_around(self.comparer.gathered, laws[0], line) or puts_in_numbers(density, right) or self._has_untold(line, right, letters | {laws[0].of.spelling})
            return None if refuted is None or is_open or self._may_be_multiple(line, logarithm, right, letters, refuted.view) else (step, refuted)

    def _has_untold(self, line: Line, right: Expression, known: frozenset[str]) -> bool:
        """Whether a formula has a name of which nothing is told: it may stand for a total over the sample."""
        outline, book = self.comparer.gathered.outline, self.comparer.gathered.book
        functions = {part.function.spelling for part in walk(right) if isinstance(part, Call)}
        names = {name for name in names_of(right) - functions - known - CONSTANTS - outline.vocabulary.indices if not name.startswith(r"\bar{")}
        counts = {name for member in members_of(outline.lines) for name in names_of(*counted(member))}
        return any(name not in counts and not book.is_defined(name) for name in names)

    def _likelihood(self, line: Line, left: Expression) -> tuple[Expression, Expression] | None:
        """The likelihood before a line, of the same letters where both name them: what stands for it, and what it is."""
        for other, head, value in self.comparer.gathered.outline.relations_before(line):
            if not holds_in(other.scope, line.scope) or other.statement.signs[0].text not in EQUALITIES or not isinstance(head, Call | Chance | Name):
                continue
            words = f"{other.words_between} {other.statement.before}"
            is_likelihood = "likelihood" in words.lower() and not _LOGARITHM.search(words)
            if (is_likelihood or _has_product(value)) and not _has_logarithm(value):
                mine, its = _letters(left), _letters(head)
                return (head, value) if not mine or not its or mine <= its or its <= mine else None
        return None

    def _may_be_multiple(self, line: Line, logarithm: Expression, right: Expression, letters: frozenset[str], view: View) -> bool:
        """Whether a formula is a multiple of a logarithm, with other constants: then its slopes are so, by all of some letters. Also where slopes do not tell."""
        names = [part for part in walk(right) if is_plain(part) and part.spelling in letters]
        by = list({name.spelling: name for name in names}.values())
        for scaled in self._multiples(logarithm, right):
            slopes = [(Differential(logarithm, (name,), False, NOWHERE), Differential(scaled, (name,), False, NOWHERE)) for name in by]
            if by and not any(self.comparer.within(line, one, other, "=", view, _READINGS).fails for one, other in slopes):
                return True
            if not by and self.comparer.within(line, logarithm, scaled, "=", view, _READINGS).holds:
                return True
        return False

    def _multiples(self, logarithm: Expression, right: Expression) -> Iterator[Expression]:
        """The usual multiples of a formula: by a number, or by how many data there are."""
        uppers = [part.upper for part in walk(logarithm) if isinstance(part, Binder) and part.upper is not None and is_plain(part.upper)]
        counts = list({bare(upper).spelling: upper for upper in uppers}.values())
        whole = Bracketed(right, "(", NOWHERE)
        for sign in (1, -1):
            yield from (rescaled(whole, sign * scale) for scale in _SCALES)
            yield from (rescaled(product_of(count, whole), Fraction(sign)) for count in counts)


def _is_ell(left: Expression) -> bool:
    return isinstance(left, Call) and left.function.spelling == r"\ell"


def _by_slopes(logarithm: Expression, letter: str) -> Posed:
    """How a logarithm judges a formula: by the slopes of both."""

    def slope(side: Expression) -> Expression:
        return Differential(Bracketed(side, "(", NOWHERE), (Name(letter, NOWHERE),), False, NOWHERE)

    return lambda right: (slope(logarithm), slope(right))


def _has_product(value: Expression) -> bool:
    return any(isinstance(part, Binder) and part.operation == "*" for part in walk(value))


def _has_logarithm(value: Expression) -> bool:
    """Whether a formula is a logarithm, or has one among its factors or terms: then it is a log-likelihood itself."""
    while isinstance(value, Bracketed):
        value = value.body
    match value:
        case Sum():
            return any(_has_logarithm(term) for _, term in value.terms)
        case Product():
            return any(map(_has_logarithm, value.factors))
        case Quotient():
            return _has_logarithm(value.above)
        case Binder():
            return _has_logarithm(value.body)
    return isinstance(value, Call) and value.function.spelling in LOGARITHMS


def _spelling(head: Expression) -> str | None:
    """The name that is defined."""
    name = head.function if isinstance(head, Call | Chance) else head
    return name.spelling if isinstance(name, Name) else None


def _letters(head: Expression) -> frozenset[str]:
    """The names of the arguments of what is defined; none where it has no arguments."""
    match head:
        case Call():
            return names_of(*head.arguments)
        case Chance():
            return names_of(*(head.given or head.events))
    return frozenset()
