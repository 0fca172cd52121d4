"""Probabilities and densities, with or without conditions: ``P(y=1|x)``, ``p(x; \\theta)``.

Holds: with P(y=0|x) = 1 - P(y=1|x), P(y=0|x) + P(y=1|x) = 1. Does not: P(y=1|x) = 1 - P(y=1|x).
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings
from derivcheck.reading.expression import Chance
from derivcheck.term.value import Value


def _chance(elaborator, expression: Chance, around: Surroundings) -> Value:
    return elaborator.chance(expression, around)


NOTATION = Notation(forms={Chance: _chance})
