"""Derivatives: by names, by entries of arrays, by whole arrays, by expressions.

A derivative by v unfolds every definition that its body depends on, except v's own; then v is put in. So the derivative by an
intermediate quantity holds the others fixed, and the derivative by a parameter runs through all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.elaboration import implicit
from derivcheck.elaboration.book import is_around
from derivcheck.elaboration.dependence import Assumption
from derivcheck.elaboration.head import Head
from derivcheck.elaboration.member import is_member
from derivcheck.elaboration.naming import held_key, is_held
from derivcheck.elaboration.release import release
from derivcheck.notation import Surroundings, Unreadable
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import (
    Bracketed,
    Call,
    Chance,
    Choice,
    Differential,
    Entry,
    Expression,
    Literal,
    Name,
    Power,
    Sum,
    Transpose,
    is_plain,
    walk,
)
from derivcheck.source import NOWHERE
from derivcheck.term import binder, build
from derivcheck.term.derivative import NoRule, differentiate
from derivcheck.term.generalize import generalized, instance
from derivcheck.term.term import Apply, Number, Symbol, Term, Variable
from derivcheck.term.value import Value, listed, put_in

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator


def differential(elaborator: Elaborator, expression: Differential, around: Surroundings) -> Value:
    """The derivative of a body by one thing after the other, the last one written first; a total one along a curve adds the slopes."""
    letters = [by.spelling for by in expression.by if is_plain(by)]
    if expression.total and len(letters) == len(expression.by) and implicit.is_along(letters, elaborator.along):
        return derivative_along(elaborator, expression.body, letters[0], len(letters), around)
    return by_all(elaborator, expression.body, expression.by, around)


def derivative_along(elaborator: Elaborator, body: Expression, by: str, count: int, around: Surroundings) -> Value:
    """The derivative along a curve, so many times."""
    value = elaborator.value(body, around.holding(frozenset((by, *(name for name, other in elaborator.along.items() if other == by)))))
    return replace(value, body=implicit.total(value.body, by, elaborator.along, count))


def by_all(elaborator: Elaborator, body: Expression, by: Sequence[Expression], around: Surroundings) -> Value:
    """The derivative of a body by one thing after the other, the last one first."""
    if not by:
        return elaborator.value(body, around)
    if len(by) == 1:
        return derivative_by(elaborator, body, by[0], around)
    last, rest = by[-1], by[:-1]
    return (
        derivative_by(elaborator, Differential(body, (last,), False, body.span), rest[-1], around)
        if len(rest) == 1
        else by_all(elaborator, Differential(body, (last,), False, body.span), rest, around)
    )


def derivative_by(elaborator: Elaborator, body: Expression, by: Expression, around: Surroundings) -> Value:
    """The derivative of a body by one quantity."""
    by = elaborator.hatted(elaborator.settled(by))
    body = elaborator.hatted(elaborator.settled(body)) if isinstance(body, Name | Bracketed | Choice) else body
    if isinstance(by, Transpose):
        value = derivative_by(elaborator, body, by.body, around)
        return replace(value, row=True) if value.rank == 1 else value
    if isinstance(by, Entry) and isinstance(elaborator.settled(by.body), Name):
        name = elaborator.settled(by.body)
        by = replace(name, indices=(*name.indices, *by.indices))
    if isinstance(by, Name) and not _is_bound(by, around):
        return _by_name(elaborator, body, by, around)
    if isinstance(by, Power) and isinstance(by.body, Name) and isinstance(by.exponent, Literal):
        return _by_power(elaborator, body, by, around)
    return _by_expression(elaborator, body, by, around)


def _is_bound(name: Name, around: Surroundings) -> bool:
    return name.spelling in around.bound or name.spelling in around.bindings


def _by_name(elaborator: Elaborator, body: Expression, by: Name, around: Surroundings) -> Value:
    in_sequence = is_member(elaborator, by, around)
    if not in_sequence and _is_recurrent(elaborator, body, by, around):
        elaborator.vanished = True
    beside = (*_parameters_beside(elaborator, body, by, around), *_named_chances(elaborator, by, around))
    inside = around.holding(frozenset((held_key(elaborator, by, around), *(name.spelling for name in beside))))
    variable = elaborator.value(by, inside)
    value = elaborator.value(body, inside)
    if in_sequence and _has_later_members(value.body, variable.body):
        elaborator.vanished = True
    if any(_may_depend(part, variable.body) for part in binder.walk(value.body)):
        elaborator.vanished = True
    made = differentiated(elaborator, value, variable, inside if elaborator.assumptions else None)
    if made.body is build.ZERO and value.body is not build.ZERO:
        for other_way in (_by_listed, _by_meaning, _by_other_equation, _by_formula):
            other = other_way(elaborator, body, by, around)
            if other is not None:
                return other
        # A function of x may be constant in x, or what it is made of is, in a way that nobody has said.
        is_constant = _is_argument(body, by) or not names_of(body)
        elaborator.vanished = elaborator.vanished or not is_constant
        elaborator.opaque = elaborator.opaque or (is_constant and any(isinstance(part, Symbol) for part in binder.walk(value.body)))
    made = release(elaborator, made, by, around, getattr(variable.body, "name", ""))
    for name in beside:
        made = release(elaborator, made, name, around)
    return made


def _parameters_beside(elaborator: Elaborator, body: Expression, by: Name, around: Surroundings) -> tuple[Name, ...]:
    """The other parameters of a function that is differentiated by one of them, where the document says of what they are made: each
    varies by itself, in doubt with what it is made of.
    """
    while isinstance(body, Differential | Bracketed):
        body = body.body
    function = body.function if isinstance(body, Call) else body
    if not isinstance(function, Name) or function.indices or function.samples or function.spelling == by.spelling:
        return ()
    call = elaborator.knowledge.book.with_parameters(function.spelling, (replace(by, indices=(), samples=()),))
    if call is None or (isinstance(body, Call) and [part for part in body.arguments if not is_plain(part)]):
        return ()
    beside = [name for name in call.arguments if isinstance(name, Name) and name.spelling != by.spelling]
    made = tuple(name for name in beside if not is_held(elaborator, name, around) and _is_made_of(elaborator, name, by, around))
    return () if made and elaborator.oracle.pick(NOWHERE, f"what the parameters of {function.spelling} are made of", (0, 1)) else made


def _is_made_of(elaborator: Elaborator, name: Name, by: Name, around: Surroundings) -> bool:
    """Whether what a name is defined as here goes back to another name."""
    return elaborator.find(Head(name.spelling), around) is not None and by.spelling in elaborator.knowledge.book.reached(frozenset((name.spelling,)))


def _named_chances(elaborator: Elaborator, by: Name, around: Surroundings) -> tuple[Name, ...]:
    """The other names of probabilities, where what is differentiated by is one: phi = P(y=1), theta_j = P(x_j=1|y=1). They vary by themselves."""
    known = elaborator.knowledge.book.definitions
    named = [name for name, told in known.items() if any(isinstance(one.right, Chance) and one.head.arguments is None and is_around(one.scope, around.scope) for one in told)]
    return tuple(replace(by, spelling=name, indices=(), samples=()) for name in named if name != by.spelling) if by.spelling in named else ()


def _may_depend(part: Term, variable: Term) -> bool:
    """Whether a part is a probability under a condition that nothing tells: parameters that are not written there may still be in it."""
    is_unknown = isinstance(part, Apply | Symbol) and part.payload[0].endswith(")") and "|" in part.payload[0]
    return is_unknown and isinstance(variable, Symbol) and variable.name not in part.names


def _has_later_members(body: Term, member: Term) -> bool:
    """Whether a term holds members of a sequence that may themselves be made of the one that it is differentiated by."""
    if not isinstance(member, Symbol) or not member.indices:
        return False
    others = {part.indices[0] for part in binder.walk(body) if isinstance(part, Symbol) and part.name == member.name and part.indices} - {member.indices[0]}
    distances = [build.subtract(place, member.indices[0]) for place in others]
    return not all(isinstance(distance, Number) and distance.value < 0 for distance in distances)


def _is_argument(body: Expression, by: Name) -> bool:
    """Whether what is differentiated is written as a function of the variable: then it may be constant in it."""
    while isinstance(body, Differential | Bracketed):
        body = body.body
    return isinstance(body, Call) and any(isinstance(one, Name) and one.spelling == by.spelling for one in body.arguments)


def _is_recurrent(elaborator: Elaborator, body: Expression, by: Name, around: Surroundings) -> bool:
    """Whether one member of a sequence is differentiated by another one, where the sequence is defined or its members are told
    apart by steps from one to the next: each is then made of those before it.
    """
    body = elaborator.settled(body)
    if not isinstance(body, Name) or body.spelling != by.spelling or not (body.indices or body.samples):
        return False
    if any(isinstance(index, Sum) for name in (body, by) for index in (*name.indices, *name.samples)):
        return True
    return elaborator.find(Head(body.spelling, body.indices, body.samples), around) is not None


def _by_listed(elaborator: Elaborator, body: Expression, by: Name, around: Surroundings) -> Value | None:
    """The derivative by a vector that the document writes out of other quantities: entry by entry."""
    if is_held(elaborator, by, around) or by.indices:
        return None
    found = elaborator.find(Head(by.spelling, by.indices, by.samples, None, (), by.primes), around)
    if found is None:
        return None
    whole = elaborator.value(by, around)
    if whole.rank != 1 or not isinstance(elaborator.sizes.find(whole.sizes[0]), Number):
        return None
    size = int(elaborator.sizes.find(whole.sizes[0]).value)
    entries = [whole.at(build.number(k)) for k in range(1, size + 1)]
    if not all(isinstance(entry, Symbol) for entry in entries):
        return None
    value = elaborator.value(body, around.holding(frozenset(entry.name for entry in entries)))
    parts = [slope(value.body, entry) for entry in entries]
    if value.is_number:
        return replace(listed(parts), layout=True)
    made = listed(parts)
    return Value(made.body, value.variables + made.variables, value.sizes + made.sizes, layout=True)


def _by_meaning(elaborator: Elaborator, body: Expression, by: Name, around: Surroundings) -> Value | None:
    """The derivative by a name for a power that the body has: by v where v = s^2 was said after it."""
    found = elaborator.find(Head(by.spelling, by.indices, by.samples, None, (), by.primes), around)
    meaning = found.definition.right if found is not None else None
    is_power = isinstance(meaning, Power) and isinstance(meaning.body, Name) and isinstance(meaning.exponent, Literal)
    if found is None or not is_power or elaborator.is_unfolding(found.definition):
        return None
    elaborator.used.add(found.definition.order)
    return _by_power(elaborator, body, meaning, around)


def _by_other_equation(elaborator: Elaborator, body: Expression, by: Name, around: Surroundings) -> Value | None:
    """The derivative by an intermediate quantity that the definition does not name, from an equation that does: f = a b
    for f = (x + y) y z.
    """
    body = elaborator.settled(body)
    if not isinstance(body, Name) or body.indices or body.samples:
        return None
    for definition in elaborator.knowledge.book.proved(body.spelling, around.scope):
        inside = any(isinstance(part, Name) and part.spelling == by.spelling for part in walk(definition.right))
        if inside and definition.order <= around.order and not definition.head.indices and not elaborator.is_unfolding(definition):
            with elaborator.unfolding(definition):
                return _by_name(elaborator, definition.right, by, around)
    return None


def _by_formula(elaborator: Elaborator, body: Expression, by: Name, around: Surroundings) -> Value | None:
    """The derivative by an intermediate quantity that the body does not name, but whose formula it contains: by a = W x + b, said of
    h = tanh(W x + b).
    """
    if is_held(elaborator, by, around):
        return None
    quantity = elaborator.value(by, around).renewed()
    if isinstance(quantity.body, Number | Symbol | Variable):
        return None
    value = elaborator.value(body, around)
    free = [variable for variable in quantity.body.variables if variable in elaborator.free.values()]
    running = [*quantity.variables, *free]
    stand_in = build.symbol("~quantity", *running)
    inside = generalized(value.body, quantity.body, running, stand_in)
    # Where all that the formula is made of stands elsewhere in the body as well, that may hide the formula in another form.
    if "~quantity" not in inside.names or quantity.body.names <= inside.names:
        return None
    made = differentiated(elaborator, replace(value, body=inside), replace(quantity, body=stand_in))
    sizes = (*quantity.sizes, *(elaborator.range_of(variable) for variable in free))
    back = Value(quantity.body, tuple(running), sizes).renewed()
    return replace(made, body=put_in(made.body, "~quantity", back))


def _claimed(elaborator: Elaborator, by: Value, around: Surroundings) -> Callable[[Term], Term | None]:
    """The derivatives by this very entry that are taken as claimed; at another index than the claim's they vanish."""
    rules: list[tuple[Term, list[Variable], Assumption]] = []
    for known in elaborator.assumptions:
        if elaborator.value(known.by, around).body is by.body:
            taken = elaborator.value(known.body, around)
            if taken.is_number:
                rules.append((taken.body, [variable for variable in taken.body.variables if variable in elaborator.free.values()], known))

    def derivative_of(term: Term) -> Term | None:
        for body, running, known in rules:
            index = instance(term, body, running)
            if index is None:
                continue
            elaborator.applied = True
            right = elaborator.number(known.value, around)
            if known.everywhere:
                return binder.replace(right, dict(zip(running, index, strict=True)))
            same_place = build.all_of(build.relation("=", one, other) for one, other in zip(index, running, strict=True))
            return build.multiply(build.indicator(same_place), right)
        return None

    return derivative_of


