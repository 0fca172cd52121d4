r"""The normal density written as a function of its value and its parameters: ``\mathcal{N}(x|\mu,\sigma^2)``."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.elaboration.moment import is_square
from derivcheck.elaboration.usage import is_capital
from derivcheck.notation import Surroundings
from derivcheck.reading.content import names_of, number
from derivcheck.reading.expression import Bracketed, Call, Literal, Name, Power, Product, Sum, Transpose
from derivcheck.source import NOWHERE
from derivcheck.term import build
from derivcheck.term.law import normal_density
from derivcheck.term.value import Value

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator

_NORMAL = frozenset(("N", r"\mathcal{N}"))
_MEMBERS = 3


def normal(elaborator: Elaborator, call: Call, around: Surroundings) -> Value | None:
    """The density of a number, or of a vector whose spread is a matrix; None for another function."""
    function = call.function
    is_written = function.spelling in _NORMAL and len(call.arguments) == _MEMBERS and not (function.indices or function.samples or function.primes)
    if not is_written or call.below is not None:
        return None
    value, mean, spread = (elaborator.value(argument, around) for argument in call.arguments)
    if spread.rank == 2 and value.rank == 1 and mean.rank <= 1:
        return _of_vector(elaborator, call, value, around)
    if not (value.is_number and mean.is_number and spread.is_number) or any(map(is_capital, names_of(*call.arguments[1:]))):
        return None
    is_deviation = not is_square(spread.body) and elaborator.oracle.pick(NOWHERE, "spread of a normal density", (0, 1)) == 1
    variance = build.power(spread.body, build.TWO) if is_deviation else spread.body
    return Value(normal_density(mean.body, variance, value.body))


def _of_vector(elaborator: Elaborator, call: Call, value: Value, around: Surroundings) -> Value:
    """The density of a vector: its exponent is a quadratic form in the inverse of the covariance."""
    at, mean, spread = (Bracketed(argument, "(", argument.span) for argument in call.arguments)
    away = at if number(call.arguments[1]) == 0 else Bracketed(Sum((("+", at), ("-", mean)), call.span), "(", call.span)
    inverse = Power(spread, Literal(Fraction(-1), call.span), call.span)
    form = elaborator.value(Product((Transpose(away, call.span), inverse, away), ("", ""), call.span), around)
    (size,) = value.sizes
    half = build.number(Fraction(-1, 2))
    determinant = elaborator.value(Call(Name("det", call.span), (call.arguments[2],), call.span), around).body
    scale = build.multiply(build.power(build.multiply(build.TWO, build.PI), build.multiply(half, size)), build.power(determinant, half))
    return Value(build.multiply(scale, build.exp(build.multiply(half, form.body))))
