"""The number of axes that an expression has, from what is known of its names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.reading.content import number
from derivcheck.reading.custom import LOSSES
from derivcheck.reading.expression import (
    Binder,
    Bracketed,
    Call,
    Choice,
    Differential,
    Entry,
    Expression,
    Gradient,
    Gridded,
    Listed,
    Literal,
    Name,
    Power,
    Product,
    Quotient,
    Sum,
    Transpose,
)

if TYPE_CHECKING:
    from derivcheck.elaboration.rank import Ranks

ENTRYWISE = frozenset(("softmax", "log", "exp", "ln", "sigmoid", "tanh", "relu", "ReLU", r"\sigma"))


def axes_of(ranks: Ranks, expression: Expression) -> int | None:
    """The number of axes that an expression has, as far as that is known; None where it is not."""
    match expression:
        case Literal():
            return 0
        case Name():
            return ranks.of(expression.spelling, len(expression.indices))
        case Bracketed():
            return axes_of(ranks, expression.body)
        case Transpose():
            inner = axes_of(ranks, expression.body)
            return None if inner is None else max(inner, 1)
        case Sum():
            return max((axes_of(ranks, term) or 0 for _, term in expression.terms), default=0)
        case Product():
            return _of_product(ranks, expression)
        case Quotient():
            return axes_of(ranks, expression.above)
        case Binder():
            return axes_of(ranks, expression.body) if expression.operation == "+" else 0
        case Listed():
            return 1 if expression.opening else 0
        case Gridded():
            return 1 if len(expression.rows[0]) == 1 or len(expression.rows) == 1 else 2
        case Entry():
            inner = axes_of(ranks, expression.body)
            return None if inner is None else max(inner - len(expression.indices), 0)
        case Gradient():
            return expression.order if expression.by is None else expression.order * (axes_of(ranks, expression.by) or 0)
        case Differential():
            return min((axes_of(ranks, expression.body) or 0) + sum(axes_of(ranks, by) or 0 for by in expression.by), 2)
        case Call() if (inside := ranks.entry_of(expression)) is not None:
            return axes_of(ranks, inside)
        case Choice():
            return axes_of(ranks, expression.options[0][0])
        case Power() if number(expression.exponent) is not None:
            return 2 if axes_of(ranks, expression.body) == 2 else None
    return None


def _of_product(ranks: Ranks, product: Product) -> int | None:
    """The rank of a matrix product, read from the left; entrywise products keep the rank."""
    current, row = 0, False
    for factor, sign in zip(product.factors, ("", *product.signs), strict=True):
        rank = axes_of(ranks, factor)
        if rank is None or (current == 2 and not sign and ranks.is_open(factor)):
            return None
        is_row = isinstance(factor, Transpose) and rank == 1
        if not current:
            current, row = rank, is_row
        elif rank and sign in (r"\odot", r"\circ", r"\otimes", "*"):
            current = max(current, rank)
        elif rank:
            if current == 1 and rank == 1:
                current = 2 if is_row and not row else 0
            elif current == 1 and rank == 2:
                current, row = 1, True
            elif current == 2 and rank == 1:
                current, row = 1, False
    return current


def slope_by(expression: Expression) -> Name | None:
    """What a loss is differentiated by: its slope has as many axes as that."""
    bys = expression.by if isinstance(expression, Differential) else (expression.by,) if isinstance(expression, Gradient) else ()
    body = expression.body if isinstance(expression, Differential | Gradient) else None
    is_loss = isinstance(body, Name) and body.spelling in LOSSES
    return bys[0] if is_loss and len(bys) == 1 and isinstance(bys[0], Name) else None
