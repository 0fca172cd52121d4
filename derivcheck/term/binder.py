"""The door to terms with binders (sums, integrals, limits, arrays), and replacement that respects them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from derivcheck.term.build import (
    FALSE,
    ONE,
    TRUE,
    UNDEFINED,
    ZERO,
    add,
    all_of,
    apply,
    cases,
    multiply,
    negation,
    order,
    power,
    relation,
    some_of,
)
from derivcheck.term.term import (
    Add,
    Apply,
    Array,
    Cases,
    Fold,
    Integral,
    Junction,
    Limit,
    Multiply,
    Negation,
    Power,
    Relation,
    Term,
    Variable,
)

_SORTED = (Add, Multiply, Junction)


def _closed(variables: Sequence[Variable], bounds: Sequence[Term], bodies: Sequence[Term]) -> tuple[Term, ...]:
    """The children of a binder: its bounds, and its bodies with the open variables turned into bound ones."""
    first = max(child.height for child in (*bounds, *bodies))
    inside = {variable: Variable.of(first + k) for k, variable in enumerate(variables, 1)}
    return (*bounds, *(_rename(body, inside) for body in bodies))


def fold(operation: str, variable: Variable, lower: Term, upper: Term, body: Term, condition: Term = TRUE) -> Term:
    """A sum, product, maximum or minimum (``+ * max min``) over an open variable, which it binds."""
    if condition is FALSE or (operation == "+" and body is ZERO):
        return ZERO if operation == "+" else ONE if operation == "*" else UNDEFINED
    if body is ONE and operation == "*":
        return ONE
    return Fold(_closed([variable], [lower, upper], [condition, body]), (operation,))


def integral(variable: Variable, lower: Term, upper: Term, body: Term) -> Term:
    return Integral(_closed([variable], [lower, upper], [body]), ())


def limit(variable: Variable, point: Term, body: Term, direction: str = "both") -> Term:
    return Limit(_closed([variable], [point], [body]), (direction,))


def array(variables: Sequence[Variable], sizes: Sequence[Term], body: Term) -> Term:
    """A comprehension over open variables, which it binds; without variables it is the body itself."""
    if not variables:
        return body
    return Array(_closed(variables, sizes, [body]), ())


def entry(term: Term, *indices: Term) -> Term:
    """The entry of an array at indices, one for each of its variables; a number without indices is its own entry."""
    if not indices:
        return term
    assert isinstance(term, Array) and len(indices) == len(term.sizes)
    body = term.children[-1]
    first = term.height - len(indices)
    return replace(body, {Variable.of(first + k): index for k, index in enumerate(indices, 1)})


def rebuild(term: Term, children: tuple[Term, ...]) -> Term:
    """The term with other children, in normal form. Not for binders: those are opened and built again."""
    if children == term.children:
        return term
    match term:
        case Add():
            return add(*children)
        case Multiply():
            return multiply(*children)
        case Power():
            return power(*children)
        case Apply():
            if len(children) == 1 and term.payload[1] == 1 and not term.payload[3]:
                return apply(term.function, *children)
            return Apply(children, term.payload)
        case Relation():
            return relation(term.sign, *children)
        case Junction():
            return all_of(children) if term.kind == "and" else some_of(children)
        case Negation():
            return negation(children[0])
        case Cases():
            return cases(list(zip(children[:-1:2], children[1:-1:2], strict=True)), children[-1])
    return type(term)(children, term.payload)


def replace(term: Term, mapping: Mapping[Term, Term]) -> Term:
    """The term with each occurrence of a key put in by its value. Binders are respected.

    Keys are open variables, symbols or whole terms; a bound variable may be a value, which is how binders are closed.
    """
    if _is_renaming(term, mapping):
        return _rename(term, mapping)
    memo: dict[Term, Term] = dict(mapping)
    variables = frozenset(key for key in mapping if isinstance(key, Variable))
    others = [(key.names, key.variables) for key in mapping if not isinstance(key, Variable)]
    taken = frozenset(variable for value in mapping.values() for variable in value.variables)

    def walk(at: Term) -> Term:
        known = memo.get(at)
        if known is not None:
            return known
        if not at.children:
            return at
        if variables.isdisjoint(at.variables) and not any(names <= at.names and free <= at.variables for names, free in others):
            return at
        if at.binds:
            made = _replace_inside(at, walk, taken)
        else:
            made = rebuild(at, tuple(map(walk, at.children)))
        memo[at] = made
        return made

    return walk(term)


def rewritten(term: Term, change: Callable[[Term, Callable[[Term], Term]], Term | None]) -> Term:
    """The term with every part for which ``change`` gives another put in by it, the outermost first.

    ``change`` is told how to go on inside a part. Binders are opened on the way.
    """
    memo: dict[Term, Term] = {}

    def walk(at: Term) -> Term:
        made = memo.get(at)
        if made is None:
            made = change(at, walk)
            if made is None and at.binds:
                variables, bounds, bodies = open_binder(at)
                made = rebind(at, variables, [walk(bound) for bound in bounds], [walk(body) for body in bodies])
            elif made is None:
                made = rebuild(at, tuple(map(walk, at.children)))
            memo[at] = made
        return made

    return walk(term)


def _is_renaming(term: Term, mapping: Mapping[Term, Term]) -> bool:
    """Whether open variables become other ones that do not occur: nothing is captured, and nothing falls together."""
    values = frozenset(mapping.values())
    plain = all(isinstance(part, Variable) and isinstance(part.name, str) for part in (*mapping, *values))
    return plain and len(values) == len(mapping) and values.isdisjoint(term.variables)


def _replace_inside(term: Term, walk: Callable[[Term], Term], taken: frozenset[Variable]) -> Term:
    """Replacement under a binder: opened first, so that nothing put in is captured, and closed at its new height.

    A binder is opened once; with other variables where those of its opening are ``taken`` by what is put in.
    """
    variables, bounds, bodies = _opened(term)
    if not taken.isdisjoint(variables):
        variables, bounds, bodies = open_binder(term)
    return rebind(term, variables, [walk(bound) for bound in bounds], [walk(body) for body in bodies])


def _rename(term: Term, inside: Mapping[Term, Term]) -> Term:
    """Replacement of variables by others that no binder inside can capture: open ones, or bound ones of a greater height."""
    memo: dict[Term, Term] = dict(inside)
    keys = frozenset(inside)

    def walk(at: Term) -> Term:
        known = memo.get(at)
        if known is not None:
            return known
        if not at.children or keys.isdisjoint(at.variables):
            return at
        children = tuple(map(walk, at.children))
        # Nothing falls together under other names: what is in normal form stays so, but for the order of its parts.
        made = type(at)(tuple(sorted(children, key=order)) if isinstance(at, _SORTED) else children, at.payload)
        memo[at] = made
        return made

    return walk(term)


def _parts(term: Term) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The children outside a binder's scope and those inside it."""
    outside = len(term.sizes) if isinstance(term, Array) else 1 if isinstance(term, Limit) else 2
    return term.children[:outside], term.children[outside:]


