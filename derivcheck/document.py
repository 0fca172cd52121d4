"""A document as a sequence of segments: what is mathematics, what is prose, what is neither; and the choice of its format."""

from __future__ import annotations

from bisect import bisect_right
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePath

from derivcheck.diagnostic import FileReport, Place, Problem
from derivcheck.registry import load, names
from derivcheck.source import Source, Span


class Kind(StrEnum):
    """What a segment is.

    ``INLINE`` and ``DISPLAY`` are mathematics between delimiters, ``PLAIN`` a line of mathematics without delimiters,
    ``PREAMBLE`` text that may define macros, ``DIRECTIVE`` a comment addressed to this tool (``derivcheck: ...``, the
    words after the colon), ``WORDED`` a formula whose definition the words around it tell, ``SKIPPED`` what is not to be read: code, verbatim, comments, delimiters.
    """

    INLINE = "inline"
    DISPLAY = "display"
    PLAIN = "plain"
    PROSE = "prose"
    HEADING = "heading"
    PREAMBLE = "preamble"
    DIRECTIVE = "directive"
    WORDED = "worded"
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
    of the cell, 1-based, all cells counted). Markdown blanks the ``>`` of quoted displays there. Segments cover every
    character. ``included`` are the macro definitions of other files, each with the offset where they come in. ``complete`` is false where the document could not be read at all: a notebook that is not one.
    """

    source: Source
    segments: tuple[Segment, ...]
    problems: tuple[Problem, ...] = ()
    cells: tuple[tuple[int, int], ...] = ()
    complete: bool = True
    included: tuple[tuple[int, str], ...] = ()

    def place(self, offset: int) -> Place:
        """Where an offset stands for the reader: its line and column, in a notebook within its cell."""
        position = self.source.locate(offset)
        started = bisect_right(self.cells, offset, key=lambda cell: cell[0])
        if not started:
            return Place(position.line, position.column)
        start, number = self.cells[started - 1]
        return Place(position.line - self.source.locate(start).line + 1, position.column, number)

    def line_count(self, cell: int | None = None) -> int:
        """How many lines there are, in a notebook those of a cell; an empty last line is none."""
        starts = [start for start, number in self.cells if cell is not None and number == cell]
        start = starts[0] if starts else 0
        text = self.source.text[start : min((other for other, _ in self.cells if cell is not None and other > start), default=None)]
        return len(text.removesuffix("\n").split("\n"))

    def line(self, place: Place) -> str:
        """The text of the line that a place stands in; empty where there is none."""
        first = next((self.source.locate(start).line for start, number in self.cells if number == place.cell), 1)
        return self.source.line(first + place.line - 1)


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """A document format: the suffixes that announce it, and how it is cut into segments.

    ``read`` never raises for what a document contains; what is wrong with it becomes a ``Problem``.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Source], Document]


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file's bytes and what was wrong with them; ``complete`` is false where they are no text."""

    text: str
    problems: tuple[Problem, ...] = ()
    complete: bool = True

    def completed(self, report: FileReport) -> FileReport:
        """The report of the text with what was wrong with the bytes put in."""
        problems = sorted((*self.problems, *report.problems), key=lambda problem: problem.line)
        return replace(report, problems=tuple(problems), complete=report.complete and self.complete)


def decode(data: bytes) -> Decoded:
    """The text of a file: UTF-8, or UTF-16 with a byte order mark, else Windows-1252 and a problem that says so.

    A byte order mark is dropped and a NUL becomes U+FFFD, so that offsets stay; line breaks are kept as they are.
    """
    problems: list[Problem] = []
    try:
        text = data.decode("utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8")
    except UnicodeDecodeError as error:
        if b"\0" in data:
            return Decoded("", (Problem(1, "not a text file: it holds NUL bytes and is not UTF-8"),), complete=False)
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(Problem(line, f"byte 0x{data[error.start]:02x} is not UTF-8; the file is read as Windows-1252"))
        text = data.removeprefix(BOM_UTF8).decode("cp1252", errors="replace")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        problems.append(Problem(line, "NUL byte; it is read as the replacement character U+FFFD"))
        text = text.replace("\0", "\ufffd")
    return Decoded(text.removeprefix("\ufeff"), tuple(problems))


def format_of(path: str) -> DocumentFormat | None:
    """The format for a path by its suffix; None where no format claims it."""
    suffix = PurePath(path).suffix.lower()
    for name in names("documents"):
        entry = load("documents", name)
        assert isinstance(entry, DocumentFormat)
        if suffix in entry.suffixes:
            return entry
    return None


def read(source: Source) -> Document:
    """The document in the format of its path; plain text where no format claims the path's suffix."""
    entry = format_of(source.path) or load("documents", "plain")
    assert isinstance(entry, DocumentFormat)
    return entry.read(source)
