"""Free variables without a name of their own get one by their place, so that an outcome does not depend on how many were made before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as with_

from derivcheck.decision.outcome import Outcome, Refuted
from derivcheck.term.binder import replace
from derivcheck.term.obligation import Obligation, Range, Statement
from derivcheck.term.term import Term, Variable


def renamed(obligation: Obligation) -> tuple[Obligation, dict[str, str]]:
    """The obligation with its nameless variables renamed, and the old name of each of the goal's.

    The new names are none that ``Variable.fresh`` makes, in this process or in another.
    """
    goal, old = _renamed(obligation.goal, 0)
    hypotheses = tuple(_renamed(each, place)[0] for place, each in enumerate(obligation.hypotheses, 1))
    return with_(obligation, goal=goal, hypotheses=hypotheses), old


def _renamed(statement: Statement, place: int) -> tuple[Statement, dict[str, str]]:
    made: dict[Term, Term] = {}
    old: dict[str, str] = {}
    for at, part in enumerate(statement.free):
        hint, mark, _ = str(part.variable.name).partition("~")
        if mark:
            name = f"{hint}~.{place}.{at}"
            made[part.variable] = Variable.of(name)
            old[name] = str(part.variable.name)
    if not made:
        return statement, old
    free = tuple(Range(*(replace(term, made) for term in (part.variable, part.lower, part.upper))) for part in statement.free)
    return Statement(replace(statement.relation, made), free, replace(statement.condition, made)), old


def in_old_names(outcome: Outcome, old: Mapping[str, str]) -> Outcome:
    """The outcome as the asker knows its variables."""
    if not old or not isinstance(outcome, Refuted):
        return outcome
    indices = tuple((old.get(name, name), value) for name, value in outcome.witness.indices)
    return with_(outcome, witness=with_(outcome.witness, indices=indices))
