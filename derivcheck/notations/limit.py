"""Limits.

Holds: \\lim_{x \\to 0} \\sin(x)/x = 1. Does not: \\lim_{x \\to 0} \\sin(2x)/x = 1.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings
from derivcheck.reading.expression import Limiting
from derivcheck.term import binder
from derivcheck.term.term import Variable
from derivcheck.term.value import Value


def _limiting(elaborator, expression: Limiting, around: Surroundings) -> Value:
    variable = Variable.fresh(expression.variable.spelling)
    inside = around.binding({expression.variable.spelling: variable})
    point = elaborator.number(expression.point, around)
    return Value(binder.limit(variable, point, elaborator.number(expression.body, inside), expression.direction))


NOTATION = Notation(forms={Limiting: _limiting})
