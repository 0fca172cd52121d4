"""The bench on which a refuted step is taken apart: the values of its parts at shared points, and what each part would have to be.

Every part that stands outside the reach of a bound letter has a row of values: one for each point and each choice of the free
indices. Where a part enters by plain arithmetic, the row that it would need is worked out backwards, so that most repairs are
judged without reading anything.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import product

from derivcheck.reading.edit import Path, bare, is_number, literal, parts, put, signature, weight
from derivcheck.reading.expression import (
    Bracketed,
    Call,
    CaseWise,
    Comparison,
    Differential,
    Expression,
    Gradient,
    Listed,
    Literal,
    Name,
    Phrase,
    Power,
    Product,
    Quotient,
    Sum,
    walk,
)
from derivcheck.repair.fingerprint import Beyond
from derivcheck.repair.refutation import Refutation
from derivcheck.repair.restated import restated_value
from derivcheck.repair.row import CLOSE, INVERSES, Row, alike, close, composed, constant, has_values, is_scalar, lead, mapped, needed_part
from derivcheck.repair.scenario import Scenario, scenarios, size_at
from derivcheck.repair.site import Site, bound_by, insides_of, role_of, unbound
from derivcheck.source import NOWHERE
from derivcheck.term.term import Term
from derivcheck.term.value import Value

MAX_MATERIALS = 90
MAX_MATERIAL_WEIGHT = 14
MAX_INNER = 14
USUAL = frozenset((Fraction(2), Fraction(-2), Fraction(1, 2), Fraction(-1, 2), Fraction(1), Fraction(-1), Fraction(0)))
NO_VALUES = (Comparison, Phrase, Listed)


@dataclass(frozen=True, slots=True)
class Material:
    """An expression of the step or its neighbourhood, with its row."""

    expression: Expression
    row: Row


@dataclass(frozen=True, slots=True)
class Inner:
    """What stands inside a function, the variable, and its derivative, with its row where it has one."""

    inside: Expression
    by: Expression
    value: Value
    row: Row | None


@dataclass
class Bench:
    """A refuted step taken apart. ``deep``: with what stands around it at hand as well, which takes longer."""

    step: Refutation
    tries: int = 0
    deep: bool = False
    _rows: dict[tuple, Row | None] = field(default_factory=dict)

    @cached_property
    def scenarios(self) -> list[Scenario]:
        """The points at which the step is looked at."""
        return scenarios(self.step, self.is_numeric)

    # -- rows

    def row(self, expression: Expression) -> Row | None:
        """The values of an expression by itself; None where it has none."""
        key = signature(expression)
        if key not in self._rows:
            self._rows[key] = self._composed(expression) or self._elaborated(expression)
        return self._rows[key]

    def _composed(self, expression: Expression) -> Row | None:
        """The row of plain arithmetic with numbers, from the rows of its parts; arrays are left to elaboration."""
        number = is_number(expression)
        if number is not None:
            return tuple((float(number),) for _ in self.scenarios)
        expression = bare(expression)
        if not isinstance(expression, Sum | Product | Quotient | Power):
            return None
        rows = [self.row(inner) for _, inner in parts(expression)]
        if any(row is None or not is_scalar(row) for row in rows):
            return None
        return composed(expression, rows)  # type: ignore[arg-type]

    def _elaborated(self, expression: Expression) -> Row | None:
        if isinstance(expression, NO_VALUES):
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
            letters = {**scenario.letters, **dict(zip(value.variables, choice, strict=True))}
            try:
                found.append(float(scenario.point.value(value.body, letters)))
            except Beyond:
                found.append(None)
        return tuple(found)

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
        if self.is_numeric and sides is not None and all(map(math.isfinite, sides)):
            return ((self._oriented(sides)[place],),)
        return row if has_values(row) else None

    def _oriented(self, sides: tuple[float, float]) -> tuple[float, float]:
        """The values of the two sides in the order of the step: a relation in normal form may stand the other way round."""
        assert self.step.relating is not None
        (right,) = self._entries(self.step.relating.right, self.scenarios[0])
        turned = right is not None and close(sides[0], right) and not close(sides[1], right)
        return (sides[1], sides[0]) if turned else sides

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
        relating = self.step.reread.relate(left or self.step.left, right)
        if relating is None:
            return False
        known = 0
        for scenario in self.scenarios:
            first, second = self._entries(relating.left, scenario), self._entries(relating.right, scenario)
            if not alike((first,), (second,)):
                return False
            known += sum(one is not None and other is not None for one, other in zip(first, second, strict=False))
        return known > 0

    # -- sites

    @cached_property
    def sites(self) -> list[Site]:
        """Every part of the right side, the whole first, with what it has and what it would need."""
        return list(self._explored((), self.step.right, "whole", frozenset(), self.right_row, self.left_row, None))

    def _explored(
        self, path: Path, expression: Expression, role: str, bound: frozenset[str], have: Row | None, want: Row | None, parent: Expression | None
    ) -> Iterator[Site]:
        yield Site(path, expression, role, bound, have, want, parent)
        inside = bound | bound_by(expression)
        inner = list(parts(expression))
        needs: list[tuple[Row | None, Row | None]] = [(None, None)] * len(inner)
        if have is not None and want is not None and inside == bound:
            needs = self._needed(expression, [part for _, part in inner], have, want)
        for (step, part), (mine, needed) in zip(inner, needs, strict=True):
            yield from self._explored((*path, step), part, role_of(expression, step), inside, mine, needed, expression)

    def _needed(self, expression: Expression, inner: Sequence[Expression], have: Row, want: Row) -> list[tuple[Row | None, Row | None]]:
        """For each part what it has and what it would need for the whole to be as wanted."""
        nothing: list[tuple[Row | None, Row | None]] = [(None, None)] * len(inner)
        if isinstance(expression, Bracketed):
            return [(have, want)]
        if isinstance(expression, CaseWise):
            return [self._in_case(part, have, want) for part in inner]
        rows = [self.row(part) for part in inner]
        if isinstance(expression, Call) and len(expression.arguments) == 1 and expression.below is None:
            back = INVERSES.get(expression.function.spelling)
            return [(row, mapped(back, want)) if back and part is expression.arguments[0] else (None, None) for part, row in zip(inner, rows, strict=True)]
        if any(row is None for row in rows) or not isinstance(expression, Sum | Product | Quotient | Power):
            return nothing
        made = composed(expression, rows)  # type: ignore[arg-type]
        if made is None or not alike(made, have):
            return nothing
        return [(row, needed_part(expression, rows, place, want)) for place, row in enumerate(rows)]  # type: ignore[arg-type]

    def _in_case(self, part: Expression, have: Row, want: Row) -> tuple[Row | None, Row | None]:
        """What a case's value has and needs, where it is the case that counts."""
        row = None if isinstance(part, NO_VALUES) else self.row(part)
        if row is None or not is_scalar(row) or not is_scalar(have):
            return None, None
        kept = tuple((w[0],) if close(r[0], h[0]) else (None,) for r, h, w in zip(row, have, want, strict=True))
        return row, kept if any(entry[0] is not None for entry in kept) else None

    # -- judging

    def fits(self, site: Site, new: Expression) -> bool | None:
        """Whether a part in another form would make the step hold; None where only trying it tells."""
        if site.want is None:
            return None
        row = self.row(new)
        return None if row is None else alike(row, site.want)

    def whole(self, site: Site, new: Expression) -> Expression:
        """The right side with a part in another form; a minus before a term becomes the sign of the term."""
        if site.role == "term" and isinstance(new, Sum):
            (slot, place, _), parent = site.path[-1], site.parent
            assert isinstance(parent, Sum)
            turned = parent.terms[place][0] == "-"
            added = tuple(({"+": "-", "-": "+"}[sign] if turned else sign, term) for sign, term in new.terms)
            return put(self.step.right, site.path[:-1], replace(parent, **{slot: (*parent.terms[:place], *added, *parent.terms[place + 1 :])}, span=NOWHERE))
        return put(self.step.right, site.path, new)

    @cached_property
    def is_numeric(self) -> bool:
        """Whether both sides are numbers without a name."""
        relating = self.step.relating
        return relating is not None and not relating.relation.names - _FIXED and not relating.relation.variables

    @cached_property
    def is_plain(self) -> bool:
        """Whether the right side is made of numbers by plain arithmetic."""
        parts_of = [part for part in walk(self.step.right) if not isinstance(part, Literal | Sum | Product | Quotient | Power | Bracketed)]
        return all(isinstance(part, Call) or (isinstance(part, Name) and part.spelling in _FIXED | {"e", r"\pi"}) for part in parts_of)

    @cached_property
    def letters(self) -> list[str]:
        """The free index letters of the step."""
        relating = self.step.relating
        variables = relating.relation.variables if relating is not None else ()
        return sorted(str(variable.name) for variable in variables if "~" not in str(variable.name))

    @cached_property
    def materials(self) -> list[Material]:
        """What stands in the step and around it, small things first, each value once."""
        found: dict[tuple, Expression] = {}
        for root in (self.step.right, self.step.left, *self.step.nearby):
            for part in unbound(root, frozenset(self.letters)):
                if weight(part) <= MAX_MATERIAL_WEIGHT and not isinstance(bare(part), (Literal, *NO_VALUES)):
                    found.setdefault(signature(part), bare(part))
        sides = (signature(self.step.left), signature(self.step.right))
        made: list[Material] = []
        for expression in sorted(found.values(), key=_plainness)[:MAX_MATERIALS]:
            row = self.row(expression)
            if row is None or constant(row) in (0, 1) or signature(expression) in sides or self._is_side(expression, row):
                continue
            if not any(alike(row, other.row) for other in made):
                made.append(Material(expression, row))
        return made

    def _is_side(self, expression: Expression, row: Row) -> bool:
        """Whether something that is no name says the same as a side of the step."""
        return not isinstance(expression, Name) and any(alike(row, side) for side in (self.left_row, self.right_row) if side is not None)

    @cached_property
    def _index(self) -> list[tuple[float, int]]:
        return sorted((lead(material.row), place) for place, material in enumerate(self.materials))

    def find(self, row: Row | None) -> list[Expression]:
        """The materials with a row, the plainest first; none before the bench is ``deep``."""
        return [] if row is None or not self.deep else self._found(row)

    def _found(self, row: Row) -> list[Expression]:
        first = lead(row)
        reach = CLOSE * (1 + abs(first))
        found: list[int] = []
        for value, place in self._index[bisect_left(self._index, (first - reach, -1)) :]:
            if value > first + reach:
                break
            found.append(place)
        return [self.materials[place].expression for place in sorted(found) if alike(self.materials[place].row, row)]

    @cached_property
    def lefts(self) -> list[Expression]:
        """The left side, and what stands around the step with the same values."""
        found = [self.step.left]
        seen = {signature(self.step.left)}
        for other in self.step.nearby if self.left_row is not None else ():
            row = None if signature(other) in seen or isinstance(other, Name) else self.row(other)
            seen.add(signature(other))
            if row is not None and alike(row, self.left_row):  # type: ignore[arg-type]
                found.append(other)
        return found

    @cached_property
    def variables(self) -> list[Expression]:
        """What the step differentiates by."""
        found: dict[tuple, Expression] = {}
        for root in (self.step.left, self.step.right):
            for part in walk(root):
                if isinstance(part, Differential):
                    for by in part.by:
                        found.setdefault(signature(by), bare(by))
                if isinstance(part, Gradient) and part.by is not None:
                    found.setdefault(signature(part.by), part.by)
                if isinstance(part, Call) and part.function.primes and len(part.arguments) == 1:
                    found.setdefault(signature(part.arguments[0]), bare(part.arguments[0]))
        if not found and self.differentiates:
            found = {part.spelling: part for part in walk(self.step.right) if isinstance(part, Name) and part.spelling in ("x", "t", "z", "u")}  # type: ignore[misc]
        return [by for by in found.values() if isinstance(by, Name)]

    @cached_property
    def insides(self) -> list[Expression]:
        """What stands inside functions, powers and below fraction lines in the step and its neighbourhood."""
        found: dict[tuple, Expression] = {}
        for root in (self.step.right, self.step.left, *self.step.nearby):
            for inside in insides_of(root):
                if is_number(inside) is None:
                    found.setdefault(signature(inside), bare(inside))
        return list(found.values())

    def has_inside(self, row: Row | None) -> bool:
        """Whether something with a row stands inside a function."""
        rows = (self.row(inside) for inside in self.insides[:MAX_INNER]) if row is not None and has_values(row) else ()
        return any(other is not None and alike(other, row) for other in rows)  # type: ignore[arg-type]

    @cached_property
    def inners(self) -> list[Inner]:
        """The inner derivatives of everything that is applied in the step and its neighbourhood."""
        found = (self._inner(inside, by) for inside in self.insides[:MAX_INNER] for by in self.variables[:2])
        return [inner for inner in found if inner is not None]

    def _inner(self, inside: Expression, by: Expression) -> Inner | None:
        if signature(inside) == signature(by):
            return None
        derivative = Differential(inside, (by,), False, NOWHERE)
        value = self.step.reread.value(derivative)
        if value is None:
            return None
        row = self.row(derivative)
        return None if constant(row) in (0, 1, -1) else Inner(inside, by, value, row)

    def slope(self, inner: Inner) -> Expression | None:
        """An inner derivative as people write it: a number, a quantity of the step, or written out; None where that is long."""
        number = constant(inner.row)
        if number is not None:
            return literal(number)
        known = self._found(inner.row) if inner.row is not None else ()
        found = next((one for one in known if not any(isinstance(part, Differential | Gradient) for part in walk(one))), None)
        made = found or restated_value(inner.value)
        return None if made is None or weight(made) > MAX_MATERIAL_WEIGHT else made

    @cached_property
    def differentiates(self) -> bool:
        """Whether the left side is a derivative, or holds one."""
        primed = any(isinstance(part, Name) and part.primes for part in walk(self.step.left))
        return primed or any(isinstance(part, Differential | Gradient) for part in walk(self.step.left))


_FIXED = frozenset("exp log sin cos tan sinh cosh tanh arcsin arccos arctan abs max min factorial binomial gamma sign floor ceiling erf".split())


def _plainness(expression: Expression) -> tuple[int, bool]:
    return weight(expression), not isinstance(expression, Name)
