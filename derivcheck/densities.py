"""Claims about probabilities and densities that have rules of their own: by the rules of probability, up to a factor, as log-likelihoods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from derivcheck.chain import Chain
from derivcheck.chances import determined
from derivcheck.comparison import Comparer
from derivcheck.derivation.outline import Line
from derivcheck.derivation.role import Role
from derivcheck.derivation.unknown import FUNCTIONALS
from derivcheck.diagnostic import ClaimReport, Verdict
from derivcheck.finding import Finding
from derivcheck.likelihood import Likelihoods
from derivcheck.moments import Moments
from derivcheck.posterior import Posteriors
from derivcheck.proportional import Proportions, Weighed
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import Call, Chance, Expression, walk
from derivcheck.reporting import Reporter
from derivcheck.step import RIGHT, Judged, Step

Members = tuple[Chain, Expression | None, Expression | None]
Settled = Callable[[Step, Finding, ClaimReport], ClaimReport]


@dataclass(slots=True)
class Densities:
    """Judges claims about densities by what a document tells of them."""

    comparer: Comparer
    posteriors: Posteriors = field(init=False)
    laws: list[Judged] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.posteriors = Posteriors(self.comparer.gathered)

    def judged(self, line: Line, place: int, members: Members, role: Role) -> Weighed | None:
        """What becomes of a relation of a line; ``members``: the chain at hand and what stands on both sides. None where no such rule tells."""
        chain, left, right = members
        proportions = Proportions(self.comparer, self.posteriors)
        if role is Role.LAW:
            return proportions.of_law(line) if place == len(line.members) - 2 else None
        weighed = proportions.judged(chain, line, place, left, right)
        if weighed is None and (averaged := Moments(self.comparer).finding(line, place, left, right)) is not None:
            return Weighed(*averaged, sign="=", head=averaged[0].left)
        if weighed is not None or role not in (Role.DEFINITION, Role.CLAIM):
            return weighed
        told = determined(self.comparer, line, place, left, right) if role is Role.DEFINITION else None
        if told is not None:
            return Weighed(*told, sign="=", is_step=True)
        logged = Likelihoods(self.comparer).finding(line, place, left, right, is_new=role is Role.DEFINITION)
        return None if logged is None else Weighed(*logged, sign="=", is_slip=logged[1].posed is None)

    def reported(self, weighed: Weighed, report: ClaimReport, reporter: Reporter, settled: Settled) -> tuple[ClaimReport, Step | None] | None:
        """The report on what was judged, and the step that is remembered of it. None where a claim that is in doubt is not mended by a small edit."""
        step, finding = weighed.step, weighed.finding
        if weighed.inherits is not None:
            return reporter.carried(weighed.inherits, report), step
        if finding.holds:
            return reporter.held(finding, report), step if weighed.is_step else None
        if weighed.is_slip:
            slipped = reporter.failed(step, finding, report)
            return (slipped, step) if slipped.fix is not None else None
        # What a line tells itself is no reason that it carries an error on.
        with self.comparer.gathered.book.without(step.line.order):
            made = settled(step, finding, report)
        self._note(weighed, made)
        return made, replace(step, sign=weighed.sign)

    def _note(self, weighed: Weighed, report: ClaimReport) -> None:
        """Takes note of a relation that fails: it tells nothing of what comes after it."""
        if report.verdict is Verdict.UNDECIDED:
            return
        self.posteriors.faulty.add(weighed.step.line.order)
        if weighed.is_law:
            self.laws.append(Judged(weighed.step, weighed.step.left, report.verdict, report.place))

    def sobered(self, step: Step, about: Expression | None, judged: ClaimReport, blank: ClaimReport) -> ClaimReport:
        """The report on a step with moments of what has a wrong law: one that holds carries that on, one that fails may be right."""
        wrong = next((law for law in reversed(self.laws) if _has_moments(law, step.left, step.right, about)), None)
        if wrong is None or judged.verdict not in (*RIGHT, Verdict.WRONG):
            return judged
        if judged.verdict is Verdict.WRONG:
            return replace(blank, reason="rests on a law that is wrong")
        return replace(blank, verdict=Verdict.CARRIED, inherits=wrong.position)


def _has_moments(law: Judged, *members: Expression | None) -> bool:
    """Whether a moment of what a law is of stands in some members."""
    of = names_of(*law.about.events) if isinstance(law.about, Chance) else frozenset()
    parts = (part for member in members if member is not None for part in walk(member))
    return any(isinstance(part, Call) and part.function.spelling in FUNCTIONALS and len(part.arguments) > 1 and of & names_of(part.arguments[0]) for part in parts)
