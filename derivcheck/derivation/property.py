r"""Equations that words tell: ``$U$ is orthogonal``, ``unit vectors $u$ and $v$``, ``$v$ is an eigenvector of $A$ with eigenvalue $\lambda$``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from derivcheck.derivation.domain import symbol_of
from derivcheck.derivation.outline import FORMULA, Line
from derivcheck.derivation.prose import has_stopped
from derivcheck.derivation.shape import size_in
from derivcheck.elaboration.knowledge import Triangle
from derivcheck.elaboration.usage import is_capital
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import Expression, Listed, Literal, Name, Power, Product, Sum, Transpose
from derivcheck.source import NOWHERE

Equation = tuple[Expression, Expression]

_LIST = rf"{FORMULA}(?:\s*(?:,|and|, and)\s*{FORMULA})*"
_BEING = r"\s*(?:,|both|all|each|分别)*\s*(?:is|are|be|being|has|have|with|denotes?)\b"
_BEHIND = re.compile(rf"({_LIST}){_BEING}([^.,;:{FORMULA}]*)", re.I)
# The Chinese genitive: what something is of stands before it.
_BEHIND_OWNERS = re.compile(rf"({_LIST}){_BEING}\s*{FORMULA}(?:\s*(?:,|and|与)\s*{FORMULA})*\s*的([^.,;:{FORMULA}]*)", re.I)
_JOINED = re.compile(rf"({_LIST})\s*,?\s*\(?(?:an?\s+|the\s+)?((?:(?:real|square|matrix|lower|upper|unit|strictly|invertible)[\s-]+)*(?:symmetric|skew|anti-?symmetric|orthogonal|diagonal|idempotent|positive|triangular|unit[\s-]vectors?)\b[^.,;:{FORMULA}]*)", re.I)
_BEFORE = re.compile(rf"((?:\b[a-z-]+\s+)+)({_LIST})", re.I)
_ONE = re.compile(r"\ban? (?:[\w-]+ )*(?:vector|matrix|number|scalar|variable)\s+$", re.I)
_OPEN = re.compile(r"\b(?:not|non\w*|need|whether|unless|if and only|neither)\b", re.I)
# What an adjective before a name belongs to reaches back to the last word of these.
_LINKING = re.compile(r"\b(?:is|are|of|by|to|in|on|and|with|for|let|the|an?|any|every|each|all|that|since|suppose|assume|consider|given|two|some)\b", re.I)
_SYMMETRIC = re.compile(r"(?<!skew-)(?<!skew )(?<!anti)(?<!anti-)\bsymmetric\b", re.I)
_TRIANGULAR = re.compile(r"(?:\b(?P<diagonal>unit|strictly)[\s-]+)?\b(?P<half>lower|upper)[\s-]+(?P<unit>unit[\s-]+)?triangular\b", re.I)
_DIAGONAL = re.compile(r"\bdiagonal (?:matrix|matrices)\b|^\W*(?:(?:an?|the|also|both|all|again|real|and)\s+)*diagonal\s*$", re.I)
_SYMMETRIC_CASE = re.compile(r"(?<!skew-)(?<!skew )(?<!anti)(?<!anti-)\bsymmetric (?:case|version|matri(?:x|ces)|ones?)\b|\b(?:if|when) symmetric\b", re.I)
_SQUARE = re.compile(r"\b(?:square|symmetric|orthogonal|idempotent|projection|invertible|non-?singular|definite)\b", re.I)
_POSITIVE = re.compile(
    r"\W*(?:(?:the|an?|its|their|sample|population|estimated|empirical|corresponding|respective|total|样本|总体)\W*)*"
    r"(?:standard deviations?|variances?|radi(?:us|i)|mass(?:es)?|lengths?|distances?|speeds?|learning rates?|step sizes?|标准差|方差)(?![a-z])",
    re.I,
)
_LETTER = re.compile(r"\b[A-HJ-Zb-hj-z]\b(?=(?:\s*,|\s+and)?\s+(?:is|are|be|and)\b|\s*,\s*\w\b)|(?<=\bmatrix )[A-HJ-Z]\b|(?<=\bmatrices )[A-HJ-Z]\b")
_MATRIX = re.compile(r"\bmatri(?:x|ces)\b", re.I)
_COLUMNS = re.compile(r"\b(?:columns|rows)\b", re.I)
_VECTORS = re.compile(r"\s*(?:(?!of\b|per\b|in\b|by\b|number)[\w-]+\s+){0,4}?(?:eigen)?vectors?\b", re.I)
_PAIR = re.compile(rf"({FORMULA})\s*(?:is|be)\s*(?:orthogonal|perpendicular) to\s*({FORMULA})", re.I)
_EIGEN = (
    re.compile(rf"(?P<v>{FORMULA})[^.{FORMULA}]*\beigenvectors?\s+of\s+(?:\w+ ){{0,3}}(?P<A>{FORMULA})[^.{FORMULA}]*\beigenvalues?\s+(?P<l>{FORMULA})", re.I),
    re.compile(rf"\beigenvectors?\s+(?P<v>{FORMULA})\s+of\s+(?:\w+ ){{0,3}}(?P<A>{FORMULA})[^.{FORMULA}]*\beigenvalues?\s+(?P<l>{FORMULA})", re.I),
    re.compile(rf"(?P<A>{FORMULA})\s+(?:has|have|with)\b[^.{FORMULA}]*\beigenvectors?\s+(?P<v>{FORMULA})[^.{FORMULA}]*\beigenvalues?\s+(?P<l>{FORMULA})", re.I),
    re.compile(rf"(?P<A>{FORMULA})\s+(?:has|have|with)\b[^.{FORMULA}]*\beigenvalues?\s+(?P<l>{FORMULA})[^.{FORMULA}]*\beigenvectors?\s+(?P<v>{FORMULA})", re.I),
    re.compile(rf"(?P<l>{FORMULA})[^.{FORMULA}]*\beigenvalues?\s+of\s+(?:\w+ ){{0,3}}(?P<A>{FORMULA})[^.{FORMULA}]*\beigenvectors?\s+(?P<v>{FORMULA})", re.I),
)
_SINGULAR = re.compile(r"\bSVD\b|\bsingular[- ]value decomposition\b", re.I)
_IS_DIAGONAL, _HALVES = re.compile(r"\bdiagonal\b", re.I), re.compile(r"\b(?:triangular|lower|upper|Cholesky|LDL\w*|not|blocks?)\b", re.I)
_SPECTRAL = re.compile(r"\beigen-?\s?decomposition\b|\bspectral (?:decomposition|theorem)\b|\beigenvalue decomposition\b|\borthogonally diagonali[sz]\w+", re.I)


Slot = list[tuple[Name, Line]]


@dataclass(frozen=True, slots=True)
class Property:
    """An equation that words tell, and the line from which on it holds. ``names``: what the words are about. ``is_firm``: they tell all there is to know of it."""

    left: Expression
    right: Expression
    line: Line
    names: frozenset[str]
    is_firm: bool = True


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with a placeholder for each formula, and the lines of each of these; ``slots``: the names that a formula is."""

    text: str
    slots: tuple[Slot, ...]
    lines: tuple[Line, ...] = ()

    def names(self, place: tuple[int, int]) -> Slot:
        """The names that the placeholders between two places stand for."""
        first = self.text.count(FORMULA, 0, place[0])
        return [one for slot in self.slots[first : first + self.text.count(FORMULA, *place)] for one in slot]


