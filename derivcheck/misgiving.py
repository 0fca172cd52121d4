"""Why a refutation is not to be trusted: what is free in a relation may be bound by something that the document leaves unsaid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set

from derivcheck.decision.outcome import Refuted
from derivcheck.derivation.definable import is_optimum
from derivcheck.derivation.goal import is_law
from derivcheck.elaboration.book import Book
from derivcheck.elaboration.knowledge import Knowledge
from derivcheck.elaboration.naming import is_labelled, unsampled
from derivcheck.reading.expression import Entry, Expression, Name, Power, is_plain, walk
from derivcheck.reading.name import is_unit_spelling
from derivcheck.term import binder, build
from derivcheck.term.function import ARRAY_FUNCTIONS, FUNCTIONS, free_names
from derivcheck.term.size import is_unknown
from derivcheck.term.term import Apply, Cases, Fold, Number, Relation, Symbol, Term, Variable

# How far a rounded measurement may be off.
ROUNDING = 0.1
SPLIT = "a name stands with an index and without one"
UNCONNECTED = "relates quantities that nothing connects"
# Functions with a meaning: those of numbers, and those of matrices.
KNOWN = frozenset((*FUNCTIONS, *ARRAY_FUNCTIONS))

# What is written as a function and stands for any one of a kind.
ORDERS = frozenset(("O", "o", r"\mathcal{O}", r"\Theta", r"\Omega", r"\mathrm{O}", r"\tilde{O}", r"\omega"))


def misgiving(relation: Term, assumed: frozenset[str], book: Book | None, special: frozenset[str] = frozenset(), constants: frozenset[str] = frozenset(), recursive: frozenset[str] = frozenset()) -> str:
    """Why a refutation is not to be trusted: what is free in it may be bound by something that the document leaves unsaid here.

    ``constants``: letters for constants of integration, each of which may take in others. ``recursive``: functions that an equation
    leads back to themselves. ``special``: names to which words give a property that nobody follows up. ``book``: where a function that is unknown
    here may be defined for another problem; None where that has been looked at.
    """
    if _laws(relation, 0) != _laws(relation, 1):
        return "probabilities of different events depend on each other"
    if _counts_from_zero(relation):
        return "an index may start from 0"
    if _splits_names(relation):
        return SPLIT
    if _is_written_out(relation):
        return "what one side writes out for some members the other one says of any number of them"
    if _has_two_lengths(relation):
        return "what is added up has one length here and another one there"
    if _is_recurrent(relation):
        return "relates members of a sequence that nothing defines"
    if any(is_labelled(name) and unsampled(name) in free_names(relation) for name in free_names(relation)):
        return "may be about one sample or about all of them"
    if special & free_names(relation):
        return "may rest on a property that is told in words"
    if isinstance(relation, Relation) and constants & free_names(relation.left) & free_names(relation.right):
        return "a constant of integration may have taken in another one"
    if any(is_optimum(name) for name in free_names(relation)):
        return "depends on a solution that the document does not define"
    if isinstance(relation, Relation) and _unknown_functions(relation.children[0], book) ^ _unknown_functions(relation.children[1], book):
        return "depends on a function that the document does not define"
    if any(isinstance(part, Apply) and part.function in ORDERS for part in binder.walk(relation)) and not (book is not None and any(map(book.is_defined, ORDERS))):
        return "is about orders of growth"
    functions = {part.function for part in binder.walk(relation) if isinstance(part, Apply)} - assumed
    if (recursive & functions) - KNOWN:
        return "relates values of a function that an equation leads back to itself"
    if book is not None and any(book.is_function(name) for name in functions if not is_law(name)):
        return "depends on a function that is defined elsewhere"
    return ""


def is_unconnected(relation: Term, knowledge: Knowledge) -> bool:
    """Whether a relation speaks of a capital that may be the array of what the document writes with the small letter and an index, though nothing says so.

    One that never stands alone, ``W_1`` beside ``w_2``, is no array of them all.
    """
    indexed = {name for name, count in knowledge.ranks.uses if count}
    capitals = [name for name in free_names(relation) if len(name) == 1 and name.isupper() and name.lower() in indexed and (name, 0) in knowledge.ranks.uses]
    return any((name, 0) not in knowledge.ranks.declared and not knowledge.book.is_defined(name) and name not in knowledge.size_names | knowledge.apart for name in capitals)


def is_matrix_exponential(knowledge: Knowledge, part: Expression) -> bool:
    """Whether the number e has a matrix in its exponent: entry by entry is not how that is meant."""
    return isinstance(part, Power) and is_plain(part.body) and part.body.spelling == "e" and knowledge.ranks.rank_of(part.exponent) == 2


def is_nearly_measured(relation: Term, outcome: Refuted) -> bool:
    """Whether two quantities with units are so close that one may be the other one rounded."""
    measured = any(is_unit_spelling(name) for name in free_names(relation))
    return measured and abs(outcome.left - outcome.right) <= ROUNDING * abs(outcome.left)


def is_disjoint(relation: Term, sizes: frozenset[str], facts: Iterable[Term] = ()) -> bool:
    """Whether the two sides have no free name in common, though both have some, nor facts that tie them together: then the names mean what nobody wrote down."""
    if not isinstance(relation, Relation):
        return False
    left, right = (_connecting(side, sizes) for side in relation.children[:2])
    waiting = [_connecting(fact, sizes) for fact in facts]
    if not left or not right:
        return False
    while tying := [names for names in waiting if names & left]:
        left = left.union(*tying)
        waiting = [names for names in waiting if names not in tying]
    return not left & right


def may_add_up(left: Expression, right: Expression) -> bool:
    """Whether an index stands below two names or more on one side and nowhere on the other: who writes no sums adds up over it."""
    one, other = (Counter(index.spelling for part in walk(side) if isinstance(part, Name) for index in set(part.indices) if is_plain(index)) for side in (left, right))
    for side, count in ((left, one), (right, other)):
        count.update(index.spelling for part in walk(side) if isinstance(part, Entry) for index in part.indices if is_plain(index))
    return any(times > 1 and letter not in fewer for more, fewer in ((one, other), (other, one)) for letter, times in more.items())


def has_same_names(relation: Term) -> bool:
    """Whether both sides have the same free names."""
    return isinstance(relation, Relation) and free_names(relation.children[0]) == free_names(relation.children[1])


def _connecting(term: Term, sizes: frozenset[str]) -> frozenset[tuple[str, bool]]:
    """The names of a term but those of sizes, and those that only tell one member of a family from another: the N of ``a^{(N)}``. One with
    an index is another one than that without.
    """
    found: set[str] = set()
    pending = [term]
    while pending:
        part = pending.pop()
        found |= part.names - frozenset().union(*(child.names for child in part.children))
        pending += () if isinstance(part, Symbol) else part.children
    names = frozenset(name for name in (free_names(term) & found) - sizes if not name.startswith("?"))
    symbols = [part for part in binder.walk(term) if isinstance(part, Symbol)]
    indexed = {part.name for part in symbols if part.indices}
    alone = {part.name for part in symbols if not part.indices}
    return frozenset((name, place) for name in names for place in (True, False) if (name in indexed if place else name not in indexed or name in alone))


def _unknown_functions(side: Term, book: Book | None) -> frozenset[str]:
    """The functions on a side that nothing gives a meaning; a quantity that is only read as one is none."""
    found = {part.function for part in binder.walk(side) if isinstance(part, Apply) and part.function not in KNOWN}
    return frozenset(name for name in found if not is_law(name) and (book is None or not book.is_told(name)))


def _counts_from_zero(relation: Term) -> bool:
    """Whether something is added up from 0 on that speaks of a free index, or of a family that stands at one: that one may be 0, too.
    Or a family that has an entry at 0 is added up over a range that nobody told. Where there is no family a number of terms is a number like any other.
    """
    parts = list(binder.walk(relation))
    folds = [part for part in parts if isinstance(part, Fold) and part.lower is build.ZERO]
    at_free = {part.name for part in parts if isinstance(part, Symbol) and part.variables & relation.variables}
    if not any((isinstance(part, Symbol) and part.indices) or isinstance(part, Cases) for part in parts):
        return False
    at_zero = {(part.name, place) for part in parts if isinstance(part, Symbol) for place, index in enumerate(part.indices) if index is build.ZERO}
    names = {name for name, _ in at_zero}
    untold = any(isinstance(part, Fold) and is_unknown(part.upper) and part.names & names and _runs_over(part, at_zero) for part in parts)
    return untold or any(fold.variables & relation.variables or fold.names & at_free for fold in folds)


def _runs_over(fold: Fold, places: Set[tuple[str, int]]) -> bool:
    """Whether what a fold counts stands in one of some places of families: the k of ``a_k``, not the one of ``mu_{0k}`` in the first place."""
    (variable, *_), _, (_, body) = binder.open_binder(fold)
    inside = [part for part in binder.walk(body) if isinstance(part, Symbol)]
    return any((part.name, place) in places and variable in index.variables for part in inside for place, index in enumerate(part.indices))


def _is_written_out(relation: Term) -> bool:
    """Whether one side has the first few members of a family, and those alone, and the other one adds it up to a size: the one may be a case of the other."""
    if not isinstance(relation, Relation):
        return False
    sides = relation.children[:2]
    listed = [_numbered(side) for side in sides]
    return any(
        len(places) > 1 and places == set(range(1, len(places) + 1)) and family in _added_up(other)
        for mine, other in zip(listed, sides[::-1], strict=True)
        for family, places in mine.items()
    )


def _numbered(side: Term) -> dict[str, set[int]]:
    """The places of the members that a side has of each family with one index, where it has them by number alone; 0 is counted by itself."""
    found: dict[str, set[int]] = {}
    for part in binder.walk(side):
        if isinstance(part, Symbol) and len(part.indices) == 1:
            (place,) = part.indices
            found.setdefault(part.name, set()).add(int(place.value) if isinstance(place, Number) else -1)
    return {name: places - {0} for name, places in found.items() if -1 not in places}


def _added_up(side: Term) -> set[str]:
    """The families with one index that a side adds up to a size."""
    folds = [part for part in binder.walk(side) if isinstance(part, Fold) and isinstance(part.upper, Symbol | Variable)]
    return {inner.name for fold in folds for inner in binder.walk(fold) if isinstance(inner, Symbol) and len(inner.indices) == 1 and isinstance(inner.indices[0], Variable)}


def _has_two_lengths(relation: Term) -> bool:
    """Whether one family is added up to one size in one place and to another one elsewhere: a bound that was left out may have been taken for the wrong one."""
    lengths: dict[tuple[str, int, int], set[Term]] = {}
    for part in binder.walk(relation):
        if isinstance(part, Fold) and isinstance(part.upper, Symbol) and not part.upper.indices and not is_unknown(part.upper):
            (variable,), _, bodies = binder.open_binder(part)
            running = [inner for body in bodies for inner in binder.walk(body) if isinstance(inner, Symbol) and variable in inner.indices]
            for symbol in running:
                lengths.setdefault((symbol.name, len(symbol.indices), symbol.indices.index(variable)), set()).add(part.upper)
    return any(len(found) > 1 for found in lengths.values())


def _splits_names(relation: Term) -> bool:
    """Whether a letter stands alone on one side and with a running index on the other, or with more indices there than on the one: what
    the one has to do with the other nobody said.
    """
    if not isinstance(relation, Relation):
        return False
    symbols = [_standing(side) for side in relation.children[:2]]
    alone = [{part.name for part in side if not part.indices} for side in symbols]
    running = [{part.name for part in side if part.variables} for side in symbols]
    counts = [{name: {len(part.indices) for part in side if part.name == name} for name in {part.name for part in side}} for side in symbols]
    apart = any(not counts[0][name] & counts[1][name] for name in counts[0].keys() & counts[1].keys())
    return apart or bool((alone[0] & running[1]) | (alone[1] & running[0]))


def _standing(term: Term) -> set[Symbol]:
    """The symbols in a term that are more than arguments of unknown functions."""
    found: set[Symbol] = set()
    seen = {term}
    waiting = [term]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Symbol):
            found.add(part)
        inside = part.children if not isinstance(part, Apply) or part.function in KNOWN else ()
        waiting += [child for child in inside if child not in seen]
        seen.update(inside)
    return found


def _is_recurrent(relation: Term) -> bool:
    """Whether a family stands in a relation at an index and at the next one, for every index."""
    indices: dict[str, set[Term]] = {}
    for part in binder.walk(relation):
        if isinstance(part, Symbol):
            for index in part.indices:
                indices.setdefault(part.name, set()).add(index)
    free = relation.variables
    return any(index in free and _next(index) in found for found in indices.values() for index in found if isinstance(index, Variable))


def _next(index: Term) -> Term:
    return build.add(index, build.ONE)


def has_unknown_derivative(relation: Term) -> bool:
    return any(isinstance(part, Apply) and part.orders for part in binder.walk(relation))


def _laws(relation: Term, side: int) -> frozenset[Term]:
    """The probabilities and densities that nothing defines on one side of a relation, whatever the letters of their indices."""
    if not isinstance(relation, Relation):
        return frozenset()
    found = {part for part in binder.walk(relation.children[side]) if isinstance(part, Symbol | Apply) and is_law(part.payload[0])}
    return frozenset(binder.replace(part, {variable: Variable.of(f"~{place}") for place, variable in enumerate(_variables(part))}) for part in found)


def _variables(term: Term) -> list[Variable]:
    """The variables that are free in a term, in the order in which it names them."""
    return list(dict.fromkeys(part for part in binder.walk(term) if isinstance(part, Variable) and part in term.variables))
