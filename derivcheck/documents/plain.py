"""Plain text with LaTeX in it: transcripts, OCR, homework typed in an editor.

Besides delimited mathematics, a line of prose may hold a formula without delimiters (``s = 0.5 * 2 + 4 = 5``). A code fence
is text like any other. Lines with ``#`` and lines that are only bold are headings.
"""

from __future__ import annotations

from derivcheck.document import Document, DocumentFormat
from derivcheck.markup.cover import cover, overlay
from derivcheck.markup.delimiter import Dialect, scan
from derivcheck.markup.formula import bare_formulas
from derivcheck.markup.heading import line_headings
from derivcheck.source import Source

DIALECT = Dialect(money=True, markup=True)


def read(source: Source) -> Document:
    """The segments of a plain text."""
    found = scan(source, DIALECT)
    segments = overlay(cover(len(source.text), found.segments), found.headings)
    segments = overlay(segments, line_headings(source))
    segments = overlay(segments, bare_formulas(source, segments, found.struck))
    return Document(source, segments, found.problems)


DOCUMENT = DocumentFormat("plain text", (".txt",), read)
