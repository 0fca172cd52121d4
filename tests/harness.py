"""Tests as data: cases, which show what a room makes of a text, and documents with marks, which say what must come out.

A case file holds cases, each a title, an entry with its text and one or more exits with what must come out there:

    == squared Frobenius norm
    <<< latex
    \\|A\\|_F^2
    >>> term
    (sum i 1 n ...)

``pytest --bless`` writes what comes out into the ``>>>`` blocks. What leads from an entry to an exit is in ``runners.py``.

A marked document says on a line, in its own comment syntax, what must become of the claims of that line, in order:
``%~ wrong: sign`` (in Markdown outside formulas ``<!--~ wrong: sign -->``), ``%~ ok, undecided``. ``ok`` is proved, agrees or
given, which every claim of a line without a mark must be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from derivcheck.diagnostic import ClaimReport, FileReport, Verdict

ROOT = Path(__file__).parent.parent
HEADER = re.compile(r"^(==|<<<|>>>) ?(.*)$")
MARK = re.compile(r"(?:%~([^\n]*?)|<!--~([^\n]*?)-->)[ \t]*$", re.M)
FINE = frozenset((Verdict.PROVED, Verdict.AGREES, Verdict.GIVEN))

Runner = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Block:
    """A header and the text below it, and the lines of the file (0-based, half-open) that the text takes."""

    kind: str
    name: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its title, its entry and its exits."""

    title: str
    entry: Block
    exits: tuple[Block, ...]


def is_case_file(path: Path) -> bool:
    """Whether a file holds cases in this format; the mathematics wing has one of its own."""
    return path.suffix == ".case" and "\n<<< " in path.read_text(encoding="utf-8")


def cases(text: str) -> list[Case]:
    """The cases of a file's text. Errors: ValueError for a case without an entry or without an exit."""
    made: list[Case] = []
    blocks = _blocks(text)
    starts = [at for at, block in enumerate(blocks) if block.kind == "=="]
    for first, after in zip(starts, [*starts[1:], len(blocks)], strict=True):
        title, *rest = blocks[first:after]
        if len(rest) < 2 or rest[0].kind != "<<<" or any(block.kind != ">>>" for block in rest[1:]):
            raise ValueError(f"case {title.name!r} is not one entry and its exits")
        made.append(Case(title.name, rest[0], tuple(rest[1:])))
    return made


def _blocks(text: str) -> list[Block]:
    lines = text.split("\n")
    headers = [(at, match) for at, line in enumerate(lines) if (match := HEADER.match(line))]
    made = []
    for (at, match), after in zip(headers, [*(at for at, _ in headers[1:]), len(lines)], strict=True):
        end = after
        while end > at + 1 and not lines[end - 1].strip():
            end -= 1
        made.append(Block(match[1], match[2].strip(), "\n".join(lines[at + 1 : end]), at + 1, end))
    return made


def run(case: Case, exit: Block, runners: Mapping[tuple[str, str], Runner]) -> str:
    """What comes out at an exit. Errors: KeyError where no runner leads there."""
    return runners[case.entry.name.split()[0], exit.name](case.entry.text).rstrip("\n")


def bless(path: Path, results: Iterable[tuple[Block, str]]) -> None:
    """Writes results into the blocks of a case file."""
    lines = path.read_text(encoding="utf-8").split("\n")
    for block, result in sorted(results, key=lambda pair: -pair[0].start):
        lines[block.start : block.end] = result.split("\n") if result else []
    path.write_text("\n".join(lines), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must become of one claim: a verdict (None: any that is fine) and, if it is wrong, the kind of error (None: any)."""

    verdict: Verdict | None = None
    error: str | None = None

    def is_met(self, claim: ClaimReport) -> bool:
        if self.verdict is None:
            return claim.verdict in FINE
        return claim.verdict is self.verdict and self.error in (None, claim.error)

    def __str__(self) -> str:
        return (self.verdict.value if self.verdict else "ok") + (f": {self.error}" if self.error else "")


def marked_documents(*folders: str) -> list[Path]:
    """The documents of folders below the root, whatever their format."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*")))
    return [path for path in found if path.suffix in (".md", ".tex", ".txt")]


def unmarked(text: str) -> tuple[str, dict[int, list[Expectation]]]:
    """The text with spaces for its marks, so that every column stays, and the expectations by line."""
    expected: dict[int, list[Expectation]] = {}
    for match in MARK.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        expected[line] = [_expectation(word) for word in (match[1] or match[2] or "").split(",")]
    return MARK.sub(lambda match: " " * len(match[0]), text), expected


def _expectation(text: str) -> Expectation:
    verdict, _, error = (part.strip() for part in text.partition(":"))
    return Expectation(None if verdict == "ok" else Verdict(verdict), error or None)


def misses(report: FileReport, expected: Mapping[int, list[Expectation]]) -> list[str]:
    """Every claim that came out otherwise than its line says, every mark without a claim, every problem without a mark."""
    claims: dict[int, list[ClaimReport]] = {}
    for claim in report.claims:
        claims.setdefault(claim.place.line, []).append(claim)
    found = [f"{problem.line}: problem: {problem.message}" for problem in report.problems]
    for line in sorted(claims.keys() | expected.keys()):
        here = claims.get(line, [])
        wanted = expected.get(line) or [Expectation()] * len(here)
        if len(wanted) != len(here):
            found.append(f"{line}: {len(wanted)} marks, {len(here)} claims: {', '.join(claim.verdict for claim in here)}")
            continue
        for claim, want in zip(here, wanted, strict=True):
            if not want.is_met(claim):
                got = claim.verdict + (f": {claim.error}" if claim.error else "")
                found.append(f"{line}:{claim.place.column}: expected {want}, got {got} ({claim.message or claim.reason})")
    return found
