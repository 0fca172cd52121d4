"""Tokens: the letters, numbers, commands and brackets of a formula, each with its place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from derivcheck.source import Span


class Lexeme(StrEnum):
    """The kind of a token."""

    COMMAND = "command"
    LETTER = "letter"
    NUMBER = "number"
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
