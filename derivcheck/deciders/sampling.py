"""Sampling: both sides are computed at many points and several sizes; where they differ is a counterexample.

Refutes: ``(x + y)^2 = x^2 + y^2``, at x = 1/2, y = 2. Does not refute ``sin(x)^2 + cos(x)^2 = 1``: there the sides agree
at every point, which is reported as agreement and never as proof. How it is confirmed: floating point carries a bound on
its own error, and a difference beyond that bound is computed again with 40 and 80 digits by the kernel.

A goal with sizes counts as refuted if it fails at two choices of sizes, or at the last; a goal that fails at n = 2 only
may be meant for larger n.
"""

from __future__ import annotations

from derivcheck.decision.examination import beyond, examine
from derivcheck.decision.node import GivesUp
from derivcheck.decision.problem import Problem
from derivcheck.decision.proposal import Agreement, Candidate, Decider, GaveUp, Proposal
from derivcheck.decision.wording import scope_text


def _propose(problem: Problem) -> Proposal:
    return _at_a_glance(problem) or _everywhere(problem)


def _at_a_glance(problem: Problem) -> Candidate | None:
    """A counterexample that few values of the indices show at two choices of sizes."""
    failing: list[Candidate] = []
    for instance in problem.glimpses():
        if any(branch.equations for branch in instance.branches):
            return None
        found = examine(problem, instance, thoroughly=False, is_hint=bool(failing))
        if found.failing is None:
            return None
        failing.append(found.failing)
    return _smallest(problem, failing[0]) if len(failing) == 2 else None


def _everywhere(problem: Problem) -> Proposal:
    failing: list[Candidate] = []
    held = []
    points = 0
    probes: list[Candidate] = []
    conditions: dict[str, None] = {}
    last = False
    for instance in problem.instances():
        found = examine(problem, instance, is_hint=bool(failing))
        last = found.failing is not None
        if found.failing is not None:
            failing.append(found.failing)
            if len(failing) == 2 or not instance.parameters:
                return _smallest(problem, failing[0])
        elif found.points:
            held.append(instance.parameters)
            points += found.points
            probes += found.probes
            conditions |= dict.fromkeys(found.conditions)
    if failing and (last or not held):
        return _smallest(problem, failing[-1])
    if failing:
        return GaveUp(f"fails only at {scope_text([failing[0].instance.parameters])}")
    if not held:
        return GaveUp("no points at which the hypotheses hold and both sides are defined")
    # An equation is looked at beyond these sizes only if nothing proves it for every size.
    failing_later = beyond(problem) if problem.has_size_as_number and not problem.is_equation else None
    return failing_later or Agreement(points, scope_text(held), tuple(conditions), tuple(probes[-3:]))


def _smallest(problem: Problem, candidate: Candidate) -> Candidate:
    """A counterexample at smaller sizes, if there is one."""
    if not problem.dimensions or not problem.limits.smallest:
        return candidate
    for instance in problem.small_instances():
        try:
            found = examine(problem, instance, thoroughly=False)
        except GivesUp:
            continue
        if found.failing is not None:
            return found.failing
    return candidate


DECIDER = Decider("sampling", "refute", 10, _propose, solves=True)
