"""For people at a terminal: each wrong step at its line, the reason, what it follows from, numbers to try, and
what would hold; totals at the end."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from derivcheck.diagnostic import ClaimReport, Counterexample, FileReport, Place, Problem, Verdict
from derivcheck.report import (
    Page,
    ReportFormat,
    Style,
    by_rule,
    carriers,
    excerpt,
    painted,
    rule_name,
    sentence,
    shown_place,
    totals,
    visible,
)

BREAK = "\n"
INDENT = " " * len(" = try it: ")
COLORS = {Verdict.PROVED: "green", Verdict.AGREES: "green", Verdict.WRONG: "red", Verdict.CARRIED: "yellow"}


def document(page: Page, style: Style) -> str:
    """The problems and the findings of one document."""
    blocks = [_problem(page.report.path, problem, style) for problem in page.report.problems]
    blocks += [_finding(page, claim, style) for claim in page.findings]
    return "".join(f"{block}\n" for block in blocks)


def end(pages: Sequence[Page], style: Style) -> str:
    """One line of totals, after the count of findings by rule where that is asked for."""
    rows = [f"{count:>5}  {name}\n" for count, name in by_rule(pages)] if style.statistics else []
    counts = totals(pages)
    parts = [painted(f"{counts.counts[v]} {v.value}", style, COLORS.get(v) if counts.counts[v] else None) for v in Verdict]
    documents, claims = _count(len(pages), "document"), _count(counts.claims, "claim")
    return "".join([*rows, *(["\n"] if rows else []), f"{documents}, {claims}: {', '.join(parts)}\n"])


def _problem(path: str, problem: Problem, style: Style) -> str:
    head = painted("problem", style, "yellow", bold=True)
    return f"{head}: {visible(problem.message)}\n{painted('  -->', style, 'blue')} {visible(path)}:{problem.line}\n"


def _finding(page: Page, claim: ClaimReport, style: Style) -> str:
    """A finding: its headline, its place, the line with carets under it, and the evidence."""
    start, _ = claim.highlight or (claim.place, claim.end)
    margin = " " * len(str(start.line))
    bar = painted(f"{margin} |", style, "blue")
    likely = " (likely: it rests on an inferred fact)" if claim.confidence == "likely" else ""
    headline = f"{painted(rule_name(claim), style, 'red', bold=True)}: {painted(sentence(claim), style, None, bold=True)}{likely}"
    place = f"{margin}{painted('-->', style, 'blue')} {shown_place(page.report.path, claim.place)}"
    notes = [f"{margin} {painted('=', style, 'blue')} {note.replace(BREAK, BREAK + margin + INDENT)}" for note in _notes(page.report, claim)]
    return "\n".join([headline, place, bar, *_source(page, claim, style, bar), *([bar, *notes] if notes else [])]) + "\n"


def _source(page: Page, claim: ClaimReport, style: Style, bar: str) -> list[str]:
    """The line that is to blame, cut to the terminal, and the carets under the stretch."""
    start, end = claim.highlight or (claim.place, claim.end)
    line = page.line(start)
    last = end.column - 1 if (end.line, end.cell) == (start.line, start.cell) else len(line)
    shown, carets = excerpt(line, start.column - 1, last, max(style.width - len(str(start.line)) - 3, 30))
    return [f"{painted(f'{start.line} |', style, 'blue')} {shown}", f"{bar} {painted(carets, style, 'red', bold=True)}"]


def _notes(report: FileReport, claim: ClaimReport) -> list[str]:
    """What a finding rests on, the evidence, what would hold, and what became of the error."""
    notes = [f"follows from {_lines(premises, claim.place)}"] if (premises := _premises(claim)) else []
    notes += [f"carries on the error of {_lines([claim.inherits], claim.place)}"] if claim.inherits else []
    notes += _evidence(claim.counterexample) if claim.counterexample else []
    if claim.fix:
        notes.append(f"would hold: {visible(claim.fix)}")
    if claim.conditions:
        notes.append(f"given that: {'; '.join(map(visible, claim.conditions))}")
    carried = carriers(report, claim)
    if carried:
        notes.append(f"carried on by {_lines(carried, claim.place)}")
    return notes


def _premises(claim: ClaimReport) -> list[Place]:
    """The places that a claim follows from, other than in its own line: that one is drawn."""
    own = (claim.place.cell, claim.place.line)
    return [place for place in claim.follows if (place.cell, place.line) != own]


def _evidence(found: Counterexample) -> list[str]:
    """The values at which the two sides differ, and the two sides there."""
    if found.shapes:
        left, right = ("×".join(map(str, shape)) or "1" for shape in found.shapes)
        return [f"shapes: left {left}, right {right}"]
    values = ", ".join(f"{visible(name)} = {visible(str(value))}" for name, value in (*found.dimensions, *found.values))
    left, right = found.left, found.right
    known = left is not None and right is not None and isfinite(left) and isfinite(right)
    sides = f"left = {left:.6g}, right = {right:.6g}" if known else ""
    return [f"try it: {BREAK.join(part for part in (values, sides) if part)}"] if values or sides else []


def _lines(places: Sequence[Place], reader: Place) -> str:
    """Lines as seen from another place, each one once; with their cell where one of them stands in another cell."""
    if all(place.cell == reader.cell for place in places):
        shown = dict.fromkeys(str(place.line) for place in places)
        return f"{'line' if len(shown) == 1 else 'lines'} {', '.join(shown)}"
    return ", ".join(dict.fromkeys(f"line {place.line} of cell {place.cell}" for place in places))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


REPORT = ReportFormat("text", document, end)
