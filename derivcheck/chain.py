"""The chain of relations at hand: what a relation sign without a left side goes on from."""

from __future__ import annotations

from dataclasses import dataclass, field

from derivcheck.derivation.outline import Line
from derivcheck.reading.expression import Expression
from derivcheck.step import Judged


@dataclass(slots=True)
class Chain:
    """``head`` is what the chain is about, ``last`` its latest member, ``steps`` its relations so far, ``topic`` the head of
    the latest chain that has one.
    """

    topic: Expression | None = None
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

    def go_on(self, line: Line) -> None:
        """The chain goes on in a line: that before an aside, if there was one, or that of the row above, if a remark stands beside it."""
        above = self._row
        if self._waiting is not None and self._waiting[0] != line.display:
            _, self.head, self.last, self.steps = self._waiting
        elif above is not None and above.display == line.display and above.order < line.order - 1 and above.statement.row == line.statement.row - 1:
            self.head, self.last, self.steps = self._left
        self._waiting = None

    def leave(self, line: Line) -> None:
        """The end of a line: if it went on, the row below may go on from it, whatever stands beside it."""
        if line.is_continuation:
            self._row, self._left = line, (self.head, self.last, self.steps)
