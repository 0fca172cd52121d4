"""What an equation among the hypotheses says for every size: something is zero, or an entry has a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice, product

from derivcheck.decision.contract import Contraction, Definition
from derivcheck.decision.expansion import expanded
from derivcheck.decision.node import GivesUp
from derivcheck.term.binder import replace
from derivcheck.term.build import ONE, TRUE, ZERO, add, multiply, number, power, split_coefficient, subtract
from derivcheck.term.obligation import Range, Statement
from derivcheck.term.term import Add, Multiply, Number, Power, Relation, Symbol, Term

MAX_PLACED = 16
MAX_LISTED = 6


def unrolled(statement: Statement) -> Iterator[Statement]:
    """The statement for each value of those variables that run over a few numbers. Errors: GivesUp where they are many."""
    for at, part in enumerate(statement.free):
        if not (isinstance(part.lower, Number) and isinstance(part.upper, Number)):
            continue
        if part.upper.value - part.lower.value >= MAX_LISTED:
            raise GivesUp("an index over part of a range")
        rest = statement.free[:at] + statement.free[at + 1 :]
        for value in range(int(part.lower.value), int(part.upper.value) + 1):
            put_in: dict[Term, Term] = {part.variable: number(value)}
            made = Statement(replace(statement.relation, put_in), rest, replace(statement.condition, put_in))
            yield from unrolled(made)
        return
    yield statement


def isolated(hypothesis: Statement) -> Iterator[tuple[str, Definition]]:
    """Families (or scalars) that stand in an equation once, as a summand, by what the other summands say of them."""
    gap = _gap(hypothesis)
    variables = {part.variable for part in hypothesis.free}
    if not isinstance(gap, Add) or any(part.lower is not ONE for part in hypothesis.free):
        return
    upper = {part.variable: part.upper for part in hypothesis.free}
    for child in gap.children:
        factor, core = split_coefficient(child)
        if not isinstance(core, Symbol) or set(core.indices) != variables or len(core.indices) != len(variables):
            continue
        rest = add(*(other for other in gap.children if other is not child))
        if core.name not in rest.names:
            ranges = tuple(upper[index] for index in core.indices)
            yield core.name, Definition(tuple(core.indices), ranges, multiply(number(-1 / factor), rest))


def follows(gap: Term, hypothesis: Statement, free: tuple[Range, ...], contraction: Contraction, vanishes: Callable[[Term], bool]) -> bool:
    """Whether a contracted gap is a multiple of the hypothesis' own, for some of the values of the hypothesis' variables."""
    theirs = _gap(hypothesis)
    if theirs is None:
        return False
    wanted = primitive(gap, lambda factor: True)
    for put_in in islice(_placements(hypothesis, free), MAX_PLACED):
        found = primitive(contraction.apply(replace(theirs, put_in)), contraction.is_positive)
        ratio = _ratio(wanted, found)
        if ratio is not None and vanishes(subtract(wanted, multiply(number(ratio), found))):
            return True
    return False


def _gap(hypothesis: Statement) -> Term | None:
    relation = hypothesis.relation
    if hypothesis.condition is not TRUE or not isinstance(relation, Relation) or relation.sign != "=":
        return None
    return subtract(*relation.children)


def _placements(hypothesis: Statement, free: tuple[Range, ...]) -> Iterator[dict[Term, Term]]:
    """The goal's variables put in for the hypothesis', range by range."""
    choices = [[part.variable for part in free if (part.lower, part.upper) == (each.lower, each.upper)] for each in hypothesis.free]
    for chosen in product(*choices):
        yield {each.variable: variable for each, variable in zip(hypothesis.free, chosen, strict=True)}


def primitive(gap: Term, may_divide: Callable[[Term], bool]) -> Term:
    """The gap without the powers that all of its summands share, as far as they may be divided by, and without denominators."""
    gap = expanded(gap)
    rows = [_powers(part) for part in (gap.children if isinstance(gap, Add) else (gap,))]
    shared: dict[Term, Fraction] = {}
    for base in {base for _, powers in rows for base in powers}:
        least = min(powers.get(base, Fraction(0)) for _, powers in rows)
        if least < 0 or (least > 0 and may_divide(base)):
            shared[base] = least
    if not shared or gap is ZERO:
        return gap
    parts = []
    for coefficient, powers in rows:
        left = {base: powers.get(base, Fraction(0)) - shared.get(base, 0) for base in {**powers, **shared}}
        parts.append(multiply(coefficient, *(power(base, number(exponent)) for base, exponent in left.items() if exponent)))
    return add(*parts)


def _powers(part: Term) -> tuple[Term, dict[Term, Fraction]]:
    """A summand as a number and powers of its factors."""
    coefficient: Term = ONE
    found: dict[Term, Fraction] = {}
    for factor in part.children if isinstance(part, Multiply) else (part,):
        if isinstance(factor, Number):
            coefficient = multiply(coefficient, factor)
        elif isinstance(factor, Power) and isinstance(factor.exponent, Number):
            found[factor.base] = found.get(factor.base, Fraction(0)) + factor.exponent.value
        else:
            found[factor] = found.get(factor, Fraction(0)) + 1
    return coefficient, found


def _ratio(wanted: Term, found: Term) -> Fraction | None:
    """How many times the one is the other, by a summand that stands in both; a guess to be proved."""
    theirs = {core: factor for factor, core in map(split_coefficient, _summands(found))}
    for factor, core in map(split_coefficient, _summands(wanted)):
        if core in theirs:
            return factor / theirs[core]
    return None


def _summands(term: Term) -> tuple[Term, ...]:
    return term.children if isinstance(term, Add) else (term,)
