"""True identities with one thing changed: no prover may prove them, even when it is told that sampling saw nothing wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derivcheck.decision.cascade import decide, deciders
from derivcheck.decision.limits import Limits
from derivcheck.decision.node import GivesUp
from derivcheck.decision.outcome import Refuted
from derivcheck.decision.problem import Problem
from derivcheck.decision.proposal import Candidate, Proof
from derivcheck.registry import load
from derivcheck.term import build
from derivcheck.term.binder import open_binder, rebind, rebuild
from derivcheck.term.obligation import Obligation
from derivcheck.term.term import Add, Apply, Multiply, Number, Power, Relation, Symbol, Term, TooLarge, Variable
from tests.test_decision_cases import CASES, SHELF, Case

PROVERS = ("every_n", "modular")
SWAPPED = {"exp": "sinh", "sin": "cos", "cos": "sin", "log": "sinh", "max": "min", "abs": "sign", "tanh": "sin"}


def is_equation(case: Case) -> bool:
    goal = case.obligation.goal.relation
    return case.expected.startswith("proved") and isinstance(goal, Relation) and goal.sign == "=" and not isinstance(goal.left, Relation)


IDENTITIES = [case for case in (*CASES, *(case for name, case in SHELF if name in PROVERS)) if is_equation(case)]


def changes(term: Term, scope: tuple[Variable, ...]) -> Iterator[Term]:
    """The term with one thing inside changed: a sign, a factor, a summand, a power, an index, a function, a number."""
    match term:
        case Number():
            yield build.number(term.value + 1)
        case Add() | Multiply():
            for at, child in enumerate(term.children):
                rest = term.children[:at] + term.children[at + 1 :]
                yield rebuild(term, rest) if len(rest) > 1 else rest[0]
                yield rebuild(term, (*rest, build.negate(child)))
        case Power():
            yield build.power(term.base, build.add(term.exponent, build.ONE))
        case Symbol() if term.indices:
            yield Symbol(term.children[::-1], term.payload)
            for at, other in (
                (at, other) for at in range(len(term.children)) for other in scope if isinstance(term.children[at], Variable)
            ):
                yield Symbol((*term.children[:at], other, *term.children[at + 1 :]), term.payload)
        case Apply() if term.function in SWAPPED and not term.orders:
            yield build.apply(SWAPPED[term.function], *term.arguments)
            yield term.arguments[0]
    if term.binds:
        variables, bounds, bodies = open_binder(term)
        for at, body in enumerate(bodies):
            for changed in changes(body, (*scope, *variables)):
                yield rebind(term, variables, bounds, [*bodies[:at], changed, *bodies[at + 1 :]])
        return
    for at, child in enumerate(term.children):
        for changed in changes(child, scope):
            yield rebuild(term, (*term.children[:at], changed, *term.children[at + 1 :]))


def mutants(obligation: Obligation) -> list[Obligation]:
    """The obligation with one side changed."""
    goal = obligation.goal
    scope = tuple(part.variable for part in goal.free)
    sides = goal.relation.children
    made = [(sides[0], changed) for changed in changes(sides[1], scope)] + [(changed, sides[1]) for changed in changes(sides[0], scope)]
    relations = [build.relation("=", *pair) for pair in dict.fromkeys(made)]
    return [
        replace(obligation, goal=replace(goal, relation=each))
        for each in relations
        if each is not goal.relation and isinstance(each, Relation)
    ]


def proofs(obligation: Obligation) -> list[str]:
    """The provers that would prove an obligation if sampling had found nothing against it."""
    problem = Problem(obligation, Limits())
    problem.has_agreed = True
    found = []
    for name in PROVERS:
        try:
            proposal = load("deciders", name).propose(problem)
        except (GivesUp, TooLarge):
            continue
        if isinstance(proposal, Proof) and not proposal.conditions:
            found.append(name)
    return found


def is_false(obligation: Obligation) -> bool:
    """Whether sampling alone refutes it."""
    problem = Problem(obligation, Limits())
    try:
        return isinstance(load("deciders", "sampling").propose(problem), Candidate)
    except (GivesUp, TooLarge):
        return False


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(IDENTITIES), st.randoms(use_true_random=False))
def test_no_prover_proves_a_planted_mistake(case: Case, random) -> None:
    made = mutants(case.obligation)
    assume(made)
    changed = random.choice(made)
    assume(is_false(changed))
    assert proofs(changed) == [], changed.goal.relation


def dressings(goal: Relation) -> Iterator[Relation]:
    """The goal in other words: true if it is."""
    left, right = goal.children
    extra = build.symbol("~extra")
    yield build.relation("=", build.subtract(left, right), build.ZERO)
    yield build.relation("=", build.multiply(extra, left), build.multiply(right, extra))
    yield build.relation("=", build.exp(left), build.exp(right))
    yield build.relation("=", build.power(build.add(left, extra), build.TWO), build.power(build.add(right, extra), build.TWO))
    yield build.relation("=", build.add(left, build.apply("sin", left)), build.add(right, build.apply("sin", right)))


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(IDENTITIES), st.integers(0, 4))
def test_what_is_true_stays_so_in_other_words(case: Case, which: int) -> None:
    goal = list(dressings(case.obligation.goal.relation))[which]
    outcome = decide(replace(case.obligation, goal=replace(case.obligation.goal, relation=goal)))
    assert not isinstance(outcome, Refuted), outcome


def test_every_prover_is_attacked() -> None:
    """Those left out look at integrals, inequalities and equivalences, or propose nothing that is not given word for word."""
    assert {decider.name for decider in deciders()} - set(PROVERS) == {"identical", "sampling", "order", "solution_set", "algebra"}
