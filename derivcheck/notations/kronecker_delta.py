"""The Kronecker delta, the identity matrix, unit vectors and the vector of ones.

Holds: \\sum_j \\delta_{ij} x_j = x_i. Does not: \\sum_j \\delta_{ij} x_j = x_j.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings
from derivcheck.reading.expression import Name
from derivcheck.term import build
from derivcheck.term.term import Variable
from derivcheck.term.value import Value, comprehension, identity


def _delta(elaborator, name: Name, around: Surroundings) -> Value | None:
    if len(name.indices) != 2 or name.samples or name.primes:
        return None
    first, second = (elaborator.index(index, around) for index in name.indices)
    for one, other in ((first, second), (second, first)):
        reach = elaborator.range_of(other)
        if isinstance(one, Variable) and reach is not None and elaborator.range_of(one) is not None:
            elaborator.link(one, reach)
    return Value(build.kronecker(first, second))


def _identity(elaborator, name: Name, around: Surroundings) -> Value | None:
    if len(name.indices) > 1 or name.samples or name.primes:
        return None
    size = elaborator.index(name.indices[0], around) if name.indices else elaborator.sizes.fresh()
    return identity(size)


def _ones(elaborator, name: Name, around: Surroundings) -> Value | None:
    if len(name.indices) > 1 or name.samples or name.primes:
        return None
    size = elaborator.index(name.indices[0], around) if name.indices else elaborator.sizes.fresh()
    return comprehension((size,), lambda place: build.ONE)


def _unit(elaborator, name: Name, around: Surroundings) -> Value | None:
    """e_i: the i-th unit vector, for the letter e with one index."""
    if len(name.indices) != 1 or name.samples or name.primes or not elaborator.knowledge.ranks.of("e", 1):
        return None
    size = elaborator.sizes.fresh()
    place = elaborator.index(name.indices[0], around)
    if isinstance(place, Variable):
        elaborator.link(place, size)
    return comprehension((size,), lambda entry: build.kronecker(place, entry))


def _letter_e(elaborator, name: Name, around: Surroundings) -> Value | None:
    if name.indices:
        return _unit(elaborator, name, around)
    ranks = elaborator.knowledge.ranks
    if "e" in ranks.vectors or ranks.declared.get(("e", 0)):
        return None
    return Value(build.exp(build.ONE)) if not (name.samples or name.primes) else None


NOTATION = Notation(
    constants={
        r"\delta": _delta,
        "I": lambda elaborator, name, around: (
            _identity(elaborator, name, around) if elaborator.knowledge.ranks.declared.get(("I", 0)) != 0 else None
        ),
        r"\mathbb{I}": _identity,
        "1": _ones,
        r"\mathbb{1}": _ones,
        "e": _letter_e,
    }
)
