"""Bounds that stand behind what they govern: ``|x| = -x for x < 0``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from derivcheck.derivation.domain import domain_from
from derivcheck.derivation.outline import FORMULA, Line
from derivcheck.derivation.prose import has_stopped, leaves_out, supposes_in_words
from derivcheck.document import Kind
from derivcheck.elaboration.declaration import number
from derivcheck.reading.expression import is_plain
from derivcheck.term.type import Domain

_GOVERNS = re.compile(r"\b(?:for|if|when|whenever|where|provided|provided that|as long as|while|with|on|in case|valid for)(?: (?:all|any|every|each))?[\s*_]*$", re.I)

_MEMBER = re.compile(r"\b(?:for|if|when|whenever|where)(?: the [a-z]+(?: [a-z]+)?)?[\s*_]*$", re.I)
_CONDITIONAL = re.compile(r"\W*(?:for|if|when|whenever|unless|otherwise|else|elsewhere|in case|sonst|falls|si|否则|其他)(?![a-z])", re.I)


@dataclass(frozen=True, slots=True)
class Local:
    """A bound on a name that holds for the lines from ``first`` up to its own, ``last``."""

    name: str
    domain: Domain
    first: int
    last: int


def sentence_starts(lines: Sequence[Line]) -> list[int]:
    """For each line the first line of its sentence; a display belongs to the sentence that goes on behind it in small letters."""
    found: list[int] = []
    for line in lines:
        before = lines[line.order - 1] if line.order else None
        goes_on = (FORMULA in line.words or line.words[:1].islower() or line.words == ",") and not has_stopped(line.words)
        found.append(found[-1] if before is not None and (line.display == before.display or goes_on) else line.order)
    return found


def local_bounds(lines: Sequence[Line]) -> list[Local]:
    """The bounds of a document that come after a claim of their sentence, or of their row in a display."""
    starts = sentence_starts(lines)
    found: list[Local] = []
    taken: dict[int, int] = {}
    for line in lines:
        bound = _bound(line)
        if bound is None:
            continue
        row = [other.order for other in lines[starts[line.order] : line.order] if line.segment.kind is Kind.INLINE or _in_row(other, line)]
        claims = [order for order in row if _claims(lines[order])]
        last = taken.get(starts[line.order], -1)
        fresh = [order for order in claims if order > last]
        follows = last == line.order - 1 and bool(found) and found[-1].last == last
        if not claims or (not fresh and not follows):
            continue
        first = found[-1].first if not fresh else min(fresh)
        if fresh and not _governs(line, lines[max(fresh)]):
            continue
        found.append(Local(*bound, first, line.order))
        taken[starts[line.order]] = line.order
    return found


def is_under_condition(lines: Sequence[Line], line: Line) -> bool:
    """Whether what a line claims is said to hold under a condition behind it only: ``for x < 0``, ``otherwise``."""
    return has_condition_behind(line) or any(bound.first <= line.order < bound.last for bound in local_bounds(lines))


def has_condition_behind(line: Line) -> bool:
    """Whether the words behind a line begin with a condition."""
    return _CONDITIONAL.match(line.after) is not None


def supposes_index(words: str) -> bool:
    """Whether the words before a comparison of indices say which member is meant: ``for the true class``, ``if``."""
    return _MEMBER.search(words) is not None


def said_loosely(line: Line) -> str:
    """Why what a line claims is not meant as it stands, where the words around it say so; empty where they do not."""
    before = f"{line.words} {line.statement.before}"
    if supposes_in_words(before):
        return "may hold in a case that words tell"
    return "something may be left out, as words say" if leaves_out(before, line.after) else ""


def _governs(line: Line, claim: Line) -> bool:
    """Whether a bound says where a claim before it holds: by a word, or by standing behind it in the same row."""
    if _in_row(claim, line) and not line.statement.before and not line.statement.link:
        return True
    return _GOVERNS.search(f"{line.words} {line.statement.before}") is not None


def _bound(line: Line) -> tuple[str, Domain] | None:
    """The bound that a line is, if it is nothing else."""
    if len(line.members) != 2 or line.statement.membership or line.is_directive or line.members[0] is None or line.members[1] is None:
        return None
    return domain_from(line.members[0], line.statement.signs[0].text, line.members[1])


def _in_row(other: Line, line: Line) -> bool:
    return other.display == line.display and other.statement.row == line.statement.row


def _claims(line: Line) -> bool:
    """Whether a line says more than between which numbers a name lies, or what it is equal to."""
    if not line.statement.signs or line.statement.membership or line.is_directive:
        return False
    return not all(member is not None and (is_plain(member) or number(member) is not None) for member in line.members)
