"""How a claim was judged, told as rows of text: what was compared, how it was read, what was known, and what decided it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from math import isfinite

from derivcheck.comparison import Comparer
from derivcheck.decision.outcome import Agreed, Proved, Refuted, Undecided
from derivcheck.derivation.goal import Relating, sides, size_name
from derivcheck.derivation.outline import Line
from derivcheck.derivation.role import Role
from derivcheck.diagnostic import ClaimReport, Place, Verdict
from derivcheck.document import Document
from derivcheck.elaboration.doubt import Oracle, Site
from derivcheck.elaboration.elaborator import Elaborator
from derivcheck.finding import Finding, View
from derivcheck.misgiving import KNOWN
from derivcheck.source import NOWHERE, Span
from derivcheck.step import Step
from derivcheck.term import binder
from derivcheck.term.build import TRUE
from derivcheck.term.obligation import Statement
from derivcheck.term.printer import to_latex
from derivcheck.term.term import Apply, Symbol, Term, Variable
from derivcheck.term.type import DIMENSION, REAL, Domain

Row = tuple[str, tuple[str, ...]]

ROLES = {
    Role.DEFINITION: "a definition",
    Role.CONDITION: "a condition on indices",
    Role.CASE: "says which entries are meant",
    Role.UPDATE: "an update rule",
    Role.LAW: "names a distribution",
    Role.QUESTION: "a question",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison that was made for a claim, and what became of it. The left member of ``step`` is what its right member was compared with."""

    step: Step
    finding: Finding


@dataclass(frozen=True, slots=True)
class Seen:
    """A claim that has just been judged: its report, the relation sign at ``place`` of a line, its role, the comparisons made, and who made them."""

    report: ClaimReport
    line: Line
    place: int
    role: Role
    compared: tuple[Compared, ...]
    comparer: Comparer
    document: Document


def account(seen: Seen) -> list[Row]:
    """The rows that tell how a claim was read and decided, label and lines; the verdict itself is the report's."""
    teller = _Teller(seen)
    if not seen.compared or (seen.role in ROLES and seen.report.verdict is Verdict.GIVEN):
        return teller.given()
    is_definition = seen.role is Role.DEFINITION
    # A definition that says what was known before was compared as if it were not there.
    with seen.comparer.gathered.book.without(seen.line.order) if is_definition else nullcontext():
        return [row for one in seen.compared for row in teller.comparison(one)]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A comparison's members as they were read once more, with the doubts that were met."""

    elaborator: Elaborator
    relating: Relating
    condition: Term


