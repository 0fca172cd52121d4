"""An obligation made concrete, once for all deciders: its goal and hypotheses at several choices of sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, product
from math import prod

from derivcheck.decision.assignment import assignments, spread
from derivcheck.decision.graph import Graph
from derivcheck.decision.instantiate import Goal, Instantiation
from derivcheck.decision.limits import Limits
from derivcheck.decision.node import GivesUp, Grows, Node
from derivcheck.decision.premise import Branch, branches, loses_solutions
from derivcheck.decision.sample import sizes, small_sizes, smaller_sizes
from derivcheck.term.build import symbol
from derivcheck.term.function import FUNCTIONS
from derivcheck.term.obligation import Obligation, Statement
from derivcheck.term.term import Antiderivative, Apply, Array, Fold, Number, Relation, Symbol, Term, Variable
from derivcheck.term.type import DIMENSION, REAL, Domain

MAX_CHOICES = 2000
GLIMPSED = 3
MAX_ALONE = 5


@dataclass(frozen=True, slots=True)
class Instance:
    """The obligation at one choice of sizes. ``premises`` are the hypotheses' instances as they stand."""

    parameters: tuple[tuple[str, int], ...]
    graph: Graph
    goals: tuple[Goal, ...]
    premises: tuple[Node, ...]
    branches: tuple[Branch, ...]
    is_degenerate: bool

    @property
    def relations(self) -> tuple[Node, ...]:
        """All that is given and claimed."""
        return (*self.premises, *(goal.relation for goal in self.goals))

    def loses_solutions(self, branch: Branch) -> bool:
        return loses_solutions(self.graph, branch, self.relations, [goal.relation for goal in self.goals])