@dataclass(frozen=True, slots=True)
class Factors:
    """The three factors of a decomposition, the last one without its transpose, and its line."""

    first: Name
    middle: Name
    last: Name
    line: Line

    @property
    def is_spectral(self) -> bool:
        """Whether it is one by eigenvalues: then the outer factors are the same square matrix."""
        return self.first.spelling == self.last.spelling


def properties(lines: Sequence[Line], prose: Iterable[tuple[int, str]]) -> Iterator[Property]:
    """What the words around formulas tell as equations."""
    for sentence in sentences(lines, prose):
        for phrase, names in _described(sentence):
            yield from _told(phrase, names)
        for match in _PAIR.finditer(sentence.text):
            yield from _pairwise(sentence.names(match.span()))
        yield from _eigenvectors(sentence)
        yield from _factored(sentence)


@dataclass(frozen=True, slots=True)
class Kinds:
    """What words call names, each with the line from which on they do: symmetric matrices, square ones, vectors, triangular and
    diagonal matrices with what is zero in them (or, on the diagonal, one); quantities that are positive by nature, vectors of three entries; and the parts of what is taken apart.
    """

    symmetric: tuple[tuple[str, Line], ...] = ()
    square: tuple[tuple[str, Line], ...] = ()
    vectors: tuple[tuple[str, Line], ...] = ()
    triangular: tuple[tuple[str, Triangle, Line], ...] = ()
    positive: tuple[tuple[str, Line], ...] = ()
    spatial: tuple[tuple[str, Line], ...] = ()
    apart: tuple[tuple[str, Line], ...] = ()

    def where(self, holds: Callable[[Line], bool]) -> Kinds:
        """Those that are said on lines of which something holds."""
        kept = ([one for one in each if holds(one[-1])] for each in (self.symmetric, self.square, self.vectors, self.triangular, self.positive, self.spatial, self.apart))
        return Kinds(*map(tuple, kept))


