"""What a comparison looks at, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from derivcheck.decision.outcome import Agreed, Outcome, Proved, Refuted
from derivcheck.derivation.fact import Fact
from derivcheck.derivation.goal import SIGNS, Relating
from derivcheck.elaboration.dependence import Assumption
from derivcheck.elaboration.doubt import Site
from derivcheck.elaboration.elaborator import Elaborator
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import Expression, Name, walk
from derivcheck.term.expected import moments_in
from derivcheck.term.function import free_names
from derivcheck.term.obligation import Obligation
from derivcheck.term.term import Number, Relation, Symbol, Term

GONE = "a derivative by something that does not occur"
OPAQUE = "depends on a quantity that the document does not define"


@dataclass(frozen=True, slots=True)
class View:
    """Which facts a comparison may use.

    ``values``: numbers put in for variables. ``constraints``: equations that are given; ``linked``: those as well that share
    names only with others of them; ``supposed``: and some that are claimed and undecided. ``far``: what other problems say. ``ranks``: how many axes names have, as the whole scope
    tells (``scope``), as its own section does (``section``), as the statement alone tells (``statement``), two for every capital
    that may be a matrix (``matrices``), or none
    (``none``). ``alone``: what depends on what is taken from the members alone. ``positive``: every name whose range is
    not told is positive, and less than one where roots need that. ``formal``: no definition is used, as for the chain rule. ``later``: definitions that come
    later are. ``symmetric``: covariances and what is said to be symmetric is so. ``stationary``: a derivative that is zero
    somewhere may be so here. ``count``: a name that is the size of whatever has none.
    ``joint``: probabilities are brought to joint form. ``only``: no facts but those that are supposed. ``beside``:
    equations given in sections beside the line's own, too, which may acquit it.
    """

    values: bool = False
    constraints: bool = False
    linked: bool = False
    supposed: tuple[Fact, ...] = ()
    far: bool = False
    ranks: str = "scope"
    alone: bool = False
    positive: bool = False
    formal: bool = False
    later: bool = False
    symmetric: bool = False
    stationary: bool = True
    count: str | None = None
    joint: bool = False
    only: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a comparison. ``kind``: ``decided``, ``undecided``, ``unreadable`` or ``misfit``.

    ``asked`` is what was decided, in the reading that ``answers`` gives. ``is_inferred``: it rests on more than the
    document says. ``known`` are the derivatives that were taken to be known. ``vanished``: something was differentiated
    by what it does not contain, as in a reading that nobody means. ``is_firm``: sizes that the document names clash in
    every plausible reading. ``doubted``: a refutation that rests on what nobody defined. ``sketched``: a chain rule that
    holds if the quantities depend on each other as it is written. ``is_expanded``: a recurrence was put in.
    ``posed``: the members that a right side was judged by, where they are not those of the step. ``is_suspected``: it refutes what words
    suggest rather than what is written, so only an edit that mends the step tells that it is wrong.
    """

    outcome: Outcome | None
    reason: str = ""
    kind: str = "decided"
    view: View = View()
    shapes: tuple | None = None
    is_firm: bool = False
    vanished: bool = False
    used: frozenset[int] = frozenset()
    unknown: frozenset[str] = frozenset()
    assumed: frozenset[str] = frozenset()
    relating: Relating | None = None
    is_inferred: bool = False
    known: tuple[Assumption, ...] = ()
    asked: Obligation | None = None
    answers: Mapping[Site, int] = field(default_factory=dict)
    doubted: Refuted | None = None
    sketched: bool = False
    is_expanded: bool = False
    posed: Callable[[Expression], tuple[Expression, Expression]] | None = None
    is_suspected: bool = False

    @property
    def holds(self) -> bool:
        return isinstance(self.outcome, Proved | Agreed)

    @property
    def fails(self) -> bool:
        return isinstance(self.outcome, Refuted)

    @property
    def is_gone(self) -> bool:
        """Whether something was differentiated by what it does not contain."""
        return self.reason == GONE

    @property
    def is_opaque(self) -> bool:
        """Whether it rests on something that nobody computes, such as an expectation under an unknown law."""
        return self.reason == OPAQUE

    @property
    def relates_same_names(self) -> bool:
        """Whether both sides are made of the same names, and of some."""
        relation = self.relating.relation if self.relating is not None else None
        if not isinstance(relation, Relation):
            return False
        left, right = map(free_names, relation.children[:2])
        return left == right != frozenset()

    @property
    def clashes(self) -> bool:
        """Whether the shapes alone refute a step."""
        return self.kind == "misfit" and self.is_firm

    @property
    def likely(self) -> bool:
        """Whether the evidence rests on facts that are not certain to be in force."""
        return self.is_inferred or self.view.far or self.view.ranks != "scope"


