"""Formulas with numbers put in, values put in for names, and numbers that agree as far as their digits go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction

from derivcheck.elaboration.same import common, same
from derivcheck.reading.content import has_derivative, number
from derivcheck.reading.expression import (
    KINDS,
    NAMED,
    SLOTS,
    At,
    Binder,
    Bracketed,
    Call,
    Comparison,
    Expression,
    Integration,
    Limiting,
    Literal,
    Name,
    Power,
    Product,
    is_plain,
    walk,
)

MAX_EXPONENT = 300


def resembles(first: Expression, second: Expression) -> bool:
    """Whether two expressions share more than half of their letters, numbers and operations: then one may be the other
    with a slip in it.
    """
    one, other = (Counter(_parts(expression)) for expression in (first, second))
    return 2 * (one & other).total() > (one | other).total()


def is_refined(first: Expression, second: Expression) -> bool:
    """Whether an expression is another one with more indices on some of its names."""

    def differ(mine: Expression, other: Expression) -> Expression | None:
        if isinstance(mine, Name) and isinstance(other, Name) and mine.spelling == other.spelling and len(other.indices) > len(mine.indices):
            return other if all(same(one, two) for one, two in zip(mine.indices, other.indices, strict=False)) else None
        return None

    return common(first, second, differ) is not None


def _parts(expression: Expression) -> Iterator[str]:
    for part in walk(expression):
        if isinstance(part, Name):
            yield part.spelling
        elif isinstance(part, Literal):
            yield str(part.value)
        elif not isinstance(part, Bracketed):
            yield type(part).__name__


def is_instance(general: Expression, special: Expression) -> bool:
    """Whether an expression is another one with numbers put in for letters, the same number for the same letter.

    Rounding brackets may be left out where the number is whole already. A lone letter is what any number is, so it tells nothing.
    """
    return bool(values_put_in(general, special))


def values_put_in(general: Expression, special: Expression) -> dict[str, Expression]:
    """The numbers that an expression has for the letters of another one, of which it is an instance, by ``key_of`` these; nothing where it is none."""
    if isinstance(general, Name):
        return {}
    if isinstance(general, Call) and general.function.spelling in ("floor", "ceiling") and not isinstance(special, Call):
        return values_put_in(general.arguments[0], special)
    found: dict[str, Expression] = {}

    def differ(mine: Expression, other: Expression) -> Expression | None:
        if isinstance(mine, Bracketed) and not isinstance(other, Bracketed):
            return common(mine.body, other, differ)
        if isinstance(mine, Call) and mine.function.spelling in ("floor", "ceiling") and not isinstance(other, Call):
            return common(mine.arguments[0], other, differ)
        if isinstance(mine, Name) and number(other) is not None:
            known = found.setdefault(key_of(mine), other)
            return other if same(known, other) else None
        return None

    return found if common(general, special, differ) is not None else {}


def key_of(name: Name) -> str:
    """What tells the letter of a formula from others: its spelling with its indices."""
    return name.spelling + (str(name.indices) if name.indices else "")


def replaced(expression: Expression, pattern: Expression, value: Expression) -> Expression:
    """An expression with a value in place of everything that is written like a pattern; the same object where nothing is."""
    if same(expression, pattern):
        return Bracketed(value, "(", expression.span)
    if is_plain(pattern) and _binds(expression, pattern.spelling):
        return expression
    return rebuilt(expression, lambda part: replaced(part, pattern, value))


def put_in(expression: Expression, spelling: str, value: Expression) -> Expression:
    """An expression with a value in place of a name without indices, where that is free; a derivative by that name is taken there."""
    if has_derivative(expression):
        name = Name(spelling, expression.span)
        return At(expression, (Comparison(name, "=", value, expression.span),), None, expression.span)
    if is_plain(expression) and expression.spelling == spelling:
        return Bracketed(value, "(", expression.span)
    if _binds(expression, spelling):
        return expression
    return rebuilt(expression, lambda part: put_in(part, spelling, value))


def _binds(expression: Expression, spelling: str) -> bool:
    """Whether a name is a bound one inside an expression: it runs there, so no value can be put in for it."""
    match expression:
        case Binder():
            return any(variable.spelling == spelling for variable in expression.variables)
        case Integration() | Limiting():
            return is_plain(expression.variable) and expression.variable.spelling == spelling
    return False


def rebuilt(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """An expression with each expression directly inside changed; the same object where nothing is.

    What binds a name or applies one stays as it is where the change would leave no name there.
    """
    changed = {}
    for slot in SLOTS[type(expression)]:
        part = getattr(expression, slot)
        made = _rebuilt_part(part, change)
        if made is not part and (slot not in NAMED[type(expression)] or _is_named(made)):
            changed[slot] = made
    return replace(expression, **changed) if changed else expression


def _is_named(part: object) -> bool:
    return all(isinstance(one, Name) for one in part) if isinstance(part, tuple) else isinstance(part, Name)


def _rebuilt_part(part: object, change: Callable[[Expression], Expression]) -> object:
    if type(part) in KINDS:
        return change(part)
    if isinstance(part, tuple):
        made = tuple(_rebuilt_part(inner, change) for inner in part)
        return part if all(one is other for one, other in zip(made, part, strict=True)) else made
    return part


def within_rounding(left: Expression, right: Expression, first: float | None, second: float | None, is_approximate: bool = False) -> bool:
    """Whether two numbers agree in the digits shown: half a unit of the last decimal, a whole one where the other side is rounded too.

    Only a side that is written as a decimal number with at least two digits behind the point, or three in all, is taken as
    rounded, unless the sign between them says that it is.
    """
    if first is None or second is None:
        return False
    for side in (right, left):
        shown = rounded_number(side)
        if shown is None or (shown[1].decimals < 2 and abs(shown[0]) < 10 and not is_approximate):
            continue
        other = left if side is right else right
        rounded = any(isinstance(part, Literal) and part.decimals > 1 for part in walk(other))
        if abs(first - second) <= float(Fraction(1, 1 if rounded else 2) * shown[2]) * (1 + 1e-9):
            return True
    return False


def is_cut_short(left: Expression, right: Expression, value: float) -> bool:
    """Whether a number may be a value rounded to the digits that it shows: two of them where decimals were put in, three of them elsewhere."""
    literal = right.body if isinstance(right, Bracketed) else right
    if not isinstance(literal, Literal) or not literal.value:
        return False
    unit = Fraction(1, 10**literal.decimals)
    has_decimals = any(isinstance(part, Literal) and part.decimals for part in walk(left))
    return abs(literal.value) >= unit * (10 if has_decimals else 100) and abs(Fraction(value) - literal.value) <= unit / 2


def rounded_number(side: Expression) -> tuple[Fraction, Literal, Fraction] | None:
    """A decimal number, the digits that are shown of it, and the unit of its last digit; None for anything else. It may be times a power of ten."""
    side = side.body if isinstance(side, Bracketed) else side
    if isinstance(side, Product) and len(side.factors) == 2:
        mantissa, scale = side.factors
        exponent = number(scale.exponent) if isinstance(scale, Power) and number(scale.body) == 10 else None
        shown = rounded_number(mantissa) if exponent is not None and exponent.denominator == 1 and abs(exponent) <= MAX_EXPONENT else None
        if shown is None or exponent is None:
            return None
        times = Fraction(10) ** int(exponent)
        return shown[0] * times, shown[1], shown[2] * times
    literals = [part for part in walk(side) if isinstance(part, Literal)]
    value = number(side)
    if value is None or len(literals) != 1 or not literals[0].decimals:
        return None
    return value, literals[0], Fraction(1, 10 ** literals[0].decimals)
