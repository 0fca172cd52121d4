"""Other members in the reading in which a step was refuted: elaborated, related, never decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from derivcheck.derivation.goal import Relating, related
from derivcheck.elaboration.elaborator import Elaborator
from derivcheck.notation import Surroundings, Unreadable
from derivcheck.reading.expression import Expression
from derivcheck.term.term import TooLarge
from derivcheck.term.value import Misfit, Value

MAX_SPENT = 6_000


@dataclass(slots=True)
class Reread:
    """One reading of one line. ``make`` gives an elaborator that answers its doubts as that reading did.

    ``spent`` is the size of all terms that were made: a measure of the work that is the same on every machine. ``is_late``: whether
    the step's time is up.
    """

    make: Callable[[], Elaborator]
    around: Surroundings
    sign: str
    is_late: Callable[[], bool] = lambda: False
    spent: int = 0
    _fresh: Elaborator | None = None
    _after: dict[int, tuple[Expression, Value, Elaborator] | None] = field(default_factory=dict)

    @property
    def is_spent(self) -> bool:
        """Whether as much work was done as a step is worth."""
        return self.spent > MAX_SPENT or self.is_late()

    def value(self, expression: Expression) -> Value | None:
        """What an expression comes to by itself; None where that is nothing."""
        elaborator = self._started()
        try:
            value = elaborator.value(expression, self.around)
        except TooLarge:
            self.spent += MAX_SPENT
            return None
        except (Unreadable, Misfit):
            return None
        self.spent += value.body.size
        return _resolved(elaborator, value)

    def relate(self, left: Expression, right: Expression) -> Relating | None:
        """Two members related; None where they do not fit. A left side is elaborated once."""
        if id(left) not in self._after:
            self._after[id(left)] = self._begun(left)
        begun = self._after[id(left)]
        if begun is None:
            return None
        _, value, before = begun
        elaborator = _copied(before)
        try:
            made = related(elaborator, value, elaborator.value(right, self.around), self.sign)
        except (Unreadable, Misfit, TooLarge):
            return None
        self.spent += made.relation.size
        return replace(made, left=_resolved(elaborator, made.left), right=_resolved(elaborator, made.right))

    def _begun(self, left: Expression) -> tuple[Expression, Value, Elaborator] | None:
        """The value of a left side and the state in which its elaboration ended."""
        elaborator = self._started()
        try:
            return left, elaborator.value(left, self.around), elaborator
        except (Unreadable, Misfit, TooLarge):
            return None

    def _started(self) -> Elaborator:
        if self._fresh is None:
            self._fresh = self.make()
        return _copied(self._fresh)


def _resolved(elaborator: Elaborator, value: Value) -> Value:
    """A value in which every size is put in by what it is known to be."""
    return replace(value, body=elaborator.sizes.resolve(value.body), sizes=tuple(map(elaborator.sizes.find, value.sizes)))


def _copied(elaborator: Elaborator) -> Elaborator:
    """An elaborator that goes on from the same state by itself."""
    made = elaborator.fork(elaborator.oracle.going_on(elaborator.oracle.settled))
    made.steps = 0
    return made
