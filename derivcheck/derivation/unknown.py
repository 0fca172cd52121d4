"""Equations that a document may solve for one of their names, remembered as its lines go by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from derivcheck.derivation.prose import announces
from derivcheck.elaboration.book import Scope, holds_in
from derivcheck.reading.expression import Call, Chance, Differential, Expression, Gradient, Infinitesimal, Name, is_plain, walk

if TYPE_CHECKING:
    from derivcheck.derivation.outline import Line

# What is applied to random variables: an equation for it is not solved for one of these.
FUNCTIONALS = frozenset((*"expectation Var var Cov cov KL D_{KL}".split(), r"\mathrm{KL}", r"D_{\mathrm{KL}}"))


@dataclass(frozen=True, slots=True)
class Equations:
    """The names of each equation so far, and where it stands. ``differentials``: the last line that tells a name's differential,
    which gives the name a new meaning: ``dv = \\cos x\\,dx``.
    """

    known: list[tuple[frozenset[str], Scope]] = field(default_factory=list)
    differentials: dict[str, int] = field(default_factory=dict)

    def note_differential(self, left: Expression, order: int) -> None:
        """Remembers an equation for a differential."""
        if isinstance(left, Infinitesimal) and isinstance(left.of, Name):
            self.differentials[left.of.spelling] = order

    def note(self, left: Expression, right: Expression, scope: Scope) -> None:
        """Remembers an equation, unless it is about derivatives, differentials, probabilities or expectations."""
        parts = [part for side in (left, right) for part in walk(side)]
        if not any(isinstance(part, Differential | Gradient | Infinitesimal | Chance) or (isinstance(part, Call) and part.function.spelling in FUNCTIONALS) for part in parts):
            self.known.append((frozenset(part.spelling for part in parts if isinstance(part, Name)), scope))

    def is_solved(self, left: Expression, right: Expression, line: Line) -> bool:
        """Whether a name is what an equation before was solved for: its value is made of what else stands there."""
        if not is_plain(left) or announces(f"{line.words} {line.statement.before}"):
            return False
        made = {part.spelling for part in walk(right) if isinstance(part, Name)}
        return left.spelling not in made and any(holds_in(scope, line.scope) and {left.spelling, *made} <= names for names, scope in self.known)
