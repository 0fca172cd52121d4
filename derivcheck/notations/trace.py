"""Trace, determinant, diagonal, inner products.

Holds: \\mathrm{tr}(AB) = \\mathrm{tr}(BA). Does not: \\mathrm{tr}(AB) = \\mathrm{tr}(A) \\mathrm{tr}(B).
"""

from __future__ import annotations

from derivcheck.notation import FAR_FETCHED, Notation, Surroundings, arguments_of
from derivcheck.reading.expression import Call
from derivcheck.term.value import Value, determinant, diagonal, dot, listed, trace


def _trace(elaborator, call: Call, around: Surroundings) -> Value:
    (argument,) = arguments_of(elaborator, call, around, 1)
    return argument if argument.is_number else trace(elaborator.sizes, argument)


def _determinant(elaborator, call: Call, around: Surroundings) -> Value:
    (argument,) = arguments_of(elaborator, call, around, 1)
    return determinant(elaborator.sizes, argument)


def _diagonal(elaborator, call: Call, around: Surroundings) -> Value:
    """diag of a vector, of entries listed with or without dots, or of one entry that runs with an index."""
    if len(call.arguments) > 1:
        return diagonal(elaborator.sizes, elaborator.vector(call.arguments, call.span, around))
    argument = elaborator.value(call.arguments[0], around)
    if argument.is_number:
        letter = elaborator.running_letter(call.arguments[0])
        if letter is None:
            # A matrix of one row and column would fit everywhere once every size is taken as 1.
            elaborator.oracle.extra += FAR_FETCHED
            return diagonal(elaborator.sizes, listed([argument.body]))
        size = elaborator.sizes.fresh()
        variable = elaborator.bind(letter, size)
        entry = elaborator.number(call.arguments[0], around.binding({letter: variable}))
        argument = Value(entry, (variable,), (size,))
    return diagonal(elaborator.sizes, argument)


def _inner(elaborator, call: Call, around: Surroundings) -> Value:
    first, second = arguments_of(elaborator, call, around, 2)
    return dot(elaborator.sizes, first, second)


NOTATION = Notation(
    words={
        **dict.fromkeys(("tr", "Tr", "trace", "Sp", "Spur", "spur", "traza"), _trace),
        "det": _determinant,
        **dict.fromkeys(("diag", "Diag"), _diagonal),
        "inner": _inner,
    }
)
