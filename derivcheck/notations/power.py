"""Powers, roots, inverses and transposes.

Holds: (x^2)^3 = x^6, (A B)^{-1} = B^{-1} A^{-1}. Does not: (a + b)^2 = a^2 + b^2.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings, Unreadable, commutes
from derivcheck.reading.content import names_of
from derivcheck.reading.custom import COUNTERS
from derivcheck.reading.expression import Listed, Name, Power, Prime, Sum, Transpose, is_plain
from derivcheck.term import build
from derivcheck.term.term import Number, Term
from derivcheck.term.value import Value, dot, inverse, matrix_power, pointwise, product, transpose

MAX_FACTORS = 4


def _power(elaborator, expression: Power, around: Surroundings) -> Value:
    if _is_euler(elaborator, expression.body, around):
        return pointwise(elaborator.sizes, build.exp, elaborator.value(expression.exponent, around))
    body = elaborator.value(expression.body, around)
    if body.rank == 2:
        return _matrix_power(elaborator, body, expression, around)
    exponent = elaborator.value(expression.exponent, around)
    if not commutes(elaborator, body):
        raise Unreadable(expression.span, "a power of a number", "letters that do not commute")
    if body.rank == 1:
        return _vector_power(elaborator, body, exponent, expression)
    return pointwise(elaborator.sizes, _raised, body, exponent)


def _raised(base, exponent):
    return build.square_root(base) if exponent is build.HALF else build.power(base, exponent)


def _is_euler(elaborator, body, around: Surroundings) -> bool:
    """Whether the letter e is the base of the natural logarithm: it is unless the document makes it something else."""
    return (
        is_plain(body)
        and body.spelling == "e"
        and "e" not in around.bound
        and "e" not in around.bindings
        and not elaborator.knowledge.book.is_defined("e")
    )


def _matrix_power(elaborator, body: Value, expression: Power, around: Surroundings) -> Value:
    if names_of(expression.exponent):
        return matrix_power(elaborator.sizes, body, _counted(elaborator, expression, around))
    exponent = elaborator.number(expression.exponent, around)
    if not isinstance(exponent, Number) or exponent.value.denominator != 1:
        raise Unreadable(expression.span, "a whole power of a matrix", "another exponent")
    if abs(exponent.value) > MAX_FACTORS:
        return matrix_power(elaborator.sizes, body, exponent)
    count = int(exponent.value)
    base = inverse(elaborator.sizes, body) if count < 0 else body
    result = base
    for _ in range(abs(count) - 1):
        result = product(elaborator.sizes, result, base)
    if count == 0:
        raise Unreadable(expression.span, "a power of a matrix", "the exponent 0")
    return result


def _counted(elaborator, expression: Power, around: Surroundings) -> Term:
    """An exponent of letters that count as an integer term. Errors: Unreadable where it is another one."""
    letters = names_of(expression.exponent)
    if not isinstance(expression.exponent, Name | Sum) or not letters <= COUNTERS | elaborator.knowledge.size_names | around.bound.keys():
        raise Unreadable(expression.span, "a whole power of a matrix", "another exponent")
    return elaborator.index(expression.exponent, around)


def _vector_power(elaborator, body: Value, exponent: Value, expression: Power) -> Value:
    """A power of a vector: entry by entry, or for a square the inner product with itself."""
    is_square = exponent.body is build.TWO and not elaborator.knowledge.elementwise
    if is_square and elaborator.oracle.pick(expression.span, "squares entry by entry or inner product with itself", (1, 2)):
        return dot(elaborator.sizes, body, body)
    return pointwise(elaborator.sizes, _raised, body, exponent)


def _transpose(elaborator, expression: Transpose, around: Surroundings) -> Value:
    """What is transposed; entries in round brackets lie side by side, so that their transpose is a column."""
    value = elaborator.value(expression.body, around)
    if isinstance(expression.body, Listed) and elaborator.oracle.pick(expression.span, "entries that are transposed", (0, 1)) == 0:
        return value
    return transpose(value)


NOTATION = Notation(forms={Power: _power, Transpose: _transpose, Prime: lambda elaborator, expression, around: elaborator.primed(expression, around)})
