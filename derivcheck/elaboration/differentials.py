"""The letter d in a document: before which letters it is a sign of differentiation, and where it is a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derivcheck.latex.node import Accent, Fenced, Glyph, Mark, Node, Scripts, items_of


@dataclass(slots=True)
class Differentials:
    """How a document writes differentials. ``is_apart``: with white space behind the d, in derivatives or integrals; ``is_close``: without;
    ``lone``: how often a d stands apart before a letter anywhere else; ``before_others``: before a bracket or function.
    """

    is_apart: bool = False
    is_close: bool = False
    lone: int = 0
    before_others: int = 0

    def holds(self, items: Sequence[Node], place: int) -> bool:
        """Whether the node at a place is a d before a letter, bracket or function. Close before a letter, as in ``dx``, it is a sign; elsewhere
        that is seen later.
        """
        following = items[place + 1] if place + 1 < len(items) else None
        base = following.base if isinstance(following, Scripts) else following
        if not _is_d(items[place]) or not (isinstance(base, Glyph | Accent) or _is_operand(base)):
            return False
        if _is_operand(base):
            self.before_others += 1
        elif getattr(base, "spaced", False):
            is_measure = any(_is_integral(item) for item in items[:place])
            self.is_apart |= is_measure
            self.lone += not is_measure
        else:
            self.is_close = True
        return True

    def variables(self, node: Node) -> list[Node]:
        """What the denominator of a derivative holds without the d before each variable."""
        items = items_of(node)
        pairs = list(zip(items, (*items[1:], None), strict=True))
        self.is_apart |= any(_is_d(item) and getattr(other, "spaced", False) for item, other in pairs)
        return [item for item, other in pairs if other is None or not _is_d(item)]

    def factors(self, others: int) -> int:
        """How many of the lone ones are a name d, given how often the name stands elsewhere: all or none."""
        is_sign = self.is_apart or (self.is_close and not self.lone)
        return 0 if is_sign and not others else self.lone + self.before_others


def starts_with_d(node: Node) -> bool:
    """Whether a denominator begins with a d and goes on."""
    items = items_of(node)
    return len(items) > 1 and _is_d(items[0])


def has_d(node: Node) -> bool:
    """Whether a numerator begins with the d of a derivative, which may carry its order."""
    first = items_of(node)[:1]
    return any(_is_d(item.base if isinstance(item, Scripts) else item) for item in first)


def without_d(node: Node) -> Sequence[Node]:
    """The items of a numerator without the d of a derivative, and without its order."""
    return items_of(node)[1:] if has_d(node) else items_of(node)


def _is_d(node: Node | None) -> bool:
    return isinstance(node, Glyph) and node.text == "d"


def _is_operand(node: Node | None) -> bool:
    """Whether a node is what a d may be the differential of, but no letter: more than one thing in brackets, or the name of a function."""
    if isinstance(node, Fenced):
        return len(node.body.items) > 1 and not any(isinstance(item, Mark) and item.text in (",", ";") for item in node.body.items)
    return isinstance(node, Glyph) and ((node.style == "upright" and len(node.text) > 1) or node.text in (r"\log", r"\ln", r"\exp", r"\det", r"\sin", r"\cos"))


def _is_integral(node: Node) -> bool:
    base = node.base if isinstance(node, Scripts) else node
    return isinstance(base, Glyph) and base.text in (r"\int", r"\iint", r"\iiint", r"\oint")
