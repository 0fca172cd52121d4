"""Prefix operators and applications: functions, big operators, derivatives, gradients, integrals, limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.latex import command as table
from derivcheck.latex.node import Accent, Digits, Fenced, Fraction, Glyph, Mark, Node, Row, Scripts, Words
from derivcheck.reading import bracket, differential
from derivcheck.reading.expression import Call, Chance, Choice, Entry, Expression, Name, Power, Product, Quotient, Transpose, Unread
from derivcheck.reading.name import bare_word, is_identifier_text, read_indices, spell, upright
from derivcheck.source import Span

if TYPE_CHECKING:
    from derivcheck.reading.reader import Cursor, Reader

SUMS = {r"\sum": "+", r"\prod": "*", r"\Sigma": "+", r"\bigcup": "union", r"\bigcap": "intersection", r"\bigoplus": "+", r"\coprod": "*"}
_FOLD_WORDS = {"max": "max", "min": "min", "sup": "max", "inf": "min", "argmax": "argmax", "argmin": "argmin"}
_EXPECTATIONS = frozenset((r"\mathbb{E}", "E", r"\mathrm{E}", r"\E", r"\mathcal{E}"))
_INDICATORS = frozenset(
    (r"\mathbb{1}", r"\mathbb{I}", r"\mathbf{1}", "I", "1", r"\mathcal{I}", r"\chi", r"\mathrm{1}", r"\1", r"\indicator", r"\ind")
)


def read_words(reader: Reader, cursor: Cursor) -> Expression:
    """A text command in a place for a factor: a function or a name set in text; the last word where prose stands before it."""
    node = cursor.take()
    assert isinstance(node, Words)
    text = node.text.strip()
    last = text.split()[-1] if text.split() else ""
    if text.lower().replace(" ", "") in _FOLD_WORDS:
        return _word(reader, cursor, text.lower().replace(" ", ""), node, None)
    word = text if is_identifier_text(text) else last
    if word and (known_function(reader, word) is not None):
        return _word(reader, cursor, known_function(reader, word) or word, node, None)
    if is_identifier_text(text):
        return apply_name(reader, cursor, Name(upright(text), node.span))
    return Unread("a formula", f"the words “{text}”", node.span)


def known_function(reader: Reader, word: str) -> str | None:
    """The function that a word names, whatever its capitals; None where it names none."""
    words = reader.vocabulary.functions | reader.vocabulary.folds
    for spelling in (word, word.lower()):
        if spelling in words:
            return spelling
    return None


def read_letter(reader: Reader, cursor: Cursor) -> Expression:
    """A letter or word, and what it is applied to."""
    item = cursor.peek()
    assert isinstance(item, Glyph | Accent)
    if isinstance(item, Glyph):
        special = _special(reader, cursor, item, None)
        if special is not None:
            return special
    node = cursor.take()
    name = reader.named(node)
    if name is None:
        return Unread("a name", "something accented", node.span)
    return apply_name(reader, cursor, name)


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
    if isinstance(base, Words):
        return _scripted_words(reader, cursor, base, node)
    if isinstance(base, Mark):
        return _scripted_mark(reader, cursor, base, node)
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
    if isinstance(base, Fenced) and _is_product_star(node, cursor):
        cursor.items = [*cursor.items[: cursor.at], Mark("*", node.span), *cursor.items[cursor.at :]]
        return bracket.read_fenced(reader, base)
    name = reader.named(base)
    if name is None:
        inner = reader.inside([base])
        return reader.scripts(inner, node)
    return _named_with_scripts(reader, cursor, name, node)


def _is_product_star(node: Scripts, cursor: Cursor) -> bool:
    r"""``(a)^*(b)``: a star between two brackets is a product sign that was read as a superscript."""
    return node.below is None and isinstance(node.above, Mark) and node.above.text == "*" and isinstance(cursor.peek(), Fenced)


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


def _scripted_mark(reader: Reader, cursor: Cursor, base: Mark, node: Scripts) -> Expression:
    if base.text in ("|", "sized|"):
        from derivcheck.reading.expression import Phrase

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
        return differential.read_integral(reader, cursor, node)
    if base.text in (r"\nabla", r"\bigtriangledown", r"\grad"):
        return differential.read_gradient(reader, cursor, node)
    if base.text in (r"\partial", "d", r"\mathrm{d}", r"\dd") and node is None:
        slashed = differential.read_slashed(reader, cursor)
        if slashed is not None:
            return slashed
    if base.style == "upright" or base.text.startswith("\\"):
        return _command_word(reader, cursor, base, node)
    return _letter_word(reader, cursor)


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
    run, last = _letter_run(cursor)
    word = reader.vocabulary.longest_word(run)
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


def _letter_run(cursor: Cursor) -> tuple[str, bool]:
    """The letters that stand close together from here on; the last may carry scripts."""
    letters = ""
    for place in range(cursor.at, len(cursor.items)):
        item = cursor.items[place]
        base = item.base if isinstance(item, Scripts) else item
        if not isinstance(base, Glyph) or len(base.text) != 1 or not base.text.isalpha() or base.style not in ("", "upright"):
            break
        if letters and base.spaced:
            break
        letters += base.text
        if isinstance(item, Scripts):
            break
    return letters, True


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
    if exponent is None:
        return called
    return _raised(reader, called, exponent)


def _raised(reader: Reader, called: Expression, exponent: Node) -> Expression:
    r"""``\sin^2 x``, ``\tanh^{-1} x``, ``softmax^{(i)}``."""
    if isinstance(called, Choice):
        options = tuple((_raised(reader, option, exponent), penalty) for option, penalty in called.options)
        return Choice(options, called.about, called.span)
    if isinstance(called, Product):
        return Product((_raised(reader, called.factors[0], exponent), *called.factors[1:]), called.signs, called.span)
    carrier = Scripts(None, None, exponent, 0, called.span)
    return reader.scripts(called, carrier)


def function_argument(reader: Reader, cursor: Cursor, name: Name, below: Expression | None) -> Expression:
    """A function word's argument: the bracket behind it, or the factors behind it up to the next operator or function."""
    item = cursor.peek()
    fence = item.base if isinstance(item, Scripts) else item
    if isinstance(fence, Fenced) and fence.opening in ("(", "[", r"\{"):
        return _bracket_argument(reader, cursor, name, below)
    start = cursor.at
    parts = _argument_factors(reader, cursor)
    if not parts:
        return Name(name.spelling, name.span) if below is None else Call(name, (), name.span, below)
    last = parts[-1].span
    everything = parts[0] if len(parts) == 1 else Product(tuple(parts), ("",) * (len(parts) - 1), parts[0].span.cover(last))
    called = Call(name, (everything,), name.span.cover(last), below)
    if len(parts) == 1 or all(_is_number(part) for part in parts[:-1]):
        return called
    assert cursor.at > start
    first = Call(name, (parts[0],), name.span.cover(parts[0].span), below)
    alone = Product((first, *parts[1:]), ("",) * (len(parts) - 1), called.span)
    return Choice(((called, 0), (alone, 2)), "how far a function reaches", called.span)


