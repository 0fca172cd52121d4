"""Functions applied to arguments, and f against f times.

Holds: with f(x) = x^2, f(a + b) = a^2 + 2ab + b^2. Does not: f(a + b) = f(a) + f(b).
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings
from derivcheck.reading.expression import Call
from derivcheck.term.value import Value


def _call(elaborator, expression: Call, around: Surroundings) -> Value:
    return elaborator.called(expression, around)


NOTATION = Notation(forms={Call: _call})
