"""Quantities that a claim has both as they stand and as what they are made of: one of its sides was not unfolded where the other was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.derivation.outline import Line
from derivcheck.finding import Finding, refuted_names
from derivcheck.reading.content import bare, names_of
from derivcheck.reading.expression import Differential, Expression

if TYPE_CHECKING:
    from derivcheck.comparison import Comparer


def as_it_stands(comparer: Comparer, line: Line, left: Expression, right: Expression, sign: str, finding: Finding) -> Finding:
    """A refutation of a derivative once more with what it is taken by as it stands on both sides, where that is defined and one side has it so.
    What holds then is what was claimed.
    """
    slope, book = bare(left), comparer.gathered.book
    by = names_of(*slope.by) if isinstance(slope, Differential) else frozenset()
    used = {one.head.spelling for name in by for one in book.definitions.get(name, ()) if one.order in finding.used and not book.goes_back(name)}
    for name in sorted(used & refuted_names(finding)):
        with book.hiding(name):
            found = comparer.under(line, left, right, sign, finding.view)
        if found.holds:
            return found
    return finding
