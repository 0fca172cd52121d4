"""Places at which a document says that what are arrays elsewhere are numbers: the case of one dimension, of one feature, of one output."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derivcheck.derivation.outline import Line
from derivcheck.elaboration.book import is_around
from derivcheck.elaboration.rank import Ranks
from derivcheck.reading.expression import Expression, Name, Quotient, walk

_ONE = re.compile(
    r"\b(?:(?:in|for) (?:one|a single|1) ?-?(?:dimension|D\b)|(?:one|1|single)[- ]?(?:dimensional|D)\b|univariate|scalar (?:case|model|version|example|problem|setting)|for scalars?\b"
    r"|(?:one|a single|only one) (?:feature|input|weight|predictor|covariate|regressor|output|neuron|unit|basis function)\b(?! at| per| after))",
    re.I,
)


def is_of_numbers(line: Line, lines: Sequence[Line]) -> bool:
    """Whether words in a line's section, before it, say that what follows is about numbers."""
    before = (other for other in lines[: line.order + 1] if is_around(other.scope, line.scope) and len(other.scope) == len(line.scope))
    return any(_ONE.search(f"{other.words} {other.statement.before}") for other in before)


def divides_by_array(members: Sequence[Expression], ranks: Ranks) -> bool:
    """Whether something is divided by a name that is taken for an array, though nothing declares it: it may be a number here."""
    below = [part.below for member in members for part in walk(member) if isinstance(part, Quotient) and isinstance(part.below, Name)]
    return any(ranks.inferred.get((name.spelling, len(name.indices))) and (name.spelling, len(name.indices)) not in ranks.declared for name in below)
