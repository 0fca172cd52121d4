"""The hall: a document comes in, every relation in it leaves with a verdict."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from derivcheck.decision.outcome import Agreed, Outcome, Proved, Refuted, Undecided
from derivcheck.decision.worker import Worker
from derivcheck.derivation.goal import Relating, obligation, related
from derivcheck.derivation.knowledge import Gathered, domain_from, gather
from derivcheck.derivation.outline import Line, Outline, outline
from derivcheck.derivation.prose import announces, announces_strongly
from derivcheck.derivation.role import EQUALITIES, Role
from derivcheck.diagnostic import ClaimReport, Counterexample, FileReport, Place, Verdict
from derivcheck.document import Document, format_of
from derivcheck.elaboration.declaration import number
from derivcheck.elaboration.doubt import FAR_FETCHED, Oracle, runs
from derivcheck.elaboration.elaborator import Elaborator
from derivcheck.notation import Surroundings, Unreadable
from derivcheck.reading.expression import Comparison, Differential, Expression, Gradient, Listed, Literal, Name, Unread, walk
from derivcheck.source import Source, Span
from derivcheck.term import build
from derivcheck.term.term import Term, TooLarge
from derivcheck.term.type import REAL, Domain
from derivcheck.term.value import Misfit


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one comparison of two members under all of its readings."""

    outcome: Outcome | None
    reason: str = ""
    kind: str = "decided"
    likely: bool = False
    shapes: tuple | None = None
    used: frozenset[int] = frozenset()
    relating: Relating | None = None
    unknown: frozenset[str] = frozenset()
    assumed: frozenset[str] = frozenset()

    @property
    def holds(self) -> bool:
        return isinstance(self.outcome, Proved | Agreed)

    @property
    def fails(self) -> bool:
        return isinstance(self.outcome, Refuted) or self.kind == "type"


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim that has been judged, for the claims that come after it."""

    line: Line
    place: int
    left: Expression
    right: Expression
    verdict: Verdict
    position: Place


@dataclass(frozen=True, slots=True)
class Fact:
    """An equation or inequality that is given: it constrains what comes after it."""

    left: Expression
    sign: str
    right: Expression
    line: Line
    names: frozenset[str]


def check(source: Source, config=None, watch: Callable | None = None, worker: Worker | None = None) -> FileReport:
    """The report on one document. ``worker`` decides; without one a worker is started for the document."""
    started = time.perf_counter()
    entry = format_of(source.path) or format_of("document.md")
    assert entry is not None
    document = entry.read(source)
    read = outline(document)
    if worker is not None:
        claims = _Checker(document, read, worker, watch).run()
    else:
        with Worker() as own:
            own.warm()
            claims = _Checker(document, read, own, watch).run()
    return FileReport(source.path, tuple(claims), read.problems, time.perf_counter() - started)


@dataclass(slots=True)
class _Checker:
    """Works through a document's lines in order."""

    document: Document
    outline: Outline
    worker: Worker
    watch: Callable | None = None
    gathered: Gathered = field(init=False)
    judged: list[Judged] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    domains: dict[str, Domain] = field(default_factory=dict)
    head: Expression | None = None
    last: Expression | None = None
    chain: list[Judged] = field(default_factory=list)
    confirmed: set[tuple[int, ...]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.gathered = gather(self.outline)

    def run(self) -> list[ClaimReport]:
        reports = []
        for line in self.outline.lines:
            if line.statement.membership:
                continue
            if not line.statement.signs:
                self._expression(line)
                continue
            reports += self._line(line)
        return sorted(reports, key=lambda report: report.place)

    def _expression(self, line: Line) -> None:
        """A formula without a relation: what a following relation sign goes on from."""
        if line.members and line.members[0] is not None and not isinstance(line.members[0], Unread):
            self.head = self.last = line.members[0]
            self.chain = []

    def _line(self, line: Line) -> list[ClaimReport]:
        if line.members[0] is not None:
            self.head, self.last, self.chain = line.members[0], line.members[0], []
        reports = []
        for place in range(len(line.statement.signs)):
            report = self._claim(line, place)
            reports.append(report)
            if self.watch is not None:
                self.watch(report)
        return reports

    # -- one claim

    def _claim(self, line: Line, place: int) -> ClaimReport:
        sign = line.statement.signs[place]
        left, right = self.last, line.members[place + 1]
        role = self.gathered.roles[line.order, place]
        report = self._blank(line, place)
        if right is not None:
            self.last = right
        if role is Role.STRUCK:
            return replace(report, verdict=Verdict.UNREADABLE, reason="struck out")
        if role in (Role.DEFINITION, Role.CONDITION, Role.CASE, Role.UPDATE, Role.LAW, Role.QUESTION):
            return self._given(line, place, left, right, role, report)
        if left is None or right is None:
            return replace(report, verdict=Verdict.UNREADABLE, reason="one side of the relation is missing")
        report = self._judge(line, place, left, right, sign.text, report)
        if report.verdict is not Verdict.GIVEN:
            self._remember(line, place, left, right, report)
        return report

    def _given(
        self, line: Line, place: int, left: Expression | None, right: Expression | None, role: Role, report: ClaimReport
    ) -> ClaimReport:
        return replace(report, verdict=Verdict.GIVEN)

    def _judge(self, line: Line, place: int, left: Expression, right: Expression, sign: str, report: ClaimReport) -> ClaimReport:
        head = self.head if self.head is not None else left
        if head is left or sign not in EQUALITIES:
            finding = self.compare(line, left, right, sign)
            return self._single(line, place, left, right, sign, finding, report)
        from_head = self.compare(line, head, right, sign)
        if from_head.holds:
            return self._held(from_head, report)
        from_last = self.compare(line, left, right, sign)
        return self._chained(line, place, left, right, sign, from_head, from_last, report)

    def _single(
        self, line: Line, place: int, left: Expression, right: Expression, sign: str, finding: Finding, report: ClaimReport
    ) -> ClaimReport:
        if finding.holds:
            return self._held(finding, report)
        if self._is_given(line, place, left, right, sign, finding):
            self._add_fact(line, left, sign, right)
            return replace(report, verdict=Verdict.GIVEN)
        if finding.fails:
            return self._failed(line, place, left, right, finding, report)
        return self._open(finding, report)

    def _chained(
        self,
        line: Line,
        place: int,
        left: Expression,
        right: Expression,
        sign: str,
        from_head: Finding,
        from_last: Finding,
        report: ClaimReport,
    ) -> ClaimReport:
        if self._is_given(line, place, left, right, sign, from_last):
            self._add_fact(line, left, sign, right)
            return replace(report, verdict=Verdict.GIVEN)
        earlier = next((one for one in self.chain if one.verdict in (Verdict.WRONG, Verdict.CARRIED)), None)
        if from_last.holds:
            if not from_head.fails:
                return self._held(from_last, report)
            if earlier is not None:
                return replace(report, verdict=Verdict.CARRIED, inherits=earlier.position)
            return replace(report, verdict=Verdict.UNDECIDED, reason="the line holds, but not for what the chain began with")
        if from_head.fails and (from_last.fails or earlier is None or earlier.verdict is Verdict.WRONG):
            return self._failed(line, place, left, right, from_head if not from_last.fails else from_last, report)
        if from_last.fails and from_head.outcome is None:
            return self._failed(line, place, left, right, from_last, report)
        return self._open(from_last, report)

    def _is_given(self, line: Line, place: int, left: Expression, right: Expression, sign: str, finding: Finding) -> bool:
        """Whether a relation that does not hold by itself is an assumption: announced, a stationarity condition, a constraint on free symbols."""
        if sign == r"\propto":
            return True
        if sign in (":=", r"\equiv") and place > 0:
            return True
        words = f"{line.words} {line.statement.before}"
        if (
            number(right) == 0
            and sign in EQUALITIES
            and (place > 0 or any(isinstance(part, Differential | Gradient) for part in walk(left)))
        ):
            return True
        if number(right) is not None and isinstance(left, Name) and announces(words):
            return True
        if sign not in EQUALITIES and sign not in (r"\approx", r"\simeq"):
            return place == 0 and (announces(words) or not finding.used)
        if announces_strongly(words) and place == 0 and line.statement is self._first_of_display(line):
            return not finding.used or not isinstance(left, Name)
        return place == 0 and self._is_constraint(left, finding)

    def _first_of_display(self, line: Line):
        return next(other.statement for other in self.outline.lines if other.display == line.display)

    def _is_constraint(self, left: Expression, finding: Finding) -> bool:
        """An equation about symbols that nothing is known of."""
        if finding.used or finding.relating is None or not finding.unknown:
            return False
        if any(isinstance(part, Differential | Gradient) for part in walk(left)):
            return False
        known = {name for fact in self.facts for name in fact.names}
        return not (finding.unknown & known)

    def _add_fact(self, line: Line, left: Expression, sign: str, right: Expression) -> None:
        stated = domain_from(left, sign, right)
        if stated is not None:
            name, domain = stated
            self.domains[name] = self.domains.get(name, REAL).meet(domain)
            return
        names = frozenset(part.spelling for side in (left, right) for part in walk(side) if isinstance(part, Name))
        self.facts.append(Fact(left, sign, right, line, names))

    # -- outcomes to reports

    def _blank(self, line: Line, place: int) -> ClaimReport:
        sign = line.statement.signs[place]
        span = sign.span
        members = line.statement.members
        before = members[place].span or self._span_of(self.last)
        behind = members[place + 1].span
        text = self.document.source
        highlight = behind or span
        return ClaimReport(
            place=self.document.place(span.start),
            end=self.document.place(span.end),
            sign=text.slice(span),
            left=text.slice(before) if before else "",
            right=text.slice(behind) if behind else "",
            verdict=Verdict.UNDECIDED,
            highlight=(self.document.place(highlight.start), self.document.place(highlight.end)),
        )

    def _span_of(self, expression: Expression | None) -> Span | None:
        return expression.span if expression is not None else None

    def _held(self, finding: Finding, report: ClaimReport) -> ClaimReport:
        outcome = finding.outcome
        assert isinstance(outcome, Proved | Agreed)
        verdict = Verdict.PROVED if isinstance(outcome, Proved) else Verdict.AGREES
        return replace(report, verdict=verdict, method=outcome.by, scope=outcome.scope, conditions=outcome.conditions)

    def _failed(self, line: Line, place: int, left: Expression, right: Expression, finding: Finding, report: ClaimReport) -> ClaimReport:
        if finding.kind == "type":
            return replace(
                report, verdict=Verdict.WRONG, error="type", code="DC304", confidence="likely", message=finding.reason,
                counterexample=Counterexample(shapes=finding.shapes), method="shapes",
            )  # fmt: skip
        outcome = finding.outcome
        assert isinstance(outcome, Refuted)
        witness = outcome.witness
        counterexample = Counterexample(
            witness.dimensions, (*((name, str(value)) for name, value in witness.indices), *witness.values), outcome.left, outcome.right
        )
        return replace(
            report, verdict=Verdict.WRONG, error="other", code="DC401", confidence="likely" if finding.likely else "certain",
            message="the two sides differ", counterexample=counterexample, method=outcome.by,
        )  # fmt: skip

    def _open(self, finding: Finding, report: ClaimReport) -> ClaimReport:
        if finding.kind == "unreadable":
            return replace(report, verdict=Verdict.UNREADABLE, reason=finding.reason)
        return replace(report, verdict=Verdict.UNDECIDED, reason=finding.reason or "neither proved nor refuted")

    def _remember(self, line: Line, place: int, left: Expression, right: Expression, report: ClaimReport) -> None:
        judged = Judged(line, place, left, right, report.verdict, report.place)
        self.judged.append(judged)
        self.chain.append(judged)

    # -- comparing

    def compare(self, line: Line, left: Expression, right: Expression, sign: str) -> Finding:
        """Two members compared with the facts that are certainly in force; failing that, facts of other problems may acquit."""
        certain = self._compare(line, left, right, sign, line.scope in self.confirmed)
        if certain.holds or all(count > 0 for count in line.scope):
            return certain
        wider = self._compare(line, left, right, sign, True)
        if wider.holds:
            if not certain.fails:
                self.confirmed.add(line.scope)
            return replace(wider, likely=True)
        return certain

    def _compare(self, line: Line, left: Expression, right: Expression, sign: str, far: bool) -> Finding:
        """Two members under their readings, the most plausible first: holds if one holds, fails if all fail."""
        refuted: Finding | None = None
        open_: Finding | None = None
        for result, oracle in runs(lambda oracle: self._attempt(line, left, right, sign, oracle, far)):
            plausible = oracle.penalty < FAR_FETCHED
            if result.holds:
                return result if plausible else Finding(None, "holds only in a far-fetched reading", "undecided")
            if isinstance(result.outcome, Refuted):
                refuted = refuted or result
            elif result.kind == "unreadable" or result.kind == "type":
                open_ = open_ or result
            elif plausible:
                open_ = result if open_ is None or open_.kind in ("unreadable", "type") else open_
        if refuted is not None and (open_ is None or open_.kind in ("unreadable", "type")):
            return refuted
        return open_ or Finding(None, "no reading", "unreadable")

    def _attempt(self, line: Line, left: Expression, right: Expression, sign: str, oracle: Oracle, far: bool) -> Finding:
        """One reading of a comparison."""
        knowledge = self.gathered.at(line.scope, far)
        elaborator = Elaborator(knowledge, oracle, far)
        around = Surroundings(line.order, line.scope)
        try:
            first, second = elaborator.value(left, around), elaborator.value(right, around)
            claim = related(elaborator, first, second, sign)
            condition = self._condition(elaborator, line, around)
            facts = self._hypotheses(elaborator, line, around, claim)
            asked = obligation(elaborator, claim, condition, facts, {**knowledge.domains, **self.domains})
        except Unreadable as error:
            return Finding(None, f"expected {error.expected}, found {error.found}", "unreadable")
        except Misfit as error:
            return Finding(None, error.about, "unreadable")
        except TooLarge:
            return Finding(None, "the expression grows too large", "undecided")
        outcome = self.worker.decide(asked)
        used, unknown = frozenset(elaborator.used), frozenset(elaborator.unknown)
        likely = bool(elaborator.uncertain)
        if isinstance(outcome, Undecided):
            return Finding(outcome, "; ".join(outcome.reasons), used=used, relating=claim, unknown=unknown)
        if elaborator.vanished and not isinstance(outcome, Undecided):
            return Finding(None, "a derivative by something that does not occur", "unreadable", used=used, relating=claim, unknown=unknown)
        if isinstance(outcome, Refuted) and elaborator.assumed:
            return Finding(
                None, "depends on a quantity that the document does not define", "undecided", used=used, relating=claim, unknown=unknown
            )
        return Finding(outcome, used=used, relating=claim, unknown=unknown, likely=likely, assumed=frozenset(elaborator.assumed))

    def _condition(self, elaborator: Elaborator, line: Line, around: Surroundings) -> Term:
        """The conditions on indices that stand next to a line."""
        found = []
        for other in self._neighbours(line):
            for place, sign in enumerate(other.statement.signs):
                if self.gathered.roles[other.order, place] is Role.CONDITION and sign.text in ("=", r"\ne", "<", r"\le", ">", r"\ge"):
                    left, right = other.members[place], other.members[place + 1]
                    if left is not None and right is not None and not isinstance(right, Listed):
                        found.append(elaborator.number(Comparison(left, sign.text, right, left.span), around))
        return build.all_of(found)

    def _neighbours(self, line: Line) -> list[Line]:
        """The lines of the same row, and the condition in the words just before a display."""
        lines = self.outline.lines
        same = [
            other for other in lines if other.display == line.display and other.statement.row == line.statement.row and other is not line
        ]
        before = [
            other
            for other in lines[max(0, line.order - 2) : line.order]
            if other.display == line.display - 1 and other.segment.kind == "inline"
        ]
        return same + before

    def _hypotheses(self, elaborator: Elaborator, line: Line, around: Surroundings, claim: Relating) -> list[tuple[Term, tuple]]:
        """The facts that share a name with a claim, as relations."""
        if not self.facts:
            return []
        names = set(claim.relation.names)
        found = []
        for fact in reversed(self.facts):
            if fact.line.scope != line.scope[: len(fact.line.scope)]:
                continue
            inner = Surroundings(fact.line.order, fact.line.scope)
            separate = Elaborator(
                elaborator.knowledge, Oracle({}), sizes=elaborator.sizes, axis_sizes=elaborator.axis_sizes, ranges=elaborator.ranges
            )
            try:
                left, right = separate.value(fact.left, inner), separate.value(fact.right, inner)
                relating = related(separate, left, right, fact.sign)
            except (Unreadable, Misfit, TooLarge):
                continue
            if relating.relation.names & names and relating.relation not in (build.TRUE, build.FALSE):
                for variable, size in zip(relating.variables, relating.sizes, strict=True):
                    elaborator.ranges[variable] = size
                found.append((relating.relation, relating.variables))
                names |= relating.relation.names
            if len(found) >= 6:
                break
        return found


__all__ = ["Literal", "check"]
