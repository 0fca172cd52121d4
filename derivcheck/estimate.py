"""Estimates and extrema: a value that is said to maximize or minimize a function must make its derivative vanish."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from derivcheck.comparison import Comparer
from derivcheck.derivation.definable import ESTIMATES, FIXED, undecorated
from derivcheck.derivation.outline import Line
from derivcheck.derivation.role import EQUALITIES
from derivcheck.elaboration.book import is_around
from derivcheck.finding import Finding
from derivcheck.optimum import CONSTRAINED, with_condition
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import (
    At,
    Binder,
    Bracketed,
    Call,
    Chance,
    Comparison,
    Differential,
    Expression,
    Literal,
    Name,
    is_plain,
    walk,
)
from derivcheck.source import NOWHERE
from derivcheck.step import Step

MAX_OBJECTIVES = 3
_NOT_EXTREMAL = "the derivative does not vanish there"
_MAXIMIZES = re.compile(
    r"\bMLEs?\b|\bMAP\b|\bmaximum[- ](?:likelihood|a[- ]posteriori)|\b(?:maxim|minim|optim)(?:i[sz]\w+|um|a|al)\b|\barg\s?m(?:ax|in)|\bset\w*\b[^.]*\b(?:zero|0)\b|\b(?:stationary|critical|turning) point|\bmode\b", re.I
)
_POSTERIOR = re.compile(r"\bMAP\b|posterior", re.I)
_OF_OTHER = re.compile(r"\b(?:un)?bias\w*|\bmoments?\b|\bpenal\w+|\bregulari\w+|\bridge\b|\blasso\b|\bsmooth\w*|\bapprox\w*|\bnewton\w*|\biterat\w*|\bstart\w*|\binitial\w*|\bguess\w*|\bupdate\w*", re.I)
_OBJECTIVE = re.compile(r"likelihood|posterior|\bloss|\bcost|\bobjective|\berror|\brisk|\benergy|\bcriterion|\bNLL\b|sum of squares", re.I)

Posed = Callable[[Expression], tuple[Expression, Expression]]


@dataclass(frozen=True, slots=True)
class Estimates:
    """Judges values for hatted, starred and labelled letters by the functions of that letter before it."""

    comparer: Comparer

    def finding(self, step: Step, base: str) -> Finding | None:
        """What becomes of a derivative at the value that a step gives a letter; None where no function of it is told, or nothing says that it should vanish.

        It fails where it fails for every function.
        """
        words = f"{step.line.words} {step.line.statement.before} {step.line.after}"
        if CONSTRAINED.search(words) or base in names_of(step.right):
            return None
        assert isinstance(step.left, Name)
        is_posterior = step.left.spelling.endswith("{\\mathrm{MAP}}") or _POSTERIOR.search(words) is not None
        refuted: Finding | None = None
        is_open = False
        for objective in islice(self._objectives(step.line, base, is_posterior), MAX_OBJECTIVES):
            posed = _vanishing(objective, base, self._others(step, objective, base))
            found = self.comparer.compare(step.line, *posed(step.right), "=")
            if found.holds:
                return with_condition(found)
            is_open = is_open or not found.fails
            refuted = refuted or replace(found, reason=_NOT_EXTREMAL, posed=posed, is_suspected=True)
        is_said = step.left.spelling.endswith(ESTIMATES) or _MAXIMIZES.search(words)
        return refuted if is_said and not is_open and not _OF_OTHER.search(words) else None

    def _others(self, step: Step, objective: Expression, base: str) -> tuple[Name, ...]:
        """The estimates of other letters of a function that a value is made of: they stand for these there."""
        mine = names_of(objective) - {base}
        return tuple(Name(name, NOWHERE) for name in sorted(names_of(step.right)) if undecorated(name) in mine)

    def _objectives(self, line: Line, base: str, is_posterior: bool) -> Iterator[Expression]:
        """The functions of a letter that the lines before one tell, the nearest first: posterior densities, or anything else."""
        for other, head, value in self.comparer.gathered.outline.relations_before(line):
            words = f"{other.words} {other.statement.before}"
            sign = other.statement.signs[0].text
            is_other = is_posterior is not (sign == r"\propto" or "posterior" in words.lower())
            if not is_around(other.scope, line.scope) or CONSTRAINED.search(words) or is_other:
                continue
            if sign in EQUALITIES and isinstance(head, Call) and head.function.spelling not in FIXED and base in {one.spelling for one in head.arguments if is_plain(one)}:
                if len(head.arguments) == 1 or _OBJECTIVE.search(words) or any(isinstance(part, Binder) for part in walk(value)):
                    yield value
            elif sign == r"\propto" and isinstance(head, Call | Chance) and base in names_of(*(head.events if isinstance(head, Chance) else head.arguments)):
                yield value


def _vanishing(objective: Expression, base: str, others: tuple[Name, ...]) -> Posed:
    """How a function judges a value of its letter: its derivative there, with other estimates for their letters, and 0."""
    name = Name(base, NOWHERE)
    slope = Differential(Bracketed(objective, "(", NOWHERE), (name,), False, NOWHERE)
    beside = tuple(Comparison(Name(undecorated(one.spelling) or one.spelling, NOWHERE), "=", one, NOWHERE) for one in others)
    return lambda value: (At(slope, (Comparison(name, "=", Bracketed(value, "(", NOWHERE), NOWHERE), *beside), None, NOWHERE), Literal(Fraction(0), NOWHERE))
