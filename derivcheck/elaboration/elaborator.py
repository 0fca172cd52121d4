"""Expressions to values: names resolved, shapes checked, every sum with its bounds. One elaborator serves one reading of one statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from derivcheck.elaboration import (
    application,
    differentiation,
    drawn,
    ellipsis,
    gradient,
    grid,
    indexing,
    infinitesimal,
    joint,
    letters,
    moment,
    naming,
    primed,
)
from derivcheck.elaboration.book import Definition, Found, Scope
from derivcheck.elaboration.dependence import Assumption, Dependence
from derivcheck.elaboration.doubt import Oracle
from derivcheck.elaboration.head import Head, index_fits
from derivcheck.elaboration.knowledge import Knowledge
from derivcheck.notation import Surroundings, Table, Unreadable, table
from derivcheck.reading.content import number
from derivcheck.reading.expression import (
    Bracketed,
    Call,
    Chance,
    Choice,
    Differential,
    Expression,
    Gradient,
    Gridded,
    Infinitesimal,
    Listed,
    Name,
    Product,
    Sum,
    Unread,
    is_plain,
)
from derivcheck.source import NOWHERE, Span
from derivcheck.term import build
from derivcheck.term.size import Sizes
from derivcheck.term.term import Number, Term, TooLarge, Variable
from derivcheck.term.value import Misfit, Value, comprehension

MAX_DEPTH = 60
MAX_RECURSION = 8
MAX_STEPS = 20_000


@dataclass(slots=True)
class Elaborator:
    """One run: it asks its oracle where there is doubt, and keeps what it learns about sizes, free indices and facts used.

    ``far``: definitions of other problems may be used. ``values``: numbers are put in for variables, other than those
    that are ``kept``. ``depends``: names that stand for an unknown function of what they are differentiated by. ``floor``: for each
    letter that counts the members of a sequence the earliest place that the statement is about; members before it are not unfolded.
    ``stepped``: sequences whose member at that place is not unfolded either, as another one is differentiated by it.
    ``vanished``: something was differentiated by what it does not contain. ``assumptions``: derivatives that are taken
    to be known. ``imaginary``: a letter was met that may be the imaginary unit. ``opaque``: an expectation or the like was met that nothing tells the value of. ``boundless``: the
    sizes of sums without bounds, by their letters. ``formal``: no definition is used. ``later``: those are that come
    later. ``here``: the scope of what is read, for numbers put in. ``joint``: probabilities are brought to joint form. ``missed``: where definitions stand that were
    looked for and may not be used (see ``Book.find``). ``applied``: an assumption came into play.
    """

    knowledge: Knowledge
    oracle: Oracle
    far: bool = False
    values: bool = False
    kept: tuple[Name, ...] = ()
    depends: Mapping[str, Dependence] = field(default_factory=dict)
    floor: Mapping[str, int] = field(default_factory=dict)
    stepped: frozenset[str] = frozenset()
    sizes: Sizes = field(default_factory=Sizes)
    free: dict[str, Variable] = field(default_factory=dict)
    ranges: dict[Term, Term] = field(default_factory=dict)
    axis_sizes: dict[tuple, Term] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    uncertain: set[int] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    in_progress: list[tuple[Definition, tuple[Term, ...]]] = field(default_factory=list)
    vanished: bool = False
    opaque: bool = False
    imaginary: bool = False
    formal: bool = False
    later: bool = False
    here: Scope | None = None
    symmetric: bool = False
    joint: bool = False
    assumptions: tuple[Assumption, ...] = ()
    assumed: set[str] = field(default_factory=set)
    arguments: dict[tuple[str, int, int], tuple[Term, ...]] = field(default_factory=dict)
    missed: set[str] = field(default_factory=set)
    applied: bool = False
    boundless: dict[str, list[Term]] = field(default_factory=dict)
    depth: int = 0
    steps: int = 0
    _unfolded: dict[tuple, tuple[Definition, Value, Knowledge]] = field(default_factory=dict)
    _table: Table = field(default_factory=table)

    # -- the way in

    def value(self, expression: Expression, around: Surroundings) -> Value:
        """What an expression comes to.

        Errors: Unreadable where it is not understood, Misfit where shapes do not fit, TooLarge where it outgrows its limits.
        """
        self.steps += 1
        if self.depth > MAX_DEPTH or self.steps > MAX_STEPS:
            raise TooLarge("too much to unfold")
        if isinstance(expression, Choice):
            return self.value(self.chosen(expression), around)
        if isinstance(expression, Unread):
            raise Unreadable(expression.span, expression.expected, expression.found)
        form = self._table.forms.get(type(expression))
        if form is None:
            raise Unreadable(expression.span, "notation that is known", type(expression).__name__.lower())
        self.depth += 1
        try:
            return form(self, expression, around)
        finally:
            self.depth -= 1

    def fork(self, oracle: Oracle) -> Elaborator:
        """The same elaborator after what it has read so far; what either of them reads from here on does not show in the other."""
        boundless = {letter: list(sizes) for letter, sizes in self.boundless.items()}
        own = {name: getattr(self, name).copy() for name in ("sizes", "free", "ranges", "axis_sizes", "used", "uncertain", "unknown", "assumed", "arguments", "missed", "_unfolded")}
        return replace(self, oracle=oracle, boundless=boundless, **own)

    def number(self, expression: Expression, around: Surroundings) -> Term:
        """The number that an expression comes to. Errors: Misfit where it is an array."""
        value = self.value(expression, around)
        if not value.is_number:
            raise Misfit("a number was expected, not an array", value.sizes)
        return value.body

    def chosen(self, choice: Choice) -> Expression:
        """The option that the oracle takes."""
        penalties = tuple(penalty for _, penalty in choice.options)
        return choice.options[self.oracle.pick(choice.span, choice.about, penalties)][0]

    def settled(self, expression: Expression) -> Expression:
        """An expression without the brackets and doubts around it."""
        while isinstance(expression, Bracketed | Choice):
            expression = expression.body if isinstance(expression, Bracketed) else self.chosen(expression)
        return expression

    def hatted(self, expression: Expression) -> Expression:
        """A name that is differentiated: the hatted one, where that is what is meant and the document leaves its hat out."""
        if not isinstance(expression, Name) or expression.spelling not in self.knowledge.hatless:
            return expression
        if not self.oracle.pick(NOWHERE, f"hat left out of {expression.spelling}", (0, 3)):
            return expression
        return replace(expression, spelling=self.knowledge.hatless[expression.spelling])

    def word(self, spelling: str):
        """The meaning of a function word; None where no notation has it."""
        return self._table.words.get(spelling)

    def conventional(self, spelling: str):
        """The function that a letter means by custom where the document leaves it undefined."""
        return self._table.functions.get(spelling)

    def constant(self, spelling: str):
        return self._table.constants.get(spelling)

    # -- indices and sizes

    def index(self, expression: Expression, around: Surroundings) -> Term:
        """An index as an integer term; a letter that nothing binds becomes a free variable."""
        return indexing.index(self, expression, around)

    def counts(self, spelling: str, around: Surroundings) -> bool:
        """Whether a letter that nothing binds is a free index here."""
        knowledge = self.knowledge
        if spelling in knowledge.size_names or spelling not in knowledge.vocabulary.indices or spelling not in knowledge.indexing:
            return False
        return self.find(Head(spelling), around) is None

    def free_variable(self, letter: str) -> Variable:
        if letter not in self.free:
            variable = Variable.of(letter)
            self.free[letter] = variable
            self.ranges[variable] = self.sizes.fresh()
        return self.free[letter]

    def range_of(self, index: Term) -> Term | None:
        """The size up to which an index variable runs; None where it does not run through a whole axis."""
        return self.ranges.get(index)

    def bind(self, letter: str, size: Term | None) -> Variable:
        """A fresh bound variable that runs up to a size (None: not through a whole axis)."""
        variable = Variable.fresh(letter)
        if size is not None:
            self.ranges[variable] = size
        return variable

    def axis(self, name: str, total: int, place: int, labels: tuple[Term, ...]) -> Term:
        """The size of one axis of a family; ``labels`` are numbers that tell arrays of the same letter apart."""
        key = (name, total, place, labels)
        if key not in self.axis_sizes:
            numbers = tuple(label.value for label in labels if isinstance(label, Number))
            stated = self.knowledge.axes.get((name, total, place, *numbers))
            size = self.knowledge.stated_size(stated) if stated is not None else None
            self.axis_sizes[key] = size if size is not None else self.sizes.fresh()
        return self.axis_sizes[key]

    def link(self, index: Term, size: Term) -> None:
        """An index variable that stands on an axis runs through it.

        Two letters for one size are a slip of the pen that a reader forgives. Errors: Misfit where the sizes are different numbers.
        """
        reach = self.range_of(index)
        if reach is None or self.sizes.unify(reach, size):
            return
        if isinstance(self.sizes.find(reach), Number) or isinstance(self.sizes.find(size), Number):
            raise Misfit("an index runs through axes of different sizes", (reach,), (size,))
        self.oracle.extra += 3

    # -- families

    def family(self, spelling: str, indices: Sequence[Term], rank: int) -> Value:
        """An undefined name with indices and ``rank`` axes left: entries of a family of unknown numbers."""
        indices = tuple(indices)
        total = len(indices) + rank
        labels = tuple(index if isinstance(index, Number) else build.UNDEFINED for index in indices) if rank else ()
        for place, index in enumerate(indices):
            if isinstance(index, Variable):
                self.link(index, self.axis(spelling, total, place, labels))
        sizes = tuple(self.axis(spelling, total, len(indices) + place, labels) for place in range(rank))
        if total == 2 and spelling in self.knowledge.square:
            self.sizes.unify(self.axis(spelling, 2, 0, labels), self.axis(spelling, 2, 1, labels))
        return comprehension(sizes, lambda *rest: build.symbol(spelling, *indices, *rest))

    # -- definitions

    def find(self, use: Head, around: Surroundings) -> Found | None:
        """The definition in force for a use; one that is not certain is remembered as such."""
        if self.formal:
            return None
        book = self.knowledge.book
        found = book.find(use, around.order, around.scope, self.far, around.now, self.values, self.later, self.here, self.missed)
        if found is not None and found.definition.is_value and self._is_kept(use) and number(found.definition.right) is not None:
            found = book.find(use, around.order, around.scope, self.far, around.now, False, self.later, self.here, self.missed)
        if found is not None and not found.certain:
            self.uncertain.add(found.definition.order)
        return found

    def _is_kept(self, use: Head) -> bool:
        """Whether numbers are not put in for a use: a name is kept with its number below, or with a letter there for all of its family."""
        alike = [name.indices for name in self.kept if name.spelling == use.spelling]
        return any(len(indices) != len(use.indices) or all(map(index_fits, indices, use.indices)) for indices in alike)

    def unfolded(self, definition: Definition, at: tuple[Term, ...], inside: Surroundings) -> Value:
        """A definition's right side where it is used at some indices. What it comes to once it comes to wherever the same holds around it."""
        busy = tuple((id(one), place) for one, place in self.in_progress)
        bound, held = tuple(inside.bound.items()), inside.held
        key = (id(definition), at, bound, held, inside.samples, inside.now, busy, self.sizes.restored, id(self.knowledge))
        known = self._unfolded.get(key)
        if known is not None:
            return known[1].renewed()
        with self.unfolding(definition, at):
            value = self.value(definition.right, inside)
        # The definition and the knowledge are kept, so that nothing else gets their identity.
        self._unfolded[key] = (definition, value, self.knowledge)
        return value

    @contextmanager
    def unfolding(self, definition: Definition, at: tuple[Term, ...] = ()) -> Iterator[None]:
        """A guard around the elaboration of a definition's right side; it keeps a definition from unfolding in itself.

        ``at`` are the indices of its use: a recursion may unfold at other numbers than those at which it is unfolding already.
        """
        self.in_progress.append((definition, at))
        self.used.add(definition.order)
        try:
            yield
        finally:
            self.in_progress.pop()

    def is_unfolding(self, definition: Definition, at: tuple[Term, ...] = ()) -> bool:
        busy = [other for one, other in self.in_progress if one is definition]
        is_recursive = bool(at) and all(isinstance(index, Number) for index in at) and at not in busy and len(busy) < MAX_RECURSION
        return bool(busy) and not (is_recursive and all(busy))

    # -- names, applications, derivatives, dots

    def named(self, name: Name, around: Surroundings) -> Value:
        return naming.named(self, name, around)

    def spread(self, name: Name, value: Value) -> Value:
        return naming.spread(self, name, value)

    def called(self, call: Call, around: Surroundings) -> Value:
        return application.called(self, call, around)

    def chance(self, expression: Chance, around: Surroundings) -> Value:
        return application.chance(self, expression, around)

    def unknown_call(self, call: Call, around: Surroundings) -> Value:
        return application.unknown(self, call, around)

    def weighed(self, below: Expression | None, body: Expression, around: Surroundings) -> Value | None:
        return joint.weighed(self, below, body, around)

    def divergence(self, one: Expression, other: Expression, around: Surroundings) -> Term | None:
        told = drawn.divergence(self, one, other, around)
        return joint.divergence(self, one, other, around) if told is None and self.joint else told

    def told_chance(self, expression: Chance, around: Surroundings) -> Value | None:
        return application.told_chance(self, expression, around)

    def primed(self, expression: Expression, around: Surroundings) -> Value:
        return primed.primed(self, expression, around)

    def differential(self, expression: Differential, around: Surroundings) -> Value:
        return differentiation.differential(self, expression, around)

    def gradient(self, expression: Gradient, around: Surroundings) -> Value:
        return gradient.gradient(self, expression, around)

    @property
    def along(self) -> dict[str, str]:
        """The quantities that an equation makes functions of a variable, with that; not those for which a formula is tried."""
        tried = self.knowledge.book.definitions
        return {name: by for name, by in self.knowledge.implicit.items() if not any(one.is_supposed for one in tried.get(name, ()))}

    def in_space(self, body: Expression, by: tuple[Name, ...], space: Sequence[Name], around: Surroundings) -> Value:
        return gradient.in_space(self, body, by, space, around)

    def infinitesimal(self, expression: Infinitesimal, around: Surroundings) -> Value:
        return infinitesimal.infinitesimal(self, expression, around)

    def dotted_sum(self, expression: Sum, around: Surroundings) -> Value:
        return ellipsis.dotted_sum(self, expression, around)

    def dotted_product(self, expression: Product, around: Surroundings) -> Value:
        return ellipsis.dotted_product(self, expression, around)

    def listed(self, expression: Listed, around: Surroundings) -> Value:
        return ellipsis.listed_value(self, expression, around)

    def gridded(self, expression: Gridded, around: Surroundings) -> Value:
        return grid.gridded_value(self, expression, around)

    def vector(self, items: Sequence[Expression], span: Span, around: Surroundings) -> Value:
        return ellipsis.vector(self, items, span, around)

    def entry(self, value: Value, indices: Sequence[Term]) -> Value:
        """The entry of an array at leading indices; fewer indices than axes leave an array. Errors: Misfit."""
        if len(indices) > value.rank:
            raise Misfit("more indices than axes", value.sizes)
        for index, size in zip(indices, value.sizes, strict=False):
            if isinstance(index, Variable):
                self.link(index, size)
        rest = value.variables[len(indices) :]
        return Value(value.at(*indices, *rest), rest, value.sizes[len(indices) :])

    def counted(self, expression: Expression, around: Surroundings, beside: Expression | None = None) -> Value:
        """A side of a condition: a lone letter that counts is an index, and so is what is chosen for one ``beside`` such a letter; anything else a value."""
        if self._is_index(expression, around):
            return Value(self.index(expression, around))
        chosen = indexing.chosen_index(self, expression, around) if beside is not None and self._is_index(beside, around) else None
        return self.value(expression, around) if chosen is None else Value(chosen)

    def _is_index(self, expression: Expression, around: Surroundings) -> bool:
        is_free = is_plain(expression) and expression.spelling not in around.bindings
        return is_free and (expression.spelling in around.bound or self.counts(expression.spelling, around))

    def running_letter(self, expression: Expression) -> str | None:
        return letters.running(self, expression)

    # -- random variables

    def mean(self, term: Term, around: Surroundings, given: Sequence[Term] = ()) -> Term | None:
        return moment.mean(self, term, around, given)

    def named_moment(self, name: Name, around: Surroundings) -> Term | None:
        return moment.named_moment(self, name, around)

    def mean_of_drawn(self, below: Expression, argument: Expression, around: Surroundings) -> Value | None:
        return drawn.mean_of_drawn(self, below, argument, around)

    def variance(self, term: Term, around: Surroundings, given: Sequence[Term] = ()) -> Term | None:
        return moment.covariance(self, term, term, around, given)

    def covariance(self, one: Term, other: Term, around: Surroundings) -> Term | None:
        return moment.covariance(self, one, other, around)
