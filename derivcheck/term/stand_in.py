"""What a symbol has to stand for so that two terms are the same, read off their shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from derivcheck.term import build
from derivcheck.term.binder import walk
from derivcheck.term.term import Add, Multiply, Number, Relation, Symbol, Term, Variable


def stands_for_other(relation: Term, told: frozenset[str]) -> bool:
    """Whether a relation puts what is made of other names in for a name that stands on one side alone, and changes nothing else.
    ``told``: names that something else is said of.

    ``(y - t)^2 = (w x - t)^2`` does, so it may be said of y. ``(y - t)^2 = y^2 - t^2`` and ``x y = x z`` do not. A name that is a
    side by itself is no matter here.
    """
    if not isinstance(relation, Relation):
        return False
    left, right = relation.children[:2]
    return any(_is_told(*sides, told) for sides in ((left, right), (right, left)))


def _is_told(side: Term, other: Term, told: frozenset[str]) -> bool:
    if not _told(other) - side.names or len(_told(side)) < 2:
        return False
    for symbol in _lone(side, other.names | told):
        value = _value(symbol, side, other)
        if value is not None and not isinstance(value, Symbol | Number | Variable) and _told(value) - side.names and _is_free(value, symbol):
            return True
    return False


def _told(term: Term) -> frozenset[str]:
    """The names in a term that the document has; what was made up for a size that is not told is none."""
    return frozenset(name for name in term.names if not name.startswith("?"))


def _lone(side: Term, names: frozenset[str]) -> Iterator[Symbol]:
    """The symbols of a side with other names than these, those that stand with the same indices wherever they do."""
    uses: dict[str, set[Symbol]] = {}
    for part in walk(side):
        if isinstance(part, Symbol) and part.name not in names and not part.name.startswith("?"):
            uses.setdefault(part.name, set()).add(part)
    return (next(iter(found)) for found in uses.values() if len(found) == 1)


def _value(symbol: Symbol, side: Term, other: Term) -> Term | None:
    """What the symbol in one term has to be for it to be the other; None where their shapes do not tell."""
    if side is symbol:
        return other
    if symbol.name not in side.names:
        return None
    if isinstance(side, Add | Multiply):
        return _value_in_row(symbol, side, other)
    if type(side) is not type(other) or side.payload != other.payload or len(side.children) != len(other.children):
        return None
    values = [_value(symbol, mine, its) for mine, its in zip(side.children, other.children, strict=True) if mine is not its]
    return values[0] if values and all(value is values[0] for value in values) else None


def _value_in_row(symbol: Symbol, side: Add | Multiply, other: Term) -> Term | None:
    """The same for a sum or product, whose other terms are taken over to the other side."""
    mine = Counter(side.children)
    its = Counter(other.children if type(other) is type(side) else (other,))
    holding = [child for child in (mine - its).elements() if symbol.name in child.names]
    if len(holding) != 1:
        return None
    rest, target = list((mine - its - Counter(holding)).elements()), list((its - mine).elements())
    if isinstance(side, Add):
        return _value(symbol, holding[0], build.add(*target, *map(build.negate, rest)))
    if not all(isinstance(factor, Number) for factor in rest):
        return None
    return _value(symbol, holding[0], build.divide(build.multiply(*target), build.multiply(*rest)))


def _is_free(value: Term, symbol: Symbol) -> bool:
    """Whether a value depends on no bound variable but those that the symbol has for indices."""
    return all(isinstance(variable.name, str) or variable in symbol.variables for variable in value.variables)
