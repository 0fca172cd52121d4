"""Inner products that stand where the shapes want an outer one: ``a^T a`` for a matrix of slopes that is a multiple of ``a a^T``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.derivation.outline import Line
from derivcheck.finding import Finding
from derivcheck.reading.edit import everywhere, put
from derivcheck.reading.expression import Expression, Name, Product, Transpose

if TYPE_CHECKING:
    from derivcheck.comparison import Comparer


def exchanged(comparer: Comparer, line: Line, left: Expression, right: Expression, sign: str, misfit: Finding) -> Finding | None:
    """A misfit between a matrix and a number as one that is certain, where the two vectors of an inner product in the other order make the step hold; else None."""
    ranks = [len(shape) for shape in misfit.shapes or ()]
    if misfit.kind != "misfit" or sign != "=" or ranks != [2, 0]:
        return None
    is_meant = any(comparer.under(line, left, other, sign, misfit.view).holds for other in _orders(right))
    return replace(misfit, is_firm=True) if is_meant else None


def _orders(right: Expression) -> Iterator[Expression]:
    """An expression with the factors of each of its inner products exchanged."""
    for part in everywhere(right):
        product = part.expression
        for place in range(len(product.factors) - 1) if isinstance(product, Product) else ():
            first, second = product.factors[place : place + 2]
            if isinstance(first, Transpose) and isinstance(first.body, Name) and isinstance(second, Name) and not product.signs[place]:
                yield put(right, part.path, replace(product, factors=(*product.factors[:place], second, first, *product.factors[place + 2 :])))
