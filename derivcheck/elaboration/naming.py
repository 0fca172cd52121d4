"""What a name stands for: a parameter, a bound letter, a definition, a constant, a free index, or an entry of an unknown family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.elaboration.book import Definition, is_around
from derivcheck.elaboration.dependence import dependence_of, dependent
from derivcheck.elaboration.diagonal import diagonal_alone
from derivcheck.elaboration.head import Head
from derivcheck.elaboration.member import distance_of, is_member, places_of
from derivcheck.elaboration.pattern import patterned
from derivcheck.elaboration.same import same
from derivcheck.notation import Surroundings
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import Call, Differential, Expression, Literal, Name, Sum, walk
from derivcheck.reading.name import without_label
from derivcheck.source import NOWHERE
from derivcheck.term import build
from derivcheck.term.term import Number, Term, Variable
from derivcheck.term.value import Misfit, Value, transpose

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator

SAMPLED = "{}^{{(#)}}"


def is_labelled(name: str) -> bool:
    """Whether a name is that of a family with samples."""
    return name != unsampled(name)


def unsampled(name: str) -> str:
    """The name of a family without the mark of samples."""
    return name.removesuffix(SAMPLED.format(""))


def _stacked(elaborator: Elaborator, name: Name, indices: Sequence[Term], around: Surroundings) -> Value | None:
    """A capital whose rows (less often columns) are the samples that the document writes with the small letter: X with rows x_i.

    A small letter with two indices is an entry of a capital that the document defines.
    """
    knowledge = elaborator.knowledge
    capital = knowledge.capitals.get(name.spelling)
    if capital is not None and len(indices) == 2 and not name.primes:
        return elaborator.entry(elaborator.value(Name(capital, name.span), around), indices)
    small = knowledge.stacks.get(name.spelling)
    if small is None or name.primes or len(indices) > 2:
        return None
    spelling, sampled = small
    letters = ("~row",)
    size = elaborator.sizes.fresh()
    variable = elaborator.bind("~row", size)
    label = Name(letters[0], name.span)
    row = Name(spelling, name.span, samples=(label,)) if sampled else Name(spelling, name.span, indices=(label,))
    value = elaborator.value(row, around.binding({"~row": variable}))
    whole = Value(value.body, (variable, *value.variables), (size, *value.sizes))
    if whole.rank != knowledge.ranks.of(name.spelling, 0):
        return None
    if whole.rank == 1:
        return elaborator.entry(whole, indices) if indices else whole
    if (name.spelling, 2, 0) in knowledge.axes:
        whole = _laid_out(elaborator, name, whole)
    elif elaborator.oracle.pick(NOWHERE, f"rows or columns of {name.spelling}", (0, 2)):
        whole = transpose(whole)
    return elaborator.entry(whole, indices) if indices else whole


def _laid_out(elaborator: Elaborator, name: Name, whole: Value) -> Value:
    """A stack of samples as rows or as columns, whichever has the shape that the document declares. Errors: Misfit where neither has."""
    declared = [elaborator.axis(name.spelling, 2, place, ()) for place in range(2)]
    for laid in (whole, transpose(whole)):
        saved = elaborator.sizes.copy()
        if all(elaborator.sizes.unify(one, other) for one, other in zip(laid.sizes, declared, strict=True)):
            return laid
        elaborator.sizes.restore(saved)
    raise Misfit(f"the samples do not fit into {name.spelling}", whole.sizes, tuple(declared))


def named(elaborator: Elaborator, name: Name, around: Surroundings) -> Value:
    """The value of a name."""
    value = _named(elaborator, name, around)
    return replace(value, row=True) if value.rank == 1 and name.spelling in elaborator.knowledge.rows else value


def _named(elaborator: Elaborator, name: Name, around: Surroundings) -> Value:
    parameter = _parameter(elaborator, name, around)
    if parameter is not None:
        return parameter
    if _is_plain(name) and name.spelling in around.bound:
        return Value(around.bound[name.spelling])
    held = is_held(elaborator, name, around)
    if not held and dependence_of(elaborator, name) is None:
        defined = _defined(elaborator, name, around)
        if defined is not None:
            return defined
        if name.primes and name.spelling not in elaborator.along and elaborator.knowledge.book.is_defined(name.spelling):
            return elaborator.primed(name, around)
    constant = elaborator.constant(name.spelling)
    if constant is not None and not held:
        value = constant(elaborator, name, around)
        if value is not None:
            return value
    sized = _sized(elaborator, name) if not held else None
    if sized is not None:
        return named(elaborator, sized, around)
    told = elaborator.named_moment(name, around) if not held else None
    if told is not None:
        return Value(told)
    partial = _partial(elaborator, name) if name.indices and not name.samples else None
    if partial is not None:
        return elaborator.value(partial, around)
    if _is_plain(name) and elaborator.counts(name.spelling, around):
        return Value(elaborator.free_variable(name.spelling))
    return unknown(elaborator, name, around)


def _sized(elaborator: Elaborator, name: Name) -> Name | None:
    """A constant with its size below, ``I_p``, where the letter is that of a size; None of other names."""
    plain, label = without_label(name)
    is_size = label is not None and label in elaborator.knowledge.size_names and elaborator.constant(plain) is not None
    return replace(name, spelling=plain, indices=(Name(label, name.span), *name.indices)) if is_size else None


def _partial(elaborator: Elaborator, name: Name) -> Differential | None:
    """``f_{xy}`` of a function f(x, y) that the document defines: a derivative by its parameters."""
    call = elaborator.knowledge.book.with_parameters(name.spelling, name.indices)
    return None if call is None else Differential(replace(call, span=name.span), name.indices, False, name.span)


def _is_plain(name: Name) -> bool:
    return not (name.indices or name.samples or name.primes)


def symbol_name(name: Name) -> str:
    """The name of the symbols that an undefined name becomes; primes are part of it."""
    return name.spelling + "'" * name.primes


def held_key(elaborator: Elaborator, name: Name, around: Surroundings) -> str | tuple[str, tuple[Term, ...]]:
    """How a name is held that something is differentiated by: a layer's own name where a number tells it apart, a member of a sequence
    with its place, else the whole family.
    """
    if is_member(elaborator, name, around):
        return symbol_name(name), places_of(elaborator, name, around)
    return _own_key(name) if name.samples or is_defined_alone(elaborator, name, around) else symbol_name(name)


def is_defined_alone(elaborator: Elaborator, name: Name, around: Surroundings) -> bool:
    """Whether a name with numbers below has a definition of its own, apart from others of the same letter."""
    found = elaborator.find(Head(name.spelling, name.indices, name.samples, None, (), name.primes), around) if name.indices else None
    return found is not None and bool(found.definition.head.indices) and all(isinstance(index, Literal) for index in found.definition.head.indices)


def _own_key(name: Name) -> str:
    """The letter with its numbers, where all of them are numbers."""
    places = name.samples or name.indices
    numbers = [str(place.value) for place in places if isinstance(place, Literal)]
    sign = "^" if name.samples else "_"
    return f"{symbol_name(name)}{sign}({','.join(numbers)})" if numbers and len(numbers) == len(places) else symbol_name(name)


def is_held(elaborator: Elaborator, name: Name, around: Surroundings) -> bool:
    """Whether a name stands for itself because something is differentiated by it."""
    if symbol_name(name) in around.held or _own_key(name) in around.held:
        return True
    alike = any(isinstance(one, tuple) and one[0] == symbol_name(name) for one in around.held)
    return alike and (symbol_name(name), places_of(elaborator, name, around)) in around.held


def parameter_key(name: Name) -> str:
    """How a parameter is entered among the bindings: ``x``, or ``x[1]`` for a parameter written with a number below."""
    numbers = [str(index.value) for index in name.indices if isinstance(index, Literal)]
    return f"{name.spelling}[{','.join(numbers)}]" if numbers and len(numbers) == len(name.indices) else name.spelling


def _parameter(elaborator: Elaborator, name: Name, around: Surroundings) -> Value | None:
    if not around.bindings or name.primes or name.samples:
        return None
    exact = around.bindings.get(parameter_key(name))
    if exact is not None and (name.indices and parameter_key(name) != name.spelling):
        return exact
    value = around.bindings.get(name.spelling)
    if value is None or len(name.indices) > value.rank:
        return None
    return elaborator.entry(value, [elaborator.index(index, around) for index in name.indices])


# -- definitions


def _defined(elaborator: Elaborator, name: Name, around: Surroundings) -> Value | None:
    if name.indices:
        name = replace(name, indices=tuple(_counted(elaborator, index, around) for index in name.indices))
    found = elaborator.find(Head(name.spelling, name.indices, name.samples, None, (), name.primes), around)
    if found is not None and name.spelling in elaborator.along and not _is_told(found.definition, around):
        return None
    if found is None or (not name.indices and any(isinstance(index, Sum) for index in found.definition.head.indices)):
        return None  # x is not x_{k+1}
    if not name.indices and found.definition.head.indices and _names_plainly(found.definition, name):
        return None
    distance = distance_of(elaborator, name, around)
    if distance is not None and (distance < 0 or (distance == 0 and name.spelling in elaborator.stepped)):
        return None
    at = tuple(elaborator.index(index, around) for index in name.indices) if elaborator.in_progress else ()
    if distance is not None:
        at = (build.number(distance),)
    if elaborator.is_unfolding(found.definition, at) or _is_shifted(found.definition, name):
        return None
    value = unfold(elaborator, found.definition, name, around, at)
    return None if value is None else spread(elaborator, name, value)


def spread(elaborator: Elaborator, name: Name, value: Value) -> Value:
    """What stands for a name; for one that is an array, a zero is an array of zeros."""
    rank = elaborator.knowledge.ranks.of(name.spelling, len(name.indices))
    if not rank or value.rank or value.body is not build.ZERO:
        return value
    whole = elaborator.family(symbol_name(name), (), rank)
    return replace(whole, body=build.ZERO)


def _is_told(definition: Definition, around: Surroundings) -> bool:
    """Whether what a quantity is that has an equation for its slope has been found before, and for this problem."""
    return definition.order <= around.now and is_around(definition.scope, around.scope)


def _names_plainly(definition: Definition, name: Name) -> bool:
    """Whether what defines a name with an index is made of the same name without one, as ``s_n`` may be of s: then that is no array of these."""
    return any(isinstance(part, Name) and _is_plain(part) and part.spelling == name.spelling for part in walk(definition.right))


def _is_shifted(definition: Definition, name: Name) -> bool:
    """Whether a name is the member that the definition of a sequence goes back to, as it is written there: ``c_{t-1}``
    in ``c_t = f c_{t-1}``.
    """
    if not any(isinstance(index, Sum) for index in name.indices):
        return False
    before = [part for part in walk(definition.right) if isinstance(part, Name) and part.spelling == name.spelling]
    return any(len(part.indices) == len(name.indices) and all(map(same, part.indices, name.indices)) for part in before)


def _counted(elaborator: Elaborator, index: Expression, around: Surroundings) -> Expression:
    """An index of letters that stand for numbers here, as the number that it is."""
    letters = [part for part in walk(index) if isinstance(part, Name)]
    if not letters or not all(isinstance(around.bound.get(letter.spelling), Number) for letter in letters):
        return index
    value = elaborator.index(index, around)
    return Literal(value.value, index.span) if isinstance(value, Number) else index


def unfold(elaborator: Elaborator, definition: Definition, name: Name, around: Surroundings, at: tuple[Term, ...] = ()) -> Value | None:
    """A definition's right side where its name is used; its parameters stay what they are called. ``at``: the place of a member of a sequence.

    None where the use has more indices than the right side has axes: it is about something else.
    """
    head = definition.head
    indices = [elaborator.index(index, around) for index in name.indices]
    bound: dict[str, Term] = {}
    missing: list[tuple[str, Variable, Term]] = []
    if len(head.indices) == len(indices):
        for pattern, index in zip(head.indices, indices, strict=True):
            bound.update(matched(pattern, index))
        rest: list[Term] = []
    elif head.indices and all(isinstance(index, Literal) for index in head.indices):
        rest = []
    elif head.indices:
        missing = _missing(elaborator, head)
        bound.update({letter: variable for letter, variable, _ in missing})
        rest = indices
    elif name.spelling in elaborator.knowledge.from_zero:
        rest = [build.add(index, build.ONE) if isinstance(index, Number) else index for index in indices]
    else:
        rest = indices
    if head.result:
        raise Misfit("a function given by entries is used without its argument")
    inside = inner_surroundings(elaborator, definition, name.samples, around, bound)
    value = elaborator.unfolded(definition, at or tuple(indices), inside)
    value = spread(elaborator, replace(name, indices=()), value) if rest else value
    if len(rest) > value.rank:
        return None
    value = diagonal_alone(elaborator, definition, [variable for _, variable, _ in missing] or indices, value)
    if missing:
        variables = tuple(variable for _, variable, _ in missing)
        sizes = tuple(size for _, _, size in missing)
        value = Value(value.body, variables + value.variables, sizes + value.sizes)
    return elaborator.entry(value, rest) if rest else value


def matched(pattern: Expression, index: Term) -> dict[str, Term]:
    """What the letter of a head's index stands for when the use has this index: k in ``k + 1`` matched with 3 stands for 2."""
    if isinstance(pattern, Name):
        return {pattern.spelling: index}
    if isinstance(pattern, Sum):
        letter, offset = _affine(pattern)
        if letter is not None:
            return {letter: build.add(index, build.number(-offset))}
    return {}


