"""Which letters of an expression are variables, and which of them a quantity is differentiated by where nobody says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.elaboration.book import is_around
from derivcheck.elaboration.head import Head
from derivcheck.notation import Surroundings
from derivcheck.reading.custom import CONSTANTS, VARIABLES
from derivcheck.reading.expression import Binder, Call, Expression, Integration, Limiting, Name, walk

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator



def variables_of(expression: Expression) -> frozenset[str]:
    """The spellings of the names in an expression that stand for numbers that are not told: no functions, no bound letters, no constants."""
    parts = walk(expression)
    functions = {id(part.function) for part in parts if isinstance(part, Call)}
    bound = {name.spelling for part in parts for name in _bound_by(part)}
    return frozenset(part.spelling for part in parts if isinstance(part, Name) and id(part) not in functions) - bound - CONSTANTS


def _bound_by(part: Expression) -> tuple[Name, ...]:
    match part:
        case Binder():
            return part.variables
        case Integration(variable=Name() as variable) | Limiting(variable=variable):
            return (variable,)
    return ()


def natural_variable(elaborator: Elaborator, name: Name, around: Surroundings) -> Expression | None:
    """The argument of a name's function, or the one variable that a quantity is made of."""
    found = elaborator.find(Head(name.spelling, name.indices, name.samples), around)
    if found is None:
        return None
    arguments = found.definition.head.arguments
    if arguments and len(arguments) == 1:
        return arguments[0]
    return lone_variable(elaborator, found.definition.right, around)


def lone_variable(elaborator: Elaborator, expression: Expression, around: Surroundings) -> Expression | None:
    """The one variable that an expression is made of; None where it cannot be told. What other problems define may be one."""
    applied = {id(part.function) for part in walk(expression) if isinstance(part, Call)}
    names = {part.spelling: part for part in walk(expression) if isinstance(part, Name) and not part.indices and id(part) not in applied}
    plain = [one for one in names.values() if one.spelling not in CONSTANTS and not _is_made(elaborator, one, around)]
    chosen = [one for letter in VARIABLES for one in plain if one.spelling == letter] or plain[: len(plain) == 1]
    return chosen[0] if chosen else None


def _is_made(elaborator: Elaborator, name: Name, around: Surroundings) -> bool:
    """Whether a name is defined by other quantities here."""
    book = elaborator.knowledge.book
    return any(not one.is_value and is_around(one.scope, around.scope) for one in book.definitions.get(name.spelling, ())) or (
        book.is_defined(name.spelling) and elaborator.find(Head(name.spelling), around) is not None
    )
