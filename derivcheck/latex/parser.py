"""Tokens to nodes, recovering inside a formula: what cannot be parsed becomes ``Broken`` or an unclosed bracket, never an exception."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from derivcheck.latex import command as table
from derivcheck.latex.environment import parse_environment, without_columns
from derivcheck.latex.fence import parse_bracket, parse_left_right, with_double_bars
from derivcheck.latex.lexer import sparse, tokenize
from derivcheck.latex.macro import Macro, expand
from derivcheck.latex.node import Accent, Broken, Digits, Fenced, Fraction, Glyph, Mark, Node, Row, Scripts, Words
from derivcheck.latex.script import beside, count_primes, grounded, has_argument_below, is_bounded, is_lone_sign
from derivcheck.latex.spacing import close_up
from derivcheck.latex.special import SPECIAL
from derivcheck.latex.style import restyle
from derivcheck.latex.token import Lexeme, Token
from derivcheck.source import Span

MAX_NESTING = 30
MAX_TOKENS = 20_000
MAX_LENGTH = 10 * MAX_TOKENS
MAX_DIGITS = 1_000
MAX_PRIMES = 20


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula: its top-level rows, the macros in force behind it, and the macros that unfolded without end."""

    rows: tuple[Row, ...]
    macros: dict[str, Macro]
    endless: tuple[tuple[Span, str], ...]


def parse_formula(text: str, span: Span, macros: Mapping[str, Macro], *, is_delimited: bool = True) -> Formula:
    r"""The rows of a stretch of mathematics, cut at ``\\`` and inside align-like environments. Blanks print nothing between delimiters."""
    if span.end - span.start > MAX_LENGTH:
        return Formula((_abridged(sparse(text, span), span),), dict(macros), ())
    expansion = expand(tokenize(text, span), dict(macros))
    tokens = close_up(expansion.tokens, text) if is_delimited else list(expansion.tokens)
    rows = [_abridged(tokens, span)] if len(tokens) > MAX_TOKENS else Parser(tokens, text).rows()
    return Formula(tuple(rows), expansion.macros, expansion.endless)


def _abridged(tokens: Iterable[Token], span: Span) -> Row:
    """A formula that is too long to be read: its relation signs, with what stands between them left out."""
    items: list[Node] = []
    level, at = 0, span.start
    for token in tokens:
        if not level and token.text in table.RELATIONS:
            items += [_left_out(Span(at, token.span.start)), Mark(table.RELATIONS[token.text], token.span)]
            at = token.span.end
        level = max(0, level + _opens(token) - _closes(token))
    return Row((*items, _left_out(Span(at, span.end))), span)


def _left_out(span: Span) -> Broken:
    return Broken(f"at most {MAX_TOKENS:,} signs in a formula", "more", span)


def _opens(token: Token) -> bool:
    return token.kind is Lexeme.OPEN or token.text in table.OPENING or token.text in (r"\left", r"\begin")


def _closes(token: Token) -> bool:
    return token.kind is Lexeme.CLOSE or token.text in table.CLOSING or token.text in (r"\right", r"\end")


def collect_macros(text: str, span: Span, macros: Mapping[str, Macro]) -> dict[str, Macro]:
    """The macros in force behind a preamble."""
    return expand(tokenize(text, span), dict(macros)).macros


