"""What an expression holds: what its brackets are around, the number that it is, the names and derivatives in it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from derivcheck.reading.expression import (
    Bracketed,
    Choice,
    Differential,
    Entry,
    Expression,
    Gradient,
    Literal,
    Name,
    Sum,
    Transpose,
    Unread,
    walk,
)


def bare(expression: Expression, *around: type) -> Expression:
    """An expression in its most plausible reading, without the brackets, and what else there may be ``around`` it
    (``Transpose``, ``Entry``).
    """
    while isinstance(expression, (Bracketed, Choice, *around)):
        expression = expression.options[0][0] if isinstance(expression, Choice) else expression.body
    return expression


def quantity(expression: Expression) -> Expression:
    """What an expression is an entry or the transpose of, or the expression itself."""
    return bare(expression, Transpose, Entry)


def number(expression: Expression) -> Fraction | None:
    """The number that an expression is, its sign included; None where it is none."""
    match expression:
        case Literal():
            return expression.value
        case Sum() if len(expression.terms) == 1 and isinstance(expression.terms[0][1], Literal):
            sign, term = expression.terms[0]
            return -term.value if sign == "-" else term.value
        case Bracketed():
            return number(expression.body)
    return None


def names_of(*expressions: Expression | None) -> frozenset[str]:
    """The spellings of the names in some expressions; where there is none, it has none."""
    present = (expression for expression in expressions if expression is not None)
    return frozenset(part.spelling for expression in present for part in walk(expression) if isinstance(part, Name))


def in_plain_type(expressions: Iterable[Expression]) -> set[str]:
    """The spellings of the names that some expressions set in plain type only, not in bold type, and without indices."""
    names = [part for expression in expressions for part in walk(expression) if isinstance(part, Name)]
    other = {name.spelling for name in names if name.bold or name.indices or name.samples}
    return {name.spelling for name in names} - other


def has_derivative(expression: Expression) -> bool:
    """Whether a derivative or a gradient stands in an expression."""
    return any(isinstance(part, Differential | Gradient) for part in walk(expression))


def is_clean(expression: Expression) -> bool:
    """Whether nothing in it had to be given up or mended."""
    return not any(isinstance(part, Unread) or (isinstance(part, Bracketed) and not part.whole) for part in walk(expression))
