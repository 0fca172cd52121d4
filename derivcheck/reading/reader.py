"""Precedence reading of a row: sums of products of factors. Where the author left a doubt, a ``Choice`` stays in the tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction as Rational

from derivcheck.latex import command as table
from derivcheck.latex.node import Accent, Broken, Digits, Fenced, Fraction, Glyph, Grid, Mark, Node, Noted, Root, Row, Scripts, Words
from derivcheck.reading import bracket, divisor, last_index, operator
from derivcheck.reading.application import has_relation, indicator
from derivcheck.reading.expression import (
    At,
    Call,
    Comparison,
    Dots,
    Expression,
    Listed,
    Literal,
    Name,
    Phrase,
    Power,
    Quotient,
    Sum,
    Together,
    Unread,
    doubted,
)
from derivcheck.reading.name import bare_word, is_identifier_text, read_scripts, spell, upright
from derivcheck.reading.reach import with_reach
from derivcheck.reading.vocabulary import Vocabulary
from derivcheck.source import Span

ADDITIVE = {"+": "+", "-": "-", r"\pm": "±", r"\mp": "∓"}
MULTIPLICATIVE = {
    "*": "*",
    r"\cdot": r"\cdot",
    r"\times": r"\times",
    r"\odot": r"\odot",
    r"\otimes": r"\otimes",
    r"\circ": r"\circ",
    r"\star": "*",
}
GONE = 10
"""The penalty for taking what is struck out in a formula to be gone: marks of cancelling change no value, so that this can only acquit."""
_CONJUNCTIONS = frozenset((r"\wedge", r"\land", ",", ";", "&"))


@dataclass(slots=True)
class Cursor:
    """A place in a row of nodes."""

    items: Sequence[Node]
    at: int = 0

    def peek(self, ahead: int = 0) -> Node | None:
        return self.items[self.at + ahead] if self.at + ahead < len(self.items) else None

    def take(self) -> Node:
        item = self.items[self.at]
        self.at += 1
        return item

    def is_mark(self, *texts: str) -> bool:
        item = self.peek()
        return isinstance(item, Mark) and item.text in texts

    @property
    def rest(self) -> Sequence[Node]:
        return self.items[self.at :]

    def here(self) -> Span:
        item = self.peek()
        if item is not None:
            return item.span
        end = self.items[-1].span.end if self.items else 0
        return Span(end, end)


@dataclass(slots=True)
class Reader:
    """Reads rows of nodes with a vocabulary. ``narrow`` and ``widened`` serve the doubt about how far an unbracketed sum reaches."""

    vocabulary: Vocabulary
    narrow: bool = field(default=False, init=False)
    widened: bool = field(default=False, init=False)
    _lists: dict[tuple[int, bool, bool], tuple[Row, tuple[Expression, ...]]] = field(default_factory=dict, init=False)

    def read(self, items: Sequence[Node]) -> Expression:
        """A member of a statement: everything must be used up."""
        items = [item for item in items if not _is_silent(item)]
        if not items:
            return Unread("a formula", "nothing", Span(0, 0))
        parts = bracket.split_list(items)
        if len(parts) > 1 and any(isinstance(item, Mark) and item.text == "," for item in items):
            return Listed(tuple(self.inside(part) for part in parts), "", items[0].span.cover(items[-1].span))
        return self.inside(items)

    def inside(self, items: Sequence[Node]) -> Expression:
        """The expression that a row of nodes is; ``Unread`` where something is left over."""
        if len(items) == 1 and isinstance(items[0], Row):
            items = items[0].items
        cursor = Cursor([item for item in items if not _is_silent(item)])
        if not cursor.items:
            return Unread("a formula", "nothing", items[0].span if items else Span(0, 0))
        outer, self.vocabulary = self.vocabulary, last_index.of_row(self.vocabulary, cursor.items)
        expression = self.sum(cursor)
        self.vocabulary = outer
        if cursor.peek() is not None:
            return Unread("the end of the formula", _shown(cursor.peek()), cursor.here())
        return expression

    def listed(self, body: Row, barred: bool = False) -> tuple[Expression, ...]:
        """What a bracket lists, read one by one; once only, though a doubt may ask for it twice: brackets nest.

        ``barred``: a lone bar divides the list like a comma.
        """
        key = (id(body), self.narrow, barred)
        if key not in self._lists:
            halves = (bracket.split_at_bar(body.items) if barred else None) or (body.items,)
            parts = [part for half in halves for part in bracket.split_list(half)]
            outer, self.vocabulary = self.vocabulary, last_index.of_list(self.vocabulary, parts)
            self._lists[key] = body, tuple(self.condition(part) for part in parts)
            self.vocabulary = outer
        return self._lists[key][1]

    # -- conditions

    def condition(self, items: Sequence[Node]) -> Expression:
        """An expression that may hold relation signs: ``x > 0``, ``y = 1 \\wedge z < 0``."""
        if len(items) == 1 and isinstance(items[0], Row):
            items = items[0].items
        parts = _split(items, _CONJUNCTIONS)
        if len(parts) > 1 and any(has_relation(part) for part in parts):
            read = tuple(self.condition(part) for part in parts if part)
            return Together(read, items[0].span.cover(items[-1].span))
        for place, item in enumerate(items):
            if isinstance(item, Mark) and item.text in table.RELATION_SIGNS | table.MEMBERSHIPS:
                return self._comparison(items, place)
        return self.inside(items)

    def _comparison(self, items: Sequence[Node], place: int) -> Expression:
        left = self.inside(items[:place]) if place else Unread("a left side", "nothing", items[0].span)
        rest = items[place + 1 :]
        following = next((k for k, item in enumerate(rest) if isinstance(item, Mark) and item.text in table.RELATION_SIGNS), None)
        span = items[0].span.cover(items[-1].span)
        right = self.inside(rest[:following]) if rest else Unread("a right side", "nothing", items[-1].span)
        comparison = Comparison(left, items[place].text, right, span)
        if following is None:
            return comparison
        return Together((comparison, self._comparison(rest, following)), span)

    # -- sums

    def sum(self, cursor: Cursor) -> Expression:
        """Terms up to the end of the row, or to what is no term. Doubts about the reach of sums inside give a second option."""
        start, outer = cursor.at, self.widened
        self.widened = False
        wide = self._sum(cursor)
        if self.widened and not self.narrow:
            end, self.narrow = cursor.at, True
            cursor.at = start
            close = self._sum(cursor)
            self.narrow = False
            if cursor.at == end:
                wide = doubted(((wide, 0), (close, 4)), "how far a sum reaches", wide.span)
            cursor.at = end
        self.widened = outer
        return wide

    def _sum(self, cursor: Cursor) -> Expression:
        terms: list[tuple[str, Expression]] = []
        start = cursor.here()
        while True:
            sign = ""
            while cursor.is_mark(*ADDITIVE):
                sign = _combined(sign, ADDITIVE[cursor.take().text])
            terms.append((sign or "+", self.product(cursor)))
            if not cursor.is_mark(*ADDITIVE):
                break
        if len(terms) == 1 and terms[0][0] == "+":
            return terms[0][1]
        return with_reach(Sum(tuple(terms), start.cover(terms[-1][1].span)))

    # -- products

    def product(self, cursor: Cursor) -> Expression:
        """Factors up to a plus, minus, relation or separator. A slash divides what stands before it by the next factor."""
        factors = [self.factor(cursor)]
        signs: list[str] = []
        divided: Quotient | None = None
        while True:
            sign = self._sign_between(cursor)
            if sign is None:
                break
            if sign == "/":
                below = self._divisor(cursor)
                above = divisor.product_in_doubt(divided, factors, signs)
                divided = Quotient(above, below, above.span.cover(below.span))
                factors, signs = [divided], []
                continue
            factor = self.factor(cursor)
            at = self._evaluated(factors, factor)
            if at is not None:
                factors, signs = [at], []
                continue
            factors.append(factor)
            signs.append(sign)
        return divisor.product_in_doubt(divided, factors, signs)

    def _sign_between(self, cursor: Cursor) -> str | None:
        """The sign before the next factor, taken in; empty for juxtaposition; None where no factor follows."""
        item = cursor.peek()
        if item is None:
            return None
        if isinstance(item, Mark):
            if item.text == "/":
                cursor.take()
                return "/"
            if item.text in MULTIPLICATIVE and cursor.peek(1) is not None:
                return MULTIPLICATIVE[cursor.take().text]
            if item.text == "." and cursor.at and isinstance(cursor.peek(1), Fraction | Glyph | Fenced | Scripts | Digits):
                cursor.take()
                return r"\cdot"
            return "" if item.text in table.DOTS or item.text in ("|", r"\|", "sized|", r"sized\|") else None
        if isinstance(item, Words) and not is_identifier_text(item.text):
            return None
        return ""

    def _divisor(self, cursor: Cursor) -> Expression:
        """What stands behind a slash: one factor, with a sign of its own."""
        if cursor.is_mark("-", "+"):
            start, is_negative = cursor.here(), cursor.is_mark("-")
            cursor.take()
            inner = self.factor(cursor)
            return Sum((("-", inner),), start.cover(inner.span)) if is_negative else inner
        return self.factor(cursor)

    def _evaluated(self, factors: list[Expression], factor: Expression) -> Expression | None:
        """An evaluation bar takes in all that stands before it."""
        if isinstance(factor, At) and isinstance(factor.body, Phrase) and factors:
            body = divisor.joined(factors, [""] * (len(factors) - 1))
            return At(body, factor.where, factor.ends, body.span.cover(factor.span))
        return None

    # -- factors

    def factor(self, cursor: Cursor) -> Expression:
        """One factor with what is applied to it and stands behind it."""
        item = cursor.peek()
        if item is None:
            return Unread("a factor", "nothing", cursor.here())
        made = self._factor(cursor, item)
        while cursor.is_mark("!"):
            end = cursor.take().span
            made = Call(Name("factorial", end), (made,), made.span.cover(end))
        if isinstance(made, Literal) and cursor.is_mark("%"):
            made = Literal(made.value / 100, made.span.cover(cursor.take().span), made.decimals + 2)
        return made

    def _factor(self, cursor: Cursor, item: Node) -> Expression:
        match item:
            case Glyph() | Accent():
                return operator.read_letter(self, cursor)
            case Scripts():
                return operator.read_scripted(self, cursor)
            case Digits():
                return self._number(cursor)
            case Fraction():
                return operator.read_fraction(self, cursor)
            case Fenced():
                return bracket.read_fenced(self, cursor.take())
            case Row():
                cursor.take()
                return replace(self.inside(item.items), span=item.span) if item.items else Unread("a factor", "nothing", item.span)
            case Root():
                cursor.take()
                degree = Literal(Rational(2), item.span) if item.degree is None else self.inside([item.degree])
                one = Literal(Rational(1), item.span)
                return Power(self.inside([item.body]), Quotient(one, degree, item.span), item.span)
            case Grid():
                return bracket.read_grid(self, cursor.take())
            case Words():
                return operator.read_words(self, cursor)
            case Noted():
                return self._noted(cursor)
            case Mark():
                return self._mark(cursor, item)
            case Broken():
                cursor.take()
                return Unread(item.expected, item.found, item.span)
        raise AssertionError(type(item).__name__)

    def _number(self, cursor: Cursor) -> Expression:
        item = cursor.take()
        assert isinstance(item, Digits)
        following = cursor.peek()
        fence = following.base if isinstance(following, Scripts) else following
        if item.text == "1" and isinstance(fence, Fenced) and has_relation(fence.body.items):
            cursor.take()
            made = indicator(self, item.span, fence)
            return self.scripts(made, replace(following, base=None)) if isinstance(following, Scripts) else made
        return literal(item)

    def _noted(self, cursor: Cursor) -> Expression:
        item = cursor.take()
        assert isinstance(item, Noted)
        if item.manner == "struck":
            return self._struck(item)
        if isinstance(item.body, Mark):
            return Unread("a factor", _shown(item.body), item.span)
        return self.inside([item.body])

    def _struck(self, item: Noted) -> Expression:
        """What is struck out inside a formula cancels against something: it is there, or it is gone, as a factor or as a summand."""
        body = self.inside([item.body])
        if isinstance(body, Unread):
            return body
        return doubted(((body, 0), (Literal(Rational(1), item.span), GONE), (Literal(Rational(0), item.span), GONE)), "what is struck out", item.span)

    def _mark(self, cursor: Cursor, item: Mark) -> Expression:
        if item.text in ADDITIVE:
            cursor.take()
            inner = self.factor(cursor)
            return inner if item.text == "+" else Sum(((ADDITIVE[item.text], inner),), item.span.cover(inner.span))
        if item.text in table.DOTS:
            cursor.take()
            return Dots(item.span)
        if item.text in ("|", r"\|", "sized|", r"sized\|"):
            return bracket.read_modulus(self, cursor)
        if item.text == "#" and isinstance(cursor.peek(1), Glyph | Scripts | Accent):
            cursor.take()
            inner = self.factor(cursor)
            if isinstance(inner, Name):
                return Name(rf"\#{bare_word(inner.spelling)}", item.span.cover(inner.span), inner.indices, inner.samples)
            return Call(Name("cardinality", item.span), (inner,), item.span.cover(inner.span))
        cursor.take()
        return Phrase(item.text, item.span) if item.text == "?" else Unread("a factor", _shown(item), item.span)

    def named(self, node: Node, word: str | None = None) -> Name | None:
        """The name that a node prints, without scripts."""
        if word is not None:
            return Name(upright(word), node.span)
        spelled = spell(node)
        return None if spelled is None else Name(spelled.spelling, node.span, bold=spelled.bold)

    def scripts(self, base: Expression, node: Scripts) -> Expression:
        return read_scripts(self, base, node)


def literal(node: Digits) -> Literal:
    decimals = len(node.text.partition(".")[2])
    return Literal(Rational(node.text), node.span, decimals)


def _combined(first: str, second: str) -> str:
    if not first:
        return second
    return {("-", "-"): "+", ("+", "-"): "-", ("-", "+"): "-", ("+", "+"): "+"}.get((first, second), second)


def _split(items: Sequence[Node], texts: frozenset[str]) -> list[list[Node]]:
    parts: list[list[Node]] = [[]]
    for item in items:
        if isinstance(item, Mark) and item.text in texts:
            parts.append([])
        else:
            parts[-1].append(item)
    return [part for part in parts if part]



def _is_silent(item: Node) -> bool:
    """What prints nothing that matters: alignment, tags, wide spaces at places where no list is read."""
    return (isinstance(item, Mark) and (item.text == "&" or item.text in table.WIDE_SPACES)) or (
        isinstance(item, Noted) and item.manner == "tag"
    )


def _shown(item: Node | None) -> str:
    if item is None:
        return "the end"
    if isinstance(item, Mark | Glyph | Digits | Words):
        return item.text.strip() or "a space"
    return {Fenced: "a bracket", Grid: "a matrix", Fraction: "a fraction", Scripts: "a script"}.get(type(item), "something else")
