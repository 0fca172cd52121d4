"""Where to look: whole numbers for the sizes, and points that people can put into a calculator.

Nothing here is random: a value depends only on the seed, the atom's place and the point's number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import gcd

import numpy as np

from derivcheck.decision.arithmetic import UNIT, Pair
from derivcheck.decision.node import GivesUp, Node
from derivcheck.term.type import Domain

PLAIN, STRETCHED = 12, 24
ENUMERATED = 512


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one atom: ``offset + step * k`` for each k, exactly."""

    offset: Fraction
    step: Fraction
    ks: np.ndarray
    listed: tuple[Fraction, ...] = ()

    def pair(self) -> Pair:
        """The values in floating point, with the error of writing them in binary."""
        if self.listed:
            values = np.array([float(value) for value in self.listed])[self.ks]
        else:
            values = float(self.offset) + float(self.step) * self.ks
        exact = self.step.denominator == 1 and self.offset.denominator == 1 and not self.listed
        whole = self.listed and all(float(value) == value for value in self.listed)
        return values, np.zeros(len(values)) if exact or whole else np.abs(values) * (3 * UNIT) + abs(float(self.offset)) * UNIT

    def exact(self, at: int) -> Fraction:
        """One of the values, exactly."""
        return self.listed[int(self.ks[at])] if self.listed else self.offset + self.step * int(self.ks[at])


