"""The logarithm of the likelihood of a sample, from the density or probability of one observation that a document tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction

from derivcheck.derivation.instance import put_in
from derivcheck.derivation.outline import Line, Outline
from derivcheck.derivation.role import EQUALITIES
from derivcheck.elaboration.book import holds_in
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import (
    Binder,
    Bracketed,
    Call,
    Chance,
    Comparison,
    Dots,
    Expression,
    Listed,
    Literal,
    Name,
    is_plain,
    walk,
)
from derivcheck.source import NOWHERE

# Letters that may count the members of a list that is written with dots; the last one is always free.
_COUNTING = ("i", "j", "k", r"\iota")
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
        index = _index(outline, line, letter, right)
        if index is not None:
            yield _added_up(value, letter, index, _upper(right, letter))


def _observed(head: Expression, words: str) -> str | None:
    """The letter of the observation in the left side of a density: y in ``f(y; a)``, ``p(y | a)`` and ``P(Y = y)``; in ``f(y)`` where ``words`` call that one."""
    is_density = isinstance(head, Call) and (len(head.arguments) > 1 or (len(head.arguments) == 1 and _DENSITY.search(words) is not None))
    first = head.events[0] if isinstance(head, Chance) and len(head.events) == 1 else head.arguments[0] if isinstance(head, Call) and is_density else None
    if isinstance(first, Comparison) and first.sign == "=":
        first = first.right
    return first.spelling if is_plain(first) else None


def over_sample(outline: Outline, line: Line, letter: str, beside: Expression, factor: Callable[[Name], Expression | None]) -> Expression | None:
    """The product of a factor over the members of the family that has a letter; None where the family has no index, or there is no factor.

    ``beside``: what it is compared with, which may tell how many members there are.
    """
    index = _index(outline, line, letter, beside)
    body = None if index is None else factor(Name(letter, NOWHERE, (Name(index.spelling, NOWHERE),)))
    if index is None or body is None:
        return None
    upper = _upper(beside, letter) or _last(outline, line, letter)
    return Binder("*", (Name(index.spelling, NOWHERE),), Literal(Fraction(1), NOWHERE) if upper is not None else None, upper, None, Bracketed(body, "(", NOWHERE), NOWHERE)


def _index(outline: Outline, line: Line, letter: str, beside: Expression) -> Name | None:
    """The letter that counts the members of a family, in what stands beside it or near a line."""
    members = [member for near in outline.lines if holds_in(near.scope, line.scope) for member in near.members if member is not None]
    counts = outline.vocabulary.indices
    found = (part.indices[0] for member in (beside, *members) for part in walk(member) if _is_member(part, letter))
    last = _last(outline, line, letter)
    names = [index for index in found if isinstance(index, Name) and not (is_plain(last) and index.spelling == last.spelling)]
    if not names and last is not None:
        return next(Name(letter, NOWHERE) for letter in _COUNTING if letter not in names_of(*members))
    return next((index for index in names if index.spelling in counts), names[0] if names else None)


def counted(member: Expression) -> Iterator[Expression]:
    """The numbers of members that a list with dots and the ends of sums and products tell."""
    for part in walk(member):
        items = part.items if isinstance(part, Listed) else part.events if isinstance(part, Chance) else ()
        if len(items) > 1 and any(isinstance(item, Dots) for item in items):
            yield from (items[-1].indices if isinstance(items[-1], Name) and items[-1].indices else items[-1:])
        if isinstance(part, Binder) and part.upper is not None:
            yield part.upper


def _last(outline: Outline, line: Line, letter: str) -> Expression | None:
    """The number of observations, as a list of them or any sum over them tells it."""
    near = [member for other in outline.lines if holds_in(other.scope, line.scope) for member in other.members if member is not None]
    for part in (part for member in near for part in walk(member)):
        items = part.items if isinstance(part, Listed) else part.events if isinstance(part, Chance) else ()
        if len(items) > 1 and any(isinstance(item, Dots) for item in items) and _is_member(items[-1], letter):
            assert isinstance(items[-1], Name)
            return items[-1].indices[0]
    return next((upper for member in near for upper in [_upper(member, letter)] if upper is not None), None)


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
