r"""A textbook rule is remembered wrongly: the logarithm of a sum, the square of a sum, the transpose of a product.

Holds: $(a + b)^2 = a^2 + 2ab + b^2$. Does not: $(a + b)^2 = a^2 + b^2$.

Confirmed by making the same slip in the left side: with it, both sides agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.content import bare
from derivcheck.reading.custom import CONSTANTS
from derivcheck.reading.edit import (
    ONE,
    everywhere,
    factors,
    literal,
    product_of,
    put,
    rational,
    reciprocal,
    rescaled,
    signature,
    sum_of,
    terms,
    without_factor,
)
from derivcheck.reading.expression import Binder, Bracketed, Call, Expression, Modulus, Name, Power, Product, Quotient, Sum, Transpose, walk
from derivcheck.repair.row import alike, mapped
from derivcheck.repair.site import Site
from derivcheck.source import NOWHERE

LOGARITHMS = ("log", "ln")
CURVED = (*LOGARITHMS, "sin", "cos", "tan", "exp", "tanh", "sinh", "cosh", r"\sigma", "sigmoid", "sqrt")
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Slip:
    """What a form is wrongly taken for, and what it is (None where it is nothing simpler)."""

    wrong: Expression
    right: Expression | None
    message: str


def propose(bench: Workbench) -> Iterator[Repair]:
    if bench.is_numeric:
        return
    yield from _misremembered(bench)
    for site in bench.sites:
        yield from _other_form(bench, site)
        yield from _joined(bench, site)
        if site.role == "argument" and not bench.differentiates:
            yield from _other_argument(bench, site)


def _misremembered(bench: Workbench) -> Iterator[Repair]:
    for left in bench.said_lefts:
        yield from _misremembered_in(bench, left)


def _misremembered_in(bench: Workbench, left: Expression) -> Iterator[Repair]:
    for part in everywhere(left):
        for slip in slips(part.expression):
            if bench.agrees(bench.step.right, put(left, part.path, slip.wrong)):
                mended = bench.right_with(slip.wrong, slip.right if slip.right is not None else part.expression)
                yield Repair(mended, 0.95, slip.message, bench.focus(bench.step.right), is_sure=True)


# -- rules and what people make of them


def slips(expression: Expression) -> Iterator[Slip]:
    """What a form is known to be taken for."""
    for rule in _RULES:
        yield from rule(expression)


def _logarithm(expression: Expression) -> Iterator[Slip]:
    if not (isinstance(expression, Call) and expression.function.spelling in LOGARITHMS and len(expression.arguments) == 1):
        return
    inside = bare(expression.arguments[0])
    if isinstance(inside, Sum) and len(inside.terms) > 1:
        wrong = sum_of(*((sign, _applied(expression, term)) for sign, term in inside.terms))
        yield Slip(wrong, None, "the logarithm of a sum is not the sum of the logarithms")
    if isinstance(inside, Product):
        logs = [_applied(expression, factor) for factor in inside.factors]
        yield Slip(product_of(*logs), sum_of(*(("+", log) for log in logs)), "the logarithm of a product is the sum of the logarithms")
    if isinstance(inside, Quotient):
        above, below = _applied(expression, inside.above), _applied(expression, inside.below)
        message = "the logarithm of a quotient is the difference of the logarithms"
        yield Slip(Quotient(above, below, NOWHERE), sum_of(("+", above), ("-", below)), message)
    if isinstance(inside, Binder) and inside.operation == "+":
        wrong = replace(inside, body=_applied(expression, inside.body), span=NOWHERE)
        yield Slip(wrong, None, "the logarithm of a sum is not the sum of the logarithms")
    if isinstance(inside, Binder) and inside.operation == "*":
        logs = replace(inside, body=_applied(expression, inside.body), span=NOWHERE)
        total = replace(inside, operation="+", span=NOWHERE)
        for wrong in (logs, replace(expression, arguments=(total,), span=NOWHERE)):
            yield Slip(wrong, replace(logs, operation="+"), "the logarithm of a product is the sum of the logarithms")


def _applied(call: Call, argument: Expression) -> Expression:
    return replace(call, arguments=(bare(argument),), span=NOWHERE)


def _fenced(expression: Expression) -> Expression:
    return Bracketed(expression, "(", NOWHERE) if isinstance(expression, Sum | Product | Quotient) else expression


def _power_of_sum(expression: Expression) -> Iterator[Slip]:
    if not isinstance(expression, Power):
        return
    inside, exponent = bare(expression.body), rational(expression.exponent)
    if not isinstance(inside, Sum) or len(inside.terms) < 2 or exponent in (None, 1):
        return
    wrong = sum_of(*((sign, _raised(term, expression.exponent)) for sign, term in inside.terms))
    plus = sum_of(*(("+", _raised(term, expression.exponent)) for _, term in inside.terms))
    right = None
    names = {Fraction(2): "the square of a sum", HALF: "the root of a sum", Fraction(-1): "the inverse of a sum"}
    message = f"{names.get(exponent, 'a power of a sum')} is not the sum of the {'squares' if exponent == 2 else 'roots' if exponent == HALF else 'powers'}"
    if exponent == 2 and len(inside.terms) == 2:
        (first_sign, first), (second_sign, second) = inside.terms
        mixed = product_of(literal(Fraction(2)), _held(first), _held(second))
        square = [("+", Power(_fenced(term), expression.exponent, NOWHERE)) for term in (first, second)]
        right = sum_of(square[0], ("+" if first_sign == second_sign else "-", mixed), square[1])
    yield Slip(wrong, right, message)
    if signature(plus) != signature(wrong):
        yield Slip(plus, right, message)


def _raised(term: Expression, exponent: Expression) -> Expression:
    """A power of a term; the root of a square is what was squared."""
    if rational(exponent) == HALF and isinstance(term, Power) and rational(term.exponent) == 2:
        return term.body
    return Power(_fenced(term), exponent, NOWHERE)


def _held(expression: Expression) -> Expression:
    return Bracketed(expression, "(", NOWHERE) if isinstance(expression, Sum) else expression


def _power_of_product(expression: Expression) -> Iterator[Slip]:
    if not isinstance(expression, Power):
        return
    inside, exponent = bare(expression.body), rational(expression.exponent)
    if isinstance(inside, Product) and exponent not in (None, 1):
        last = Power(_fenced(inside.factors[-1]), expression.exponent, NOWHERE)
        wrong = product_of(*inside.factors[:-1], last)
        each = [Power(_fenced(factor), expression.exponent, NOWHERE) for factor in inside.factors]
        yield Slip(wrong, product_of(*each), "a power of a product reaches every factor")
        if exponent == -1:
            yield Slip(product_of(*each), product_of(*each[::-1]), "the inverse of a product turns the order round")


def _transpose_of_product(expression: Expression) -> Iterator[Slip]:
    if isinstance(expression, Transpose) and isinstance(bare(expression.body), Product):
        each = [Transpose(_fenced(factor), NOWHERE) for factor in factors(bare(expression.body))]
        yield Slip(product_of(*each), product_of(*each[::-1]), "the transpose of a product turns the order round")


def _exponential(expression: Expression) -> Iterator[Slip]:
    make: Callable[[Expression], Expression]
    if isinstance(expression, Power) and isinstance(expression.body, Name) and expression.body.spelling == "e":
        inside, base = bare(expression.exponent), expression.body
        make = lambda part: Power(base, part, NOWHERE)  # noqa: E731
    elif isinstance(expression, Call) and expression.function.spelling == "exp" and len(expression.arguments) == 1:
        call = expression
        inside = bare(expression.arguments[0])
        make = lambda part: _applied(call, part)  # noqa: E731
    else:
        return
    if isinstance(inside, Sum) and len(inside.terms) > 1:
        parts = [make(sum_of((sign, term))) for sign, term in inside.terms]
        right = product_of(*parts)
        yield Slip(sum_of(*(("+", part) for part in parts)), right, "the exponential of a sum is the product of the exponentials")
        plain = [make(term) for _, term in inside.terms]
        wrong = sum_of(*((sign, part) for (sign, _), part in zip(inside.terms, plain, strict=True)))
        yield Slip(wrong, right, "the exponential of a sum is the product of the exponentials")
    if isinstance(inside, Product):
        yield Slip(product_of(*(make(factor) for factor in inside.factors)), None, "the exponential of a product is not the product of the exponentials")


def _of_a_multiple(expression: Expression) -> Iterator[Slip]:
    """A function taken to be linear."""
    if not isinstance(expression, Call) or len(expression.arguments) != 1 or expression.function.spelling not in CURVED:
        return
    inside, shown = bare(expression.arguments[0]), expression.function.spelling.lstrip("\\")
    if isinstance(inside, Product):
        for place, factor in enumerate(inside.factors):
            wrong = product_of(factor, _applied(expression, without_factor(inside, place)))
            yield Slip(wrong, None, f"a factor inside {shown} cannot be taken out")
    if isinstance(inside, Sum) and len(inside.terms) > 1 and expression.function.spelling not in LOGARITHMS:
        wrong = sum_of(*((sign, _applied(expression, term)) for sign, term in inside.terms))
        yield Slip(wrong, None, f"{shown} of a sum is not the sum of the two")


def _quotient_of_logarithms(expression: Expression) -> Iterator[Slip]:
    if isinstance(expression, Quotient):
        above, below = bare(expression.above), bare(expression.below)
        if all(isinstance(one, Call) and one.function.spelling in LOGARITHMS for one in (above, below)):
            message = "the difference of two logarithms is the logarithm of a quotient, not the quotient of the logarithms"
            yield Slip(sum_of(("+", above), ("-", below)), None, message)
    if isinstance(expression, Power) and isinstance(expression.body, Call) and expression.body.function.spelling in LOGARITHMS:
        message = "the exponent of a logarithm cannot be taken out: that is the rule for the logarithm of a power"
        yield Slip(product_of(expression.exponent, expression.body), None, message)


def _fraction(expression: Expression) -> Iterator[Slip]:
    if isinstance(expression, Quotient) and isinstance(bare(expression.below), Sum) and len(terms(bare(expression.below))) > 1:
        wrong = sum_of(*((sign, Quotient(expression.above, term, NOWHERE)) for sign, term in terms(bare(expression.below))))
        yield Slip(wrong, None, "a fraction cannot be split at a sum below the line")
    if isinstance(expression, Sum) and len(expression.terms) == 2 and all(isinstance(term, Quotient) for _, term in expression.terms):
        (sign, one), (mark, other) = expression.terms
        assert isinstance(one, Quotient) and isinstance(other, Quotient)
        crossed = Quotient(sum_of((sign, one.above), (mark, other.above)), sum_of(("+", one.below), ("+", other.below)), NOWHERE)
        above = sum_of((sign, product_of(_held(one.above), _held(other.below))), (mark, product_of(_held(other.above), _held(one.below))))
        right = Quotient(above, product_of(_held(one.below), _held(other.below)), NOWHERE)
        yield Slip(crossed, right, "fractions are added over a common denominator")


def _modulus(expression: Expression) -> Iterator[Slip]:
    if isinstance(expression, Modulus) and isinstance(bare(expression.body), Sum):
        wrong = sum_of(*(("+", replace(expression, body=term, span=NOWHERE)) for _, term in terms(bare(expression.body))))
        yield Slip(wrong, None, "the norm of a sum is not the sum of the norms")


def _sum_of_products(expression: Expression) -> Iterator[Slip]:
    if isinstance(expression, Binder) and expression.operation == "+" and isinstance(bare(expression.body), Product):
        each = [replace(expression, body=factor, span=NOWHERE) for factor in factors(bare(expression.body))]
        yield Slip(product_of(*(Bracketed(one, "(", NOWHERE) for one in each)), None, "a sum of products is not the product of the sums")


_RULES = (_logarithm, _power_of_sum, _power_of_product, _transpose_of_product, _exponential, _fraction, _modulus, _sum_of_products, _of_a_multiple, _quotient_of_logarithms)


# -- other forms of the right side


def _other_form(bench: Workbench, site: Site) -> Iterator[Repair]:
    expression = site.expression
    if isinstance(expression, Binder) and expression.operation in ("+", "*"):
        new = replace(expression, operation="*" if expression.operation == "+" else "+", span=NOWHERE)
        wanted = "product" if expression.operation == "+" else "sum"
        yield from bench.repair(site, new, 1.55, f"a {wanted} should stand here")
    if isinstance(expression, Call) and expression.function.spelling in LOGARITHMS and len(expression.arguments) == 1:
        inside = bare(expression.arguments[0])
        if isinstance(inside, Sum):
            product = product_of(*(_held(term) for _, term in inside.terms))
            yield from bench.repair(site, _applied(expression, product), 1.25, "a sum of logarithms is the logarithm of a product")
    if site.want is None or site.have is None or site.role in ("index", "function"):
        return
    if site.role in ("whole", "factor", "term", "above", "base", "argument") and bench.constant(site.have) is None and not _is_constant(site.expression):
        yield from _wrapped(bench, site)


def _joined(bench: Workbench, site: Site) -> Iterator[Repair]:
    """What was taken apart and must not be: a sum of squares where the square of a sum belongs, two sums for one."""
    cost = 1.31 if site.want is not None else 1.5
    found = site.expression
    if isinstance(found, Sum) and len(found.terms) == 2 and all(isinstance(term, Power) for _, term in found.terms):
        (_, one), (_, other) = found.terms
        assert isinstance(one, Power) and isinstance(other, Power)
        if signature(one.exponent) == signature(other.exponent):
            for sign in "+-":
                whole = Power(_fenced(sum_of(("+", one.body), (sign, other.body))), one.exponent, NOWHERE)
                yield from bench.repair(site, whole, cost, f"{bench.shown(whole)} should stand here: a power of a sum is not the sum of the powers")
    if isinstance(found, Product):
        for place, (first, second) in enumerate(pairwise(map(bare, found.factors))):
            if isinstance(first, Binder) and isinstance(second, Binder) and first.operation == "+" and _run_alike(first, second):
                one_sum = replace(first, body=product_of(_held(first.body), _held(second.body)), span=NOWHERE)
                new = product_of(*found.factors[:place], one_sum, *found.factors[place + 2 :])
                yield from bench.repair(site, new, cost, "a sum of products is not the product of the sums")


def _run_alike(first: Binder, second: Binder) -> bool:
    return signature(replace(first, body=ONE)) == signature(replace(second, body=ONE))


def _other_argument(bench: Workbench, site: Site) -> Iterator[Repair]:
    """A formula between different functions, with the wrong argument: ``2 sin x cos 2x`` for ``sin 2x``."""
    scale = bench.constant(mapped(lambda want, have: want / have, site.want, site.have))
    if scale is None or abs(scale) == 1 or not isinstance(site.parent, Call) or max(scale.numerator, scale.denominator) > 4:
        return
    if site.parent.function.spelling not in {part.function.spelling for part in walk(bench.step.left) if isinstance(part, Call)}:
        new = rescaled(site.expression, scale)
        yield from bench.repair(site, new, 1.15, f"the argument should be {bench.shown(new)}, not {bench.shown(site.expression)}")


def _is_constant(expression: Expression) -> bool:
    return isinstance(expression, Name) and expression.spelling in CONSTANTS


def _wrapped(bench: Workbench, site: Site) -> Iterator[Repair]:
    """A part where its reciprocal, exponential or logarithm belongs."""
    assert site.want is not None
    upside_down = mapped(lambda value: 1 / value, site.have)
    if upside_down is not None and alike(upside_down, site.want) and not alike(site.have, site.want):  # type: ignore[arg-type]
        yield from bench.repair(site, reciprocal(site.expression), 1.48, f"{bench.shown(site.expression)} is upside down")
    from math import exp, log

    for word, function in (("exp", exp), ("log", log)):
        row = mapped(function, site.have)
        if row is not None and alike(row, site.want):
            new = Power(Name("e", NOWHERE), site.expression, NOWHERE) if word == "exp" else Call(Name("log", NOWHERE), (bare(site.expression),), NOWHERE)
            yield from bench.repair(site, new, 1.6, f"{bench.shown(new)} should stand here, not {bench.shown(site.expression)}")
    squared = mapped(lambda value: value * value, site.have)
    if rational(site.expression) is None and isinstance(bare(site.expression), Quotient):
        return
    if squared is not None and alike(squared, site.want):
        new = Power(_fenced(site.expression), literal(Fraction(2)), NOWHERE)
        yield from bench.repair(site, new, 1.52, f"{bench.shown(site.expression)} should be squared")


def plant(right: Expression) -> Iterator[Expression]:
    for part in everywhere(right):
        for slip in slips(part.expression):
            yield put(right, part.path, _held(slip.wrong) if part.path else slip.wrong)


DIAGNOSIS = Diagnosis("DC106", "wrong-identity", "wrong-identity", propose, plant)
