"""Probabilities and densities, with or without conditions: ``P(y=1|x)``, ``p(x; \\theta)``.

Holds: with P(y=0|x) = 1 - P(y=1|x), P(y=0|x) + P(y=1|x) = 1. Does not: P(y=1|x) = 1 - P(y=1|x).
"""

from __future__ import annotations

from dataclasses import replace

from derivcheck.notation import Notation, Surroundings
from derivcheck.reading.expression import Chance, Name, Phrase
from derivcheck.term import build
from derivcheck.term.term import Apply, Symbol
from derivcheck.term.value import Value, pointwise


def _chance(elaborator, expression: Chance, around: Surroundings) -> Value:
    whole = elaborator.chance(expression, around)
    if len(expression.events) != 1 or not isinstance(expression.events[0], Phrase) or not _is_unknown(whole):
        return whole
    (event,) = expression.events
    if event.text.startswith(r"\bar{") and r"\cup" not in event.text:
        once = _chance(elaborator, replace(expression, events=(Name(event.text[len(r"\bar{") : -1], event.span),)), around)
        return pointwise(elaborator.sizes, lambda chance: build.subtract(build.ONE, chance), once)
    names = event.text.split(r" \cup ")
    if len(names) != 2:
        return whole
    events = tuple(Phrase(name, event.span) if name.startswith("\\") else Name(name, event.span) for name in names)
    first, second, both = (_chance(elaborator, replace(expression, events=part), around) for part in (events[:1], events[1:], events))
    return pointwise(elaborator.sizes, lambda one, other, common: build.subtract(build.add(one, other), common), first, second, both)


def _is_unknown(value: Value) -> bool:
    """Whether nothing is told about a probability: then that of a complement and of a union follow from others."""
    return value.is_number and isinstance(value.body, Symbol | Apply)


NOTATION = Notation(forms={Chance: _chance})
