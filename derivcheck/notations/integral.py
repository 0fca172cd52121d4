"""Integrals, with limits and without.

Holds: \\int_0^1 2x \\, dx = 1. Does not: \\int_0^1 2x \\, dx = 2. Confirmed by exact integration and by quadrature.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings, Unreadable
from derivcheck.reading.custom import INTEGRANDS
from derivcheck.reading.expression import Integration, Name
from derivcheck.term import binder, build
from derivcheck.term.derivative import NoRule, differentiate
from derivcheck.term.term import Apply, Symbol, Variable
from derivcheck.term.value import Value

PERIODIC = frozenset(("sin", "cos", "tan"))


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
    substituted = _substituted(elaborator, expression, name, around)
    if substituted is not None:
        return substituted
    inside = around.holding(frozenset((name.spelling,)))
    body = elaborator.number(expression.body, inside)
    return Value(build.antiderivative(body, build.symbol(name.spelling)))


def _substituted(elaborator, expression: Integration, name: Name, around: Surroundings) -> Value | None:
    """An antiderivative by u, where u = g(x), as one by x: the integrand times g'. None where u is not made of one variable.

    A substitution by a periodic function holds on a part of the line alone, so it refutes nothing.
    """
    meaning = elaborator.value(name, around)
    symbols = {part for part in binder.walk(meaning.body) if isinstance(part, Symbol)}
    variable = next(iter(symbols)) if len(symbols) == 1 else None
    if not meaning.is_number or variable is None or variable.indices or variable.name == name.spelling:
        return None
    try:
        inner = differentiate(meaning.body, variable)
    except NoRule:
        return None
    is_periodic = any(isinstance(part, Apply) and part.function in PERIODIC for part in binder.walk(meaning.body))
    elaborator.opaque = elaborator.opaque or is_periodic
    return Value(build.antiderivative(build.multiply(elaborator.number(expression.body, around), inner), variable))


NOTATION = Notation(forms={Integration: _integration})
