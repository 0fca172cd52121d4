"""Claims along a curve: slopes at a point of it, and equations for it that an equation for its slope leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from derivcheck.comparison import Comparer
from derivcheck.decision.outcome import Refuted
from derivcheck.derivation.fact import Fact, FactBook
from derivcheck.derivation.outline import Line
from derivcheck.derivation.prose import tries
from derivcheck.derivation.role import definable, is_numeric
from derivcheck.finding import Finding, View
from derivcheck.initial import MISSED, misses_value
from derivcheck.reading.content import has_derivative, names_of
from derivcheck.reading.custom import CONSTANTS
from derivcheck.reading.edit import literal
from derivcheck.reading.expression import (
    Bracketed,
    Call,
    Differential,
    Expression,
    Infinitesimal,
    Integration,
    Listed,
    Name,
    Power,
    is_plain,
    walk,
)
from derivcheck.source import NOWHERE
from derivcheck.step import Step

_POINT = re.compile(r"\(\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*\)")
MAX_DENOMINATOR, TOLERANCE = 1000, 1e-12
TRIED = "a candidate for a solution, which may solve the equation for some values of its letters"
UNTOLD = "an equation for a slope does not tell this"


@dataclass(frozen=True, slots=True)
class Curves:
    """Decides claims about quantities that depend on a variable by an equation."""

    comparer: Comparer
    facts: FactBook

    def finding(self, step: Step) -> Finding | None:
        """What is found of a claim along a curve; None for any other claim."""
        along = self.comparer.gathered.at(step.line).implicit
        if not along or not step.is_equality:
            return None
        name = _slope_of(step.left, along)
        if name is not None and is_numeric(step.right):
            return self._at_point(step, along[name], name)
        return self._differential(step, along) or self._integrated(step, along)

    def _at_point(self, step: Step, by: str, name: str) -> Finding | None:
        """A number for a slope at a point that the sentence tells: on the curve, and at no other place."""
        point = next(_points(step.line, self.comparer.gathered.outline.lines), None)
        if point is None:
            return None
        where = [Fact(Name(letter, NOWHERE), "=", value, step.line, frozenset((letter,))) for letter, value in zip((by, name), point, strict=True)]
        about = [fact for fact in self.facts.constraints(step.line) if name in fact.names and fact.sign == "="]
        told = [fact if _has_slope(fact) else _differentiated(fact, by) for fact in about][-1:]
        finding = self._from(step.line, step.left, step.right, (*where, *told))
        if isinstance(finding.outcome, Refuted):
            return replace(finding, reason=f"the slope there is {_shown(finding.outcome.left)}")
        return finding

    def _differential(self, step: Step, along: dict[str, str]) -> Finding | None:
        """An equation with a slope in it, which must follow from the curve's equation, differentiated; None for a condition on the slope alone."""
        names = names_of(step.left, step.right)
        about = [fact for fact in self.facts.constraints(step.line) if fact.sign == "=" and not _has_slope(fact) and fact.variables & along.keys() & names]
        if not about or not _has_slope(Fact(step.left, "=", step.right, step.line, names)):
            return None
        by = next(along[name] for name in sorted(about[-1].variables & along.keys() & names))
        finding = self._from(step.line, step.left, step.right, (_differentiated(about[-1], by),))
        if finding.holds or not finding.fails or (_slope_of(step.left, along) is not None and not names_of(step.right)):
            return finding if finding.holds else None
        whole = self.comparer.compare(step.line, step.left, step.right, step.sign)
        return whole if whole.holds or whole.fails else None

    def _from(self, line: Line, left: Expression, right: Expression, told: tuple[Fact, ...]) -> Finding:
        """The finding on an equation by some facts alone."""
        return self.comparer.under(line, left, right, "=", View(constraints=True, supposed=told, only=True))

    def _integrated(self, step: Step, along: dict[str, str]) -> Finding | None:
        """An equation for what has an equation for its slope: its derivative must follow from that and from itself, whatever its constants are."""
        about = sorted(name for name in along if name in names_of(step.left, step.right))
        claimed = Fact(step.left, "=", step.right, step.line, names_of(step.left, step.right))
        known = self.facts.constraints(step.line)
        laws = [fact for fact in known if about and about[0] in fact.names and _has_slope(fact)]
        if len(about) != 1 or _has_slope(claimed) or not laws:
            return None
        if _is_higher(laws[-1]):
            # What the slope is does not follow from such an equation.
            return Finding(None, TRIED, "undecided") if self._is_tried(step) else None
        goal = _differentiated(claimed, along[about[0]])
        with self.comparer.gathered.book.hiding(about[0]):
            found = [self._from(step.line, goal.left, goal.right, told) for told in ((laws[-1],), (claimed, laws[-1]))]
        finding = next((one for one in found if one.holds), found[-1])
        if finding.holds and misses_value(self.comparer, step, about[0], laws[-1].line):
            return replace(finding, outcome=None, reason=MISSED, kind="undecided")
        if finding.holds:
            self.facts.add(step.line, step.left, "=", step.right)
            return finding
        plain = self.comparer.compare(step.line, step.left, step.right, step.sign) if definable(step.left) is None else None
        if plain is not None and plain.holds:
            return plain
        # With several laws for one quantity nothing tells which a line is about; a lone dx is half of a slope.
        halves = any(isinstance(part, Infinitesimal | Integration) for side in (step.left, step.right) for part in walk(side))
        if finding.fails and (len(laws) > 1 or halves or self._is_over(laws[-1], about[0], step.line)):
            return replace(finding, outcome=None, reason=UNTOLD, kind="undecided")
        if finding.fails and self._is_tried(step):
            return replace(finding, outcome=None, reason=TRIED, kind="undecided")
        if finding.fails and self._has_constant(step, known, along[about[0]]):
            return finding
        return None if plain is None else replace(finding, outcome=None, kind="undecided", reason=UNTOLD)

    def _is_over(self, law: Fact, name: str, here: Line) -> bool:
        """Whether the document has spoken of the slope of a quantity again since a law for it: the law may be that of another problem."""
        since = self.comparer.gathered.outline.lines[law.line.order + 1 : here.order]
        sides = ((line, *line.members[:2]) for line in since if len(line.members) > 1)
        told = (Fact(left, "=", right, line, names_of(left, right)) for line, left, right in sides if left is not None and right is not None)
        return any(name in fact.names and _has_slope(fact) for fact in told)

    def _is_tried(self, step: Step) -> bool:
        """Whether an equation is a candidate for a solution: words say so, or a letter that is new there decides how fast it grows or turns, as r in ``e^{rx}``."""
        if tries(f"{step.line.words} {step.line.statement.before}"):
            return True
        first = self.comparer.gathered.outline.first
        inner = [part.exponent for part in walk(step.right) if isinstance(part, Power)] + [one for part in walk(step.right) if isinstance(part, Call) for one in part.arguments]
        return any(first.get(name) == step.line.order for name in names_of(*inner))

    def _has_constant(self, step: Step, known: list[Fact], by: str) -> bool:
        """Whether both the variable and a letter of which nothing is known stand in an equation: a constant of integration."""
        others = frozenset().union(*(fact.names for fact in known if _has_slope(fact)))
        names = names_of(step.left, step.right)
        return by in names and bool(names - others - CONSTANTS)


