"""Formulas without delimiters in lines of plain text.

A formula is a chain of members with relation signs between them, each readable from end to end; the words around it are
cut off. A line that is nothing but formulas, a label, function words and remarks may hold a plain one (``Input = (1, 1)``);
inside a sentence only a formula that computes something counts, so that "the batch size = 1 in this case" is prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from derivcheck.document import MATHEMATICS, Kind, Segment
from derivcheck.markup.cover import is_inside
from derivcheck.markup.word import Item, Sort, items_of
from derivcheck.source import Source, Span

MAX_LINE = 2_000
MAX_REACH = 60
MAX_FUNCTION_WORDS = 6

LABEL = re.compile(r"\s*(?:\(?(?:\d{1,3}(?:\.\w{1,3})*|[A-Za-z]|[ivx]{1,5})[.)]|[-*+•–→]|∴|\\item)(?=\s+[^\s=<>≤≥≈≠:])")
CODE = re.compile(r"^[ \t]*```[ \t]*(?!math\b)\w[^\n]*\n.*?(?=^[ \t]*```)", re.M | re.S)
CODE_LINE = re.compile(
    r"\s*(?:(?:for|while|if|elif|def|class|with)\b[^:\n]*:(?:\s|$)|else:|return\b|import\b|from\s+\S+\s+import\b|print\s*\()"
)
SIGNED = re.compile(r"[=<>≤≥≠≈≡∝≃≅≪≫≜]|\\(?:le|ge|ne|approx|equiv|propto|sim|gets|leftarrow|ll|gg)")
UNARY = frozenset("+-−–±∓|")
STARTS = frozenset((Sort.NUMBER, Sort.SYMBOL, Sort.FUNCTION, Sort.COMMAND, Sort.NAME, Sort.GROUP))
ACCENTS = frozenset("hat tilde bar vec dot ddot widehat widetilde overline underline mathbf mathrm mathcal mathbb boldsymbol bm".split())
WORDS = frozenset((Sort.NAME, Sort.OF, Sort.STOP, Sort.BREAK))
CONDITIONS = frozenset("if else otherwise when unless whether for until while".split())
OPERATIONS = frozenset("wrt respect derivative gradient differential slope integral square root times minus plus".split())
ARTICLES = frozenset(("a", "A", "I"))


@dataclass(frozen=True, slots=True)
class Member:
    """One side of a relation: the items from ``start`` to ``end``, and whether anything is computed in it."""

    start: int
    end: int
    computes: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """Members with a relation sign between each two; the first is None where the line begins with a sign."""

    first: Member | None
    rest: tuple[Member, ...]

    @property
    def start(self) -> int:
        return self.first.start if self.first else self.rest[0].start - 1

    @property
    def end(self) -> int:
        return self.rest[-1].end

    @property
    def computes(self) -> bool:
        return any(member.computes for member in (self.first, *self.rest) if member)


def bare_formulas(source: Source, segments: Sequence[Segment], struck: Sequence[Span]) -> list[Segment]:
    """The formulas in the prose of a document, in order."""
    code = [Span(*match.span()) for match in CODE.finditer(source.text)]
    made: list[Segment] = []
    previous = False
    for start, end, whole in _stretches(source, segments):
        if start == end:
            previous = previous or not whole
            continue
        found = [] if is_inside(start, code) else _formulas(source.text, start, end, whole, previous)
        made += [Segment(span, Kind.PLAIN, struck=is_inside(span.start, struck)) for span in found]
        previous = bool(found) or not whole
    return made


def _stretches(source: Source, segments: Sequence[Segment]) -> Iterator[tuple[int, int, bool]]:
    """The lines of the prose that are not blank, each with whether nothing else stands in its line; an empty stretch for a formula."""
    text = source.text
    for segment in segments:
        if segment.kind in MATHEMATICS:
            yield segment.span.start, segment.span.start, False
        if segment.kind is not Kind.PROSE:
            continue
        at = segment.span.start
        while at < segment.span.end:
            line_end = text.find("\n", at, segment.span.end)
            end = segment.span.end if line_end < 0 else line_end
            if text[at:end].strip():
                whole = (at == 0 or text[at - 1] == "\n") and (end == len(text) or text[end] == "\n")
                yield at, end, whole
            at = end + 1


def _formulas(text: str, start: int, end: int, whole: bool, continues: bool) -> list[Span]:
    """The formulas of one line; ``continues`` says whether a formula came before, which a leading sign would continue."""
    if end - start > MAX_LINE or not SIGNED.search(text, start, end) or CODE_LINE.match(text, start, end):
        return []
    label = LABEL.match(text, start, end) if whole else None
    start = label.end() if label else start
    items = _with_name(items_of(text[start:end], start))
    chains = list(_chains(items, whole and continues))
    if not (whole and _is_rest_silent(items, chains)):
        chains = [chain for chain in chains if chain.computes and chain.first]
    return [Span(items[chain.start].start, items[chain.end - 1].end) for chain in chains if _is_plausible(items, chain)]


def _with_name(items: Sequence[Item]) -> Sequence[Item]:
    r"""The items of a line with the words in ``\text{..}`` before its first relation sign as one name."""
    if len(items) < 3 or items[0].text not in (r"\text", r"\textbf", r"\textit") or items[1].sort is not Sort.GROUP or items[2].sort is not Sort.RELATION:
        return items
    if not items[1].inside or any(inner.sort not in (Sort.NAME, Sort.SYMBOL, Sort.OF) for inner in items[1].inside):
        return items
    return [Item(Sort.NAME, items[0].text, items[0].start, items[1].end), *items[2:]]


def _chains(items: Sequence[Item], continues: bool) -> Iterator[Chain]:
    """Every chain of readable members, from left to right, that has no loose end."""
    lowest = at = 0
    while at < len(items):
        if items[at].sort is not Sort.RELATION:
            at += 1
            continue
        first = _member_before(items, lowest, at)
        rest: list[Member] = []
        end = at
        while end < len(items) and items[end].sort is Sort.RELATION:
            member = _member(items, end + 1)
            if member is None:
                break
            rest.append(member)
            end = member.end
        if rest and (first or (at == 0 and continues)) and not _is_loose(items, end):
            yield Chain(first, tuple(rest))
        lowest = at = max(end, at + 1)


def _member_before(items: Sequence[Item], lowest: int, sign: int) -> Member | None:
    """The longest member that ends at a relation sign, none of it cut off."""
    for start in range(max(lowest, sign - MAX_REACH), sign):
        if start > lowest and not _is_apart(items[start - 1], items[start]):
            continue
        member = _member(items, start)
        if member and member.end == sign:
            return None if _is_operand_of_words(items, lowest, start) else member
    return None


def _is_operand_of_words(items: Sequence[Item], lowest: int, start: int) -> bool:
    """Whether words before a member act on it: "derivative of f = 2x" says nothing about f."""
    at = start - 1
    while at >= lowest and items[at].sort in WORDS:
        if items[at].sort is Sort.OF and at == start - 1:
            return True
        if items[at].text.lower() in OPERATIONS:
            return True
        at -= 1
    return at >= lowest and at < start - 1 and items[at].sort in (Sort.OPERATOR, Sort.PREFIX)


def _is_apart(before: Item, item: Item) -> bool:
    """Whether a formula may begin at an item: what stands before it is not a part that would be cut off."""
    if before.sort is Sort.SEPARATOR:
        return True
    if before.end == item.start:
        return False
    return before.sort in WORDS or (item.sort is Sort.NAME and before.sort in (Sort.NUMBER, Sort.GROUP, Sort.SYMBOL))


def _is_loose(items: Sequence[Item], end: int) -> bool:
    """Whether what follows a chain would be cut off from it; the beginning of another formula would not."""
    if end == len(items) or items[end].sort is Sort.SEPARATOR:
        return False
    item, after = items[end], items[end + 1] if end + 1 < len(items) else None
    if item.start == items[end - 1].end:
        return True
    if item.sort in WORDS or item.sort is Sort.GROUP or item.text in ARTICLES:
        return False
    return not (after and after.sort is Sort.RELATION)


def _member(items: Sequence[Item], start: int) -> Member | None:
    """The longest readable member from ``start`` on; None where none begins."""
    at = end = start
    computes, operand_next = False, True
    while at < len(items):
        item = items[at]
        if operand_next:
            if item.sort is Sort.PREFIX or (item.sort is Sort.OPERATOR and item.text in UNARY):
                at += 1
                continue
            reached = _operand(items, at, first=at == start)
            if reached == at:
                break
            computes = computes or _is_applied(items, at, reached)
            at = end = reached
            operand_next = False
        elif item.sort is Sort.POSTFIX or (item.text == "|" and not _begins_operand(items, at + 1)):
            at = end = at + 1
        elif item.sort is Sort.OPERATOR:
            at, operand_next, computes = at + 1, True, computes or item.text not in ("_", "^")
        elif _is_juxtaposed(items, at):
            operand_next = item.sort is not Sort.GROUP
            computes = computes or item.sort is Sort.FUNCTION
            if not operand_next:
                computes = computes or item.start == items[at - 1].end
                at = end = at + 1
        else:
            break
    return Member(start, end, computes) if end > start else None


def _begins_operand(items: Sequence[Item], at: int) -> bool:
    return at < len(items) and (items[at].sort in STARTS or items[at].sort is Sort.PREFIX)


def _operand(items: Sequence[Item], at: int, first: bool) -> int:
    """The offset after one operand; ``at`` itself where there is none. A name may have several words."""
    item = items[at]
    match item.sort:
        case Sort.NUMBER | Sort.SYMBOL | Sort.FUNCTION:
            return at + 1
        case Sort.COMMAND:
            at += 1
            while at < len(items) and items[at].sort is Sort.GROUP and items[at].text == "{":
                at += 1
            return at
        case Sort.GROUP:
            return at + 1 if _is_expression(item) or _is_name(item.inside) else at
        case Sort.NAME:
            at += 1
            while at < len(items) and (items[at].sort is Sort.NAME or (items[at].sort is Sort.OF and _is_name(items[at + 1 : at + 2]))):
                at += 1
            return at
    return at


def _is_applied(items: Sequence[Item], start: int, end: int) -> bool:
    """Whether an operand is a command with arguments, accents aside, or a group that holds more than one number."""
    item = items[start]
    if item.sort is Sort.COMMAND:
        return end > start + 1 and item.text[1:] not in ACCENTS
    return item.sort is Sort.GROUP and len(item.inside) > 1 and not _is_name(item.inside)


def _is_juxtaposed(items: Sequence[Item], at: int) -> bool:
    """Whether an item continues a member without an operator: a factor, or the argument of what stands before it."""
    item, before = items[at], items[at - 1]
    glued = before.end == item.start
    match item.sort:
        case Sort.GROUP if glued and before.sort in (Sort.SYMBOL, Sort.FUNCTION, Sort.NAME, Sort.COMMAND, Sort.GROUP, Sort.POSTFIX):
            return all(part.sort is not Sort.BREAK for part in item.inside)
        case Sort.GROUP:
            readable = _is_expression(item) and not _is_name(item.inside)
            return readable and before.sort is not Sort.NAME and not _is_tag(items, at)
        case Sort.SYMBOL if item.text in ARTICLES and at + 1 < len(items):
            return items[at + 1].sort not in (Sort.NAME, Sort.STOP, Sort.OF)
        case Sort.SYMBOL if not glued and _is_lone_number(items, at - 1) and at + 1 < len(items):
            return items[at + 1].sort is not Sort.RELATION
        case Sort.SYMBOL | Sort.FUNCTION | Sort.COMMAND | Sort.PREFIX:
            return before.sort is not Sort.NAME
        case Sort.NUMBER | Sort.NAME:
            return before.sort is Sort.FUNCTION
    return False


def _is_lone_number(items: Sequence[Item], at: int) -> bool:
    """Whether a number is all of its member, so that a name after it may begin the next formula: ``x = 1 y = 2``."""
    return items[at].sort is Sort.NUMBER and at > 0 and items[at - 1].sort is Sort.RELATION


def _is_tag(items: Sequence[Item], at: int) -> bool:
    """Whether a group is the number of an equation: a number in brackets, apart, at the end of the line."""
    inside = items[at].inside
    return at == len(items) - 1 and items[at].start > items[at - 1].end and len(inside) == 1 and inside[0].sort is Sort.NUMBER


def _is_expression(group: Item) -> bool:
    """Whether a group holds readable members with commas or signs between them."""
    inside, at = group.inside, 0
    while at < len(inside):
        member = _member(inside, at)
        at = member.end if member else at
        if at == len(inside):
            return True
        if inside[at].sort not in (Sort.SEPARATOR, Sort.RELATION):
            return False
        at += 1
    return False


def _is_name(items: Sequence[Item]) -> bool:
    """Whether items are a name of one or more words."""
    words = (Sort.NAME, Sort.OF, Sort.SEPARATOR)
    return bool(items) and items[0].sort is Sort.NAME and all(item.sort in words for item in items)


def _is_rest_silent(items: Sequence[Item], chains: Sequence[Chain]) -> bool:
    """Whether a line says nothing beside its formulas: a label before a colon, some function words, remarks in brackets; or no more than ``if`` and
    its condition.
    """
    taken = {at for chain in chains for at in range(chain.start, chain.end)}
    rest = [at for at in range(len(items)) if at not in taken]
    colon = next((at for at in rest if items[at].text == ":"), -1)
    words = 0
    for at in rest:
        if items[at].text.lower() in CONDITIONS and not (at == 0 and len(chains) == 1 and chains[0].first and chains[0].start == 1):
            return False
        if at <= colon or items[at].sort in (Sort.GROUP, Sort.SEPARATOR):
            continue
        if items[at].sort is Sort.BREAK and not items[at].text.startswith("\\"):
            return False
        words += 1
        if items[at].sort not in (Sort.STOP, Sort.BREAK):
            return False
    return words <= MAX_FUNCTION_WORDS


def _is_plausible(items: Sequence[Item], chain: Chain) -> bool:
    """Whether a chain is more than words: no name set equal to a name, none merely compared with a number."""
    if chain.first is None or chain.computes:
        return True
    words = [_is_name(items[member.start : member.end]) for member in (chain.first, *chain.rest)]
    if any(words[1:]):
        return False
    return not words[0] or items[chain.first.end].text in ("=", ":=")
