"""The chain of relations at hand: what a relation sign without a left side goes on from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from derivcheck.derivation.goal import SIGNS
from derivcheck.derivation.outline import Line
from derivcheck.document import Kind
from derivcheck.finding import Finding
from derivcheck.reading.expression import Expression, Unread
from derivcheck.step import Judged, Step

KEPT = 4
ORDERS = frozenset(sign for sign, meant in SIGNS.items() if meant not in ("=", "≠"))
_JOINS = re.compile(r"\W*(?:with|where|and|for|here|using)\W*", re.I)


@dataclass(slots=True)
class Chain:
    """``head`` is what the chain is about, ``last`` its latest member, ``steps`` its relations so far, ``topic`` the head of
    the latest chain that has one. ``earlier``: the heads of the latest chains, where they stand, and their relations.
    """

    topic: Expression | None = None
    earlier: list[tuple[Line, Expression, list[Judged]]] = field(default_factory=list)
    head: Expression | None = None
    last: Expression | None = None
    steps: list[Judged] = field(default_factory=list)
    _waiting: tuple[int, Expression | None, Expression | None, list[Judged]] | None = None
    _row: Line | None = None
    _left: tuple[Expression | None, Expression | None, list[Judged]] = field(default_factory=lambda: (None, None, []))

    def begin(self, first: Expression, display: int, is_aside: bool) -> None:
        """A new chain. ``is_aside``: it only tells the meaning of a letter; the chain before it may go on in another display."""
        self._waiting = (display, self.head, self.last, self.steps) if is_aside else None
        self.head, self.last, self.steps = first, first, []

    def stand(self, line: Line) -> None:
        """Takes in a formula without a relation: a relation sign that follows goes on from it."""
        if line.members and line.members[0] is not None and not isinstance(line.members[0], Unread):
            self.begin(line.members[0], line.display, is_aside=False)

    def keep(self, line: Line) -> None:
        """Takes note of the chain that a line begins, which may go on behind others: ``= X``, with the identity .., ``= Y``."""
        if self.head is not None:
            self.earlier = [*self.earlier[1 - KEPT :], (line, self.head, self.steps)]

    def resumed(self, step: Step, compare: Callable[[Step], Finding]) -> Finding | None:
        """The finding on a display that goes on with a chain before the latest one, as that stands in the words between: it is then the chain at hand.
        None where it goes on with none.
        """
        if step.line.segment.kind is Kind.INLINE or not self.earlier or not _is_told_between(self.earlier[-1][0]):
            return None
        for line, head, steps in reversed(self.earlier[:-1]):
            finding = compare(replace(step, left=head)) if line.scope == step.line.scope else None
            if finding is not None and finding.holds:
                self.head, self.steps = head, steps
                return finding
        return None

    def go_on(self, line: Line) -> None:
        """The chain goes on in a line: that before an aside, if there was one, or that of the row above, if a remark stands beside it."""
        above = self._row
        if self._waiting is not None and self._waiting[0] != line.display:
            _, self.head, self.last, self.steps = self._waiting
        elif above is not None and above.display == line.display and above.order < line.order - 1 and above.statement.row == line.statement.row - 1:
            self.head, self.last, self.steps = self._left
        self._waiting = None

    def pass_on(self, sign: str, right: Expression | None) -> None:
        """Takes in a relation: what follows an inequality is about what stands behind it."""
        if sign in ORDERS and right is not None:
            self.head = right

    def leave(self, line: Line) -> None:
        """The end of a line: if it went on, the row below may go on from it, whatever stands beside it."""
        if line.is_continuation:
            self._row, self._left = line, (self.head, self.last, self.steps)


def _is_told_between(line: Line) -> bool:
    """Whether a formula stands in the words between, or only goes on with them: ``with $$a = e^z$$ and $$b = e^{-z}$$``."""
    return line.segment.kind is Kind.INLINE or _JOINS.fullmatch(line.words) is not None
