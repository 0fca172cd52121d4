"""What may be taken to hold when a line is decided: conditions beside it, equations given before it, customs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from derivcheck.derivation.fact import Fact, FactBook
from derivcheck.derivation.goal import Relating, is_order, related
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.numbering import names_case
from derivcheck.derivation.outline import FORMULA, NO_DISPLAY, Line
from derivcheck.derivation.prose import supposes
from derivcheck.derivation.role import Role
from derivcheck.document import Kind
from derivcheck.elaboration import implicit
from derivcheck.elaboration.book import holds_in
from derivcheck.elaboration.doubt import Oracle
from derivcheck.elaboration.elaborator import Elaborator
from derivcheck.elaboration.naming import unsampled
from derivcheck.finding import View
from derivcheck.misgiving import KNOWN
from derivcheck.notation import Surroundings, Unreadable
from derivcheck.reading.expression import Comparison, Expression, Infinitesimal, Listed, Name, walk
from derivcheck.step import names_of
from derivcheck.term import binder, build
from derivcheck.term.function import free_names
from derivcheck.term.term import Apply, Symbol, Term, TooLarge, Variable
from derivcheck.term.value import Misfit, summed

MAX_HYPOTHESES = 6
ORDERINGS = frozenset(("=", r"\ne", "<", r"\le", ">", r"\ge"))

Hypothesis = tuple[Term, tuple[Variable, ...]]


@dataclass(slots=True)
class Hypotheses:
    """The hypotheses of a document's lines."""

    gathered: Gathered
    facts: FactBook
    _displays: dict[int, list[Line]] = field(default_factory=dict)
    _titles: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._titles += [line for line in self.gathered.outline.lines if line.heads]
        for line in self.gathered.outline.lines:
            self._displays.setdefault(line.display, []).append(line)

    def condition(self, elaborator: Elaborator, line: Line, around: Surroundings) -> Term:
        """The conditions on indices that stand next to a line."""
        found = []
        for other in self._neighbours(line):
            for place, sign in enumerate(other.statement.signs):
                left, right = other.members[place], other.members[place + 1]
                applies = self.gathered.roles[other.order, place] is Role.CONDITION and not self._is_idle(elaborator, left, right)
                if other.is_directive:
                    applies = bool(_letters(left, right)) and _letters(left, right) <= elaborator.free.keys()
                if applies and sign.text in ORDERINGS and left is not None and right is not None and not isinstance(right, Listed):
                    found.append(elaborator.number(Comparison(left, sign.text, right, left.span), around))
        return build.all_of(found)

    def _is_idle(self, elaborator: Elaborator, *sides: Expression | None) -> bool:
        """Whether a condition is about an index that a claim does not have."""
        knowledge = elaborator.knowledge
        counting = (_letters(*sides) & knowledge.vocabulary.indices) - knowledge.size_names
        return bool(counting - elaborator.free.keys())

    def _neighbours(self, line: Line) -> list[Line]:
        """The lines of the same row, and the conditions that stand alone in a row above, in the words just before a display, or in its section's heading."""
        display = self._displays[line.display]
        same = [other for other in display if other.statement.row == line.statement.row and other is not line]
        first = display[0].order
        before = [other for other in self._displays.get(line.display - 1, ()) if other.order >= first - 2 and other.segment.kind is not Kind.DISPLAY]
        return same + (self._case(line) or before) + [other for other in self._heading(line) + self._supposed(line) if other not in before] + self._directives(line)

    def _heading(self, line: Line) -> list[Line]:
        """The conditions in the heading of the section that a line is in."""
        return [other for other in self._titles if other.scope == line.scope and other.order < line.order]

    def _supposed(self, line: Line) -> list[Line]:
        """The conditions that the case begins with that a line is in: ``When $i = k$, with the rule $..$ we get:``."""
        if not line.scope or line.scope[-1] >= 0:
            return []
        own = [other for other in self.gathered.outline.lines[: line.order] if other.scope == line.scope]
        return [one for one in own[:1] if (supposes(one.words) or names_case(one.words)) and self.gathered.roles.get((one.order, 0)) is Role.CONDITION]

    def _case(self, line: Line) -> list[Line]:
        """The conditions that stand alone in the nearest row above, if no words come between: ``for i \\ne j:``, and rows below it."""
        if line.display == NO_DISPLAY:
            return []
        rows: dict[int, list[Line]] = {}
        for other in self._displays[line.display]:
            rows.setdefault(other.statement.row, []).append(other)
        for row in sorted((row for row in rows if row <= line.statement.row), reverse=True):
            above = rows[row]
            if row < line.statement.row and all(self.gathered.roles.get((other.order, 0)) is Role.CONDITION for other in above):
                return above
            if any(other.statement.before for other in above):
                break
        return []

    def _directives(self, line: Line) -> list[Line]:
        """The lines of directives that hold where a line stands."""
        known = self._displays.get(NO_DISPLAY, ())
        return [other for other in known if other.order < line.order and holds_in(other.scope, line.scope)]

    def conditions_behind(self, line: Line, sign: str) -> list[Fact]:
        """For an inequality those that stand right behind it: conditions are written in any order."""
        found: list[Fact] = []
        if not is_order(sign):
            return found
        for other in self.gathered.outline.lines[line.order + 1 :]:
            left, right = (*other.members, None, None)[:2]
            is_next = other.display == line.display or (FORMULA in other.words and not re.search(r"\w", other.words.rpartition(FORMULA)[2]))
            if not is_next or other.statement.membership or left is None or right is None or not is_order(other.statement.signs[0].text):
                break
            found.append(Fact(left, other.statement.signs[0].text, right, other, names_of(left, right)))
        return found

    def hypotheses(self, elaborator: Elaborator, line: Line, claim: Relating, view: View) -> list[Hypothesis]:
        """The given equations that share a name with a claim, the nearest ones; then those that share one with these, if the view is linked."""
        if not view.constraints:
            return []
        along, named = elaborator.along, _unknowns(claim.relation)
        names, sought = set(named) | set(implicit.order(named, along)), self.gathered.work.sought
        found = _sums_to_one(elaborator, claim.relation)
        told = () if view.only else self.facts.constraints(line, view.beside)
        known = [fact for fact in (*view.supposed, *told) if along or not (sought.is_over(fact.line, fact.names, line) or _differentials(fact) - names)]
        waiting = [(fact, fact in view.supposed) for fact in known if view.stationary or not fact.stationary]
        while True:
            left, reached = [], set[str]()
            for fact, is_supposed in waiting:
                relating = self._as_relation(elaborator, fact) if len(found) < MAX_HYPOTHESES else None
                if relating is None:
                    continue
                is_general = _functions(relating.relation) - _functions(claim.relation)
                if not is_supposed and (is_general or not _unknowns(relating.relation) & names):
                    left.append((fact, False))
                    continue
                reached |= _unknowns(relating.relation)
                for variable, size in zip(relating.variables, relating.sizes, strict=True):
                    elaborator.ranges[variable] = size
                if not is_supposed:
                    found += [(one, ()) for one in implicit.slopes(relating.relation, named, along)]
                found.append((relating.relation, relating.variables))
            if not view.linked or reached <= names:
                return found
            names |= reached
            waiting = left

    def _as_relation(self, elaborator: Elaborator, fact: Fact) -> Relating | None:
        around = Surroundings(fact.line.order, fact.line.scope, now=fact.line.order)
        reader = replace(elaborator, oracle=Oracle({}), used=set(), unknown=set(), vanished=False, opaque=False, assumed=set(), _unfolded={})
        try:
            left, right = reader.value(fact.left, around), reader.value(fact.right, around)
            relating = related(reader, left, right, fact.sign)
        except (Unreadable, Misfit, TooLarge):
            return None
        return None if relating.relation in (build.TRUE, build.FALSE) else relating


