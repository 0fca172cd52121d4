"""Probabilities that a random variable of a known law lies above, below or at a value in its range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derivcheck.elaboration.moment import law_of
from derivcheck.notation import Surroundings
from derivcheck.reading.expression import Comparison, Expression, is_plain
from derivcheck.term import build
from derivcheck.term.law import mass, tail
from derivcheck.term.term import Add, Number, Symbol, Term

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator

_ABOVE = (">", r"\ge")
_BELOW = ("<", r"\le")
_CONTINUOUS = ("exponential", "uniform")
MAX_BELOW = 6


def chance_by_law(elaborator: Elaborator, events: tuple[Expression, ...], around: Surroundings) -> Term | None:
    """The probability of what is said of one random variable, by its law; None where that does not tell it."""
    if not events or not all(isinstance(event, Comparison) and is_plain(event.left) for event in events):
        return None
    names = {event.left.spelling for event in events}
    if len(names) != 1 or not names <= elaborator.knowledge.randomness.laws.keys():
        return None
    law = law_of(elaborator, build.symbol(names.pop()), around)
    if law is None:
        return None
    values = [elaborator.number(event.right, around) for event in events]
    if len(events) == 1:
        return _single(*law, events[0].sign, values[0])
    if len(events) == 2 and all(event.sign in _ABOVE for event in events) and law[0] in (*_CONTINUOUS, "geometric") and events[0].sign == events[1].sign:
        above = next((one for one, other in (values, values[::-1]) if _is_more(build.subtract(one, other))), None)
        return None if above is None else _single(*law, events[0].sign, above)
    return None


def _single(law: str, parameters: list[Term], sign: str, value: Term) -> Term | None:
    if sign == "=":
        return mass(law, parameters, value)
    above = tail(law, parameters, value)
    if above is not None and (law in _CONTINUOUS or sign in (">", r"\le")):
        return above if sign in _ABOVE else build.subtract(build.ONE, above)
    if above is None and isinstance(value, Number) and value.value.denominator == 1 and 0 <= value.value <= MAX_BELOW:
        last = int(value.value) - (sign in ("<", r"\ge"))
        below = [mass(law, parameters, build.number(count)) for count in range(last + 1)]
        if all(one is not None for one in below):
            total = build.add(*(one for one in below if one is not None))
            return total if sign in _BELOW else build.subtract(build.ONE, total)
    return None


def _is_more(difference: Term) -> bool:
    """Whether a difference of thresholds is a sum of lone letters and positive numbers, as what is waited for in addition is."""
    parts = difference.children if isinstance(difference, Add) else (difference,)
    return all(isinstance(part, Symbol) or (isinstance(part, Number) and part.value > 0) for part in parts)
