"""One line for each finding: ``path:line:column: DC102 factor: message``. For editors and for grep."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.report import Page, ReportFormat, Style, by_rule, rule_name, sentence, shown_place, visible


def document(page: Page, style: Style) -> str:
    """The findings and the problems of one document."""
    path = page.report.path
    lines = [f"{visible(path)}:{problem.line}: problem: {visible(problem.message)}" for problem in page.report.problems]
    lines += [f"{shown_place(path, claim.place)}: {rule_name(claim)}: {sentence(claim)}" for claim in page.findings]
    return "".join(f"{line}\n" for line in lines)


def end(pages: Sequence[Page], style: Style) -> str:
    """How often each rule was broken, where statistics are asked for."""
    return "".join(f"{count}\t{name}\n" for count, name in by_rule(pages)) if style.statistics else ""


REPORT = ReportFormat("concise", document, end)
