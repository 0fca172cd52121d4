"""Equations that name again what stands on their left."""

from __future__ import annotations

from derivcheck.elaboration.head import Head
from derivcheck.elaboration.same import same
from derivcheck.elaboration.usage import is_capital
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import Call, Dots, Expression, Gridded, Listed, Name, Sum, is_plain, walk


def mentions(head: Head, right: Expression) -> bool:
    """Whether a right side names the very thing it would define."""
    for part in walk(right):
        if isinstance(part, Name) and part.spelling == head.spelling and len(part.indices) == len(head.indices) and part.primes == head.primes:
            if head.arguments is not None and not any(isinstance(one, Call) and one.function is part for one in walk(right)):
                continue
            if all(same(one, other) for one, other in zip(part.indices, head.indices, strict=True)) and len(part.samples) == len(head.samples):
                return True
    return False


def is_before(use: Head, head: Head) -> bool:
    """Whether a use is an earlier member of the sequence of a head: ``a^{l-1}`` for ``a^l``."""
    places = zip((*head.indices, *head.samples), (*use.indices, *use.samples), strict=False)
    return any(is_plain(one) and isinstance(other, Sum) and len(other.terms) == 2 and same(one, other.terms[0][1]) and other.terms[1][0] == "-" for one, other in places)


def names_own_entries(head: Head, right: Expression) -> bool:
    """``x = (x_1, \\dots, x_n)``: a name for its entries, which says its size and nothing else."""
    if not isinstance(right, Listed | Gridded) or head.indices:
        return False
    cells = right.items if isinstance(right, Listed) else tuple(cell for row in right.rows for cell in row)
    named = [cell for cell in cells if not isinstance(cell, Dots)]
    return any(isinstance(cell, Name) and cell.spelling == head.spelling and cell.indices for cell in named)


def is_about_itself(left: Name, right: Expression) -> bool:
    """Whether an equation is about one matrix alone, as a property of it is: ``Q = Q^\\top``, ``P = P^2``."""
    return is_capital(left.spelling) and names_of(right) <= {left.spelling}
