"""A concrete smooth function in place of an unknown one: a constant and three cosine waves, the same in every process.

All its derivatives are known, its values stay in the unknown function's domain, and its parameters are short binary
fractions, so floating point and high precision mean the same function.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from derivcheck.decision.node import GivesUp
from derivcheck.term.type import Domain

WAVES = 3


@dataclass(frozen=True, slots=True)
class Term:
    """``height * cos(slopes . x + phase + quarters * pi / 2)``."""

    height: float
    slopes: tuple[float, ...]
    phase: float
    quarters: int = 0


@dataclass(frozen=True, slots=True)
class Wave:
    """``level`` plus the sum of the terms."""

    level: float
    terms: tuple[Term, ...]


@lru_cache(maxsize=512)
def _wave(name: str, component: tuple[int, ...], shapes: tuple, arity: int, domain: Domain) -> Wave:
    """The function itself, before differentiation."""
    digits = iter(blake2b(repr((name, component, shapes)).encode(), digest_size=64).digest() * (1 + arity))
    level, height = _range(domain)
    heights = [height * (2 + next(digits) % 3) / 16 for _ in range(WAVES)]
    terms = []
    for at, size in enumerate(heights):
        slopes = tuple((4 + next(digits) % 9 + 2 * at) / 8 * (-1) ** (next(digits) % 2) for _ in range(arity))
        terms.append(Term(size, slopes, (next(digits) % 48) / 8))
    return Wave(level + height * (next(digits) % 3) / 16, tuple(terms))


def _range(domain: Domain) -> tuple[float, float]:
    """A middle and a half-width such that the wave stays inside: |offset| <= 2/16 and heights sum to at most 12/16."""
    if domain.values or domain.integer:
        raise GivesUp("an unknown function with isolated values")
    if domain.lower is None and domain.upper is None:
        return 0.25, 4.0
    if domain.upper is None:
        return float(domain.lower) + 2.0, 2.0
    if domain.lower is None:
        return float(domain.upper) - 2.0, 2.0
    half = float(domain.upper - domain.lower) / 2
    return float(domain.lower) + half, half


@lru_cache(maxsize=2048)
def wave_of(value: tuple, arity: int) -> Wave:
    """The function (or derivative) that an ``unknown`` node's value names."""
    name, component, orders, shapes, domain = value
    wave = _wave(name, component, shapes, arity, domain)
    if not orders:
        return wave
    terms = []
    for term in wave.terms:
        height = term.height
        for position in orders:
            height *= term.slopes[position]
        terms.append(Term(height, term.slopes, term.phase, len(orders) % 4))
    return Wave(0.0, tuple(terms))