def _affine(pattern: Sum) -> tuple[str | None, int]:
    letters = [term for sign, term in pattern.terms if isinstance(term, Name) and sign == "+"]
    numbers = [(sign, term) for sign, term in pattern.terms if isinstance(term, Literal)]
    if len(letters) != 1 or len(letters) + len(numbers) != len(pattern.terms):
        return None, 0
    return letters[0].spelling, sum(int(term.value) * (-1 if sign == "-" else 1) for sign, term in numbers)


def _missing(elaborator: Elaborator, head: Head) -> list[tuple[str, Variable, Term]]:
    """A variable and size for each index that a definition has and its use has not: the use means the whole array."""
    found = []
    for place, pattern in enumerate(head.indices):
        if not isinstance(pattern, Name):
            raise Misfit("a name defined for one index is used without")
        size = elaborator.axis(head.spelling, len(head.indices), place, ())
        found.append((pattern.spelling, elaborator.bind(pattern.spelling, size), size))
    return found


def inner_surroundings(
    elaborator: Elaborator, definition: Definition, samples: Sequence[Expression], around: Surroundings, bound: dict[str, Term]
) -> Surroundings:
    """Where a definition's right side is read: at the definition's own place, with its letters bound."""
    labels = tuple(elaborator.index(sample, around) for sample in samples)
    if definition.head.samples and len(definition.head.samples) == len(labels):
        for pattern, label in zip(definition.head.samples, labels, strict=True):
            bound.update(matched(pattern, label))
        labels = around.samples if not labels else ()
    elif not labels:
        labels = around.samples
    return Surroundings(definition.order, definition.scope, bound, {}, around.held, labels, around.now)


