"""The functions whose meaning is fixed, and their derivatives; every other name in an ``Apply`` is an unknown function.

Source for the derivatives: Abramowitz and Stegun, Handbook of Mathematical Functions, 4.1 to 4.6, 6.1, 6.3, 7.1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derivcheck.term.build import (
    HALF,
    MINUS_ONE,
    ONE,
    PI,
    TWO,
    ZERO,
    add,
    apply,
    cases,
    divide,
    exp,
    indicator,
    multiply,
    negate,
    number,
    power,
    relation,
    subtract,
)
from derivcheck.term.term import Term


@dataclass(frozen=True, slots=True)
class Function:
    """A function of numbers. ``derivatives[k]`` gives its derivative by the k-th argument; None where it has none.

    ``where`` is the condition under which it is a real number (None: everywhere).
    """

    name: str
    arity: int
    derivatives: tuple[Callable[..., Term], ...] | None
    where: Callable[..., Term] | None = None


def _square(x: Term) -> Term:
    return power(x, TWO)


def _positive(x: Term) -> Term:
    return relation("<", ZERO, x)


def _one(name: str, rule: Callable[[Term], Term], where: Callable[..., Term] | None = None) -> Function:
    return Function(name, 1, (rule,), where)


def _gamma_rule(x: Term) -> Term:
    return multiply(apply("gamma", x), apply("digamma", x))


def _factorial_rule(x: Term) -> Term:
    return multiply(apply("gamma", add(x, ONE)), apply("digamma", add(x, ONE)))


def _chosen(smaller: bool, first: bool) -> Callable[[Term, Term], Term]:
    """The derivative of min or max of two by one of them; undefined at a tie."""

    def rule(x: Term, y: Term) -> Term:
        low, high = (x, y) if smaller else (y, x)
        return cases([(relation("<", low, high), ONE if first else ZERO), (relation("<", high, low), ZERO if first else ONE)])

    return rule


_TABLE = (
    _one("exp", exp),
    _one("log", lambda x: power(x, MINUS_ONE), _positive),
    _one("sin", lambda x: apply("cos", x)),
    _one("cos", lambda x: negate(apply("sin", x))),
    _one("tan", lambda x: add(ONE, _square(apply("tan", x)))),
    _one("sinh", lambda x: apply("cosh", x)),
    _one("cosh", lambda x: apply("sinh", x)),
    _one("tanh", lambda x: subtract(ONE, _square(apply("tanh", x)))),
    _one("arcsin", lambda x: power(subtract(ONE, _square(x)), negate(HALF)), lambda x: relation("<", _square(x), ONE)),
    _one("arccos", lambda x: negate(power(subtract(ONE, _square(x)), negate(HALF))), lambda x: relation("<", _square(x), ONE)),
    _one("arctan", lambda x: divide(ONE, add(ONE, _square(x)))),
    _one("arsinh", lambda x: power(add(ONE, _square(x)), negate(HALF))),
    _one("arcosh", lambda x: power(subtract(_square(x), ONE), negate(HALF)), lambda x: relation("<", ONE, x)),
    _one("artanh", lambda x: divide(ONE, subtract(ONE, _square(x))), lambda x: relation("<", _square(x), ONE)),
    _one("erf", lambda x: multiply(TWO, exp(negate(_square(x))), power(PI, negate(HALF)))),
    _one("abs", lambda x: apply("sign", x)),
    _one("sign", lambda x: cases([(relation("≠", x, ZERO), ZERO)])),
    _one("floor", lambda x: cases([(relation("≠", x, apply("floor", x)), ZERO)])),
    _one("ceiling", lambda x: cases([(relation("≠", x, apply("ceiling", x)), ZERO)])),
    _one("gamma", _gamma_rule, _positive),
    _one("factorial", _factorial_rule, lambda x: relation("<", MINUS_ONE, x)),
    Function("digamma", 1, None, _positive),
    Function("binomial", 2, None),
    Function("max", 2, (_chosen(False, True), _chosen(False, False))),
    Function("min", 2, (_chosen(True, True), _chosen(True, False))),
)

FUNCTIONS: dict[str, Function] = {function.name: function for function in _TABLE}

# Functions of arrays: argument shapes and the shape of the result are symbolic sizes, checked where the array is built.
# inverse: (n, n) -> entry (i, j); determinant: (n, n) -> number; matrix_power: (n, n) -> entry (i, j) of the power that stands behind these.
ARRAY_FUNCTIONS = ("inverse", "determinant", "matrix_power")


def free_names(term: Term) -> frozenset[str]:
    """The symbols and unknown functions in a term: names whose meaning is not fixed."""
    return frozenset(name for name in term.names if name not in FUNCTIONS and name not in ARRAY_FUNCTIONS)


def relu(x: Term) -> Term:
    """max(0, x) as a case distinction that leaves the corner to the value 0."""
    return multiply(x, indicator(_positive(x)))


def logistic(x: Term) -> Term:
    """1 / (1 + exp(-x))."""
    return divide(ONE, add(number(1), exp(negate(x))))
