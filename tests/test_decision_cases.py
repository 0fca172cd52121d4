"""Obligations written as plain text, and what the cascade must make of them.

A case names what is asked, gives the obligation line by line, and says what must come out:

    == softmax sums to one
    size n
    sum(i, 1, n, exp(z[i]) / sum(k, 1, n, exp(z[k]))) == 1
    >>> proved every n

Lines before the goal: ``size n``, ``domain x > 0``, ``domain p in (0, 1)``, ``domain y in {0, 1}``, ``free i in 1..n``,
``given <relation>``, ``given i in 1..n: <relation>``. Formulas are Python expressions: ``x[i, j]``, ``D(f, x)``,
``sum(k, 1, n, body, if_condition)``, ``delta(i, j)``, ``cases((condition, value), ..., otherwise)``, ``iff(a, b)``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import pytest

from derivcheck.decision.cascade import decide, deciders
from derivcheck.decision.outcome import Agreed, Outcome, Proved, Refuted, Undecided
from derivcheck.term import build
from derivcheck.term.binder import array, entry, fold, integral, limit
from derivcheck.term.derivative import differentiate
from derivcheck.term.obligation import Obligation, Range, Statement
from derivcheck.term.term import Constant, Term, Variable
from derivcheck.term.type import DIMENSION, INTEGER, NONNEGATIVE, POSITIVE, Domain

DATA = Path(__file__).parent / "data"


@dataclass
class Reader:
    """Formulas as terms. ``scope`` holds the open variables by name, ``macros`` what ``let`` lines define."""

    scope: dict[str, Variable] = field(default_factory=dict)
    macros: dict[str, tuple[list[str], ast.expr]] = field(default_factory=dict)

    def formula(self, text: str) -> Term:
        return self.read(ast.parse(text.strip(), mode="eval").body)

    def read(self, node: ast.expr) -> Term:
        match node:
            case ast.Constant(value=bool() as value):
                return build.TRUE if value else build.FALSE
            case ast.Constant(value=value):
                return build.number(Fraction(str(value)))
            case ast.Name(id=name):
                return self.name(name)
            case ast.Subscript(value=ast.Name(id=name), slice=inside):
                indices = [self.read(part) for part in (inside.elts if isinstance(inside, ast.Tuple) else [inside])]
                return self.apply_macro(name, indices) if name in self.macros else build.symbol(name, *indices)
            case ast.BinOp(left=left, op=op, right=right):
                return _BINARY[type(op)](self.read(left), self.read(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return build.negate(self.read(operand))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return build.negation(self.read(operand))
            case ast.Compare():
                return self.chain(node)
            case ast.BoolOp(op=op, values=values):
                return (build.all_of if isinstance(op, ast.And) else build.some_of)(map(self.read, values))
            case ast.Call(func=ast.Name(id=name), args=args):
                return self.call(name, args)
        raise ValueError(ast.dump(node))

    def name(self, name: str) -> Term:
        if name in self.scope:
            return self.scope[name]
        if name in self.macros:
            return self.apply_macro(name, [])
        return {"pi": build.PI, "oo": build.INFINITY, "gamma_e": Constant((), ("euler_gamma",))}.get(name) or build.symbol(name)

    def chain(self, node: ast.Compare) -> Term:
        sides = [self.read(part) for part in (node.left, *node.comparators)]
        signs = {ast.Eq: "=", ast.NotEq: "≠", ast.Lt: "<", ast.LtE: "≤", ast.Gt: ">", ast.GtE: "≥"}
        found = [build.relation(signs[type(op)], *sides[k : k + 2]) for k, op in enumerate(node.ops)]
        return build.all_of(found)

    def call(self, name: str, args: list[ast.expr]) -> Term:
        if name in ("sum", "prod", "maximum", "minimum"):
            return self.fold({"sum": "+", "prod": "*", "maximum": "max", "minimum": "min"}[name], args)
        if name in ("integral", "limit"):
            return self.bound(name, args)
        if name == "array":
            variables = [Variable.fresh(part.id) for part in args[:-1:2]]
            sizes = [self.read(part) for part in args[1:-1:2]]
            inner = Reader({**self.scope, **{part.id: v for part, v in zip(args[:-1:2], variables, strict=True)}}, self.macros)
            return array(variables, sizes, inner.read(args[-1]))
        if name in self.macros:
            return self.apply_macro(name, [self.read(arg) for arg in args])
        if name == "cases":
            pairs = [arg.elts for arg in args if isinstance(arg, ast.Tuple)]
            otherwise = build.UNDEFINED if isinstance(args[-1], ast.Tuple) else self.read(args[-1])
            return build.cases([(self.read(condition), self.read(value)) for condition, value in pairs], otherwise)
        if name in ("inverse", "determinant"):
            return self.matrix(name, args)
        parts = [self.read(arg) for arg in args]
        match name:
            case "D":
                for by in parts[1:]:
                    parts[0] = differentiate(parts[0], by)
                return parts[0]
            case "delta":
                return build.kronecker(*parts)
            case "indicator":
                return build.indicator(parts[0])
            case "iff":
                return build.relation("=", *parts)
            case "sqrt":
                return build.square_root(parts[0])
            case "antiderivative":
                return build.antiderivative(*parts)
        return build.apply(name, *parts)

    def fold(self, operation: str, args: list[ast.expr]) -> Term:
        variable = Variable.fresh(args[0].id)
        inner = Reader({**self.scope, args[0].id: variable}, self.macros)
        condition = inner.read(args[4]) if len(args) > 4 else build.TRUE
        return fold(operation, variable, self.read(args[1]), self.read(args[2]), inner.read(args[3]), condition)

    def bound(self, name: str, args: list[ast.expr]) -> Term:
        variable = Variable.fresh(args[0].id)
        inner = Reader({**self.scope, args[0].id: variable}, self.macros)
        if name == "integral":
            return integral(variable, self.read(args[1]), self.read(args[2]), inner.read(args[3]))
        return limit(variable, self.read(args[1]), inner.read(args[2]))

    def matrix(self, name: str, args: list[ast.expr]) -> Term:
        """``inverse(A, n, i, j)`` and ``determinant(A, n)`` of the family A."""
        row, column = Variable.fresh("r"), Variable.fresh("c")
        size = self.read(args[1])
        inside = Reader({**self.scope, "r": row, "c": column}, self.macros)
        whole = array([row, column], [size, size], inside.read(args[0]))
        component = tuple(self.read(arg) for arg in args[2:])
        return build.apply(name, whole, component=component)

    def apply_macro(self, name: str, arguments: list[Term]) -> Term:
        """A definition put in; what it calls by its parameters' names is bound to the arguments."""
        parameters, body = self.macros[name]
        variables = [Variable.fresh(parameter) for parameter in parameters]
        inner = Reader({**self.scope, **dict(zip(parameters, variables, strict=True))}, self.macros)
        made = inner.read(body)
        return entry(array(variables, [build.ONE] * len(variables), made), *arguments) if variables else made


