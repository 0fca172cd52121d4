"""What stands behind a name: the argument of a function, a product, or the doubt between them; indicators and probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.latex import command as table
from derivcheck.latex.node import Accent, Digits, Fenced, Fraction, Glyph, Mark, Node, Scripts, Words, items_of
from derivcheck.reading import bracket
from derivcheck.reading.custom import APPLIED_TO_A_LETTER, DENSITIES, FUNCTIONS, FUNCTIONS_OR_FACTORS
from derivcheck.reading.event import compound_event, in_words, intersected, is_made_of_events
from derivcheck.reading.expression import (
    Bracketed,
    Call,
    Chance,
    Entry,
    Expression,
    Listed,
    Literal,
    Name,
    Phrase,
    Product,
    Transpose,
    Unread,
    doubted,
)
from derivcheck.reading.name import Spelled, bare_word, is_identifier_text, read_indices, spell, without_label
from derivcheck.reading.word import begins_function, is_big
from derivcheck.source import Span

if TYPE_CHECKING:
    from derivcheck.reading.reader import Cursor, Reader

_FUNCTIONS = frozenset(map(bare_word, FUNCTIONS))
_EXPECTATIONS = frozenset((r"\mathbb{E}", "E", r"\mathrm{E}", r"\E", r"\mathcal{E}"))
_INDICATORS = frozenset(
    (r"\mathbb{1}", r"\mathbb{I}", r"\mathbf{1}", "I", "1", r"\mathcal{I}", r"\chi", r"\mathrm{1}", r"\1", r"\indicator", r"\ind")
)


_GAMMA = r"\Gamma"


def _is_lone_letter(fence: Fenced) -> bool:
    items = fence.body.items
    return len(items) == 1 and isinstance(items[0], Glyph) and len(items[0].text) == 1 and items[0].text.isalpha()


def _holds_alone(items: Sequence[Node], spelling: str) -> bool:
    """Whether a letter stands among some nodes by itself, not applied: a function is not applied to itself, as in ``y (1 - y)``."""
    for place, item in enumerate(items):
        following = items[place + 1] if place + 1 < len(items) else None
        if isinstance(item, Glyph) and item.text == spelling and not isinstance(following, Fenced):
            return True
        if isinstance(item, Fraction) and any(_holds_alone(items_of(part), spelling) for part in (item.above, item.below)):
            return True
    return False


def is_point(items: Sequence[Node]) -> bool:
    """Whether some nodes are a number, such as ``0``, ``-1`` and ``\\pi/4``."""
    return bool(items) and all(_is_part_of_point(item) for item in items)


def _is_part_of_point(item: Node) -> bool:
    if isinstance(item, Fraction):
        return is_point(items_of(item.above)) and is_point(items_of(item.below))
    return isinstance(item, Digits) or (isinstance(item, Glyph) and item.text == r"\pi") or (isinstance(item, Mark) and item.text in ("-", "/"))


def apply_name(reader: Reader, cursor: Cursor, name: Name) -> Expression:
    """A name and the bracket behind it: an application, a product, or the doubt between them."""
    item = cursor.peek()
    fence = item.base if isinstance(item, Scripts) else item
    if not isinstance(fence, Fenced) or fence.opening not in ("(", "[", r"\{") or not fence.body.items:
        return name
    if name.spelling in _INDICATORS and has_relation(fence.body.items):
        cursor.take()
        made = indicator(reader, name.span, fence)
        return reader.scripts(made, replace(item, base=None)) if isinstance(item, Scripts) else made
    plain, label = without_label(name)
    if plain in _EXPECTATIONS and not _is_energy(reader, plain, label, fence) and (fence.opening != "(" or plain != "E" or label is not None or reader.vocabulary.expects):
        below = name.indices or ((Name(label, name.span),) if label else ())
        return _called(reader, cursor, Name("expectation", name.span), replace(name, indices=below))
    if plain in reader.vocabulary.probabilities and _is_chance(reader, name, fence):
        return _chance(reader, cursor, name, fence)
    if plain in reader.vocabulary.probabilities and plain not in DENSITIES and is_made_of_events(fence.body.items):
        return _chance(reader, cursor, name, fence)
    if fence.opening == "(" and _has_lone_double_bar(fence.body.items):
        return _called(reader, cursor, name, name)
    if fence.opening == "(" and not name.primes and _holds_itself(name, fence):
        return name
    known = reader.vocabulary.is_function(name.spelling)
    if name.spelling in APPLIED_TO_A_LETTER and fence.opening == "(" and _is_lone_letter(fence):
        known = True
    if known is None and fence.opening == "(" and (name.primes or name.spelling == _GAMMA):
        known = True
    if name.spelling in reader.vocabulary.valued and fence.opening == "(" and is_point(fence.body.items):
        known = True
    if known is False and bare_word(plain) in _FUNCTIONS and name.spelling in reader.vocabulary.repeated:
        known = None
    if known is False or fence.opening != "(" or (isinstance(fence, Fenced) and not fence.closed and known is None):
        return name
    if known and not _holds_alone(fence.body.items, name.spelling):
        return _called(reader, cursor, name, name)
    return _doubtful(reader, cursor, name)


def _is_energy(reader: Reader, plain: str, label: str | None, fence: Fenced) -> bool:
    r"""Whether the letter E with a label that is no law stands before a parameter, as in ``E_\lambda(w) = ...``: then it is a function that the document
    defines, where no expectation is written with square brackets.
    """
    is_function = plain == "E" and plain in reader.vocabulary.applied and not reader.vocabulary.expects
    return is_function and label is not None and label not in reader.vocabulary.probabilities and fence.opening == "(" and _is_lone_letter(fence) and not fence.body.items[0].text.isupper()


def _has_lone_double_bar(items: Sequence[Node]) -> bool:
    r"""Whether a double bar without a partner divides a bracket, as in ``D(p \| q)``: two arguments of a divergence."""
    return sum(isinstance(item, Mark) and item.text in (r"\|", r"sized\|") for item in items) == 1 and bracket.split_at_bar(items) is not None


def _holds_itself(name: Name, fence: Fenced) -> bool:
    r"""Whether a bracket holds the very name before it with no bracket of its own, as in ``\sigma (1 - \sigma)``: then it is a factor."""
    items = fence.body.items
    for item, following in zip(items, (*items[1:], None), strict=True):
        spelled = spell(item) if isinstance(item, Glyph | Accent) else None
        if spelled is not None and spelled.spelling == name.spelling and not isinstance(following, Fenced):
            return True
    return False


def has_relation(items: Sequence[Node]) -> bool:
    """Whether a relation or a membership stands among some nodes."""
    return any(isinstance(item, Mark) and item.text in table.RELATION_SIGNS | table.MEMBERSHIPS for item in items)


def indicator(reader: Reader, span: Span, fence: Fenced) -> Expression:
    return Call(Name(r"\mathbb{1}", span), (reader.condition(fence.body.items),), span.cover(fence.span))


def indicator_below(reader: Reader, node: Scripts) -> Expression | None:
    r"""``\mathbf{1}_{i=j}`` and ``1_{\{i=j\}}``: an indicator with its condition below; None where there is none."""
    spelled = Spelled(node.base.text) if isinstance(node.base, Digits) else spell(node.base) if node.base is not None else None
    items = items_of(node.below)
    if len(items) == 1 and isinstance(items[0], Fenced):
        items = items[0].body.items
    if spelled is None or spelled.spelling not in _INDICATORS or not has_relation(items):
        return None
    assert node.base is not None
    made = Call(Name(r"\mathbb{1}", node.base.span), (reader.condition(items),), node.span)
    return reader.scripts(made, replace(node, base=None, below=None)) if node.above is not None or node.primes else made


def _is_chance(reader: Reader, name: Name, fence: Fenced) -> bool:
    """Whether a bracket behind a P or p holds events: it has a bar, a relation, or the letter is a capital P that is no variable."""
    if any(bracket.is_bar(item) or (isinstance(item, Mark) and item.text == ";") for item in fence.body.items) or has_relation(fence.body.items):
        return True
    if all(isinstance(item, Mark) for item in fence.body.items) or all(isinstance(item, Words) for item in fence.body.items):
        return True
    return (
        name.spelling not in DENSITIES
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
    events = tuple(_event(reader, part) for whole in bracket.split_list(before) for part in intersected(whole))
    given = tuple(_event(reader, part) for whole in bracket.split_list(behind) for part in intersected(whole))
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
    if len(items) == 1 and isinstance(items[0], Mark | Words):
        return Phrase(in_words(items[0].text), items[0].span)
    compound = compound_event(items)
    if compound is not None:
        return Phrase(compound, items[0].span.cover(items[-1].span))
    if any(isinstance(item, Words) for item in items):
        text = " ".join(item.text.strip() for item in items if isinstance(item, Words | Glyph | Digits | Mark))
        return Phrase(in_words(text), items[0].span.cover(items[-1].span))
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
    below = _law(name) if function.spelling == "expectation" else None
    called: Expression = Call(function, arguments, name.span.cover(fence.span), below, bracket.groups(fence.body.items))
    if isinstance(item, Scripts) and not star:
        return _scripts_behind(reader, called, item)
    return called


def _law(name: Name) -> Expression | None:
    """What stands below an expectation: one law, or the list of several."""
    return Listed(name.indices, "", name.span) if len(name.indices) > 1 else name.indices[0] if name.indices else None


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
    likely = _looks_applied(name, factor)
    options = ((called, 0), (product, 3)) if likely else ((product, 0), (called, 3))
    return doubted(options, "application or product" if likely else "product or application", called.span)


def _looks_applied(name: Name, factor: Expression) -> bool:
    """Letters that are functions by custom, or brackets that hold a list, are likely applications."""
    if isinstance(factor, Listed):
        return True
    letter = bare_word(name.spelling).partition("_{")[0]
    if letter in _FUNCTIONS:
        return not (isinstance(factor, Bracketed) and letter in FUNCTIONS_OR_FACTORS and not isinstance(factor.body, Name))
    return False


# -- the arguments of a function word


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
    return doubted(((called, 0), (alone, 2)), "how far a function reaches", called.span)


def _is_number(part: Expression) -> bool:
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
    return doubted(((outside, 0), (inner, 1)), "what an exponent belongs to", outside.span)


def _is_followed_by_star(item: Node, cursor: Cursor) -> bool:
    return isinstance(item, Scripts) and is_product_star(item, cursor)


def _arguments(reader: Reader, fence: Fenced) -> tuple[Expression, ...]:
    """The arguments in a bracket; a lone bar divides them like a comma. One that is not closed makes its last argument suspect."""
    if not fence.closed:
        return (bracket.read_fenced(reader, fence),)
    return reader.listed(fence.body, barred=True)


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
        if parts and (begins_function(reader, cursor) or isinstance(base, Fenced | Mark) or is_big(base)):
            break
        big = is_big(base)
        parts.append(reader.factor(cursor))
        if big or isinstance(parts[-1], Unread):
            break
    return parts


def is_product_star(node: Scripts, cursor: Cursor) -> bool:
    r"""``(a)^*(b)``: a star between two brackets is a product sign that was read as a superscript."""
    return node.below is None and isinstance(node.above, Mark) and node.above.text == "*" and isinstance(cursor.peek(), Fenced)
