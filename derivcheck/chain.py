"""The chain of relations at hand: what a relation sign without a left side goes on from."""

from __future__ import annotations

from dataclasses import dataclass, field

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

    def begin(self, first: Expression, display: int, is_aside: bool) -> None:
        """A new chain. ``is_aside``: it only tells the meaning of a letter; the chain before it may go on in another display."""
        self._waiting = (display, self.head, self.last, self.steps) if is_aside else None
        self.head, self.last, self.steps = first, first, []

    def go_on(self, display: int) -> None:
        """The chain goes on in a display: that before an aside, if there was one."""
        if self._waiting is not None and self._waiting[0] != display:
            _, self.head, self.last, self.steps = self._waiting
        self._waiting = None
