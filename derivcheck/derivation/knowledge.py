"""What a document says of its names, gathered from all of its lines before any of them is decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from derivcheck.derivation.convention import normalized
from derivcheck.derivation.dependence import Dependence, bare, dependences, hatless, hatted, pairs
from derivcheck.derivation.domain import domains, symbol_of
from derivcheck.derivation.outline import Line, Outline
from derivcheck.derivation.prose import function_names, says_elementwise, says_prime_is_transpose
from derivcheck.derivation.role import EQUALITIES, Role, Roles
from derivcheck.elaboration.book import Book, Definition, Head, holds_in
from derivcheck.elaboration.declaration import declarations, size_names
from derivcheck.elaboration.elaborator import Knowledge
from derivcheck.elaboration.rank import Ranks
from derivcheck.elaboration.same import same
from derivcheck.latex.command import MEMBERSHIPS
from derivcheck.notation import table
from derivcheck.reading.expression import (
    Binder,
    Bracketed,
    Call,
    Comparison,
    Dots,
    Expression,
    Gradient,
    Gridded,
    Listed,
    Literal,
    Name,
    Transpose,
    Unread,
    children,
    walk,
)
from derivcheck.source import NOWHERE


@dataclass(slots=True)
class Gathered:
    """The knowledge of a document, scope by scope, and the role of each relation: (line, place of the sign)."""

    outline: Outline
    work: Roles
    _known: dict[tuple[int, ...], Knowledge] = field(default_factory=dict)

    @property
    def book(self) -> Book:
        return self.work.book

    @property
    def roles(self) -> dict[tuple[int, int], Role]:
        return self.work.roles

    def at(self, scope: tuple[int, ...], far: bool = False) -> Knowledge:
        """The knowledge for a scope from the lines that certainly hold there; ``far``: from all lines of the document."""
        lines = self._relevant(scope) if far else self._near(scope)
        key = tuple(line.order for line in lines)
        if key not in self._known:
            self._known[key] = _knowledge(self.outline, lines, self.book)
        return self._known[key]


    def _near(self, scope: tuple[int, ...]) -> list[Line]:
        return [line for line in self.outline.lines if near(line.scope, scope)]

    def _relevant(self, scope: tuple[int, ...]) -> list[Line]:
        """The lines near a scope, and those elsewhere that define what these use."""
        taken = {line.order: line for line in self._near(scope)}
        pending = list(taken.values())
        while pending:
            line = pending.pop()
            used = {part.spelling for member in line.members if member is not None for part in walk(member) if isinstance(part, Name)}
            for name in used:
                known = [one for one in self.book.definitions.get(name, ()) if not one.is_proved and not one.is_value]
                if known and not any(one.order in taken for one in known):
                    chosen = max((one.order for one in known if one.order <= line.order), default=known[0].order)
                    taken[chosen] = self.outline.lines[chosen]
                    pending.append(taken[chosen])
        return sorted(taken.values(), key=lambda line: line.order)

    def with_ranks(self, knowledge: Knowledge, members: Sequence[Expression], flat: bool) -> Knowledge:
        """The knowledge with ranks as these members alone and declarations tell them, or with none at all."""
        if flat:
            return replace(knowledge, ranks=Ranks(), axes={}, aliases={})
        ranks = Ranks(declared=dict(knowledge.ranks.declared))
        ranks.infer(list(members), [])
        return replace(knowledge, ranks=ranks, aliases=_aliases(ranks))

    def dependences(self, line: Line, members: Sequence[Expression], far: bool, alone: bool = False, formal: bool = False) -> dict[str, Dependence]:
        """The unknown functions that the derivatives around a line speak of; ``alone``: those in its own members only; ``formal``: as if nothing were defined."""
        own = pairs(members)
        if not own:
            return {}
        around = [] if alone else self._relevant(line.scope) if far else self._near(line.scope)

        def meanings(name: str) -> list[Expression]:
            known = () if formal else self.book.definitions.get(name, ())
            return [one.right for one in known if not one.is_value and (not one.is_proved or one.order <= line.order) and (far or near(one.scope, line.scope))]

        meant = self.at(line.scope, far).hatless
        return dependences(hatted(own, meant), hatted(pairs(_members(around)), meant), meanings)

    def formal(self, line: Line) -> frozenset[str]:
        """The parameters of the function that a line defines or goes on about."""
        for other in reversed(self.outline.lines[: line.order + 1]):
            first = other.members[0] if other.members else None
            if first is None:
                continue
            if isinstance(first, Call) and self.book.is_defined(first.function.spelling):
                return frozenset(argument.spelling for argument in first.arguments if _is_plain(argument))
            return frozenset()
        return frozenset()


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether names are used alike in two scopes: one lies within the other, or no numbered problem parts them."""
    return holds_in(one, other) or one[: len(other)] == other


