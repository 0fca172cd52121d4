r"""A bar over a letter that the document explains nowhere: the mean of the numbers that it writes with an index, as everybody takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.decision.outcome import Agreed, Proved
from derivcheck.derivation.goal import lone_names
from derivcheck.derivation.outline import Line
from derivcheck.elaboration.book import Definition
from derivcheck.elaboration.head import Head
from derivcheck.finding import Finding, refuted_names
from derivcheck.reading.custom import COUNTERS, RUNNING
from derivcheck.reading.expression import Binder, Expression, Name, Quotient, is_plain, walk

if TYPE_CHECKING:
    from derivcheck.comparison import Comparer

MEAN = "a bar stands for the mean"
_BARRED = re.compile(r"\\bar\{(.+)\}")


def by_means(comparer: Comparer, line: Line, left: Expression, right: Expression, sign: str, refuted: Finding) -> Finding:
    """A refuted claim once more with means for the letters under bars; it is refuted only if it fails with them, too."""
    count = _count(refuted)
    means = list(_means(comparer, line, refuted, count))
    if not means:
        return refuted
    with ExitStack() as stack:
        for mean in means:
            stack.enter_context(comparer.gathered.book.supposing(mean))
        views = [replace(refuted.view, constraints=given, count=refuted.view.count or count) for given in (False, True)]
        found = [comparer.under(line, left, right, sign, view) for view in views]
    held = next((one for one in found if one.holds), None)
    if held is not None and isinstance(held.outcome, Proved | Agreed):
        return replace(held, outcome=replace(held.outcome, conditions=(*held.outcome.conditions, MEAN)))
    if all(one.fails for one in found):
        return found[0]
    return replace(refuted, outcome=None, reason="a bar may stand for a mean", kind="undecided")


def _count(refuted: Finding) -> str | None:
    """The letter for a number of data in a refuted claim, where it is the only one that may be one."""
    letters = lone_names(refuted.relating.relation) & COUNTERS - RUNNING if refuted.relating is not None else frozenset()
    return next(iter(letters)) if len(letters) == 1 else None


def _means(comparer: Comparer, line: Line, refuted: Finding, count: str | None) -> Iterator[Definition]:
    """What the barred names in a refuted claim are means of, where the document adds up the numbers that have the letter with an index.

    ``count``: the letter for how many these are where no sum says it.
    """
    book = comparer.gathered.book
    for name in sorted(refuted_names(refuted)):
        barred = _BARRED.fullmatch(name)
        total = None if barred is None or book.is_defined(name) else _total(comparer, barred.group(1))
        upper = None if total is None else total.upper or (None if count is None else Name(count, total.span))
        if total is not None and upper is not None:
            yield Definition(Head(name), Quotient(replace(total, upper=upper), upper, total.span), line.order, line.scope)


def _total(comparer: Comparer, letter: str) -> Binder | None:
    """The numbers of a family added up, from the first to the last one if any sum of the document over them tells that."""
    members = (member for line in comparer.gathered.outline.lines for member in line.members if member is not None)
    untold: Binder | None = None
    for part in (part for member in members for part in walk(member)):
        if not isinstance(part, Binder) or part.operation != "+" or len(part.variables) != 1 or part.condition is not None:
            continue
        for one in walk(part.body):
            if isinstance(one, Name) and one.spelling == letter and [index.spelling for index in one.indices if is_plain(index)] == [part.variables[0].spelling]:
                if part.upper is not None:
                    return replace(part, body=one)
                untold = untold or replace(part, body=one)
    return untold
