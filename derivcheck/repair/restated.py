"""A term back in the author's letters, as an expression: for a repair that stands nowhere in the document."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.elaboration.naming import unsampled
from derivcheck.reading.edit import literal, product_of, rational, sum_of, weight
from derivcheck.reading.expression import Call, Expression, Name, Power, Quotient, Sum
from derivcheck.source import NOWHERE
from derivcheck.term.binder import open_binder, rebind, rebuild, replace
from derivcheck.term.build import ONE, TRUE, ZERO, multiply
from derivcheck.term.term import Add, Apply, Cases, Constant, Fold, Multiply, Number, Relation, Symbol, Term, Variable
from derivcheck.term.term import Power as PowerTerm
from derivcheck.term.value import Value

MAX_SIZE = 40
_WORDS = frozenset("log sin cos tan sinh cosh tanh arcsin arccos arctan".split())


class Unnamed(Exception):
    """A term that people would not write down as it is."""


def restated(term: Term) -> Expression | None:
    """A term as an expression; None where it holds sums over indices, case distinctions and the like."""
    try:
        term = contracted(term)
        return _expression(term) if term.size <= MAX_SIZE else None
    except Unnamed:
        return None


def contracted(term: Term) -> Term:
    """The term with each sum over an index that a Kronecker delta fixes done: the sum over k of [k = j] x_k is x_j."""
    if term.size > 10 * MAX_SIZE or not term.children:
        return term
    if term.binds:
        variables, bounds, bodies = open_binder(term)
        bodies = [contracted(body) for body in bodies]
        if isinstance(term, Fold) and term.operation == "+" and bodies[0] is TRUE:
            fixed = _fixed(bodies[1], variables[0])
            if fixed is not None:
                return contracted(fixed)
        return rebind(term, variables, bounds, bodies)
    return rebuild(term, tuple(map(contracted, term.children)))


def _fixed(body: Term, variable: Variable) -> Term | None:
    """A summand at the one index that a delta in it leaves; None where it has no such delta."""
    factors = body.children if isinstance(body, Multiply) else (body,)
    for place, factor in enumerate(factors):
        if isinstance(factor, Cases) and len(factor.branches) == 1 and factor.branches[0][1] is ONE and factor.otherwise is ZERO:
            condition = factor.branches[0][0]
            if isinstance(condition, Relation) and condition.sign == "=" and variable in condition.children:
                other = condition.right if condition.left is variable else condition.left
                return replace(multiply(*factors[:place], *factors[place + 1 :]), {variable: other})
    return None


def _expression(term: Term) -> Expression:
    match term:
        case Number():
            return literal(term.value)
        case Constant() if term.name == "pi":
            return Name(r"\pi", NOWHERE)
        case Variable() if "~" not in str(term.name):
            return Name(str(term.name), NOWHERE)
        case Symbol():
            return _name(term)
        case Add():
            parts = [_expression(child) for child in reversed(term.children)]
            return sum_of(*(_signed(part) for part in sorted(parts, key=_is_negative)))
        case Multiply():
            return _product(term)
        case PowerTerm():
            return _product(term)
        case Apply():
            return _applied(term)
    raise Unnamed


def _name(term: Symbol) -> Expression:
    name, indices = term.name, tuple(map(_expression, term.indices))
    if unsampled(name) != name:
        return Name(unsampled(name), NOWHERE, indices[1:], indices[:1])
    if name.startswith("?"):
        raise Unnamed
    return Name(name.rstrip("'"), NOWHERE, indices, primes=len(name) - len(name.rstrip("'")))


def _signed(part: Expression) -> tuple[str, Expression]:
    if isinstance(part, Sum) and len(part.terms) == 1:
        return part.terms[0]
    return "+", part


def _is_negative(part: Expression) -> bool:
    return _signed(part)[0] == "-"


def _product(term: Term) -> Expression:
    """A product as a fraction where it has factors below; numbers first, short factors before long ones."""
    coefficient, above, below = Fraction(1), [], []
    for factor in term.children if isinstance(term, Multiply) else (term,):
        if isinstance(factor, Number):
            coefficient = factor.value
        elif isinstance(factor, PowerTerm) and isinstance(factor.exponent, Number) and factor.exponent.value < 0:
            below.append(_powered(factor.base, -factor.exponent.value))
        elif isinstance(factor, PowerTerm):
            above.append(_powered_by(factor))
        else:
            above.append(_expression(factor))
    above.sort(key=weight)
    below.sort(key=weight)
    top = product_of(literal(Fraction(abs(coefficient.numerator))), *above)
    bottom = product_of(literal(Fraction(coefficient.denominator)), *below)
    made = top if rational(bottom) == 1 else Quotient(top, bottom, NOWHERE)
    return sum_of(("-", made)) if coefficient < 0 else made


def _powered_by(factor: PowerTerm) -> Expression:
    if isinstance(factor.exponent, Number):
        return _powered(factor.base, factor.exponent.value)
    return Power(_expression(factor.base), _expression(factor.exponent), NOWHERE)


def _powered(base: Term, exponent: Fraction) -> Expression:
    body = _expression(base)
    return body if exponent == 1 else Power(body, literal(exponent), NOWHERE)


def _applied(term: Apply) -> Expression:
    if len(term.arguments) != 1 or term.component or term.orders:
        raise Unnamed
    argument = _expression(term.arguments[0])
    if term.function == "exp":
        return Power(Name("e", NOWHERE), argument, NOWHERE)
    if term.function in _WORDS:
        return Call(Name(term.function, NOWHERE), (argument,), NOWHERE)
    raise Unnamed


def restated_value(value: Value) -> Expression | None:
    """A number as an expression, or a whole array by its name."""
    if value.is_number:
        return restated(value.body)
    body, rank = value.body, value.rank
    if isinstance(body, Symbol) and body.indices[-rank:] == value.variables:
        return restated(Symbol(body.indices[:-rank], (body.name,)))
    return None
