"""A row of mathematics cut where one statement ends: at commas, wide spaces, words, connectives and between columns."""

from __future__ import annotations

from dataclasses import dataclass, field

from derivcheck.latex import command as table
from derivcheck.latex.node import Accent, Digits, Glyph, Mark, Node, Noted, Scripts
from derivcheck.source import Span

SEPARATORS = frozenset((",", ";", *table.WIDE_SPACES))
TRAILING = frozenset((".", ",", ";", ":", "&", *table.WIDE_SPACES))


@dataclass(frozen=True, slots=True)
class Sign:
    """A relation sign, as the parser spells it, and where it stands."""

    text: str
    span: Span


@dataclass(slots=True)
class Chunk:
    """A part of a row between separators."""

    items: list[Node] = field(default_factory=list)
    separator: str = ""
    before: str = ""
    link: str = ""
    boxed: bool = False

    @property
    def has_relation(self) -> bool:
        return any(relation_sign(item) is not None for item in self.items)

    @property
    def has_membership(self) -> bool:
        return any(isinstance(item, Mark) and item.text in table.MEMBERSHIPS for item in self.items)


def relation_sign(item: Node) -> Sign | None:
    """The relation sign that a node is; a decorated sign stands where its command begins."""
    if isinstance(item, Mark) and item.text in table.RELATION_SIGNS:
        return Sign(item.text, item.span)
    if isinstance(item, Noted) and item.manner == "decorated" and isinstance(item.body, Mark) and item.body.text in table.RELATION_SIGNS:
        return Sign(item.body.text, item.span)
    return None


def joined_chunks(chunks: list[Chunk]) -> list[Chunk]:
    """Chunks that only together are statements: lists of names before a sign, ranges with dots, signs behind a space."""
    joined: list[Chunk] = []
    for chunk in chunks:
        _strip(chunk)
        if not chunk.items and not chunk.before and not chunk.link:
            continue
        last = joined[-1] if joined else None
        if last is not None and last.items and chunk.items and not chunk.before and not chunk.link and _belongs(last, chunk):
            comma = [Mark(",", chunk.items[0].span)] if chunk.separator in (",", ";") else []
            last.items += comma + chunk.items
            last.boxed = last.boxed or chunk.boxed
        else:
            joined.append(chunk)
    return joined


def _strip(chunk: Chunk) -> None:
    while chunk.items and isinstance(chunk.items[-1], Mark) and chunk.items[-1].text in TRAILING:
        chunk.items.pop()
    while chunk.items and isinstance(chunk.items[0], Mark) and chunk.items[0].text in ("&", *table.WIDE_SPACES):
        chunk.items.pop(0)


def _belongs(last: Chunk, chunk: Chunk) -> bool:
    if chunk.separator in table.WIDE_SPACES:
        return relation_sign(chunk.items[0]) is not None and bool(last.items)
    if chunk.separator not in (",", ";"):
        return False
    if not last.has_relation and not last.has_membership:
        return _is_name_list(last.items) and (chunk.has_relation or chunk.has_membership or _is_name_list(chunk.items))
    return _is_range_part(last.items) and not chunk.has_relation and _is_range_item(chunk.items)


def _is_name_list(items: list[Node]) -> bool:
    return all(isinstance(item, Glyph | Scripts | Accent) or (isinstance(item, Mark) and item.text in (",", *table.DOTS)) for item in items)


def _is_range_part(items: list[Node]) -> bool:
    """``i = 1`` or ``i = 1, \\dots``: the beginning of a range, or of a list of values."""
    signs = [k for k, item in enumerate(items) if relation_sign(item) is not None]
    return len(signs) == 1 and isinstance(items[0], Glyph | Scripts) and signs[0] == 1


def _is_range_item(items: list[Node]) -> bool:
    return len(items) <= 3 and all(
        isinstance(item, Digits | Glyph | Scripts) or (isinstance(item, Mark) and item.text in (*table.DOTS, "-", "+")) for item in items
    )
