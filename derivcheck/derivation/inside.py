"""What the middle of a chain of equations defines: a name, a function or a probability that nothing has told yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.derivation.definable import FIXED, definable
from derivcheck.derivation.instance import replaced
from derivcheck.derivation.mention import mentions
from derivcheck.derivation.outline import Line
from derivcheck.elaboration.book import Definition, is_around
from derivcheck.elaboration.head import Head
from derivcheck.reading.content import names_of, number
from derivcheck.reading.expression import Call, Chance, Comparison, Expression, Name, walk
from derivcheck.source import NOWHERE

if TYPE_CHECKING:
    from derivcheck.derivation.role import Roles


def told_inside(roles: Roles, line: Line, place: int, right: Expression) -> Definition | None:
    """What the member at a place is defined as by the one behind it; None where that is a claim."""
    member = line.members[place]
    match member:
        case Name():
            return _named(roles, line, place, member, right)
        case Call():
            return _called(roles, line, member, right)
        case Chance() if place == 1 and roles.roles[line.order, 0] == "definition":
            return _chance(roles, line, member, right)
    return None


def _named(roles: Roles, line: Line, place: int, left: Name, right: Expression) -> Definition | None:
    """A value for a name inside a chain, ``\\partial q / \\partial x = y = 5``, or what a new one is behind names: ``a = \\hat y = \\sigma(z)``."""
    head = definable(left)
    if head is None or roles.is_known(head, line) or mentions(head, right):
        return None
    is_new = not roles.is_variable(head.spelling, line.scope) and all(roles.roles[line.order, other] == "definition" for other in range(place))
    if number(right) is None and not (is_new and head.spelling not in names_of(*line.members[:place])):
        return None
    return Definition(head, right, line.order, line.scope, is_value=roles.is_variable(head.spelling, line.scope))


def _called(roles: Roles, line: Line, call: Call, right: Expression) -> Definition | None:
    """A function told by what it is of an expression: ``h(x) = g(w^\\top x) = 1 / (1 + e^{-w^\\top x})`` defines g."""
    function = call.function
    if len(call.arguments) != 1 or isinstance(call.arguments[0], Name) or roles.book.is_defined(function.spelling) or function.spelling in FIXED:
        return None
    if function.spelling in roles.functions or roles.is_variable(function.spelling, line.scope):
        return None
    parameter = Name("u", NOWHERE)
    body = replaced(right, call.arguments[0], parameter)
    inside = names_of(call.arguments[0])
    if body is right or not inside or inside & names_of(body):
        return None
    return Definition(Head(function.spelling, arguments=(parameter,)), body, line.order, line.scope)


def _chance(roles: Roles, line: Line, chance: Chance, right: Expression) -> Definition | None:
    """A probability that what is defined is said to be, and its formula: ``h(x) = P(y=1|x) = 1 / (1 + e^{-w x})``, where nothing else tells of probabilities."""
    told = [one for name, known in roles.book.definitions.items() if name.startswith(f"{chance.function.spelling}(") for one in known]
    is_told = any(is_around(one.scope, line.scope) for one in told)
    values = all(isinstance(event, Name) or (isinstance(event, Comparison) and event.sign == "=") for event in chance.events)
    head = definable(chance)
    if is_told or not chance.given or not values or head is None or any(isinstance(part, Chance) for part in walk(right)):
        return None
    return Definition(head, right, line.order, line.scope)
