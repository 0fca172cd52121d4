"""One instance looked at from many points: do its goals hold there, as far as floating point can see?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from derivcheck.decision.arithmetic import Pair, compare, evaluate
from derivcheck.decision.identity import under_roots
from derivcheck.decision.kernel import ENOUGH_POINTS, confirm, holds_closely, seems_to_fail
from derivcheck.decision.node import GivesUp, Node, atoms_of, reachable
from derivcheck.decision.premise import Branch
from derivcheck.decision.problem import Goal, Instance, Problem
from derivcheck.decision.proposal import Candidate, Point
from derivcheck.decision.root import MAX_EQUATIONS, approach, unknowns
from derivcheck.decision.sample import PLAIN, draw
from derivcheck.decision.search import worst_point
from derivcheck.decision.wording import text_of
from derivcheck.term.type import Domain

TRIES = 4
PRECISE_POINTS = 6
PROBES = 3
VISIBLE = 1e-6
SEARCHED = 2
CORNERED = ("abs", "sign", "max", "min", "floor", "ceiling")


@dataclass(frozen=True, slots=True)
class Findings:
    """What one instance shows: points at which every goal holds, or one at which a goal fails."""

    points: int
    failing: Candidate | None = None
    probes: tuple[Candidate, ...] = ()
    conditions: tuple[str, ...] = ()


def examine(problem: Problem, instance: Instance, thoroughly: bool = True, is_hint: bool = False) -> Findings:
    """Every branch of the hypotheses, at points drawn for it: plain ones only, unless ``thoroughly``. Errors: GivesUp.

    ``is_hint``: nothing rests on the answer, so a failure that floating point sees plainly needs no more digits.
    """
    points = 0
    probes: tuple[Candidate, ...] = ()
    conditions: tuple[str, ...] = ()
    if any(len(branch.equations) > MAX_EQUATIONS for branch in instance.branches):
        raise GivesUp("equations that could not be solved")
    for branch in instance.branches:
        found = _examine_branch(problem, instance, branch, thoroughly, is_hint)
        if found.failing is not None and not instance.is_degenerate:
            return found
        points += found.points
        probes += found.probes
        conditions += found.conditions
    return Findings(points, None, probes, conditions)


def beyond(problem: Problem) -> Candidate | None:
    """A counterexample at larger sizes than usual: what vanishes at 2, 3 and 4 need not vanish."""
    for instance in problem.larger_instances():
        try:
            found = examine(problem, instance, thoroughly=False)
        except GivesUp:
            return None
        if found.failing is not None:
            return found.failing
    return None


def _examine_branch(problem: Problem, instance: Instance, branch: Branch, thoroughly: bool, is_hint: bool) -> Findings:
    """Plain points first, then many of all sizes, then few with many digits, until enough are valid."""
    with np.errstate(all="ignore"):
        count = problem.limits.points * (4 if _has_corners(instance) or branch.equations else 1)
        near = View(problem, instance, branch, count, wide=False, is_hint=is_hint)
        found = near.findings()
        if branch.equations or not thoroughly:
            return found or Findings(0)
        if found is None:
            found = View(problem, instance, branch, problem.limits.wide_points, wide=True).findings()
    return near.precise_findings() if found is None else found


def hints(roots: Sequence[Node], domains: Mapping[Node, Domain]) -> list[Domain]:
    """Where to look first: what stands under a logarithm or a root should be positive."""
    narrowed = dict(domains)
    for base in under_roots(roots):
        bound = _bound(base)
        if bound is not None and bound[0] in narrowed and not narrowed[bound[0]].values:
            narrowed[bound[0]] = narrowed[bound[0]].meet(bound[1])
    return [domain if _is_roomy(domain) else domains[atom] for atom, domain in narrowed.items()]


def _bound(base: Node) -> tuple[Node, Domain] | None:
    """What a + b x > 0 says of x."""
    constant, factor, atom = Fraction(0), Fraction(1), base
    if base.op == "+" and len(base.args) == 2 and any(arg.op == "number" for arg in base.args):
        constant = next(arg.value for arg in base.args if arg.op == "number")
        atom = next(arg for arg in base.args if arg.op != "number")
    if atom.op == "*" and len(atom.args) == 2 and atom.args[0].op == "number":
        factor, atom = atom.args[0].value, atom.args[1]
    if atom.op != "atom":
        return None
    end = -constant / factor
    return atom, Domain(lower=end) if factor > 0 else Domain(upper=end)


def _is_roomy(domain: Domain) -> bool:
    return domain.lower is None or domain.upper is None or domain.lower < domain.upper


def _has_corners(instance: Instance) -> bool:
    """Whether a goal distinguishes cases, so that what holds in one region may fail in another."""
    nodes = reachable([goal.relation for goal in instance.goals])
    return any(node.op == "where" or (node.op == "call" and node.value in CORNERED) for node in nodes)


class View:
    """The goals of an instance on one branch, at points drawn for it."""

    def __init__(self, problem: Problem, instance: Instance, branch: Branch, count: int, wide: bool, is_hint: bool = False) -> None:
        self.problem, self.instance, self.branch, self.wide, self.is_hint = problem, instance, branch, wide, is_hint
        graph = instance.graph
        nodes = graph.replace([part for goal in instance.goals for part in (goal.relation, goal.condition)], branch.solved)
        self.goals = list(zip(instance.goals, nodes[::2], nodes[1::2], strict=True))
        guards = [*graph.replace(graph.guards, branch.solved), *(value for value in branch.solved.values() if under_roots([value]))]
        roots = [*nodes, *branch.filters, *guards]
        whole = [*roots, *branch.equations, *instance.premises, *(goal.relation for goal in instance.goals)]
        atoms = [node for node in atoms_of(whole) if node.op == "atom" and node not in branch.solved]
        self.domains = [branch.domains.get(atom, graph.domain(atom)) for atom in atoms]
        hinted = hints(roots, dict(zip(atoms, self.domains, strict=True)))
        self.columns = draw(atoms, self.domains, count, problem.seed, wide, hinted)
        self.count = len(next(iter(self.columns.values())).ks) if self.columns else 1
        self.rough: list[Node] = unknowns(graph, branch.equations) if branch.equations else []
        self.values, self.valid = self._start()
        self.found = evaluate(roots, self.values, self.count)
        for condition in branch.filters:
            self.valid &= truth(condition, self.found) == 1
        for guard in guards:
            self.valid &= np.isfinite(self.found[guard][1])

    def _start(self) -> tuple[dict[Node, Pair], np.ndarray]:
        """The drawn values, moved onto the set that leftover equations cut out."""
        values = {atom: column.pair() for atom, column in self.columns.items()}
        valid = np.ones(self.count, bool)
        graph, branch = self.instance.graph, self.branch
        if branch.equations:
            if not self.rough:
                raise GivesUp("equations that could not be solved")
            moved, valid = approach(graph, branch.equations, self.rough, values, self.count)
            values |= moved
            for atom in self.rough:
                valid &= _inside(values[atom], branch.domains.get(atom, graph.domain(atom)))
        return values, valid

    def findings(self) -> Findings | None:
        """None where too few of the points are valid for one of the goals."""
        points = self.count
        conditions: dict[str, None] = {}
        probes: list[Candidate] = []
        for goal, relation, condition in self.goals:
            verdict = np.where(self.valid & (truth(condition, self.found) == 1), truth(relation, self.found), -1)
            failing = self._failing(goal, relation, verdict) or self._searched(goal, relation, condition)
            if failing is not None:
                return Findings(0, failing)
            if relation.op == "same truth":
                verdict = _both_ways(relation, verdict, self.found)
            holding = int((verdict == 1).sum())
            if (verdict == 0).any() or holding < min(ENOUGH_POINTS, self.count):
                return None
            points = min(points, holding)
            conditions |= dict.fromkeys(_one_sided(relation, self.found, self.valid))
            chosen = np.flatnonzero(verdict == 1)[:: max(1, holding // PROBES)][: PROBES - len(probes)]
            probes += [self.candidate(goal, k) for k in chosen.tolist()]
        return Findings(points if self.goals else 0, None, tuple(probes), tuple(conditions))

    def candidate(self, goal: Goal, k: int) -> Candidate:
        """The k-th point as a place where a goal may fail."""
        rough = {atom: float(self.values[atom][0][k]) for atom in self.rough}
        exact = {atom: column.exact(k) for atom, column in self.columns.items() if atom not in rough}
        return Candidate(self.instance, self.branch, goal, Point(exact, rough))

    def _failing(self, goal: Goal, relation: Node, verdict: np.ndarray) -> Candidate | None:
        """The first candidate that stands up to more digits: plain points where it shows, then the largest differences."""
        failing = np.flatnonzero(verdict == 0)
        apart = {k: _difference(relation, self.found, k) for k in failing.tolist()}
        order = sorted(apart, key=lambda k: (apart[k] < VISIBLE, k >= PLAIN, -apart[k]))
        for k in order[:TRIES]:
            candidate = self.candidate(goal, k)
            if (self.is_hint and apart[k] >= VISIBLE) or seems_to_fail(candidate, self.problem.limits):
                return candidate
        return None

    def _searched(self, goal: Goal, relation: Node, condition: Node) -> Candidate | None:
        """A point at which an inequality fails, climbed to from many starts."""
        if self.wide or relation.op not in ("<", "≤") or self.branch.equations or goal not in self.instance.goals[:SEARCHED]:
            return None
        conditions = [condition, *self.branch.filters]
        for exact in worst_point(list(self.columns), self.domains, relation, conditions, self.problem.seed):
            candidate = Candidate(self.instance, self.branch, goal, Point(exact))
            if seems_to_fail(candidate, self.problem.limits):
                return candidate
        return None

    def precise_findings(self) -> Findings:
        """The first points with as many digits as it takes."""
        held = 0
        limits = self.problem.limits
        for goal, _, _ in self.goals:
            holding = 0
            for k in np.flatnonzero(self.valid)[:PRECISE_POINTS].tolist():
                candidate = self.candidate(goal, k)
                if confirm(candidate, limits, "sampling", limits.digits) is not None:
                    return Findings(0, candidate)
                holding += holds_closely(candidate, limits)
            if holding < min(ENOUGH_POINTS, self.count):
                return Findings(0)
            held = max(held, holding)
        return Findings(held, None, (self.candidate(self.goals[0][0], 0),) if self.goals else ())


def _both_ways(relation: Node, verdict: np.ndarray, found: Mapping[Node, Pair]) -> np.ndarray:
    """An equivalence is seen to hold only if its sides are seen both true and false."""
    seen = found[relation.args[0]][0][verdict == 1]
    return verdict if (seen == 1).any() and (seen == 0).any() else np.full_like(verdict, -1)


def _one_sided(relation: Node, found: Mapping[Node, Pair], valid: np.ndarray) -> Iterator[str]:
    """What must be positive for the right side to be defined at points where the left, which it follows from, is."""
    if relation.op != "=":
        return
    left, right = relation.args
    apart = valid & np.isnan(found[right][0]) & ~np.isnan(found[left][0])
    if apart.any():
        for inside in under_roots([right]):
            # Roots in the body of an integral have no values of their own.
            if inside in found and (apart & (found[inside][0] < 0)).any():
                yield f"{text_of(inside)} > 0"


def _inside(pair: Pair, domain: Domain) -> np.ndarray:
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
        is_close = np.isfinite(bound) & (difference <= 4 * bound) & (bound <= 1e-7 * scale)
        return np.where((strict == -1) & is_close, 1, strict)
    return strict


def _difference(relation: Node, found: Mapping[Node, Pair], k: int) -> float:
    """How far the sides are apart, relative to their size."""
    if relation.op not in ("=", "<", "≤"):
        return 0.0
    left, right = (found[arg][0][k] for arg in relation.args)
    return float(abs(left - right) / (abs(left) + abs(right) + 1e-300))
