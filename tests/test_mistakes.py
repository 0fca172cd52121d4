"""Every mistake planted in right documents: it must be caught, almost always named, and what is offered instead must read as LaTeX.

DERIVCHECK_PLANTS sets how many plants each diagnosis gets (6 in a normal run).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

import pytest

from derivcheck import check as hall
from derivcheck.decision.worker import Worker
from derivcheck.derivation.outline import outline
from derivcheck.diagnosis import Diagnosis
from derivcheck.diagnostic import ClaimReport, Verdict
from derivcheck.document import read
from derivcheck.reading.content import is_clean
from derivcheck.reading.edit import settled, signature
from derivcheck.reading.writer import Unwritable, Writer
from derivcheck.registry import load_all
from derivcheck.source import Source
from tests.harness import marked_documents, unmarked

PLANTS = int(os.environ.get("DERIVCHECK_PLANTS", "6"))
RIGHT = (Verdict.PROVED, Verdict.AGREES)
SHELF = load_all("diagnoses")
PLANTED = [name for name, entry in SHELF.items() if name not in ("does_not_follow", "type", "flipped_inequality", "lost_solution")]


@dataclass(frozen=True, slots=True)
class Plant:
    """A document with one mistake in it: which, the place of its claim, and the offset at which the wrong side starts."""

    path: Path
    text: str
    line: int
    column: int
    entry: str
    wrong: str
    start: int


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as one:
        yield one


@cache
def right_members(path: Path) -> tuple[tuple[int, int, object, Writer], ...]:
    """The right sides that are proved in a document: line, column, expression, and what writes in the document's spelling."""
    text, _ = unmarked(path.read_text(encoding="utf-8"))
    source = Source(path.name, text)
    document = read(source)
    with Worker() as worker:
        report = hall.check(source, worker=worker)
    right = {(claim.place.line, claim.place.column) for claim in report.claims if claim.verdict in RIGHT and claim.sign == "="}
    found = []
    for line in outline(document).lines:
        for at, sign in enumerate(line.statement.signs):
            place, member, span = document.place(sign.span.start), line.members[at + 1], line.statement.members[at + 1].span
            if (place.line, place.column) in right and member is not None and span is not None and is_clean(member):
                member = settled(member, {})
                found.append((place.line, place.column, member, Writer(text, (member,))))
    return tuple(found)


def plants(name: str) -> Iterator[Plant]:
    """Every plant of a diagnosis in the documents of ``derivations/``."""
    entry = SHELF[name]
    assert isinstance(entry, Diagnosis)
    for path in marked_documents("derivations"):
        text, _ = unmarked(path.read_text(encoding="utf-8"))
        for line, column, member, writer in right_members(path):
            for wrong in entry.plant(member):  # type: ignore[arg-type]
                try:
                    written = writer.latex(wrong)
                except Unwritable:
                    continue
                if signature(wrong) != signature(member):  # type: ignore[arg-type]
                    whole = writer.stretch(member)  # type: ignore[arg-type]
                    if whole is not None:
                        yield Plant(path, text[: whole.start] + written + text[whole.end :], line, column, name, written, whole.start)


def some(name: str) -> list[Plant]:
    """A few plants, the same in every run."""
    found = sorted(plants(name), key=lambda plant: blake2b(plant.text.encode() + plant.entry.encode(), digest_size=8).digest())
    return found[:PLANTS]


def claim_of(plant: Plant, text: str, worker: Worker) -> ClaimReport | None:
    """What becomes of the planted claim in a text of its document."""
    report = hall.check(Source(plant.path.name, text), worker=worker)
    return next((claim for claim in report.claims if (claim.place.line, claim.place.column) == (plant.line, plant.column)), None)


def caught(name: str, worker: Worker) -> list[tuple[Plant, ClaimReport]]:
    """The plants of a diagnosis that are called wrong."""
    claims = [(plant, claim_of(plant, plant.text, worker)) for plant in some(name)]
    return [(plant, claim) for plant, claim in claims if claim is not None and claim.verdict is Verdict.WRONG]


# A plant may be harmless (the transpose of a product of vectors) or turn a claim into a condition; shares leave room for that.
SELDOM = {"transpose": 0.1, "dropped_term": 0.2}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_mistakes_are_caught_and_named(name: str, worker: Worker) -> None:
    found = caught(name, worker)
    share = SELDOM.get(name, 0.5)
    assert found and len(found) >= share * len(some(name)), [(plant.path.name, plant.line, plant.wrong) for plant in some(name)]
    named = [claim for _, claim in found if claim.error == SHELF[name].error]  # type: ignore[attr-defined]
    assert len(named) >= share * len(found), [(plant.path.name, plant.line, plant.wrong, claim.error, claim.message) for plant, claim in found]


@pytest.mark.parametrize("name", PLANTED)
def test_what_would_hold_holds(name: str, worker: Worker) -> None:
    """A document with the fix in the place of the mistake is right there again."""
    for plant, claim in caught(name, worker)[:2]:
        if claim.fix is not None:
            before, after = plant.text[: plant.start], plant.text[plant.start + len(plant.wrong) :]
            mended = claim_of(plant, before + claim.fix + after, worker)
            assert mended is not None and mended.verdict in RIGHT, (plant.path.name, plant.line, plant.wrong, claim.fix)