def _members(lines: Sequence[Line]) -> list[Expression]:
    return [member for line in lines for member in line.members if member is not None]


def gather(outline: Outline) -> Gathered:
    """The knowledge of a document."""
    roles = Roles(outline.vocabulary, frozenset(table().words))
    roles.take(outline.lines)
    _free_parameters(outline.lines, roles.book)
    _unnumbered(outline.lines, roles.book)
    gathered = Gathered(outline, roles)
    _prune(gathered)
    return gathered


def _prune(gathered: Gathered) -> None:
    """Takes definitions out of the book whose right sides cannot be read; they can be facts for nobody."""
    for _ in range(3):
        broken = [one for definitions in gathered.book.definitions.values() for one in definitions if not _is_readable(gathered, one)]
        if not broken:
            return
        for definition in broken:
            gathered.work.promote(gathered.outline.lines, definition)


def _is_readable(gathered: Gathered, definition: Definition) -> bool:
    parts = walk(definition.right)
    if any(isinstance(part, Unread) for part in parts):
        return False
    return not any(isinstance(part, Comparison) and part.sign in MEMBERSHIPS for part in parts)


def _knowledge(outline: Outline, lines: Sequence[Line], book: Book) -> Knowledge:
    expressions = _members(lines)
    ranks = Ranks()
    for left, right in _memberships(lines):
        ranks.declare(left, right)
    ranks.infer(expressions, _equalities(lines))
    text = " ".join(words for _, words in outline.prose)
    return Knowledge(
        vocabulary=outline.vocabulary,
        ranks=ranks,
        book=book,
        domains=domains(lines, _memberships(lines)),
        normalized=normalized(lines),
        axes=_axes(lines, expressions),
        size_names=_size_names(lines, expressions),
        sampled=_sampled(expressions),
        functions=function_names(text),
        gradients=_gradients(expressions),
        hatless=hatless(expressions),
        aliases=_aliases(ranks),
        capitals=_capitals(ranks, book),
        stacks=_stacks(ranks, book, _sampled(expressions)),
        elementwise=says_elementwise(text),
        primes_transpose=says_prime_is_transpose(text),
    )


def _aliases(ranks: Ranks) -> dict[str, str]:
    """Capitals whose entries the document writes with the small letter: W with entries w_ij."""
    found = {}
    for spelling, count in sorted(ranks.uses):
        small = spelling.lower()
        if count == 0 and len(spelling) == 1 and small != spelling and ranks.of(spelling, 0) == 2:
            if (small, 2) in ranks.uses and not ranks.of(small, 2) and not {(spelling, 1), (spelling, 2)} & ranks.uses:
                found[spelling] = small
    return found


def _capitals(ranks: Ranks, book: Book) -> dict[str, str]:
    """Small letters with two indices for the entries of a capital that is defined: h_ij of H = tanh(A)."""
    found = {}
    for spelling, count in sorted(ranks.uses):
        capital = spelling.upper()
        if count == 2 and len(spelling) == 1 and capital != spelling and book.is_defined(capital) and not book.is_defined(spelling):
            found[spelling] = capital
    return found


def _stacks(ranks: Ranks, book: Book, sampled: frozenset[str]) -> dict[str, tuple[str, bool]]:
    """Capitals that nothing defines, with samples of the small letter: X where the document has vectors x_i or x^{(i)}."""
    found = {}
    for spelling, count in sorted(ranks.uses):
        small = _small(spelling)
        if count or small is None or ranks.of(spelling, 0) != 2 or book.is_defined(spelling) or (spelling, 1) in ranks.uses:
            continue
        if small in sampled and ranks.of(small, 0) == 1:
            found[spelling] = (small, True)
        elif (small, 1) in ranks.uses and ranks.of(small, 1) == 1:
            found[spelling] = (small, False)
    return found


def _small(spelling: str) -> str | None:
    """The small letter of a capital, its accent kept."""
    letter = spelling[spelling.index("{") + 1 : -1] if spelling.startswith((r"\hat{", r"\tilde{", r"\bar{")) else spelling
    return spelling.replace(letter, letter.lower()) if len(letter) == 1 and letter.isupper() else None


