"""The derivative of a term by one symbol entry, by rule, in index notation: the result has no derivative left in it."""

from __future__ import annotations

from collections.abc import Callable

from derivcheck.term.binder import array, entry, fold, integral, limit, open_binder
from derivcheck.term.build import (
    ONE,
    TRUE,
    ZERO,
    add,
    all_of,
    antiderivative,
    apply,
    cases,
    indicator,
    log,
    multiply,
    negate,
    power,
    relation,
    subtract,
)
from derivcheck.term.function import FUNCTIONS
from derivcheck.term.term import (
    Add,
    Antiderivative,
    Apply,
    Array,
    Cases,
    Constant,
    Derivative,
    Fold,
    Integral,
    Limit,
    Multiply,
    Number,
    Power,
    Symbol,
    Term,
    Undefined,
    Variable,
)


class NoRule(Exception):
    """The derivative of this term is not known: a special function without a rule, or a derivative not yet unfolded."""


def differentiate(term: Term, by: Symbol | Variable, claimed: Callable[[Term], Term | None] | None = None) -> Term:
    """The derivative of a term by one entry of a symbol (or by an open real variable); other entries are held fixed.

    The entry of a family at other indices gives a Kronecker delta: ``x[i]`` by ``x[k]`` is ``[i = k]``. ``claimed``
    gives the derivatives of terms inside that are taken as they are. Bounds of sums and conditions of case distinctions
    are taken as constant, so a corner is left out. Errors: NoRule.
    """
    memo: dict[Term, Term] = {}

    def walk(at: Term) -> Term:
        known = memo.get(at)
        if known is None:
            taken = claimed(at) if claimed is not None else None
            known = memo[at] = taken if taken is not None else _rule(at, by, walk) if _depends(at, by) else ZERO
        return known

    return walk(term)


def _depends(term: Term, by: Symbol | Variable) -> bool:
    return by.name in term.names if isinstance(by, Symbol) else by in term.variables


def _rule(term: Term, by: Symbol | Variable, walk: Callable[[Term], Term]) -> Term:
    match term:
        case Symbol():
            return _symbol(term, by)
        case Variable():
            return ONE if term is by else ZERO
        case Add():
            return add(*map(walk, term.children))
        case Multiply():
            return _product(term, walk)
        case Power():
            return _power(term, walk)
        case Apply():
            return _application(term, walk)
        case Fold():
            return _fold(term, walk)
        case Cases():
            return cases([(condition, walk(value)) for condition, value in term.branches], walk(term.otherwise))
        case Integral():
            return _integral(term, walk)
        case Antiderivative():
            return term.body if term.by is by else antiderivative(walk(term.body), term.by)
        case Limit():
            variables, (point,), (body,) = open_binder(term)
            return limit(variables[0], point, walk(body), term.direction)
        case Number() | Constant() | Undefined():
            return ZERO
        case Derivative():
            raise NoRule("a derivative inside is not unfolded")
    raise NoRule(type(term).__name__)


def _symbol(term: Symbol, by: Symbol | Variable) -> Term:
    if not isinstance(by, Symbol) or term.name != by.name or len(term.indices) != len(by.indices):
        return ZERO
    return indicator(all_of(relation("=", mine, other) for mine, other in zip(term.indices, by.indices, strict=True)))


def _product(term: Multiply, walk: Callable[[Term], Term]) -> Term:
    factors = term.children
    summands = []
    for k, factor in enumerate(factors):
        inner = walk(factor)
        if inner is not ZERO:
            summands.append(multiply(inner, *factors[:k], *factors[k + 1 :]))
    return add(*summands)


def _power(term: Power, walk: Callable[[Term], Term]) -> Term:
    base, exponent = term.base, term.exponent
    by_base = multiply(exponent, power(base, subtract(exponent, ONE)), walk(base))
    outer = walk(exponent)
    return by_base if outer is ZERO else add(by_base, multiply(term, log(base), outer))


