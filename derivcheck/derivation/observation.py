"""Data that a sentence lists: ``For the observations 3, 1, 4`` gives values to the one family that is summed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from derivcheck.derivation.condition import sentence_starts
from derivcheck.derivation.outline import FORMULA, Line, members_of
from derivcheck.elaboration.book import Book, Definition, holds_in, is_around
from derivcheck.elaboration.head import Head
from derivcheck.reading.content import number
from derivcheck.reading.expression import Binder, Expression, Listed, Literal, Name, is_plain, walk
from derivcheck.source import NOWHERE

MIN_NUMBERS = 3
_NUMBER = r"-?\d+(?:\.\d+)?"
_WORD = r"\b(?:data(?:set| set| points?)?|samples?|observations?|observed(?: values)?|observe|measurements?|examples?)\b"
_DATA = rf"{_WORD}[^.\d{FORMULA}]{{0,30}}"
_LISTED = re.compile(rf"{_DATA}({_NUMBER}(?:\s*,\s*{_NUMBER})*(?:\s*,?\s*and\s+{_NUMBER})?)(?![\d.]*\d|\s*[%*^/+-])", re.I)
_BEFORE = re.compile(rf"{_DATA}$", re.I)
_OTHER = re.compile(rf"\d|{_WORD}", re.I)


@dataclass(frozen=True, slots=True)
class Observed:
    """What data are put in for, and the line from which on they are not any more."""

    definitions: tuple[Definition, ...]
    end: int


def observed(lines: Sequence[Line], book: Book) -> Iterator[Observed]:
    """The numbers that a document lists as data, and how many there are.

    They hold up to the next sentence with numbers of its own, or with data that may be others.
    """
    starts = sentence_starts(lines)
    known: set[int] = set()
    for line in lines:
        data = _listed(line) if starts[line.order] not in known else ()
        families = _families(lines, line, book) if len(data) >= MIN_NUMBERS else frozenset()
        if len(families) != 1:
            continue
        known.add(starts[line.order])
        counts = _counts(lines)
        values: dict[str, Expression] = {family: Listed(tuple(Literal(value, NOWHERE) for value in data), "(", NOWHERE) for family in families}
        values |= {count: Literal(Fraction(len(data)), NOWHERE) for count in counts if len(counts) == 1}
        told = tuple(Definition(Head(name), value, line.order, line.scope, stated=False, is_value=True) for name, value in values.items())
        later = [other.order for other in lines[line.order :] if starts[other.order] != starts[line.order] and (not is_around(line.scope, other.scope) or _OTHER.search(other.words))]
        yield Observed(told, min(later, default=len(lines)))


def _listed(line: Line) -> tuple[Fraction, ...]:
    """The numbers that the words before a line list as data, or that the line lists itself; none where there are none."""
    found = _LISTED.search(line.words)
    if found is not None:
        return tuple(Fraction(value) for value in re.findall(_NUMBER, found.group(1)))
    member = line.members[0] if len(line.members) == 1 else None
    if not isinstance(member, Listed) or not _BEFORE.search(line.words):
        return ()
    values = [number(item) for item in member.items]
    return tuple(value for value in values if value is not None) if None not in values else ()


def _sums(lines: Sequence[Line]) -> Iterator[tuple[Binder, Line]]:
    for line in lines:
        for member in members_of([line]):
            for part in walk(member):
                if isinstance(part, Binder) and part.operation in "+*" and len(part.variables) <= 1:
                    yield part, line


def _families(lines: Sequence[Line], here: Line, book: Book) -> frozenset[str]:
    """The families without a definition that are summed or multiplied before a line, where that holds."""
    around = [body for body, line in _sums(lines[: here.order + 1]) if holds_in(line.scope, here.scope)]
    names = [part for one in around for part in walk(one.body) if isinstance(part, Name) and len(part.indices) == 1 and not part.samples]
    running = frozenset(name.spelling for name in names if is_plain(name.indices[0]))
    return frozenset(spelling for spelling in running if not book.is_defined(spelling))


def _counts(lines: Sequence[Line]) -> frozenset[str]:
    """The letters at which the sums of a document end."""
    uppers: list[Expression | None] = [one.upper for one, _ in _sums(lines)]
    return frozenset(upper.spelling for upper in uppers if is_plain(upper))
