"""Every n: sums over whole ranges are equal for all sizes if they are for a few.

Proves the Jacobian of the softmax, the gradient of a regression and the backward pass of a batch normalisation for every
number of classes, features and samples. Does not prove ``x_{i+1} - x_i`` summed up, where neighbours matter, nor anything
about ``sin((n - 3)(n - 4)(n - 5) x)``, which vanishes at three sizes and no others. How it is confirmed: a sum over b
indices that vanishes on b + 1 successive sizes vanishes (see ``decision/locality.py``); at each of them both sides are
compared in the prime field with all entries and function values as unknowns; and the kernel asks for sampled points.
"""

from __future__ import annotations

from collections.abc import Callable

from derivcheck.decision.consequence import follows, isolated, unrolled
from derivcheck.decision.contract import Contraction, Definition
from derivcheck.decision.examination import beyond
from derivcheck.decision.family import Families
from derivcheck.decision.node import GivesUp
from derivcheck.decision.positive import Positivity
from derivcheck.decision.problem import Problem
from derivcheck.decision.proposal import Decider, GaveUp, Proof, Proposal
from derivcheck.decision.wording import scope_of_all
from derivcheck.term.binder import fold, open_binder, replace
from derivcheck.term.build import ONE, TRUE, divide, multiply, subtract, symbol
from derivcheck.term.obligation import Range, Statement
from derivcheck.term.term import Apply, Fold, Junction, Number, Power, Relation, Symbol, Term, Variable
from derivcheck.term.type import DIMENSION


def _propose(problem: Problem) -> Proposal:
    if not problem.dimensions or not problem.has_agreed or not _is_equation(problem.obligation.goal.relation):
        return GaveUp()
    failure: GivesUp | None = None
    for isolates in (False, True):
        try:
            if _holds(problem, isolates):
                return Proof(scope_of_all(problem.dimensions))
        except GivesUp as why:
            failure = failure or why
    if failure is not None:
        raise failure
    return (beyond(problem) if not problem.has_size_as_number else None) or GaveUp()


def _is_equation(relation: Term) -> bool:
    parts = relation.children if isinstance(relation, Junction) and relation.kind == "and" else (relation,)
    return all(isinstance(part, Relation) and part.sign == "=" for part in parts)


def _holds(problem: Problem, isolates: bool) -> bool:
    """Whether the goal is proved; ``isolates``: hypotheses are also solved for what they name once."""
    contraction, positivity = _prepare(problem, isolates)
    if isolates and not any(found[0] in contraction.definitions for each in problem.hypotheses for found in isolated(each)):
        return False
    families = Families(contraction, positivity.is_positive_name, problem.seed, problem.limits)
    for goal in unrolled(problem.obligation.goal):
        statement = _point(problem, contraction, goal)
        guard = contraction.bracket(statement.condition)
        for relation in statement.relation.children if isinstance(statement.relation, Junction) else (statement.relation,):
            if relation is TRUE:
                continue
            if not isinstance(relation, Relation):
                return False
            for side in relation.children:
                _assume(contraction, positivity, side)
            left, right = (contraction.apply(side) for side in relation.children)
            gap = contraction.apply(multiply(guard, subtract(left, right)))
            if not families.vanishes(gap) and not _follows(problem, gap, statement.free, contraction, families):
                return False
    return True


def _follows(problem: Problem, gap: Term, free: tuple[Range, ...], contraction: Contraction, families: Families) -> bool:
    """Whether one of the hypotheses says that a gap is zero."""
    return any(
        follows(gap, each, free, contraction, families.vanishes) for hypothesis in problem.hypotheses for each in unrolled(hypothesis)
    )


def _prepare(problem: Problem, isolates: bool) -> tuple[Contraction, Positivity]:
    """The goal's ranges, and what hypotheses define. Other hypotheses are left out: what holds without them holds."""
    goal = problem.obligation.goal
    positivity = Positivity(problem.domains)

    def is_size(term: Term) -> bool:
        return isinstance(term, Symbol) and not term.indices and problem.domains.get(term.name) == DIMENSION

    def is_isolated(condition: Term) -> bool:
        domains = [problem.domains.get(name) for name in condition.names]
        return all(domain is not None and (domain.integer or domain.values) for domain in domains)

    contraction = Contraction(_ranges(goal, is_size), is_size, positivity.holds, is_isolated)
    for hypothesis in problem.hypotheses:
        known = _normalised(hypothesis, positivity) or _defined(hypothesis)
        for found in (known,) if known is not None else isolated(hypothesis) if isolates else ():
            if found[0] not in contraction.definitions and not _leads_back(found, contraction):
                contraction.definitions[found[0]] = found[1]
                break
    return contraction, positivity


def _ranges(statement: Statement, is_size: Callable[[Term], bool]) -> dict[Variable, Term]:
    found = {}
    for part in statement.free:
        if isinstance(part.upper, Number):
            continue
        if part.lower is not ONE or not is_size(part.upper):
            raise GivesUp("an index over part of a range")
        found[part.variable] = part.upper
    return found


