"""Laws that no obligation may break: a false goal is never proved, a true one never refuted, however it is dressed up."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from derivcheck.decision.cascade import decide
from derivcheck.decision.examination import examine
from derivcheck.decision.field import PRIME
from derivcheck.decision.limits import Limits
from derivcheck.decision.outcome import Agreed, Outcome, Proved, Refuted, Undecided
from derivcheck.decision.problem import Problem
from derivcheck.term import build
from derivcheck.term.binder import fold, open_binder, rebind, rebuild
from derivcheck.term.binder import replace as replace_terms
from derivcheck.term.derivative import differentiate
from derivcheck.term.obligation import Obligation, Range, Statement
from derivcheck.term.term import Derivative, Relation, Term, Variable
from derivcheck.term.type import DIMENSION, INTEGER, POSITIVE, Domain
from tests.test_decision_cases import CASES, Case, read_obligation

BANK = Path(__file__).parents[2] / "shared" / "engine" / "bank.py"

FALSE = {
    "the root of a square": "sqrt(x**2) == x",
    "the root of a product": "sqrt(x*y)*sqrt(x*z) == x*sqrt(y*z)",
    "an even root of whole powers": "domain k integer; sqrt(r**(2*k)) == r**k",
    "a sign that is lost": "abs(x)*abs(y) == x*y",
    "a sign in a branch": "abs(x) + cases((x > 0, log(x)), 0) == x + cases((x > 0, log(x)), 0)",
    "a sine for large angles": "domain x > 0; sqrt(1 - cos(x)**2) == sin(x)",
    "far away only": "max(x, 1000) == 1000",
    "a tiny constant": "x + 1/10**30 == x",
    "a tinier constant": "x + 1/10**300 == x",
    "a near identity": "exp(pi*sqrt(163)) == 262537412640768744",
    "another near identity": "22*pi**4 == 2143",
    "a multiple of the prime": f"{PRIME}*x/10**17 == 0",
    "a tiny multiple of the prime": f"x + {PRIME}/10**40 == x",
    "it vanishes at small whole numbers": "domain k integer; k*(k - 1)*(k - 2)*(k - 3)*(k + 1)*(k + 2) == 0",
    "it vanishes at small sizes": "size n; sum(i, 1, n, x[i])*(n - 2)*(n - 3)*(n - 4)*(n - 5)*(n - 7) == 0",
    "it vanishes at small sizes under a sine": "size n; sin(x*(n - 1)*(n - 2)*(n - 3)*(n - 4)) == 0",
    "two rows only": "size n; determinant(A[r, c], n) == A[1, 1]*A[2, 2] - A[1, 2]*A[2, 1]",
    "nothing over nothing": "1/(sin(x)**2 + cos(x)**2 - 1) == 7",
    "a root that is not there": "sqrt(-1 - x**2) == 3",
    "from contradictions": "given x == 1; given x == 2; y == 3",
    "at least is not more than": "given 1 <= x; 1 < x",
    "a half-open interval": "given 0 <= x; abs(x)/x == x/abs(x) + x",
    "a parity": "domain k integer; (-1)**k == 1",
    "powers of powers": "domain k, m integer; (x**k)**m == x**(k + m)",
    "a difference of logarithms": "log(x) - log(y) == log(x - y)",
    "Euler's constant is no root": "gamma_e == 1/sqrt(3)",
}

# False at a single point, or where nobody looks: agreement at sampled points cannot see it.
UNSEEN = ("far away only", "at least is not more than")

TRUE = {
    "a logarithm of a square": "log(x**2) == 2*log(abs(x))",
    "a root of a square": "sqrt(x**2) == abs(x)",
    "a large constant that cancels": "((10**60 + x)**2 - 10**120 - x**2)/10**60 == 2*x",
    "steep functions": "exp(x**2)*exp(-x**2) == 1",
    "steeper functions": "log(exp(100*x)*exp(100*y)) == 100*x + 100*y",
    "a cancelled factor": "(x**2 - 1)/(x - 1) == x + 1",
    "whole angles": "domain k integer; cos(2*pi*k) == 1",
    "alternating signs": "domain k integer; cos(pi*k) == (-1)**k",
    "a corner": "D(max(0, x)**2/2, x) == max(0, x)",
    "a case for each sign": "cases((x > 0, x), (x < 0, -x), 0) == abs(x)",
    "an empty sum": "size n; sum(i, n + 1, n, x[i]) == 0",
    "a sum that starts late": "size n; sum(i, 1, n, x[i]) == x[1] + x[2] + x[3] + sum(i, 4, n, x[i])",
    "one component": "size n; sum(i, 1, n, x[i]*delta(i, 1)) == x[1]",
    "an undefined diagonal": "size n; free i in 1..n; sum(k, 1, n, indicator(k != i)/(x[k] - x[i])) == sum(k, 1, n, 1/(x[k] - x[i]), k != i)",
    "a strict inequality with a narrow gap": "domain x in (0, 1); x*(1 - x) <= 1/4",
    "from a hypothesis about another place": "given f(0) == 0; f(x) - f(x) == 0",
    "a double angle": "tan(2*x) == 2*tan(x)/(1 - tan(x)**2)",
    "inverse functions": "tanh(artanh(x)) == x",
}


def parts(text: str) -> Obligation:
    return read_obligation(text.split("; "))


@pytest.mark.parametrize("what", FALSE)
def test_what_is_false_is_not_proved(what: str) -> None:
    outcome = decide(parts(FALSE[what]))
    assert not isinstance(outcome, Proved), outcome
    if isinstance(outcome, Agreed):
        assert what in UNSEEN or outcome.conditions, outcome


@pytest.mark.parametrize("what", TRUE)
def test_what_is_true_is_not_refuted(what: str) -> None:
    outcome = decide(parts(TRUE[what]))
    assert isinstance(outcome, Proved | Agreed), outcome


def mutants(goal: Relation) -> Iterator[Relation]:
    """The goal with one side changed."""
    yield build.relation(goal.sign, goal.left, build.multiply(build.TWO, goal.right))
    yield build.relation(goal.sign, build.add(goal.left, build.number(Fraction(1, 1000))), goal.right)
    yield build.relation(goal.sign, goal.left, build.negate(goal.right))


EQUATIONS = [
    case
    for case in CASES
    if case.expected.startswith("proved")
    and isinstance(case.obligation.goal.relation, Relation)
    and case.obligation.goal.relation.sign == "="
    and not isinstance(case.obligation.goal.relation.left, Relation)
    and case.path.stem in ("indices", "equations")
]


@pytest.mark.parametrize("case", EQUATIONS, ids=str)
def test_a_planted_mistake_is_never_right(case: Case) -> None:
    obligation = case.obligation
    for goal in mutants(obligation.goal.relation):
        changed = replace(obligation, goal=replace(obligation.goal, relation=goal))
        is_still_true = build.ZERO in obligation.goal.relation.children
        outcome = decide(changed) if not is_still_true else Undecided()
        assert isinstance(outcome, Refuted | Undecided), (goal, outcome)


@pytest.mark.parametrize("case", [case for case in CASES if case.expected.startswith("proved every")], ids=str)
def test_a_proof_for_every_size_holds_at_larger_sizes(case: Case) -> None:
    problem = Problem(case.obligation, Limits(nodes=30_000, assignments=6))
    choice = {name: 5 + at for at, name in enumerate(problem.dimensions)} | dict.fromkeys(problem.pointers, 2)
    assert examine(problem, problem.instance(choice)).failing is None


# The bank of identities that the engine was first measured on; it lies beside the repository, and not everywhere.


def _carried_out(term: Term) -> Term:
    """The term with its derivatives carried out."""
    if term.binds:
        variables, bounds, bodies = open_binder(term)
        return rebind(term, variables, [_carried_out(bound) for bound in bounds], [_carried_out(body) for body in bodies])
    if isinstance(term, Derivative):
        return differentiate(_carried_out(term.body), term.by)
    return rebuild(term, tuple(map(_carried_out, term.children))) if term.children else term


def _bank() -> Iterator[tuple[str, Obligation, bool]]:
    from derivcheck.decision.bridge import from_sympy

    sys.path.insert(0, str(BANK.parent))
    try:
        import bank
    finally:
        sys.path.pop(0)
    boxes = {str(symbol): Domain(Fraction(str(low)), Fraction(str(high))) for symbol, (low, high) in bank.DOMAIN.items()}
    for name, left, right, truth, _ in bank.BANK:
        domains = {}
        for symbol in left.free_symbols | right.free_symbols:
            if symbol.is_integer:
                domains[str(symbol)] = DIMENSION if symbol.is_positive else INTEGER
            elif symbol.is_positive:
                domains[str(symbol)] = POSITIVE
        domains |= {name: box for name, box in boxes.items() if name in domains}
        goal = build.relation("=", _carried_out(from_sympy(left)), _carried_out(from_sympy(right)))
        yield name, Obligation(Statement(goal), (), tuple(sorted(domains.items()))), truth


@pytest.mark.skipif(not BANK.exists(), reason="the bank of identities is not here")
def test_the_bank_of_identities() -> None:
    wrong = []
    unproved = 0
    for name, obligation, truth in _bank():
        outcome: Outcome = decide(obligation)
        unproved += truth and isinstance(outcome, Agreed)
        if not isinstance(outcome, (Proved, Agreed) if truth else Refuted):
            wrong.append((name, outcome))
    assert not wrong and unproved <= 2


def _with_nameless_variables(obligation: Obligation) -> Obligation:
    """The obligation with other variables in the place of its free ones."""
    goal = obligation.goal
    other = {part.variable: Variable.fresh() for part in goal.free}
    free = tuple(Range(other[part.variable], part.lower, replace_terms(part.upper, other)) for part in goal.free)
    return replace(obligation, goal=Statement(replace_terms(goal.relation, other), free, replace_terms(goal.condition, other)))


def test_nameless_variables_leave_no_trace() -> None:
    """The same outcome however many variables were made before, in the names that the asker knows."""
    case = next(case for case in CASES if case.expected == "refuted" and len(case.obligation.goal.free) == 2)
    first, second = (_with_nameless_variables(case.obligation) for _ in range(2))
    outcomes = [decide(first), decide(second)]
    assert [name for name, _ in outcomes[0].witness.indices] == [part.variable.name for part in first.goal.free]
    assert outcomes[0].witness.values == outcomes[1].witness.values


def test_a_variable_from_another_process_is_captured_by_none() -> None:
    """Variables that the child makes may have the numbers of those that the parent made."""
    following = Variable.fresh()
    number = int(str(following.name).strip("~"))
    for later in range(1, 40):
        stranger = Variable.of(f"~{number + later}")
        n = build.symbol("n")
        total = fold("+", Variable.of("k"), build.ONE, n, build.symbol("x", stranger, Variable.of("k")))
        wrong = fold("+", Variable.of("k"), build.ONE, n, build.symbol("x", Variable.of("k"), Variable.of("k")))
        goal = Statement(build.relation("=", total, wrong), (Range(stranger, build.ONE, n),))
        assert isinstance(decide(Obligation(goal, (), (("n", DIMENSION),))), Refuted)
