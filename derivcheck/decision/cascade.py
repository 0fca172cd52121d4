"""One obligation, one outcome: the deciders in order of cost, the kernel after each, until there is an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from derivcheck.decision import kernel
from derivcheck.decision.examination import examine
from derivcheck.decision.limits import Limits
from derivcheck.decision.node import GivesUp
from derivcheck.decision.outcome import Agreed, Outcome, Proved, Refuted, Undecided
from derivcheck.decision.problem import Problem
from derivcheck.decision.proposal import Agreement, Candidate, Decider, GaveUp, Proof, Proposal, Reduced
from derivcheck.decision.renaming import in_old_names, renamed
from derivcheck.decision.series import with_exponentials
from derivcheck.registry import load_all
from derivcheck.term.obligation import Obligation
from derivcheck.term.term import TooLarge

SLOW = 50
NORMAL = Limits()
TRIVIAL = Undecided(("what is given holds in another way where a part of it is zero",))


@cache
def deciders() -> tuple[Decider, ...]:
    """The shelf, cheapest first."""
    return tuple(sorted(load_all("deciders").values(), key=lambda decider: decider.cost))


def decide(obligation: Obligation, limits: Limits = NORMAL, report: Callable[[Outcome], None] | None = None) -> Outcome:
    """Whether the goal holds wherever the hypotheses hold.

    The answer depends on the obligation and the limits alone. ``report`` is told the best answer so far before slow
    deciders start, for a caller that may run out of patience.
    """
    plain, old = renamed(obligation)
    return in_old_names(_decided(with_exponentials(plain), limits, deciders(), report), old)


def _decided(
    obligation: Obligation, limits: Limits, shelf: tuple[Decider, ...], report: Callable[[Outcome], None] | None = None
) -> Outcome:
    """What holds without the equations among the hypotheses holds with them, and is found sooner; so does what holds under
    the equations that bring in nothing new, or under a single one.
    """
    problem = Problem(obligation, limits)
    best: Outcome | None = None
    for fewer in problem.under_fewer():
        found = _held(fewer, shelf, report)
        if isinstance(found, Proved):
            return found
        best = best or found
    return best or _State(problem, limits).run(shelf, report)


def _held(problem: Problem, shelf: tuple[Decider, ...], report: Callable[[Outcome], None] | None) -> Proved | Agreed | None:
    """What is found for a goal under fewer hypotheses, if it holds: that it fails there says nothing."""
    outcome = _State(problem, problem.limits).run(shelf, report) if _seems_to_hold(problem) else None
    return outcome if isinstance(outcome, Proved | Agreed) else None


def _seems_to_hold(problem: Problem) -> bool:
    """Whether the goal holds at one choice of sizes, with every equation solved."""
    try:
        glimpse = next(problem.glimpses(), None)
        if glimpse is not None:
            if any(branch.equations for branch in glimpse.branches):
                return False
            if examine(problem, glimpse, thoroughly=False, is_hint=True).failing is not None:
                return False
        instance = next(problem.instances(), None)
        if instance is None or any(branch.equations for branch in instance.branches):
            return False
        found = examine(problem, instance, is_hint=True)
    except (GivesUp, TooLarge):
        return False
    return found.failing is None and found.points > 0


class _State:
    """What is known while the deciders take their turns."""

    def __init__(self, problem: Problem, limits: Limits) -> None:
        self.problem = problem
        self.limits = limits
        self.agreed: Agreed | None = None
        self.agreement: Agreement | None = None
        self.reasons: list[str] = []

    def run(self, shelf: tuple[Decider, ...], report: Callable[[Outcome], None] | None) -> Outcome:
        """The deciders' turns, up to the first answer."""
        for decider in shelf:
            if report is not None and decider.cost >= SLOW:
                report(self.best())
                report = None
            outcome = self.hear(decider)
            if outcome is not None:
                return outcome
        return self.last()

    def hear(self, decider: Decider) -> Outcome | None:
        """One decider's turn: an outcome that settles the matter, or None."""
        try:
            proposal = decider.propose(self.problem)
        except GivesUp as why:
            proposal = GaveUp(str(why))
        except TooLarge:
            proposal = GaveUp("the expression grows too large")
        outcome = self._judge(decider, proposal)
        if isinstance(outcome, Proved) and decider.solves and self.problem.is_trivial():
            outcome = TRIVIAL
        match outcome:
            case Proved() | Refuted():
                return outcome
            case Agreed():
                self.agreed = outcome
                self.problem.has_agreed = True
            case Undecided():
                self.reasons += [reason for reason in outcome.reasons if reason and reason not in self.reasons]
        return None

    def _judge(self, decider: Decider, proposal: Proposal) -> Outcome:
        match proposal:
            case Candidate():
                return kernel.confirm(proposal, self.limits, decider.name) or Undecided(("a difference that more digits did not confirm",))
            case Proof():
                if decider.cost == 0:
                    return Proved(decider.name, proposal.scope)
                return kernel.accept(proposal, decider.name, self.agreed)
            case Agreement():
                self.agreement = proposal
                return kernel.weigh(proposal, decider.name)
            case Reduced():
                return self._reduced(decider, proposal)
            case GaveUp():
                return Undecided((proposal.reason,))

    def _reduced(self, decider: Decider, proposal: Reduced) -> Outcome:
        """What the cheaper deciders make of the obligation that this one was reduced to."""
        cheaper = tuple(each for each in deciders() if each.cost < min(SLOW, decider.cost))
        outcome = _decided(proposal.obligation, self.limits, cheaper)
        match outcome:
            case Refuted() if not proposal.is_equivalent:
                return Undecided()
            case Agreed() if self.agreed is not None and not proposal.is_equivalent:
                return self.agreed
            case Undecided():
                return outcome
        return replace(outcome, by=decider.name)

    def best(self) -> Outcome:
        """The answer if nothing more is found."""
        if self.agreed is not None and self.problem.is_trivial():
            return TRIVIAL
        return self.agreed or Undecided(tuple(self.reasons) or ("no method applies",))

    def last(self) -> Outcome:
        """The answer when all deciders have had their turn: an agreement that counts is looked at with many more digits."""
        if isinstance(self.best(), Agreed) and self.agreement is not None:
            closer = kernel.look_closer(self.agreement, self.limits, self.agreed.by)
            if closer is not None:
                return closer
        return self.best()
