r"""Derivatives by what stands below the sign: ``\partial_x f``, and a capital D before a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.latex.node import Accent, Digits, Fenced, Glyph, Mark, Scripts, Words, items_of
from derivcheck.reading.custom import COORDINATES, PARTIAL_COUNTERS, VARIABLES
from derivcheck.reading.differential import MAX_ORDER, PARTIAL, is_coefficient
from derivcheck.reading.expression import Call, Differential, Expression, Gradient, Literal, Name, Product, Unread, doubted

if TYPE_CHECKING:
    from derivcheck.reading.reader import Cursor, Reader


def read_partial(reader: Reader, cursor: Cursor, node: Scripts) -> Expression:
    r"""``\partial_x f``, ``\partial_{xy} f``, ``\partial_x^2 f``: what it is taken by stands below, its order above."""
    start = cursor.take().span
    by = _below_partial(reader, node)
    if by is None:
        return Unread("what is differentiated by", "something else", node.span)
    if len(by) > MAX_ORDER:
        return Unread(f"a derivative of at most order {MAX_ORDER}", f"order {len(by)}", node.span)
    if cursor.peek() is None or (isinstance(cursor.peek(), Mark) and not cursor.is_mark("|", r"\|")):
        return Unread("something to differentiate", "nothing", start)
    first, wide = _reach(reader, cursor)
    near = Differential(first, by, False, start.cover(first.span))
    if wide is None:
        return near
    far = Differential(wide, by, False, start.cover(wide.span))
    rest = Product((near, *wide.factors[1:]), wide.signs, far.span)
    options = ((rest, 0), (far, 2)) if isinstance(first, Call | Name) else ((far, 0), (rest, 2))
    return doubted(options, "how far a derivative reaches", far.span)


def _below_partial(reader: Reader, node: Scripts) -> tuple[Expression, ...] | None:
    """What a partial is taken by, as often as its order says; None where an index counts variables that are not told."""
    above = node.above
    if node.primes or (above is not None and not (isinstance(above, Digits) and above.text.isdigit() and int(above.text) > 0)):
        return None
    items = [item for item in items_of(node.below) if not (isinstance(item, Mark) and item.text == ",")]
    by = tuple(reader.inside([item]) for item in items)
    if not by or not all(isinstance(one, Name) and one.spelling not in PARTIAL_COUNTERS for one in by):
        return None
    return by * (int(above.text) if isinstance(above, Digits) else 1)


def _reach(reader: Reader, cursor: Cursor) -> tuple[Expression, Product | None]:
    """What a partial is taken of: the factor behind it, and the whole product where more factors follow, which leaves a doubt."""
    start = cursor.at
    first = reader.factor(cursor)
    end, following = cursor.at, cursor.peek()
    base = following.base if isinstance(following, Scripts) else following
    if following is None or isinstance(base, Mark | Words) or (isinstance(base, Glyph) and base.text in PARTIAL):
        return first, None
    cursor.at = start
    whole = reader.product(cursor)
    if isinstance(whole, Product) and whole.factors[0] == first:
        return (whole, None) if isinstance(first, Literal) or is_coefficient(first) else (first, whole)
    cursor.at = end
    return first, None


def read_capital_d(reader: Reader, cursor: Cursor) -> Expression | None:
    r"""``Df(x)`` and ``\mathrm{D}f(x)``, where f is a function: its derivative, in doubt a product; None where D is a plain name."""
    following = cursor.peek(1)
    base = following.base if isinstance(following, Scripts) else following
    name = reader.named(base) if isinstance(base, Glyph | Accent) else None
    if name is None or not reader.vocabulary.is_function(name.spelling) or reader.vocabulary.is_function("D"):
        return None
    if getattr(base, "spaced", False) or not isinstance(cursor.peek(2), Fenced):
        return None
    letter = cursor.take()
    body = reader.factor(cursor)
    derivative = Gradient(body, None, 1, letter.span.cover(body.span))
    product = Product((Name("D", letter.span), body), ("",), derivative.span)
    return doubted(((derivative, 0), (product, 4)), "derivative or product", derivative.span)


def read_directional(reader: Reader, cursor: Cursor) -> Expression | None:
    r"""``D_u f``: the derivative of a function in a direction; None where what follows is not known to be one, or D has another meaning."""
    node = cursor.peek()
    following = cursor.peek(1)
    base = following.base if isinstance(following, Scripts) else following
    name = reader.named(base) if isinstance(base, Glyph | Accent) else None
    if not isinstance(node, Scripts) or node.below is None or node.above is not None or name is None or not reader.vocabulary.is_function(name.spelling):
        return None
    direction = reader.inside([node.below])
    if not isinstance(direction, Name) or reader.vocabulary.is_function("D"):
        return None
    start = cursor.take().span
    body = reader.factor(cursor)
    return Call(Name("directional", start), (body, direction), start.cover(body.span))


def read_laplacian(reader: Reader, cursor: Cursor) -> Expression | None:
    r"""``\Delta f`` where f is a function, or may be one: its Laplacian, in doubt an increment or a product; None before anything else."""
    following = cursor.peek(1)
    name = reader.named(following) if isinstance(following, Glyph | Accent) else None
    if name is None or name.spelling in (*COORDINATES, *VARIABLES):
        return None
    start = cursor.take().span
    body = reader.factor(cursor)
    if not isinstance(body, Name | Call):
        return Product((Name(r"\Delta", start), body), ("",), start.cover(body.span))
    made = Call(Name("laplacian", start), (body,), start.cover(body.span))
    product = Product((Name(r"\Delta", start), body), ("",), made.span)
    likely = reader.vocabulary.is_function(name.spelling)
    return doubted(((made, 0), (product, 2)) if likely else ((product, 0), (made, 2)), "Laplacian or increment", made.span)