def _free_parameters(lines: Sequence[Line], book: Book) -> None:
    """A formal parameter that is used free later means the argument its function was applied to.

    From ŷ = σ(Wx + b) and σ(a)_i = ... follows a = Wx + b, if the function is applied to one thing only.
    """
    for definitions in list(book.definitions.values()):
        for definition in definitions:
            arguments = definition.head.arguments or ()
            if len(arguments) != 1 or not _is_plain(arguments[0]) or book.is_defined(arguments[0].spelling):
                continue
            around = [line for line in lines if near(line.scope, definition.scope)]
            given = _applied_to(around, definition.head.spelling, arguments[0].spelling)
            if len(given) == 1 and _is_free_in(around, arguments[0].spelling, definition):
                argument, order = given[0]
                book.add(Definition(Head(arguments[0].spelling), argument, max(order, definition.order), definition.scope, stated=False))


def _unnumbered(lines: Sequence[Line], book: Book) -> None:
    """A quantity that is defined with a number below it and called without it afterwards: E for E_2."""
    for definitions in list(book.definitions.values()):
        numbered = [one for one in definitions if len(one.head.indices) == 1 and isinstance(one.head.indices[0], Literal)]
        if len(numbered) != 1 or len(definitions) != 1 or numbered[0].head.arguments is not None:
            continue
        head, order, scope = numbered[0].head, numbered[0].order, numbered[0].scope
        around = [line for line in lines if near(line.scope, scope)]
        uses = [(line.order, part) for line in around for member in _members([line]) for part in walk(member) if isinstance(part, Name)]
        uses = [(place, part) for place, part in uses if part.spelling == head.spelling]
        alone = all(not part.samples and (not part.indices or same(part.indices[0], head.indices[0])) for _, part in uses)
        if alone and all(part.indices or place > order for place, part in uses):
            book.add(Definition(Head(head.spelling), Name(head.spelling, NOWHERE, head.indices), order, scope, stated=False))


def _applied_to(lines: Sequence[Line], function: str, parameter: str) -> list[tuple[Expression, int]]:
    """The different things, other than its parameter, that a function is applied to, with the first line of each."""
    found: list[tuple[Expression, int]] = []
    for line in lines:
        for member in line.members:
            for part in walk(member) if member is not None else ():
                if isinstance(part, Call) and part.function.spelling == function and len(part.arguments) == 1:
                    argument = part.arguments[0]
                    inside = {name.spelling for name in walk(argument) if isinstance(name, Name)}
                    if parameter not in inside and inside and not isinstance(argument, Name) and not any(same(argument, other) for other, _ in found):
                        found.append((argument, line.order))
    return found


def _mentions_call(line: Line, function: str, parameter: str) -> bool:
    """Whether a line applies a function to its own parameter: then the parameter stands for anything there."""
    for member in line.members:
        for part in walk(member) if member is not None else ():
            if isinstance(part, Call) and part.function.spelling == function:
                if any(isinstance(inner, Name) and inner.spelling == parameter for argument in part.arguments for inner in walk(argument)):
                    return True
    return False


def _is_free_in(lines: Sequence[Line], parameter: str, definition: Definition) -> bool:
    """Whether a parameter stands somewhere outside its function's own definition and arguments."""
    for line in lines:
        if line.order == definition.order or _mentions_call(line, definition.head.spelling, parameter):
            continue
        for member in line.members:
            if member is not None and _stands_free(member, parameter, definition.head.spelling):
                return True
    return False


def _stands_free(expression: Expression, parameter: str, function: str) -> bool:
    if isinstance(expression, Call) and expression.function.spelling == function and any(isinstance(argument, Name) and argument.spelling == parameter for argument in expression.arguments):
        return False
    if isinstance(expression, Name) and expression.spelling == parameter:
        return True
    return any(_stands_free(child, parameter, function) for child in children(expression))


def _equalities(lines: Sequence[Line]) -> list[tuple[Expression, Expression]]:
    found = []
    for line in lines:
        for place, sign in enumerate(line.statement.signs):
            left, right = line.members[place], line.members[place + 1]
            if sign.text in EQUALITIES and left is not None and right is not None:
                found.append((left, right))
    return found


def _memberships(lines: Sequence[Line]) -> Iterable[tuple[Expression, Expression]]:
    for line in lines:
        if line.statement.membership == r"\in" and len(line.members) == 2 and None not in line.members:
            yield line.members  # type: ignore[misc]


def _size_names(lines: Sequence[Line], expressions: Sequence[Expression]) -> frozenset[str]:
    """Letters that are sizes: upper bounds of sums from 1, exponents of R, ends of ranges."""
    found: set[str] = set()
    for _, right in _memberships(lines):
        found |= size_names(right)
    for expression in expressions:
        for part in walk(expression):
            if isinstance(part, Binder) and _is_plain(part.upper) and _starts_at_one(part.lower):
                found.add(part.upper.spelling)
            if isinstance(part, Listed | Gridded):
                found |= _last_indices(part)
    for line in lines:
        for member in line.members:
            items = member.items if isinstance(member, Listed) else ()
            if len(items) >= 2 and isinstance(items[-2], Dots) and _is_plain(items[-1]):
                found.add(items[-1].spelling)
    return frozenset(name for name in found if name not in ("i", "j"))


