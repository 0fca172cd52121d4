"""Probabilities in joint form: a conditional one as a quotient of joint ones, a joint one by what the document tells of its parts.

With all of them in this form the product rule, the theorem of Bayes and that of total probability are identities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import combinations, permutations
from typing import TYPE_CHECKING

from derivcheck.elaboration.head import event_key
from derivcheck.elaboration.same import same
from derivcheck.elaboration.tail import chance_by_law
from derivcheck.elaboration.total import total
from derivcheck.notation import Surroundings
from derivcheck.reading.event import COMPLEMENT, UNION
from derivcheck.reading.expression import (
    Binder,
    Bracketed,
    Call,
    Chance,
    Comparison,
    Expression,
    Listed,
    Literal,
    Name,
    Phrase,
    Product,
    is_plain,
)
from derivcheck.reading.name import without_label
from derivcheck.source import NOWHERE
from derivcheck.term import build, marginal
from derivcheck.term.listing import to_expression
from derivcheck.term.term import Term
from derivcheck.term.value import Value

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator

MAX_EVENTS = 4
# Probabilities and densities go together, whichever letter they have.
_OTHER_CASE = {"P": "p", "p": "P"}
Events = tuple[Expression, ...]


def joint_form(elaborator: Elaborator, chance: Chance, around: Surroundings) -> Term:
    """A probability or density as a quotient of joint ones."""
    given = tuple(_distinct(chance.given))
    events = tuple(_distinct((*chance.events, *chance.given)))
    if not given:
        return _joint(elaborator, chance, events, around)
    return build.divide(_joint(elaborator, chance, events, around), _joint(elaborator, chance, given, around))


def as_chance(call: Call) -> Chance:
    """A density that is written as a function of its values: ``p(x, z)``."""
    return Chance(call.function, call.arguments, (), call.span)


def _distinct(events: Iterable[Expression]) -> Iterator[Expression]:
    """Events without those that stand there again, lists taken apart."""
    seen: list[Expression] = []
    for event in events:
        for one in _distinct(event.items) if isinstance(event, Listed) else (event,):
            if not any(same(one, other) for other in seen):
                seen.append(one)
                yield one


def _joint(elaborator: Elaborator, chance: Chance, events: Events, around: Surroundings) -> Term:
    """The joint probability of events: as told, by complements and unions, by the cases that the document tells apart, else unknown."""
    if not events:
        return build.ONE
    told = _told(elaborator, chance, events, around) or chance_by_law(elaborator, events, around)
    if told is not None:
        return told

    def of(*parts: Expression) -> Term:
        return _joint(elaborator, chance, tuple(_distinct(parts)), around)

    for place, event in enumerate(events):
        rest = (*events[:place], *events[place + 1 :])
        united = _united(event)
        if united is not None:
            return build.subtract(build.add(of(united[0], *rest), of(united[1], *rest)), of(*united, *rest))
        if _complemented(event) is not None:
            return build.subtract(of(*rest), of(_complemented(event), *rest))
        others = _other_cases(elaborator, event)
        if others:
            return build.add(of(*rest), *(build.negate(of(other, *rest)) for other in others))
    by_cases = total(elaborator, chance, events[0], around) if len(events) == 1 else None
    return _opposite(elaborator, chance, events, around) or _total(elaborator, chance, events, around) or by_cases or _unknown(elaborator, chance, events, around)


def _told(elaborator: Elaborator, chance: Chance, events: Events, around: Surroundings) -> Term | None:
    """What the document defines a joint probability as, or one of the conditional ones that it is a product of."""
    if len(events) > MAX_EVENTS:
        return None
    for order in permutations(events):
        told = _defined(elaborator, replace(chance, events=order, given=()), around)
        if told is not None:
            return told
    for count in range(len(events) - 1, 0, -1):
        for given in combinations(events, count):
            rest = tuple(event for event in events if event not in given)
            for order in permutations(rest):
                for behind in permutations(given):
                    told = _defined(elaborator, replace(chance, events=order, given=behind), around)
                    if told is not None:
                        return build.multiply(told, _joint(elaborator, chance, given, around))
    return None


def _defined(elaborator: Elaborator, chance: Chance, around: Surroundings) -> Term | None:
    """What the document defines a probability as, by either letter that people write for one."""
    for letter in (chance.function.spelling, _OTHER_CASE.get(chance.function.spelling)):
        if letter is None:
            continue
        named = replace(chance, function=replace(chance.function, spelling=letter))
        value = elaborator.told_chance(named, around) or (elaborator.told_chance(_of_any_case(named), around) if _has_cases(elaborator, named) else None)
        if value is not None:
            return value.closed()
    return None


def _has_cases(elaborator: Elaborator, chance: Chance) -> bool:
    """Whether a number in a probability is one of the cases that a letter counts elsewhere: the 1 of ``y = 1`` beside ``y = c``."""
    mine = {event.left.spelling for event in (*chance.events, *chance.given) if isinstance(event, Comparison) and isinstance(event.left, Name) and isinstance(event.right, Literal)}
    others = (event for one in elaborator.knowledge.densities for event in (*one.events, *one.given) if isinstance(event, Comparison)) if mine else ()
    return any(isinstance(event.left, Name) and event.left.spelling in mine and is_plain(event.right) and event.right.spelling in elaborator.knowledge.vocabulary.indices for event in others)


def _of_any_case(chance: Chance) -> Chance:
    """A probability with the numbers of its cases as values: what is told of ``y = c`` holds for ``y = 1``."""

    def general(event: Expression) -> Expression:
        if isinstance(event, Comparison) and isinstance(event.right, Literal):
            return replace(event, right=Bracketed(event.right, "(", event.right.span))
        return event

    return replace(chance, events=tuple(map(general, chance.events)), given=tuple(map(general, chance.given)))


def _opposite(elaborator: Elaborator, chance: Chance, events: Events, around: Surroundings) -> Term | None:
    """The probability of one event from that of its complement, where that is told."""
    if len(events) != 1 or event_key(events[0], []) == marginal.VALUE:
        return None
    barred = Phrase(f"{COMPLEMENT}{{{event_key(events[0], [])}}}", events[0].span)
    told = _defined(elaborator, replace(chance, events=(barred,), given=()), around)
    return None if told is None else build.subtract(build.ONE, told)


def _total(elaborator: Elaborator, chance: Chance, events: Events, around: Surroundings) -> Term | None:
    """The law of total probability, over events that the document conditions this one on and whose probabilities add up to 1."""
    if len(events) != 1:
        return None
    cases: list[Expression] = []
    for other in elaborator.knowledge.densities:
        alike = other.function.spelling == chance.function.spelling and len(other.events) == len(other.given) == 1
        fits = alike and same(other.events[0], events[0]) and not any(same(other.given[0], case) for case in cases)
        if fits and _defined(elaborator, other, around) is not None:
            cases.append(other.given[0])
    if len(cases) < 2:
        return None
    chances = [_told(elaborator, chance, (case,), around) or _joint(elaborator, chance, (case,), around) for case in cases]
    if build.add(*chances) is not build.ONE:
        return None
    parts = [_defined(elaborator, replace(chance, events=events, given=(case,)), around) or build.UNDEFINED for case in cases]
    return build.add(*(build.multiply(part, weight) for part, weight in zip(parts, chances, strict=True)))


def _other_cases(elaborator: Elaborator, event: Expression) -> list[Expression]:
    """The other cases of a family, for its last one: ``c_1`` for ``c_2``, ``y = 0`` for ``y = 1``, as far as the document conditions on them."""
    label = _case(event)
    if label is None:
        return []
    found: dict[object, Expression] = {}
    for chance in elaborator.knowledge.densities:
        for other in _distinct(chance.given):
            mark = _case(other)
            if mark is not None and mark[0] == label[0]:
                found[mark[1]] = other
    return [found[mark] for mark in sorted(found) if mark != label[1]] if len(found) > 1 and label[1] == max(found) else []


def _case(event: Expression) -> tuple | None:
    """The family that an event is a case of, and its number there."""
    match event:
        case Name(spelling=letter, indices=(Literal(value=number),)):
            return letter, number
        case Comparison(left=Name(spelling=letter, indices=(), samples=()), sign="=", right=Literal(value=number)):
            return f"{letter}=", number
    return None


def _united(event: Expression) -> tuple[Expression, Expression] | None:
    """The two events of a union."""
    names = event.text.split(UNION) if isinstance(event, Phrase) else []
    return (_named(names[0], event), _named(names[1], event)) if len(names) == 2 else None


def _complemented(event: Expression) -> Expression | None:
    """The event that another one is the complement of."""
    if not isinstance(event, Phrase) or UNION in event.text or not event.text.startswith(COMPLEMENT):
        return None
    return _named(event.text[len(COMPLEMENT) + 1 : -1], event)


def _named(text: str, event: Expression) -> Expression:
    return Name(text, event.span) if len(text) == 1 and text.isalpha() else Phrase(text, event.span)


def _unknown(elaborator: Elaborator, chance: Chance, events: Events, around: Surroundings) -> Term:
    """A joint probability that nothing tells, its events in an order that does not depend on how they are written."""
    spelled = []
    for event in events:
        arguments: list[Expression] = []
        key = event_key(event, arguments)
        spelled.append((key, tuple(elaborator.value(argument, around).closed() for argument in arguments)))
    spelled.sort(key=lambda one: (one[0], tuple(map(to_expression, one[1]))))
    spelled += [(marginal.PARAMETER, (value.closed(),)) for value in parameters_below(elaborator, chance.function, around)]
    return marginal.joint(_base(elaborator, chance.function), spelled)


def _base(elaborator: Elaborator, function: Name) -> str:
    """The letter of a density; parameters below it may be left out where the document leaves them out elsewhere."""
    plain, label = without_label(function)
    if plain in _OTHER_CASE and label is None and any(one.function.spelling == _OTHER_CASE[plain] for one in elaborator.knowledge.densities):
        return plain.lower()
    others = {without_label(other.function) for other in elaborator.knowledge.densities}
    labels = {its for letter, its in others if letter == plain}
    if len(labels) == 2 and None in labels and elaborator.oracle.pick(NOWHERE, f"parameters below {plain}", (0, 2)):
        return plain
    return plain if label is None else f"{plain}[{label}]"


def parameters_below(elaborator: Elaborator, function: Name, around: Surroundings) -> tuple[Value, ...]:
    r"""The parameter that stands below an unknown function, where the document differentiates by it: ``\pi_\theta(a)`` depends on theta."""
    label = without_label(replace(function, spelling=function.spelling.partition("(")[0]))[1]
    if label is None or label not in elaborator.knowledge.sought:
        return ()
    return (elaborator.value(Name(label, function.span), around),)


def weighed(elaborator: Elaborator, below: Expression | None, body: Expression, around: Surroundings) -> Value | None:
    """An expectation as an integral against the density that is meant below it, entry by entry; None where there is none."""
    density = _chosen(elaborator, below)
    if density is None:
        return None
    total = _total_over(elaborator, density, body)
    if total is not None:
        return elaborator.value(total, around)
    shape = elaborator.value(body, around.holding(_letters(density)))
    made = _integral(elaborator, density, lambda inside: elaborator.value(body, inside).at(*shape.variables), around)
    return Value(made, shape.variables, shape.sizes)


def _total_over(elaborator: Elaborator, density: Chance, body: Expression) -> Expression | None:
    """An expectation as a sum over the letter that the document sums over with that law, in doubt beside the integral; None where it does not."""
    letters = _letters(density)
    counted = letters & elaborator.knowledge.vocabulary.indices
    if len(letters) != 1 or not counted or elaborator.oracle.pick(NOWHERE, "expectations as sums or integrals", (0, 1)):
        return None
    (letter,) = letters
    product = Product((density, Bracketed(body, "(", body.span)), ("",), body.span)
    return Binder("+", (Name(letter, density.span),), None, None, None, product, body.span)


def divergence(elaborator: Elaborator, one: Expression, other: Expression, around: Surroundings) -> Term | None:
    """The Kullback-Leibler divergence of densities as an integral against the first; None where they are none."""
    first, second = _chosen(elaborator, one), _chosen(elaborator, other)
    if first is None or second is None:
        return None

    def ratio(inside: Surroundings) -> Term:
        mine, its = (elaborator.chance(density, inside).closed() for density in (first, second))
        return build.subtract(build.log(mine), build.log(its))

    return _integral(elaborator, first, ratio, around)


def _densities(elaborator: Elaborator, below: Expression | None) -> list[Chance]:
    """The densities that what stands below an expectation may mean, or that a letter for one may."""
    match below:
        case Chance():
            return [below] if _letters(below) else []
        case Call():
            return [as_chance(below)] if _letters(as_chance(below)) else []
        case Comparison(left=Name() as value, sign=r"\sim", right=Name() as source):
            drawn = [one for one in _of_letter(elaborator, source) if _letters(one) == {value.spelling}]
            return drawn or [Chance(source, (value,), (), below.span)]
        case Comparison(left=Name(spelling=letter), sign=r"\sim", right=right):
            return [one for one in _densities(elaborator, elaborator.settled(right)) if _letters(one) == {letter}]
        case Name(spelling=letter):
            return _of_letter(elaborator, below) or [one for one in elaborator.knowledge.densities if _letters(one) == {letter}]
    return []


def _chosen(elaborator: Elaborator, below: Expression | None) -> Chance | None:
    """The density that is meant below an expectation, in doubt any that the document writes; None where there is none."""
    found = _densities(elaborator, elaborator.settled(below) if below is not None else None)
    if len(found) < 2:
        return found[0] if found else None
    return found[elaborator.oracle.pick(NOWHERE, f"the density meant by {found[0].function.spelling}", tuple(range(len(found))))]


def _of_letter(elaborator: Elaborator, letter: Name) -> list[Chance]:
    """The densities that are written with a letter."""
    return [one for one in elaborator.knowledge.densities if one.function.spelling == letter.spelling and _letters(one)]


def _letters(chance: Chance) -> frozenset[str]:
    """The letters whose density it is; none where it is of anything but letters."""
    names = frozenset(event.spelling for event in chance.events if is_plain(event) and event_key(event, []) == marginal.VALUE)
    return names if len(names) == len(chance.events) else frozenset()


def _integral(elaborator: Elaborator, chance: Chance, body: Callable[[Surroundings], Term], around: Surroundings) -> Term:
    """The integral of what is made of a density's letters against it."""
    inside = around.holding(_letters(chance))
    made = build.multiply(elaborator.chance(chance, inside).closed(), body(inside))
    for letter in sorted(_letters(chance)):
        made = build.antiderivative(made, build.symbol(letter))
    return made
