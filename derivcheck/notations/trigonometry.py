"""Trigonometric and hyperbolic functions, and their inverses.

Holds: \\sin^2 x + \\cos^2 x = 1, d/dx \\tanh x = 1 - \\tanh^2 x. Does not: \\sin 2x = 2 \\sin x.
"""

from __future__ import annotations

from derivcheck.notation import Notation, pointwise_word
from derivcheck.term import build
from derivcheck.term.term import Term

_SAME = ("sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "erf")
_OTHER = {
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "arsinh": "arsinh",
    "arcosh": "arcosh",
    "artanh": "artanh",
    "arctanh": "artanh",
    "atanh": "artanh",
}


def _named(function: str):
    return pointwise_word(lambda entry: build.apply(function, entry))


def _reciprocal(function: str):
    def meaning(entry: Term) -> Term:
        return build.power(build.apply(function, entry), build.MINUS_ONE)

    return pointwise_word(meaning)


def _ratio(above: str, below: str):
    def meaning(entry: Term) -> Term:
        return build.divide(build.apply(above, entry), build.apply(below, entry))

    return pointwise_word(meaning)


NOTATION = Notation(
    words={name: _named(name) for name in _SAME}
    | {word: _named(name) for word, name in _OTHER.items()}
    | {"sec": _reciprocal("cos"), "csc": _reciprocal("sin"), "cot": _ratio("cos", "sin"), "coth": _ratio("cosh", "sinh")}
)
