"""A refuted step handed to the diagnoses: the reading that failed, what stands around it, and how another side would fare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from derivcheck.comparison import Comparer, Finding
from derivcheck.decision.outcome import Refuted
from derivcheck.derivation.outline import Line, Outline
from derivcheck.diagnosis import Finding as Slip
from derivcheck.diagnosis import diagnose
from derivcheck.elaboration.doubt import Oracle, Site
from derivcheck.elaboration.elaborator import Elaborator
from derivcheck.notation import Surroundings
from derivcheck.reading.edit import settled
from derivcheck.reading.expression import Expression, Unread, is_clean
from derivcheck.repair.refutation import Refutation
from derivcheck.repair.reread import Reread

LINES_BEFORE = 6


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains the refuted steps of a document whose text is ``text``."""

    text: str
    outline: Outline
    comparer: Comparer

    def explain(self, line: Line, left: Expression, right: Expression, sign: str, finding: Finding) -> Slip:
        """What is wrong with a step that a finding refutes."""
        return diagnose(self._refutation(line, left, right, sign, finding))

    def _refutation(self, line: Line, left: Expression, right: Expression, sign: str, finding: Finding) -> Refutation:
        outcome = finding.outcome
        assert isinstance(outcome, Refuted)
        answers = finding.answers
        reread = Reread(lambda: self._elaborator(line, (left, right), finding), Surroundings(line.order, line.scope, now=line.order), sign)
        return Refutation(
            left=settled(left, answers),
            right=settled(right, answers),
            sign=sign,
            text=self.text,
            relating=finding.relating,
            obligation=finding.asked,
            reread=reread,
            holds=lambda one, other: self.comparer.under(line, one, other, sign, finding.view).holds,
            read=self._read,
            nearby=tuple(self._nearby(line, answers)),
            dimensions=outcome.witness.dimensions,
            indices=outcome.witness.indices,
            values=outcome.witness.values,
            sides=(outcome.left, outcome.right),
        )

    def _elaborator(self, line: Line, members: tuple[Expression, Expression], finding: Finding) -> Elaborator:
        return self.comparer.elaborator(line, members, finding.view, Oracle(dict(finding.answers)))

    def _read(self, text: str) -> Expression | None:
        """A text as a member of this document would be read."""
        member = self.outline.read(text)
        return settled(member, {}) if member is not None and is_clean(member) else None

    def _nearby(self, line: Line, answers: Mapping[Site, int]) -> Iterator[Expression]:
        """The members of a line and of those before it in its scope, in the order of the document."""
        for other in self.outline.lines[max(0, line.order - LINES_BEFORE) : line.order + 1]:
            if other.scope == line.scope:
                yield from (settled(one, answers) for one in other.members if one is not None and not isinstance(one, Unread))
