"""Products of short sums multiplied out."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.term.build import ONE, add, multiply
from derivcheck.term.term import Add, Multiply, Number, Power, Term

MAX_TERMS = 120
MAX_SQUARED = 4


def expanded(term: Term) -> Term:
    """Products of short sums multiplied out."""
    if isinstance(term, Add):
        return add(*map(expanded, term.children))
    factors = list(term.children) if isinstance(term, Multiply) else [term]
    parts: list[Term] = [ONE]
    for factor in factors:
        summands = _summands(factor)
        if len(parts) * len(summands) > MAX_TERMS:
            return term
        parts = [multiply(part, summand) for part in parts for summand in summands]
    return add(*parts)


def _summands(factor: Term) -> list[Term]:
    if isinstance(factor, Add):
        return list(factor.children)
    if isinstance(factor, Power) and isinstance(factor.base, Add) and isinstance(factor.exponent, Number):
        times: Fraction = factor.exponent.value
        if times.denominator == 1 and 1 < times <= MAX_SQUARED:
            parts: list[Term] = [ONE]
            for _ in range(int(times)):
                parts = [multiply(part, summand) for part in parts for summand in factor.base.children]
            made = add(*parts)
            return list(made.children) if isinstance(made, Add) else [made]
    return [factor]
