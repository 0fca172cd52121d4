"""Primes: derivatives of a function at its argument, of a quantity by the variable it is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.elaboration.differentiation import by_all, derivative_along, slope
from derivcheck.elaboration.head import Head
from derivcheck.elaboration.variable import lone_variable, natural_variable
from derivcheck.notation import Surroundings, Unreadable
from derivcheck.reading.expression import (
    At,
    Bracketed,
    Call,
    Comparison,
    Differential,
    Expression,
    Name,
    Prime,
    is_plain,
    walk,
)
from derivcheck.source import NOWHERE
from derivcheck.term import binder, build
from derivcheck.term.value import Value

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator

MOST_APPLIED = 2


def primed(elaborator: Elaborator, expression: Name | Call | Prime, around: Surroundings) -> Value:
    """A derivative written with primes: of a function at its argument, of a quantity by the variable it is made of."""
    if isinstance(expression, Prime):
        body: Expression = expression.body
        count = expression.count
    elif isinstance(expression, Call):
        count = expression.function.primes
        body = replace(expression, function=replace(expression.function, primes=0))
        return _primed_call(elaborator, body, count, around)
    else:
        count = expression.primes
        body = replace(expression, primes=0)
    name = elaborator.settled(body)
    known = elaborator.along
    on = {known[part.spelling] for part in walk(name) if isinstance(part, Name) and part.spelling in known}
    if isinstance(body, Bracketed) and len(on) == 1:
        return derivative_along(elaborator, name, on.pop(), count, around)
    applied = _applied(elaborator, name, around) if isinstance(name, Name) else None
    if applied is not None:
        return _primed_call(elaborator, applied, count, around)
    whole = lone_variable(elaborator, name, around) if isinstance(expression, Prime) and isinstance(body, Bracketed) else None
    if isinstance(name, Call) and whole is None:
        return _primed_call(elaborator, name, count, around)
    by = whole or natural_variable(elaborator, name, around) if isinstance(name, Name) else lone_variable(elaborator, name, around)
    if by is None:
        raise Unreadable(expression.span, "a variable that the prime differentiates by", "none")
    return by_all(elaborator, name, (by,) * count, around)


def _applied(elaborator: Elaborator, name: Name, around: Surroundings) -> Call | None:
    """A function whose argument is left out, ``h'' (a^T u)^2``, at what the document applies it to; None where its parameter is meant."""
    found = elaborator.find(Head(name.spelling, name.indices, name.samples), around)
    formal = found.definition.head.arguments if found is not None else None
    if formal is None or len(formal) != 1 or not is_plain(formal[0]):
        return None
    others = [one for one in elaborator.knowledge.arguments.get(name.spelling, ()) if not is_plain(one)][:MOST_APPLIED]
    chosen = elaborator.oracle.pick(NOWHERE, f"argument left out of {name.spelling}", (0, *(1 for _ in others))) if others else 0
    return Call(name, (others[chosen - 1],), name.span) if chosen else None


def _primed_call(elaborator: Elaborator, call: Call, count: int, around: Surroundings) -> Value:
    """f'(a): the derivative of f by its argument, at a."""
    if len(call.arguments) != 1:
        raise Unreadable(call.span, "a function of one argument before the prime", f"{len(call.arguments)} arguments")
    found = elaborator.find(Head(call.function.spelling, call.function.indices, call.function.samples), around)
    by = natural_variable(elaborator, call.function, around) if found is not None and found.definition.head.arguments is None else None
    if isinstance(by, Name):
        there = Comparison(by, "=", call.arguments[0], call.span)
        return elaborator.value(At(Differential(call.function, (by,) * count, False, call.span), (there,), None, call.span), around)
    point = elaborator.value(call.arguments[0], around)
    stand_in = Name("~point", call.span)
    inside = around.binding({})
    inside = replace(inside, bindings={**around.bindings, "~point": Value(build.symbol("~point"))})
    value = elaborator.value(replace(call, arguments=(stand_in,)), inside)
    if not value.is_number:
        raise Unreadable(call.span, "a function with a number for its value", "an array")
    term = value.body
    for _ in range(count):
        term = slope(term, build.symbol("~point"))
    return Value(binder.replace(term, {build.symbol("~point"): point.body}), point.variables, point.sizes, point.row)
