"""Undefined matrices of whose entries something is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.term import build
from derivcheck.term.term import Term
from derivcheck.term.value import Value, transpose

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator


def patterned(elaborator: Elaborator, spelling: str, indices: Sequence[Term]) -> Value:
    """An undefined matrix, or a row or an entry of it: as free as what is known of it allows."""
    is_symmetric = elaborator.symmetric and spelling in elaborator.knowledge.symmetric
    if not is_symmetric and spelling not in elaborator.knowledge.triangular:
        return elaborator.family(spelling, indices, 2 - len(indices))
    free = elaborator.family(spelling, (), 2)
    whole = _symmetric(elaborator, free) if is_symmetric else _triangular(elaborator, spelling, free)
    return elaborator.entry(whole, indices) if indices else whole


def _symmetric(elaborator: Elaborator, free: Value) -> Value:
    """Every symmetric matrix is the sum of some matrix and its transpose."""
    elaborator.sizes.unify(*free.sizes)
    return replace(free, body=build.add(free.body, transpose(free).at(*free.variables)))


def _triangular(elaborator: Elaborator, spelling: str, free: Value) -> Value:
    """Zeros above the diagonal, below it or both, and on it what is known to stand there."""
    triangle = elaborator.knowledge.triangular[spelling]
    row, column = free.variables if triangle.is_lower else free.variables[::-1]
    on_diagonal = [] if triangle.diagonal is None else [(build.relation("=", row, column), build.number(triangle.diagonal))]
    is_outside = build.relation("≠" if triangle.is_diagonal else "<", row, column)
    return replace(free, body=build.cases([*on_diagonal, (is_outside, build.ZERO)], free.body))
