"""Primes that are transposes, as statisticians write them: ``X'X``, ``x'Ax``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.derivation.instance import rebuilt
from derivcheck.derivation.prose import says_prime_is_transpose
from derivcheck.elaboration.usage import is_capital
from derivcheck.reading.content import bare
from derivcheck.reading.expression import Call, Expression, Name, Prime, Product, Transpose, walk

if TYPE_CHECKING:
    from derivcheck.derivation.outline import Line


def with_transposes(lines: Sequence[Line], text: str) -> tuple[Line, ...]:
    """The lines of a document with transposes for primes, where its words or its formulas say that it means these."""
    parts = [part for line in lines for member in line.members if member is not None for part in walk(member)]
    if not any(isinstance(part, Name) and part.primes == 1 for part in parts):
        return tuple(lines)
    heads = [line.members[0] for line in lines if line.members and line.statement.signs]
    if not (says_prime_is_transpose(text) or _writes_transposes(parts, heads)):
        return tuple(lines)
    return tuple(replace(line, members=tuple(None if member is None else _transposed(member) for member in line.members)) for line in lines)


def _transposed(expression: Expression) -> Expression:
    if isinstance(expression, Name) and expression.primes == 1:
        return Transpose(replace(expression, primes=0), expression.span)
    if isinstance(expression, Prime) and expression.count == 1:
        return Transpose(_transposed(expression.body), expression.span)
    return rebuilt(expression, _transposed)


def _writes_transposes(parts: Sequence[Expression], heads: Sequence[Expression | None]) -> bool:
    """Whether a matrix stands right behind itself with a prime, or a letter at both ends of a product with a matrix, and no primed name
    is a function or is said to be something. ``heads``: what the document's relations begin with.
    """
    primed = {part.spelling for part in parts if isinstance(part, Name) and part.primes == 1}
    applied = {part.function.spelling for part in parts if isinstance(part, Call)}
    told = any(isinstance(head, Name) and head.primes for head in heads)
    if primed & applied or told:
        return False
    return any(isinstance(part, Product) and _is_form([bare(factor) for factor in part.factors]) for part in parts)


def _is_form(factors: Sequence[Expression]) -> bool:
    """Whether factors have ``X'X`` for a capital, or ``x'Ax`` with one between."""
    for first, second, third in zip(factors, factors[1:], [*factors[2:], None], strict=False):
        if not (isinstance(first, Name) and first.primes == 1 and isinstance(second, Name) and not second.primes):
            continue
        if second.spelling == first.spelling and is_capital(first.spelling):
            return True
        if isinstance(third, Name) and not third.primes and third.spelling == first.spelling and is_capital(second.spelling):
            return True
    return False
