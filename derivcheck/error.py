"""Errors carried on: which earlier wrong claim a step follows from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from derivcheck.comparison import Comparer
from derivcheck.derivation.definable import definable
from derivcheck.derivation.instance import replaced
from derivcheck.elaboration.book import Definition, holds_in
from derivcheck.elaboration.dependence import Assumption
from derivcheck.finding import Finding, View
from derivcheck.reading.content import has_derivative, names_of
from derivcheck.reading.edit import signature
from derivcheck.reading.expression import Expression
from derivcheck.step import FAULTY, RIGHT, Judged, Step, single_derivative

# Readings of a step: what carries an error on is meant as it seems.
_READINGS = 3


@dataclass(frozen=True, slots=True)
class Errors:
    """Tells steps that carry an earlier error on."""

    comparer: Comparer

    def wrong(self, step: Step, view: View, judged: Sequence[Judged]) -> Judged | None:
        """The earlier wrong claim that a step properly carries on: in a view it holds with the wrong value put in for
        what that claim was about.
        """
        for wrong in reversed(judged):
            if wrong.verdict not in FAULTY or not holds_in(wrong.step.line.scope, step.line.scope) or wrong.step.line is step.line:
                continue
            abouts = dict.fromkeys((wrong.step.left, wrong.about))
            if any(self._holds_with(step, wrong, about, view) or self._holds_put_in(step, wrong, about, view, judged) for about in abouts):
                return wrong
        return None

    def _holds_put_in(self, step: Step, wrong: Judged, about: Expression, view: View, judged: Sequence[Judged]) -> bool:
        """Whether a step holds once a wrong value is put in where an earlier line, which is right, says what its left side is."""
        wanted = signature(step.left)
        for told in judged:
            if told.verdict in RIGHT and holds_in(told.step.line.scope, step.line.scope) and signature(told.about) == wanted:
                left = replaced(told.step.right, about, wrong.step.right)
                if left is not told.step.right and self.within(replace(step, left=left), view).holds:
                    return True
        return False

    def _holds_with(self, step: Step, wrong: Judged, about: Expression, view: View) -> bool:
        """Whether in a view a step holds once a quantity is what a wrong claim said it is."""
        if not self._concerns(step, about):
            return False
        left, right = (replaced(side, about, wrong.step.right) for side in (step.left, step.right))
        if (left is not step.left or right is not step.right) and self.within(replace(step, left=left, right=right), view).holds:
            return True
        slope = single_derivative(about)
        if slope is not None:
            known = Assumption(*slope, wrong.step.right)
            return has_derivative(step.left) and self.comparer.assuming(known).within(step.line, step.left, step.right, step.sign, view, _READINGS).holds
        head = definable(about)
        if head is None or not step.is_equality:
            return False
        with self.comparer.gathered.book.supposing(Definition(head, wrong.step.right, wrong.step.line.order, wrong.step.line.scope)):
            return self.within(step, view).holds

    def _concerns(self, step: Step, about: Expression) -> bool:
        """Whether what a wrong claim was about can matter to a step: for a derivative the step has what it is taken by,
        else it names or unfolds to it.
        """
        reached = names_of(step.left, step.right)
        slope = single_derivative(about)
        if slope is not None:
            return bool(names_of(slope[1]) & reached)
        return bool(names_of(about) & self.comparer.gathered.book.reached(reached))

    def within(self, step: Step, view: View) -> Finding:
        """The finding on a step in a view, or where a letter counts what the document leaves uncounted."""
        finding = self._seen(step, view)
        counted = (self._seen(step, other) for other in self.comparer.views.counted(step.line, finding)) if finding.fails else ()
        return next((one for one in counted if one.holds), finding)

    def _seen(self, step: Step, view: View) -> Finding:
        return self.comparer.within(step.line, step.left, step.right, step.sign, view, _READINGS)
