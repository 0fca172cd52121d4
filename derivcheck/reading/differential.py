"""Derivatives written as fractions or with a slash, gradients and limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivcheck.latex.node import Accent, Digits, Fenced, Fraction, Glyph, Mark, Node, Row, Scripts, Words, items_of
from derivcheck.reading.custom import COEFFICIENTS
from derivcheck.reading.expression import (
    At,
    Call,
    Differential,
    Expression,
    Gradient,
    Infinitesimal,
    Limiting,
    Literal,
    Name,
    Power,
    Product,
    Quotient,
    Sum,
    Transpose,
    Unread,
    doubted,
)
from derivcheck.reading.fold import extended
from derivcheck.reading.word import begins_function
from derivcheck.source import Span

if TYPE_CHECKING:
    from derivcheck.reading.reader import Cursor, Reader

MAX_ORDER = 20
PARTIAL = frozenset((r"\partial", "∂"))
_STRAIGHT = frozenset(("d", r"\dd", r"\mathrm{d}"))


def differential_sign(item: Node | None) -> str | None:
    """``partial`` or ``total`` where a node is the d of a derivative."""
    if not isinstance(item, Glyph):
        return None
    if item.text in PARTIAL:
        return "partial"
    return "total" if item.text in _STRAIGHT and item.style in ("", "upright") else None


def _unwrapped(items: Sequence[Node]) -> tuple[Node | None, int]:
    """The first node without its power, and the power: ``\\partial^2`` gives (∂, 2)."""
    if not items:
        return None, 0
    first = items[0]
    if isinstance(first, Scripts) and first.below is None and isinstance(first.above, Digits) and first.above.text.isdigit():
        return first.base, int(first.above.text)
    return first, 1


def read_fraction(reader: Reader, cursor: Cursor, node: Fraction) -> Expression | None:
    r"""A fraction as a derivative; None where it is a plain quotient.

    ``\frac{d}{dx}`` takes in what follows. ``\frac{\partial L}{x_i}`` and ``\frac{dE}{w}``, with the lower d left out, are read as
    derivatives too, the second one as a doubt where d may be a factor.
    """
    above, below = list(items_of(node.above)), list(items_of(node.below))
    head, order = _unwrapped(above)
    kind = differential_sign(head)
    if kind is None or not below or (_holds_slashed(above) and _holds_slashed(below)):
        return None
    lower, _ = _unwrapped(below)
    lower_kind = differential_sign(lower)
    total = kind == "total"
    if lower_kind is None:
        return _without_lower_d(reader, node, above, below, kind, order)
    if total and "d" in reader.vocabulary.plain and len(above) == 1 and not _looks_differential(below):
        return None
    if order > MAX_ORDER:
        return Unread(f"a derivative of at most order {MAX_ORDER}", f"order {order}", node.span)
    by = _variables(reader, below, order)
    if by is None:
        return None
    if len(by) > MAX_ORDER:
        return Unread(f"a derivative of at most order {MAX_ORDER}", f"order {len(by)}", node.span)
    body = _numerator(reader, above[1:]) if len(above) > 1 else _operand(reader, cursor, node.span)
    return _differentiated(body, by, total, node.span.cover(body.span))


def _holds_slashed(items: Sequence[Node]) -> bool:
    r"""Whether a derivative with a slash stands in a row: ``\partial v / \partial m``; of two such ones a fraction is the quotient."""
    return any(isinstance(item, Mark) and item.text == "/" and differential_sign(_unwrapped(items[place + 1 :])[0]) is not None for place, item in enumerate(items))


def _differentiated(body: Expression, by: tuple[Expression, ...], total: bool, span: Span) -> Expression:
    """A derivative; an evaluation bar behind its operand is one of the derivative."""
    if isinstance(body, At) and body.where:
        return At(Differential(body.body, by, total, span), body.where, body.ends, span)
    return Differential(body, by, total, span)


def _looks_differential(below: list[Node]) -> bool:
    """Whether a d stands before a variable below a lone d. However far apart: nobody leaves a factor of both ends of a quotient there."""
    return len(below) > 1 and isinstance(below[1], Glyph | Scripts | Accent | Fenced | Row)


def _numerator(reader: Reader, items: list[Node]) -> Expression:
    items = list(items)
    if len(items) > 1 and isinstance(items[0], Glyph) and items[0].text in (r"\,",):
        items = items[1:]
    return reader.inside(items)


def _without_lower_d(reader: Reader, node: Fraction, above: list[Node], below: list[Node], kind: str, order: int) -> Expression | None:
    if len(above) < 2 or order > 1:
        return None
    body, by = reader.inside(above[1:]), reader.inside(below)
    if not isinstance(by, Name) or isinstance(body, Unread):
        return None
    derivative = Differential(body, (by,), kind == "total", node.span)
    if kind == "partial":
        return derivative
    close = isinstance(above[1], Glyph | Scripts | Accent) and not getattr(
        above[1] if not isinstance(above[1], Scripts) else above[1].base, "spaced", False
    )
    if not close or not isinstance(body, Name) or ("d" in reader.vocabulary.plain and body.spelling not in reader.vocabulary.differentiated):
        return None
    return doubted(((derivative, 0), (Quotient(reader.inside(above), by, node.span), 4)), "derivative or quotient", node.span)


def _variables(reader: Reader, items: list[Node], order: int) -> tuple[Expression, ...] | None:
    r"""What is differentiated by: ``\partial x_i \partial x_j`` gives two, ``\partial x^2`` and ``dx^2`` give x twice."""
    groups: list[list[Node]] = []
    for item in items:
        plain, _ = _unwrapped([item])
        if differential_sign(plain) and (item is items[0] or differential_sign(item) == "partial" or len(groups[-1]) > 0):
            groups.append([])
        elif not groups:
            return None
        else:
            groups[-1].append(item)
    found: list[Expression] = []
    for group in groups:
        if not group:
            return None
        found += _one_variable(reader, group, order, len(groups))
    return tuple(found)


def _one_variable(reader: Reader, group: list[Node], order: int, count: int) -> list[Expression]:
    last = group[-1]
    if (
        order > 1
        and isinstance(last, Scripts)
        and isinstance(last.above, Digits)
        and last.above.text.isdigit()
        and int(last.above.text) <= order
    ):
        times = int(last.above.text)
        bare = Scripts(last.base, last.below, None, last.primes, last.span) if last.below is not None or last.primes else last.base
        return [reader.inside([*group[:-1], bare])] * times
    only = reader.inside(group)
    return [only] * (order if count == 1 else 1)


def _operand(reader: Reader, cursor: Cursor, span: Span) -> Expression:
    """What an operator such as d/dx is applied to: the product behind it, a sign before it included."""
    if cursor.is_mark(r"\cdot", "*", r"\times"):
        cursor.take()
    if cursor.peek() is None:
        return Unread("something to differentiate", "nothing", span)
    sign = cursor.here()
    is_negative = cursor.is_mark("-")
    if cursor.is_mark("-", "+"):
        cursor.take()
    body = reader.product(cursor)
    return Sum((("-", body),), sign.cover(body.span)) if is_negative else body


def read_slashed(reader: Reader, cursor: Cursor) -> Expression | None:
    r"""``\partial L / \partial y_i``, ``dL/dx``, ``d/dx``, and a lone ``dx``; None where the letter d is a plain name."""
    kind = differential_sign(cursor.peek())
    if kind is None:
        return None
    items = cursor.rest
    slash = next((k for k, item in enumerate(items[:6]) if isinstance(item, Mark) and item.text == "/"), None)
    if (
        slash is not None
        and slash + 2 < len(items) + 1
        and slash + 1 < len(items)
        and differential_sign(_unwrapped(items[slash + 1 :])[0]) == kind
    ):
        return _slashed(reader, cursor, kind, slash)
    if slash is not None and slash + 1 < len(items):
        whole = Fraction(Row(tuple(items[:slash]), items[0].span), items[slash + 1], items[0].span.cover(items[slash + 1].span))
        short = _without_lower_d(reader, whole, list(items[:slash]), [items[slash + 1]], kind, 1)
        if short is not None:
            cursor.at += slash + 2
            return short
    if kind == "total":
        return _infinitesimal(reader, cursor)
    return _partial_pair(reader, cursor)


def _slashed(reader: Reader, cursor: Cursor, kind: str, slash: int) -> Expression | None:
    above = list(cursor.rest[1:slash])
    variable = cursor.rest[slash + 2 : slash + 3]
    if not variable or not isinstance(variable[0], Glyph | Scripts | Accent | Fenced | Row):
        return None
    start = cursor.here()
    cursor.at += slash + 3
    by = reader.inside(list(variable))
    body = reader.inside(above) if above else _operand(reader, cursor, start)
    return _differentiated(body, (by,), kind == "total", start.cover(by.span))


def _infinitesimal(reader: Reader, cursor: Cursor) -> Expression | None:
    """A lone ``dx``, or ``d(x y)`` and ``d \\log x``, unless d is a name of its own in this document."""
    following = cursor.peek(1)
    base = following.base if isinstance(following, Scripts) else following
    if "d" in reader.vocabulary.plain:
        return None
    start = cursor.here()
    cursor.at += 1
    if (isinstance(base, Fenced) and "d" not in reader.vocabulary.applied) or (following is not None and begins_function(reader, cursor)):
        of = reader.factor(cursor)
        return Infinitesimal(of, start.cover(of.span))
    cursor.at -= 1
    if not isinstance(base, Glyph | Accent):
        return None
    start = cursor.take().span
    of = reader.inside([cursor.take()])
    return Infinitesimal(of, start.cover(of.span))


def _partial_pair(reader: Reader, cursor: Cursor) -> Expression:
    start = cursor.take().span
    following = cursor.peek()
    if following is None:
        return Unread("a derivative", "a lone ∂", start)
    cursor.take()
    of = reader.inside([following])
    return Infinitesimal(of, start.cover(of.span))


# -- gradients


def read_gradient(reader: Reader, cursor: Cursor, node: Scripts | None) -> Expression:
    """A nabla with its variable and order, and what it is applied to."""
    start = cursor.take().span
    if node is None and cursor.is_mark(r"\cdot", r"\times") and cursor.peek(1) is not None:
        word = "div" if cursor.take().text == r"\cdot" else "curl"
        field = reader.factor(cursor)
        return Call(Name(word, start), (field,), start.cover(field.span))
    by, order = None, 1
    while node is not None:
        if node.below is not None:
            by = reader.inside([node.below])
        if isinstance(node.above, Digits) and node.above.text == "2":
            order = 2
        following = cursor.peek()
        node = None
        if isinstance(following, Scripts) and following.base is None:
            node = following
            cursor.take()
    if cursor.peek() is None or (isinstance(cursor.peek(), Mark) and not cursor.is_mark("|", r"\|")):
        nothing = Unread("something to differentiate", "nothing", start)
        return Gradient(nothing, by, order, start)
    here = cursor.at
    first = reader.factor(cursor)
    if isinstance(first, Literal | Quotient | Transpose | Power) or is_coefficient(first):
        cursor.at = here
        whole = reader.product(cursor)
        wide = Gradient(whole, by, order, start.cover(whole.span))
        return _or_transposed(wide, first) if isinstance(first, Transpose) and order == 1 else wide
    return Gradient(first, by, order, start.cover(first.span))


def _or_transposed(wide: Gradient, first: Transpose) -> Expression:
    r"""``\nabla f(x)^T d`` and ``\nabla f^T d``: the gradient of f as a row, or that of the product; ``\nabla_x a^T x`` is the latter."""
    if not isinstance(first.body, Call) and (wide.by is not None or not isinstance(first.body, Name)):
        return wide
    slope = Transpose(Gradient(first.body, wide.by, 1, wide.span), wide.span)
    rest = wide.body
    if rest == first:
        return doubted(((slope, 0), (wide, 2)), "how far a gradient reaches", wide.span)
    if not isinstance(rest, Product) or rest.factors[0] != first:
        return wide
    return doubted(((Product((slope, *rest.factors[1:]), rest.signs, wide.span), 0), (wide, 2)), "how far a gradient reaches", wide.span)


def is_coefficient(expression: Expression) -> bool:
    r"""Whether a name is customarily a constant factor: the gradient in ``\nabla \lambda \|w\|^2`` is that of the product."""
    return isinstance(expression, Name) and expression.spelling in COEFFICIENTS


# -- limits


def read_limit(reader: Reader, cursor: Cursor, node: Scripts | None) -> Expression:
    r"""``\lim_{x \to 0^+}`` and what is behind it: a product, and the terms that mention its variable."""
    span = node.span if node is not None else cursor.here()
    if node is None or node.below is None:
        return Unread("what the limit runs to", "nothing", span)
    items = [item for item in items_of(node.below) if not isinstance(item, Words)]
    arrow = next(
        (k for k, item in enumerate(items) if isinstance(item, Mark) and item.text in (r"\to", r"\rightarrow", r"\longrightarrow")), None
    )
    if not arrow:
        return Unread("an arrow below the limit", "something else", span)
    variable = reader.inside(items[:arrow])
    point, direction = _point(reader, items[arrow + 1 :])
    body = reader.product(cursor) if cursor.peek() is not None else Unread("something behind the limit", "nothing", span)
    if not isinstance(variable, Name):
        return Unread("a variable below the limit", "something else", span)
    body = extended(reader, cursor, body, {variable.spelling})
    return Limiting(body, variable, point, direction, span.cover(body.span))


def _point(reader: Reader, items: list[Node]) -> tuple[Expression, str]:
    """The point that a limit tends to, and the side it comes from."""
    last = items[-1] if items else None
    if (
        isinstance(last, Scripts)
        and isinstance(last.above, Mark)
        and last.above.text in ("+", "-")
        and last.below is None
        and last.base is not None
    ):
        return reader.inside([*items[:-1], last.base]), last.above.text
    if not items:
        return Unread("a point", "nothing", Span(0, 0)), "both"
    return reader.inside(items), "both"


def relates_differentials(members: Sequence[Sequence[Node]]) -> bool:
    """Whether a statement is one between differentials, ``du = 2x dx`` or ``du / u = dx``: then its d is no name, whatever d is elsewhere in the document."""
    first = members[0] if members else ()
    if len(first) == 1 and isinstance(first[0], Fraction) and not _has_differential(items_of(first[0].below)):
        first = items_of(first[0].above)
    return len(first) == 2 and _has_differential(first) and any(map(_has_differential, members[1:]))


def _has_differential(items: Sequence[Node]) -> bool:
    """Whether a d stands close before a letter."""
    bases = [item.base if isinstance(item, Scripts) and item.above is None else item for item in items]
    pairs = zip(items, bases[1:], strict=False)
    return any(differential_sign(sign) == "total" and isinstance(base, Glyph | Accent) and not getattr(base, "spaced", False) for sign, base in pairs)
