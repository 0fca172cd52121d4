"""Expectations over what a law below them draws, where that law is told: ``E_{z \\sim N(m, v)}[z^2]``, and ``E_q[z^2]`` for ``q = N(m, v)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.elaboration.bell import normal
from derivcheck.elaboration.head import Head
from derivcheck.elaboration.moment import mean_by_laws
from derivcheck.elaboration.randomness import Law, law_name
from derivcheck.notation import Surroundings
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import Call, Comparison, Expression, Name
from derivcheck.term import build
from derivcheck.term.term import Term
from derivcheck.term.value import Value

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator

# What a law draws that is written without a letter for it.
_ANY = r"\cdot"


def mean_of_drawn(elaborator: Elaborator, below: Expression, argument: Expression, around: Surroundings) -> Value | None:
    """The expectation of an argument under the law below it; None where nobody tells that law, or what it makes of the argument."""
    laws = _laws(elaborator, elaborator.settled(below), around)
    value = elaborator.value(argument, around.holding(frozenset(laws)) if laws else around)
    if not laws:
        # What is drawn may have been made of something whose law is told: z = m + s e.
        told = elaborator.knowledge.randomness.laws
        laws = {name: told[name] for name in value.body.names & told.keys() - names_of(argument)}
    body: Term | None = mean_by_laws(elaborator, value.body, laws, around) if laws and laws.keys() <= value.body.names else None
    return None if body is None else Value(body, value.variables, value.sizes)


def divergence(elaborator: Elaborator, one: Expression, other: Expression, around: Surroundings) -> Term | None:
    """The Kullback-Leibler divergence of two normal laws; None where they are others, or not told."""
    drawn = Name(_ANY, one.span)
    laws = [_law(elaborator, elaborator.settled(written), drawn, around) for written in (one, other)]
    if any(law is None or law.name != "normal" for law in laws):
        return None
    inside = around.holding(frozenset((_ANY,)))
    first, second = (normal(elaborator, Call(Name("N", one.span), (drawn, *law.parameters), one.span), inside) for law in laws if law is not None)
    if first is None or second is None or laws[0] is None:
        return None
    parts = [mean_by_laws(elaborator, build.log(density.body), {_ANY: laws[0]}, around) for density in (first, second)]
    return None if parts[0] is None or parts[1] is None else build.subtract(parts[0], parts[1])


def _laws(elaborator: Elaborator, below: Expression, around: Surroundings) -> dict[str, Law]:
    """The laws of the letters that are drawn, where what stands below tells them."""
    match below:
        case Name(spelling=letter) if letter in elaborator.knowledge.randomness.laws:
            return {letter: elaborator.knowledge.randomness.laws[letter]}
        case Comparison(left=Name() as letter, sign=r"\sim", right=right):
            law = _law(elaborator, elaborator.settled(right), letter, around)
            return {} if law is None else {letter.spelling: law}
        case Name() as source:
            drawn = {event.spelling: event for one in elaborator.knowledge.densities if one.function.spelling == source.spelling for event in one.events if isinstance(event, Name)}
            law = _law(elaborator, source, next(iter(drawn.values())), around) if len(drawn) == 1 else None
            return {} if law is None else {law.of.spelling: law}
    return {}


def _law(elaborator: Elaborator, written: Expression, letter: Name, around: Surroundings) -> Law | None:
    """A law as it is written, ``N(m, v)``, or as the name for one."""
    if isinstance(written, Name):
        found = elaborator.find(Head(written.spelling), around)
        is_near = found is not None and found.certain and found.definition.scope == around.scope
        return _law(elaborator, found.definition.right, letter, around) if found is not None and is_near and isinstance(found.definition.right, Call) else None
    name = law_name(written.function.spelling) if isinstance(written, Call) and written.below is None else None
    return None if name is None or not isinstance(written, Call) else Law(name, written.arguments, letter)
