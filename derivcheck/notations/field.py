r"""Fields: divergence, curl, Laplacian, and the derivative in a direction.

Holds: $\nabla \cdot (x^2, x y) = 3 x$. Does not: $\nabla \cdot (x^2, x y) = 2 x + y$. What is differentiated by are the parameters of the
function that is named, else the first of x, y and z.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings, Unreadable
from derivcheck.reading.content import names_of
from derivcheck.reading.custom import COORDINATES
from derivcheck.reading.expression import Call, Expression, Gradient, Name, is_plain
from derivcheck.term import build
from derivcheck.term.term import Number, Term
from derivcheck.term.value import Value, dot, listed


def _divergence(elaborator, call: Call, around: Surroundings) -> Value:
    (field,) = call.arguments
    space = _space(elaborator, field, _count(elaborator, field, around))
    return Value(build.add(*(elaborator.in_space(field, (by,), space, around).at(build.number(place)) for place, by in enumerate(space, 1))))


def _curl(elaborator, call: Call, around: Surroundings) -> Value:
    (field,) = call.arguments
    count = _count(elaborator, field, around)
    space = _space(elaborator, field, count)

    def turn(first: int, second: int) -> Term:
        """How the second component changes along the first axis, less the other way round."""
        slopes = [elaborator.in_space(field, (space[place - 1],), space, around) for place in (first, second)]
        return build.subtract(slopes[0].at(build.number(second)), slopes[1].at(build.number(first)))

    if count == 2:
        return Value(turn(1, 2))
    if count != 3:
        raise Unreadable(call.span, "a field of two or three components", str(count))
    return listed([turn(2, 3), turn(3, 1), turn(1, 2)])


def _laplacian(elaborator, call: Call, around: Surroundings) -> Value:
    (body,) = call.arguments
    space = _space(elaborator, body, None)
    if not space:
        raise Unreadable(call.span, "a function of variables of space", "none")
    return Value(build.add(*(elaborator.in_space(body, (by, by), space, around).body for by in space)))


def _directional(elaborator, call: Call, around: Surroundings) -> Value:
    body, direction = call.arguments
    slopes = elaborator.value(Gradient(body, None, 1, call.span), around)
    return dot(elaborator.sizes, slopes, elaborator.value(direction, around))


def _count(elaborator, field: Expression, around: Surroundings) -> int:
    """How many components a field has."""
    value = elaborator.value(field, around)
    size = elaborator.sizes.find(value.sizes[0]) if value.rank == 1 else None
    if not isinstance(size, Number):
        raise Unreadable(field.span, "a field with components that are written out", "something else")
    return int(size.value)


def _space(elaborator, body: Expression, count: int | None) -> tuple[Name, ...]:
    """The variables of space: the parameters of a function, else as many of the usual letters as there are, or as occur."""
    parameters = _parameters(elaborator, body)
    if parameters and count in (None, len(parameters)):
        return parameters
    letters = tuple(Name(letter, body.span) for letter in COORDINATES)
    if count is not None:
        return letters[:count]
    reached = elaborator.knowledge.book.reached(names_of(body))
    return tuple(letter for letter in letters if letter.spelling in reached)


def _parameters(elaborator, body: Expression) -> tuple[Name, ...]:
    body = elaborator.settled(body)
    if isinstance(body, Call):
        arguments = body.arguments
    else:
        known = elaborator.knowledge.book.definitions.get(body.spelling, ()) if isinstance(body, Name) else ()
        arguments = next((one.head.arguments for one in known if one.head.arguments), ())
    names = tuple(one for one in arguments if is_plain(one))
    return names if len(names) == len(arguments) else ()


NOTATION = Notation(words={"div": _divergence, "curl": _curl, "rot": _curl, "laplacian": _laplacian, "directional": _directional})
