"""A claim at its smallest: every size 1, so that a whole and its one entry are the same number.

It is looked at so where no reading has shapes that fit: what holds for arrays holds for numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from derivcheck.derivation.goal import Relating
from derivcheck.elaboration.elaborator import Elaborator
from derivcheck.elaboration.knowledge import Knowledge
from derivcheck.elaboration.naming import unsampled
from derivcheck.elaboration.rank import Ranks
from derivcheck.term import binder, build
from derivcheck.term.size import is_unknown
from derivcheck.term.term import Array, Fold, Number, Symbol, Term


def single_entries(ranks: Ranks, stacks: Mapping[str, tuple[str, bool]]) -> dict[str, tuple[str, int]]:
    """The family whose one entry a name is, and how many indices that has: those that it is written with anywhere."""
    counts: dict[str, int] = {}
    for spelling, count in ranks.uses:
        counts[spelling] = max(count, counts.get(spelling, 0))
    stacked = {capital: small for capital, (small, is_sampled) in stacks.items() if not is_sampled}
    return {name: (stacked.get(name, name), counts.get(stacked.get(name, name), 0)) for name in counts}


def flattened(elaborator: Elaborator, claim: Relating, condition: Term) -> tuple[Relating, Term]:
    """A claim and the condition next to it with every size 1 and every free index 1."""
    terms = [elaborator.sizes.resolve(term) for term in (claim.relation, claim.left.body, claim.right.body, condition)]
    free = {variable for term in terms for variable in term.variables}
    ones: dict[Term, Term] = dict.fromkeys((*_sizes(elaborator, terms), *free), build.ONE)
    relation, left, right, condition = (binder.replace(term, ones) for term in terms)
    sides = (replace(side, body=body, variables=(), sizes=()) for side, body in zip((claim.left, claim.right), (left, right), strict=True))
    return Relating(relation, (), (), *sides), condition


def _sizes(elaborator: Elaborator, terms: list[Term]) -> list[Term]:
    bounds = [bound for term in terms for part in binder.walk(term) if isinstance(part, Fold | Array) for bound in _bounds(part)]
    return [bound for bound in bounds if is_unknown(bound) or (isinstance(bound, Symbol) and bound.name in elaborator.knowledge.size_names)]


def _bounds(part: Fold | Array) -> tuple[Term, ...]:
    return part.sizes if isinstance(part, Array) else (part.upper,)


def is_disconnected(relation: Term, knowledge: Knowledge) -> bool:
    """Whether nothing tells which of the numbers in a flattened relation are the same: the same letter stands in it with more
    indices and with fewer, as a capital and as a small letter, or at a place other than the first of what has several.
    """
    alike: dict[str, set[tuple[str, int]]] = {}
    for part in binder.walk(relation):
        if isinstance(part, Symbol):
            alike.setdefault(unsampled(part.name).lower(), set()).add((part.name, len(part.indices)))
            is_later = any(isinstance(index, Number) and index is not build.ONE for index in part.indices)
            if is_later and (part.name, 0) in knowledge.ranks.uses:
                return True
    return any(len(found) > 1 for found in alike.values())
