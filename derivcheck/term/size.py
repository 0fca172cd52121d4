"""Sizes of axes: which are known to be the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from derivcheck.term.binder import replace
from derivcheck.term.build import multiply, symbol
from derivcheck.term.term import Multiply, Number, Symbol, Term

_MARK = "?"


def is_unknown(size: Term) -> bool:
    """Whether a size has no name in the document."""
    return isinstance(size, Symbol) and size.name.startswith(_MARK)


@dataclass(slots=True)
class Sizes:
    """A union of sizes that must agree. A number stands for its class before a name, a name before an unknown size.

    Two products of sizes agree where their factors do, in the order in which they were written.
    """

    _parent: dict[Term, Term] = field(default_factory=dict)
    _factors: dict[Term, tuple[Term, Term]] = field(default_factory=dict)
    _next: count = field(default_factory=lambda: count(1))

    def fresh(self) -> Symbol:
        """A size that nothing is known about."""
        return symbol(f"{_MARK}{next(self._next)}")

    def find(self, size: Term) -> Term:
        while size in self._parent:
            size = self._parent[size]
        factors = self._factors.get(size)
        return size if factors is None else self.product(*factors)

    def product(self, first: Term, second: Term) -> Term:
        """The size of a Kronecker product's axis."""
        first, second = self.find(first), self.find(second)
        made = multiply(first, second)
        if isinstance(made, Multiply):
            self._factors.setdefault(made, (first, second))
        return made

    def unify(self, first: Term, second: Term) -> bool:
        """Makes two sizes the same; false where they are known to differ."""
        first, second = self.find(first), self.find(second)
        if first is second:
            return True
        if is_unknown(first) and first.name not in second.names:
            self._parent[first] = second
        elif is_unknown(second) and second.name not in first.names:
            self._parent[second] = first
        elif isinstance(first, Symbol) and isinstance(second, Number):
            self._parent[first] = second
        elif isinstance(second, Symbol) and isinstance(first, Number):
            self._parent[second] = first
        elif first in self._factors and second in self._factors:
            return all(self.unify(one, other) for one, other in zip(self._factors[first], self._factors[second], strict=True))
        else:
            return False
        return True

    def fits(self, first: Term, second: Term) -> bool:
        """Whether two sizes are the same already or could be made so."""
        first, second = self.find(first), self.find(second)
        return first is second or is_unknown(first) or is_unknown(second)

    def resolve(self, term: Term) -> Term:
        """The term with every size put in by what it is known to be."""
        known = {size: self.find(size) for size in self._parent if isinstance(size, Symbol) and size.name in term.names}
        return replace(term, known) if known else term

    def copy(self) -> Sizes:
        made = Sizes()
        made._parent = dict(self._parent)
        made._factors = dict(self._factors)
        made._next = self._next
        return made

    def restore(self, saved: Sizes) -> None:
        """Back to a saved state; sizes made since stay unused."""
        self._parent = dict(saved._parent)
