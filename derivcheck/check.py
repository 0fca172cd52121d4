"""The hall: a document comes in, every relation in it leaves with a verdict."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from derivcheck.comparison import Comparer, Finding
from derivcheck.config import Config
from derivcheck.decision.outcome import Agreed, Outcome, Proved, Refuted
from derivcheck.decision.worker import Worker
from derivcheck.derivation.fact import FactBook
from derivcheck.derivation.instance import is_instance, is_refined, put_in, replaced, resembles, within_rounding
from derivcheck.derivation.knowledge import Gathered, gather
from derivcheck.derivation.outline import Line, Outline, outline
from derivcheck.derivation.prose import announces, announces_strongly, concludes, explains
from derivcheck.derivation.role import EQUALITIES, Role, definable, is_numeric, undecorated
from derivcheck.diagnostic import ClaimReport, Counterexample, FileReport, Place, Verdict
from derivcheck.document import Document, Kind
from derivcheck.document import read as read_document
from derivcheck.elaboration.book import Definition, Head, head_of, holds_in
from derivcheck.elaboration.declaration import number
from derivcheck.explanation import Explainer
from derivcheck.reading.expression import Differential, Expression, Gradient, Name, Unread, walk
from derivcheck.source import Source
from derivcheck.term.function import free_names
from derivcheck.term.term import Term

GIVEN = frozenset((Role.DEFINITION, Role.CONDITION, Role.CASE, Role.UPDATE, Role.LAW, Role.QUESTION))
CONDITIONAL = "the equations given before it"
FAULTY = (Verdict.WRONG, Verdict.CARRIED)


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim that has been judged, for the claims that come after it."""

    line: Line
    place: int
    left: Expression
    right: Expression
    verdict: Verdict
    position: Place


def check(source: Source, config: Config | None = None, watch: Callable | None = None, worker: Worker | None = None) -> FileReport:
    """The report on one document. ``worker`` decides; without one a worker is started for the document."""
    if worker is None:
        with Worker(deadline=(config or Config()).timeout) as own:
            own.warm()
            return check(source, config, watch, own)
    started = time.perf_counter()
    document = read_document(source)
    outlined = outline(document)
    claims = _Checker(document, outlined, worker, watch).run()
    return FileReport(source.path, tuple(claims), outlined.problems, time.perf_counter() - started, document.complete)


