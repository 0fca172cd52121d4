"""Indices that a document says it leaves out from some place on: they are put back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from derivcheck.derivation.instance import rebuilt
from derivcheck.elaboration.book import is_around
from derivcheck.reading.expression import Expression, Name, is_plain, walk

if TYPE_CHECKING:
    from derivcheck.derivation.outline import Line

_DROPS = re.compile(
    r"\b(?:drop(?:ping|s|ped)?|omit(?:ting|s|ted)?|suppress(?:ing|es|ed)?|skip(?:ping|ped)?|leav(?:e|es|ing) (?:out|away|off)|lassen)\s+(?:(?:the|all|this|its|our|wir|den|dabei)\s+)*(?:\w+[- ])?"
    r"(?:ind(?:ex|ices)|subscripts?|superscripts?)\b|\b(?:ind(?:ex|ices)|subscripts?|superscripts?)\s+(?:is|are|will be|can be) (?:dropped|omitted|suppressed|left out)\b|(?:省略|略去|去掉)(?:样本)?(?:下标|上标|角标)",
    re.I,
)

_AN_INDEX = re.compile(r"\b(?:index|subscript|superscript)\s*$", re.I)
_IS_DROPPED = re.compile(r"\s*(?:is |are |will be |can be )?(?:dropped|omitted|suppressed|left out)\b", re.I)


def with_dropped(lines: Sequence[Line], prose: Sequence[tuple[int, str]]) -> tuple[Line, ...]:
    """The lines of a document, each name that had an index before words drop it with that index again, up to the end of the section."""
    found = list(lines)
    for place in sorted((*(start + match.start() for start, text in prose for match in _DROPS.finditer(text)), *_around_a_letter(prose))):
        behind = [line for line in found if line.segment.span.start > place]
        if not behind:
            continue
        before = [line for line in found if line.segment.span.start <= place and is_around(line.scope, behind[0].scope)]
        wanted = behind[0].members[0].spelling if len(behind[0].members) == 1 and is_plain(behind[0].members[0]) else None
        families = _families(before, wanted)
        for line in behind if families else ():
            if is_around(behind[0].scope, line.scope):
                found[line.order] = replace(line, members=tuple(member if member is None else _put_back(member, families) for member in line.members))
    return tuple(found)


def _around_a_letter(prose: Sequence[tuple[int, str]]) -> Iterator[int]:
    """Where words around a formula say that it is an index that is left out: ``index $c$ dropped``."""
    for (start, before), (_, behind) in pairwise(prose):
        match = _AN_INDEX.search(before)
        if match is not None and _IS_DROPPED.match(behind):
            yield start + match.start()


def _families(lines: Sequence[Line], wanted: str | None) -> dict[str, Name]:
    """The names that always have the one index, with it; which one: that ``wanted``, or the most frequent one."""
    names = list(_names(lines))
    always = {name.spelling for name in names} - {name.spelling for name in names if not name.indices and not name.samples}
    single = [name for name in names if name.spelling in always and len(name.indices) + len(name.samples) == 1 and is_plain((*name.indices, *name.samples)[0])]
    letters = Counter((*name.indices, *name.samples)[0].spelling for name in single)
    letter = wanted if wanted in letters else max(letters, key=lambda one: letters[one], default=None)
    return {name.spelling: name for name in single if (*name.indices, *name.samples)[0].spelling == letter and not name.primes}


def _names(lines: Sequence[Line]) -> Iterator[Name]:
    for line in lines:
        for member in line.members:
            yield from (part for part in walk(member) if isinstance(part, Name)) if member is not None else ()


def _put_back(expression: Expression, families: dict[str, Name]) -> Expression:
    if is_plain(expression) and expression.spelling in families:
        known = families[expression.spelling]
        return replace(expression, indices=known.indices, samples=known.samples)
    return rebuilt(expression, lambda part: _put_back(part, families))