# -- families


def unknown(elaborator: Elaborator, name: Name, around: Surroundings) -> Value:
    """A name that nothing defines: an unknown function of what it is differentiated by, or entries of a family."""
    elaborator.unknown.add(symbol_name(name))
    labels = tuple(elaborator.index(sample, around) for sample in name.samples)
    if not labels and around.samples and name.spelling in elaborator.knowledge.sampled:
        labels = around.samples
    depends = dependence_of(elaborator, name) if name.spelling not in elaborator.knowledge.book.fixed else None
    if depends is not None and not is_held(elaborator, name, around) and not name.primes and elaborator.hatted(name) is name:
        return dependent(elaborator, name, labels, depends, around)
    implied = _without_argument(elaborator, name, around)
    if implied is not None:
        return implied
    indices = [elaborator.index(index, around) for index in name.indices]
    spelling = symbol_name(name)
    if not labels:
        stacked = _stacked(elaborator, name, indices, around)
        if stacked is not None:
            return stacked
        if not indices:
            spelling = elaborator.knowledge.aliases.get(spelling, spelling)
        family, count = elaborator.knowledge.entries.get(spelling, (spelling, 0))
        spelling, indices = family, [*indices, *(build.ONE,) * (count - len(indices))]
    if labels:
        spelling = SAMPLED.format(spelling)
    rank = elaborator.knowledge.ranks.of(name.spelling, len(name.indices))
    if not rank and not indices and name.spelling in elaborator.knowledge.size_names:
        return Value(build.symbol(name.spelling))
    if rank + len(indices) == 2 and not labels:
        return patterned(elaborator, spelling, indices)
    return elaborator.family(spelling, (*labels, *indices), rank)


def _without_argument(elaborator: Elaborator, name: Name, around: Surroundings) -> Value | None:
    r"""The value of a known function whose argument is left out, ``\sigma (1 - \sigma)``: at what the document applies it to.

    None for any other name. Where the document applies it to several things, what it stands for cannot be told.
    """
    knowledge = elaborator.knowledge
    is_known = name.spelling in knowledge.functions or elaborator.conventional(name.spelling) is not None
    found = knowledge.arguments.get(name.spelling, ()) if is_known else ()
    if not found or name.samples or is_held(elaborator, name, around) or (name.indices and not name.primes):
        return None
    if len(found) > 1:
        elaborator.opaque = True
        return None
    if elaborator.oracle.pick(NOWHERE, f"argument left out of {name.spelling}", (0, 2)):
        return None
    value = elaborator.value(Call(replace(name, indices=()), found, name.span), around)
    if value.is_number and all(isinstance(index, Name) and index.spelling in names_of(*found) for index in name.indices):
        return value
    return elaborator.entry(value, [elaborator.index(index, around) for index in name.indices])
