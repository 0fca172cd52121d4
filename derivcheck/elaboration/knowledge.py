"""What elaboration is told of a document's names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from derivcheck.elaboration.book import Book
from derivcheck.elaboration.randomness import Randomness
from derivcheck.elaboration.rank import Ranks
from derivcheck.reading.expression import Chance, Expression, Literal, Name
from derivcheck.reading.vocabulary import Vocabulary
from derivcheck.term import build
from derivcheck.term.term import Term
from derivcheck.term.type import Domain

MAX_SIZE = 64


@dataclass(frozen=True, slots=True)
class Triangle:
    """Where a triangular matrix has entries, or a diagonal one; ``diagonal``: what stands on its diagonal, None where anything may."""

    is_lower: bool
    diagonal: int | None = None
    is_diagonal: bool = False


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a document says of its names.

    ``axes``: sizes that are stated for an axis of a family, by (symbol name, number of axes, place, and the numbers that tell arrays of one letter apart). ``sampled``: names that occur with a
    sample label; ``from_zero``: vectors written out whose entries are counted from 0. ``functions``: letters that the document's words give to a known function. ``arguments``: what the
    document applies letters for functions to, each once. ``dependence``: undefined names and what
    they are differentiated by. ``averaged``: how many terms sums without bounds over a letter have, where they are averages. ``gradients``: what gradients of a function are taken by; ``sought``: what something is differentiated by. ``aliases``: capitals whose entries
    are written with another letter; ``capitals``: small letters for the entries of defined capitals; ``stacks``: capitals made of samples
    with the small letter, and whether those are labelled above; ``entries``: where every size is 1, the family whose one entry a name is, and
    how many indices that has. ``densities``: the probabilities and densities that it writes. ``base``: the one number that stands below logarithms.
    ``varying``: letters of fixed numbers that are variables here, unless a number stands before them. ``sets``: names of sets that are written out. ``elementwise``, ``keeps_shape``: what
    the document says of its own notation, of functions of arrays and of derivatives by them; ``free_entropies``: its entropies are those of variables that nothing ties to each other; ``transposed``: how what it transposes somewhere is written. ``implicit``: quantities that an equation makes functions of a variable;
    ``triangular``: matrices with zeros above or below the diagonal, or both; ``constants``: letters for constants of integration. ``recursive``: functions that an equation leads back to themselves.
    ``noncommuting``: letters whose products depend on the order. ``apart``: matrices that are taken apart, and their parts. ``replaced``: names in whose place something else was put. ``below_one``: names that must be less than one, so that roots are numbers. ``rows``: vectors that lie down.
    """

    vocabulary: Vocabulary
    ranks: Ranks
    book: Book
    domains: Mapping[str, Domain] = field(default_factory=dict)
    normalized: frozenset[str] = frozenset()
    axes: Mapping[tuple, Expression] = field(default_factory=dict)
    size_names: frozenset[str] = frozenset()
    declared_sizes: frozenset[str] = frozenset()
    indexing: frozenset[str] = frozenset()
    sampled: frozenset[str] = frozenset()
    from_zero: frozenset[str] = frozenset()
    symmetric: frozenset[str] = frozenset()
    square: frozenset[str] = frozenset()
    special: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()
    triangular: Mapping[str, Triangle] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    averaged: Mapping[str, str] = field(default_factory=dict)
    arguments: Mapping[str, tuple[Expression, ...]] = field(default_factory=dict)
    gradients: Mapping[str, Name] = field(default_factory=dict)
    sought: frozenset[str] = frozenset()
    hatless: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    capitals: Mapping[str, str] = field(default_factory=dict)
    stacks: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    entries: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    randomness: Randomness = field(default_factory=Randomness)
    densities: tuple[Chance, ...] = ()
    base: Fraction | None = None
    imaginary: bool = False
    varying: frozenset[str] = frozenset()
    sets: frozenset[str] = frozenset()
    elementwise: bool = False
    keeps_shape: bool = False
    free_entropies: bool = False
    transposed: frozenset[tuple] = frozenset()
    implicit: Mapping[str, str] = field(default_factory=dict)
    constants: frozenset[str] = frozenset()
    recursive: frozenset[str] = frozenset()
    noncommuting: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()
    below_one: frozenset[str] = frozenset()
    rows: frozenset[str] = frozenset()

    def stated_size(self, expression: Expression) -> Term | None:
        """The size that a number or a letter for one states; None of anything else."""
        match expression:
            case Literal() if expression.value.denominator == 1 and 0 < expression.value <= MAX_SIZE:
                return build.number(expression.value)
            case Name() if not expression.indices and expression.spelling in self.size_names:
                return build.symbol(expression.spelling)
        return None
