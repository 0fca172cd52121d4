r"""Events in the brackets of a probability: complements, unions and intersections of capitals."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derivcheck.latex.node import Accent, Glyph, Mark, Node, Scripts

_COMPLEMENTS = frozenset(("c", "C", r"\complement"))
_AND, _OR, _NOT = r"\cap", r"\cup", r"\neg"
_DENIED = re.compile(r"(?:no|not|non)[\s-]+(?=\w)", re.I)
COMPLEMENT, UNION = r"\bar", rf" {_OR} "


def is_made_of_events(items: Sequence[Node]) -> bool:
    """Whether a bracket holds nothing but capitals, their complements, unions and intersections."""
    return (bool(items) and compound_event(items) is not None) or (len(items) == 1 and _capital(items[0]) is not None) or len(intersected(items)) > 1


def intersected(items: Sequence[Node]) -> list[Sequence[Node]]:
    """The events of an intersection, in the order of the alphabet; any other row is one part."""
    parts = _split(items, _AND)
    names = [compound_event(part) or (_capital(part[0]) if len(part) == 1 else None) for part in parts]
    if len(parts) < 2 or None in names:
        return [items]
    return [part for _, part in sorted(zip(names, parts, strict=True), key=lambda pair: pair[0] or "")]


def compound_event(items: Sequence[Node]) -> str | None:
    r"""One spelling for a complement, ``\bar{A}``, and for a union, ``A \cup B``; None for anything else."""
    parts = _split(items, _OR)
    if len(parts) > 1:
        names = [compound_event(part) or (_capital(part[0]) if len(part) == 1 else None) for part in parts]
        return None if None in names else UNION.join(sorted(name for name in names if name))
    if len(items) == 2 and isinstance(items[0], Mark) and items[0].text == _NOT:
        return _barred(_capital(items[1]))
    if len(items) != 1:
        return None
    (only,) = items
    if isinstance(only, Accent) and only.mark == COMPLEMENT:
        return _barred(_capital(only.body))
    if isinstance(only, Scripts) and only.below is None and not only.primes and isinstance(only.above, Glyph) and only.above.text in _COMPLEMENTS:
        return _barred(_capital(only.base))
    return None


def in_words(text: str) -> str:
    """One spelling for an event that words name, and for its complement: ``no rain`` is that of ``rain``."""
    text = " ".join(text.split())
    denied = _DENIED.match(text)
    return text if denied is None else f"{COMPLEMENT}{{{text[denied.end() :]}}}"


def _barred(letter: str | None) -> str | None:
    return None if letter is None else f"{COMPLEMENT}{{{letter}}}"


def _capital(node: Node | None) -> str | None:
    is_letter = isinstance(node, Glyph) and len(node.text) == 1 and node.text.isupper()
    return node.text if is_letter and isinstance(node, Glyph) else None


def _split(items: Sequence[Node], sign: str) -> list[Sequence[Node]]:
    parts: list[list[Node]] = [[]]
    for item in items:
        if isinstance(item, Mark) and item.text == sign:
            parts.append([])
        else:
            parts[-1].append(item)
    return [part for part in parts if part]
