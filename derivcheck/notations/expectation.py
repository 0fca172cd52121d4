"""Expectations, variances and other functionals of random variables: linear where they are, unknown otherwise.

Holds: E[2x + 1] = 2E[x] + 1. Does not follow: E[xy] = E[x] E[y].
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings, Unreadable, arguments_of
from derivcheck.reading.expression import Call, Comparison, Name
from derivcheck.term import binder, build
from derivcheck.term.term import Add, Apply, Fold, Multiply, Number, Term
from derivcheck.term.value import Value


def _expectation(elaborator, call: Call, around: Surroundings) -> Value:
    """The expectation of a number or of each entry of an array.

    A letter below that the argument is made of is what is random; any other stands for a law that is unknown.
    """
    letter, law = _law(call)
    inner = around if letter is None else around.holding(frozenset((letter,)))
    value = elaborator.value(call.arguments[0], inner)
    given = tuple(elaborator.value(argument, around).closed() for argument in call.arguments[1:])
    random = letter if letter is not None and letter in value.body.names else None
    made = _linear(law, value.body, given, random)
    elaborator.opaque = elaborator.opaque or _is_unknown(made)
    return Value(made, value.variables, value.sizes)


def _is_unknown(term: Term) -> bool:
    """Whether an expectation is left in a term that only the law could tell."""
    return any(isinstance(part, Apply) and (part.function == "E" or part.function.startswith("E_{")) for part in binder.walk(term))


def _law(call: Call) -> tuple[str | None, str]:
    """The letter below an expectation, and the name of the law: that of ``x \\sim p`` is another one than that of ``x \\sim q``."""
    match call.below:
        case None:
            return None, "E"
        case Name(spelling=letter):
            return letter, f"E_{{{letter}}}"
        case Comparison(left=Name(spelling=letter), sign=r"\sim", right=Name(spelling=source)):
            return letter, f"E_{{{letter} \\sim {source}}}"
    raise Unreadable(call.span, "a letter below the expectation", "something else")


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
    """Var(x) is E[x^2] - E[x]^2, entry by entry; under a condition both are."""
    mean = _expectation(elaborator, call, around)
    value, *given = (elaborator.value(argument, around) for argument in call.arguments)
    squared = _linear("E", build.power(value.at(*mean.variables), build.TWO), tuple(condition.closed() for condition in given), None)
    return Value(build.subtract(squared, build.power(mean.body, build.TWO)), mean.variables, mean.sizes)


def _covariance(elaborator, call: Call, around: Surroundings) -> Value:
    """Cov(x, y) is E[xy] - E[x] E[y]."""
    first, second = (value.closed() for value in arguments_of(elaborator, call, around, 2))
    product = _linear("E", build.multiply(first, second), (), None)
    made = build.subtract(product, build.multiply(_linear("E", first, (), None), _linear("E", second, (), None)))
    elaborator.opaque = elaborator.opaque or _is_unknown(made)
    return Value(made)


NOTATION = Notation(
    words={
        "expectation": _expectation,
        **dict.fromkeys(("Var", "var"), _variance),
        **dict.fromkeys(("Cov", "cov"), _covariance),
    }
)
