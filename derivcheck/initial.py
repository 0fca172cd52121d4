"""Initial values: what a solution of a differential equation must be at a point."""

from __future__ import annotations

from derivcheck.comparison import Comparer
from derivcheck.derivation.outline import Line
from derivcheck.derivation.role import EQUALITIES
from derivcheck.elaboration.book import Definition
from derivcheck.elaboration.head import Head
from derivcheck.finding import View
from derivcheck.reading.content import names_of, number
from derivcheck.reading.custom import CONSTANTS
from derivcheck.reading.expression import Call, Choice, is_plain
from derivcheck.step import Step

MISSED = "solves the differential equation, but not with the values that are given"


def misses_value(comparer: Comparer, step: Step, name: str, posed: Line) -> bool:
    """Whether a function without constants that a step says solves an equation has another value somewhere than has been given since the equation was posed."""
    letters = names_of(step.right) - CONSTANTS
    if not (is_plain(step.left) and step.left.spelling == name) or len(letters) != 1:
        return False
    with comparer.gathered.book.supposing(Definition(Head(name), step.right, step.line.order, step.line.scope)):
        return any(_misses(comparer, step, name, line) for line in comparer.gathered.outline.lines[posed.order : step.line.order])


def _misses(comparer: Comparer, step: Step, name: str, line: Line) -> bool:
    """Whether a line gives a value at a number that the function does not have."""
    left, right = (*line.members, None, None)[:2]
    call = left.options[0][0] if isinstance(left, Choice) else left
    if not isinstance(call, Call) or call.function.spelling != name or any(number(place) is None for place in call.arguments):
        return False
    if right is None or number(right) is None or line.statement.signs[0].text not in EQUALITIES:
        return False
    return comparer.under(step.line, call, right, "=", View()).fails
