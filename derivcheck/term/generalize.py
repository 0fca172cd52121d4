"""A quantity in terms: where a formula stands in another one, at whatever index, and a stand-in for it there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations, islice

from derivcheck.term import binder, build
from derivcheck.term.term import Add, Multiply, Symbol, Term, Variable

_MAX_CHOICES = 100


def generalized(term: Term, quantity: Term, running: Sequence[Variable], stand_in: Symbol) -> Term:
    """A term with every instance of a quantity, at whatever index, put in by the stand-in at that index; a sum or product may be part of a longer one."""

    def change(at: Term, walk: Callable[[Term], Term]) -> Term | None:
        index = instance(at, quantity, running)
        if index is not None:
            return build.symbol(stand_in.name, *index)
        if not isinstance(at, Add | Multiply) or type(at) is not type(quantity) or len(at.children) <= len(quantity.children):
            return None
        for chosen in islice(combinations(at.children, len(quantity.children)), _MAX_CHOICES):
            index = instance(binder.rebuild(at, chosen), quantity, running)
            if index is not None:
                rest = [walk(child) for child in at.children if child not in chosen]
                return binder.rebuild(at, (build.symbol(stand_in.name, *index), *rest))
        return None

    return binder.rewritten(term, change)


def instance(term: Term, quantity: Term, running: Sequence[Variable]) -> tuple[Term, ...] | None:
    """The indices at which a term is an instance of a quantity; None where it is none."""
    if type(term) is not type(quantity) or term.size != quantity.size:
        return None
    if not running:
        return () if term is quantity else None
    candidates = {variable: _index_at(term, quantity, variable) for variable in running}
    if any(index is None for index in candidates.values()):
        return None
    found = {variable: index for variable, index in candidates.items() if index is not None}
    return tuple(found.values()) if binder.replace(quantity, found) is term else None


def _index_at(term: Term, quantity: Term, variable: Variable) -> Term | None:
    """What stands in a term where a quantity has a variable."""
    if quantity is variable:
        return term
    if variable not in quantity.variables or len(term.children) != len(quantity.children) or type(term) is not type(quantity):
        return None
    pairs = zip(_stable(term), _stable(quantity), strict=True)
    return next((index for mine, other in pairs if (index := _index_at(mine, other, variable)) is not None), None)


def _stable(term: Term) -> list[Term]:
    """The children, those of sums and products in an order that does not depend on their indices."""
    if not isinstance(term, Add | Multiply):
        return list(term.children)
    return sorted(term.children, key=lambda child: (type(child).__name__, repr(child.payload), sorted(child.names), child.size))
