r"""Shorthand of the trade, spelled out: ``dx`` for the derivative by x of what everything is differentiated, ``\frac{d\sigma}{dz}`` for that of ``\sigma(z)``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from derivcheck.derivation.instance import rebuilt
from derivcheck.reading.content import names_of, quantity
from derivcheck.reading.expression import Call, Differential, Expression, Infinitesimal, Name, Product, is_plain, walk


def spelled_out(members: Sequence[Expression | None]) -> tuple[Expression | None, ...]:
    """The members of a statement, a lone ``dx`` on its left as ``dL/dx`` where its right side tells of one L."""
    first = members[0] if members else None
    of = _differentiated_by(first) if first is not None else None
    top = _top(members[1:]) if of is not None else None
    if first is None or of is None or top is None:
        return tuple(members)
    return (Differential(top, (of,), False, first.span), *members[1:])


@dataclass(frozen=True, slots=True)
class Curves:
    """The letters of a document that are functions of numbers; those that it writes with indices, and a letter that it does not use."""

    functions: frozenset[str] = frozenset()
    indexed: frozenset[str] = frozenset()
    unused: str = ""


def applied_out(members: Sequence[Expression | None], curves: Curves) -> tuple[Expression | None, ...]:
    """The members of a statement that begins with the slope of a function, where that is left without its argument: this is what is differentiated by.

    A letter for the argument that has indices elsewhere is none of these here, where the function alone is spoken of.
    """
    first = members[0] if members else None
    by = first.by[0] if isinstance(first, Differential) and len(set(first.by)) == 1 else None
    if not isinstance(first, Differential) or not is_plain(first.body) or first.body.spelling not in curves.functions or not is_plain(by):
        return tuple(members)
    argument = by
    if by.spelling in curves.indexed and names_of(*members) <= {first.body.spelling, by.spelling}:
        argument = replace(by, spelling=curves.unused)
    value = Call(first.body, (argument,), first.body.span)

    def spelled(part: Expression) -> Expression:
        if is_plain(part) and part.spelling == first.body.spelling:
            return value
        return argument if is_plain(part) and part.spelling == by.spelling else rebuilt(part, spelled)

    return tuple(member if member is None else spelled(member) for member in members)


def _differentiated_by(side: Expression) -> Expression | None:
    """The x of a lone ``dx``; where d is a name of the document as well, it reads as a product."""
    if isinstance(side, Infinitesimal):
        return side.of
    factors = side.factors if isinstance(side, Product) else ()
    is_pair = len(factors) == 2 and is_plain(factors[0]) and factors[0].spelling == "d" and isinstance(factors[1], Name)
    return factors[1] if is_pair and factors[0].span.end == factors[1].span.start else None


def _top(members: Sequence[Expression | None]) -> Name | None:
    """The one name that derivatives are of and none is by."""
    found: dict[str, Name] = {}
    below: set[str] = set()
    for member in members:
        for part in walk(member) if member is not None else ():
            if isinstance(part, Differential):
                body = quantity(part.body)
                if isinstance(body, Name):
                    found.setdefault(body.spelling, body)
                below |= {by.spelling for one in part.by if isinstance(by := quantity(one), Name)}
    tops = [name for spelling, name in found.items() if spelling not in below]
    return tops[0] if len(tops) == 1 else None
