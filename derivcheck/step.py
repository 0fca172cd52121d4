"""One relation between two members, on its way through the hall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from derivcheck.derivation.outline import Line
from derivcheck.derivation.prose import has_stopped, says_where
from derivcheck.derivation.role import APPROXIMATIONS, EQUALITIES, Role
from derivcheck.diagnostic import Place, Verdict
from derivcheck.reading.content import has_derivative, names_of
from derivcheck.reading.custom import CONSTANTS
from derivcheck.reading.expression import Call, Differential, Expression, Name

FAULTY = (Verdict.WRONG, Verdict.CARRIED)
GIVEN = frozenset((Role.DEFINITION, Role.CONDITION, Role.CASE, Role.ALTERNATIVE, Role.GOAL, Role.UPDATE, Role.LAW, Role.QUESTION))
RIGHT = (Verdict.PROVED, Verdict.AGREES)
ANSWERS = frozenset((r"\mathrm{ans}", r"\mathrm{answer}", "ans", r"\mathrm{result}"))


@dataclass(frozen=True, slots=True)
class Step:
    """A relation sign of a line with the members that it relates. ``place`` counts the signs of the line from 0.

    The left member is the one before the sign, or what the whole chain is about.
    """

    line: Line
    place: int
    left: Expression
    right: Expression
    sign: str

    @property
    def is_equality(self) -> bool:
        return self.sign in EQUALITIES

    @property
    def is_approximate(self) -> bool:
        return self.sign in APPROXIMATIONS

    @property
    def starts(self) -> bool:
        """Whether nothing stands before it that it goes on from."""
        return self.place == 0 and not self.line.is_continuation


@dataclass(frozen=True, slots=True)
class Judged:
    """A step that has been judged, for the steps after it. ``about`` is what its whole chain is about."""

    step: Step
    about: Expression
    verdict: Verdict
    position: Place


def is_primed(expression: Expression) -> bool:
    """Whether an expression is a derivative written with a prime."""
    name = expression.function if isinstance(expression, Call) else expression
    return isinstance(name, Name) and name.primes > 0


def is_slope(expression: Expression) -> bool:
    """Whether an expression is a derivative, in whatever notation."""
    return has_derivative(expression) or is_primed(expression)


def single_derivative(expression: Expression) -> tuple[Expression, Expression] | None:
    """What is differentiated by what, where an expression is one derivative by one quantity."""
    if isinstance(expression, Differential) and len(expression.by) == 1:
        return expression.body, expression.by[0]
    return None


def varies(expression: Expression) -> bool:
    """Whether an expression holds a name other than those of constants."""
    return bool(names_of(expression) - CONSTANTS)


def is_answer(expression: Expression) -> bool:
    """Whether a name stands for the last quantity asked for."""
    return isinstance(expression, Name) and expression.spelling.lower() in ANSWERS


def is_aside(line: Line, roles: Mapping[tuple[int, int], Role]) -> bool:
    """Whether a line tells the meaning of a letter of the formula before it, which may go on behind it."""
    return says_where(line.words) and not has_stopped(line.words) and all(roles[line.order, place] is Role.DEFINITION for place in range(len(line.statement.signs)))
