"""The table of a refuted step: points, and at each of them the values of its parts.

Every part that stands outside the reach of a bound letter has a row of values: one for each point and each choice of the free
indices.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import product

from derivcheck.reading.content import bare
from derivcheck.reading.edit import letters as letters_of
from derivcheck.reading.edit import parts, rational, signature
from derivcheck.reading.expression import Call, Comparison, Expression, Gridded, Listed, Phrase, Power, Product, Quotient, Sum, walk
from derivcheck.repair.fingerprint import Beyond
from derivcheck.repair.refutation import Refutation
from derivcheck.repair.row import Row, alike, close, composed, constant, has_values, is_scalar, mapped
from derivcheck.repair.scenario import Scenario, scenarios, size_at
from derivcheck.term.function import free_names
from derivcheck.term.term import Term, Variable
from derivcheck.term.value import Value

USUAL = frozenset((Fraction(2), Fraction(-2), Fraction(1, 2), Fraction(-1, 2), Fraction(1), Fraction(-1), Fraction(0)))
NO_VALUES = (Comparison, Phrase, Listed)


# Functions that are what they are wherever their names stand.
PLAIN = {"exp": math.exp, "sin": math.sin, "cos": math.cos, "tanh": math.tanh}


def _go_together(expression: Expression, rows: list[Row]) -> bool:
    """Whether plain arithmetic on arrays is done entry by entry: terms of a shape, an array times or over numbers."""
    arrays = sum(not is_scalar(row) for row in rows)
    match expression:
        case Sum():
            return all([*map(len, row)] == [*map(len, rows[0])] for row in rows)
        case Product():
            return arrays <= 1
        case Quotient():
            return is_scalar(rows[1])
    return not arrays


@dataclass
class Table:
    """A refuted step and the values of its parts at shared points. ``is_flat``: every size is 1 there, so that what is said of matrices as a
    whole, as that they are symmetric, is so."""

    step: Refutation
    tries: int = 0
    is_flat: bool = False
    _rows: dict[tuple, Row | None] = field(default_factory=dict)

    @cached_property
    def scenarios(self) -> list[Scenario]:
        """The points at which the step is looked at; those at which both sides have as many entries, where an array is written out."""
        found, relating = scenarios(self.step, self.is_numeric, self.is_flat), self.step.relating
        if relating is None or not any(isinstance(part, Gridded) for part in walk(self.step.right)):
            return found
        widths = [(len(self._entries(relating.left, one)), len(self._entries(relating.right, one))) for one in found]
        return [one for one, (left, right) in zip(found, widths, strict=True) if left == right] or found

    def row(self, expression: Expression) -> Row | None:
        """The values of an expression by itself; None where it has none."""
        key = signature(expression)
        if key not in self._rows:
            self._rows[key] = self._composed(expression) or self._elaborated(expression)
        return self._rows[key]

    def _composed(self, expression: Expression) -> Row | None:
        """The row of plain arithmetic with numbers, from the rows of its parts; arrays are left to elaboration."""
        number = rational(expression)
        if number is not None:
            return tuple((float(number),) for _ in self.scenarios)
        expression = bare(expression)
        if isinstance(expression, Call) and len(expression.arguments) == 1 and expression.below is None and expression.function.spelling in PLAIN:
            inner = self.row(expression.arguments[0])
            return mapped(PLAIN[expression.function.spelling], inner) if inner is not None and is_scalar(inner) else None
        if not isinstance(expression, Sum | Product | Quotient | Power):
            return None
        rows = [self.row(inner) for _, inner in parts(expression)]
        if any(row is None for row in rows) or not _go_together(expression, rows):  # type: ignore[arg-type]
            return None
        return composed(expression, rows)  # type: ignore[arg-type]

    def _elaborated(self, expression: Expression) -> Row | None:
        if isinstance(expression, NO_VALUES) or self.step.reread.is_spent:
            return None
        value = self.step.reread.value(expression)
        if value is None:
            return None
        row = tuple(self._entries(value, scenario) for scenario in self.scenarios)
        return row if has_values(row) else None

    def rank(self, expression: Expression) -> int | None:
        """How many axes an expression has; None where it has no value."""
        value = self.step.reread.value(expression)
        return None if value is None else value.rank

    def _entries(self, value: Value, scenario: Scenario) -> tuple[float | None, ...]:
        """The entries of a value in a scenario, row by row."""
        found: list[float | None] = []
        for choice in product(*(range(1, self._length(size, scenario) + 1) for size in value.sizes)):
            letters = {**self.fixed, **scenario.letters, **dict(zip(value.variables, choice, strict=True))}
            try:
                found.append(float(scenario.point.value(value.body, letters)))
            except Beyond:
                found.append(None)
        return tuple(found)

    @cached_property
    def fixed(self) -> dict[Variable, int]:
        """The index letters of a step that is looked at with every size 1, or that has no relation, so that nothing else tells them."""
        relating = self.step.relating
        if relating is not None and relating.relation.variables:
            return {}
        return {Variable.of(letter): 1 for side in (self.step.left, self.step.right) for letter in letters_of(side)}

    def _length(self, size: Term, scenario: Scenario) -> int:
        return min(max(round(size_at(scenario.point, size)), 0), 6)

    def constant(self, row: Row | None) -> Fraction | None:
        """The small rational number that a row is everywhere; where the step is looked at in one place only, the usual ones."""
        found = constant(row)
        return None if self.is_thin and found not in USUAL else found

    @cached_property
    def is_thin(self) -> bool:
        """Whether the step is looked at in one place only, so that numbers go together by chance."""
        return not self.is_numeric and len(self.scenarios) < 2

    @cached_property
    def left_row(self) -> Row | None:
        return self._side(0)

    @cached_property
    def right_row(self) -> Row | None:
        return self._side(1)

    def _side(self, place: int) -> Row | None:
        relating, sides = self.step.relating, self.step.sides
        if relating is None:
            return None
        row = tuple(self._entries((relating.left, relating.right)[place], scenario) for scenario in self.scenarios)
        if self.is_numeric and sides is not None and all(map(math.isfinite, sides)) and all(len(entries) == 1 for entries in row):
            return ((self._oriented(sides)[place],),)
        return row if has_values(row) else None

    def _oriented(self, sides: tuple[float, float]) -> tuple[float, float]:
        """The values of the two sides in the order of the step: a relation in normal form may stand the other way round."""
        assert self.step.relating is not None
        (right,) = self._entries(self.step.relating.right, self.scenarios[0])
        turned = right is not None and close(sides[0], right) and not close(sides[1], right)
        return (sides[1], sides[0]) if turned else sides

    @property
    def is_about_arrays(self) -> bool:
        """Whether arrays are compared, entry by entry."""
        return any(len(entries) > 1 for entries in self.left_row or ())

    @cached_property
    def differs(self) -> bool:
        """Whether the two sides are seen to differ at the points of this bench."""
        return self.left_row is not None and self.right_row is not None and not alike(self.left_row, self.right_row)

    @cached_property
    def is_dark(self) -> bool:
        """Whether the values of a side are beyond this bench, so that only deciding tells."""
        return self.step.relating is not None and (self.left_row is None or self.right_row is None)

    def agrees(self, right: Expression, left: Expression | None = None) -> bool:
        """Whether the step with another right side (or left side) stands at all points of this bench."""
        self.tries += 1
        members = self.step.posed(right) if self.step.posed is not None else (left or self.step.left, right)
        relating = self.step.reread.relate(*members)
        if relating is None:
            return False
        known = 0
        for scenario in self.scenarios:
            first = self._entries(relating.left, scenario)
            second = self._entries(relating.right, scenario) if has_values((first,)) else ()
            if second and not alike((first,), (second,)):
                return False
            known += sum(one is not None and other is not None for one, other in zip(first, second, strict=False))
        return known > 0

    @cached_property
    def is_numeric(self) -> bool:
        """Whether both sides are numbers without a name."""
        relating = self.step.relating
        return relating is not None and not free_names(relating.relation) and not relating.relation.variables