def _defined(hypothesis: Statement) -> tuple[str, Definition] | None:
    """A hypothesis that gives all entries of a family (or a scalar) by something else."""
    relation = hypothesis.relation
    if hypothesis.condition is not TRUE or not isinstance(relation, Relation) or relation.sign != "=":
        return None
    variables = {part.variable for part in hypothesis.free}
    for side, other in (relation.children, relation.children[::-1]):
        if not isinstance(side, Symbol) or set(side.indices) != variables or len(side.indices) != len(variables):
            continue
        if side.name not in other.names and all(part.lower is ONE for part in hypothesis.free):
            upper = {part.variable: part.upper for part in hypothesis.free}
            ranges = tuple(upper[index] for index in side.indices)
            return side.name, Definition(tuple(side.indices), ranges, other)
    return None


def _normalised(hypothesis: Statement, positivity: Positivity) -> tuple[str, Definition] | None:
    """Entries that add up to something are parts of it: y_i = total * t_i / sum of t, for free t."""
    relation = hypothesis.relation
    if hypothesis.condition is not TRUE or not isinstance(relation, Relation) or relation.sign != "=":
        return None
    for side, total in (relation.children, relation.children[::-1]):
        if not isinstance(side, Fold) or side.operation != "+":
            continue
        (variable,), (lower, upper), (condition, body) = open_binder(side)
        if lower is not ONE or condition is not TRUE or not isinstance(body, Symbol) or body.name in total.names:
            continue
        ranges = {part.variable: part.upper for part in hypothesis.free} | {variable: upper}
        if set(body.indices) != set(ranges) or len(body.indices) != len(ranges):
            continue
        free = f"{body.name}~share"
        positivity.domains[free] = positivity.domains.get(body.name) or positivity.domains.get(free)
        if positivity.domains[free] is None:
            del positivity.domains[free]
        share = symbol(free, *body.indices)
        other = Variable.fresh()
        whole = fold("+", other, ONE, upper, replace(share, {variable: other}))
        made = divide(multiply(total, share), whole)
        return body.name, Definition(tuple(body.indices), tuple(ranges[index] for index in body.indices), made)
    return None


def _leads_back(found: tuple[str, Definition], contraction: Contraction) -> bool:
    """Whether putting in definitions would never end."""
    name, definition = found
    waiting, seen = set(definition.body.names), set()
    while waiting:
        at = waiting.pop()
        if at == name:
            return True
        if at not in seen and at in contraction.definitions:
            waiting |= contraction.definitions[at].body.names
        seen.add(at)
    return False


def _point(problem: Problem, contraction: Contraction, goal: Statement) -> Statement:
    """Symbols that stand for an index become free variables of the one range that they are compared with."""
    put_in: dict[Term, Term] = {}
    for name in problem.pointers:
        ranges = _pointed_ranges(contraction, name, goal.relation)
        if len(ranges) != 1:
            raise GivesUp("an index of unknown range")
        variable = Variable.of(f"{name}~index")
        contraction.ranges[variable] = ranges.pop()
        put_in[symbol(name)] = variable
    if not put_in:
        return goal
    return Statement(replace(goal.relation, put_in), (*goal.free, *(Range(v, ONE, ONE) for v in put_in.values())), goal.condition)


def _pointed_ranges(contraction: Contraction, name: str, root: Term) -> set[Term]:
    """The ranges of the variables that a symbol is compared with."""
    found: set[Term] = set()
    ranges = dict(contraction.ranges)

    def visit(term: Term) -> None:
        if isinstance(term, Relation) and symbol(name) in term.children:
            found.update(ranges[child] for child in term.children if child in ranges)
        if term.binds:
            variables, bounds, bodies = open_binder(term)
            ranges.update(zip(variables, bounds[-len(variables) :], strict=True))
            for part in (*bounds, *bodies):
                visit(part)
            return
        for child in term.children:
            visit(child)

    visit(root)
    return found


def _assume(contraction: Contraction, positivity: Positivity, term: Term) -> None:
    """Takes what stands under a logarithm or a root as positive: elsewhere the goal is undefined."""
    if term.binds:
        variables, bounds, bodies = open_binder(term)
        contraction.ranges.update(zip(variables, bounds[-len(variables) :], strict=True))
        for body in bodies:
            _assume(contraction, positivity, body)
        return
    inside = None
    if isinstance(term, Apply) and term.function == "log":
        inside = term.arguments[0]
    elif isinstance(term, Power) and not (isinstance(term.exponent, Number) and term.exponent.value.denominator == 1):
        inside = term.base
    if inside is not None and not isinstance(inside, Number):
        positivity.assume(inside)
        positivity.assume(contraction.apply(inside))
    for child in term.children:
        _assume(contraction, positivity, child)


DECIDER = Decider("every_n", "prove", 20, _propose)
