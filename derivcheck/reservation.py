"""What keeps a finding from being a verdict: notation that may mean something else, and what the document seeks rather than states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from derivcheck.decision.outcome import Agreed, Outcome, Refuted, Undecided
from derivcheck.derivation.chain_rule import has_steps, is_chain_rule, is_total, leaves_out
from derivcheck.derivation.goal import Relating
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.multiplier import has_open_multiplier
from derivcheck.derivation.outline import Line
from derivcheck.derivation.unknown import FUNCTIONALS
from derivcheck.elaboration.elaborator import Elaborator
from derivcheck.elaboration.moment import MOMENTS
from derivcheck.elaboration.randomness import Randomness
from derivcheck.finding import (
    Finding,
    View,
    has_same_names,
    has_unknown_derivative,
    is_about_numbers,
    is_about_same_moments,
    is_disjoint,
    is_equation,
    is_nearly_measured,
    is_unconnected,
    misgiving,
    refuted_names,
)
from derivcheck.reading.content import has_derivative, names_of
from derivcheck.reading.expression import Call, Expression, Infinitesimal, Literal, Name, Unread, is_plain, walk
from derivcheck.reading.operator import CONGRUENCE
from derivcheck.term.expected import EXPECTED
from derivcheck.term.function import free_names
from derivcheck.term.term import Term

# An equation within the words behind a formula: ``\text{(because $a + b = 1$)}``.
_GIVES_REASON = re.compile(r"^[^.;]*\$[^$]*=[^$]*\$")
_FINITE = frozenset((r"\mathbb{F}", r"\mathbf{F}", r"\F", r"\mathbb{Z}", r"\Z"))


def reservation(gathered: Gathered, line: Line, left: Expression, right: Expression, sign: str, finding: Finding) -> str:
    """Why a finding is not to be trusted; empty where it is."""
    if finding.fails and any(isinstance(part, Infinitesimal) for side in (left, right) for part in walk(side)):
        return "a lone dx may be a differential or a derivative by x"
    if finding.fails and _GIVES_REASON.search(line.after):
        return "may rest on what is told in the words behind it"
    if finding.fails and _is_modular(gathered, line, sign, finding):
        return "may hold modulo a number"
    if finding.fails and (_is_contested(gathered, line, finding) or (not gathered.at(line).implicit and _is_sought(gathered, line, left, right, finding))):
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
        return replace(finding, outcome=None, reason="depends on a quantity that the document does not define", kind="undecided", doubted=outcome if isinstance(outcome, Refuted) else None)
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
    if _is_under_condition(claim, told.randomness.letters, members):
        return replace(finding, outcome=None, reason="an expectation that a random variable may be given for", kind="undecided")
    if any(_is_moment(name, told.randomness) for name in free_names(claim.relation)):
        return replace(finding, outcome=None, reason="a variable below a letter may make it a moment of that variable", kind="undecided")
    doubt = misgiving(claim.relation, assumed, None if view.far else gathered.book, told.special, told.constants, told.recursive)
    is_bare = not used or _is_untold(gathered, members[0])
    if not doubt and is_bare and not any(map(has_derivative, members)) and is_disjoint(claim.relation, told.size_names, facts):
        doubt = "relates quantities that nothing connects"
    if not doubt and gathered.outline.is_geometry and not has_same_names(claim.relation):
        doubt = "relates quantities of a figure"
    if not doubt and has_open_multiplier(gathered.outline.lines, used, claim.relation, members, gathered.book):
        doubt = "rests on a solution whose multipliers are not determined yet"
    return replace(finding, outcome=None, reason=doubt, kind="undecided") if doubt else finding


def _is_under_condition(claim: Relating, letters: frozenset[str], members: Sequence[Expression]) -> bool:
    """Whether an expectation is said to be something that varies: then what varies there may be given, though that is not written."""
    left, right = (side.body.names & letters for side in (claim.left, claim.right))
    return not left and bool(right) and isinstance(members[0], Call) and members[0].function.spelling in FUNCTIONALS


def _is_moment(name: str, known: Randomness) -> bool:
    r"""Whether a name may be the mean or the deviation of the random variable below it, ``\sigma_X``, though nothing tells so."""
    letter, _, variable = name.removesuffix("}").partition("_{")
    told = names_of(*(expression for _, expression in (*known.means.values(), *known.variances.values())), *(one for law in known.laws.values() for one in law.parameters))
    return letter in MOMENTS and variable in known.letters and name not in told


def _is_untold(gathered: Gathered, left: Expression) -> bool:
    """Whether a left side that is more than a name has only names that nothing defines: ``\\hat\\sigma^2``."""
    return not isinstance(left, Name) and not any(map(gathered.book.is_defined, names_of(left)))


def _is_modular(gathered: Gathered, line: Line, sign: str, finding: Finding) -> bool:
    """Whether a claim about numbers may be one about their remainders: it stands beside congruences, or the document has a field of finitely many numbers.

    Whole numbers on either side of a sign of equality are equal, or equal in such a field, or the claim is wrong.
    """
    if not is_about_numbers(finding) or not isinstance(finding.outcome, Refuted):
        return False
    lines = gathered.outline.lines
    beside = (part for other in lines if other.display == line.display for member in other.members if member is not None for part in walk(member))
    orders = _field_orders(member for other in lines for member in other.members if member is not None)
    difference = finding.outcome.left - finding.outcome.right
    if sign != r"\equiv" and finding.outcome.left.is_integer() and finding.outcome.right.is_integer():
        return any(difference % order == 0 for order in orders)
    return bool(orders) or any(isinstance(part, Unread) and part.found == CONGRUENCE for part in beside)


def _field_orders(members: Iterable[Expression]) -> set[int]:
    r"""How many numbers the finite fields of a document have: ``\mathbb{F}_7``."""
    names = (part for member in members for part in walk(member) if isinstance(part, Name) and part.spelling in _FINITE)
    return {int(index.value) for name in names for index in name.indices if isinstance(index, Literal) and index.value > 1}


def _brings_constants(gathered: Gathered, line: Line, left: Expression, right: Expression) -> bool:
    """Whether what a name is said to be has several letters that stand nowhere before: it is not what the name was before."""
    first = gathered.outline.first
    fresh = {(part.spelling, *(index.value for index in part.indices if isinstance(index, Literal))) for part in walk(right) if isinstance(part, Name) and first.get(part.spelling) == line.order}
    return is_plain(left) and len(line.members) == 2 and first.get(left.spelling) != line.order and len(fresh) > 1


def _is_contested(gathered: Gathered, line: Line, finding: Finding) -> bool:
    """Whether a refutation is about a function that several differential equations are solved for.

    What relates the same letters is an identity, whatever they solve.
    """
    free = refuted_names(finding)
    slopes = {name for name in free if name.endswith("'")}
    if finding.relating is None or (not slopes and has_same_names(finding.relating.relation)):
        return False
    return any(gathered.work.sought.is_contested(name.rstrip("'"), line) for name in free)


def _is_sought(gathered: Gathered, line: Line, left: Expression, right: Expression, finding: Finding) -> bool:
    """Whether a refutation rests on what a function is that the document is looking for."""
    sought = gathered.work.sought
    known = [one for name in sought.names(line, left, right) for one in gathered.book.definitions.get(name, ()) if not one.is_proved]
    return sought.doubts(line, left, right, finding.used, refuted_names(finding), known)
