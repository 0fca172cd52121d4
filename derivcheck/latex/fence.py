r"""Brackets and their partners, plain ones and those of ``\left`` and ``\right``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.latex import command as table
from derivcheck.latex.node import Fenced, Node, Row
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
    return Fenced(sign, table.MATCHING[sign], body, opening.span.cover(body.span), closed=False)


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
    return Fenced(opening, closing, body, start.span.cover(end))


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
