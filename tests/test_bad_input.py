"""Hostile and broken input: every document ends in bounded time with verdicts or with a problem at its place, never
with a fault of ours.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivcheck.check import check
from derivcheck.cli import main
from derivcheck.decision.worker import Worker
from derivcheck.derivation.hearing import heard
from derivcheck.derivation.knowledge import gather
from derivcheck.derivation.outline import outline
from derivcheck.diagnostic import FileReport
from derivcheck.document import decode, read
from derivcheck.source import Source

SECONDS = 5.0
"""What a document may take of this process's time; the worker has a deadline of its own."""

LAUGHS = "".join(rf"\newcommand{{\{letter}z}}{{{(chr(92) + before + 'z') * 10}}}" for before, letter in zip("abcdefghi", "bcdefghij", strict=True))
LETTERS = "abcdefghijklm"


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(deadline=1.0) as made:
        made.warm()
        yield made


def checked(text: str, worker: Worker, path: str = "a.md") -> FileReport:
    started = time.process_time()
    decoded = decode(text.encode())
    report = decoded.completed(check(Source(path, decoded.text), worker=worker))
    assert time.process_time() - started < SECONDS
    return report


def matrix(entry: str) -> str:
    return r" \\ ".join(" & ".join(entry.format(i=i, j=j, n=(i * j) % 7 + 1) for j in range(60)) for i in range(60))


