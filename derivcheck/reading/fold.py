"""Sums, products, maxima and minima: their limits, and how far they reach without brackets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.latex import command as table
from derivcheck.latex.node import Accent, Fenced, Fraction, Glyph, Grid, Mark, Node, Noted, Root, Row, Scripts, Words, items_of
from derivcheck.reading.bracket import split_list
from derivcheck.reading.content import names_of
from derivcheck.reading.custom import DENSITIES
from derivcheck.reading.expression import (
    Binder,
    Call,
    Chance,
    Choice,
    Comparison,
    Expression,
    Name,
    Product,
    Sum,
    Together,
    Unread,
    doubted,
)
from derivcheck.source import Span

if TYPE_CHECKING:
    from derivcheck.reading.reader import Cursor, Reader

# How far-fetched it is that a factor without the index stands outside a product: behind a sign, and written close to it.
APART, RUN_ON = 1, 10


def read_fold(reader: Reader, cursor: Cursor, operation: str, node: Scripts | None, span: Span) -> Expression:
    """A big operator: the variables it binds, its bounds and condition, and its body.

    Source: the reach of an unbracketed sum is a habit, not a rule; the index tells: terms behind the sum that mention it belong to it.
    """
    below = node.below if node is not None else None
    above = node.above if node is not None else None
    variables, lower, condition = _limits(reader, below)
    body = _body(reader, cursor, operation, span)
    variables = _running(variables, condition, body)
    letters = {variable.spelling for variable in variables}
    if operation in ("+", "*"):
        body = extended(reader, cursor, body, letters)
    upper = reader.inside([above]) if above is not None else None
    whole = Binder(operation, variables, lower, upper, condition, body, span.cover(body.span))
    return _in_reach(whole, letters) if operation == "*" else whole


def _in_reach(whole: Binder, letters: set[str]) -> Expression:
    r"""A product with the doubt where it ends: the factors behind the last one that mentions its index may stand outside,
    as a prior does behind a likelihood. It takes them in first of all, but for a big operator that binds the same index again.
    """
    body = whole.body
    mentioning = [place for place, factor in enumerate(body.factors) if _speaks(factor, letters)] if isinstance(body, Product) else []
    if not mentioning or not isinstance(body, Product) or mentioning[-1] == len(body.factors) - 1:
        return whole
    options: list[tuple[Expression, int]] = [(whole, 0)]
    for end in range(mentioning[-1] + 1, len(body.factors)):
        inside, outside = body.factors[:end], body.factors[end:]
        is_apart = body.signs[end - 1] != "" or _is_density(outside[0])
        within = inside[0] if end == 1 else Product(inside, body.signs[: end - 1], inside[0].span.cover(inside[-1].span))
        narrow = replace(whole, body=within, span=whole.span.cover(within.span))
        divided = Product((narrow, *outside), body.signs[end - 1 :], whole.span)
        operator = _leading(outside[0])
        if isinstance(operator, Binder) and letters & names_of(*operator.variables):
            return divided
        options.append((divided, 0 if isinstance(operator, Binder) else APART if is_apart else RUN_ON))
    return doubted(tuple(options), "how far a product reaches", whole.span)


def _speaks(expression: Expression, letters: set[str]) -> bool:
    """Whether an expression mentions a letter outside the big operators in it that bind it again."""
    match expression:
        case Choice():
            return _speaks(expression.options[0][0], letters)
        case Product():
            return any(_speaks(factor, letters) for factor in expression.factors)
        case Binder():
            free = letters - names_of(*expression.variables)
            return bool(free & names_of(expression.upper, expression.condition)) or _speaks(expression.body, free)
    return bool(letters & names_of(expression))


def _leading(factor: Expression) -> Expression:
    """What a factor begins with, in its most plausible reading."""
    while isinstance(factor, Choice | Product):
        factor = factor.options[0][0] if isinstance(factor, Choice) else factor.factors[0]
    return factor


def _is_density(factor: Expression) -> bool:
    return isinstance(factor, Chance) or (isinstance(factor, Call) and factor.function.spelling in DENSITIES)


def _running(variables: tuple[Name, ...], condition: Expression | None, body: Expression) -> tuple[Name, ...]:
    r"""The names that a fold binds; below ``\sum_{i \ne j}`` it is the one of the two that its body speaks of."""
    if not isinstance(condition, Comparison) or condition.sign != r"\ne" or not isinstance(condition.right, Name):
        return variables
    mentioned = names_of(body)
    is_other = condition.right.spelling in mentioned and not {variable.spelling for variable in variables} & mentioned
    return (_counter(condition.right),) if is_other else variables


def _body(reader: Reader, cursor: Cursor, operation: str, span: Span) -> Expression:
    following = cursor.peek()
    if following is None or (isinstance(following, Mark) and following.text not in ("|", r"\|", "sized|", "-", "+", *table.DOTS)):
        return Unread("something to sum over" if operation == "+" else "something behind the operator", "nothing", span)
    if operation in ("max", "min", "argmax", "argmin"):
        return reader.product(cursor)
    if isinstance(following, Mark) and following.text in ("-", "+"):
        cursor.take()
        inner = reader.product(cursor)
        return Sum((("-", inner),), following.span.cover(inner.span)) if following.text == "-" else inner
    return reader.product(cursor)


def extended(reader: Reader, cursor: Cursor, body: Expression, letters: set[str]) -> Expression:
    """The body of a sum or limit together with the terms behind it that mention a bound letter, unless the narrow reading is asked for."""
    if not letters or not cursor.is_mark("+", "-"):
        return body
    reach = _last_mention(cursor.rest, letters)
    if reach is None:
        return body
    reader.widened = True
    if reader.narrow:
        return body
    terms: list[tuple[str, Expression]] = [("+", body)] if not isinstance(body, Sum) else list(body.terms)
    end = cursor.at + reach
    while cursor.at <= end and cursor.is_mark("+", "-"):
        sign = cursor.take().text
        terms.append((sign, reader.product(cursor)))
    return Sum(tuple(terms), body.span.cover(terms[-1][1].span))


def _last_mention(items: Sequence[Node], letters: set[str]) -> int | None:
    """The place of the last node that mentions a letter that no big operator before it in its term binds again."""
    last, bound = None, set()
    for place, item in enumerate(items):
        if isinstance(item, Mark) and item.text in ("+", "-"):
            bound = set()
        bound |= _bound_by(item)
        if mentions(item, letters - bound):
            last = place
    return last


def _bound_by(item: Node) -> set[str]:
    if isinstance(item, Scripts) and isinstance(item.base, Glyph) and item.base.text in (r"\sum", r"\prod", r"\max", r"\min", r"\lim"):
        return set(bound_letters(item.below))
    return set()


def bound_letters(below: Node | None) -> list[str]:
    """The first letter of each part of a subscript, where it begins with one: what the sum above it binds."""
    found: list[str] = []
    for part in split_list(items_of(below)):
        for item in part:
            if isinstance(item, Mark):
                break
            if isinstance(item, Glyph):
                found.append(item.text)
    return found


def mentions(node: Node, letters: set[str]) -> bool:
    """Whether a letter occurs in a node outside the reach of an operator that binds it there."""
    if not letters:
        return False
    match node:
        case Glyph():
            return node.text in letters and not node.style
        case Row():
            return _last_mention(node.items, letters) is not None
        case Scripts():
            inner = letters - _bound_by(node)
            return any(part is not None and mentions(part, inner) for part in (node.base, node.below, node.above))
        case Fraction():
            return mentions(node.above, letters) or mentions(node.below, letters)
        case Accent() | Root() | Fenced() | Noted():
            return mentions(node.body, letters)
        case Grid():
            return any(mentions(cell, letters) for row in node.rows for cell in row)
    return False


def _limits(reader: Reader, below: Node | None) -> tuple[tuple[Name, ...], Expression | None, Expression | None]:
    """The bound names, the lower bound, and the condition that a subscript states."""
    if below is None:
        return (), None, None
    items = [item for item in items_of(below) if not isinstance(item, Words)]
    parts = split_list(items)
    variables: list[Name] = []
    conditions: list[Expression] = []
    lower: Expression | None = None
    for part in parts:
        names, low, condition = _one_limit(reader, part)
        variables += [name for name in names if name.spelling not in {known.spelling for known in variables}]
        lower = low if low is not None else lower
        if condition is not None:
            conditions.append(condition)
    if not conditions:
        return tuple(variables), lower, None
    return tuple(variables), lower, conditions[0] if len(conditions) == 1 else Together(tuple(conditions), below.span)


def _one_limit(reader: Reader, part: list[Node]) -> tuple[list[Name], Expression | None, Expression | None]:
    condition = reader.condition(part)
    if isinstance(condition, Comparison) and condition.sign in ("=", ":=") and isinstance(condition.left, Name):
        return [_counter(condition.left)], condition.right, None
    if isinstance(condition, Comparison):
        return _compared(condition)
    if isinstance(condition, Together):
        names = [name for piece in condition.parts if isinstance(piece, Comparison) for name in _compared(piece)[0]]
        return names[:1], None, condition
    if all(isinstance(item, Glyph) and len(item.text) == 1 for item in part):
        return [Name(item.text, item.span) for item in part], None, None
    return ([_counter(condition)], None, None) if isinstance(condition, Name) else ([], None, condition)


def _counter(name: Name) -> Name:
    """A bound name as such: of ``x^{(i)}`` below a product sign the sample counts."""
    if name.samples and isinstance(name.samples[0], Name):
        return name.samples[0]
    return name


def _compared(condition: Comparison) -> tuple[list[Name], Expression | None, Expression | None]:
    """``k \\neq i`` binds k, ``i < j`` binds i (and j, where nothing else binds it), ``x \\in S`` binds x."""
    left = condition.left
    if not isinstance(left, Name):
        return [], None, condition
    names = [_counter(left)]
    return names, None, condition
