"""Brackets: arguments, vectors written in a row, matrices, case distinctions, and bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivcheck.latex import command as table
from derivcheck.latex.node import Fenced, Grid, Mark, Node, Row, Scripts, Words, items_of
from derivcheck.reading import last_index
from derivcheck.reading.expression import (
    At,
    Bracketed,
    Call,
    CaseWise,
    Comparison,
    Dots,
    Expression,
    Gridded,
    Listed,
    Modulus,
    Name,
    Phrase,
    Product,
    Unread,
    doubted,
)

if TYPE_CHECKING:
    from derivcheck.reading.reader import Cursor, Reader

_SEPARATORS = frozenset((",", ";"))
_OTHERWISE = frozenset(("otherwise", "else", "for otherwise", "in other cases", "elsewhere", "if not", "sonst", "others"))


def split_list(items: Sequence[Node]) -> list[list[Node]]:
    """The parts between commas, semicolons or wide spaces; wide spaces count only where there is no comma."""
    has_commas = any(isinstance(item, Mark) and item.text in _SEPARATORS for item in items)
    parts: list[list[Node]] = [[]]
    for item in items:
        is_separator = isinstance(item, Mark) and (item.text in _SEPARATORS or (not has_commas and item.text in table.WIDE_SPACES))
        if is_separator:
            parts.append([])
        elif not (isinstance(item, Mark) and item.text in table.WIDE_SPACES):
            parts[-1].append(item)
    return [part for part in parts if part]


def read_fenced(reader: Reader, node: Fenced) -> Expression:
    """What stands in brackets: one thing, or a list."""
    parts = split_list(node.body.items)
    if not parts:
        return Unread("something in the brackets", "nothing", node.span)
    if node.opening == "" and node.closing == "|":
        return Bracketed(reader.inside(node.body.items), "", node.span)
    if node.opening == "|" or node.opening == r"\|":
        return Modulus(_bars_body(reader, node.body.items), node.opening, node.span)
    if node.opening in (r"\lfloor", r"\lceil"):
        name = "floor" if node.opening == r"\lfloor" else "ceiling"
        return Call(Name(name, node.span), (reader.inside(node.body.items),), node.span)
    if node.opening == r"\langle":
        return _inner_product(reader, node)
    if len(parts) == 1:
        (inside,) = reader.listed(node.body)
        if isinstance(inside, Comparison) and node.opening == "[":
            return Call(Name(r"\mathbb{1}", node.span), (inside,), node.span)
        if isinstance(inside, Gridded) and node.opening in ("(", "["):
            return inside
        made = Bracketed(inside, node.opening, node.span, whole=node.closed)
        if node.opening == "[" and isinstance(inside, Product) and not any(inside.signs) and any(isinstance(factor, Dots) for factor in inside.factors):
            return doubted(((made, 0), (Gridded((inside.factors,), node.span), 1)), "a product or a row", node.span)
        return made
    listed = Listed(reader.listed(node.body), node.opening, node.span)
    return listed if node.closed else Bracketed(listed, node.opening, node.span, whole=False)


def _bars_body(reader: Reader, items: Sequence[Node]) -> Expression:
    return reader.inside(items)


def _inner_product(reader: Reader, node: Fenced) -> Expression:
    arguments = [reader.inside(part) for part in split_list(node.body.items)]
    if len(arguments) == 1:
        halves = split_at_bar(node.body.items)
        if halves is not None:
            arguments = [reader.inside(half) for half in halves]
    if len(arguments) != 2:
        return Unread("two vectors", "something else", node.span)
    return Call(Name("inner", node.span), tuple(arguments), node.span)


def split_at_bar(items: Sequence[Node]) -> tuple[Sequence[Node], Sequence[Node]] | None:
    """What stands before and behind the one bar at this level that is none of a pair; None where there is none."""
    places: dict[str, list[int]] = {}
    for k, item in enumerate(items):
        mark = item.base if isinstance(item, Scripts) else item
        if mark is None or not is_bar(mark) or not isinstance(mark, Mark):
            continue
        alike = places.setdefault(mark.text.removeprefix("sized"), [])
        if mark is item:
            alike.append(k)
        elif alike:
            # A bar with an exponent closes the one before it.
            alike.pop()
    single = [alike[0] for alike in places.values() if len(alike) == 1]
    if len(single) != 1 or any(len(alike) % 2 for alike in places.values() if len(alike) > 1):
        return None
    return items[: single[0]], items[single[0] + 1 :]


def groups(items: Sequence[Node]) -> tuple[int, ...]:
    """How many parts of a list stand before, between and behind semicolons and bars; nothing where there are none."""
    parts: list[list[Node]] = [[]]
    for item in items:
        if is_bar(item) or (isinstance(item, Mark) and item.text == ";"):
            parts.append([])
        else:
            parts[-1].append(item)
    return tuple(len(split_list(part)) for part in parts) if len(parts) > 1 else ()


def is_bar(item: Node) -> bool:
    return isinstance(item, Mark) and item.text in ("|", r"\mid", "sized|", r"\|", r"sized\|")


def read_modulus(reader: Reader, cursor: Cursor) -> Expression:
    """What stands between a bar and its partner; a bar without a partner and with a subscript is an evaluation."""
    first = cursor.take()
    assert isinstance(first, Mark)
    wanted = first.text.removeprefix("sized")
    depth_end = _partner(cursor, wanted)
    if depth_end is None:
        return Unread(f"a second {wanted}", "the end", first.span)
    items = cursor.items[cursor.at : depth_end]
    closing = cursor.items[depth_end]
    cursor.at = depth_end + 1
    modulus: Expression = Modulus(reader.inside(items), wanted, first.span.cover(closing.span))
    if isinstance(closing, Scripts):
        return bars_with_scripts(reader, modulus, closing)
    return modulus


def _partner(cursor: Cursor, wanted: str) -> int | None:
    """Where the bar that closes this one stands; a bar behind an operator opens another one."""
    level = 0
    for place in range(cursor.at + 1, len(cursor.items)):
        item = cursor.items[place]
        mark = item.base if isinstance(item, Scripts) else item
        if not isinstance(mark, Mark) or mark.text.removeprefix("sized") != wanted:
            continue
        if _awaits_factor(cursor.items[place - 1]):
            level += 1
        elif level:
            level -= 1
        else:
            return place
    return None


def _awaits_factor(item: Node) -> bool:
    """Whether a sign just before a bar shows that the bar opens rather than closes."""
    return isinstance(item, Mark) and item.text in ("+", "-", "*", "/", r"\cdot", r"\times", "=", "<", ">")


def bars_with_scripts(reader: Reader, modulus: Expression, closing: Scripts) -> Expression:
    """A norm's index below, and its power or transpose above."""
    assert isinstance(modulus, Modulus)
    if closing.below is not None:
        below = Phrase(closing.below.text, closing.below.span) if isinstance(closing.below, Words) else reader.inside([closing.below])
        modulus = Modulus(modulus.body, modulus.bars, modulus.span.cover(closing.span), below)
    return reader.scripts(modulus, Scripts(None, None, closing.above, closing.primes, closing.span))