# Each text with the verdicts of its claims, in order. ``?`` before a verdict: any but wrong and carried is as good.
TEXTS = {
    "empty": ("", ""),
    "white space": (" \n\t\r\n", ""),
    "a byte order mark": ("\ufeff$1+1=2$", "proved"),
    "carriage returns": ("$$\r\n1+1=2\r\n$$\r\n", "proved"),
    "a dollar alone": ("$", ""),
    "two dollars alone": ("$$", ""),
    "a backslash at the end": ("$x = \\$", ""),
    "braces": ("$1 = " + "{" * 9000 + "x" + "}" * 9000 + "$", "unreadable"),
    "braces without end": ("$1 = " + "{" * 10_000 + "$", "unreadable"),
    "too many braces": ("$1 = " + "{" * 10_000 + "x" + "}" * 10_000 + "$", "unreadable"),
    "closing braces": ("$" + "}" * 5_000 + "1 = 1$", "proved"),
    "brackets": ("$1 = " + "(" * 5_000 + "x" + ")" * 5_000 + "$", "unreadable"),
    "brackets of all kinds": ("$1 = " + r"([\{" * 1_000 + "$", "unreadable"),
    "left without right": ("$1 = " + r"\left(" * 5_000 + "$", "unreadable"),
    "fractions": ("$1 = " + r"\frac{1}{" * 4_000 + "x" + "}" * 4_000 + "$", "unreadable"),
    "fractions by over": ("$1 = " + r"1\over " * 3_000 + "2$", "?"),
    "exponents": ("$1 = " + "x^{" * 4_000 + "x" + "}" * 4_000 + "$", "unreadable"),
    "superscripts": ("$x = x" + "^x" * 5_000 + "$", "?"),
    "roots": ("$x = " + r"\sqrt" * 5_000 + "x$", "?"),
    "accents": ("$x = " + r"\hat" * 5_000 + "x$", "?"),
    "signs": ("$x = " + "-" * 9_000 + "x$", "?"),
    "primes": ("$f" + "'" * 9_000 + "(x) = 0$", "unreadable"),
    "bars": ("$" + "|x" * 2_001 + " = 1$", "unreadable"),
    "environments": ("$" + r"\begin{cases}" * 3_000 + "$", ""),
    "rows": ("$$" + r"\\" * 5_000 + "1 = 1$$", "proved"),
    "a fraction without arguments": (r"$1 = \frac$", "unreadable"),
    "a fraction with one argument": (r"$1 = \frac{1}$", "unreadable"),
    "scripts without end": ("$1 = x_$", "unreadable"),
    "a sum of nothing": (r"$1 = \sum_{i=1}^n$", "unreadable"),
    "an integral of nothing": (r"$1 = \int_0^1$", "unreadable"),
    "a bracket of nothing": ("$1 = ()$", "unreadable"),
    "a relation alone": ("$=$", "unreadable"),
    "relations alone": ("$= = =$", "unreadable unreadable unreadable"),
    "a line of two million characters": ("$1 = " + "x+" * 1_000_000 + "1$", "unreadable"),
    "prose of two million characters": ("word " * 400_000 + "$1+1=2$", "proved"),
    "a number of two million digits": ("$1 = " + "9" * 2_000_000 + "$", "unreadable"),
    "a number of five thousand digits": ("$1 = 0." + "1" * 5_000 + "$", "unreadable"),
    "a chain of a thousand": ("$1" + " = 1" * 1_000 + "$", "proved " * 1_000),
    "a sum of two thousand terms": ("$1 = " + "+".join(f"x_{{{k}}}" for k in range(2_000)) + "$", "?"),
    "a tower of powers": ("$x^{9^{9^{9}}} = 1$", "?"),
    "a tower of numbers": ("$9^{9^{9}} = 1$", "wrong"),
    "a long sum": (r"$\sum_{i=1}^{10^{10}} i = 5$", "?"),
    "a binomial coefficient": (r"$\binom{10^9}{10^8} = 1$", "?"),
    "a factorial": ("$100000! = 1$", "?"),
    "sums in sums": ("$1 = " + "".join(rf"\sum_{{{letter}=1}}^{{n}} " for letter in LETTERS) + " ".join(LETTERS) + "$", "?"),
    "fifty sums": ("$1 = " + "".join(rf"\sum_{{k_{{{k}}}=1}}^{{n}} " for k in range(50)) + "x$", "?"),
    "twenty integrals": (r"$1 = " + r"\int_0^1 " * 20 + "x" + r"\, dx" * 20 + "$", "wrong"),
    "a hundred functions": ("$1 = " + r"\exp(" * 100 + "x" + ")" * 100 + "$", "?"),
    "a derivative of order 1000": (r"$1 = \frac{d^{1000}}{dx^{1000}} x$", "unreadable"),
    "a determinant of letters": (r"$1 = \det\begin{pmatrix}" + matrix("a_{{{i}{j}}}") + r"\end{pmatrix}$", "?"),
    "a determinant of numbers": (r"$1 = \begin{vmatrix}" + matrix("{n}") + r"\end{vmatrix}$", "?"),
    "letters of the mathematical alphabets": ("$𝑥² + 𝑥² = 2𝑥²$, $𝛼 + 𝟐 = 2 + 𝛼$", "proved proved"),
    "signs that print nothing": ("$1\u200f+\u202e1 = 2$ שלום $a\u200b+b = b+a$", "proved proved"),
    "a macro that unfolds into itself": (r"$\newcommand{\a}{\a\a} \a = 1$", "unreadable"),
    "a macro that grows": (r"$\def\a{x\a} \a = 1$ and $\a = 2$", "unreadable unreadable"),
    "macros that stand for each other": (r"$\let\a=\b \let\b=\a \a = 1$", "unreadable"),
    "a billion laughs": (rf"$\newcommand{{\az}}{{x}}{LAUGHS}\jz = 1$ and $\jz = 2$", "unreadable unreadable"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_ends_in_verdicts(name: str, worker: Worker) -> None:
    text, wanted = TEXTS[name]
    got = [claim.verdict.value for claim in checked(text, worker).claims]
    if wanted == "?":
        assert not {"wrong", "carried"} & set(got)
    else:
        assert got == wanted.split()


@pytest.mark.parametrize("name", [name for name in TEXTS if "macro" in name or "laughs" in name])
def test_endless_macros_are_problems_at_their_line(name: str, worker: Worker) -> None:
    problems = checked("\n\n" + TEXTS[name][0], worker).problems
    assert {problem.line for problem in problems} == {3}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("one\n\n$$ 1+1=2\n\ntwo $1=1$", 3, "`$$` is not closed"),
        ("one\n\n\\begin{align}\n1+1 &= 2\n\ntwo", 3, r"`\begin{align}` is not closed"),
        ("one\n$1+1=2$\0", 2, "NUL byte"),
    ],
)
def test_what_is_not_closed_is_a_problem_and_hides_nothing(text: str, line: int, words: str, worker: Worker) -> None:
    report = checked(text, worker)
    assert [problem.line for problem in report.problems] == [line] and words in report.problems[0].message
    assert {claim.verdict.value for claim in report.claims} == {"proved"}


