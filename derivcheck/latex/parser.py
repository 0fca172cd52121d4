"""Tokens to nodes, recovering inside a formula: what cannot be parsed becomes ``Broken`` or an unclosed bracket, never an exception."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from derivcheck.latex import command as table
from derivcheck.latex.environment import parse_environment
from derivcheck.latex.lexer import tokenize
from derivcheck.latex.macro import Macro, expand
from derivcheck.latex.node import Accent, Broken, Digits, Fenced, Fraction, Glyph, Mark, Node, Noted, Root, Row, Scripts, Words
from derivcheck.latex.token import Lexeme, Token
from derivcheck.source import Span

MAX_NESTING = 60


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula: its top-level rows, the macros in force behind it, and the macros that unfolded without end."""

    rows: tuple[Row, ...]
    macros: dict[str, Macro]
    endless: tuple[tuple[Span, str], ...]


def parse_formula(text: str, span: Span, macros: Mapping[str, Macro]) -> Formula:
    r"""The rows of a stretch of mathematics. Rows are cut at ``\\`` and inside align-like environments."""
    expansion = expand(tokenize(text, span), dict(macros))
    rows = Parser(list(expansion.tokens), text).rows()
    return Formula(tuple(rows), expansion.macros, expansion.endless)


def collect_macros(text: str, span: Span, macros: Mapping[str, Macro]) -> dict[str, Macro]:
    """The macros in force behind a preamble."""
    return expand(tokenize(text, span), dict(macros)).macros


