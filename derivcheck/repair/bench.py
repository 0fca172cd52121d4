"""The bench on which a refuted step is taken apart: its parts, what each would have to be, and what stands around them.

Where a part enters by plain arithmetic, the row that it would need is worked out backwards, so that most repairs are judged
without reading anything.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from derivcheck.reading.content import bare, has_derivative
from derivcheck.reading.custom import CONSTANTS
from derivcheck.reading.edit import Path, literal, number_in, parts, put, rational, signature, weight
from derivcheck.reading.expression import (
    Bracketed,
    Call,
    CaseWise,
    Differential,
    Expression,
    Gradient,
    Gridded,
    Listed,
    Literal,
    Name,
    Power,
    Product,
    Quotient,
    Sum,
    Transpose,
    is_plain,
    walk,
)
from derivcheck.repair.restated import restated_value
from derivcheck.repair.row import CLOSE, INVERSES, Row, alike, close, composed, constant, has_values, is_scalar, lead, mapped, needed_part
from derivcheck.repair.site import Site, bound_by, insides_of, role_of, unbound
from derivcheck.repair.table import NO_VALUES, Table
from derivcheck.source import NOWHERE
from derivcheck.term.function import FUNCTIONS
from derivcheck.term.value import Value

MAX_MATERIALS = 90
MAX_MATERIAL_WEIGHT = 14
MAX_INNER = 14


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
class Bench(Table):
    """A refuted step taken apart. ``deep``: with what stands around it at hand as well, which takes longer."""

    deep: bool = False

    @cached_property
    def sites(self) -> list[Site]:
        """Every part of the right side, the whole first, with what it has and what it would need."""
        rows = (self.right_row, self.left_row) if self.step.posed is None else (None, None)
        return list(self._explored((), self.step.right, "whole", frozenset(), *rows, None))

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
        if isinstance(expression, Transpose) and isinstance(bare(expression.body), Listed):
            return [(have, want)]
        rows = [self.row(part) for part in inner]
        if isinstance(expression, Gridded | Listed):
            return [(row, _entry(want, place, len(inner))) if row is not None else (None, None) for place, row in enumerate(rows)]
        if isinstance(expression, Call) and len(expression.arguments) == 1 and expression.below is None:
            back = INVERSES.get(expression.function.spelling)
            return [(row, mapped(back, want)) if back and part is expression.arguments[0] else (None, None) for part, row in zip(inner, rows, strict=True)]
        if any(row is None for row in rows) or not isinstance(expression, Sum | Product | Quotient | Power):
            return nothing
        made = composed(expression, rows)  # type: ignore[arg-type]
        if made is None or not alike(made, have):
            return nothing
        needed = [needed_part(expression, rows, place, want) for place in range(len(rows))]  # type: ignore[arg-type]
        if isinstance(expression, Power) and (rational(expression.exponent) or 1) % 2 == 0:
            needed[0] = self._of_one_sign(needed[0])
        return list(zip(rows, needed, strict=True))

    def _of_one_sign(self, row: Row | None) -> Row | None:
        """The row of a root, without the points at which names have either sign: it may be the negative one there."""
        if row is None:
            return None
        return tuple(entries if one.point.low >= 0 and not one.point.known else (None,) * len(entries) for one, entries in zip(self.scenarios, row, strict=True))

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
        if site.role == "exponent" and rational(new) == 1:
            assert isinstance(site.parent, Power)
            return put(self.step.right, site.path[:-1], site.parent.body)
        return put(self.step.right, site.path, new)

    @cached_property
    def is_arithmetic(self) -> bool:
        """Whether the right side is made of numbers by plain arithmetic."""
        parts_of = [part for part in walk(self.step.right) if not isinstance(part, Literal | Sum | Product | Quotient | Power | Bracketed)]
        return all(isinstance(part, Call) or (isinstance(part, Name) and part.spelling in CONSTANTS | FUNCTIONS.keys()) for part in parts_of)

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

    def found_where(self, row: Row | None, places: Sequence[bool]) -> list[Expression]:
        """The materials that have the values of a row at the places that count."""
        if row is None or not self.deep:
            return []
        wanted = _only(row, places)
        return [material.expression for material in self.materials if alike(_only(material.row, places), wanted)]

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

    @property
    def said_lefts(self) -> list[Expression]:
        """The left side, and what it stands for where it is a name; with ``deep`` all that has its values."""
        return self.lefts if self.deep or isinstance(self.step.left, Name | Call) else [self.step.left]

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
            found = {signature(part): part for part in walk(self.step.right) if is_plain(part) and part.spelling not in CONSTANTS}
        return [by for by in found.values() if isinstance(by, Name)]

    @cached_property
    def insides(self) -> list[Expression]:
        """What stands inside functions, powers and below fraction lines in the step and its neighbourhood."""
        found: dict[tuple, Expression] = {}
        for root in (self.step.right, self.step.left, *self.step.nearby):
            for inside in insides_of(root):
                if rational(inside) is None:
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
        found = next((one for one in known if not has_derivative(one)), None)
        made = found or restated_value(inner.value)
        return None if made is None or weight(made) > MAX_MATERIAL_WEIGHT else made

    @cached_property
    def differentiates(self) -> bool:
        """Whether the left side is a derivative, or holds one."""
        return _has_slope(self.step.left)

    def is_worked_out_number(self, expression: Expression, scale: Fraction) -> bool:
        """Whether the number in an expression, wrong by a factor, was worked out from numbers that were put in."""
        old = abs(number_in(expression))
        return self.step.has_numbers and 1 not in (old, abs(scale) * old)

    @cached_property
    def is_worked_out(self) -> bool:
        """Whether the derivative of the left side was taken before the right side, so that the slip is one of algebra."""
        if _has_slope(self.step.right):
            return True
        wanted = signature(self.step.right)
        before = (one for one, behind in pairwise(self.step.nearby) if signature(behind) == wanted and not _has_slope(one))
        return any(row is not None and self.left_row is not None and alike(row, self.left_row) for row in map(self.row, before))


def _has_slope(expression: Expression) -> bool:
    return has_derivative(expression) or any(isinstance(part, Name) and part.primes for part in walk(expression))


def _only(row: Row, places: Sequence[bool]) -> Row:
    return tuple(entries for entries, counts in zip(row, places, strict=True) if counts)


def _entry(row: Row, place: int, count: int) -> Row | None:
    """The row of one entry of an array with so many entries."""
    return tuple((entries[place],) for entries in row) if all(len(entries) == count for entries in row) else None


def _plainness(expression: Expression) -> tuple[int, bool]:
    return weight(expression), not isinstance(expression, Name)
