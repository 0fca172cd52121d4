"""The vector of ones written as a plain digit: ``1^\\top x``, ``1 1^\\top``, ``X^\\top 1``, ``1_n``."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.reading.expression import Expression, Literal, Name, Product, Transpose
from derivcheck.source import Span


def ones(number: Expression) -> Name | None:
    """The vector of ones that a 1 stands for; None for anything else."""
    return Name("1", number.span) if isinstance(number, Literal) and number.value == 1 and not number.decimals else None


def transposed_ones(number: Expression, span: Span) -> Expression | None:
    r"""What ``1^\top`` and ``11^\top`` mean; None for another number."""
    single = ones(number)
    if single is not None:
        return Transpose(single, span)
    if not isinstance(number, Literal) or number.value != 11 or number.decimals:
        return None
    name = Name("1", number.span)
    return Product((name, Transpose(name, span)), ("",), span)


def with_ones(factors: Sequence[Expression], signs: Sequence[str]) -> tuple[Expression, ...]:
    """The factors of a product, with each 1 that stands bare beside a transpose as a vector of ones: as a number nobody would write it."""
    made = list(factors)
    for place, factor in enumerate(factors):
        before = factors[place - 1] if place and not signs[place - 1] else None
        behind = factors[place + 1] if place + 1 < len(factors) and not signs[place] else None
        if isinstance(before, Transpose) or (isinstance(behind, Transpose) and isinstance(behind.body, Name) and behind.body.spelling == "1"):
            made[place] = ones(factor) or factor
    return tuple(made)
