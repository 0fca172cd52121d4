"""Claims read: the two members of a line elaborated in a view, with the conditions beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from derivcheck.derivation.dependence import stepped
from derivcheck.derivation.flattening import flattened
from derivcheck.derivation.goal import Relating, related
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.outline import Line
from derivcheck.elaboration.book import FAR, LATER
from derivcheck.elaboration.dependence import Assumption
from derivcheck.elaboration.doubt import Oracle
from derivcheck.elaboration.elaborator import Elaborator
from derivcheck.finding import Finding, View, clash, is_entry_beside_array, kept, shape_of
from derivcheck.hypothesis import Hypotheses
from derivcheck.notation import Surroundings, Unreadable
from derivcheck.reading.content import has_derivative
from derivcheck.reading.expression import Expression
from derivcheck.term import marginal
from derivcheck.term.term import Term, TooLarge
from derivcheck.term.value import Misfit, Value

MAX_KNOWN = 128


class Read(NamedTuple):
    """A claim as it was read: the state in which its elaboration ended, the claim, and the condition next to it."""

    elaborator: Elaborator
    claim: Relating
    condition: Term


class _Known(NamedTuple):
    """A reading that was made. The members are kept so that nothing else gets their identity."""

    members: tuple[Expression, Expression]
    base: Elaborator
    elaborator: Elaborator
    result: Read | Finding


class _Begun(NamedTuple):
    """The value of a left member, and the state in which its elaboration ended."""

    members: tuple[Expression, Expression]
    value: Value
    elaborator: Elaborator


@dataclass(slots=True)
class Readings:
    """Reads the claims of a document. What was read is kept for a while: the views on a claim and the readings in them have much in common."""

    gathered: Gathered
    hypotheses: Hypotheses
    assumptions: tuple[Assumption, ...] = ()
    _known: dict[tuple, _Known] = field(default_factory=dict)
    _begun: dict[tuple, list[_Begun]] = field(default_factory=dict)

    def assuming(self, known: Sequence[Assumption]) -> Readings:
        """Readings in which derivatives are what is assumed."""
        return replace(self, assumptions=tuple(known))

    def read(self, line: Line, left: Expression, right: Expression, sign: str, view: View, oracle: Oracle) -> Read | Finding:
        """A claim under one reading; a finding where it comes to nothing.

        Constraints change nothing about what is claimed: views that differ in them alone read it once.
        """
        view_read = replace(view, constraints=False, linked=False, supposed=(), positive=False, stationary=True, count=None)
        book = self.gathered.book
        claim = (line.order, id(left), id(right), self.assumptions, book.edition, book.unheard)
        answers = frozenset(oracle.settled.items())
        key = (claim, sign, answers, view_read)
        known = self._known.get(key)
        if known is None:
            base = self.elaborator(line, (left, right), view_read, oracle)
            known = self._alike(line, key, base) or self._fresh(line, (left, right), sign, view_read, base, claim)
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            self._known[key] = known
        asked = known.elaborator.oracle
        oracle.asked, oracle.extra = asked.asked, asked.extra
        if isinstance(known.result, Finding):
            return replace(known.result, view=view)
        made = known.elaborator.fork(oracle)
        made.far, made.later = view.far, view.later
        return known.result._replace(elaborator=made)

    def _alike(self, line: Line, key: tuple, base: Elaborator) -> _Known | None:
        """The reading of a claim from fewer places of the document, if it met nothing that other places tell more of."""
        *rest, view = key
        for far, later in ((view.far, False), (False, view.later), (False, False)):
            plainer = replace(view, far=far, later=later)
            known = self._known.get((*rest, plainer)) if plainer != view else None
            if known is None or (later != view.later and LATER in known.elaborator.missed):
                continue
            if far == view.far or (FAR not in known.elaborator.missed and self._tells_nothing(line, known.base, base)):
                return known
        return None

    def _tells_nothing(self, line: Line, near: Elaborator, far: Elaborator) -> bool:
        """Whether the lines of all problems tell no more than those that certainly hold."""
        return self.gathered.at(line) is self.gathered.at(line, far=True) and near.depends == far.depends

    def _fresh(self, line: Line, members: tuple[Expression, Expression], sign: str, view: View, base: Elaborator, claim: tuple) -> _Known:
        elaborator = base
        around = Surroundings(line.order, line.scope, held=self._formal(line, view), now=line.order)
        try:
            begun = self._begin(members, view, base, around, claim)
            elaborator = begun.elaborator.fork(begun.elaborator.oracle.going_on(base.oracle.settled))
            first, second = begun.value, elaborator.value(members[1], around)
            if view.joint:
                first, second = (replace(value, body=marginal.settled(value.body)) for value in (first, second))
            relating = related(elaborator, first, second, sign)
            condition = self.hypotheses.condition(elaborator, line, around)
            if view.ranks == "none":
                relating, condition = flattened(elaborator, relating, condition)
            result: Read | Finding = Read(elaborator, relating, condition)
        except Unreadable as error:
            result = Finding(None, f"expected {error.expected}, found {error.found}", "unreadable", view)
        except Misfit as error:
            result = self._misfit(elaborator, members, view, error)
        except TooLarge:
            result = Finding(None, "the expression grows too large", "undecided", view)
        return _Known(members, base, elaborator, result)

    def _begin(self, members: tuple[Expression, Expression], view: View, base: Elaborator, around: Surroundings, claim: tuple) -> _Begun:
        """The left member read, once for all readings of a claim that answer its doubts alike."""
        if len(self._begun) >= MAX_KNOWN:
            self._begun.clear()
        known = self._begun.setdefault((claim, view), [])
        for begun in known:
            oracle = begun.elaborator.oracle
            if all(oracle.answer(site, penalties) == base.oracle.answer(site, penalties) for site, penalties in oracle.asked.items()):
                return begun
        begun = _Begun(members, base.value(members[0], around), base)
        known.append(begun)
        return begun

    def _misfit(self, elaborator: Elaborator, members: tuple[Expression, Expression], view: View, error: Misfit) -> Finding:
        shapes = (shape_of(elaborator, error.first), shape_of(elaborator, error.second)) if error.first or error.second else None
        declared = elaborator.knowledge.declared_sizes
        firm = shapes is not None and (clash(error.about, *shapes, declared) or (bool(elaborator.free) and is_entry_beside_array(error.about, *shapes, declared)))
        if firm and self.gathered.declares_layout:
            firm = not any(map(has_derivative, members))
        return Finding(None, error.about, "misfit", view, shapes, firm, elaborator.vanished, answers=elaborator.oracle.settled)

    def elaborator(self, line: Line, members: Sequence[Expression], view: View, oracle: Oracle) -> Elaborator:
        """An elaborator for a line in a view."""
        knowledge = self.gathered.within(line) if view.ranks == "section" else self.gathered.at(line, view.far)
        if view.ranks == "plain":
            knowledge = self.gathered.without_bold(knowledge, members)
        if view.ranks == "matrices":
            knowledge = self.gathered.of_matrices(line, view.far)
        if view.ranks in ("statement", "none"):
            knowledge = self.gathered.with_ranks(knowledge, members, view.ranks == "none")
        return Elaborator(
            replace(knowledge, randomness=knowledge.randomness.untold_by(members)),
            oracle,
            far=view.far,
            values=view.values,
            kept=kept(members) if view.values else (),
            depends=self.gathered.dependences(line, members, view.far, view.alone, view.formal),
            floor=self.gathered.floor(members),
            stepped=stepped(members[:1]),
            assumptions=self.assumptions,
            formal=view.formal,
            later=view.later,
            symmetric=view.symmetric,
            joint=view.joint,
            here=line.scope,
        )

    def _formal(self, line: Line, view: View) -> frozenset[str]:
        """The parameters of the function whose definition a line goes on from: they stand for anything, whatever they are elsewhere."""
        return frozenset() if view.values else self.gathered.formal(line)
