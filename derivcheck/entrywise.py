"""Arrays of numbers that are written out: compared entry by entry where they do not agree as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from derivcheck.comparison import Comparer
from derivcheck.decision.outcome import Proved
from derivcheck.derivation.definable import is_numeric
from derivcheck.derivation.instance import rounded_number
from derivcheck.finding import Finding
from derivcheck.reading.expression import Bracketed, Entry, Expression, Gridded, Listed, Literal, Transpose
from derivcheck.rounded import is_closed, is_rounded
from derivcheck.source import NOWHERE
from derivcheck.step import Step

MAX_ENTRIES = 9


@dataclass(frozen=True, slots=True)
class Entrywise:
    """Compares the members of steps; arrays of decimals agree where their entries do, in the digits that are shown."""

    comparer: Comparer

    def compare(self, step: Step) -> Finding:
        """The finding on a step. One that an array of numbers refutes shows the values of an entry."""
        finding = self.comparer.compare(step.line, step.left, step.right, step.sign)
        is_open = finding.fails if step.is_equality else step.is_approximate and finding.kind == "undecided"
        if not is_open or not is_numeric(step.right) or not is_closed(finding):
            return finding
        entries = list(_entries(step))[: MAX_ENTRIES + 1]
        if not 1 < len(entries) <= MAX_ENTRIES:
            return finding
        for entry in entries:
            found = self.comparer.compare(entry.line, entry.left, entry.right, entry.sign)
            if found.fails and not is_rounded(entry, found):
                return replace(finding, outcome=found.outcome, kind="decided", reason="")
            if not found.holds and not found.fails:
                return replace(found, view=finding.view)
        is_shown = any(rounded_number(entry.right) is not None for entry in entries)
        return replace(finding, outcome=Proved("rounding"), kind="decided", reason="") if is_shown else finding


def _entries(step: Step) -> Iterator[Step]:
    """The steps that a step with an array of numbers on its right side stands for; none for another right side."""
    right = step.right
    while isinstance(right, Bracketed | Transpose):
        right = right.body
    if isinstance(right, Listed):
        for place, item in enumerate(right.items, 1):
            yield _entry(step, item, place)
    elif isinstance(right, Gridded) and 1 in (len(right.rows), len(right.rows[0])):
        for place, item in enumerate([item for row in right.rows for item in row], 1):
            yield _entry(step, item, place)
    elif isinstance(right, Gridded):
        turned = isinstance(step.right, Transpose)
        for row, items in enumerate(right.rows, 1):
            for column, item in enumerate(items, 1):
                yield _entry(step, item, *((column, row) if turned else (row, column)))


def _entry(step: Step, item: Expression, *places: int) -> Step:
    indices = tuple(Literal(Fraction(place), NOWHERE) for place in places)
    return replace(step, left=Entry(Bracketed(step.left, "(", step.left.span), indices, step.left.span), right=item)