def read_evaluation(reader: Reader, body: Expression, bar: Scripts) -> Expression:
    """``|_{x=0}`` behind something, or ``|_a^b``."""
    below = items_of(bar.below)
    if bar.above is not None and bar.below is not None:
        ends = (reader.inside(below), reader.inside([bar.above]))
        return At(body, (), ends, body.span.cover(bar.span))
    parts = [reader.condition(part) for part in split_list(below)]
    return At(body, tuple(parts), None, body.span.cover(bar.span))


def read_grid(reader: Reader, node: Node) -> Expression:
    assert isinstance(node, Grid)
    if node.environment in table.CASE_ENVIRONMENTS:
        return _case_distinction(reader, node)
    outer, reader.vocabulary = reader.vocabulary, last_index.of_grid(reader.vocabulary, node)
    rows = tuple(tuple(_cell(reader, cell) for cell in row) for row in node.rows)
    reader.vocabulary = outer
    return Gridded(rows, node.span)


def _cell(reader: Reader, cell: Row) -> Expression:
    items = [item for item in cell.items if not (isinstance(item, Mark) and item.text in _SEPARATORS | table.WIDE_SPACES)]
    if not items:
        return Phrase("", cell.span)
    if len(items) == 1 and isinstance(items[0], Mark) and items[0].text in table.DOTS:
        return Dots(items[0].span)
    return reader.inside(items)


def _case_distinction(reader: Reader, node: Grid) -> Expression:
    branches: list[tuple[Expression, Expression | None]] = []
    for row in node.rows:
        value, condition = _value_and_condition(row)
        if not value:
            return Unread("a value", "nothing", node.span)
        shown = reader.condition(value)
        branches.append((shown, _case_condition(reader, condition)))
    return CaseWise(tuple(branches), node.span)


def _value_and_condition(row: tuple[Row, ...]) -> tuple[list[Node], list[Node]]:
    """The value of a case and the nodes of its condition, which a cell, words or a comma divide."""
    cells = [list(cell.items) for cell in row if cell.items]
    if len(cells) >= 2:
        value, condition = cells[0], [item for cell in cells[1:] for item in cell]
    else:
        value, condition = _divided(cells[0]) if cells else ([], [])
    while value and isinstance(value[-1], Mark) and value[-1].text in (",", ";", ".") + tuple(table.WIDE_SPACES):
        value.pop()
    return value, condition


def _divided(items: list[Node]) -> tuple[list[Node], list[Node]]:
    for place, item in enumerate(items):
        if isinstance(item, Words) or (isinstance(item, Mark) and item.text in (",", *table.WIDE_SPACES)):
            return items[:place], items[place:]
    return items, []


def _case_condition(reader: Reader, items: list[Node]) -> Expression | None:
    """The condition of a case; None for otherwise."""
    words = " ".join(item.text.strip() for item in items if isinstance(item, Words)).strip(" ,.").lower()
    kept = [
        item
        for item in items
        if not isinstance(item, Words) and not (isinstance(item, Mark) and item.text in (",", ";", ".", *table.WIDE_SPACES))
    ]
    if not kept:
        if not words or any(word in words for word in _OTHERWISE):
            return None
        return Phrase(words, items[0].span)
    return reader.condition(kept)
