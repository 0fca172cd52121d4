"""Members of sequences that a document defines by what comes before: which member a name is, and how far behind the first."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.elaboration.head import Head
from derivcheck.notation import Surroundings
from derivcheck.reading.expression import Literal, Name
from derivcheck.term import build
from derivcheck.term.term import Number, Term

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator


def is_member(elaborator: Elaborator, name: Name, around: Surroundings) -> bool:
    """Whether a name is a member at a letter, of a sequence that the document defines by what comes before, or an entry of a member that is told
    by what stands above it, such as the layer of ``z_j^{(l)}``.
    """
    is_entry = bool(name.indices) and len(name.samples) == 1 and not isinstance(name.samples[0], Literal)
    places = name.samples if is_entry else (*name.indices, *name.samples)
    if len(places) != 1 or isinstance(places[0], Literal) or not elaborator.knowledge.book.goes_back(name.spelling):
        return False
    return elaborator.find(Head(name.spelling, name.indices, name.samples, None, (), name.primes), around) is not None


def places_of(elaborator: Elaborator, name: Name, around: Surroundings) -> tuple[Term, ...]:
    """The terms of what tells which member of a sequence a name is."""
    return tuple(elaborator.index(place, around) for place in (name.samples or name.indices))


def distance_of(elaborator: Elaborator, name: Name, around: Surroundings) -> Fraction | None:
    """How far a member of a sequence comes behind the first one that the statement is about; None where it is no such member."""
    place = _step(elaborator, name, around) if elaborator.floor else None
    if place is None:
        return None
    starts = [(elaborator.free.get(letter, build.symbol(letter)), shift) for letter, shift in elaborator.floor.items()]
    found = [distance.value - shift for start, shift in starts if isinstance(distance := build.subtract(place, start), Number)]
    return found[0] if found else None


def _step(elaborator: Elaborator, name: Name, around: Surroundings) -> Term | None:
    """Which member of a sequence a name is, or of a sequence of arrays whose entry it is, such as the layer of ``z_j^{(l)}``."""
    if is_member(elaborator, name, around):
        return places_of(elaborator, name, around)[0]
    is_layered = len(name.samples) == 1 and not isinstance(name.samples[0], Literal) and elaborator.knowledge.book.goes_back(name.spelling)
    return elaborator.index(name.samples[0], around) if is_layered else None
