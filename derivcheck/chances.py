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
from derivcheck.term.function import free_names
from derivcheck.term.term import Apply, Relation, Symbol, Term

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
        if not formal and not verdict.fails and finding.fails and _is_told(comparer, line, finding) and any(isinstance(part, Chance) and part.given for part in walk(left)):
            return finding
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
    return finding if finding.fails and _is_told(comparer, step.line, finding) and not _is_announced(step) else None


def _is_told(comparer: Comparer, line: Line, finding: Finding) -> bool:
    """Whether the lines before one in its own section tell every probability that a finding rests on: of events in another section others may be told."""
    lines = comparer.gathered.outline.lines
    is_here = all(order < line.order and is_around(lines[order].scope, line.scope) for order in finding.used)
    if not is_here or finding.relating is None or _unknown_chances(finding.relating.relation):
        return False
    # A number for what has parameters is told of values that these have.
    left, right = (free_names(side) for side in finding.relating.relation.children[:2]) if isinstance(finding.relating.relation, Relation) else (frozenset(), frozenset())
    return bool(right) or not left


def _is_announced(step: Step) -> bool:
    """Whether words introduce a step as something new."""
    words = f"{step.line.words} {step.line.statement.before}"
    return announces(words) and not has_ended(words)


def _unknown_chances(relation: Term) -> bool:
    return any(isinstance(part, Symbol | Apply) and is_law(part.payload[0]) for part in binder.walk(relation))
