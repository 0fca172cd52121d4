"""Rows of mathematics to statements: chains of members with relation signs between them, and the words around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from derivcheck.derivation.chunk import SEPARATORS, TRAILING, Chunk, Sign, joined_chunks, relation_sign
from derivcheck.derivation.unit import without_units
from derivcheck.latex import command as table
from derivcheck.latex.node import Accent, Digits, Fenced, Fraction, Glyph, Mark, Node, Noted, Row, Scripts, Words, items_of
from derivcheck.latex.token import IDEOGRAPHS
from derivcheck.latex.unit import with_units
from derivcheck.reading.name import is_identifier_text
from derivcheck.reading.vocabulary import CONNECTIVES
from derivcheck.source import Span

_GOES_ON = frozenset(("原式", "上式"))


@dataclass(frozen=True, slots=True)
class Member:
    """One side of a relation: its nodes. Empty where the relation goes on from what stands before."""

    items: tuple[Node, ...]

    @property
    def span(self) -> Span | None:
        return reduce(Span.cover, (item.span for item in self.items)) if self.items else None


@dataclass(frozen=True, slots=True)
class Statement:
    """Members with signs between them: one member more than signs.

    ``before`` are the words in the formula just before it, ``link`` the connective sign there (``\\Rightarrow``,
    ``\\therefore``), ``membership`` the sign of a statement such as ``x \\in S``, which is no claim. ``tag`` is its
    equation number. ``boxed``: an answer box holds it.
    """

    members: tuple[Member, ...]
    signs: tuple[Sign, ...]
    before: str = ""
    after: str = ""
    link: str = ""
    membership: str = ""
    tag: str = ""
    boxed: bool = False
    row: int = 0

    @property
    def span(self) -> Span:
        spans = [member.span for member in self.members if member.span] + [sign.span for sign in self.signs]
        result = spans[0]
        for span in spans[1:]:
            result = result.cover(span)
        return result


def statements(rows: Sequence[Row], bare: bool = False) -> list[Statement]:
    """The statements of a formula's rows, in order; ``bare``: without the units behind numbers."""
    found: list[Statement] = []
    words = ""
    for number, items in enumerate(_joined_rows(rows)):
        alone = [item for item in items if not isinstance(item, Mark)]
        if len(rows) > 1 and alone and all(isinstance(item, Words) for item in alone):
            words = " ".join((words, *(item.text.strip() for item in alone if isinstance(item, Words)))).strip()
            continue
        items = with_units(items)
        made, apart = _row_statements(without_units(items, set()) if bare else items)
        if made and words:
            made[0] = replace(made[0], before=f"{words} {made[0].before}".strip())
        words = apart if made else f"{words} {apart}".strip()
        found += [replace(statement, row=number) for statement in made]
    return found


def _joined_rows(rows: Sequence[Row]) -> list[list[Node]]:
    """The rows' nodes; a row that starts with an operator and has no relation of its own goes on with the row above it."""
    joined: list[list[Node]] = []
    for row in rows:
        items = list(_opened(row.items))
        first = next((item for item in items if not (isinstance(item, Mark) and item.text in ("&", *table.WIDE_SPACES))), None)
        goes_on = isinstance(first, Mark) and first.text in ("+", "-", r"\cdot", r"\times", "*", "/", r"\pm")
        if joined and goes_on and not any(relation_sign(item) is not None for item in items) and joined[-1]:
            while joined[-1] and isinstance(joined[-1][-1], Mark) and joined[-1][-1].text in ("&", *table.WIDE_SPACES):
                joined[-1].pop()
            joined[-1] += items[items.index(first) :]
        else:
            joined.append(items)
    return joined


