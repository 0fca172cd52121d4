"""Euler's integrals: of the powers of t and 1 - t from 0 to 1, and of a power times an exponential from 0 on."""

from __future__ import annotations

from derivcheck.decision.series import line_in
from derivcheck.term import binder, build
from derivcheck.term.build import INFINITY, ONE, ZERO
from derivcheck.term.term import Apply, Integral, Multiply, Power, Term, Variable


def closed_integral(integral: Integral) -> Term | None:
    """What an integral comes to where it is one of Euler's, with factors in front that do not run; None for any other one."""
    (variable,), (lower, upper), bodies = binder.open_binder(integral)
    body = bodies[-1]
    if lower is not ZERO or upper not in (ONE, INFINITY) or len(bodies) != 1:
        return None
    factors = body.children if isinstance(body, Multiply) else (body,)
    constant = [factor for factor in factors if variable not in factor.variables]
    running = [factor for factor in factors if variable in factor.variables]
    whole = _first_kind(running, variable) if upper is ONE else _second_kind(running, variable)
    return None if whole is None else build.multiply(*constant, whole)


def _first_kind(factors: list[Term], variable: Variable) -> Term | None:
    """The integral of ``t^a (1 - t)^b`` from 0 to 1: a! b! / (a + b + 1)!."""
    exponents = {ZERO: ZERO, ONE: ZERO}
    for factor in factors:
        base, exponent = (factor.base, factor.exponent) if isinstance(factor, Power) else (factor, ONE)
        place = ZERO if base is variable else ONE if base is build.subtract(ONE, variable) else None
        if place is None or variable in exponent.variables:
            return None
        exponents[place] = build.add(exponents[place], exponent)
    a, b = exponents[ZERO], exponents[ONE]
    return build.divide(build.multiply(_factorial(a), _factorial(b)), _factorial(build.add(a, b, ONE)))


def _second_kind(factors: list[Term], variable: Variable) -> Term | None:
    """The integral of ``t^a e^{-ct}`` from 0 on: a! / c^{a + 1}."""
    exponent, rate = ZERO, ZERO
    for factor in factors:
        if isinstance(factor, Apply) and factor.function == "exp":
            line = line_in(factor.children[0], variable)
            if line is None or line[1] is not ZERO:
                return None
            rate = build.subtract(rate, line[0])
            continue
        base, power = (factor.base, factor.exponent) if isinstance(factor, Power) else (factor, ONE)
        if base is not variable or variable in power.variables:
            return None
        exponent = build.add(exponent, power)
    return None if rate is ZERO else build.divide(_factorial(exponent), build.power(rate, build.add(exponent, ONE)))


def _factorial(term: Term) -> Term:
    return build.apply("factorial", term)
