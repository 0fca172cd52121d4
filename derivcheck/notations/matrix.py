"""Vectors and matrices written out, with dots or without.

Holds: (1, 2)^\\top + (3, 4)^\\top = (4, 6)^\\top. Does not: (1, 2)^\\top + (3, 4)^\\top = (3, 8)^\\top.
"""

from __future__ import annotations

from dataclasses import replace

from derivcheck.notation import FAR_FETCHED, Notation, Surroundings, arguments_of
from derivcheck.reading.expression import Call, Gridded, Listed
from derivcheck.source import NOWHERE
from derivcheck.term.value import Value, stacked_columns, transpose


def _listed(elaborator, expression: Listed, around: Surroundings) -> Value:
    return elaborator.listed(expression, around)


def _gridded(elaborator, expression: Gridded, around: Surroundings) -> Value:
    return elaborator.gridded(expression, around)


def _reshape(elaborator, call: Call, around: Surroundings) -> Value:
    """The same entries in another shape: of a vector, the vector standing up."""
    (argument,) = arguments_of(elaborator, call, around, 1)
    return replace(argument, row=False)


def _columns(elaborator, call: Call, around: Surroundings) -> Value:
    """vec of a matrix: its columns one below the other; its rows only where nothing else is right."""
    (argument,) = arguments_of(elaborator, call, around, 1)
    if argument.rank != 2:
        return replace(argument, row=False)
    by_rows = elaborator.oracle.pick(NOWHERE, "vec by columns or by rows", (0, FAR_FETCHED))
    return stacked_columns(elaborator.sizes, transpose(argument) if by_rows else argument)


NOTATION = Notation(words={"vec": _columns, **dict.fromkeys(("reshape", "flatten"), _reshape)}, forms={Listed: _listed, Gridded: _gridded})
