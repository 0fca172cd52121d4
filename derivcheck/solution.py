"""Solutions: what a hatted or starred unknown equals must solve the equations that were set to zero."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from derivcheck.comparison import Comparer
from derivcheck.derivation.definable import definable, is_numeric, undecorated
from derivcheck.derivation.dependence import pairs
from derivcheck.derivation.fact import Fact, FactBook
from derivcheck.derivation.instance import put_in, replaced
from derivcheck.derivation.outline import members_of
from derivcheck.elaboration.book import Book, Definition, holds_in
from derivcheck.elaboration.head import Head
from derivcheck.elaboration.same import same
from derivcheck.estimate import Estimates
from derivcheck.finding import Finding, refuted_names
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import (
    Bracketed,
    Differential,
    Expression,
    Gradient,
    Listed,
    Literal,
    Name,
    Power,
    Quotient,
    Transpose,
    is_plain,
    walk,
)
from derivcheck.source import NOWHERE
from derivcheck.step import FAULTY, RIGHT, Judged, Step, is_slope

MAX_CONDITIONS = 3
MAX_EQUATIONS = 8
UNSOLVED = "this does not solve the equation that was set up for it"


@dataclass(frozen=True, slots=True)
class Solutions:
    """Checks the solutions of a document's equations."""

    book: Book
    facts: FactBook
    comparer: Comparer

    def finding(self, step: Step, judged: Sequence[Judged]) -> Finding | None:
        """What becomes of a solution when it is put into the equations it should solve; None where there are none. ``judged``: the steps so far."""
        rooted = _rooted(step)
        found = self._finding(rooted, judged)
        if found is None or found.posed is None or rooted is step:
            return found
        posed = found.posed
        return replace(found, posed=lambda value: posed(_rooted(replace(step, right=value)).right))

    def _finding(self, step: Step, judged: Sequence[Judged]) -> Finding | None:
        """What becomes of a value of an unknown."""
        left = step.left
        if not isinstance(left, Name) or not step.is_equality:
            return None
        plain = left.spelling if is_plain(left) and is_numeric(step.right) else None
        base = undecorated(left.spelling) or plain
        head = Head(left.spelling, left.indices)
        if base is None or self.book.find(head, step.line.order, step.line.scope) is not None or self._goes_on_from_wrong(step, judged):
            return None
        entries = _entries(step.right) if not left.indices else None
        found = self._of_system(step, replace(left, spelling=base), entries) if left.indices or entries else self._of_number(step, base, judged)
        if found is not None and found.holds:
            self.book.add(Definition(head, step.right, step.line.order, step.line.scope, stated=base != plain, is_value=base == plain))
        # A number for an unknown as it stands may be one that is put in: it is not convicted.
        return found if base != plain or (found is not None and found.holds) else None

    def _goes_on_from_wrong(self, step: Step, judged: Sequence[Judged]) -> bool:
        """Whether a wrong solution for the same unknown stands before it: numbers may have been put into that one."""
        faulty = [one.step for one in judged if one.verdict in FAULTY and holds_in(one.step.line.scope, step.line.scope)]
        return any(isinstance(one.left, Name) and same(one.left, step.left) for one in faulty)

    def _of_number(self, step: Step, base: str, judged: Sequence[Judged]) -> Finding | None:
        """One unknown: it solves one of the nearest equations about it, or it does not solve the one that was set to zero."""
        refuted: Finding | None = None
        for fact in (*self.facts.about(step.line, base)[:MAX_CONDITIONS], *_slopes(step, base, judged)):
            sides = [put_in(side, base, step.right) for side in (fact.left, fact.right)]
            if sides == [fact.left, fact.right]:
                continue
            if base == step.left.spelling and self.comparer.is_about_arrays(fact):
                continue
            finding = self.comparer.compare(step.line, *sides, "=")
            if finding.holds:
                return finding
            if finding.fails and fact.stationary and self._is_determined(step, base, fact) and not _leaves_open(step, finding):
                refuted = refuted or replace(finding, reason=UNSOLVED, posed=_posed(fact, base))
        return refuted or (Estimates(self.comparer).finding(step, base) if base != step.left.spelling else None)

    def _is_determined(self, step: Step, base: str, fact: Fact) -> bool:
        """Whether an equation alone tells an unknown: nothing else in it is solved for, and the solution is made of what is known."""
        outline, right = self.comparer.gathered.outline, names_of(step.right)
        known = all(name in fact.names or self.book.is_defined(name) for name in right)
        unknowns = {undecorated(name) for name in outline.first} | {by.spelling for _, by in pairs(members_of(outline.lines))}
        return known and not unknowns & (fact.names - right - {base})

    def _of_system(self, step: Step, unknown: Name, entries: Sequence[Expression] | None) -> Finding | None:
        """One or all entries of an unknown: they solve every equation that is about nothing else of it.

        A vector is not convicted: it may go on from what was found for one entry before.
        """
        held: Finding | None = None
        for fact in self.facts.about(step.line, unknown.spelling)[:MAX_EQUATIONS]:
            sides = [_with_entries(side, unknown, step.right, entries) for side in (fact.left, fact.right)]
            rest = any(isinstance(part, Name) and part.spelling == unknown.spelling for side in sides for part in walk(side))
            if sides == [fact.left, fact.right] or rest or any(isinstance(part, Differential | Gradient) for side in sides for part in walk(side)):
                continue
            finding = self.comparer.compare(step.line, *sides, "=")
            if not finding.holds:
                is_near = fact.stationary or fact.line.display == step.line.display
                is_meant = entries is None and is_near and self._is_determined(step, unknown.spelling, fact) and not _leaves_open(step, finding)
                return replace(finding, reason=UNSOLVED) if finding.fails and is_meant else None
            held = finding
        return held


