"""Indices as integer terms: letters, numbers, sums of them, and what is chosen for a letter, ``c(i)`` for the class of i."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.elaboration.head import Head
from derivcheck.notation import Surroundings
from derivcheck.reading.expression import Bracketed, Call, Expression, Name, Product, is_plain
from derivcheck.term import build
from derivcheck.term.term import Term, Variable
from derivcheck.term.value import Misfit

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator


def index(elaborator: Elaborator, expression: Expression, around: Surroundings) -> Term:
    """An index as an integer term; a letter that nothing binds becomes a free variable. Errors: Misfit where it is an array."""
    if _is_letter(expression):
        known = around.bound.get(expression.spelling)
        if known is not None:
            return known
        if expression.spelling in around.bindings and around.bindings[expression.spelling].is_number:
            return around.bindings[expression.spelling].body
        if elaborator.counts(expression.spelling, around):
            return elaborator.free_variable(expression.spelling)
        return build.symbol(expression.spelling)
    chosen = chosen_index(elaborator, expression, around)
    return elaborator.number(expression, around) if chosen is None else chosen


def chosen_index(elaborator: Elaborator, expression: Expression, around: Surroundings) -> Term | None:
    """The index that a document chooses for another one without saying how: any one, so a free variable of its own. None of anything else.

    Errors: Misfit where the other one runs, for then each of its values has one.
    """
    parts = _chosen(elaborator.settled(expression))
    if parts is None or parts[0].spelling in around.bound or not _runs(elaborator, parts[1], around) or elaborator.find(Head(parts[0].spelling, arguments=(parts[1],)), around) is not None:
        return None
    letter, argument = parts[0].spelling, index(elaborator, parts[1], around)
    if argument.variables - frozenset(elaborator.free.values()):
        raise Misfit("an index that depends on one that runs")
    name = argument.payload[0] if isinstance(argument, Variable) else repr(argument)
    key = f"{letter}({name})"
    # Two members may be the same one, and then what is chosen for them is the same.
    elaborator.opaque |= any(other.startswith(f"{letter}(") and other != key for other in elaborator.free)
    return elaborator.free_variable(key)


def _runs(elaborator: Elaborator, argument: Name, around: Surroundings) -> bool:
    return argument.spelling in around.bound or elaborator.counts(argument.spelling, around)


def _is_letter(expression: Expression) -> bool:
    return isinstance(expression, Name) and not expression.indices and not expression.samples


def _chosen(expression: Expression) -> tuple[Name, Name] | None:
    """The letter and its argument in ``c(i)``."""
    match expression:
        case Product(factors=(first, Bracketed(body=argument, opening="("))) if is_plain(first) and not any(expression.signs) and is_plain(argument):
            return first, argument
        case Call(arguments=(argument,)) if is_plain(expression.function) and is_plain(argument) and len(expression.function.spelling) == 1:
            return expression.function, argument
    return None
