"""What a term means is the same in floating point, with many digits, in sympy, and after a trip to another process."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivcheck.decision import arithmetic, precise
from derivcheck.decision.bridge import from_sympy, to_sympy
from derivcheck.decision.gradient import differentiate as node_derivative
from derivcheck.decision.graph import Graph
from derivcheck.decision.instantiate import Instantiation
from derivcheck.decision.node import GivesUp, atoms_of
from derivcheck.decision.parcel import pack, unpack
from derivcheck.term import build
from derivcheck.term.binder import array, fold, integral, limit, walk
from derivcheck.term.derivative import NoRule, differentiate
from derivcheck.term.obligation import Obligation, Range, Statement
from derivcheck.term.term import Cases, Constant, Term, Variable
from derivcheck.term.type import POSITIVE
from tests.test_decision_cases import Reader

UNARY = ("exp", "log", "sin", "cos", "tanh", "arctan", "sinh", "cosh", "abs", "erf", "gamma", "arsinh", "f")
LETTERS = ("x", "y", "z")

numbers = st.fractions(min_value=-4, max_value=4, max_denominator=6).map(build.number)
leaves = st.one_of(st.sampled_from(LETTERS).map(build.symbol), numbers, st.just(build.PI))


def _grown(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    exponents = st.sampled_from([2, 3, -1, Fraction(1, 2), Fraction(-3, 2)]).map(build.number)
    return st.one_of(
        st.tuples(inner, inner).map(lambda pair: build.add(*pair)),
        st.tuples(inner, inner).map(lambda pair: build.multiply(*pair)),
        st.tuples(inner, exponents).map(lambda pair: build.power(*pair)),
        st.tuples(st.sampled_from(UNARY), inner).map(lambda pair: build.apply(*pair)),
        st.tuples(inner, inner, inner).map(lambda t: build.cases([(build.relation("<", t[0], t[1]), t[2])], t[0])),
    )


terms = st.recursive(leaves, _grown, max_leaves=8)
POINT = {"x": Fraction(7, 10), "y": Fraction(-13, 10), "z": Fraction(9, 4)}


def _values(term: Term) -> tuple:
    """The term's value in floats and at 40 digits, each with its error; None where there is none."""
    graph = Graph()
    node = Instantiation(graph, {}).node(term)
    atoms = {atom: POINT[atom.value[0]] for atom in atoms_of([node]) if atom.op == "atom"}
    floats = {atom: (np.array([float(value)]), np.array([abs(float(value)) * arithmetic.UNIT])) for atom, value in atoms.items()}
    value, error = arithmetic.evaluate([node], floats, 1)[node]
    exact = precise.evaluate([node], {atom: precise.exactly(value, 40) for atom, value in atoms.items()}, 40)[node]
    return (value[0], error[0]), exact


@settings(max_examples=300, deadline=None)
@given(terms)
def test_floats_are_as_near_as_they_say(term: Term) -> None:
    (value, error), exact = _values(term)
    if exact is not None and np.isfinite(error):
        assert abs(value - float(exact[0])) <= 4 * error + 1e-300


@settings(max_examples=300, deadline=None)
@given(terms)
def test_sympy_gives_back_the_same_term(term: Term) -> None:
    """Or refuses: sympy rewrites a case distinction within a condition whether asked to or not."""
    try:
        there = to_sympy(term)
    except GivesUp:
        assert any(isinstance(part, Cases) for part in walk(term))
        return
    assert from_sympy(there) is term


@settings(max_examples=200, deadline=None)
@given(terms)
def test_slopes_are_differences(term: Term) -> None:
    """The derivative of a term and of its graph agree with a difference quotient, where there is no corner."""
    by = build.symbol("x")
    try:
        slope = differentiate(term, by)
    except NoRule:
        return
    graph = Graph()
    made = Instantiation(graph, {})
    node, other = made.node(term), made.node(slope)
    x = graph.atom("x")
    mp = precise.context()
    step = Fraction(1, 10**12)
    found = []
    for shift in (-1, 0, 1):
        point = {graph.atom(name): precise.exactly(value + (shift * step if name == "x" else 0), 60) for name, value in POINT.items()}
        found.append(precise.evaluate([node, other, node_derivative(graph, node, x)], point, 60))
    below, here, above = (each[node] for each in found)
    same = found[1][other], found[1][node_derivative(graph, node, x)]
    if None in (below, here, above, *same) or abs(above[0] - 2 * here[0] + below[0]) > 1e-15 * (1 + abs(here[0])):
        return
    assert abs(same[0][0] - same[1][0]) <= mp.mpf(10) ** -20 * (1 + abs(same[0][0]))
    quotient = (above[0] - below[0]) / (2 * mp.mpf(step.numerator) / step.denominator)
    assert abs(quotient - same[0][0]) <= 1e-6 * (1 + abs(quotient))


