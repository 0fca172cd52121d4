"""The sets that values come from: memberships, inequalities, words, and what a name is compared with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from derivcheck.derivation.outline import Line
from derivcheck.elaboration.book import Book
from derivcheck.elaboration.declaration import declarations
from derivcheck.elaboration.naming import SAMPLED
from derivcheck.reading.content import bare, number
from derivcheck.reading.expression import Call, Chance, Comparison, Expression, Literal, Name, Power, Product, Quotient, Sum, walk
from derivcheck.term.type import BIT, INTEGER, POSITIVE, REAL, Domain

_POSITIVE_BEHIND = re.compile(r"\W*(?:(?:is|are|be|being|a|strictly) )*positive\b(?! (?:semi-?)?definite)", re.I)
_POSITIVE_BEFORE = re.compile(r"\bpositive(?: (?:number|constant|real|scalar)s?)?\s*$", re.I)
_WHOLE = r"(?:integers?|whole numbers?|natural numbers?)"
_WHOLE_BEHIND = re.compile(rf"\W*(?:(?:is|are|be|being|an?|any|all|some|fixed|given|non-?negative|positive|even|odd) )*{_WHOLE}\b", re.I)
_WHOLE_BEFORE = re.compile(rf"\b{_WHOLE}\s*$", re.I)
SHARE = Domain(lower=Fraction(0), upper=Fraction(1), open=False)
_TURNED = {">": "<", "<": ">", r"\ge": r"\le", r"\le": r"\ge"}


def domains(lines: Sequence[Line], memberships: Iterable[tuple[Expression, Expression]], positive: Iterable[str]) -> dict[str, Domain]:
    """The sets that names come from, by the names of their symbols. ``positive``: what is so by nature."""
    found: dict[str, Domain] = {}
    for left, right in memberships:
        for declared in declarations(left, right):
            if declared.domain != REAL:
                for spelling in {declared.name.spelling, symbol_of(declared.name)}:
                    found[spelling] = found.get(spelling, REAL).meet(declared.domain)
    for name in (*said_positive(lines), *positive):
        found.setdefault(name, POSITIVE)
    for name in said_whole(lines):
        found[name] = found.get(name, REAL).meet(INTEGER)
    for name in _shares(member for line in lines for member in line.members if member is not None):
        found.setdefault(name, SHARE)
    for name in bits(member for line in lines for member in line.members if member is not None):
        found.setdefault(name, BIT)
    return found


def symbol_of(name: Name) -> str:
    """The name of the symbols that a name becomes."""
    return SAMPLED.format(name.spelling) if name.samples else name.spelling


def domain_from(left: Expression, sign: str, right: Expression) -> tuple[str, Domain] | None:
    """The domain that an inequality of a name with a number says: ``\\lambda > 0``."""
    if isinstance(right, Name) and number(left) is not None:
        left, right, sign = right, left, _TURNED.get(sign, sign)
    value = number(right)
    if not isinstance(left, Name) or value is None or left.primes:
        return None
    match sign:
        case ">":
            return symbol_of(left), Domain(lower=value)
        case r"\ge":
            return symbol_of(left), Domain(lower=value, open=False)
        case "<":
            return symbol_of(left), Domain(upper=value)
        case r"\le":
            return symbol_of(left), Domain(upper=value, open=False)
    return None


def said_positive(lines: Sequence[Line]) -> Iterable[str]:
    """Names alone in a formula that the words around it call positive."""
    for line in lines:
        name = line.members[0] if len(line.members) == 1 else None
        if isinstance(name, Power):
            name = name.body
        if isinstance(name, Name) and (_POSITIVE_BEHIND.match(line.after) or _POSITIVE_BEFORE.search(line.words)):
            yield symbol_of(name)


def said_whole(lines: Sequence[Line]) -> Iterable[str]:
    """Names alone in a formula that the words around it call whole numbers."""
    for line in lines:
        name = line.members[0] if len(line.members) == 1 else None
        if isinstance(name, Name) and (_WHOLE_BEHIND.match(line.after) or _WHOLE_BEFORE.search(line.words)):
            yield symbol_of(name)


def below_one(members: Iterable[Expression], book: Book) -> frozenset[str]:
    r"""Names of whose rest to one the document takes a root or a logarithm, so that they are less than one: ``\sqrt{1 - \alpha_t}``, or
    ``\sqrt{\beta_t}`` where that is ``1 - \alpha_t``.
    """
    found: set[str] = set()
    for member in members:
        for part in map(bare, _under_roots(member)):
            meant = [part, *(bare(one.right) for one in book.definitions.get(part.spelling, ()) if not one.is_value)] if isinstance(part, Name) else [part]
            found.update(symbol_of(rest) for rest in map(_left_of_one, meant) if rest is not None)
    return frozenset(found)


def _under_roots(member: Expression) -> Iterable[Expression]:
    for part in walk(member):
        exponent = bare(part.exponent) if isinstance(part, Power) else None
        if isinstance(part, Power) and isinstance(exponent, Quotient) and number(exponent.below) == 2:
            yield part.body
        if isinstance(part, Call) and part.function.spelling in ("log", "ln") and len(part.arguments) == 1:
            yield part.arguments[0]


def _left_of_one(expression: Expression) -> Name | None:
    """The name that is taken off one: x in ``1 - x``."""
    if not isinstance(expression, Sum) or len(expression.terms) != 2 or number(expression.terms[0][1]) != 1 or expression.terms[0][0] == "-":
        return None
    sign, taken = expression.terms[1][0], bare(expression.terms[1][1])
    return taken if sign == "-" and isinstance(taken, Name) and not taken.primes else None


def _shares(members: Iterable[Expression]) -> Iterable[str]:
    r"""Names that mix two points: ``\lambda x + (1 - \lambda) y`` as the argument of a function."""
    for member in members:
        for part in walk(member):
            for argument in part.arguments if isinstance(part, Call) else ():
                mixed = bare(argument)
                if isinstance(mixed, Sum) and len(mixed.terms) == 2:
                    yield from _shared(*(_factors(term) for _, term in mixed.terms))


def _shared(first: Sequence[Expression], second: Sequence[Expression]) -> Iterable[str]:
    """The names that are a factor of one term while one minus them is a factor of the other."""
    for ones, others in ((first, second), (second, first)):
        rests = [rest for rest in map(bare, others) if isinstance(rest, Sum) and len(rest.terms) == 2 and number(rest.terms[0][1]) == 1]
        for rest in rests:
            sign, taken = rest.terms[1]
            taken = bare(taken)
            if sign == "-" and isinstance(taken, Name) and any(isinstance(one, Name) and one.spelling == taken.spelling for one in map(bare, ones)):
                yield symbol_of(taken)


def _factors(expression: Expression) -> Sequence[Expression]:
    plain = bare(expression)
    return plain.factors if isinstance(plain, Product) else (plain,)


def bits(members: Iterable[Expression]) -> Iterable[str]:
    """Labels that are only ever compared with 0 and 1, in indicators and events."""
    compared: dict[str, set] = {}
    for member in members:
        for part in walk(member):
            for comparison in _events(part):
                if isinstance(comparison.left, Name) and comparison.sign == "=":
                    values = compared.setdefault(comparison.left.spelling, set())
                    values.add(comparison.right.value if isinstance(comparison.right, Literal) else None)
    for name, values in compared.items():
        if values <= {0, 1}:
            yield name
            yield SAMPLED.format(name)


def _events(part: Expression) -> Iterable[Comparison]:
    """The comparisons that a probability or an indicator is about."""
    if isinstance(part, Chance):
        return [event for event in part.events if isinstance(event, Comparison)]
    if isinstance(part, Call) and part.function.spelling == r"\mathbb{1}":
        return [argument for argument in part.arguments if isinstance(argument, Comparison)]
    return []
