"""Functions that differential equations are solved for: what is said of one of them is a candidate, a condition or a step, no definition in force."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from derivcheck.derivation.definable import is_numeric
from derivcheck.derivation.outline import Line, members_of
from derivcheck.derivation.prose import announces, announces_strongly
from derivcheck.elaboration.book import Definition, holds_in, is_around
from derivcheck.elaboration.head import Head
from derivcheck.elaboration.same import same
from derivcheck.reading.content import names_of, number, quantity
from derivcheck.reading.custom import CONSTANTS, VARIABLES
from derivcheck.reading.expression import (
    Binder,
    Call,
    Chance,
    Choice,
    Differential,
    Expression,
    Gradient,
    Infinitesimal,
    Name,
    Power,
    Prime,
    Product,
    children,
    is_plain,
    walk,
)
from derivcheck.reading.name import bare_word

_EQUALITIES = frozenset(("=", ":=", r"\equiv"))
_POSED = re.compile(r"\bsolv(?:e|es|ing)\b|\bdifferential equations?\b|\binitial[ -]?value\b|\b(?:ODE|IVP)s?\b|\bseparable\b", re.I)
_GIVEN = re.compile(r"\b(?:given|initial \w+|condition)[\s:*_]*$", re.I)
_SOLUTION = re.compile(r"\b(?:ha(?:s|ve) (?:the )?(?:general |unique )?solutions?|(?:the )?(?:general |unique )solution (?:is|of)|solution is)\b", re.I)
_OF_ANOTHER = re.compile(r"\b(?:try|trial|guess\w*|suppose|assum\w*|ansatz|form|candidate|homogeneous|complementary|auxiliary|particular|associated|reduced|where|if|case)\b", re.I)

# Letters that are a certain function where nobody says otherwise.
_CUSTOMARY = frozenset((r"\sigma", r"\Gamma"))


@dataclass(frozen=True, slots=True)
class Posed:
    """A differential equation: the ``name`` that it is solved for, where it stands, and its sides. ``is_value``: the value
    at a number, for a function that has been found, which asks for another one.
    """

    name: str
    line: Line
    left: Expression
    right: Expression
    is_value: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """The differential equations of a document, in the order of its lines."""

    posed: tuple[Posed, ...] = ()
    by_name: dict[str, list[Posed]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.posed:
            self.by_name.setdefault(one.name, []).append(one)

    def equations(self, name: str, line: Line) -> list[Posed]:
        """The equations for a function that have been posed where a line stands, the nearest first."""
        return [one for one in reversed(self.by_name.get(name, ())) if one.line.order <= line.order and holds_in(one.line.scope, line.scope)]

    def is_contested(self, name: str, line: Line) -> bool:
        """Whether a function is asked for, and equations of several sections hold for it at a line: which one it solves there nobody can tell."""
        posed = [one.line for one in self.equations(name, line)]
        return len({one.scope for one in posed}) > 1 and any(_POSED.search(f"{one.words} {one.statement.before}") for one in posed)

    def names(self, line: Line, *members: Expression) -> frozenset[str]:
        """The functions that are sought at a line, of those in some members."""
        return frozenset(name for name in names_of(*members) & self.by_name.keys() if self.equations(name, line))

    def is_anew(self, head: Head, line: Line) -> bool:
        """Whether a function is said to be something where it is sought: that is another candidate, or the next form of it."""
        return not (head.primes or head.indices) and any(one.line.order < line.order for one in self.equations(head.spelling, line))

    def is_computed(self, left: Expression, head: Head, line: Line) -> bool:
        """Whether a left side is a derivative or a power of a function that is sought: an equation for it does not define the function."""
        return (head.primes > 0 or isinstance(left, Power)) and bool(self.equations(head.spelling, line))

    def poses(self, line: Line) -> bool:
        """Whether a line is a differential equation."""
        return any(one.line is line for one in self.posed)

    def is_over(self, told: Line, names: frozenset[str], line: Line) -> bool:
        """Whether what a line tells of some names is no fact at a later one: a differential equation, or what was said before one was posed."""
        latest = [self.equations(name, line)[0].line.order for name in names & self.by_name.keys() if self.equations(name, line)]
        return self.poses(told) or any(told.order < order for order in latest)

    def is_posing(self, line: Line, left: Expression, right: Expression) -> bool:
        """Whether an equation is one that a function is sought for, or one for its value at a number."""
        if self.poses(line):
            return True
        return isinstance(left, Call) and len(left.arguments) == 1 and not names_of(*left.arguments) - CONSTANTS and bool(self.names(line, left.function))

    def is_solution(self, line: Line) -> bool:
        """Whether words say that what follows solves the equation before it, and no other one."""
        words = f"{line.words} {line.statement.before}"
        return _SOLUTION.search(words) is not None and _OF_ANOTHER.search(f"{words} {line.after}") is None

    def doubts(self, line: Line, left: Expression, right: Expression, used: frozenset[int], free: frozenset[str], known: Sequence[Definition]) -> bool:
        """Whether a refuted equation may be a condition, a candidate or an intermediate step for a function that is sought.

        ``used``: the definitions that the refutation rests on; ``free``: the names that are free in it; ``known``: the definitions of the functions.
        A derivative of the last candidate is refuted for certain, and so is a step without constants.
        """
        names = self.names(line, left, right)
        if not names:
            return False
        rests = [one for one in known if one.order in used]
        slopes = [part for side in (left, right) for part in walk(side) if isinstance(part, Differential | Prime) or _slope(part) is not None]
        if not rests:
            return bool(slopes) or not free <= names | set(VARIABLES) | CONSTANTS
        told = _slope(left)
        is_derivative = told in names and told not in names_of(right) and not _POSED.search(f"{line.words} {line.statement.before}")
        latest = max((one.order for one in known if one.order < line.order), default=-1)
        posed = max(self.equations(name, line)[0].line.order for name in names)
        return not (is_derivative and posed < latest and all(one.order == latest and one.scope == line.scope for one in rests))


def sought(lines: Sequence[Line], known: Set[str] = frozenset()) -> Sought:
    """The differential equations of a document. ``known``: functions with a meaning everywhere."""
    found: list[Posed] = []
    transposes = any(_transposes(part) for member in members_of(lines) for part in walk(member))
    for line in lines:
        left, right = (*line.members, None, None)[:2]
        if left is None or right is None or line.is_directive or not _equates(line):
            continue
        name = _unknown(left, right, line, lines, {one.name for one in found})
        if name is not None and (len(bare_word(name)) == 1 or bare_word(name) not in known) and name not in _CUSTOMARY and not (transposes and _is_primed(left, right)) and not _is_other_value(left, name, lines):
            found.append(Posed(name, line, left, right))
        elif _is_another(line, left, right, lines, found):
            found.append(Posed(left.function.spelling, line, left, right, is_value=True))
    return Sought(tuple(found))


def _is_another(line: Line, left: Expression, right: Expression, lines: Sequence[Line], found: Sequence[Posed]) -> TypeGuard[Call]:
    """Whether words give the value at a number of a function that has been found before."""
    words = f"{line.words} {line.statement.before}"
    if not isinstance(left, Call) or names_of(*left.arguments, right) - CONSTANTS or not announces(words):
        return False
    name = left.function.spelling
    posed = max((one.line.order for one in found if one.name == name), default=-1)
    is_told = any(posed < other.order < line.order and _tells(other, name) for other in lines)
    return is_told and (posed >= 0 or _GIVEN.search(words) is not None)


def _unknown(left: Expression, right: Expression, line: Line, lines: Sequence[Line], before: set[str]) -> str | None:
    """The function that an equation may be solved for: it stands there with its derivative, or with several, and nothing has said what it is."""
    parts = [*_likely(left), *_likely(right)]
    if any(isinstance(part, Prime | Gradient | Chance) or (isinstance(part, Differential) and not part.total) for part in parts):
        return None
    bound = {(name.spelling, name.primes) for part in parts if isinstance(part, Binder) for name in part.variables}
    orders: dict[str, set[int]] = {}
    for part in parts:
        name = _slope(part)
        if name is not None and not (isinstance(part, Name) and (part.spelling, part.primes) in bound):
            orders.setdefault(name, set()).add(_order(part))
    candidates = [name for name in orders if name not in VARIABLES] or list(orders)
    if len(candidates) != 1:
        return None
    name = candidates[0]
    if not _is_at_one_place(name, parts):
        return None
    posed = _POSED.search(f"{line.words} {line.statement.before}") is not None
    is_separated = any(isinstance(part, Infinitesimal) for part in parts)
    is_equation = name in {one for side in (left, right) for one in _plainly(side)} or len(orders[name]) > 1
    if is_separated and (len(orders) < 2 or not is_equation or _is_tied(orders, line, lines)):
        return None
    if not (is_equation or posed) or (number(right) is not None and not is_equation):
        return None
    told = [other for other in lines if _tells(other, name)]
    if any(other.order < line.order and is_around(other.scope, line.scope) for other in told) and not (name in before and is_equation):
        return None
    return None if not posed and any(announces_strongly(f"{other.words} {other.statement.before}") for other in told if other.scope == line.scope) else name


def _is_tied(names: Iterable[str], line: Line, lines: Sequence[Line]) -> bool:
    """Whether a line before says of one of some quantities what it is by another one."""
    before = [other for other in lines if other.order < line.order and is_around(other.scope, line.scope)]
    return any(_tells(other, one) and names_of(*other.members[1:]) & set(names) - {one} for other in before for one in names)


def _likely(expression: Expression) -> Iterator[Expression]:
    """Every expression inside, of doubts the likeliest reading alone."""
    expression = expression.options[0][0] if isinstance(expression, Choice) else expression
    yield expression
    for child in children(expression):
        yield from _likely(child)


def _slope(part: Expression) -> str | None:
    """The function that an expression is a derivative or a differential of."""
    body: Expression | None = None
    if isinstance(part, Differential) and part.total and len({one.spelling for one in part.by if isinstance(one, Name)}) == 1:
        body = quantity(part.body)
    elif isinstance(part, Infinitesimal):
        body = part.of
    elif isinstance(part, Name | Call):
        name = part.function if isinstance(part, Call) else part
        return name.spelling if name.primes and not name.indices else None
    name = body.function if isinstance(body, Call) else body
    return name.spelling if isinstance(name, Name) and not name.indices and not name.samples else None


def _transposes(part: Expression) -> bool:
    """Whether a prime makes a row of a vector: it stands before the vector itself or a matrix, as in ``u'u`` and ``u'Su``."""
    if not isinstance(part, Product):
        return False
    pairs = zip(part.factors, part.factors[1:], part.signs, strict=False)
    names = [(one, other) for one, other, sign in pairs if not sign and isinstance(one, Name) and isinstance(other, Name) and one.primes == 1]
    return any(same(replace(one, primes=0), other) or other.spelling.isupper() for one, other in names)


def _is_other_value(left: Expression, name: str, lines: Sequence[Line]) -> bool:
    """Whether a prime makes another value of a name, as the n' that a layer makes of n: numbers are put in for both, and nowhere is it a function."""
    if not isinstance(left, Name) or left.spelling != name:
        return False
    again = [other for other in lines if _equates(other) and other.members[0] is not None and same(other.members[0], left)]
    told = [other for other in lines if _tells(other, name)]
    parts = (part for member in members_of(lines) for part in walk(member))
    is_function = any((isinstance(part, Call) and part.function.spelling == name) or (isinstance(part, Differential | Infinitesimal) and _slope(part) == name) for part in parts)
    return any(map(_is_told_by_numbers, again)) and all(map(_is_told_by_numbers, told)) and not is_function


