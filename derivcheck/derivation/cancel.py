"""Derivatives that stand as factors on both sides of a chain: what is left of a claim when they are cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derivcheck.elaboration.same import same
from derivcheck.reading.content import quantity
from derivcheck.reading.expression import Binder, Bracketed, Choice, Differential, Expression, Name, Product, Quotient, Sum

Sides = tuple[Expression, Expression]


def cancelled(left: Expression, right: Expression, sampled: Iterable[str]) -> Sides | None:
    """A product of derivatives and the other side without the factors that both have; None where nothing is left or taken away.

    A sum over samples that the derivatives leave unsaid goes as well: what is left is compared sample by sample. ``sampled`` are the names
    that have samples.
    """
    if not isinstance(left, Product) or any(left.signs[place] not in ("", r"\cdot", r"\times", "*") for place in range(len(left.signs))):
        return None
    rest, kept = right, list(left.factors)
    for factor in reversed(left.factors):
        without = _without(rest, factor) if isinstance(factor, Differential) and len(kept) > 1 else None
        if without is not None:
            rest = without
            kept.remove(factor)
    if len(kept) == len(left.factors) or len(kept) != 1:
        return None
    letter, summand = _summand(rest)
    slope = kept[0]
    if letter is None:
        return slope, rest
    if not isinstance(slope, Differential) or len(slope.by) != 1:
        return None
    by = quantity(slope.by[0])
    names = {by.spelling, rf"\hat{{{by.spelling}}}"} if isinstance(by, Name) else set()
    if not isinstance(by, Name) or by.samples or not names & set(sampled):
        return None
    return replace(slope, by=(replace(by, samples=(letter,)),)), summand


def _without(expression: Expression, factor: Expression) -> Expression | None:
    """An expression divided by one of its factors; None where it does not have it."""
    match expression:
        case Choice():
            return _without(expression.options[0][0], factor)
        case Bracketed():
            inner = _without(expression.body, factor)
            return replace(expression, body=inner) if inner is not None else None
        case Binder() if expression.operation == "+":
            inner = _without(expression.body, factor)
            return replace(expression, body=inner) if inner is not None else None
        case Quotient():
            above = _without(expression.above, factor)
            return replace(expression, above=above) if above is not None else None
        case Sum() if len(expression.terms) == 1:
            sign, term = expression.terms[0]
            inner = _without(term, factor)
            return replace(expression, terms=((sign, inner),)) if inner is not None else None
        case Product():
            return _without_in_product(expression, factor)
    return None


def _without_in_product(product: Product, factor: Expression) -> Expression | None:
    for place in range(len(product.factors) - 1, -1, -1):
        if same(product.factors[place], factor):
            others = product.factors[:place] + product.factors[place + 1 :]
            signs = product.signs[: max(place - 1, 0)] + product.signs[max(place, 1) :]
            return others[0] if len(others) == 1 else replace(product, factors=others, signs=signs)
        inner = _without(product.factors[place], factor)
        if inner is not None:
            return replace(product, factors=product.factors[:place] + (inner,) + product.factors[place + 1 :])
    return None


def _summand(expression: Expression) -> tuple[Expression | None, Expression]:
    """The letter of the one sum among the factors of an expression, and the expression without the sum sign."""
    match expression:
        case Choice():
            return _summand(expression.options[0][0])
        case Binder() if expression.operation == "+" and len(expression.variables) == 1:
            body = expression.body.options[0][0] if isinstance(expression.body, Choice) else expression.body
            return expression.variables[0], Bracketed(body, "(", expression.span)
        case Sum() if len(expression.terms) == 1:
            letter, body = _summand(expression.terms[0][1])
            return letter, replace(expression, terms=((expression.terms[0][0], body),))
        case Product():
            for place, factor in enumerate(expression.factors):
                letter, body = _summand(factor)
                if letter is not None:
                    return letter, replace(expression, factors=expression.factors[:place] + (body,) + expression.factors[place + 1 :])
    return None, expression
