r"""Slopes by one member of a sequence, in those by the members behind it: what a loss depends on is then cut where the latter stand, and all
that the document makes of the former must lead there, or to the part of the loss that belongs to the same member.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from derivcheck.derivation.adjoint import slope_of
from derivcheck.derivation.dependence import shifted
from derivcheck.derivation.instance import rebuilt
from derivcheck.elaboration.book import Book, Definition, Scope, near
from derivcheck.elaboration.dependence import Dependence
from derivcheck.elaboration.same import same
from derivcheck.reading.content import bare, has_derivative
from derivcheck.reading.expression import Binder, Expression, Literal, Name, Product, Quotient, Sum, is_plain, walk

Place = tuple[str, int]
MAX_WAY = 12


@dataclass(frozen=True, slots=True)
class Sequences:
    """The definitions in force in a scope, some of them of sequences whose members ``letters`` count."""

    book: Book
    scope: Scope
    letters: frozenset[str]

    def cut(self, members: Sequence[Expression]) -> dict[str, Dependence]:
        """What a loss depends on, for an equation that tells its slope by a member of a sequence; none where another reading is as good."""
        ends = slope_of(bare(members[0])) if len(members) > 1 else None
        place = self.place(ends[1]) if ends is not None else None
        if ends is None or place is None or not is_plain(ends[0]) or _binds(members, place[0]):
            return {}
        top, by = ends
        behind = self._behind(members[1:], top, place)
        if behind is None or not any(self.book.goes_back(name.spelling) for name in (by, *behind)):
            return {}
        told = [one for one in self.book.definitions.get(top.spelling, ()) if not one.head.indices and not one.is_value and not one.is_proved and near(one.scope, self.scope)]
        beside, is_last = self._beside(told[-1].right, by, place) if told else (None, False)
        if (told and beside is None and self._names_step(told[-1].right, place[0])) or not (behind or is_last):
            return {}
        if not (is_last and not behind) and not self.is_complete((by.spelling, place[1]), self._nodes(behind), top, place, beside is not None):
            return {}
        on = tuple(replace(name, indices=tuple(index for index in name.indices if shifted(index) is not None and self._is_place(index))) for name in behind)
        axes = tuple(len(name.indices) - len(kept.indices) for name, kept in zip(behind, on, strict=True))
        return {top.spelling: Dependence(top, on, axes, beside, bool(told), True)}

    def place(self, name: Name) -> Place | None:
        """The letter that tells which member of a sequence a name is, and what is added to it."""
        found = [one for one in map(shifted, (*name.samples, *name.indices)) if one is not None and one[0] in self.letters]
        return found[0] if len(found) == 1 else None

    def _is_place(self, index: Expression) -> bool:
        found = shifted(index)
        return found is not None and found[0] in self.letters

    def _behind(self, members: Sequence[Expression], top: Name, place: Place) -> list[Name] | None:
        """What the loss is differentiated by in some members; None where that is anything but members of sequences behind a place or at it."""
        slopes = [ends for member in members for part in walk(member) if (ends := slope_of(part)) is not None]
        found: dict[tuple[str, Place], Name] = {}
        for body, by in slopes:
            at = self.place(by)
            if body.spelling != top.spelling or not is_plain(body) or at is None or at[0] != place[0] or at[1] < place[1]:
                return None
            found.setdefault((by.spelling, at), by)
        return list(found.values())

    def _beside(self, meaning: Expression, by: Name, place: Place) -> tuple[Expression | None, bool]:
        """The part of a loss that is added up for one member of a sequence, where it is a sum over them; and whether that is the last one."""
        sums = [part for part in walk(meaning) if isinstance(part, Binder)]
        total = sums[0] if sums else None
        if total is None or total.operation != "+" or len(total.variables) != 1 or not _is_factor(meaning, total):
            return None, False
        (letter,) = total.variables
        if not any(isinstance(part, Name) and any(same(letter, one) for one in (*part.indices, *part.samples)) for part in walk(total.body)):
            return None, False
        where = next(one for one in (*by.samples, *by.indices) if shifted(one) == place)
        one = _put(total.body, letter.spelling, where)
        upper = total.upper
        return _exchanged(meaning, total, one), isinstance(upper, Name) and (upper.spelling, 0) == place

    def _names_step(self, meaning: Expression, letter: str) -> bool:
        """Whether a formula has members of sequences at a letter."""
        return any((at := self.place(part)) is not None and at[0] == letter for part in walk(meaning) if isinstance(part, Name))

    def _nodes(self, names: Sequence[Name]) -> frozenset[tuple[str, int]]:
        return frozenset((name.spelling, at[1]) for name in names if (at := self.place(name)) is not None)

    def is_complete(self, node: tuple[str, int], through: frozenset[tuple[str, int]], top: Name, place: Place, has_part: bool, above: frozenset[tuple[str, int]] = frozenset()) -> bool:
        """Whether all that is made of a member is among some others, or leads to them or to the part of the loss beside them alone."""
        users = {one for one in self._users(node, top)}
        if not users or len(above) > MAX_WAY:
            return False
        inside = above | {node}
        latest = max((shift for _, shift in through), default=place[1])

        def leads(user: tuple[str, int | None]) -> bool:
            name, shift = user
            if name == top.spelling:
                return has_part and node[1] == place[1]
            if shift is None or shift > latest + 1 or (name, shift) in inside:
                return False
            return (name, shift) in through or self.is_complete((name, shift), through, top, place, has_part, inside)

        return all(map(leads, users))

    def _users(self, node: tuple[str, int], top: Name) -> Iterator[tuple[str, int | None]]:
        """What the document makes of a member: names and how far on they are, None where that cannot be told."""
        for known in self.book.definitions.values():
            for one in known:
                if not one.is_value and not one.is_proved and near(one.scope, self.scope) and not has_derivative(one.right):
                    yield from self._uses(one, node, top)

    def _uses(self, definition: Definition, node: tuple[str, int], top: Name) -> Iterator[tuple[str, int | None]]:
        head = Name(definition.head.spelling, definition.right.span, definition.head.indices, definition.head.samples)
        own = self.place(head)
        bound = {variable.spelling for part in walk(definition.right) if isinstance(part, Binder) for variable in part.variables}
        for part in walk(definition.right):
            if not isinstance(part, Name) or part.spelling != node[0]:
                continue
            places = [one for one in map(shifted, (*part.samples, *part.indices)) if one is not None and (one[0] in self.letters or one[0] in bound)]
            counted = [one for one in places if one[0] in self.letters] or places
            if own is not None and counted and counted[0][0] == own[0]:
                yield head.spelling, node[1] - counted[0][1] + own[1]
            elif (counted and counted[0][0] in bound) or not (counted or any(isinstance(one, Literal) for one in (*part.samples, *part.indices))):
                yield head.spelling, None


def _binds(members: Sequence[Expression], letter: str) -> bool:
    """Whether something is added up over a letter."""
    return any(isinstance(part, Binder) and any(variable.spelling == letter for variable in part.variables) for member in members for part in walk(member))


def _is_factor(meaning: Expression, total: Binder) -> bool:
    """Whether a formula is a sum times what does not matter: ``\\frac{1}{T} \\sum_t``; other terms may be added."""
    inner = bare(meaning)
    if inner is total:
        return True
    if isinstance(inner, Product):
        return any(_is_factor(factor, total) for factor in inner.factors)
    if isinstance(inner, Quotient):
        return _is_factor(inner.above, total)
    return isinstance(inner, Sum) and any(_is_factor(term, total) for _, term in inner.terms)


def _exchanged(expression: Expression, old: Expression, new: Expression) -> Expression:
    return new if expression is old else rebuilt(expression, lambda part: _exchanged(part, old, new))


def _put(expression: Expression, letter: str, place: Expression) -> Expression:
    """An expression with another place for a letter."""
    if is_plain(expression) and expression.spelling == letter:
        return place
    return rebuilt(expression, lambda part: _put(part, letter, place))