_BINARY = {
    ast.Add: build.add,
    ast.Sub: build.subtract,
    ast.Mult: build.multiply,
    ast.Div: build.divide,
    ast.Pow: build.power,
}


@dataclass(frozen=True)
class Case:
    title: str
    obligation: Obligation
    expected: str
    path: Path

    def __str__(self) -> str:
        return f"{self.path.stem}: {self.title}"


def read_cases(path: Path) -> Iterator[Case]:
    shared: list[str] = []
    for block in path.read_text(encoding="utf-8").split("\n== ")[0:]:
        title, *lines = block.removeprefix("== ").strip().splitlines()
        if title.startswith("#"):
            shared += [line for line in lines if line.strip()]
            continue
        at = next(k for k, line in enumerate(lines) if line.startswith(">>>"))
        yield Case(title, read_obligation([*shared, *lines[:at]]), lines[at].removeprefix(">>>").strip(), path)


def read_obligation(lines: list[str]) -> Obligation:
    reader = Reader()
    domains: dict[str, Domain] = {}
    free: list[Range] = []
    given: list[Statement] = []
    goal: list[str] = []
    for line in lines:
        word, _, rest = line.strip().partition(" ")
        match word:
            case "size":
                domains |= {name.strip(): DIMENSION for name in rest.split(",")}
            case "domain":
                domains |= _domain(rest)
            case "let":
                name, _, body = rest.partition(":=")
                head = ast.parse(name.strip(), mode="eval").body
                parameters = [] if isinstance(head, ast.Name) else [part.id for part in head.args]
                reader.macros[head.id if isinstance(head, ast.Name) else head.func.id] = (
                    parameters,
                    ast.parse(body.strip(), mode="eval").body,
                )
            case "free":
                free += _ranges(reader, rest)
            case "given":
                given.append(_given(reader, rest))
            case _:
                goal.append(line)
    return Obligation(Statement(reader.formula(" ".join(goal)), tuple(free)), tuple(given), tuple(sorted(domains.items())))


