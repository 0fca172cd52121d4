"""What leads from the entry of a case to its exit. To test another room with cases, add its function here."""

from __future__ import annotations

import json
from functools import partial

from derivcheck.document import MATHEMATICS, Document, Kind, read
from derivcheck.registry import load
from derivcheck.report import Style
from derivcheck.source import Source
from tests import diagnosis_runners as diagnosis
from tests import reading_runners as reading
from tests.harness import Runner
from tests.samples import page


def document(suffix: str, text: str) -> Document:
    return read(Source(f"case{suffix}", text))


def segments(suffix: str, text: str) -> str:
    """Every segment but prose and skipped ones, and the problems; all segments together must cover the text."""
    found = document(suffix, text)
    ends = [0, *(segment.span.end for segment in found.segments)]
    assert [segment.span.start for segment in found.segments] == ends[:-1]
    assert ends[-1] == len(found.source.text)
    rows = []
    for segment in found.segments:
        if segment.kind not in (Kind.PROSE, Kind.SKIPPED):
            words = (segment.kind, segment.environment, segment.level or "", "struck" if segment.struck else "")
            rows.append(" ".join(str(word) for word in words if word) + " " + quoted(found, segment.span))
    return "\n".join([*rows, *(f"! {problem.line}: {problem.message}" for problem in found.problems)])


def everything(suffix: str, text: str) -> str:
    """Every segment."""
    found = document(suffix, text)
    return "\n".join(f"{segment.kind} {quoted(found, segment.span)}" for segment in found.segments)


def formulas(text: str) -> str:
    """For each line of plain text, the formulas found in it."""
    rows = []
    for line in text.split("\n"):
        found = document(".txt", f"Some text.\n\n{line}\n")
        rows.append(" ; ".join(found.source.slice(part.span) for part in found.segments if part.kind in MATHEMATICS) or "-")
    return "\n".join(rows)


def places(suffix: str, text: str) -> str:
    """Where each formula begins."""
    found = document(suffix, text)
    return "\n".join(str(found.place(part.span.start).to_dict()) for part in found.segments if part.kind in MATHEMATICS)


def quoted(found: Document, span: object) -> str:
    return json.dumps(found.source.slice(span), ensure_ascii=False)  # type: ignore[arg-type]


def drawn(format: str, style: Style, text: str) -> str:
    """What an output format prints for the sample of a name."""
    entry = load("reports", format)
    shown = page(text.strip())
    return entry.document(shown, style) + entry.end([shown], style)  # type: ignore[attr-defined]


def latex_of(text: str) -> str:
    """Each line, a formula in Python, as a term in LaTeX."""
    from derivcheck.term.printer import to_latex
    from tests.test_decision_cases import Reader

    return "\n".join(to_latex(Reader().formula(line)) for line in text.split("\n"))


def listing_of(text: str) -> str:
    """Each line, a formula in Python, as a term in an s-expression."""
    from derivcheck.term.listing import to_expression
    from tests.test_decision_cases import Reader

    return "\n".join(to_expression(Reader().formula(line)) for line in text.split("\n"))


SUFFIXES = {"markdown": ".md", "tex": ".tex", "text": ".txt", "notebook": ".ipynb"}

RUNNERS: dict[tuple[str, str], Runner] = {
    **{(entry, "segments"): partial(segments, suffix) for entry, suffix in SUFFIXES.items()},
    **{(entry, "everything"): partial(everything, suffix) for entry, suffix in SUFFIXES.items()},
    **{(entry, "places"): partial(places, suffix) for entry, suffix in SUFFIXES.items()},
    ("lines", "formulas"): formulas,
    **{("sample", format): partial(drawn, format, Style(width=80)) for format in ("text", "concise", "json")},
    ("sample", "statistics"): partial(drawn, "text", Style(width=80, statistics=True)),
    ("latex", "tokens"): reading.tokens,
    ("latex", "rows"): reading.rows,
    ("latex", "broken"): reading.broken,
    ("formulas", "spans"): reading.spans,
    ("formulas", "expressions"): reading.expressions,
    ("document", "terms"): reading.terms,
    ("document", "verdicts"): reading.verdicts,
    ("document", "steps"): reading.steps,
    ("document", "account"): reading.account,
    ("document", "problems"): reading.problems,
    ("each", "verdict"): reading.each,
    ("each", "diagnosis"): diagnosis.each,
    ("formula", "latex"): latex_of,
    ("formula", "listing"): listing_of,
}
