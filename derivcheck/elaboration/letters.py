"""The index letters that stand in an expression and that nothing in it binds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.notation import Surroundings
from derivcheck.reading.expression import Binder, Expression, Name, walk

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator


def counting(elaborator: Elaborator, expression: Expression, around: Surroundings) -> list[str]:
    """The letters that stand below names in an expression and that nothing binds, in order of appearance."""
    inside = _bound(expression)
    found: list[str] = []
    for name in walk(expression):
        for index in (*name.indices, *name.samples) if isinstance(name, Name) else ():
            plain = isinstance(index, Name) and not index.indices
            if plain and index.spelling not in inside and index.spelling not in around.bound and elaborator.counts(index.spelling, around):
                found.append(index.spelling)
    return list(dict.fromkeys(found))


def running(elaborator: Elaborator, expression: Expression) -> str | None:
    """The letter at which an expression is the entry of something; None where there is none, or more than one."""
    inside = _bound(expression)
    found: list[str] = []
    for name in walk(expression):
        if isinstance(name, Name):
            found += [index.spelling for index in name.indices if isinstance(index, Name) and not index.indices]
    letters = [letter for letter in dict.fromkeys(found) if letter not in inside and letter in elaborator.knowledge.vocabulary.indices]
    return letters[0] if len(letters) == 1 else None


def _bound(expression: Expression) -> set[str]:
    """The letters that sums and the like bind in an expression."""
    return {name.spelling for part in walk(expression) if isinstance(part, Binder) for name in part.variables}
