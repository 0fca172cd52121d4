"""Functions applied to arguments: those that the document defines, those that notations know, and unknown ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.elaboration.bell import normal
from derivcheck.elaboration.book import Definition, is_around
from derivcheck.elaboration.head import Head, chance_key
from derivcheck.elaboration.joint import as_chance, joint_form, parameters_below
from derivcheck.elaboration.naming import inner_surroundings, matched, named, parameter_key, spread
from derivcheck.elaboration.randomness import law_name
from derivcheck.elaboration.same import same
from derivcheck.elaboration.variable import natural_variable
from derivcheck.notation import Surroundings, Unreadable
from derivcheck.reading.custom import DENSITIES
from derivcheck.reading.entropy import is_entropy
from derivcheck.reading.expression import At, Call, Chance, Comparison, Expression, Literal, Name
from derivcheck.reading.name import bare_word, without_label
from derivcheck.term import build
from derivcheck.term.value import Misfit, Value, comprehension, pointwise

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator


def called(elaborator: Elaborator, call: Call, around: Surroundings) -> Value:
    """A function's value at its arguments."""
    function = call.function
    if function.primes:
        return elaborator.primed(call, around)
    if function.spelling not in around.held:
        defined = _defined(elaborator, call, around)
        if defined is not None:
            return defined
    word = elaborator.word(bare_word(function.spelling)) or elaborator.word(function.spelling)
    if word is not None:
        return word(elaborator, call, around)
    bare = _bare(elaborator, call, around)
    if bare is not None:
        return bare
    return _conventional(elaborator, call, around)


def _conventional(elaborator: Elaborator, call: Call, around: Surroundings) -> Value:
    """A letter that is a certain function by custom or by the document's words, else an unknown function."""
    spelling = call.function.spelling
    stated = elaborator.knowledge.functions.get(spelling)
    if stated is not None:
        return elaborator.word(stated)(elaborator, call, around)
    custom = elaborator.conventional(spelling)
    if custom is not None and not call.function.indices:
        return custom(elaborator, call, around)
    return unknown(elaborator, call, around)


def _use(call: Call, result: tuple[Expression, ...] = ()) -> Head:
    return Head(call.function.spelling, call.function.indices, call.function.samples, call.arguments, result)


def _defined(elaborator: Elaborator, call: Call, around: Surroundings) -> Value | None:
    found = elaborator.find(_use(call), around)
    if found is None or found.definition.head.arguments is None or elaborator.is_unfolding(found.definition):
        return None
    return applied(elaborator, found.definition, call, around)


def applied(elaborator: Elaborator, definition: Definition, call: Call, around: Surroundings) -> Value:
    """A definition's right side with its parameters put in."""
    head = definition.head
    bound = {}
    for pattern, index in zip(head.indices, call.function.indices, strict=False):
        bound.update(matched(pattern, elaborator.index(index, around)))
    bindings: dict[str, Value] = {}
    assert head.arguments is not None
    samples = call.function.samples
    for parameter, argument in zip(head.arguments, call.arguments, strict=True):
        if _stays(elaborator, definition, parameter, argument, around):
            continue
        bound.update(_bind(elaborator, parameter, argument, around, bindings))
    inside = inner_surroundings(elaborator, definition, samples, replace(around, samples=_samples(call, around)), bound)
    inside = replace(inside, bindings=bindings)
    with elaborator.unfolding(definition):
        if not head.result:
            return elaborator.value(definition.right, inside)
        return _by_entries(elaborator, definition, inside)


def _samples(call: Call, around: Surroundings):
    """A function applied to a sample is itself about that sample only through its argument."""
    return around.samples if not any(isinstance(argument, Name) and argument.samples for argument in call.arguments) else ()


def _by_entries(elaborator: Elaborator, definition: Definition, inside: Surroundings) -> Value:
    """A function given by its entries, ``f(a)_i = ...``, as an array."""
    letters = [index.spelling for index in definition.head.result if isinstance(index, Name)]
    if len(letters) != len(definition.head.result):
        raise Misfit("a function given by entries with other than letters")
    sizes = tuple(elaborator.sizes.fresh() for _ in letters)
    variables = tuple(elaborator.bind(letter, size) for letter, size in zip(letters, sizes, strict=True))
    value = elaborator.value(definition.right, inside.binding(dict(zip(letters, variables, strict=True))))
    return Value(value.body, variables + value.variables, sizes + value.sizes)


