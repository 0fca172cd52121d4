"""Places of least and greatest values: where a document claims one, the gradient must vanish; and conditions that it does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeGuard

from derivcheck.comparison import Comparer
from derivcheck.decision.outcome import Agreed, Proved
from derivcheck.derivation.fact import Fact
from derivcheck.derivation.outline import Line
from derivcheck.elaboration.book import Book, Definition
from derivcheck.elaboration.head import Head
from derivcheck.finding import Finding, View
from derivcheck.reading.content import has_derivative, names_of
from derivcheck.reading.expression import Binder, Expression, Gradient, Literal, Name
from derivcheck.source import NOWHERE
from derivcheck.step import RIGHT, Judged, Step

# How many steps before it a condition may be about.
LATEST = 3
# A vanishing gradient is what a least value needs, not what makes it one.
NECESSARY = "the derivative vanishes at the extremum and nowhere else"
CONSTRAINED = re.compile(r"\bsubject to\b|\bs\.\s?t\.|\bconstrain|\bsuch that\b|\bover all\b", re.I)


@dataclass(frozen=True, slots=True)
class Optima:
    """Checks the places of extrema that a document claims."""

    book: Book
    comparer: Comparer
    lines: Sequence[Line]

    def finding(self, step: Step) -> Finding | None:
        """What becomes of the gradient at the place that a step tells; None where it tells none, or there are conditions on it."""
        optimum = self._optimum(step)
        if optimum is None:
            return None
        variable = optimum.variables[0]
        slope = Gradient(optimum.body, variable, 1, optimum.span)
        # With the value put in, an equation that was set up for the variable says what is to be shown.
        supposed = Definition(Head(variable.spelling), step.right, step.line.order, step.line.scope)
        with self.book.supposing(supposed), self.comparer.facts.without(variable.spelling):
            found = self.comparer.compare(step.line, slope, Literal(Fraction(0), NOWHERE), "=")
        return with_condition(found)

    def is_stationarity(self, step: Step, view: View, judged: Sequence[Judged]) -> bool:
        """Whether an equation says that a derivative is zero which has just been worked out."""
        if not step.is_equality or has_derivative(step.left) or view.supposed:
            return False
        for earlier in reversed(judged[-LATEST:]):
            if earlier.verdict in RIGHT and has_derivative(earlier.about) and earlier.step.line.scope == step.line.scope:
                zero = Fact(earlier.step.right, "=", Literal(Fraction(0), NOWHERE), earlier.step.line, names_of(earlier.step.right))
                vanishing = replace(view, constraints=True, supposed=(zero,))
                if self.comparer.under(step.line, step.left, step.right, step.sign, vanishing).holds:
                    return True
        return False

    def _optimum(self, step: Step) -> Binder | None:
        """The least or greatest value whose place a step tells: written on its left, or what the name there stands for."""
        left, words = step.left, f"{step.line.words} {step.line.after}"
        if isinstance(left, Name) and not left.indices:
            known = self.book.find(Head(left.spelling, samples=left.samples), step.line.order - 1, step.line.scope, later=False)
            if known is not None:
                left, line = known.definition.right, self.lines[known.definition.order]
                words = f"{line.words} {line.after}"
        if not is_extremal(left) or is_extremal(step.right) or not step.is_equality:
            return None
        return left if len(left.variables) == 1 and left.condition is None and not CONSTRAINED.search(words) else None


def with_condition(found: Finding) -> Finding:
    """A finding on a derivative as one on the extremum where it should vanish: if it holds, on the condition that this makes it one."""
    match found.outcome:
        case Proved(by, scope):
            return replace(found, outcome=Agreed(by, 1, scope, (NECESSARY,)))
        case Agreed():
            return replace(found, outcome=replace(found.outcome, conditions=(*found.outcome.conditions, NECESSARY)))
    return found


def is_extremal(expression: Expression) -> TypeGuard[Binder]:
    """Whether an expression is the place of a least or greatest value."""
    return isinstance(expression, Binder) and expression.operation in ("argmin", "argmax")
