"""Claims about probabilities and densities that have rules of their own: by the rules of probability, up to a factor, as log-likelihoods."""

from __future__ import annotations

from dataclasses import dataclass, field

from derivcheck.chain import Chain
from derivcheck.chances import determined
from derivcheck.comparison import Comparer
from derivcheck.derivation.outline import Line
from derivcheck.derivation.role import Role
from derivcheck.diagnostic import ClaimReport, Verdict
from derivcheck.likelihood import Likelihoods
from derivcheck.posterior import Posteriors
from derivcheck.proportional import Proportions, Weighed
from derivcheck.reading.expression import Expression

Members = tuple[Chain, Expression | None, Expression | None]


@dataclass(slots=True)
class Densities:
    """Judges claims about densities by what a document tells of them."""

    comparer: Comparer
    posteriors: Posteriors = field(init=False)

    def __post_init__(self) -> None:
        self.posteriors = Posteriors(self.comparer.gathered)

    def judged(self, line: Line, place: int, members: Members, role: Role) -> Weighed | None:
        """What becomes of a relation of a line; ``members``: the chain at hand and what stands on both sides. None where no such rule tells."""
        chain, left, right = members
        proportions = Proportions(self.comparer, self.posteriors)
        if role is Role.LAW:
            return proportions.of_law(line) if place == len(line.members) - 2 else None
        weighed = proportions.judged(chain, line, place, left, right)
        if weighed is not None or role is not Role.DEFINITION:
            return weighed
        told = determined(self.comparer, line, place, left, right)
        if told is not None:
            return Weighed(*told, sign="=", is_step=True)
        logged = Likelihoods(self.comparer).finding(line, place, left, right)
        return None if logged is None else Weighed(*logged, sign="=", is_slip=logged[1].posed is None)

    def note(self, weighed: Weighed, report: ClaimReport) -> None:
        """Takes note of a relation that fails: it tells nothing of what comes after it."""
        if report.verdict is not Verdict.UNDECIDED:
            self.posteriors.faulty.add(weighed.step.line.order)