def _application(term: Apply, walk: Callable[[Term], Term]) -> Term:
    if term.function == "inverse":
        return _inverse(term, walk)
    if term.function == "matrix_power":
        return _matrix_power(term, walk)
    if term.function == "determinant":
        return multiply(term, _trace_of_solution(term.arguments[0], walk))
    known = FUNCTIONS.get(term.function)
    if known is not None and known.derivatives is None:
        raise NoRule(term.function)
    if known is not None:
        rules = zip(known.derivatives, term.arguments, strict=True)
        return add(*(multiply(rule(*term.arguments), walk(argument)) for rule, argument in rules if walk(argument) is not ZERO))
    return add(*(_unknown(term, position, argument, walk) for position, argument in enumerate(term.arguments)))


def _unknown(term: Apply, position: int, argument: Term, walk: Callable[[Term], Term]) -> Term:
    """The chain rule through one argument of an unknown function: a sum over the entries of an array argument."""
    variables, sizes, body = _opened(argument)
    inner = walk(body)
    if inner is ZERO:
        return ZERO
    outer = apply(
        term.function,
        *term.arguments,
        component=term.component,
        orders=tuple(sorted((*term.orders, (position, tuple(variables))), key=lambda order: (order[0], len(order[1])))),
    )
    return _summed(variables, sizes, multiply(outer, inner))


def _opened(argument: Term) -> tuple[list[Variable], tuple[Term, ...], Term]:
    if not isinstance(argument, Array):
        return [], (), argument
    variables, sizes, (body,) = open_binder(argument)
    return variables, sizes, body


def _summed(variables: list[Variable], sizes: tuple[Term, ...], body: Term) -> Term:
    for variable, size in reversed(list(zip(variables, sizes, strict=True))):
        body = fold("+", variable, ONE, size, body)
    return body


def _inverse(term: Apply, walk: Callable[[Term], Term]) -> Term:
    """d(A^-1) = -A^-1 dA A^-1 (Petersen and Pedersen, The Matrix Cookbook, 2012, eq. 59)."""
    matrix = term.arguments[0]
    (row, column), sizes, body = _opened(matrix)
    inner = walk(body)
    if inner is ZERO:
        return ZERO
    left = apply("inverse", matrix, component=(term.component[0], row))
    right = apply("inverse", matrix, component=(column, term.component[1]))
    return negate(_summed([row, column], sizes, multiply(left, inner, right)))


def _matrix_power(term: Apply, walk: Callable[[Term], Term]) -> Term:
    _, _, body = _opened(term.arguments[0])
    if walk(body) is not ZERO:
        raise NoRule("a power of a matrix")
    return ZERO


def _trace_of_solution(matrix: Term, walk: Callable[[Term], Term]) -> Term:
    """d det(A) = det(A) tr(A^-1 dA) (The Matrix Cookbook, eq. 46)."""
    (row, column), sizes, body = _opened(matrix)
    inner = walk(body)
    return ZERO if inner is ZERO else _summed([row, column], sizes, multiply(apply("inverse", matrix, component=(column, row)), inner))


def _fold(term: Fold, walk: Callable[[Term], Term]) -> Term:
    (variable,), (lower, upper), (condition, body) = open_binder(term)
    inner = walk(body)
    if inner is ZERO:
        return ZERO
    match term.operation:
        case "+":
            return fold("+", variable, lower, upper, inner, condition)
        case "*":
            other = Variable.fresh()
            rest = array([variable], [upper], body)
            others = fold("*", other, lower, upper, entry(rest, other), _others(condition, variable, other))
            return fold("+", variable, lower, upper, multiply(inner, others), condition)
    reached = relation("≤", term, body) if term.operation == "max" else relation("≤", body, term)
    return fold("+", variable, lower, upper, multiply(inner, indicator(reached)), condition)


def _others(condition: Term, variable: Variable, other: Variable) -> Term:
    """The fold's condition for another value of its variable."""
    same = entry(array([variable], [ONE], condition), other) if condition is not TRUE else TRUE
    return all_of([same, relation("≠", other, variable)])


def _integral(term: Integral, walk: Callable[[Term], Term]) -> Term:
    """Leibniz' rule."""
    (variable,), (lower, upper), (body,) = open_binder(term)
    inside = array([variable], [ONE], body)
    ends = subtract(multiply(entry(inside, upper), walk(upper)), multiply(entry(inside, lower), walk(lower)))
    inner = walk(body)
    return add(ends, ZERO if inner is ZERO else integral(variable, lower, upper, inner))

