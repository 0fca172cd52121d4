"""Gradients and Hessians: by a variable, by the argument of a function, at a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.elaboration.differentiation import by_all, derivative_by
from derivcheck.elaboration.head import Head, head_of
from derivcheck.elaboration.release import release
from derivcheck.elaboration.variable import natural_variable
from derivcheck.notation import Surroundings, Unreadable
from derivcheck.reading.content import names_of
from derivcheck.reading.custom import COORDINATES
from derivcheck.reading.expression import At, Call, Chance, Comparison, Expression, Gradient, Listed, Name, is_plain, walk
from derivcheck.reading.name import without_label
from derivcheck.term.term import Number
from derivcheck.term.value import Value, gridded, listed

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator


def gradient(elaborator: Elaborator, expression: Gradient, around: Surroundings) -> Value:
    """A gradient as a vector, or a Hessian. Errors: Unreadable where nothing tells what it is taken by."""
    somewhere = _at_point(elaborator, expression, around)
    if somewhere is not None:
        return elaborator.value(somewhere, around)
    by = expression.by if expression.by is not None else _argument_of(elaborator, expression.body, around) or _space(elaborator, expression.body)
    if by is None:
        raise Unreadable(expression.span, "what the gradient is taken by", "nothing")
    if isinstance(by, tuple):
        return _gradient_by_list(elaborator, expression, by, around)
    if expression.order == 1:
        made = derivative_by(elaborator, expression.body, by, around)
        # The gradient of a number by a matrix has the matrix's shape; only a derivative written as a fraction is laid out either way.
        by_matrix = isinstance(by, Name) and elaborator.knowledge.ranks.of(by.spelling, len(by.indices)) == made.rank == 2
        return replace(made, layout=False) if by_matrix else made
    return by_all(elaborator, expression.body, (by, by), around)


def _at_point(elaborator: Elaborator, expression: Gradient, around: Surroundings) -> At | None:
    """A gradient of a function that the document defines, taken by its parameters, at the point that the function is applied to; None where
    it is applied to letters.
    """
    call = expression.body
    if expression.by is not None or not isinstance(call, Call) or not any(_is_point(elaborator, argument, around) for argument in call.arguments):
        return None
    found = elaborator.find(Head(call.function.spelling, call.function.indices, call.function.samples, call.arguments), around)
    formal = found.definition.head.arguments if found is not None else None
    if formal is None or not all(is_plain(one) for one in formal):
        return None
    if names_of(*formal) & names_of(*call.arguments) and (len(formal) > 1 or elaborator.oracle.pick(expression.span, "the gradient there or of all of it", (0, 1))):
        return None
    where = tuple(Comparison(one, "=", argument, argument.span) for one, argument in zip(formal, call.arguments, strict=True))
    return At(replace(expression, body=replace(call, arguments=formal)), where, None, expression.span)


def _is_point(elaborator: Elaborator, argument: Expression, around: Surroundings) -> bool:
    """Whether an argument is more than a letter: a number, an expression, a member of a sequence."""
    if not isinstance(argument, Name):
        return True
    places = argument.indices or argument.samples
    return bool(places) and all(isinstance(elaborator.index(place, around), Number) for place in places)


def _gradient_by_list(elaborator: Elaborator, expression: Gradient, by: tuple[Expression, ...], around: Surroundings) -> Value:
    """The gradient of a function of several numbers: a vector."""
    inside = around.holding(frozenset(name.spelling for name in by if is_plain(name)))
    if expression.order == 1:
        made = replace(listed([derivative_by(elaborator, expression.body, name, inside).body for name in by]), layout=True)
    else:
        made = gridded([[by_all(elaborator, expression.body, (one, other), inside).body for other in by] for one in by])
    for name in by:
        made = release(elaborator, made, name, around) if is_plain(name) else made
    return made


def in_space(elaborator: Elaborator, body: Expression, by: tuple[Name, ...], space: Sequence[Name], around: Surroundings) -> Value:
    """A derivative by variables of space, each of which varies while the others stand still."""
    value = by_all(elaborator, body, by, around.holding(frozenset(letter.spelling for letter in space)))
    for letter in space:
        value = release(elaborator, value, letter, around)
    return value


def _space(elaborator: Elaborator, body: Expression) -> tuple[Expression, ...] | None:
    """The coordinates of the point that the document writes out, ``(x, y, z)``, where a quantity is made of them."""
    book = elaborator.knowledge.book
    reached = book.reached(names_of(body))
    for known in (one for definitions in book.definitions.values() for one in definitions):
        items = known.right.items if isinstance(known.right, Listed) else ()
        letters = tuple(item.spelling for item in items if is_plain(item))
        if len(items) == len(letters) > 1 and letters == COORDINATES[: len(letters)] and reached.issuperset(letters):
            return items
    return None


def _parameter_below(elaborator: Elaborator, body: Expression, around: Surroundings) -> Name | None:
    r"""The parameter that stands below a function or a law, ``\pi_\theta(a)``, where its definition is made of it."""
    head = head_of(body)
    if head is None or not isinstance(body, Call | Chance):
        return None
    label, found = without_label(body.function)[1], elaborator.find(head, around)
    ranks = elaborator.knowledge.ranks
    if isinstance(body, Call) and label is not None and not ranks.of(label, 0) and any(is_plain(one) and ranks.of(one.spelling, 0) for one in body.arguments):
        return None  # A weight stands below what a vector is sought for.
    return Name(label, body.span) if label is not None and found is not None and label in names_of(found.definition.right) else None


def _argument_of(elaborator: Elaborator, body: Expression, around: Surroundings) -> Expression | tuple[Expression, ...] | None:
    """What a gradient without a variable is taken by: the argument of the function, or what the document takes gradients by."""
    body = elaborator.settled(body)
    parameter = _parameter_below(elaborator, body, around)
    if parameter is not None:
        return parameter
    name = body.function if isinstance(body, Call) else body if isinstance(body, Name) else None
    if name is None:
        arrays = {part.spelling: part for part in walk(body) if isinstance(part, Name) and not part.indices and elaborator.knowledge.ranks.of(part.spelling, 0) == 1}
        return next(iter(arrays.values())) if len(arrays) == 1 else None
    if isinstance(body, Call) and len(body.arguments) == 1 and elaborator.word(name.spelling) is not None:
        # A logarithm has the parameters of what it is taken of.
        return _argument_of(elaborator, body.arguments[0], around) or body.arguments[0]
    found = elaborator.find(Head(name.spelling, name.indices, name.samples), around)
    arguments = body.arguments if isinstance(body, Call) else ()
    if not arguments and found is not None and found.definition.head.arguments:
        arguments = found.definition.head.arguments
    known = elaborator.knowledge.gradients.get(name.spelling)
    if known is not None and arguments and found is not None and known.spelling not in elaborator.knowledge.book.reached(names_of(found.definition.right)):
        known = None  # The gradient of another function of that name.
    if known is not None and not any(isinstance(argument, Name) and argument.spelling == known.spelling for argument in arguments[:1]):
        return known
    if not arguments and found is not None:
        reached = elaborator.knowledge.book.reached(names_of(found.definition.right))
        space = tuple(Name(letter, body.span) for letter in COORDINATES if letter in reached and not elaborator.knowledge.ranks.of(letter, 0))
        if len(space) > 1:
            return space
    if not arguments:
        return natural_variable(elaborator, name, around)
    if len(arguments) == 1:
        return arguments[0]
    vectors = [one for one in arguments if isinstance(one, Name) and elaborator.knowledge.ranks.of(one.spelling, len(one.indices))]
    return vectors[0] if vectors else tuple(arguments)
