"""Formulas without delimiters: words are names there, words with bounds are sums, and an x between brackets multiplies."""

from __future__ import annotations

from dataclasses import replace

from derivcheck.latex.node import Fenced, Glyph, Mark, Node, Scripts
from derivcheck.notation import table

_SIGNS = {"sum": r"\sum", "prod": r"\prod", "int": r"\int"}


def plainly_read(items: tuple[Node, ...]) -> tuple[Node, ...]:
    """The nodes of a formula without delimiters, with names for its words and signs for those that mean one."""
    return _joined_words(_with_times(items))


def _with_times(items: tuple[Node, ...]) -> tuple[Node, ...]:
    """In a formula without delimiters a spaced x behind a bracket and before another one is a sign of multiplication: ``(a + b) x (c + d)``."""
    found = list(items)
    for place in range(1, len(items) - 1):
        before, item, behind = items[place - 1 : place + 2]
        if isinstance(item, Glyph) and item.text == "x" and item.spaced and isinstance(before, Fenced) and isinstance(behind, Fenced):
            found[place] = Mark(r"\times", item.span)
    return tuple(found)


def _joined_words(items: tuple[Node, ...]) -> tuple[Node, ...]:
    """In a formula without delimiters words are names: neighbouring words of several letters make one name."""
    made: list[Node] = []
    run: list[Node] = []
    for item in (*_with_signs(items), None):
        base = item.base if isinstance(item, Scripts) else item
        if isinstance(base, Glyph) and len(base.text) == 1 and base.text.isalpha() and not base.style:
            run.append(item)
            continue
        made += _as_name(run)
        run = []
        if item is not None:
            made.append(_inside(item))
    return tuple(made)


def _with_signs(items: tuple[Node, ...]) -> list[Node]:
    """The nodes with a sign for each word that is one where bounds stand beside it: ``sum_{i=1}^n`` is a sum."""
    made: list[Node] = []
    for item in items:
        made.append(item)
        for word, sign in _SIGNS.items():
            last = made[-len(word) :]
            letters = [one.base if isinstance(one, Scripts) else one for one in last]
            is_word = "".join(one.text for one in letters if isinstance(one, Glyph) and not one.style) == word
            if is_word and isinstance(item, Scripts) and item.below is not None and not any(isinstance(one, Scripts) for one in last[:-1]):
                span = letters[0].span.cover(item.span)
                made[-len(word) :] = [replace(item, base=Glyph(sign, span), span=span)]
    return made


def _inside(item: Node) -> Node:
    if isinstance(item, Fenced):
        return replace(item, body=replace(item.body, items=_joined_words(item.body.items)))
    return item


def _as_name(run: list[Node]) -> list[Node]:
    """A run of letters as one upright name where it holds several words, one of them of more than two letters, and no function among them."""
    if not run:
        return []
    words: list[str] = []
    for item in run:
        base = item.base if isinstance(item, Scripts) else item
        assert isinstance(base, Glyph)
        if base.spaced or not words:
            words.append("")
        words[-1] += base.text
    long = [word for word in words if len(word) > 2]
    if len(words) < 2 or not long or any(isinstance(item, Scripts) for item in run) or any(word in table().words for word in words):
        return run
    return [Glyph(" ".join(words), run[0].span.cover(run[-1].span), "upright")]
