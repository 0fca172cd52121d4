"""What deciders put before the kernel, and what a decider is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from derivcheck.decision.node import Node
from derivcheck.decision.premise import Branch
from derivcheck.decision.problem import Goal, Instance, Problem
from derivcheck.term.obligation import Obligation


@dataclass(frozen=True, slots=True)
class Point:
    """Values of the free atoms, exactly; ``rough`` holds those that an iteration found, to be refined to any precision."""

    exact: dict[Node, Fraction]
    rough: dict[Node, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A point at which the goal may fail. One is equal to itself only, so that what is found out about it can be kept."""

    instance: Instance
    branch: Branch
    goal: Goal
    point: Point


@dataclass(frozen=True, slots=True)
class Proof:
    """An exact argument. ``conditions``: what it relies on beyond the hypotheses; ``points``: where its maker sampled it."""

    scope: str | None = None
    conditions: tuple[str, ...] = ()
    points: int = 0


@dataclass(frozen=True, slots=True)
class Agreement:
    """The goal held at every point tried. ``probes``: some of the points, for the kernel to look at with more digits."""

    points: int
    scope: str | None = None
    conditions: tuple[str, ...] = ()
    probes: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Reduced:
    """An obligation for the cheaper deciders whose proof proves this one; its refutation refutes this one if so marked."""

    obligation: Obligation
    is_equivalent: bool = False


@dataclass(frozen=True, slots=True)
class GaveUp:
    """Nothing found; the reason is one clause for the user, empty where the method plainly does not apply."""

    reason: str = ""


Proposal = Candidate | Proof | Agreement | Reduced | GaveUp


@dataclass(frozen=True, slots=True)
class Decider:
    """One entry of the shelf. ``kind``: ``prove``, ``refute`` or ``certify``; ``cost`` orders them, cheapest first.

    ``propose`` may raise GivesUp. ``solves``: it looks at the goal where the equations among the hypotheses were solved, not at
    what follows from them as they stand.
    """

    name: str
    kind: str
    cost: int
    propose: Callable[[Problem], Proposal]
    solves: bool = False
