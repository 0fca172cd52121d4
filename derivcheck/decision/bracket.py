"""Brackets: terms that are 1 where a condition holds and 0 elsewhere (Iverson; Knuth, Two notes on notation, 1992)."""

from __future__ import annotations

from collections.abc import Callable

from derivcheck.decision.expansion import expanded
from derivcheck.term.build import MINUS_ONE, ONE, ZERO, add, multiply, split_coefficient
from derivcheck.term.term import Add, Cases, Multiply, Number, Power, Relation, Term, Variable


def is_indicator(term: Term) -> bool:
    """Whether a term is 1 where a condition holds and 0 elsewhere."""
    return isinstance(term, Cases) and len(term.children) == 3 and term.children[1] is ONE and term.otherwise is ZERO


def is_index_condition(condition: Term) -> bool:
    """Whether a condition compares index variables only."""
    if isinstance(condition, Relation):
        return all(isinstance(child, Variable) for child in condition.children)
    return bool(condition.children) and all(map(is_index_condition, condition.children))


def power_of_sign(base: Term, exponent: Number) -> Term | None:
    """A whole power of 2 [..] - 1 or 1 - 2 [..], which is 1 or -1; None if the base is no such sign."""
    if not isinstance(base, Add) or len(base.children) != 2 or exponent.value.denominator != 1:
        return None
    parts = [split_coefficient(child) for child in base.children]
    is_sign = {abs(factor) for factor, core in parts if is_indicator(core)} == {2} and {base.children[0], base.children[1]} & {
        ONE,
        MINUS_ONE,
    }
    total = sum(
        factor if is_indicator(core) else 2 * factor * core.value
        for factor, core in parts
        if is_indicator(core) or isinstance(core, Number)
    )
    if not is_sign or total != 0:
        return None
    return ONE if exponent.value % 2 == 0 else base


def merged(product: Term) -> Term:
    """A product in which no bracket stands twice: sums that share one are multiplied out."""
    factors = product.children if isinstance(product, Multiply) else (product,)
    found = [bracket for factor in factors for bracket in _brackets(factor)]
    if len(found) == len(set(found)) and not any(isinstance(factor, Power) and _brackets(factor) for factor in factors):
        return product
    made = expanded(product)
    return add(*map(_once, made.children)) if isinstance(made, Add) else _once(made)


def _brackets(factor: Term) -> set[Term]:
    """The brackets that stand in a factor, or in the summands of one, as factors."""
    if isinstance(factor, Power) and isinstance(factor.exponent, Number) and factor.exponent.value > 0:
        return _brackets(factor.base)
    if isinstance(factor, Add):
        return set().union(*(_brackets(part) for child in factor.children for part in _factors(child)))
    return {factor} if is_indicator(factor) else set()


def _once(product: Term) -> Term:
    return multiply(*(factor.base if isinstance(factor, Power) and is_indicator(factor.base) else factor for factor in _factors(product)))


def _factors(term: Term) -> tuple[Term, ...]:
    return term.children if isinstance(term, Multiply) else (term,)


def without_positive(gap: Term, is_positive: Callable[[Term], bool]) -> Term:
    """What has the sign of a gap: its factors but for those that are positive."""
    coefficient, core = split_coefficient(gap)
    rest = [factor for factor in _factors(core) if not is_positive(factor)]
    return multiply(MINUS_ONE if coefficient < 0 else ONE, *rest)
