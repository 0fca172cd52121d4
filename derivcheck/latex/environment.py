r"""Environments inside formulas: matrices and case distinctions become grids, align-like ones become rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.latex import command as table
from derivcheck.latex.node import Broken, Fenced, Grid, Mark, Node, Row
from derivcheck.latex.token import Lexeme, Token
from derivcheck.source import Span

if TYPE_CHECKING:
    from derivcheck.latex.parser import Parser


def parse_environment(parser: Parser) -> Node | None:
    r"""What stands between ``\begin`` and ``\end``.

    An align-like environment at the top level leaves its rows in ``parser.finished_rows`` and an empty row in its place.
    """
    start = parser.take()
    name = _name(parser)
    bare = name.rstrip("*")
    if parser.depth >= 30:
        return Broken("at most 30 nested environments", "more", start.span)
    if bare in table.DISPLAY_ENVIRONMENTS or (bare == "array" and _aligns(parser)):
        return _display(parser, bare, start)
    if bare in table.MATRIX_ENVIRONMENTS or bare in table.CASE_ENVIRONMENTS:
        return _grid(parser, bare, start)
    return _unknown(parser, start)


def _aligns(parser: Parser) -> bool:
    """Whether an array that has just been opened, in no bracket, lines up relation signs: it is what people wrote before align.

    A group that is a whole cell, as in ``& { = x }``, hides nothing.
    """
    if parser.depth or parser.closers:
        return False
    wholes: list[bool] = []
    is_first = True
    for token in parser.tokens[_behind_group(parser) :]:
        opens = token.kind is Lexeme.OPEN or token.text in (r"\left", r"\begin")
        if opens:
            wholes.append(is_first and token.kind is Lexeme.OPEN)
        elif token.kind is Lexeme.CLOSE or token.text in (r"\right", r"\end"):
            if not wholes:
                return False
            wholes.pop()
        elif all(wholes) and token.text in table.RELATIONS:
            return True
        is_first = token.kind in (Lexeme.ALIGN, Lexeme.BREAK) or (is_first and (opens or token.text in table.SPACES))
    return False


def _behind_group(parser: Parser) -> int:
    """The index behind the group that comes next, such as the columns of an array; the parser's own where none does."""
    level = 0
    for at in range(parser.at, len(parser.tokens)):
        level += (parser.tokens[at].kind is Lexeme.OPEN) - (parser.tokens[at].kind is Lexeme.CLOSE)
        if level <= 0:
            return at + (at > parser.at)
    return parser.at


def _name(parser: Parser) -> str:
    """The environment's name, its braces taken in."""
    if parser.peek() is None or parser.peek().kind is not Lexeme.OPEN:
        return ""
    parser.take()
    parts = []
    while parser.peek() is not None and parser.peek().kind is not Lexeme.CLOSE:
        parts.append(parser.take().text)
    if parser.peek() is not None:
        parser.take()
    return "".join(parts)


def _display(parser: Parser, name: str, start: Token) -> Node:
    _drop_argument(parser, name)
    rows: list[Row] = []
    outer, parser.closers = parser.closers, []
    held, parser.finished_rows = parser.finished_rows, []
    level, parser.depth = parser.depth, 0
    while parser.peek() is not None:
        row = _without_groups(parser.row()) if name == "array" else parser.row()
        rows += [*parser.finished_rows, row]
        parser.finished_rows = []
        if parser.peek() is None or parser.peek().text == r"\end":
            break
        parser.take()
    end = _end(parser, start.span)
    parser.closers, parser.depth = outer, level
    rows = [row for row in rows if row.items] or [Row((), start.span)]
    if level == 0:
        parser.finished_rows = [*held, *rows]
        return Row((), Span(end.start, end.start))
    parser.finished_rows = held
    return Row(tuple(item for row in rows for item in row.items), start.span.cover(end))


def _drop_argument(parser: Parser, name: str) -> None:
    """The column count of alignat and the position of aligned, which are no mathematics."""
    token = parser.peek()
    if name in ("alignat", "alignedat", "IEEEeqnarray", "array") and token is not None and token.kind is Lexeme.OPEN:
        parser.argument()
    elif token is not None and token.text == "[" and parser.at + 2 < len(parser.tokens):
        inside, closing = parser.tokens[parser.at + 1 : parser.at + 3]
        if inside.text in ("t", "b", "c") and closing.text == "]":
            parser.at += 3


def _grid(parser: Parser, name: str, start: Token) -> Node:
    if name == "array" and parser.peek() is not None and parser.peek().kind is Lexeme.OPEN:
        parser.argument()
    rows: list[tuple[Row, ...]] = []
    cells: list[Row] = []
    parser.depth += 1
    parser.closers.append("cell")
    while parser.peek() is not None:
        cells.append(_without_groups(parser.row()))
        token = parser.peek()
        if token is None or token.text == r"\end":
            break
        parser.take()
        if token.kind is not Lexeme.ALIGN:
            rows.append(tuple(cells))
            cells = []
    if any(cell.items for cell in cells):
        rows.append(tuple(cells))
    parser.closers.pop()
    parser.depth -= 1
    end = _end(parser, start.span)
    grid = Grid(name, tuple(row for row in rows if any(cell.items for cell in row)), start.span.cover(end))
    fences = {"vmatrix": "|", "Vmatrix": r"\|"}.get(name)
    return Fenced(fences, fences, Row((grid,), grid.span), grid.span) if fences else grid


def _unknown(parser: Parser, start: Token) -> Node:
    """The inside of an environment that is not known to print mathematics."""
    row = parser.row()
    while parser.peek() is not None and parser.peek().text != r"\end":
        parser.take()
        more = parser.row()
        row = Row((*row.items, *more.items), row.span.cover(more.span))
    end = _end(parser, start.span)
    return Row(row.items, start.span.cover(end))


def _end(parser: Parser, start: Span) -> Span:
    r"""Takes in ``\end{..}``; the span of what was found."""
    if parser.peek() is None or parser.peek().text != r"\end":
        return parser.here() if parser.peek() else start
    span = parser.take().span
    _name(parser)
    return Span(span.start, parser.tokens[parser.at - 1].span.end)


def _without_groups(row: Row) -> Row:
    """A row with the braces taken away that stand around whole cells of it."""
    items: list[Node] = []
    for at, item in enumerate(row.items):
        is_whole = (at == 0 or _is_ampersand(row.items[at - 1])) and (at + 1 == len(row.items) or _is_ampersand(row.items[at + 1]))
        items += _without_groups(item).items if is_whole and isinstance(item, Row) else (item,)
    return replace(row, items=tuple(items))


def without_columns(row: Row) -> Row:
    """A row as it is without the column that an eqnarray gives to its relation signs: ``a &=& b`` is ``a = b``."""
    items = row.items
    signs = [k for k in range(1, len(items) - 1) if _is_sign(items[k]) and _is_ampersand(items[k - 1]) and _is_ampersand(items[k + 1])]
    dropped = {k + step for k in signs for step in (-1, 1)}
    return replace(row, items=tuple(item for k, item in enumerate(items) if k not in dropped)) if dropped else row


def _is_ampersand(item: Node) -> bool:
    return isinstance(item, Mark) and item.text == "&"


def _is_sign(item: Node) -> bool:
    return isinstance(item, Mark) and item.text in table.RELATION_SIGNS
