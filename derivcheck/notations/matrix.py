"""Vectors and matrices written out, with dots or without.

Holds: (1, 2)^\\top + (3, 4)^\\top = (4, 6)^\\top. Does not: (1, 2)^\\top + (3, 4)^\\top = (3, 8)^\\top.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings
from derivcheck.reading.expression import Gridded, Listed
from derivcheck.term.value import Value


def _listed(elaborator, expression: Listed, around: Surroundings) -> Value:
    return elaborator.listed(expression, around)


def _gridded(elaborator, expression: Gridded, around: Surroundings) -> Value:
    return elaborator.gridded(expression, around)


NOTATION = Notation(forms={Listed: _listed, Gridded: _gridded})
