r"""Equations of which one or the other holds: ``x - 1 = 0 \text{ or } x + 4 = 0``, and those with a sign ``\pm``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from derivcheck.comparison import Comparer
from derivcheck.derivation.definable import undecorated
from derivcheck.derivation.fact import Fact, FactBook
from derivcheck.derivation.outline import Line
from derivcheck.elaboration.variable import variables_of
from derivcheck.finding import Finding, View
from derivcheck.reading.content import names_of, number
from derivcheck.reading.edit import everywhere, put
from derivcheck.reading.expression import Expression, Listed, Name, Sum, is_plain, walk
from derivcheck.step import Step

TURNED = {"±": ("+", "-"), "∓": ("-", "+")}
UNTOLD = "one of several cases, of which nothing is known"


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Decides equations that are alternatives: each must lead back to an equation that was given."""

    comparer: Comparer
    facts: FactBook

    def finding(self, step: Step) -> Finding | None:
        """What is found of an equation that is one of several cases; None for any other claim."""
        if not step.is_equality:
            return None
        if any(has_both_signs(side) for side in (step.left, step.right)):
            return self._with_signs(step)
        if is_plain(step.left) and isinstance(step.right, Listed) and not step.right.opening and all(number(item) is not None for item in step.right.items):
            return self._with_values(step, step.right.items)
        if not step.starts or is_plain(step.left) or not self._has_others(step.line):
            return None
        return self._leads_back(step)

    def _has_others(self, line: Line) -> bool:
        """Whether a line is joined to the one before it or behind it by an "or"."""
        return line.order in self.comparer.gathered.work.alternatives

    def _with_signs(self, step: Step) -> Finding | None:
        """An equation for either sign: it holds for each, as it stands or as a case of what was given."""
        both = [replace(step, left=signed(step.left, choice), right=signed(step.right, choice)) for choice in (0, 1)]
        if has_both_signs(step.left) and has_both_signs(step.right):
            found = [self.comparer.compare(one.line, one.left, one.right, one.sign) for one in both]
        else:
            found = [self._leads_back(one) for one in both]
        worst = next((one for one in found if not one.holds), found[0])
        return None if worst.kind != "decided" and is_plain(step.left) else worst

    def _with_values(self, step: Step, values: Sequence[Expression]) -> Finding | None:
        """Several values for one name, ``x = 2, 3``: each is a case of what was given; None where nothing was."""
        found = [self._leads_back(replace(step, right=value)) for value in values]
        if all(one.reason == UNTOLD for one in found):
            return None
        return next((one for one in found if not one.holds), found[0])

    def _unstarred(self, step: Step) -> Expression:
        """A left side without the star of a solution, where only the letter without it stands in what was given."""
        left = step.left
        base = undecorated(left.spelling) if isinstance(left, Name) else None
        if base is None or self.facts.about(step.line, left.spelling) or not self.facts.about(step.line, base):
            return left
        return replace(left, spelling=base)

    def _leads_back(self, step: Step) -> Finding:
        """Whether a given equation about the same unknowns holds wherever this one does; with a star they are what solves it."""
        step = replace(step, left=self._unstarred(step))
        claimed = Fact(step.left, "=", step.right, step.line, names_of(step.left, step.right))
        names = variables_of(step.left) | variables_of(step.right)
        about = [fact for name in sorted(names) for fact in self.facts.about(step.line, name) if not fact.is_open and fact.line is not step.line]
        view = View(constraints=True, supposed=(claimed,), only=True)
        found = [self.comparer.under(step.line, fact.left, fact.right, "=", view) for fact in dict.fromkeys(about)]
        held = next((one for one in found if one.holds), None)
        if held is not None or (found and all(one.fails for one in found)):
            return held or found[0]
        return Finding(None, UNTOLD, "undecided")


def has_both_signs(expression: Expression) -> bool:
    return any(isinstance(part, Sum) and any(sign in TURNED for sign, _ in part.terms) for part in walk(expression))


def signed(expression: Expression, choice: int) -> Expression:
    """An expression with the upper (0) or the lower sign (1) of each pair."""
    made = expression
    for part in everywhere(expression):
        if isinstance(part.expression, Sum) and any(sign in TURNED for sign, _ in part.expression.terms):
            terms = tuple((TURNED[sign][choice] if sign in TURNED else sign, term) for sign, term in part.expression.terms)
            return signed(put(made, part.path, replace(part.expression, terms=terms)), choice)
    return made