def _is_plain(expression: Expression | None) -> bool:
    return isinstance(expression, Name) and not (expression.indices or expression.samples or expression.primes)


def _starts_at_one(lower: Expression | None) -> bool:
    return lower is None or (isinstance(lower, Literal) and lower.value in (0, 1))


def _last_indices(part: Listed | Gridded) -> set[str]:
    """The last index of a vector written with dots: n in (x_1, ..., x_n)."""
    cells = part.items if isinstance(part, Listed) else tuple(cell for row in part.rows for cell in row)
    if not any(isinstance(cell, Dots) for cell in cells) or not isinstance(cells[-1], Name):
        return set()
    return {index.spelling for index in cells[-1].indices if isinstance(index, Name) and not index.indices}


def _axes(lines: Sequence[Line], expressions: Sequence[Expression]) -> dict[tuple[str, int, int], Expression]:
    """The sizes of axes that the document states: by membership, by the bounds of sums over an index, by vectors written out."""
    found: dict[tuple[str, int, int], Expression] = {}
    for left, right in _memberships(lines):
        for declared in declarations(left, right):
            before = len(declared.name.indices)
            for place, size in enumerate(declared.sizes or ()):
                found.setdefault((symbol_of(declared.name), before + len(declared.sizes or ()), before + place), size)
                if declared.name.samples:
                    found.setdefault((declared.name.spelling, before + len(declared.sizes or ()), before + place), size)
    for line in lines:
        _written_out(line, found)
    for expression in expressions:
        _from_sums(expression, {}, found)
    return found


def _written_out(line: Line, found: dict[tuple[str, int, int], Expression]) -> None:
    """``x = (x_1, \\dots, x_n)`` and ``x = (2, 3)``: the vector's size."""
    if len(line.members) < 2 or not isinstance(line.members[0], Name) or line.members[0].indices:
        return
    name, right = line.members[0], line.members[1]
    while isinstance(right, Transpose | Bracketed):
        right = right.body
    cells: tuple[Expression, ...] = ()
    if isinstance(right, Listed):
        cells = right.items
    elif isinstance(right, Gridded) and (len(right.rows) == 1 or all(len(row) == 1 for row in right.rows)):
        cells = tuple(cell for row in right.rows for cell in row)
    if not cells:
        return
    last = cells[-1]
    if any(isinstance(cell, Dots) for cell in cells):
        if isinstance(last, Name) and last.indices and _is_plain(last.indices[-1]) and not isinstance(cells[0], Literal):
            found.setdefault((name.spelling, 1, 0), last.indices[-1])
    else:
        found.setdefault((name.spelling, 1, 0), Literal(Fraction(len(cells)), right.span))


def _from_sums(expression: Expression, bounds: dict[str, Expression], found: dict[tuple[str, int, int], Expression]) -> None:
    """Indices of sums with an upper bound say how long the axes are on which they stand."""
    if isinstance(expression, Binder):
        inner = dict(bounds)
        for variable in expression.variables:
            inner.pop(variable.spelling, None)
            if _is_plain(expression.upper) and isinstance(expression.lower, Literal) and expression.lower.value == 1:
                inner[variable.spelling] = expression.upper
        bounds = inner
    if isinstance(expression, Name) and bounds:
        _name_axes(expression, bounds, found)
    for child in children(expression):
        _from_sums(child, bounds, found)


def _name_axes(name: Name, bounds: dict[str, Expression], found: dict[tuple[str, int, int], Expression]) -> None:
    places = (*name.samples, *name.indices)
    for extra in range(3):
        for place, index in enumerate(places):
            if isinstance(index, Name) and not index.indices and index.spelling in bounds:
                found.setdefault((symbol_of(name), len(places) + extra, place), bounds[index.spelling])


def _sampled(expressions: Sequence[Expression]) -> frozenset[str]:
    return frozenset(
        part.spelling
        for expression in expressions
        for part in walk(expression)
        if isinstance(part, Name) and part.samples and all(isinstance(sample, Name) for sample in part.samples)
    )


# -- dependence and gradients


def _gradients(expressions: Sequence[Expression]) -> dict[str, Name]:
    """What the document takes gradients of a function by, where it says so anywhere."""
    found: dict[str, Name] = {}
    for expression in expressions:
        for part in walk(expression):
            if isinstance(part, Gradient) and isinstance(part.by, Name):
                body = bare(part.body)
                name = body.function if isinstance(body, Call) else body
                if isinstance(name, Name):
                    found.setdefault(name.spelling, part.by)
    return found


