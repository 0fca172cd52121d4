"""Integrals, up to their differentials."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Rational
from typing import TYPE_CHECKING

from derivcheck.latex.node import Accent, Digits, Fraction, Glyph, Node, Row, Scripts, items_of
from derivcheck.reading.differential import differential_sign
from derivcheck.reading.expression import Expression, Integration, Literal, Unread
from derivcheck.source import Span

if TYPE_CHECKING:
    from derivcheck.reading.reader import Cursor, Reader


def read_integral(reader: Reader, cursor: Cursor, node: Scripts | None) -> Expression:
    """An integral sign up to its differential; the differential may stand in a numerator."""
    start = cursor.take().span
    below, above = (node.below, node.above) if node is not None else (None, None)
    place = _differential_place(reader, cursor)
    if place is None:
        inside = _differential_in_fraction(reader, cursor)
        if inside is None:
            cursor.at = len(cursor.items)
            return Unread("a differential such as dx", "none", start)
        integrand, variable, end = inside
    else:
        integrand, variable = _integrand(reader, list(cursor.items[cursor.at : place]), cursor.items[place + 1], start)
        end = cursor.items[place + 1].span
        cursor.at = place + 2
    lower = reader.inside([below]) if below is not None and above is not None else None
    upper = reader.inside([above]) if above is not None else None
    return Integration(integrand, variable, lower, upper, start.cover(end))


def _integrand(reader: Reader, body: list[Node], variable: Node, span: Span) -> tuple[Expression, Expression]:
    """The integrand and the variable of an integral. A variable with a prime is another letter than the one without, and no derivative."""
    outer = reader.vocabulary
    if isinstance(variable, Scripts) and variable.primes and isinstance(variable.base, Glyph):
        reader.vocabulary = replace(outer, dummies=outer.dummies | {variable.base.text + "'" * variable.primes})
    try:
        return reader.inside(body) if body else Literal(Rational(1), span), reader.inside([variable])
    finally:
        reader.vocabulary = outer


def _differential_place(reader: Reader, cursor: Cursor) -> int | None:
    """Where the d of the differential that closes this integral stands; an integral inside closes first."""
    level = 0
    for place in range(cursor.at, len(cursor.items) - 1):
        item = cursor.items[place]
        base = item.base if isinstance(item, Scripts) else item
        if isinstance(base, Glyph) and base.text == r"\int":
            level += 1
        following = cursor.items[place + 1]
        inner = following.base if isinstance(following, Scripts) else following
        if differential_sign(item) == "total" and isinstance(inner, Glyph | Accent):
            if level == 0:
                return place
            level -= 1
    return None


def _differential_in_fraction(reader: Reader, cursor: Cursor) -> tuple[Expression, Expression, Span] | None:
    r"""The integrand, the variable and the end of an integral whose differential stands in a numerator: ``\int x \frac{dx}{1 + x^2}``."""
    for count, node in enumerate(cursor.rest):
        if not isinstance(node, Fraction):
            continue
        above = items_of(node.above)
        for place in range(len(above) - 1):
            if differential_sign(above[place]) == "total":
                kept = above[:place] + above[place + 2 :]
                quotient = Fraction(Row(tuple(kept) or (Digits("1", node.span),), node.above.span), node.below, node.span)
                body = [*cursor.rest[:count], quotient]
                cursor.at += count + 1
                return *_integrand(reader, body, above[place + 1], node.span), node.span
    return None
