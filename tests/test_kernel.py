"""The kernel believes nobody: what deciders propose becomes an outcome only if it stands up to its own check."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from derivcheck.decision import kernel
from derivcheck.decision.cascade import decide
from derivcheck.decision.examination import examine
from derivcheck.decision.limits import Limits
from derivcheck.decision.outcome import Agreed, Proved, Refuted, Undecided
from derivcheck.decision.problem import Problem
from derivcheck.decision.proposal import Agreement, Candidate, Point, Proof
from tests.test_decision_cases import read_obligation

LIMITS = Limits()


def candidate(*lines: str, **values: str) -> Candidate:
    """A candidate at given values for the first instance of an obligation."""
    instance = next(Problem(read_obligation(list(lines)), LIMITS).instances())
    point = Point({instance.graph.atom(name): Fraction(value) for name, value in values.items()})
    return Candidate(instance, instance.branches[0], instance.goals[0], point)


def test_a_difference_is_confirmed() -> None:
    found = kernel.confirm(candidate("(x + y)**2 == x**2 + y**2", x="1/2", y="2"), LIMITS, "sampling")
    assert isinstance(found, Refuted) and {found.left, found.right} == {6.25, 4.25}
    assert found.witness.values == (("x", "1/2"), ("y", "2"))


@pytest.mark.parametrize(
    ("lines", "values"),
    [
        (["sin(x)**2 + cos(x)**2 == 1"], {"x": "1/2"}),
        (["(10**30 + x) - 10**30 == x"], {"x": "1/3"}),
        (["((10**100 + x)**2 - 10**200 - x**2)/10**100 == 2*x"], {"x": "1/3"}),
        (["log(x) == 1"], {"x": "-1"}),
        (["1/x == 1"], {"x": "0"}),
        (["sqrt(x**2) == x"], {"x": "2"}),
        (["x < y"], {"x": "1", "y": "1"}),
        (["x != y"], {"x": "1", "y": "1"}),
    ],
)
def test_no_difference_no_refutation(lines: list[str], values: dict[str, str]) -> None:
    """Equal sides, sides without a value, and corners refute nothing."""
    assert kernel.confirm(candidate(*lines, **values), LIMITS, "sampling") is None


def test_a_point_off_the_hypotheses_is_no_counterexample() -> None:
    lines = ["given y < x", "x**2 == y**2"]
    assert kernel.confirm(candidate(*lines, x="1", y="2"), LIMITS, "sampling") is None
    assert kernel.confirm(candidate(*lines, x="2", y="1"), LIMITS, "sampling") is not None


def test_a_value_out_of_its_domain_is_no_counterexample() -> None:
    """x is given by y, and must be positive."""
    lines = ["domain x > 0", "given x == y + 1", "x == 5"]
    assert kernel.confirm(candidate(*lines, y="-3"), LIMITS, "sampling") is None
    assert kernel.confirm(candidate(*lines, y="3"), LIMITS, "sampling") is not None


def test_an_unknown_function_has_one_value_at_one_place() -> None:
    """That f(x) is given by y says the same of f(y + x - y), whatever wave stands for f elsewhere."""
    lines = ["given f(x) == y**2", "given z == x", "f(z) == y**2"]
    instance = next(Problem(read_obligation(lines), LIMITS).instances())
    assert examine(Problem(read_obligation(lines), LIMITS), instance).failing is None


def test_a_proof_needs_points_to_be_checked_at() -> None:
    assert isinstance(kernel.accept(Proof(), "modular", None), Undecided)
    assert isinstance(kernel.accept(Proof(), "modular", Agreed("sampling", 32)), Proved)
    assert isinstance(kernel.accept(Proof(points=3), "algebra", None), Proved)


def test_a_proof_on_conditions_is_agreement() -> None:
    found = kernel.accept(Proof("every n", ("a ≠ 0",)), "modular", Agreed("sampling", 32, conditions=("x > 0",)))
    assert found == Agreed("modular", 32, "every n", ("a ≠ 0", "x > 0"))


def test_agreement_nowhere_is_none() -> None:
    assert isinstance(kernel.weigh(Agreement(0), "sampling"), Undecided)


def test_more_digits_overrule_agreement() -> None:
    """Both sides agree to the last bit of a float; forty digits tell them apart."""
    found = candidate("x + 1/10**25 == x", x="1/3")
    assert isinstance(kernel.look_closer(Agreement(1, probes=(found,)), LIMITS, "sampling"), Refuted)
    same = candidate("sin(x)**2 + cos(x)**2 == 1", x="1/3")
    assert kernel.look_closer(Agreement(1, probes=(same,)), LIMITS, "sampling") is None


def test_the_witness_names_what_the_goal_depends_on() -> None:
    outcome = decide(read_obligation(["size n", "free i in 1..n", "given b == 3", "W[i, i]*x[i] == x[i] + f(x[i])"]))
    assert isinstance(outcome, Refuted)
    names = [name for name, _ in outcome.witness.values]
    assert outcome.witness.dimensions == (("n", 1),) and outcome.witness.indices == (("i", 1),)
    assert names[:2] == ["W_11", "x_1"] and names[2].startswith("f(") and "b" not in names


def test_the_same_obligation_has_the_same_outcome() -> None:
    lines = ["size n", "free i in 1..n", "x[i]*y == y + sum(k, 1, n, x[k])"]
    assert decide(read_obligation(lines)) == decide(read_obligation(lines))


def test_limits_are_kept() -> None:
    tight = replace(LIMITS, nodes=50)
    outcome = decide(read_obligation(["size n", "sum(i, 1, n, sum(j, 1, n, x[i]*y[j]**2*exp(z[i, j]))) == 0"]), tight)
    assert isinstance(outcome, Refuted | Undecided)
    outcome = decide(read_obligation(["sum(i, 1, 100000000, x[i]) == 0"]))
    assert outcome == Undecided(("a sum of too many terms",))
