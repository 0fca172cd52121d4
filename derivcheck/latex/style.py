"""Type styles: bold, calligraphic, upright."""

from __future__ import annotations

from dataclasses import replace

from derivcheck.latex.command import FUNCTION_WORDS
from derivcheck.latex.node import Accent, Digits, Glyph, Mark, Node, Row, Scripts, Words

OPERATOR = "operator"
# What single letters mean as names of operators: \DeclareMathOperator{\V}{V}.
_MOMENTS = {"E": ("E", "blackboard"), "V": ("Var", "upright")}


def restyle(node: Node, style: str) -> Node:
    """The node in another type style; a row of letters set upright becomes one name, or a word."""
    if style == OPERATOR:
        return _as_moment(restyle(node, "upright"))
    match node:
        case Glyph():
            return replace(node, style=style or node.style)
        case Digits() if style in ("blackboard", "bold", "calligraphic"):
            return Glyph(node.text, node.span, style, node.spaced)
        case Row() if style == "upright" and all(isinstance(item, Glyph | Digits | Mark) for item in node.items):
            text = "".join(("" if k == 0 or not getattr(item, "spaced", False) else " ") + item.text for k, item in enumerate(node.items))
            if " " in text.strip() or text.strip(".,;:") in FUNCTION_WORDS:
                return Words(text, node.span)
            return Glyph(text, node.span, style) if text else node
        case Row() if any(isinstance(item, Digits) for item in node.items):
            return node  # a formula that is set off: its letters are those of the others
        case Row():
            return Row(tuple(restyle(item, style) for item in node.items), node.span)
        case Scripts() if node.base is not None:
            return replace(node, base=restyle(node.base, style))
        case Accent():
            return replace(node, body=restyle(node.body, style))
    return node


def _as_moment(node: Node) -> Node:
    """The name of an operator, an expectation or a variance written in full."""
    if not isinstance(node, Glyph) or node.text not in _MOMENTS:
        return node
    text, style = _MOMENTS[node.text]
    return replace(node, text=text, style=style)
