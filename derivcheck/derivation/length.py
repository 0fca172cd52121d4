r"""Letters for the lengths of vectors: where ``r = |\mathbf{r}|``, the plain letter and the bold one are two names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from itertools import pairwise

from derivcheck.latex.node import Accent, Fenced, Glyph, Mark, Node, Scripts

_BARS = frozenset(("|", r"\|", r"\Vert", r"\lVert", r"\vert", r"\lvert"))
_ARROW = r"\vec"


def lengths(statements: Iterable[Sequence[Sequence[Node]]]) -> frozenset[str]:
    """The letters that some statements, by their members, give to the lengths of the same letters in bold type."""
    found = set()
    for members in statements:
        for left, right in pairwise(members):
            name = left[0].base if len(left) == 1 and isinstance(left[0], Scripts) else left[0] if len(left) == 1 else None
            if isinstance(name, Glyph) and not name.style and _is_length(right, name.text):
                found.add(name.text)
    return frozenset(found)


def with_arrows(items: Sequence[Node], letters: frozenset[str]) -> tuple[Node, ...]:
    """The nodes with an arrow above some letters where they are bold."""
    return tuple(_marked(item, letters) for item in items)


def _is_length(items: Sequence[Node], letter: str) -> bool:
    """Whether a row is the length of a bold letter, or its square: nothing stands in it but that letter, in bars or multiplied by itself."""
    inside = [node for item in items for node in _all(item)]
    glyphs = [node for node in inside if isinstance(node, Glyph)]
    in_bars = any((isinstance(node, Fenced) and node.opening in _BARS) or (isinstance(node, Mark) and node.text in _BARS) for node in inside)
    alone = all(node.text == letter and node.style == "bold" for node in glyphs)
    return alone and bool(glyphs) and (in_bars or len(glyphs) > 1) and not any(isinstance(node, Mark) and node.text in ("+", "-") for node in inside)


def _all(node: Node) -> Iterator[Node]:
    yield node
    for inner in _inside(node):
        yield from _all(inner)


def _inside(node: Node) -> Iterator[Node]:
    for part in fields(node):
        yield from _nodes(getattr(node, part.name))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _nodes(one)


def _marked(node: Node, letters: frozenset[str]) -> Node:
    if isinstance(node, Glyph):
        is_vector = node.style == "bold" and node.text in letters
        return Accent(_ARROW, replace(node, style=""), node.span) if is_vector else node
    return replace(node, **{part.name: _with_marks(getattr(node, part.name), letters) for part in fields(node)})


def _with_marks(value: object, letters: frozenset[str]) -> object:
    if isinstance(value, Node):
        return _marked(value, letters)
    return tuple(_with_marks(one, letters) for one in value) if isinstance(value, tuple) else value
