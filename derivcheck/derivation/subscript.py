"""Indices as code and plain text write them: ``a[i]`` for an entry of a, ``w1`` for the first w."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from derivcheck.latex.node import Digits, Fenced, Fraction, Glyph, Mark, Node, Row, Scripts
from derivcheck.reading.custom import COUNTERS

_MAX_DIGITS = 2


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
            made.append(_inside(item, with_subscripts))
    return tuple(made)


def with_numbers(items: Sequence[Node]) -> tuple[Node, ...]:
    """The nodes of a row, whole numbers right behind a letter as its indices: a number that is a factor stands before the letter."""
    made: list[Node] = []
    for item in items:
        before = made[-1] if made else None
        digits = item.base if isinstance(item, Scripts) else item
        scaled = _scaled(made, item)
        if scaled is not None:
            made[-len(scaled[0]) :] = [scaled[1]]
        elif isinstance(digits, Digits) and digits.text.isdigit() and _takes_number(made) and before is not None and before.span.end == digits.span.start and not (isinstance(item, Scripts) and item.below):
            above, primes = (item.above, item.primes) if isinstance(item, Scripts) else (None, 0)
            made[-1] = Scripts(before, Row((digits,), digits.span), above, primes, before.span.cover(item.span))
        else:
            made.append(_inside(item, with_numbers))
    return tuple(made)


def _scaled(made: Sequence[Node], item: Node) -> tuple[Sequence[Node], Digits] | None:
    """The number that nodes are with the power of ten behind it, as computers print it, and those nodes of it that were there: ``2.5e6``, ``1e-3``.

    Behind another number than one, an e with a sign behind it may be the base of the natural logarithm: ``2e-3``.
    """
    tail = made[-3:] if made and isinstance(made[-1], Mark) and made[-1].text in ("+", "-") else made[-2:]
    if len(tail) < 2 or not isinstance(tail[0], Digits) or not isinstance(item, Digits) or not item.text.isdigit() or len(item.text) > _MAX_DIGITS:
        return None
    whole = (*tail, item)
    letter = tail[1]
    if not isinstance(letter, Glyph) or letter.text not in ("e", "E") or any(one.span.end != other.span.start for one, other in pairwise(whole)):
        return None
    if len(tail) == 3 and Decimal(tail[0].text) != 1:
        return None
    sign = tail[2].text if len(tail) == 3 and isinstance(tail[2], Mark) else ""
    return tail, Digits(format(Decimal(f"{tail[0].text}e{sign}{item.text}"), "f"), tail[0].span.cover(item.span), tail[0].spaced)


def _takes_number(made: Sequence[Node]) -> bool:
    """Whether a number right behind the last of some nodes is its index: that is a letter, no sign of differentiation, nor an e between digits."""
    letter = made[-1] if made else None
    if not isinstance(letter, Glyph) or len(letter.text) != 1 or not letter.text.isalpha() or letter.text == "d":
        return False
    return letter.text != "e" or len(made) < 2 or not isinstance(made[-2], Digits)


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


def _inside(item: Node, change: Callable[[Sequence[Node]], tuple[Node, ...]]) -> Node:
    """A node with the rows inside it changed."""
    if isinstance(item, Fenced):
        return replace(item, body=replace(item.body, items=change(item.body.items)))
    if isinstance(item, Fraction):
        above, below = (replace(part, items=change(part.items)) if isinstance(part, Row) else part for part in (item.above, item.below))
        return replace(item, above=above, below=below)
    return item
