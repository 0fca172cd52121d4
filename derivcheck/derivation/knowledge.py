"""What a document says of its names, gathered from all of its lines before any of them is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from derivcheck.derivation.algebra import noncommuting
from derivcheck.derivation.amount import amounts
from derivcheck.derivation.argument import arguments
from derivcheck.derivation.chance import densities, randomness
from derivcheck.derivation.condition import sentence_starts
from derivcheck.derivation.convention import (
    covariances,
    has_imaginary,
    logarithmic_base,
    normalized,
    recursive,
    replaced,
    special,
    told_by_what_they_do,
    varying_constants,
)
from derivcheck.derivation.counterpart import aliases, entries_of_capitals, stacks, with_entries
from derivcheck.derivation.decomposition import Decomposition, decompositions, with_parts
from derivcheck.derivation.definable import FIXED
from derivcheck.derivation.dependence import (
    Dependence,
    Pair,
    dependences,
    earliest,
    gradients,
    hatless,
    hatted,
    latest,
    pairs,
    place_letters,
    sought_by_slopes,
    step_letters,
)
from derivcheck.derivation.domain import below_one, domains
from derivcheck.derivation.extent import averaged, axes, counted_from_zero, index_letters, memberships, sampled, size_letters, undisputed
from derivcheck.derivation.flattening import single_entries
from derivcheck.derivation.implicit import constants, implicit
from derivcheck.derivation.implied import imply
from derivcheck.derivation.matrix import capitals
from derivcheck.derivation.observation import Observed, observed, told_one_by_one
from derivcheck.derivation.outline import Line, Outline, members_of
from derivcheck.derivation.property import Kinds, Property, kinds, properties, symmetric_case
from derivcheck.derivation.prose import says_elementwise, says_gradients_keep_shape
from derivcheck.derivation.role import EQUALITIES, Role, Roles
from derivcheck.derivation.sets import set_names
from derivcheck.derivation.shape import matrix_names
from derivcheck.derivation.unrolled import Sequences
from derivcheck.elaboration.book import Book, Definition, Scope, is_around, near
from derivcheck.elaboration.declaration import declarations, size_names
from derivcheck.elaboration.knowledge import Knowledge
from derivcheck.elaboration.rank import Ranks
from derivcheck.elaboration.rows import rows
from derivcheck.elaboration.usage import is_capital
from derivcheck.latex.command import MEMBERSHIPS
from derivcheck.notation import table
from derivcheck.reading.content import has_derivative, in_plain_type, names_of
from derivcheck.reading.custom import CONSTANTS
from derivcheck.reading.edit import signature
from derivcheck.reading.entropy import ENTROPIES
from derivcheck.reading.expression import (
    Call,
    Comparison,
    Differential,
    Expression,
    Gradient,
    Literal,
    Name,
    Transpose,
    Unread,
    is_plain,
    walk,
)
from derivcheck.source import NOWHERE

MAX_KNOWN = 256


@dataclass(slots=True)
class Gathered:
    """The knowledge of a document, scope by scope, and the role of each relation: (line, place of the sign).

    ``properties``: what words tell as equations; ``kinds``: what they call names; ``data``: numbers that they list; ``decompositions``: what they say matrices are made of. ``sentences``: for each line the first one of its sentence. ``tellers``: lines whose words put
    something in the place of a name, or tell it by what it does. ``numbers``: those that are put in for names, by the line that tells them.
    """

    outline: Outline
    work: Roles
    properties: tuple[Property, ...] = ()
    kinds: Kinds = field(default_factory=Kinds)
    data: tuple[Observed, ...] = ()
    decompositions: tuple[Decomposition, ...] = ()
    steps: frozenset[str] = field(init=False)
    places: frozenset[str] = field(init=False)
    sentences: list[int] = field(init=False)
    tellers: list[Line] = field(init=False)
    numbers: dict[int, list[Definition]] = field(init=False, default_factory=dict)
    _known: dict[tuple, Knowledge] = field(default_factory=dict)
    _since: dict[tuple, Knowledge] = field(default_factory=dict)
    _at: dict[tuple[int, int | None], Knowledge] = field(default_factory=dict)
    _depends: dict[tuple, tuple[Sequence[Expression], dict[str, Dependence]]] = field(default_factory=dict)
    _around: dict[tuple[int, ...], list[Line]] = field(default_factory=dict)
    _relevant_to: dict[tuple[tuple[int, ...], int], list[Line]] = field(default_factory=dict)
    _pairs: dict[tuple[int, ...], list[Pair]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.steps = step_letters(members_of(self.outline.lines))
        self.places = place_letters(members_of(self.outline.lines))
        self.sentences = sentence_starts(self.outline.lines)
        self.tellers = [line for line in self.outline.lines if replaced((line,)) or told_by_what_they_do((line,))]

    @property
    def book(self) -> Book:
        return self.work.book

    @property
    def roles(self) -> dict[tuple[int, int], Role]:
        return self.work.roles

    @property
    def declares_layout(self) -> bool:
        """Whether the document says what shape a derivative has: then that may be the transposed one."""
        return any(line.statement.membership and line.members[0] is not None and has_derivative(line.members[0]) for line in self.outline.lines)

    def reach(self, line: Line) -> None:
        """Takes note that a line is reached: data that hold up to it are put in no more, nor what was worked out from numbers that it tells anew."""
        for told in self.numbers.get(line.order, ()):
            self.book.renew(told)
        for one in [one for data in self.data if data.end == line.order for one in data.definitions]:
            self.book.drop(one)

    def takes_apart(self, line: Line) -> bool:
        """Whether a line tells what a matrix is made of by a decomposition."""
        found = (one.definition.right for one in self.decompositions if one.is_whole and one.line.order == line.order)
        return any(not all(map(self.book.is_defined, names_of(right))) for right in found)

    def at(self, line: Line, far: bool = False) -> Knowledge:
        """The knowledge where a line stands from the lines that certainly hold there; ``far``: from all lines of the document."""
        key = (line.order, self.book.edition if far else None)
        if key not in self._at:
            known = self._from(self._relevant(line.scope) if far else self._near(line.scope), line)
            case = symmetric_case(line)
            self._at[key] = replace(known, symmetric=known.symmetric | case) if case else known
        return self._at[key]

    def _from(self, lines: Sequence[Line], here: Line) -> Knowledge:
        """The knowledge from some lines; what a directive states holds from where it stands. What is said around a line goes before
        what is said in a section beside it.
        """
        lines = [line for line in lines if not line.is_directive or line.order <= here.order]
        lines = sorted(lines, key=lambda line: (not is_around(line.scope, here.scope), -len(line.scope) if is_around(line.scope, here.scope) else 0))
        key = here.scope, tuple(line.order for line in lines)
        if key not in self._known:
            scopes, orders = {line.scope for line in lines}, {line.order for line in lines}

            def holds(line: Line) -> bool:
                return line.order in orders if line.is_directive else line.scope in scopes

            told = [one for one in self.properties if holds(one.line)]
            with self.book.without(None):
                self._known[key] = _knowledge(self.outline, lines, here.scope, self.book, told, self.kinds.where(holds))
        known = self._known[key]
        before = [line for line in self.tellers if line.order < here.order and line.order in set(key[1])]
        gone, acting = replaced(before) - self.outline.vocabulary.indices, told_by_what_they_do(before)
        if (gone or acting) and (key, gone, acting) not in self._since:
            self._since[key, gone, acting] = replace(known, replaced=gone, special=known.special | acting)
        return self._since[key, gone, acting] if gone or acting else known

    def within(self, line: Line) -> Knowledge:
        """The knowledge from the lines of a line's scope and those around it, with the definitions and declarations that
        they use from sections beside it.
        """
        lines, scope = self._near(line.scope), line.scope
        own = [one for one in lines if is_around(one.scope, scope) or is_around(scope, one.scope)]
        used = {one.order for one in self._closed(own)}
        anew = {one.name.spelling for left, right in memberships(own) for one in declarations(left, right)}
        beside = {one.order for one in lines if one.statement.membership and not names_of(one.members[0]) & anew}
        return self._from([one for one in lines if one.order in used or one.order in beside], line)

    def is_after_problem(self, line: Line) -> bool:
        """Whether a problem stands before a line, or around it: what is said there may be meant to hold, too."""
        return any(count < 0 for other in self.outline.lines[: line.order + 1] for count in other.scope)

    def of_matrices(self, line: Line, far: bool) -> Knowledge:
        """The knowledge at a line if every capital that may be a matrix is one."""
        lines = self._relevant(line.scope) if far else self._near(line.scope)
        known = self.at(line, far)
        ranks = Ranks(declared=dict(known.ranks.declared))
        for spelling in sorted(capitals(members_of(lines), known)):
            ranks.declare_matrix(spelling)
        ranks.infer(members_of(lines), _equalities(lines))
        return replace(known, ranks=ranks, aliases=aliases(ranks))

    def has_siblings(self, scope: tuple[int, ...]) -> bool:
        """Whether sections beside a scope hold in it."""
        return any(not is_around(line.scope, scope) and not is_around(scope, line.scope) for line in self._near(scope))

    def _near(self, scope: tuple[int, ...]) -> list[Line]:
        if scope not in self._around:
            self._around[scope] = [line for line in self.outline.lines if near(line.scope, scope)]
        return self._around[scope]

    def _relevant(self, scope: tuple[int, ...]) -> list[Line]:
        """The lines near a scope, and those elsewhere that define what these use."""
        key = (scope, self.book.edition)
        if key not in self._relevant_to:
            self._relevant_to[key] = self._closed(self._near(scope))
        return self._relevant_to[key]

    def _closed(self, lines: Sequence[Line]) -> list[Line]:
        """Some lines and those that define what they use."""
        taken = {line.order: line for line in lines}
        pending = list(taken.values())
        while pending:
            line = pending.pop()
            for name in names_of(*line.members):
                known = [one for one in self.book.definitions.get(name, ()) if not one.is_proved and not one.is_value]
                if known and not any(one.order in taken for one in known):
                    chosen = max((one.order for one in known if one.order <= line.order), default=known[0].order)
                    taken[chosen] = self.outline.lines[chosen]
                    pending.append(taken[chosen])
        return sorted(taken.values(), key=lambda line: line.order)

    def with_ranks(self, knowledge: Knowledge, members: Sequence[Expression], flat: bool) -> Knowledge:
        """The knowledge with ranks as these members alone and declarations tell them, or with none at all."""
        if flat:
            entries = single_entries(knowledge.ranks, knowledge.stacks)
            return replace(knowledge, ranks=Ranks(), axes={}, aliases={}, stacks={}, entries=entries)
        ranks = Ranks(declared=dict(knowledge.ranks.declared))
        ranks.infer(list(members), [])
        return replace(knowledge, ranks=ranks, aliases=aliases(ranks))

    def without_bold(self, knowledge: Knowledge, members: Sequence[Expression]) -> Knowledge:
        """The knowledge with the small letters that some members write in plain type as numbers, where bold type elsewhere says otherwise."""
        plain = {name for name in in_plain_type(members) if not is_capital(name)}
        ranks = replace(knowledge.ranks, inferred={key: rank for key, rank in knowledge.ranks.inferred.items() if key[0] not in plain})
        return replace(knowledge, ranks=ranks)

    def dependences(self, line: Line, members: Sequence[Expression], far: bool, alone: bool = False, formal: bool = False) -> dict[str, Dependence]:
        """The unknown functions that the derivatives around a line speak of; ``alone``: those in its own members only;
        ``formal``: as if nothing were defined.
        """
        key = (line.order, *map(id, members), far, alone, formal, self.book.edition)
        if key not in self._depends:
            if len(self._depends) >= MAX_KNOWN:
                self._depends.clear()
            # The members are kept, so that nothing else gets their identity.
            self._depends[key] = members, self._dependences(line, members, far, alone, formal)
        return self._depends[key][1]

    def _dependences(self, line: Line, members: Sequence[Expression], far: bool, alone: bool, formal: bool) -> dict[str, Dependence]:
        along = self.at(line, far).implicit
        own = [pair for pair in pairs([*members, *self._slopes(members)]) if pair[0].spelling not in along]
        if not own:
            return {}
        cut = {} if formal or alone else Sequences(self.book, line.scope, self.places).cut(members)
        around = [] if alone else self._relevant(line.scope) if far else self._near(line.scope)

        def meanings(name: str) -> list[Expression]:
            known = () if formal else self.book.definitions.get(name, ())
            return [one.right for one in known if not one.is_value and (not one.is_proved or one.order <= line.order) and (far or near(one.scope, line.scope))]

        meant = self.at(line, far).hatless
        return dependences(hatted(own, meant), hatted(self._differentiated(around), meant), meanings, dict.fromkeys(self.steps) | latest(members, self.steps)) | cut

    def floor(self, members: Sequence[Expression]) -> dict[str, int]:
        """The earliest members of sequences that a claim is about: those that its left side names."""
        return earliest(members[:1], self.places)

    def _slopes(self, members: Sequence[Expression]) -> list[Expression]:
        """The derivatives that define names in some expressions: \\delta for dL/dz."""
        known = [one.right for name in sorted(names_of(*members)) for one in self.book.definitions.get(name, ()) if not one.is_value]
        return [right for right in known if isinstance(right, Differential | Gradient)]

    def _differentiated(self, lines: Sequence[Line]) -> list[Pair]:
        key = tuple(line.order for line in lines)
        if key not in self._pairs:
            self._pairs[key] = pairs(members_of(lines))
        return self._pairs[key]

    def formal(self, line: Line) -> frozenset[str]:
        """The parameters of the function that a line defines or goes on about."""
        for other in reversed(self.outline.lines[: line.order + 1]):
            first = other.members[0] if other.members else None
            if first is None or other.is_directive:
                continue
            call = self._call(first)
            if call is not None and call.function.spelling not in FIXED and self.book.is_defined(call.function.spelling):
                return frozenset(argument.spelling for argument in call.arguments if is_plain(argument))
            return frozenset()
        return frozenset()

    def _call(self, member: Expression) -> Call | None:
        """The application that a member is, with the parameters put in where it is a partial derivative: ``f_{xy}``."""
        if isinstance(member, Name) and member.indices:
            return self.book.with_parameters(member.spelling, member.indices)
        return member if isinstance(member, Call) else None


def gather(outline: Outline) -> Gathered:
    """The knowledge of a document."""
    roles = Roles(outline.vocabulary, frozenset((*table().words, *outline.functions)), constants=CONSTANTS - varying_constants(members_of(outline.lines)))
    roles.take(outline.lines)
    imply(outline.lines, roles.book)
    told = outline.lines, outline.prose
    parts = tuple(decompositions(*told))
    known = (*properties(*told), *(one for _, hidden in parts for one in hidden))
    called = with_parts(kinds(*told), [one for one, _ in parts])
    gathered = Gathered(outline, roles, known, called, tuple(observed(outline, roles.book)), tuple(one for one, _ in parts))
    for definition in [*amounts(outline), *told_one_by_one(outline.lines, roles.book)]:
        roles.book.add(definition)
    for number_told in [one for definitions in roles.book.definitions.values() for one in definitions if one.is_value]:
        gathered.numbers.setdefault(number_told.order, []).append(number_told)
    for definition in [one for data in gathered.data for one in data.definitions]:
        roles.book.add(definition)
    _prune(gathered)
    return gathered


def _prune(gathered: Gathered) -> None:
    """Takes definitions out of the book whose right sides cannot be read; they can be facts for nobody."""
    for _ in range(3):
        broken = [one for definitions in gathered.book.definitions.values() for one in definitions if not _is_readable(one)]
        if not broken:
            return
        for definition in broken:
            gathered.work.promote(gathered.outline.lines, definition)


def _is_readable(definition: Definition) -> bool:
    parts = walk(definition.right)
    if any(isinstance(part, Unread) for part in parts):
        return False
    return not any(isinstance(part, Comparison) and part.sign in MEMBERSHIPS for part in parts)


def _knowledge(outline: Outline, lines: Sequence[Line], scope: Scope, book: Book, told: Sequence[Property], called: Kinds) -> Knowledge:
    """What some lines tell. They come the nearest first, which counts where shapes are stated twice; elsewhere their order in the document counts."""
    nearest, lines = lines, sorted(lines, key=lambda line: line.order)
    shaped = memberships(undisputed(nearest, scope))
    expressions = [*members_of(lines), *(side for one in told for side in (one.left, one.right))]
    ranks = Ranks()
    members = memberships(lines)
    for left, right in shaped:
        ranks.declare(left, right)
    text = " ".join(words for _, words in outline.prose)
    for spelling in matrix_names(lines, text):
        ranks.declare_matrix(spelling)
    for spelling in sorted({spelling for spelling, _ in called.vectors}):
        ranks.take_for_vector(spelling)
    ranks.infer(expressions, _equalities(lines))
    along = implicit(lines, scope)
    other_letters = aliases(ranks)
    triangular = {spelling: triangle for spelling, triangle, _ in called.triangular}
    apart = frozenset(name for name, _ in called.apart)
    untold = special(lines, apart) - {name for one in told if one.is_firm for name in one.names} - triangular.keys()
    return Knowledge(
        vocabulary=outline.vocabulary,
        ranks=ranks,
        book=book,
        domains=domains(lines, members, (name for name, _ in called.positive)),
        normalized=normalized(lines),
        axes={(spelling, 1, 0): Literal(Fraction(3), NOWHERE) for spelling, _ in called.spatial} | axes(nearest, shaped, members_of(nearest), ranks),
        indexing=index_letters(lines, expressions),
        declared_sizes=frozenset(name for _, right in shaped for name in size_names(right)),
        size_names=size_letters(lines, members, expressions),
        sampled=sampled(expressions),
        from_zero=counted_from_zero(lines),
        symmetric=with_entries(covariances(expressions) | {spelling for spelling, _ in called.symmetric}, other_letters),
        square=frozenset(spelling for spelling, _ in called.square),
        recursive=recursive(lines) - (frozenset(ENTROPIES.values()) if outline.is_of_entropies else frozenset()),
        noncommuting=noncommuting(lines, outline.counts_order),
        below_one=below_one(members_of(lines), book),
        special=with_entries(untold, other_letters),
        apart=apart,
        triangular=triangular | {other_letters[spelling]: triangle for spelling, triangle in triangular.items() if spelling in other_letters},
        functions=outline.functions,
        averaged={letter: size for letter, size in averaged(expressions).items() if len(size) == 1 and not book.is_defined(size)},
        arguments=arguments(lines),
        gradients=gradients(expressions),
        sought=sought_by_slopes(expressions),
        hatless=hatless(expressions),
        aliases=other_letters,
        capitals=entries_of_capitals(ranks, book),
        stacks={spelling: one for spelling, one in stacks(ranks, book, sampled(expressions)).items() if spelling not in apart},
        # A law that a section within this one tells is that of a variable there.
        randomness=randomness([line for line in lines if line.scope == scope or not is_around(scope, line.scope)], book, frozenset(name for name, count in ranks.uses if not count and is_capital(name) and ranks.of(name, 0) == 2)),
        densities=densities(expressions, outline.vocabulary.probabilities),
        base=logarithmic_base(members_of(outline.lines), text),
        imaginary=has_imaginary(expressions),
        varying=varying_constants(expressions),
        sets=set_names(lines),
        elementwise=says_elementwise(text),
        keeps_shape=says_gradients_keep_shape(text),
        free_entropies=outline.is_of_entropies,
        transposed=frozenset(signature(part.body) for expression in expressions for part in walk(expression) if isinstance(part, Transpose)),
        implicit=along,
        constants=constants(lines, along),
        rows=rows(expressions, _equalities(lines), ranks),
    )


def _equalities(lines: Sequence[Line]) -> list[tuple[Expression, Expression]]:
    found = []
    for line in lines:
        for place, sign in enumerate(line.statement.signs):
            left, right = line.members[place], line.members[place + 1]
            if sign.text in EQUALITIES and left is not None and right is not None:
                found.append((left, right))
    return found