def _is_number(part: Expression) -> bool:
    from derivcheck.reading.expression import Literal

    return isinstance(part, Literal) or (isinstance(part, Name) and part.spelling == r"\pi")


def _bracket_argument(reader: Reader, cursor: Cursor, name: Name, below: Expression | None) -> Expression:
    item = cursor.take()
    fence = item.base if isinstance(item, Scripts) else item
    assert isinstance(fence, Fenced)
    if _is_followed_by_star(item, cursor):
        cursor.items = [*cursor.items[: cursor.at], Mark("*", item.span), *cursor.items[cursor.at :]]
        item = fence
    called = Call(name, _arguments(reader, fence), name.span.cover(fence.span), below)
    if not isinstance(item, Scripts):
        return called
    outside = reader.scripts(called, replace(item, base=None))
    if item.above is None or item.below is not None or isinstance(outside, Transpose) or name.spelling not in ("log", "ln"):
        return outside
    inner = Call(name, (reader.inside([item]),), name.span.cover(item.span), below)
    return Choice(((outside, 0), (inner, 1)), "what an exponent belongs to", outside.span)


def _is_followed_by_star(item: Node, cursor: Cursor) -> bool:
    return isinstance(item, Scripts) and _is_product_star(item, cursor)


def _arguments(reader: Reader, fence: Fenced) -> tuple[Expression, ...]:
    """The arguments in a bracket; one that is not closed makes its last argument suspect."""
    if not fence.closed:
        return (bracket.read_fenced(reader, fence),)
    return reader.listed(fence.body)


