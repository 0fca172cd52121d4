"""Equations for an unknown: what poses one, what must follow from it, and what solves it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from derivcheck.comparison import Comparer
from derivcheck.decision.outcome import Refuted
from derivcheck.derivation.definable import FIXED, is_numeric, undecorated
from derivcheck.derivation.fact import Fact, FactBook
from derivcheck.derivation.instance import put_in
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.outline import FORMULA, Line
from derivcheck.derivation.prose import announces, concludes, poses, solves, supposes
from derivcheck.derivation.role import CONSEQUENCES, EQUALITIES
from derivcheck.document import Kind
from derivcheck.elaboration.book import Definition, holds_in, is_around
from derivcheck.elaboration.head import Head, head_of
from derivcheck.elaboration.variable import variables_of
from derivcheck.finding import Finding, View, refuted_names
from derivcheck.initial import MISSED, misses_value
from derivcheck.reading.content import has_derivative, names_of, number
from derivcheck.reading.edit import signature
from derivcheck.reading.expression import Call, Chance, Differential, Expression, Gradient, Name, Power, is_plain, walk
from derivcheck.source import NOWHERE
from derivcheck.step import FAULTY, RIGHT, Judged, Step, varies

_CONNECTS = re.compile(r"(?:\W|and\b|or\b)*", re.I)
_CALLED_ROOT = re.compile(r"\b(?:roots?|solutions?|solve[sd]?|solving|zeros?|satisf\w+)\b", re.I)


@dataclass(frozen=True, slots=True)
class Root:
    """What became of a value put into the equations for it; ``instead``: an equation behind these that it does solve."""

    finding: Finding
    instead: Judged | None = None


@dataclass(frozen=True, slots=True)
class Solving:
    """Tells equations that are posed from claims that are false."""

    gathered: Gathered
    facts: FactBook
    comparer: Comparer

    def poses(self, step: Step, finding: Finding) -> bool:
        """Whether an equation that fails by itself is a condition on an unknown.

        Words say so, an arrow leads on from it, or the document goes on to a value of the unknown. There are as many such equations as unknowns
        that hang together.
        """
        if step.is_equality and step.starts and finding.fails and solves(_last_words(step.line)):
            return True
        if not (step.is_equality and step.starts) or has_derivative(step.left) or has_derivative(step.right) or not finding.fails:
            return False
        free = refuted_names(finding) | self.facts.solved_before(step.line)
        names = (variables_of(step.left) | variables_of(step.right)) & free
        known = [fact for fact in self.facts.unsolved(step.line) if fact.variables & names]
        words = _last_words(step.line)
        if names and not known and (poses(words) or supposes(words) or self._leads_on(step.line)):
            return True
        equations = [fact for fact in known if fact.sign in EQUALITIES]
        together = names.union(*(fact.variables for fact in equations))
        valued = {name for name in together - names if self.gathered.book.find(Head(name), step.line.order, step.line.scope, values=True, now=step.line.order) is not None}
        return bool(self._solved_for(step.line, names)) and len(equations) < len(together - valued)

    def is_determined(self, step: Step, finding: Finding) -> bool:
        """Whether a relation about one unknown, which is meant to follow from what is known of that alone, does not."""
        if not (finding.fails and finding.view.constraints and not finding.view.supposed):
            return False
        names = variables_of(step.left) | variables_of(step.right)
        if len(names) != 1 or not all(_is_about_numbers(side) for side in (step.left, step.right)):
            return False
        words = _last_words(step.line)
        follows = step.line.statement.link in CONSEQUENCES or concludes(words) or (step.is_equality and not announces(words) and not poses(words))
        return follows and any(fact.variables == names and not fact.stationary for fact in self.facts.constraints(step.line))

    def pose(self, step: Step) -> None:
        """Where a problem for one unknown begins, takes back the values and the conditions that were for an earlier one; where
        one for several does, their values from sections beside.
        """
        names = variables_of(step.left) | variables_of(step.right)
        if step.starts and not is_plain(step.left):
            for name in self._solved_for(step.line, names):
                self.gathered.book.forget(name, step.line.order, step.line.scope)
        words = _last_words(step.line)
        is_supposed = step.is_equality and supposes(words)
        if not step.starts or len(names) != 1 or not (is_supposed or all(map(_is_about_numbers, (step.left, step.right)))):
            return
        (name,) = names
        known = [fact for fact in self.facts.constraints(step.line) if fact.variables == names]
        elsewhere = bool(known) and all(fact.line.scope != step.line.scope for fact in known)
        if poses(words) or is_supposed or (elsewhere and self._leads_on(step.line)):
            self.gathered.book.forget(name, step.line.order)
            self.facts.end(name, step.line.order)

    def root(self, step: Step, judged: Sequence[Judged]) -> Root | None:
        """What becomes of a value for an unknown in the equations that were posed for it; None where these cannot tell. ``judged``: the steps so far."""
        solved = self._of_differential(step)
        if solved is not None:
            return Root(solved)
        if not (step.is_equality and is_plain(step.left)) or announces(_last_words(step.line)) or step.left.spelling in names_of(step.right):
            return None
        base = undecorated(step.left.spelling)
        if base is not None and _CALLED_ROOT.search(_last_words(step.line)) and not self.facts.about(step.line, step.left.spelling) and base not in names_of(step.right):
            return self.root(replace(step, left=Name(base, step.left.span)), judged)
        name, told = step.left.spelling, names_of(step.right) | {step.left.spelling}
        posed = [fact for fact in self.facts.about(step.line, name) if not (fact.is_open or fact.is_derived) and fact.variables <= told and _is_free(name, fact)]
        found: Finding | None = None
        here = [fact for fact in posed if is_around(fact.line.scope, step.line.scope)]
        for fact in here or posed:
            if self.comparer.is_about_arrays(fact):
                return None
            found = self._with_value(step, fact.left, fact.right)
            is_other = len(fact.variables) > 1 and bool(fact.variables & variables_of(step.right)) and bool(variables_of(step.right) - fact.variables)
            if found.fails and (is_other or self._is_one_of_several(step, fact)):
                return None
            if not found.holds:
                break
        if found is None or not (found.holds or found.fails):
            return None
        if found.holds:
            self.facts.solve(name, step.line.order)
            return Root(self._unless_lost(step, tuple(here or posed), found))
        for one in reversed(judged):
            is_about = name in names_of(one.step.left, one.step.right) and one.step.is_equality and holds_in(one.step.line.scope, step.line.scope)
            # What a derivative comes to holds for every value of the name, as any identity does.
            is_identity = one.verdict in RIGHT and has_derivative(one.about)
            if is_about and not is_identity and one.verdict in (*RIGHT, *FAULTY) and self._with_value(step, one.step.left, one.step.right).holds and not self._is_identity(one):
                return Root(found, one)
        return Root(found)

    def _is_identity(self, one: Judged) -> bool:
        """Whether a claim that was found right holds without any equation that was given."""
        return one.verdict in RIGHT and self.comparer.under(one.step.line, one.step.left, one.step.right, "=", View()).holds

    def _unless_lost(self, step: Step, posed: tuple[Fact, ...], held: Finding) -> Finding:
        """What is found of a number that solves some equations; undecided where another one solves them, too, which nothing rules out and nobody names."""
        if not is_numeric(step.right) or self._has_other_values(step):
            return held
        with self.gathered.book.without(step.line.order):
            alone = self.comparer.under(step.line, step.left, step.right, "=", View(constraints=True, supposed=posed))
        if not isinstance(alone.outcome, Refuted):
            return held
        assert isinstance(step.left, Name)
        other = dict(alone.outcome.witness.values).get(step.left.spelling)
        return replace(held, outcome=None, reason=f"another solution is left out: {step.left.spelling} = {other}", kind="undecided") if other else held

    def leaves_out_a_root(self, step: Step, held: Finding) -> bool:
        """Whether a number for a name rests on an equation for an even power of it, which the opposite number solves, too, and nothing rules that out."""
        left = step.left
        if not is_plain(left) or not is_numeric(step.right) or not step.is_equality or self._has_other_values(step):
            return False
        powers = [self.gathered.outline.lines[order].members[0] for order in held.used]
        is_even = any(isinstance(one, Power) and is_plain(one.body) and one.body.spelling == left.spelling and number(one.exponent) in (2, 4, 6) for one in powers)
        domain = self.gathered.at(step.line).domains.get(left.spelling)
        return is_even and (domain is None or domain.lower is None or domain.lower < 0)

    def _has_other_values(self, step: Step) -> bool:
        """Whether the section of a step gives its name other numbers as well."""
        assert isinstance(step.left, Name)
        for line in self.gathered.outline.lines:
            left, right = (*line.members, None, None)[:2]
            is_value = left is not None and right is not None and is_plain(left) and left.spelling == step.left.spelling and _equates(line)
            if is_value and line is not step.line and line.scope == step.line.scope and is_numeric(right) and signature(right) != signature(step.right):
                return True
        return False

    def _is_one_of_several(self, step: Step, fact: Fact) -> bool:
        """Whether an equation about several unknowns stands beside others that may not be decided: a value for one need not solve it alone."""
        others = [other for other in self.facts.open_around(step.line) if other.variables & fact.variables]
        return len(fact.variables) > 1 and bool(others)

    def _of_differential(self, step: Step) -> Finding | None:
        """What becomes of a candidate in the nearest differential equation for it; one that fails is refuted only where words say that it is the solution."""
        sought, head = self.gathered.work.sought, head_of(step.left)
        if head is None or not step.is_equality or not sought.is_anew(head, step.line) or not varies(step.right):
            return None
        posed = next((one for one in sought.equations(head.spelling, step.line) if one.line.order < step.line.order and not one.is_value), None)
        if posed is None:
            return None
        with self.gathered.book.supposing(Definition(head, step.right, step.line.order, step.line.scope)):
            found = self.comparer.under(step.line, posed.left, posed.right, "=", View())
        if found.holds and misses_value(self.comparer, step, head.spelling, posed.line):
            return replace(found, outcome=None, reason=MISSED, kind="undecided")
        if found.fails and posed.line.scope == step.line.scope and sought.is_solution(step.line):
            return replace(found, reason="this does not solve the differential equation before it")
        return found if found.holds else None

    def _with_value(self, step: Step, left: Expression, right: Expression) -> Finding:
        """What becomes of an equation for a name when the value is put in that a step gives it."""
        assert isinstance(step.left, Name)
        return self.comparer.compare(step.line, *(put_in(side, step.left.spelling, step.right) for side in (left, right)), "=")

    def is_premise(self, step: Step, finding: Finding) -> bool:
        """Whether an equation about one unknown is what the conclusion behind it rests on."""
        following = self._conclusion(step)
        if following is None:
            return False
        line, left, right = following
        supposed = (Fact(step.left, "=", step.right, step.line, names_of(step.left, step.right)),)
        view = replace(finding.view, constraints=True, supposed=supposed)
        return self.comparer.under(line, left, right, "=", view).holds and not self.comparer.compare(line, left, right, "=").holds

    def _conclusion(self, step: Step) -> tuple[Line, Expression, Expression] | None:
        """The equation that words draw from one about one unknown, with its line; None where there is none."""
        lines = self.gathered.outline.lines
        order = step.line.order + 1
        if not (step.is_equality and step.starts) or order >= len(lines) or len(variables_of(step.left) | variables_of(step.right)) != 1:
            return None
        line = lines[order]
        left, right = (*line.members, None, None)[:2]
        if left is None or right is None or line.scope != step.line.scope or not _equates(line):
            return None
        return (line, left, right) if concludes(_last_words(line)) else None

    def _leads_on(self, line: Line) -> bool:
        """Whether an arrow stands behind a line."""
        lines = self.gathered.outline.lines
        following = lines[line.order + 1] if line.order + 1 < len(lines) else None
        return following is not None and following.display == line.display and following.statement.link in CONSEQUENCES

    def _solved_for(self, line: Line, names: frozenset[str]) -> frozenset[str]:
        """The names among some that get a value behind a line, as what comes of it."""
        found = set()
        for other in self.gathered.outline.lines[line.order + 1 :]:
            left, right = (*other.members, None, None)[:2]
            if not isinstance(left, Name) or right is None or left.spelling not in names or not holds_in(line.scope, other.scope):
                continue
            if _equates(other) and left.spelling not in names_of(right) and _results(other):
                found.add(left.spelling)
        return frozenset(found)


def _is_about_numbers(expression: Expression) -> bool:
    """Whether nothing in an expression is an entry, a function that is not known everywhere, or a derivative."""
    parts = walk(expression)
    functions = {id(part.function): part.function for part in parts if isinstance(part, Call)}
    if any(isinstance(part, Differential | Gradient | Chance) for part in parts) or any(name.spelling not in FIXED for name in functions.values()):
        return False
    return all(is_plain(part) for part in parts if isinstance(part, Name) and id(part) not in functions)


def _is_free(name: str, fact: Fact) -> bool:
    """Whether a value can be put in for a name somewhere in an equation: it does not only run there, as below a maximum."""
    mark = Name(name, NOWHERE)
    return any(put_in(side, name, mark) is not side for side in (fact.left, fact.right))


def _equates(line: Line) -> bool:
    """Whether a line begins with an equation."""
    return bool(line.statement.signs) and line.statement.signs[0].text in EQUALITIES


def _results(line: Line) -> bool:
    """Whether a line that gives a name a value says what comes of the lines before it."""
    words = _last_words(line)
    if announces(words):
        return False
    return concludes(words) or line.statement.link in CONSEQUENCES or line.segment.kind is not Kind.INLINE or _CONNECTS.fullmatch(words) is not None


def _last_words(line: Line) -> str:
    """The words between the formula before a line and the line."""
    return f"{line.words.rpartition(FORMULA)[2] or line.words} {line.statement.before}"
