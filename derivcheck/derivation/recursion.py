"""Recurrences: equations that give a member of a sequence, or a function's value, by others of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from fractions import Fraction

from derivcheck.derivation.definable import FIXED
from derivcheck.derivation.instance import put_in, rebuilt
from derivcheck.derivation.outline import Line
from derivcheck.elaboration.same import same
from derivcheck.reading.content import names_of, number
from derivcheck.reading.expression import (
    Bracketed,
    Call,
    CaseWise,
    Comparison,
    Dots,
    Expression,
    Literal,
    Name,
    Power,
    Product,
    Quotient,
    Sum,
    is_plain,
    walk,
)
from derivcheck.source import NOWHERE

MAX_STEPS = 24
MAX_PARTS = 2000
MAX_EXPONENT = 64
# Where arguments are told apart: numbers that no rule of a document leads from one to another.
_POINTS = ((5, 10007, 9973), (8, 20011, 7919))

Key = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """``T(n) = 2T(n/2) + n``, or ``a_{n+1} = 2a_n + 1`` with a ``shift`` of 1: it holds for every value of its ``parameter``."""

    name: str
    parameter: str
    shift: Fraction
    right: Expression
    line: Line

    def at(self, argument: Expression) -> Expression:
        """What it says of the value at an argument."""
        if self.shift:
            sign = "-" if self.shift > 0 else "+"
            argument = Sum((("+", Bracketed(argument, "(", NOWHERE)), (sign, Literal(abs(self.shift), NOWHERE))), NOWHERE)
        return put_in(self.right, self.parameter, argument)

    def at_rest(self, value: Expression) -> tuple[Expression, Expression]:
        """Two sides that are equal if all values are the same one."""
        return value, self.exchanged(self.right, lambda _: value)

    def arguments(self, *sides: Expression) -> list[Expression]:
        """The arguments at which its values stand in some expressions."""
        return [found for side in sides for part in walk(side) if (found := argument_of(part, self.name)) is not None]

    def expanded(self, side: Expression, until: Set[Key]) -> Expression | None:
        """A side with the recurrence put in until its values stand at some arguments only; None where these are not reached."""
        for _ in range(MAX_STEPS):
            keys = [key_of(argument) for argument in self.arguments(side)]
            if None in keys:
                return None
            if set(keys) <= until:
                return side
            side = self.exchanged(side, lambda argument: None if key_of(argument) in until else self.at(argument))
            if sum(1 for _ in walk(side)) > MAX_PARTS:
                return None
        return None

    def exchanged(self, side: Expression, value: Callable[[Expression], Expression | None]) -> Expression:
        """A side with something else for its values; where that is None they stay."""

        def change(part: Expression) -> Expression:
            argument = argument_of(part, self.name)
            made = value(argument) if argument is not None else None
            return rebuilt(part, change) if made is None else Bracketed(made, "(", NOWHERE)

        return change(side)


def recurrence(line: Line, left: Expression, right: Expression) -> Recurrence | None:
    """The recurrence that an equation is; None where it is none."""
    name = _called(left)
    argument = argument_of(left, name) if name is not None else None
    place = shifted(argument) if argument is not None else None
    if name is None or place is None or name in FIXED:
        return None
    found = Recurrence(name, *place, _step_of(right, name), line)
    inner = found.arguments(found.right)
    known = keys_of(inner)
    if not known or key_of(argument) in known or any(isinstance(part, Dots | CaseWise) for part in walk(found.right)):
        return None
    return found if all(found.parameter in names_of(part) for part in inner) else None


def _step_of(right: Expression, name: str) -> Expression:
    """The branch of a right side that goes back to other values, where only one does."""
    while isinstance(right, Bracketed):
        right = right.body
    if not isinstance(right, CaseWise):
        return right
    back = [branch for branch, _ in right.branches if any(argument_of(part, name) is not None for part in walk(branch))]
    return back[0] if len(back) == 1 else right


def first_values(left: Expression, right: Expression) -> list[tuple[str, Expression, Expression]]:
    """The values of a sequence or function at numbers that an equation gives, by itself or in the branches of a recurrence."""
    name = _called(left)
    argument = argument_of(left, name) if name is not None else None
    if name is None or argument is None:
        return []
    known = [(argument, right)]
    if isinstance(right, CaseWise):
        known = [(where.right, branch) for branch, where in right.branches if isinstance(where, Comparison) and where.sign == "=" and same(where.left, argument)]
    return [(name, at, value) for at, value in known if number(at) is not None and not any(argument_of(part, name) is not None for part in walk(value))]


def _called(left: Expression) -> str | None:
    """The name whose value at something a left side is."""
    if isinstance(left, Call) and left.below is None:
        return left.function.spelling
    return left.spelling if isinstance(left, Name) and left.indices else None


def argument_of(part: Expression, name: str) -> Expression | None:
    """The argument at which a part is the value of a function or the member of a sequence; None where it is neither."""
    if isinstance(part, Call) and part.function.spelling == name and len(part.arguments) == 1 and not (part.function.indices or part.function.primes or part.below):
        return part.arguments[0]
    if isinstance(part, Name) and part.spelling == name and len(part.indices) == 1 and not (part.samples or part.primes):
        return part.indices[0]
    return None


def shifted(argument: Expression) -> tuple[str, Fraction] | None:
    """The letter of an argument and what is added to it: ``n`` or ``n + 1``."""
    if is_plain(argument):
        return argument.spelling, Fraction(0)
    if not isinstance(argument, Sum) or len(argument.terms) != 2:
        return None
    (first, letter), (second, added) = argument.terms
    if first == "+" and second in ("+", "-") and is_plain(letter) and isinstance(added, Literal):
        return letter.spelling, added.value if second == "+" else -added.value
    return None


def keys_of(arguments: Iterable[Expression]) -> frozenset[Key] | None:
    """What tells some arguments apart; None where that cannot be told of one."""
    found = [key_of(argument) for argument in arguments]
    return None if None in found else frozenset(key for key in found if key is not None)


def key_of(argument: Expression) -> Key | None:
    """What tells an argument from others, however they are written; None for what is no arithmetic."""
    exponents = frozenset().union(*(names_of(part.exponent) for part in walk(argument) if isinstance(part, Power)))
    values = []
    for small, large, modulus in _POINTS:
        told = {name: int.from_bytes(name.encode(), "big") for name in names_of(argument)}
        at = {name: Fraction(small + code % 11 if name in exponents else large + code % modulus) for name, code in told.items()}
        value = value_of(argument, at)
        if value is None:
            return None
        values.append(value)
    return tuple(values)


def value_of(part: Expression, at: dict[str, Fraction]) -> Fraction | None:
    match part:
        case Literal():
            return part.value
        case Name() if is_plain(part):
            return at[part.spelling]
        case Bracketed():
            return value_of(part.body, at)
        case Sum():
            values = [value_of(term, at) for _, term in part.terms]
            if None in values or any(sign not in ("+", "-") for sign, _ in part.terms):
                return None
            return sum((-value if sign == "-" else value for (sign, _), value in zip(part.terms, values, strict=True)), Fraction(0))
        case Product():
            product = Fraction(1)
            for factor in part.factors:
                value = value_of(factor, at)
                if value is None:
                    return None
                product *= value
            return product
        case Quotient():
            above, below = value_of(part.above, at), value_of(part.below, at)
            return None if above is None or not below else above / below
        case Power():
            body, exponent = value_of(part.body, at), value_of(part.exponent, at)
            if body is None or exponent is None or exponent.denominator != 1 or abs(exponent) > MAX_EXPONENT or not body:
                return None
            return body**exponent
    return None

