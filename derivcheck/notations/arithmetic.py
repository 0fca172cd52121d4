"""Sums, products, quotients and numbers.

Holds: a + b = b + a, and 2 (x - y) = 2 x - 2 y. Does not: 2 (x - y) = 2 x - y. Confirmed at sampled points, proved exactly.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from itertools import pairwise

from derivcheck.notation import FAR_FETCHED, Notation, Surroundings, Unreadable, commutes
from derivcheck.reading.edit import signature
from derivcheck.reading.expression import (
    Bracketed,
    Differential,
    Dots,
    Expression,
    Literal,
    Name,
    Phrase,
    Product,
    Quotient,
    Sum,
    is_plain,
    walk,
)
from derivcheck.reading.name import has_arrow
from derivcheck.source import Span
from derivcheck.term import binder, build
from derivcheck.term.term import Fold, Symbol
from derivcheck.term.value import Misfit, Value, comprehension, cross, dot, kronecker_product, outer, pointwise, product, summed


def _literal(elaborator, expression: Literal, around: Surroundings) -> Value:
    return Value(build.number(expression.value))


def _bracketed(elaborator, expression: Bracketed, around: Surroundings) -> Value:
    if not expression.whole:
        elaborator.oracle.extra += 1
    return elaborator.value(expression.body, around)


def _sum(elaborator, expression: Sum, around: Surroundings) -> Value:
    if any(isinstance(term, Dots) for _, term in expression.terms):
        return _dotted(elaborator, expression, around)
    values = [_signed(elaborator, sign, term, expression, around) for sign, term in expression.terms]
    if all(value.is_number for value in values):
        return pointwise(elaborator.sizes, build.add, *values)
    if {1, 2} <= {value.rank for value in values} and any(_is_guessed(elaborator, term) for _, term in expression.terms):
        raise Misfit("arrays of different rank", *(value.sizes for value in values[:2]))
    return reduce(lambda total, value: _added(elaborator, total, value, expression.span), values)


def _is_guessed(elaborator, term: Expression) -> bool:
    """Whether a term is a name that is taken for a matrix though nothing declares it."""
    name, ranks = elaborator.settled(term), elaborator.knowledge.ranks
    if not isinstance(name, Name) or elaborator.knowledge.book.is_defined(name.spelling):
        return False
    return (name.spelling, len(name.indices)) not in ranks.declared and ranks.of(name.spelling, len(name.indices)) == 2


def _dotted(elaborator, expression: Sum, around: Surroundings) -> Value:
    """A sum with dots; one that ends in dots goes on without end, unless it runs through the entries of an array."""
    terms = expression.terms
    is_open = isinstance(terms[-1][1], Dots)
    alternates = any(isinstance(term, Dots) and sign != before for (before, _), (sign, term) in pairwise(terms))
    if alternates or (is_open and len({sign for sign, _ in terms[1:]}) > 1):
        raise Unreadable(expression.span, "terms of one sign around the dots", "signs that change")
    value = elaborator.dotted_sum(expression, around)
    if not is_open:
        return value
    endless = {part.upper: build.INFINITY for part in binder.walk(value.body) if isinstance(part, Fold) and _runs_on(elaborator, part)}
    return replace(value, body=binder.replace(value.body, endless))


def _runs_on(elaborator, fold: Fold) -> bool:
    """Whether a sum has no last term: its end is nowhere told, and it runs through no array."""
    if not isinstance(fold.upper, Symbol) or fold.upper.name in elaborator.knowledge.size_names:
        return False
    return not any(isinstance(part, Symbol) and part.indices for part in binder.walk(fold))


def _signed(elaborator, sign: str, term: Expression, expression: Sum, around: Surroundings) -> Value:
    if sign in ("±", "∓"):
        raise Unreadable(expression.span, "one sign", "±")
    value = elaborator.value(term, around)
    return pointwise(elaborator.sizes, build.negate, value) if sign == "-" else value


def _added(elaborator, first: Value, second: Value, span: Span) -> Value:
    """The sum of two values. A number added to every entry of an array is common in code, rare on paper, as is a vector added
    to every row of a matrix or to every column.
    """
    if {first.rank, second.rank} == {1, 2}:
        elaborator.oracle.extra += 1
        matrix, vector = (first, second) if first.rank == 2 else (second, first)
        return pointwise(elaborator.sizes, build.add, matrix, _repeated(elaborator, vector, matrix, span))
    if first.is_number != second.is_number and build.ZERO not in (first.body, second.body):
        elaborator.oracle.extra += 1
    return pointwise(elaborator.sizes, build.add, first, second)


def _repeated(elaborator, vector: Value, matrix: Value, span: Span) -> Value:
    """A vector as every row of a matrix, or as every column. Errors: Misfit where it is as long as neither."""
    by_rows = elaborator.oracle.pick(span, "vector added to rows or to columns", (0, 1)) == 0
    saved = elaborator.sizes.copy()
    if by_rows and not elaborator.sizes.unify(vector.sizes[0], matrix.sizes[1]):
        elaborator.sizes.restore(saved)
        by_rows = False
    entry = (lambda _, column: vector.at(column)) if by_rows else (lambda row, _: vector.at(row))
    sizes = (matrix.sizes[0], vector.sizes[0]) if by_rows else (vector.sizes[0], matrix.sizes[1])
    return comprehension(sizes, entry)


def _product(elaborator, expression: Product, around: Surroundings) -> Value:
    if any(isinstance(factor, Dots) for factor in expression.factors):
        return elaborator.dotted_product(expression, around)
    if not around.samples and not elaborator.formal and _runs_through_samples(elaborator, expression):
        return _over_samples(elaborator, expression, around)
    result = elaborator.value(expression.factors[0], around)
    for sign, before, factor in zip(expression.signs, expression.factors, expression.factors[1:], strict=False):
        value = Value(build.PI) if not sign and _is_fixed(elaborator, before, factor) else elaborator.value(factor, around)
        result = multiply(elaborator, result, value, sign, expression)
    return result


def _is_fixed(elaborator, before: Expression, factor: Expression) -> bool:
    r"""Whether a factor is the number ``\pi`` because it is written right behind a number, whatever the letter is elsewhere."""
    is_letter = is_plain(factor) and factor.spelling == r"\pi" and not factor.primes
    return is_letter and isinstance(before, Literal) and factor.spelling in elaborator.knowledge.varying


def _runs_through_samples(elaborator, expression: Product) -> bool:
    """Whether a chain of derivatives goes through a quantity that every sample has: then it is summed over the samples."""
    derivatives = [factor for factor in map(elaborator.settled, expression.factors) if isinstance(factor, Differential)]
    bodies = {_unlabelled(elaborator, one.body) for one in derivatives} - {None}
    return any(_unlabelled(elaborator, by) in bodies for one in derivatives for by in one.by)


def _unlabelled(elaborator, expression: Expression) -> str | None:
    """The spelling of a name that stands here without the sample label that it carries elsewhere."""
    name = elaborator.hatted(elaborator.settled(expression))
    return name.spelling if isinstance(name, Name) and not name.samples and name.spelling in elaborator.knowledge.sampled else None


def _over_samples(elaborator, expression: Product, around: Surroundings) -> Value:
    size = elaborator.sizes.fresh()
    variable = elaborator.bind("~sample", size)
    value = elaborator.value(expression, replace(around, samples=(variable,)))
    return Value(summed(variable, size, value.body), value.variables, value.sizes, value.row, value.layout)


def multiply(elaborator, left: Value, right: Value, sign: str, expression: Product) -> Value:
    """Two values times each other, as the sign between them says."""
    sizes = elaborator.sizes
    if not commutes(elaborator, left, right):
        raise Unreadable(expression.span, "factors in any order", "letters that do not commute")
    if left.is_number or right.is_number:
        return pointwise(sizes, build.multiply, left, right)
    if sign in (r"\odot", r"\circ"):
        return pointwise(sizes, build.multiply, left, right)
    if sign == r"\otimes":
        is_outer = left.rank == right.rank == 1 and elaborator.oracle.pick(expression.span, "product of tensors", (0, 1)) == 0
        return outer(left, right) if is_outer else kronecker_product(sizes, left, right)
    if left.rank == right.rank and left.row == right.row and not (left.rank == 2 and sign != "*"):
        return _side_by_side(elaborator, left, right, sign, expression)
    if left.rank == 1 and right.rank == 1 and sign == r"\cdot" and left.row != right.row:
        return product(sizes, left, right)
    return product(sizes, left, right)


def _side_by_side(elaborator, left: Value, right: Value, sign: str, expression: Product) -> Value:
    """Two vectors (or matrices with a star): entry by entry, or their inner (or matrix, or vector) product."""
    sizes = elaborator.sizes
    if sign == r"\cdot":
        options, penalties, about = (dot, _entrywise), (0, 2), "inner product or product entry by entry"
    elif left.rank == 2:
        options, penalties, about = (_entrywise, product), (0, 2), "product entry by entry or matrix product"
    elif sign == r"\times" and _are_in_space(elaborator, left, right, expression):
        # Numbers may be weights and inputs, of which there happen to be three.
        options, about = ((cross,) if left.body.names | right.body.names else (cross, dot, _entrywise)), "vector product or another one"
        penalties = (0, 2, 2)[: len(options)]
    else:
        options, about = (_entrywise, dot, cross), "product entry by entry, inner product or vector product"
        penalties = (0 if sign == "*" or elaborator.knowledge.elementwise else 1, 2, 3)
        if not sign and _is_transposed(elaborator, expression):
            penalties = (penalties[0], FAR_FETCHED, penalties[2])
        options, penalties = (options, penalties) if sign == r"\times" else (options[:2], penalties[:2])
    picked = options[elaborator.oracle.pick(expression.span, about, penalties)]
    return picked(sizes, left, right)


def _is_transposed(elaborator, expression: Product) -> bool:
    """Whether the document transposes one of the factors somewhere: then it is transposed in an inner product, too."""
    transposed = elaborator.knowledge.transposed
    return bool(transposed) and any(signature(elaborator.settled(factor)) in transposed for factor in expression.factors)


def _are_in_space(elaborator, left: Value, right: Value, expression: Product) -> bool:
    """Whether two vectors have three entries, or an arrow above each name."""
    three = build.number(3)
    if all(elaborator.sizes.find(value.sizes[0]) is three for value in (left, right)):
        return True
    names = [part for part in walk(expression) if isinstance(part, Name)]
    return bool(names) and all(map(has_arrow, names))


def _entrywise(sizes, left: Value, right: Value) -> Value:
    return pointwise(sizes, build.multiply, left, right)


def _quotient(elaborator, expression: Quotient, around: Surroundings) -> Value:
    above = elaborator.value(expression.above, around)
    below = elaborator.value(expression.below, around)
    if not commutes(elaborator, below):
        raise Unreadable(expression.span, "a number below the line", "letters that do not commute")
    if not below.is_number and above.is_number:
        elaborator.oracle.extra += 2
    if not below.is_number and not above.is_number and above.rank != below.rank:
        raise Misfit("a quotient of arrays of different rank", above.sizes, below.sizes)
    return pointwise(elaborator.sizes, build.divide, above, below)


def _phrase(elaborator, expression: Phrase, around: Surroundings) -> Value:
    raise Unreadable(expression.span, "a formula", f"“{expression.text}”" if expression.text else "nothing")


def _dots(elaborator, expression: Dots, around: Surroundings) -> Value:
    raise Unreadable(expression.span, "a formula", "an ellipsis that stands alone")


NOTATION = Notation(
    forms={
        Literal: _literal,
        Bracketed: _bracketed,
        Sum: _sum,
        Product: _product,
        Quotient: _quotient,
        Phrase: _phrase,
        Dots: _dots,
    }
)
