r"""Functions with the exponent -1: ``\sin^{-1} x`` is the inverse function, less often the reciprocal."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.latex.node import Digits, Mark, Node, items_of
from derivcheck.reading.expression import Call, Expression, Literal, Name, Quotient, Sum, doubted
from derivcheck.source import Span

_INVERSES = {"sin": "arcsin", "cos": "arccos", "tan": "arctan", "sinh": "arsinh", "cosh": "arcosh", "tanh": "artanh"}
# 1/cos y = x where cos y = 1/x
_OF_RECIPROCALS = {"sec": "arccos", "csc": "arcsin", "cot": "arctan"}


def is_inversion(exponent: Node) -> bool:
    """Whether an exponent is -1."""
    items = items_of(exponent)
    return len(items) == 2 and isinstance(items[0], Mark) and items[0].text == "-" and isinstance(items[1], Digits) and items[1].text == "1"


def inverted(called: Expression, reciprocal: Expression) -> Expression | None:
    """The doubt between an inverse function and the reciprocal of a value; None where a function's inverse has no name."""
    if not isinstance(called, Call) or called.below is not None or len(called.arguments) != 1:
        return None
    word, argument, span = called.function.spelling, called.arguments[0], called.span
    if word in _INVERSES:
        options = [_applied(_INVERSES[word], argument, span)]
    elif word in _OF_RECIPROCALS:
        options = [_applied(_OF_RECIPROCALS[word], Quotient(Literal(Fraction(1), span), argument, span), span)]
        if word == "cot":
            quarter = Quotient(Name(r"\pi", span), Literal(Fraction(2), span), span)
            options.insert(0, Sum((("+", quarter), ("-", _applied("arctan", argument, span))), span))
    else:
        return None
    return doubted((*((option, place) for place, option in enumerate(options)), (reciprocal, len(options) + 1)), "inverse function or reciprocal", span)


def _applied(word: str, argument: Expression, span: Span) -> Expression:
    return Call(Name(word, span), (argument,), span)
