"""Sequences that are told step by step: update rules with a counter, and gradient descent in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from derivcheck.derivation.condition import sentence_starts
from derivcheck.derivation.outline import Line
from derivcheck.elaboration.book import Definition, holds_in
from derivcheck.elaboration.head import Head
from derivcheck.elaboration.same import same
from derivcheck.reading.content import has_derivative, number
from derivcheck.reading.expression import Call, Expression, Gradient, Literal, Name, Power, Product, Quotient, Sum, Unread, is_plain, walk
from derivcheck.source import NOWHERE

_DESCENT = re.compile(r"\bGD\b|\b[Gg]radient descent\b|\b[Ss]teepest descent\b")
# What makes other steps of it, or other numbers, than the plain rule does.
_OTHER_RULE = re.compile(r"\b(?:stochastic|mini-?\s?batch\w*|batch\w*|momentum|nesterov|accelerat\w*|project\w*|proximal|normali[sz]ed|conjugate|coordinate|decay\w*|line search|adaptive|natural|ascent|noisy)\b", re.I)
_COUNTER = Name("k", NOWHERE)
_NEXT = Sum((("+", _COUNTER), ("+", Literal(Fraction(1), NOWHERE))), NOWHERE)


def is_update(left: Name, right: Expression) -> bool:
    """Whether something is added to a name, or to the member of a sequence before it, along a derivative: ``w = w - \\eta g``.

    As an equation a name that equals itself and something more would say nothing but that the latter is zero.
    """
    kept = _kept(left, right)
    return any(same(term, left) for term in kept) or (_is_counted(left) and bool(kept) and (has_derivative(right) or _has_prime(right)))


def _has_prime(right: Expression) -> bool:
    """Whether a function is differentiated with a prime."""
    return any(isinstance(part, Call) and part.function.primes for part in walk(right))


def _kept(left: Name, right: Expression) -> list[Name]:
    """The terms of a right side that are members of the sequence on the left."""
    terms = right.terms if isinstance(right, Sum) else ()
    return [term for sign, term in terms if sign == "+" and isinstance(term, Name) and term.spelling == left.spelling and term.primes == left.primes]


def _is_counted(left: Name) -> bool:
    """Whether a name has a number below or above that is told by a letter and what is added to it: ``w_{t+1}``."""
    return any(isinstance(index, Sum) for index in (*left.indices, *left.samples))


def iterations(lines: Sequence[Line]) -> dict[int, Definition]:
    """What the update rules of sequences define, by the lines that state them: those that no other rule in their scope contradicts."""
    rules = [*_stated(lines)]
    rules += [rule for rule in _in_words(lines) if all(rule.head.spelling != other.head.spelling for other in rules)]
    return {rule.order: rule for rule in rules if not any(_contradicts(rule, other) for other in rules)}


def _contradicts(one: Definition, other: Definition) -> bool:
    is_about = one.head.spelling == other.head.spelling and (holds_in(one.scope, other.scope) or holds_in(other.scope, one.scope))
    return is_about and not same(one.right, other.right)


def _stated(lines: Sequence[Line]) -> Iterator[Definition]:
    """The update rules that are written down."""
    for line in lines:
        left, right = (*line.members, None, None)[:2]
        if not isinstance(left, Name) or right is None or not _is_counted(left) or not is_update(left, right):
            continue
        if not any(isinstance(part, Unread) for part in walk(right)):
            yield Definition(Head(left.spelling, left.indices, left.samples), right, line.order, line.scope)


def _in_words(lines: Sequence[Line]) -> Iterator[Definition]:
    """``Gradient descent with \\eta = 0.1 from w_0 = (1, 2)`` for the one function of w that is defined before it."""
    starts = sentence_starts(lines)
    for line in lines:
        words = line.words
        begins = _beginning(line)
        if begins is None or not _DESCENT.search(words) or _OTHER_RULE.search(f"{words} {line.after}"):
            continue
        told = [other for other in lines if starts[other.order] == starts[line.order] and other is not line]
        rates = [left for other in told if (left := _rate(other)) is not None]
        functions = _functions(lines, line, begins.spelling)
        if len(rates) == 1 and len(functions) == 1:
            member = _at(begins, _COUNTER)
            step = Product((rates[0], Gradient(replace(functions[0], arguments=(member,)), None, 1, NOWHERE)), ("",), NOWHERE)
            head = _at(begins, _NEXT)
            yield Definition(Head(head.spelling, head.indices, head.samples), Sum((("+", member), ("-", step)), NOWHERE), line.order, line.scope)


def _beginning(line: Line) -> Name | None:
    """The member numbered 0 of a sequence that a line gives a value."""
    left = line.members[0] if len(line.members) == 2 else None
    places = (*left.indices, *left.samples) if isinstance(left, Name) else ()
    return left if isinstance(left, Name) and len(places) == 1 and number(places[0]) == 0 else None


def _at(name: Name, count: Expression) -> Name:
    """The member of a sequence at a count."""
    return replace(name, indices=(count,)) if name.indices else replace(name, samples=(count,))


def _rate(line: Line) -> Name | None:
    """A name that a line gives a number, as a rate has."""
    left, right = (*line.members, None, None)[:2]
    is_number = right is not None and all(isinstance(part, Literal | Quotient | Power | Product) for part in walk(right))
    return left if len(line.members) == 2 and is_plain(left) and is_number else None


def _functions(lines: Sequence[Line], here: Line, parameter: str) -> list[Call]:
    """The functions of a parameter alone that are defined before a line, where they hold."""
    found: dict[str, Call] = {}
    for line in lines[: here.order]:
        left = line.members[0] if len(line.members) > 1 and holds_in(line.scope, here.scope) else None
        if isinstance(left, Call) and len(left.arguments) == 1 and is_plain(left.arguments[0]) and left.arguments[0].spelling == parameter and not left.function.primes:
            found.setdefault(left.function.spelling, left)
    return list(found.values())
