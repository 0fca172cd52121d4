"""Expectations, variances and other functionals of random variables: linear where they are, unknown otherwise.

Holds: E[2x + 1] = 2E[x] + 1. Does not follow: E[xy] = E[x] E[y].
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings, arguments_of
from derivcheck.reading.expression import Call, Name
from derivcheck.term import binder, build
from derivcheck.term.term import Add, Fold, Multiply, Number, Term
from derivcheck.term.value import Value


def _expectation(elaborator, call: Call, around: Surroundings) -> Value:
    """The expectation of a number or of each entry of an array.

    A letter below that the argument is made of is what is random; any other stands for a law that is unknown.
    """
    elaborator.opaque = True
    label = call.below if isinstance(call.below, Name) else None
    inner = around if label is None else around.holding(frozenset((label.spelling,)))
    value = elaborator.value(call.arguments[0], inner)
    given = tuple(elaborator.value(argument, around).closed() for argument in call.arguments[1:])
    law = "E" if label is None else f"E_{{{label.spelling}}}"
    random = label.spelling if label is not None and label.spelling in value.body.names else None
    return Value(_linear(law, value.body, given, random), value.variables, value.sizes)


def _linear(law: str, term: Term, given: tuple[Term, ...], random: str | None) -> Term:
    """E of sums as sums of E, with constant factors in front."""
    if isinstance(term, Number) or (random is not None and random not in term.names):
        return term
    if isinstance(term, Add):
        return build.add(*(_linear(law, part, given, random) for part in term.children))
    if isinstance(term, Multiply):
        constant = [part for part in term.children if isinstance(part, Number) or (random is not None and random not in part.names)]
        if constant:
            rest = [part for part in term.children if part not in constant]
            return build.multiply(*constant, _linear(law, build.multiply(*rest), given, random))
    if isinstance(term, Fold) and term.operation == "+":
        variables, bounds, (condition, body) = binder.open_binder(term)
        return binder.fold("+", variables[0], *bounds, _linear(law, body, given, random), condition)
    return build.apply(law, term, *given)


def _variance(elaborator, call: Call, around: Surroundings) -> Value:
    """Var(x) is E[x^2] - E[x]^2, entry by entry."""
    mean = _expectation(elaborator, call, around)
    (value,) = arguments_of(elaborator, call, around, 1)
    squared = _linear("E", build.power(value.at(*mean.variables), build.TWO), (), None)
    return Value(build.subtract(squared, build.power(mean.body, build.TWO)), mean.variables, mean.sizes)


def _covariance(elaborator, call: Call, around: Surroundings) -> Value:
    """Cov(x, y) is E[xy] - E[x] E[y]."""
    elaborator.opaque = True
    first, second = (value.closed() for value in arguments_of(elaborator, call, around, 2))
    product = _linear("E", build.multiply(first, second), (), None)
    return Value(build.subtract(product, build.multiply(_linear("E", first, (), None), _linear("E", second, (), None))))


NOTATION = Notation(
    words={
        "expectation": _expectation,
        **dict.fromkeys(("Var", "var"), _variance),
        **dict.fromkeys(("Cov", "cov"), _covariance),
    }
)
