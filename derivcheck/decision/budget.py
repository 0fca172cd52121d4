"""The processor time that a step and a document are worth: ours and the child's together."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from math import inf

FREE = 0.05
"""Seconds that every step has, however long the document is."""
SHORTEST = 0.01
"""Seconds below which nothing is begun any more."""
BLINK = 0.005
"""Seconds on the wall between two looks at the clock of our own time."""
OURS = 0.5
"""What a second of our own counts in a step: its time is above all for deciding."""


SHARE = 0.2
"""What explaining may take of a document's time, on top of it: an explanation is worth less than a verdict."""


@dataclass(slots=True)
class Budget:
    """Seconds of processor time: ``step`` for one step, ``document`` for what its steps take beyond ``FREE`` each, ``explaining`` for
    what it takes beyond that to say what is wrong with steps: however long that is, it costs no later step its verdict.

    A document that has used up its time goes on with the free time of its steps, so that whatever is easy is still decided and no
    report is lost. Before the first ``begin`` there is the time of one step for everything that is asked.
    """

    step: float = 1.0
    document: float = inf
    explaining: float = inf
    _explains: bool = False
    _allowed: float | None = None
    _charged: float = 0.0
    _since: float = field(default_factory=time.thread_time)
    _seen: float = 0.0
    _looked: float = -inf

    def begin(self, explains: bool = False) -> None:
        """A step begins, or explaining one does."""
        over = max(0.0, self._charged + self._own - FREE) if self._allowed is not None else 0.0
        if self._explains:
            self.explaining = max(0.0, self.explaining - over)
        else:
            self.document = max(0.0, self.document - over)
        self._explains = explains
        self._allowed = min(self.step, FREE + (self.explaining if explains else self.document))
        self._charged, self._since = 0.0, time.thread_time()
        self._looked, self._seen = time.perf_counter(), self._since

    def charge(self, seconds: float) -> None:
        """Takes time that the child spent off the step's time."""
        self._charged += seconds

    @property
    def left(self) -> float:
        """Seconds that are left for the step."""
        return self.step if self._allowed is None else self._allowed - self._taken

    @property
    def is_spent(self) -> bool:
        """Whether the step's time is up: an outcome that was not waited for may have been another."""
        return self._allowed is not None and self.left < SHORTEST

    @property
    def _taken(self) -> float:
        return self._charged + OURS * self._own

    @property
    def _own(self) -> float:
        """Our own time since the step began. The clock for it takes its time: between two looks at it another one tells whether enough has passed."""
        now = time.perf_counter()
        if now - self._looked > BLINK:
            self._looked, self._seen = now, time.thread_time()
        return self._seen - self._since
