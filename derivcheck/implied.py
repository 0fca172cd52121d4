"""Hypotheses that say nothing new: what words tell of a matrix may follow from what it is defined as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derivcheck.decision.outcome import Agreed, Outcome, Proved, Undecided
from derivcheck.term.obligation import Obligation, Statement

_UNSOLVED = ("equations that could not be solved", "equations too long to be solved by iteration", "no points at which the hypotheses hold")


def without_implied(asked: Obligation, outcome: Outcome, decide: Callable[[Obligation], Outcome]) -> tuple[Obligation, Outcome]:
    """What is asked and its outcome once more without the hypotheses that follow from the others, where these could not be solved."""
    if not isinstance(outcome, Undecided) or not asked.hypotheses or not any(reason.startswith(_UNSOLVED) for reason in outcome.reasons):
        return asked, outcome
    kept = list(asked.hypotheses)
    # The longest ones are those into which definitions were put.
    for one in sorted(asked.hypotheses, key=lambda one: -_length(one)):
        rest = [other for other in kept if other is not one]
        if isinstance(decide(Obligation(one, tuple(rest), asked.domains)), Proved | Agreed):
            kept = rest
    if len(kept) == len(asked.hypotheses):
        return asked, outcome
    fewer = replace(asked, hypotheses=tuple(kept))
    return fewer, decide(fewer)


def _length(statement: Statement) -> int:
    return statement.relation.size
