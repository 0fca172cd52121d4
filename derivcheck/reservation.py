"""What keeps a finding from being a verdict: notation that may mean something else, and what the document seeks rather than states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derivcheck.decision.outcome import Agreed, Outcome, Refuted, Undecided
from derivcheck.derivation.chain_rule import has_steps, is_chain_rule, is_total, leaves_out
from derivcheck.derivation.goal import Relating
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.multiplier import has_open_multiplier
from derivcheck.derivation.outline import Line
from derivcheck.elaboration.elaborator import Elaborator
from derivcheck.finding import (
    Finding,
    View,
    has_same_names,
    has_unknown_derivative,
    is_about_same_moments,
    is_disjoint,
    is_equation,
    is_nearly_measured,
    is_unconnected,
    may_add_up,
    misgiving,
    refuted_names,
)
from derivcheck.reading.content import has_derivative
from derivcheck.reading.expression import Call, Expression, Infinitesimal, Literal, Name, is_plain, walk
from derivcheck.term import build
from derivcheck.term.expected import EXPECTED
from derivcheck.term.stand_in import stands_for_other
from derivcheck.term.term import Term


def reservation(gathered: Gathered, line: Line, left: Expression, right: Expression, finding: Finding) -> str:
    """Why a finding is not to be trusted; empty where it is."""
    if finding.fails and any(isinstance(part, Infinitesimal) for side in (left, right) for part in walk(side)):
        return "a lone dx may be a differential or a derivative by x"
    if finding.fails and not gathered.at(line).implicit and _is_sought(gathered, line, left, right, finding):
        return "about a function that a differential equation is solved for"
    if finding.fails and _brings_constants(gathered, line, left, right):
        return "may tell of something else by letters that are new here"
    if finding.fails and finding.relating is not None and is_unconnected(finding.relating.relation, gathered.at(line)):
        return "a capital may be made of what has the small letter"
    if not is_chain_rule(left, right):
        return ""
    if finding.holds and (finding.assumed or finding.sketched) and leaves_out(left, right, gathered.outline.lines):
        return "may leave out a path through something else"
    if finding.fails and finding.assumed and has_steps(right):
        return "members of a sequence depend on each other"
    return "a total derivative and a partial one by the same quantity" if finding.fails and finding.assumed and is_total(left, right) else ""


def weighed(gathered: Gathered, elaborator: Elaborator, claim: Relating, outcome: Outcome, view: View, members: Sequence[Expression], facts: Sequence[Term], is_assuming: bool) -> Finding:
    """An outcome as a finding: a refutation that rests on what nobody defined is none. ``is_assuming``: derivatives are taken to be known."""
    formal = is_chain_rule(*members)
    used, unknown, assumed = frozenset(elaborator.used), frozenset(elaborator.unknown), frozenset(elaborator.assumed)
    finding = Finding(outcome, view=view, used=used, unknown=unknown, assumed=assumed, relating=claim)
    if elaborator.vanished and not isinstance(outcome, Undecided):
        return replace(finding, outcome=None, reason="a derivative by something that does not occur", kind="unreadable")
    if isinstance(outcome, Undecided):
        return replace(finding, reason="; ".join(outcome.reasons), kind="undecided")
    is_open = assumed and (not is_assuming or has_unknown_derivative(claim.relation))
    if isinstance(outcome, Refuted) and elaborator.imaginary:
        return replace(finding, outcome=None, reason="may be about complex numbers", kind="undecided")
    is_vague = isinstance(outcome, Agreed) and elaborator.opaque and not is_equation(claim)
    if is_vague or (isinstance(outcome, Refuted) and ((is_open and not formal) or elaborator.opaque)):
        # A repair that makes a side vanish as the other one does shows nothing.
        is_repairable = isinstance(outcome, Refuted) and build.ZERO not in claim.relation.children
        return replace(finding, outcome=None, reason="depends on a quantity that the document does not define", kind="undecided", doubted=outcome if is_repairable else None)
    if isinstance(outcome, Refuted) and EXPECTED in claim.relation.names and not is_about_same_moments(claim):
        return replace(finding, outcome=None, reason="depends on a quantity that the document does not define", kind="undecided", doubted=outcome)
    told = elaborator.knowledge
    vocabulary = told.vocabulary
    if isinstance(outcome, Refuted) and vocabulary.chosen & elaborator.free.keys() and elaborator.free.keys() - vocabulary.compared and len(elaborator.free) > 1:
        return replace(finding, outcome=None, reason="two indices may have to be different", kind="undecided")
    if isinstance(outcome, Refuted) and elaborator.uncertain and not view.far:
        return replace(finding, outcome=None, reason="rests on what is only said later", kind="undecided")
    if not isinstance(outcome, Refuted):
        return finding
    if is_nearly_measured(claim.relation, outcome):
        return replace(finding, outcome=None, reason="close, but not to the digits shown", kind="undecided")
    doubt = misgiving(claim.relation, assumed, None if view.far else gathered.book, told.special, told.constants, told.recursive)
    if not doubt and not used and not any(map(has_derivative, members)) and is_disjoint(claim.relation, told.size_names, facts):
        doubt = "relates quantities that nothing connects"
    if not doubt and not isinstance(members[0], Name | Call) and not any(map(has_derivative, members)) and stands_for_other(claim.relation, frozenset().union(*(fact.names for fact in facts))):
        doubt = "may tell what a name stands for that nothing defines"
    if not doubt and may_add_up(*members) and not gathered.outline.writes_sums():
        doubt = "may add up over an index that stands twice"
    if not doubt and gathered.outline.is_geometry and not has_same_names(claim.relation):
        doubt = "relates quantities of a figure"
    if not doubt and has_open_multiplier(gathered.outline.lines, used, claim.relation, members, gathered.book):
        doubt = "rests on a solution whose multipliers are not determined yet"
    return replace(finding, outcome=None, reason=doubt, kind="undecided") if doubt else finding


def _brings_constants(gathered: Gathered, line: Line, left: Expression, right: Expression) -> bool:
    """Whether what a name is said to be has several letters that stand nowhere before: it is not what the name was before."""
    first = gathered.outline.first
    fresh = {(part.spelling, *(index.value for index in part.indices if isinstance(index, Literal))) for part in walk(right) if isinstance(part, Name) and first.get(part.spelling) == line.order}
    return is_plain(left) and len(line.members) == 2 and first.get(left.spelling) != line.order and len(fresh) > 1


def _is_sought(gathered: Gathered, line: Line, left: Expression, right: Expression, finding: Finding) -> bool:
    """Whether a refutation rests on what a function is that the document is looking for."""
    sought = gathered.work.sought
    known = [one for name in sought.names(line, left, right) for one in gathered.book.definitions.get(name, ()) if not one.is_proved]
    return sought.doubts(line, left, right, finding.used, refuted_names(finding), known)
