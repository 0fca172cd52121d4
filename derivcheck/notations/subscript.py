"""Names and their indices: components, samples, entries of expressions.

Holds: (A x)_i = \\sum_j A_{ij} x_j. Does not: (A x)_i = A_{ii} x_i.
"""

from __future__ import annotations

from fractions import Fraction

from derivcheck.notation import Notation, Surroundings
from derivcheck.reading.expression import Entry, Expression, Literal, Name
from derivcheck.term.term import Variable
from derivcheck.term.value import Misfit, Value


def _name(elaborator, expression: Name, around: Surroundings) -> Value:
    return elaborator.named(expression, around)


def _entry(elaborator, expression: Entry, around: Surroundings) -> Value:
    body = elaborator.value(expression.body, around)
    indices = [elaborator.index(index, around) for index in _apart(expression.indices, body)]
    return entry_of(elaborator, body, indices)


def _apart(indices: tuple[Expression, ...], body: Value) -> tuple[Expression, ...]:
    """The indices of an entry; two digits below a matrix are two of them, as in ``(A^2)_{12}``."""
    digits = str(indices[0].value) if len(indices) == 1 and isinstance(indices[0], Literal) and body.rank == 2 else ""
    if len(digits) != 2 or "0" in digits or not digits.isdecimal():
        return indices
    return tuple(Literal(Fraction(int(digit)), indices[0].span) for digit in digits)


def entry_of(elaborator, body: Value, indices: list) -> Value:
    """The entry of an array at leading indices; fewer indices than axes leave an array."""
    if len(indices) > body.rank:
        raise Misfit("more indices than axes", body.sizes)
    for index, size in zip(indices, body.sizes, strict=False):
        if isinstance(index, Variable):
            elaborator.link(index, size)
    rest = body.variables[len(indices) :]
    made = body.at(*indices, *rest)
    return Value(made, rest, body.sizes[len(indices) :])


NOTATION = Notation(forms={Name: _name, Entry: _entry})