n, i, k = build.symbol("n"), Variable.of("i"), Variable.of("k")
BINDERS = {
    "a sum": fold("+", i, build.ONE, n, build.symbol("x", i)),
    "a sum over a condition": fold("+", i, build.ONE, n, build.symbol("x", i), build.relation("≠", i, build.TWO)),
    "a product within a sum": fold("+", i, build.ONE, n, fold("*", k, build.ONE, i, build.symbol("W", i, k))),
    "a maximum": fold("max", i, build.ONE, n, build.symbol("x", i)),
    "an integral": integral(i, build.ZERO, build.INFINITY, build.exp(build.negate(i))),
    "an antiderivative": build.antiderivative(build.log(build.symbol("x")), build.symbol("x")),
    "a limit": limit(i, build.ZERO, build.divide(build.apply("sin", i), i), "+"),
    "an inverse's entry": build.apply("inverse", array([i, k], [n, n], build.symbol("A", i, k)), component=(build.ONE, build.TWO)),
    "a derivative of an unknown function": build.apply("f", build.symbol("x"), orders=((0, ()),)),
    "a truth": build.all_of([build.relation("<", n, build.symbol("x")), build.negation(build.relation("=", n, build.TWO))]),
    "an equivalence": build.relation("=", build.relation("<", n, build.ONE), build.relation("≤", build.symbol("x"), n)),
    "constants": build.multiply(build.PI, build.IMAGINARY, Constant((), ("euler_gamma",))),
}


@pytest.mark.parametrize("what", BINDERS)
def test_sympy_gives_back_binders(what: str) -> None:
    assert from_sympy(to_sympy(BINDERS[what])) is BINDERS[what]


def test_sympy_knows_open_variables_and_domains() -> None:
    import sympy

    index = sympy.Symbol("i", integer=True)
    term = build.multiply(build.symbol("x", i), build.symbol("p"))
    made = to_sympy(term, {"p": POSITIVE}, {i: index})
    assert from_sympy(made, {index: i}) is term
    assert all(symbol.is_positive for symbol in made.free_symbols if str(symbol) == "p")


def test_what_sympy_alone_knows_is_given_up() -> None:
    import sympy

    with pytest.raises(GivesUp):
        from_sympy(sympy.besselj(0, sympy.Symbol("x")))


@settings(max_examples=100, deadline=None)
@given(terms, terms, terms)
def test_obligations_survive_the_way_to_another_process(left: Term, right: Term, given_: Term) -> None:
    statement = Statement(build.relation("=", left, right), (Range(i, build.ONE, n),))
    obligation = Obligation(statement, (Statement(build.relation("<", given_, left)),), (("x", POSITIVE),))
    sent = unpack(pickle.loads(pickle.dumps(pack(obligation))))
    assert sent == obligation and sent.digest == obligation.digest and sent.goal.relation is obligation.goal.relation


def test_deep_terms_are_packed_without_recursion() -> None:
    term = build.symbol("x")
    for _ in range(250):
        term = build.exp(term)
    obligation = Obligation(Statement(build.relation("=", term, build.ZERO)))
    assert unpack(pack(obligation)) == obligation


def test_an_unknown_function_is_one_function() -> None:
    """Equal arguments give equal values, in every arithmetic, and its slope is the slope of its values."""
    reader = Reader()
    (first, _), exact = _values(reader.formula("f(x + y) - f(y + x)"))
    assert first == 0 and exact[0] == 0
    (near, _), _ = _values(reader.formula("f(x)"))
    assert abs(near - float(_values(reader.formula("f(x)"))[1][0])) < 1e-12