def _argument_factors(reader: Reader, cursor: Cursor) -> list[Expression]:
    """The factors that a function without brackets takes in."""
    parts: list[Expression] = []
    while (item := cursor.peek()) is not None:
        base = item.base if isinstance(item, Scripts) else item
        if isinstance(item, Mark) and not (item.text in ("|", r"\|", "sized|") and not parts):
            if not parts and item.text in ("-", "+") and cursor.peek(1) is not None:
                parts.append(reader.factor(cursor))
                break
            break
        if isinstance(item, Words) and not is_identifier_text(item.text):
            break
        if parts and (_begins_function(reader, cursor) or isinstance(base, Fenced) or _is_big(base)):
            break
        big = _is_big(base)
        parts.append(reader.factor(cursor))
        if big or isinstance(parts[-1], Unread):
            break
    return parts


def _is_big(base: Node | None) -> bool:
    return isinstance(base, Glyph) and (base.text in SUMS or base.text in (r"\int", r"\nabla", r"\lim", r"\partial"))


def _begins_function(reader: Reader, cursor: Cursor) -> bool:
    item = cursor.peek()
    base = item.base if isinstance(item, Scripts) else item
    if isinstance(base, Words):
        return known_function(reader, base.text.strip()) is not None
    if not isinstance(base, Glyph):
        return False
    if base.text.startswith("\\") or base.style == "upright":
        return known_function(reader, base.text.removeprefix("\\")) is not None
    word = reader.vocabulary.longest_word(_letter_run(cursor)[0])
    return bool(word) and (word in reader.vocabulary.functions or word in reader.vocabulary.folds)


# -- application


def apply_name(reader: Reader, cursor: Cursor, name: Name) -> Expression:
    """A name and the bracket behind it: an application, a product, or the doubt between them."""
    item = cursor.peek()
    fence = item.base if isinstance(item, Scripts) else item
    if not isinstance(fence, Fenced) or fence.opening not in ("(", "[", r"\{") or not fence.body.items:
        return name
    if name.spelling in _INDICATORS and _is_condition(fence):
        cursor.take()
        return indicator(reader, name.span, fence)
    plain, label = _without_label(name)
    if plain in _EXPECTATIONS and (fence.opening != "(" or plain != "E" or label is not None):
        below = name.indices or ((Name(label, name.span),) if label else ())
        return _called(reader, cursor, Name("expectation", name.span), replace(name, indices=below))
    if name.spelling in reader.vocabulary.probabilities and _is_chance(reader, name, fence):
        return _chance(reader, cursor, name, fence)
    known = reader.vocabulary.is_function(name.spelling)
    if name.primes and known is None and fence.opening == "(":
        known = True
    if known is False or fence.opening != "(" or (isinstance(fence, Fenced) and not fence.closed and known is None):
        return name
    if known:
        return _called(reader, cursor, name, name)
    return _doubtful(reader, cursor, name)


def _without_label(name: Name) -> tuple[str, str | None]:
    """A name's spelling without the label below it, and the label."""
    plain, mark, label = name.spelling.partition("_{")
    return (plain, label.removesuffix("}")) if mark else (name.spelling, None)


def _is_condition(fence: Fenced) -> bool:
    signs = set(table.RELATIONS.values()) | table.MEMBERSHIPS
    return any(isinstance(item, Mark) and item.text in signs for item in fence.body.items)


def indicator(reader: Reader, span: Span, fence: Fenced) -> Expression:
    return Call(Name(r"\mathbb{1}", span), (reader.condition(fence.body.items),), span.cover(fence.span))


def _is_chance(reader: Reader, name: Name, fence: Fenced) -> bool:
    """Whether a bracket behind a P or p holds events: it has a bar, a relation, or the letter is a capital P that is no variable."""
    if any(bracket.is_bar(item) or (isinstance(item, Mark) and item.text == ";") for item in fence.body.items) or _is_condition(fence):
        return True
    return (
        name.spelling not in ("p", "q")
        and name.spelling not in reader.vocabulary.plain
        and reader.vocabulary.is_function(name.spelling) is None
    )


