r"""Units of measurement behind numbers: ``9.81\,\text{m/s}^2``.

Where all numbers of a document are told in units of the same sizes these may be left out of what is computed: many
authors write them on one side of an equation only. Else they are factors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from derivcheck.latex.node import Digits, Fenced, Fraction, Glyph, Mark, Node, Noted, Root, Row, Scripts, Words, items_of

_PREFIXES = "kMGTmcdnpµμ"
_PREFIXED = "m s g A V W J N C F H L Pa Hz eV bar mol cal Wh Ω".split()
_OTHERS = frozenset(
    "K min h hr hrs d day rad deg ft in lb kg ppm rpm mph atm psi L l USD EUR sec secs second seconds minute minutes hour hours year years meter"
    " meters metre metres unit units dollar dollars people degrees percent bits bytes pixels".split()
)
_SCALES = {
    "length": frozenset("m cm mm km μm µm nm dm ft in meter meters metre metres".split()),
    "time": frozenset("s ms μs µs ns min h hr hrs d day sec secs second seconds minute minutes hour hours year years".split()),
    "mass": frozenset("g kg mg lb".split()),
    "volume": frozenset("L l mL ml".split()),
    "angle": frozenset("rad deg degrees".split()),
}
_SEPARATORS = re.compile(r"[\s/·⋅*^\-+−\d()]+|\\[,;:! ]")


def is_unit(text: str) -> bool:
    """Whether a text is a unit or made of units: ``kg``, ``m/s^2``, ``N m``."""
    words = units_in(text)
    return bool(words) and all(_is_single(word) for word in words)


def units_in(text: str) -> list[str]:
    """The words of a unit: ``m`` and ``s`` of ``m/s^2``."""
    return [word for word in _SEPARATORS.split(text) if word]


def _is_single(word: str) -> bool:
    return word in _OTHERS or word in _PREFIXED or (word[:1] in _PREFIXES and word[1:] in _PREFIXED)


def are_comparable(units: Iterable[str]) -> bool:
    """Whether numbers with these units can be put into one formula as they are: no quantity is told in units of different sizes."""
    known = set(units)
    return all(len(known & scale) < 2 for scale in _SCALES.values())


def without_units(items: Sequence[Node], found: set[str]) -> list[Node]:
    """The nodes of a row without the units behind its numbers; what was left out is entered in ``found``."""
    kept: list[Node] = []
    place = 0
    while place < len(items):
        end = _end_of_unit(items, place) if kept and _is_number(kept[-1]) else place
        if end > place:
            for item in items[place:end]:
                found.update(_words_of(item))
            place = end
            continue
        kept.append(_inside(items[place], found))
        place += 1
    return kept


def _end_of_unit(items: Sequence[Node], place: int) -> int:
    """Where the unit that begins at a place ends; the place itself where none begins."""
    if not _is_unit_node(items[place]):
        return place
    end = place + 1
    while end < len(items):
        joined = isinstance(items[end], Mark) and items[end].text in ("/", r"\cdot", r"\,")  # type: ignore[union-attr]
        following = end + 1 if joined else end
        if following >= len(items) or not _is_unit_node(items[following]):
            break
        end = following + 1
    return end


def _is_unit_node(node: Node) -> bool:
    match node:
        case Words():
            return is_unit(node.text)
        case Glyph() if node.style == "upright":
            # A single upright capital is more often a matrix than an ampere.
            return is_unit(node.text) and not (len(node.text) == 1 and node.text.isupper())
        case Scripts() if node.base is not None and node.below is None and not node.primes:
            return _is_unit_node(node.base) and _is_number(node.above)
        case Fraction():
            return all(map(_is_unit_node, (*items_of(node.above), *items_of(node.below))))
    return False


def _words_of(node: Node) -> list[str]:
    match node:
        case Words() | Glyph():
            return units_in(node.text)
        case Scripts():
            return _words_of(node.base) if node.base is not None else []
        case Fraction():
            return [word for item in (*items_of(node.above), *items_of(node.below)) for word in _words_of(item)]
    return []


def _is_number(node: Node | None) -> bool:
    """Whether a node is made of digits, so that a unit may stand behind it."""
    match node:
        case Digits():
            return True
        case Scripts():
            return node.below is None and _is_number(node.base) and _is_number(node.above)
        case Fraction():
            return _is_number(node.above) and _is_number(node.below)
        case Root():
            return _is_number(node.body)
        case Fenced():
            return _is_number(node.body)
        case Row():
            return bool(node.items) and all(isinstance(item, Mark) or _is_number(item) or _is_unit_node(item) for item in node.items) and any(map(_is_number, node.items))
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


