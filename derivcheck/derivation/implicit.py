r"""Quantities that an equation makes functions of another one without saying which: y of x where ``x^2 + y^2 = 1`` is differentiated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from derivcheck.derivation.dependence import pairs
from derivcheck.derivation.outline import Line, members_of
from derivcheck.elaboration.book import is_around
from derivcheck.reading.content import names_of, number
from derivcheck.reading.custom import VARIABLES
from derivcheck.reading.expression import Call, Differential, Expression, Gradient, Integration, Name, Prime, Sum, is_plain, walk

EQUALS = "="


def implicit(lines: Sequence[Line], scope: tuple[int, ...]) -> dict[str, str]:
    """What each quantity depends on that is differentiated in a scope without being defined: by an equation of both, or by one of it and its slope.

    ``lines``: those that hold there. What is differentiated by several quantities is a function of all of them, and of none alone.
    """
    found: dict[str, str] = {}
    told: dict[str, tuple[int, ...]] = {}
    curves: list[frozenset[str]] = []
    primed = {part.spelling for part in _names(lines) if part.primes}
    several = _differentiated_by_several(lines)
    everything = frozenset(name for member in members_of(lines) for name in _plain(member))
    for line in lines:
        sides = [member for member in line.members if member is not None]
        bare = frozenset(name for side in sides for name in _plain(side))
        own = is_around(line.scope, scope) or is_around(scope, line.scope)
        for body, by in _slopes(sides, [*curves, bare], everything) if own else ():
            if body not in told and body not in several and by not in primed and (body in bare or any({body, by} <= curve for curve in curves)):
                found.setdefault(body, by)
        if len(sides) != len(line.members) or not line.statement.signs or line.statement.signs[0].text != EQUALS:
            continue
        if is_plain(sides[0]) and number(sides[1]) is None:
            told |= {name: line.scope for name in {sides[0].spelling} - names_of(sides[1])}
        elif own and not any(isinstance(part, Differential | Gradient | Prime) for side in sides for part in walk(side)):
            curves.append(bare)
            told = {name: where for name, where in told.items() if name not in bare or is_around(where, line.scope)}
    return found


def _differentiated_by_several(lines: Sequence[Line]) -> frozenset[str]:
    found: dict[str, set[str]] = {}
    for body, by in pairs(members_of(lines)):
        found.setdefault(body.spelling, set()).add(by.spelling)
    return frozenset(name for name, letters in found.items() if len(letters) > 1)


def _names(lines: Sequence[Line]) -> Iterator[Name]:
    return (part for member in members_of(lines) for part in walk(member) if isinstance(part, Name))


def _plain(expression: Expression) -> Iterator[str]:
    """The letters that stand in an expression outside of derivatives, with nothing at them, and are no functions."""
    if isinstance(expression, Differential | Gradient):
        return
    inside = walk(expression)
    hidden = {id(part.function) for part in inside if isinstance(part, Call)}
    hidden |= {id(inner) for part in inside if isinstance(part, Differential | Gradient) for inner in walk(part)}
    yield from (part.spelling for part in inside if is_plain(part) and id(part) not in hidden)


def _slopes(sides: Sequence[Expression], curves: Sequence[frozenset[str]], everything: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Letters that are differentiated totally, with what by; for a prime the usual variable of the equations about the letter, else of all."""
    total = [part for side in sides for part in walk(side) if isinstance(part, Differential) and part.total]
    for body, by in pairs(total):
        if is_plain(body) and is_plain(by):
            yield body.spelling, by.spelling
    for side in sides:
        functions = {id(part.function) for part in walk(side) if isinstance(part, Call)}
        for part in walk(side):
            if isinstance(part, Name) and part.primes and not part.indices and not part.samples and id(part) not in functions:
                near = [curve for curve in curves if part.spelling in curve]
                by = next((letter for letter in VARIABLES for curve in (*near, everything) if near and letter in curve and letter != part.spelling), None)
                if by is not None:
                    yield part.spelling, by


def constants(lines: Sequence[Line], along: Mapping[str, str]) -> frozenset[str]:
    """Constants of integration: letters that are added beside an antiderivative, or in an equation for a quantity with a known slope."""
    found: set[str] = set()
    for line in lines:
        sides = [member for member in line.members if member is not None]
        names = names_of(*sides)
        integrals = [part for side in sides for part in walk(side) if isinstance(part, Integration) and part.lower is None]
        if integrals or names & along.keys():
            own = names_of(*integrals) | along.keys() | set(along.values())
            terms = [term for side in sides for part in walk(side) if isinstance(part, Sum) for _, term in part.terms]
            found |= {term.spelling for term in terms if is_plain(term) and term.spelling not in own}
    return frozenset(found)