def _opened(items: Sequence[Node]) -> Iterator[Node]:
    """The nodes of a row with answer boxes and bare groups opened: their insides are top level."""
    for item in items:
        if isinstance(item, Noted) and item.manner == "boxed":
            yield Noted(Mark("", item.span), None, "box-opens", item.span)
            yield from _opened(items_of(item.body))
            yield Noted(Mark("", item.span), None, "box-closes", item.span)
        else:
            yield item


def _row_statements(items: list[Node]) -> tuple[list[Statement], str]:
    """The statements of a row, and words that stand alone in it: they belong to what follows."""
    tag = "".join(item.body.text for item in items if isinstance(item, Noted) and item.manner == "tag" and isinstance(item.body, Words))
    items = [item for item in items if not (isinstance(item, Noted) and item.manner == "tag")]
    chunks = joined_chunks(_chunks(_without_remarks(items)))
    found: list[Statement] = []
    words = ""
    for chunk in chunks:
        label = _equation_number(chunk.items)
        if label is not None and found:
            found[-1] = replace(found[-1], tag=label)
            continue
        made = [statement for part in _without_set(chunk) if (statement := _statement(part)) is not None]
        if made and found and _is_sought(found[-1]) and (said := chunk.before or found[-1].after):
            made[0] = replace(made[0], before=f"subject to {said}")
        found += made
        if not made and found:
            found[-1] = replace(found[-1], after=chunk.before or found[-1].after)
        elif not made:
            words = f"{words} {chunk.before}".strip()
    if tag and found:
        found[-1] = replace(found[-1], tag=tag)
    return found, "" if found else words


def _is_sought(statement: Statement) -> bool:
    """Whether a statement is a least or greatest value alone: what words bring in behind it is what it is subject to, in whatever language."""
    heads = (item.base if isinstance(item, Scripts) else item for item in statement.members[0].items)
    return not statement.signs and any(isinstance(item, Glyph) and item.text in _OPTIMA for item in heads)


_OPTIMA = frozenset((r"\min", r"\max", r"\inf", r"\sup", "min", "max", "minimize", "maximize", "minimise", "maximise", "argmin", "argmax", r"\argmin", r"\argmax"))


def _without_set(chunk: Chunk) -> list[Chunk]:
    """A chain that is said to be in a set, as ``A = B \\in S``, without that, and that of each of its members that is a name."""
    places = [place for place, item in enumerate(chunk.items) if isinstance(item, Mark) and item.text in table.MEMBERSHIPS]
    signs = [place for place, item in enumerate(chunk.items) if relation_sign(item) is not None]
    if not places or not signs or signs[-1] > places[0]:
        return [chunk]
    members = [chunk.items[start + 1 : end] for start, end in zip((-1, *signs), (*signs, places[0]), strict=True)]
    names = [member for member in members if len(member) == 1 and isinstance(member[0], Glyph | Scripts | Accent)]
    said = [replace(chunk, items=[*name, *chunk.items[places[0] :]], before="", link="") for name in names]
    return [replace(chunk, items=chunk.items[: places[0]]), *said]


def _chunks(items: list[Node]) -> list[Chunk]:
    """A row cut at commas, wide spaces, words, connectives and between the columns of several equations."""
    chunks = [Chunk()]
    boxed = False
    for place, item in enumerate(items):
        current = chunks[-1]
        if isinstance(item, Noted) and item.manner.startswith("box-"):
            boxed = item.manner == "box-opens"
            current.boxed = current.boxed or boxed
            continue
        if isinstance(item, Mark) and item.text in SEPARATORS:
            chunks.append(Chunk(separator=item.text, boxed=boxed))
        elif isinstance(item, Mark) and item.text == "&":
            if current.has_relation and _starts_equation(items[place + 1 :]):
                chunks.append(Chunk(separator="&", boxed=boxed))
        elif isinstance(item, Mark) and item.text in table.CONNECTIVES and not (item.text in (r"\wedge", r"\land") and not current.items):
            chunks.append(Chunk(separator=item.text, link=item.text, boxed=boxed))
        elif isinstance(item, Words) and not current.items and _is_described(item, items[place + 1 : place + 3]):
            current.items.append(Glyph(" ".join(item.text.split()), item.span, "upright"))
        elif _is_prose(item, items, place):
            text = item.text.strip() if isinstance(item, Words) else ""
            if not current.items and current.separator:
                current.before = f"{current.before} {text}".strip()
            else:
                chunks.append(Chunk(separator="words", before=text, boxed=boxed))
        else:
            current.items.append(item)
    return chunks


