"""LaTeX documents: the text before ``\\begin{document}`` is preamble, what follows ``\\end{document}`` is not read.

Mathematics stands between ``$``, ``$$``, ``\\(``, ``\\[`` and in the environments of amsmath and its kin. Comments, verbatim
text and ``\\iffalse`` hide it. A fragment without ``\\begin{document}`` is all body. Macros may be defined anywhere, in files that ``\\input`` names as well if they lie in the document's folder.
"""

from __future__ import annotations

import re

from derivcheck.document import Document, DocumentFormat, Kind, Segment
from derivcheck.markup.cover import cover, overlay
from derivcheck.markup.delimiter import Dialect, scan
from derivcheck.markup.inclusion import inclusions
from derivcheck.source import Source, Span

DIALECT = Dialect(comments=True)
BEGIN = re.compile(r"^(?:[^%\n\\]|\\(?!begin\{document\})[^\n])*\\begin\{document\}", re.M)
END = re.compile(r"^(?:[^%\n\\]|\\(?!end\{document\})[^\n])*(\\end\{document\})", re.M)


def read(source: Source) -> Document:
    """The segments of a LaTeX document."""
    text = source.text
    begin = BEGIN.search(text)
    body = begin.end() if begin else 0
    close = END.search(text, body)
    end = close.start(1) if close else len(text)
    found = scan(source, DIALECT, body, end)
    segments = [*found.segments, Segment(Span(end, len(text)), Kind.SKIPPED)]
    if begin:
        command = body - len(r"\begin{document}")
        segments[:0] = [Segment(Span(0, command), Kind.PREAMBLE), Segment(Span(command, body), Kind.SKIPPED)]
    taken = inclusions(source)
    problems = tuple(sorted((*found.problems, *taken.problems), key=lambda problem: problem.line))
    return Document(source, overlay(cover(len(text), segments), found.headings), problems, included=tuple(taken.found))


DOCUMENT = DocumentFormat("LaTeX", (".tex", ".ltx"), read)