def _differentials(fact: Fact) -> set[str]:
    """The names that the differentials of a fact go by: where a claim has none of them, they tell it nothing."""
    found = [part.of for side in (fact.left, fact.right) for part in walk(side) if isinstance(part, Infinitesimal)]
    return {f"d{of.spelling}" for of in found if isinstance(of, Name)}


def _sums_to_one(elaborator: Elaborator, relation: Term) -> list[Hypothesis]:
    """For each family in a relation whose entries sum to one: that they do, over its last index."""
    found = {}
    for part in binder.walk(relation):
        if isinstance(part, Symbol) and part.indices and unsampled(part.name) in elaborator.knowledge.normalized:
            total = len(part.indices)
            sizes = [elaborator.axis(part.name, total, place, ()) for place in range(total)]
            before = tuple(elaborator.bind(f"~{place}", size) for place, size in enumerate(sizes[:-1]))
            last = elaborator.bind("~last", sizes[-1])
            total_of = summed(last, sizes[-1], build.symbol(part.name, *before, last))
            found.setdefault(part.name, (build.relation("=", total_of, build.ONE), before))
    return list(found.values())


def _letters(*sides: Expression | None) -> frozenset[str]:
    return frozenset().union(*(names_of(side) for side in sides if side is not None))


def _functions(term: Term) -> frozenset[str]:
    """The functions in a relation that stand for any: what is told by them of others is a form that these may have, no fact about a claim."""
    return frozenset(part.function for part in binder.walk(term) if isinstance(part, Apply) and part.function not in KNOWN)


def _unknowns(term: Term) -> frozenset[str]:
    """The names of a relation other than sizes."""
    return frozenset(name for name in free_names(term) if not name.startswith("?"))
