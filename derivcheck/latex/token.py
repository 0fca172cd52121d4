"""Tokens: the letters, numbers, commands and brackets of a formula, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from derivcheck.source import Span

IDEOGRAPHS = re.compile("[\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
"""Chinese characters, kana and Hangul: words, also where no text command is around them."""


class Lexeme(StrEnum):
    """The kind of a token. ``WORDS``: a run of signs of which each is a syllable or a word, which no mathematics is written in."""

    COMMAND = "command"
    LETTER = "letter"
    NUMBER = "number"
    WORDS = "words"
    MARK = "mark"
    OPEN = "{"
    CLOSE = "}"
    SUPERSCRIPT = "^"
    SUBSCRIPT = "_"
    ALIGN = "&"
    BREAK = "\\\\"
    PARAMETER = "#"
    ENDLESS = "endless"


@dataclass(frozen=True, slots=True)
class Token:
    """One token. ``text`` of a command includes its backslash. ``spaced``: white space stands before it.

    A token that a macro put in has the span of the macro's call and ``expanded`` true.
    """

    kind: Lexeme
    text: str
    span: Span
    spaced: bool = False
    expanded: bool = False
