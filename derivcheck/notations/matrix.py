"""Vectors and matrices written out, with dots or without.

Holds: (1, 2)^\\top + (3, 4)^\\top = (4, 6)^\\top. Does not: (1, 2)^\\top + (3, 4)^\\top = (3, 8)^\\top.
"""

from __future__ import annotations

from dataclasses import replace

from derivcheck.notation import Notation, Surroundings, arguments_of
from derivcheck.reading.expression import Call, Gridded, Listed
from derivcheck.term.value import Value


def _listed(elaborator, expression: Listed, around: Surroundings) -> Value:
    return elaborator.listed(expression, around)


def _gridded(elaborator, expression: Gridded, around: Surroundings) -> Value:
    return elaborator.gridded(expression, around)


def _reshape(elaborator, call: Call, around: Surroundings) -> Value:
    """The same entries in another shape: of a vector, the vector standing up."""
    (argument,) = arguments_of(elaborator, call, around, 1)
    return replace(argument, row=False)


NOTATION = Notation(words=dict.fromkeys(("reshape", "vec", "flatten"), _reshape), forms={Listed: _listed, Gridded: _gridded})
