"""Which directives are understood: each statement of one must say something that later lines may rest on."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import replace

from derivcheck.derivation.convention import normalized, special
from derivcheck.derivation.directive import is_statement
from derivcheck.derivation.domain import said_positive
from derivcheck.derivation.outline import Line, Outline, members_of
from derivcheck.derivation.property import kinds, properties
from derivcheck.derivation.shape import matrix_names
from derivcheck.diagnostic import Problem
from derivcheck.document import Document, Kind
from derivcheck.elaboration.declaration import declarations
from derivcheck.reading.content import is_clean
from derivcheck.reading.expression import Name, walk
from derivcheck.source import Span

EXPECTED = "a fact such as x in R^n, x > 0 or n = 3 is expected"


def heard(outline: Outline, document: Document) -> Outline:
    """The outline with a problem for each statement of a directive that is not understood, which says nothing from here on."""
    names = {part.spelling for line in outline.lines if not line.is_directive for member in members_of([line]) for part in walk(member) if isinstance(part, Name)}
    dull = {line.order for line in outline.lines if line.segment.kind is Kind.DIRECTIVE and not _is_heard(line, names)}
    spoken = {line.segment.span for line in outline.lines}
    silent = [segment.span for segment in document.segments if segment.kind is Kind.DIRECTIVE and segment.span not in spoken]
    spans = [_stretch(outline.lines[order], document.source.text) for order in dull]
    spans += [span for span in silent if is_statement(document.source.slice(span))]
    problems = sorted((*outline.problems, *(_problem(document, span) for span in sorted(spans))), key=lambda problem: problem.line)
    lines = tuple(_silenced(line) if line.order in dull else line for line in outline.lines)
    return replace(outline, lines=lines, problems=tuple(problems))


def _is_heard(line: Line, names: Set[str]) -> bool:
    """Whether a statement is understood: relations that can be read, memberships in a known set, names with a known property.

    ``names``: those of the document; words that are none of them are no names.
    """
    if any(member is None or not is_clean(member) for member in line.members):
        return False
    used = {part.spelling for member in members_of([line]) for part in walk(member) if isinstance(part, Name)}
    if any(name.startswith(r"\mathrm{") for name in used - names):
        return False
    if line.statement.membership:
        left, right = line.members[0], line.members[-1]
        return line.statement.membership == r"\in" and len(line.members) == 2 and bool(declarations(left, right))  # type: ignore[arg-type]
    if line.after:
        called = kinds([line], ())
        return any((*said_positive([line]), *normalized([line]), *special([line]), *matrix_names([line], ""), *called.symmetric, *called.triangular, *properties([line], ())))
    return bool(line.statement.signs)


def _silenced(line: Line) -> Line:
    return replace(line, statement=replace(line.statement, signs=(), membership="", after=""), members=(), words="", after="")


def _stretch(line: Line, text: str) -> Span:
    """A statement with the words behind it."""
    if not line.statement.signs and not any(member.items for member in line.statement.members):
        return line.segment.span
    span = line.statement.span
    words = re.compile(r"[^,;]*").match(text, span.end, line.segment.span.end) if line.after else None
    return Span(span.start, words.end()) if words else span


def _problem(document: Document, span: Span) -> Problem:
    place, text = document.place(span.start), document.source.slice(span)
    cell = "" if place.cell is None else f"cell {place.cell}: "
    said = f"'{text.strip()}' in a directive"
    return Problem(place.line, f"{cell}column {place.column}: {said} is not understood; {EXPECTED}")