def open_binder(term: Term) -> tuple[list[Variable], tuple[Term, ...], list[Term]]:
    """Fresh variables of any binder, its children outside the scope, and those inside it in the fresh variables."""
    bounds, bodies = _parts(term)
    variables = [Variable.fresh() for _ in range(term.binds)]
    first = term.height - term.binds
    inside = {Variable.of(first + k): variable for k, variable in enumerate(variables, 1)}
    return variables, bounds, [_rename(body, inside) for body in bodies]


@lru_cache(maxsize=4096)
def _opened(term: Term) -> tuple[list[Variable], tuple[Term, ...], list[Term]]:
    return open_binder(term)


def rebind(term: Term, variables: Sequence[Variable], bounds: Sequence[Term], bodies: Sequence[Term]) -> Term:
    """A binder of the same kind over open variables."""
    match term:
        case Fold():
            return fold(term.operation, variables[0], *bounds, bodies[1], bodies[0])
        case Integral():
            return integral(variables[0], *bounds, bodies[0])
        case Limit():
            return limit(variables[0], bounds[0], bodies[0], term.direction)
        case Array():
            return array(variables, bounds, bodies[0])
    raise AssertionError(f"{type(term).__name__} binds nothing")


@lru_cache(maxsize=512)
def walk(term: Term) -> tuple[Term, ...]:
    """Every different term inside, children before parents."""
    opened: set[Term] = set()
    found: dict[Term, None] = {}
    stack = [term]
    while stack:
        at = stack[-1]
        if at in opened or not at.children:
            found[at] = None
            stack.pop()
        else:
            opened.add(at)
            stack.extend(reversed(at.children))
    return tuple(found)
