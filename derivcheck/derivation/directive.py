r"""Directives as formulas: ``let x in R^n, y in {0,1}`` is read as ``x \in \mathbb{R}^n, y \in \{0,1\}`` would be.

What is said of a name stays words; the nodes stand where the directive has them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from derivcheck.latex.macro import Macro
from derivcheck.latex.node import Row
from derivcheck.latex.parser import parse_formula
from derivcheck.reading.name import GREEK_LETTERS
from derivcheck.source import Span

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|(?P<word>[A-Za-z]+)|>=|<=|!=|\.\.\.|\s+|.", re.S)
_IGNORES = re.compile(r"ignore\b")
_REMARK = re.compile(r"(?:is|are|be|being|has|have|sums?|adds?)\b(?!\s+in\b)(?:(?! and [^,;]*[=<>]| and \S+ (?:in|is|are|be) )[^,;])*")
_VERBS = frozenset(("is", "are", "be"))
_OPENERS = frozenset("let assume suppose given where with and also that we have".split())
_SIGNS = {">=": r"\ge ", "<=": r"\le ", "!=": r"\ne ", "...": r"\dots ", "$": " ", ".": "."}
_APART = r"\quad "
_SIGN = re.compile(r"[=<>]|\\(?:in|ge|le|ne|text)(?![A-Za-z])")
_DOTS = re.compile(r"\s*(?:\.\.\.|\\[lc]?dots)")
_SETS = frozenset("RNZQ")
_BETWEEN_SIZES = re.compile(r"[\w}]\s*$"), re.compile(r"\s*[\w{\\]")


@dataclass(slots=True)
class Draft:
    """LaTeX in the making: its text, and for each character the stretch of the document that it stands for.

    ``closing``: for each open brace whether it is written as a sign, as around a set, or groups.
    """

    text: str = ""
    places: list[Span] = field(default_factory=list)
    closing: list[bool] = field(default_factory=list)

    def put(self, text: str, span: Span) -> None:
        """Adds text; one that is as long as its stretch stands for it character by character."""
        exact = len(text) == span.end - span.start
        self.places += [Span(span.start + k, span.start + k + 1) if exact else span for k in range(len(text))]
        self.text += text

    def is_size(self, word: str) -> bool:
        """Whether letters side by side are a size in the exponent of a set, as in ``R^{mxn}``."""
        return self.closing[-1:] == [False] and "x" in word[1:-1]

    def separator(self, rest: str) -> str:
        """A comma parts statements, unless it stands in brackets, between names before the sign, or beside dots."""
        statement = self.text.rpartition(_APART)[2]
        is_inside = self.closing or sum(map(statement.count, "([")) > sum(map(statement.count, ")]"))
        is_dotted = self.last.endswith(r"\dots") or _DOTS.match(rest) is not None
        return "," if is_inside or is_dotted or not _SIGN.search(statement) else _APART

    @property
    def last(self) -> str:
        """The text without white space at its end."""
        return self.text.rstrip()


def is_statement(text: str) -> bool:
    """Whether the words of a directive state facts; others, such as ``ignore[sign]``, do not."""
    return _IGNORES.match(text) is None


def statement_rows(text: str, span: Span, functions: frozenset[str], macros: Mapping[str, Macro]) -> Sequence[Row]:
    """The rows of a directive's formula. ``functions`` are words that stay as they are."""
    draft = Draft()
    at = span.start
    while at < span.end:
        remark = _REMARK.match(text, at, span.end) if draft.text.strip() and not draft.text[-1].isalnum() else None
        match = _TOKEN.match(text, at, span.end)
        assert match is not None
        if remark is not None:
            words = re.sub(r"[\\{}$^_%&#~]", " ", remark.group())
            draft.put(rf"\text{{{words}}}", Span(at, remark.end()))
            at = remark.end()
            continue
        written = _word(draft, match["word"], text[match.end() : span.end], functions) if match["word"] else None
        if written is not None:
            draft.put(written, Span(at, match.end()))
            at = match.end()
            continue
        for part in match["word"] or (match.group(),):
            draft.put(_sign(draft, part, text[at + len(part) : span.end]), Span(at, at + len(part)))
            at += len(part)
    rows = parse_formula(draft.text, Span(0, len(draft.text)), macros).rows
    return [moved(row, draft.places) for row in rows]


def _word(draft: Draft, word: str, rest: str, functions: frozenset[str]) -> str | None:
    """What a run of letters is in LaTeX; None where it is letters side by side."""
    if draft.is_size(word):
        return None
    if word.lower() in _OPENERS:
        return draft.separator(rest)
    if word in _VERBS:
        return " "
    if word == "in":
        return r"\in "
    if f"\\{word}" in GREEK_LETTERS:
        return f"\\{word} "
    return rf"\mathrm{{{word}}}" if len(word) > 2 and word not in functions else None


def _sign(draft: Draft, part: str, rest: str) -> str:
    """A letter or sign in LaTeX, as what stands around it tells."""
    if part == "{":
        literal = not re.search(r"(?:[\^_}]|\\[A-Za-z]+)$", draft.last) or draft.last.endswith(r"\in")
        draft.closing.append(literal)
        return r"\{" if literal else "{"
    if part == "}":
        return r"\}" if draft.closing and draft.closing.pop() else "}"
    if part in ",;":
        return draft.separator(rest)
    if part in _SETS and draft.last.endswith(r"\in"):
        return rf"\mathbb{{{part}}}"
    before, behind = _BETWEEN_SIZES
    if part == "x" and draft.closing[-1:] == [False] and before.search(draft.text) and behind.match(rest):
        return r"\times "
    return _SIGNS.get(part, part)


def moved(value: Any, places: Sequence[Span]) -> Any:
    """A node, or what a node holds, with every span where the document has it."""
    if isinstance(value, Span):
        if value.start >= value.end or not places:
            return places[min(value.start, len(places) - 1)] if places else value
        return places[value.start].cover(places[min(value.end, len(places)) - 1])
    if isinstance(value, tuple):
        return tuple(moved(part, places) for part in value)
    if is_dataclass(value):
        return replace(value, **{part.name: moved(getattr(value, part.name), places) for part in fields(value)})
    return value
