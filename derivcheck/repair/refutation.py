"""What the hall hands over when a step was refuted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from derivcheck.derivation.goal import Relating
from derivcheck.reading.expression import Expression, Limiting
from derivcheck.repair.reread import Reread
from derivcheck.term.obligation import Obligation

# Signs of inequalities, each with what says the opposite.
INEQUALITIES = {"<": ">", ">": "<", r"\le": "≥", r"\leq": "≥", r"\leqslant": "≥", r"\ge": "≤", r"\geq": "≤", r"\geqslant": "≤"}


@dataclass(frozen=True, slots=True)
class Refutation:
    """A refuted step, and what it takes to look into it.

    ``left`` and ``right`` are the members with every doubt settled as in the reading that was refuted; ``relating`` is
    what they came to and ``obligation`` what was refuted, at ``dimensions``, ``indices`` and ``values``, where the two
    ``sides`` were found. ``reread`` elaborates other members in the same reading; ``holds`` decides them, in full, and ``acquits`` with
    everything that may be known besides. ``read`` gives
    what a text may mean, the likeliest first.
    ``nearby`` are members of the lines around it, and ``text`` is the text in which all of them stand. ``posed``: the members
    that a right side is judged by, where they are not those of the step. ``has_numbers``: numbers were put in for names.
    """

    left: Expression
    right: Expression
    sign: str
    text: str
    relating: Relating | None
    obligation: Obligation | None
    reread: Reread
    holds: Callable[[Expression, Expression], bool]
    acquits: Callable[[Expression, Expression], bool]
    read: Callable[[str], Iterator[Expression]] | None = None
    nearby: tuple[Expression, ...] = ()
    dimensions: tuple[tuple[str, int], ...] = ()
    indices: tuple[tuple[str, int], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    sides: tuple[float, float] | None = None
    shapes: tuple | None = None
    posed: Callable[[Expression], tuple[Expression, Expression]] | None = None
    has_numbers: bool = False

    @property
    def is_series(self) -> bool:
        """Whether a right side is judged by how fast its difference from the left side vanishes."""
        return self.posed is not None and isinstance(self.posed(self.right)[0], Limiting)