class Problem:
    """An obligation and what is computed from it on demand, shared by the deciders."""

    def __init__(self, obligation: Obligation, limits: Limits) -> None:
        self.obligation = obligation
        self.limits = limits
        self.domains: dict[str, Domain] = dict(obligation.domains)
        self.seed = obligation.digest
        self.has_agreed = False
        self._instances: list[Instance] = []
        self._making: Iterator[Instance] | None = None
        self._failure: GivesUp | None = None
        self._glimpsed: dict[tuple[tuple[str, int], ...], tuple[Instantiation, Instance]] = {}

    @cached_property
    def hypotheses(self) -> tuple[Statement, ...]:
        """Those that share a name with the goal, directly or through each other. The others cannot bear on it."""
        known = _names(self.obligation.goal) - set(self.dimensions)
        waiting = [each for each in self.obligation.hypotheses if _says_numbers(each)]
        found: list[Statement] = []
        while True:
            near = [each for each in waiting if self._is_near(each, known)]
            if not near:
                return tuple(found)
            found += near
            waiting = [each for each in waiting if each not in near]
            for each in near:
                known |= _names(each) - set(self.dimensions)

    def under_fewer(self) -> Iterator[Problem]:
        """The same goal under those hypotheses that only say where something lies, under the equations that name nothing
        else than the goal does as well, and under each equation alone."""
        light = self._light()
        if len(light) == len(self.obligation.hypotheses):
            return
        yield self._under(light)
        known = _names(self.obligation.goal)
        equations = [each for each in self.hypotheses if each not in light and not known.isdisjoint(_names(each))]
        near = [each for each in equations if _names(each) <= known]
        if 1 < len(near) < len(equations):
            yield self._under((*light, *near))
        if len(equations) > 1:
            for each in sorted(equations, key=near.__contains__, reverse=True)[:MAX_ALONE]:
                yield self._under((*light, each))

    def _light(self) -> tuple[Statement, ...]:
        return tuple(each for each in self.obligation.hypotheses if self._is_light(each))

    def _under(self, hypotheses: tuple[Statement, ...]) -> Problem:
        return Problem(replace(self.obligation, hypotheses=hypotheses), self.limits)

    def _is_light(self, statement: Statement) -> bool:
        relation = statement.relation
        if _names(statement) <= {*self.dimensions, *self.pointers}:
            return True
        if not isinstance(relation, Relation) or relation.sign == "=":
            return False
        return any(isinstance(side, Number) for side in relation.children) and any(isinstance(side, Symbol) for side in relation.children)

    def _is_near(self, statement: Statement, known: set[str]) -> bool:
        names = _names(statement)
        return not known.isdisjoint(names) or names <= set(self.dimensions)

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """The sizes that occur, in alphabetical order."""
        names = _names(self.obligation.goal).union(*map(_names, self.obligation.hypotheses))
        return tuple(sorted(name for name in names if self.domains.get(name) == DIMENSION))

    @cached_property
    def pointers(self) -> tuple[str, ...]:
        """Symbols other than sizes that stand in an index, a bound or a range, so that they must be whole numbers."""
        found: set[str] = set()
        for statement in (self.obligation.goal, *self.hypotheses):
            for part in statement.free:
                found |= part.lower.names | part.upper.names
            for root in (statement.relation, statement.condition):
                found |= _static_names(root)
        return tuple(sorted(found - set(self.dimensions) - FUNCTIONS.keys()))

    def is_trivial(self) -> bool:
        """Whether the equations among the hypotheses were solved, so far, only where something that need not be zero is zero."""
        return any(each.loses_solutions(branch) for each in self._instances for branch in each.branches)

    def instances(self) -> Iterator[Instance]:
        """The obligation at three choices of sizes (one if it has none). Errors: GivesUp where none can be made."""
        at = 0
        while True:
            while at >= len(self._instances):
                if self._failure is not None:
                    raise self._failure
                if self._making is None:
                    self._making = self._make_instances()
                try:
                    made = next(self._making, None)
                except GivesUp as why:
                    self._failure = why
                    raise
                if made is None:
                    return
                self._instances.append(made)
            yield self._instances[at]
            at += 1

    def _make_instances(self) -> Iterator[Instance]:
        """Where the usual sizes make the expression too large, smaller ones take their place."""
        made = 0
        largest: Grows | None = None
        for choice in self._generic_choices():
            try:
                instance = self.instance(choice)
            except Grows as why:
                largest = why
                continue
            made += 1
            yield instance
        if largest is None or made > 1:
            return
        for choice in self._pointed(smaller_sizes(self.dimensions)):
            try:
                instance = self.instance(choice) if self.is_allowed(choice) else None
            except Grows:
                continue
            if instance is not None:
                made += 1
                yield instance
        if not made:
            raise largest

    def _generic_choices(self) -> Iterator[dict[str, int]]:
        names = (*self.dimensions, *self.pointers)
        if not names:
            yield {}
            return
        chosen = [choice for choice in self._pointed(sizes(self.dimensions)) if self.is_allowed(choice)]
        if len(chosen) < (3 if self.dimensions else 1):
            seen = [tuple(sorted(choice.items())) for choice in chosen]
            wider = (choice for choice in self._all_choices(names) if tuple(sorted(choice.items())) not in seen)
            chosen += islice(wider, 3 - len(chosen))
        if not chosen:
            raise GivesUp("no sizes fit the hypotheses")
        yield from chosen

    def _pointed(self, choices: Iterator[dict[str, int]]) -> Iterator[dict[str, int]]:
        """Values for the pointers as well: small ones, so that they stay inside every size."""
        for turn, choice in enumerate(choices):
            for shift in range(2 if self.pointers else 1):
                pointed = {name: self._first(name) + (at + turn + shift) % 2 for at, name in enumerate(self.pointers)}
                yield choice | pointed
            if not self.dimensions and turn:
                return

    def _first(self, name: str) -> int:
        """The least value of a pointer that its domain allows, and at least 1."""
        lower = self.domains.get(name, REAL).lower
        return 1 if lower is None else max(1, lower.__ceil__())

    def _all_choices(self, names: tuple[str, ...]) -> Iterator[dict[str, int]]:
        """Every small choice, the distinct ones first, and the numbers that hypotheses mention."""
        values = sorted({2, 3, 4, 5, 1, *self._mentioned()}, key=lambda value: (value < 2, value))
        every = list(islice(product(values, repeat=len(names)), MAX_CHOICES))
        every.sort(key=lambda choice: (min(choice, default=1) < 2, -len(set(choice))))
        for choice in every:
            made = dict(zip(names, choice, strict=True))
            if self.is_allowed(made):
                yield made

    def _mentioned(self) -> set[int]:
        """Whole numbers in hypotheses about sizes alone, such as n = 10."""
        found: set[int] = set()
        for statement in self.hypotheses:
            if _names(statement) <= {*self.dimensions, *self.pointers}:
                numbers = [part.value for part in _walk(statement.relation) if isinstance(part, Number)]
                found |= {int(value) for value in numbers if value.denominator == 1 and 0 < value <= 64}
        return found

    def is_allowed(self, choice: Mapping[str, int]) -> bool:
        """Whether the hypotheses about sizes alone hold."""
        graph = Graph(self.domains, self.limits.nodes)
        made = Instantiation(graph, choice)
        for statement in self.hypotheses:
            if _names(statement) <= choice.keys() and any(node is graph.false for node in self._premises(made, statement)):
                return False
        return True

    def instance(self, choice: Mapping[str, int], nodes: int | None = None) -> Instance:
        """The obligation at one choice of sizes. Errors: GivesUp."""
        known = self._glimpsed.pop(tuple(choice.items()), None) if nodes is None else None
        made = known[0] if known else Instantiation(Graph(self.domains, nodes or self.limits.nodes), choice)
        goals = tuple(self._goals(made))
        if known:
            return replace(known[1], goals=goals, is_degenerate=made.is_degenerate)
        return self._instance(made, goals)

    def glimpses(self) -> Iterator[Instance]:
        """Some of the instances with few of their goals: enough to see most mistakes. None where those are all of the goals."""
        if not self.obligation.goal.free or _has_moving_bounds(self.obligation.goal.relation):
            return
        for choice in islice(sorted(self._generic_choices(), key=lambda choice: prod(choice.values())), 2):
            made = Instantiation(Graph(self.domains, self.limits.nodes), choice)
            try:
                goals = tuple(islice(self._goals(made), GLIMPSED + 1))
                if len(goals) <= GLIMPSED:
                    return
                instance = self._instance(made, goals[:GLIMPSED])
            except GivesUp:
                return
            self._glimpsed[instance.parameters] = made, instance
            yield instance

    def _instance(self, made: Instantiation, goals: tuple[Goal, ...]) -> Instance:
        premises: list[Node] = []
        for statement in self.hypotheses:
            premises += self._premises(made, statement)
            if len(premises) > self.limits.hypotheses:
                raise GivesUp("too many instances of the hypotheses")
        found = branches(made.graph, premises, self.limits.branches)
        return Instance(tuple(made.parameters.items()), made.graph, goals, tuple(premises), tuple(found), made.is_degenerate)

    def larger_instances(self) -> Iterator[Instance]:
        """Instances at sizes beyond the usual ones that nobody can foresee, as far as they are quickly made."""
        for first in (5 + self.seed % 3, 8 + self.seed // 3 % 6):
            choice = {name: first + at for at, name in enumerate(self.dimensions)} | {name: self._first(name) for name in self.pointers}
            if not self.is_allowed(choice):
                continue
            try:
                yield self.instance(choice, self.limits.nodes // 4)
            except GivesUp:
                return

    @property
    def is_equation(self) -> bool:
        goal = self.obligation.goal.relation
        return isinstance(goal, Relation) and goal.sign == "="

    @cached_property
    def has_size_as_number(self) -> bool:
        """Whether a size stands in the goal other than as the end of a range, so that it may vanish at the usual ones."""
        sizes = {symbol(name) for name in self.dimensions}
        for term in _walk(self.obligation.goal.relation):
            bounds = term.children[:2] if isinstance(term, Fold) else term.sizes if isinstance(term, Array) else ()
            if any(child in sizes and child not in bounds for child in term.children):
                return True
        return False

    def small_instances(self) -> Iterator[Instance]:
        """Instances at sizes as small as possible, for a counterexample that is quickly read."""
        for choice in self._pointed(small_sizes(self.dimensions)):
            if self.is_allowed(choice):
                made = self.instance(choice)
                if not made.is_degenerate:
                    yield made

    def _goals(self, made: Instantiation) -> Iterator[Goal]:
        statement = self.obligation.goal
        for values in spread(made, statement, self.limits.assignments):
            condition = made.node(statement.condition, values)
            if condition is not made.graph.false:
                yield Goal(tuple(values.items()), *made.relation(statement.relation, values), condition)

    def _premises(self, made: Instantiation, statement: Statement) -> Iterator[Node]:
        graph = made.graph
        for values in islice(assignments(made, statement), self.limits.hypotheses + 1):
            condition = made.node(statement.condition, values)
            if condition is not graph.false:
                relation = made.node(statement.relation, values)
                yield graph.some_of((graph.negation(condition), relation))


def _names(statement: Statement) -> set[str]:
    names = set(statement.relation.names | statement.condition.names)
    for part in statement.free:
        names |= part.lower.names | part.upper.names
    return names


def _says_numbers(statement: Statement) -> bool:
    """Whether a hypothesis is about numbers: an equation between antiderivatives is about functions, unless it defines a name."""
    relation = statement.relation
    if isinstance(relation, Relation) and any(isinstance(side, Symbol | Apply) for side in relation.children):
        return True
    return not any(isinstance(term, Antiderivative) for term in _walk(relation))


def _walk(root: Term) -> list[Term]:
    seen: set[Term] = set()
    stack = [root]
    while stack:
        term = stack.pop()
        if term not in seen:
            seen.add(term)
            stack.extend(term.children)
    return list(seen)


def _has_moving_bounds(root: Term) -> bool:
    """Whether the range of a sum depends on an index, so that it may be degenerate at some of its values only."""
    return any(isinstance(term, Fold) and (term.lower.variables or term.upper.variables) for term in _walk(root))


def _static_names(root: Term) -> set[str]:
    """Names in indices, bounds and sizes, and those compared with a variable."""
    found: set[str] = set()
    for term in _walk(root):
        match term:
            case Symbol():
                parts: tuple[Term, ...] = term.indices
            case Fold():
                parts = (term.lower, term.upper)
            case Array():
                parts = term.sizes
            case Apply():
                parts = term.children[len(term.arguments) :]
            case Relation() if any(_is_pointing(child) for child in term.children):
                parts = tuple(child for child in term.children if isinstance(child, Symbol) and not child.indices)
            case _:
                continue
        found = found.union(*(part.names for part in parts))
    return found


def _is_pointing(term: Term) -> bool:
    return isinstance(term, Variable)
