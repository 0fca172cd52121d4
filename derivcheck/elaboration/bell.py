r"""The normal density written as a function of its value and its parameters: ``\mathcal{N}(x|\mu,\sigma^2)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.elaboration.moment import is_square
from derivcheck.elaboration.usage import is_capital
from derivcheck.notation import Surroundings
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import Call
from derivcheck.source import NOWHERE
from derivcheck.term import build
from derivcheck.term.law import normal_density
from derivcheck.term.value import Value

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator

_NORMAL = frozenset(("N", r"\mathcal{N}"))
_MEMBERS = 3


def normal(elaborator: Elaborator, call: Call, around: Surroundings) -> Value | None:
    """The density of a number; None where it is that of a vector, whose spread is a matrix, or another function."""
    function = call.function
    is_written = function.spelling in _NORMAL and len(call.arguments) == _MEMBERS and not (function.indices or function.samples or function.primes)
    if not is_written or call.below is not None or any(map(is_capital, names_of(*call.arguments[1:]))):
        return None
    value, mean, spread = (elaborator.value(argument, around) for argument in call.arguments)
    if not (value.is_number and mean.is_number and spread.is_number):
        return None
    is_deviation = not is_square(spread.body) and elaborator.oracle.pick(NOWHERE, "spread of a normal density", (0, 1)) == 1
    variance = build.power(spread.body, build.TWO) if is_deviation else spread.body
    return Value(normal_density(mean.body, variance, value.body))
