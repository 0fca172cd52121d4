"""LaTeX as plain text for one line of a message: letters with their accents, simple fractions with a slash."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

_WORDS = {
    **dict(zip(
        "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi varphi"
        " chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split(),
        "α β γ δ ε ε ζ η θ ϑ ι κ λ μ ν ξ π ρ σ τ υ φ φ χ ψ ω Γ Δ Θ Λ Ξ Π Σ Φ Ψ Ω".split(),
        strict=True,
    )),
    **{"partial": "∂", "nabla": "∇", "cdot": "·", "times": "×", "odot": "⊙", "otimes": "⊗", "sum": "Σ", "prod": "Π", "int": "∫", "infty": "∞"},
    **{"le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "pm": "±", "top": "T", "intercal": "T", "ell": "ℓ"},
    **{"to": "→", "in": "∈", "dots": "…", "cdots": "…", "ldots": "…", "quad": " ", "qquad": " ", "mid": "|", "prime": "'", "star": "*", "ast": "*"},
    **dict.fromkeys("left right big Big bigl bigr Bigl Bigr displaystyle limits nolimits".split(), ""),
}  # fmt: skip
_ACCENTS = {"hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304", "overline": "\u0304", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308"}
_KEEP = frozenset("mathbf boldsymbol bm mathrm text textbf mathit mathcal mathbb operatorname mathsf boxed underbrace vec".split())
_TOKEN = re.compile(r"\\[A-Za-z]+\s*|\\.|[{}]|\s+|.", re.S)


def plain(latex: str) -> str:
    """A formula as plain text in one line."""
    tokens = _TOKEN.findall(latex)
    text, _ = _run(tokens, 0)
    text = re.sub(r"\s+", " ", text).strip()
    return unicodedata.normalize("NFC", re.sub(r"\(\s+", "(", re.sub(r"\s+\)", ")", text)))


def shown_number(value: Fraction) -> str:
    """A number in a message: whole, as a short fraction, or as a decimal."""
    short = value.denominator <= 12 or (value * 10**6).denominator > 1
    return str(value) if short else f"{float(value):.10g}"


def _run(tokens: list[str], at: int) -> tuple[str, int]:
    """The text up to a closing brace or the end, and the place behind it."""
    made = ""
    while at < len(tokens) and tokens[at] != "}":
        piece, at = _piece(tokens, at)
        made += piece
    return made, at + 1


def _piece(tokens: list[str], at: int) -> tuple[str, int]:
    token = tokens[at].strip() or " "
    if token == "{":
        return _run(tokens, at + 1)
    if token in ("_", "^"):
        return _script(tokens, at + 1, token)
    if not token.startswith("\\"):
        return {"~": " ", "&": " ", "$": ""}.get(token, token), at + 1
    word = token[1:]
    if word in ("frac", "dfrac", "tfrac", "cfrac"):
        above, at = _argument(tokens, at + 1)
        below, at = _argument(tokens, at)
        return f"{_grouped(above)}/{_grouped(below, True)}", at
    if word == "sqrt":
        inner, at = _argument(tokens, at + 1)
        return f"√{inner}" if len(inner) == 1 else f"√({inner})", at
    if word in _ACCENTS:
        inner, at = _argument(tokens, at + 1)
        return inner[:1] + _ACCENTS[word] + inner[1:], at
    if word in _KEEP:
        return _argument(tokens, at + 1)
    if not word[:1].isalpha():
        return {"\\": " ", ",": " ", ";": " ", ":": " ", "!": "", "|": "‖", "{": "{", "}": "}"}.get(word, word), at + 1
    spaced = _WORDS.get(word, word)
    follows = tokens[at + 1] if at + 1 < len(tokens) else ""
    gap = " " if word not in _WORDS and follows[:1] not in ("", "(", "{", "_", "^", ")", "}", " ", ",") else ""
    return spaced + gap, at + 1


def _argument(tokens: list[str], at: int) -> tuple[str, int]:
    """One argument of a command: a group or the next token."""
    while at < len(tokens) and tokens[at].isspace():
        at += 1
    return _piece(tokens, at) if at < len(tokens) else ("", at)


def _script(tokens: list[str], at: int, mark: str) -> tuple[str, int]:
    text, at = _argument(tokens, at)
    if mark == "^" and text == "T":
        return "ᵀ", at
    if mark == "^" and text in ("2", "3"):
        return {"2": "²", "3": "³"}[text], at
    if mark == "_" or len(text) == 1 or re.fullmatch(r"\w+|\(\w+\)|-\w", text):
        return mark + (text if mark == "^" or not re.search(r"\s", text) else "(" + text + ")"), at
    return f"{mark}({text})", at


def _grouped(text: str, below: bool = False) -> str:
    """A part of a fraction, in brackets where a slash would tear it apart."""
    text = text.strip()
    loose = re.search(r"[+\-−]|/", re.sub(r"\([^()]*\)|[_^][({][^)}]*[)}]", "", text)) or (below and " " in text) or (below and re.search(r"[·×]|[\w)]\(|\)\w", text))
    return f"({text})" if loose else text
