"""Indices as code writes them: ``a[i]`` for an entry of a."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derivcheck.latex.node import Digits, Fenced, Fraction, Glyph, Mark, Node, Row, Scripts
from derivcheck.reading.custom import COUNTERS


def with_subscripts(items: Sequence[Node]) -> tuple[Node, ...]:
    """The nodes of a row, square brackets right behind a letter that hold nothing but letters, numbers and commas as its indices."""
    made: list[Node] = []
    for item in items:
        before = made[-1] if made else None
        if isinstance(item, Fenced) and before is not None and _is_indexed(before) and _is_index(item) and before.span.end == item.span.start:
            base, below = (before.base, before.below) if isinstance(before, Scripts) else (before, None)
            comma = () if below is None else (*_items(below), Mark(",", item.span))
            above, primes = (before.above, before.primes) if isinstance(before, Scripts) else (None, 0)
            made[-1] = Scripts(base, Row((*comma, *item.body.items), item.span), above, primes, before.span.cover(item.span))
        else:
            made.append(_inside(item))
    return tuple(made)


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Row) else (node,)


def _is_indexed(node: Node) -> bool:
    return isinstance(node, Glyph) or (isinstance(node, Scripts) and isinstance(node.base, Glyph) and node.above is None)


def _is_index(fenced: Fenced) -> bool:
    """Whether brackets hold what counts: a letter that does, a number, one more or less than a letter; several of them with commas between."""
    inside = fenced.body.items
    is_plain = all(isinstance(one, Digits) or (one.text in COUNTERS if isinstance(one, Glyph) else isinstance(one, Mark) and one.text in (",", "+", "-")) for one in inside)
    letters = [one for one in inside if isinstance(one, Glyph | Digits)]
    marks = [one for one in inside if isinstance(one, Mark)]
    return fenced.opening == "[" and fenced.closed and is_plain and bool(letters) and len(marks) == len(letters) - 1


def _inside(item: Node) -> Node:
    if isinstance(item, Fenced):
        return replace(item, body=replace(item.body, items=with_subscripts(item.body.items)))
    if isinstance(item, Fraction):
        above, below = (replace(part, items=with_subscripts(part.items)) if isinstance(part, Row) else part for part in (item.above, item.below))
        return replace(item, above=above, below=below)
    return item
