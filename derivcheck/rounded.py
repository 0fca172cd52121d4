"""Numbers that agree as they are shown: rounded, cut short, or worked out from rounded ones."""

from __future__ import annotations

from derivcheck.decision.outcome import Refuted
from derivcheck.derivation.definable import is_numeric
from derivcheck.derivation.instance import is_cut_short, rounded_number, within_rounding
from derivcheck.derivation.role import APPROXIMATIONS
from derivcheck.derivation.rounding import may_agree, may_be
from derivcheck.finding import Finding
from derivcheck.reading.content import bare, number
from derivcheck.reading.expression import Call, Expression, Literal, Power, Quotient, walk
from derivcheck.step import Step
from derivcheck.term.function import free_names


def is_closed(finding: Finding) -> bool:
    """Whether both sides are numbers that can be computed, or arrays of such: nothing in them is free, nor is a size."""
    if finding.relating is None:
        return False
    return not free_names(finding.asked.goal.relation if finding.asked is not None else finding.relating.relation)


def is_close(left: Expression, right: Expression, sign: str, finding: Finding) -> bool:
    """Whether two refuted members are numbers that agree in the digits that are shown."""
    outcome = finding.outcome
    return isinstance(outcome, Refuted) and is_closed(finding) and within_rounding(left, right, outcome.left, outcome.right, sign in APPROXIMATIONS)


def is_rounded(step: Step, finding: Finding) -> bool:
    """Whether two numbers agree in the digits that are shown."""
    if not (step.is_equality or step.is_approximate) or step.sign in (":=", r"\equiv"):
        return False
    outcome = finding.outcome
    if not isinstance(outcome, Refuted) or not is_closed(finding):
        return False
    inputs = not is_numeric(step.left) and may_be(step.right, outcome.left)
    if inputs or within_rounding(step.left, step.right, outcome.left, outcome.right, step.is_approximate):
        return True
    # Each number of a formula that is worked out part by part may be rounded.
    return not isinstance(step.right, Literal) and rounded_number(step.right) is None and may_agree(step.left, step.right)


def is_nearly(step: Step, finding: Finding) -> bool:
    """Whether an approximation is off by less than one part in a hundred, or an equation for whose names rounded numbers were put in, or a number
    by less than the digits that it shows.
    """
    outcome = finding.outcome
    if not isinstance(outcome, Refuted) or not is_closed(finding):
        return False
    shown = rounded_number(step.right) if _is_rounded_once(step.left) else None
    if shown is not None and shown[1].decimals > 1 and abs(outcome.left - outcome.right) > 2 * float(shown[2]):
        return False
    may_be_rounded = step.is_approximate or not (is_numeric(step.left) or is_numeric(step.right))
    return (may_be_rounded and abs(outcome.left - outcome.right) <= 0.01 * abs(outcome.left)) or (step.is_equality and is_cut_short(step.left, step.right, outcome.left))


def _is_rounded_once(left: Expression) -> bool:
    """Whether a number is the quotient of two whole numbers, or a power or function of one: nothing on the way to it can be rounded."""
    plain = bare(left)
    if isinstance(plain, Power):
        return _is_whole(plain.body) and is_numeric(plain.exponent) and not any(isinstance(part, Literal) and part.decimals for part in walk(plain.exponent))
    parts = (plain.above, plain.below) if isinstance(plain, Quotient) else plain.arguments if isinstance(plain, Call) else ()
    return bool(parts) and all(map(_is_whole, parts))


def _is_whole(part: Expression) -> bool:
    value = number(part)
    return value is not None and value.denominator == 1
