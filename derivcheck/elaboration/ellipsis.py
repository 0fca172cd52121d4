"""Dots: the general term behind a list that names its first members and its last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from derivcheck.elaboration.block import assembled
from derivcheck.elaboration.letters import counting
from derivcheck.elaboration.same import common, same
from derivcheck.notation import Surroundings, Unreadable
from derivcheck.reading.expression import Dots, Expression, Listed, Literal, Name, Product, Sum
from derivcheck.source import Span
from derivcheck.term import binder, build
from derivcheck.term.term import Symbol, Term, Variable
from derivcheck.term.value import Misfit, Value, listed, transpose

if TYPE_CHECKING:
    from derivcheck.elaboration.elaborator import Elaborator

SLOT = "~slot"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A general term: an expression in which a name stands for the place, the first place, and the last one (None: open end)."""

    general: Expression
    first: Fraction
    last: Expression | None


def pattern_of(items: Sequence[Expression]) -> Pattern | None:
    """The pattern of ``a_1, a_2, \\dots, a_n``; None where the members do not tell one."""
    places = [k for k, item in enumerate(items) if isinstance(item, Dots)]
    if not places or places[0] == 0:
        return None
    start = items[: places[0]]
    end = [item for item in items[places[-1] + 1 :] if not isinstance(item, Dots)]
    if len(start) >= 2:
        general, first = _between(start[0], start[1])
    elif end:
        general, first = _between(start[0], end[-1])
    else:
        return None
    if general is None or first is None:
        return None
    if any(not _is_instance(general, item, first + place) for place, item in enumerate(start)):
        return None
    between = [item for item in items[places[0] + 1 : places[-1]] if not isinstance(item, Dots)]
    if any(_last(general, item) is None for item in between):
        return None
    last = _last(general, end[-1]) if end else None
    if end and last is None:
        return None
    return Pattern(general, first, last)


def _between(one: Expression, other: Expression) -> tuple[Expression | None, Fraction | None]:
    """The general term of two members, and the number at which the first one stands."""
    found: set[Fraction] = set()

    def differ(mine: Expression, his: Expression) -> Expression | None:
        if isinstance(mine, Literal) and (isinstance(his, Name) or (isinstance(his, Literal) and his.value == mine.value + 1)):
            found.add(mine.value)
            return Name(SLOT, mine.span)
        return None

    general = common(one, other, differ)
    if general is None or len(found) != 1:
        return None, None
    return general, found.pop()


def _is_instance(general: Expression, item: Expression, place: Fraction) -> bool:
    def differ(mine: Expression, his: Expression) -> Expression | None:
        is_slot = isinstance(mine, Name) and mine.spelling == SLOT
        return his if is_slot and isinstance(his, Literal) and his.value == place else None

    return common(general, item, differ) is not None


def _last(general: Expression, item: Expression) -> Expression | None:
    """What stands at the slot of the last member."""
    found: list[Expression] = []

    def differ(mine: Expression, his: Expression) -> Expression | None:
        if isinstance(mine, Name) and mine.spelling == SLOT:
            found.append(his)
            return his
        return None

    if common(general, item, differ) is None or not found or not all(same(one, found[0]) for one in found):
        return None
    return found[0]


# -- sums and products


def dotted_sum(elaborator: Elaborator, expression: Sum, around: Surroundings) -> Value:
    """``a_1 + a_2 + \\dots + a_n``, other terms before the pattern allowed."""
    terms = list(expression.terms)
    dots = next(k for k, (_, term) in enumerate(terms) if isinstance(term, Dots))
    start = _run_start([term for _, term in terms], dots)
    end = max(k for k, (_, term) in enumerate(terms) if isinstance(term, Dots))
    last = min(end + 1, len(terms) - 1)
    members = [term for _, term in terms[start : last + 1]]
    first, *others = (mark for mark, _ in terms[start : last + 1])
    if len(set(others)) > 1:
        raise Unreadable(expression.span, "dots whose general term can be told", "members with signs in turn")
    folded = _folded(elaborator, "+", members, expression.span, around)
    total = build.negate(folded) if "-" in others else folded
    if first not in others:
        # -a_1 + a_2 + ... + a_n: the sign of the first member is its own.
        total = build.add(total, build.multiply(build.number(-2 if first == "-" else 2), elaborator.number(members[0], around)))
    rest = [(mark, term) for k, (mark, term) in enumerate(terms) if not start <= k <= last]
    for mark, term in rest:
        number = elaborator.number(term, around)
        total = build.add(total, build.negate(number) if mark == "-" else number)
    return Value(total)


def _run_start(members: Sequence[Expression], dots: int) -> int:
    """Where the run before the dots begins: two members that make a pattern, or one."""
    if dots >= 2 and _between(members[dots - 2], members[dots - 1])[0] is not None:
        start = dots - 2
        while start and _between(members[start - 1], members[start])[0] is not None:
            start -= 1
        return start
    return max(dots - 1, 0)


