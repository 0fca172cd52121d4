"""What leaves the hall: verdicts, claims and file reports as plain data, to and from the JSON of the report contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite

SCHEMA = "derivcheck-report/1"


class Verdict(StrEnum):
    """The seven verdicts, in the order in which totals are shown."""

    PROVED = "proved"
    AGREES = "agrees"
    WRONG = "wrong"
    CARRIED = "carried"
    GIVEN = "given"
    UNDECIDED = "undecided"
    UNREADABLE = "unreadable"


MARKS = {
    Verdict.PROVED: "✓",
    Verdict.AGREES: "≈",
    Verdict.WRONG: "✗",
    Verdict.CARRIED: "↳",
    Verdict.GIVEN: "·",
    Verdict.UNDECIDED: "?",
    Verdict.UNREADABLE: "¿",
}


# Stable codes, never renumbered. The name of a rule is the name of its diagnosis.
RULES = {
    "DC101": "sign",
    "DC102": "factor",
    "DC103": "dropped-term",
    "DC104": "arithmetic",
    "DC105": "bracket",
    "DC106": "wrong-identity",
    "DC107": "wrong-variable",
    "DC201": "wrong-derivative",
    "DC202": "chain-rule",
    "DC203": "softmax-jacobian",
    "DC301": "index",
    "DC302": "kronecker-delta",
    "DC303": "transpose",
    "DC304": "type",
    "DC305": "scope",
    "DC401": "does-not-follow",
    "DC402": "flipped-inequality",
    "DC403": "lost-solution",
    "DC404": "limits",
    "DC405": "rounding",
    "DC901": "unreadable",
    "DC902": "timeout",
    "DC904": "unused-ignore",
}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a document: 1-based line and column (code points); in a notebook the cell, and the line within it."""

    line: int
    column: int
    cell: int | None = None

    def to_dict(self) -> dict:
        place = {"line": self.line, "column": self.column}
        return place if self.cell is None else {"cell": self.cell, **place}


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Values at which the two sides of a wrong step differ, or for ill-fitting shapes only the two shapes."""

    dimensions: tuple[tuple[str, int], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    left: float | None = None
    right: float | None = None
    shapes: tuple[tuple[int | str, ...], tuple[int | str, ...]] | None = None

    def to_dict(self) -> dict:
        if self.shapes is not None:
            return {"shapes": {"left": list(self.shapes[0]), "right": list(self.shapes[1])}}
        left, right = (side if side is not None and isfinite(side) else None for side in (self.left, self.right))
        return {"dimensions": dict(self.dimensions), "values": dict(self.values), "left": left, "right": right}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the document itself."""

    line: int
    message: str

    def to_dict(self) -> dict:
        return {"line": self.line, "message": self.message}


@dataclass(frozen=True, slots=True)
class ClaimReport:
    """One top-level relation and its verdict. ``place`` is that of its sign; ``end`` the end of the sign.

    ``left`` and ``right`` are the members as written. ``highlight`` is the stretch that a report underlines, as two
    places, the second one excluded; it is drawn, not part of the contract.
    """

    place: Place
    end: Place
    sign: str
    left: str
    right: str
    verdict: Verdict
    error: str | None = None
    code: str | None = None
    confidence: str | None = None
    message: str | None = None
    fix: str | None = None
    counterexample: Counterexample | None = None
    follows: tuple[Place, ...] = ()
    inherits: Place | None = None
    method: str | None = None
    scope: str | None = None
    conditions: tuple[str, ...] = ()
    reason: str | None = None
    reading: str | None = None
    highlight: tuple[Place, Place] | None = None

    def to_dict(self) -> dict:
        """The claim as the contract has it."""
        cell = {} if self.place.cell is None else {"cell": self.place.cell}
        return cell | {
            "line": self.place.line,
            "column": self.place.column,
            "end_line": self.end.line,
            "end_column": self.end.column,
            "sign": self.sign,
            "left": self.left,
            "right": self.right,
            "verdict": self.verdict.value,
            "error": self.error,
            "code": self.code,
            "confidence": self.confidence,
            "message": self.message,
            "fix": self.fix,
            "counterexample": self.counterexample.to_dict() if self.counterexample else None,
            "follows": [place.to_dict() for place in self.follows],
            "inherits": self.inherits.to_dict() if self.inherits else None,
            "method": self.method,
            "scope": self.scope,
            "conditions": list(self.conditions),
            "reason": self.reason,
            "reading": self.reading,
        }


@dataclass(frozen=True, slots=True)
class FileReport:
    """Everything found in one document. ``complete`` is false where it could not be worked through to its end."""

    path: str
    claims: tuple[ClaimReport, ...] = ()
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0
    complete: bool = True

    def to_dict(self) -> dict:
        return {
            "path": self.path,
            "seconds": round(self.seconds, 3),
            "complete": self.complete,
            "problems": [problem.to_dict() for problem in self.problems],
            "claims": [claim.to_dict() for claim in self.claims],
        }


@dataclass(frozen=True, slots=True)
class Totals:
    """How many claims got which verdict."""

    counts: dict[Verdict, int] = field(default_factory=dict)

    @classmethod
    def of(cls, reports: tuple[FileReport, ...] | list[FileReport]) -> Totals:
        counts = dict.fromkeys(Verdict, 0)
        for report in reports:
            for claim in report.claims:
                counts[claim.verdict] += 1
        return cls(counts)

    @property
    def claims(self) -> int:
        return sum(self.counts.values())

    def to_dict(self) -> dict:
        return {"claims": self.claims} | {verdict.value: self.counts[verdict] for verdict in Verdict}
