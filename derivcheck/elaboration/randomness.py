"""What elaboration is told of a document's random variables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from derivcheck.reading.expression import Expression, Name
from derivcheck.term.law import LAWS

_ABBREVIATIONS = {
    **{"n": "normal", "gaussian": "normal", "bern": "bernoulli", "ber": "bernoulli", "bin": "binomial", "binom": "binomial", "b": "binomial"},
    **{"poi": "poisson", "pois": "poisson", "po": "poisson", "exp": "exponential", "expo": "exponential", "u": "uniform", "unif": "uniform"},
    **{"ga": "gamma", "geom": "geometric", "geo": "geometric"},
}


@dataclass(frozen=True, slots=True)
class Law:
    """A law by its name and its parameters, for a variable written as ``of``. ``is_told``: words tell what each parameter is."""

    name: str
    parameters: tuple[Expression, ...]
    of: Name
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Randomness:
    """``letters``: the names of random variables. ``laws``: those whose law is told. ``means``, ``variances``, ``squares``: E[X], Var(X), E[X^2] of a name, as it was written, where they are told.

    ``given``: the laws of a name under conditions, each with the names that are given.
    ``independent``: pairs of names; a name alone is a family whose members are independent. ``related``: pairs whose covariance the document speaks of.
    """

    letters: frozenset[str] = frozenset()
    laws: Mapping[str, Law] = field(default_factory=dict)
    means: Mapping[str, tuple[Name, Expression]] = field(default_factory=dict)
    variances: Mapping[str, tuple[Name, Expression]] = field(default_factory=dict)
    squares: Mapping[str, tuple[Name, Expression]] = field(default_factory=dict)
    given: Mapping[str, tuple[tuple[frozenset[str], Law], ...]] = field(default_factory=dict)
    independent: frozenset[frozenset[str]] = frozenset()
    related: frozenset[frozenset[str]] = frozenset()

    def is_told_by(self, member: Expression) -> bool:
        """Whether a member of an equation is what that tells a moment to be."""
        return any(value is member for table in (self.means, self.variances, self.squares) for _, value in table.values())

    def untold_by(self, members: Sequence[Expression]) -> Randomness:
        """What is told elsewhere: an equation that tells a moment does not show itself."""
        if not any(map(self.is_told_by, members)):
            return self
        tables = (self.means, self.variances, self.squares)
        means, variances, squares = ({name: one for name, one in table.items() if not any(one[1] is member for member in members)} for table in tables)
        return replace(self, means=means, variances=variances, squares=squares)


def law_name(spelling: str) -> str | None:
    """The law that a function's name means: ``\\mathcal{N}``, ``Bin``; None where it is none."""
    word = re.sub(r"\\(?:mathcal|mathrm|mathbb|operatorname|text)|[{}\\]", "", spelling).lower()
    word = _ABBREVIATIONS.get(word, word)
    return word if word in LAWS else None
