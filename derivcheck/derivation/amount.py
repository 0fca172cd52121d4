"""Numbers that words give to letters by what they are called: ``stride 2`` where ``the stride $s$`` was said before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from derivcheck.derivation.definable import is_numeric
from derivcheck.derivation.outline import Line, Outline, members_of
from derivcheck.elaboration.book import Definition
from derivcheck.elaboration.head import Head
from derivcheck.reading.content import names_of, number
from derivcheck.reading.expression import Literal, is_plain
from derivcheck.source import NOWHERE

_NUMBER = r"(?P<number>-?\d+(?:\.\d+)?)(?![\w.]*\d|\s*(?:[x×%*/^]|\\times|,\s*-?\d|\?)|[a-z])"
_LINK = r"\s*(?:(?:of|is|was|to|at|equals|equal to|becomes|size|value|[=:])\s*){0,2}"
_CALLED = re.compile(r"(?:(?P<first>[a-z]+)[ -])?(?P<noun>[a-z]{3,})(?: of size| of length| of)?\s*$", re.I)
_CALLED_BEHIND = re.compile(r"\s*(?:is|denotes|means|be|stands for|,|:|=)?\s*(?:the|an?)\s+(?:(?P<first>[a-z]+)[ -])?(?P<noun>[a-z]{3,})\b", re.I)
_LETTER_FIRST = re.compile(r"(?:^|[,;:]|\band)\s*(?P<letter>[A-Za-z])\s+(?:(?P<first>[a-z]+)[ -])?(?P<noun>[a-z]{3,})(?=\s*(?:[,.;:\n]|and\b|$))")
_LETTER_LAST = re.compile(r"(?:(?P<first>[a-z]+)[ -])?\b(?P<noun>[a-z]{3,})\s+(?P<letter>[A-Za-z])(?=\s*(?:[,.;:\n]|and\b|on\b|$))")
_TOLD = re.compile(rf"(?:\b(?P<first>[a-z]+)[ -])?\b(?P<noun>[a-z]{{3,}}){_LINK}(?:{_NUMBER}|(?P<end>$))", re.I)
_NONE = re.compile(r"\b(?P<amount>no|without|zero|unit)\s+(?:(?P<first>[a-z]+)[ -])?(?P<noun>[a-z]{3,})\b", re.I)
_EQUATED = re.compile(rf"(?<![\w\\^_{{}}().'=+*/-])(?P<letter>[A-Za-z])(?:_\{{?(?P<index>\d+)\}}?)?\s*=\s*{_NUMBER}(?!\s*[-+*/^=(])")
_LETTER_IS = re.compile(r"(?:^|[\s,;(])(?P<letter>[A-Za-z])\s*(?:is|denotes|means|stands for|:|=)\s*(?:the|an?)\s+(?:(?P<first>[a-z]+)[ -])?(?P<noun>[a-z]{3,})\b")
_AMOUNTS = {"no": 0, "without": 0, "zero": 0, "unit": 1}
# Words beside a letter or a number that say nothing of what it is.
_IDLE = frozenset(
    "the and for with that this then where which when are has have was were let put set get take use using from into over under about after before until during within only size value number of is by "
    "equation formula line step round iteration epoch layer example exercise question problem part case class section chapter figure table page row column day week lecture sheet sample test try run mean average variance deviation probability".split()
)


@dataclass(slots=True)
class _Nouns:
    """What letters are called: by the last word of it, and by the last two."""

    short: dict[str, set[str]] = field(default_factory=dict)
    long: dict[str, set[str]] = field(default_factory=dict)

    def add(self, called: re.Match[str], letter: str) -> None:
        noun = called["noun"].lower()
        if noun in _IDLE:
            return
        self.short.setdefault(noun, set()).add(letter)
        if called["first"] and called["first"].lower() not in _IDLE:
            self.long.setdefault(f"{called['first']} {noun}".lower(), set()).add(letter)

    def letter(self, called: re.Match[str]) -> str | None:
        """The one letter that something is called by; a word may be cut short, as ``pad`` for padding is."""
        noun = called["noun"].lower()
        if noun in _IDLE or ("amount" in called.re.groupindex and (called["first"] or "").lower() in _IDLE):
            return None
        found = self.long.get(f"{called['first'] or ''} {noun}".lower().strip())
        if found is None:
            found = set().union(*(letters for one, letters in self.short.items() if one.startswith(noun) or noun.startswith(one)))
        return next(iter(found)) if len(found) == 1 else None


def amounts(outline: Outline) -> Iterator[Definition]:
    """The values that words give to letters of formulas, each from the line behind the words on."""
    letters = frozenset(name for line in outline.lines if any(member is not None and not is_numeric(member) for member in line.members[1:]) for name in names_of(*members_of([line])))
    if not letters:
        return
    nouns = _Nouns()
    parts: list[tuple[int, int, str | Line]] = [(start, 0, words) for start, words in outline.prose]
    parts += [(line.segment.span.start, 1 + line.order, line) for line in outline.lines if not line.is_directive]
    stream = [part for _, _, part in sorted(parts, key=lambda part: part[:2])]
    for place, part in enumerate(stream):
        before, after = (stream[place - 1] if place else ""), (stream[place + 1] if place + 1 < len(stream) else "")
        if isinstance(part, Line):
            _note_called(nouns, part, before, after, letters)
            continue
        _note_words(nouns, part, letters)
        line = next((one for one in stream[place:] if isinstance(one, Line)), None)
        if line is not None:
            yield from _values(nouns, part, line)
            yield from _equated(part, line, letters)


def _note_called(nouns: _Nouns, line: Line, before: str | Line, after: str | Line, letters: frozenset[str]) -> None:
    """Takes note of what words directly before or behind a letter call it."""
    first = line.members[0]
    alone = len(line.members) == 1 or all(member is not None and is_numeric(member) for member in line.members[1:])
    if not is_plain(first) or not alone or first.spelling not in letters:
        return
    found = [_CALLED.search(before) if isinstance(before, str) else None, _CALLED_BEHIND.match(after) if isinstance(after, str) else None]
    for called in found:
        if called is not None:
            nouns.add(called, first.spelling)


def _note_words(nouns: _Nouns, words: str, letters: frozenset[str]) -> None:
    """Takes note of what words call letters that stand among them without any marks."""
    for pattern in (_LETTER_FIRST, _LETTER_LAST, _LETTER_IS):
        for called in pattern.finditer(words):
            if called["letter"] in letters and called["letter"] not in "aAI":
                nouns.add(called, called["letter"])


def _values(nouns: _Nouns, words: str, line: Line) -> Iterator[Definition]:
    """The values that some words give to letters; a number that is set as a formula may stand behind them."""
    if not nouns.short:
        return
    behind = number(line.members[0]) if len(line.members) == 1 and line.members[0] is not None else None
    told = [(called, Fraction(called["number"]) if called["number"] else behind) for called in _TOLD.finditer(words)]
    told += [(called, Fraction(_AMOUNTS[called["amount"].lower()])) for called in _NONE.finditer(words)]
    for called, value in told:
        letter = nouns.letter(called)
        if letter is not None and value is not None:
            yield Definition(Head(letter), Literal(value, NOWHERE), line.order, line.scope, stated=False, is_value=True)


def _equated(words: str, line: Line, letters: frozenset[str]) -> Iterator[Definition]:
    """The values that letters are given among words, without any marks: "with n = 6"."""
    for told in _EQUATED.finditer(words):
        if told["letter"] in letters:
            indices = (Literal(Fraction(told["index"]), NOWHERE),) if told["index"] else ()
            yield Definition(Head(told["letter"], indices), Literal(Fraction(told["number"]), NOWHERE), line.order, line.scope, stated=False, is_value=True)
