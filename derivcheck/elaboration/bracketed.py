"""What the brackets behind names hold, as they are written."""

from __future__ import annotations

from derivcheck.latex import command as table
from derivcheck.latex.node import Accent, Digits, Fenced, Glyph, Mark, Node, Scripts
from derivcheck.reading.name import spell


def is_argument_list(node: Node) -> bool:
    """Whether a bracket holds only names, as the head of a function's definition does."""
    fence = node.base if isinstance(node, Scripts) else node
    if not isinstance(fence, Fenced) or fence.opening != "(" or not fence.body.items:
        return False
    parts: list[list[Node]] = [[]]
    for item in fence.body.items:
        if isinstance(item, Mark) and item.text in (",", ";", "|", r"\mid"):
            parts.append([])
        else:
            parts[-1].append(item)
    return all(len(part) == 1 and _is_plain_name(part[0]) for part in parts)


def _is_plain_name(node: Node) -> bool:
    if isinstance(node, Mark):
        return node.text in table.DOTS
    return isinstance(node, Glyph | Accent) or (isinstance(node, Scripts) and isinstance(node.base, Glyph | Accent))


def is_random_letter(fence: Fenced) -> bool:
    """Whether what a bracket begins with is written as random variables are: a capital, or a letter with an accent."""
    first = fence.body.items[0]
    base = first.base if isinstance(first, Scripts) else first
    return isinstance(base, Accent) or (isinstance(base, Glyph) and base.text.isupper())


def lone_letter(fence: Fenced) -> str | None:
    """The letter that a bracket holds and nothing else."""
    spelled = spell(fence.body.items[0]) if len(fence.body.items) == 1 and isinstance(fence.body.items[0], Glyph) else None
    return spelled.spelling if spelled is not None else None


def has_terms(fence: Fenced) -> bool:
    return any(isinstance(item, Mark) and item.text in ("+", "-") for item in fence.body.items) or (
        len(fence.body.items) == 1 and isinstance(fence.body.items[0], Digits)
    )
