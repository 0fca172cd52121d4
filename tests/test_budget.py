"""The time that a step and a document are worth: counted on both sides, and never at the price of a report."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pytest

from derivcheck.check import check
from derivcheck.config import Config
from derivcheck.decision import budget
from derivcheck.decision.budget import FREE, Budget
from derivcheck.decision.worker import Worker
from derivcheck.diagnostic import Verdict
from derivcheck.source import Source

SAMPLE = Path(__file__).parents[1] / "derivations" / "attention.tex"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(budget.time, "thread_time", lambda: now[0])
    monkeypatch.setattr(budget.time, "perf_counter", lambda: now[0])
    return now


def test_before_the_first_step_everything_has_the_time_of_one(clock: list[float]) -> None:
    made = Budget(2.0)
    made.charge(5.0)
    assert (made.left, made.is_spent) == (2.0, False)


def test_a_step_pays_for_both_processes(clock: list[float]) -> None:
    made = Budget(1.0, _since=0.0)
    made.begin()
    clock[0] = 0.5
    made.charge(0.5)
    assert made.left == 0.25
    clock[0] = 1.0
    assert made.is_spent
    made.begin()
    assert made.left == 1.0


def test_a_document_pays_for_what_its_steps_take_beyond_their_own(clock: list[float]) -> None:
    made = Budget(1.0, 1.0, _since=0.0)
    for _ in range(3):
        made.begin()
        made.charge(FREE / 2)
    made.begin()
    assert made.document == 1.0
    made.charge(0.75 + FREE)
    made.begin()
    assert made.document == pytest.approx(0.25)
    assert made.left == pytest.approx(0.25 + FREE)
    made.charge(inf)
    made.begin()
    assert made.left == pytest.approx(FREE)


def test_a_document_out_of_time_is_reported_whole() -> None:
    source = Source("attention.tex", SAMPLE.read_text(encoding="utf-8"))
    with Worker(deadline=0.02) as worker:
        hurried = check(source, Config(timeout=0.02, document_timeout=1e-6), worker=worker).claims
    patient = check(source, Config(timeout=20.0, document_timeout=inf)).claims
    assert [claim.place for claim in hurried] == [claim.place for claim in patient]
    # What is not looked at to the end is left open: time changes no verdict into its opposite.
    held = {Verdict.PROVED, Verdict.AGREES, Verdict.GIVEN}
    changed = [(one.verdict, other.verdict) for one, other in zip(hurried, patient, strict=True) if one.verdict is not other.verdict]
    assert all(one is not Verdict.WRONG and not (one in held and other is Verdict.WRONG) for one, other in changed)


def test_what_explaining_takes_costs_no_later_step_its_time(clock: list[float]) -> None:
    made = Budget(1.0, 2.0, 0.5, _since=0.0)
    made.begin()
    made.charge(0.2 + FREE)
    made.begin(explains=True)
    assert made.document == pytest.approx(1.8)
    assert made.left == pytest.approx(0.5 + FREE)
    made.charge(inf)
    made.begin()
    assert (made.document, made.explaining) == (pytest.approx(1.8), 0.0)
    assert made.left == 1.0
    made.begin(explains=True)
    assert made.left == pytest.approx(FREE)
