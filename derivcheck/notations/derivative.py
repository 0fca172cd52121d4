"""Derivatives: d/dx, partial derivatives, primes, differentials.

Holds: d/dx \\exp(2x) = 2 \\exp(2x). Does not: d/dx \\exp(2x) = \\exp(2x). A derivative by an intermediate quantity holds the others fixed.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings
from derivcheck.reading.expression import Differential, Infinitesimal
from derivcheck.term.value import Value


def _differential(elaborator, expression: Differential, around: Surroundings) -> Value:
    return elaborator.differential(expression, around)


def _infinitesimal(elaborator, expression: Infinitesimal, around: Surroundings) -> Value:
    return elaborator.infinitesimal(expression, around)


NOTATION = Notation(forms={Differential: _differential, Infinitesimal: _infinitesimal})