def differentiated(elaborator: Elaborator, value: Value, by: Value, around: Surroundings | None = None) -> Value:
    """Every entry of a value by every entry of a family. Errors: Unreadable where the family is none."""
    by = by.renewed()
    if not isinstance(by.body, Symbol | Variable):
        raise Unreadable(NOWHERE, "a variable to differentiate by", "an expression")
    body = slope(value.body, by.body, _claimed(elaborator, by, around) if around is not None else None)
    layout = bool(by.variables) and by.rank + value.rank > 0
    return Value(body, value.variables + by.variables, value.sizes + by.sizes, row=by.row and value.is_number, layout=layout)


def slope(term: Term, by: Symbol | Variable, claimed: Callable[[Term], Term | None] | None = None) -> Term:
    try:
        return differentiate(term, by, claimed)
    except NoRule as error:
        raise Unreadable(NOWHERE, "a derivative that is known", str(error)) from error


def _by_power(elaborator: Elaborator, body: Expression, by: Power, around: Surroundings) -> Value:
    """The derivative by a power of a positive quantity, such as the variance: v = s^k, so s = v^(1/k)."""
    assert isinstance(by.body, Name) and isinstance(by.exponent, Literal)
    name, exponent = by.body, by.exponent.value
    inside = around.holding(frozenset((held_key(elaborator, name, around),)))
    variable = elaborator.value(name, inside)
    if not isinstance(variable.body, Symbol):
        raise Unreadable(by.span, "a variable to differentiate by", "an expression")
    value = elaborator.value(body, inside)
    outer = build.divide(build.ONE, build.multiply(build.number(exponent), build.power(variable.body, build.number(exponent - 1))))
    made = differentiated(elaborator, value, variable)
    return release(elaborator, replace(made, body=build.multiply(made.body, outer)), name, around)


def _by_expression(elaborator: Elaborator, body: Expression, by: Expression, around: Surroundings) -> Value:
    """The derivative by a whole expression: where it occurs it is taken as one variable.

    An index that runs in it makes it one entry of a family, so that the other entries are found too.
    """
    quantity = elaborator.value(by, around)
    if not quantity.is_number or isinstance(quantity.body, Number):
        raise Unreadable(by.span, "a variable to differentiate by", "an expression")
    value = elaborator.value(body, around)
    if isinstance(quantity.body, Symbol):
        return differentiated(elaborator, value, quantity)
    running = [v for v in quantity.body.variables if v in elaborator.free.values()]
    stand_in = build.symbol("~quantity", *running)
    body_term = generalized(value.body, quantity.body, running, stand_in)
    if "~quantity" not in body_term.names:
        raise Unreadable(by.span, "an expression that occurs in what is differentiated", "one that does not")
    made = slope(body_term, stand_in)
    back = Value(quantity.body, tuple(running), tuple(elaborator.range_of(v) for v in running)).renewed()
    return replace(value, body=put_in(made, "~quantity", back), layout=False)
