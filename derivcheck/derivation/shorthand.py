"""Shorthand of the trade, spelled out: ``dx`` for the derivative by x of what everything is differentiated."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.reading.content import quantity
from derivcheck.reading.expression import Differential, Expression, Infinitesimal, Name, Product, is_plain, walk


def spelled_out(members: Sequence[Expression | None]) -> tuple[Expression | None, ...]:
    """The members of a statement, a lone ``dx`` on its left as ``dL/dx`` where its right side tells of one L."""
    first = members[0] if members else None
    of = _differentiated_by(first) if first is not None else None
    top = _top(members[1:]) if of is not None else None
    if first is None or of is None or top is None:
        return tuple(members)
    return (Differential(top, (of,), False, first.span), *members[1:])


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
