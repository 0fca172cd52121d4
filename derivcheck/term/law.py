"""Moments of the usual laws of a random variable.

Source: Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions, vol. 1 and 2; Johnson, Kemp, Kotz, Univariate Discrete Distributions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from derivcheck.term.build import MINUS_ONE, ONE, PI, TWO, add, apply, divide, exp, multiply, negate, number, power, subtract
from derivcheck.term.term import Term

MAX_MOMENT = 4
# How many ways there are to divide k things into j groups: a power as a sum of falling factorials.
_GROUPINGS = {1: (1,), 2: (1, 1), 3: (1, 3, 1), 4: (1, 7, 6, 1)}


def raw_moment(law: str, parameters: Sequence[Term], order: int) -> Term | None:
    """E[X^order] for a random variable X of a law; None where the law or the number of its parameters is not known."""
    found = _MOMENTS.get(law)
    if found is None or found[0] != len(parameters) or not 1 <= order <= MAX_MOMENT:
        return None
    return found[1](*parameters, order)


def generating(law: str, parameters: Sequence[Term], at: Term) -> Term | None:
    """E[exp(at X)] for a random variable X of a law, where it exists; None where the law is another one or not known."""
    if law == "normal" and len(parameters) == 2:
        return exp(add(multiply(parameters[0], at), divide(multiply(parameters[1], power(at, TWO)), TWO)))
    if law == "poisson" and len(parameters) == 1:
        return exp(multiply(parameters[0], subtract(exp(at), ONE)))
    if law in ("exponential", "gamma") and len(parameters) == 1 + (law == "gamma"):
        shape, rate = (ONE, *parameters) if law == "exponential" else parameters
        return power(divide(rate, subtract(rate, at)), shape)
    if law in ("bernoulli", "binomial") and len(parameters) == 1 + (law == "binomial"):
        count, chance = (ONE, *parameters) if law == "bernoulli" else parameters
        return power(add(subtract(ONE, chance), multiply(chance, exp(at))), count)
    return None


def tail(law: str, parameters: Sequence[Term], threshold: Term) -> Term | None:
    """P(X > threshold) for a threshold in the range of X; None where it has no closed form, or the law is not known."""
    if law == "exponential" and len(parameters) == 1:
        return exp(negate(multiply(parameters[0], threshold)))
    if law == "uniform" and len(parameters) == 2:
        return divide(subtract(parameters[1], threshold), subtract(parameters[1], parameters[0]))
    if law == "geometric" and len(parameters) == 1:
        return power(subtract(ONE, parameters[0]), threshold)
    return None


def mass(law: str, parameters: Sequence[Term], value: Term) -> Term | None:
    """P(X = value) for a value in the range of X, which is discrete; None where the law is another one or not known."""
    if law == "bernoulli" and len(parameters) == 1:
        (chance,) = parameters
        return add(multiply(value, chance), multiply(subtract(ONE, value), subtract(ONE, chance)))
    if law == "binomial" and len(parameters) == 2:
        count, chance = parameters
        return multiply(apply("binomial", count, value), power(chance, value), power(subtract(ONE, chance), subtract(count, value)))
    if law == "poisson" and len(parameters) == 1:
        return divide(multiply(power(parameters[0], value), exp(negate(parameters[0]))), apply("factorial", value))
    if law == "geometric" and len(parameters) == 1:
        return multiply(parameters[0], power(subtract(ONE, parameters[0]), subtract(value, ONE)))
    return None


def normal_density(mean: Term, variance: Term, value: Term) -> Term:
    """The density of a normal law at a value."""
    exponent = divide(power(subtract(value, mean), TWO), multiply(number(-2), variance))
    return multiply(power(multiply(TWO, PI, variance), number(Fraction(-1, 2))), exp(exponent))


def _normal(mean: Term, variance: Term, order: int) -> Term:
    square = power(mean, TWO)
    match order:
        case 1:
            return mean
        case 2:
            return add(square, variance)
        case 3:
            return add(power(mean, number(3)), multiply(number(3), mean, variance))
    return add(power(square, TWO), multiply(number(6), square, variance), multiply(number(3), power(variance, TWO)))


def _bernoulli(chance: Term, order: int) -> Term:
    return chance


def _binomial(count: Term, chance: Term, order: int) -> Term:
    falling = [multiply(*(subtract(count, number(k)) for k in range(j)), power(chance, number(j))) for j in range(1, order + 1)]
    return _from_factorial(falling)


def _poisson(rate: Term, order: int) -> Term:
    return _from_factorial([power(rate, number(j)) for j in range(1, order + 1)])


def _from_factorial(moments: Sequence[Term]) -> Term:
    """A raw moment from the factorial moments up to its order."""
    return add(*(multiply(number(ways), moment) for ways, moment in zip(_GROUPINGS[len(moments)], moments, strict=True)))


def _exponential(rate: Term, order: int) -> Term:
    return _gamma(ONE, rate, order)


def _gamma(shape: Term, rate: Term, order: int) -> Term:
    rising = multiply(*(add(shape, number(k)) for k in range(order)))
    return divide(rising, power(rate, number(order)))


def _uniform(low: Term, high: Term, order: int) -> Term:
    terms = [multiply(power(low, number(j)), power(high, number(order - j))) for j in range(order + 1)]
    return divide(add(*terms), number(order + 1))


def _beta(first: Term, second: Term, order: int) -> Term:
    return multiply(*(divide(add(first, number(k)), add(first, second, number(k))) for k in range(order)))


def _geometric(chance: Term, order: int) -> Term | None:
    """The number of trials up to the first success."""
    if order > 2:
        return None
    first = power(chance, MINUS_ONE)
    return first if order == 1 else divide(subtract(TWO, chance), power(chance, TWO))


_MOMENTS: dict[str, tuple[int, Callable[..., Term | None]]] = {
    "normal": (2, _normal),
    "bernoulli": (1, _bernoulli),
    "binomial": (2, _binomial),
    "poisson": (1, _poisson),
    "exponential": (1, _exponential),
    "gamma": (2, _gamma),
    "uniform": (2, _uniform),
    "beta": (2, _beta),
    "geometric": (1, _geometric),
}
LAWS = frozenset(_MOMENTS)
