"""Indicators of conditions: \\mathbb{1}(y = j), 1(...), I(...), Iverson brackets.

Holds: \\mathbb{1}(x > 0) + \\mathbb{1}(x \\le 0) = 1. Does not: \\mathbb{1}(x > 0) = x.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings, Unreadable
from derivcheck.reading.expression import Call, Comparison, Together
from derivcheck.term import build
from derivcheck.term.value import Value, pointwise


def _indicator(elaborator, call: Call, around: Surroundings) -> Value:
    if len(call.arguments) != 1 or not isinstance(call.arguments[0], Comparison | Together):
        raise Unreadable(call.span, "a condition", "something else")
    return pointwise(elaborator.sizes, build.indicator, elaborator.value(call.arguments[0], around))


NOTATION = Notation(words={r"\mathbb{1}": _indicator})
