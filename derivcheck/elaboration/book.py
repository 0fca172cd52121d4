"""The book of definitions: what each name stands for, where that was said, and how far it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache

from derivcheck.elaboration.head import Head, chance_key, exactness, fits, is_about, is_labelled_otherwise
from derivcheck.elaboration.same import same
from derivcheck.reading.content import names_of, number
from derivcheck.reading.expression import (
    Call,
    Chance,
    Expression,
    Literal,
    Name,
    is_plain,
    walk,
)

Scope = tuple[int, ...]
LATER, FAR = "later", "far"


@dataclass(frozen=True, slots=True)
class Definition:
    """A name and what it stands for. ``order`` counts the statements of the document; ``stated``: words or a first occurrence say so.

    ``is_value``: numbers put in for something that is a variable elsewhere. ``is_proved``: an equation that was claimed and proved.
    ``is_supposed``: taken to hold for a while, before any other. ``is_optimum``: what derivatives by the name led to, which tells nothing of the lines before.
    ``explains``: words such as "where" say that it tells the meaning of what stands before it. ``since``: the first line of its sentence, if it gives a
    name a new meaning there. ``is_ahead``: its sentence supposes it for what comes behind.
    """

    head: Head
    right: Expression
    order: int
    scope: Scope
    stated: bool = True
    is_value: bool = False
    is_proved: bool = False
    explains: bool = False
    is_supposed: bool = False
    is_optimum: bool = False
    since: int | None = None
    is_ahead: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A definition that fits a use, and whether it is certainly in force there."""

    definition: Definition
    certain: bool


