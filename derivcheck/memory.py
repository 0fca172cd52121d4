"""What judged claims mean for those after them."""

from __future__ import annotations

from dataclasses import dataclass, field

from derivcheck.chain import Chain
from derivcheck.chances import is_told_by_rules
from derivcheck.derivation.definable import is_numeric
from derivcheck.derivation.fact import FactBook
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.mention import mentions
from derivcheck.derivation.outline import Line
from derivcheck.derivation.role import EQUALITIES, Role
from derivcheck.diagnostic import ClaimReport, Verdict
from derivcheck.elaboration.book import Definition
from derivcheck.elaboration.head import head_of
from derivcheck.inserted import OTHER_CASE
from derivcheck.reading.content import has_derivative
from derivcheck.reporting import CONDITIONAL
from derivcheck.shown import Shown
from derivcheck.step import FAULTY, Judged, Step


@dataclass(frozen=True, slots=True)
class Memory:
    """Keeps the claims that have been judged, and enters what follows from them."""

    gathered: Gathered
    facts: FactBook
    shown: Shown
    judged: list[Judged] = field(default_factory=list)

    def remember(self, step: Step, report: ClaimReport, chain: Chain) -> None:
        """Takes in a judged claim of a ``chain``: a proved equation about a name is known from here on."""
        if report.verdict is Verdict.GIVEN:
            return
        if not step.place and (report.verdict in FAULTY or is_told_by_rules(step)):
            self.gathered.book.withdraw(step.line.order)
        if report.verdict in (Verdict.PROVED, Verdict.AGREES) and CONDITIONAL in report.conditions:
            self.facts.add(step.line, step.left, step.sign, step.right, is_derived=True)
        is_open = report.verdict in (Verdict.UNDECIDED, Verdict.UNREADABLE) and report.reason != OTHER_CASE
        if is_open and not (has_derivative(step.left) or has_derivative(step.right)):
            self.facts.add(step.line, step.left, step.sign, step.right, is_open=True)
        if report.verdict is Verdict.PROVED:
            self.shown.show(step, chain.head)
        judged = Judged(step, chain.head if chain.head is not None else step.left, report.verdict, report.place)
        self.judged.append(judged)
        chain.steps.append(judged)
        head = head_of(chain.head) if chain.head is not None else None
        is_known = head is not None and not is_numeric(step.right) and not mentions(head, step.right)
        if report.verdict is Verdict.PROVED and is_known and step.is_equality:
            self.gathered.book.add(Definition(head, step.right, step.line.order, step.line.scope, stated=False, is_proved=True))

    def state(self, line: Line) -> None:
        """Takes in what a directive states other than definitions; it is no claim, and no chain goes on from it."""
        for place, sign in enumerate(line.statement.signs):
            left, right = line.members[place], line.members[place + 1]
            if self.gathered.roles[line.order, place] is Role.CLAIM and left is not None and right is not None:
                self.facts.add(line, left, "=" if sign.text in EQUALITIES else sign.text, right)
