"""What holds of reports: the JSON obeys its schema, text never sends what a terminal obeys, colours come and go."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from derivcheck.diagnostic import RULES, Counterexample, FileReport, Place, Totals, Verdict
from derivcheck.registry import load, names
from derivcheck.report import Style, carriers, columns, excerpt, visible
from tests.samples import PAGES, WRONG, claim, numbered

SCHEMA = json.loads(files("derivcheck").joinpath("reports/schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def printed(name: str, style: Style, *pages: str) -> str:
    entry, shown = load("reports", name), [PAGES[page] for page in pages]
    return "".join(entry.document(page, style) for page in shown) + entry.end(shown, style)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", PAGES)
def test_json_obeys_its_schema(name: str) -> None:
    report = json.loads(printed("json", Style(), name))
    VALIDATOR.validate(report)
    assert report["summary"]["claims"] == len(report["documents"][0]["claims"])


def test_json_is_one_object_for_all_documents() -> None:
    report = json.loads(printed("json", Style(), *PAGES))
    VALIDATOR.validate(report)
    assert [document["path"] for document in report["documents"]] == [page.report.path for page in PAGES.values()]


@pytest.mark.parametrize(
    ("verdict", "more"),
    [
        (Verdict.WRONG, {}),
        (Verdict.WRONG, {"error": "typo", "confidence": "certain"}),
        (Verdict.WRONG, {"error": "sign", "confidence": "sure"}),
        (Verdict.CARRIED, {}),
        (Verdict.UNDECIDED, {}),
        (Verdict.PROVED, {"confidence": "certain"}),
        (Verdict.PROVED, {"code": "102"}),
    ],
)
def test_the_schema_refuses_what_the_contract_does_not_allow(verdict: Verdict, more: dict) -> None:
    page = numbered("x", claim(1, 1, verdict, **more))
    report = json.loads(load("reports", "json").end([page], Style()))
    assert not VALIDATOR.is_valid(report)


def test_values_without_a_finite_number_are_still_json() -> None:
    page = numbered("x", replace(WRONG, counterexample=Counterexample(left=float("inf"), right=float("nan"))))
    report = json.loads(load("reports", "json").end([page], Style()))
    VALIDATOR.validate(report)
    assert report["documents"][0]["claims"][0]["counterexample"]["left"] is None


@pytest.mark.parametrize("name", ["text", "concise"])
def test_no_text_sends_a_control_character(name: str) -> None:
    shown = printed(name, Style(), *PAGES)
    assert all(character == "\n" or visible(character) == character for character in shown)


def test_colours_are_escape_sequences_around_the_same_text() -> None:
    plain, coloured = printed("text", Style(), "wrong"), printed("text", Style(color=True), "wrong")
    assert "\x1b[" not in plain and "\x1b[31m" in coloured
    assert "".join(part.split("m", 1)[-1] if at else part for at, part in enumerate(coloured.split("\x1b["))) == plain


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80), st.integers(30, 60))
def test_an_excerpt_fits_and_its_carets_stand_under_it(line: str, start: int, length: int, width: int) -> None:
    shown, carets = excerpt(line, start, start + length, width)
    assert "\n" not in shown and carets.strip("^").strip() == "" and carets.endswith("^")
    assert sum(map(columns, shown)) <= width
    assert len(carets) <= width + 1


@given(st.text(max_size=40))
def test_visible_text_is_one_line_as_long_as_before(text: str) -> None:
    shown = visible(text)
    assert len(shown) == len(text.replace("\r\n", "\n")) and visible(shown) == shown


def test_carriers_are_found_through_each_other_and_across_cells() -> None:
    first, other = Place(2, 46), Place(2, 46, 3)
    report = FileReport(
        "a.ipynb",
        (
            WRONG,
            claim(4, 1, Verdict.CARRIED, inherits=first),
            claim(5, 1, Verdict.CARRIED, inherits=Place(4, 1)),
            claim(6, 1, Verdict.CARRIED, inherits=other),
        ),
    )
    assert carriers(report, WRONG) == [Place(4, 1), Place(5, 1)]


def test_totals_count_every_verdict() -> None:
    page = numbered("x", *(claim(1, 1, verdict) for verdict in Verdict))
    assert Totals.of([page.report]).to_dict() == {"claims": 7} | {verdict.value: 1 for verdict in Verdict}


def test_rules_have_codes_and_names_of_their_own() -> None:
    assert len(set(RULES.values())) == len(RULES)
    assert all(code[:2] == "DC" and code[2:].isdigit() and len(code) == 5 for code in RULES)


def test_every_format_draws_every_sample() -> None:
    for name in names("reports"):
        assert printed(name, Style(), *PAGES)
