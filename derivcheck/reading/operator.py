"""What a letter or word begins: a name, a function word, a big operator, a derivative, a limit."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Rational
from typing import TYPE_CHECKING

from derivcheck.latex.node import Accent, Digits, Fenced, Fraction, Glyph, Grid, Mark, Node, Noted, Row, Scripts, Words
from derivcheck.reading import bracket, differential, integral, partial
from derivcheck.reading.application import apply_name, function_argument, indicator_below, is_product_star
from derivcheck.reading.custom import FUNCTIONS
from derivcheck.reading.expression import (
    Call,
    Choice,
    Expression,
    Literal,
    Name,
    Phrase,
    Power,
    Product,
    Quotient,
    Transpose,
    Unread,
    doubted,
)
from derivcheck.reading.fold import read_fold
from derivcheck.reading.inverse import inverted, is_inversion
from derivcheck.reading.name import is_identifier_text, read_indices, upright
from derivcheck.reading.vocabulary import CONNECTIVES
from derivcheck.reading.word import MOMENTS, SUMS, known_function, letter_run

if TYPE_CHECKING:
    from derivcheck.reading.reader import Cursor, Reader

CONGRUENCE = "a congruence"
_FOLD_WORDS = {"max": "max", "min": "min", "sup": "max", "inf": "min", "argmax": "argmax", "argmin": "argmin"}


def read_words(reader: Reader, cursor: Cursor) -> Expression:
    """A text command in a place for a factor: a function or a name set in text; the last word where prose stands before it."""
    node = cursor.take()
    assert isinstance(node, Words)
    text = node.text.strip()
    last = text.split()[-1] if text.split() else ""
    if text.lower().replace(" ", "") in _FOLD_WORDS:
        return _word(reader, cursor, text.lower().replace(" ", ""), node, None)
    word = text if is_identifier_text(text) else "" if _is_titled(text) else last
    if word and (known_function(reader, word) is not None):
        return _word(reader, cursor, known_function(reader, word) or word, node, None)
    if text == "mod":
        return Unread("an equation", CONGRUENCE, node.span)
    if is_identifier_text(text):
        return apply_name(reader, cursor, Name(upright(text), node.span))
    return Unread("a formula", f"the words “{text}”", node.span)


def _is_titled(text: str) -> bool:
    """Whether several words are the name of a function of its own, as in ``Leaky ReLU``: the first has a capital and none only joins."""
    words = text.split()
    return len(words) > 1 and words[0][:1].isupper() and not any(word.lower() in CONNECTIVES for word in words)


def read_letter(reader: Reader, cursor: Cursor) -> Expression:
    """A letter or word, and what it is applied to."""
    item = cursor.peek()
    assert isinstance(item, Glyph | Accent)
    if isinstance(item, Glyph):
        increment = _increment(reader, cursor, item) if item.text in reader.vocabulary.increments else None
        special = increment or _special(reader, cursor, item, None)
        if special is not None:
            return special
    node = cursor.take()
    name = reader.named(node)
    if name is None and not _is_zero(node):
        return Unread("a name", "something accented", node.span)
    return apply_name(reader, cursor, name) if name is not None and name.spelling != "0" else Literal(Rational(0), node.span)


def _is_zero(node: Node) -> bool:
    """Whether a node is a number 0 with something over it, or in bold type: the zero vector, which goes with every shape."""
    body = node.body if isinstance(node, Accent) else node
    return isinstance(body, Digits) and body.text == "0"


def _increment(reader: Reader, cursor: Cursor, sign: Glyph) -> Expression | None:
    r"""A name with the sign of an increment or a variation before it, as one name: ``\Delta x``, ``\delta C_t``; None where no name follows."""
    node = cursor.peek(1)
    base = node.base if isinstance(node, Scripts) else node
    name = reader.named(base) if isinstance(base, Glyph | Accent) else None
    if name is None or node is None:
        return None
    is_function = name.spelling in FUNCTIONS or reader.vocabulary.is_function(name.spelling)
    # A capital delta before a function is the Laplacian.
    if is_function and (len(name.spelling) > 1 or sign.text == r"\Delta" or isinstance(cursor.peek(2), Fenced)):
        return None
    cursor.take()
    cursor.take()
    whole = replace(name, spelling=f"{sign.text}{{{name.spelling}}}", span=sign.span.cover(base.span))
    return _named_with_scripts(reader, cursor, whole, node) if isinstance(node, Scripts) else apply_name(reader, cursor, whole)


def read_scripted(reader: Reader, cursor: Cursor) -> Expression:
    """Something with scripts: an operator, a function word, a name, a bracket."""
    node = cursor.peek()
    assert isinstance(node, Scripts)
    base = node.base
    if isinstance(base, Glyph):
        special = _special(reader, cursor, base, node)
        if special is not None:
            return special
    cursor.take()
    if base is None:
        return Unread("something below the script", "nothing", node.span)
    if isinstance(base, Noted) and base.manner == "struck":
        return Unread("a formula", "something struck out with a new value beside it", node.span)
    flagged = indicator_below(reader, node)
    if flagged is not None:
        return flagged
    if isinstance(base, Words):
        return _scripted_words(reader, cursor, base, node)
    if isinstance(base, Mark):
        return _scripted_mark(reader, base, node)
    if isinstance(base, Fenced) and base.opening == "" and base.closing == "|":
        return bracket.read_evaluation(reader, reader.inside(base.body.items), node)
    if (
        isinstance(base, Fenced)
        and base.opening == "["
        and node.below is not None
        and node.above is not None
        and len(bracket.split_list(base.body.items)) == 1
    ):
        return bracket.read_evaluation(reader, reader.inside(base.body.items), node)
    if isinstance(base, Fenced) and base.opening in ("|", r"\|"):
        modulus = bracket.read_fenced(reader, base)
        return bracket.bars_with_scripts(reader, modulus, node)
    if isinstance(base, Fenced) and is_product_star(node, cursor):
        cursor.items = [*cursor.items[: cursor.at], Mark("*", node.span), *cursor.items[cursor.at :]]
        return bracket.read_fenced(reader, base)
    name = reader.named(base)
    if name is None:
        inner = reader.inside([base])
        if not isinstance(base, Row | Scripts) or not isinstance(inner, Name):
            return reader.scripts(inner, node)
        name = inner
    return _named_with_scripts(reader, cursor, name, node)


def _scripted_words(reader: Reader, cursor: Cursor, base: Words, node: Scripts) -> Expression:
    word = base.text.strip()
    joined = word.lower().replace(" ", "")
    if joined in _FOLD_WORDS:
        return _fold(reader, cursor, _FOLD_WORDS[joined], node)
    function = known_function(reader, word)
    if function is not None:
        return _word(reader, cursor, function, base, node)
    if not is_identifier_text(word):
        return Unread("a formula", f"the words “{word}”", node.span)
    return _named_with_scripts(reader, cursor, Name(upright(word), base.span), node)


def _scripted_mark(reader: Reader, base: Mark, node: Scripts) -> Expression:
    if base.text in ("|", "sized|"):
        return bracket.read_evaluation(reader, Phrase("", base.span), node)
    return Unread("a factor", base.text, node.span)


def _named_with_scripts(reader: Reader, cursor: Cursor, name: Name, node: Scripts) -> Expression:
    """A name with scripts and what it is applied to; a power stands outside the application: f^2(x) is (f(x))^2."""
    scripted = reader.scripts(name, node)
    if isinstance(scripted, Name):
        return apply_name(reader, cursor, scripted)
    if (
        isinstance(scripted, Power | Transpose)
        and isinstance(scripted.body, Name)
        and reader.vocabulary.is_function(scripted.body.spelling)
    ):
        called = apply_name(reader, cursor, scripted.body)
        if isinstance(called, Call):
            return replace(scripted, body=called, span=node.span.cover(called.span))
    return scripted


# -- words and special letters


def _special(reader: Reader, cursor: Cursor, base: Glyph, node: Scripts | None) -> Expression | None:
    """What a letter or command begins that is no plain name; None where it is one."""
    if base.text in SUMS and (base.text != r"\Sigma" or _has_limits(node)):
        return _fold(reader, cursor, SUMS[base.text], node, take=True)
    if base.text in (r"\int", r"\iint", r"\oint"):
        return integral.read_integral(reader, cursor, node)
    if base.text in (r"\nabla", r"\bigtriangledown", r"\grad"):
        return differential.read_gradient(reader, cursor, node)
    if base.text == r"\partial" and node is not None:
        return partial.read_partial(reader, cursor, node)
    if base.text == r"\Delta" and node is None:
        return partial.read_laplacian(reader, cursor)
    if base.text == "D":
        derivative = partial.read_capital_d(reader, cursor) if node is None else partial.read_directional(reader, cursor)
        if derivative is not None:
            return derivative
    if base.text in (r"\partial", "d", r"\mathrm{d}", r"\dd") and node is None:
        slashed = differential.read_slashed(reader, cursor)
        if slashed is not None:
            return slashed
    moment = MOMENTS.get(base.text) if base.style == "blackboard" else None
    if moment is not None and (node is None or node.above is None) and _takes(cursor.peek(1), moment):
        cursor.take()
        return _word(reader, cursor, moment, base, node)
    if base.style == "upright" or base.text.startswith("\\"):
        return _command_word(reader, cursor, base, node)
    return _letter_word(reader, cursor)


def _takes(item: Node | None, moment: str) -> bool:
    """Whether what stands behind the letter of a moment is its argument; a bracket behind that of an expectation is read elsewhere."""
    base = item.base if isinstance(item, Scripts) else item
    if isinstance(base, Fenced):
        return moment == "Var" and base.opening in ("(", "[", r"\{")
    if isinstance(base, Mark):
        return base.text in ("|", r"\|", "sized|", r"sized\|")
    return base is not None and not isinstance(base, Words | Grid)


def _has_limits(node: Scripts | None) -> bool:
    return (
        node is not None and isinstance(node.below, Row) and any(isinstance(item, Mark) and item.text == "=" for item in node.below.items)
    )


def _command_word(reader: Reader, cursor: Cursor, base: Glyph, node: Scripts | None) -> Expression | None:
    word = base.text.removeprefix("\\")
    if word == "lim" or word in ("limsup", "liminf"):
        cursor.take()
        return differential.read_limit(reader, cursor, node)
    if word == "arg" and node is None:
        joined = _arg_extremum(reader, cursor)
        if joined is not None:
            return joined
    function = known_function(reader, word)
    if function is None or (base.style != "upright" and not base.text.startswith("\\")):
        return None
    cursor.take()
    return _word(reader, cursor, function, base, node)


def _arg_extremum(reader: Reader, cursor: Cursor) -> Expression | None:
    following = cursor.peek(1)
    base = following.base if isinstance(following, Scripts) else following
    if isinstance(base, Glyph) and base.text.removeprefix("\\") in ("max", "min"):
        cursor.take()
        cursor.take()
        return _fold(reader, cursor, "arg" + base.text.removeprefix("\\"), following if isinstance(following, Scripts) else None)
    return None


def _letter_word(reader: Reader, cursor: Cursor) -> Expression | None:
    """A word written as plain letters: a function or a name of several letters."""
    word = reader.vocabulary.longest_word(letter_run(cursor, reader.vocabulary.longest))
    if not word:
        return None
    node: Scripts | None = None
    start = cursor.here()
    for _ in word:
        item = cursor.take()
        node = item if isinstance(item, Scripts) else None
    span = start.cover(node.base.span if node is not None and node.base is not None else cursor.items[cursor.at - 1].span)
    shown = Glyph(word, span)
    if word == "lim":
        return differential.read_limit(reader, cursor, node)
    if word in reader.vocabulary.functions or word in reader.vocabulary.folds:
        return _word(reader, cursor, word, shown, node)
    name = Name(upright(word), span)
    return apply_name(reader, cursor, name) if node is None else _named_with_scripts(reader, cursor, name, node)


def _word(reader: Reader, cursor: Cursor, word: str, base: Node, node: Scripts | None) -> Expression:
    """A function word with its scripts and its argument."""
    if word in _FOLD_WORDS and (node is not None and node.below is not None):
        return _fold(reader, cursor, _FOLD_WORDS[word], node)
    if word == "argmax" or word == "argmin":
        return _fold(reader, cursor, word, node)
    below = None
    if node is not None and node.below is not None:
        indices = read_indices(reader, node.below)
        below = indices[0] if indices else None
    following = cursor.peek()
    if upright(word) in reader.vocabulary.applied and not isinstance(following.base if isinstance(following, Scripts) else following, Fenced):
        bare = Name(word, base.span)
        return bare if node is None else _named_with_scripts(reader, cursor, bare, node)
    name = Name(word, base.span, primes=node.primes if node is not None else 0)
    exponent = node.above if node is not None else None
    called = function_argument(reader, cursor, name, below)
    return called if exponent is None else _raised(reader, called, exponent)


def _raised(reader: Reader, called: Expression, exponent: Node) -> Expression:
    r"""``\sin^2 x``, ``\tanh^{-1} x``, ``softmax^{(i)}``."""
    if isinstance(called, Choice):
        options = tuple((_raised(reader, option, exponent), penalty) for option, penalty in called.options)
        return doubted(options, called.about, called.span)
    if isinstance(called, Product):
        return Product((_raised(reader, called.factors[0], exponent), *called.factors[1:]), called.signs, called.span)
    raised = reader.scripts(called, Scripts(None, None, exponent, 0, called.span))
    return (inverted(called, raised) if is_inversion(exponent) else None) or raised


# -- big operators


def _fold(reader: Reader, cursor: Cursor, operation: str, node: Scripts | None, take: bool = False) -> Expression:
    """A big operator with its limits and its body."""
    if take:
        taken = cursor.take()
        node = taken if isinstance(taken, Scripts) else None
        span = taken.span
    else:
        span = node.span if node is not None else cursor.here()
    return read_fold(reader, cursor, operation, node, span)


# -- fractions


def read_fraction(reader: Reader, cursor: Cursor) -> Expression:
    node = cursor.take()
    assert isinstance(node, Fraction)
    if not node.line:
        return Call(Name("binomial", node.span), (reader.inside([node.above]), reader.inside([node.below])), node.span)
    derivative = differential.read_fraction(reader, cursor, node)
    if derivative is not None:
        return derivative
    return Quotient(reader.inside([node.above]), reader.inside([node.below]), node.span)
