r"""Brackets are missing or stand too wide: a factor, a minus or a power reaches only the first part of what it should reach, or too much.

Holds: $2 (x + 3) = 2x + 6$. Does not: $2 (x + 3) = 2x + 3$.

Confirmed by moving one bracket at a time and deciding the step again.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.edit import (
    bare,
    coefficient,
    everywhere,
    factors,
    literal,
    negated,
    product_of,
    put,
    rational,
    rescaled,
    sum_of,
    terms,
)
from derivcheck.reading.expression import Bracketed, Expression, Power, Product, Quotient, Sum
from derivcheck.repair.site import Site
from derivcheck.source import NOWHERE

_TURNED = {"+": "-", "-": "+"}


def propose(bench: Workbench) -> Iterator[Repair]:
    yield from _half_opened(bench)
    for site in bench.sites:
        match site.expression:
            case Sum():
                yield from _wider(bench, site, site.expression)
                yield from _minus(bench, site, site.expression)
            case Product():
                yield from _narrower(bench, site, site.expression)
                yield from _power(bench, site, site.expression)
            case Quotient():
                yield from _fraction(bench, site, site.expression)


def _half_opened(bench: Workbench) -> Iterator[Repair]:
    """A bracket of the left side that was opened for its first term only."""
    for left in bench.said_lefts:
        yield from _half_opened_in(bench, left)


def _half_opened_in(bench: Workbench, left: Expression) -> Iterator[Repair]:
    for part in everywhere(left):
        for wrong, right, message in _openings(bench, part.expression):
            if bench.agrees(bench.step.right, put(left, part.path, wrong)):
                mended = bench.right_with(wrong, right)
                yield Repair(mended, 0.96, message, bench.focus(bench.step.right), is_sure=True)


def _openings(bench: Workbench, expression: Expression) -> Iterator[tuple[Expression, Expression, str]]:
    """How a bracket is opened wrongly and rightly, and what is said of it."""
    if isinstance(expression, Product) and isinstance(expression.factors[-1], Bracketed):
        inside, factor = bare(expression.factors[-1]), product_of(*expression.factors[:-1])
        if isinstance(inside, Sum) and len(inside.terms) > 1:
            every = [(mark, scaled_by(factor, term)) for mark, term in inside.terms]
            for missed, reached in _partly(factor):
                shown = f"the factor {bench.shown(missed)} should reach every term in {bench.shown(inside)}"
                less = [(mark, scaled_by(reached, term) if reached is not None else term) for mark, term in inside.terms]
                for place in range(len(every)):
                    yield fenced(sum_of(*less[:place], every[place], *less[place + 1 :])), sum_of(*every), shown
    if isinstance(expression, Quotient) and len(terms(bare(expression.above))) > 1:
        above, shown = terms(bare(expression.above)), bench.shown(expression.below)
        every = [(mark, Quotient(term, expression.below, NOWHERE)) for mark, term in above]
        for place in range(len(every)):
            wrong = sum_of(*above[:place], every[place], *above[place + 1 :])
            yield wrong, sum_of(*every), f"every term above the fraction line should be divided by {shown}"
    if isinstance(expression, Sum):
        for place, (sign, term) in enumerate(expression.terms):
            inside = bare(term)
            if sign == "-" and isinstance(term, Bracketed) and isinstance(inside, Sum) and len(inside.terms) > 1:
                before, behind = expression.terms[:place], expression.terms[place + 1 :]
                turned = [(_TURNED.get(mark, mark), inner) for mark, inner in inside.terms]
                wrong = sum_of(*before, turned[0], *inside.terms[1:], *behind)
                yield wrong, sum_of(*before, *turned, *behind), f"the minus should reach every term in {bench.shown(inside)}"


def _partly(factor: Expression) -> Iterator[tuple[Expression, Expression | None]]:
    """What of a factor is left behind at some terms, and what reaches them: nothing, its sign, all but its number."""
    yield factor, None
    number, rest = coefficient(factor), _unnumbered(factor)
    if number < 0 and rest is None:
        yield literal(-number), literal(Fraction(-1))
    if abs(number) != 1 and rest is not None:
        yield literal(abs(number)), rest if number > 0 else negated(rest)


def _unnumbered(factor: Expression) -> Expression | None:
    """The factors that are no numbers."""
    (_, only), *more = terms(factor)
    rest = [one for one in factors(factor if more else only) if rational(one) is None]
    return product_of(*rest) if rest else None


def scaled_by(factor: Expression, term: Expression) -> Expression:
    """A factor times a term, numbers multiplied."""
    number = rational(factor)
    return rescaled(term, number) if number is not None else product_of(factor, term)


def fenced(expression: Expression) -> Expression:
    return Bracketed(expression, "(", NOWHERE)


def _wider(bench: Workbench, site: Site, expression: Sum) -> Iterator[Repair]:
    """``a x + b`` for ``a (x + b)``: the last factors of a term together with the terms behind it."""
    for place, (sign, term) in enumerate(expression.terms[:-1]):
        if not isinstance(term, Product):
            continue
        behind = expression.terms[place + 1 :]
        for cut in range(1, len(term.factors)):
            inner = terms(bare(product_of(*term.factors[cut:])))
            for reach in range(1, len(behind) + 1):
                moved = behind[:reach]
                wide = product_of(*term.factors[:cut], fenced(sum_of(*inner, *moved)))
                new = sum_of(*expression.terms[:place], (sign, wide), *behind[reach:])
                message = f"the factor {bench.shown(product_of(*term.factors[:cut]))} should reach {bench.shown(moved[-1][1])} as well"
                yield from bench.repair(site, new, 1.4 + 0.02 * reach, message)


def _minus(bench: Workbench, site: Site, expression: Sum) -> Iterator[Repair]:
    """``a - b + c`` for ``a - (b + c)``."""
    for place, (sign, _) in enumerate(expression.terms[:-1]):
        if sign == "-":
            behind = expression.terms[place + 1 :]
            turned = tuple((_TURNED.get(mark, mark), term) for mark, term in behind)
            if len(behind) > 1 or place == 0:
                message = f"the minus should reach {bench.shown(sum_of(*behind))} as well"
                yield from bench.repair(site, sum_of(*expression.terms[: place + 1], *turned), 1.22 if len(behind) > 1 else 1.38, message)


def _narrower(bench: Workbench, site: Site, expression: Product) -> Iterator[Repair]:
    """``a (x + b)`` for ``a x + b``."""
    last = bare(expression.factors[-1])
    if isinstance(expression.factors[-1], Bracketed) and isinstance(last, Sum) and len(last.terms) > 1:
        for cut in range(1, len(last.terms)):
            near = sum_of(*last.terms[:cut])
            first = product_of(*expression.factors[:-1], fenced(near) if cut > 1 else near)
            new = fenced(sum_of(("+", first), *last.terms[cut:])) if site.role == "factor" else sum_of(("+", first), *last.terms[cut:])
            message = f"the factor {bench.shown(product_of(*expression.factors[:-1]))} should not reach {bench.shown(last.terms[cut][1])}"
            yield from bench.repair(site, new, 1.32, message)


def _power(bench: Workbench, site: Site, expression: Product) -> Iterator[Repair]:
    """``a b^2`` for ``(a b)^2``."""
    last = expression.factors[-1]
    if isinstance(last, Power):
        new = Power(fenced(product_of(*expression.factors[:-1], last.body)), last.exponent, NOWHERE)
        message = f"the power should reach {bench.shown(product_of(*expression.factors[:-1]))} as well"
        yield from bench.repair(site, new, 1.6, message)


def _fraction(bench: Workbench, site: Site, expression: Quotient) -> Iterator[Repair]:
    """``(a + b) / c`` for ``a + b / c``, and the other way round."""
    above = terms(bare(expression.above))
    if len(above) > 1:
        for cut in range(1, len(above)):
            tail = Quotient(sum_of(*above[cut:]) if above[cut][0] == "+" else sum_of(("+", above[cut][1]), *above[cut + 1 :]), expression.below, NOWHERE)
            new = sum_of(*above[:cut], (above[cut][0], tail))
            yield from bench.repair(site, new, 1.65, f"only {bench.shown(above[cut][1])} should be divided by {bench.shown(expression.below)}")


def plant(right: Expression) -> Iterator[Expression]:
    for part in everywhere(right):
        expression = part.expression
        if isinstance(expression, Product):
            last = bare(expression.factors[-1])
            if isinstance(expression.factors[-1], Bracketed) and isinstance(last, Sum) and len(last.terms) > 1 and not part.path:
                first = product_of(*expression.factors[:-1], sum_of(("+", last.terms[0][1])))
                yield put(right, part.path, sum_of(("+", first), *last.terms[1:]))


DIAGNOSIS = Diagnosis("DC105", "bracket", "bracket", propose, plant)
