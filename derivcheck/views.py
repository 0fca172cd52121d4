"""The ways in which a line is looked at: which facts count, and what else may have been meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from derivcheck.derivation.fact import FactBook
from derivcheck.derivation.goal import lone_names
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.outline import Line
from derivcheck.finding import Finding, View
from derivcheck.term.type import DIMENSION


@dataclass(slots=True)
class Views:
    """The views on a document's lines; ``confirmed``: the scopes in which what other problems say was seen to be meant."""

    gathered: Gathered
    facts: FactBook
    confirmed: set[tuple[int, ...]] = field(default_factory=set)

    def plain(self, line: Line) -> Iterable[View]:
        """The views in which a line is looked at, the plainest first."""
        near = line.scope in self.confirmed
        yield View(far=near)
        has_values = self.facts.has_values(line)
        has_constraints = self.facts.has_constraints(line) or bool(self.gathered.at(line).normalized)
        if has_constraints:
            yield View(constraints=True, far=near)
        if has_values:
            yield View(values=True, far=near)
            if has_constraints:
                yield View(values=True, constraints=True, far=near)
        if self.facts.has_constraints(line, beside=True):
            yield View(values=has_values, constraints=True, far=near, beside=True)
        if not near and self.gathered.is_after_problem(line):
            yield View(values=has_values, constraints=has_constraints, far=True)

    def counted(self, line: Line, refuted: Finding) -> Iterable[View]:
        """The views in which a letter that nothing defines is the number of what the document leaves uncounted: n where it has sums over i."""
        told = refuted.unknown | self.gathered.at(line).size_names
        if refuted.asked is None or all(name in told for name, domain in refuted.asked.domains if domain == DIMENSION):
            return
        for letter in sorted(told & lone_names(refuted.asked.goal.relation)):
            yield replace(refuted.view, count=letter)

    def linked(self, line: Line, refuted: Finding) -> Iterable[View]:
        """The view with what is given of the quantities that what is given ties a claim to."""
        if self.facts.has_constraints(line):
            yield replace(refuted.view, constraints=True, linked=True)


def acquits(finding: Finding, refuted: Finding) -> bool:
    """Whether a finding in one of the other views takes back a refutation: it holds if a letter counts, or more is given and that does not refute it."""
    if finding.view.count is not None or finding.asked is None or refuted.asked is None:
        return finding.holds
    return not finding.fails and len(finding.asked.hypotheses) > len(refuted.asked.hypotheses)
