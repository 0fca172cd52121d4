r"""What counts behind dots: the d of ``\sigma_1^2, \ldots, \sigma_d^2``, which is a label elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from derivcheck.latex import command as table
from derivcheck.latex.node import Accent, Digits, Fenced, Fraction, Glyph, Grid, Mark, Node, Noted, Root, Row, Scripts
from derivcheck.reading.name import spell
from derivcheck.reading.vocabulary import Vocabulary


def of_list(vocabulary: Vocabulary, parts: Sequence[Sequence[Node]]) -> Vocabulary:
    """A vocabulary in which the letter counts that the last entry of a dotted list has where the first one has a number."""
    if len(parts) < 3 or not any(len(part) == 1 and is_dots(part[0]) for part in parts):
        return vocabulary
    return _with_last_index(vocabulary, parts[0], parts[-1])


def of_row(vocabulary: Vocabulary, items: Sequence[Node]) -> Vocabulary:
    """A vocabulary in which the letters count that stand behind the dots of a sum or product where the names before them have numbers."""
    dots = [place for place, item in enumerate(items) if is_dots(item)]
    return _with_last_index(vocabulary, items[: dots[0]], items[dots[-1] + 1 :]) if dots else vocabulary


def of_grid(vocabulary: Vocabulary, grid: Grid) -> Vocabulary:
    """A vocabulary in which the letters count that the last row and column of a dotted matrix have where the first ones have numbers."""
    cells = [cell for row in grid.rows for cell in row]
    if not grid.rows or not any(is_dots(item) for cell in cells for item in cell.items):
        return vocabulary
    first, last = ([*grid.rows[end], *(row[end] for row in grid.rows if row)] for end in (0, -1))
    return _with_last_index(vocabulary, first, last)


def is_dots(item: Node) -> bool:
    return isinstance(item, Mark) and item.text in table.DOTS


def _with_last_index(vocabulary: Vocabulary, first: Sequence[Node], last: Sequence[Node]) -> Vocabulary:
    counted = {base for base, below in _subscripts(first) if isinstance(below, Digits)}
    ends = {below.text for base, below in _subscripts(last) if base in counted and isinstance(below, Glyph) and not below.style}
    return replace(vocabulary, indices=vocabulary.indices | ends) if ends - vocabulary.indices else vocabulary


def _subscripts(items: Sequence[Node]) -> Iterator[tuple[str, Node]]:
    """The letters that carry a subscript anywhere in a row, with what stands below them."""
    for item in items:
        match item:
            case Scripts():
                spelled = spell(item.base) if isinstance(item.base, Glyph | Accent) else None
                if spelled is not None and item.below is not None:
                    yield spelled.spelling, item.below
                yield from _subscripts([part for part in (item.base, item.above) if part is not None])
            case Fraction():
                yield from _subscripts((item.above, item.below))
            case Fenced() | Root() | Noted():
                yield from _subscripts((item.body,))
            case Row():
                yield from _subscripts(item.items)
