"""Quantities that a document holds fixed while something that they stand in is differentiated: the weights of an EM algorithm, say."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.decision.outcome import Agreed, Proved
from derivcheck.derivation.outline import Line, members_of
from derivcheck.elaboration.book import Book
from derivcheck.finding import Finding
from derivcheck.reading.content import bare, has_derivative, names_of
from derivcheck.reading.expression import Chance, Differential, Expression, Name, is_plain, walk

if TYPE_CHECKING:
    from derivcheck.comparison import Comparer


def held_fixed(comparer: Comparer, line: Line, left: Expression, right: Expression, sign: str, finding: Finding) -> Finding:
    """A finding on a derivative that does not hold once more with what its right side is made of as it stands, which may acquit it.

    The document must say that it holds something fixed; where one of these is a probability given data, which may be a weight,
    nobody can tell. What a quantity is defined as is otherwise differentiated, too.
    """
    book, says = comparer.gathered.book, comparer.gathered.outline.holds_fixed
    if finding.holds or not has_derivative(left):
        return finding
    by = {one.spelling for part in walk(left) if isinstance(part, Differential) for one in part.by if isinstance(one, Name)}
    names = sorted(name for name in names_of(right) - by if book.is_defined(name))
    if not names or not (says or (finding.fails and any(_is_posterior(book, name) for name in names))):
        return _opened(finding, finding.fails and _holds_directly(comparer, line, left, right, sign, finding))
    with ExitStack() as hidden:
        for name in names:
            hidden.enter_context(book.hiding(name))
        still = comparer.under(line, left, right, sign, finding.view)
    if still.holds and says:
        condition = f"{', '.join(names)} held fixed"
        points = still.outcome.points if isinstance(still.outcome, Agreed) else 1
        assert isinstance(still.outcome, Agreed | Proved)
        return replace(still, outcome=Agreed(still.outcome.by, points, still.outcome.scope, (*still.outcome.conditions, condition)))
    return _opened(finding, finding.fails and (still.holds or (says and still.kind == "undecided")))


def _opened(finding: Finding, is_open: bool) -> Finding:
    return replace(finding, outcome=None, reason="something may be held fixed", kind="undecided") if is_open else finding


def _holds_directly(comparer: Comparer, line: Line, left: Expression, right: Expression, sign: str, finding: Finding) -> bool:
    """Whether a partial derivative is right as far as a quantity has its variable itself, while what else that quantity is made of varies, too.

    The document must differentiate by that as well, as where a chain rule has a path through it.
    """
    left = bare(left)
    if not isinstance(left, Differential) or left.total or not isinstance(left.body, Name):
        return False
    book, body = comparer.gathered.book, left.body.spelling
    by = {one.spelling for one in left.by if isinstance(one, Name)}
    for made in [names_of(one.right) for one in book.definitions.get(body, ())]:
        between = sorted(name for name in made - by if book.is_defined(name) and by & book.reached(frozenset((name,)))) if by <= made else ()
        if not between or not _differentiates_by(comparer, between):
            continue
        with ExitStack() as hidden:
            for name in between:
                hidden.enter_context(book.hiding(name, is_fixed=True))
            if comparer.under(line, left, right, sign, finding.view).holds:
                return True
    return False


def _differentiates_by(comparer: Comparer, names: Sequence[str]) -> bool:
    parts = (part for member in members_of(comparer.gathered.outline.lines) for part in walk(member) if isinstance(part, Differential))
    return any(is_plain(one) and one.spelling in names for part in parts for one in part.by)


def _is_posterior(book: Book, name: str) -> bool:
    return any(isinstance(one.right, Chance) and one.right.given for one in book.definitions.get(name, ()))