class Parser:
    """A recursive descent over tokens. ``closers`` are the closing brackets that are waited for, innermost last."""

    def __init__(self, tokens: list[Token], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.at = 0
        self.depth = 0
        self.closers: list[str] = []
        self.finished_rows: list[Row] = []

    # -- the stream

    def peek(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def here(self) -> Span:
        """The span of the next token, or an empty one behind the last."""
        token = self.peek()
        if token is not None:
            return token.span
        end = self.tokens[-1].span.end if self.tokens else 0
        return Span(end, end)

    # -- rows

    def rows(self) -> list[Row]:
        """All top-level rows. A stray closing brace is passed over."""
        found: list[Row] = []
        while self.peek() is not None:
            row = self.row()
            found += [*self.finished_rows, row]
            self.finished_rows = []
            if self.peek() is not None:
                self.take()
        return [row for row in found if row.items]

    def row(self) -> Row:
        """Things side by side up to the end of the group, row or bracket they stand in."""
        start = self.here()
        items: list[Node] = []
        style = ""
        while (token := self.peek()) is not None and not self._ends_row(token):
            if self._ends_interval(token, items):
                break
            if token.text in table.DECLARATIONS:
                style = table.STYLES[self.take().text]
                continue
            if token.text in (r"\over", r"\choose", r"\atop"):
                return self._infix_fraction(self._row_of(items, start))
            node = self.scripted()
            if node is None:
                continue
            items.append(restyle(node, style) if style else node)
            if self.finished_rows and self.depth == 0:
                items = self._splice(items)
        return self._row_of(items, start)

    def _splice(self, items: list[Node]) -> list[Node]:
        """An align-like environment behind other things: its first row goes on with them, its last row goes on."""
        inner = self.finished_rows
        before = items[:-1]
        first = Row((*before, *inner[0].items), inner[0].span if not before else before[0].span.cover(inner[0].span))
        joined = [first, *inner[1:]]
        self.finished_rows = joined[:-1]
        return list(joined[-1].items)

    def _row_of(self, items: list[Node], start: Span) -> Row:
        return Row(tuple(items), items[0].span.cover(items[-1].span) if items else Span(start.start, start.start))

    def _ends_row(self, token: Token) -> bool:
        if token.kind in (Lexeme.BREAK, Lexeme.CLOSE) or token.text in (r"\end", r"\right", r"\cr", r"\newline"):
            return True
        if token.kind is Lexeme.ALIGN:
            return bool(self.closers) and self.closers[-1] == "cell"
        closing = table.CLOSING.get(token.text)
        return closing is not None and closing in self._waited_for()

    def _waited_for(self) -> list[str]:
        """The closing brackets waited for since the last group or cell began."""
        waited: list[str] = []
        for closer in reversed(self.closers):
            if closer in ("group", "cell"):
                break
            waited.append(closer)
        return waited

    def _ends_interval(self, token: Token, items: list[Node]) -> bool:
        """Whether a closing bracket that nobody waits for ends a half-open interval such as ``(0, 1]``."""
        waited = self._waited_for()
        if not waited or waited[0] not in ")]" or token.text not in ")]":
            return False
        return sum(isinstance(item, Mark) and item.text == "," for item in items) == 1

    def _infix_fraction(self, above: Row) -> Row:
        line = self.take().text == r"\over"
        below = self.row()
        return Row((Fraction(above, below, above.span.cover(below.span), line),), above.span.cover(below.span))

    # -- one thing and its scripts

    def scripted(self) -> Node | None:
        """The next thing with its scripts; None for spacing and for what prints nothing."""
        token = self.peek()
        assert token is not None
        if token.kind in (Lexeme.SUPERSCRIPT, Lexeme.SUBSCRIPT):
            base: Node | None = None
        else:
            base = self.atom()
            if base is None:
                return None
        return self._scripts(base)

    def _scripts(self, base: Node | None) -> Node | None:
        below = above = None
        primes = 0
        start = base.span if base is not None else self.here()
        end = start
        while (token := self.peek()) is not None:
            if token.text == "'" or token.text == r"\prime":
                primes += 1
                end = self.take().span
            elif token.text in (r"\limits", r"\nolimits"):
                self.take()
            elif token.kind is Lexeme.SUBSCRIPT:
                self.take()
                below = _beside(below, self.argument(whole_number=True))
                end = below.span
            elif token.kind is Lexeme.SUPERSCRIPT:
                self.take()
                script = self.argument(whole_number=True)
                end = script.span
                count = _count_primes(script)
                if count:
                    primes += count
                else:
                    above = _beside(above, script)
            else:
                break
        if below is None and above is None and not primes:
            return base
        return Scripts(base, below, above, primes, start.cover(end))

    def argument(self, whole_number: bool = False) -> Node:
        """A group, or a single token: of a number only its first digit, unless ``whole_number``."""
        token = self.peek()
        if token is None or token.kind in (Lexeme.CLOSE, Lexeme.BREAK, Lexeme.ALIGN):
            return Broken("an argument", token.text if token else "the end", self.here())
        if token.kind is Lexeme.OPEN:
            return self.group()
        if token.kind is Lexeme.NUMBER and not whole_number and len(token.text) > 1 and token.text.isdigit():
            first = Span(token.span.start, token.span.start + 1) if not token.expanded else token.span
            rest = token.span if token.expanded else Span(token.span.start + 1, token.span.end)
            self.tokens[self.at] = replace(token, text=token.text[1:], span=rest, spaced=False)
            return Digits(token.text[0], first)
        if token.kind in (Lexeme.SUPERSCRIPT, Lexeme.SUBSCRIPT):
            return Broken("an argument", self.take().text, token.span)
        if self.depth >= MAX_NESTING:
            return Broken(f"at most {MAX_NESTING} nested commands", "more", self.take().span)
        self.depth += 1
        node = self.atom()
        while node is None and self.peek() is not None and self.peek().kind not in (Lexeme.CLOSE, Lexeme.BREAK):
            node = self.atom()
        self.depth -= 1
        return node if node is not None else Broken("an argument", "nothing", self.here())

    def group(self) -> Node:
        """What stands in braces; a group of one thing is that thing."""
        opening = self.take()
        if self.depth >= MAX_NESTING:
            return self._too_deep(opening)
        self.depth += 1
        self.closers.append("group")
        row = self.row()
        while (token := self.peek()) is not None and token.kind is not Lexeme.CLOSE:
            if token.text in (r"\end", r"\right") and token.kind is Lexeme.COMMAND:
                break
            self.take()
            more = self.row()
            row = Row((*row.items, *more.items), row.span.cover(more.span))
        self.closers.pop()
        self.depth -= 1
        end = self.take().span if self.peek() is not None and self.peek().kind is Lexeme.CLOSE else row.span
        span = opening.span.cover(end)
        return row.items[0] if len(row.items) == 1 and not isinstance(row.items[0], Mark) else Row(row.items, span)

    def _too_deep(self, opening: Token) -> Broken:
        """Passes over a group that is nested too deeply."""
        level, end = 1, opening.span
        while level and self.peek() is not None:
            token = self.take()
            level += (token.kind is Lexeme.OPEN) - (token.kind is Lexeme.CLOSE)
            end = token.span
        return Broken(f"at most {MAX_NESTING} nested groups", "more", opening.span.cover(end))

    # -- atoms

    def atom(self) -> Node | None:
        token = self.peek()
        assert token is not None
        match token.kind:
            case Lexeme.OPEN:
                return self.group()
            case Lexeme.LETTER:
                self.take()
                return Glyph(token.text, token.span, spaced=token.spaced)
            case Lexeme.NUMBER:
                self.take()
                return Digits(token.text, token.span, token.spaced)
            case Lexeme.COMMAND:
                return self._command(token)
            case Lexeme.ALIGN | Lexeme.PARAMETER:
                self.take()
                return Mark(token.text, token.span)
        return self._sign(token)

    def _sign(self, token: Token) -> Node:
        if token.text in table.OPENING:
            return self._bracket()
        self.take()
        return Mark(table.RELATIONS.get(token.text, token.text), token.span)

    def _bracket(self) -> Node:
        """What stands between an opening bracket and its partner, or up to the row's end where the partner is missing."""
        opening = self.take()
        sign = table.OPENING[opening.text]
        if self.depth >= MAX_NESTING:
            return Broken(f"at most {MAX_NESTING} nested brackets", "more", opening.span)
        self.depth += 1
        self.closers.append(table.MATCHING[sign])
        body = self.row()
        self.closers.pop()
        self.depth -= 1
        token = self.peek()
        found = table.CLOSING.get(token.text) if token is not None else None
        if found == table.MATCHING[sign] or (found in ("]", ")") and sign in ("(", "[") and found not in self._waited_for()):
            return Fenced(sign, found, body, opening.span.cover(self.take().span))
        return Fenced(sign, table.MATCHING[sign], body, opening.span.cover(body.span), closed=False)

    def _command(self, token: Token) -> Node | None:
        name = token.text
        if name == r"\begin":
            return parse_environment(self)
        if name == r"\left":
            return self._left_right()
        if name in table.OPENING:
            return self._bracket()
        self.take()
        special = _SPECIAL.get(name)
        if special is not None:
            return special(self, token)
        if name in table.SPACES:
            return Mark(name, token.span) if name in table.WIDE_SPACES else None
        if name in table.STYLES:
            body = restyle(self.argument(), table.STYLES[name])
            return replace(body, span=token.span.cover(body.span), spaced=token.spaced) if isinstance(body, Glyph) else body
        if name in table.ACCENTS:
            body = self.argument()
            return Accent(table.SAME_ACCENT.get(name, name), body, token.span.cover(body.span))
        if name in table.TEXT:
            return self._words(token)
        return _plain_command(name, token)

    def _left_right(self) -> Node:
        start = self.take()
        opening, _ = self._delimiter()
        self.depth += 1
        if self.depth > MAX_NESTING:
            self.depth -= 1
            return Broken(f"at most {MAX_NESTING} nested brackets", "more", start.span)
        self.closers.append("group")
        body = self.row()
        while (token := self.peek()) is not None and (token.kind is Lexeme.BREAK or token.kind is Lexeme.ALIGN):
            self.take()
            more = self.row()
            body = Row((*body.items, *more.items), body.span.cover(more.span))
        self.closers.pop()
        self.depth -= 1
        if self.peek() is None or self.peek().text != r"\right":
            return Fenced(opening, table.MATCHING.get(opening, ""), body, start.span.cover(body.span), closed=False)
        self.take()
        closing, end = self._delimiter()
        return Fenced(opening, closing, body, start.span.cover(end))

    def _delimiter(self) -> tuple[str, Span]:
        r"""The bracket that follows ``\left`` or ``\right``; empty for a dot."""
        token = self.peek()
        if token is None:
            return "", self.here()
        if token.text[:1] == "." and token.kind is Lexeme.NUMBER:
            self.tokens[self.at] = replace(token, text=token.text[1:], span=Span(token.span.start + 1, token.span.end))
            return "", token.span
        self.take()
        sign = table.OPENING.get(token.text) or table.CLOSING.get(token.text) or table.BARS.get(token.text) or token.text
        return ("" if sign == "." else sign), token.span

    def _words(self, token: Token) -> Node:
        """The text of a text command, as it stands in the source; mathematics inside it is kept as text."""
        if self.peek() is None or self.peek().kind is not Lexeme.OPEN:
            return Words("", token.span)
        first = self.take()
        level, end, parts = 1, first.span, []
        while level and self.peek() is not None:
            inside = self.take()
            level += (inside.kind is Lexeme.OPEN) - (inside.kind is Lexeme.CLOSE)
            end = inside.span
            if level:
                parts.append((" " if inside.spaced else "") + inside.text)
        trailing = " " if self.text[end.start - 1 : end.start].isspace() and not token.expanded else ""
        return Words("".join(parts) + trailing, token.span.cover(end))


def restyle(node: Node, style: str) -> Node:
    """The node in another type style; a row of letters set upright becomes one name."""
    match node:
        case Glyph():
            return replace(node, style=style or node.style)
        case Digits() if style in ("blackboard", "bold", "calligraphic"):
            return Glyph(node.text, node.span, style, node.spaced)
        case Row() if style == "upright" and all(isinstance(item, Glyph | Digits | Mark) for item in node.items):
            text = "".join(("" if k == 0 or not getattr(item, "spaced", False) else " ") + item.text for k, item in enumerate(node.items))
            if " " in text.strip():
                return Words(text, node.span)
            return Glyph(text, node.span, style) if text else node
        case Row():
            return Row(tuple(restyle(item, style) for item in node.items), node.span)
        case Scripts() if node.base is not None:
            return replace(node, base=restyle(node.base, style))
        case Accent():
            return replace(node, body=restyle(node.body, style))
    return node


def _plain_command(name: str, token: Token) -> Node:
    """A command without arguments: a relation, an operator or a letter."""
    for signs in (table.RELATIONS, table.BINARY, table.BARS, table.PUNCTUATION):
        if name in signs:
            return Mark(signs[name], token.span)
    if name in table.CONNECTIVES or name in table.MEMBERSHIPS or name in table.DOTS or name in table.CLOSING:
        return Mark(name, token.span)
    return Glyph(name, token.span, spaced=token.spaced)


def _count_primes(node: Node) -> int:
    items = node.items if isinstance(node, Row) else (node,)
    primes = [item for item in items if isinstance(item, Glyph | Mark) and item.text in (r"\prime", "'")]
    return len(primes) if items and len(primes) == len(items) else 0


def _beside(first: Node | None, second: Node) -> Node:
    if first is None:
        return second
    items = (*(first.items if isinstance(first, Row) else (first,)), *(second.items if isinstance(second, Row) else (second,)))
    return Row(items, first.span.cover(second.span))


def _fraction(parser: Parser, token: Token) -> Node:
    above = parser.argument()
    below = parser.argument()
    return Fraction(above, below, token.span.cover(below.span), line="binom" not in token.text)


def _root(parser: Parser, token: Token) -> Node:
    degree = None
    if parser.peek() is not None and parser.peek().text == "[":
        bracket = parser.atom()
        degree = bracket.body if isinstance(bracket, Fenced) else None
    body = parser.argument()
    return Root(degree, body, token.span.cover(body.span))


def _stacked(parser: Parser, token: Token) -> Node:
    r"""``\underset``, ``\overset`` and ``\stackrel``: scripts of an operator, or a decorated relation sign."""
    script, base = parser.argument(), parser.argument()
    span = token.span.cover(base.span)
    only = base.items[0] if isinstance(base, Row) and len(base.items) == 1 else base
    if isinstance(only, Mark):
        return Noted(only, script, "decorated", span)
    if token.text == r"\underset":
        return Scripts(base, script, None, 0, span)
    return Scripts(base, None, script, 0, span) if isinstance(base, Glyph) else Noted(base, script, "brace", span)


def _braced(parser: Parser, token: Token) -> Node:
    body = parser.argument()
    remark, end = None, body.span
    while parser.peek() is not None and parser.peek().kind in (Lexeme.SUBSCRIPT, Lexeme.SUPERSCRIPT):
        parser.take()
        remark = parser.argument()
        end = remark.span
    return Noted(body, remark, "brace", token.span.cover(end))


def _noted(manner: str):
    def make(parser: Parser, token: Token) -> Node:
        body = parser.argument()
        return Noted(body, None, manner, token.span.cover(body.span))

    return make


def _dropped(parser: Parser, token: Token) -> Node | None:
    if parser.peek() is not None and parser.peek().kind is Lexeme.OPEN:
        parser.argument()
    return None


def _tag(parser: Parser, token: Token) -> Node:
    body = parser.argument()
    inside = parser.text[body.span.start : body.span.end].strip("{}")
    return Noted(Words(inside, body.span), None, "tag", token.span.cover(body.span))


def _coloured(parser: Parser, token: Token) -> Node:
    parser.argument()
    return parser.argument()


def _not(parser: Parser, token: Token) -> Node:
    body = parser.argument()
    if isinstance(body, Mark):
        turned = {"=": r"\ne", r"\in": r"\notin"}.get(body.text, r"\not" + body.text)
        return Mark(turned, token.span.cover(body.span))
    return Broken("a relation sign", "something else", token.span.cover(body.span))


def _sized(parser: Parser, token: Token) -> Node | None:
    """A size command before a bracket prints nothing of its own; before a bar it marks the bar as a bracket or an evaluation."""
    following = parser.peek()
    if following is not None and following.text == "." and following.kind is Lexeme.MARK:
        parser.take()
        return None
    if following is not None and following.text in table.BARS:
        bar = parser.take()
        return parser._scripts(Mark("sized" + table.BARS[bar.text], token.span.cover(bar.span)))
    return None


def _arrow(parser: Parser, token: Token) -> Node:
    if parser.peek() is not None and parser.peek().text == "[":
        parser.atom()
    body = parser.argument()
    return Mark(r"\to", token.span.cover(body.span))


def _modulus(parser: Parser, token: Token) -> Node:
    body = parser.argument()
    return Words("mod", token.span.cover(body.span))


_SPECIAL = {
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