def _leaves_open(step: Step, refuted: Finding) -> bool:
    """Whether an equation has other letters left when a number is put in: it tells these as well, and they may be what the number asks for."""
    return is_numeric(step.right) and bool(refuted_names(refuted))


def _rooted(step: Step) -> Step:
    r"""A step about a power of a decorated unknown, ``\hat\sigma^2``, as one about the unknown, which is a root of the right side."""
    left = step.left
    if not isinstance(left, Power) or not isinstance(left.body, Name) or undecorated(left.body.spelling) is None or definable(left) is None:
        return step
    degree = Quotient(Literal(Fraction(1), NOWHERE), left.exponent, left.exponent.span)
    return replace(step, left=left.body, right=Power(Bracketed(step.right, "(", step.right.span), degree, step.right.span))


def _posed(fact: Fact, base: str) -> Callable[[Expression], tuple[Expression, Expression]]:
    """How an equation judges a value of its unknown."""
    return lambda value: (put_in(fact.left, base, value), put_in(fact.right, base, value))


def _slopes(step: Step, base: str, judged: Sequence[Judged]) -> list[Fact]:
    """That a derivative is zero which has been worked out before: what a solution solves where the document does not write it down."""
    slopes = [one for one in reversed(judged) if one.verdict in RIGHT and is_slope(one.about)]
    known = [one for one in slopes if base in names_of(one.step.right)]
    near = [one.step for one in known if holds_in(one.step.line.scope, step.line.scope)][:MAX_CONDITIONS]
    return [Fact(one.right, "=", Literal(Fraction(0), NOWHERE), one.line, names_of(one.right)) for one in near]


def _entries(value: Expression) -> Sequence[Expression] | None:
    """The entries of a vector that is written out."""
    while isinstance(value, Bracketed | Transpose):
        value = value.body
    return value.items if isinstance(value, Listed) else None


def _with_entries(side: Expression, unknown: Name, value: Expression, entries: Sequence[Expression] | None) -> Expression:
    """A side with what an entry of the unknown equals, or with each of its ``entries``, put in."""
    for name, entry in _meant(unknown, value, entries):
        side = replaced(side, name, entry)
    return side


def _meant(unknown: Name, value: Expression, entries: Sequence[Expression] | None) -> Iterator[tuple[Name, Expression]]:
    if entries is None:
        yield unknown, value
        return
    for place, entry in enumerate(entries, 1):
        yield replace(unknown, indices=(Literal(Fraction(place), NOWHERE),)), entry
