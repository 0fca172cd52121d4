r"""A bar over a letter that the document explains nowhere: the mean of the numbers that it writes with an index, as everybody takes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.decision.outcome import Agreed, Proved
from derivcheck.derivation.outline import Line
from derivcheck.elaboration.book import Definition
from derivcheck.elaboration.head import Head
from derivcheck.finding import Finding, refuted_names
from derivcheck.reading.expression import Binder, Expression, Name, Quotient, is_plain, walk

if TYPE_CHECKING:
    from derivcheck.comparison import Comparer

MEAN = "a bar stands for the mean"
_BARRED = re.compile(r"\\bar\{(.+)\}")


def by_means(comparer: Comparer, line: Line, left: Expression, right: Expression, sign: str, refuted: Finding) -> Finding:
    """A refuted claim once more with means for the letters under bars; it is refuted only if it fails with them, too."""
    means = list(_means(comparer, line, refuted))
    if not means:
        return refuted
    with ExitStack() as stack:
        for mean in means:
            stack.enter_context(comparer.gathered.book.supposing(mean))
        found = [comparer.under(line, left, right, sign, replace(refuted.view, constraints=given)) for given in (False, True)]
    held = next((one for one in found if one.holds), None)
    if held is not None and isinstance(held.outcome, Proved | Agreed):
        return replace(held, outcome=replace(held.outcome, conditions=(*held.outcome.conditions, MEAN)))
    if all(one.fails for one in found):
        return found[0]
    return replace(refuted, outcome=None, reason="a bar may stand for a mean", kind="undecided")


def _means(comparer: Comparer, line: Line, refuted: Finding) -> Iterator[Definition]:
    """What the barred names in a refuted claim are means of, where the document adds up the numbers that have the letter with an index."""
    book = comparer.gathered.book
    for name in sorted(refuted_names(refuted)):
        barred = _BARRED.fullmatch(name)
        total = None if barred is None or book.is_defined(name) else _total(comparer, barred.group(1))
        if total is not None and total.upper is not None:
            yield Definition(Head(name), Quotient(total, total.upper, total.span), line.order, line.scope)


def _total(comparer: Comparer, letter: str) -> Binder | None:
    """The numbers of a family added up from the first to the last one, as far as some sum of the document goes over them."""
    members = (member for line in comparer.gathered.outline.lines for member in line.members if member is not None)
    for part in (part for member in members for part in walk(member)):
        if not isinstance(part, Binder) or part.operation != "+" or len(part.variables) != 1 or part.upper is None or part.condition is not None:
            continue
        for one in walk(part.body):
            if isinstance(one, Name) and one.spelling == letter and [index.spelling for index in one.indices if is_plain(index)] == [part.variables[0].spelling]:
                return replace(part, body=one)
    return None
