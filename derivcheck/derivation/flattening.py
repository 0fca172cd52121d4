"""A claim at its smallest: every size 1, so that a whole and its one entry are the same number.

It is looked at so where no reading has shapes that fit: what holds for arrays holds for numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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


def is_telling(claim: Relating | None, unknown: Iterable[str], mentioned: Sequence[frozenset[str]], knowledge: Knowledge) -> bool:
    """Whether a flattened claim that fails tells something: which of its numbers are the same is certain, and a side that has become a
    constant speaks of what the other one does. It is not certain where the same letter stands there with more indices and with fewer, as a
    capital and as a small letter, or at a place other than the first of what has several. ``unknown``: the names on the way to the claim
    that nothing defines; ``mentioned``: those that each side speaks of.
    """
    if claim is None:
        return False
    symbols = [part for part in binder.walk(claim.relation) if isinstance(part, Symbol)]
    counts = {(unsampled(part.name), len(part.indices) - (unsampled(part.name) != part.name)) for part in symbols}
    shown = {name for name, _ in counts}
    alike = Counter(name.lower() for name, _ in counts)
    alike.update(name.lower() for name in set(unknown) - shown if single_entries(knowledge.ranks, knowledge.stacks).get(name, (name, 0))[0] not in shown)
    later = {part.name for part in symbols if any(isinstance(index, Number) and index is not build.ONE for index in part.indices)}
    if any(count > 1 for count in alike.values()) or any((name, 0) in knowledge.ranks.uses for name in later):
        return False
    sides = [{unsampled(part.name) for part in binder.walk(side.body) if isinstance(part, Symbol)} for side in (claim.left, claim.right)]
    return all(mine or other <= known for mine, other, known in zip(sides, sides[::-1], mentioned, strict=True))
