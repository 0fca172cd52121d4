"""What holds of every document, whatever its format: it is covered, it is read in linear time, it never raises."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivcheck.diagnostic import Place
from derivcheck.document import Kind, decode, format_of, read
from derivcheck.source import Source

SUFFIXES = (".md", ".tex", ".txt")
PIECES = (
    r"$ $$ \( \) \[ \] \begin{align} \end{align} \begin{equation*} \end{equation*} \begin{verbatim} \end{verbatim} \text{ \cancel{ { } "
    r"\section{ \newcommand{\a}[1] \def\a \verb| | % ` `` ``` ~~ ~~~ <!-- --> <pre> </pre> <code> # ** > - 1. = + a = b 5 word two "
    r"\\ \\[2pt] \$ \iffalse \fi \begin{document} \end{document} derivcheck: \url{ ( ) x_1 the ```math --- ==="
).split(" ")
FRAGMENTS = st.lists(st.sampled_from([*PIECES, " ", "\n", "\n\n", "\r\n", "\t", "    "]), max_size=60).map("".join)


def notebook(*sources: str) -> str:
    return json.dumps({"cells": [{"cell_type": "markdown", "source": source} for source in sources]})


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SUFFIXES), FRAGMENTS)
def test_segments_cover_every_document(suffix: str, text: str) -> None:
    document = read(Source(f"a{suffix}", text))
    starts = [segment.span.start for segment in document.segments]
    ends = [segment.span.end for segment in document.segments]
    assert starts == [0, *ends][: len(starts)]
    assert (ends or [0])[-1] == len(text)
    assert all(start < end for start, end in zip(starts, ends, strict=True))
    assert len(document.source.text) == len(text)


@settings(max_examples=100, deadline=None)
@given(FRAGMENTS, FRAGMENTS)
def test_a_notebook_reads_as_its_cells(first: str, second: str) -> None:
    document = read(Source("a.ipynb", notebook(first, second)))
    parts = [read(Source("a.md", text if text.endswith("\n") else text + "\n")) for text in (first, second)]
    assert [(segment.kind, document.source.slice(segment.span)) for segment in document.segments] == [
        (segment.kind, part.source.slice(segment.span)) for part in parts for segment in part.segments
    ]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "unit",
    ["$", "$ ", "$a ", r"\[", r"\(", "{", "[" * 50, r"\begin{align}", r"\begin{align}\begin{gather}", "` ", "```a\n", "~~a ", "<!-- ", "> "]
    + [
        r"$\text{$ ",
        r"\newcommand{",
        r"\section{",
        r"\begin{verbatim}",
        "a = b\n",
        "x = 1 + 2 y = ",
        "(" * 400 + " = 1\n",
        " " * 500 + "\n",
    ]
    + ["$$ a\n\nthis is prose now\n\n", "**a ", "- $a$\n", "```x\ny = 1\n```\n", "~~a~~ b = 1 + 2\n", "a-", "a.b", "\\"],
    ids=repr,
)
def test_reading_takes_linear_time(suffix: str, unit: str) -> None:
    """Twenty times the text may take at most sixty times as long, and a second is always fine."""

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        started = time.process_time()
        read(Source(f"a{suffix}", text))
        return time.process_time() - started

    short = max(seconds(5_000), 0.002)
    long = seconds(100_000)
    assert long < 1 or long < 60 * short


def test_a_problem_is_said_once_a_line_and_not_without_end() -> None:
    document = read(Source("a.tex", "$x $y $z\n\n" * 500))
    assert len(document.problems) == 50
    assert len({problem.line for problem in document.problems}) == 50


def test_suffixes_in_any_case_lead_to_a_format() -> None:
    names = {path: entry.name for path in ("a.md", "A.RMD", "a.qmd", "a.ltx", "a.ipynb", "a.txt") if (entry := format_of(path))}
    assert names == {
        "a.md": "Markdown",
        "A.RMD": "Markdown",
        "a.qmd": "Markdown",
        "a.ltx": "LaTeX",
        "a.ipynb": "notebook",
        "a.txt": "plain text",
    }
    assert format_of("a.py") is None
    assert [segment.kind for segment in read(Source("-", "x = 1 + 2")).segments] == [Kind.PLAIN]


def test_a_notebook_that_is_none_is_incomplete() -> None:
    for text in ("", "[]", "{", '{"cells": 3}', "[" * 100_000, '{"a": ' + "9" * 10_000 + "}"):
        document = read(Source("a.ipynb", text))
        assert not document.complete and len(document.problems) == 1, text[:20]
    assert read(Source("a.ipynb", notebook())).complete


def test_a_place_in_a_notebook_leads_to_its_line() -> None:
    text = json.dumps(
        {"cells": [{"cell_type": "code"}, {"cell_type": "markdown", "source": "one\ntwo $x$"}, {"cell_type": "markdown", "source": "$y$"}]}
    )
    document = read(Source("a.ipynb", text))
    places = [document.place(segment.span.start) for segment in document.segments if segment.kind is Kind.INLINE]
    assert places == [Place(2, 6, 2), Place(1, 2, 3)]
    assert [document.line(place) for place in places] == ["two $x$", "$y$"]


def test_a_lone_surrogate_in_a_notebook_can_be_encoded() -> None:
    document = read(Source("a.ipynb", '{"cells": [{"cell_type": "markdown", "source": "$\\ud800$"}]}'))
    assert document.source.text.encode() == "$\ufffd$\n".encode()


@pytest.mark.parametrize(
    ("data", "text", "problems"),
    [
        ("é\r\n".encode(), "é\r\n", []),
        (b"\xef\xbb\xbf$x$", "$x$", []),
        ("$x$é".encode("utf-16"), "$x$é", []),
        (b"a\nb\xe9\n", "a\nbé\n", [(2, "0xe9 is not UTF-8")]),
        (b"a\x81", "a\ufffd", [(1, "0x81 is not UTF-8")]),
        (b"a\n\x00b", "a\n\ufffdb", [(2, "NUL byte")]),
        (b"", "", []),
    ],
)
def test_bytes_become_text_and_problems(data: bytes, text: str, problems: list[tuple[int, str]]) -> None:
    decoded = decode(data)
    assert decoded.text == text and decoded.complete
    assert [problem.line for problem in decoded.problems] == [line for line, _ in problems]
    assert all(words in problem.message for problem, (_, words) in zip(decoded.problems, problems, strict=True))


def test_bytes_that_are_no_text_are_refused() -> None:
    decoded = decode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    assert not decoded.complete and decoded.text == "" and len(decoded.problems) == 1