def _starts_equation(items: list[Node]) -> bool:
    """Whether another equation begins behind an alignment mark: a relation comes before the next mark but one, with something before it."""
    marks = 0
    first = next((item for item in items if not (isinstance(item, Mark) and item.text in ("&", *table.WIDE_SPACES))), None)
    if first is not None and relation_sign(first) is not None:
        return False
    for item in items:
        if isinstance(item, Mark) and item.text == "&":
            marks += 1
            if marks == 2:
                return False
        if relation_sign(item) is not None:
            return True
    return False


def _is_prose(item: Node, items: list[Node], place: int) -> bool:
    """Whether words in a formula divide statements: they do unless they are a name or a function's."""
    if not isinstance(item, Words):
        return False
    if IDEOGRAPHS.search(item.text):
        return _stands_apart(items, place)
    if is_identifier_text(item.text):
        following = items[place + 1] if place + 1 < len(items) else None
        # A noun before an operand is a remark; before a sign it is what that is about.
        return item.text.strip().lower() in _REMARKS and following is not None and not isinstance(following, Fenced | Mark | Noted)
    last = item.text.split()[-1] if item.text.split() else ""
    following = items[place + 1] if place + 1 < len(items) else None
    return not (isinstance(following, Fenced) and item.text.rstrip() == item.text and last.lower() in _APPLIED_WORDS)


def _stands_apart(items: list[Node], place: int) -> bool:
    """Whether words that are written without spaces are no operand: they have none of the operators or relations beside them that
    operands have, or an operand.
    """
    beside = [items[at] for at in (place - 1, place + 1) if 0 <= at < len(items)]
    if any(not isinstance(item, Mark) and relation_sign(item) is None for item in beside):
        return True
    return all(isinstance(item, Mark) and item.text in (*TRAILING, *SEPARATORS) for item in beside)


def _is_described(words: Words, following: list[Node]) -> bool:
    """Whether words just before a relation sign are the name of its left side: ``\\text{output size} = 32``."""
    sign = next((item for item in following if not (isinstance(item, Mark) and item.text == "&")), None)
    parts = words.text.replace("-", " ").split()
    if sign is None or relation_sign(sign) is None or len(parts) < 2 or parts[0].lower().endswith("ing"):
        return False
    return all(part.isalnum() and part.lower() not in CONNECTIVES for part in parts)


_REMARKS = frozenset(("loss", "lots"))
_APPLIED_WORDS = frozenset(("sigmoid", "softmax", "relu", "log", "exp", "tanh", "max", "min", "tr", "diag", "det", "var", "cov", "sign"))


def _equation_number(items: list[Node]) -> str | None:
    """The number in ``(7)`` or ``(2.3a)`` where a chunk is nothing else."""
    if len(items) != 1 or not isinstance(items[0], Fenced) or items[0].opening != "(":
        return None
    body = items[0].body.items
    if body and all(isinstance(item, Digits | Glyph | Mark) for item in body) and len(body) <= 4:
        text = "".join(item.text for item in body)
        return (
            text if text.replace(".", "").isalnum() and (text[0].isdigit() or len(text) == 1 or text in ("ii", "iii", "iv", "vi")) else None
        )
    return None