def test_many_formulas_take_seconds(worker: Worker) -> None:
    report = checked(" ".join(f"$a_{{{k}}} + b = b + a_{{{k}}}$." for k in range(1_000)), worker)
    assert [claim.verdict.value for claim in report.claims] == ["proved"] * 1_000


NOTEBOOKS = {
    "broken.ipynb": "{",
    "list.ipynb": "[]",
    "no_cells.ipynb": json.dumps({"cells": 3}),
    "deep.ipynb": "[" * 100_000,
}
ODD_CELLS = [{}, 5, None, {"cell_type": "markdown"}, {"cell_type": "markdown", "source": 7}, {"cell_type": "markdown", "source": ["$1+1=2$", None]}]


def test_one_bad_document_never_stops_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in NOTEBOOKS.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "odd.ipynb").write_text(json.dumps({"cells": ODD_CELLS}))
    (tmp_path / "empty.md").write_bytes(b"")
    (tmp_path / "latin.md").write_bytes("$1+1=2$ caf\xe9".encode("latin-1"))
    (tmp_path / "picture.md").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (tmp_path / "good.md").write_text("$1+1=2$ and $1+1=3$")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "itself.md").symlink_to(tmp_path / "itself.md")
    (tmp_path / "nowhere.md").symlink_to(tmp_path / "missing")
    status = main(["check", "--output-format", "json", str(tmp_path)])
    shown = capsys.readouterr()
    documents = {Path(one["path"]).name: one for one in json.loads(shown.out)["documents"]}
    assert status == 3 and "Traceback" not in shown.err
    assert {name for name, one in documents.items() if not one["complete"]} == {*NOTEBOOKS, "picture.md", "itself.md", "nowhere.md"}
    assert all(one["problems"] for one in documents.values() if not one["complete"])
    assert [claim["verdict"] for claim in documents["good.md"]["claims"]] == ["proved", "wrong"]
    assert [claim["verdict"] for name in ("latin.md", "odd.ipynb") for claim in documents[name]["claims"]] == ["proved", "proved"]
    assert len(documents["latin.md"]["problems"]) == 1 and not documents["empty.md"]["claims"]


def test_what_is_not_there_is_misuse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "missing.md")]) == 2
    assert "missing.md" in capsys.readouterr().err
    assert main(["check", str(tmp_path)]) == 0


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read_is_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.md"
    path.write_text("$1=1$")
    path.chmod(0)
    assert main(["check", str(path)]) == 3
    assert "ermission" in capsys.readouterr().out


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="xRnin lety{}()[]\\,;.<>=!^_$0é \U0001d465isand", max_size=40))
def test_a_directive_may_say_anything(words: str) -> None:
    """Each statement of it is understood or is a problem, and stands inside of it."""
    document = read(Source("a.md", f"<!-- derivcheck: {words} -->\n\n$$x = 1$$\n"))
    found = heard(outline(document), document)
    gather(found)
    for line in (line for line in found.lines if line.is_directive):
        spans = [line.statement.span] if line.members else []
        assert spans or found.problems
        assert all(line.segment.span.start <= span.start <= span.end <= line.segment.span.end for span in spans)
