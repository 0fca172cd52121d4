"""Matrices that are told by their diagonal: ``D_{ii} = s_i``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.elaboration.book import Definition
from derivcheck.reading.expression import is_plain
from derivcheck.term import build
from derivcheck.term.term import Term
from derivcheck.term.value import Misfit, Value

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator


def diagonal_alone(elaborator: Elaborator, definition: Definition, at: Sequence[Term], value: Value) -> Value:
    """What a definition gives ``at`` some indices: zero off the diagonal where its head has one letter twice.

    Errors: Misfit where something else is said of what stands off the diagonal.
    """
    letters = [index.spelling for index in definition.head.indices if is_plain(index)]
    if len(letters) != 2 or len(definition.head.indices) != 2 or letters[0] != letters[1] or len(at) != 2 or at[0] is at[1]:
        return value
    others = (one for one in elaborator.knowledge.book.definitions.get(definition.head.spelling, ()) if one is not definition)
    if any(len(one.head.indices) == 2 for one in others):
        raise Misfit("a matrix whose diagonal is told by itself")
    sizes = [elaborator.range_of(index) for index in at]
    if sizes[0] is not None and sizes[1] is not None:
        elaborator.sizes.unify(*sizes)
    return replace(value, body=build.multiply(build.kronecker(*at), value.body))