def _statement(chunk: Chunk) -> Statement | None:
    items = chunk.items
    if not items:
        return None
    members: list[list[Node]] = [[]]
    signs: list[Sign] = []
    membership = ""
    for item in items:
        sign = relation_sign(item)
        if sign is not None and not membership:
            signs.append(sign)
            members.append([])
        elif isinstance(item, Mark) and item.text in table.MEMBERSHIPS and not signs and not membership:
            membership = item.text
            members.append([])
        elif not (isinstance(item, Mark) and item.text == "&"):
            members[-1].append(item)
    parts = tuple(Member(tuple(_trimmed(member))) for member in members)
    if signs and len(parts[0].items) == 1 and isinstance(parts[0].items[0], Words) and parts[0].items[0].text.strip() in _GOES_ON:
        parts = (Member(()), *parts[1:])
    if signs and (named := _named_in_brackets(parts[0].items)) is not None:
        parts = (Member(named), *parts[1:])
    if not signs and not membership and not any(part.items for part in parts):
        return None
    return Statement(parts, tuple(signs), before=chunk.before, link=chunk.link, membership=membership, boxed=chunk.boxed)


def _without_remarks(items: Sequence[Node]) -> list[Node]:
    """The nodes of a row with words in brackets that stand apart from the mathematics, and signs between them, as plain
    words: ``\\quad (\\text{by the chain rule})`` and ``\\quad (\\text{odd} \\times \\text{odd} = \\text{even})``. Reasons in brackets stand apart by their sign.
    """
    found: list[Node] = []
    for item in items:
        body = item.body.items if isinstance(item, Fenced) else ()
        is_apart = not found or (isinstance(found[-1], Mark) and found[-1].text in table.WIDE_SPACES)
        if body and isinstance(body[0], Mark) and body[0].text == r"\because":
            found += [*body, Mark(r"\quad", item.span)]
            continue
        found.append(body[0] if is_apart and body and all(isinstance(one, Words | Mark) for one in body) and isinstance(body[0], Words) else item)
    return found


def _named_in_brackets(items: tuple[Node, ...]) -> tuple[Node, ...] | None:
    """The name in ``\\text{Loss } (E)``: words that describe a quantity, and its name in brackets behind them."""
    if len(items) < 2 or not isinstance(items[-1], Fenced) or items[-1].opening != "(" or not isinstance(items[-2], Words):
        return None
    body = items[-1].body.items
    described = items[-2].text.strip()
    if len(body) != 1 or not isinstance(body[0], Glyph | Scripts) or items[-2].text.rstrip() == items[-2].text or described.lower() in _APPLIED_WORDS:
        return None
    return tuple(body)


def _periodic(digits: Digits) -> Node:
    """The fraction that a decimal is whose last digit comes again before the dots: ``0.166\\ldots``; any other one as it is."""
    decimals = digits.text.partition(".")[2]
    if len(decimals) < 2 or decimals[-1] != decimals[-2]:
        return digits
    shown = int(digits.text.replace(".", ""))
    above, below = (Digits(str(number), digits.span) for number in (shown - shown // 10, 9 * 10 ** (len(decimals) - 1)))
    return Fraction(above, below, digits.span)


def _trails_off(items: list[Node]) -> bool:
    """Whether a formula ends in dots that stand for nothing: no operator or comma is before them."""
    last = items[-1]
    return isinstance(last, Mark) and last.text in table.DOTS and len(items) > 1 and not isinstance(items[-2], Mark)


def _trimmed(items: list[Node]) -> list[Node]:
    kept = list(items)
    while kept and isinstance(kept[-1], Mark) and (kept[-1].text in TRAILING or _trails_off(kept)):
        dropped = kept.pop()
        if dropped.text in table.DOTS and isinstance(kept[-1], Digits):
            kept[-1] = _periodic(kept[-1])
    while kept and isinstance(kept[0], Mark) and kept[0].text == ":":
        kept.pop(0)
    while kept and isinstance(kept[0], Mark) and kept[0].text in table.WIDE_SPACES:
        kept.pop(0)
    return kept
