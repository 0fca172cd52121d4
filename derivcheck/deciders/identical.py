"""Identical: both sides are the same term once they are in normal form, or the goal is one of the hypotheses.

Holds: ``x + y = y + x``; ``a_i = b_i`` where that is given. Does not apply: ``(x + 1)^2 = x^2 + 2 x + 1``, which takes an
identity. How it is confirmed: terms are interned, so equal terms are one object; no numbers are involved.
"""

from __future__ import annotations

from derivcheck.decision.problem import Problem
from derivcheck.decision.proposal import Decider, GaveUp, Proof, Proposal
from derivcheck.decision.wording import scope_of_all
from derivcheck.term.build import TRUE
from derivcheck.term.obligation import Statement


def _propose(problem: Problem) -> Proposal:
    goal = problem.obligation.goal
    if goal.relation is TRUE:
        return Proof(scope_of_all(problem.dimensions))
    if any(_covers(hypothesis, goal) for hypothesis in problem.obligation.hypotheses):
        return Proof(scope_of_all(problem.dimensions))
    return GaveUp()


def _covers(hypothesis: Statement, goal: Statement) -> bool:
    """Whether a hypothesis says the goal for all of its free variables, whatever their letters."""
    return hypothesis == goal


DECIDER = Decider("identical", "prove", 0, _propose)
