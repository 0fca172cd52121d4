"""Diagnoses: known mistakes, and the search for the one small edit of a right side that makes a refuted step true.

Every entry of the shelf proposes repairs; the likeliest human slip is tried first, and the first that is decided to hold names the error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from math import inf

from derivcheck.reading.edit import everywhere, put, signature
from derivcheck.reading.expression import Bracketed, Expression, Sum
from derivcheck.reading.plain import plain
from derivcheck.reading.writer import Unwritable, Writer
from derivcheck.registry import load, names
from derivcheck.repair.bench import Bench
from derivcheck.repair.refutation import INEQUALITIES, Refutation
from derivcheck.repair.row import Row, alike
from derivcheck.repair.site import Site
from derivcheck.source import NOWHERE, Span

MAX_TRIES = 120
MAX_DECISIONS = 6
MAX_SHOWN = 60
LAST = ("does-not-follow", "type")
# What looks at little more than the step itself: a slip that it finds below this cost is the likeliest one, whatever the others say.
QUICK = ("sign", "bracket", "rounding", "softmax-jacobian")
QUICK_COST = 1.05


@dataclass(frozen=True, slots=True)
class Repair:
    """Another right side, or None where the slip is known and what mends it is not. ``cost``: how unlikely the slip is
    that it undoes; ``message``: what is said of it; ``focus``: the place of the slip.

    ``is_sure``: its values were compared already, so there is nothing to try. ``is_checked``: it needs no decision either, or no fix.
    ``is_suspected``: the slip is said only where nothing mends the step. ``error``: its kind, where it is not that of its diagnosis.
    """

    right: Expression | None
    cost: float
    message: str
    focus: Span | None = None
    is_sure: bool = False
    is_checked: bool = False
    is_suspected: bool = False
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A known mistake. ``error`` is its kind in reports; ``propose`` undoes it in a refuted step, ``plant`` makes it in a right one."""

    code: str
    name: str
    error: str
    propose: Callable[[Workbench], Iterator[Repair]]
    plant: Callable[[Expression], Iterator[Expression]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is wrong with a step: the kind of error, its rule, one sentence, a right side that holds, and the place of the slip."""

    error: str
    code: str
    message: str
    fix: str | None = None
    highlight_span: Span | None = None


@dataclass
class Workbench(Bench):
    """A bench with what it takes to write: the author's spelling."""

    writer: Writer = field(init=False)

    def __post_init__(self) -> None:
        self.writer = Writer(self.step.text, (self.step.right, self.step.left, *self.step.nearby))

    def shown(self, expression: Expression) -> str:
        """An expression in a message."""
        try:
            text = plain(self.writer.latex(expression))
        except Unwritable:
            return "this part"
        return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"

    def focus(self, expression: Expression) -> Span | None:
        """Where an expression of the step stands."""
        if expression.span == NOWHERE:
            return None
        return self.writer.stretch(expression) or expression.span

    def repair(self, site: Site, new: Expression, cost: float, message: str, focus: Expression | None = None, row: Row | None = None) -> Iterator[Repair]:
        """The repair that puts another expression at a site, unless the site would not be mended by it. ``row``: its values, where
        they follow from those of the site."""
        fits = self.fits(site, new) if row is None else site.want is not None and alike(row, site.want)
        if fits is not False:
            where = self.focus(focus if focus is not None else site.expression)
            yield Repair(self.whole(site, new), cost + 0.01 * len(site.path), message, where, is_sure=fits is True)

    def right_with(self, old: Expression, new: Expression) -> Expression | None:
        """The right side with every part that is written like one expression put in by another; None where there is none."""
        wanted = signature(old)
        for part in everywhere(self.step.right):
            if signature(part.expression) == wanted:
                loose = isinstance(new, Sum) and part.path and not isinstance(part.expression, Sum)
                return put(self.step.right, part.path, Bracketed(new, "(", NOWHERE) if loose else new)
        return None


@cache
def _shelf() -> tuple[Diagnosis, ...]:
    found = (load("diagnoses", name) for name in names("diagnoses"))
    return tuple(one for one in found if isinstance(one, Diagnosis))


def diagnose(wrong: Refutation) -> Explanation:
    """What is wrong with a refuted step. Without a repair it is only said that it does not follow."""
    for part, complete in (*_from_equation(wrong), (wrong, None)):
        search = _Search(Workbench(part))
        found = search.mended()
        if found is not None:
            return replace(found, fix=complete(found.fix)) if complete and found.fix else found
    return search.suspected() or _last(search.bench, "type" if wrong.shapes is not None else "does-not-follow")


def _last(bench: Workbench, name: str) -> Explanation:
    """What can be said of every step that is wrong."""
    entry = next(entry for entry in _shelf() if entry.name == name)
    repair = next(entry.propose(bench))
    return Explanation(entry.error, entry.code, repair.message, None, repair.focus)


Completion = Callable[[str], str]


def _from_equation(wrong: Refutation) -> Iterator[tuple[Refutation, Completion | None]]:
    """An equation that follows from another one with the same side: the slip is in what became of the other side.

    With the repaired side comes what makes the whole equation of it, where the left side is the one that is repaired.
    """
    if wrong.obligation is None or not wrong.obligation.hypotheses:
        return
    alone = replace(wrong, obligation=replace(wrong.obligation, hypotheses=()), dimensions=(), indices=(), values=(), sides=None)
    sides = [signature(wrong.left), signature(wrong.right)]
    for before, behind in pairwise(wrong.nearby):
        if signature(behind) == sides[1] and signature(before) != sides[0]:
            tail = f" {wrong.sign} {Workbench(wrong).writer.copied(wrong.right)}"
            relating = wrong.reread.relate(before, wrong.left)
            holds = lambda _, new: wrong.holds(new, wrong.right)  # noqa: E731
            yield replace(alone, left=before, right=wrong.left, relating=relating, holds=holds), lambda text, tail=tail: text + tail
        if signature(before) == sides[0] and signature(behind) != sides[1]:
            relating = wrong.reread.relate(behind, wrong.right)
            yield replace(alone, left=behind, relating=relating, holds=lambda _, new: wrong.holds(wrong.left, new)), None


@dataclass
class _Search:
    """The search for a repair, in two passes that share their tries. ``named``: a slip that is known for sure but not mended;
    ``unwritten``: one that is mended by what nobody can write."""

    bench: Workbench
    tries: int = 0
    decisions: int = 0
    named: Explanation | None = None
    unwritten: Explanation | None = None
    _seen: set[tuple[str, tuple[str, Span | None] | int]] = field(default_factory=set)
    _asked: dict[tuple[str, bool, bool], tuple[Repair, ...]] = field(default_factory=dict)

    def mended(self) -> Explanation | None:
        """The first repair that holds, the likeliest first; what stands around the step is looked at where the step alone does not do.

        None for inequalities: every repair makes the two sides equal.
        """
        bench = self.bench
        if bench.step.sign in INEQUALITIES or not (bench.differs or bench.is_dark or bench.step.shapes is not None):
            return None
        found = self._run()
        if found is None:
            self.bench.deep = True
            found = self._run()
        if found is None and bench.is_about_arrays:
            self.bench = Workbench(bench.step, is_flat=True, deep=True)
            found = self._run()
        return found or self.named or self.unwritten

    def suspected(self) -> Explanation | None:
        """What is likely wrong with a step that nothing mends; None where it could be anything."""
        self.bench = Workbench(self.bench.step)
        found = [(repair.cost, entry, repair) for entry in _shelf() if entry.name not in LAST for repair in self._proposed(entry) if repair.is_suspected]
        for _, entry, repair in sorted(found, key=lambda one: one[0]):
            return Explanation(repair.error or entry.error, entry.code, repair.message, None, repair.focus)
        return None

    def _run(self) -> Explanation | None:
        return (None if self.bench.deep else self._first(QUICK, QUICK_COST)) or self._first([entry.name for entry in _shelf()])

    def _first(self, entries: Sequence[str], most: float = inf) -> Explanation | None:
        """The first repair that holds, of those that some entries propose and that cost no more than ``most``."""
        proposed: list[tuple[float, int, Diagnosis, Repair]] = []
        for entry in _shelf():
            if entry.name not in LAST and entry.name in entries:
                made = (repair for repair in self._proposed(entry) if repair.cost <= most)
                proposed += [(repair.cost, len(proposed) + k, entry, repair) for k, repair in enumerate(made)]
        for _, _, entry, repair in sorted(proposed, key=lambda one: one[:2]):
            key = (entry.code, id(repair) if repair.is_sure or repair.is_checked else (repair.message, repair.focus))
            if not repair.is_suspected and key not in self._seen:
                self._seen.add(key)
                found = self._tried(entry, repair)
                if found is not None:
                    return found
        return None

    def _holds(self, right: Expression) -> bool:
        """Whether the step with another right side is decided to hold."""
        step = self.bench.step
        return (step.acquits if self.bench.is_flat else step.holds)(step.left, right)

    def _proposed(self, entry: Diagnosis) -> tuple[Repair, ...]:
        """What an entry proposes for the bench as it is, asked once."""
        key = (entry.name, self.bench.deep, self.bench.is_flat)
        if key not in self._asked:
            self._asked[key] = tuple(entry.propose(self.bench))
        return self._asked[key]

    def _tried(self, entry: Diagnosis, repair: Repair) -> Explanation | None:
        """The finding that a repair makes, if it holds."""
        known = Explanation(repair.error or entry.error, entry.code, repair.message, None, repair.focus)
        if repair.right is None and repair.is_checked:
            return known
        if repair.right is None:
            self.named = self.named or known
            return None
        if not repair.is_sure and self.bench.step.is_series:
            return None
        if not (repair.is_sure or self.bench.is_dark):
            self.tries += 1
            if self.tries > MAX_TRIES or self.bench.step.reread.is_spent or not self.bench.agrees(repair.right):
                return None
        if not repair.is_checked:
            self.decisions += 1
            if self.decisions > MAX_DECISIONS or not self._holds(repair.right):
                return None
        made = replace(self.named or known, fix=_written(self.bench, repair))
        if made.fix is None:
            self.unwritten = self.unwritten or made
            return None
        return made


def _written(bench: Workbench, repair: Repair) -> str | None:
    """The repaired right side as the author would write it, if it reads as it is meant."""
    assert repair.right is not None
    try:
        text = bench.writer.latex(repair.right)
    except Unwritable:
        return None
    if bench.step.read is None or repair.is_checked or bench.step.is_series:
        return text
    return text if any(bench.is_dark or bench.agrees(again) for again in bench.step.read(text)) else None