@dataclass(slots=True)
class Book:
    """All definitions of a document. Nothing is ever erased; the nearest earlier one in a scope around the use holds.

    ``edition`` counts its changes. ``unheard``: the statement whose definitions are not found for a while. ``fixed``: names that
    nothing moves for a while.
    """

    definitions: dict[str, list[Definition]] = field(default_factory=dict)
    edition: int = 0
    unheard: int | None = None
    fixed: set[str] = field(default_factory=set)
    _editions: int = 0
    _recurrent: tuple[int, dict[str, bool]] = (-1, {})

    def add(self, definition: Definition) -> None:
        self.edition = self._next_edition()
        self.definitions.setdefault(definition.head.spelling, []).append(definition)

    def drop(self, definition: Definition) -> None:
        """A definition holds no more."""
        self.edition = self._next_edition()
        self.definitions[definition.head.spelling] = [one for one in self.definitions[definition.head.spelling] if one is not definition]

    @contextmanager
    def supposing(self, definition: Definition) -> Iterator[None]:
        """For a while a name stands for something else."""
        known = self.definitions.setdefault(definition.head.spelling, [])
        supposed = replace(definition, is_supposed=True)
        with self._for_a_while():
            known.append(supposed)
            try:
                yield
            finally:
                known.remove(supposed)

    @contextmanager
    def _for_a_while(self) -> Iterator[None]:
        """What changes here is taken back: the book is as it was, and so is its edition, unless something else changed."""
        before, during = self.edition, self._next_edition()
        self.edition = during
        try:
            yield
        finally:
            self.edition = before if self.edition == during else self._next_edition()

    def _next_edition(self) -> int:
        self._editions += 1
        return self._editions

    @contextmanager
    def without(self, order: int | None) -> Iterator[None]:
        """For a while nobody finds what a statement of the document defines; None: everything is found again."""
        before, self.unheard = self.unheard, order
        try:
            yield
        finally:
            self.unheard = before

    def withdraw(self, order: int) -> None:
        """What a statement defines is nothing that anyone may use: it is wrong."""
        for spelling, known in self.definitions.items():
            self.definitions[spelling] = [one for one in known if one.order != order or one.is_supposed]
        self.edition = self._next_edition()

    @contextmanager
    def hiding(self, spelling: str, is_fixed: bool = False) -> Iterator[None]:
        """For a while a name has no definition; ``is_fixed``: and nothing moves it."""
        with self._for_a_while():
            known = self.definitions.pop(spelling, None)
            if is_fixed:
                self.fixed.add(spelling)
            try:
                yield
            finally:
                self.fixed.discard(spelling)
                if known is not None:
                    self.definitions[spelling] = known

    def forget(self, spelling: str, order: int, beside: Scope | None = None) -> None:
        """Numbers put in for a name before a statement are put in no more; those of scopes that are not around one, where it is told."""
        known = self.definitions.get(spelling, [])
        gone = [one for one in known if one.is_value and one.order < order and (beside is None or not is_around(one.scope, beside))]
        self.definitions[spelling] = [one for one in known if one not in gone]
        self.edition = self._next_edition()

    def renew(self, told: Definition) -> None:
        """What was worked out before from another number for a name than the one that is told now is put in no more."""
        known = self.definitions.get(told.head.spelling, ())
        before = [one for one in known if one.is_value and one.order < told.order and fits(one.head, told.head) and fits(told.head, one.head) and holds_in(one.scope, told.scope)]
        last = max(before, key=lambda one: one.order, default=None)
        if last is None or same(last.right, told.right):
            return
        for spelling, alike in list(self.definitions.items()):
            over = [one for one in alike if one.is_value and last.order <= one.order < told.order and number(one.right) is None]
            if over and spelling != told.head.spelling and self.is_defined(spelling) and told.head.spelling in self.reached(frozenset((spelling,))):
                self.definitions[spelling] = [one for one in alike if one not in over]
                self.edition = self._next_edition()

    def find(self, use: Head, order: int, scope: Scope, far: bool = False, now: int = 0, values: bool = False, later: bool = True, here: Scope | None = None, missed: set[str] | None = None) -> Found | None:
        """The definition in force for a use: the nearest earlier one that holds there, else the next later one of its scope.

        ``later``: even one that nothing says explains what stands before it. ``far``: failing these, the nearest
        earlier one of another problem, which is not certain to hold. Numbers put in for variables count up to the line
        ``now`` if ``values`` says so, and then before definitions; they hold where a line stands whose scope is ``here``, if that is
        another one. ``missed`` takes in what would have led to another answer: that later ones count, or far ones.
        """
        fitting = [one for one in self.definitions.get(use.spelling, ()) if not one.is_proved and self._is_heard(one) and fits(one.head, use) and is_about(one.head, one.right, use)]
        if not fitting:
            return None
        supposed = [one for one in fitting if one.is_supposed]
        if supposed:
            return Found(supposed[-1], True)
        general = [one for one in fitting if not (one.order <= order and is_labelled_otherwise(one.head, one.right, use))]
        if len(general) < len(fitting) and any(one.order <= order for one in general):
            found = self._found(general, use, order, scope, far, now, values, later, here, missed)
            return found and replace(found, certain=False)
        return self._found(fitting, use, order, scope, far, now, values, later, here, missed)

    def _found(self, fitting: list[Definition], use: Head, order: int, scope: Scope, far: bool, now: int, values: bool, later: bool, here: Scope | None, missed: set[str] | None) -> Found | None:
        """The one of some definitions that is in force for a use (see ``find``)."""
        put_in = [one for one in fitting if one.is_value and one.order <= now + one.explains and holds_in(one.scope, scope if here is None else here)]
        if put_in and (values or _are_told_anew(fitting, put_in, scope if here is None else here)):
            return Found(max(put_in, key=lambda one: (exactness(one.head, use), one.order)), True)
        start = [one for one in fitting if _is_start(one.head) and one.order <= now and holds_in(one.scope, scope)]
        if start and len(fitting) > len(start):
            return Found(max(start, key=lambda one: one.order), True)
        fitting = [one for one in fitting if not one.is_value]
        anew = [one for one in fitting if one.since is not None and one.since <= order < one.order and one.scope == scope]
        if anew:
            return Found(anew[0], True)
        near = is_around if _is_local([one for one in fitting if one.order <= order]) else holds_in
        earlier = [one for one in fitting if one.order <= order and near(one.scope, scope)]
        if earlier:
            return Found(max(earlier, key=lambda one: (exactness(one.head, use), one.order)), True)
        around = [one for one in fitting if one.scope == scope[: len(one.scope)] and not one.is_optimum]
        if around:
            next_one = min(around, key=lambda one: (-exactness(one.head, use), one.order))
            explains = next_one.explains or next_one.order <= (now if next_one.is_ahead else max(order + 1, now))
            if explains or later:
                return Found(next_one, explains)
            _note(missed, LATER)
        others = [one for one in fitting if one.order <= order]
        if others and not far:
            _note(missed, FAR)
        elif others:
            return Found(max(others, key=lambda one: (exactness(one.head, use), one.order)), False)
        return None

    def _is_heard(self, definition: Definition) -> bool:
        """Whether a definition is found; numbers that the words before a statement tell are no part of it, nor is what is supposed."""
        return definition.order != self.unheard or definition.is_supposed or (definition.is_value and not definition.stated)

    def is_defined(self, spelling: str) -> bool:
        return any(not one.is_value and one.order != self.unheard for one in self.definitions.get(spelling, ()))

    def is_told(self, spelling: str) -> bool:
        """Whether a name is defined by more than equations that were proved."""
        return any(not one.is_value and not one.is_proved and one.order != self.unheard for one in self.definitions.get(spelling, ()))

    def is_function(self, spelling: str) -> bool:
        """Whether a name is defined with arguments anywhere."""
        return any(one.head.arguments is not None and not one.is_proved for one in self.definitions.get(spelling, ()))

    def reached(self, names: frozenset[str]) -> frozenset[str]:
        """Some names and all that their definitions name, and so on."""
        found, pending = set(names), list(names)
        while pending:
            for one in self.definitions.get(pending.pop(), ()):
                chances = {chance_key(part)[0] for part in walk(one.right) if isinstance(part, Chance)}
                new = (names_of(one.right) | chances) - found
                found |= new
                pending += new
        return frozenset(found)

    def goes_back(self, spelling: str) -> bool:
        """Whether a family is made of itself, by way of its definitions: as a sequence is of the members before."""
        if self._recurrent[0] != self.edition:
            self._recurrent = (self.edition, {})
        known = self._recurrent[1]
        if spelling not in known:
            inside = [names_of(one.right) for one in self.definitions.get(spelling, ()) if not one.is_value and (one.head.indices or one.head.samples)]
            known[spelling] = any(spelling in self.reached(names) for names in inside)
        return known[spelling]

    def starts(self, names: frozenset[str], order: int, scope: Scope) -> bool:
        """Whether numbers were given up to a line for the first member of a sequence called by one of some names: \\theta_0 = 0."""
        known = [one for name in names for one in self.definitions.get(name, ()) if one.order <= order and holds_in(one.scope, scope)]
        return any(_is_start(one.head) and number(one.head.indices[0]) == 0 and number(one.right) is not None for one in known)

    def with_parameters(self, spelling: str, letters: Sequence[Expression]) -> Call | None:
        """A function of several parameters applied to them, where all of some letters are among these; None where there is none."""
        for one in self.definitions.get(spelling, ()):
            formal = one.head.arguments or ()
            names = {argument.spelling for argument in formal if is_plain(argument)}
            if len(formal) > 1 and len(names) == len(formal) and not one.is_proved and all(is_plain(letter) and letter.spelling in names for letter in letters):
                return Call(Name(spelling, one.right.span), formal, one.right.span)
        return None

    def proved(self, spelling: str, scope: Scope) -> list[Definition]:
        """The equations about a name that were proved in a scope, or are given there, the latest first."""
        known = [one for one in self.definitions.get(spelling, ()) if holds_in(one.scope, scope) and not one.is_value]
        return sorted(known, key=lambda one: -one.order)


