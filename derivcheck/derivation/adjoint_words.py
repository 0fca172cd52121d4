r"""Names for slopes, as words tell of them: "a bar denotes the gradient of the loss", "write $\delta_v$ for the derivative of $E$ by $v$"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from derivcheck.derivation.adjoint import Told, differentiated_by, is_general, slope_of
from derivcheck.derivation.definable import FIXED
from derivcheck.document import Kind
from derivcheck.elaboration.book import Scope, is_around
from derivcheck.reading.content import names_of
from derivcheck.reading.custom import LOSSES
from derivcheck.reading.expression import Call, Differential, Expression, Gradient, Infinitesimal, Name, is_plain, walk
from derivcheck.source import NOWHERE

if TYPE_CHECKING:
    from derivcheck.derivation.outline import Line

_F = "\N{OBJECT REPLACEMENT CHARACTER}"
_SLOPE = r"(?:gradients?|gradienten|(?:partial )?derivatives?|adjoints?|sensitivit(?:y|ies)|(?:partiellen? )?ableitung(?:en)?)"
_LOSS = r"(?:(?:the|a|our|this|some|scalar|total|overall|final|training|\(?summed\)?|a given) )*(?:loss|costs?|objective|error|energy|verlust\w*|fehler\w*|kosten\w*|zielfunktion)(?: function)?"
_WRT = r"(?:with respect to|w\. ?r\. ?t\.?|wrt|by|nach|bezüglich|relative to)"
_OF_BY = rf"{_SLOPE}(?: (?:of|von|des|der) (?:{_LOSS})?,? ?(?P<top>{_F})?)?,? {_WRT} (?:[a-z]+ ){{0,4}}(?P<by>{_F})"
_BE = r"(?:[\s,:()]|\b(?:is|be|are|denotes?|denoting|for|stands?|means?|as|the|a|an|to|here|simply|just|its|which|represents?|bedeutet)\b){0,12}"
_NAMED = (
    re.compile(rf"(?P<name>{_F}){_BE}(?:[a-z]+ ){{0,2}}{_OF_BY}", re.I),
    re.compile(rf"{_OF_BY}(?:[\s,()]|\b(?:is|are|be|will|we|simply|then)\b)*\b(?:denoted?|written|writ(?:e|ten)|called|abbreviated|by|with|as)\b(?:\s|\b(?:by|as|with)\b)*(?P<name>{_F})", re.I),
    re.compile(rf"(?P<name>{_F})\s*(?:is|表示|代表|denote|:)*\s*(?:标量|总)?(?:loss|代价|目标|误差)?\s*(?:function)?\s*(?P<top>{_F})?\s*(?:对|关于)\s*(?P<by>{_F})\s*的\s*(?:偏导数?|导数|梯度)"),
    re.compile(rf"(?:loss|代价|目标|误差)?\s*(?:function)?\s*(?P<top>{_F})?\s*(?:对|关于)\s*(?P<by>{_F})\s*的\s*(?:偏导数?|导数|梯度)\s*(?:denote|写)\s*(?:is|作|成)*\s*(?P<name>{_F})"),
)
# A bar that is said to denote a gradient; what it is of may stand in a formula behind these words. A dot is a slope in time.
_ACCENTED = re.compile(
    rf"\b(?:over)?(?P<mark>bar|line|hat|tilde)s?\b[^.]{{0,60}}?\b(?:denot\w+|means?|stands? for|indicat\w+|represents?|mark\w*)\b[^.]{{0,30}}?\b{_SLOPE} of(?: {_LOSS}\b|\s*$)", re.I
)
_SHORT = re.compile(rf"(?P<name>{_F}){_BE}(?:\b(?:short(?:hand)?|instead|place|of|in)\b\s*)*(?P<slope>{_F})|(?P<slope_>{_F})[\s,]*(?:\b(?:is|we|will|be|simply|then)\b[\s,]*)*\b(?:denoted?|written|writ(?:e|ten)|abbreviated|called|by|as)\b[\s,]*(?:\b(?:by|as)\b\s*)?(?P<name_>{_F})", re.I)
_CALLS_LOSS = re.compile(rf"\b{_LOSS}(?:[\s,:]|\b(?:is|be|by|given|let)\b)*$", re.I)
_HINT = re.compile(rf"{_SLOPE}|导数|梯度|对|关于|{_F}", re.I)
_LOSS_NAME = r"\mathrm{loss}"
_MARKS = {"bar": r"\bar{", "line": r"\bar{", "hat": r"\hat{", "tilde": r"\tilde{"}


def told_in_words(lines: Sequence[Line], prose: Sequence[tuple[int, str]]) -> Iterator[Told]:
    """What the words of a document say about names for slopes. ``prose``: its stretches of words, each with where it begins."""
    found = [one for line in lines if line.segment.kind is Kind.INLINE and _HINT.search(line.words) for one in _told_in(line, lines)]
    yield from found
    for start, text in prose:
        said = _ACCENTED.search(text)
        behind = next((line for line in lines if line.segment.span.start > start), None)
        if said and behind:
            mark = _MARKS[said["mark"].lower()]
            top = next((one.top for one in found if one.scope == behind.scope), None) or _loss(lines, behind.scope)
            yield Told(Name(f"{mark}v}}", NOWHERE), top, Name("v", NOWHERE), behind.order - 1, behind.scope, True)


def _formulas(lines: Sequence[Line], count: int) -> list[Line]:
    """The first lines of the last formulas, so many of them."""
    found: dict[int, Line] = {}
    for line in reversed(lines):
        if line.display in found or len(found) < count:
            found[line.display] = line
        elif not line.is_directive:
            break
    return list(found.values())[::-1]


def _told_in(last: Line, lines: Sequence[Line]) -> Iterator[Told]:
    """What a sentence says up to a formula and the words behind it."""
    text = f"{last.words} {_F} {last.after}"
    formulas = _formulas(lines[: last.order + 1], text.count(_F))
    places = {match.start(): place for place, match in enumerate(reversed(list(re.finditer(_F, text))))}

    def formula(match: re.Match[str], *groups: str) -> Line | None:
        start = next((match.start(group) for group in groups if group in match.re.groupindex and match[group]), None)
        place = places.get(start) if start is not None else None
        return formulas[-1 - place] if place is not None and place < len(formulas) else None

    def told(line: Line | None, slope: tuple[Name, Name] | None) -> Iterator[Told]:
        name = _alone(line)
        if line is not None and slope is not None and isinstance(name, Name | Infinitesimal):
            yield Told(name, *slope, line.order, line.scope, is_general(text))

    for pattern in _NAMED:
        for match in pattern.finditer(text):
            by, top = (_alone(formula(match, group)) for group in ("by", "top"))
            of = _function(top) or _loss(lines, last.scope)
            yield from told(formula(match, "name"), (of, by) if isinstance(by, Name) else None)
    for match in _SHORT.finditer(text):
        yield from told(formula(match, "name", "name_"), slope_of(_alone(formula(match, "slope", "slope_"))))


def _alone(line: Line | None) -> Expression | None:
    """What a formula is where it is nothing but one expression."""
    return line.members[0] if line is not None and not line.statement.signs and len(line.members) == 1 else None


def _function(side: Expression | None) -> Name | None:
    """A quantity that has a name, be it written as a function."""
    side = side.function if isinstance(side, Call) else side
    return side if isinstance(side, Name) and not side.primes and side.spelling not in FIXED else None


def _loss(lines: Sequence[Line], scope: Scope) -> Name:
    """What a section differentiates, or calls its loss, or defines by a letter that losses have and nothing uses; else what the document does; a new name where there is none."""
    near = [line for line in lines if is_around(scope, line.scope)]
    return _loss_of(near) or _loss_of(lines) or Name(_LOSS_NAME, NOWHERE)


def _loss_of(lines: Sequence[Line]) -> Name | None:
    """The same for some lines."""
    parts = [part for line in lines for member in line.members if member is not None for part in walk(member) if isinstance(part, Differential | Gradient)]
    below = {by.spelling for part in parts for by in differentiated_by(part)}
    tops = [top for part in parts if (top := _function(part.body)) is not None and top.spelling not in below and is_plain(top)]
    if tops:
        spelling = Counter(top.spelling for top in tops).most_common(1)[0][0]
        return next(top for top in tops if top.spelling == spelling)
    defining = [(line, top) for line in lines if line.statement.signs and (top := _function(line.members[0])) is not None and is_plain(top)]
    called = [top for line, top in defining if _CALLS_LOSS.search(line.words)]
    used = names_of(*(member for line in lines for member in line.members[1:]))
    unused = [top for _, top in defining if top.spelling in LOSSES - used]
    return next((one[-1] for one in (called, unused) if one), None)
