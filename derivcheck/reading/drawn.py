r"""What stands before the sign of a law: names, with or without a condition: ``x_1, \dots, x_n | \theta \sim N(\theta, 1)``."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.latex.node import Node
from derivcheck.reading import bracket
from derivcheck.reading.expression import Chance, Name
from derivcheck.reading.reader import Reader

DRAWN = r"\sim"
"""The function of what is drawn under a condition."""


def under_condition(reader: Reader, items: Sequence[Node]) -> Chance | None:
    """What is drawn, and behind a bar what is given for it; None where there is no bar."""
    halves = bracket.split_at_bar(items)
    if halves is None or not all(halves):
        return None
    drawn, given = (tuple(reader.condition(part) for part in bracket.split_list(half)) for half in halves)
    span = items[0].span.cover(items[-1].span)
    return Chance(Name(DRAWN, items[0].span), drawn, given, span)
