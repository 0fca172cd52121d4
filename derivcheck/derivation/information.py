"""Entropies and informations of random variables, as sums of the entropies of several at once.

``H(X|Y) = H(X, Y) - H(Y)`` and ``I(X; Y|Z) = H(X, Z) + H(Y, Z) - H(X, Y, Z) - H(Z)`` (Cover and Thomas, Elements of
Information Theory, 2nd ed., theorems 2.2.1 and 2.4.1): what holds of such quantities for all laws holds of these sums term by term.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.derivation.instance import rebuilt
from derivcheck.reading.content import bare
from derivcheck.reading.entropy import ENTROPIES, is_variable
from derivcheck.reading.expression import Bracketed, Call, Expression, Literal, Name, Sum
from derivcheck.reading.name import bare_word
from derivcheck.source import NOWHERE

if TYPE_CHECKING:
    from derivcheck.derivation.outline import Line

_INFORMATIONS = frozenset(("I", "MI"))
_SPEAKS = re.compile(r"\bentrop\w+|\bmutual information\b|\btransinformation\b|熵|互信息", re.I)
_TELLS_MORE = re.compile(
    r"\bindepend\w*|\bmarkov\b|\bdeterministic\b|\bfunction of\b|\bi\.?i\.?d\b|\bstationary\b|\bmemoryless\b|\bnoiseless\b|\bbiject\w*|\binvertible\b|\bone-to-one\b|\bpermut\w+"
    r"|\bunabhängig\w*|\bdetermin\w+|独立|马尔可夫",
    re.I,
)

Variables = tuple[Name, ...]


def speaks_of_entropy(text: str) -> bool:
    """Whether a document is about entropies, with nothing in words that ties its random variables to each other."""
    return _SPEAKS.search(text) is not None and _TELLS_MORE.search(text) is None


def with_joint_entropies(lines: Sequence[Line], text: str) -> tuple[Line, ...]:
    """The lines of a document that speaks of entropies, each of these written by entropies of all the variables that stand in it."""
    if _SPEAKS.search(text) is None:
        return tuple(lines)
    return tuple(replace(line, members=tuple(None if member is None else _by_joint(member) for member in line.members)) for line in lines)


def _by_joint(expression: Expression) -> Expression:
    if not isinstance(expression, Call) or expression.below is not None or not all(map(is_variable, expression.arguments)):
        return rebuilt(expression, _by_joint)
    letter, counts = bare_word(expression.function.spelling), expression.groups or (len(expression.arguments),)
    arguments = [bare(one) for one in expression.arguments]
    ends = [sum(counts[: place + 1]) for place in range(len(counts))]
    groups = [tuple(arguments[end - count : end]) for end, count in zip(ends, counts, strict=True)]
    if letter in ENTROPIES and len(groups) in (1, 2):
        return _sum_of(expression, (("+", sum(groups, ())), ("-", groups[1] if len(groups) == 2 else ())))
    if letter in _INFORMATIONS and len(groups) == 1 and len(arguments) == 2:
        groups = [tuple(arguments[:1]), tuple(arguments[1:])]
    if letter in _INFORMATIONS and len(groups) in (2, 3):
        one, other, given = (*groups, ())[:3]
        return _sum_of(expression, (("+", one + given), ("+", other + given), ("-", one + other + given), ("-", given)))
    return expression


def _sum_of(call: Call, parts: Sequence[tuple[str, tuple[Expression, ...]]]) -> Expression:
    """The sum of the entropies of some sets of variables; that of none is zero."""
    letter = bare_word(call.function.spelling)
    name = replace(call.function, spelling=ENTROPIES["H" if letter in _INFORMATIONS else letter])
    terms = tuple((sign, Call(name, _ordered(variables), NOWHERE)) for sign, variables in parts if variables)
    return replace(terms[0][1], span=call.span) if len(terms) == 1 else Bracketed(Sum(terms, NOWHERE), "(", call.span)


def _ordered(variables: Sequence[Expression]) -> tuple[Expression, ...]:
    """A set of variables: each once, in an order that does not depend on how they were written."""
    known: dict[str, Expression] = {}
    for one in variables:
        known.setdefault(_written(one), one)
    return tuple(known[key] for key in sorted(known))


def _written(part: Expression) -> str:
    match part:
        case Name():
            return f"{part.spelling}[{','.join(map(_written, part.indices))}]{part.primes}"
        case Literal():
            return str(part.value)
        case Sum():
            return "".join(sign + _written(term) for sign, term in part.terms)
    return type(part).__name__
