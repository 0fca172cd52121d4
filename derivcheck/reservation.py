"""What keeps a finding from being a verdict: notation that may mean something else, and what the document seeks rather than states."""

from __future__ import annotations

from derivcheck.derivation.chain_rule import has_steps, is_chain_rule, is_total, leaves_out
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.outline import Line
from derivcheck.finding import Finding, refuted_names
from derivcheck.reading.expression import Expression, Infinitesimal, Literal, Name, is_plain, walk


def reservation(gathered: Gathered, line: Line, left: Expression, right: Expression, finding: Finding) -> str:
    """Why a finding is not to be trusted; empty where it is."""
    if finding.fails and any(isinstance(part, Infinitesimal) for side in (left, right) for part in walk(side)):
        return "a lone dx may be a differential or a derivative by x"
    if finding.fails and not gathered.at(line).implicit and _is_sought(gathered, line, left, right, finding):
        return "about a function that a differential equation is solved for"
    if finding.fails and _brings_constants(gathered, line, left, right):
        return "may tell of something else by letters that are new here"
    if not is_chain_rule(left, right):
        return ""
    if finding.holds and (finding.assumed or finding.sketched) and leaves_out(left, right, gathered.outline.lines):
        return "may leave out a path through something else"
    if finding.fails and finding.assumed and has_steps(right):
        return "members of a sequence depend on each other"
    return "a total derivative and a partial one by the same quantity" if finding.fails and finding.assumed and is_total(left, right) else ""


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
