"""Terms and sympy expressions, both ways: the only file that imports sympy.

``to_sympy`` evaluates nothing, so ``from_sympy`` gives back the same term (a sum over a condition and a sum of a case
distinction with an empty otherwise are one and the same). What sympy has no word for, such as the entry of an inverse or
a maximum over an index, becomes an undefined function of ``Tuple`` and ``Lambda``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from derivcheck.decision.node import GivesUp
from derivcheck.term import term as terms
from derivcheck.term.binder import open_binder, walk
from derivcheck.term.type import REAL, Domain

_LETTERS = "ijklmnpqrstuvw"

# Our names for functions whose sympy class bears another.
_RENAMED = {
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arsinh": "asinh",
    "arcosh": "acosh",
    "artanh": "atanh",
    "abs": "Abs",
    "max": "Max",
    "min": "Min",
}
_SAME = "exp log sin cos tan sinh cosh tanh erf sign floor ceiling gamma factorial binomial digamma".split()
FUNCTIONS = {**{name: name for name in _SAME}, **_RENAMED}
COMPONENT, ORDERS = "component", "orders"


@cache
def sympy() -> Any:
    """The library, loaded on first use and only in processes that may be killed."""
    import sympy

    return sympy


def to_sympy(term: terms.Term, domains: Mapping[str, Domain] | None = None, variables: Mapping[terms.Variable, Any] | None = None) -> Any:
    """The term as an unevaluated sympy expression. ``variables`` gives symbols for open variables. Errors: GivesUp."""
    return _Outward(domains or {}, dict(variables or {}), term).walk(term)


def from_sympy(expression: Any, variables: Mapping[Any, terms.Variable] | None = None) -> terms.Term:
    """The expression as a term; ``variables`` says which sympy symbols are open variables. Errors: GivesUp."""
    from derivcheck.decision.homeward import Homeward

    return Homeward(dict(variables or {})).walk(sympy().sympify(expression))


def evaluated(expression: Any) -> Any:
    """The expression as sympy itself would have built it; its algorithms expect no other."""
    if not expression.args:
        return expression
    return expression.func(*map(evaluated, expression.args))


class _Outward:
    def __init__(self, domains: Mapping[str, Domain], variables: dict[terms.Variable, Any], root: terms.Term) -> None:
        self.sympy = sympy()
        self.domains = domains
        self.variables = variables
        self.taken = set(root.names) | {variable.name for variable in root.variables} | {str(each) for each in variables.values()}

    def walk(self, term: terms.Term) -> Any:
        return _OUTWARD[type(term)](self, term)

    def number(self, term: terms.Number) -> Any:
        return self.sympy.Rational(term.value.numerator, term.value.denominator)

    def constant(self, term: terms.Constant) -> Any:
        sp = self.sympy
        return {"pi": sp.pi, "i": sp.I, "infinity": sp.oo, "euler_gamma": sp.EulerGamma}[term.name]

    def variable(self, term: terms.Variable) -> Any:
        if term not in self.variables:
            self.variables[term] = self.sympy.Symbol(str(term.name), integer=True)
        return self.variables[term]

    def symbol(self, term: terms.Symbol) -> Any:
        assumptions = _assumptions(self.domains.get(term.name, REAL))
        if not term.indices:
            return self.sympy.Symbol(term.name, **assumptions)
        return self.sympy.Indexed(self.sympy.IndexedBase(term.name, **assumptions), *map(self.walk, term.indices))

    def add(self, term: terms.Add) -> Any:
        return self.sympy.Add(*map(self.walk, term.children), evaluate=False)

    def multiply(self, term: terms.Multiply) -> Any:
        return self.sympy.Mul(*map(self.walk, term.children), evaluate=False)

    def power(self, term: terms.Power) -> Any:
        return self.sympy.Pow(self.walk(term.base), self.walk(term.exponent), evaluate=False)

    def apply(self, term: terms.Apply) -> Any:
        sp = self.sympy
        arguments = list(map(self.walk, term.arguments))
        if term.function in FUNCTIONS and not term.component and not term.orders:
            return getattr(sp, FUNCTIONS[term.function])(*arguments, evaluate=False)
        if term.component:
            arguments.append(sp.Tuple(sp.Symbol(COMPONENT), *map(self.walk, term.component)))
        if term.orders:
            orders = [sp.Tuple(sp.Integer(position), *map(self.walk, indices)) for position, indices in term.orders]
            arguments.append(sp.Tuple(sp.Symbol(ORDERS), *orders))
        return sp.Function(term.function)(*arguments)

    def bound(self, count: int, kind: str) -> list[Any]:
        """Symbols for the variables of a binder, with letters that nothing else uses."""
        made = []
        for letter in (*_LETTERS, *(f"{letter}{at}" for at in range(1, 50) for letter in _LETTERS)):
            if letter not in self.taken:
                self.taken.add(letter)
                made.append(self.sympy.Symbol(letter, **{kind: True}))
            if len(made) == count:
                return made
        raise GivesUp("too many bound variables")

    def opened(self, term: terms.Term, kind: str = "integer") -> tuple[list[Any], list[Any], list[Any]]:
        variables, bounds, bodies = open_binder(term)
        symbols = self.bound(len(variables), kind)
        self.variables.update(zip(variables, symbols, strict=True))
        made = symbols, list(map(self.walk, bounds)), list(map(self.walk, bodies))
        self.taken -= {str(each) for each in symbols}
        return made

    def fold(self, term: terms.Fold) -> Any:
        sp = self.sympy
        (symbol,), (lower, upper), (condition, body) = self.opened(term)
        if term.operation in ("max", "min"):
            return sp.Function(f"{term.operation}imum")(sp.Lambda(symbol, sp.Tuple(condition, body)), lower, upper)
        if condition is not sp.true:
            neutral = sp.Integer(0 if term.operation == "+" else 1)
            body = sp.Piecewise((body, condition), (neutral, True), evaluate=False)
        return (sp.Sum if term.operation == "+" else sp.Product)(body, (symbol, lower, upper))

    def integral(self, term: terms.Integral) -> Any:
        (symbol,), (lower, upper), (body,) = self.opened(term, "real")
        return self.sympy.Integral(body, (symbol, lower, upper))

    def antiderivative(self, term: terms.Antiderivative) -> Any:
        return self.sympy.Integral(self.walk(term.body), self.walk(term.by))

    def limit(self, term: terms.Limit) -> Any:
        (symbol,), (point,), (body,) = self.opened(term, "real")
        return self.sympy.Limit(body, symbol, point, "+-" if term.direction == "both" else term.direction)

    def derivative(self, term: terms.Derivative) -> Any:
        return self.sympy.Derivative(self.walk(term.body), self.walk(term.by))

    def array(self, term: terms.Array) -> Any:
        symbols, sizes, (body,) = self.opened(term)
        return self.sympy.Tuple(self.sympy.Lambda(tuple(symbols), body), *sizes)

    def cases(self, term: terms.Cases) -> Any:
        if any(isinstance(part, terms.Cases) for condition, _ in term.branches for part in walk(condition)):
            raise GivesUp("a case distinction within a condition")
        pairs = [(self.walk(value), self.walk(condition)) for condition, value in term.branches]
        return self.sympy.Piecewise(*pairs, (self.walk(term.otherwise), True), evaluate=False)

    def undefined(self, term: terms.Undefined) -> Any:
        return self.sympy.nan

    def truth(self, term: terms.Truth) -> Any:
        return self.sympy.true if term.value else self.sympy.false

    def relation(self, term: terms.Relation) -> Any:
        sp = self.sympy
        left, right = self.walk(term.left), self.walk(term.right)
        return {"=": sp.Eq, "≠": sp.Ne, "<": sp.Lt, "≤": sp.Le}[term.sign](left, right, evaluate=False)

    def junction(self, term: terms.Junction) -> Any:
        kind = self.sympy.And if term.kind == "and" else self.sympy.Or
        return kind(*map(self.walk, term.children), evaluate=False)

    def negation(self, term: terms.Negation) -> Any:
        return self.sympy.Not(self.walk(term.children[0]), evaluate=False)


_OUTWARD = {
    terms.Number: _Outward.number,
    terms.Constant: _Outward.constant,
    terms.Variable: _Outward.variable,
    terms.Symbol: _Outward.symbol,
    terms.Add: _Outward.add,
    terms.Multiply: _Outward.multiply,
    terms.Power: _Outward.power,
    terms.Apply: _Outward.apply,
    terms.Fold: _Outward.fold,
    terms.Integral: _Outward.integral,
    terms.Antiderivative: _Outward.antiderivative,
    terms.Limit: _Outward.limit,
    terms.Derivative: _Outward.derivative,
    terms.Array: _Outward.array,
    terms.Cases: _Outward.cases,
    terms.Undefined: _Outward.undefined,
    terms.Truth: _Outward.truth,
    terms.Relation: _Outward.relation,
    terms.Junction: _Outward.junction,
    terms.Negation: _Outward.negation,
}


def _assumptions(domain: Domain) -> dict[str, bool]:
    """What sympy may assume of a symbol."""
    if domain.values:
        return {"real": True}
    found = {"integer": True} if domain.integer else {"real": True}
    if domain.lower is not None and domain.lower >= 0:
        found["positive" if domain.lower > 0 or domain.open else "nonnegative"] = True
    return found