def kinds(lines: Sequence[Line], prose: Iterable[tuple[int, str]]) -> Kinds:
    """What words call the names of a document."""
    described = [part for sentence in sentences(lines, prose) for part in _described(sentence)]
    matrices = [(phrase, name.spelling, line) for phrase, names in described for name, line in names if is_capital(name.spelling)]
    symmetric = [(spelling, line) for phrase, spelling, line in matrices if _SYMMETRIC.search(phrase)]
    square = [(spelling, line) for phrase, spelling, line in matrices if _SQUARE.search(phrase)]
    vectors = [(name.spelling, line) for phrase, names in described if _VECTORS.match(phrase) for name, line in names if not name.indices]
    triangular = [(spelling, _triangle(match), line) for phrase, spelling, line in matrices if (match := _TRIANGULAR.search(phrase))]
    diagonal = [(spelling, Triangle(True, is_diagonal=True), line) for phrase, spelling, line in matrices if _DIAGONAL.search(phrase)]
    positive = [(symbol_of(name), line) for phrase, names in described for name, line in names if _POSITIVE.match(phrase) and not is_capital(name.spelling)]
    return Kinds(tuple(symmetric), tuple(square), tuple(vectors), tuple(triangular + diagonal), tuple(positive))


def symmetric_case(line: Line) -> frozenset[str]:
    """The capitals of a line that words give for symmetric matrices: ``Symmetric case: \\nabla f = 2 Q x``."""
    if not _SYMMETRIC_CASE.search(line.words):
        return frozenset()
    return frozenset(name for name in names_of(*line.members) if is_capital(name))


def _triangle(match: re.Match[str]) -> Triangle:
    diagonal = "unit" if match["unit"] else (match["diagonal"] or "").lower()
    return Triangle(match["half"].lower() == "lower", {"unit": 1, "strictly": 0}.get(diagonal))


def sentences(lines: Sequence[Line], prose: Iterable[tuple[int, str]]) -> Iterator[Sentence]:
    """The sentences around formulas, and those with letters without delimiters; a directive is one by itself."""
    for line in lines:
        if line.is_directive:
            yield Sentence(f"{FORMULA} {line.after}", (_names_in(line),), (line,))
    yield from _spoken([line for line in lines if not line.is_directive])
    yield from _plain_sentences(lines, prose)


def _spoken(lines: Sequence[Line]) -> Iterator[Sentence]:
    """The sentences around formulas in the document's own words."""
    stretches: list[list[Line]] = []
    for line in lines:
        if stretches and stretches[-1][0].display == line.display:
            stretches[-1].append(line)
        else:
            stretches.append([line])
    start = 0
    for at, stretch in enumerate(stretches):
        following = stretches[at + 1][0].words if at + 1 < len(stretches) else ""
        if FORMULA not in following or has_stopped(following):
            words = "" if has_stopped(stretch[0].words) else stretch[0].words
            whole = stretches[at - min(words.count(FORMULA), at - start) : at + 1]
            slots = tuple([one for line in each for one in _names_in(line)] for each in whole)
            is_size = [size_in(each[0]) is not None for each in whole]
            kept = tuple(slot for slot, drops in zip(slots, is_size, strict=True) if not drops)
            yield Sentence(_without(f"{words} {FORMULA} {stretch[-1].after}", is_size), kept, tuple(line for each in whole for line in each))
            start = at + 1