def refuted_names(finding: Finding) -> frozenset[str]:
    """The names that are free in what a finding refutes."""
    return free_names(finding.relating.relation) if finding.relating is not None else frozenset()


def clash(about: str, first: tuple[int | str, ...], second: tuple[int | str, ...], declared: frozenset[str]) -> bool:
    """Whether two shapes that should agree where a misfit says so have different sizes there, both of them ``declared`` ones."""
    pairs: list[tuple[int | str, int | str]] = []
    if about == "inner sizes differ" and first and second:
        pairs = [(first[-1], second[0])]
    elif about in ("the two sides have different shapes", "sizes differ") and len(first) == len(second):
        pairs = list(zip(first, second, strict=True))
    return any(one != other and {one, other} <= declared for one, other in pairs)


def is_entry_beside_array(about: str, first: tuple[int | str, ...], second: tuple[int | str, ...], declared: frozenset[str]) -> bool:
    """Whether one of two sides is a number and the other one an array of ``declared`` sizes: said of an entry, that is no sloppy notation."""
    return about == "the two sides have different shapes" and bool(first) != bool(second) and {*first, *second} <= declared


def shape_of(elaborator: Elaborator, sizes: Sequence[Term]) -> tuple[int | str, ...]:
    """Sizes as they are shown: by number, by letter, or as unknown."""
    shown: list[int | str] = []
    for size in sizes:
        found = elaborator.sizes.find(size)
        if isinstance(found, Symbol):
            shown.append("?" if found.name.startswith("?") else found.name)
        else:
            value = getattr(found, "value", None)
            shown.append(int(value) if value is not None else "?")
    return tuple(shown)


def is_about_numbers(finding: Finding) -> bool:
    """Whether nothing in what a finding relates varies."""
    relation = finding.relating.relation if finding.relating is not None else None
    return relation is not None and not relation.variables and not free_names(relation)


def is_about_same_moments(claim: Relating) -> bool:
    """Whether an equation has no moments on one side that are not on the other: else it may be a condition, and an inequality bounds moments by each other."""
    left, right = (moments_in(value.body) for value in (claim.left, claim.right))
    alike = left == right or (bool(left and right) and (left <= right or right <= left))
    return is_equation(claim) and alike


def is_equation(claim: Relating) -> bool:
    return isinstance(claim.relation, Relation) and claim.relation.sign == "="


def tells_more(finding: Finding, dull: Finding) -> bool:
    """Whether of two readings that came to nothing the later one should be spoken of."""
    if finding.kind != "misfit" or dull.relating is not None:
        return False
    return dull.kind == "unreadable" or (dull.vanished and not finding.vanished)


def kept(members: Sequence[Expression]) -> tuple[Name, ...]:
    """The letters of the last member: numbers are put in for what is gone from it, the rest stands for anything. A number
    can only be equal to what its letters are in numbers.
    """
    if not names_of(members[0]):
        return ()
    return tuple(part for part in walk(members[-1]) if isinstance(part, Name))


def with_sides(refuted: Refuted, claim: Relating, sign: str) -> Refuted:
    """A refutation with the two values in the order of the members: relations are stored as ``<`` and ``≤``, and
    numbers are compared at once.
    """
    if isinstance(claim.left.body, Number) and isinstance(claim.right.body, Number):
        return replace(refuted, left=float(claim.left.body.value), right=float(claim.right.body.value))
    return replace(refuted, left=refuted.right, right=refuted.left) if SIGNS[sign] in (">", "≥") else refuted


def has_same_variables(claim: Relating | None) -> bool:
    """Whether the same indices stand free on both sides; else one that is repeated may be meant to be summed over."""
    return claim is not None and claim.left.body.variables == claim.right.body.variables
