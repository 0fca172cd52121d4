"""Refutations that nothing speaks for: no small edit mends the step, and it was read with a definition that no step that holds rests on.

Then the definition is as likely to have been misread as the step is to be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from derivcheck.diagnostic import ClaimReport, Place, Verdict
from derivcheck.elaboration.book import Book, Definition
from derivcheck.reading.content import bare, names_of
from derivcheck.reading.expression import Gridded, Listed, Name, walk
from derivcheck.step import RIGHT

UNSUPPORTED = "nothing that holds rests on what it was read with"


def supported(reports: Sequence[ClaimReport], rests: Mapping[Place, frozenset[int]], book: Book) -> list[ClaimReport]:
    """The reports with those convictions and what they carry on taken back. ``rests``: which definitions each report rests on, by their lines.

    A function with its arguments written out is told by its definition alone, as are a family of numbers and a vector by its entries: these need no support.
    """
    known = [one for definitions in book.definitions.values() for one in definitions if not one.is_proved]
    names = {one.order for one in known if one.head.arguments is None and _is_made_of_others(one)}
    sound = frozenset().union(*(rests[report.place] for report in reports if report.verdict in RIGHT and report.place in rests))
    doubtful = {report.place for report in reports if _is_bare(report) and rests.get(report.place, frozenset()) & names - sound}
    return [_taken_back(report) if report.place in doubtful or report.inherits in doubtful else report for report in reports]


def _is_made_of_others(one: Definition) -> bool:
    """Whether a definition's right side has names besides the one defined and those that count, and no entries of its own."""
    counting = names_of(*one.head.indices, *(index for part in walk(one.right) if isinstance(part, Name) for index in part.indices))
    return not isinstance(bare(one.right), Listed | Gridded) and not names_of(one.right) <= counting | {one.head.spelling}


def _is_bare(report: ClaimReport) -> bool:
    return report.verdict is Verdict.WRONG and report.fix is None


def _taken_back(report: ClaimReport) -> ClaimReport:
    return replace(report, verdict=Verdict.UNDECIDED, reason=UNSUPPORTED, error=None, code=None, confidence=None, message=None, fix=None, counterexample=None, method=None, inherits=None)
