"""Rounding down and up, factorials, binomial coefficients and the gamma function.

Holds: \\binom{n}{1} = n. Does not: \\binom{n}{2} = n (n + 1) / 2.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings, arguments_of, pointwise_word
from derivcheck.reading.expression import Call
from derivcheck.term import build
from derivcheck.term.value import Value, pointwise


def _binomial(elaborator, call: Call, around: Surroundings) -> Value:
    above, below = arguments_of(elaborator, call, around, 2)
    return pointwise(elaborator.sizes, lambda n, k: build.apply("binomial", n, k), above, below)


def _named(function: str):
    return pointwise_word(lambda entry: build.apply(function, entry))


NOTATION = Notation(
    words={"floor": _named("floor"), "ceiling": _named("ceiling"), "factorial": _named("factorial"), "binomial": _binomial},
    functions={r"\Gamma": _named("gamma")},
)