def _without(text: str, drops: Sequence[bool]) -> str:
    """A sentence without the last formulas that are sizes: they stand between a name and what it is called."""
    parts = text.split(FORMULA)
    first = len(parts) - 1 - len(drops)
    joints = [FORMULA] * max(first, 0) + ["" if one else FORMULA for one in drops[max(-first, 0) :]]
    return parts[0] + "".join(joint + part for joint, part in zip(joints, parts[1:], strict=True))


def _names_in(line: Line) -> Slot:
    """The names that a line consists of, or says the shapes of."""
    member = line.members[0] if len(line.members) == 1 or line.statement.membership else None
    parts = member.items if isinstance(member, Listed) else (member,)
    return [(part, line) for part in parts if isinstance(part, Name) and not part.primes]


def _plain_sentences(lines: Sequence[Line], prose: Iterable[tuple[int, str]]) -> Iterator[Sentence]:
    """Sentences in which letters are written without any delimiters."""
    for start, text in prose:
        following = next((line for line in lines if line.segment.span.start > start), None)
        if following is None:
            continue
        # What is said in the words before a line holds at that line already.
        before = replace(following, order=following.order - 1)
        for part in re.split(r"[.!?]\s|\n\s*\n", text):
            letters = _LETTER.findall(part)
            if letters:
                yield Sentence(_LETTER.sub(FORMULA, part), tuple([(Name(letter, NOWHERE), before)] for letter in letters))


def _described(sentence: Sentence) -> Iterator[tuple[str, Slot]]:
    """Words that describe names, with the names: ``is an orthogonal matrix``, ``unit vectors``."""
    for match in (*_BEHIND.finditer(sentence.text), *_BEHIND_OWNERS.finditer(sentence.text), *_JOINED.finditer(sentence.text)):
        phrase = match.group(2)
        if not _OPEN.search(phrase) and not re.match(r"\W*(?:orthogonal|perpendicular) to", phrase.strip(), re.I):
            yield phrase, sentence.names(match.span(1))
    for match in _BEFORE.finditer(sentence.text):
        if not _OPEN.search(match.group(1)):
            # "a vector u and R classes": what is one is the first of the names alone.
            end = match.start(2) + len(FORMULA) if _ONE.search(match.group(1)) else match.end(2)
            yield _LINKING.split(match.group(1))[-1], sentence.names((match.start(2), end))


def _told(phrase: str, names: Slot) -> Iterator[Property]:
    """The equations that adjectives tell of names; what is called a matrix has a capital."""
    names = [one for one in names if is_capital(one[0].spelling)] if _MATRIX.search(phrase) and not _VECTORS.search(phrase) else names
    for name, line in names:
        for pattern, equations in _OF_MATRICES if is_capital(name.spelling) else () if _COLUMNS.search(phrase) else _OF_VECTORS:
            if pattern.search(phrase):
                for left, right in equations(name):
                    yield Property(left, right, line, frozenset((name.spelling,)))
                break
    if re.search(r"\b(?:orthogonal|perpendicular|orthonormal)\b", phrase, re.I) and not _COLUMNS.search(phrase):
        yield from _pairwise([one for one in names if not is_capital(one[0].spelling)])


def _pairwise(names: Slot) -> Iterator[Property]:
    """Vectors that are orthogonal to each other."""
    for (first, before), (second, line) in combinations(names, 2):
        yield Property(_times(Transpose(first, NOWHERE), second), _number(0), max(before, line, key=lambda one: one.order), frozenset((first.spelling, second.spelling)))


def _eigenvectors(sentence: Sentence) -> Iterator[Property]:
    for pattern in _EIGEN:
        match = pattern.search(sentence.text)
        parts = [sentence.names(match.span(part)) for part in ("A", "v", "l")] if match is not None and not _OPEN.search(match.group()) else []
        if parts and all(len(part) == 1 for part in parts):
            (matrix, _), (vector, _), (value, _) = (part[0] for part in parts)
            last = max((part[0][1] for part in parts), key=lambda line: line.order)
            yield Property(_times(matrix, vector), _times(value, vector), last, frozenset((matrix.spelling, vector.spelling, value.spelling)))
            return