@dataclass(frozen=True, slots=True)
class _Teller:
    seen: Seen

    def given(self) -> list[Row]:
        """The rows of a claim that nothing was compared for."""
        line, place = self.seen.line, self.seen.place
        left, right = line.members[place], line.members[place + 1]
        rows: list[Row] = [("given", (ROLES[self.seen.role],))] if self.seen.role in ROLES else []
        if left is not None and right is not None:
            step = Step(line, place, left, right, line.statement.signs[place].text)
            reading = self._read(step, View(), {})
            if reading is not None:
                rows += self._members(reading, View(), {}, self._domains(reading.elaborator), only_right=self.seen.role is Role.DEFINITION)
        return rows

    def comparison(self, one: Compared) -> Iterator[Row]:
        """What was compared with what, how it was read, what was known, and the outcome."""
        step, finding = one.step, one.finding
        about = self._about(step)
        if about is not None:
            yield about
        reading = self._read(step, finding.view, finding.answers)
        if reading is not None:
            domains = dict(finding.asked.domains) if finding.asked is not None else self._domains(reading.elaborator)
            yield from self._members(reading, finding.view, finding.answers, domains)
        yield from _row("follows", self._used(finding))
        yield from _row("given", self._hypotheses(finding))
        if self.seen.report.verdict is Verdict.GIVEN:
            yield "given", ("nothing to check: it is taken to hold",)
        else:
            yield "outcome", tuple(_outcome(self.seen.comparer.at_smallest(finding, step.sign)))

    def _about(self, step: Step) -> Row | None:
        """What the right member was compared with, where that is not the member before the sign."""
        if step.left.span == NOWHERE or (step.starts and step.left is step.line.members[0]):
            return None
        label = "before" if step.left is step.line.members[step.place] or self._is_last(step) else "head"
        return label, (self._quoted(step.left.span),)

    def _is_last(self, step: Step) -> bool:
        """Whether the left member of a step is not what its chain is about: the head is compared with first."""
        return step is not self.seen.compared[0].step

    def _read(self, step: Step, view: View, answers: dict[Site, int]) -> _Reading | None:
        """The members as they were read in a comparison; None where they could not be."""
        read = self.seen.comparer.readings.read(step.line, step.left, step.right, step.sign, view, Oracle(dict(answers)))
        return None if isinstance(read, Finding) else _Reading(*read)

    def _members(self, reading: _Reading, view: View, answers: dict[Site, int], domains: dict[str, Domain], only_right: bool = False) -> Iterator[Row]:
        names = {variable: letter for letter, variable in reading.elaborator.free.items()}
        names |= _letters(reading.relating.variables, names.values())
        read = sides(reading.elaborator, reading.relating)
        left, right = (to_latex(side, {v: names[v] for v in side.variables & names.keys()}) for side in read)
        if not only_right:
            yield "left", (left,)
        yield "right", (right,)
        yield from _row("for all", [_reach(reading, variable, names) for variable in _free(reading)])
        if reading.condition is not TRUE:
            yield "where", (to_latex(reading.condition, names),)
        yield from _row("doubts", self._doubts(reading.elaborator.oracle, answers))
        yield from _row("names", _names(reading, read[1:] if only_right else read, domains))
        yield from _row("taken", _taken(view))

    def _domains(self, elaborator: Elaborator) -> dict[str, Domain]:
        return {**elaborator.knowledge.domains, **self.seen.comparer.facts.domains(self.seen.line)}

    def _doubts(self, oracle: Oracle, answers: dict[Site, int]) -> Iterable[str]:
        """Each doubt that was met, and how it was settled."""
        found: dict[str, None] = {}
        for (span, about), penalties in oracle.asked.items():
            if len(penalties) > 1:
                taken = min(answers.get((span, about), 0), len(penalties) - 1)
                where = "" if span == NOWHERE else f"{self._quoted(span)}: "
                found.setdefault(f"{where}{_settled(about, taken)}")
        return found

    def _used(self, finding: Finding) -> Iterable[str]:
        """The lines whose definitions were put in."""
        lines = self.seen.comparer.gathered.outline.lines
        return [self._quoted(lines[order].statement.span) for order in sorted(finding.used) if lines[order] is not self.seen.line]

    def _hypotheses(self, finding: Finding) -> Iterable[str]:
        """The relations that were taken to hold."""
        for fact in finding.asked.hypotheses if finding.asked is not None else ():
            yield _stated(fact)

    def _quoted(self, span: Span) -> str:
        """A stretch of the document with the line it stands in, where that is another one than the claim's."""
        place = self.seen.document.place(span.start)
        text = " ".join(self.seen.document.source.slice(span).replace("&", " ").split())
        return text if _is_same_line(place, self.seen.report.place) else f"{shown_line(place, self.seen.report.place)}: {text}"


def shown_line(place: Place, reader: Place) -> str:
    """A line as seen from another place: with its cell where that is another one."""
    return f"line {place.line}" if place.cell == reader.cell else f"line {place.line} of cell {place.cell}"


def _is_same_line(one: Place, other: Place) -> bool:
    return (one.line, one.cell) == (other.line, other.cell)


def _row(label: str, lines: Iterable[str]) -> Iterator[Row]:
    found = tuple(lines)
    if found:
        yield label, found


# -- terms


def _free(reading: _Reading) -> list[Variable]:
    relation = reading.relating.relation
    return sorted(relation.variables, key=lambda variable: str(variable.name))


def _letters(variables: Iterable[Variable], taken: Iterable[str]) -> dict[Variable, str]:
    """Letters for the indices of entries that the document gives none."""
    left = iter([letter for letter in "ijklpqrs" if letter not in set(taken)])
    return dict(zip(variables, left, strict=False))


def _reach(reading: _Reading, variable: Variable, names: dict[Variable, str]) -> str:
    """A free index and how far it runs."""
    relating, elaborator = reading.relating, reading.elaborator
    size = dict(zip(relating.variables, relating.sizes, strict=True)).get(variable, elaborator.range_of(variable))
    letter = names.get(variable, str(variable.name).split("~")[0])
    return letter if size is None else rf"{letter} = 1, \dots, {to_latex(size_name(elaborator, relating, size))}"


