"""The case format and the marks of documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivcheck import check_text
from derivcheck.config import Config
from derivcheck.diagnostic import ClaimReport, FileReport, Place, Problem, Verdict
from tests.harness import Expectation, bless, cases, marked_documents, misses, run, unmarked

CASES = """== first
<<< text one
a

b
>>> upper
A

B

>>> length

== second
<<< text
c
>>> upper
x
"""
RUNNERS = {("text", "upper"): str.upper, ("text", "length"): lambda text: str(len(text))}


def report(*claims: tuple[int, int, Verdict, str | None], problems: tuple[Problem, ...] = ()) -> FileReport:
    made = (ClaimReport(Place(line, column), Place(line, column), "=", "", "", verdict, error) for line, column, verdict, error in claims)
    return FileReport("a.md", tuple(made), problems)


def test_cases_have_an_entry_and_exits() -> None:
    first, second = cases(CASES)
    assert (first.title, first.entry.name, first.entry.text) == ("first", "text one", "a\n\nb")
    assert [(block.name, block.text) for block in first.exits] == [("upper", "A\n\nB"), ("length", "")]
    assert [run(second, block, RUNNERS) for block in second.exits] == ["C"]


@pytest.mark.parametrize("text", ["== only a title\n", "== no exit\n<<< text\na\n", "== two entries\n<<< a\n<<< b\n>>> c\n"])
def test_a_case_without_entry_and_exit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not one entry"):
        cases(text)


def test_an_exit_that_nothing_leads_to_is_refused() -> None:
    with pytest.raises(KeyError):
        run(cases("== t\n<<< text\na\n>>> nowhere\n")[0], cases("== t\n<<< text\na\n>>> nowhere\n")[0].exits[0], RUNNERS)


def test_blessing_rewrites_exits_only(tmp_path: Path) -> None:
    path = tmp_path / "a.case"
    path.write_text(CASES, encoding="utf-8")
    bless(path, [(block, run(case, block, RUNNERS)) for case in cases(CASES) for block in case.exits])
    assert path.read_text(encoding="utf-8") == CASES.replace(">>> length\n", ">>> length\n4\n").replace("x\n", "C\n")


def test_marks_become_spaces_and_expectations() -> None:
    text = "$a = b$ <!--~ wrong: sign -->\n$$\nc = d %~ ok, carried\n$$\n100 % ~\n"
    plain, expected = unmarked(text)
    assert len(plain) == len(text) and plain.split("\n")[0] == "$a = b$" + " " * 22 and "%~" not in plain and "<" not in plain
    assert expected[1] == [Expectation(Verdict.WRONG, "sign")]
    assert expected[3] == [Expectation(), Expectation(Verdict.CARRIED)]


def test_a_mark_that_is_no_verdict_is_refused() -> None:
    with pytest.raises(ValueError, match="false"):
        unmarked("$a$ %~ false")


def test_every_difference_from_the_marks_is_a_miss() -> None:
    found = report(
        (1, 1, Verdict.PROVED, None),
        (2, 1, Verdict.WRONG, "sign"),
        (3, 1, Verdict.WRONG, "sign"),
        (4, 1, Verdict.UNDECIDED, None),
        (5, 1, Verdict.GIVEN, None),
        (6, 1, Verdict.GIVEN, None),
        (6, 9, Verdict.CARRIED, None),
        problems=(Problem(9, "odd"),),
    )
    expected = {
        2: [Expectation(Verdict.WRONG, "sign")],
        3: [Expectation(Verdict.WRONG, "factor")],
        5: [Expectation(Verdict.GIVEN), Expectation()],
        6: [Expectation(), Expectation(Verdict.CARRIED)],
        8: [Expectation(Verdict.PROVED)],
    }
    assert [miss.split(":")[0] for miss in misses(found, expected)] == ["9", "3", "4", "5", "8"]
    assert misses(report((2, 1, Verdict.AGREES, None)), {}) == []


# What a document says is tested here, not how fast: a busy machine must not run out of time.
PATIENT = Config(timeout=3.0, document_timeout=120.0)


@pytest.mark.parametrize("path", marked_documents("derivations", "tests/data/regression"), ids=lambda path: path.name)
def test_a_document_comes_out_as_it_is_marked(path: Path) -> None:
    text, expected = unmarked(path.read_text(encoding="utf-8"))
    assert misses(check_text(text, str(path), PATIENT), expected) == []
