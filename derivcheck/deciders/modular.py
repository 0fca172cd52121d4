"""Modular: both sides have the same value at random points of a prime field, where functions are independent unknowns.

Proves ``d/dx log(1 + exp(x)) = 1 / (1 + exp(-x))`` and, component by component, the Jacobian of the softmax for n = 2, 3
and 4. Does not prove ``sqrt(x^2) = x``: the root may be either of two numbers there, and both are tried. How it is
confirmed: the relations among exponentials, logarithms and roots that it uses are found from values and hold identically;
a false identity passes with a probability of about 2^-100; and the kernel asks for points at which floats agree.
"""

from __future__ import annotations

from derivcheck.decision.exactness import prove
from derivcheck.decision.examination import beyond
from derivcheck.decision.problem import Problem
from derivcheck.decision.proposal import Decider, GaveUp, Proof, Proposal
from derivcheck.decision.wording import scope_text


def _propose(problem: Problem) -> Proposal:
    failing = beyond(problem) if problem.has_agreed and problem.is_equation and problem.has_size_as_number else None
    return failing or _proof(problem)


def _proof(problem: Problem) -> Proposal:
    if not problem.has_agreed:
        # Without points at which the goal was seen to hold the kernel believes no proof.
        contradict = not any(instance.branches for instance in problem.instances())
        return GaveUp("the hypotheses contradict each other" if contradict else "")
    tried = []
    conditions: dict[str, None] = {}
    for instance in problem.instances():
        if not instance.branches or not instance.goals:
            continue
        if not all(branch.is_complete for branch in instance.branches):
            return GaveUp("the hypotheses have solutions that were not found")
        for branch in instance.branches:
            found = prove(problem, instance, branch)
            if found is None:
                return GaveUp()
            conditions |= dict.fromkeys(found)
        tried.append(instance.parameters)
    if not tried:
        return GaveUp("the hypotheses contradict each other")
    return Proof(scope_text(tried), tuple(conditions))


DECIDER = Decider("modular", "prove", 30, _propose, solves=True)
