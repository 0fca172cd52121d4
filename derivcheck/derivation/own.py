"""Right sides that name the very thing on their left: update rules, recursions, vectors with their entries."""

from __future__ import annotations

from derivcheck.elaboration.book import Head
from derivcheck.elaboration.same import same
from derivcheck.reading.content import has_derivative
from derivcheck.reading.expression import Call, Dots, Expression, Gridded, Listed, Name, Sum, walk


def is_update(left: Name, right: Expression) -> bool:
    """Whether something is added to a name, or to the member of a sequence before it, along a derivative: ``w = w - \\eta g``.

    As an equation a name that equals itself and something more would say nothing but that the latter is zero.
    """
    terms = right.terms if isinstance(right, Sum) else ()
    kept = [term for sign, term in terms if sign == "+" and isinstance(term, Name) and term.spelling == left.spelling and term.primes == left.primes]
    if any(same(term, left) for term in kept):
        return True
    shifted = any(isinstance(index, Sum) for index in (*left.indices, *left.samples))
    return shifted and bool(kept) and has_derivative(right)


def mentions_name(head: Head, right: Expression) -> bool:
    """Whether a right side names the very thing it would define."""
    for part in walk(right):
        if isinstance(part, Name) and part.spelling == head.spelling and len(part.indices) == len(head.indices) and part.primes == head.primes:
            if head.arguments is not None and not any(isinstance(one, Call) and one.function is part for one in walk(right)):
                continue
            if all(same(one, other) for one, other in zip(part.indices, head.indices, strict=True)) and len(part.samples) == len(head.samples):
                return True
    return False


def names_own_entries(head: Head, right: Expression) -> bool:
    """``x = (x_1, \\dots, x_n)``: a name for its entries, which says its size and nothing else."""
    if not isinstance(right, Listed | Gridded) or head.indices:
        return False
    cells = right.items if isinstance(right, Listed) else tuple(cell for row in right.rows for cell in row)
    named = [cell for cell in cells if not isinstance(cell, Dots)]
    return any(isinstance(cell, Name) and cell.spelling == head.spelling and cell.indices for cell in named)

