"""Quantities that nothing defines, as unknown functions of what they are differentiated by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from derivcheck.notation import Surroundings, Unreadable
from derivcheck.reading.expression import Expression, Name
from derivcheck.term import build
from derivcheck.term.function import FUNCTIONS
from derivcheck.term.term import Apply, Symbol, Term
from derivcheck.term.value import Value, comprehension

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator


@dataclass(frozen=True, slots=True)
class Dependence:
    """A quantity and what it depends on, written as where it is differentiated: ``z_j`` on ``w_j`` is entry by entry, on ``w`` on all of w.

    ``axes``: how many indices each of the latter is written with elsewhere where it stands without them here. ``beside``: what is added
    to the unknown function. ``is_defined``: the document tells what the quantity is, and this is all that matters of it here.
    ``is_exact``: no quantity with other indices is meant.
    """

    body: Name
    on: tuple[Name, ...]
    axes: tuple[int, ...] = ()
    beside: Expression | None = None
    is_defined: bool = False
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Assumption:
    """A derivative that is taken to be known: that of ``body`` by ``by`` is ``value``.

    ``everywhere``: at every sample and index of the body, not only at the one that is written.
    """

    body: Expression
    by: Expression
    value: Expression
    everywhere: bool = False


def dependence_of(elaborator: Elaborator, name: Name) -> Dependence | None:
    """What a name depends on by assumption; None where nothing is assumed of it."""
    found = elaborator.depends.get(name.spelling)
    return None if found is None or (found.is_exact and len(found.body.indices) != len(name.indices)) else found


def dependent(elaborator: Elaborator, name: Name, labels: Sequence[Term], depends: Dependence, around: Surroundings) -> Value:
    """An undefined quantity at its indices as the value of an unknown function. ``labels`` are its samples. Errors: Unreadable for the bare word of a known one."""
    if name.spelling in FUNCTIONS:
        raise Unreadable(name.span, f"what {name.spelling} is taken of", "nothing")
    rank = elaborator.knowledge.ranks.of(name.spelling, len(name.indices))
    indices = [elaborator.index(index, around) for index in name.indices]
    letters = {
        pattern.spelling: index
        for pattern, index in zip(depends.body.indices, indices, strict=False)
        if isinstance(pattern, Name) and len(depends.body.indices) == len(indices)
    }
    if not depends.is_defined:
        elaborator.assumed.add(name.spelling)
    if depends.body.indices and not letters:
        depends = replace(depends, on=tuple(replace(other, indices=()) for other in depends.on))
    # What depends on the latest member of a sequence depends on that very member, wherever it stands.
    bound = {letter: index for letter, index in around.bound.items() if letter not in elaborator.floor}
    inside = replace(around, samples=tuple(labels), bound=bound).binding(letters)
    values = [_argument(elaborator, other, axes, inside) for other, axes in zip_longest(depends.on, depends.axes, fillvalue=0)]
    _same_sizes(elaborator, name.spelling, values)
    arguments = [value.closed() for value in values]
    if depends.beside is not None:
        return Value(build.add(build.apply(name.spelling, *labels, *indices, *arguments), elaborator.number(depends.beside, inside)))
    if not rank:
        return Value(build.apply(name.spelling, *labels, *indices, *arguments))
    sizes = tuple(elaborator.axis(name.spelling, rank, place, ()) for place in range(rank))
    return comprehension(sizes, lambda *entry: build.apply(name.spelling, *labels, *indices, *arguments, component=tuple(entry)))


def _same_sizes(elaborator: Elaborator, spelling: str, values: Sequence[Value]) -> None:
    """What an unknown function depends on has the same sizes wherever the function stands."""
    for place, value in enumerate(values):
        known = elaborator.arguments.setdefault((spelling, place, value.rank), value.sizes)
        for one, other in zip(known, value.sizes, strict=True):
            elaborator.sizes.unify(one, other)


def _argument(elaborator: Elaborator, name: Name, axes: int, around: Surroundings) -> Value:
    """What an unknown function depends on; all entries of a family that the document only writes entry by entry."""
    value = elaborator.value(name, around)
    is_alone = isinstance(value.body, Symbol) and len(value.body.indices) <= len(name.samples)
    is_function = isinstance(value.body, Apply) and value.body.function == name.spelling
    if not axes or name.indices or not (value.is_number and (is_alone or is_function)):
        return value
    sizes = tuple(elaborator.axis(name.spelling, axes, place, ()) for place in range(axes))
    variables = tuple(elaborator.bind(f"entry{place}", size) for place, size in enumerate(sizes))
    inside = around.binding({f"entry{place}": variable for place, variable in enumerate(variables)})
    entry = elaborator.value(replace(name, indices=tuple(Name(f"entry{place}", name.span) for place in range(axes))), inside)
    return Value(entry.body, variables, sizes)
