r"""Commands that take arguments in a way of their own: fractions, roots, underbraces, boxes, tags, ``\not``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.latex import command as table
from derivcheck.latex.node import Broken, Fenced, Fraction, Glyph, Mark, Node, Noted, Root, Row, Scripts, Words
from derivcheck.latex.token import Lexeme, Token

if TYPE_CHECKING:
    from derivcheck.latex.parser import Parser


def _fraction(parser: Parser, token: Token) -> Node:
    above = parser.argument()
    below = parser.argument()
    return Fraction(above, below, token.span.cover(parser.through(below)), line="binom" not in token.text)


def _root(parser: Parser, token: Token) -> Node:
    degree = None
    if parser.peek() is not None and parser.peek().text == "[":
        bracket = parser.atom()
        degree = bracket.body if isinstance(bracket, Fenced) else None
    body = parser.argument()
    return Root(degree, body, token.span.cover(parser.through(body)))


def _stacked(parser: Parser, token: Token) -> Node:
    r"""``\underset``, ``\overset`` and ``\stackrel``: scripts of an operator, or a decorated relation sign."""
    script, base = parser.argument(), parser.argument()
    span = token.span.cover(parser.through(base))
    only = base.items[0] if isinstance(base, Row) and len(base.items) == 1 else base
    if isinstance(only, Mark):
        return Noted(only, script, "decorated", span)
    if token.text == r"\underset":
        return Scripts(base, script, None, 0, span)
    return Scripts(base, None, script, 0, span) if isinstance(base, Glyph) else Noted(base, script, "brace", span)


def _braced(parser: Parser, token: Token) -> Node:
    body = parser.argument()
    remark, end = None, parser.through(body)
    while parser.peek() is not None and parser.peek().kind in (Lexeme.SUBSCRIPT, Lexeme.SUPERSCRIPT):
        parser.take()
        remark = parser.argument()
        end = parser.through(remark)
    return Noted(body, remark, "brace", token.span.cover(end))


def _noted(manner: str):
    def make(parser: Parser, token: Token) -> Node:
        body = parser.argument()
        return Noted(body, None, manner, token.span.cover(parser.through(body)))

    return make


def _dropped(parser: Parser, token: Token) -> Node | None:
    if parser.peek() is not None and parser.peek().kind is Lexeme.OPEN:
        parser.argument()
    return None


def _tag(parser: Parser, token: Token) -> Node:
    body = parser.argument()
    inside = parser.text[body.span.start : body.span.end].strip("{}")
    return Noted(Words(inside, body.span), None, "tag", token.span.cover(parser.through(body)))


def _coloured(parser: Parser, token: Token) -> Node:
    parser.argument()
    return parser.argument()


def _not(parser: Parser, token: Token) -> Node:
    body = parser.argument()
    if isinstance(body, Mark):
        turned = {"=": r"\ne", r"\in": r"\notin"}.get(body.text, r"\not" + body.text)
        return Mark(turned, token.span.cover(parser.through(body)))
    return Broken("a relation sign", "something else", token.span.cover(parser.through(body)))


def _sized(parser: Parser, token: Token) -> Node | None:
    """A size command before a bracket prints nothing of its own; before a bar it marks the bar as a bracket or an evaluation."""
    following = parser.peek()
    if following is not None and following.text == "." and following.kind is Lexeme.MARK:
        parser.take()
        return None
    if following is not None and following.text in table.BARS:
        bar = parser.take()
        return parser.scripts(Mark("sized" + table.BARS[bar.text], token.span.cover(bar.span)))
    return None


def _arrow(parser: Parser, token: Token) -> Node:
    if parser.peek() is not None and parser.peek().text == "[":
        parser.atom()
    body = parser.argument()
    return Mark(r"\to", token.span.cover(parser.through(body)))


def _modulus(parser: Parser, token: Token) -> Node:
    body = parser.argument()
    return Words("mod", token.span.cover(parser.through(body)))


SPECIAL = {
    **dict.fromkeys((r"\frac", r"\dfrac", r"\tfrac", r"\cfrac", r"\nicefrac", r"\sfrac", r"\binom", r"\dbinom", r"\tbinom"), _fraction),
    r"\sqrt": _root,
    **dict.fromkeys((r"\underset", r"\overset", r"\stackrel"), _stacked),
    **dict.fromkeys((r"\underbrace", r"\overbrace", r"\underbracket", r"\overbracket"), _braced),
    **dict.fromkeys((r"\boxed", r"\fbox", r"\framebox"), _noted("boxed")),
    **dict.fromkeys((r"\cancel", r"\bcancel", r"\xcancel", r"\sout", r"\st"), _noted("struck")),
    **dict.fromkeys(table.DROPPED_ARGUMENT - {r"\nonumber"}, _dropped),
    **dict.fromkeys(table.TAGS, _tag),
    **dict.fromkeys((r"\textcolor", r"\colorbox"), _coloured),
    **dict.fromkeys(table.SIZES, _sized),
    **dict.fromkeys((r"\xrightarrow", r"\xleftarrow"), _arrow),
    **dict.fromkeys((r"\pmod", r"\pod"), _modulus),
    **dict.fromkeys(table.REFERENCES, _tag),
    r"\not": _not,
    r"\mathop": lambda parser, token: parser.argument(),
    r"\ensuremath": lambda parser, token: parser.argument(),
}  # fmt: skip