def _factored(sentence: Sentence) -> Iterator[Property]:
    """The factors of a decomposition: orthonormal columns and a diagonal between them."""
    for one in factored(sentence):
        factors = [(one.first, orthogonal)] if one.is_spectral else [(one.first, _orthonormal_columns), (one.last, _orthonormal_columns)]
        for name, equations in (*factors, (one.middle, _diagonal)):
            for left, right in equations(name):
                yield Property(left, right, one.line, frozenset((name.spelling,)))


def factored(sentence: Sentence) -> Iterator[Factors]:
    """The decompositions that a sentence tells by singular values or by eigenvalues, or by a diagonal between two that are the same."""
    is_named = _SINGULAR.search(sentence.text) or _SPECTRAL.search(sentence.text)
    if not is_named and (not _IS_DIAGONAL.search(sentence.text) or _HALVES.search(sentence.text)):
        return
    for line in sentence.lines:
        product = line.members[1] if len(line.members) == 2 else None
        if not isinstance(product, Product) or len(product.factors) != 3 or any(product.signs):
            continue
        first, middle, last = product.factors
        are_names = isinstance(first, Name) and isinstance(middle, Name) and isinstance(last, Transpose) and isinstance(last.body, Name)
        if are_names and (is_named or first.spelling == last.body.spelling):
            yield Factors(first, middle, last.body, line)


# -- the equations


def _times(*factors: Expression) -> Product:
    return Product(factors, ("",) * (len(factors) - 1), NOWHERE)


def _number(value: int) -> Literal:
    return Literal(Fraction(value), NOWHERE)


_IDENTITY = Name(r"\mathbb{I}", NOWHERE)


def _orthonormal_columns(name: Name) -> list[Equation]:
    return [(_times(Transpose(name, NOWHERE), name), _IDENTITY)]


def rows_of(name: Name) -> list[Equation]:
    """That the rows of a matrix are orthonormal."""
    return [(_times(name, Transpose(name, NOWHERE)), _IDENTITY)]


def orthogonal(name: Name) -> list[Equation]:
    """That a matrix is orthogonal."""
    return [*_orthonormal_columns(name), *rows_of(name)]


def _diagonal(name: Name) -> list[Equation]:
    return [(Product((name, _IDENTITY), (r"\odot",), NOWHERE), name)]


def _skew(name: Name) -> list[Equation]:
    return [(Transpose(name, NOWHERE), Sum((("-", name),), NOWHERE))]


def _idempotent(name: Name) -> list[Equation]:
    return [(Power(name, _number(2), NOWHERE), name)]


def _projector(name: Name) -> list[Equation]:
    return [*_idempotent(name), (Transpose(name, NOWHERE), name)]


def _ones(name: Name) -> list[Equation]:
    return [(name, Name("1", NOWHERE))]


def _unit(name: Name) -> list[Equation]:
    return [(_times(Transpose(name, NOWHERE), name), _number(1))]


_Equations = tuple[tuple[re.Pattern[str], Callable[[Name], list[Equation]]], ...]

_OF_MATRICES: _Equations = (
    (re.compile(r"\borthonormal columns\b", re.I), _orthonormal_columns),
    (re.compile(r"\borthonormal rows\b", re.I), rows_of),
    (re.compile(r"\borthogonal projection\b", re.I), _projector),
    (re.compile(r"\b(?:orthogonal|orthonormal)\b", re.I), orthogonal),
    (re.compile(r"\bidempotent\b|\bprojection matri(?:x|ces)\b|\bprojectors?\b|\bprojection on", re.I), _idempotent),
    (re.compile(r"\b(?:skew|anti)-?\s?symmetric\b", re.I), _skew),
    (_DIAGONAL, _diagonal),
)
_OF_VECTORS: _Equations = (
    (re.compile(r"\bones\b", re.I), _ones),
    (re.compile(r"\bunit[- ](?:(?:eigen)?vectors?|norm|length)\b|\borthonormal\b", re.I), _unit),
)
