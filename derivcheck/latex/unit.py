r"""Units of measurement behind numbers: ``2\,\text{m/s}^2`` is 2 times a metre by a second squared, whatever m and s are elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from derivcheck.latex.node import Digits, Fenced, Fraction, Glyph, Mark, Node, Row, Scripts, Words, items_of

UNITS = frozenset(
    "m km cm mm nm kg g mg t s ms h min Hz kHz MHz N kN J kJ MJ W kW MW Pa kPa MPa bar V kV mV A mA C K mol eV Wh kWh l L ml mL Ω".split()
)
STYLE = "unit"
_PARTS = re.compile(r"[^\s/·*]+|[/·*]")


def with_units(items: Sequence[Node]) -> list[Node]:
    """The nodes of a row, those that are units behind a number marked as such."""
    found: list[Node] = []
    for item, following in zip_longest(items, items[1:]):
        before = found[-1] if found else None
        behind = before is not None and (_is_number(before) or is_unit(before) or _is_between(found)) and not isinstance(following, Fenced)
        made = _units(item) if before is not None and behind and _stands_apart(before, item) else None
        if made is not None:
            found += made
        else:
            found.append(_inside(item))
    return found


def is_unit(item: Node | None) -> bool:
    base = item.base if isinstance(item, Scripts) else item
    return (isinstance(base, Glyph) and base.style == STYLE) or (isinstance(base, Fraction) and all(map(is_unit, items_of(base.below))))


def _stands_apart(before: Node, item: Node) -> bool:
    """Whether a node is no single upright letter right behind a number: that is a variable."""
    base = item.base if isinstance(item, Scripts) else item
    return not (isinstance(base, Glyph) and len(base.text) == 1 and _is_number(before) and before.span.end == item.span.start)


def _is_number(item: Node) -> bool:
    base = item.base if isinstance(item, Scripts) else item
    return isinstance(base, Digits)


def _is_between(found: Sequence[Node]) -> bool:
    """Whether a sign stands between a unit and what comes next: ``\\mathrm{m}/\\mathrm{s}``."""
    return len(found) > 1 and isinstance(found[-1], Mark) and found[-1].text in ("/", r"\cdot") and is_unit(found[-2])


def _units(item: Node) -> list[Node] | None:
    """The units that a node is, with the signs between them; None where it is none."""
    if isinstance(item, Fraction) and item.line:
        above, below = (_all_units(items_of(part)) for part in (item.above, item.below))
        return [replace(item, above=Row(tuple(above), item.span), below=Row(tuple(below), item.span))] if above and below else None
    if isinstance(item, Row):
        return _in_row(item)
    base = item.base if isinstance(item, Scripts) else item
    if not (isinstance(base, Words) or (isinstance(base, Glyph) and base.style == "upright")):
        return None
    parts = _spelled(base)
    if parts and isinstance(item, Scripts):
        if item.below is not None or item.primes:
            return None
        parts[-1] = replace(item, base=parts[-1])
    return parts or None


def _in_row(row: Row) -> list[Node] | None:
    """The units of a group such as ``\\mathrm{m/s^2}``, the signs between them kept; None where anything else is in it."""
    found: list[Node] = []
    for item in _joined(row.items):
        made = [item] if isinstance(item, Mark) and item.text in ("/", r"\cdot") and found else _units(item)
        if made is None:
            return None
        found += made
    return found if found and is_unit(found[-1]) else None


def _joined(items: Sequence[Node]) -> list[Node]:
    """The nodes with upright letters that stand side by side made one word; the last one may have scripts."""
    found: list[Node] = []
    for item in items:
        base, last = item.base if isinstance(item, Scripts) else item, found[-1] if found else None
        if isinstance(base, Glyph) and isinstance(last, Glyph) and base.style == last.style == "upright" and last.span.end == base.span.start:
            word = replace(base, text=last.text + base.text, span=last.span.cover(base.span))
            found[-1] = replace(item, base=word) if isinstance(item, Scripts) else word
        else:
            found.append(item)
    return found


def _all_units(items: Sequence[Node]) -> list[Node]:
    made = [_units(item) for item in items]
    return [part for one in made if one is not None for part in one] if all(one is not None for one in made) else []


def _spelled(words: Words | Glyph) -> list[Node]:
    """The units that words name: ``m/s``, ``N m``, ``kWh``; nothing where they say more."""
    found: list[Node] = []
    for text in _PARTS.findall(words.text):
        if text in "/·*":
            found.append(Mark("/" if text == "/" else r"\cdot", words.span))
        elif text in UNITS:
            found.append(Glyph(text, words.span, STYLE))
        else:
            return []
    return found if found and isinstance(found[-1], Glyph) and isinstance(found[0], Glyph) else []


def _inside(item: Node) -> Node:
    """A node with the units inside it marked."""
    match item:
        case Fenced():
            return replace(item, body=_row(item.body))
        case Fraction():
            return replace(item, above=_inside(item.above), below=_inside(item.below))
        case Row():
            return _row(item)
        case Scripts() if isinstance(item.base, Fenced):
            return replace(item, base=_inside(item.base))
    return item


def _row(row: Row) -> Row:
    made = tuple(with_units(row.items))
    return row if all(one is other for one, other in zip(made, row.items, strict=False)) and len(made) == len(row.items) else replace(row, items=made)
