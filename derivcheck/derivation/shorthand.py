"""Shorthand of the trade, spelled out: ``dx`` for the derivative by x of what everything is differentiated."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.derivation.dependence import bare
from derivcheck.reading.expression import Differential, Expression, Infinitesimal, Name, walk


def spelled_out(members: Sequence[Expression | None]) -> tuple[Expression | None, ...]:
    """The members of a statement, a lone ``dx`` on its left as ``dL/dx`` where its right side tells of one L."""
    first = members[0] if members else None
    if not isinstance(first, Infinitesimal):
        return tuple(members)
    top = _top(members[1:])
    return tuple(members) if top is None else (Differential(top, (first.of,), False, first.span), *members[1:])


def _top(members: Sequence[Expression | None]) -> Name | None:
    """The one name that derivatives are of and none is by."""
    found: dict[str, Name] = {}
    below: set[str] = set()
    for member in members:
        for part in walk(member) if member is not None else ():
            if isinstance(part, Differential):
                body = bare(part.body)
                if isinstance(body, Name):
                    found.setdefault(body.spelling, body)
                below |= {by.spelling for one in part.by if isinstance(by := bare(one), Name)}
    tops = [name for spelling, name in found.items() if spelling not in below]
    return tops[0] if len(tops) == 1 else None
