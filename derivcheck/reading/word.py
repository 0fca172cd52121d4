"""Words that letters spell: which of them are functions, and where a run of letters ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.latex.node import Glyph, Node, Scripts, Words

if TYPE_CHECKING:
    from derivcheck.reading.reader import Cursor, Reader

SUMS = {r"\sum": "+", r"\prod": "*", r"\Sigma": "+", r"\bigcup": "union", r"\bigcap": "intersection", r"\bigoplus": "+", r"\coprod": "*"}
# The letters that stand for moments where they are set in blackboard bold, with the words for these.
MOMENTS = {"E": "expectation", "V": "Var"}


def known_function(reader: Reader, word: str) -> str | None:
    """The function that a word names, whatever its capitals; None where it names none."""
    words = reader.vocabulary.functions | reader.vocabulary.folds
    for spelling in (word, word.lower()):
        if spelling in words:
            return spelling
    return None


def letter_run(cursor: Cursor, most: int) -> str:
    """The letters that stand close together from here on, so many at most; the last may carry scripts."""
    letters = ""
    for place in range(cursor.at, min(cursor.at + most, len(cursor.items))):
        item = cursor.items[place]
        base = item.base if isinstance(item, Scripts) else item
        if not isinstance(base, Glyph) or len(base.text) != 1 or not base.text.isalpha() or base.style not in ("", "upright"):
            break
        if letters and base.spaced:
            break
        letters += base.text
        if isinstance(item, Scripts):
            break
    return letters


def is_big(base: Node | None) -> bool:
    return isinstance(base, Glyph) and (base.text in SUMS or base.text in (r"\int", r"\nabla", r"\lim", r"\partial"))


def begins_function(reader: Reader, cursor: Cursor) -> bool:
    item = cursor.peek()
    base = item.base if isinstance(item, Scripts) else item
    if isinstance(base, Words):
        return known_function(reader, base.text.strip()) is not None
    if not isinstance(base, Glyph):
        return False
    if base.style == "blackboard" and base.text in MOMENTS:
        return True
    if base.text.startswith("\\") or base.style == "upright":
        return known_function(reader, base.text.removeprefix("\\")) is not None
    word = reader.vocabulary.longest_word(letter_run(cursor, reader.vocabulary.longest))
    return bool(word) and (word in reader.vocabulary.functions or word in reader.vocabulary.folds)