class Parser:
    """A recursive descent over tokens. ``closers`` are the closing brackets that are waited for, innermost last."""

    deepest = MAX_NESTING

    def __init__(self, tokens: list[Token], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.at = 0
        self.depth = 0
        self.closers: list[str] = []
        self.finished_rows: list[Row] = []

    # -- the stream

    def peek(self, ahead: int = 0) -> Token | None:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else None

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def here(self) -> Span:
        """The span of the next token, or an empty one behind the last."""
        if (token := self.peek()) is not None:
            return token.span
        end = self.tokens[-1].span.end if self.tokens else 0
        return Span(end, end)

    def through(self, node: Node) -> Span:
        """The span of an argument just read, the brace that closes it included."""
        return node.span.cover(self.tokens[self.at - 1].span) if self.at else node.span

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
        return [without_columns(row) for row in found if row.items]

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
            before = len(self.finished_rows)
            node = self.scripted()
            if node is None or (isinstance(node, Row) and not node.items and len(self.finished_rows) == before):
                continue
            items.append(restyle(node, style) if style else node)
            if len(self.finished_rows) > before and self.depth == 0:
                items = self._splice(items, before)
        return self._row_of(items, start)

    def _splice(self, items: list[Node], before: int) -> list[Node]:
        """An align-like environment behind other things: its first row goes on with them, its last row goes on."""
        held, inner = self.finished_rows[:before], self.finished_rows[before:]
        outer = items[:-1]
        first = Row((*outer, *inner[0].items), inner[0].span if not outer else outer[0].span.cover(inner[0].span))
        joined = [first, *inner[1:]]
        self.finished_rows = [*held, *joined[:-1]]
        return list(joined[-1].items)

    def _row_of(self, items: list[Node], start: Span) -> Row:
        return Row(tuple(with_double_bars(items)), items[0].span.cover(items[-1].span) if items else Span(start.start, start.start))

    def _ends_row(self, token: Token) -> bool:
        if token.kind in (Lexeme.BREAK, Lexeme.CLOSE) or token.text in (r"\end", r"\right", r"\cr", r"\newline"):
            return True
        if token.kind is Lexeme.ALIGN:
            return bool(self.closers) and self.closers[-1] == "cell"
        closing = table.CLOSING.get(token.text)
        return closing is not None and closing in self.waited_for()

    def waited_for(self) -> list[str]:
        """The closing brackets waited for since the last group or cell began."""
        waited: list[str] = []
        for closer in reversed(self.closers):
            if closer in ("group", "cell"):
                break
            waited.append(closer)
        return waited

    def _ends_interval(self, token: Token, items: list[Node]) -> bool:
        """Whether a closing bracket that nobody waits for ends a half-open interval such as ``(0, 1]``."""
        waited = self.waited_for()
        if not waited or waited[0] not in ")]" or token.text not in ")]":
            return False
        return sum(isinstance(item, Mark) and item.text == "," for item in items) == 1

    def _infix_fraction(self, above: Row) -> Row:
        line = self.take().text == r"\over"
        if self.depth >= MAX_NESTING:
            return Row((Broken(f"at most {MAX_NESTING} nested fractions", "more", above.span),), above.span)
        self.depth += 1
        below = self.row()
        self.depth -= 1
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
        return self.scripts(base)

    def scripts(self, base: Node | None) -> Node | None:
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
                script = self.argument(whole_number=not has_argument_below(base, self.peek(), self.peek(1)))
                end = self.through(script)
                below = beside(below, grounded(script))
            elif token.kind is Lexeme.SUPERSCRIPT:
                self.take()
                sign = self.peek()
                script = self.argument(whole_number=not is_bounded(base, sign))
                if is_lone_sign(base, sign, self.peek()) and (raised := self.scripted()) is not None:
                    script = beside(script, raised)
                end = self.through(script)
                count = count_primes(script)
                if count:
                    primes += count
                else:
                    above = beside(above, script)
            else:
                break
        if below is None and above is None and not primes:
            return base
        if primes > MAX_PRIMES:
            return Broken(f"at most {MAX_PRIMES} primes", "more", start.cover(end))
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
            return self.too_deep(opening, "groups")
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

    def too_deep(self, opening: Token, what: str) -> Broken:
        """Passes over a group or bracket that is nested too deeply."""
        level, end = 1, opening.span
        while level and (token := self.peek()) is not None:
            level += _opens(token) - _closes(token)
            end = self.take().span
        return Broken(f"at most {MAX_NESTING} nested {what}", "more", opening.span.cover(end))

    # -- atoms

    def atom(self) -> Node | None:
        token = self.peek()
        assert token is not None
        match token.kind:
            case Lexeme.OPEN:
                inside = self.group()
                return replace(inside, span=token.span.cover(self.through(inside)))
            case Lexeme.LETTER:
                self.take()
                return Glyph(token.text, token.span, spaced=token.spaced)
            case Lexeme.NUMBER:
                self.take()
                if len(token.text) > MAX_DIGITS:
                    return Broken(f"a number of at most {MAX_DIGITS:,} digits", "more", token.span)
                return Digits(token.text, token.span, token.spaced)
            case Lexeme.COMMAND:
                return self._command(token)
            case Lexeme.WORDS:
                self.take()
                return Words(token.text, token.span)
            case Lexeme.ENDLESS:
                return Broken("a macro that unfolds to an end", self.take().text, token.span)
            case Lexeme.ALIGN | Lexeme.PARAMETER:
                self.take()
                return Mark(token.text, token.span)
        return self._sign(token)

    def _sign(self, token: Token) -> Node:
        if token.text in table.OPENING:
            return parse_bracket(self)
        self.take()
        return Mark(table.RELATIONS.get(token.text, token.text), token.span)

    def _command(self, token: Token) -> Node | None:
        name = token.text
        if name == r"\begin":
            return parse_environment(self)
        if name == r"\left":
            return parse_left_right(self)
        if name in table.OPENING:
            return parse_bracket(self)
        self.take()
        special = SPECIAL.get(name)
        if special is not None:
            return special(self, token)
        if name in table.SPACES:
            return Mark(name, token.span) if name in table.WIDE_SPACES else None
        if name in table.STYLES:
            body = restyle(self.argument(), table.STYLES[name])
            return replace(body, span=token.span.cover(self.through(body)), spaced=token.spaced) if isinstance(body, Glyph) else body
        if name in table.ACCENTS:
            body = self.argument()
            return _accented(table.SAME_ACCENT.get(name, name), body, token.span.cover(self.through(body)))
        if name in table.TEXT:
            return self._words(token)
        return _plain_command(name, token)

    def _words(self, token: Token) -> Node:
        """The text of a text command, as it stands in the source; mathematics inside it is kept as text."""
        if self.peek() is None or self.peek().kind is not Lexeme.OPEN:
            return Words("", token.span)
        before = self.tokens[self.at - 2].text if self.at > 1 else ""
        first = self.take()
        level, end, parts = 1, first.span, []
        while level and self.peek() is not None:
            inside = self.take()
            level += (inside.kind is Lexeme.OPEN) - (inside.kind is Lexeme.CLOSE)
            end = inside.span
            if level:
                parts.append((" " if inside.spaced else "") + inside.text)
        trailing = " " if self.text[end.start - 1 : end.start].isspace() and not token.expanded else ""
        text = "".join(parts).strip().rstrip(".")
        if text in ("const", "constant") and before in ("+", "-"):
            return Glyph(text, token.span.cover(end), "upright")
        return Words("".join(parts) + trailing, token.span.cover(end))


def _accented(mark: str, body: Node, span: Span) -> Node:
    r"""A mark over something; over a letter with its index or label it is one over the letter: ``\bar{h_t}``. What stands above may be a power, of which a mean is taken."""
    inner = body.items[0] if isinstance(body, Row) and len(body.items) == 1 else body
    if not isinstance(inner, Scripts) or inner.primes or not isinstance(inner.base, Glyph) or not (inner.above is None or isinstance(inner.above, Fenced)):
        return Accent(mark, body, span)
    return replace(inner, base=Accent(mark, inner.base, inner.base.span), span=span)


def _plain_command(name: str, token: Token) -> Node:
    """A command without arguments: a relation, an operator or a letter."""
    for signs in (table.RELATIONS, table.BINARY, table.BARS, table.PUNCTUATION):
        if name in signs:
            return Mark(signs[name], token.span)
    if name in table.CONNECTIVES or name in table.MEMBERSHIPS or name in table.DOTS or name in table.CLOSING:
        return Mark(name, token.span)
    return Glyph(name, token.span, spaced=token.spaced)
