r"""A mark above a letter for the slope by it, whatever the letter: ``\bar v = \frac{\partial L}{\partial v}`` for any v."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

from derivcheck.derivation.instance import rebuilt
from derivcheck.elaboration.book import is_around
from derivcheck.reading.expression import Differential, Expression, Name, is_plain, walk

if TYPE_CHECKING:
    from derivcheck.derivation.outline import Line

_GENERAL = re.compile(r"\b(?:any|every|each|all|arbitrary|general|jede[nmrs]?|alle|beliebige[nmrs]?|cualquier|tout|toute)\b|任意|任何|每个", re.I)


def with_adjoints(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a document, a letter with such a mark as the slope that it stands for, behind the line that says so in its section."""
    found = list(lines)
    for line in lines:
        told = _told(line)
        behind = [other for other in lines[line.order + 1 :] if is_around(line.scope, other.scope)] if told is not None else []
        # Slopes by members of sequences are sums over all that comes later, which nobody can follow from one line.
        if told is not None and not any(_is_marked(part, told[0]) and part.indices for other in behind for member in _members(other) for part in walk(member)):
            for other in behind:
                members = tuple(member if member is None else _spelled(member, *told) for member in found[other.order].members)
                found[other.order] = replace(found[other.order], members=members)
    return tuple(found)


def _told(line: Line) -> tuple[str, Name] | None:
    """The mark, and what is differentiated, where a line says it of any letter."""
    if len(line.members) != 2 or not _GENERAL.search(f"{line.words} {line.after}"):
        return None
    left, right = line.members
    if not is_plain(left) or not isinstance(right, Differential) or len(right.by) != 1 or not is_plain(right.by[0]) or not is_plain(right.body):
        return None
    mark, inside, letter = left.spelling.partition("{")
    return (mark, right.body) if inside and letter == f"{right.by[0].spelling}}}" else None


def _members(line: Line) -> list[Expression]:
    return [member for member in line.members if member is not None]


def _is_marked(expression: Expression, mark: str) -> TypeGuard[Name]:
    return isinstance(expression, Name) and expression.spelling.startswith(f"{mark}{{") and not expression.primes


def _spelled(expression: Expression, mark: str, top: Name) -> Expression:
    if _is_marked(expression, mark):
        inside, _, label = expression.spelling.removeprefix(f"{mark}{{").partition("}")
        return Differential(top, (replace(expression, spelling=inside + label),), False, expression.span)
    return rebuilt(expression, lambda part: _spelled(part, mark, top))
