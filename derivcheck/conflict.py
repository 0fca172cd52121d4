"""Claims about one derivative that cannot hold together, where the document leaves open how two quantities are linked.

From ``dE/dV = (dE/dy) (dy/dV)`` with nothing said of y, and from two claims for dE/dV, one fits dy/dV = z for a quantity z that it names
and the other fits no such link: that one is likely the wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from derivcheck.comparison import Comparer
from derivcheck.diagnostic import Verdict
from derivcheck.elaboration.dependence import Assumption
from derivcheck.elaboration.same import same
from derivcheck.finding import Finding
from derivcheck.reading.expression import Binder, Expression, Name, children
from derivcheck.step import Judged, Step, single_derivative

MAX_LINKS = 6


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Looks for claims that contradict each other."""

    comparer: Comparer

    def contradicted(self, judged: Sequence[Judged]) -> Iterator[tuple[Judged, Finding]]:
        """The claims, of those that nobody could decide, that another one contradicts; with what refutes them."""
        undecided = [one for one in judged if one.verdict is Verdict.UNDECIDED and _is_about_derivative(one)]
        for one in undecided:
            rivals = [other.step for other in undecided if other is not one and _is_about_the_same(one.step, other.step)]
            finding = next((found for rival in rivals if (found := self._refuted_by(one.step, rival)) is not None), None)
            if finding is not None:
                yield one, finding

    def _refuted_by(self, one: Step, rival: Step) -> Finding | None:
        """The finding that refutes a claim in a way in which its rival holds; None where it may hold in its own way."""
        links = self._links(one, rival)
        refuted = [found for link in links if self._assuming(rival, link).holds and (found := self._assuming(one, link)).fails]
        if not refuted or any(self._assuming(one, link).holds for link in links):
            return None
        return replace(refuted[0], is_inferred=True)

    def _links(self, one: Step, rival: Step) -> list[Assumption]:
        """What the derivative of an undefined quantity may be: one of the names beside it."""
        about = single_derivative(one.left)
        assert about is not None
        unknown = self.comparer.compare(one.line, one.left, one.right, "=").assumed
        names: list[Name] = []
        for name in (*_values(one.right), *_values(rival.right)):
            if not any(same(name, other) for other in names):
                names.append(name)
        links = [(body, value) for body in names for value in names if body.spelling in unknown and value is not body]
        return [Assumption(body, about[1], value, everywhere=True) for body, value in links[:MAX_LINKS]]

    def _assuming(self, step: Step, link: Assumption) -> Finding:
        return self.comparer.assuming(link).compare(step.line, step.left, step.right, "=")


def _is_about_derivative(claim: Judged) -> bool:
    """Whether a claim says what a single derivative is."""
    return single_derivative(claim.step.left) is not None and claim.step.is_equality


def _is_about_the_same(one: Step, other: Step) -> bool:
    return one.line.scope == other.line.scope and same(one.left, other.left)


def _values(expression: Expression) -> Iterator[Name]:
    """The names of an expression that stand in it as values, not as indices."""
    if isinstance(expression, Name):
        yield expression
        return
    inside = (expression.body,) if isinstance(expression, Binder) else children(expression)
    for part in inside:
        yield from _values(part)
