"""Vectors that lie down: names that a document multiplies by matrices from the left, ``x W + b``, and never from the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derivcheck.elaboration.axes import ENTRYWISE
from derivcheck.elaboration.rank import Ranks
from derivcheck.elaboration.usage import is_capital
from derivcheck.reading.content import bare
from derivcheck.reading.expression import Call, Differential, Expression, Name, Product, Sum, Transpose, walk

_ROUNDS = 4


def rows(expressions: Iterable[Expression], equalities: Sequence[tuple[Expression, Expression]], ranks: Ranks) -> frozenset[str]:
    """The names of vectors that are rows: they stand right before a matrix, or what they are defined as does, and none of them behind one."""
    lying: set[str] = set()
    standing: set[str] = set()
    for expression in expressions:
        for part in walk(expression):
            if isinstance(part, Product) and not any(part.signs):
                _take(part, ranks, lying, standing)
    if not lying - standing:
        return frozenset()
    for _ in range(_ROUNDS):
        for left, right in equalities:
            name = bare(left)
            if isinstance(name, Name) and not name.primes:
                lying |= {name.spelling} if _is_of(right, lying, ranks, True) else set()
                standing |= {name.spelling} if _is_of(right, standing, ranks, False) else set()
    return frozenset(lying - standing)


def _take(product: Product, ranks: Ranks, lying: set[str], standing: set[str]) -> None:
    first, *_, last = product.factors
    if _is_vector(first, ranks) and _is_matrix(product.factors[1], ranks):
        lying.add(first.spelling)
    if _is_vector(last, ranks) and _is_matrix(product.factors[-2], ranks):
        standing.add(last.spelling)


def _is_vector(factor: Expression, ranks: Ranks) -> bool:
    return isinstance(factor, Name) and not is_capital(factor.spelling) and ranks.of(factor.spelling, len(factor.indices)) == 1


def _is_matrix(factor: Expression, ranks: Ranks) -> bool:
    body = bare(factor.body) if isinstance(factor, Transpose) else bare(factor)
    return isinstance(body, Name) and is_capital(body.spelling) and body.spelling != "I" and ranks.of(body.spelling, len(body.indices)) == 2


def _is_of(expression: Expression, known: set[str], ranks: Ranks, before: bool) -> bool:
    """Whether an expression is made of known rows (``before`` a matrix), or of known columns (behind one)."""
    match bare(expression):
        case Name() as name:
            return name.spelling in known
        case Product() as product if not any(product.signs):
            vector, matrix = (product.factors[0], product.factors[1]) if before else (product.factors[-1], product.factors[-2])
            return _is_vector(vector, ranks) and vector.spelling in known and _is_matrix(matrix, ranks)
        case Sum() as total:
            return any(_is_of(term, known, ranks, before) for _, term in total.terms)
        case Call() as call if call.function.spelling in ENTRYWISE and len(call.arguments) == 1:
            return _is_of(call.arguments[0], known, ranks, before)
        case Differential() as slope if len(slope.by) == 1:
            return ranks.rank_of(slope.body) == 0 and _is_of(slope.by[0], known, ranks, before)
    return False
