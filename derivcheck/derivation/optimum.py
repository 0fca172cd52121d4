"""Derivatives that are set to zero, and the names whose values come out of that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from derivcheck.derivation.definable import undecorated
from derivcheck.derivation.outline import Line
from derivcheck.elaboration.book import Book, Scope, holds_in
from derivcheck.elaboration.head import Head
from derivcheck.reading.content import names_of, quantity
from derivcheck.reading.expression import Differential, Expression, Gradient, Name, walk

Places = list[tuple[frozenset[str], Scope]]


@dataclass(slots=True)
class Optima:
    """What a document has differentiated by and set to zero. ``zeros``: the names in what was set to zero; ``varied``: those by which derivatives were taken."""

    zeros: Places = field(default_factory=list)
    varied: Places = field(default_factory=list)

    def vary(self, line: Line) -> None:
        """Takes note of the derivatives in a line."""
        self.varied.append((frozenset(_by(line.members)), line.scope))

    def set_zero(self, line: Line, lines: Sequence[Line]) -> None:
        """Takes note of a line that sets something to zero."""
        before = lines[line.order - 1] if line.order and line.members[0] is None else None
        behind = before.members[-1:] if before is not None and before.display == line.display else ()
        self.zeros.append((names_of(*line.members, *behind), line.scope))

    def is_solution(self, head: Head, line: Line, book: Book) -> bool:
        """Whether a name is an unknown of an equation that was set to zero, as it is or with a hat or star: what it equals can be checked."""
        base = undecorated(head.spelling)
        if base is None and head == Head(head.spelling) and not book.is_defined(head.spelling):
            base = head.spelling
        return base is not None and _holds(self.zeros, base, line)

    def is_optimum(self, head: Head, line: Line, lines: Sequence[Line]) -> bool:
        """Whether derivatives by a name have been taken and none of it: what it is then said to be came out of them."""
        parts = (part for other in lines for member in other.members if member is not None for part in walk(member))
        bodies = (quantity(part.body) for part in parts if isinstance(part, Differential))
        return _holds(self.varied, head.spelling, line) and not any(isinstance(body, Name) and body.spelling == head.spelling for body in bodies)


def _holds(places: Places, name: str, line: Line) -> bool:
    return any(name in names and holds_in(scope, line.scope) for names, scope in places)


def _by(members: Iterable[Expression | None]) -> Iterator[str]:
    """The names that derivatives in some members are by."""
    for part in (part for member in members if member is not None for part in walk(member)):
        if isinstance(part, Differential):
            yield from (by.spelling for one in part.by if isinstance(by := quantity(one), Name))
        elif isinstance(part, Gradient) and isinstance(part.by, Name):
            yield part.by.spelling
