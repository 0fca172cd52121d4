r"""A derivative is that of another function: a power not lowered, sine for cosine, a product or quotient rule that is none.

Holds: $\frac{d}{dx} x^3 = 3 x^2$. Does not: $\frac{d}{dx} x^3 = 3 x^3$.

Confirmed by differentiating the left side by rule; the fix is that derivative where no smaller change mends the step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import atanh, log

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.edit import (
    ONE,
    bare,
    everywhere,
    factors,
    literal,
    negated,
    product_of,
    put,
    rational,
    signature,
    sum_of,
    terms,
    weight,
)
from derivcheck.reading.expression import Bracketed, Call, Differential, Expression, Gradient, Name, Power, Product, Quotient, Sum, walk
from derivcheck.repair.restated import restated_value
from derivcheck.repair.row import alike, constant, mapped
from derivcheck.repair.site import Site
from derivcheck.source import NOWHERE
from derivcheck.term.term import Number
from derivcheck.term.value import Value

MAX_WEIGHT = 24
TWO = literal(Fraction(2))


def propose(bench: Workbench) -> Iterator[Repair]:
    if not bench.differentiates:
        return
    for site in bench.sites:
        if isinstance(site.expression, Call) and len(site.expression.arguments) == 1:
            yield from _partners(bench, site, site.expression)
        if site.role in ("term", "whole"):
            yield from _undifferentiated(bench, site)
        if site.want is not None and site.have is not None:
            yield from _of_its_own_kind(bench, site)
            if site.role == "whole" and bench.deep:
                yield from _of_another(bench, site)
            yield from _taken_elsewhere(bench, site)
        if site.role == "exponent" and _varies(bench, site.parent):
            yield from _lowered(bench, site)
    if bench.deep:
        yield from _other_rule(bench)
        yield from _by_rule(bench)
    if not bench.is_worked_out:
        yield Repair(None, 5.0, _other(bench.step.left, bench), bench.focus(bench.step.right), is_suspected=True)


def _other(left: Expression, bench: Workbench) -> str:
    """What is said of a derivative that nothing near it mends."""
    match left:
        case Differential(body=body, by=(by,)):
            return f"this is not the derivative of {bench.shown(body)} by {bench.shown(by)}"
        case Gradient(body=body, order=order):
            return f"this is not the {'Hessian' if order == 2 else 'gradient'} of {bench.shown(body)}"
    return f"this is not what {bench.shown(left)} comes to"


def _word(call: Call, word: str) -> Expression:
    return Call(Name(word, NOWHERE), call.arguments, NOWHERE, call.below)


def _squared(expression: Expression) -> Expression:
    return Power(expression, TWO, NOWHERE)


def _fenced(expression: Expression) -> Expression:
    return Bracketed(expression, "(", NOWHERE)


PARTNERS: dict[str, tuple[Callable[[Call], Expression], ...]] = {
    "sin": (lambda call: _word(call, "cos"),),
    "cos": (lambda call: _word(call, "sin"), lambda call: negated(_word(call, "sin"))),
    "tan": (lambda call: Quotient(ONE, _squared(_word(call, "cos")), NOWHERE),),
    "log": (lambda call: Quotient(ONE, call.arguments[0], NOWHERE),),
    "ln": (lambda call: Quotient(ONE, call.arguments[0], NOWHERE),),
    "tanh": (lambda call: sum_of(("+", ONE), ("-", _squared(call))),),
    "sinh": (lambda call: _word(call, "cosh"),),
    "cosh": (lambda call: _word(call, "sinh"),),
    r"\sigma": (lambda call: product_of(call, _fenced(sum_of(("+", ONE), ("-", call)))),),
    "sigmoid": (lambda call: product_of(call, _fenced(sum_of(("+", ONE), ("-", call)))),),
}


# Derivatives that are told by the value of the function itself.
OWN: tuple[tuple[Callable[[float], float], str, Callable[[Expression], Expression]], ...] = (
    (lambda value: value * (1 - value), "the sigmoid", lambda one: product_of(one, _fenced(sum_of(("+", ONE), ("-", one))))),
    (lambda value: 1 - value * value, "tanh", lambda one: sum_of(("+", ONE), ("-", _squared(one)))),
    (lambda value: 1 + value * value, "tan", lambda one: sum_of(("+", ONE), ("+", _squared(one)))),
    (lambda value: value, "exp", lambda one: one),
)


def _partners(bench: Workbench, site: Site, call: Call) -> Iterator[Repair]:
    for make in PARTNERS.get(call.function.spelling, ()):
        new = make(call)
        shown = _fenced(new) if isinstance(new, Sum) and site.role == "factor" else new
        yield from bench.repair(site, shown, 1.13 if site.want is not None else 1.6, f"{bench.shown(new)} should stand here, not {bench.shown(call)}")


def _other_rule(bench: Workbench) -> Iterator[Repair]:
    """A product, a quotient or an exponential that was differentiated by a rule that is none."""
    left = bench.step.left
    if bench.right_row is None or not bench.variables:
        return
    by = bench.variables[0]
    for body in (*((left.body,) if isinstance(left, Differential) else ()), *bench.step.nearby[:2]):
        for wrong, message in _misruled(bench, bare(body), by):
            row = bench.row(wrong)
            if row is not None and alike(row, bench.right_row):
                yield Repair(_slope_by_rule(bench), 0.97, message, bench.focus(bench.step.right), is_sure=True)


def _misruled(bench: Workbench, body: Expression, by: Expression) -> Iterator[tuple[Expression, str]]:
    slope = lambda part: Differential(part, (by,), False, NOWHERE)  # noqa: E731
    if isinstance(body, Product):
        for cut in range(1, len(body.factors)):
            slopes = [slope(product_of(*part)) for part in (body.factors[:cut], body.factors[cut:])]
            # A factor that does not vary is set before the derivative, not differentiated.
            if all(constant(bench.row(one)) not in (0, 1) for one in slopes):
                yield product_of(*slopes), "the derivative of a product is not the product of the derivatives"
    if isinstance(body, Quotient):
        yield Quotient(slope(body.above), slope(body.below), NOWHERE), "the derivative of a quotient is not the quotient of the derivatives"
        first, second = product_of(slope(body.above), body.below), product_of(body.above, slope(body.below))
        yield Quotient(sum_of(("+", first), ("-", second)), body.below, NOWHERE), "the quotient rule divides by the square of what stands below"
    if isinstance(body, Power) and constant(bench.row(slope(body.exponent))) != 0:
        lowered = Power(body.body, sum_of(*terms(body.exponent), ("-", ONE)), NOWHERE)
        for extra in (ONE, slope(body.exponent)):
            yield product_of(body.exponent, extra, lowered), "the rule for powers does not hold where the variable stands in the exponent"


def _slope_by_rule(bench: Workbench) -> Expression | None:
    """The derivative of the left side, where it can be written down."""
    relating = bench.step.relating
    made = restated_value(relating.left) if relating is not None else None
    return made if made is not None and weight(made) <= MAX_WEIGHT else None


def _undifferentiated(bench: Workbench, site: Site) -> Iterator[Repair]:
    """A term that was copied instead of differentiated."""
    for by in bench.variables[:2]:
        slope = Differential(site.expression, (by,), False, NOWHERE)
        row = bench.row(slope) if site.want is not None else None
        if row is not None and alike(row, site.want):  # type: ignore[arg-type]
            value = bench.step.reread.value(slope)
            new = restated_value(value) if value is not None else None
            if new is not None and rational(new) != 0 and weight(new) <= MAX_WEIGHT:
                message = f"{bench.shown(site.expression)} still has to be differentiated: that gives {bench.shown(new)}"
                yield from bench.repair(site, new, 1.07, message)
    *before, last = factors(site.expression)
    by_nothing = any(isinstance(part, Gradient) and part.by is None for part in walk(bench.step.left))
    if site.role == "term" and (by_nothing or signature(last) in {signature(by) for by in bench.variables}) and bench.rank(last) == 1:
        new = product_of(*before, Name("I", NOWHERE))
        message = f"{bench.shown(site.expression)} still has to be differentiated: that gives {bench.shown(new)}"
        yield from bench.repair(site, new, 1.5, message)


def _of_its_own_kind(bench: Workbench, site: Site) -> Iterator[Repair]:
    """The derivative of a function that is told by its own value, where the value itself stands."""
    for inner, slope, new in (
        (lambda value: log(value / (1 - value)), lambda value: value * (1 - value), lambda one: product_of(one, _fenced(sum_of(("+", ONE), ("-", one))))),
        (atanh, lambda value: 1 - value * value, lambda one: _fenced(sum_of(("+", ONE), ("-", _squared(one))))),
    ):
        if bench.has_inside(mapped(inner, site.have)) and alike(mapped(slope, site.have) or (), site.want or ()):
            made = new(site.expression)
            yield from bench.repair(site, made, 1.09, f"the derivative of {bench.shown(site.expression)} is {bench.shown(made)}")


def _of_another(bench: Workbench, site: Site) -> Iterator[Repair]:
    """The derivative of one function that is told by its own value, where that of another belongs: ``1 - s^2`` for a sigmoid s."""
    for material in bench.materials if not isinstance(site.expression, Name) else ():
        rows = [mapped(rule, material.row) for rule, _, _ in OWN]
        for (_, function, _), mine in zip(OWN, rows, strict=True):
            if mine is None or not alike(mine, site.have):  # type: ignore[arg-type]
                continue
            for (_, _, make), other in zip(OWN, rows, strict=True):
                if other is not None and other is not mine and alike(other, site.want):  # type: ignore[arg-type]
                    new, shown = make(material.expression), bench.shown(material.expression)
                    message = f"{bench.shown(site.expression)} is the derivative of {function}: that of {shown} is {bench.shown(new)}"
                    yield from bench.repair(site, new, 1.05, message)


def _taken_elsewhere(bench: Workbench, site: Site) -> Iterator[Repair]:
    """The derivative of a function taken at the variable, not at what stands inside the function."""
    if site.path and signature(site.expression) in {signature(by) for by in bench.variables}:
        calls = (part for root in (bench.step.left, *bench.step.nearby) for part in walk(root) if isinstance(part, Call) and len(part.arguments) == 1)
        for inside in {signature(call.arguments[0]): bare(call.arguments[0]) for call in calls}.values():
            row = bench.row(inside) if signature(inside) != signature(site.expression) else None
            if row is not None and alike(row, site.want):  # type: ignore[arg-type]
                message = f"the outer derivative is taken at {bench.shown(inside)}, not at {bench.shown(site.expression)}"
                yield from bench.repair(site, inside, 1.05, message)


def _varies(bench: Workbench, power: Expression | None) -> bool:
    """Whether the base of a power depends on what the step differentiates by, as far as can be told."""
    assert isinstance(power, Power)
    slopes = [bench.step.reread.value(Differential(power.body, (by,), False, NOWHERE)) for by in bench.variables[:2]]
    return not slopes or any(slope is None or not is_zero(slope) for slope in slopes)


def is_zero(value: Value) -> bool:
    return isinstance(value.body, Number) and value.body.value == 0


def _lowered(bench: Workbench, site: Site) -> Iterator[Repair]:
    """A power that was not lowered by one, or lowered by another number."""
    assert isinstance(site.parent, Power)
    number = rational(site.expression)
    if number is not None:
        wanted = bench.constant(site.want)
        steps = [wanted] if wanted is not None and wanted.denominator <= 4 else [number - 1, number + 1] if site.want is None else []
        candidates = [literal(step) for step in steps if step != number]
    else:
        candidates = [_shifted(site.expression, step) for step in (-1, 1, -2, 2)]
    for new in candidates:
        message = f"the exponent of {bench.shown(site.parent.body)} should be {bench.shown(new)}, not {bench.shown(site.expression)}"
        yield from bench.repair(site, new, 1.06 if site.want is not None else 1.52, message)


def _shifted(expression: Expression, step: int) -> Expression:
    """An exponent with a whole number added to the one that stands in it."""
    number, rest = Fraction(step), []
    for sign, term in terms(expression):
        value = rational(term)
        if value is None:
            rest.append((sign, term))
        else:
            number += value if sign == "+" else -value
    if not number:
        return sum_of(*rest)
    return sum_of(*rest, ("+" if number > 0 else "-", literal(abs(number))))


def _by_rule(bench: Workbench) -> Iterator[Repair]:
    """The derivative itself, where it is short."""
    relating = bench.step.relating
    if relating is None or not isinstance(bench.step.left, Differential | Call | Name):
        return
    made = restated_value(relating.left)
    is_told = made is not None and not any(isinstance(part, Name) and part.primes for part in walk(made))
    if made is not None and is_told and weight(made) <= MAX_WEIGHT:
        yield Repair(made, 3.0, f"the derivative is {bench.shown(made)}", bench.focus(bench.step.right))


def plant(right: Expression) -> Iterator[Expression]:
    for part in everywhere(right):
        expression = part.expression
        if isinstance(expression, Call) and expression.function.spelling in ("sin", "cos"):
            yield put(right, part.path, _word(expression, "cos" if expression.function.spelling == "sin" else "sin"))
        if isinstance(expression, Product) and len(expression.factors) == 2:
            first, second = map(bare, expression.factors)
            if isinstance(second, Sum) and signature(second) == signature(sum_of(("+", ONE), ("-", first))):
                yield put(right, part.path, first)


DIAGNOSIS = Diagnosis("DC201", "wrong-derivative", "wrong-derivative", propose, plant)
