"""Which parts of a formula the parts of a numeric expression stand for, where numbers were put into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from derivcheck.derivation.instance import put_in, rebuilt
from derivcheck.derivation.recursion import shifted, value_of
from derivcheck.elaboration.head import Head
from derivcheck.elaboration.same import same
from derivcheck.reading.content import bare, names_of, number
from derivcheck.reading.expression import Call, Expression, Literal, Name, Power, Product, Quotient, Sum

Pair = tuple[Expression, Expression]


def at_numbers(head: Head, right: Expression, use: Head) -> Expression | None:
    """What a definition of a family says of the member that a use names by numbers; None where the places of the two do not correspond."""
    formal, actual = (*head.indices, *head.samples), (*use.indices, *use.samples)
    if len(head.indices) != len(use.indices) or len(head.samples) != len(use.samples):
        return right if not formal else None
    for place, count in zip(formal, actual, strict=True):
        found = shifted(place)
        if found is None or number(count) is None:
            if not same(place, count):
                return None
            continue
        letter, shift = found
        right = put_in(right, letter, Literal((number(count) or Fraction(0)) - shift, count.span))
    return _counted(right)


def _counted(expression: Expression) -> Expression:
    """An expression with numbers for the indices that can be worked out: ``P_{1-1}`` is ``P_0``."""
    made = rebuilt(expression, _counted)
    if not isinstance(made, Name) or not (made.indices or made.samples):
        return made
    return replace(made, indices=tuple(map(_worked_out, made.indices)), samples=tuple(map(_worked_out, made.samples)))


def _worked_out(index: Expression) -> Expression:
    value = value_of(index, {}) if not names_of(index) else None
    return index if value is None else Literal(value, index.span)


def pairs(formula: Expression, numeric: Expression) -> tuple[Pair, ...]:
    """The parts of a formula with the numbers that stand in their places, part by part as far as the two are built alike; none where they are not."""
    found = _aligned(formula, numeric)
    return () if len(found) == 1 and found[0][0] is bare(formula) else found


def _aligned(formula: Expression, numeric: Expression) -> tuple[Pair, ...]:
    mine, its = bare(formula), bare(numeric)
    if same(mine, its):
        return ()
    parts = _parts(mine, its)
    if parts is None:
        return ((mine, its),)
    return tuple(pair for one, other in zip(*parts, strict=True) for pair in _aligned(one, other))


def _parts(mine: Expression, its: Expression) -> tuple[Sequence[Expression], Sequence[Expression]] | None:
    """The parts of two expressions that are built alike, in order; None where they are not."""
    match mine, its:
        case Call(function=Name(spelling="floor" | "ceiling")), _ if not isinstance(its, Call):
            # The number may be whole already.
            return mine.arguments, (its,)
        case Sum(), Sum() if len(mine.terms) == len(its.terms) and all(sign in ("+", "-") for sign, _ in (*mine.terms, *its.terms)):
            # A number may bring its own sign.
            signs = [first == second for (first, _), (second, _) in zip(mine.terms, its.terms, strict=True)]
            return [term for _, term in mine.terms], [term if alike else Sum((("-", term),), term.span) for alike, (_, term) in zip(signs, its.terms, strict=True)]
        case Product(), Product() if len(mine.factors) == len(its.factors):
            return mine.factors, its.factors
        case Quotient(), Quotient():
            return (mine.above, mine.below), (its.above, its.below)
        case Power(), Power():
            return (mine.body, mine.exponent), (its.body, its.exponent)
        case Call(), Call() if same(mine.function, its.function) and len(mine.arguments) == len(its.arguments) and mine.below is its.below is None:
            return mine.arguments, its.arguments
    return None