@dataclass(slots=True)
class _Checker:
    """Works through a document's lines in order. ``head`` is what the chain at hand is about, ``last`` its latest member."""

    document: Document
    outline: Outline
    worker: Worker
    watch: Callable | None = None
    gathered: Gathered = field(init=False)
    facts: FactBook = field(init=False)
    comparer: Comparer = field(init=False)
    explainer: Explainer = field(init=False)
    judged: list[Judged] = field(default_factory=list)
    topic: Expression | None = None
    head: Expression | None = None
    last: Expression | None = None
    chain: list[Judged] = field(default_factory=list)
    last_verdict: Verdict | None = None

    def __post_init__(self) -> None:
        self.gathered = gather(self.outline)
        self.facts = FactBook(self.gathered.book)
        self.comparer = Comparer(self.gathered, self.worker, self.facts)
        self.explainer = Explainer(self.document.source.text, self.outline, self.comparer)

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
        first = line.members[0]
        if first is not None:
            if is_answer(first) and self.topic is not None:
                first = self.topic
            self.head, self.last, self.chain = first, first, []
            self.topic = first
        reports = []
        for place in range(len(line.statement.signs)):
            report = self._claim(line, place)
            self.last_verdict = report.verdict
            reports.append(report)
            if self.watch is not None:
                self.watch(report)
        return reports

    # -- one claim

    def _claim(self, line: Line, place: int) -> ClaimReport:
        left, right = self.last, line.members[place + 1]
        role = self.gathered.roles[line.order, place]
        report = self._blank(line, place)
        if right is not None:
            self.last = right
        if role is Role.STRUCK:
            return replace(report, verdict=Verdict.UNREADABLE, reason="struck out")
        if role in GIVEN:
            return replace(report, verdict=Verdict.GIVEN)
        if line.is_continuation and place == 0 and line.segment.kind is Kind.INLINE and line.words:
            return replace(report, verdict=Verdict.GIVEN)
        if left is None or right is None:
            return replace(report, verdict=Verdict.UNREADABLE, reason="one side of the relation is missing")
        report = self._judge(line, place, left, right, line.statement.signs[place].text, report)
        self._remember(line, place, left, right, report)
        return report

    def _judge(self, line: Line, place: int, left: Expression, right: Expression, sign: str, report: ClaimReport) -> ClaimReport:
        head = self.head if self.head is not None and sign in EQUALITIES else left
        if left is not head and is_instance(left, right):
            self.head = right
            return replace(report, verdict=Verdict.PROVED, method="numbers put in")
        solved = self._as_solution(line, left, right, sign)
        if solved is not None:
            return self._held(solved, report) if solved.holds else self._failed(line, left, right, sign, solved, report) if solved.fails else self._open(solved, report)
        if head is left:
            finding = self.comparer.compare(line, left, right, sign)
            return self._single(line, place, left, right, sign, finding, report)
        from_head = self.comparer.compare(line, head, right, sign)
        if from_head.holds:
            return self._held(from_head, report)
        carried = self._carried(line, head, right, sign)
        if carried is not None:
            return replace(report, verdict=Verdict.CARRIED, inherits=carried.position)
        from_last = self.comparer.compare(line, left, right, sign)
        return self._chained(line, place, left, right, sign, from_head, from_last, report)

    def _carried(self, line: Line, left: Expression, right: Expression, sign: str) -> Judged | None:
        """The earlier wrong claim that a line properly carries on: it holds with the wrong value put in for what that claim was about."""
        for wrong in reversed(self.judged):
            if wrong.verdict not in FAULTY or not holds_in(wrong.line.scope, line.scope) or wrong.line is line:
                continue
            put_left, put_right = replaced(left, wrong.left, wrong.right), replaced(right, wrong.left, wrong.right)
            if (put_left is not left or put_right is not right) and self.comparer.compare(line, put_left, put_right, sign).holds:
                return wrong
            about = _single_derivative(wrong.left)
            if about is not None and _is_derivative(left) and self.comparer.assuming(line, left, right, sign, *about, wrong.right).holds:
                return wrong
        return None

    def _as_solution(self, line: Line, left: Expression, right: Expression, sign: str) -> Finding | None:
        """A hatted or starred unknown: what it equals must solve the equation that was set to zero."""
        if not isinstance(left, Name) or sign not in EQUALITIES:
            return None
        base = undecorated(left.spelling)
        if base is None or self.gathered.book.is_defined(left.spelling):
            return None
        refuted: Finding | None = None
        for fact in self.facts.about(line, base)[:3]:
            finding = self.comparer.compare(line, put_in(fact.left, base, right), put_in(fact.right, base, right), "=")
            if finding.holds:
                self.gathered.book.add(Definition(Head(left.spelling), right, line.order, line.scope))
                return finding
            if finding.fails and fact.stationary:
                refuted = refuted or finding
        return refuted

    def _single(self, line: Line, place: int, left: Expression, right: Expression, sign: str, finding: Finding, report: ClaimReport) -> ClaimReport:
        if finding.holds:
            return self._held(finding, report)
        if sign in (r"\approx", r"\simeq", "=") and self._is_rounded(line, left, right, finding):
            return replace(report, verdict=Verdict.PROVED, method="rounding")
        if self._is_numeric_instance(line, left, right):
            return replace(report, verdict=Verdict.PROVED, method="numbers put in")
        if self._is_given(line, place, left, right, sign, finding):
            self._give(line, place, left, sign, right)
            return replace(report, verdict=Verdict.GIVEN)
        if not finding.fails:
            return self._open(finding, report)
        carried = self._carried(line, left, right, sign)
        if carried is not None:
            return replace(report, verdict=Verdict.CARRIED, inherits=carried.position)
        if self._is_redefined(line, place, left, right, sign, finding):
            return replace(report, verdict=Verdict.GIVEN)
        if sign in EQUALITIES and _sets_condition(finding):
            return replace(report, reason="holds only for some values of what it is about: it may be a condition")
        if sign in (r"\approx", r"\simeq") and self._is_closed(finding) and _is_close(finding.outcome):
            return replace(report, reason="close, but not to the digits shown")
        return self._failed(line, left, right, sign, finding, report)

    def _chained(
        self, line: Line, place: int, left: Expression, right: Expression, sign: str, from_head: Finding, from_last: Finding, report: ClaimReport
    ) -> ClaimReport:
        """A further member of a chain, which fails for what the chain is about."""
        earlier = next((one for one in self.chain if one.verdict in FAULTY), None)
        if sign in (r"\approx", r"\simeq", "=") and self._is_rounded(line, left, right, from_last):
            return replace(report, verdict=Verdict.PROVED, method="rounding")
        if from_last.holds:
            if earlier is not None and from_head.fails:
                return replace(report, verdict=Verdict.CARRIED, inherits=earlier.position)
            if not from_head.fails:
                return self._held(from_last, report)
            return replace(report, verdict=Verdict.UNDECIDED, reason="the line follows from the one before, but not from what the chain is about")
        if self._is_given(line, place, left, right, sign, from_last):
            self._give(line, place, left, sign, right)
            return replace(report, verdict=Verdict.GIVEN)
        if sign in (r"\approx", r"\simeq") and self._is_closed(from_last) and _is_close(from_last.outcome):
            return replace(report, reason="close, but not to the digits shown")
        before = self.chain[-1].verdict if self.chain else Verdict.PROVED
        if from_last.fails and (from_head.fails or before not in (Verdict.UNDECIDED, Verdict.UNREADABLE)):
            return self._failed(line, left, right, sign, from_last, report)
        if sign in EQUALITIES and _sets_condition(from_last):
            return self._open(from_head, replace(report, reason="it may be a condition"))
        if from_head.fails and earlier is not None:
            return self._failed(line, self.head or left, right, sign, from_head, report)
        return self._open(from_last if from_last.reason else from_head, report)

    # -- given, rounded, put in

    def _is_given(self, line: Line, place: int, left: Expression, right: Expression, sign: str, finding: Finding) -> bool:
        """Whether a relation that does not hold by itself is an assumption: announced, a condition set, a constraint on free symbols."""
        words = f"{line.words} {line.statement.before}"
        starts = place == 0 and not line.is_continuation
        if sign == r"\propto" or (sign in (":=", r"\equiv") and not starts):
            return True
        if number(right) == 0 and sign in EQUALITIES and (not starts or _is_derivative(left)):
            return True
        if isinstance(left, Name) and is_numeric(right) and sign in EQUALITIES:
            if announces(words) or explains(line.after) or not self._is_closed(finding):
                return True
        if sign not in EQUALITIES and sign not in (r"\approx", r"\simeq"):
            if place and line.statement.signs[place - 1].text not in EQUALITIES and self.last_verdict is Verdict.GIVEN:
                return True
            return starts and (announces(words) or not finding.used)
        if starts and announces_strongly(words) and not _is_derivative(left):
            return True
        return starts and self._is_constraint(line, left, finding)

    def _is_redefined(self, line: Line, place: int, left: Expression, right: Expression, sign: str, finding: Finding) -> bool:
        """Whether a name gets a new meaning that has nothing of its old one; the book then holds the new one."""
        head = definable(left, frozenset())
        if head is None or place or line.is_continuation or sign not in EQUALITIES or concludes(line.words):
            return False
        found = self.gathered.book.find(head, line.order, line.scope)
        if found is None or found.definition.order >= line.order or not _varies(right):
            return False
        by_entries = len(found.definition.head.indices) < len(head.indices) and head.spelling in finding.unknown
        if resembles(found.definition.right, right) and not by_entries and not is_refined(found.definition.right, right):
            return False
        self.gathered.book.add(Definition(head, right, line.order, line.scope))
        return True

    def _is_closed(self, finding: Finding) -> bool:
        """Whether both sides are numbers that can be computed: nothing in them is free."""
        return finding.relating is not None and not free_names(finding.relating.relation)

    def _is_constraint(self, line: Line, left: Expression, finding: Finding) -> bool:
        """An equation about symbols that nothing is known of, with more on its left than a name."""
        if finding.used or finding.relating is None or not finding.unknown or _is_derivative(left) or isinstance(left, Name):
            return False
        return not (finding.unknown & self.facts.known_names(line)) and not is_numeric(left)

    def _give(self, line: Line, place: int, left: Expression, sign: str, right: Expression) -> None:
        """Enters a given relation among the facts; numbers put in for a name become its value."""
        head = definable(left, frozenset())
        if head is not None and is_numeric(right) and sign in EQUALITIES:
            self.gathered.book.add(Definition(head, right, line.order, line.scope, is_value=True))
            return
        about = self.head is not None and _is_derivative(self.head)
        self.facts.add(line, left, "=" if sign in EQUALITIES else sign, right, number(right) == 0 and (about or _is_derivative(left)))

    def _is_rounded(self, line: Line, left: Expression, right: Expression, finding: Finding) -> bool:
        """Whether two numbers agree in the digits that are shown."""
        outcome = finding.outcome
        return isinstance(outcome, Refuted) and self._is_closed(finding) and within_rounding(left, right, outcome.left, outcome.right)

    def _is_numeric_instance(self, line: Line, left: Expression, right: Expression) -> bool:
        """Whether a right side is what a name is defined as, with numbers in place of letters."""
        head = head_of(left)
        if head is None or not is_numeric_enough(right):
            return False
        found = self.gathered.book.find(head, line.order, line.scope)
        return found is not None and is_instance(found.definition.right, right)

    # -- outcomes to reports

    def _blank(self, line: Line, place: int) -> ClaimReport:
        sign = line.statement.signs[place]
        members = line.statement.members
        before = members[place].span or (self.last.span if self.last is not None else None)
        behind = members[place + 1].span
        text = self.document.source
        highlight = behind or sign.span
        return ClaimReport(
            place=self.document.place(sign.span.start),
            end=self.document.place(sign.span.end),
            sign=text.slice(sign.span),
            left=text.slice(before) if before else "",
            right=text.slice(behind) if behind else "",
            verdict=Verdict.UNDECIDED,
            follows=self._follows(line, place),
            highlight=(self.document.place(highlight.start), self.document.place(highlight.end)),
        )

    def _follows(self, line: Line, place: int) -> tuple[Place, ...]:
        return (self.chain[-1].position,) if self.chain else ()

    def _held(self, finding: Finding, report: ClaimReport) -> ClaimReport:
        outcome = finding.outcome
        assert isinstance(outcome, Proved | Agreed)
        verdict = Verdict.PROVED if isinstance(outcome, Proved) else Verdict.AGREES
        conditions = (*outcome.conditions, CONDITIONAL) if finding.view.constraints else outcome.conditions
        return replace(report, verdict=verdict, method=outcome.by, scope=outcome.scope, conditions=conditions)

    def _failed(self, line: Line, left: Expression, right: Expression, sign: str, finding: Finding, report: ClaimReport) -> ClaimReport:
        outcome = finding.outcome
        assert isinstance(outcome, Refuted)
        witness = outcome.witness
        indices = tuple((name, str(value)) for name, value in witness.indices if "~" not in name)
        counterexample = Counterexample(witness.dimensions, (*indices, *witness.values), outcome.left, outcome.right)
        confidence = "likely" if finding.likely else "certain"
        slip = self.explainer.explain(line, left, right, sign, finding)
        highlight = (self.document.place(slip.highlight_span.start), self.document.place(slip.highlight_span.end)) if slip.highlight_span else report.highlight
        return replace(
            report, verdict=Verdict.WRONG, error=slip.error, code=slip.code, confidence=confidence, message=slip.message,
            fix=slip.fix, counterexample=counterexample, method=outcome.by, highlight=highlight,
        )  # fmt: skip

    def _open(self, finding: Finding, report: ClaimReport) -> ClaimReport:
        if finding.kind in ("unreadable", "misfit"):
            return replace(report, verdict=Verdict.UNREADABLE, reason=finding.reason)
        return replace(report, verdict=Verdict.UNDECIDED, reason=finding.reason or "neither proved nor refuted")

    def _remember(self, line: Line, place: int, left: Expression, right: Expression, report: ClaimReport) -> None:
        """What a judged claim means for those after it: a proved equation about a name is known from here on."""
        if report.verdict is Verdict.GIVEN:
            return
        if report.verdict in (Verdict.PROVED, Verdict.AGREES) and CONDITIONAL in report.conditions:
            self.facts.add(line, left, line.statement.signs[place].text, right, is_derived=True)
        if report.verdict in (Verdict.UNDECIDED, Verdict.UNREADABLE):
            self.facts.add(line, left, line.statement.signs[place].text, right, is_open=True)
        judged = Judged(line, place, left, right, report.verdict, report.place)
        self.judged.append(judged)
        self.chain.append(judged)
        head = head_of(self.head) if self.head is not None else None
        if report.verdict is Verdict.PROVED and head is not None and line.statement.signs[place].text in EQUALITIES and not is_numeric(right):
            self.gathered.book.add(Definition(head, right, line.order, line.scope, stated=False, is_proved=True))


