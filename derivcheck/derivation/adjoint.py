r"""Names that stand for slopes of one quantity: ``\bar v``, ``\delta_v`` or ``dv`` for \frac{\partial L}{\partial v}, put in where they are used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from derivcheck.derivation.instance import rebuilt
from derivcheck.derivation.prose import announces_strongly
from derivcheck.elaboration.book import Scope, holds_in, is_around
from derivcheck.elaboration.rank import is_capital
from derivcheck.elaboration.same import same
from derivcheck.reading.content import has_derivative, names_of
from derivcheck.reading.expression import Differential, Expression, Gradient, Infinitesimal, Literal, Name, is_plain, walk
from derivcheck.source import NOWHERE

if TYPE_CHECKING:
    from derivcheck.derivation.outline import Line

INFINITESIMAL = "d"
_GENERAL = re.compile(
    r"\b(?:any|every|each|all|arbitrary|general|similarly|likewise|analogous(?:ly)?|respectively|and so on|etc|the others?|the rest|a quantity|a variable"
    r"|jede[nmrs]?|alle[nrs]?|beliebige[nmrs]?|entsprechend|analog|ebenso|usw|cualquier|tout|toute)\b|任意|任何|每个|类似|同理|等等|其余", re.I
)


@dataclass(frozen=True, slots=True)
class Mark:
    r"""What stands before and behind the letter in a name: ``\bar{`` and ``}``, ``\delta_{`` and ``}``; d and nothing for a lone ``dx``."""

    before: str
    after: str

    def inside(self, spelling: str) -> str | None:
        """The name that a spelling has the mark at, its label behind the mark with it; None where there is none."""
        rest = spelling.removeprefix(self.before)
        if rest == spelling or not self.after:
            return rest if rest != spelling else None
        depth = 0
        for place, char in enumerate(rest):
            if char == self.after and not depth:
                return rest[:place] + rest[place + 1 :] if place else None
            depth += (char == "{") - (char == "}")
        return None


@dataclass(frozen=True, slots=True)
class Told:
    """What a name stands for: the slope of ``top`` by ``by``. ``is_general``: the same holds of any other name at the same mark."""

    name: Name | Infinitesimal
    top: Name
    by: Name
    order: int
    scope: Scope
    is_general: bool = False

    @property
    def mark(self) -> Mark | None:
        """The mark that makes the name out of what it is the slope by; None where it is another letter."""
        if isinstance(self.name, Infinitesimal):
            return Mark(INFINITESIMAL, "") if self.name.of.spelling == self.by.spelling else None
        return next((mark for letter in (self.by.spelling, self.by.spelling.partition("_{")[0]) if (mark := _mark(self.name.spelling, letter)) and mark.inside(self.name.spelling) == self.by.spelling), None)

    @property
    def is_family(self) -> bool:
        r"""Whether letters or numbers tell of what it is the slope: ``\delta^l`` for that by ``z^l``."""
        places = _places(self.name) if isinstance(self.name, Name) else ()
        return bool(places) and all(any(same(place, other) for other in _places(self.by)) for place in places)


@dataclass(frozen=True, slots=True)
class Adjoints:
    """What is told of names for slopes, in order. ``known``: the names of the document; ``anew``: where a name is told to be something else; ``numbered``: names that it defines."""

    told: tuple[Told, ...] = ()
    known: frozenset[str] = frozenset()
    anew: tuple[tuple[str, int, Scope], ...] = ()
    numbered: frozenset[Name] = frozenset()

    def spelled_out(self, line: Line) -> Line:
        """A line with slopes for the names that stand for them, other than where it tells of one."""
        force = tuple(one for one in self.told if one.order < line.order and holds_in(one.scope, line.scope))
        if not force:
            return line
        gone = {(spelling, scope) for spelling, order, scope in self.anew if order <= line.order and is_around(scope, line.scope)}
        tells = any(one.order == line.order for one in self.told)
        rules = _Rules(force[::-1], self.known, frozenset(gone), self.numbered)
        members = tuple(member if member is None or (tells and not place) else rules.spelled(member) for place, member in enumerate(line.members))
        return replace(line, members=members)

    def read(self, side: Expression) -> Expression:
        """A side with slopes for the names that stand for them anywhere."""
        return _Rules(self.told[::-1], self.known, frozenset(), self.numbered).spelled(side) if self.told else side


def adjoints(lines: Sequence[Line], told: Sequence[Told]) -> Adjoints:
    """What a document tells of names for slopes. ``told``: what its words say."""
    rules = tuple(one for one in _generalized([*told, *_told(lines)], lines) if one.mark or one.is_family)
    if not rules:
        return Adjoints()
    known = frozenset(name for line in lines for name in names_of(*line.members))
    anew = tuple((line.members[0].spelling, line.order, line.scope) for line in lines if _tells_anew(line) and isinstance(line.members[0], Name))
    numbered = frozenset(_numbered(line.members[0]) for line in lines if line.statement.signs and isinstance(line.members[0], Name))
    return Adjoints(rules, known, anew, numbered)


def _told(lines: Sequence[Line]) -> Iterator[Told]:
    """What equations say: a name that nothing has told before equals a derivative or a gradient, and nothing is differentiated by it."""
    seen: list[tuple[str, Scope]] = []
    below = {by.spelling for line in lines for member in line.members if member is not None for by in differentiated_by(member)}
    for line in lines:
        left, right = (*line.members, None, None)[:2]
        slope = slope_of(right)
        name = left.of if isinstance(left, Infinitesimal) else left
        if not line.statement.signs or not isinstance(name, Name) or not isinstance(left, Name | Infinitesimal):
            continue
        is_new = name.spelling not in below and not any(name.spelling == other and is_around(scope, line.scope) for other, scope in seen)
        if slope is not None and not name.primes and (is_new or isinstance(left, Infinitesimal)) and not name.spelling.startswith(f"{slope[0].spelling}_"):
            yield Told(left, *slope, line.order, line.scope, is_general(f"{line.words} {line.after}"))
        elif isinstance(left, Name):
            seen.append((name.spelling, line.scope))


def is_general(words: str) -> bool:
    """Whether words say that something holds of whatever has the same form."""
    return _GENERAL.search(words) is not None


def slope_of(side: Expression | None) -> tuple[Name, Name] | None:
    """What a derivative or gradient is of and what it is by, both of them names; None of anything else."""
    if isinstance(side, Differential) and len(side.by) == 1:
        body, by = side.body, side.by[0]
    elif isinstance(side, Gradient) and side.order == 1:
        body, by = side.body, side.by
    else:
        return None
    return (body, by) if isinstance(body, Name) and isinstance(by, Name) and body.spelling != by.spelling else None


def differentiated_by(expression: Expression) -> Iterator[Name]:
    """The names that something is differentiated by in an expression."""
    for part in walk(expression):
        bys = part.by if isinstance(part, Differential) else (part.by,) if isinstance(part, Gradient) else ()
        yield from (by for by in bys if isinstance(by, Name))


def _tells_anew(line: Line) -> bool:
    """Whether words announce that a name is something else than a slope: ``let \\bar x be the mean``."""
    return len(line.members) > 1 and announces_strongly(line.words) and not any(has_derivative(member) for member in line.members if member is not None)


def _generalized(told: Sequence[Told], lines: Sequence[Line]) -> list[Told]:
    """What is told, in order; what is told of two names with the same mark, or of two numbers of one family, holds of others like them."""
    ordered = sorted(told, key=lambda one: one.order)

    def key(one: Told) -> tuple[object, ...]:
        family = (one.name.spelling, one.by.spelling) if isinstance(one.name, Name) and one.is_family else ()
        return (one.top.spelling, one.mark or family)

    uses = Counter(name for line in lines for name in names_of(*line.members))
    alike = Counter(key(one) for one in {(key(one), one.by.spelling, one.by.indices, one.by.samples): one for one in ordered}.values())
    # A letter that nothing else is about stands for any other one.
    general = {key(one) for one in ordered if one.is_general or isinstance(one.name, Infinitesimal) or uses[one.by.spelling] < 2}
    return [replace(one, is_general=key(one) in general or alike[key(one)] > 1) for one in ordered]


@dataclass(frozen=True, slots=True)
class _Rules:
    """What is in force for a line, the latest first. ``known``: the names of the document; ``gone``: names that have another meaning, and where; ``numbered``: names with numbers that it defines."""

    told: Sequence[Told]
    known: frozenset[str]
    gone: frozenset[tuple[str, Scope]]
    numbered: frozenset[Name]

    def slope(self, use: Name | Infinitesimal) -> Expression | None:
        """The slope that a name stands for; None where it stands for none."""
        for one in self.told:
            found = self._by(one, use)
            if found is not None:
                top, by = found
                return Gradient(top, by, 1, use.span) if is_capital(by.spelling) and all(isinstance(place, Literal) for place in by.indices) else Differential(top, (by,), False, use.span)
        return None

    def spelled(self, side: Expression) -> Expression:
        """A side with slopes for the names that stand for them; what is differentiated by stays."""
        if isinstance(side, Differential | Gradient):
            return replace(side, body=self.spelled(side.body))
        made = self.slope(side) if isinstance(side, Name | Infinitesimal) else None
        return made if made is not None else rebuilt(side, self.spelled)

    def _by(self, one: Told, use: Name | Infinitesimal) -> tuple[Name, Name] | None:
        """What a name is the slope of and by, as far as one thing that is told goes."""
        if isinstance(use, Infinitesimal) or isinstance(one.name, Infinitesimal):
            is_one = isinstance(use, Infinitesimal) and isinstance(one.name, Infinitesimal) and isinstance(use.of, Name)
            return (one.top, replace(use.of, span=NOWHERE)) if is_one else None
        if use.primes or any(spelling == use.spelling and scope != one.scope for spelling, scope in self.gone):
            return None
        if use.spelling == one.name.spelling:
            placed = _placed(one, use)
            return placed if placed is not None and self._is_told_apart(one.by, placed[1]) else None
        mark = one.mark if one.is_general else None
        inside = mark.inside(use.spelling) if mark is not None else None
        return (one.top, replace(use, spelling=inside, span=NOWHERE)) if inside in self.known and is_plain(one.top) else None

    def _is_told_apart(self, general: Name, by: Name) -> bool:
        """Whether a number in the place of a letter makes a name that the document defines by itself, not a member of a sequence."""
        pairs = zip(_places(general), _places(by), strict=False)
        return _numbered(by) in self.numbered or not any(isinstance(place, Literal) and isinstance(letter, Name) for letter, place in pairs)


def _placed(one: Told, use: Name) -> tuple[Name, Name] | None:
    """What a name is the slope of and by at its own indices: ``z^{l+1}`` for ``\\delta^{l+1}``."""
    name = one.name
    assert isinstance(name, Name)
    if len(use.samples) == len(name.samples) and len(use.indices) != len(name.indices):
        if not name.indices:
            return one.top, replace(one.by, indices=(*one.by.indices, *use.indices), span=NOWHERE)
        left = tuple(place for place in one.by.indices if not any(same(place, other) for other in name.indices))
        return (one.top, replace(one.by, indices=left, span=NOWHERE)) if not use.indices and not (names_of(*name.indices) & names_of(*left)) else None
    if (len(use.samples), len(use.indices)) != (len(name.samples), len(name.indices)):
        return None
    pairs = list(zip(_places(name), _places(use), strict=True))
    if not all(isinstance(pattern, Name) or same(pattern, place) or (one.is_general and isinstance(pattern, Literal)) for pattern, place in pairs):
        return None

    def moved(place: Expression) -> Expression:
        direct = next((other for pattern, other in pairs if same(pattern, place)), None)
        return direct if direct is not None else rebuilt(place, moved)

    def at(told: Name) -> Name:
        return replace(told, indices=tuple(map(moved, told.indices)), samples=tuple(map(moved, told.samples)), span=NOWHERE)

    return at(one.top), at(one.by)


def _numbered(name: Name) -> Name:
    """A name that can be compared: wherever it stands."""

    def placed(place: Expression) -> Expression:
        return replace(place, span=NOWHERE) if isinstance(place, Literal | Name) else place

    return replace(name, indices=tuple(map(placed, name.indices)), samples=tuple(map(placed, name.samples)), span=NOWHERE, bold=False)


def _places(name: Name) -> tuple[Expression, ...]:
    return (*name.indices, *name.samples)


def _mark(spelling: str, letter: str) -> Mark | None:
    """What a letter has at it in a spelling: an accent, or another letter that it stands below."""
    before, found, _ = spelling.partition(f"{{{letter}}}")
    return Mark(f"{before}{{", "}") if found and before else None
