"""``derivcheck explain`` and ``derivcheck rules``: how a claim was read, linked and decided, and the pages of the rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from derivcheck.config import UsageError, nearest
from derivcheck.diagnostic import RULES, ClaimReport, FileReport, Place, Verdict
from derivcheck.registry import names, page
from derivcheck.report import Style, excerpt, painted, rule_name, sentence, shown_place, visible
from derivcheck.source import Source

if TYPE_CHECKING:
    from derivcheck.account import Row, Seen
    from derivcheck.document import Document

_TARGET = re.compile(r"(?P<path>.+?)(?::cell (?P<cell>\d+))?:(?P<line>\d+)(?::(?P<column>\d+))?")
NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be explained: the claims of a line, or the one at a column of it; in a notebook the line of a cell."""

    path: str
    line: int
    column: int | None = None
    cell: int | None = None


def target(argument: str) -> Target | None:
    """The place that ``FILE:LINE``, ``FILE:LINE:COLUMN`` or ``FILE:cell N:LINE`` names; None where an argument is none of these."""
    match = _TARGET.fullmatch(argument)
    if match is None:
        return None
    line, column, cell = (int(match[name]) if match[name] else None for name in ("line", "column", "cell"))
    return Target(match["path"], line or 0, column, cell)


# -- rules


def rule_list() -> str:
    """Every rule that there is a page of: code, name, and what it is, in one line each."""
    rows = [(code, name, " ".join(_page(name).split("\n\n")[0].split())) for code, name in _rules()]
    width = max(len(name) for _, name, _ in rows)
    return "".join(f"{code}  {name:<{width}}  {about}\n" for code, name, about in rows)


def rule_page(word: str) -> str:
    """The page of a rule, asked for by its code or its name. Errors: UsageError where there is none."""
    known = _rules()
    wanted = word.lower().replace("_", "-")
    for code, name in known:
        if wanted in (code.lower(), name):
            return f"{code} {name}\n\n{_page(name)}\n"
    reserved = {spelling.lower() for rule in RULES.items() for spelling in rule}
    if wanted in reserved:
        raise UsageError(f"the rule {word!r} is reserved: no step is called so yet; derivcheck rules lists those that are in use")
    hint = nearest(wanted, tuple(spelling for code, name in known for spelling in (code.lower(), name)))
    raise UsageError(f"no rule {word!r}{hint}; a place in a document is FILE:LINE")


def _rules() -> list[tuple[str, str]]:
    """The codes and names of the rules that have an entry on the shelf, by code."""
    return [(code, name) for code, name in sorted(RULES.items()) if name.replace("-", "_") in names("diagnoses")]


def _page(name: str) -> str:
    return page("diagnoses", name.replace("-", "_"))


# -- claims


@dataclass(frozen=True, slots=True)
class Explained:
    """A claim as it came out at last, and the rows that tell how."""

    report: ClaimReport
    rows: Sequence[Row]


def explained(source: Source, wanted: Target, check: Callable[[Callable[[Seen], None]], FileReport]) -> tuple[FileReport, list[Explained]]:
    """The report on a document, and the claims at a place of it. ``check`` makes the report and shows each claim to what it is given.

    Errors: UsageError where no claim stands there.
    """
    from derivcheck.account import account
    from derivcheck.document import read

    document = read(source)
    if document.complete:
        _check_line(document, wanted)
    told: dict[Place, list[Row]] = {}

    def watch(seen: Seen) -> None:
        if _stands_in(seen.report.place, wanted):
            told[seen.report.place] = account(seen)

    report = check(watch)
    found = [claim for claim in report.claims if _stands_in(claim.place, wanted)]
    if not found and report.complete:
        raise UsageError(_nothing(report, wanted))
    if wanted.column is not None and found:
        column = wanted.column
        found = [min(found, key=lambda claim: abs(claim.place.column - column))]
    return report, [Explained(claim, told.get(claim.place, [])) for claim in found]


def _stands_in(place: Place, wanted: Target) -> bool:
    return (place.line, place.cell) == (wanted.line, wanted.cell)