def _sets_condition(finding: Finding) -> bool:
    """Whether one side of a relation is a fixed number and the other one varies."""
    claim = finding.relating
    if claim is None:
        return False
    names = [_varying(claim.left.body), _varying(claim.right.body)]
    return bool(names[0]) != bool(names[1])


def _varying(term: Term) -> frozenset[str]:
    return frozenset(name for name in free_names(term) if not name.startswith("?"))


def _is_close(outcome: Outcome | None) -> bool:
    """Whether the two sides of a refuted approximation are within one part in a hundred."""
    return isinstance(outcome, Refuted) and abs(outcome.left - outcome.right) <= 0.01 * abs(outcome.left)


def _varies(expression: Expression) -> bool:
    """Whether an expression holds a name other than those of constants."""
    return any(isinstance(part, Name) and part.spelling not in ("e", r"\pi") for part in walk(expression))


def _single_derivative(expression: Expression) -> tuple[Expression, Expression] | None:
    """What is differentiated by what, where an expression is one derivative by one quantity."""
    if isinstance(expression, Differential) and len(expression.by) == 1:
        return expression.body, expression.by[0]
    return None


def _is_derivative(expression: Expression) -> bool:
    return any(isinstance(part, Differential | Gradient) for part in walk(expression))


def is_answer(expression: Expression) -> bool:
    """Whether a name stands for the last quantity asked for."""
    return isinstance(expression, Name) and expression.spelling.lower() in (r"\mathrm{ans}", r"\mathrm{answer}", "ans", r"\mathrm{result}")


def is_numeric_enough(right: Expression) -> bool:
    """Whether a right side has numbers where letters could stand."""
    return number(right) is None and any(number(part) is not None for part in walk(right))
