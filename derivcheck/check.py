"""The hall: a document comes in, every relation in it leaves with a verdict."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from derivcheck.account import Compared, Seen
from derivcheck.alternative import Alternatives, has_both_signs
from derivcheck.chain import Chain
from derivcheck.comparison import Comparer
from derivcheck.config import Config
from derivcheck.conflict import Conflicts
from derivcheck.curve import Curves
from derivcheck.decision.worker import Worker
from derivcheck.densities import Densities
from derivcheck.derivation.condition import local_bounds
from derivcheck.derivation.definable import undecorated
from derivcheck.derivation.fact import FactBook
from derivcheck.derivation.hearing import heard
from derivcheck.derivation.instance import values_put_in
from derivcheck.derivation.knowledge import Gathered, gather
from derivcheck.derivation.outline import Line, Outline, outline
from derivcheck.derivation.role import CONSEQUENCES, Role
from derivcheck.diagnostic import ClaimReport, FileReport, Verdict
from derivcheck.document import Document, Kind
from derivcheck.document import read as read_document
from derivcheck.elaboration.head import head_of
from derivcheck.entrywise import Entrywise
from derivcheck.error import Errors
from derivcheck.explanation import Explainer
from derivcheck.finding import Finding
from derivcheck.given import Givens
from derivcheck.inserted import OTHER_CASE, Insertions, Told
from derivcheck.law import is_law
from derivcheck.memory import Memory
from derivcheck.optimum import Optima
from derivcheck.reading.expression import Expression
from derivcheck.recursion import Recursions
from derivcheck.reporting import Reporter
from derivcheck.rewriting import is_rewritten, is_said_again, is_slope_worked_out, is_solvable
from derivcheck.rounded import is_closed, is_nearly
from derivcheck.shown import Shown
from derivcheck.solution import Solutions
from derivcheck.solving import Solving
from derivcheck.source import Source
from derivcheck.step import FAULTY, GIVEN, Step, is_answer, is_aside
from derivcheck.support import supported
from derivcheck.upstream import Upstream


def check(source: Source, config: Config | None = None, watch: Callable[[Seen], None] | None = None, worker: Worker | None = None) -> FileReport:
    """The report on one document. ``worker`` decides; without one a worker is started for the document.

    ``watch`` is called with each claim as soon as it is judged, before anything follows from it.
    """
    if worker is None:
        with Worker(deadline=(config or Config()).timeout) as own:
            own.warm()
            return check(source, config, watch, own)
    started = time.perf_counter()
    worker.open((config or Config()).document_timeout)
    document = read_document(source)
    outlined = heard(outline(document), document)
    claims = _Checker(document, outlined, worker, watch).run()
    return FileReport(source.path, tuple(claims), outlined.problems, time.perf_counter() - started, document.complete)


@dataclass(slots=True)
class _Checker:
    """Works through a document's lines in order."""

    document: Document
    outline: Outline
    worker: Worker
    watch: Callable[[Seen], None] | None = None
    gathered: Gathered = field(init=False)
    facts: FactBook = field(init=False)
    comparer: Comparer = field(init=False)
    givens: Givens = field(init=False)
    shown: Shown = field(init=False)
    insertions: Insertions = field(init=False)
    errors: Errors = field(init=False)
    recursions: Recursions = field(init=False)
    solutions: Solutions = field(init=False)
    optima: Optima = field(init=False)
    alternatives: Alternatives = field(init=False)
    curves: Curves = field(init=False)
    densities: Densities = field(init=False)
    solving: Solving = field(init=False)
    upstream: Upstream = field(init=False)
    reporter: Reporter = field(init=False)
    memory: Memory = field(init=False)
    chain: Chain = field(default_factory=Chain)
    compared: list[Compared] = field(default_factory=list)
    last_verdict: Verdict | None = None

    def __post_init__(self) -> None:
        self.gathered = gather(self.outline)
        self.facts = FactBook(self.gathered.book, locals=tuple(local_bounds(self.outline.lines)))
        for told in self.gathered.properties:
            self.facts.add(told.line, told.left, "=", told.right, is_told=True)
        self.comparer = Comparer(self.gathered, self.worker, self.facts)
        self.givens = Givens(self.gathered, self.facts)
        self.shown = Shown(self.gathered)
        self.insertions = Insertions(self.comparer, self.shown)
        self.memory = Memory(self.gathered, self.facts, self.shown)
        self.errors = Errors(self.comparer)
        self.recursions = Recursions(self.comparer, self.facts, self.document.source.text)
        self.solutions = Solutions(self.gathered.book, self.facts, self.comparer)
        self.optima = Optima(self.gathered.book, self.comparer, self.outline.lines)
        self.alternatives = Alternatives(self.comparer, self.facts)
        self.curves = Curves(self.comparer, self.facts)
        self.densities = Densities(self.comparer)
        self.solving = Solving(self.gathered, self.facts, self.comparer)
        self.upstream = Upstream(self.gathered)
        self.reporter = Reporter(self.document, self.outline, Explainer(self.document.source.text, self.outline, self.comparer), self.worker)

    def run(self) -> list[ClaimReport]:
        reports: list[ClaimReport] = []
        for line in self.outline.lines:
            self.gathered.reach(line)
            if line.is_directive:
                self.memory.state(line)
                continue
            if line.statement.signs and not line.statement.membership:
                reports += self._line(line)
            elif not line.statement.membership:
                self.chain.stand(line)
        reports = supported(self._reconsidered(reports), self.reporter.rests, self.gathered.book)
        return sorted(reports, key=lambda report: report.place)

    def _line(self, line: Line) -> list[ClaimReport]:
        first = line.members[0]
        if first is None:
            self.chain.go_on(line)
        else:
            first = self.chain.topic if is_answer(first) and self.chain.topic is not None else first
            self.chain.begin(first, line.display, is_aside(line, self.gathered.roles))
            self.chain.keep(line)
            self.chain.topic = first
        reports = []
        for place in range(len(line.statement.signs)):
            self.compared.clear()
            report, step = self._claim(line, place)
            self.last_verdict = report.verdict
            if place == 0:
                self.recursions.hear(line, report.verdict, step)
            reports.append(report)
            if self.watch is not None:
                self.watch(Seen(report, line, place, self.gathered.roles[line.order, place], tuple(self.compared), self.comparer, self.document))
            if step is not None:
                self.memory.remember(step, report, self.chain)
            self.chain.pass_on(line.statement.signs[place].text, line.members[place + 1])
        self.chain.leave(line)
        return reports

    def _reconsidered(self, reports: list[ClaimReport]) -> list[ClaimReport]:
        """The reports once more, where claims that nobody could decide contradict each other."""
        at = {report.place: report for report in reports}
        for claim, finding in Conflicts(self.comparer).contradicted(self.memory.judged):
            at[claim.position] = self.reporter.failed(claim.step, finding, at[claim.position])
        for report, step, finding in self.upstream.refuted(self.memory.judged):
            at[report.place] = self.reporter.failed(step, finding, report)
        return list(at.values())

    def _claim(self, line: Line, place: int) -> tuple[ClaimReport, Step | None]:
        """The report on a relation, and the step that was judged for it; None where there was nothing to judge."""
        self.worker.begin()
        left, right = self.chain.last, line.members[place + 1]
        role = self.gathered.roles[line.order, place]
        report = self.reporter.blank(line, place, left, (self.chain.steps[-1].position,) if self.chain.steps else ())
        if right is not None:
            self.chain.last = right
        if role is Role.STRUCK:
            return replace(report, verdict=Verdict.UNREADABLE, reason="struck out"), None
        at_rest = self.recursions.at_rest(line, place, left, right)
        if at_rest is not None:
            return self._settled(*at_rest, report), at_rest[0]
        weighed = self.densities.judged(line, place, (self.chain, left, right), role)
        reported = self.densities.reported(weighed, report, self.reporter, self._settled) if weighed is not None else None
        if weighed is not None and reported is not None:
            self.chain.head = weighed.head if weighed.head is not None and reported[0].verdict is Verdict.WRONG else self.chain.head
            return reported
        if role in GIVEN:
            taken = self._given(line, place, report) or self._confirmed(line, place, left, right, role, report)
            return taken, Step(line, place, left, right, line.statement.signs[place].text) if taken.verdict is Verdict.WRONG and left is not None and right is not None else None
        if line.is_continuation and place == 0 and line.segment.kind is Kind.INLINE and line.words_between:
            return replace(report, verdict=Verdict.GIVEN), None
        if left is None or right is None:
            return replace(report, verdict=Verdict.UNREADABLE, reason="one side of the relation is missing"), None
        step = Step(line, place, left, right, line.statement.signs[place].text)
        judged = self.densities.sobered(step, self.chain.head, self._judge(step, report), report)
        if self.compared:
            self.upstream.hear(judged, step, self.compared[-1].finding)
        follows_open = step.starts and line.statement.link in CONSEQUENCES and self.last_verdict in (Verdict.UNREADABLE, Verdict.UNDECIDED)
        if judged.verdict is Verdict.WRONG and follows_open:
            judged = replace(report, reason="follows from a line that is not decided")
        resumed = self.chain.resumed(step, self._compare) if judged.verdict is Verdict.WRONG and line.is_continuation and not place else None
        if resumed is not None:
            judged = self.reporter.held(resumed, self.reporter.blank(line, place, self.chain.head, report.follows))
        return judged, step

    def _confirmed(self, line: Line, place: int, left: Expression | None, right: Expression | None, role: Role, report: ClaimReport) -> ClaimReport:
        """What is given; a definition may say again what was known before, or what follows from it."""
        given = replace(report, verdict=Verdict.GIVEN)
        head = head_of(left) if left is not None else None
        if role not in (Role.DEFINITION, Role.GOAL) or head is None or right is None:
            return given
        step = Step(line, place, left, right, line.statement.signs[place].text)
        base = undecorated(head.spelling) or head.spelling
        if not (self.outline.has_told((head.spelling,), line.order) or self.outline.has_told((base,), line.order)):
            return given
        with self.gathered.book.without(line.order):
            solved = self.solutions.finding(step, self.memory.judged)
            finding = solved if solved is not None and solved.holds else self._compare(step)
            if finding.holds:
                return self.reporter.held(finding, report)
            if self.insertions.holds(step):
                return replace(report, verdict=Verdict.PROVED, method="numbers put in")
            if finding.clashes or self.insertions.is_slip(step, finding):
                return self.reporter.failed(step, finding, report)
            return (self._slip(step, solved, report) if solved is not None and solved.is_suspected else None) or given

    def _given(self, line: Line, place: int, report: ClaimReport) -> ClaimReport | None:
        """The report on a value that is given to an unknown, which must solve the equations that were posed for it; None for anything else."""
        left, right = line.members[place], line.members[place + 1]
        if place or left is None or right is None or self.gathered.roles[line.order, place] not in (Role.DEFINITION, Role.ALTERNATIVE):
            return None
        return self._as_root(Step(line, place, left, right, line.statement.signs[place].text), report)

    def _as_root(self, step: Step, report: ClaimReport) -> ClaimReport | None:
        """The report on a value for an unknown, which must solve the equations posed for it, those for its slope among them; None where these cannot tell."""
        special = self.alternatives.finding(step) or self.curves.finding(step)
        if special is not None:
            return self._settled(step, special, report)
        root = self.solving.root(step, self.memory.judged)
        if root is None or root.instead is None:
            return None if root is None else self._settled(step, root.finding, report)
        if root.instead.verdict in FAULTY:
            return self.reporter.carried(root.instead, report)
        return replace(report, verdict=Verdict.UNDECIDED, reason="solves an equation that follows, but not the first one")

    def _judge(self, step: Step, report: ClaimReport) -> ClaimReport:
        if self.recursions.is_posed(step):
            posed = self._compare(step)
            return self.reporter.held(posed, report) if posed.holds else replace(report, verdict=Verdict.GIVEN)
        head = self.chain.head if self.chain.head is not None and step.is_equality else step.left
        values = values_put_in(step.left, step.right) if step.left is not head else {}
        told = self.insertions.told(step, values) if values else Told.OTHER
        if told is not Told.OTHER:
            return self._put_in(step, values, told, report)
        solved = self.solutions.finding(step, self.memory.judged)
        if solved is not None and not solved.is_suspected:
            return self._settled(step, solved, report)
        if solved is not None and (slip := self._slip(step, solved, report)) is not None:
            return slip
        placed = self.optima.finding(step)
        if placed is not None:
            return self.reporter.failed(step, placed, report) if placed.clashes else self._settled(step, placed, report)
        root = self._as_root(step, report) if step.starts or has_both_signs(step.right) else None
        if root is not None:
            return root
        if head is step.left:
            self.solving.pose(step)
            return self._single(step, self._compare(step), report)
        whole = replace(step, left=head)
        from_head = self._compare(whole)
        if from_head.holds:
            return self.reporter.held(from_head, report)
        wrong = self.errors.wrong(whole, from_head.view, self.memory.judged)
        if wrong is not None:
            return self.reporter.carried(wrong, report)
        return self._chained(step, whole, from_head, report)

    def _put_in(self, step: Step, values: Mapping[str, Expression], told: Told, report: ClaimReport) -> ClaimReport:
        """The report on numbers that are put into the member before; where other ones were told of some letters, another case may be meant."""
        if told is Told.NOTHING:
            return replace(report, reason=OTHER_CASE)
        self.givens.take_values(step, values)
        self.chain.head = step.right
        return replace(report, verdict=Verdict.PROVED, method="numbers put in")

    def _compare(self, step: Step) -> Finding:
        finding = Entrywise(self.comparer).compare(step)
        if not finding.holds:
            finding = self.recursions.finding(step, finding) or finding
        self.compared.append(Compared(step, finding))
        return finding

    def _settled(self, step: Step, finding: Finding, report: ClaimReport) -> ClaimReport:
        if finding.holds:
            return self.reporter.held(finding, report)
        wrong = self.errors.wrong(step, finding.view, self.memory.judged) if finding.fails else None
        if wrong is not None:
            return self.reporter.carried(wrong, report)
        return self.reporter.failed(step, finding, report) if finding.fails else self.reporter.open(step, finding, report)

    def _single(self, step: Step, finding: Finding, report: ClaimReport) -> ClaimReport:
        """A step by itself."""
        if finding.holds and self.solving.leaves_out_a_root(step, finding):
            return replace(report, reason="the opposite number solves it, too")
        if finding.holds:
            return self.reporter.held(finding, report)
        if self.shown.is_rounded(step, finding):
            return replace(report, verdict=Verdict.PROVED, method="rounding")
        if self.insertions.holds(step):
            self.givens.enter(step, self.chain.head)
            return replace(report, verdict=Verdict.PROVED, method="numbers put in")
        determined = finding.is_expanded or self.solving.is_determined(step, finding)
        determined = determined or self.insertions.is_slip(step, finding)
        if not determined and self.givens.is_given(step, finding, self.last_verdict is Verdict.GIVEN):
            if is_rewritten(step, finding) and (slip := self._slip(step, replace(finding, is_inferred=True), report)) is not None:
                return slip
            self.givens.enter(step, self.chain.head)
            return replace(report, verdict=Verdict.GIVEN)
        if not determined and self._is_posed(step, finding):
            return replace(report, verdict=Verdict.GIVEN)
        if not finding.fails:
            return self.reporter.failed(step, finding, report) if finding.clashes else self.reporter.open(step, finding, report)
        wrong = self.errors.wrong(step, finding.view, self.memory.judged)
        if wrong is not None:
            return self.reporter.carried(wrong, report)
        if self.insertions.may_be_of_another_case(step, finding):
            return replace(report, verdict=Verdict.GIVEN) if self.givens.is_new_value(step, finding) else replace(report, reason=OTHER_CASE)
        is_result = is_said_again(self.gathered, step) or is_slope_worked_out(self.gathered, step, finding)
        if is_result and (slip := self._slip(step, finding, report)) is not None:
            return slip
        if self.givens.is_redefined(step, finding) or self.givens.is_new_value(step, finding):
            return replace(report, verdict=Verdict.GIVEN)
        if self.givens.is_mutual(step) or (step.starts and self.optima.is_stationarity(step, finding.view, self.memory.judged)):
            self.givens.enter(step, None)
            return replace(report, verdict=Verdict.GIVEN)
        if not determined and self.solving.is_premise(step, finding):
            return replace(report, reason="the next line rests on it: it may be an equation to be solved")
        is_condition = step.is_equality and (self.givens.sets_condition(step, finding) or self.givens.is_underdetermined(step, self.memory.judged))
        if not determined and (is_condition or is_law(self.outline, step, finding)):
            return replace(report, reason="holds only for some values of what it is about: it may be a condition")
        return self._refuted(step, finding, determined, report)

    def _refuted(self, step: Step, finding: Finding, determined: bool, report: ClaimReport) -> ClaimReport:
        """The report on a step by itself that is refuted; ``determined``: it was not given."""
        if is_nearly(step, finding):
            return replace(report, reason="close, but not to the digits shown")
        failed = self.reporter.failed(step, finding, report)
        if failed.fix is None and not determined and is_solvable(step, finding) and not self.errors.within(step, replace(finding.view, positive=True)).holds:
            return replace(report, reason="holds only for some values of its letters: it may be an equation to be solved")
        return failed

    def _slip(self, step: Step, finding: Finding, report: ClaimReport) -> ClaimReport | None:
        """The report on a step that one small edit mends; None where none does."""
        slipped = self.reporter.failed(step, finding, report)
        return slipped if slipped.fix is not None else None

    def _is_posed(self, step: Step, finding: Finding) -> bool:
        """Whether an equation that fails is one for an unknown or for a function; it is then taken in."""
        if self.solving.poses(step, finding):
            self.givens.enter(step, None)
        elif step.is_equality and step.starts and not self.gathered.at(step.line).implicit and self.gathered.work.sought.is_posing(step.line, step.left, step.right):
            return True
        elif not finding.holds and self.givens.is_functional(step):
            self.facts.add(step.line, step.left, "=", step.right, is_open=True)
        else:
            return False
        return True

    def _chained(self, step: Step, whole: Step, from_head: Finding, report: ClaimReport) -> ClaimReport:
        """A further member of a chain, which does not hold for what the chain is about (``whole``). After a wrong one it may be right again."""
        from_last = self._compare(step)
        earlier = next((one for one in self.chain.steps if one.verdict in FAULTY), None)
        rounds = self.shown.is_rounded(step, from_last)
        if (rounds and (earlier is None or not from_head.fails)) or (earlier is not None and self.shown.is_rounded(whole, from_head)):
            return replace(report, verdict=Verdict.PROVED, method="rounding")
        if from_last.holds or rounds:
            if earlier is not None and from_head.fails:
                return self.reporter.carried(earlier, report)
            if not from_head.fails or is_closed(from_last):
                return self.reporter.held(from_last, report)
            return replace(report, verdict=Verdict.UNDECIDED, reason="the line follows from the one before, but not from what the chain is about")
        if self.givens.is_given(step, from_last, self.last_verdict is Verdict.GIVEN):
            self.givens.enter(step, self.chain.head)
            return replace(report, verdict=Verdict.GIVEN)
        if is_nearly(step, from_last):
            return replace(report, reason="close, but not to the digits shown")
        if (step.is_equality and self.givens.sets_condition(step, from_last)) or (from_last.fails and is_law(self.outline, step, from_last)):
            return replace(report, reason="holds only for some values of what it is about: it may be a condition")
        wrong = self.errors.wrong(step, from_last.view, self.memory.judged) if from_last.fails else None
        if wrong is not None:
            return self.reporter.carried(wrong, report)
        if self.insertions.may_be_of_another_case(step, from_last):
            return replace(report, reason=OTHER_CASE)
        before = self.chain.steps[-1].verdict if self.chain.steps else Verdict.PROVED
        # Where the head is something that nobody computes, a formula by itself goes on to another one, as it does to one of the same names.
        is_by_itself = from_head.is_opaque or from_last.relates_same_names
        unsure = (*FAULTY, Verdict.UNREADABLE) if is_by_itself else (*FAULTY, Verdict.UNREADABLE, Verdict.UNDECIDED)
        is_refuted = from_last.fails and (from_head.fails or before not in unsure or is_closed(from_last))
        if is_refuted or (from_last.clashes and from_head.clashes):
            return self.reporter.failed(step, from_last, report)
        if from_head.fails and earlier is not None:
            return self.reporter.failed(whole, from_head, report)
        return self.reporter.open(step if from_last.reason else whole, from_last if from_last.reason else from_head, report)
