"""Every mistake planted in right documents: it must be caught, almost always named, and what is offered instead must read as LaTeX.

DERIVCHECK_PLANTS sets how many plants each diagnosis gets (3 in a normal run).
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
from derivcheck.reading.edit import settled, signature
from derivcheck.reading.expression import is_clean
from derivcheck.reading.writer import Unwritable, Writer
from derivcheck.registry import load_all
from derivcheck.source import Source
from tests.harness import marked_documents, unmarked

PLANTS = int(os.environ.get("DERIVCHECK_PLANTS", "3"))
RIGHT = (Verdict.PROVED, Verdict.AGREES)
SHELF = load_all("diagnoses")
PLANTED = [name for name, entry in SHELF.items() if name not in ("does_not_follow", "type")]

pytestmark = pytest.mark.skipif(not hasattr(hall, "diagnose"), reason="the hall does not diagnose yet")


@dataclass(frozen=True, slots=True)
class Plant:
    """A document with one mistake in it: where, and which."""

    path: Path
    text: str
    line: int
    column: int
    entry: str
    wrong: str


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as one:
        yield one


@cache
def right_members(path: Path) -> tuple[tuple[int, int, object, object, Writer], ...]:
    """The right sides that are proved in a document: line, column, expression, span, and what writes in the document's spelling."""
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
                found.append((place.line, place.column, member, span, Writer(text, (member,))))
    return tuple(found)


def plants(name: str) -> Iterator[Plant]:
    """Every plant of a diagnosis in the documents of ``derivations/``."""
    entry = SHELF[name]
    assert isinstance(entry, Diagnosis)
    for path in marked_documents("derivations"):
        text, _ = unmarked(path.read_text(encoding="utf-8"))
        for line, column, member, span, writer in right_members(path):
            for wrong in entry.plant(member):  # type: ignore[arg-type]
                try:
                    written = writer.latex(wrong)
                except Unwritable:
                    continue
                if signature(wrong) != signature(member):  # type: ignore[arg-type]
                    whole = writer.stretch(member)  # type: ignore[arg-type]
                    if whole is not None:
                        yield Plant(path, text[: whole.start] + written + text[whole.end :], line, column, name, written)


def some(name: str) -> list[Plant]:
    """A few plants, the same in every run."""
    found = sorted(plants(name), key=lambda plant: blake2b(plant.text.encode() + plant.entry.encode(), digest_size=8).digest())
    return found[:PLANTS]


def outcome(plant: Plant, worker: Worker) -> ClaimReport | None:
    report = hall.check(Source(plant.path.name, plant.text), worker=worker)
    return next((claim for claim in report.claims if (claim.place.line, claim.place.column) == (plant.line, plant.column)), None)


@pytest.mark.parametrize("name", PLANTED)
def test_planted_mistakes_are_caught_and_named(name: str, worker: Worker) -> None:
    chosen = some(name)
    assert chosen
    claims = [outcome(plant, worker) for plant in chosen]
    caught = [claim for claim in claims if claim is not None and claim.verdict is Verdict.WRONG]
    assert caught, [(plant.path.name, plant.line, plant.wrong) for plant in chosen]
    assert any(claim.error == SHELF[name].error for claim in caught), [(claim.error, claim.message) for claim in caught]  # type: ignore[attr-defined]
