"""What a document applies letters to."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.derivation.outline import Line, members_of
from derivcheck.elaboration.same import same
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import Call, Expression, walk


def arguments(lines: Sequence[Line]) -> dict[str, tuple[Expression, ...]]:
    """For each function of one argument what it is applied to, each once: in the last section of some lines, or else in all of them."""
    found = _applied(members_of(lines))
    own = _applied(members_of([line for line in lines if line.scope == lines[-1].scope] if lines else []))
    return {**found, **own}


def _applied(expressions: Sequence[Expression]) -> dict[str, tuple[Expression, ...]]:
    """What functions are applied to; not numbers, nor what speaks of the function itself."""
    found: dict[str, tuple[Expression, ...]] = {}
    for expression in expressions:
        for part in walk(expression):
            if not isinstance(part, Call) or len(part.arguments) != 1 or part.below is not None or part.function.primes or part.function.indices:
                continue
            argument, letter = part.arguments[0], part.function.spelling
            inside = names_of(argument)
            if inside and letter not in inside and not any(same(argument, other) for other in found.get(letter, ())):
                found[letter] = (*found.get(letter, ()), argument)
    return found
