r"""White space that prints nothing, closed up: ``1 0 0`` and ``\mathrm { e x p }``, as recognisers of printed formulas write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from derivcheck.latex import command as table
from derivcheck.latex.special import SPECIAL
from derivcheck.latex.token import Lexeme, Token

_TAKES_ARGUMENTS = frozenset((*SPECIAL, *table.STYLES, *table.ACCENTS, *table.TEXT))


def close_up(tokens: Sequence[Token], text: str) -> list[Token]:
    """The tokens of a formula between delimiters, with digits that print as one number joined and the letters of a name set upright close together."""
    return _join_digits(_close_names(list(tokens), text), text)


def _close_names(tokens: list[Token], text: str) -> list[Token]:
    for at, token in enumerate(tokens):
        if table.STYLES.get(token.text) not in ("upright", "operator"):
            continue
        start = at + 1 + (at + 1 < len(tokens) and tokens[at + 1].kind is Lexeme.OPEN)
        end = start
        while end < len(tokens) and (tokens[end].kind in (Lexeme.LETTER, Lexeme.NUMBER) or tokens[end].text in ",.;"):
            end += 1
        inside = tokens[start:end]
        if len(inside) > 1 and all(later.spaced and not later.expanded for later in inside[1:]):
            gaps = [text[one.span.end : other.span.start] for one, other in pairwise(inside)]
            tokens[start + 1 : end] = [replace(letter, spaced="~" in gap) for letter, gap in zip(inside[1:], gaps, strict=True)]
    return tokens


def _join_digits(tokens: list[Token], text: str) -> list[Token]:
    joined: list[Token] = []
    at = 0
    while at < len(tokens):
        end = _end_of_number(tokens, at, text)
        if end - at > 1 and not _takes_one_digit(joined) and not (joined and joined[-1].text == "[" and end < len(tokens) and tokens[end].text == "]"):
            parts = tokens[at:end]
            joined.append(replace(parts[0], text="".join(part.text for part in parts), span=parts[0].span.cover(parts[-1].span)))
        else:
            joined += tokens[at:end]
        at = end
    return joined


def _end_of_number(tokens: Sequence[Token], at: int, text: str) -> int:
    """The index behind the number that begins with a token; the one behind the token where none does."""
    end = _end_of_run(tokens, at, text)
    if end == at:
        return at + 1
    if end + 1 < len(tokens) and tokens[end].text == "." and _is_apart(tokens[end], tokens[end + 1], text):
        fraction = _end_of_run(tokens, end + 1, text)
        if fraction > end + 1 and (tokens[end].spaced or tokens[at].text == "0"):
            return fraction
    return end


def _end_of_run(tokens: Sequence[Token], at: int, text: str) -> int:
    """The index behind digits that stand one by one, or behind a number whose thousands are set apart; where it began where there is none."""
    end = at
    width = len(tokens[at].text)
    while end < len(tokens) and tokens[end].kind is Lexeme.NUMBER and tokens[end].text.isdecimal():
        size = len(tokens[end].text)
        if end > at and not (_is_apart(tokens[end - 1], tokens[end], text) and size == (1 if width == 1 and size == 1 else 3)):
            break
        end += 1
    return end


def _is_apart(one: Token, other: Token, text: str) -> bool:
    """Whether nothing but blanks stands between two tokens of the source."""
    gap = text[one.span.end : other.span.start]
    return bool(gap) and not gap.strip(" ") and not one.expanded and not other.expanded


def _takes_one_digit(before: Sequence[Token]) -> bool:
    r"""Whether what stands before a number takes its first digit alone, as in ``x_1 2`` and ``\frac 1 2``."""
    return bool(before) and (before[-1].kind in (Lexeme.SUPERSCRIPT, Lexeme.SUBSCRIPT) or before[-1].text in _TAKES_ARGUMENTS)
