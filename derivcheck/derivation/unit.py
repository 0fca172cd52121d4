r"""Units of measurement that a document leaves away here and there: ``\frac{20}{4} = 5\,\text{s}``.

Units are factors, but many authors write them on one side of an equation only. Where one does, and all numbers are told
in units of the same sizes, they are left out of what is computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from derivcheck.latex.node import Digits, Fenced, Fraction, Glyph, Mark, Node, Noted, Root, Row, Scripts, items_of
from derivcheck.latex.unit import UNITS, is_unit
from derivcheck.notations.unit import are_comparable


def are_dropped(statements: Iterable[Sequence[Sequence[Node]]]) -> bool:
    """Whether a document, by the members of its statements, leaves units away here and there, and computes without them all the same: on one side of an
    equation, or wherever it computes, so that only numbers by themselves have them.
    """
    units: set[str] = set()
    one_sided, computes, is_alone = False, False, True
    for members in statements:
        told = []
        for member in members:
            found: set[str] = set()
            kept = without_units(member, found)
            told.append((bool(found), any(_is_number(item) for item in member)))
            units |= found
            is_alone = is_alone and not (found and len(kept) > 1)
            computes = computes or (not found and all(map(_is_worked_out, kept)) and any(not isinstance(node, Digits) for node in kept))
        one_sided = one_sided or any(first[0] != second[0] and first[1] and second[1] for first, second in pairwise(told))
    return bool(units) and (one_sided or (computes and is_alone)) and are_comparable(units)


def _is_worked_out(node: Node) -> bool:
    """Whether a node stands in a formula of numbers."""
    return isinstance(node, Mark) or _is_number(node)


def unit_letters(items: Sequence[Node]) -> Iterator[str]:
    r"""The upright letters in a row that stand right behind numbers as units do, though they are read as names: the m of ``0.01\mathrm{m}``."""
    for before, item in zip((None, *items), items, strict=False):
        if before is not None and _is_number(before) and _looks_like_unit(item) and not is_unit(item):
            yield from _words_of(item)
        yield from unit_letters(_inner(item))


def _inner(node: Node) -> Sequence[Node]:
    match node:
        case Fraction():
            return (*items_of(node.above), *items_of(node.below))
        case Row():
            return node.items
        case Fenced() | Root() | Noted():
            return items_of(node.body)
    return ()


def without_units(items: Sequence[Node], found: set[str]) -> list[Node]:
    """The nodes of a row without units and what joins these; the words that were left out are entered in ``found``."""
    kept: list[Node] = []
    for place, item in enumerate(items):
        if is_unit(item) or (kept and _is_number(kept[-1]) and _looks_like_unit(item)):
            found.update(_words_of(item))
        elif not (isinstance(item, Mark) and place and is_unit(items[place - 1]) and place + 1 < len(items) and is_unit(items[place + 1])):
            kept.append(_inside(item, found))
    return kept


def _looks_like_unit(item: Node) -> bool:
    """Whether an upright small letter right behind a number, which is a variable elsewhere, is the name of a unit."""
    return isinstance(item, Glyph) and item.style == "upright" and item.text in UNITS and not item.text.isupper()


def _words_of(unit: Node) -> list[str]:
    match unit:
        case Glyph():
            return [unit.text]
        case Scripts() if unit.base is not None:
            return _words_of(unit.base)
        case Fraction():
            return [word for item in (*items_of(unit.above), *items_of(unit.below)) for word in _words_of(item)]
    return []


def _is_number(node: Node) -> bool:
    """Whether a node is a number as it is printed, with or without a unit inside."""
    match node:
        case Digits():
            return True
        case Scripts():
            return node.base is not None and _is_number(node.base)
        case Fraction():
            return any(map(_is_number, (*items_of(node.above), *items_of(node.below))))
    return False


def _inside(node: Node, found: set[str]) -> Node:
    match node:
        case Row():
            return replace(node, items=tuple(without_units(node.items, found)))
        case Fraction():
            return replace(node, above=_inside(node.above, found), below=_inside(node.below, found))
        case Fenced():
            return replace(node, body=replace(node.body, items=tuple(without_units(node.body.items, found))))
        case Scripts() if node.base is not None:
            return replace(node, base=_inside(node.base, found))
        case Root() | Noted():
            return replace(node, body=_inside(node.body, found))
    return node
