r"""What stands before the sign of a law: names, with or without a condition: ``x_1, \dots, x_n | \theta \sim N(\theta, 1)``."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.latex.node import Node
from derivcheck.reading import bracket
from derivcheck.reading.expression import Chance, Comparison, Name
from derivcheck.reading.reader import Reader

DRAWN = r"\sim"
"""The function of what is drawn under a condition."""


def under_condition(reader: Reader, members: Sequence[Sequence[Node]], signs: Sequence[str]) -> Chance | None:
    """What is drawn, and behind a bar what is given for it, ``Y | X = x``; None where there is no bar."""
    halves = bracket.split_at_bar(members[0])
    if halves is None or not all(halves) or list(signs) not in ([], ["="]):
        return None
    drawn, given = ([reader.condition(part) for part in bracket.split_list(half)] for half in halves)
    span = members[0][0].span.cover(members[-1][-1].span)
    if signs:
        given[-1] = Comparison(given[-1], "=", reader.inside(members[1]), span)
    return Chance(Name(DRAWN, members[0][0].span), tuple(drawn), tuple(given), span)
