"""Markdown: GitHub's, Pandoc's, Quarto's and R Markdown's.

Mathematics stands between ``$``, ``$$``, ``\\(``, ``\\[``, in LaTeX environments, in ``math`` fences and in GitHub's dollar
with backticks. Code, front matter and HTML comments hide it; ``<!-- derivcheck: .. -->`` speaks to this tool. An indented
block is code, unless it is nothing but displays: Jupyter and Obsidian show those as mathematics.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivcheck.document import Document, DocumentFormat, Kind, Segment
from derivcheck.markup.cover import cover, is_inside, overlay
from derivcheck.markup.delimiter import Dialect, scan
from derivcheck.markup.heading import bold_headings
from derivcheck.source import Source, Span

if TYPE_CHECKING:
    from markdown_it.token import Token

DIALECT = Dialect(code=True, money=True, markup=True)
RAW_BLOCK = re.compile(r"\s*<(?:pre|script|style|textarea)\b", re.I)
DISPLAY = re.compile(r"\$\$|\\{1,2}\[|\\begin\b|[ \t]*[`~]{3}")
HASHES = re.compile(r"[^#\n]*#{1,6}[ \t]*")
QUOTED = re.compile(r"[ \t]*>")
QUOTES = re.compile(r"[ \t]*(?:>[ \t]?)+")


def read(source: Source) -> Document:
    """The segments of a Markdown document; the ``>`` inside quoted displays is blanked."""
    found = scan(source, DIALECT)
    tokens = _blocks(_masked(source.text, found.formulas))
    hidden = [_lines(source, token.map) for token in tokens if token.map and _is_hidden(token)]
    segments = cover(len(source.text), [Segment(span, Kind.SKIPPED) for span in hidden])
    segments = overlay(segments, found.segments)
    headings = [part for token in tokens if token.type == "heading_open" for part in _heading(source, token)]
    segments = overlay(segments, sorted([*headings, *found.headings], key=lambda segment: segment.span))
    segments = overlay(segments, bold_headings(source.text, 0, len(source.text)))
    problems = tuple(problem for problem in found.problems if not is_inside(source.line_span(problem.line).start, hidden))
    return Document(Source(source.path, _unquoted(source.text, found.formulas)), segments, problems)


def _blocks(text: str) -> Sequence[Token]:
    """The block structure of a Markdown text; what is inside paragraphs is left alone."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.front_matter import front_matter_plugin

    parser = MarkdownIt("commonmark").use(front_matter_plugin).disable("inline", ignoreInvalid=True)
    return parser.parse(text.replace("\r\n", " \n").replace("\r", " "))


def _masked(text: str, formulas: Sequence[Span]) -> str:
    """The text with a letter for each character of a formula, x in a display and o elsewhere, so that nothing in one
    looks like Markdown.
    """
    parts, at = [], 0
    for span in formulas:
        parts.append(text[at : span.start])
        letter = "x" if DISPLAY.match(text, span.start) else "o"
        parts.append(re.sub(r"[^\n]", letter, text[span.start : span.end]))
        at = span.end
    return "".join((*parts, text[at:]))


def _is_hidden(token: Token) -> bool:
    """Whether a token holds no mathematics: code, front matter, raw HTML."""
    if token.type == "code_block":
        return re.fullmatch(r"[x\s.,;]*", token.content) is None
    return token.type in ("fence", "front_matter") or (token.type == "html_block" and bool(RAW_BLOCK.match(token.content)))


def _lines(source: Source, rows: Sequence[int]) -> Span:
    """The span of a range of lines, 0-based and half-open, line breaks included."""
    end = source.line_span(rows[1] + 1).start if rows[1] < source.line_count else len(source.text)
    return Span(source.line_span(rows[0] + 1).start, end)


def _heading(source: Source, token: Token) -> list[Segment]:
    """A heading of either style between its marks."""
    assert token.map is not None
    level = int(token.tag[1:])
    whole = _lines(source, token.map)
    if token.markup in ("=", "-"):
        title = _lines(source, (token.map[0], token.map[1] - 1))
        start, end = title.start, title.end
    else:
        marks = HASHES.match(source.text, whole.start)
        start, end = marks.end() if marks else whole.start, whole.end
    text = source.text[start:end].rstrip()
    bare = text.rstrip("#")
    text = bare.rstrip() if token.markup[0] == "#" and bare[-1:].isspace() else text
    return [
        Segment(Span(whole.start, start), Kind.SKIPPED),
        Segment(Span(start, start + len(text)), Kind.HEADING, level=level),
        Segment(Span(start + len(text), whole.end), Kind.SKIPPED),
    ]


def _unquoted(text: str, formulas: Sequence[Span]) -> str:
    """The text with spaces for the ``>`` that begin the lines of a formula inside a block quote."""
    parts, at = [], 0
    for span in formulas:
        if not QUOTED.match(text, text.rfind("\n", 0, span.start) + 1, span.start):
            continue
        line = text.find("\n", span.start, span.end) + 1
        while line > 0:
            quotes = QUOTES.match(text, line, span.end)
            if quotes:
                parts += (text[at:line], re.sub(">", " ", quotes.group()))
                at = quotes.end()
            line = text.find("\n", line, span.end) + 1
    return "".join((*parts, text[at:]))


DOCUMENT = DocumentFormat("Markdown", (".md", ".markdown", ".mmd", ".qmd", ".rmd"), read)
