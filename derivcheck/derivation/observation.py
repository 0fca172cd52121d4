"""Data that a sentence lists: ``For the observations 3, 1, 4`` gives values to the one family that is summed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction

from derivcheck.derivation.condition import sentence_starts
from derivcheck.derivation.definable import is_numeric
from derivcheck.derivation.outline import FORMULA, Line, Outline, members_of
from derivcheck.elaboration.book import Book, Definition, Scope, holds_in, is_around
from derivcheck.elaboration.head import Head
from derivcheck.reading.content import names_of, number
from derivcheck.reading.expression import Binder, Dots, Expression, Listed, Literal, Name, is_plain, walk
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


def observed(outline: Outline, book: Book) -> Iterator[Observed]:
    """The numbers that a document lists as data, and how many there are.

    They hold up to the next sentence with numbers of its own, or with data that may be others.
    """
    lines = outline.lines
    starts, said = sentence_starts(lines), _said(outline)
    known: set[int] = set()
    for line in lines:
        data = _listed(line, said.get(line.order, "")) if starts[line.order] not in known else ()
        families = _families(lines, line, book) if len(data) >= MIN_NUMBERS else frozenset()
        if len(families) != 1:
            continue
        known.add(starts[line.order])
        counts = _counts(lines, families)
        values: dict[str, Expression] = {family: Listed(tuple(Literal(value, NOWHERE) for value in data), "(", NOWHERE) for family in families}
        values |= {count: Literal(Fraction(len(data)), NOWHERE) for count in counts if len(counts) == 1}
        told = tuple(Definition(Head(name), value, line.order, line.scope, stated=False, is_value=True) for name, value in values.items())
        later = [other.order for other in lines[line.order :] if starts[other.order] != starts[line.order] and (not is_around(line.scope, other.scope) or _OTHER.search(other.words))]
        yield Observed(told, min(later, default=len(lines)))


def told_one_by_one(lines: Sequence[Line], book: Book) -> Iterator[Definition]:
    """The families that are added up somewhere and whose members are told one after another, from the first on: ``x_1 = 1``, ``x_2 = 0``."""
    bodies = [one.body for one, _ in _sums(lines)]
    summed = {part.spelling for body in bodies for part in walk(body) if isinstance(part, Name) and part.indices and all(is_numeric(one.right) for one in book.definitions.get(part.spelling, ()))}
    known: dict[tuple[Scope, str], dict[Fraction, tuple[Line, Expression]]] = {}
    for line in [*lines, None]:
        told = _member(line, summed) if line is not None else None
        over = [key for key, members in known.items() if line is None or (told is not None and key == told[0] and told[1] in members)]
        for key in over:
            yield from _family(key[1], known.pop(key))
        if line is not None and told is not None:
            known.setdefault(told[0], {})[told[1]] = line, told[2]


def _member(line: Line, families: Set[str]) -> tuple[tuple[Scope, str], Fraction, Expression] | None:
    """The place and family, the number and the value of a member that a line tells; None where it tells none."""
    left, right = (*line.members, None, None)[:2]
    if len(line.members) != 2 or not isinstance(left, Name) or left.spelling not in families or len(left.indices) != 1 or left.samples or left.primes:
        return None
    count = number(left.indices[0])
    return ((line.scope, left.spelling), count, right) if count is not None and right is not None and number(right) is not None else None


def _family(spelling: str, members: dict[Fraction, tuple[Line, Expression]]) -> Iterator[Definition]:
    if len(members) > 1 and set(members) == {Fraction(count + 1) for count in range(len(members))}:
        last = max((line for line, _ in members.values()), key=lambda line: line.order)
        values = Listed(tuple(members[count][1] for count in sorted(members)), "(", NOWHERE)
        yield Definition(Head(spelling), values, last.order, last.scope, is_value=True)


def _said(outline: Outline) -> dict[int, str]:
    """The prose directly before each line, with the sentences that no formula stands in."""
    found: dict[int, str] = {}
    for start, words in outline.prose:
        behind = next((line for line in outline.lines if line.segment.span.start > start and not line.is_directive), None)
        if behind is not None:
            found[behind.order] = f"{found.get(behind.order, '')} {words}"
    return found


def _listed(line: Line, said: str) -> tuple[Fraction, ...]:
    """The numbers that the words before a line list as data, or that the line lists itself; none where there are none. ``said``: the prose directly before it."""
    found = _LISTED.search(line.words) or _LISTED.search(said)
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


def _counts(lines: Sequence[Line], families: frozenset[str]) -> frozenset[str]:
    """The letters at which the sums over some families end, or the families themselves where they are written out: ``y_1, \\dots, y_n``; those of all sums where there are none."""
    sums = [one for one, _ in _sums(lines)]
    uppers = [one.upper for one in sums if families & names_of(one.body)]
    listed = [part.items for member in members_of(lines) for part in walk(member) if isinstance(part, Listed)]
    ends = [items[-1] for items in listed if any(isinstance(item, Dots) for item in items) and isinstance(items[-1], Name)]
    uppers += [end.indices[0] for end in ends if end.spelling in families and len(end.indices) == 1]
    # A letter that nothing counts by is read as part of the name.
    labels = {end.spelling.removeprefix(f"{family}_{{").removesuffix("}") for end in ends for family in families if end.spelling.startswith(f"{family}_{{")}
    own = labels | {upper.spelling for upper in uppers if is_plain(upper)}
    return frozenset(own) or frozenset(one.upper.spelling for one in sums if is_plain(one.upper))
