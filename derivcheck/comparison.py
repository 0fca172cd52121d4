"""Two members compared: read in each plausible way, with the facts that hold there, and decided."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from fractions import Fraction

from derivcheck.bases import by_bases
from derivcheck.branch import by_branches
from derivcheck.chances import jointly
from derivcheck.data import with_data
from derivcheck.decision.outcome import Proved, Refuted
from derivcheck.decision.worker import Worker
from derivcheck.derivation.cancel import cancelled
from derivcheck.derivation.chain_rule import between, is_chain_rule, is_complete, passed_through
from derivcheck.derivation.definable import ELEMENTARY
from derivcheck.derivation.domain import bits
from derivcheck.derivation.fact import Fact, FactBook
from derivcheck.derivation.flattening import is_telling
from derivcheck.derivation.goal import SIGNS, at_size_one, count_by, obligation
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.matrix import matrix_like
from derivcheck.derivation.outline import Line
from derivcheck.derivation.prose import goes_to
from derivcheck.derivation.role import APPROXIMATIONS
from derivcheck.derivation.scalar import divides_by_array, is_of_numbers
from derivcheck.derivation.series import begun_by, order_of, remainders
from derivcheck.elaboration.book import holds_in
from derivcheck.elaboration.dependence import Assumption
from derivcheck.elaboration.doubt import MAX_RUNS, Oracle, Site, runs
from derivcheck.elaboration.head import Head
from derivcheck.exchanged import exchanged
from derivcheck.finding import (
    Finding,
    View,
    has_same_variables,
    is_about_numbers,
    refuted_names,
    tells_more,
    with_sides,
)
from derivcheck.held import held_fixed
from derivcheck.hypothesis import Hypotheses
from derivcheck.implied import without_implied
from derivcheck.means import by_means
from derivcheck.misgiving import UNCONNECTED
from derivcheck.notation import FAR_FETCHED
from derivcheck.reading.content import in_plain_type, names_of
from derivcheck.reading.custom import CONSTANTS
from derivcheck.reading.expression import At, Expression, Literal, is_plain
from derivcheck.readings import Readings
from derivcheck.reservation import reservation, weighed
from derivcheck.rounded import is_close
from derivcheck.source import NOWHERE
from derivcheck.spectrum import by_spectrum, unless_otherwise
from derivcheck.step import is_slope
from derivcheck.term.term import TooLarge
from derivcheck.term.type import BIT, POSITIVE, PROBABILITY
from derivcheck.unfolded import as_it_stands
from derivcheck.views import Views, acquits

MAX_SUPPOSED = 4
# What holds while its opposite is not refuted may hold of nothing at all.
NEGATED = {"<": r"\ge", r"\le": ">", ">": r"\le", r"\ge": "<", r"\ll": r"\ge", r"\gg": r"\le"}
OUT_OF_TIME = "out of time"
SKETCHED = "the quantities depend on each other as the chain rule is written"


@dataclass(slots=True)
class Comparer:
    """Compares members of a document's lines; what has been proved so far widens what may be used."""

    gathered: Gathered
    worker: Worker
    facts: FactBook
    readings: Readings = field(init=False)
    hypotheses: Hypotheses = field(init=False)
    views: Views = field(init=False)
    confirmed: set[tuple[int, ...]] = field(default_factory=set)
    customs: dict[tuple[int, ...], dict[Site, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hypotheses = Hypotheses(self.gathered, self.facts)
        self.readings = Readings(self.gathered, self.hypotheses)
        self.views = Views(self.gathered, self.facts, self.confirmed)

    def assuming(self, *known: Assumption) -> Comparer:
        """A comparer for which derivatives are what is assumed."""
        made = copy(self)
        made.readings = self.readings.assuming(known)
        return made

    def compare(self, line: Line, left: Expression, right: Expression, sign: str) -> Finding:
        """The finding under the facts that are certain; failing that, other facts may acquit. A chain rule for what nothing
        defines may leave out a path, or tell a total derivative from a partial one.
        """
        finding = self._first(line, left, right, sign)
        if finding.fails or finding.doubted is not None or finding.reason == UNCONNECTED:
            finding = by_means(self, line, left, right, sign, finding)
        if finding.fails:
            finding = by_branches(self, line, left, right, sign, finding)
        if finding.fails:
            finding = by_bases(self, line, left, right, sign, finding)
        if finding.fails:
            finding = unless_otherwise(self, line, left, right, sign, finding)
        if finding.holds and not self._holds_of_matrices(line, left, right, sign, finding):
            return replace(finding, outcome=None, reason="holds for numbers, but its letters may be matrices", kind="undecided")
        reason = reservation(self.gathered, line, left, right, sign, finding)
        return replace(finding, outcome=None, reason=reason, kind="undecided") if reason else finding

    def _first(self, line: Line, left: Expression, right: Expression, sign: str) -> Finding:
        """The finding by what the document says, and what its words tell matrices to be made of."""
        told = by_spectrum(self, line, left, right, sign)
        if told is not None and told.kind == "decided":
            plain = told if told.holds else self.under(line, left, right, sign, View())
            return plain if plain.holds else told
        plain = self._compared(line, left, right, sign)
        return told if told is not None and plain.fails else plain

    def _holds_of_matrices(self, line: Line, left: Expression, right: Expression, sign: str, held: Finding) -> bool:
        """Whether a product of derivatives by capitals holds for matrices as well, where nothing says that these are numbers."""
        letters = matrix_like((left, right), self.gathered.at(line, held.view.far)) if held.view.ranks == "scope" and not is_chain_rule(left, right) else ()
        if not letters:
            return True
        return self.under(line, left, right, sign, replace(held.view, ranks="matrices")).holds

    def _compared(self, line: Line, left: Expression, right: Expression, sign: str) -> Finding:
        """The finding by what the document says.

        It holds if it holds in some view. It fails only if the best informed of the certain views refutes it.
        """
        if sign in APPROXIMATIONS or (sign == "=" and order_of(right) is not None):
            approximated = self._approximated(line, left, right)
            if approximated is not None:
                return approximated
        first: Finding | None = None
        verdict: Finding | None = None
        unclear: Finding | None = None
        beyond: Finding | None = None
        for view in self.views.plain(line):
            if view.constraints and first is not None and first.kind in ("unreadable", "misfit") and view.values == first.view.values:
                continue
            finding = self.under(line, left, right, sign, view)
            slope = view.constraints and is_slope(left) and not isinstance(left, At)
            if finding.holds and view.values and first is not None and first.fails and self._is_only_there(line, right):
                return Finding(None, "holds only for the numbers that were put in", "undecided", view)
            if finding.holds and slope and not self.under(line, left, right, sign, replace(view, stationary=False)).holds:
                return Finding(None, "holds only where a derivative is zero", "undecided", view)
            if finding.holds:
                if view.far and not (first is not None and first.fails):
                    self.confirmed.add(line.scope)
                return finding
            first = first or finding
            beyond = finding if view.far and not first.view.far else beyond
            if view.constraints and finding.kind == "undecided":
                unclear = finding
            if self._informs(finding, verdict):
                verdict = finding
        assert first is not None and verdict is not None
        settled = jointly(self, line, left, right, sign, verdict)
        if settled.holds or (settled.fails and not verdict.fails):
            return settled
        if verdict.fails and beyond is not None and self._means_another(verdict, beyond):
            return jointly(self, line, left, right, sign, beyond)
        if verdict.fails and unclear is not None and not verdict.view.constraints:
            verdict = unclear
        finding = with_data(self, line, left, right, sign, self._reconsidered(line, left, right, sign, first, verdict))
        finding = held_fixed(self, line, left, right, sign, finding)
        if finding.fails:
            finding = as_it_stands(self, line, left, right, sign, finding)
        if finding.fails and sign in APPROXIMATIONS and not is_about_numbers(finding):
            return replace(finding, outcome=None, reason="an approximation, which may hold near some values only", kind="undecided")
        return finding

    def _means_another(self, refuted: Finding, beyond: Finding) -> bool:
        """Whether a refutation takes for anything what another section defines, by which nothing can be told: ``beyond`` is the finding with it."""
        lines = self.gathered.outline.lines
        told = {name for order in beyond.used - refuted.used for name in names_of(lines[order].members[0])}
        return beyond.kind == "undecided" and bool(told & refuted_names(refuted))

    def _is_only_there(self, line: Line, right: Expression) -> bool:
        """Whether a right side depends, through what its names are defined as, on a number that was put in for another sentence alone."""
        book, starts, lines = self.gathered.book, self.gathered.sentences, self.gathered.outline.lines
        behind = book.reached(names_of(right)) - names_of(right)
        values = [one for name in behind for one in book.definitions.get(name, ()) if one.is_value and one.order <= line.order and holds_in(one.scope, line.scope)]
        return any(starts[one.order] != starts[line.order] and goes_to(lines[one.order].words) for one in values)

    def _reconsidered(self, line: Line, left: Expression, right: Expression, sign: str, first: Finding, verdict: Finding) -> Finding:
        """A finding that does not hold once more, with what else may have been meant. ``first``: the one in the plainest view."""
        begun = begun_by(right) if verdict.kind == "unreadable" and sign == "=" else None
        if begun is not None:
            return self._approximated(line, left, begun) or verdict
        if first.unknown & self._defined_later(line):
            finding = self.under(line, left, right, sign, replace(verdict.view, later=True))
            if finding.holds or (finding.kind == "decided" and verdict.kind == "unreadable"):
                return finding
        if verdict.fails:
            views = [*self.views.counted(line, verdict), *self.views.linked(line, verdict)]
            others = [found for view in views for found in [self.under(line, left, right, sign, view)] if acquits(found, verdict)]
            if others:
                return next((found for found in others if found.holds), others[0])
        if verdict.fails and self.gathered.at(line, verdict.view.far).symmetric & refuted_names(verdict):
            symmetric = self.under(line, left, right, sign, replace(verdict.view, symmetric=True))
            if not symmetric.fails:
                return symmetric
        if verdict.fails and verdict.view.ranks == "scope" and self.gathered.has_siblings(line.scope):
            here = self.under(line, left, right, sign, replace(verdict.view, ranks="section"))
            if here.holds or here.kind == "undecided":
                return here
        if verdict.fails and self._is_bold_elsewhere(line, left, right, verdict.view):
            plain = self.under(line, left, right, sign, replace(verdict.view, ranks="plain"))
            if plain.holds or plain.kind == "undecided":
                return plain
        if verdict.fails:
            verdict = self._of_numbers(line, left, right, sign, verdict)
        if is_chain_rule(left, right) and not (verdict.fails and self._tells(left, right, verdict)):
            return self._chain_rule(line, left, right, sign, verdict)
        if verdict.kind in ("misfit", "unreadable"):
            verdict = self._without_shapes(line, left, right, sign, verdict)
        if verdict.kind != "decided":
            verdict = self._without_common_factors(line, left, right, sign, verdict)
        if verdict.fails and SIGNS[sign] not in ("=", "≠"):
            positive = self.under(line, left, right, sign, replace(verdict.view, positive=True))
            if not positive.fails and not (positive.holds and not self.under(line, left, right, NEGATED[sign], positive.view).fails):
                return replace(verdict, outcome=None, reason="holds only for some signs of what it is about", kind="undecided")
        return self.unless_conditional(line, left, right, sign, verdict) if verdict.fails else verdict

    def _of_numbers(self, line: Line, left: Expression, right: Expression, sign: str, open_: Finding) -> Finding:
        """A finding that does not hold once more with numbers for arrays, where words say so, or where something is divided by an array."""
        says = is_of_numbers(line, self.gathered.outline.lines)
        if not says and not (open_.fails and divides_by_array((left, right), self.gathered.at(line, open_.view.far).ranks)):
            return open_
        flat = self.under(line, left, right, sign, replace(open_.view, ranks="none"))
        if flat.holds and says:
            return flat
        is_open = not flat.fails or (says and not is_plain(left) and any(self.gathered.book.find(Head(name), line.order, line.scope) for name in refuted_names(flat)))
        return replace(open_, outcome=None, reason="may be about numbers", kind="undecided") if open_.fails and is_open else open_

    def _is_bold_elsewhere(self, line: Line, left: Expression, right: Expression, view: View) -> bool:
        """Whether a claim has names in plain type that are arrays only because the document sets them in bold type elsewhere."""
        ranks = self.gathered.at(line, view.far).ranks
        return any(name in ranks.bold and ranks.inferred.get((name, 0)) for name in in_plain_type((left, right)))

    def within(self, line: Line, left: Expression, right: Expression, sign: str, view: View, most: int = MAX_RUNS) -> Finding:
        """The finding in one view alone; an approximation by a polynomial is one where the difference vanishes fast enough."""
        approximated = self._approximated(line, left, right) if sign in APPROXIMATIONS else None
        return approximated or self.under(line, left, right, sign, view, most)

    def is_about_arrays(self, fact: Fact) -> bool:
        """Whether an equation is one between arrays: what solves it need not be the only thing that does."""
        relating = self.under(fact.line, fact.left, fact.right, "=", View()).relating
        return relating is not None and bool(relating.variables)

    def _approximated(self, line: Line, left: Expression, right: Expression) -> Finding | None:
        """The finding on an approximation by a polynomial; None where the right side is none or the name it is one in cannot be told."""
        zero = Literal(Fraction(0), NOWHERE)
        found = [self.compare(line, limit, zero, "=") for limit in remainders(left, right)]
        held = next((finding for finding in found if finding.holds), None)
        if held is not None or len(found) == 1:
            return held or replace(found[0], posed=lambda other: (next(remainders(left, other), other), zero))
        return Finding(None, "an approximation in a variable that is not told", "undecided") if found else None

    def _chain_rule(self, line: Line, left: Expression, right: Expression, sign: str, open_: Finding) -> Finding:
        """An equation of derivatives alone, for quantities that depend on each other as it says itself, or as the lines around it say.

        Where nothing says what the quantities on the way are made of, it is wrong only if it is wrong either way.
        """
        found = [self.under(line, left, right, sign, View(ranks="statement", formal=True, alone=alone)) for alone in (True, False)]
        held = next((finding for finding in found if finding.holds), None)
        if held is not None:
            return held
        fails = all(finding.fails and has_same_variables(finding.relating) for finding in found)
        if SIGNS[sign] == "=" and passed_through(left, right) and not (fails and self._tells(left, right, found[0])):
            return Finding(Proved("chain rule", None, (SKETCHED,)), view=open_.view, sketched=True)
        if fails:
            return open_ if open_.fails else found[0]
        return replace(open_, outcome=None, reason="the quantities may depend on each other in another way", kind="undecided") if open_.fails else open_

    def _tells(self, left: Expression, right: Expression, refuted: Finding) -> bool:
        """Whether the document says enough of the quantities in a chain rule to refute it."""
        if refuted.assumed and is_complete(left, right):
            return False
        return any(map(self.gathered.book.is_defined, between(left, right)))

    def _without_common_factors(self, line: Line, left: Expression, right: Expression, sign: str, open_: Finding) -> Finding:
        """A product of derivatives, some of which stand on the other side as well: what is left when they are cancelled decides."""
        sampled = self.gathered.at(line).sampled
        sides = cancelled(left, right, sampled)
        if sides is None:
            return open_
        finding = self.compare(line, *sides, sign)
        return replace(finding, is_inferred=True, posed=lambda other: cancelled(left, other, sampled) or (left, other)) if finding.kind == "decided" else open_

    def unless_conditional(self, line: Line, left: Expression, right: Expression, sign: str, refuted: Finding) -> Finding:
        """A refutation, unless it fails once the claims that nobody could decide hold: one of those may be a condition that was set."""
        names = names_of(left, right) - ELEMENTARY
        if names <= CONSTANTS and is_about_numbers(refuted):
            return refuted
        suspects = [*self.hypotheses.conditions_behind(line, sign), *self.facts.open_around(line)]
        near = [fact for fact in suspects if fact.names & (names | refuted.unknown)]
        for fact in near[:MAX_SUPPOSED]:
            behind = [other for other in suspects if other is not fact and other.names & fact.names - names]
            supposed = (fact, *behind[: MAX_SUPPOSED - 1])
            views = [replace(refuted.view, constraints=True, supposed=supposed, values=values) for values in {refuted.view.values, self.facts.has_values(line)}]
            if not all(self.under(line, left, right, sign, view).fails for view in views):
                return replace(refuted, outcome=None, reason="it may rest on an earlier line that is undecided", kind="undecided")
        return refuted

    def _defined_later(self, line: Line) -> frozenset[str]:
        """The names that are defined somewhere behind a line."""
        known = self.gathered.book.definitions.items()
        return frozenset(name for name, definitions in known if any(one.order > line.order for one in definitions))

    def _informs(self, finding: Finding, verdict: Finding | None) -> bool:
        """Whether a finding should speak for the comparison rather than the one before it."""
        if verdict is None:
            return True
        if (finding.view.far and not verdict.view.far) or finding.view.beside:
            return False
        order = {"unreadable": 0, "misfit": 1, "undecided": 2, "decided": 3}
        if order[finding.kind] != order[verdict.kind]:
            return order[finding.kind] > order[verdict.kind]
        return finding.fails

    def _without_shapes(self, line: Line, left: Expression, right: Expression, sign: str, misfit: Finding) -> Finding:
        """No reading has fitting shapes: capitals may all be matrices, names may be numbers as far as this statement tells; else every size is taken as 1."""
        if matrix_like((left, right), self.gathered.at(line, misfit.view.far)):
            whole = self.under(line, left, right, sign, replace(misfit.view, ranks="matrices"))
            if whole.holds:
                return whole
        nearby = replace(misfit.view, ranks="section", constraints=self.facts.has_constraints(line))
        here = self.under(line, left, right, sign, nearby) if self.gathered.has_siblings(line.scope) else misfit
        if here.kind == "decided":
            return here
        if here.kind == "undecided" and here is not misfit:
            misfit = replace(misfit, is_firm=False)
        alone = self.under(line, left, right, sign, replace(misfit.view, ranks="statement"))
        if alone.holds:
            return alone
        numbers = self._of_numbers(line, left, right, sign, misfit)
        if numbers.holds:
            return numbers
        flat = self.under(line, left, right, sign, replace(misfit.view, ranks="none"))
        is_tied = bool(self.facts.known_names(line) & refuted_names(flat))
        mentioned = [self.gathered.book.reached(names_of(side)) for side in (left, right)]
        tells = flat.fails and not is_tied and is_telling(flat.relating, flat.unknown, mentioned, self.gathered.at(line))
        return flat if tells else exchanged(self, line, left, right, sign, here) or misfit

    def at_smallest(self, finding: Finding, sign: str) -> Finding:
        """A finding with its counterexample, if it has one, at the smallest sizes that show it."""
        if not finding.fails or finding.asked is None or finding.relating is None:
            return finding
        outcome = self.worker.decide(finding.asked, smallest=True)
        return replace(finding, outcome=with_sides(outcome, finding.relating, sign)) if isinstance(outcome, Refuted) else finding

    # -- one view

    def under(self, line: Line, left: Expression, right: Expression, sign: str, view: View, most: int = MAX_RUNS) -> Finding:
        """Two members under their readings, the most plausible first and at most so many: holds if one holds, fails if all fail."""
        refuted: Finding | None = None
        open_: Finding | None = None
        dull: Finding | None = None
        far: Finding | None = None
        firm: list[bool] = []
        customs = self.customs.setdefault(line.scope, {})
        if self.worker.is_exhausted:
            return Finding(None, OUT_OF_TIME, "undecided", view)
        for finding, oracle in runs(lambda oracle: self._attempt(line, left, right, sign, view, oracle), most, customs):
            plausible = oracle.penalty < FAR_FETCHED
            firm += [finding.is_firm] if plausible and not finding.vanished else []
            if finding.holds:
                if plausible:
                    customs.update({site: option for site, option in oracle.settled.items() if site[0] == NOWHERE and site[1].startswith("hat")})
                return finding if plausible else Finding(None, "holds only in a far-fetched reading", "undecided", view)
            if finding.fails and plausible:
                told = finding if dull is None or dull.relating is None else dull
                refuted = told if refuted is None or is_close(left, right, sign, finding) else refuted
            elif finding.kind in ("unreadable", "misfit"):
                dull = finding if dull is None or tells_more(finding, dull) else dull
            elif plausible:
                open_ = open_ or finding
            elif finding.fails:
                far = Finding(None, "fails only in a far-fetched reading", "undecided", view)
            if self.worker.is_exhausted:
                return open_ or Finding(None, OUT_OF_TIME, "undecided", view)
        if dull is not None:
            dull = replace(dull, is_firm=bool(firm) and all(firm))
        return open_ or refuted or dull or far or Finding(None, "no reading", "unreadable", view)

    def _attempt(self, line: Line, left: Expression, right: Expression, sign: str, view: View, oracle: Oracle) -> Finding:
        """One reading."""
        read = self.readings.read(line, left, right, sign, view, oracle)
        if isinstance(read, Finding):
            return read
        elaborator, claim, condition = read
        if self.readings.assumptions and not elaborator.applied:
            return Finding(None, "what is assumed does not matter here", "undecided", view)
        if view.ranks == "none":
            claim = at_size_one(claim)
        if view.count is not None:
            count_by(elaborator, claim, view.count)
        facts = self.hypotheses.hypotheses(elaborator, line, claim, view)
        labels = dict.fromkeys(bits((left, right)), BIT)
        shares = dict.fromkeys(elaborator.knowledge.below_one, PROBABILITY) if view.positive else {}
        domains = {**labels, **shares, **elaborator.knowledge.domains, **self.facts.domains(line)}
        try:
            asked = obligation(elaborator, claim, condition, facts, domains, POSITIVE if view.positive else None)
        except TooLarge:
            return Finding(None, "the expression grows too large", "undecided", view)
        asked, outcome = without_implied(asked, self.worker.decide(asked), self.worker.decide)
        if isinstance(outcome, Refuted):
            outcome = with_sides(outcome, claim, sign)
        finding = weighed(self.gathered, elaborator, claim, outcome, view, (left, right), [fact for fact, _ in facts], bool(self.readings.assumptions))
        return replace(finding, asked=asked, answers=oracle.settled, known=self.readings.assumptions)
