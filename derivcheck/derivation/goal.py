"""Two members and the sign between them as an obligation: shapes fitted, free indices ranged over, sizes named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from derivcheck.elaboration.elaborator import Elaborator
from derivcheck.notation import RELATIONS, Unreadable
from derivcheck.reading.custom import LAWS
from derivcheck.reading.name import is_unit_spelling
from derivcheck.source import NOWHERE
from derivcheck.term import binder, build
from derivcheck.term.function import free_names
from derivcheck.term.obligation import Obligation, Range, Statement
from derivcheck.term.size import has_unknown, is_unknown
from derivcheck.term.term import Apply, Array, Fold, Junction, Negation, Number, Relation, Symbol, Term, Truth, Variable
from derivcheck.term.type import DIMENSION, POSITIVE, PROBABILITY, Domain
from derivcheck.term.value import Misfit, Value, transpose

# A claim that says "about" is decided as an equation, one that says "much less" by its order.
SIGNS = RELATIONS | {r"\approx": "=", r"\simeq": "=", r"\ll": "<", r"\gg": ">"}
CONDITIONS = (Truth, Relation, Junction, Negation)
_COUNTING = frozenset(("factorial", "binomial", "gamma"))
_SIZE_LETTERS = ("n", "m", "d", "k", "p", "q", "r", "s", "l", "h")


@dataclass(frozen=True, slots=True)
class Relating:
    """A relation between two values: the truth that is claimed, and the variables it is claimed for."""

    relation: Term
    variables: tuple[Variable, ...]
    sizes: tuple[Term, ...]
    left: Value
    right: Value


def is_order(sign: str) -> bool:
    """Whether a sign says that something is less or greater."""
    return SIGNS.get(sign) in ("<", "≤", ">", "≥")


def related(elaborator: Elaborator, left: Value, right: Value, sign: str) -> Relating:
    """Two values and the sign between them, entry by entry.

    A zero goes with every shape. A derivative by an array may be laid out either way, unless words say which. Errors: Misfit.
    """
    if sign not in SIGNS:
        raise Unreadable(NOWHERE, "a relation that is known", sign)
    left, right = _fitted(elaborator, left, right)
    _same_ranges(elaborator)
    if SIGNS[sign] == "≠" and (left.rank or right.rank):
        raise Unreadable(NOWHERE, "numbers on either side of the sign", "arrays, which differ in some entry")
    shape = left if left.rank >= right.rank else right
    if isinstance(left.body, CONDITIONS) != isinstance(right.body, CONDITIONS):
        raise Unreadable(NOWHERE, "a number on either side", "a condition")
    bodies = [value.at(*shape.variables) if not value.is_number else value.body for value in (left, right)]
    relation = build.relation(SIGNS[sign], *bodies)
    return Relating(relation, shape.variables, shape.sizes, left, right)


def _same_ranges(elaborator: Elaborator) -> None:
    """Sums without bounds over the same letter run through the same range, where nothing else is known of them."""
    for letter, sizes in elaborator.boundless.items():
        for size in sizes[1:]:
            if is_unknown(elaborator.sizes.find(size)) or is_unknown(elaborator.sizes.find(sizes[0])):
                elaborator.sizes.unify(sizes[0], size)
        if letter in elaborator.knowledge.averaged:
            # A sum that is said to have one size, and is divided by another one, may be about something else.
            number = build.symbol(elaborator.knowledge.averaged[letter])
            elaborator.opaque |= not is_unknown(elaborator.sizes.find(sizes[0])) and elaborator.sizes.find(sizes[0]) is not number
            if is_unknown(elaborator.sizes.find(sizes[0])):
                elaborator.sizes.unify(sizes[0], number)


def _fitted(elaborator: Elaborator, left: Value, right: Value) -> tuple[Value, Value]:
    if left.rank != right.rank:
        if _is_zero(left) or _is_zero(right):
            return left, right
        raise Misfit("the two sides have different shapes", left.sizes, right.sizes)
    if left.rank == 2 and (left.layout or right.layout):
        saved = elaborator.sizes.copy()
        straight = all(elaborator.sizes.unify(one, other) for one, other in zip(left.sizes, right.sizes, strict=True))
        if not straight:
            elaborator.sizes.restore(saved)
        turned = not elaborator.knowledge.keeps_shape and (not straight or elaborator.oracle.pick(NOWHERE, "derivatives laid out as they stand or transposed", (0, 1)) == 1)
        if turned:
            elaborator.sizes.restore(saved)
            left = transpose(left) if left.layout else left
            right = transpose(right) if not left.layout else right
    for one, other in zip(left.sizes, right.sizes, strict=True):
        if not elaborator.sizes.unify(one, other):
            raise Misfit("the two sides have different shapes", left.sizes, right.sizes)
    return left, right


def _is_zero(value: Value) -> bool:
    return value.is_number and value.body is build.ZERO


def at_size_one(claim: Relating) -> Relating:
    """A relation with every size 1, so that the entries of a name which also stands alone are what it is itself."""
    symbols = [part for part in binder.walk(claim.relation) if isinstance(part, Symbol)]
    alone = {part.name for part in symbols if not part.indices} & {part.name for part in symbols if part.indices}
    sizes = _bound_symbols(claim.relation)

    def flat(at: Term, _: object) -> Term | None:
        if not isinstance(at, Symbol) or at.name not in sizes | alone:
            return None
        return build.ONE if at.name in sizes else build.symbol(at.name)

    return replace(claim, relation=binder.rewritten(claim.relation, flat)) if alone else claim


def count_by(elaborator: Elaborator, claim: Relating, letter: str) -> None:
    """Takes a letter for every size in a relation that the document leaves without a name."""
    size = build.symbol(letter)
    for unknown in _name_sizes(elaborator, [elaborator.sizes.resolve(claim.relation)], claim):
        elaborator.sizes.unify(unknown, size)


def lone_names(relation: Term) -> frozenset[str]:
    """The names in a relation that stand for one number, as a number of terms does."""
    return frozenset(part.name for part in binder.walk(relation) if isinstance(part, Symbol) and not part.indices)


def obligation(
    elaborator: Elaborator,
    claim: Relating,
    condition: Term,
    hypotheses: Sequence[tuple[Term, Sequence[Variable]]],
    domains: dict[str, Domain],
    other: Domain | None = None,
) -> Obligation:
    """The obligation that a relation is: for all values of its free indices and all sizes, wherever the hypotheses hold.

    ``domains`` are those that were stated; any other name has the domain ``other``.
    """
    terms = [claim.relation, condition, *(term for term, _ in hypotheses)]
    resolved = [elaborator.sizes.resolve(term) for term in terms]
    named = _name_sizes(elaborator, resolved, claim)
    resolved = [binder.replace(term, named) if named else term for term in resolved]
    goal = Statement(resolved[0], _ranges(elaborator, resolved[:2], claim, named), resolved[1])
    facts = tuple(
        Statement(term, _fact_ranges(elaborator, term, named)) for term in resolved[2:]
    )
    return Obligation(goal, facts, _domains(elaborator, goal, facts, domains, other))


def sides(elaborator: Elaborator, claim: Relating) -> tuple[Term, Term]:
    """The two members of a relation, entry by entry, with a letter for each size that the document leaves without one."""
    left, right = _bodies(elaborator, claim)
    named = _name_sizes(elaborator, [elaborator.sizes.resolve(claim.relation), left, right], claim)
    return (binder.replace(left, named), binder.replace(right, named)) if named else (left, right)


def size_name(elaborator: Elaborator, claim: Relating, size: Term) -> Term:
    """A size as the obligation of a relation names it."""
    return _resolved(elaborator, size, _name_sizes(elaborator, [elaborator.sizes.resolve(claim.relation), *_bodies(elaborator, claim)], claim))


def _bodies(elaborator: Elaborator, claim: Relating) -> tuple[Term, Term]:
    """The two members of a relation, entry by entry."""
    left, right = (value.body if value.is_number else value.at(*claim.variables) for value in (claim.left, claim.right))
    return elaborator.sizes.resolve(left), elaborator.sizes.resolve(right)


def _name_sizes(elaborator: Elaborator, terms: Sequence[Term], claim: Relating) -> dict[Term, Term]:
    """A letter for each size that the document leaves without one."""
    taken = {name for term in terms for name in term.names}
    unknown: dict[Term, None] = {}
    reaches = [elaborator.sizes.find(size) for size in (*claim.sizes, *elaborator.ranges.values())]
    for term in (*terms, *reaches):
        if has_unknown(term):
            unknown.update((part, None) for part in binder.walk(term) if is_unknown(part))
    letters = [letter for letter in _SIZE_LETTERS if letter not in taken] + [f"n_{{{k}}}" for k in range(1, len(unknown) + 1)]
    return {size: build.symbol(letter) for size, letter in zip(unknown, letters, strict=False)}


def _ranges(elaborator: Elaborator, terms: Sequence[Term], claim: Relating, named: dict[Term, Term]) -> tuple[Range, ...]:
    variables = set().union(*(term.variables for term in terms))
    sizes = dict(zip(claim.variables, claim.sizes, strict=True))
    found = []
    for variable in sorted(variables, key=_naming):
        size = sizes.get(variable, elaborator.range_of(variable))
        numbers = _numbers_of(variable, terms) if size is not None and is_unknown(elaborator.sizes.find(size)) else []
        if len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            found.append(Range(variable, build.number(numbers[0]), build.number(numbers[-1])))
            continue
        upper = build.symbol("n") if size is None else _resolved(elaborator, size, named)
        found.append(Range(variable, build.ONE, upper))
    return tuple(found)


def _naming(variable: Variable) -> tuple[str, int]:
    """The key that sorts variables by their names, those without one in their order of making."""
    hint, mark, made = str(variable.name).rpartition("~")
    return (hint, int(made)) if mark and made.isdecimal() else (str(variable.name), 0)


def _numbers_of(variable: Variable, terms: Sequence[Term]) -> list[int]:
    """The whole numbers that an index is compared with: those of entries that are written out, and nobody speaks of others."""
    pairs = [part.children for term in terms for part in binder.walk(term) if isinstance(part, Relation) and part.sign == "="]
    found = {other.value for one, other in (*pairs, *((b, a) for a, b in pairs)) if one is variable and isinstance(other, Number)}
    # What has the number 0 has it by a convention, such as that of a constant input x_0 = 1.
    return sorted(int(value) for value in found if value.denominator == 1 and value > 0)


def _resolved(elaborator: Elaborator, size: Term, named: dict[Term, Term]) -> Term:
    term = elaborator.sizes.find(size)
    return binder.replace(term, named) if named else term


def _fact_ranges(elaborator: Elaborator, term: Term, named: dict[Term, Term]) -> tuple[Range, ...]:
    found = []
    for variable in sorted(term.variables, key=_naming):
        size = elaborator.range_of(variable)
        found.append(Range(variable, build.ONE, build.symbol("n") if size is None else _resolved(elaborator, size, named)))
    return tuple(found)


def _domains(elaborator: Elaborator, goal: Statement, facts: Sequence[Statement], stated: dict[str, Domain], other: Domain | None) -> tuple[tuple[str, Domain], ...]:
    """The domains of all names that occur: stated ones, sizes, probabilities."""
    found: dict[str, Domain] = {}
    statements = (goal, *facts)
    counted = (elaborator.knowledge.vocabulary.indices - elaborator.knowledge.indexing) & _chosen(statements)
    for statement in statements:
        bounds = [part for reach in statement.free for part in (reach.lower, reach.upper)]
        for term in (statement.relation, statement.condition, *bounds):
            for part in binder.walk(term):
                if isinstance(part, Symbol | Apply):
                    name = part.payload[0]
                    known = _domain_of(elaborator, name, stated) or (other if name in free_names(term) else None)
                    if known is None and isinstance(part, Apply) and name in LAWS:
                        known = POSITIVE
                    if known is None and name in counted:
                        known = DIMENSION
                    if known is not None:
                        found[name] = known
        for term in (statement.relation, statement.condition):
            for size in _bound_symbols(term):
                found[size] = DIMENSION
        for bound in bounds:
            for part in binder.walk(bound):
                if isinstance(part, Symbol) and not part.indices:
                    found[part.name] = DIMENSION
    return tuple(sorted(found.items(), key=lambda item: item[0]))


def _chosen(statements: Sequence[Statement]) -> frozenset[str]:
    """The names that stand in factorials and binomials, and so count something."""
    parts = [part for one in statements for part in binder.walk(one.relation) if isinstance(part, Apply) and part.function in _COUNTING]
    return frozenset(name for part in parts for name in part.names)


def _bound_symbols(term: Term) -> set[str]:
    """Symbols that stand in bounds of sums, sizes of arrays, or exponents of matrices."""
    found: set[str] = set()
    for part in binder.walk(term):
        if isinstance(part, Fold | Array):
            bounds = part.sizes if isinstance(part, Array) else (part.lower, part.upper)
            found |= {inner.name for bound in bounds for inner in binder.walk(bound) if isinstance(inner, Symbol) and not inner.indices}
        elif isinstance(part, Apply) and part.function == "matrix_power":
            found |= {inner.name for inner in binder.walk(part.component[2]) if isinstance(inner, Symbol) and not inner.indices}
    return found


def _domain_of(elaborator: Elaborator, name: str, stated: dict[str, Domain]) -> Domain | None:
    if name in elaborator.knowledge.size_names:
        return DIMENSION
    if name in stated:
        return stated[name]
    if name.startswith(("P(", r"\Pr(", r"\mathbb{P}(")):
        return PROBABILITY
    if is_unit_spelling(name):
        return POSITIVE
    if name.startswith(("p(", "q(", "p_", "q_")) and "(" in name:
        return POSITIVE
    return None


def is_law(name: str) -> bool:
    """Whether a name is that of a probability or density: ``P(y=1|#)``, ``q(#|#)``, ``p_{\\theta}``."""
    return ("(" in name.replace("^{(#)}", "") and not name.startswith("E_{")) or name.startswith(("p_{", "q_{", "P_{"))
