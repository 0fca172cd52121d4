"""The law of total probability for a value whose density is told in each case: ``p(x|z = k)`` for every k, or for each number that z takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.notation import Surroundings
from derivcheck.reading.content import names_of
from derivcheck.reading.edit import renamed
from derivcheck.reading.expression import Binder, Chance, Comparison, Expression, Literal, Name, Product, is_plain
from derivcheck.source import NOWHERE
from derivcheck.term import build
from derivcheck.term.term import Term

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator


def total(elaborator: Elaborator, chance: Chance, event: Expression, around: Surroundings) -> Term | None:
    """The density of a value by those that the document tells for the cases of something else; None where it tells none."""
    if not isinstance(event, Name):
        return None
    about = {one.left.spelling for one in (*chance.events, *chance.given) if isinstance(one, Comparison) and isinstance(one.left, Name)}
    for told in elaborator.knowledge.densities:
        case = _case(told)
        if case is None or (about and not about & names_of(*told.given)) or not _is_of(told.events[0], event) or elaborator.told_chance(told, around) is None:
            continue
        inside = _at(told, event)
        condition = inside.given[0]
        assert isinstance(condition, Comparison)
        values = sorted(set(_values(elaborator, condition.left)))
        if len(values) > 1:
            return build.add(*(elaborator.number(_weighted(inside, replace(condition, right=Literal(value, NOWHERE)), chance), around) for value in values))
        if case.spelling in elaborator.knowledge.vocabulary.indices:
            return elaborator.number(Binder("+", (case,), None, None, None, _weighted(inside, condition, chance), NOWHERE), around)
    return None


def _case(told: Chance) -> Name | None:
    """The letter for any case in the condition of a density."""
    if len(told.events) != 1 or len(told.given) != 1 or not isinstance(told.given[0], Comparison):
        return None
    condition = told.given[0]
    return condition.right if condition.sign == "=" and isinstance(condition.left, Name) and is_plain(condition.right) else None


def _is_of(told: Expression, event: Name) -> bool:
    return isinstance(told, Name) and told.spelling == event.spelling and len(told.indices) == len(event.indices) and all(map(is_plain, (*told.indices, *event.indices)))


def _at(told: Chance, event: Name) -> Chance:
    """A density of one member of a family as that of another one."""
    own = told.events[0]
    assert isinstance(own, Name)
    made: Expression = told
    for mine, its in zip(own.indices, event.indices, strict=True):
        if isinstance(mine, Name) and isinstance(its, Name):
            made = renamed(made, mine.spelling, its.spelling)
    assert isinstance(made, Chance)
    return made


def _values(elaborator: Elaborator, variable: Expression) -> Iterator[Fraction]:
    """The numbers that the document says a variable takes, in some probability."""
    for told in elaborator.knowledge.densities:
        for one in (*told.events, *told.given):
            if isinstance(one, Comparison) and one.sign == "=" and isinstance(one.left, Name) and isinstance(variable, Name) and one.left.spelling == variable.spelling and isinstance(one.right, Literal):
                yield one.right.value


def _weighted(told: Chance, condition: Comparison, chance: Chance) -> Expression:
    """The density in a case times the probability of the case."""
    return Product((replace(told, given=(condition,)), Chance(chance.function, (condition,), (), NOWHERE)), ("",), NOWHERE)
