"""Equations with roots of what is made of angles: an author may have one of the two signs in mind, as for an acute angle."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.derivation.outline import Line
from derivcheck.finding import Finding
from derivcheck.reading.content import names_of, number
from derivcheck.reading.expression import Bracketed, Expression, Literal, Power, Quotient, Sum, walk

if TYPE_CHECKING:
    from derivcheck.comparison import Comparer

_OF_ANGLES = frozenset(("sin", "cos", "tan", "cot", "sec", "csc"))


def by_branches(comparer: Comparer, line: Line, left: Expression, right: Expression, sign: str, refuted: Finding) -> Finding:
    """A refuted equation with roots, undecided if it holds for some values and with the other sign for the rest."""
    if sign != "=" or not any(map(_is_root, (*walk(left), *walk(right)))):
        return refuted
    squares = [Power(Bracketed(side, "(", side.span), Literal(Fraction(2), side.span), side.span) for side in (left, right)]
    if not comparer.under(line, *squares, sign, refuted.view).holds:
        return refuted
    opposite = Sum((("-", Bracketed(right, "(", right.span)),), right.span)
    if not comparer.under(line, left, opposite, sign, refuted.view).fails:
        return refuted
    return replace(refuted, outcome=None, reason="holds for one sign of a root", kind="undecided")


def _is_root(part: Expression) -> bool:
    """Whether a part is the square root of something with a function of an angle."""
    exponent = part.exponent if isinstance(part, Power) else None
    return isinstance(exponent, Quotient) and number(exponent.below) == 2 and bool(names_of(part) & _OF_ANGLES)
