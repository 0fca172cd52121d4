"""Infinite sums that everybody knows by heart: the geometric and the exponential series, with whatever does not run in front."""

from __future__ import annotations

from dataclasses import replace as with_

from derivcheck.term import binder, build
from derivcheck.term.build import INFINITY, ONE, ZERO
from derivcheck.term.obligation import Obligation, Statement
from derivcheck.term.term import Add, Apply, Fold, Multiply, Power, Term, Variable

# A part of an exponent: what the running variable is multiplied by, and the rest.
Line = tuple[Term, Term]


def with_exponentials(obligation: Obligation) -> Obligation:
    """The obligation with an exponential for each exponential series; they are the same everywhere."""
    goal, hypotheses = _exponential(obligation.goal), tuple(map(_exponential, obligation.hypotheses))
    is_same = goal is obligation.goal and all(one is other for one, other in zip(hypotheses, obligation.hypotheses, strict=True))
    return obligation if is_same else with_(obligation, goal=goal, hypotheses=hypotheses)


def _exponential(statement: Statement) -> Statement:
    series = (part for part in binder.walk(statement.relation) if isinstance(part, Fold) and part.operation == "+" and part.upper is INFINITY)
    closed = {part: made for part in series for made in [closed_series(part, 1)] if made is not None}
    return with_(statement, relation=binder.replace(statement.relation, closed)) if closed else statement


def closed_series(series: Fold, least: int = 0) -> Term | None:
    """What a sum up to infinity comes to where its terms are powers, or powers over a factorial; None for any other one.

    ``least``: over how many factorials they must be; without one the powers must get smaller.
    """
    (variable,), (lower, _), (condition, body) = binder.open_binder(series)
    if condition is not build.TRUE or variable in lower.variables:
        return None
    if lower not in (ZERO, ONE):
        lower, body = ZERO, binder.replace(body, {variable: build.add(variable, lower)})
    body = _with_factorials(body)
    constant: list[Term] = []
    ratio: list[Term] = []
    factorials = 0
    for factor in body.children if isinstance(body, Multiply) else (body,):
        if variable not in factor.variables:
            constant.append(factor)
        elif _is_reciprocal_factorial(factor, variable):
            factorials += 1
        else:
            power = _power(factor, variable)
            if power is None:
                return None
            ratio.append(power[0])
            constant.append(power[1])
    whole = _whole(build.multiply(*ratio), lower, factorials) if ratio and factorials >= least else None
    return None if whole is None else build.multiply(*constant, whole)


def _with_factorials(body: Term) -> Term:
    """A body with the factorials that binomial coefficients are made of, which may cancel others."""
    chosen = {part: part.children for part in binder.walk(body) if isinstance(part, Apply) and part.function == "binomial"}
    made = {part: build.multiply(_factorial(n), _factorial(k, build.MINUS_ONE), _factorial(build.subtract(n, k), build.MINUS_ONE)) for part, (n, k) in chosen.items()}
    return binder.replace(body, made) if made else body


def _factorial(term: Term, exponent: Term = ONE) -> Term:
    return build.power(build.apply("factorial", term), exponent)


def _whole(ratio: Term, lower: Term, factorials: int) -> Term | None:
    """The series of the powers of a ratio from a first one on."""
    if factorials == 0:
        return build.divide(build.power(ratio, lower), build.subtract(ONE, ratio))
    if factorials > 1 or lower not in (ZERO, ONE):
        return None
    return build.exp(ratio) if lower is ZERO else build.subtract(build.exp(ratio), ONE)


def _is_reciprocal_factorial(factor: Term, variable: Variable) -> bool:
    is_one_over = isinstance(factor, Power) and factor.exponent is build.MINUS_ONE
    below = factor.children[0] if is_one_over else None
    return isinstance(below, Apply) and below.function == "factorial" and below.children[0] is variable


def _power(factor: Term, variable: Variable) -> tuple[Term, Term] | None:
    """The base of a power with a running exponent, and what it is for the exponent without what runs; None for anything else."""
    if isinstance(factor, Power) and variable not in factor.base.variables:
        line = line_in(factor.exponent, variable)
        return None if line is None else (build.power(factor.base, line[0]), build.power(factor.base, line[1]))
    if isinstance(factor, Apply) and factor.function == "exp":
        line = line_in(factor.children[0], variable)
        return None if line is None else (build.exp(line[0]), build.exp(line[1]))
    return None


def line_in(term: Term, variable: Variable) -> Line | None:
    """A term as a multiple of a variable and a rest; None where it is none."""
    if variable not in term.variables:
        return ZERO, term
    if term is variable:
        return ONE, ZERO
    if isinstance(term, Add):
        parts = [line_in(child, variable) for child in term.children]
        known = [part for part in parts if part is not None]
        return None if len(known) < len(parts) else (build.add(*(one for one, _ in known)), build.add(*(rest for _, rest in known)))
    if not isinstance(term, Multiply):
        return None
    running = [child for child in term.children if variable in child.variables]
    line = line_in(running[0], variable) if len(running) == 1 else None
    others = [child for child in term.children if child not in running]
    return None if line is None else (build.multiply(*others, line[0]), build.multiply(*others, line[1]))
