"""Solution set: two conditions are equivalent if each follows from the other.

Proves ``x^2 = 4`` if and only if ``x = 2 or x = -2``. Refutes ``x^2 = y^2`` if and only if ``x = y``, at x = -1, y = 1:
squaring gains a solution. How it is confirmed: each direction is an obligation of its own, with one side among the
hypotheses, and is sampled and proved like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivcheck.decision.exactness import prove
from derivcheck.decision.examination import examine
from derivcheck.decision.node import GivesUp
from derivcheck.decision.premise import branches
from derivcheck.decision.problem import Instance, Problem
from derivcheck.decision.proposal import Agreement, Decider, GaveUp, Proof, Proposal
from derivcheck.decision.wording import scope_text
from derivcheck.term.term import Junction, Negation, Relation


def _propose(problem: Problem) -> Proposal:
    goal = problem.obligation.goal.relation
    if not isinstance(goal, Relation) or not isinstance(goal.left, Relation | Junction | Negation):
        return GaveUp()
    held = []
    points = 0
    conditions: dict[str, None] | None = {}
    for instance in problem.instances():
        for part in _directions(problem, instance):
            found = examine(problem, part)
            if found.failing is not None:
                return found.failing
            if not found.points:
                return GaveUp("no points at which one side of the equivalence holds")
            points += found.points
            more = _proved(problem, part)
            conditions = None if conditions is None or more is None else conditions | dict.fromkeys(more)
        held.append(instance.parameters)
    if not points:
        return GaveUp()
    if conditions is None:
        return Agreement(points, scope_text(held))
    return Proof(scope_text(held), tuple(conditions), points)


def _directions(problem: Problem, instance: Instance) -> Iterator[Instance]:
    """Each side of each equivalence as the goal, with the other side assumed."""
    for goal in instance.goals:
        if goal.relation.op != "same truth":
            return
        for given, wanted in (goal.relation.args, goal.relation.args[::-1]):
            premises = (*instance.premises, given)
            found = branches(instance.graph, premises, problem.limits.branches)
            yield replace(instance, goals=(replace(goal, relation=wanted),), premises=premises, branches=tuple(found))


def _proved(problem: Problem, part: Instance) -> list[str] | None:
    """The conditions of a proof of one direction; None if there is none."""
    conditions: list[str] = []
    for branch in part.branches:
        try:
            found = prove(problem, part, branch) if branch.is_complete else None
        except GivesUp:
            return None
        if found is None:
            return None
        conditions += found
    return conditions


DECIDER = Decider("solution_set", "prove", 40, _propose, solves=True)
