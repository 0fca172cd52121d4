"""``derivcheck explain`` and ``derivcheck rules``: what is shown, what is refused, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from derivcheck.cli import main
from derivcheck.diagnostic import RULES
from derivcheck.registry import names, page

TEXT = "Let $u = 3$.\n\n$$u + 1 = 5$$\n\nThen $u + 2 = 5$ and $u = 4 - 1$.\n\nNothing here.\n"
CELLS = [{"cell_type": "code", "source": "1"}, {"cell_type": "markdown", "source": ["Let $u = 3$.\n", "$$u + 1 = 5$$\n"]}]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a document, a notebook, and what is neither."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text(TEXT)
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": CELLS, "nbformat": 4}))
    (tmp_path / "broken.ipynb").write_text("{")
    (tmp_path / "empty.md").write_text("No claims.\n")
    (tmp_path / "b").mkdir()
    return tmp_path


Shown = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("place", "status", "heads"),
    [
        ("a.md:3", 1, ["a.md:3:9: wrong"]),
        ("a.md:5", 0, ["a.md:5:13: proved", "a.md:5:25: proved"]),
        ("a.md:5:25", 0, ["a.md:5:25: proved"]),
        ("a.md:5:1", 0, ["a.md:5:13: proved"]),
        ("n.ipynb:cell 2:2", 1, ["n.ipynb:cell 2:2:9: wrong"]),
    ],
)
def test_the_claims_of_a_place_are_shown(place: str, status: int, heads: list[str], capsys: Shown) -> None:
    assert main(["explain", place]) == status
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith(place.split(":")[0])] == heads


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("a.md:7", "no claim on line 7 of a.md; the nearest are on lines 3 and 5"),
        ("a.md:2", "the nearest are on lines 1, 3 and 5"),
        ("a.md:8", "a.md has no line 8: it ends with line 7"),
        ("a.md:0", "a.md has no line 0"),
        ("a.md:cell 2:1", "a.md is no notebook"),
        ("empty.md:1", "no claim in empty.md"),
        ("a.md", "name a line as well: a.md:LINE"),
        ("c.md:3", "no such file: c.md"),
        ("b:3", "b is a folder"),
        ("n.ipynb:2", "name a cell as well, as in n.ipynb:cell 2:1"),
        ("n.ipynb:cell 1:1", "n.ipynb has no Markdown cell 1"),
        ("n.ipynb:cell 2:3", "cell 2 of n.ipynb has no line 3: it ends with line 2"),
        ("sing", "no rule 'sing'; did you mean 'sign'?"),
        ("DC999", "no rule 'DC999'"),
        ("DC902", "the rule 'DC902' is reserved"),
    ],
)
def test_what_cannot_be_explained_is_misuse(place: str, words: str, capsys: Shown) -> None:
    assert main(["explain", place]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.startswith("error: ") and words in shown.err and shown.err.count("\n") == 1


def test_a_document_that_cannot_be_read_is_said(capsys: Shown) -> None:
    assert main(["explain", "broken.ipynb:1"]) == 3
    assert "error: broken.ipynb:1: not a notebook" in capsys.readouterr().err


def test_a_fault_of_ours_is_said(capsys: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derivcheck.account.account", lambda seen: [][0])
    assert main(["explain", "a.md:3"]) == 3
    assert "internal error: IndexError" in capsys.readouterr().err


def test_the_verdicts_that_fail_are_configured(folder: Path, capsys: Shown) -> None:
    (folder / "derivcheck.toml").write_text('fail-on = ["proved"]')
    assert (main(["explain", "a.md:3"]), main(["explain", "a.md:5"])) == (0, 1)


@pytest.mark.parametrize("name", names("diagnoses"))
def test_every_rule_on_the_shelf_has_a_page(name: str, capsys: Shown) -> None:
    code = next(code for code, rule in RULES.items() if rule == name.replace("_", "-"))
    for word in (code, code.lower(), name, RULES[code]):
        assert main(["explain", word]) == 0
        shown = capsys.readouterr().out
        assert shown.startswith(f"{code} {RULES[code]}\n\n") and all(part in shown for part in ("Holds: ", "Does not: ", "Confirmed by "))
    assert page("diagnoses", name) in shown


def test_the_list_of_rules_is_in_order(capsys: Shown) -> None:
    assert main(["rules"]) == 0
    rows = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == sorted(row[0] for row in rows) and len(rows) == len(names("diagnoses"))
    assert all(RULES[code] == name and about for code, name, about in rows)


def test_the_line_is_not_drawn_with_what_a_terminal_obeys(folder: Path, capsys: Shown) -> None:
    (folder / "a.md").write_text("Let $u = 3$.\x1b[31m\n")
    main(["explain", "a.md:1"])
    assert "\x1b" not in capsys.readouterr().out
