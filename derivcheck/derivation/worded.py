r"""Definitions in words: "let $p$ be the softmax of $z$" is read as ``p = \operatorname{softmax}(z)`` would be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from derivcheck.derivation.directive import Draft, moved
from derivcheck.derivation.statement import Statement, statements
from derivcheck.document import Document, Kind, Segment
from derivcheck.latex.macro import Macro
from derivcheck.latex.parser import parse_formula
from derivcheck.source import Span

_OF_ONE = {
    r"soft-?\s?max": r"\operatorname{softmax}(%)",
    r"(?:logistic )?sigmoid|logistic": r"\operatorname{sigmoid}(%)",
    r"tanh|hyperbolic tangent": r"\tanh(%)",
    r"relu|rectifier|rectified linear unit": r"\operatorname{ReLU}(%)",
    r"(?:natural )?log(?:arithm)?": r"\log(%)",
    r"exponential": r"\exp(%)",
    r"square root": r"\sqrt{%}",
    r"square": "(%)^2",
    r"reciprocal": r"\frac{1}{%}",
    r"absolute value": "|%|",
    r"(?:euclidean |l2[- ])?(?:norm|length)": r"\|%\|",
    r"determinant": r"\det(%)",
    r"trace": r"\operatorname{tr}(%)",
    r"transpose": r"(%)^\top",
    r"(?:matrix )?inverse": "(%)^{-1}",
}
_OF_TWO = {
    "sum": "(%)+(%)",
    "difference": "(%)-(%)",
    "(?:inner |dot |scalar )product": r"\langle %,%\rangle",
    "product": "(%)(%)",
    "(?:elementwise|element-wise|entrywise|hadamard) product": r"(%)\odot(%)",
    "ratio|quotient": r"\frac{%}{%}",
}
_OF_MANY = {
    r"(?:arithmetic |sample |empirical )?(?:mean|average)": r"\frac{1}{#}\sum_{%=1}^{#}",
    "sum": r"\sum_{%=1}^{#}",
    "product": r"\prod_{%=1}^{#}",
}
_CASES = r"\begin{cases}"
_FUNCTION = r"(?P<function>[A-Za-z][\w -]{2,40}?)(?: function| nonlinearity| activation)?"
_IS = r"(?:be|is|are|denotes?|means|stands for|represents|=)"
_IS_THE_OF = re.compile(rf"\s*{_IS} (?:the|an?) {_FUNCTION} (?:of|applied to|evaluated at)\s*", re.I)
_THE = re.compile(rf".*\b(?:the|its) {_FUNCTION}\s*", re.I | re.S)
_AND_ITS = re.compile(rf",? (?:and|with) its {_FUNCTION}\s*", re.I)
_IS_ITS = re.compile(rf"\s*{_IS} its {_FUNCTION}\s*(?:[.,;:]|$)", re.I)
_CALLED = re.compile(
    r"[\s.,;:()]*(?:(?:let us|let's|we|I|will|shall|now|from now on) )*(?:call|denote|name|abbreviate) (?:this|it|that)(?: (?:quantity|expression|term|factor|error|vector|difference|ratio|sum))?(?: by| as| for short)?\s*"
    r"|[\s,;()]*which (?:(?:we|I|will|shall) )*(?:call|denote|name|abbreviate)(?: by| as)?\s*|[\s,;()]*(?:denoted|called)(?: by| as)?\s*", re.I
)
_IF = re.compile(r"[\s,]*(?:if|for|when|whenever|where|in case)(?: the [a-z]+(?: [a-z]+)?)?\s*", re.I)
_BUT = re.compile(r"[\s,;]*(?:and|but|while|or)?\s*")
_OTHERWISE = re.compile(r"[\s,]*(?:otherwise|else|elsewhere|for (?:all|any|every) (?:the )?others?|in all other cases|for the (?:rest|others))\b", re.I)
_NUMBER_OTHERWISE = re.compile(rf"[\s,;]*(?:and|but|or|while)?\s*(?:is |equals )?(?P<number>0|1|-1|zero|one|minus one){_OTHERWISE.pattern}", re.I)
_NUMERALS = {"zero": "0", "one": "1", "minus one": "-1"}
_EQUALS = re.compile(r"(?<![<>:\\])=")
_OF, _AND = re.compile(r"\s*(?:of|applied to)\s*"), re.compile(r"\s*and\s*")
_NAME = re.compile(r"(?:\\(?:bar|hat|tilde|overline|vec|mathbf|boldsymbol|mathcal) )?\\?[A-Za-z]+(?:\{[A-Za-z]\})?(?:[_^](?:[A-Za-z0-9]|\{[^{}=<>]*\}))*")
_LIST = re.compile(r"\s*(?P<letter>\\?[A-Za-z]+)_\{?1\}?\s*,.*\\(?:l|c)?dots\s*,\s*(?P=letter)_(?:\{(?P<long>[^{}]+)\}|(?P<short>\w))\s*")
_NOT_ONE = re.compile(r"[=<>]|\\(?:leq?|geq?|approx|sim|to|propto|equiv)\b|\\\\|&")
_IN = re.compile(r"\\in\b|∈")


def worded(document: Document, place: int, translate: Callable[[str], str], macros: Mapping[str, Macro]) -> Iterator[Statement]:
    """The definition that the words before an inline formula tell with that formula and those before it. ``place``: of the formula among the segments."""
    parts = _before(document.segments, place)
    if document.segments[place].kind is not Kind.INLINE:
        return
    texts = [translate(document.source.slice(part.span)) if part.kind is Kind.PROSE else document.source.slice(part.span) for part in parts]
    behind = next((part for part in document.segments[place + 1 :] if part.kind is not Kind.SKIPPED), None)
    after = translate(document.source.slice(behind.span)) if behind is not None and behind.kind is Kind.PROSE else ""
    found = _of_cases(texts, after) or _called(texts) or _of_two(texts) or _of_one(texts) or _of_last(texts, after)
    if found is None:
        return
    name, pattern, arguments = found
    draft = Draft()
    _put(draft, document, parts[name], until=_EQUALS if pattern.startswith(_CASES) else _IN)
    draft.put("=", parts[name].span)
    pieces = pattern.split("%")
    for piece, argument in zip(pieces, arguments, strict=False):
        draft.put(piece, parts[argument].span)
        _put(draft, document, parts[argument])
    draft.put(pieces[-1], parts[-1].span)
    rows = parse_formula(draft.text, Span(0, len(draft.text)), macros).rows
    yield from statements([moved(row, draft.places) for row in rows])


def _before(segments: Sequence[Segment], place: int) -> list[Segment]:
    """A formula and up to five stretches of words and inline formulas before it, the first of which may be a display."""
    found: list[Segment] = []
    for segment in reversed(segments[max(place - 12, 0) : place + 1]):
        if segment.kind in (Kind.INLINE, Kind.PROSE, Kind.DISPLAY):
            found.append(segment)
        elif segment.kind is not Kind.SKIPPED:
            break
        if len(found) == 6 or segment.kind is Kind.DISPLAY:
            break
    return found[::-1]


def _of_cases(texts: Sequence[str], after: str) -> tuple[int, str, tuple[int, ...]] | None:
    """The same for a value under a condition and another one otherwise: "$y_k = 1$ if $k = c$ and $y_k = 0$ otherwise", "and 0 otherwise"."""
    number = _NUMBER_OTHERWISE.match(after)
    place = -3 if number else -5
    if len(texts) < -place or not (_IF.fullmatch(texts[place + 1]) and len(_EQUALS.split(texts[place])) == 2):
        return None
    name, value = _EQUALS.split(texts[place])
    other = number["number"].lower() if number else ""
    if not number:
        again, _, other = texts[-1].partition("=")
        if not (_BUT.fullmatch(texts[-2]) and _OTHERWISE.match(after) and again.split() == name.split()):
            return None
    if not _NAME.fullmatch(name.strip()) or len(_EQUALS.split(texts[place + 2])) > 2:
        return None
    return place, rf"{_CASES} {value} & % \\\\ {_NUMERALS.get(other, other)} & \text{{otherwise}} \end{{cases}}", (place + 2,)


def _called(texts: Sequence[str]) -> tuple[int, str, tuple[int, ...]] | None:
    """What a formula is called behind it: what its first member is, or all of it where it has one only."""
    if len(texts) < 3 or not (_CALLED.fullmatch(texts[-2]) and _NAME.fullmatch(texts[-1].strip())):
        return None
    head = _EQUALS.split(texts[-3])[0]
    is_one = head.strip() and not _NOT_ONE.search(head) and head.count("{") == head.count("}")
    return (-1, head, ()) if is_one and not _NAME.fullmatch(head.strip()) else None


def _of_one(texts: Sequence[str]) -> tuple[int, str, tuple[int, ...]] | None:
    """Where the name stands, the pattern of its value, and where that is of: for a function of one formula."""
    if len(texts) < 3 or not _is_one(texts[-3]):
        return None
    name, words, last = texts[-3:]
    match = _IS_THE_OF.fullmatch(words)
    if match and _NAME.fullmatch(name.strip()) and _is_one(last):
        return _of_many(match["function"], last) or _known(match["function"], _OF_ONE, -3, (-1,))
    match = _AND_ITS.fullmatch(words)
    if match and _NAME.fullmatch(last.strip()):
        return _known(match["function"], _OF_ONE, -1, (-3,))
    match = _THE.fullmatch(texts[-4]) if len(texts) > 3 else None
    if match and _OF.fullmatch(words) and _NAME.fullmatch(name.strip()) and _is_one(last):
        return _known(match["function"], _OF_ONE, -3, (-1,))
    return None


def _of_last(texts: Sequence[str], after: str) -> tuple[int, str, tuple[int, ...]] | None:
    """The same for what is said behind a name of the formula before it: "given $z$, let $p$ be its softmax"."""
    match = _IS_ITS.match(after)
    if match is None or len(texts) < 3 or "." in texts[-2] or not (_NAME.fullmatch(texts[-1].strip()) and _is_one(texts[-3])):
        return None
    return _known(match["function"], _OF_ONE, -1, (-3,))


def _of_two(texts: Sequence[str]) -> tuple[int, str, tuple[int, ...]] | None:
    """The same for a function of two formulas: the sum of one and another."""
    if len(texts) < 5 or not (_NAME.fullmatch(texts[-5].strip()) and _AND.fullmatch(texts[-2]) and _is_one(texts[-3]) and _is_one(texts[-1])):
        return None
    match = _IS_THE_OF.fullmatch(texts[-4])
    return _known(match["function"], _OF_TWO, -5, (-3, -1)) if match else None


def _known(words: str, table: Mapping[str, str], name: int, arguments: tuple[int, ...]) -> tuple[int, str, tuple[int, ...]] | None:
    pattern = next((pattern for said, pattern in table.items() if re.fullmatch(said, words.strip(), re.I)), None)
    return (name, pattern, arguments) if pattern is not None else None


def _of_many(words: str, members: str) -> tuple[int, str, tuple[int, ...]] | None:
    """The same for the mean, sum or product of members that are listed with dots."""
    listed = _LIST.fullmatch(members)
    pattern = next((pattern for said, pattern in _OF_MANY.items() if re.fullmatch(said, words.strip(), re.I)), None)
    if listed is None or pattern is None:
        return None
    count = listed["long"] or listed["short"]
    index = next(letter for letter in "ijk" if letter not in (count, listed["letter"]))
    return -3, f"{pattern.replace('%', index).replace('#', count)} {listed['letter']}_{{{index}}}", ()


def _is_one(text: str) -> bool:
    """Whether a formula is one quantity, perhaps with the set that it is in."""
    return _NOT_ONE.search(text) is None and bool(_IN.split(text)[0].strip())


def _put(draft: Draft, document: Document, segment: Segment, until: re.Pattern[str] = _IN) -> None:
    """Adds a formula without the set that it is in, or without what it is equal to."""
    text = until.split(document.source.slice(segment.span))[0]
    draft.put(text, Span(segment.span.start, segment.span.start + len(text)))
