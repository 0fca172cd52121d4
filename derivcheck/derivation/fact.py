"""What has been given so far: equations and inequalities that constrain what comes after them, and the sets that values come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field

from derivcheck.derivation.condition import Local, said_loosely
from derivcheck.derivation.domain import domain_from
from derivcheck.derivation.outline import Line
from derivcheck.derivation.role import APPROXIMATIONS
from derivcheck.elaboration.book import Book, holds_in, is_around
from derivcheck.elaboration.same import same
from derivcheck.elaboration.variable import variables_of
from derivcheck.reading.content import names_of, number
from derivcheck.reading.expression import Expression
from derivcheck.term.type import REAL, Domain


@dataclass(frozen=True, slots=True)
class Fact:
    """A relation that is given. ``stationary``: a derivative set to zero, which says where the extremum is.

    ``is_open``: a claim that was neither proved nor refuted, which may be a condition that was set. ``is_derived``: it
    was proved from others. ``is_told``: words tell it, no formula.
    """

    left: Expression
    sign: str
    right: Expression
    line: Line
    names: frozenset[str]
    stationary: bool = False
    is_open: bool = False
    is_derived: bool = False
    is_told: bool = False
    variables: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "variables", variables_of(self.left) | variables_of(self.right))


@dataclass(slots=True)
class FactBook:
    """The facts of a document in the order in which they were given."""

    book: Book
    facts: list[Fact] = field(default_factory=list)
    locals: tuple[Local, ...] = ()
    _solved: dict[str, list[int]] = field(default_factory=dict)
    _ended: dict[str, int] = field(default_factory=dict)
    _domains: list[tuple[str, Domain, Line]] = field(default_factory=list)

    def add(self, line: Line, left: Expression, sign: str, right: Expression, stationary: bool = False, is_open: bool = False, is_derived: bool = False, is_told: bool = False) -> None:
        """Takes in a given relation: a bound on a name narrows its domain, anything else is a constraint, unless words say that it is not meant as it stands."""
        stated = domain_from(left, sign, right)
        if stated is not None and not is_open and not is_derived:
            if not any(local.last == line.order for local in self.locals):
                self._domains.append((*stated, line))
            return
        if not said_loosely(line):
            self.facts.append(Fact(left, sign, right, line, names_of(left, right), stationary, is_open, is_derived, is_told))

    def constraints(self, line: Line, beside: bool = False) -> list[Fact]:
        """The constraints in force at a line, the nearest first; with those of sections ``beside`` its own, which may be about other things."""
        known = [fact for fact in reversed(self.facts) if not fact.is_derived and not fact.is_open and fact.line.order < line.order]
        reaches = holds_in if beside else is_around
        told = [fact for fact in known if reaches(fact.line.scope, line.scope) and not self._is_over(fact)]
        return [fact for place, fact in enumerate(told) if not any(_is_other_number(later, fact) for later in told[:place])]

    def solve(self, unknown: str, order: int) -> None:
        """Takes note that an unknown has its value from a statement on: the next equation for it poses another problem."""
        self._solved.setdefault(unknown, []).append(order)

    @contextmanager
    def without(self, name: str) -> Iterator[None]:
        """For a while no equation about a name is known."""
        known, self.facts = self.facts, [fact for fact in self.facts if name not in fact.variables]
        try:
            yield
        finally:
            self.facts = known

    @contextmanager
    def setting_aside(self, orders: Set[int]) -> Iterator[None]:
        """For a while nothing is known from some statements but what the words around them tell."""
        known, self.facts = self.facts, [fact for fact in self.facts if fact.line.order not in orders or fact.is_told]
        try:
            yield
        finally:
            self.facts = known

    def end(self, unknown: str, order: int) -> None:
        """Takes note that another problem for an unknown begins with a statement: what was said of it alone before holds no more."""
        self._ended[unknown] = order

    def solved_before(self, line: Line) -> frozenset[str]:
        """The unknowns that have got their values before a line."""
        return frozenset(name for name, orders in self._solved.items() if orders[0] < line.order)

    def unsolved(self, line: Line) -> list[Fact]:
        """The constraints in force at a line that are about more than unknowns which have got their values since."""
        return [fact for fact in self.constraints(line) if not fact.variables or any(self._since(name) < fact.line.order for name in fact.variables)]

    def _since(self, name: str) -> int:
        return self._solved.get(name, [-1])[-1]

    def _is_over(self, fact: Fact) -> bool:
        """Whether a fact is the equation of an unknown that was solved before another one was posed for it."""
        if len(fact.variables) != 1:
            return False
        (name,) = fact.variables
        if fact.line.order < self._ended.get(name, 0):
            return True
        orders = self._solved.get(name, ())
        later = [other.line.order for other in self.facts if other.variables == fact.variables and not other.is_open]
        return any(fact.line.order < solved < order for solved in orders for order in later)

    def open_around(self, line: Line) -> list[Fact]:
        """The claims before a line, in its own scope or one around it, that may be constraints, the nearest first."""
        known = [fact for fact in reversed(self.facts) if fact.is_open and fact.sign not in APPROXIMATIONS]
        return [fact for fact in known if fact.line.order < line.order and is_around(fact.line.scope, line.scope)]

    def has_constraints(self, line: Line, beside: bool = False) -> bool:
        return len(self.constraints(line, beside)) > (len(self.constraints(line)) if beside else 0)

    def has_values(self, line: Line) -> bool:
        """Whether numbers have been put in for variables in the scope of a line."""
        return any(one.is_value and one.order <= line.order and holds_in(one.scope, line.scope) for one in self._all())

    def _all(self) -> Iterable:
        return (one for definitions in self.book.definitions.values() for one in definitions)

    def domains(self, line: Line) -> dict[str, Domain]:
        """The sets that values come from, as far as they were stated before a line, or behind it for itself. What leaves nothing takes the place of what was stated before."""
        stated = [(name, domain) for name, domain, where in self._domains if where.order <= line.order and holds_in(where.scope, line.scope)]
        stated += [(local.name, local.domain) for local in self.locals if local.first <= line.order < local.last]
        found: dict[str, Domain] = {}
        for name, domain in stated:
            both = found.get(name, REAL).meet(domain)
            found[name] = domain if both.is_empty else both
        return found

    def known_names(self, line: Line) -> frozenset[str]:
        return frozenset(name for fact in self.constraints(line) for name in fact.names)

    def about(self, line: Line, name: str) -> list[Fact]:
        """The equations about a name at a line, stationarity conditions first, then the nearest first."""
        alike = [fact for fact in reversed(self.facts) if name in fact.variables and fact.sign in ("=", ":=")]
        found = [fact for fact in alike if fact.line.order <= line.order and holds_in(fact.line.scope, line.scope) and not self._is_over(fact)]
        return sorted(found, key=lambda fact: not fact.stationary)


def _is_other_number(later: Fact, fact: Fact) -> bool:
    """Whether a fact gives another number to what an earlier one gave a number."""
    mine, its = number(later.right), number(fact.right)
    return mine is not None and its is not None and mine != its and later.sign == fact.sign == "=" and later.names == fact.names and same(later.left, fact.left)
