"""Integrals, with limits and without.

Holds: \\int_0^1 2x \\, dx = 1. Does not: \\int_0^1 2x \\, dx = 2. Confirmed by exact integration and by quadrature.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings, Unreadable
from derivcheck.reading.custom import INTEGRANDS
from derivcheck.reading.expression import Integration, Name
from derivcheck.term import binder, build
from derivcheck.term.term import Variable
from derivcheck.term.value import Value


def _integration(elaborator, expression: Integration, around: Surroundings) -> Value:
    name = expression.variable
    if not isinstance(name, Name) or name.indices or name.samples:
        raise Unreadable(expression.span, "a variable behind the d", "an expression")
    if expression.upper is None or expression.lower is None:
        return _antiderivative(elaborator, expression, name, around)
    lower, upper = elaborator.number(expression.lower, around), elaborator.number(expression.upper, around)
    variable = Variable.fresh(name.spelling)
    inside = around.binding({name.spelling: variable})
    body = elaborator.number(expression.body, inside)
    if variable in body.variables or any(end in (build.INFINITY, build.negate(build.INFINITY)) for end in (lower, upper)):
        return Value(binder.integral(variable, lower, upper, body))
    elaborator.opaque = elaborator.opaque or bool(INTEGRANDS & body.names)
    return Value(build.multiply(body, build.subtract(upper, lower)))


def _antiderivative(elaborator, expression: Integration, name: Name, around: Surroundings) -> Value:
    inside = around.holding(frozenset((name.spelling,)))
    body = elaborator.number(expression.body, inside)
    return Value(build.antiderivative(body, build.symbol(name.spelling)))


NOTATION = Notation(forms={Integration: _integration})
