"""After a derivative was taken: the names that were held for it are put in by what they are defined as."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.elaboration.head import Head
from derivcheck.elaboration.member import is_member, places_of
from derivcheck.elaboration.naming import SAMPLED, is_defined_alone, is_held, named, symbol_name
from derivcheck.notation import Surroundings
from derivcheck.reading.expression import Expression, Literal, Name
from derivcheck.term import binder
from derivcheck.term.term import Number, Symbol, Term
from derivcheck.term.value import Value, put_in

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator


def release(elaborator: Elaborator, value: Value, name: Name, around: Surroundings, alias: str = "") -> Value:
    """A value with a name that was held for differentiating put in by what it is defined as. ``alias``: what its entries are called."""
    if is_held(elaborator, name, around):
        return value
    body = value.body
    if is_member(elaborator, name, around):
        return replace(value, body=_member_put_in(elaborator, body, name, around))
    sampled = SAMPLED.format(symbol_name(name))
    for spelling, samples in {symbol_name(name): 0, alias: 0, sampled: 1}.items():
        uses = [part for part in binder.walk(body) if isinstance(part, Symbol) and part.name == spelling]
        for label in {part.indices[0]: None for part in uses if samples and isinstance(part.indices[0], Number)}:
            for count in sorted({len(part.indices) - 1 for part in uses if part.indices[0] is label}):
                definition = _definition_value(elaborator, name, count, 0, around, (Literal(label.value, name.span),))
                body = put_in(body, spelling, definition, (label,)) if definition is not None else body
        for number in {part.indices[0]: None for part in uses if not samples and part.indices and isinstance(part.indices[0], Number)}:
            definition = _numbered_value(elaborator, name, Literal(number.value, name.span), around)
            body = put_in(body, spelling, definition, (number,)) if definition is not None else body
        for count in sorted({len(part.indices) for part in uses}):
            definition = _definition_value(elaborator, name, count - samples, samples, around)
            if definition is not None:
                body = put_in(body, spelling, definition)
    return replace(value, body=body)


def _member_put_in(elaborator: Elaborator, body: Term, name: Name, around: Surroundings) -> Term:
    """A term with one member of a sequence put in by what it is defined as."""
    places = places_of(elaborator, name, around)
    if name.samples and name.indices:
        return _entries_put_in(elaborator, body, name, around, places)
    whole = named(elaborator, name, around)
    family = SAMPLED.format(symbol_name(name)) if name.samples else symbol_name(name)
    itself = isinstance(whole.body, Symbol) and whole.body.name == family
    return body if itself else put_in(body, family, whole, places)


def _entries_put_in(elaborator: Elaborator, body: Term, name: Name, around: Surroundings, places: tuple[Term, ...]) -> Term:
    """A term with the entries of one member of a sequence of arrays put in by what they are defined as."""
    family = SAMPLED.format(symbol_name(name))
    uses = [part for part in binder.walk(body) if isinstance(part, Symbol) and part.name == family and part.indices[:1] == places]
    for count in sorted({len(part.indices) - 1 for part in uses}):
        definition = _definition_value(elaborator, name, count, 0, around, name.samples)
        body = put_in(body, family, definition, places) if definition is not None else body
    return body


def _numbered_value(elaborator: Elaborator, name: Name, number: Literal, around: Surroundings) -> Value | None:
    """What a name with a number below is defined as, where it is by itself: ``z_1`` of two layers."""
    numbered = replace(name, indices=(number,), samples=())
    if not is_defined_alone(elaborator, numbered, around):
        return None
    value = named(elaborator, numbered, around)
    return None if isinstance(value.body, Symbol) and value.body.name == symbol_name(name) else value


def _definition_value(
    elaborator: Elaborator, name: Name, count: int, samples: int, around: Surroundings, fixed: tuple[Expression, ...] = ()
) -> Value | None:
    """What a held name is defined as, as an array over its samples and indices; None where it is not defined. ``fixed``
    are labels that are numbers.
    """
    letters = [f"~{k}" for k in range(samples + count)]
    variables = {letter: elaborator.bind(letter, elaborator.sizes.fresh()) for letter in letters}
    outer = Surroundings(around.order, around.scope, {**around.bound, **variables}, around.bindings, around.held, around.samples, around.now)
    for shown in range(count, -1, -1):
        indices = tuple(Name(letter, name.span) for letter in letters[samples : samples + shown])
        labels = fixed + tuple(Name(letter, name.span) for letter in letters[:samples])
        use = Head(name.spelling, indices, labels, None, (), name.primes)
        found = elaborator.find(use, around)
        if (found is None or elaborator.is_unfolding(found.definition)) and name.spelling not in elaborator.depends:
            continue
        value = named(elaborator, replace(name, indices=indices, samples=labels), outer)
        if isinstance(value.body, Symbol) and value.body.name in (symbol_name(name), SAMPLED.format(symbol_name(name))):
            return None
        if value.rank + shown != count:
            continue
        own = tuple(variables[letter] for letter in letters[: samples + shown])
        sizes = tuple(elaborator.range_of(variable) for variable in own)
        return Value(value.body, own + value.variables, sizes + value.sizes)
    return None
