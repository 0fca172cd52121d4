"""Headings that a line of text shows by its own marks."""

from __future__ import annotations

import re

from derivcheck.document import Kind, Segment
from derivcheck.source import Source, Span

BOLD_LEVEL = 7
HASHES = re.compile(r"^[ ]{0,3}(?P<mark>#{1,6})[ \t]+(?P<title>\S[^\n]*)$", re.M)
BOLD = re.compile(r"^[ \t]*(?:\d{1,3}[ \t]+)?(?:\*\*(?=\S)(?P<title>[^*\n]+)\*\*|__(?=\S)(?P<other>[^_\n]+)__)[ \t]*[:.]?[ \t]*\r?$", re.M)


def line_headings(source: Source) -> list[Segment]:
    """The headings of a text, ``#`` to ``######`` and lines that are only bold, with their marks skipped."""
    headings = hash_headings(source.text, 0, len(source.text)) + bold_headings(source.text, 0, len(source.text))
    return sorted(headings, key=lambda segment: segment.span)


def hash_headings(text: str, start: int, end: int) -> list[Segment]:
    """Lines that begin with one to six ``#``; the ``#`` that may end them are marks too."""
    headings = []
    for match in HASHES.finditer(text, start, end):
        title = match["title"].rstrip()
        bare = title.rstrip("#")
        shown = bare.rstrip() if bare[-1:].isspace() else title
        headings += _marked(match, match.start("title"), len(shown), len(match["mark"]))
    return headings


def bold_headings(text: str, start: int, end: int) -> list[Segment]:
    """Lines that are only bold, the number of a margin aside. They rank below every ``#``."""
    headings = []
    for match in BOLD.finditer(text, start, end):
        name = "title" if match["title"] else "other"
        headings += _marked(match, match.start(name), len(match[name]), BOLD_LEVEL)
    return headings


def _marked(line: re.Match[str], start: int, length: int, level: int) -> list[Segment]:
    """A heading between the marks of its line."""
    return [
        Segment(Span(line.start(), start), Kind.SKIPPED),
        Segment(Span(start, start + length), Kind.HEADING, level=level),
        Segment(Span(start + length, line.end()), Kind.SKIPPED),
    ]
