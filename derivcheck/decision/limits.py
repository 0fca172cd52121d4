"""How much work one decision may cost. Everything is counted, nothing timed, so the same obligation gets the same answer."""

from __future__ import annotations

from dataclasses import dataclass

# Terms are many, live long and form no cycles: collections as frequent as the interpreter's own take a quarter of the time.
YOUNG_OBJECTS = 4_000_000
GRACE = 0.25
"""Seconds from the alarm at a deadline to the end of a process that does not hear it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on the work for one obligation.

    ``nodes``: scalar expressions in one graph. ``points``: values drawn at once; ``wide_points``: when those are too few.
    ``assignments``: values of the goal's free variables tried at one choice of sizes; ``hypotheses``: instances of
    hypotheses at one choice of sizes. ``field_points``: points of the prime field. ``grid``: choices of sizes in a proof
    for every size; ``entries``: numbers held for one term there. ``digits``: pairs of working precisions, tried in turn.
    ``smallest``: a counterexample is looked for at the smallest sizes that show it, which takes longer than to refute.
    """

    nodes: int = 10_000
    points: int = 32
    wide_points: int = 2048
    assignments: int = 16
    hypotheses: int = 400
    branches: int = 4
    field_points: int = 512
    grid: int = 300
    entries: int = 60_000
    digits: tuple[tuple[int, int], ...] = ((40, 80), (120, 240), (400, 800))
    smallest: bool = True
