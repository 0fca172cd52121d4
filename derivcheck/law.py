"""Laws: relations between quantities, which tell of a letter that is new what nothing else does."""

from __future__ import annotations

from collections import Counter

from derivcheck.derivation.outline import Outline, members_of
from derivcheck.elaboration.book import is_around
from derivcheck.finding import Finding
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import ARITHMETIC, Call, Name, walk
from derivcheck.step import Step


def is_law(outline: Outline, step: Step, finding: Finding) -> bool:
    """Whether a relation that fails is one of formulas, one of which has a letter that is new there, once, where the other one has letters of its own.

    What a name is said to equal is a claim about it, not a law; so is what is computed: a derivative, a sum, an integral.
    """
    if (isinstance(step.left, Name) and step.is_equality) or not all(isinstance(part, (*ARITHMETIC, Call)) for side in (step.left, step.right) for part in walk(side)):
        return False
    before = [other for other in outline.lines[: step.line.order] if is_around(other.scope, step.line.scope)]
    fresh = finding.unknown - names_of(*members_of(before))
    once = Counter(part.spelling for side in (step.left, step.right) for part in walk(side) if isinstance(part, Name))
    sides = [names_of(side) for side in (step.left, step.right)]
    return any(once[name] == 1 and any(name in mine and its - mine for mine, its in (sides, sides[::-1])) for name in fresh)