def _bind(elaborator: Elaborator, parameter: Expression, argument: Expression, around: Surroundings, bindings: dict[str, Value]) -> dict:
    """Enters what a parameter stands for; letters that the parameter's own index stands for are returned."""
    if isinstance(parameter, Name) and not parameter.samples:
        if not parameter.indices or all(isinstance(index, Literal) for index in parameter.indices):
            bindings[parameter_key(parameter)] = spread(elaborator, parameter, elaborator.value(argument, around))
            return {}
        return _bind_family(elaborator, parameter, argument, around, bindings)
    if isinstance(parameter, Name):
        return _bind_sample(elaborator, parameter, argument, around)
    return {}


def _bind_sample(elaborator: Elaborator, parameter: Name, argument: Expression, around: Surroundings) -> dict:
    """A function of a sample, ``h(x^{(i)}) = ...``: the letters of the parameter stand for those of the sample that it is applied to."""
    alike = isinstance(argument, Name) and argument.spelling == parameter.spelling
    if not alike or len(argument.samples) != len(parameter.samples) or len(argument.indices) != len(parameter.indices):  # type: ignore[union-attr]
        raise Unreadable(argument.span, "a sample as the function was defined for", "another argument")
    letters: dict = {}
    patterns, places = (*parameter.samples, *parameter.indices), (*argument.samples, *argument.indices)  # type: ignore[union-attr]
    for pattern, place in zip(patterns, places, strict=True):
        letters.update(matched(pattern, elaborator.index(place, around)))
    return letters


def _stays(elaborator: Elaborator, definition: Definition, parameter: Expression, argument: Expression, around: Surroundings) -> bool:
    """Whether a parameter applied to its own name means the name as it stands, which is the same where the function is defined."""
    if not isinstance(parameter, Name) or parameter.samples or not same(parameter, argument) or around.samples:
        return False
    if parameter.indices and not all(isinstance(index, Literal) for index in parameter.indices):
        return False
    if parameter.spelling in around.bindings or parameter.spelling in around.bound:
        return False
    there = replace(around, order=definition.order, scope=definition.scope)
    use = Head(parameter.spelling, parameter.indices, (), None, (), parameter.primes)
    here, inside = elaborator.find(use, around), elaborator.find(use, there)
    return here is None or (inside is not None and inside.definition is here.definition)


def _bind_family(elaborator: Elaborator, parameter: Name, argument: Expression, around: Surroundings, bindings: dict[str, Value]) -> dict:
    """A function of an entry, ``s(z_j) = ...``: the argument must itself be the entry of something at an index."""
    index = parameter.indices[0]
    if isinstance(argument, Name) and argument.spelling == parameter.spelling and len(argument.indices) == len(parameter.indices) and not argument.samples:
        pairs = zip(parameter.indices, argument.indices, strict=True)
        return {letter: term for pattern, its in pairs for letter, term in matched(pattern, elaborator.index(its, around)).items()}
    if len(parameter.indices) != 1 or not isinstance(index, Name):
        raise Misfit("a function of an entry with more than one index")
    letter = elaborator.running_letter(argument)
    if letter is None:
        raise Unreadable(argument.span, "an entry that runs with an index", "an argument without index")
    size = elaborator.sizes.fresh()
    variable = elaborator.bind(letter, size)
    inner = elaborator.value(argument, around.binding({letter: variable}))
    bindings[parameter.spelling] = Value(inner.body, (variable, *inner.variables), (size, *inner.sizes))
    here = elaborator.index(Name(letter, argument.span), around)
    elaborator.link(here, size)
    return {index.spelling: here}


def _bare(elaborator: Elaborator, call: Call, around: Surroundings) -> Value | None:
    """A quantity defined without its argument and used with it: ``L = ...`` and later ``L(w)``."""
    found = elaborator.find(Head(call.function.spelling, call.function.indices, call.function.samples), around)
    if found is None or found.definition.head.arguments is not None or elaborator.is_unfolding(found.definition):
        return None
    if elaborator.conventional(call.function.spelling) is not None and not is_around(found.definition.scope, around.scope):
        return None  # what the letter was in another section is no function
    meaning = found.definition.right
    if isinstance(meaning, Call) and law_name(meaning.function.spelling) is not None and meaning.below is None:
        density = normal(elaborator, replace(meaning, arguments=(*call.arguments, *meaning.arguments)), around)
        elaborator.used |= {found.definition.order} if density is not None else set()
        return density or unknown(elaborator, call, around)
    if all(isinstance(argument, Name) for argument in call.arguments):
        return named(elaborator, call.function, around)
    return _at_number(elaborator, call, around)


