"""What the language wing asks of the mathematics wing: does a relation hold wherever the hypotheses hold?"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from derivcheck.term.build import TRUE
from derivcheck.term.term import Term, Variable
from derivcheck.term.type import Domain


@dataclass(frozen=True, slots=True)
class Range:
    """A free integer variable and the values it runs through, both ends included."""

    variable: Variable
    lower: Term
    upper: Term


@dataclass(frozen=True, slots=True)
class Statement:
    """A relation (or junction of relations) for all values of its free variables for which the condition holds.

    The relation has no derivative and no defined name left in it. Variables other than those of ``free`` do not occur.
    """

    relation: Term
    free: tuple[Range, ...] = ()
    condition: Term = TRUE


@dataclass(frozen=True, slots=True)
class Obligation:
    """A goal that should hold for all values of the symbols in their domains for which every hypothesis holds.

    ``domains`` says where the entries of a symbol or family lie, and the values of an unknown function; a name without a
    domain is real. A name whose domain is ``DIMENSION`` is a size: it stands in bounds of sums and may differ from step
    to step; the goal is meant for all of its values.
    """

    goal: Statement
    hypotheses: tuple[Statement, ...] = ()
    domains: tuple[tuple[str, Domain], ...] = ()

    @property
    def digest(self) -> int:
        """The same number in every process for the same obligation: the seed of its random points, and a cache key."""
        text = repr((_digest(self.goal), tuple(map(_digest, self.hypotheses)), self.domains))
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def _digest(statement: Statement) -> tuple:
    ranges = tuple((part.variable.name, part.lower.digest, part.upper.digest) for part in statement.free)
    return statement.relation.digest, ranges, statement.condition.digest
