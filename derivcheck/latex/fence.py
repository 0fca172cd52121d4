r"""Brackets and their partners, plain ones and those of ``\left`` and ``\right``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from derivcheck.latex import command as table
from derivcheck.latex.node import Fenced, Grid, Mark, Node, Row, Scripts
from derivcheck.latex.token import Lexeme
from derivcheck.source import Span

if TYPE_CHECKING:
    from derivcheck.latex.parser import Parser


def parse_bracket(parser: Parser) -> Node:
    """What stands between an opening bracket and its partner, or up to the row's end where the partner is missing."""
    opening = parser.take()
    sign = table.OPENING[opening.text]
    if parser.depth >= parser.deepest:
        return parser.too_deep(opening, "brackets")
    parser.depth += 1
    parser.closers.append(table.MATCHING[sign])
    body = parser.row()
    parser.closers.pop()
    parser.depth -= 1
    token = parser.peek()
    found = table.CLOSING.get(token.text) if token is not None else None
    if found == table.MATCHING[sign] or (found in ("]", ")") and sign in ("(", "[") and found not in parser.waited_for()):
        return Fenced(sign, found, body, opening.span.cover(parser.take().span))
    return _cases(Fenced(sign, table.MATCHING[sign], body, opening.span.cover(body.span), closed=False))


def _cases(fence: Fenced) -> Node:
    r"""A brace with no partner before an array is a case distinction; any other bracket is itself."""
    only = fence.body.items[0] if len(fence.body.items) == 1 else None
    is_open = fence.opening == r"\{" and (not fence.closing or not fence.closed)
    if is_open and isinstance(only, Grid) and only.environment in ("array", "matrix", "smallmatrix"):
        return Grid("cases", only.rows, fence.span)
    return fence


def parse_left_right(parser: Parser) -> Node:
    start = parser.take()
    if parser.depth >= parser.deepest:
        return parser.too_deep(start, "brackets")
    opening, _ = _delimiter(parser)
    parser.depth += 1
    parser.closers.append("group")
    body = parser.row()
    while (token := parser.peek()) is not None and (token.kind is Lexeme.BREAK or token.kind is Lexeme.ALIGN):
        parser.take()
        more = parser.row()
        body = Row((*body.items, *more.items), body.span.cover(more.span))
    parser.closers.pop()
    parser.depth -= 1
    if parser.peek() is None or parser.peek().text != r"\right":
        return Fenced(opening, table.MATCHING.get(opening, ""), body, start.span.cover(body.span), closed=False)
    parser.take()
    closing, end = _delimiter(parser)
    return _cases(Fenced(opening, closing, body, start.span.cover(end)))


def _delimiter(parser: Parser) -> tuple[str, Span]:
    r"""The bracket that follows ``\left`` or ``\right``; empty for a dot."""
    token = parser.peek()
    if token is None:
        return "", parser.here()
    if token.text[:1] == "." and token.kind is Lexeme.NUMBER:
        parser.tokens[parser.at] = replace(token, text=token.text[1:], span=Span(token.span.start + 1, token.span.end))
        return "", token.span
    parser.take()
    sign = table.OPENING.get(token.text) or table.CLOSING.get(token.text) or table.BARS.get(token.text) or token.text
    return ("" if sign == "." else sign), token.span


def with_double_bars(items: Sequence[Node]) -> list[Node]:
    r"""A row with ``||`` as the sign ``\|``: in ``||x||``, and where it is the only bar, in ``q||p``; not in ``|a||b|`` and ``||a|-|b||``."""
    singles = [place for place, item in enumerate(items) if _is_single(item)]
    doubles = [first for first, second in pairwise(singles) if second == first + 1 and _touch(items[first], items[second])]
    lone = [place for place in singles if place not in doubles and place - 1 not in doubles]
    merged = doubles if len(doubles) == 1 and not lone else []
    for first, second in zip(doubles[::2], doubles[1::2], strict=False):
        around = [place for place in lone if place < first]
        if not any(first < place < second for place in lone) and len(around) % 2 == 0:
            merged = [*merged, first, second]
    found = []
    for place, item in enumerate(items):
        if place in merged:
            continue
        if place - 1 in merged:
            double = Mark(r"\|", items[place - 1].span.cover(_bar(item).span))
            item = replace(item, base=double, span=double.span.cover(item.span)) if isinstance(item, Scripts) else double
        found.append(item)
    return found


def _bar(item: Node) -> Node | None:
    return item.base if isinstance(item, Scripts) else item


def _is_single(item: Node) -> bool:
    bar = _bar(item)
    return isinstance(bar, Mark) and bar.text == "|"


def _touch(first: Node, second: Node) -> bool:
    """Whether two bars stand side by side, the first without scripts."""
    return isinstance(first, Mark) and first.span.end == _bar(second).span.start
