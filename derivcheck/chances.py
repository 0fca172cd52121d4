"""Claims about probabilities and densities: compared with all of them in joint form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.decision.outcome import Proved
from derivcheck.derivation.chance import is_about_chances
from derivcheck.derivation.definable import is_numeric
from derivcheck.derivation.goal import SIGNS, is_law
from derivcheck.derivation.outline import Line
from derivcheck.derivation.prose import announces, has_ended
from derivcheck.derivation.role import EQUALITIES
from derivcheck.elaboration.book import is_around
from derivcheck.finding import Finding, View
from derivcheck.reading.expression import Chance, Expression, walk
from derivcheck.step import Step
from derivcheck.term import binder, marginal
from derivcheck.term.term import Apply, Symbol, Term

if TYPE_CHECKING:
    from derivcheck.comparison import Comparer

GIBBS = "Gibbs' inequality"


def jointly(comparer: Comparer, line: Line, left: Expression, right: Expression, sign: str, verdict: Finding) -> Finding:
    """A finding that does not hold once more with all probabilities in joint form, which may prove it."""
    if not is_about_chances(comparer.gathered.outline.vocabulary.probabilities, left, right):
        return verdict
    for formal in (True, False):
        finding = comparer.under(line, left, right, sign, replace(verdict.view, joint=True, formal=formal))
        if isinstance(finding.outcome, Proved) or (finding.holds and SIGNS[sign] == "="):
            return finding
        if finding.relating is not None and marginal.is_by_gibbs(finding.relating.relation):
            return replace(finding, outcome=Proved(GIBBS), reason="", kind="decided")
    return verdict


def determined(comparer: Comparer, line: Line, place: int, left: Expression | None, right: Expression | None) -> tuple[Step, Finding] | None:
    """An equation that tells a probability, and the finding on it, where the rules of probability tell it from others or relate it to them.

    It fails only where the document tells every probability that it then comes to. None where this says nothing.
    """
    if place or not isinstance(left, Chance) or right is None or line.statement.signs[place].text not in EQUALITIES:
        return None
    step = Step(line, place, left, right, line.statement.signs[place].text)
    finding = _by_rules(comparer, step)
    return None if finding is None else (step, finding)


def is_told_by_rules(step: Step) -> bool:
    """Whether a step that was decided puts a number to a probability: others tell it, and it need not be known itself."""
    return isinstance(step.left, Chance) and is_numeric(step.right)


def _by_rules(comparer: Comparer, step: Step) -> Finding | None:
    relates = any(isinstance(part, Chance) for part in walk(step.right))
    with comparer.gathered.book.without(step.line.order):
        for values in (False, True):
            finding = comparer.under(step.line, step.left, step.right, step.sign, View(joint=True, values=values))
            is_earlier = all(order < step.line.order for order in finding.used)
            if finding.holds and (is_earlier or relates):
                return finding
    lines = comparer.gathered.outline.lines
    # What is told of events in one section may be told anew of others in the next one.
    is_here = all(is_around(lines[order].scope, step.line.scope) for order in finding.used)
    is_told = is_earlier and is_here and finding.relating is not None and not _unknown_chances(finding.relating.relation)
    return finding if finding.fails and is_told and not _is_announced(step) else None


def _is_announced(step: Step) -> bool:
    """Whether words introduce a step as something new."""
    words = f"{step.line.words} {step.line.statement.before}"
    return announces(words) and not has_ended(words)


def _unknown_chances(relation: Term) -> bool:
    return any(isinstance(part, Symbol | Apply) and is_law(part.payload[0]) for part in binder.walk(relation))
