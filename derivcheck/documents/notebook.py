"""Jupyter notebooks: their Markdown cells, read one after another.

A place is a cell (all cells counted, from 1) and a line in it. Code cells and outputs are not read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from derivcheck.diagnostic import Problem
from derivcheck.document import Document, DocumentFormat, Kind, Segment
from derivcheck.documents import markdown
from derivcheck.source import Source, Span

SURROGATES = {code: "\ufffd" for code in range(0xD800, 0xE000)}


def read(source: Source) -> Document:
    """The segments of a notebook's Markdown cells in a source of their own; incomplete where it is no notebook."""
    try:
        notebook = json.loads(source.text, parse_int=str)
    except json.JSONDecodeError as error:
        return _refused(source, error.lineno, f"not a notebook: {error.msg[:1].lower()}{error.msg[1:]}")
    except RecursionError:
        return _refused(source, 1, "not a notebook: its JSON is nested too deeply")
    cells = _cells(notebook)
    if cells is None:
        return _refused(source, 1, "not a notebook: it has no list of cells")
    return _joined(source.path, list(_markdown(cells)))


def _refused(source: Source, line: int, message: str) -> Document:
    segments = (Segment(Span(0, len(source.text)), Kind.SKIPPED),) if source.text else ()
    return Document(source, segments, (Problem(line, message),), complete=False)


def _cells(notebook: object) -> list | None:
    """The cells of a notebook of format 4, or of 3 with its worksheets."""
    if not isinstance(notebook, dict):
        return None
    if isinstance(notebook.get("cells"), list):
        return notebook["cells"]
    sheets = notebook.get("worksheets")
    if not isinstance(sheets, list):
        return None
    inside = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in inside if isinstance(cells, list) for cell in cells]


def _markdown(cells: list) -> Iterator[tuple[int, str]]:
    """The number and the text of each Markdown cell."""
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "markdown":
            continue
        lines = cell.get("source")
        text = "".join(line for line in lines if isinstance(line, str)) if isinstance(lines, list) else lines
        if isinstance(text, str):
            yield number, text.translate(SURROGATES).replace("\0", "\ufffd")


def _joined(path: str, cells: list[tuple[int, str]]) -> Document:
    """One document of all cells, each read by itself, so that nothing left open in one reaches into the next."""
    texts: list[str] = []
    segments: list[Segment] = []
    problems: list[Problem] = []
    starts: list[tuple[int, int]] = []
    offset = 0
    for number, text in cells:
        part = markdown.read(Source(path, text if text.endswith("\n") else text + "\n"))
        starts.append((offset, number))
        texts.append(part.source.text)
        segments += [replace(s, span=Span(s.span.start + offset, s.span.end + offset)) for s in part.segments]
        problems += [Problem(problem.line, f"cell {number}: {problem.message}") for problem in part.problems]
        offset += len(part.source.text)
    return Document(Source(path, "".join(texts)), tuple(segments), tuple(problems), tuple(starts))


DOCUMENT = DocumentFormat("notebook", (".ipynb",), read)