def _check_line(document: Document, wanted: Target) -> None:
    """Errors: UsageError where a document has no such line."""
    cells = [number for _, number in document.cells]
    path = visible(wanted.path)
    if cells and wanted.cell is None:
        raise UsageError(f"{path} is a notebook: name a cell as well, as in {path}:cell {cells[0]}:1")
    if wanted.cell is not None and wanted.cell not in cells:
        raise UsageError(f"{path} has no Markdown cell {wanted.cell}" if cells else f"{path} is no notebook: it has no cells")
    lines = document.line_count(wanted.cell)
    if not 1 <= wanted.line <= lines:
        where = path if wanted.cell is None else f"cell {wanted.cell} of {path}"
        raise UsageError(f"{where} has no line {wanted.line}: it ends with line {lines}")


def _nothing(report: FileReport, wanted: Target) -> str:
    """What is said of a line without a claim: which lines near it have one."""
    lines = sorted({claim.place.line for claim in report.claims if claim.place.cell == wanted.cell})
    before, behind = [line for line in lines if line < wanted.line], [line for line in lines if line > wanted.line]
    near = [*before[-NEIGHBOURS:], *behind[:NEIGHBOURS]]
    whole = visible(wanted.path) if wanted.cell is None else f"cell {wanted.cell} of {visible(wanted.path)}"
    if not near:
        return f"no claim in {whole}"
    listed = str(near[0]) if len(near) == 1 else f"{', '.join(map(str, near[:-1]))} and {near[-1]}"
    return f"no claim on line {wanted.line} of {whole}; the nearest {'is on line' if len(near) == 1 else 'are on lines'} {listed}"


# -- drawing


def drawn(path: str, one: Explained, line: str, style: Style) -> str:
    """A claim as text: its place and verdict, its line with the sign marked, and the rows."""
    claim = one.report
    margin = " " * len(str(claim.place.line))
    bar = painted(f"{margin} |", style, "blue")
    shown, carets = excerpt(line, claim.place.column - 1, claim.end.column - 1, max(style.width - len(margin) - 3, 30))
    rows = [*one.rows, *_verdict(one)]
    width = max((len(label) for label, _ in rows), default=0)
    told = [row for label, texts in rows for row in _row(label, texts, width, margin, style)]
    head = f"{shown_place(path, claim.place)}: {painted(claim.verdict.value, style, None, bold=True)}"
    body = [bar, f"{painted(f'{claim.place.line} |', style, 'blue')} {shown}", f"{bar} {painted(carets, style, 'blue', bold=True)}"]
    return "\n".join([head, *body, *told]) + "\n"


def _row(label: str, texts: Iterable[str], width: int, margin: str, style: Style) -> list[str]:
    labels = [painted(f"{label:<{width}}", style, "blue"), *[" " * width] * (len(tuple(texts)) - 1)]
    return [f"{margin} {shown}  {visible(text)}" for shown, text in zip(labels, texts, strict=True)]


def _verdict(one: Explained) -> list[Row]:
    """The rows on the verdict itself, as far as the outcome of the comparisons does not tell it."""
    claim = one.report
    told = " ".join(text for label, texts in one.rows if label == "outcome" for text in texts)
    rows: list[Row] = []
    if claim.verdict is Verdict.WRONG:
        likely = " (likely: it rests on an inferred fact)" if claim.confidence == "likely" else ""
        rows.append(("error", (f"{rule_name(claim)}: {sentence(claim)}{likely}",)))
    if claim.fix:
        rows.append(("would hold", (claim.fix,)))
    if claim.verdict is Verdict.PROVED and claim.method and claim.method not in told:
        rows.append(("proved by", (claim.method,)))
    if claim.inherits is not None:
        place = claim.inherits
        cell = "" if place.cell == claim.place.cell else f" of cell {place.cell}"
        rows.append(("carries on", (f"the error of line {place.line}{cell}, column {place.column}",)))
    if claim.conditions:
        rows.append(("given that", claim.conditions))
    if claim.reason and claim.reason not in told:
        rows.append(("reason", (claim.reason,)))
    return rows
