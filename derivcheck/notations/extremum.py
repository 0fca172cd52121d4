"""Maxima and minima of several numbers, rectifiers.

Holds: \\max(a, b) + \\min(a, b) = a + b. Does not: \\max(a, b) = a for all a and b.
"""

from __future__ import annotations

from functools import reduce

from derivcheck.notation import Notation, Surroundings, Unreadable, arguments_of, pointwise_word
from derivcheck.reading.expression import Bracketed, Call, Listed
from derivcheck.term import build
from derivcheck.term.function import relu
from derivcheck.term.term import Term
from derivcheck.term.value import Value, folded, pointwise


def _extremum(operation: str):
    def meaning(elaborator, call: Call, around: Surroundings) -> Value:
        arguments = call.arguments
        if len(arguments) == 1 and isinstance(arguments[0], Bracketed | Listed):
            inner = arguments[0]
            arguments = inner.items if isinstance(inner, Listed) else (inner.body,)
        values = [elaborator.value(argument, around) for argument in arguments]
        if len(values) == 1:
            if values[0].is_number:
                raise Unreadable(call.span, "several numbers or a vector", "one number")
            return Value(folded(operation, values[0]))

        def chosen(*entries: Term) -> Term:
            return reduce(lambda first, second: build.apply(operation, first, second), entries)

        return pointwise(elaborator.sizes, chosen, *values)

    return meaning


def _rectifier(elaborator, call: Call, around: Surroundings) -> Value:
    (argument,) = arguments_of(elaborator, call, around, 1)
    return pointwise(elaborator.sizes, relu, argument)


NOTATION = Notation(
    words={
        **dict.fromkeys(("max", "sup"), _extremum("max")),
        **dict.fromkeys(("min", "inf"), _extremum("min")),
        **dict.fromkeys(("relu", "ReLU", "Relu", "ReLu", "RELU"), _rectifier),
        **dict.fromkeys(("sign", "sgn"), pointwise_word(lambda entry: build.apply("sign", entry))),
        "abs": pointwise_word(lambda entry: build.apply("abs", entry)),
        "sqrt": pointwise_word(build.square_root),
    }
)
