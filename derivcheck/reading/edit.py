"""Expressions with a part replaced, and the small changes that people would make to them by hand.

What is made here stands nowhere: its span is NOWHERE, or that of the expression that it is a changed copy of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction

from derivcheck.reading.content import bare
from derivcheck.reading.expression import (
    KINDS,
    SLOTS,
    Binder,
    Bracketed,
    Choice,
    Expression,
    Literal,
    Name,
    Power,
    Product,
    Quotient,
    Sum,
    Transpose,
    children,
    is_plain,
)
from derivcheck.source import NOWHERE, Span

Path = tuple[tuple[str, int, int], ...]

ONE = Literal(Fraction(1), NOWHERE)
# The slots of each kind that tell what is written; where it stands, and in what type, does not count.
_WRITTEN = {kind: tuple(one.name for one in fields(kind) if one.name not in ("bold", "decimals") and one.type != "Span") for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Part:
    """An expression inside another one, and the way to it: slot, place in a tuple, place in a tuple there (-1: none)."""

    path: Path
    expression: Expression


def parts(expression: Expression) -> Iterator[tuple[tuple[str, int, int], Expression]]:
    """The expressions directly inside, each with the step that leads to it."""
    for slot in SLOTS[type(expression)]:
        value = getattr(expression, slot)
        if type(value) in KINDS:
            yield (slot, -1, -1), value
        elif isinstance(value, tuple):
            for first, item in enumerate(value):
                if type(item) in KINDS:
                    yield (slot, first, -1), item
                elif isinstance(item, tuple):
                    yield from (((slot, first, second), inner) for second, inner in enumerate(item) if type(inner) in KINDS)


def everywhere(expression: Expression, path: Path = ()) -> Iterator[Part]:
    """Every expression inside, the expression itself first."""
    yield Part(path, expression)
    for step, inner in parts(expression):
        yield from everywhere(inner, (*path, step))


def put(expression: Expression, path: Path, new: Expression) -> Expression:
    """The expression with another one in a place."""
    if not path:
        return new
    (slot, first, second), rest = path[0], path[1:]
    value = getattr(expression, slot)
    if first < 0:
        return replace(expression, **{slot: put(value, rest, new)})
    item = value[first]
    changed = put(item, rest, new) if second < 0 else (*item[:second], put(item[second], rest, new), *item[second + 1 :])
    return replace(expression, **{slot: (*value[:first], changed, *value[first + 1 :])})


def settled(expression: Expression, answers: Mapping[tuple[Span, str], int]) -> Expression:
    """The expression with every doubt answered, by the first option where there is no answer."""
    if isinstance(expression, Choice):
        place = min(answers.get((expression.span, expression.about), 0), len(expression.options) - 1)
        return settled(expression.options[place][0], answers)
    made = expression
    for step, inner in parts(expression):
        new = settled(inner, answers)
        if new is not inner:
            made = put(made, (step,), new)
    return made


def signature(expression: Expression) -> tuple:
    """The same for expressions that are written the same, wherever they stand; brackets around a whole do not count."""
    kind = type(expression := bare(expression))
    return kind.__name__, *[_signed(getattr(expression, slot)) for slot in _WRITTEN[kind]]


def _signed(value: object) -> object:
    if type(value) in KINDS:
        return signature(value)
    return tuple(map(_signed, value)) if isinstance(value, tuple) else value


def weight(expression: Expression) -> int:
    """How many expressions stand in it."""
    return 1 + sum(weight(inner) for inner in children(expression))


# -- numbers


def literal(value: Fraction, decimals: int = 0) -> Expression:
    """A number as it is written: whole, as a fraction, or with so many decimals."""
    if value < 0:
        return negated(literal(-value, decimals))
    if value.denominator == 1 or decimals:
        return Literal(value, NOWHERE, decimals)
    return Quotient(Literal(Fraction(value.numerator), NOWHERE), Literal(Fraction(value.denominator), NOWHERE), NOWHERE)


def rational(expression: Expression) -> Fraction | None:
    """The value of a number, or of a fraction of two; None of anything else."""
    expression = bare(expression)
    match expression:
        case Literal():
            return Fraction(expression.value)
        case Quotient():
            above, below = rational(expression.above), rational(expression.below)
            return above / below if above is not None and below else None
        case Sum(terms=((sign, term),)):
            value = rational(term)
            return None if value is None else -value if sign == "-" else value
    return None


# -- sums


def terms(expression: Expression) -> tuple[tuple[str, Expression], ...]:
    """The terms of a sum; of anything else itself."""
    return expression.terms if isinstance(expression, Sum) else (("+", expression),)


def sum_of(*signed: tuple[str, Expression]) -> Expression:
    """Terms with their signs as one expression."""
    if not signed:
        return Literal(Fraction(0), NOWHERE)
    if len(signed) == 1 and signed[0][0] == "+":
        return signed[0][1]
    return Sum(tuple(signed), NOWHERE)


def negated(expression: Expression) -> Expression:
    """The expression with the other sign; a minus before the whole falls away."""
    found = terms(expression)
    if len(found) == 1:
        sign, term = found[0]
        return term if sign == "-" else Sum((("-", term),), NOWHERE)
    return Sum((("-", Bracketed(expression, "(", NOWHERE)),), NOWHERE)


_TURNED = {"+": "-", "-": "+"}


def turned(expression: Sum, place: int) -> Expression:
    """A sum with the sign of one term turned."""
    changed = tuple((_TURNED.get(sign, sign), term) if k == place else (sign, term) for k, (sign, term) in enumerate(expression.terms))
    if len(changed) == 1 and changed[0][0] == "+":
        return changed[0][1]
    return replace(expression, terms=changed, span=NOWHERE)


def without_term(expression: Sum, place: int) -> Expression:
    return sum_of(*(term for k, term in enumerate(expression.terms) if k != place))


# -- products


def factors(expression: Expression) -> tuple[Expression, ...]:
    """The factors of a product; of anything else itself."""
    return expression.factors if isinstance(expression, Product) else (expression,)


def product_of(*parts: Expression) -> Expression:
    """Factors side by side; those that are products themselves are written flat, numbers first, a factor 1 not at all."""
    flat = [factor for part in parts for factor in factors(part) if rational(factor) != 1]
    if not flat:
        return ONE
    if len(flat) == 1:
        return flat[0]
    return Product(tuple(flat), ("",) * (len(flat) - 1), NOWHERE)


def without_factor(expression: Product, place: int) -> Expression:
    left = tuple(factor for k, factor in enumerate(expression.factors) if k != place)
    signs = [sign for k, sign in enumerate(expression.signs) if k != max(place - 1, 0)]
    return left[0] if len(left) == 1 else Product(left, tuple(signs), NOWHERE)


def times(expression: Expression, factor: Expression) -> Expression:
    """The expression with a further factor, written where people write it: into a numerator, before what is long."""
    inner, number = expression, rational(factor)
    if number is not None:
        return rescaled(expression, number)
    if isinstance(factor, Name) and signature(inner) == signature(factor):
        return Power(factor, literal(Fraction(2)), NOWHERE)
    if isinstance(factor, Sum) and len(factor.terms) == 1:
        return negated(times(expression, factor.terms[0][1])) if factor.terms[0][0] == "-" else times(expression, factor.terms[0][1])
    if isinstance(inner, Sum) and len(inner.terms) == 1:
        sign, term = inner.terms[0]
        return sum_of((sign, times(term, factor)))
    if isinstance(inner, Quotient) and rational(inner) is None:
        return Quotient(times(inner.above, factor), inner.below, NOWHERE)
    numbers = [part for part in factors(inner) if rational(part) is not None]
    others = [part for part in factors(inner) if rational(part) is None]
    leads = weight(factor) < sum(map(weight, others))
    if isinstance(inner, Product) and not leads:
        return Product((*inner.factors, factor), (*inner.signs, ""), NOWHERE)
    if isinstance(inner, Product) and rational(inner.factors[0]) is None:
        return Product((factor, *inner.factors), ("", *inner.signs), NOWHERE)
    return product_of(*numbers, factor, *others) if leads else product_of(*numbers, *others, factor)


def over(expression: Expression, divisor: Expression) -> Expression:
    """The expression divided by something, a factor that is there already left out instead."""
    wanted = signature(divisor)
    if isinstance(expression, Product):
        for place, factor in enumerate(expression.factors):
            if signature(factor) == wanted:
                return without_factor(expression, place)
    if signature(expression) == wanted:
        return ONE
    if isinstance(expression, Sum) and len(expression.terms) == 1:
        sign, term = expression.terms[0]
        return sum_of((sign, over(term, divisor)))
    if isinstance(expression, Quotient):
        above = over(expression.above, divisor)
        if weight(above) < weight(expression.above):
            return Quotient(above, expression.below, NOWHERE)
        return Quotient(expression.above, times(expression.below, divisor), NOWHERE)
    if any(isinstance(factor, Binder) for factor in factors(expression)):
        return product_of(Quotient(ONE, divisor, NOWHERE), expression)
    return Quotient(expression, divisor, NOWHERE)


def lowered(expression: Expression, name: Name) -> Expression | None:
    """A term with a name in it one time less; None where it is no factor of it."""
    wanted = signature(name)
    for place, factor in enumerate(factors(expression)):
        if signature(factor) == wanted:
            return without_factor(expression, place) if isinstance(expression, Product) else ONE
        exponent = rational(factor.exponent) if isinstance(factor, Power) else None
        if isinstance(factor, Power) and signature(factor.body) == wanted and exponent is not None and exponent >= 2:
            less = factor.body if exponent == 2 else replace(factor, exponent=literal(exponent - 1), span=NOWHERE)
            return put(expression, (("factors", place, -1),), less) if isinstance(expression, Product) else less
    return None


def everywhere_put(expression: Expression, old: Expression, new: Expression) -> Expression:
    """The expression with every part that is written like one put in by another."""
    wanted = signature(old)
    return _rewritten(expression, lambda part: new if signature(part) == wanted else None)


def _rewritten(expression: Expression, change: Callable[[Expression], Expression | None]) -> Expression:
    """The expression with every part for which ``change`` gives another put in by it, the outermost first."""
    changed = change(expression)
    if changed is not None:
        return changed
    made = expression
    for step, inner in parts(expression):
        new = _rewritten(inner, change)
        if new is not inner:
            made = replace(put(made, (step,), new), span=NOWHERE)
    return made


def reciprocal(expression: Expression) -> Expression:
    """One over the expression; a fraction is turned upside down."""
    inner = bare(expression)
    if isinstance(inner, Quotient):
        return inner.above if rational(inner.below) == 1 else inner.below if rational(inner.above) == 1 else Quotient(inner.below, inner.above, NOWHERE)
    return Quotient(ONE, inner, NOWHERE)


def rescaled(expression: Expression, scale: Fraction) -> Expression:
    """A number times the expression, worked into the number that stands there already."""
    if scale < 0:
        return negated(rescaled(expression, -scale))
    if scale == 1:
        return expression
    value = rational(expression)
    if value is not None:
        return literal(value * scale, expression.decimals if isinstance(expression, Literal) else 0)
    match expression:
        case Sum(terms=((sign, term),)):
            return sum_of((sign, rescaled(term, scale)))
        case Bracketed():
            return Product((literal(scale), expression), ("",), NOWHERE)
        case Product():
            return _rescaled_product(expression, scale)
        case Quotient():
            return _rescaled_quotient(expression, scale)
    return Product((literal(scale), expression), ("",), NOWHERE)


def _rescaled_product(expression: Product, scale: Fraction) -> Expression:
    for place, factor in enumerate(expression.factors):
        value = rational(factor)
        if value is not None:
            if value * scale == 1:
                return without_factor(expression, place)
            return replace(expression, factors=(*expression.factors[:place], literal(value * scale), *expression.factors[place + 1 :]), span=NOWHERE)
    for place, factor in enumerate(expression.factors):
        if isinstance(factor, Quotient) and coefficient(factor.above) != coefficient(factor.below):
            made = _rescaled_quotient(factor, scale)
            return replace(expression, factors=(*expression.factors[:place], made, *expression.factors[place + 1 :]), span=NOWHERE)
    return Product((literal(scale), *expression.factors), ("", *expression.signs), NOWHERE)


def _rescaled_quotient(expression: Quotient, scale: Fraction) -> Expression:
    above, below = coefficient(expression.above), coefficient(expression.below)
    wanted = above * scale / below
    if wanted.denominator == 1 and below != 1 and above.denominator == 1 and rational(expression.below) is not None:
        return rescaled(expression.above, wanted / above)
    if above == 1 and wanted.numerator == 1:
        return Quotient(expression.above, bare(rescaled(expression.below, wanted.denominator / below)), NOWHERE)
    return Quotient(bare(rescaled(expression.above, wanted.numerator / above)), bare(rescaled(expression.below, wanted.denominator / below)), NOWHERE)


def coefficient(expression: Expression) -> Fraction:
    """The number among the factors of an expression."""
    result = Fraction(1)
    for factor in factors(expression):
        value = rational(factor)
        if value is not None:
            result *= value
    return result


def number_in(expression: Expression) -> Fraction:
    """The number among the factors above a fraction line, over that below it."""
    for sign, term in (expression.terms if isinstance(expression, Sum) and len(expression.terms) == 1 else ()):
        return number_in(term) if sign == "+" else -number_in(term)
    if isinstance(expression, Quotient):
        return coefficient(expression.above) / coefficient(expression.below)
    return coefficient(expression)


# -- names


def indexed(name: Name, indices: tuple[Expression, ...]) -> Name:
    """The same letter with other indices."""
    return replace(name, indices=indices, span=NOWHERE)


def letters(expression: Expression) -> list[str]:
    """The letters that stand as indices, in order of appearance."""
    found: dict[str, None] = {}
    for part in everywhere(expression):
        inner = part.expression
        if isinstance(inner, Name):
            for index in (*inner.indices, *inner.samples):
                for letter in everywhere(index):
                    if isinstance(letter.expression, Name) and not letter.expression.indices:
                        found.setdefault(letter.expression.spelling)
    return list(found)


def renamed(expression: Expression, old: str, new: str) -> Expression:
    """The expression with another letter for an index letter, wherever it stands alone."""
    return substituted(expression, old, Name(new, NOWHERE))


def substituted(expression: Expression, old: str, new: Expression) -> Expression:
    """The expression with another one for a letter, wherever it stands alone."""
    return _rewritten(expression, lambda part: new if is_plain(part) and part.spelling == old else None)


def transposed(expression: Expression) -> Expression:
    """The transpose; of a transpose what was transposed."""
    inner = bare(expression)
    return inner.body if isinstance(inner, Transpose) else Transpose(expression, NOWHERE)