def _domain(text: str) -> dict[str, Domain]:
    if " in " in text:
        names, _, rest = text.partition(" in ")
        values = [Fraction(part.strip()) for part in rest.strip(" (){}").split(",")]
        domain = Domain(values=tuple(values)) if "{" in rest else Domain(values[0], values[1])
    else:
        names, word = text.rsplit(" ", 1) if text.endswith("integer") else (text.split(">")[0], text[len(text.split(">")[0]) :])
        domain = {"integer": INTEGER, "> 0": POSITIVE, ">= 0": NONNEGATIVE}[word.strip()]
    return {name.strip(): domain for name in names.split(",")}


def _ranges(reader: Reader, text: str) -> list[Range]:
    names, _, bounds = text.partition(" in ")
    lower, _, upper = bounds.partition("..")
    found = []
    for name in names.split(","):
        variable = Variable.of(name.strip())
        reader.scope[name.strip()] = variable
        found.append(Range(variable, reader.formula(lower), reader.formula(upper)))
    return found


def _given(reader: Reader, text: str) -> Statement:
    free: list[Range] = []
    inner = Reader(dict(reader.scope), reader.macros)
    while ": " in text:
        head, _, text = text.partition(": ")
        free += _ranges(inner, head)
    return Statement(inner.formula(text), tuple(free))


def describe(outcome: Outcome) -> str:
    """An outcome as the cases write it."""
    match outcome:
        case Proved():
            return " ".join(("proved", *([outcome.scope] if outcome.scope else [])))
        case Agreed():
            return " if ".join(("agrees", *outcome.conditions[:1]))
        case Refuted():
            return "refuted"
        case Undecided():
            return "undecided"
    raise AssertionError(outcome)


def fits(outcome: Outcome, expected: str) -> bool:
    """``proved`` alone takes any scope; ``right`` takes a proof or an agreement."""
    found = describe(outcome)
    if expected == "right":
        return found.startswith(("proved", "agrees"))
    return found == expected or (expected in ("proved", "agrees") and found.startswith(expected))


CASES = [case for path in sorted((DATA / "decision").glob("*.case")) for case in read_cases(path)]
SHELF = [(path.stem, case) for path in sorted((DATA / "deciders").glob("*.case")) for case in read_cases(path)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cascade(case: Case) -> None:
    outcome = decide(case.obligation)
    assert fits(outcome, case.expected), f"{case.title}: {outcome}"


@pytest.mark.parametrize(("name", "case"), SHELF, ids=lambda part: str(part))
def test_decider(name: str, case: Case) -> None:
    """One decider with the cheaper ones before it: it settles the case itself, or leaves it."""
    outcome = decide(case.obligation)
    settles = getattr(outcome, "by", None) == name
    if case.expected == "leaves":
        assert not settles, outcome
    else:
        assert settles and fits(outcome, case.expected), outcome


def test_every_decider_has_cases() -> None:
    covered = {name for name, _ in SHELF}
    assert covered == {decider.name for decider in deciders()}
