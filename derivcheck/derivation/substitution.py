"""Differentials of what was substituted: ``u = x^2``, so ``du = 2x dx``."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.derivation.outline import Line
from derivcheck.elaboration.book import Book, is_around
from derivcheck.elaboration.head import Head
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import Expression, Infinitesimal, Sum, is_plain, walk


def is_substituted(book: Book, lines: Sequence[Line], line: Line, left: Expression, right: Expression) -> bool:
    """Whether an equation is the first to tell the differential of a quantity, and tells it by that of what the quantity is made of: then no derivative of
    a further quantity can be meant. Where a ``dv`` was told before v, as for integration by parts, the next one may be another one.
    """
    name = _behind(left) if isinstance(left, Infinitesimal) else ""
    if not name:
        return False
    terms = [{_behind(part) for part in walk(term) if isinstance(part, Infinitesimal)} for term in _terms(right)]
    if not all(len(found) == 1 and all(found) for found in terms):
        return False
    below = frozenset[str]().union(*terms)
    known = book.find(Head(name), line.order, line.scope)
    if known is None or not known.certain or not known.definition.stated or known.definition.order >= line.order:
        return False
    made_of = names_of(known.definition.right)
    before = [other for other in lines[: line.order] if is_around(other.scope, line.scope)]
    return below <= made_of and not any(name in book.reached(frozenset((one,))) for one in below) and not any(_tells(other, name) for other in before)


def _behind(differential: Infinitesimal) -> str:
    """The name behind the d; empty where more than a plain name stands there."""
    return differential.of.spelling if is_plain(differential.of) else ""


def _terms(side: Expression) -> Sequence[Expression]:
    return [term for _, term in side.terms] if isinstance(side, Sum) else [side]


def _tells(line: Line, name: str) -> bool:
    """Whether a line tells the differential of a quantity."""
    first = line.members[0] if line.members else None
    return isinstance(first, Infinitesimal) and _behind(first) == name
