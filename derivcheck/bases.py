"""Logarithms that are written without a base: those to base 2 and 10 are as usual as the natural ones."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.derivation.instance import rebuilt
from derivcheck.derivation.outline import Line
from derivcheck.finding import Finding
from derivcheck.reading.expression import Call, Expression, Literal
from derivcheck.rounded import is_close
from derivcheck.source import NOWHERE

if TYPE_CHECKING:
    from derivcheck.comparison import Comparer

_WITHOUT_BASE = frozenset(("log", "Log"))
_CUSTOMARY = (Fraction(2), Fraction(10))


def by_bases(comparer: Comparer, line: Line, left: Expression, right: Expression, sign: str, refuted: Finding) -> Finding:
    """A refuted claim once more with the base that the document tells, or else with the usual ones: if it holds with one of these, nobody can tell."""
    told = comparer.gathered.at(line).base
    for base in _CUSTOMARY if told is None else (told,):
        members = _rebased(left, base), _rebased(right, base)
        if members[0] is left and members[1] is right:
            return refuted
        found = comparer.under(line, *members, sign, refuted.view)
        if found.holds or is_close(left, right, sign, found):
            return found if told is not None else replace(refuted, outcome=None, reason="may be about logarithms to another base", kind="undecided")
    return refuted


def _rebased(expression: Expression, base: Fraction) -> Expression:
    """An expression with a base for the logarithms that are written without one; the same object where there is none."""
    if isinstance(expression, Call) and expression.function.spelling in _WITHOUT_BASE and expression.below is None:
        expression = replace(expression, below=Literal(base, NOWHERE))
    return rebuilt(expression, lambda part: _rebased(part, base))
