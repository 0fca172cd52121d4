"""Gradients and Hessians: nabla with or without its variable.

Holds: \\nabla_x x^\\top A x = (A + A^\\top) x. Does not: \\nabla_x x^\\top A x = 2 A x, unless A is symmetric.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings
from derivcheck.reading.expression import Gradient
from derivcheck.term.value import Value


def _gradient(elaborator, expression: Gradient, around: Surroundings) -> Value:
    return elaborator.gradient(expression, around)


NOTATION = Notation(forms={Gradient: _gradient})
