"""What random variables are said to be drawn from below an expectation: ``E_{a \\sim \\pi_\\theta}[R(a)]``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivcheck.latex.node import Accent, Digits, Fenced, Glyph, Mark, Node, Scripts
from derivcheck.reading.name import spell

DRAWN = r"\sim"


def sources(items: Sequence[Node]) -> Iterator[str]:
    """The letters of the laws that letters are drawn from in a row; one with numbers in brackets is a law by name, ``N(0, 1)``."""
    for place, item in enumerate(items[1:-1], start=1):
        if not isinstance(item, Mark) or item.text != DRAWN or not isinstance(items[place - 1], Glyph | Accent):
            continue
        source, behind = items[place + 1], items[place + 2] if place + 2 < len(items) else None
        base = source.base if isinstance(source, Scripts) else source
        spelled = spell(base) if base is not None else None
        if spelled is not None and not (isinstance(behind, Fenced) and any(isinstance(part, Digits) for part in behind.body.items)):
            yield spelled.spelling
