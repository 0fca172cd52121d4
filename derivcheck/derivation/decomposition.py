r"""Matrices taken apart in words: ``$A = U S V^\top$ is the SVD of $A$``, ``$K$ is symmetric with eigenvalues $d_1, \dots, d_n$``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from derivcheck.derivation.extent import memberships
from derivcheck.derivation.outline import FORMULA, Line, members_of
from derivcheck.derivation.property import Equation, Factors, Kinds, Property, Sentence, factored, orthogonal, rows_of, sentences
from derivcheck.elaboration.book import Definition
from derivcheck.elaboration.declaration import declarations
from derivcheck.elaboration.head import Head
from derivcheck.elaboration.rank import is_capital
from derivcheck.elaboration.same import same
from derivcheck.reading.content import names_of, number
from derivcheck.reading.expression import Call, Entry, Expression, Gridded, Literal, Name, Power, Product, Sum, Transpose, is_plain, walk
from derivcheck.source import NOWHERE

_VALUES = (
    re.compile(rf"(?P<A>{FORMULA})[^.;:{FORMULA}]*\beigenvalues?\s+(?:are\s+)?(?P<l>{FORMULA})", re.I),
    re.compile(rf"\beigenvalues?\s+(?P<l>{FORMULA})\s+of\s+(?:the\s+)?(?:[\w-]+\s+){{0,3}}(?P<A>{FORMULA})", re.I),
    re.compile(rf"\beigenvalues?\s+of\s+(?:the\s+)?(?:[\w-]+\s+){{0,3}}(?P<A>{FORMULA})(?:\s+(?:are|be|by|denoted))*\s+(?P<l>{FORMULA})", re.I),
    re.compile(rf"(?P<l>{FORMULA})\s*(?:are|be|for|denote)?\s*the\s+eigenvalues?\s+of\s+(?:the\s+)?(?:[\w-]+\s+){{0,3}}(?P<A>{FORMULA})", re.I),
)
_COLUMNS = (
    re.compile(rf"(?P<A>{FORMULA})[^.;:{FORMULA}]*\bcolumns\s+(?:are\s+)?(?P<u>{FORMULA})", re.I),
    re.compile(rf"\bcolumns\s+of\s+(?P<A>{FORMULA})(?:\s+(?:are|be|by|denoted))*\s+(?P<u>{FORMULA})", re.I),
    re.compile(rf"(?P<u>{FORMULA})\s*(?:are|is|be|for|denotes?)?\s*(?:the|its)\s+(?:{FORMULA}\S*\s+)?columns?\s+of\s+(?P<A>{FORMULA})", re.I),
)
_DEFINITE = re.compile(r"\b(?:positive|covariance|gram|kernel|laplacian)\b", re.I)
_ALIKE = re.compile(r"\b(?:positive|covariance|gram|kernel|laplacian|symmetric|hessian|hermitian|self-?adjoint)\b", re.I)
_NOT_ALL = re.compile(r"\b(?:eigenvectors?|largest|smallest|nonzero|non-zero|distinct|leading|top|some|not)\b", re.I)


@dataclass(frozen=True, slots=True)
class Decomposition:
    """What a matrix is made of, wherever one of some ``letters`` stands, or anywhere if there are none; ``definition``: of the
    matrix on a ``line``, with ``square`` parts. ``is_whole``: it may be defined in another way, too.
    ``spatial``: a vector of three entries that it is made of. ``if_square``: what holds of its factors if they are square, which is not said.
    ``positive``: the letter of values that are not negative. ``general``: what the matrix is if it need not be symmetric.
    """

    letters: frozenset[str]
    definition: Definition
    line: Line
    square: tuple[str, ...] = ()
    is_whole: bool = False
    spatial: str = ""
    if_square: tuple[Equation, ...] = ()
    positive: str = ""
    general: Definition | None = None


def decompositions(lines: Sequence[Line], prose: Iterable[tuple[int, str]]) -> Iterator[tuple[Decomposition, tuple[Property, ...]]]:
    """The matrices that words take apart, or that are told by what they do, with what is known of the parts that have no name."""
    for sentence in sentences(lines, prose):
        for factors in factored(sentence):
            yield from _by_factors(factors, lines)
        yield from ((one, ()) for one in _by_columns(sentence))
        yield from _by_eigenvalues(sentence)
    yield from ((one, ()) for line in lines for one in _by_vector_product(line))


def with_parts(said: Kinds, parts: Sequence[Decomposition]) -> Kinds:
    """What words call names, and what the names are by the decompositions that they are parts of."""
    return replace(
        said,
        square=(*said.square, *((name, one.line) for one in parts for name in one.square)),
        positive=(*said.positive, *((one.positive, one.line) for one in parts if one.positive)),
        spatial=tuple((one.spatial, one.line) for one in parts if one.spatial),
        apart=tuple((name, one.line) for one in parts for name in (*one.letters, *names_of(one.definition.right), one.definition.head.spelling)),
    )


def _by_factors(factors: Factors, lines: Sequence[Line]) -> Iterator[tuple[Decomposition, tuple[Property, ...]]]:
    """The matrix by its factors, the outer ones of these by their columns and the diagonal by its entries, where these are called by the small letters."""
    line = factors.line
    names = [factors.first.spelling, factors.middle.spelling, factors.last.spelling]
    small = [_small(name) for name in names]
    whole = line.members[0]
    if is_plain(whole):
        rows = () if factors.is_spectral else (*rows_of(factors.first), *rows_of(factors.last))
        is_square = factors.is_spectral or _is_square(whole.spelling, lines)
        told = tuple(Property(left, right, line, frozenset(names)) for left, right in rows if is_square)
        made = Decomposition(frozenset((*names, *filter(None, small))), _defined(whole.spelling, line.members[1], line), line, tuple(names) if is_square else (), is_whole=True)
        yield (made, told) if is_square else (replace(made, if_square=rows), ())
    for name, letter in ((names[0], small[0]), (names[2], small[2])):
        if letter is not None:
            yield _of_columns(name, letter, line), ()
    if small[1] is not None:
        yield Decomposition(frozenset((small[1],)), _defined(names[1], _diagonal(small[1]), line), line, positive="" if factors.is_spectral else small[1]), ()


def _is_square(matrix: str, lines: Sequence[Line]) -> bool:
    """Whether a matrix has as many rows as columns: that is declared, or its inverse or determinant is taken."""
    sizes = [one.sizes for left, right in memberships(lines) for one in declarations(left, right) if one.name.spelling == matrix and one.sizes and len(one.sizes) == 2]
    parts = [part for member in members_of(lines) for part in walk(member)]
    inverted = [part.body for part in parts if isinstance(part, Power) and number(part.exponent) == -1] + [part.arguments[0] for part in parts if isinstance(part, Call) and part.function.spelling == "det"]
    return any(same(*one) for one in sizes) or any(is_plain(body) and body.spelling == matrix for body in inverted)


def _by_vector_product(line: Line) -> Iterator[Decomposition]:
    r"""A matrix that makes of any vector its vector product with another one: ``K v = u \times v``."""
    left, right = line.members if len(line.members) == 2 else (None, None)
    if not isinstance(left, Product) or not isinstance(right, Product) or right.signs != (r"\times",) or left.signs != ("",):
        return
    (matrix, vector), (other, again) = left.factors, right.factors
    if is_plain(matrix) and is_plain(vector) and is_plain(other) and is_plain(again) and is_capital(matrix.spelling) and vector.spelling == again.spelling != other.spelling:
        first, second, third = (replace(other, indices=(_number(place),)) for place in (1, 2, 3))
        zero = _number(0)
        rows = ((zero, _minus(third), second), (third, zero, _minus(first)), (_minus(second), first, zero))
        yield Decomposition(frozenset(), _defined(matrix.spelling, Gridded(rows, NOWHERE), line), line, spatial=other.spelling)


def _defined(name: str, right: Expression, line: Line) -> Definition:
    return Definition(Head(name), right, line.order, line.scope, stated=False)


def _of_columns(matrix: str, letter: str, line: Line) -> Decomposition:
    """The columns of a matrix by a letter with an index: each is a row of its transpose."""
    index = Name("j", NOWHERE)
    column = Entry(Transpose(Name(matrix, NOWHERE), NOWHERE), (index,), NOWHERE)
    return Decomposition(frozenset((letter,)), Definition(Head(letter, (index,)), column, line.order, line.scope, stated=False), line)


def _by_columns(sentence: Sentence) -> Iterator[Decomposition]:
    """A matrix whose columns words call by a letter with an index."""
    for pattern in _COLUMNS:
        match = pattern.search(sentence.text)
        matrix, columns = (sentence.names(match.span(part)) for part in ("A", "u")) if match is not None else ([], [])
        if len(matrix) == 1 and columns and columns[0][0].indices and is_capital(matrix[0][0].spelling) and not is_capital(columns[0][0].spelling):
            yield _of_columns(matrix[0][0].spelling, columns[0][0].spelling, columns[0][1])
            return


def _by_eigenvalues(sentence: Sentence) -> Iterator[tuple[Decomposition, tuple[Property, ...]]]:
    """A matrix of which words tell all eigenvalues: an orthogonal matrix, which has no name, makes it diagonal, if it is symmetric."""
    for pattern in _VALUES:
        match = pattern.search(sentence.text)
        if match is None or _NOT_ALL.search(match.group()):
            continue
        matrix, values = (sentence.names(match.span(part)) for part in ("A", "l"))
        if len(matrix) != 1 or not values or not all(value.indices or "_" in value.spelling for value, _ in values):
            continue
        (name, _), (value, line) = matrix[0], values[0]
        if not is_capital(name.spelling) or name.indices or not value.indices:
            continue
        basis = Name(f"Q_{{{name.spelling}}}", NOWHERE)
        right = Product((basis, _diagonal(value.spelling), Transpose(basis, NOWHERE)), ("", ""), NOWHERE)
        told = tuple(Property(left, other, line, frozenset((basis.spelling,))) for left, other in orthogonal(basis))
        made = Decomposition(frozenset((value.spelling,)), _defined(name.spelling, right, line), line, (basis.spelling,), positive=value.spelling if _DEFINITE.search(sentence.text) else "")
        yield (made, told) if _ALIKE.search(sentence.text) else _in_general(made, told, name.spelling, right.factors[1])
        return


def _in_general(made: Decomposition, told: tuple[Property, ...], matrix: str, values: Expression) -> tuple[Decomposition, tuple[Property, ...]]:
    """The same for a matrix that need not be symmetric: it is diagonal in some basis."""
    basis = Name(f"W_{{{matrix}}}", NOWHERE)
    right = Product((basis, values, Power(basis, _number(-1), NOWHERE)), ("", ""), NOWHERE)
    # What is transposed twice is a matrix, and this says no more of it.
    known = Property(Transpose(Transpose(basis, NOWHERE), NOWHERE), basis, made.line, frozenset((basis.spelling,)))
    return replace(made, general=_defined(matrix, right, made.line), square=(*made.square, basis.spelling)), (*told, known)


def _diagonal(letter: str) -> Expression:
    entry = Name(letter, NOWHERE, (Name("i", NOWHERE),))
    return Call(Name("diag", NOWHERE), (entry,), NOWHERE)


def _number(value: int) -> Literal:
    return Literal(Fraction(value), NOWHERE)


def _minus(expression: Expression) -> Sum:
    return Sum((("-", expression),), NOWHERE)


def _small(spelling: str) -> str | None:
    r"""The small letter of a capital: ``s`` of ``S``, ``\lambda`` of ``\Lambda``."""
    letter = spelling.removeprefix("\\")
    return spelling.replace(letter, letter.lower()) if is_capital(spelling) and letter.isalpha() and (len(letter) == 1 or spelling != letter) else None