def _chance(reader: Reader, cursor: Cursor, name: Name, fence: Fenced) -> Expression:
    item = cursor.take()
    halves = bracket.split_at_bar(fence.body.items)
    if halves is None:
        before, behind = _split_parameters(fence.body.items)
    else:
        before, behind = halves
    events = tuple(_event(reader, part) for part in bracket.split_list(before))
    given = tuple(_event(reader, part) for part in bracket.split_list(behind))
    chance = Chance(name, events, given, name.span.cover(fence.span))
    if isinstance(item, Scripts):
        return reader.scripts(chance, replace(item, base=None))
    return chance


def _split_parameters(items: Sequence[Node]) -> tuple[Sequence[Node], Sequence[Node]]:
    for place, item in enumerate(items):
        if isinstance(item, Mark) and item.text == ";":
            return items[:place], items[place + 1 :]
    return items, ()


def _event(reader: Reader, items: list[Node]) -> Expression:
    """An event: a condition, a value, or words and signs that name it."""
    from derivcheck.reading.expression import Phrase

    if len(items) == 1 and isinstance(items[0], Mark | Words):
        return Phrase(items[0].text.strip(), items[0].span)
    if any(isinstance(item, Words) for item in items):
        text = " ".join(item.text.strip() for item in items if isinstance(item, Words | Glyph | Digits | Mark))
        return Phrase(text, items[0].span.cover(items[-1].span))
    return reader.condition(items)


def _called(reader: Reader, cursor: Cursor, function: Name, name: Name) -> Expression:
    item = cursor.take()
    fence = item.base if isinstance(item, Scripts) else item
    assert isinstance(fence, Fenced)
    star = _is_followed_by_star(item, cursor)
    if star:
        cursor.items = [*cursor.items[: cursor.at], Mark("*", item.span), *cursor.items[cursor.at :]]
    halves = bracket.split_at_bar(fence.body.items)
    if halves is not None and function.spelling == "expectation":
        arguments = (reader.inside(halves[0]), *(reader.condition(part) for part in bracket.split_list(halves[1])))
    else:
        arguments = _arguments(reader, fence)
    below = name.indices[0] if function.spelling == "expectation" and name.indices else None
    called: Expression = Call(function, arguments, name.span.cover(fence.span), below)
    if isinstance(item, Scripts) and not star:
        return _scripts_behind(reader, called, item)
    return called


def _scripts_behind(reader: Reader, called: Expression, item: Scripts) -> Expression:
    r"""Scripts behind the closing bracket: ``f(x)^2``, ``\sigma(a)_i``, ``h(x)^T``, ``\nabla f(x)^{-1}``."""
    if item.below is not None:
        called = Entry(called, read_indices(reader, item.below), called.span.cover(item.span))
    return reader.scripts(called, replace(item, base=None, below=None))


def _doubtful(reader: Reader, cursor: Cursor, name: Name) -> Expression:
    """Application or product, the likelier one first."""
    start = cursor.at
    called = _called(reader, cursor, name, name)
    behind = cursor.at
    cursor.at = start
    factor = reader.factor(cursor)
    cursor.at = behind
    product = Product((name, factor), ("",), called.span)
    likely = _looks_applied(reader, name, factor)
    options = ((called, 0), (product, 3)) if likely else ((product, 0), (called, 3))
    return Choice(options, "application or product", called.span)


def _looks_applied(reader: Reader, name: Name, factor: Expression) -> bool:
    """Letters that are functions by custom, or brackets that hold a list, are likely applications."""
    from derivcheck.reading.expression import Bracketed, Listed

    if isinstance(factor, Listed):
        return True
    letter = bare_word(name.spelling).partition("_{")[0]
    if letter in ("f", "g", "h", "F", "G", "H", "phi", "varphi", "psi", "sigma", "u", "L", "J", "ell"):
        return not (isinstance(factor, Bracketed) and letter in ("h", "u", "g") and not isinstance(factor.body, Name))
    return False


# -- big operators


def _fold(reader: Reader, cursor: Cursor, operation: str, node: Scripts | None, take: bool = False) -> Expression:
    """A big operator with its limits and its body."""
    from derivcheck.reading.fold import read_fold

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


__all__ = ["apply_name", "function_argument", "indicator", "read_fraction", "read_letter", "read_scripted", "read_words", "spell"]
