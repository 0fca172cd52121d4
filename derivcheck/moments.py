"""Expectations written as integrals or sums against the density or the probabilities that a document tells: ``E[Y^2] = \\int y^2 f(y) dy``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derivcheck.comparison import Comparer
from derivcheck.derivation.instance import put_in
from derivcheck.derivation.outline import Line
from derivcheck.derivation.role import EQUALITIES
from derivcheck.elaboration.book import is_around
from derivcheck.finding import Finding
from derivcheck.posterior import density_of
from derivcheck.reading.content import bare, names_of
from derivcheck.reading.edit import product_of
from derivcheck.reading.expression import Binder, Bracketed, Call, Comparison, Expression, Integration, Name, is_plain
from derivcheck.source import NOWHERE
from derivcheck.step import Step


@dataclass(frozen=True, slots=True)
class Moments:
    """Judges the integral or sum that an expectation is said to be."""

    comparer: Comparer

    def finding(self, line: Line, place: int, left: Expression | None, right: Expression | None) -> tuple[Step, Finding] | None:
        """The step from the value times the density, and the finding on it; None where no density is told, or it is no expectation of the value."""
        total = bare(right) if right is not None else None
        variable = _variable(total)
        of = _averaged(left, variable)
        if variable is None or of is None or line.statement.signs[place].text not in EQUALITIES:
            return None
        for density in self._densities(line, variable.spelling):
            body = product_of(Bracketed(of, "(", NOWHERE), Bracketed(density, "(", NOWHERE))
            assert isinstance(total, Integration | Binder)
            meant = replace(total, body=body)
            finding = self.comparer.compare(line, meant, total, "=")
            if finding.holds or finding.fails:
                return Step(line, place, meant, total, "="), finding
        return None

    def _densities(self, line: Line, letter: str) -> Iterator[Expression]:
        """The densities of a letter, or the probabilities of its values, that the lines before one tell, the nearest first."""
        for other, head, value in self.comparer.gathered.outline.relations_before(line):
            its = density_of(head)
            event = its.events[0] if its is not None and len(its.events) == 1 else None
            event = event.right if isinstance(event, Comparison) and event.sign == "=" else event
            is_density = is_plain(event) and event.spelling == letter and letter in names_of(value)
            if is_density and other.statement.signs[0].text in EQUALITIES and is_around(other.scope, line.scope):
                yield value
                return


def _variable(total: Expression | None) -> Name | None:
    """The letter of an integral between limits, or of a sum without an end."""
    match total:
        case Integration(variable=Name() as name, lower=lower, upper=upper) if lower is not None and upper is not None:
            return name
        case Binder(operation="+", variables=(name,), upper=upper) if upper is not None:
            return name
    return None


def _averaged(left: Expression | None, variable: Name | None) -> Expression | None:
    """What an expectation is taken of, with a letter for the random variable that has its capital."""
    left = bare(left) if left is not None else None
    if not isinstance(left, Call) or variable is None or left.function.spelling != "expectation" or left.below is not None or len(left.arguments) != 1:
        return None
    (of,) = left.arguments
    capital = variable.spelling.upper()
    return put_in(of, capital, variable) if variable.spelling != capital and capital in names_of(of) else None
