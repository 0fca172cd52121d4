"""The only door to terms without binders: smart constructors that keep them in normal form.

The normal form is light: sums and products are flat and sorted, rational numbers are gathered, like terms and equal
bases are joined, static conditions are decided. It never expands, cancels sums or applies an identity of a function.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import factorial
from operator import attrgetter

from derivcheck.term.term import (
    Add,
    Antiderivative,
    Apply,
    Cases,
    Constant,
    Derivative,
    Junction,
    Multiply,
    Negation,
    Number,
    Power,
    Relation,
    Symbol,
    Term,
    Truth,
    Undefined,
)

MAX_BITS = 4096


_NOTHING, _UNIT = Fraction(0), Fraction(1)
_DIGEST = attrgetter("digest")


@lru_cache(maxsize=1024)
def number(value: int | Fraction) -> Number:
    return Number((), (Fraction(value),))


ZERO, ONE, TWO, MINUS_ONE = number(0), number(1), number(2), number(-1)
HALF = number(Fraction(1, 2))
UNDEFINED = Undefined()
TRUE, FALSE = Truth((), (True,)), Truth((), (False,))
PI = Constant((), ("pi",))
IMAGINARY = Constant((), ("i",))
INFINITY = Constant((), ("infinity",))


def symbol(name: str, *indices: Term) -> Symbol:
    return Symbol(tuple(indices), (name,))


def add(*terms: Term) -> Term:
    """The sum: flat, like terms joined, sorted."""
    if UNDEFINED in terms:
        return UNDEFINED
    constant = _NOTHING
    coefficients: dict[Term, Fraction] = {}
    for term in _flat(terms, Add):
        if isinstance(term, Number):
            constant += term.value
        else:
            coefficient, rest = split_coefficient(term)
            known = coefficients.get(rest)
            coefficients[rest] = coefficient if known is None else known + coefficient
    parts = [scale(coefficient, rest) for rest, coefficient in coefficients.items() if coefficient]
    if Add in map(type, parts):  # a sum of which only one is left
        return add(number(constant), *parts)
    if not parts:
        return number(constant)
    parts.sort(key=_DIGEST)
    if constant:
        parts.insert(0, number(constant))
    return parts[0] if len(parts) == 1 else Add(tuple(parts), ())


def split_coefficient(term: Term) -> tuple[Fraction, Term]:
    """The rational factor of a term and the rest: 3xy gives (3, xy)."""
    if isinstance(term, Multiply) and isinstance(term.children[0], Number):
        rest = term.children[1:]
        return term.children[0].value, rest[0] if len(rest) == 1 else Multiply(rest, ())
    return _UNIT, term


def scale(coefficient: Fraction, term: Term) -> Term:
    """A rational number times a term without a rational factor of its own."""
    if coefficient is _UNIT or coefficient == 1:
        return term
    parts = term.children if isinstance(term, Multiply) else (term,)
    return Multiply((number(coefficient), *parts), ())


def multiply(*factors: Term) -> Term:
    """The product: flat, equal bases joined, sorted. A zero factor makes it zero."""
    if UNDEFINED in factors:
        return UNDEFINED
    constant = _UNIT
    alike: dict[Term, list[Term]] = {}
    for factor in _flat(factors, Multiply):
        if isinstance(factor, Number):
            constant = factor.value if constant is _UNIT else constant * factor.value
        else:
            alike.setdefault(factor.base if isinstance(factor, Power) else factor, []).append(factor)
    if not constant:
        return ZERO
    parts: list[Term] = []
    for base, same in alike.items():
        for part in same if len(same) == 1 else _joined(base, same):
            if isinstance(part, Number):
                constant *= part.value
            else:
                parts.append(part)
    if not constant:
        return ZERO
    if not parts:
        return number(constant)
    if Multiply in map(type, parts):  # roots that became the product under them
        return multiply(number(constant), *parts)
    parts.sort(key=_DIGEST)
    if constant is not _UNIT and constant != 1:
        parts.insert(0, number(constant))
    return parts[0] if len(parts) == 1 else Multiply(tuple(parts), ())


def _joined(base: Term, powers: Sequence[Term]) -> Sequence[Term]:
    """Powers of one base as one. Only those with numbers for exponents add up: of others each could be undefined on its own."""
    exponents = [one.exponent if isinstance(one, Power) else ONE for one in powers]
    return (power(base, add(*exponents)),) if all(isinstance(exponent, Number) for exponent in exponents) else powers


def power(base: Term, exponent: Term) -> Term:
    if base is UNDEFINED or exponent is UNDEFINED:
        return UNDEFINED
    if exponent is ONE:
        return base
    if exponent is ZERO:
        return ONE
    if isinstance(exponent, Number) and exponent.value.denominator == 1:
        whole = int(exponent.value)
        if isinstance(base, Number):
            return _number_power(base, whole) or Power((base, exponent), ())
        if isinstance(base, Power) and isinstance(base.exponent, Number):
            return power(base.base, number(base.exponent.value * whole))
        if isinstance(base, Multiply) and isinstance(base.children[0], Number):
            outside = _number_power(base.children[0], whole)
            if outside is not None:
                return multiply(outside, power(multiply(*base.children[1:]), exponent))
    if base is ONE:
        return ONE
    return Power((base, exponent), ())


def _number_power(base: Number, exponent: int) -> Term | None:
    """An exact power of a number; None where it would be too long to write out."""
    value = base.value
    if value == 0:
        return ZERO if exponent > 0 else UNDEFINED
    bits = max(value.numerator.bit_length(), value.denominator.bit_length())
    if bits * abs(exponent) > MAX_BITS and value not in (1, -1):
        return None
    if value in (1, -1):
        return number(value if exponent % 2 else 1)
    return number(value**exponent)


def divide(numerator: Term, denominator: Term) -> Term:
    return multiply(numerator, power(denominator, MINUS_ONE))


def negate(term: Term) -> Term:
    return multiply(MINUS_ONE, term)


def subtract(left: Term, right: Term) -> Term:
    return add(left, negate(right))


def square_root(term: Term) -> Term:
    if isinstance(term, Number) and term.value >= 0:
        top, bottom = _integer_root(term.value.numerator), _integer_root(term.value.denominator)
        if top is not None and bottom is not None:
            return number(Fraction(top, bottom))
    return power(term, HALF)


def _integer_root(value: int) -> int | None:
    from math import isqrt

    root = isqrt(value)
    return root if root * root == value else None


def apply(
    function: str,
    *arguments: Term,
    component: tuple[Term, ...] = (),
    orders: tuple[tuple[int, tuple[Term, ...]], ...] = (),
) -> Term:
    """A function of arguments. A known function of an undefined argument is undefined."""
    if any(argument is UNDEFINED for argument in arguments):
        return UNDEFINED
    if not component and not orders and len(arguments) == 1 and isinstance(arguments[0], Number):
        value = _known_value(function, arguments[0].value)
        if value is not None:
            return value
    indices = tuple(index for _, entry in orders for index in entry)
    shape = tuple((position, len(entry)) for position, entry in orders)
    return Apply((*arguments, *component, *indices), (function, len(arguments), len(component), shape))


def _known_value(function: str, value: Fraction) -> Term | None:
    match function:
        case "exp" | "cos" | "cosh" if value == 0:
            return ONE
        case "sin" | "tan" | "sinh" | "tanh" | "erf" | "arctan" | "arcsin" | "artanh" | "arsinh" if value == 0:
            return ZERO
        case "log" if value == 1:
            return ZERO
        case "abs":
            return number(abs(value))
        case "sign":
            return number((value > 0) - (value < 0))
        case "floor":
            return number(value.__floor__())
        case "ceiling":
            return number(value.__ceil__())
        case "factorial" if value.denominator == 1 and 0 <= value <= 200:
            return number(factorial(int(value)))
    return None


def exp(term: Term) -> Term:
    return apply("exp", term)


def log(term: Term) -> Term:
    return apply("log", term)


def antiderivative(body: Term, by: Term) -> Term:
    return Antiderivative((body, by), ())


def derivative(body: Term, by: Term, total: bool = False) -> Term:
    return Derivative((body, by), (total,))


def relation(sign: str, left: Term, right: Term) -> Term:
    """A relation in normal form, decided where it is static. Signs: ``= ≠ < ≤ > ≥``."""
    if sign in (">", "≥"):
        return relation({">": "<", "≥": "≤"}[sign], right, left)
    if left is right:
        return TRUE if sign in ("=", "≤") else FALSE
    if isinstance(left, Number) and isinstance(right, Number):
        a, b = left.value, right.value
        return TRUE if {"=": a == b, "≠": a != b, "<": a < b, "≤": a <= b}[sign] else FALSE
    return Relation((left, right), (sign,))


def all_of(conditions: Iterable[Term]) -> Term:
    return _junction("and", conditions, TRUE, FALSE)


def some_of(conditions: Iterable[Term]) -> Term:
    return _junction("or", conditions, FALSE, TRUE)


def _junction(kind: str, conditions: Iterable[Term], neutral: Truth, absorbing: Truth) -> Term:
    parts: dict[Term, None] = {}
    for condition in conditions:
        if condition is absorbing:
            return absorbing
        if isinstance(condition, Junction) and condition.kind == kind:
            parts.update(dict.fromkeys(condition.children))
        elif condition is not neutral:
            parts[condition] = None
    if len(parts) <= 1:
        return next(iter(parts), neutral)
    return Junction(tuple(sorted(parts, key=order)), (kind,))


def negation(condition: Term) -> Term:
    match condition:
        case Truth():
            return FALSE if condition.value else TRUE
        case Negation():
            return condition.children[0]
        case Relation():
            turned = {"=": "≠", "≠": "=", "<": "≥", "≤": ">"}
            return relation(turned[condition.sign], condition.left, condition.right)
    return Negation((condition,), ())


def cases(branches: Iterable[tuple[Term, Term]], otherwise: Term = UNDEFINED) -> Term:
    """The first value whose condition holds, else ``otherwise``."""
    kept: list[Term] = []
    for condition, value in branches:
        if condition is TRUE:
            otherwise = value
            break
        if condition is not FALSE:
            kept += (condition, value)
    if not kept or all(value is otherwise for value in kept[1::2]):
        return otherwise
    return Cases((*kept, otherwise), ())


def indicator(condition: Term) -> Term:
    """1 where the condition holds, else 0."""
    return cases([(condition, ONE)], ZERO)


def kronecker(left: Term, right: Term) -> Term:
    return indicator(relation("=", left, right))


def _flat(terms: Iterable[Term], kind: type[Term]) -> list[Term]:
    """The terms, with the parts of those of a kind in their place."""
    found: list[Term] = []
    for term in terms:
        if type(term) is kind:
            found += term.children
        else:
            found.append(term)
    return found


def order(term: Term) -> tuple[bool, int]:
    """How the parts of a sum, a product or a junction are sorted."""
    return not isinstance(term, Number), term.digest