def dotted_product(elaborator: Elaborator, expression: Product, around: Surroundings) -> Value:
    """``x_1 x_2 \\cdots x_n``."""
    factors = list(expression.factors)
    dots = next(k for k, factor in enumerate(factors) if isinstance(factor, Dots))
    start = _run_start(factors, dots)
    folded = _folded(elaborator, "*", factors[start : dots + 2], expression.span, around)
    rest = factors[:start] + factors[dots + 2 :]
    return Value(build.multiply(folded, *(elaborator.number(factor, around) for factor in rest)))


def _folded(elaborator: Elaborator, operation: str, members: Sequence[Expression], span: Span, around: Surroundings) -> Term:
    found = pattern_of(members)
    if found is None:
        raise Unreadable(span, "dots whose general term can be told", "members without a pattern")
    lower, upper = build.number(found.first), None
    if found.last is not None:
        upper = elaborator.number(found.last, around)
    reach = upper if upper is not None and _is_size(elaborator, upper, found.first) else elaborator.sizes.fresh() if upper is None else None
    variable = elaborator.bind(SLOT, reach)
    body = elaborator.number(found.general, around.binding({SLOT: variable}))
    return binder.fold(operation, variable, lower, upper if upper is not None else reach, body)


def _is_size(elaborator: Elaborator, upper: Term, first: Fraction) -> bool:
    return first == 1 and isinstance(upper, Symbol) and upper.name in elaborator.knowledge.size_names


# -- vectors


def listed_value(elaborator: Elaborator, expression: Listed, around: Surroundings) -> Value:
    """A vector written as a list."""
    return vector(elaborator, expression.items, expression.span, around)


def vector(elaborator: Elaborator, items: Sequence[Expression], span: Span, around: Surroundings) -> Value:
    plain = [item for item in items if not isinstance(item, Dots)]
    if len(plain) == len(items):
        values = [elaborator.value(item, around) for item in items]
        if all(value.is_number for value in values):
            return listed([value.body for value in values])
        # Matrices stand side by side, vectors below each other; the other way round is rarer.
        is_row = any(value.rank == 2 for value in values) != bool(elaborator.oracle.pick(span, "blocks in a list", (0, 1)))
        return assembled(elaborator.sizes, [values] if is_row else [[value] for value in values])
    if len(plain) > 1 and all(same(plain[0], item) for item in plain[1:]):
        entry = elaborator.number(plain[0], around)
        return Value(entry, (Variable.fresh(),), (elaborator.sizes.fresh(),))
    found = pattern_of([items[0], *items[1:]])
    offset = 0
    if found is None and len(items) > 3:
        found, offset = pattern_of(items[1:]), 1
    if found is None:
        return _with_special(elaborator, items, span, around)
    size, variable = _axis(elaborator, found, around)
    general = elaborator.value(found.general, around.binding({SLOT: variable}))
    if general.rank == 1 and not offset:
        # Vectors in a row are the columns of a matrix, and vectors lying down are its rows.
        stacked = Value(general.body, (variable, *general.variables), (size, *general.sizes))
        return stacked if general.row else transpose(stacked)
    if not general.is_number:
        raise Misfit("a number was expected, not an array", general.sizes)
    body = general.body
    if not offset:
        return Value(body, (variable,), (size,))
    first = elaborator.number(items[0], around)
    shifted = Variable.fresh()
    moved = binder.replace(body, {variable: build.add(shifted, build.MINUS_ONE)})
    entry = build.cases([(build.relation("=", shifted, build.ONE), first)], moved)
    return Value(entry, (shifted,), (build.add(size, build.ONE),))


def _axis(elaborator: Elaborator, found: Pattern, around: Surroundings) -> tuple[Term, Variable]:
    size = elaborator.number(found.last, around) if found.last is not None else elaborator.sizes.fresh()
    if found.first != 1:
        raise Unreadable(found.general.span, "entries that count from 1", f"entries that count from {found.first}")
    return size, elaborator.bind(SLOT, size if isinstance(size, Symbol) else None)


def _with_special(elaborator: Elaborator, items: Sequence[Expression], span: Span, around: Surroundings) -> Value:
    """A general first and last entry with one entry between dots that is special: that of the index it names."""
    plain = [item for item in items if not isinstance(item, Dots)]
    found = pattern_of([plain[0], items[next(k for k, item in enumerate(items) if isinstance(item, Dots))], plain[-1]])
    if found is None or len(plain) != 3:
        raise Unreadable(span, "dots whose general entry can be told", "entries without a pattern")
    letters = counting(elaborator, plain[1], around)
    if len(letters) != 1:
        raise Unreadable(plain[1].span, "an entry that tells its place", "an entry without an index of its own")
    size, variable = _axis(elaborator, found, around)
    general = elaborator.number(found.general, around.binding({SLOT: variable}))
    here = elaborator.index(Name(letters[0], span), around)
    elaborator.link(here, size)
    special = elaborator.number(plain[1], around)
    return Value(build.cases([(build.relation("=", variable, here), special)], general), (variable,), (size,))
