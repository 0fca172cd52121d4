"""Logarithms: natural unless a base stands below.

Holds: \\log(ab) = \\log a + \\log b for positive a and b. Does not: \\log(a + b) = \\log a + \\log b.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings, arguments_of
from derivcheck.reading.expression import Call
from derivcheck.source import NOWHERE
from derivcheck.term import build
from derivcheck.term.value import Value, pointwise


def _logarithm(elaborator, call: Call, around: Surroundings) -> Value:
    (argument,) = arguments_of(elaborator, call, around, 1)
    base = elaborator.knowledge.base
    # Where the document writes a base below some logarithms, it may leave it out at others.
    is_short = call.below is None and base is not None and call.function.spelling == "log" and elaborator.oracle.pick(NOWHERE, "base of logarithms", (0, 2)) == 1
    if is_short:
        return pointwise(elaborator.sizes, lambda entry: build.divide(build.log(entry), build.log(build.number(base))), argument)
    if call.below is None:
        return pointwise(elaborator.sizes, build.log, argument)
    base = elaborator.number(call.below, around)
    return pointwise(elaborator.sizes, lambda entry: build.divide(build.log(entry), build.log(base)), argument)


def _decimal(elaborator, call: Call, around: Surroundings) -> Value:
    (argument,) = arguments_of(elaborator, call, around, 1)
    return pointwise(elaborator.sizes, lambda entry: build.divide(build.log(entry), build.log(build.number(10))), argument)


NOTATION = Notation(words={"log": _logarithm, "ln": _logarithm, "Log": _logarithm, "Ln": _logarithm, "lg": _decimal})
