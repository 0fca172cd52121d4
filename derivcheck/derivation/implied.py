"""Definitions that nobody writes down: what a free parameter, a number left out or a loss without a name stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from derivcheck.derivation.dependence import pairs
from derivcheck.derivation.instance import is_instance, replaced
from derivcheck.derivation.outline import Line, members_of
from derivcheck.document import Kind
from derivcheck.elaboration.book import Book, Definition, near
from derivcheck.elaboration.head import Head
from derivcheck.elaboration.same import same
from derivcheck.reading.content import bare, names_of, number
from derivcheck.reading.expression import Binder, Call, Expression, Literal, Name, Product, Quotient, Sum, children, is_plain, walk
from derivcheck.source import NOWHERE

_QUANTITY = re.compile(r"\b(?:loss|cost|objective|error|energy|likelihood|criterion|penalty|function)\b", re.I)


def imply(lines: Sequence[Line], book: Book) -> None:
    """Adds to a book what its document implies."""
    _free_parameters(lines, book)
    _unnumbered(lines, book)
    _unnamed(lines, book)
    _summands(lines, book)
    _worked_out(book)


def _worked_out(book: Book) -> None:
    """A name for what a function is applied to, told by its numbers alone: s = 0.5 * 2 + 4 beside f = g(w x + b)."""
    known = [one for definitions in book.definitions.values() for one in definitions]
    for value in known:
        if not _is_calculation(value):
            continue
        for general in known:
            if general.order >= value.order or not near(general.scope, value.scope):
                continue
            calls = [part for part in walk(general.right) if isinstance(part, Call) and len(part.arguments) == 1]
            argument = next((call.arguments[0] for call in calls if is_instance(call.arguments[0], value.right)), None)
            if argument is not None:
                name = Name(value.head.spelling, NOWHERE)
                book.definitions[name.spelling][book.definitions[name.spelling].index(value)] = replace(value, is_value=True)
                book.add(replace(value, right=argument, stated=False, is_value=False))
                book.add(replace(general, right=replaced(general.right, argument, name), order=value.order, is_proved=True))
                break


def _is_calculation(definition: Definition) -> bool:
    """Whether a name is told by a formula of numbers alone."""
    head = definition.head
    is_name = head.arguments is None and not (head.indices or head.samples or head.primes)
    return is_name and isinstance(definition.right, Sum | Product | Quotient) and not names_of(definition.right)


def _unnamed(lines: Sequence[Line], book: Book) -> None:
    """A displayed quantity that words introduce without a name, and the one undefined name that is differentiated after it."""
    for line in lines:
        if line.statement.signs or line.segment.kind is not Kind.DISPLAY or len(line.members) != 1 or not _QUANTITY.search(line.words):
            continue
        right = line.members[0]
        if right is None or isinstance(right, Name | Call):
            continue
        after = [other for other in lines[line.order + 1 :] if near(other.scope, line.scope)]
        bodies = [body for body, _ in pairs(members_of(after))]
        names = {body.spelling for body in bodies if is_plain(body) and not book.is_defined(body.spelling)}
        if len(names) == 1:
            book.add(Definition(Head(names.pop()), right, line.order, line.scope, stated=False))


def _summands(lines: Sequence[Line], book: Book) -> None:
    r"""What one sample adds to a sum that has a name, where it is called by that name with its index: ``L_i`` beside ``L = \sum_i \ldots``."""
    indexed = {part.spelling for line in lines for member in members_of([line]) for part in walk(member) if isinstance(part, Name) and len(part.indices) == 1 and is_plain(part.indices[0])}
    for spelling in sorted(indexed & book.definitions.keys()):
        definitions = book.definitions[spelling]
        if any(one.head.indices or one.head.samples or one.head.primes for one in definitions):
            continue
        for one in list(definitions):
            found = _summand(one.right)
            if found is not None and spelling not in names_of(found[1]):
                book.add(Definition(Head(spelling, (found[0],)), found[1], one.order, one.scope, stated=False))


def _summand(expression: Expression) -> tuple[Name, Expression] | None:
    """The variable of a sum and its summand with what numbers stand before the sum; None of anything else. How many there are, in a mean, is no part of it."""
    plain = bare(expression)
    match plain:
        case Binder(operation="+", variables=(variable,)) if is_plain(variable) and plain.condition is None:
            return variable, plain.body
        case Sum(terms=((sign, term),)):
            found = _summand(term)
            return None if found is None else (found[0], Sum(((sign, found[1]),), plain.span))
        case Product(factors=(first, second), signs=(sign,)):
            found = _summand(second)
            if found is None or not (_is_share(first) or number(first) is not None or _is_number_share(first)):
                return None
            return found if _is_share(first) else (found[0], Product((first, found[1]), (sign,), plain.span))
    return None


def _is_share(expression: Expression) -> bool:
    """Whether an expression is one by a name: 1/N."""
    plain = bare(expression)
    return isinstance(plain, Quotient) and number(plain.above) == 1 and is_plain(bare(plain.below))


def _is_number_share(expression: Expression) -> bool:
    plain = bare(expression)
    return isinstance(plain, Quotient) and number(plain.above) is not None and number(plain.below) is not None


def _free_parameters(lines: Sequence[Line], book: Book) -> None:
    """A formal parameter that is used free later means the argument its function was applied to.

    From ŷ = σ(Wx + b) and σ(a)_i = ... follows a = Wx + b, if the function is applied to one thing only.
    """
    for definitions in list(book.definitions.values()):
        for definition in definitions:
            arguments = definition.head.arguments or ()
            if len(arguments) != 1 or not is_plain(arguments[0]) or book.is_defined(arguments[0].spelling):
                continue
            around = [line for line in lines if near(line.scope, definition.scope)]
            given = _applied_to(around, definition.head.spelling, arguments[0].spelling)
            if len(given) == 1 and _is_free_in(around, arguments[0].spelling, definition):
                argument, order = given[0]
                book.add(Definition(Head(arguments[0].spelling), argument, max(order, definition.order), definition.scope, stated=False))


def _unnumbered(lines: Sequence[Line], book: Book) -> None:
    """A quantity that is defined with a number below it and called without it afterwards: E for E_2."""
    for definitions in list(book.definitions.values()):
        numbered = [one for one in definitions if len(one.head.indices) == 1 and isinstance(one.head.indices[0], Literal)]
        if len(numbered) != 1 or numbered[0].head.arguments is not None:
            continue
        head, order, scope = numbered[0].head, numbered[0].order, numbered[0].scope
        if any(one.head.indices or one.order < order for one in definitions if one is not numbered[0] and near(one.scope, scope)):
            continue
        around = [line for line in lines if near(line.scope, scope)]
        uses = [(line.order, part) for line in around for member in members_of([line]) for part in walk(member) if isinstance(part, Name)]
        uses = [(place, part) for place, part in uses if part.spelling == head.spelling]
        alone = all(not part.samples and (not part.indices or same(part.indices[0], head.indices[0])) for _, part in uses)
        if alone and all(part.indices or place > order for place, part in uses):
            book.add(Definition(Head(head.spelling), Name(head.spelling, NOWHERE, head.indices), order, scope, stated=False))


def _applied_to(lines: Sequence[Line], function: str, parameter: str) -> list[tuple[Expression, int]]:
    """The different things, other than its parameter, that a function is applied to, with the first line of each."""
    found: list[tuple[Expression, int]] = []
    for line in lines:
        for member in line.members:
            for part in walk(member) if member is not None else ():
                if isinstance(part, Call) and part.function.spelling == function and len(part.arguments) == 1:
                    argument = part.arguments[0]
                    inside = names_of(argument)
                    if parameter not in inside and inside and not isinstance(argument, Name) and not any(same(argument, other) for other, _ in found):
                        found.append((argument, line.order))
    return found


def _mentions_call(line: Line, function: str, parameter: str) -> bool:
    """Whether a line applies a function to its own parameter: then the parameter stands for anything there."""
    for member in line.members:
        for part in walk(member) if member is not None else ():
            arguments = part.arguments if isinstance(part, Call) and part.function.spelling == function else ()
            if any(isinstance(inner, Name) and inner.spelling == parameter for argument in arguments for inner in walk(argument)):
                return True
    return False


def _is_free_in(lines: Sequence[Line], parameter: str, definition: Definition) -> bool:
    """Whether a parameter stands somewhere outside its function's own definition and arguments."""
    for line in lines:
        if line.order == definition.order or _mentions_call(line, definition.head.spelling, parameter):
            continue
        for member in line.members:
            if member is not None and _stands_free(member, parameter, definition.head.spelling):
                return True
    return False


def _stands_free(expression: Expression, parameter: str, function: str) -> bool:
    if isinstance(expression, Call) and expression.function.spelling == function and any(isinstance(argument, Name) and argument.spelling == parameter for argument in expression.arguments):
        return False
    if isinstance(expression, Name) and expression.spelling == parameter:
        return True
    return any(_stands_free(child, parameter, function) for child in children(expression))


