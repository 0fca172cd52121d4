"""Text to tokens. Comments are dropped, Unicode mathematics becomes the commands it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from unicodedata import category, name, normalize

from derivcheck.latex.token import IDEOGRAPHS, Lexeme, Token
from derivcheck.source import Span

_COMMAND = re.compile(r"\\(?:[A-Za-z@]+\*?|.|$)", re.S)
_LANDMARK = re.compile(r"\\(?:[A-Za-z]+|.)|:=|[{}()\[\]=<>]|%[^\n]*", re.S)
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_THOUSANDS = re.compile(
    r"[1-9]\d{0,2}(?:\{,\}\d{3}){1,9}(?!\d)(?:\.\d+)?"
    r"|[1-9]\d{0,2}(?:,\d{3}){0,9},0\d\d(?:,\d{3}){0,9}(?![\d,])(?:\.\d+)?"
    r"|(?<![(\[{,_])[1-9]\d?(?:,\d{3}){2,9}(?![\d,])(?:\.\d+)?"
    r"|(?<![(\[{,_])[1-9]\d{0,2}(?:,\d{3}){1,9}(?:\.\d+|(?![\d,.{]))"
)
# A comma for a decimal point; indices, arguments and the elements of sets are lists, unless nothing is spaced behind it or something is added.
_BEGINS = r"(?<![,._^\d])(?<![\\_^]\{)"
_COMMA = re.compile(rf"{_BEGINS}(?:\d+\{{,\}}\d+(?!,\d)|(?:(?<![(\[])\d+,\d+|0,\d+(?=\s*(?:[-+*/^]|\\(?:cdot|times|frac)\b)))(?!,))(?!\d|\.\d|\{{,\}})")
_SURELY_DECIMAL = re.compile(rf"{_BEGINS}(?:(?<![(\[])0,\d{{2,}}|0\{{,\}}\d+|\d+\{{,\}}(?:\d{{1,2}}|\d{{4,}}))(?![\d,])")
_GROUPING = {"{": Lexeme.OPEN, "}": Lexeme.CLOSE, "^": Lexeme.SUPERSCRIPT, "_": Lexeme.SUBSCRIPT, "&": Lexeme.ALIGN, "#": Lexeme.PARAMETER}

_GREEK_LETTERS = "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩϵϑϕϱϖϰ"
_GREEK_NAMES = (
    "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon varphi chi psi omega Gamma Delta Theta"
    " Lambda Xi Pi Sigma Upsilon Phi Psi Omega epsilon vartheta phi varrho varpi varkappa"
)
_GREEK = {letter: f"\\{name}" for letter, name in zip(_GREEK_LETTERS, _GREEK_NAMES.split(), strict=True)}
_SIGNS = {
    "∂": r"\partial", "∇": r"\nabla", "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "√": r"\sqrt", "∞": r"\infty", "≤": r"\le", "≥": r"\ge",
    "≠": r"\ne", "≈": r"\approx", "≡": r"\equiv", "∝": r"\propto", "∼": r"\sim", "≃": r"\simeq", "≅": r"\cong", "≪": r"\ll", "≫": r"\gg",
    "·": r"\cdot", "⋅": r"\cdot", "×": r"\times", "÷": r"\div", "±": r"\pm", "∓": r"\mp", "−": "-", "–": "-", "∈": r"\in", "∉": r"\notin",
    "⊂": r"\subset", "⊆": r"\subseteq", "∪": r"\cup", "∩": r"\cap", "→": r"\to", "⇒": r"\Rightarrow", "⟹": r"\Rightarrow", "⇔": r"\Leftrightarrow", "⟺": r"\Leftrightarrow", "←": r"\leftarrow",
    "↦": r"\mapsto", "∴": r"\therefore", "∵": r"\because", "∀": r"\forall", "∃": r"\exists", "⊙": r"\odot", "∘": r"\circ", "⊗": r"\otimes",
    "⊕": r"\oplus", "…": r"\dots", "⋯": r"\cdots", "⊤": r"\top", "⊥": r"\perp", "∥": r"\|", "‖": r"\|", "⟨": r"\langle", "⟩": r"\rangle",
    "⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil", "ℓ": r"\ell", "ℝ": r"\mathbb{R}", "ℕ": r"\mathbb{N}", "ℤ": r"\mathbb{Z}",
    "𝔼": r"\mathbb{E}", "′": "'", "″": "''", "½": r"\frac{1}{2}", "⅓": r"\frac{1}{3}", "⅔": r"\frac{2}{3}", "¼": r"\frac{1}{4}", "¾": r"\frac{3}{4}", "≔": ":=", "≜": r"\triangleq", "∧": r"\wedge", "∨": r"\vee", "¬": r"\neg", "□": r"\square", "†": r"\dagger", "。": ".", "、": ",",
}  # fmt: skip
_ALPHABETS = {"SCRIPT": r"\mathcal", "DOUBLE-STRUCK": r"\mathbb", "FRAKTUR": r"\mathfrak", "BLACK-LETTER": r"\mathfrak", "BOLD": r"\mathbf"}
_HIGH = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱᵀ", "0123456789+-niT", strict=True))
_LOW = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₙₘₜ", "0123456789+-ijknmt", strict=True))


def tokenize(text: str, span: Span) -> list[Token]:
    """The tokens of a stretch of text, in order. Every character is accounted for; none makes it fail."""
    tokens: list[Token] = []
    at, spaced = span.start, False
    while at < span.end:
        char = text[at]
        if char.isspace() or char == "~":
            at, spaced = at + 1, True
            continue
        if not char.isascii() and category(char) == "Cf":
            at += 1
            continue
        if char == "%":
            at, spaced = _skip_comment(text, at, span.end), True
            continue
        found, end = _token(text, at, span.end, spaced)
        tokens += found
        at, spaced = end, False
    return tokens


def sparse(text: str, span: Span) -> Iterator[Token]:
    """The commands, brackets and relation signs alone of a stretch of text that is too long to be read."""
    for match in _LANDMARK.finditer(text, span.start, span.end):
        kind = Lexeme.COMMAND if match.group().startswith("\\") else _GROUPING.get(match.group(), Lexeme.MARK)
        if not match.group().startswith("%"):
            yield Token(kind, match.group(), Span(*match.span()))


@lru_cache(maxsize=16)
def _has_decimal_commas(text: str) -> bool:
    """Whether a document writes a comma for the decimal point: some number of it can be read in no other way."""
    return _SURELY_DECIMAL.search(text) is not None


def _skip_comment(text: str, at: int, end: int) -> int:
    stop = text.find("\n", at, end)
    return end if stop < 0 else stop + 1


def _token(text: str, at: int, end: int, spaced: bool) -> tuple[list[Token], int]:
    """The token or tokens that begin at an offset, and the offset behind them."""
    char = text[at]
    if char == "\\":
        return _command(text, at, end, spaced)
    if char in _GROUPING:
        return [Token(_GROUPING[char], char, Span(at, at + 1), spaced)], at + 1
    if (char.isdecimal() and char.isascii()) or (char == "." and at + 1 < end and text[at + 1].isdecimal()):
        decimal = _COMMA.match(text, at, end) if _has_decimal_commas(text) else None
        match = decimal or _THOUSANDS.match(text, at, end) or _NUMBER.match(text, at, end)
        if match:
            digits = match.group().replace("{,}", ",").replace(",", "." if decimal else "")
            return [Token(Lexeme.NUMBER, digits, Span(at, match.end()), spaced)], match.end()
    if char in _HIGH or char in _LOW:
        return _script(text, at, end, spaced)
    if char == ":" and text.startswith(":=", at) and at + 1 < end:
        return [Token(Lexeme.MARK, ":=", Span(at, at + 2), spaced)], at + 2
    if char == "." and text.startswith("...", at, end):
        return [Token(Lexeme.COMMAND, r"\dots", Span(at, at + 3), spaced)], at + 3
    if not char.isascii() and (words := IDEOGRAPHS.match(text, at, end)):
        return [Token(Lexeme.WORDS, words.group(), Span(at, words.end()), spaced)], words.end()
    meant = _GREEK.get(char) or _SIGNS.get(char) or _letterlike(char)
    if meant is not None:
        return _meant(meant, Span(at, at + 1), spaced), at + 1
    kind = Lexeme.LETTER if char.isalpha() else Lexeme.MARK
    return [Token(kind, char, Span(at, at + 1), spaced)], at + 1


def _command(text: str, at: int, end: int, spaced: bool) -> tuple[list[Token], int]:
    match = _COMMAND.match(text, at, end)
    name = match.group() if match else "\\"
    stop = at + len(name)
    if name == "\\\\":
        if stop < end and text[stop] == "*":
            stop += 1
        return [Token(Lexeme.BREAK, name, Span(at, _skip_length(text, stop, end)), spaced)], _skip_length(text, stop, end)
    if name.endswith("*") and name not in (r"\operatorname*", r"\DeclareMathOperator*", r"\newcommand*"):
        name, stop = name[:-1], stop - 1
    return [Token(Lexeme.COMMAND, name, Span(at, stop), spaced)], stop


def _skip_length(text: str, at: int, end: int) -> int:
    r"""The offset behind the optional space of a line break, as in ``\\[2pt]``; a bracket that holds no length is kept."""
    match = re.compile(r"\[\s*-?\d*\.?\d+\s*(?:pt|em|ex|cm|mm|in|sp|mu)\s*\]").match(text, at, end)
    return match.end() if match else at


def _script(text: str, at: int, end: int, spaced: bool) -> tuple[list[Token], int]:
    """A run of Unicode superscripts or subscripts as an ordinary script."""
    table, kind = (_HIGH, Lexeme.SUPERSCRIPT) if text[at] in _HIGH else (_LOW, Lexeme.SUBSCRIPT)
    stop = at
    while stop < end and text[stop] in table:
        stop += 1
    span = Span(at, stop)
    inside = []
    for offset in range(at, stop):
        char = table[text[offset]]
        lexeme = Lexeme.NUMBER if char.isdecimal() else Lexeme.LETTER if char.isalpha() else Lexeme.MARK
        inside.append(Token(lexeme, char, Span(offset, offset + 1)))
    digits = [token for token in inside if token.kind is Lexeme.NUMBER]
    if len(digits) == len(inside):
        inside = [Token(Lexeme.NUMBER, "".join(token.text for token in digits), span)]
    return [Token(kind, kind.value, span, spaced), Token(Lexeme.OPEN, "{", span), *inside, Token(Lexeme.CLOSE, "}", span)], stop


def _letterlike(char: str) -> str | None:
    r"""What a letter or digit of the mathematical alphabets prints: ``𝑥`` is x, ``𝐲`` is ``\mathbf{y}``; None for any other character."""
    if char.isascii() or len(plain := normalize("NFKC", char)) != 1 or plain == char:
        return None
    described = name(char, "").split()
    style = next((command for word, command in _ALPHABETS.items() if word in described and (plain.isalpha() or char == "𝟙")), "")
    letter = _GREEK.get(plain) or _SIGNS.get(plain) or plain
    return f"{style}{{{letter}}}" if style else letter


def _meant(latex: str, span: Span, spaced: bool) -> list[Token]:
    """The tokens that a Unicode sign stands for."""
    tokens = [Token(token.kind, token.text, span) for token in tokenize(latex, Span(0, len(latex)))]
    return [replace(tokens[0], spaced=spaced), *tokens[1:]]
