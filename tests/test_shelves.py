"""What every entry of every shelf is: one constant of its shelf's kind, a docstring, and its data."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest

from derivcheck.diagnostic import RULES
from derivcheck.document import DocumentFormat
from derivcheck.registry import SINGULAR, load, load_all, names
from derivcheck.report import ReportFormat
from tests.harness import cases

ROOT = Path(__file__).parent.parent
ENTRIES = [(shelf, name) for shelf in SINGULAR for name in names(shelf)]
KINDS = {"documents": DocumentFormat, "reports": ReportFormat}


@pytest.mark.parametrize(("shelf", "name"), ENTRIES)
def test_an_entry_is_one_constant_and_says_what_it_is(shelf: str, name: str) -> None:
    assert isinstance(load(shelf, name), KINDS.get(shelf, object))
    assert (import_module(f"derivcheck.{shelf}.{name}").__doc__ or "").strip()
    tree = ast.parse((ROOT / "derivcheck" / shelf / f"{name}.py").read_text(encoding="utf-8"))
    targets = [target for node in tree.body for target in _targets(node)]
    made = [target.id for target in targets if isinstance(target, ast.Name)]
    assert made.count(SINGULAR[shelf]) == 1


def _targets(node: ast.stmt) -> list[ast.expr]:
    if isinstance(node, ast.AnnAssign):
        return [node.target]
    return node.targets if isinstance(node, ast.Assign) else []


@pytest.mark.parametrize("name", names("notations"))
def test_a_notation_has_a_line_that_it_accepts_and_one_that_it_refuses(name: str) -> None:
    path = ROOT / "tests" / "data" / "notations" / f"{name}.case"
    exits = [block for case in cases(path.read_text(encoding="utf-8")) for block in case.exits if block.name == "verdict"]
    found = {line.split()[0] for block in exits for line in block.text.split("\n")}
    assert "wrong" in found and found & {"proved", "agrees"} and found <= {"wrong", "proved", "agrees"}


@pytest.mark.parametrize(("shelf", "name"), [entry for entry in ENTRIES if entry[0] in KINDS])
def test_an_entry_has_cases_of_its_own(shelf: str, name: str) -> None:
    path = ROOT / "tests" / "data" / shelf / f"{name}.case"
    assert len(cases(path.read_text(encoding="utf-8"))) > 1


def test_the_rooms_hold_no_entry() -> None:
    assert all(not name.startswith("_") for _, name in ENTRIES)
    with pytest.raises(KeyError):
        load("reports", "papyrus")


def test_no_two_document_formats_claim_a_suffix() -> None:
    suffixes = [suffix for entry in load_all("documents").values() for suffix in entry.suffixes]
    assert len(set(suffixes)) == len(suffixes) and all(suffix[0] == "." and suffix == suffix.lower() for suffix in suffixes)


@pytest.mark.parametrize("name", names("diagnoses"))
def test_a_diagnosis_is_a_rule(name: str) -> None:
    assert name.replace("_", "-") in RULES.values()
