"""Densities and probabilities of the usual laws as formulas of the value and the parameters.

Source: Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions, vol. 1 and 2; Johnson, Kemp, Kotz, Univariate Discrete Distributions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from derivcheck.elaboration.randomness import Law
from derivcheck.reading.content import bare, names_of
from derivcheck.reading.edit import product_of, sum_of
from derivcheck.reading.expression import Bracketed, Call, Expression, Literal, Name, Power, Quotient, doubted
from derivcheck.source import NOWHERE

_ONE, _TWO = Literal(Fraction(1), NOWHERE), Literal(Fraction(2), NOWHERE)


@dataclass(frozen=True, slots=True)
class Density:
    """A formula that is a density up to a factor; ``left_out``: the names that this factor is made of."""

    formula: Expression
    left_out: frozenset[str] = frozenset()


def density(law: Law, value: Expression) -> Density | None:
    """The density of a law at a value; None where the law has none that this project knows, or lacks parameters."""
    made = _DENSITIES.get(law.name)
    if made is None or len(law.parameters) != made[0]:
        return None
    return made[1](law, value, *law.parameters)


def _whole(expression: Expression) -> Expression:
    return Bracketed(expression, "(", NOWHERE)


def _power(body: Expression, exponent: Expression) -> Expression:
    return Power(_whole(body), exponent, NOWHERE)


def _exp(argument: Expression) -> Expression:
    return Call(Name("exp", NOWHERE), (argument,), NOWHERE)


def _less(one: Expression, other: Expression) -> Expression:
    return sum_of(("+", one), ("-", _whole(other)))


def _in_doubt(law: Law, plain: Expression, other: Expression, about: str) -> Expression:
    """A parameter as it stands, unless words do not tell what it is: then it may be another function of the one meant."""
    return plain if law.is_told else doubted(((plain, 0), (other, 1)), about, NOWHERE)


def _rate(law: Law, written: Expression) -> Expression:
    return _in_doubt(law, written, Quotient(_ONE, _whole(written), NOWHERE), f"rate or scale of {law.of.spelling}")


def _normal(law: Law, value: Expression, mean: Expression, spread: Expression) -> Density:
    variance = spread if _has_square(spread) else _in_doubt(law, spread, _power(spread, _TWO), f"spread of {law.of.spelling}")
    exponent = sum_of(("-", Quotient(_power(_less(value, mean), _TWO), product_of(_TWO, _whole(variance)), NOWHERE)))
    return Density(product_of(_power(variance, sum_of(("-", Quotient(_ONE, _TWO, NOWHERE)))), _exp(exponent)))


def _has_square(spread: Expression) -> bool:
    """Whether a spread is a variance by its looks."""
    spread = bare(spread)
    while isinstance(spread, Quotient):
        spread = bare(spread.above)
    return isinstance(spread, Literal | Power)


def _beta(law: Law, value: Expression, first: Expression, second: Expression) -> Density:
    parts = (_power(value, _less(first, _ONE)), _power(_less(_ONE, value), _less(second, _ONE)))
    return Density(product_of(*parts), names_of(first, second))


def _gamma(law: Law, value: Expression, shape: Expression, scale: Expression) -> Density:
    rate = _rate(law, scale)
    parts = (_power(rate, shape), _power(value, _less(shape, _ONE)), _exp(sum_of(("-", product_of(_whole(rate), value)))))
    return Density(product_of(*parts), names_of(shape))


def _exponential(law: Law, value: Expression, scale: Expression) -> Density:
    rate = _rate(law, scale)
    return Density(product_of(_whole(rate), _exp(sum_of(("-", product_of(_whole(rate), value))))))


def _poisson(law: Law, value: Expression, rate: Expression) -> Density:
    return Density(product_of(_power(rate, value), _exp(sum_of(("-", _whole(rate))))), names_of(value))


def _bernoulli(law: Law, value: Expression, chance: Expression) -> Density:
    return Density(product_of(_power(chance, value), _power(_less(_ONE, chance), _less(_ONE, value))))


def _binomial(law: Law, value: Expression, count: Expression, chance: Expression) -> Density:
    parts = (_power(chance, value), _power(_less(_ONE, chance), _less(count, value)))
    return Density(product_of(*parts), names_of(count, value))


def _geometric(law: Law, value: Expression, chance: Expression) -> Density:
    """The number of trials, or in doubt that of failures before the first success."""
    failures = doubted(((_less(value, _ONE), 0), (value, 1)), f"trials or failures of {law.of.spelling}", NOWHERE)
    return Density(product_of(_whole(chance), _power(_less(_ONE, chance), failures)))


_DENSITIES: dict[str, tuple[int, Callable[..., Density]]] = {
    "normal": (2, _normal),
    "beta": (2, _beta),
    "gamma": (2, _gamma),
    "exponential": (1, _exponential),
    "poisson": (1, _poisson),
    "bernoulli": (1, _bernoulli),
    "binomial": (2, _binomial),
    "geometric": (1, _geometric),
}
