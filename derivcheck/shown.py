"""Decimals that are shown of names: they may be put in for these, and what is worked out with them is right in the digits that they leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from derivcheck.decision.outcome import Refuted
from derivcheck.derivation.definable import is_numeric
from derivcheck.derivation.instance import replaced, rounded_number
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.outline import Line
from derivcheck.derivation.rounding import may_agree, may_be
from derivcheck.elaboration.book import holds_in
from derivcheck.elaboration.head import Head
from derivcheck.elaboration.same import same
from derivcheck.finding import Finding
from derivcheck.reading.content import number
from derivcheck.reading.expression import Expression, Name, is_plain, walk
from derivcheck.rounded import is_closed, is_rounded
from derivcheck.step import Step


@dataclass(frozen=True, slots=True)
class Shown:
    """The decimals that a document has shown of its names so far: ``values``, each with the line that shows it."""

    gathered: Gathered
    values: dict[str, tuple[Line, Expression]] = field(default_factory=dict)

    def show(self, step: Step, about: Expression | None) -> None:
        """Takes note of the decimals that are shown of a name, which may be put in for it."""
        if is_plain(about) and step.is_equality and rounded_number(step.right) is not None:
            self.values[about.spelling] = (step.line, step.right)

    def is_rounded(self, step: Step, finding: Finding) -> bool:
        """Whether two numbers agree in the digits that are shown, of themselves or of the names that are put in."""
        if is_rounded(step, finding):
            return True
        if not isinstance(finding.outcome, Refuted) or not is_closed(finding) or step.sign in (":=", r"\equiv"):
            return False
        left, right = (self._as_shown(step.line, side) for side in (step.left, step.right))
        if left is step.left and right is step.right and is_numeric(left):
            return False
        return may_agree(left, right) or (not is_numeric(step.left) and may_be(right, finding.outcome.left))

    def number_of(self, line: Line, name: Name) -> Fraction | None:
        """The number that is shown or told of a name at a line; None where none is."""
        known = self._as_shown(line, name)
        return None if known is name else number(known)

    def _as_shown(self, line: Line, side: Expression) -> Expression:
        """A formula with the decimals that are shown of its names, or the numbers that these are given, put in for them."""
        for name in dict.fromkeys(part for part in walk(side) if isinstance(part, Name) and not part.primes):
            where, value = self.values.get(name.spelling, (None, None)) if is_plain(name) else (None, None)
            if where is None or not (holds_in(where.scope, line.scope) and where.order <= line.order) or self._is_over(name.spelling, where, line):
                found = self.gathered.book.find(Head(name.spelling, name.indices, name.samples), line.order, line.scope, now=line.order, values=True)
                value = found.definition.right if found is not None and number(found.definition.right) is not None else None
            side = side if value is None else replaced(side, name, value)
        return side

    def _is_over(self, spelling: str, where: Line, line: Line) -> bool:
        """Whether what a name is made of has been given another number since a line showed its decimals."""
        book = self.gathered.book
        known = [one for name in book.reached(frozenset((spelling,))) - {spelling} for one in book.definitions.get(name, ()) if one.is_value and one.order <= line.order and holds_in(one.scope, line.scope)]
        before = {one.head: one for one in known if one.order <= where.order}
        return any(one.order > where.order and not (one.head in before and same(before[one.head].right, one.right)) for one in known)
