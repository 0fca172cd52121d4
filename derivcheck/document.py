"""A document as a sequence of segments: what is mathematics, what is prose, what is neither; and the choice of its format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from derivcheck.diagnostic import Place, Problem
from derivcheck.registry import load, names
from derivcheck.source import Source, Span


class Kind(StrEnum):
    """What a segment is.

    ``INLINE`` and ``DISPLAY`` are mathematics between delimiters, ``PLAIN`` a line of mathematics without delimiters,
    ``PREAMBLE`` text that may define macros, ``DIRECTIVE`` a comment addressed to this tool (``derivcheck: ...``, the
    words after the colon), ``SKIPPED`` what is not to be read: code, verbatim, comments, delimiters.
    """

    INLINE = "inline"
    DISPLAY = "display"
    PLAIN = "plain"
    PROSE = "prose"
    HEADING = "heading"
    PREAMBLE = "preamble"
    DIRECTIVE = "directive"
    SKIPPED = "skipped"


MATHEMATICS = frozenset({Kind.INLINE, Kind.DISPLAY, Kind.PLAIN})


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a document. ``span`` leaves delimiters out.

    ``environment`` is the LaTeX environment that opens a display (``align*``), empty for ``$$`` and ``\\[``; the span of such a
    display lies between ``\\begin{..}`` and ``\\end{..}``. ``level`` is a heading's depth, 1 the highest. ``struck`` is true for
    mathematics inside ``~~..~~``, ``\\cancel`` around a whole formula, ``\\sout``.
    """

    span: Span
    kind: Kind
    environment: str = ""
    level: int = 0
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A document in one format: its text, its segments in order without overlap, and what is wrong with it.

    For a notebook ``source`` holds the Markdown cells one after the other, and ``cells`` tells where each begins: (offset, number
    of the cell, 1-based, all cells counted). Segments cover every character between the first and the last of them.
    """

    source: Source
    segments: tuple[Segment, ...]
    problems: tuple[Problem, ...] = ()
    cells: tuple[tuple[int, int], ...] = ()

    def place(self, offset: int) -> Place:
        """Where an offset stands for the reader: its line and column, in a notebook within its cell."""
        position = self.source.locate(offset)
        started = [cell for cell in self.cells if cell[0] <= offset]
        if not started:
            return Place(position.line, position.column)
        start, number = started[-1]
        return Place(position.line - self.source.locate(start).line + 1, position.column, number)


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """A document format: the suffixes that announce it, and how it is cut into segments.

    ``read`` never raises for what a document contains; what is wrong with it becomes a ``Problem``.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Source], Document]


def format_of(path: str) -> DocumentFormat | None:
    """The format for a path by its suffix; None where no format claims it."""
    suffix = PurePath(path).suffix.lower()
    for name in names("documents"):
        entry = load("documents", name)
        assert isinstance(entry, DocumentFormat)
        if suffix in entry.suffixes:
            return entry
    return None
