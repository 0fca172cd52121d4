r"""Slopes of a loss that nothing defines, by those of what comes behind: ``\bar x = W^\top \bar y``. What leads from a quantity to the loss is then all
that the document makes of the quantity.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from derivcheck.derivation.adjoint import slope_of
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.outline import Line
from derivcheck.diagnostic import ClaimReport, Verdict
from derivcheck.elaboration.book import Definition, holds_in
from derivcheck.finding import Finding
from derivcheck.reading.content import has_derivative, names_of
from derivcheck.reading.expression import Expression, Literal, Name, walk
from derivcheck.step import RIGHT, Judged, Step


@dataclass(slots=True)
class Upstream:
    """The claims about such slopes that are refuted as far as the document tells what depends on what."""

    gathered: Gathered
    doubted: list[tuple[ClaimReport, Step, Finding]] = field(default_factory=list)

    def hear(self, report: ClaimReport, step: Step, finding: Finding) -> None:
        """Takes note of a claim that nobody could decide."""
        if report.verdict is Verdict.UNDECIDED and finding.is_opaque and finding.doubted is not None:
            self.doubted.append((report, step, finding))

    def refuted(self, judged: Sequence[Judged]) -> Iterator[tuple[ClaimReport, Step, Finding]]:
        """Those that are certain: every way to the loss leads through what their right sides name, and another claim about slopes of this loss
        by each other is right, so that they are read as they are meant.
        """
        for report, step, finding in self.doubted:
            ends = slope_of(step.left)
            if ends is not None and self._is_read(ends[1]) and finding.assumed == {ends[0].spelling} and self._leads_there(step, *ends) and any(self._confirms(one, ends[0], step.line) for one in judged):
                yield report, step, replace(finding, outcome=finding.doubted, reason="", kind="decided", is_inferred=True)

    def _is_read(self, by: Name) -> bool:
        """Whether it is plain what a quantity is: one with a letter below that counts no members may be a vector or an entry of one."""
        return all(isinstance(index, Literal) or names_of(index) <= self.gathered.places for index in by.indices)

    def _leads_there(self, step: Step, top: Name, by: Name) -> bool:
        """Whether all that is made of a quantity leads to what a right side differentiates the loss by."""
        through = self._through(step.right, top)
        return bool(through) and self._is_complete(by.spelling, through, step.line, frozenset())

    def _is_complete(self, name: str, through: frozenset[str], line: Line, above: frozenset[str]) -> bool:
        """Whether all that is made of a name is among some others, or leads to them alone; a name that goes back to itself leads further."""
        users = {one.head.spelling for one in self._users(name, line)}
        inside = above | {name}
        return bool(users) and all(user in through or (user not in inside and self._is_complete(user, through, line, inside)) for user in users)

    def _users(self, name: str, line: Line) -> Iterator[Definition]:
        """The definitions that name something where a line stands."""
        for known in self.gathered.book.definitions.values():
            for one in known:
                if not one.is_value and not one.is_proved and holds_in(one.scope, line.scope) and not has_derivative(one.right) and _names(one.right, name):
                    yield one

    def _through(self, right: Expression, top: Name) -> frozenset[str]:
        """What the same quantity is differentiated by on a right side, or in what its names are defined as."""
        told = [one.right for part in walk(right) if isinstance(part, Name) for one in self.gathered.book.definitions.get(part.spelling, ())]
        slopes = [ends for part in (*walk(right), *told) if (ends := slope_of(part)) is not None]
        return frozenset(by.spelling for body, by in slopes if body.spelling == top.spelling)

    def _confirms(self, one: Judged, top: Name, line: Line) -> bool:
        """Whether a claim is right that tells a slope by others of the same quantity."""
        ends = slope_of(one.about)
        is_alike = ends is not None and ends[0].spelling == top.spelling and holds_in(one.step.line.scope, line.scope)
        return is_alike and one.verdict in RIGHT and bool(self._through(one.step.right, top))


def _names(expression: Expression, name: str) -> bool:
    return any(isinstance(part, Name) and part.spelling == name for part in walk(expression))
