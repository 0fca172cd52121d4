"""A refuted step handed to the diagnoses: the reading that failed, what stands around it, and how another side would fare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from derivcheck.comparison import Comparer
from derivcheck.decision.outcome import Refuted
from derivcheck.derivation.definable import is_numeric
from derivcheck.derivation.outline import Line, Outline
from derivcheck.diagnosis import Explanation, diagnose
from derivcheck.elaboration.book import Definition
from derivcheck.elaboration.doubt import Oracle, Site
from derivcheck.elaboration.head import head_of
from derivcheck.finding import Finding
from derivcheck.notation import Surroundings
from derivcheck.reading.content import bare, is_clean
from derivcheck.reading.edit import rational, settled, substituted
from derivcheck.reading.expression import Bracketed, Call, Choice, Expression, Name, Sum, Unread, walk
from derivcheck.repair.refutation import Refutation
from derivcheck.repair.reread import Reread
from derivcheck.source import NOWHERE
from derivcheck.term.build import TRUE
from derivcheck.term.obligation import Obligation, Statement
from derivcheck.term.type import DIMENSION

LINES_BEFORE = 6
MAX_DEFINITIONS = 12
MAX_OPTIONS = 3


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains the refuted steps of a document whose text is ``text``."""

    text: str
    outline: Outline
    comparer: Comparer

    def explain(self, line: Line, left: Expression, right: Expression, sign: str, finding: Finding) -> Explanation:
        """What is wrong with a step that a finding refutes."""
        explanations = (diagnose(self._refutation(line, left, right, sign, one)) for one in self._refuted(line, left, right, sign, finding))
        found = None
        for one in explanations:
            if one.fix is not None:
                return one
            found = found or one
        assert found is not None
        return found

    def _refuted(self, line: Line, left: Expression, right: Expression, sign: str, finding: Finding) -> Iterator[Finding]:
        """The refutation in letters, without numbers put in and without constraints, where there is one; then as it was found.

        Where shapes do not fit it was found with the numbers put in, and the shapes are what is looked at.
        """
        view = finding.view
        if finding.posed is None and ((view.values and not is_numeric(right)) or view.constraints):
            plain = self.comparer.under(line, left, right, sign, replace(view, values=view.values and is_numeric(right), constraints=False))
            if plain.fails:
                yield plain
            elif plain.kind == "misfit" and plain.shapes:
                yield replace(finding, view=plain.view, relating=None, shapes=plain.shapes)
        yield finding

    def _refutation(self, line: Line, left: Expression, right: Expression, sign: str, finding: Finding) -> Refutation:
        outcome = finding.outcome if isinstance(finding.outcome, Refuted) else None
        answers = finding.answers
        comparer = self.comparer.assuming(*finding.known) if finding.known else self.comparer
        reread = Reread(lambda: comparer.readings.elaborator(line, (left, right), finding.view, Oracle(dict(answers))), Surroundings(line.order, line.scope, now=line.order), sign, lambda: comparer.worker.is_exhausted)
        judge = comparer.under if finding.shapes is None and finding.view.ranks == "scope" else lambda line, one, other, sign, _: comparer.compare(line, one, other, sign)
        defined = tuple(self._defined(line, (left, right), answers))
        return Refutation(
            left=settled(left, answers),
            right=settled(right, answers),
            sign=sign,
            text=self.text,
            relating=finding.relating,
            obligation=finding.asked or self._blank(line),
            reread=reread,
            holds=_posed(comparer, line, finding) or (lambda one, other: judge(line, one, other, sign, finding.view).holds),
            acquits=_posed(comparer, line, finding) or (lambda one, other: comparer.compare(line, one, other, sign).holds),
            read=self._read,
            nearby=(*defined, *self._nearby(line, answers)),
            dimensions=outcome.witness.dimensions if outcome else (),
            indices=outcome.witness.indices if outcome else (),
            values=outcome.witness.values if outcome else (),
            sides=(outcome.left, outcome.right) if outcome else None,
            shapes=finding.shapes,
            posed=finding.posed,
            has_numbers=finding.view.values or any(rational(one) is not None for one in defined),
        )

    def _blank(self, line: Line) -> Obligation:
        """What is asked where shapes alone refute a step: nothing, of any sizes."""
        sizes = self.comparer.gathered.at(line).size_names
        return Obligation(Statement(TRUE), (), tuple((name, DIMENSION) for name in sorted(sizes)))

    def _read(self, text: str) -> Iterator[Expression]:
        """A text as a member of this document would be read, the likeliest way first, then with each doubt in it answered otherwise."""
        member = self.outline.read(text)
        if member is None or not is_clean(member):
            return
        yield settled(member, {})
        for doubt in (part for part in walk(member) if isinstance(part, Choice)):
            yield from (settled(member, {(doubt.span, doubt.about): option}) for option in range(1, min(len(doubt.options), MAX_OPTIONS)))

    def _nearby(self, line: Line, answers: Mapping[Site, int]) -> Iterator[Expression]:
        """The members of a line and of those before it in its scope, in the order of the document."""
        for other in self.outline.lines[max(0, line.order - LINES_BEFORE) : line.order + 1]:
            if other.scope == line.scope:
                yield from (settled(one, answers) for one in other.members if one is not None and not isinstance(one, Unread))

    def _defined(self, line: Line, members: tuple[Expression, ...], answers: Mapping[Site, int]) -> Iterator[Expression]:
        """What the names in a step stand for, and the names in that; of a function also what it is of the argument at hand."""
        pending: list[Expression] = list(members)
        seen: set[int] = set()
        while pending and len(seen) < MAX_DEFINITIONS:
            for part in walk(pending.pop(0)):
                found = self._definition(line, part)
                if found is None:
                    continue
                use = settled(part, answers)
                of_argument = _of_argument(found, use)
                if of_argument is not None:
                    yield from (use, settled(of_argument, answers))
                if id(found) not in seen:
                    seen.add(id(found))
                    pending.append(found.right)
                    yield settled(found.right, answers)

    def _definition(self, line: Line, part: Expression) -> Definition | None:
        """What a name or an application is defined as where a line stands."""
        head = head_of(part) if isinstance(part, Name | Call) else None
        found = self.comparer.gathered.book.find(head, line.order, line.scope) if head is not None else None
        return found.definition if found is not None and is_clean(found.definition.right) else None


def _posed(comparer: Comparer, line: Line, finding: Finding) -> Callable[[Expression, Expression], bool] | None:
    """What decides another right side where it is judged by other members than those of its step."""
    posed = finding.posed
    return (lambda _, right: comparer.compare(line, *posed(right), "=").holds) if posed is not None else None


def _of_argument(found: Definition, use: Expression) -> Expression | None:
    """What a function is of another argument than the one that its definition names."""
    if not isinstance(use, Call) or len(use.arguments) != 1 or found.head.arguments is None or len(found.head.arguments) != 1:
        return None
    (formal,), argument = found.head.arguments, bare(use.arguments[0])
    if not isinstance(formal, Name) or formal.indices or (isinstance(argument, Name) and argument.spelling == formal.spelling):
        return None
    return substituted(found.right, formal.spelling, Bracketed(argument, "(", NOWHERE) if isinstance(argument, Sum) else argument)
