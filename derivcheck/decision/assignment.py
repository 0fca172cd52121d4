"""Values of a statement's free variables: all of them, or a few that differ as much as they can."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from math import prod

from derivcheck.decision.instantiate import Instantiation
from derivcheck.term.obligation import Statement

MANY = 1000
STRIDE = 7919
"""A prime that is larger than any range, so that steps of it visit each choice once before they come back."""


def assignments(made: Instantiation, statement: Statement) -> Iterator[dict[str, int]]:
    """All values of a statement's free variables; a range may depend on the variables before it."""
    names = [part.variable.name for part in statement.free]
    for values in _choices(made, statement):
        yield dict(zip(names, values, strict=True))


def spread(made: Instantiation, statement: Statement, limit: int) -> list[dict[str, int]]:
    """At most so many, one of each pattern of equal values first, then evenly spaced ones."""
    names = [part.variable.name for part in statement.free]
    found = _few(made, statement)
    if len(found) > limit:
        patterns: dict[tuple[int, ...], tuple[int, ...]] = {}
        for values in found:
            patterns.setdefault(tuple(map(values.index, values)), values)
        chosen = list(patterns.values())[:limit]
        taken = set(chosen)
        rest = [values for values in found if values not in taken]
        missing = limit - len(chosen)
        found = chosen + [rest[at * len(rest) // missing] for at in range(missing)]
    return [dict(zip(names, values, strict=True)) for values in found]


def _few(made: Instantiation, statement: Statement) -> list[tuple[int, ...]]:
    """Choices in order; where there are very many, some from everywhere among them."""
    ranges = _ranges(made, statement)
    if ranges is None or prod(map(len, ranges)) <= MANY:
        return list(islice(_choices(made, statement), MANY))
    total = prod(map(len, ranges))
    picked = []
    for at in range(MANY):
        number = at * STRIDE % total
        values = []
        for span in reversed(ranges):
            number, place = divmod(number, len(span))
            values.append(span[place])
        picked.append(tuple(reversed(values)))
    return picked


def _choices(made: Instantiation, statement: Statement) -> Iterator[tuple[int, ...]]:
    ranges = _ranges(made, statement)
    return product(*ranges) if ranges is not None else _dependent(made, statement, {})


def _ranges(made: Instantiation, statement: Statement) -> list[range] | None:
    """The ranges of the free variables; None where one depends on another."""
    if any(part.lower.variables or part.upper.variables for part in statement.free):
        return None
    return [range(made.whole(part.lower, {}), made.whole(part.upper, {}) + 1) for part in statement.free]


def _dependent(made: Instantiation, statement: Statement, values: dict[str, int]) -> Iterator[tuple[int, ...]]:
    if len(values) == len(statement.free):
        yield tuple(values.values())
        return
    part = statement.free[len(values)]
    for value in range(made.whole(part.lower, values), made.whole(part.upper, values) + 1):
        yield from _dependent(made, statement, values | {part.variable.name: value})
