"""Findings as claim reports: the verdict with what it rests on, at the place of the relation sign."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from derivcheck.decision.outcome import Agreed, Proved, Refuted, Witness
from derivcheck.decision.worker import Worker
from derivcheck.derivation.outline import Line, Outline
from derivcheck.diagnosis import Explanation
from derivcheck.diagnostic import ClaimReport, Counterexample, Place, Verdict
from derivcheck.document import Document
from derivcheck.explanation import Explainer
from derivcheck.finding import Finding
from derivcheck.misgiving import SPLIT
from derivcheck.reading.content import bare, has_derivative
from derivcheck.reading.expression import Expression, Sum
from derivcheck.source import Span
from derivcheck.step import Judged, Step

WRONG_VARIABLE, DROPPED_TERM = "wrong-variable", "dropped-term"
CONDITIONAL = "the equations given before it"


@dataclass(frozen=True, slots=True)
class Reporter:
    """Makes the reports of one document. ``rests``: the lines of the definitions that each one on a step decided rests on."""

    document: Document
    outline: Outline
    explainer: Explainer
    worker: Worker
    rests: dict[Place, frozenset[int]] = field(default_factory=dict)

    def blank(self, line: Line, place: int, left: Expression | None, follows: tuple[Place, ...]) -> ClaimReport:
        """The report on a relation sign of which nothing is known yet. ``left`` is what a line without a left side goes on from."""
        sign = line.statement.signs[place]
        before = line.statement.members[place].span or (left.span if left is not None else None)
        behind = line.statement.members[place + 1].span
        text = self.document.source
        return ClaimReport(
            place=self.document.place(sign.span.start),
            end=self.document.place(sign.span.end),
            sign=text.slice(sign.span),
            left=text.slice(before) if before else "",
            right=text.slice(behind) if behind else "",
            verdict=Verdict.UNDECIDED,
            follows=follows,
            highlight=self._stretch(behind or sign.span),
        )

    def held(self, finding: Finding, report: ClaimReport) -> ClaimReport:
        outcome = finding.outcome
        assert isinstance(outcome, Proved | Agreed)
        verdict = Verdict.PROVED if isinstance(outcome, Proved) else Verdict.AGREES
        conditions = (*outcome.conditions, CONDITIONAL) if finding.view.constraints else outcome.conditions
        self.rests[report.place] = finding.used
        return self._based(finding, replace(report, verdict=verdict, method=outcome.by, scope=outcome.scope, conditions=conditions))

    def failed(self, step: Step, finding: Finding, report: ClaimReport) -> ClaimReport:
        """The report on a step that fails. What was not tried for want of time might have acquitted it."""
        if finding.fails and self.worker.is_exhausted:
            return replace(report, verdict=Verdict.UNDECIDED, reason="out of time")
        self.worker.begin(explains=True)
        finding = self.explainer.comparer.at_smallest(finding, step.sign)
        outcome = finding.outcome
        found = self.explainer.explain(step.line, step.left, step.right, step.sign, finding)
        self.worker.begin()
        self.rests[report.place] = finding.used - {step.line.order}
        made = replace(
            report,
            verdict=Verdict.WRONG,
            error=found.error,
            code=found.code,
            confidence="likely" if finding.likely else "certain",
            message=_said(finding, found),
            fix=found.fix,
            counterexample=_counterexample(outcome.witness, outcome) if isinstance(outcome, Refuted) else Counterexample(shapes=finding.shapes),
            method=outcome.by if isinstance(outcome, Refuted) else "shapes",
            reason=None,
            highlight=self._stretch(found.highlight_span) if found.highlight_span else report.highlight,
        )
        return self._based(finding, made)

    def open(self, step: Step, finding: Finding, report: ClaimReport) -> ClaimReport:
        # A claim that tells of a name for the first time may say what that name is.
        if finding.doubted is not None and self.outline.has_told(finding.unknown, step.line.order):
            cured = self.failed(step, replace(finding, outcome=finding.doubted, reason="", kind="decided", is_inferred=True), report)
            # A letter with an index or without one is another one only where another letter is meant.
            # A term with a derivative may be a path to what is undefined.
            leaves_out = cured.error == DROPPED_TERM and isinstance(bare(step.right), Sum) and has_derivative(step.left) and has_derivative(step.right)
            is_cured = cured.fix is not None and not leaves_out and not (step.starts and _repeats(cured.fix, report.left))
            if is_cured and (finding.reason != SPLIT or cured.error == WRONG_VARIABLE):
                return cured
        if finding.kind in ("unreadable", "misfit"):
            return replace(report, verdict=Verdict.UNREADABLE, reason=finding.reason)
        return replace(report, verdict=Verdict.UNDECIDED, reason=finding.reason or "neither proved nor refuted")

    def carried(self, wrong: Judged, report: ClaimReport) -> ClaimReport:
        return replace(report, verdict=Verdict.CARRIED, inherits=wrong.position)

    def _based(self, finding: Finding, report: ClaimReport) -> ClaimReport:
        """A report with the places of the definitions that a finding used, unless its chain says what it follows from."""
        if report.follows:
            return report
        lines = [self.outline.lines[order] for order in sorted(finding.used)]
        places = [self.document.place(line.statement.signs[0].span.start) for line in lines if line.statement.signs]
        return replace(report, follows=tuple(dict.fromkeys(place for place in places if place != report.place)))

    def _stretch(self, span: Span) -> tuple[Place, Place]:
        return self.document.place(span.start), self.document.place(span.end)


def _repeats(fix: str, left: str) -> bool:
    """Whether what would hold is the left side over again: that mends everything, and what a line begins with need not be computed on."""
    return "".join(fix.split()) == "".join(left.split())


def _said(finding: Finding, found: Explanation) -> str:
    """What is said of a wrong step."""
    if finding.shapes is None:
        return found.message if found.fix is not None else finding.reason or found.message
    return _misfit(finding) if found.error == "type" else found.message


def _misfit(finding: Finding) -> str:
    """What is said of shapes that do not fit."""
    assert finding.shapes is not None
    left, right = ("×".join(map(str, shape)) or "a number" for shape in finding.shapes)
    return f"{finding.reason}: {left} and {right}"


def _counterexample(witness: Witness, outcome: Refuted) -> Counterexample:
    indices = tuple((name, str(value)) for name, value in witness.indices if "~" not in name)
    return Counterexample(witness.dimensions, (*indices, *witness.values), outcome.left, outcome.right)