def _are_told_anew(known: Sequence[Definition], numbers: Sequence[Definition], here: Scope) -> bool:
    """Whether one of some numbers takes the place of one that a name stood for before in the same place or around it."""
    last = max((one.order for one in numbers if is_around(one.scope, here)), default=-1)
    return any(not one.is_value and one.order < last and number(one.right) is not None for one in known)


def _note(missed: set[str] | None, what: str) -> None:
    if missed is not None:
        missed.add(what)


def _is_start(head: Head) -> bool:
    """Whether a head is one member of a sequence: ``h_0``."""
    return bool(head.indices) and head.arguments is None and all(isinstance(index, Literal) for index in head.indices)


def _is_local(definitions: Sequence[Definition]) -> bool:
    """Whether a name is defined anew in places side by side: then none of its definitions is meant to go beyond its own place."""
    return len(definitions) > 1 and _are_beside(frozenset([one.scope for one in definitions]))


@lru_cache(maxsize=1024)
def _are_beside(scopes: frozenset[Scope]) -> bool:
    return any(holds_in(one, other) and not is_around(one, other) and not is_around(other, one) for one in scopes for other in scopes)


def is_around(said: Scope, here: Scope) -> bool:
    """Whether one scope holds another one or is the same."""
    return here[: len(said)] == said


def common_part(one: Scope, other: Scope) -> Scope:
    """The scope around both of two."""
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] == other[shared]:
        shared += 1
    return one[:shared]


@lru_cache(maxsize=8192)
def holds_in(said: Scope, here: Scope) -> bool:
    """Whether what is said in one scope certainly holds in a later place: unless it was said in a problem that is over."""
    return all(count > 0 for count in said[len(common_part(said, here)) :])


def near(one: Scope, other: Scope) -> bool:
    """Whether names of one scope are used alike in another: it lies around or within that, or is a section before it."""
    if one[: len(other)] == other:
        return True
    counts = next(((abs(mine), abs(its)) for mine, its in zip(one, other, strict=False) if mine != its), (0, 0))
    return holds_in(one, other) and counts[0] <= counts[1]
