"""Solutions of a stationarity condition that still have their multipliers in them: what they are equal to turns on a constraint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from derivcheck.derivation.outline import Line
from derivcheck.derivation.role import definable
from derivcheck.elaboration.book import Book, holds_in
from derivcheck.reading.content import names_of, number
from derivcheck.reading.expression import Expression
from derivcheck.reading.name import GREEK_LETTERS
from derivcheck.term.function import free_names
from derivcheck.term.term import Term

# What is put right before a formula is that formula: ``put $u = \gamma g$``.
_SETS_ZERO = re.compile(r"\b(?:(?:set(?:s|ting)?|put(?:ting)?)\b(?!\W*$)|equat\w+|zero|vanish\w*|stationar\w*|lagrang\w*|multipliers?)\b", re.I)
MAX_BACK = 3


def has_open_multiplier(lines: Sequence[Line], used: Iterable[int], relation: Term, members: Sequence[Expression], book: Book) -> bool:
    """Whether a relation unfolds a solution whose multipliers it does not speak of: Greek letters that nothing defines."""
    told = names_of(*members)
    waiting = {name for name in free_names(relation) - told if name in GREEK_LETTERS and not book.is_defined(name)}
    return bool(waiting) and any(waiting & names_of(*lines[order].members) and _solves(lines, lines[order]) for order in used)


def _solves(lines: Sequence[Line], line: Line) -> bool:
    """Whether a definition is said to come from setting something to zero, or stands behind an equation that is."""
    if _SETS_ZERO.search(f"{line.words} {line.statement.before}"):
        return True
    head = definable(line.members[0]) if line.members and line.members[0] is not None else None
    near = [other for other in lines[max(line.order - MAX_BACK, 0) : line.order] if holds_in(other.scope, line.scope)]
    return head is not None and any(number(other.members[-1]) == 0 and head.spelling in names_of(*other.members) for other in near if other.members and other.members[-1] is not None)
