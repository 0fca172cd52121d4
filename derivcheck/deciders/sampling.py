"""Sampling: both sides are computed at many points and several sizes; where they differ is a counterexample.

Refutes: ``(x + y)^2 = x^2 + y^2``, at x = 1/2, y = 2. Does not refute ``sin(x)^2 + cos(x)^2 = 1``: there the sides agree
at every point, which is reported as agreement and never as proof. How it is confirmed: floating point carries a bound on
its own error, and a difference beyond that bound is computed again with 40 and 80 digits by the kernel.

A goal with sizes counts as refuted if it fails at two choices of sizes, or at the last; a goal that fails at n = 2 only
may be meant for larger n.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from derivcheck.decision.arithmetic import Pair, compare, evaluate
from derivcheck.decision.graph import GivesUp, Node, atoms_of
from derivcheck.decision.kernel import ENOUGH_POINTS, confirm
from derivcheck.decision.premise import Branch
from derivcheck.decision.problem import Goal, Instance, Problem
from derivcheck.decision.proposal import Agreement, Candidate, Decider, GaveUp, Point, Proposal
from derivcheck.decision.root import approach, unknowns
from derivcheck.decision.sample import PLAIN, Column, draw
from derivcheck.decision.wording import scope_text

TRIES = 4


@dataclass(frozen=True, slots=True)
class Findings:
    """What one instance shows: points at which every goal holds, or one at which a goal fails."""

    points: int
    failing: Candidate | None = None
    probes: tuple[Candidate, ...] = ()


def _propose(problem: Problem) -> Proposal:
    failing: list[Candidate] = []
    held = []
    points = 0
    probes: list[Candidate] = []
    last = False
    for instance in problem.instances():
        found = examine(problem, instance)
        last = found.failing is not None
        if found.failing is not None:
            failing.append(found.failing)
            if len(failing) == 2 or not instance.parameters:
                return _smallest(problem, failing[0])
        elif found.points:
            held.append(instance.parameters)
            points += found.points
            probes += found.probes
    if failing and (last or not held):
        return _smallest(problem, failing[-1])
    if failing:
        return GaveUp(f"fails only at {scope_text([failing[0].instance.parameters])}")
    if not held:
        return GaveUp("no points at which the hypotheses hold and both sides are defined")
    return Agreement(points, scope_text(held), probes=tuple(probes[-3:]))


def _smallest(problem: Problem, candidate: Candidate) -> Candidate:
    """A counterexample at smaller sizes, if there is one."""
    if not problem.dimensions:
        return candidate
    for instance in problem.small_instances():
        try:
            found = examine(problem, instance)
        except GivesUp:
            continue
        if found.failing is not None:
            return found.failing
    return candidate


def examine(problem: Problem, instance: Instance) -> Findings:
    """Every branch of the hypotheses, at points drawn for it. Errors: GivesUp."""
    points = 0
    probes: tuple[Candidate, ...] = ()
    for branch in instance.branches:
        with np.errstate(all="ignore"):
            found = _examine_branch(problem, instance, branch, problem.limits.points, wide=False)
            if found is None:
                found = _examine_branch(problem, instance, branch, problem.limits.wide_points, wide=True)
        if found is None:
            continue
        if found.failing is not None and not instance.is_degenerate:
            return found
        points += found.points
        probes += found.probes
    return Findings(points, probes=probes)


def _examine_branch(problem: Problem, instance: Instance, branch: Branch, count: int, wide: bool) -> Findings | None:
    """None where too few of the points are valid."""
    graph = instance.graph
    nodes = graph.replace([part for goal in instance.goals for part in (goal.relation, goal.condition)], branch.solved)
    goals = list(zip(instance.goals, nodes[::2], nodes[1::2], strict=True))
    atoms = [node for node in atoms_of([*nodes, *branch.filters, *branch.equations, *graph.guards]) if node.op == "atom"]
    columns = draw(atoms, [branch.domains.get(atom, graph.domain(atom)) for atom in atoms], count, problem.seed, wide)
    count = len(next(iter(columns.values())).ks) if columns else 1
    values, valid = _start(instance, branch, columns, count)
    found = evaluate([*nodes, *branch.filters, *graph.guards], values, count)
    for condition in branch.filters:
        valid &= truth(condition, found) == 1
    for guard in graph.guards:
        valid &= np.isfinite(found[guard][1])
    points = None
    for goal, relation, condition in goals:
        verdict = np.where(valid & (truth(condition, found) == 1), truth(relation, found), -1)
        candidates = _Candidates(instance, branch, goal, columns, values)
        failing = candidates.confirmed(problem, verdict, relation, found)
        if failing is not None:
            return Findings(0, failing)
        holding = int((verdict == 1).sum())
        if holding < min(ENOUGH_POINTS, count):
            return None
        points = holding if points is None else min(points, holding)
    probes = tuple(_Candidates(instance, branch, goal, columns, values).at(_first(valid)) for goal, _, _ in goals[:1])
    return Findings(points or 0, None, probes)


def _first(valid: np.ndarray) -> int:
    return int(np.argmax(valid))


def _start(instance: Instance, branch: Branch, columns: Mapping[Node, Column], count: int) -> tuple[dict[Node, Pair], np.ndarray]:
    """The drawn values, moved onto the set that leftover equations cut out."""
    values = {atom: column.pair() for atom, column in columns.items()}
    valid = np.ones(count, bool)
    if branch.equations:
        chosen = unknowns(instance.graph, branch.equations)
        if not chosen:
            raise GivesUp("equations that could not be solved")
        moved, valid = approach(instance.graph, branch.equations, chosen, values, count)
        values |= moved
        for atom in chosen:
            valid &= _inside(values[atom], branch.domains.get(atom, instance.graph.domain(atom)))
    return values, valid


def _inside(pair: Pair, domain) -> np.ndarray:
    value, error = pair
    inside = np.isfinite(value)
    if domain.lower is not None:
        inside &= value - error > float(domain.lower)
    if domain.upper is not None:
        inside &= value + error < float(domain.upper)
    return inside


def truth(node: Node, found: Mapping[Node, Pair]) -> np.ndarray:
    """Whether a relation holds as far as the error lets one see: 1, 0, or -1 where too little can be seen."""
    match node.op:
        case "and":
            parts = np.array([truth(arg, found) for arg in node.args])
            return np.where((parts == 0).any(axis=0), 0, np.where((parts == -1).any(axis=0), -1, 1))
        case "or":
            parts = np.array([truth(arg, found) for arg in node.args])
            return np.where((parts == 1).any(axis=0), 1, np.where((parts == -1).any(axis=0), -1, 0))
        case "not" | "truth" | "same truth":
            return found[node][0]
    left, right = found[node.args[0]], found[node.args[1]]
    strict = compare(node, left, right)
    if node.op in ("=", "≤"):
        difference, bound = np.abs(left[0] - right[0]), left[1] + right[1]
        scale = np.maximum(np.abs(left[0]) + np.abs(right[0]), 1e-3)
        return np.where((strict == -1) & (difference <= 4 * bound) & (bound <= 1e-7 * scale), 1, strict)
    return strict


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Drawn points as candidates for one goal."""

    instance: Instance
    branch: Branch
    goal: Goal
    columns: Mapping[Node, Column]
    values: Mapping[Node, Pair]

    def at(self, k: int) -> Candidate:
        rough = {atom: float(pair[0][k]) for atom, pair in self.values.items() if self.branch.equations}
        rough = {atom: rough[atom] for atom in unknowns(self.instance.graph, self.branch.equations)} if rough else {}
        exact = {atom: column.exact(k) for atom, column in self.columns.items() if atom not in rough}
        return Candidate(self.instance, self.branch, self.goal, Point(exact, rough))

    def confirmed(self, problem: Problem, verdict: np.ndarray, relation: Node, found: Mapping[Node, Pair]) -> Candidate | None:
        """The first candidate that stands up to more digits: plain points first, then the largest differences."""
        failing = np.flatnonzero(verdict == 0)
        if not len(failing):
            return None
        order = sorted(failing.tolist(), key=lambda k: (k >= PLAIN, -_difference(relation, found, k)))
        for k in order[:TRIES]:
            candidate = self.at(k)
            if confirm(candidate, problem.limits, "sampling") is not None:
                return candidate
        return None


def _difference(relation: Node, found: Mapping[Node, Pair], k: int) -> float:
    """How far the sides are apart, relative to their size."""
    if relation.op not in ("=", "<", "≤"):
        return 0.0
    left, right = (found[arg][0][k] for arg in relation.args)
    return float(abs(left - right) / (abs(left) + abs(right) + 1e-300))


DECIDER = Decider("sampling", "refute", 10, _propose)