def _is_told_by_numbers(line: Line) -> bool:
    right = line.members[1]
    return right is not None and is_numeric(right)


def _is_primed(*sides: Expression) -> bool:
    return any(isinstance(part, Name) and part.primes for side in sides for part in walk(side))


def _is_at_one_place(name: str, parts: Sequence[Expression]) -> bool:
    """Whether a function is written with the same argument wherever it has one, and that is a name."""
    calls = [part.arguments for part in parts if isinstance(part, Call) and part.function.spelling == name]
    return all(len(arguments) == 1 and is_plain(arguments[0]) and same(arguments[0], calls[0][0]) for arguments in calls)


def _order(part: Expression) -> int:
    if isinstance(part, Differential):
        return len(part.by)
    name = part.function if isinstance(part, Call) else part
    return name.primes if isinstance(name, Name) else 1


def _plainly(expression: Expression) -> Iterator[str]:
    """The names that stand in an expression themselves, other than in derivatives."""
    if _slope(expression) is not None:
        return
    if isinstance(expression, Name):
        yield expression.spelling
    for child in children(expression):
        yield from _plainly(child)


def _tells(line: Line, name: str) -> bool:
    """Whether a line begins with what a function is."""
    first = line.members[0] if len(line.members) > 1 else None
    if first is None or not _equates(line):
        return False
    return (is_plain(first) and first.spelling == name) or (isinstance(first, Call) and is_plain(first.function) and first.function.spelling == name and all(map(is_plain, first.arguments)))


def _equates(line: Line) -> bool:
    """Whether a line begins with an equation."""
    return bool(line.statement.signs) and line.statement.signs[0].text in _EQUALITIES
