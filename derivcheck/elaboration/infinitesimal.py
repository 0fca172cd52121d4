"""Differentials: a lone dx."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.elaboration import differentiation, implicit
from derivcheck.elaboration.head import Head
from derivcheck.notation import Surroundings, Unreadable
from derivcheck.reading.expression import Infinitesimal, Name, is_plain
from derivcheck.term import binder, build
from derivcheck.term.term import Symbol
from derivcheck.term.value import Value

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator


def infinitesimal(elaborator: Elaborator, expression: Infinitesimal, around: Surroundings) -> Value:
    """A lone dx. For a defined quantity its differential; else a quantity of its own called dx."""
    name = elaborator.settled(expression.of)
    if not isinstance(name, Name):
        raise Unreadable(expression.span, "a name behind the d", "an expression")
    found = elaborator.find(Head(name.spelling, name.indices, name.samples), around)
    own = replace(name, spelling=f"d{name.spelling}")
    along = elaborator.along.get(name.spelling) if is_plain(name) else None
    if along is not None:
        return Value(build.multiply(build.symbol(name.spelling + implicit.PRIME), build.symbol(f"d{along}")))
    if found is None:
        return elaborator.value(own, around)
    whole = elaborator.value(name, around)
    if not whole.is_number:
        raise Unreadable(expression.span, "the differential of a number", "that of an array")
    symbols = sorted({part for part in binder.walk(whole.body) if isinstance(part, Symbol)}, key=lambda part: part.digest)
    if any(isinstance(variable.name, int) for part in symbols for variable in part.variables):
        raise Unreadable(expression.span, "the differential of single quantities", "that of a family")
    parts = [build.multiply(differentiation.slope(whole.body, part), build.symbol(f"d{part.name}", *part.indices)) for part in symbols]
    return Value(build.add(*parts))


