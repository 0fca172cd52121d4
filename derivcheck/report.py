"""Output formats, and what they share: findings, source lines with carets, totals, text that is safe to print."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from derivcheck.diagnostic import RULES, ClaimReport, FileReport, Place, Totals, Verdict

TAB = 4
ELLIPSIS = "…"
CONTEXT = 12


@dataclass(frozen=True, slots=True)
class Style:
    """How text is drawn: in colour or not, how many columns wide, and with a count of findings by rule or not."""

    color: bool = False
    width: int = 120
    statistics: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One checked document as a format draws it: its report, the claims to show, and the text of a line."""

    report: FileReport
    findings: tuple[ClaimReport, ...]
    line: Callable[[Place], str]


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """An output format: what it prints when a document is done, and what when all are."""

    name: str
    document: Callable[[Page, Style], str]
    end: Callable[[Sequence[Page], Style], str]


def rule_name(claim: ClaimReport) -> str:
    """The code and the name of the rule that a claim breaks; the verdict where it breaks none."""
    name = RULES.get(claim.code or "", claim.error)
    return " ".join(word for word in (claim.code, name) if word) or claim.verdict.value


def sentence(claim: ClaimReport) -> str:
    """What is said of a claim, in one line."""
    fallback = {Verdict.WRONG: "the two sides differ", Verdict.CARRIED: "carries an earlier error on"}
    return visible(claim.message or claim.reason or fallback.get(claim.verdict, f"this step is {claim.verdict.value}"))


def carriers(report: FileReport, claim: ClaimReport) -> list[Place]:
    """The places of the claims that carry a wrong one on, directly or through others, in order."""
    places, found = {claim.place}, []
    for other in report.claims:
        if other.inherits in places:
            places.add(other.place)
            found.append(other.place)
    return found


def shown_place(path: str, place: Place) -> str:
    """``path:line:column``, with the cell of a notebook after the path."""
    cell = "" if place.cell is None else f":cell {place.cell}"
    return f"{visible(path)}{cell}:{place.line}:{place.column}"


def by_rule(pages: Iterable[Page]) -> list[tuple[int, str]]:
    """How many findings each rule has, most frequent first."""
    counts: dict[str, int] = {}
    for page in pages:
        for claim in page.findings:
            counts[rule_name(claim)] = counts.get(rule_name(claim), 0) + 1
    return sorted(((count, name) for name, count in counts.items()), key=lambda row: (-row[0], row[1]))


def totals(pages: Sequence[Page]) -> Totals:
    return Totals.of([page.report for page in pages])


def visible(text: str) -> str:
    """A text in one line that a terminal prints as it is: no control character, no change of direction.

    Source: Trojan Source (Boucher and Anderson, 2021) for the characters of category Cf.
    """
    return "".join(_visible(character) for character in text.replace("\r\n", "\n"))


def _visible(character: str) -> str:
    if character in "\n\t":
        return " "
    if character < " ":
        return chr(0x2400 + ord(character))
    return "\ufffd" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") else character


def columns(character: str) -> int:
    """How many columns of a terminal a character takes."""
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def painted(text: str, style: Style, color: str | None, bold: bool = False) -> str:
    """A text in a colour, or bold, where the style has colours."""
    if not style.color or not (color or bold):
        return text
    import click

    return click.style(text, fg=color, bold=bold or None)


def excerpt(line: str, start: int, end: int, width: int) -> tuple[str, str]:
    """A source line cut to a width around a stretch (0-based, half-open), and the carets that stand under it."""
    cells = _cells(line)
    start, end = min(start, len(cells)), min(max(end, start + 1), len(cells))
    first, last = _window(cells, start, end, width)
    shown = (ELLIPSIS if first else "") + "".join(cells[first:last]) + (ELLIPSIS if last < len(cells) else "")
    before = sum(map(columns, "".join(cells[first:start]))) + (1 if first else 0)
    marked = sum(map(columns, "".join(cells[start : min(end, last)])))
    return shown.rstrip(), " " * before + "^" * max(marked, 1)


def _cells(line: str) -> list[str]:
    """What is drawn for each character of a line: spaces for a tab."""
    cells, at = [], 0
    for character in line:
        cell = " " * (TAB - at % TAB) if character == "\t" else _visible(character)
        at += sum(map(columns, cell))
        cells.append(cell)
    return cells


def _window(cells: Sequence[str], start: int, end: int, width: int) -> tuple[int, int]:
    """The range of cells to draw: all of them, or what fits around the marked stretch."""
    sizes = [sum(map(columns, cell)) for cell in cells]
    if sum(sizes) <= width:
        return 0, len(cells)
    room = width - 2
    first, used = start, 0
    while first > 0 and used + sizes[first - 1] <= max(CONTEXT, room - sum(sizes[start:end]) - CONTEXT):
        first -= 1
        used += sizes[first]
    last = start
    while last < len(cells) and used + sizes[last] <= room:
        used += sizes[last]
        last += 1
    while last == len(cells) and first > 0 and used + sizes[first - 1] <= room:
        first -= 1
        used += sizes[first]
    return first, last