def _at_number(elaborator: Elaborator, call: Call, around: Surroundings) -> Value | None:
    """A quantity that is made of one variable, where that is a number: ``y(0)`` for ``y = 3 e^x``."""
    if len(call.arguments) != 1 or not isinstance(call.arguments[0], Literal) or call.function.indices:
        return None
    by = natural_variable(elaborator, call.function, around)
    if not isinstance(by, Name):
        return None
    return elaborator.value(At(call.function, (Comparison(by, "=", call.arguments[0], call.span),), None, call.span), around)


def unknown(elaborator: Elaborator, call: Call, around: Surroundings) -> Value:
    """An unknown function of its arguments, its indices among them."""
    if elaborator.joint and without_label(call.function)[0] in elaborator.knowledge.vocabulary.probabilities and call.below is None and "(" not in call.function.spelling:
        return chance(elaborator, as_chance(call), around)
    bell = normal(elaborator, call, around)
    if bell is not None:
        return bell
    elaborator.unknown.add(call.function.spelling)
    if is_functional(call.function.spelling) and not (elaborator.knowledge.free_entropies and is_entropy(call)):
        elaborator.opaque = True
    indices = [elaborator.index(index, around) for index in (*call.function.samples, *call.function.indices)]
    values = [elaborator.value(argument, around) for argument in call.arguments]
    if call.below is not None:
        raise Unreadable(call.span, "a function that is known", bare_word(call.function.spelling))
    if len(values) == 1 and values[0].rank and call.function.spelling in elaborator.knowledge.ranks.entrywise:
        return pointwise(elaborator.sizes, lambda entry: build.apply(call.function.spelling, *indices, entry), values[0])
    closed = [value.closed() for value in (*values, *parameters_below(elaborator, call.function, around))]
    spelling = call.function.spelling
    is_density = spelling in DENSITIES and not call.function.indices and (spelling, 0) not in elaborator.knowledge.ranks.declared
    rank = 0 if is_density else elaborator.knowledge.ranks.of(spelling, len(call.function.indices))
    if not rank:
        return Value(build.apply(spelling, *indices, *closed))
    sizes = tuple(elaborator.axis(spelling, rank, place, ()) for place in range(rank))
    return comprehension(sizes, lambda *entry: build.apply(spelling, *indices, *closed, component=tuple(entry)))


def is_functional(spelling: str) -> bool:
    """Whether a function takes random variables or laws rather than numbers: nothing can be sampled for what it is applied to."""
    return bare_word(spelling).partition("_")[0] in _FUNCTIONALS


_FUNCTIONALS = frozenset(("E", "KL", "D", "V", "H", "Corr", "Bias", "MSE", "D_{KL}", "mathcal{N}", "Ent"))


def chance(elaborator: Elaborator, expression: Chance, around: Surroundings) -> Value:
    """A probability or density: what the document defines it as, else an unknown function of what varies in it; in joint form where that is asked for."""
    told = told_chance(elaborator, expression, around)
    if told is not None:
        return told
    if elaborator.joint and not expression.function.indices and not expression.function.samples:
        return Value(joint_form(elaborator, expression, around))
    call = _keyed(expression)
    return unknown(elaborator, call, around) if call.arguments else named(elaborator, call.function, around)


def told_chance(elaborator: Elaborator, expression: Chance, around: Surroundings) -> Value | None:
    """What the document defines a probability or density as; None where it does not."""
    call = _keyed(expression)
    if call.arguments:
        return _defined(elaborator, call, around)
    found = elaborator.find(Head(call.function.spelling, call.function.indices, call.function.samples), around)
    if found is None or elaborator.is_unfolding(found.definition):
        return None
    return named(elaborator, call.function, around)


def _keyed(expression: Chance) -> Call:
    """A probability as a function of what varies in it."""
    spelling, arguments = chance_key(expression)
    shaped = Name(spelling, expression.span, expression.function.indices, expression.function.samples)
    return Call(shaped, arguments, expression.span)
