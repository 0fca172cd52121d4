"""The logarithm of the likelihood of a sample, from the density or probability of one observation that a document tells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivcheck.derivation.instance import put_in
from derivcheck.derivation.outline import Line, Outline
from derivcheck.derivation.role import EQUALITIES
from derivcheck.elaboration.book import holds_in
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import Binder, Bracketed, Call, Chance, Comparison, Expression, Name, is_plain, walk
from derivcheck.source import NOWHERE

_DENSITY = re.compile(r"\b(?:densit(?:y|ies)|p\.?[dm]\.?f|mass function|probability function)\b", re.I)


def sample_logarithms(outline: Outline, line: Line, right: Expression, letters: frozenset[str]) -> Iterator[Expression]:
    """The logarithms of densities that the lines before one tell, the nearest first, added up over the family that has the letter of the observation.

    ``letters``: the parameters, which the density must have. ``right``: what the sum is compared with; it may tell how long the sum is.
    """
    for other, head, value in outline.relations_before(line):
        letter = _observed(head, f"{other.words} {other.statement.before}")
        if letter is None or other.statement.signs[0].text not in EQUALITIES or not holds_in(other.scope, line.scope):
            continue
        if not letters or not letters <= names_of(value) or not {letter} <= names_of(value):
            continue
        members = [member for near in outline.lines if holds_in(near.scope, line.scope) for member in near.members if member is not None]
        index = next((part.indices[0] for member in (right, *members) for part in walk(member) if _is_member(part, letter)), None)
        if isinstance(index, Name):
            yield _added_up(value, letter, index, _upper(right, letter))


def _observed(head: Expression, words: str) -> str | None:
    """The letter of the observation in the left side of a density: y in ``f(y; a)``, ``p(y | a)`` and ``P(Y = y)``; in ``f(y)`` where ``words`` call that one."""
    is_density = isinstance(head, Call) and (len(head.arguments) > 1 or (len(head.arguments) == 1 and _DENSITY.search(words) is not None))
    first = head.events[0] if isinstance(head, Chance) and len(head.events) == 1 else head.arguments[0] if isinstance(head, Call) and is_density else None
    if isinstance(first, Comparison) and first.sign == "=":
        first = first.right
    return first.spelling if is_plain(first) else None


def _is_member(part: Expression, letter: str) -> bool:
    return isinstance(part, Name) and part.spelling == letter and len(part.indices) == 1 and is_plain(part.indices[0])


def _upper(right: Expression, letter: str) -> Expression | None:
    """The number of observations, as a sum over them tells it."""
    sums = (part for part in walk(right) if isinstance(part, Binder) and part.operation == "+" and part.upper is not None)
    return next((one.upper for one in sums if any(_is_member(part, letter) for part in walk(one.body))), None)


def _added_up(value: Expression, letter: str, index: Name, upper: Expression | None) -> Expression:
    member = Name(letter, NOWHERE, (Name(index.spelling, NOWHERE),))
    logarithm = Call(Name("log", NOWHERE), (put_in(value, letter, member),), NOWHERE)
    return Binder("+", (Name(index.spelling, NOWHERE),), None, upper, None, Bracketed(logarithm, "(", NOWHERE), NOWHERE)
