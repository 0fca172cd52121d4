"""What other places of a document say of what a refuted step is about: its section, other cases, numbers that are put in from case to case."""

from __future__ import annotations

from derivcheck.derivation.condition import is_under_condition
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.outline import Line
from derivcheck.derivation.prose import concludes
from derivcheck.derivation.role import CONSEQUENCES
from derivcheck.derivation.unknown import FUNCTIONALS
from derivcheck.elaboration.book import is_around
from derivcheck.elaboration.head import Head, head_of
from derivcheck.elaboration.knowledge import Knowledge
from derivcheck.finding import Finding
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import Call, Expression, Literal, Name, is_plain, walk


def is_superseded(gathered: Gathered, line: Line, refuted: Finding) -> bool:
    """Whether a definition of another section was used for what the line's own section says to be something else, which was not proved."""
    lines = gathered.outline.lines
    here = [other for other in lines[: line.order] if other.scope and is_around(other.scope, line.scope) and len(other.members) > 1 and other.members[0] is not None]
    for known in gathered.book.definitions.values():
        used = max((one for one in known if one.order in refuted.used and not is_around(one.scope, line.scope)), key=lambda one: one.order, default=None)
        proved = {one.order for one in known if one.is_proved}
        if used is not None and any(used.order < other.order and other.order not in proved | refuted.used and _is_about(other, used.head) for other in here):
            return True
    return False


def _is_about(line: Line, known: Head) -> bool:
    """Whether a line says what something written like a head is."""
    head = head_of(line.members[0]) if line.members[0] is not None else None
    is_alike = head is not None and (head.spelling, len(head.indices), len(head.arguments or ())) == (known.spelling, len(known.indices), len(known.arguments or ()))
    return is_alike and line.statement.signs[0].text == "="


def has_numbers_of_others(gathered: Gathered, line: Line, names: frozenset[str], refuted: Finding) -> bool:
    """Whether a number was put in that another section tells for one of its names, which its own section brings in anew: ``With a multiplier $m$``."""
    own = [other.members[0] for other in gathered.outline.lines[: line.order] if other.scope == line.scope and not other.statement.signs and len(other.members) == 1]
    brought = names & {one.spelling for one in own if is_plain(one)}
    known = (one for name in brought for one in gathered.book.definitions.get(name, ()) if one.is_value)
    return any(one.order in refuted.used and not is_around(one.scope, line.scope) for one in known)


def has_formula(gathered: Gathered, spelling: str, refuted: Finding) -> bool:
    """Whether the number that a name stands for came from a formula with letters, which other numbers may be put into from case to case."""
    known = gathered.book.definitions.get(spelling, ())
    return any(names_of(one.right) and not one.is_proved for one in known) and any(one.order in refuted.used and not names_of(one.right) for one in known)


def is_told_again(knowledge: Knowledge, line: Line, left: Expression) -> bool:
    """Whether a moment of a name is told that another equation tells, too, and no words say that it follows: ``Var(W) = 2/n`` behind ``Var(W) = 1/n``."""
    if not isinstance(left, Call) or left.function.spelling not in FUNCTIONALS or len(left.arguments) != 1 or left is not line.members[0]:
        return False
    (of,) = left.arguments
    told = knowledge.randomness
    is_told = isinstance(of, Name) and of.spelling in told.means.keys() | told.variances.keys()
    return is_told and len(line.members) == 2 and not concludes(line.words) and line.statement.link not in CONSEQUENCES


def is_another_case(gathered: Gathered, line: Line, left: Expression, finding: Finding) -> bool:
    """Whether an equation for a name holds under a condition, as does the one before that it contradicts: ``f(x) = 2`` for some x, ``f(x) = 3`` for others."""
    head, lines = head_of(left), gathered.outline.lines
    if head is None or not is_under_condition(lines, line):
        return False
    others = [lines[one.order] for one in gathered.book.definitions.get(head.spelling, ()) if one.order in finding.used and one.order < line.order]
    return any(is_under_condition(lines, other) for other in others)


def brings_constants(gathered: Gathered, line: Line, left: Expression, right: Expression) -> bool:
    """Whether what a name is said to be has several letters that stand nowhere before: it is not what the name was before."""
    first = gathered.outline.first
    fresh = {(part.spelling, *(index.value for index in part.indices if isinstance(index, Literal))) for part in walk(right) if isinstance(part, Name) and first.get(part.spelling) == line.order}
    return is_plain(left) and len(line.members) == 2 and first.get(left.spelling) != line.order and len(fresh) > 1
