"""Sizes of axes: which are known to be the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from derivcheck.term.binder import replace
from derivcheck.term.build import add, multiply, symbol
from derivcheck.term.term import Add, Multiply, Number, Symbol, Term

_MARK = "?"


def is_unknown(size: Term) -> bool:
    """Whether a size has no name in the document."""
    return isinstance(size, Symbol) and size.name.startswith(_MARK)


def has_unknown(term: Term) -> bool:
    """Whether a size without a name occurs in a term."""
    return any(name.startswith(_MARK) for name in term.names)


@dataclass(slots=True)
class Sizes:
    """A union of sizes that must agree. A number stands for its class before a name, a name before an unknown size.

    ``restored`` counts how often what was known was taken back. Two products of sizes agree where their factors do, in the order in which they were written; so do two sums of sizes.
    """

    _parent: dict[Term, Term] = field(default_factory=dict)
    _parts: dict[Term, tuple[Callable[..., Term], Term, Term]] = field(default_factory=dict)
    _made_so_far: int = 0
    restored: int = 0

    def fresh(self) -> Symbol:
        """A size that nothing is known about."""
        self._made_so_far += 1
        return symbol(f"{_MARK}{self._made_so_far}")

    def find(self, size: Term) -> Term:
        while size in self._parent:
            size = self._parent[size]
        parts = self._parts.get(size)
        return size if parts is None else self._made(*parts)

    def product(self, first: Term, second: Term) -> Term:
        """The size of a Kronecker product's axis."""
        return self._made(multiply, first, second)

    def joined(self, first: Term, second: Term) -> Term:
        """The size of an axis along which two arrays are put together."""
        return self._made(add, first, second)

    def _made(self, operation: Callable[..., Term], first: Term, second: Term) -> Term:
        first, second = self.find(first), self.find(second)
        made = operation(first, second)
        if isinstance(made, Multiply | Add):
            self._parts.setdefault(made, (operation, first, second))
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
        elif first in self._parts and second in self._parts and self._parts[first][0] is self._parts[second][0]:
            return all(self.unify(one, other) for one, other in zip(self._parts[first][1:], self._parts[second][1:], strict=True))
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
        made._parts = dict(self._parts)
        made._made_so_far = self._made_so_far
        made.restored = self.restored
        return made

    def restore(self, saved: Sizes) -> None:
        """Back to a saved state; sizes made since stay unused."""
        self.restored += 1
        self._parent = dict(saved._parent)