def _slope_of(left: Expression, along: dict[str, str]) -> str | None:
    """The quantity that a left side is the slope of."""
    if isinstance(left, Name) and left.primes == 1 and left.spelling in along:
        return left.spelling
    if isinstance(left, Differential) and left.total and len(left.by) == 1 and is_plain(left.body) and left.body.spelling in along:
        return left.body.spelling
    return None


def _differentiated(fact: Fact, by: str) -> Fact:
    """A fact along a curve with both sides differentiated."""
    left, right = (Differential(Bracketed(side, "(", NOWHERE), (Name(by, NOWHERE),), True, NOWHERE) for side in (fact.left, fact.right))
    return replace(fact, left=left, right=right)


def _shown(value: float) -> str:
    """A number as a fraction where it is a simple one, else with some of its digits."""
    simple = Fraction(value).limit_denominator(MAX_DENOMINATOR)
    return str(simple) if abs(simple - Fraction(value)) < TOLERANCE else f"{value:.6g}"


def _is_higher(fact: Fact) -> bool:
    """Whether an equation has a second derivative in it, or a higher one."""
    parts = [part for side in (fact.left, fact.right) for part in walk(side)]
    return any((isinstance(part, Name) and part.primes > 1) or (isinstance(part, Differential) and len(part.by) > 1) for part in parts)


def _has_slope(fact: Fact) -> bool:
    sides = (fact.left, fact.right)
    return any(has_derivative(side) or any(isinstance(part, Name) and part.primes for part in walk(side)) for side in sides)


def _points(line: Line, lines: tuple[Line, ...]) -> Iterator[tuple[Expression, Expression]]:
    """Points of a plane that are told in the sentence of a line, the nearest first: in words, or as a formula of their own."""
    for found in reversed(_POINT.findall(line.words)):
        x, y = (literal(Fraction(digits)) for digits in found)
        yield x, y
    if line.order and line.words and lines[line.order - 1].scope == line.scope:
        members = lines[line.order - 1].members
        listed = members[0] if len(members) == 1 else None
        if isinstance(listed, Listed) and len(listed.items) == 2 and all(map(is_numeric, listed.items)):
            yield listed.items[0], listed.items[1]