def draw(
    atoms: Sequence[Node],
    domains: Sequence[Domain],
    count: int,
    seed: int,
    wide: bool = False,
    hinted: Sequence[Domain] | None = None,
) -> dict[Node, Column]:
    """Values for each atom in its domain: plain ones first (halves, tenths), then hundredths; ``wide`` mixes scales.

    Where all atoms together have few values, all combinations are listed. All but the last points lie in the ``hinted``
    domains, if they are given.
    """
    combinations = _combinations(domains)
    if combinations is not None:
        return {
            atom: Column(Fraction(0), Fraction(1), np.array(ks), tuple(_listed(domain)))
            for atom, domain, ks in zip(atoms, domains, combinations, strict=True)
        }
    noise = _noise(seed, len(atoms), count)
    columns = {}
    for atom, domain, hint, bits in zip(atoms, domains, hinted or domains, noise, strict=True):
        column = _column(domain, bits, wide)
        columns[atom] = column if hint == domain else _joined(_column(hint, bits, wide), column, count - count // 4)
    return columns


def _joined(first: Column, second: Column, at: int) -> Column:
    """One column up to a place, another from there on, in steps that both can take."""
    if first.listed or second.listed:
        return second
    step = Fraction(gcd(first.step.numerator * second.step.denominator, second.step.numerator * first.step.denominator))
    step /= first.step.denominator * second.step.denominator
    shift = (second.offset - first.offset) / step
    if shift.denominator != 1:
        step /= shift.denominator
        shift *= shift.denominator
    factors = int(first.step / step), int(second.step / step)
    ks = np.concatenate((first.ks[:at] * factors[0], second.ks[at:] * factors[1] + int(shift)))
    return Column(first.offset, step, ks)


def _listed(domain: Domain) -> list[Fraction]:
    if domain.values:
        return list(domain.values)
    if domain.integer and domain.lower is not None and domain.upper is not None and domain.upper - domain.lower <= ENUMERATED:
        first, last = _whole_ends(domain)
        return [Fraction(value) for value in range(first, last + 1)]
    return []


def _whole_ends(domain: Domain) -> tuple[int | None, int | None]:
    """The least and the greatest integer of a domain; None where there is none."""
    lower = upper = None
    if domain.lower is not None:
        lower = domain.lower.__ceil__()
        lower += 1 if domain.open and lower == domain.lower else 0
    if domain.upper is not None:
        upper = domain.upper.__floor__()
        upper -= 1 if domain.open and upper == domain.upper else 0
    return lower, upper


def _combinations(domains: Sequence[Domain]) -> list[tuple[int, ...]] | None:
    """For each atom the positions of its values through all combinations; None if they are not few."""
    sizes = []
    total = 1
    for domain in domains:
        sizes.append(len(_listed(domain)))
        total *= sizes[-1]
        if not 0 < total <= ENUMERATED:
            return None
    if not sizes:
        return None
    return list(zip(*product(*(range(size) for size in sizes)), strict=True))


def _noise(seed: int, rows: int, count: int) -> np.ndarray:
    """Well-mixed 64-bit numbers, (rows, count); G. Steele et al., Fast splittable pseudorandom number generators, 2014."""
    with np.errstate(over="ignore"):
        z = np.arange(1, rows * count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed % 2**64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).reshape(rows, count)


_HALVES = np.array([50, 100, 150, 200, 250, 300, -50, -100, -150, -200, 25, -250])
_POSITIVE_HALVES = np.array([50, 100, 150, 200, 250, 300, 25, 75, 400, 125])
_SHARES = np.array([50, 25, 75, 20, 40, 60, 80, 10, 30, 70, 90])


def _column(domain: Domain, noise: np.ndarray, wide: bool) -> Column:
    listed = _listed(domain)
    if listed:
        return Column(Fraction(0), Fraction(1), (noise % np.uint64(len(listed))).astype(np.int64), tuple(listed))
    if domain.integer:
        return _whole(domain, noise, wide)
    bits = noise.astype(np.int64)
    hundredth = Fraction(1, 100)
    if domain.lower is not None and domain.upper is not None:
        if domain.upper <= domain.lower:
            raise GivesUp("a quantity whose domain is empty")
        ks = np.concatenate((_SHARES[bits[:PLAIN] % len(_SHARES)], 2 + bits[PLAIN:] % 97))
        return Column(domain.lower, (domain.upper - domain.lower) * hundredth, ks)
    if domain.lower is not None or domain.upper is not None:
        ks = np.concatenate((_POSITIVE_HALVES[bits[:PLAIN] % len(_POSITIVE_HALVES)], 20 + bits[PLAIN:] % 280))
        ks = _scaled(ks, bits) if wide else _stretched(ks)
        return Column(domain.lower, hundredth, ks) if domain.lower is not None else Column(domain.upper, -hundredth, ks)
    generic = 1 + bits[PLAIN:] % 500
    ks = np.concatenate((_HALVES[bits[:PLAIN] % len(_HALVES)], np.where(generic > 250, 250 - generic, generic)))
    return Column(Fraction(0), hundredth, _scaled(ks, bits) if wide else _stretched(ks))


def _stretched(ks: np.ndarray) -> np.ndarray:
    """The last points reach further out, past the first period of a sine."""
    return np.concatenate((ks[:STRETCHED], 4 * ks[STRETCHED:]))


def _scaled(ks: np.ndarray, bits: np.ndarray) -> np.ndarray:
    """Points of several sizes: some ten times larger, some close to the edge of the domain."""
    scale = bits // 1009 % 4
    return np.where(scale == 0, ks * 10, np.where(scale == 1, np.sign(ks) * (1 + np.abs(ks) // 10), ks))


def _whole(domain: Domain, noise: np.ndarray, wide: bool) -> Column:
    bits = noise.astype(np.int64)
    lower, upper = _whole_ends(domain)
    ks = np.where(bits // 7 % 3 == 0, bits % (60 if wide else 23), bits % 7)
    if lower is not None:
        return Column(Fraction(lower), Fraction(1), ks)
    if upper is not None:
        return Column(Fraction(upper), Fraction(-1), ks)
    return Column(Fraction(0), Fraction(1), np.where(bits // 3 % 2 == 0, ks, -ks))


def sizes(names: Sequence[str]) -> Iterator[dict[str, int]]:
    """Three choices of sizes from 2, 3 and 4: up to three names have distinct sizes, and any two of more have them once."""
    for turn in range(3):
        yield {name: 2 + (at + turn + (turn + 1) * (at // 3)) % 3 for at, name in enumerate(names)}


def smaller_sizes(names: Sequence[str]) -> Iterator[dict[str, int]]:
    """Choices for what grows too fast: twos and threes, then ones and twos."""
    for first, second in ((2, 3), (3, 2), (2, 2), (1, 2), (2, 1)):
        yield {name: (first, second)[at % 2] for at, name in enumerate(names)}


def small_sizes(names: Sequence[str]) -> Iterator[dict[str, int]]:
    """The choices that make a short counterexample, shortest first."""
    yield dict.fromkeys(names, 1)
    if len(names) > 1:
        for large in names:
            yield {name: 2 if name == large else 1 for name in names}
    yield dict.fromkeys(names, 2)
