"""Algebra: sympy does what evaluation cannot: integrals, limits, infinite sums, and the last word on what is left unproved.

Proves ``the integral of x exp(-x) from 0 to infinity is 1`` and ``an antiderivative of log x is x log x - x``. Does not
prove an integral for which sympy finds no closed form; it stays sampled. How it is confirmed: a closed form is believed
only if numerical integration (or summation) agrees with it at several points; antiderivatives are compared by their
derivatives, so constants of integration may differ; what simplification turns into 0 must have agreed at sampled points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace as with_

from derivcheck.decision.bridge import evaluated, from_sympy, sympy, to_sympy
from derivcheck.decision.euler import closed_integral
from derivcheck.decision.examination import examine
from derivcheck.decision.node import GivesUp
from derivcheck.decision.problem import Problem
from derivcheck.decision.proposal import Decider, GaveUp, Proof, Proposal, Reduced
from derivcheck.decision.series import closed_series
from derivcheck.term.binder import replace, walk
from derivcheck.term.build import INFINITY, ZERO, add, multiply, relation, subtract
from derivcheck.term.derivative import NoRule, differentiate
from derivcheck.term.obligation import Obligation, Statement
from derivcheck.term.term import Add, Antiderivative, Fold, Integral, Junction, Limit, Multiply, Negation, Relation, Symbol, Term, Truth

MAX_TERM = 400
MAX_DEPTH = 3


def _propose(problem: Problem) -> Proposal:
    obligation = problem.obligation
    goal = obligation.goal.relation
    if not isinstance(goal, Relation) or isinstance(goal.left, Relation | Junction | Negation | Truth):
        return GaveUp()
    if any(isinstance(part, Antiderivative) for part in walk(goal)):
        return _by_derivatives(obligation, goal)
    operators = list(_operators(goal, obligation.goal))
    if operators:
        return _by_closed_forms(problem, operators)
    if not problem.has_agreed or goal.size > MAX_TERM or obligation.goal.free or obligation.hypotheses or problem.dimensions:
        return GaveUp()
    if goal.sign == "=":
        return Proof() if _is_zero(subtract(goal.left, goal.right), problem) else GaveUp()
    return _by_factors(problem, goal)


# Antiderivatives.


def _by_derivatives(obligation: Obligation, goal: Relation) -> Proposal:
    """Both sides differentiated until no antiderivative is left.

    A side that does not depend on the variable means an integral whose bounds were left out: its derivative convicts nobody.
    """
    left, right = goal.left, goal.right
    convicts = True
    for _ in range(MAX_DEPTH):
        found = [part for part in walk(relation("=", left, right)) if isinstance(part, Antiderivative)]
        if not found:
            return Reduced(with_goal(obligation, relation(goal.sign, left, right)), is_equivalent=convicts)
        change = _variable(obligation, found)
        if goal.sign != "=" or change is None:
            break
        variable, inner = change
        names = {variable.name, *(symbol.name for symbol in inner)}
        if not (_is_linear(left, names) and _is_linear(right, names)):
            break
        convicts = convicts and all(names & side.names for side in (left, right))
        try:
            left, right = _slope(left, variable, inner), _slope(right, variable, inner)
        except NoRule as why:
            raise GivesUp(f"no derivative of {why}") from why
    return GaveUp("antiderivatives that are not merely added")


def _variable(obligation: Obligation, found: list[Antiderivative]) -> tuple[Symbol, dict[Symbol, Term]] | None:
    """The variable of integration, and the others by what a hypothesis says that they are in terms of it."""
    by = dict.fromkeys(part.by for part in found)
    if not all(isinstance(each, Symbol) for each in by):
        return None
    inner: dict[Symbol, Term] = {}
    for hypothesis in obligation.hypotheses:
        sides = hypothesis.relation.children if isinstance(hypothesis.relation, Relation) and hypothesis.relation.sign == "=" else ()
        for symbol, value in (sides, sides[::-1]) if sides else ():
            if symbol in by and symbol not in inner and any(each.name in value.names for each in by if each is not symbol):
                inner[symbol] = value
                break
    outer = [each for each in by if each not in inner]
    return (outer[0], inner) if len(outer) == 1 else None


def _slope(term: Term, by: Symbol, inner: dict[Symbol, Term]) -> Term:
    """The derivative of a term in which antiderivatives are merely added, by the chain rule for the inner variables."""
    if not any(isinstance(part, Antiderivative) for part in walk(term)):
        total = [differentiate(term, by)]
        total += [multiply(differentiate(term, symbol), differentiate(value, by)) for symbol, value in inner.items()]
        return add(*total)
    match term:
        case Antiderivative():
            return term.body if term.by is by else multiply(term.body, differentiate(inner[term.by], by))
        case Add():
            return add(*(_slope(child, by, inner) for child in term.children))
    apart = [child for child in term.children if any(isinstance(part, Antiderivative) for part in walk(child))]
    return multiply(*(child for child in term.children if child not in apart), *(_slope(child, by, inner) for child in apart))


def _is_linear(term: Term, names: set[str]) -> bool:
    """Whether antiderivatives stand in a term only as summands with constant factors."""
    if not any(isinstance(part, Antiderivative) for part in walk(term)):
        return True
    match term:
        case Antiderivative():
            return True
        case Add():
            return all(_is_linear(child, names) for child in term.children)
        case Multiply():
            inside = [child for child in term.children if any(isinstance(part, Antiderivative) for part in walk(child))]
            others = [child for child in term.children if child not in inside]
            return len(inside) == 1 and _is_linear(inside[0], names) and not any(names & other.names for other in others)
    return False


def with_goal(obligation: Obligation, goal: Term) -> Obligation:
    return with_(obligation, goal=with_(obligation.goal, relation=goal))


# Integrals, limits, infinite sums.


def _operators(goal: Term, statement: Statement) -> Iterator[Term]:
    """The outermost operators that depend on nothing bound."""
    free = {part.variable for part in statement.free}
    waiting = [goal]
    while waiting:
        term = waiting.pop()
        is_series = isinstance(term, Fold) and term.operation == "+" and term.upper is INFINITY
        if (is_series or isinstance(term, Integral | Limit)) and term.variables <= free:
            yield term
        else:
            waiting += term.children


def _by_closed_forms(problem: Problem, operators: list[Term]) -> Proposal:
    obligation = problem.obligation
    closed: dict[Term, Term] = {}
    for operator in dict.fromkeys(operators):
        found = _closed_form(problem, operator)
        if found is not None and _agrees(problem, operator, found):
            closed[operator] = found
    if not closed:
        return GaveUp("no closed form found")
    return Reduced(with_goal(obligation, replace(obligation.goal.relation, closed)))


def _closed_form(problem: Problem, operator: Term) -> Term | None:
    known = closed_series(operator) if isinstance(operator, Fold) else closed_integral(operator) if isinstance(operator, Integral) else None
    if known is not None:
        return known
    sp = sympy()
    free = {variable: sp.Symbol(str(variable.name), integer=True, positive=True) for variable in operator.variables}
    try:
        found = evaluated(to_sympy(operator, problem.domains, free))
        found = found.doit(conds="none") if isinstance(operator, Integral) else found.doit()
        if isinstance(found, sp.Piecewise):
            found = found.args[0].expr
        made = from_sympy(sp.sympify(found), {symbol: variable for variable, symbol in free.items()})
    except (GivesUp, NotImplementedError, ValueError, TypeError, AttributeError, RecursionError):
        # sympy raises all of these on integrals beyond it; none of them says anything about the step.
        return None
    return None if any(isinstance(part, Integral | Limit | Antiderivative) for part in walk(made)) else made


def _agrees(problem: Problem, operator: Term, closed: Term) -> bool:
    """Whether numbers bear a closed form out."""
    goal = with_(problem.obligation.goal, relation=relation("=", operator, closed))
    check = Problem(with_(problem.obligation, goal=goal), problem.limits)
    try:
        found = [examine(check, instance) for instance in check.instances()]
    except GivesUp:
        return False
    return bool(found) and all(each.failing is None and each.points for each in found)


# What is left.


def _is_zero(difference: Term, problem: Problem) -> bool:
    """Whether sympy turns a difference into 0: exact cancellation first, simplification last."""
    sp = sympy()
    found = evaluated(to_sympy(difference, problem.domains)).doit()
    for attempt in (sp.expand, _cancelled, sp.sqrtdenest, sp.simplify):
        try:
            if attempt(found) == 0:
                return True
        except (sp.PolynomialError, NotImplementedError, ValueError, TypeError, AttributeError, RecursionError):
            continue
    return False


def _cancelled(expression):
    return sympy().cancel(sympy().together(expression))


def _by_factors(problem: Problem, goal: Relation) -> Proposal:
    """An inequality whose gap is a polynomial in one symbol, or a product from which its sign can be seen."""
    if goal.sign not in ("<", "≤"):
        return GaveUp()
    sp = sympy()
    gap = evaluated(to_sympy(subtract(goal.right, goal.left), problem.domains)).doit()
    try:
        if _keeps_its_sign(gap, goal.sign == "<", problem):
            return Proof()
        factored = from_sympy(sp.factor(gap))
    except (GivesUp, sp.PolynomialError, NotImplementedError):
        return GaveUp()
    return Reduced(with_goal(problem.obligation, relation(goal.sign, ZERO, factored)))


def _keeps_its_sign(gap, is_strict: bool, problem: Problem) -> bool:
    """Whether a polynomial in one symbol is positive (or not negative) on the symbol's domain, by counting its roots."""
    sp = sympy()
    symbols = list(gap.free_symbols)
    if len(symbols) != 1 or not gap.is_polynomial(symbols[0]):
        return False
    polynomial = sp.Poly(gap, symbols[0])
    if not polynomial.domain.is_QQ and not polynomial.domain.is_ZZ:
        return False
    domain = problem.domains.get(symbols[0].name)
    lower = None if domain is None or domain.lower is None else sp.Rational(*domain.lower.as_integer_ratio())
    upper = None if domain is None or domain.upper is None else sp.Rational(*domain.upper.as_integer_ratio())
    _, factors = polynomial.factor_list()
    crossed = [part for part, power in factors if (power % 2 or is_strict) and part.count_roots(lower, upper)]
    inside = 0 if lower is None and upper is None else upper - 1 if lower is None else lower + 1 if upper is None else (lower + upper) / 2
    return not crossed and bool(polynomial.eval(inside) > 0)


DECIDER = Decider("algebra", "prove", 60, _propose)
