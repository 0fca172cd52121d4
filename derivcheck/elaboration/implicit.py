"""Derivatives along a curve: quantities that depend on the variable by an equation, with their slopes as quantities of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from derivcheck.notation import Unreadable
from derivcheck.source import NOWHERE
from derivcheck.term import binder, build
from derivcheck.term.derivative import NoRule, differentiate
from derivcheck.term.term import Relation, Symbol, Term

PRIME = "'"
_STEP = build.symbol("~step")


def total(term: Term, by: str, implicit: Mapping[str, str], count: int = 1) -> Term:
    """A term's derivative by a variable, so many times: y adds its slope, the symbol ``y'``, and that one ``y''``. Errors: Unreadable."""
    for _ in range(count):
        term = _once(term, by, implicit)
    return term


def _once(term: Term, by: str, implicit: Mapping[str, str]) -> Term:
    """A number on the curve adds its slope. Every entry of an array moves by a small multiple of its slope; the derivative by that multiple is what they add."""
    along = [part for part in binder.walk(term) if isinstance(part, Symbol) and implicit.get(part.name.rstrip(PRIME)) == by]
    numbers = sorted({part for part in along if not part.indices}, key=lambda part: part.name)

    def moved(at: Term, walk: Callable[[Term], Term]) -> Term | None:
        if not isinstance(at, Symbol) or not at.indices or implicit.get(at.name.rstrip(PRIME)) != by:
            return None
        return build.add(at, build.multiply(_STEP, build.symbol(at.name + PRIME, *at.indices)))

    try:
        parts = [differentiate(term, build.symbol(by))]
        parts += [build.multiply(differentiate(term, part), build.symbol(part.name + PRIME)) for part in numbers]
        if len(numbers) < len(set(along)):
            parts.append(binder.replace(differentiate(binder.rewritten(term, moved), _STEP), {_STEP: build.ZERO}))
    except NoRule as error:
        raise Unreadable(NOWHERE, "a derivative that is known", str(error)) from error
    return build.add(*parts)


def is_along(spellings: Sequence[str], implicit: Mapping[str, str]) -> bool:
    """Whether all that is differentiated by is one and the same variable of a curve."""
    return len(set(spellings)) == 1 and spellings[0] in implicit.values()


def order(names: frozenset[str], implicit: Mapping[str, str]) -> dict[str, int]:
    """How many primes the slopes among some names have at most, for each quantity that depends on a variable."""
    found: dict[str, int] = {}
    for name in names:
        base = name.rstrip(PRIME)
        if base in implicit and base != name:
            found[base] = max(found.get(base, 0), len(name) - len(base))
    return found


def slopes(relation: Term, names: frozenset[str], implicit: Mapping[str, str]) -> list[Term]:
    """What an equation along a curve tells of the slopes that are named: its derivatives, which are equations too."""
    if not isinstance(relation, Relation) or relation.sign != "=" or relation.variables:
        return []
    made: list[Term] = []
    own = order(relation.names, implicit)
    for base, count in sorted(order(names, implicit).items()):
        left, right = relation.children
        for _ in range(count - own.get(base, 0) if base in relation.names or base in own else 0):
            left, right = (total(side, implicit[base], implicit) for side in (left, right))
            made.append(build.relation("=", left, right))
    return [one for one in made if one not in (build.TRUE, build.FALSE)]
