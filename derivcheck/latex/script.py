"""What stands above and below a letter: primes, bounds, exponents whose sign alone is raised."""

from __future__ import annotations

from derivcheck.latex.node import Digits, Glyph, Mark, Node, Row, Scripts, items_of
from derivcheck.latex.token import Lexeme, Token

# What stands between or behind terms, never at the beginning of one.
_GOING_ON = frozenset(("+", "-", "*", "/", "=", "<", ">", ",", ";", ".", ":", ")", "]", *(rf"\{name}" for name in "cdot times le leq ge geq approx quad qquad right Rightarrow implies".split())))


def is_bounded(base: Node | None, script: Token | None) -> bool:
    r"""Whether a script is the bound of a big operator: without braces that is one digit (TeXbook p. 129), a power what it looks like.

    No summand begins with a zero: the bound in ``\sum_{i=1}^10 i`` is what it looks like too.
    """
    is_big = isinstance(base, Glyph) and base.text in (r"\int", r"\sum", r"\prod", r"\oint")
    return is_big and script is not None and script.text[1:2] != "0"


def has_argument_below(base: Node | None, script: Token | None, following: Token | None) -> bool:
    r"""Whether the digits below a logarithm hold its argument, too, as in ``\log_28 = 3``: TeX lowers the first alone (TeXbook p. 128), and nothing else is left for it."""
    is_log = isinstance(base, Glyph) and base.text == r"\log" and script is not None and script.kind is Lexeme.NUMBER and len(script.text) > 1
    return is_log and (following is None or following.text in _GOING_ON or following.kind in (Lexeme.CLOSE, Lexeme.ALIGN, Lexeme.BREAK))


def grounded(node: Node) -> Node:
    """A subscript that hangs in the air inside another one, as in ``c_{_2}``, is that subscript itself."""
    hangs = isinstance(node, Scripts) and node.base is None and node.below is not None and node.above is None and not node.primes
    return node.below if hangs else node


def count_primes(node: Node) -> int:
    pairs = [(item.base, item.primes) if isinstance(item, Scripts) and item.below is item.above is None else (item, 0) for item in items_of(node)]
    primes = [more + (base is not None) for base, more in pairs if base is None or (isinstance(base, Glyph | Mark) and base.text in (r"\prime", "'"))]
    return sum(primes) if len(primes) == len(pairs) else 0


def beside(first: Node | None, second: Node) -> Node:
    if first is None:
        return second
    return Row((*items_of(first), *items_of(second)), first.span.cover(second.span))


def is_lone_sign(base: Node | None, sign: Token | None, following: Token | None) -> bool:
    r"""Whether a minus alone is raised where the exponent behind it is meant too: ``A^-1``, ``e^-{2x}``, ``e^-x``.

    A number or a group right behind the minus belongs to it; a letter does so above e or a number, for any other letter may have a
    minus of its own above it, as a limit from the left or what is predicted has.
    """
    if sign is None or sign.text != "-" or following is None or following.spaced:
        return False
    if following.kind in (Lexeme.NUMBER, Lexeme.OPEN):
        return True
    is_exponential = isinstance(base, Digits) or (isinstance(base, Glyph) and base.text == "e")
    return is_exponential and following.kind in (Lexeme.LETTER, Lexeme.COMMAND)