def _names(reading: _Reading, terms: Iterable[Term], domains: dict[str, Domain]) -> Iterable[str]:
    """What is known of the names that are left in some terms: how many numbers each stands for, and of what kind; alike ones in one line."""
    found: dict[str, dict[str, None]] = {}
    for part in (part for term in terms for part in binder.walk(term)):
        if isinstance(part, Symbol) and not part.name.startswith("?"):
            found.setdefault(_kind(reading, part, domains.get(part.name, REAL)), {}).setdefault(part.name)
        elif isinstance(part, Apply) and part.function not in KNOWN:
            found.setdefault("a function that nothing defines", {}).setdefault(part.function)
    return [f"{', '.join(names)}: {_counted(kind, len(names))}" for kind, names in found.items()]


def _counted(kind: str, count: int) -> str:
    """What some names are, each by itself: ``a size`` of one, ``sizes`` of several."""
    noun, _, rest = kind.removeprefix("a ").partition(" ")
    return " ".join(word for word in (f"{noun}s", rest) if word) if count > 1 and kind.startswith("a ") else kind


def _kind(reading: _Reading, symbol: Symbol, domain: Domain) -> str:
    total = len(symbol.indices)
    if not total and (domain == DIMENSION or symbol.name in reading.elaborator.knowledge.size_names):
        return "a size"
    known = {place: size for (name, axes, place, _), size in reading.elaborator.axis_sizes.items() if name == symbol.name and axes == total}
    sizes = [to_latex(size_name(reading.elaborator, reading.relating, known[place])) if place in known else "?" for place in range(total)]
    amount = " × ".join(sizes)
    within = described(domain)
    return " ".join(word for word in (amount, "numbers" if total else "a number", within) if word)


def described(domain: Domain) -> str:
    """A set of numbers in words, behind the word number; empty for all real ones."""
    if domain.values:
        return f"in {{{', '.join(map(str, domain.values))}}}"
    lower, upper = domain.lower, domain.upper
    bounds = ""
    if lower is not None and upper is not None:
        bounds = f"in ({lower}, {upper})" if domain.open else f"in [{lower}, {upper}]"
    elif lower is not None:
        bounds = f"{'>' if domain.open else '≥'} {lower}"
    elif upper is not None:
        bounds = f"{'<' if domain.open else '≤'} {upper}"
    return " ".join(word for word in (bounds, "(integer)" if domain.integer else "") if word)


def _stated(fact: Statement) -> str:
    names = {reach.variable: str(reach.variable.name).split("~")[0] or "i" for reach in fact.free}
    return to_latex(fact.relation, names if len(set(names.values())) == len(names) else None)


# -- words


def _settled(about: str, taken: int) -> str:
    """How a doubt was settled: the one of its two options, or which reading by likelihood."""
    options = about.split(" or ")
    if len(options) == 2:
        return f"{options[taken]}, not {options[1 - taken]}"
    return f"{about}: {'the likeliest' if not taken else 'a less likely'} reading"


def _taken(view: View) -> Iterator[str]:
    """What was taken besides the definitions in force."""
    if view.values:
        yield "numbers are put in for variables"
    if view.far:
        yield "what other problems say holds here as well"
    if view.later:
        yield "definitions that come later hold here as well"
    if view.formal:
        yield "the quantities depend on each other as the derivatives say, whatever they are defined as"
    if view.symmetric:
        yield "covariances and what is said to be symmetric are symmetric"
    if view.positive:
        yield "what nothing is said of is positive"
    shapes = {"section": "its own section tells", "statement": "the statement alone tells"}
    if view.ranks in shapes:
        yield f"shapes are as {shapes[view.ranks]}"
    elif view.ranks == "none":
        yield "every name stands for a number"


def _outcome(finding: Finding) -> Iterator[str]:
    """What became of a comparison, in one line, and where it was refuted the values."""
    match finding.outcome:
        case Proved(by, scope):
            yield f"proved by {by}{_scoped(scope)}"
        case Agreed(by, points, scope):
            yield f"agrees at {points} points by {by}{_scoped(scope)}"
        case Refuted(by, witness, left, right):
            yield f"refuted by {by}"
            values = ", ".join(f"{name} = {value}" for name, value in (*witness.dimensions, *_shown(witness.indices), *witness.values))
            yield from (f"at {values}",) if values else ()
            yield from (f"left = {left:.6g}, right = {right:.6g}",) if isfinite(left) and isfinite(right) else ()
        case Undecided() | None:
            yield f"open: {finding.reason or 'neither proved nor refuted'}"


def _shown(indices: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    return ((name, value) for name, value in indices if "~" not in name)


def _scoped(scope: str | None) -> str:
    return f", for {scope}" if scope else ""
