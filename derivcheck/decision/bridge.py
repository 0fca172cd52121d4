"""Terms and sympy expressions, both ways: the only file that imports sympy.

``to_sympy`` evaluates nothing, so ``from_sympy`` gives back the same term (a sum over a condition and a sum of a case
distinction with an empty otherwise are one and the same). What sympy has no word for, such as the entry of an inverse or
a maximum over an index, becomes an undefined function of ``Tuple`` and ``Lambda``.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from derivcheck.decision.graph import GivesUp
from derivcheck.term import build
from derivcheck.term.binder import array, fold, integral, limit, open_binder
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
    Junction,
    Limit,
    Multiply,
    Negation,
    Number,
    Power,
    Relation,
    Symbol,
    Term,
    Truth,
    Undefined,
    Variable,
)
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
_FUNCTIONS = {**{name: name for name in _SAME}, **_RENAMED}
_NAMES = {theirs: ours for ours, theirs in _FUNCTIONS.items()}
_CONDITION, _COMPONENT, _ORDERS = "condition", "component", "orders"


@cache
def _sympy() -> Any:
    import sympy

    return sympy


def to_sympy(term: Term, domains: Mapping[str, Domain] | None = None, variables: Mapping[Variable, Any] | None = None) -> Any:
    """The term as an unevaluated sympy expression. ``variables`` gives symbols for open variables."""
    return _Outward(domains or {}, dict(variables or {}), term).walk(term)


def from_sympy(expression: Any, variables: Mapping[Any, Variable] | None = None) -> Term:
    """The expression as a term; ``variables`` says which sympy symbols are open variables. Errors: GivesUp."""
    return _Inward(dict(variables or {})).walk(_sympy().sympify(expression))


class _Outward:
    def __init__(self, domains: Mapping[str, Domain], variables: dict[Variable, Any], root: Term) -> None:
        self.sympy = _sympy()
        self.domains = domains
        self.variables = variables
        self.taken = set(root.names) | {variable.name for variable in root.variables} | {str(each) for each in variables.values()}

    def walk(self, term: Term) -> Any:
        made = _OUTWARD[type(term)](self, term)
        return made

    def number(self, term: Number) -> Any:
        return self.sympy.Rational(term.value.numerator, term.value.denominator)

    def constant(self, term: Constant) -> Any:
        sp = self.sympy
        return {"pi": sp.pi, "i": sp.I, "infinity": sp.oo, "euler_gamma": sp.EulerGamma}[term.name]

    def variable(self, term: Variable) -> Any:
        if term not in self.variables:
            self.variables[term] = self.sympy.Symbol(str(term.name), integer=True)
        return self.variables[term]

    def symbol(self, term: Symbol) -> Any:
        assumptions = _assumptions(self.domains.get(term.name, REAL))
        if not term.indices:
            return self.sympy.Symbol(term.name, **assumptions)
        return self.sympy.Indexed(self.sympy.IndexedBase(term.name, **assumptions), *map(self.walk, term.indices))

    def add(self, term: Add) -> Any:
        return self.sympy.Add(*map(self.walk, term.children), evaluate=False)

    def multiply(self, term: Multiply) -> Any:
        return self.sympy.Mul(*map(self.walk, term.children), evaluate=False)

    def power(self, term: Power) -> Any:
        return self.sympy.Pow(self.walk(term.base), self.walk(term.exponent), evaluate=False)

    def apply(self, term: Apply) -> Any:
        sp = self.sympy
        arguments = list(map(self.walk, term.arguments))
        if term.function in _FUNCTIONS and not term.component and not term.orders:
            return getattr(sp, _FUNCTIONS[term.function])(*arguments, evaluate=False)
        if term.component:
            arguments.append(sp.Tuple(sp.Symbol(_COMPONENT), *map(self.walk, term.component)))
        if term.orders:
            orders = [sp.Tuple(sp.Integer(position), *map(self.walk, indices)) for position, indices in term.orders]
            arguments.append(sp.Tuple(sp.Symbol(_ORDERS), *orders))
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

    def opened(self, term: Term, kind: str = "integer") -> tuple[list[Any], list[Any], list[Any]]:
        variables, bounds, bodies = open_binder(term)
        symbols = self.bound(len(variables), kind)
        self.variables.update(zip(variables, symbols, strict=True))
        made = symbols, list(map(self.walk, bounds)), list(map(self.walk, bodies))
        self.taken -= {str(each) for each in symbols}
        return made

    def fold(self, term: Fold) -> Any:
        sp = self.sympy
        (symbol,), (lower, upper), (condition, body) = self.opened(term)
        if term.operation in ("max", "min"):
            return sp.Function(f"{term.operation}imum")(sp.Lambda(symbol, sp.Tuple(condition, body)), lower, upper)
        if condition is not sp.true:
            neutral = sp.Integer(0 if term.operation == "+" else 1)
            body = sp.Piecewise((body, condition), (neutral, True), evaluate=False)
        return (sp.Sum if term.operation == "+" else sp.Product)(body, (symbol, lower, upper))

    def integral(self, term: Integral) -> Any:
        (symbol,), (lower, upper), (body,) = self.opened(term, "real")
        return self.sympy.Integral(body, (symbol, lower, upper))

    def antiderivative(self, term: Antiderivative) -> Any:
        return self.sympy.Integral(self.walk(term.body), self.walk(term.by))

    def limit(self, term: Limit) -> Any:
        (symbol,), (point,), (body,) = self.opened(term, "real")
        return self.sympy.Limit(body, symbol, point, "+-" if term.direction == "both" else term.direction)

    def derivative(self, term: Derivative) -> Any:
        return self.sympy.Derivative(self.walk(term.body), self.walk(term.by))

    def array(self, term: Array) -> Any:
        symbols, sizes, (body,) = self.opened(term)
        return self.sympy.Tuple(self.sympy.Lambda(tuple(symbols), body), *sizes)

    def cases(self, term: Cases) -> Any:
        pairs = [(self.walk(value), self.walk(condition)) for condition, value in term.branches]
        return self.sympy.Piecewise(*pairs, (self.walk(term.otherwise), True), evaluate=False)

    def undefined(self, term: Undefined) -> Any:
        return self.sympy.nan

    def truth(self, term: Truth) -> Any:
        return self.sympy.true if term.value else self.sympy.false

    def relation(self, term: Relation) -> Any:
        sp = self.sympy
        left, right = self.walk(term.left), self.walk(term.right)
        if isinstance(term.left, Truth | Relation | Junction | Negation):
            return sp.Equivalent(left, right, evaluate=False)
        return {"=": sp.Eq, "≠": sp.Ne, "<": sp.Lt, "≤": sp.Le}[term.sign](left, right, evaluate=False)

    def junction(self, term: Junction) -> Any:
        kind = self.sympy.And if term.kind == "and" else self.sympy.Or
        return kind(*map(self.walk, term.children), evaluate=False)

    def negation(self, term: Negation) -> Any:
        return self.sympy.Not(self.walk(term.children[0]), evaluate=False)


_OUTWARD = {
    Number: _Outward.number,
    Constant: _Outward.constant,
    Variable: _Outward.variable,
    Symbol: _Outward.symbol,
    Add: _Outward.add,
    Multiply: _Outward.multiply,
    Power: _Outward.power,
    Apply: _Outward.apply,
    Fold: _Outward.fold,
    Integral: _Outward.integral,
    Antiderivative: _Outward.antiderivative,
    Limit: _Outward.limit,
    Derivative: _Outward.derivative,
    Array: _Outward.array,
    Cases: _Outward.cases,
    Undefined: _Outward.undefined,
    Truth: _Outward.truth,
    Relation: _Outward.relation,
    Junction: _Outward.junction,
    Negation: _Outward.negation,
}


def _assumptions(domain: Domain) -> dict[str, bool]:
    """What sympy may assume of a symbol."""
    if domain.values:
        return {"real": True}
    found = {"integer": True} if domain.integer else {"real": True}
    if domain.lower is not None and domain.lower >= 0:
        found["positive" if domain.lower > 0 or domain.open else "nonnegative"] = True
    return found


class _Inward:
    def __init__(self, variables: dict[Any, Variable]) -> None:
        self.sympy = _sympy()
        self.variables = variables

    def walk(self, at: Any) -> Term:
        sp = self.sympy
        if at in self.variables:
            return self.variables[at]
        if at.is_Rational:
            return build.number(Fraction(int(at.p), int(at.q)))
        if at.is_Float:
            return build.number(Fraction(str(at)))
        constant = {sp.pi: build.PI, sp.I: build.IMAGINARY, sp.oo: build.INFINITY, sp.nan: build.UNDEFINED}.get(at)
        if constant is not None:
            return constant
        if at is sp.E:
            return build.exp(build.ONE)
        if at is sp.EulerGamma:
            return Constant((), ("euler_gamma",))
        if at == sp.true or at == sp.false:
            return build.TRUE if at == sp.true else build.FALSE
        rule = _INWARD.get(type(at).__name__)
        if rule is not None:
            return rule(self, at)
        if isinstance(at, sp.core.function.AppliedUndef):
            return self.unknown(at)
        return self.known(at)

    def known(self, at: Any) -> Term:
        name = _NAMES.get(type(at).__name__)
        if name is None:
            raise GivesUp(f"{type(at).__name__} in a sympy expression")
        parts = list(map(self.walk, at.args))
        if name in ("max", "min"):
            made = parts[0]
            for part in parts[1:]:
                made = build.apply(name, made, part)
            return made
        return build.apply(name, *parts)

    def symbol(self, at: Any) -> Term:
        return build.symbol(at.name)

    def indexed(self, at: Any) -> Term:
        return build.symbol(str(at.base.label), *map(self.walk, at.indices))

    def add(self, at: Any) -> Term:
        return build.add(*map(self.walk, at.args))

    def multiply(self, at: Any) -> Term:
        return build.multiply(*map(self.walk, at.args))

    def power(self, at: Any) -> Term:
        if at.base is self.sympy.E:
            return build.exp(self.walk(at.exp))
        return build.power(self.walk(at.base), self.walk(at.exp))

    def unknown(self, at: Any) -> Term:
        """An undefined function, with what ``to_sympy`` hid among its arguments."""
        name = at.func.__name__
        if name in ("maximum", "minimum"):
            return self.extremum(at, name[:3])
        arguments, component, orders = [], (), []
        for part in at.args:
            head = part.args[0].name if self._is_marked(part) else None
            if head == _COMPONENT:
                component = tuple(map(self.walk, part.args[1:]))
            elif head == _ORDERS:
                orders = [(int(each.args[0]), tuple(map(self.walk, each.args[1:]))) for each in part.args[1:]]
            else:
                arguments.append(self.array(part) if isinstance(part, self.sympy.Tuple) else self.walk(part))
        return build.apply(name, *arguments, component=component, orders=tuple(orders))

    def _is_marked(self, part: Any) -> bool:
        return isinstance(part, self.sympy.Tuple) and getattr(part.args[0], "name", None) in (_COMPONENT, _ORDERS)

    def bind(self, symbols: Any) -> list[Variable]:
        made = [Variable.fresh(str(symbol)) for symbol in symbols]
        self.variables = self.variables | dict(zip(symbols, made, strict=True))
        return made

    def array(self, at: Any) -> Term:
        function, *sizes = at.args
        variables = self.bind(function.variables)
        return array(variables, list(map(self.walk, sizes)), self.walk(function.expr))

    def extremum(self, at: Any, operation: str) -> Term:
        function, lower, upper = at.args
        (variable,) = self.bind(function.variables)
        condition, body = map(self.walk, function.expr.args)
        return fold(operation, variable, self.walk(lower), self.walk(upper), body, condition)

    def total(self, at: Any) -> Term:
        """A Sum or Product; its first limits are the innermost."""
        operation = "+" if type(at).__name__ == "Sum" else "*"
        variables = self.bind([limits[0] for limits in at.limits])
        condition, body = self._conditional(at.function, 0 if operation == "+" else 1)
        made = body
        for variable, (_, lower, upper) in zip(variables, at.limits, strict=True):
            made = fold(operation, variable, self.walk(lower), self.walk(upper), made, condition)
            condition = build.TRUE
        return made

    def _conditional(self, body: Any, neutral: int) -> tuple[Term, Term]:
        if isinstance(body, self.sympy.Piecewise) and len(body.args) == 2 and body.args[1].args == (neutral, self.sympy.true):
            return self.walk(body.args[0].cond), self.walk(body.args[0].expr)
        return build.TRUE, self.walk(body)

    def integral(self, at: Any) -> Term:
        made: Term | None = None
        for limits in at.limits:
            if len(limits) == 1:
                made = build.antiderivative(made or self.walk(at.function), self.walk(limits[0]))
                continue
            if made is None:
                self.bind([limits[0]])
                made = self.walk(at.function)
            else:
                raise GivesUp("an iterated integral")
            made = integral(self.variables[limits[0]], self.walk(limits[1]), self.walk(limits[2]), made)
        return made

    def limit(self, at: Any) -> Term:
        body, symbol, point, direction = at.args
        (variable,) = self.bind([symbol])
        return limit(variable, self.walk(point), self.walk(body), {"+-": "both"}.get(str(direction), str(direction)))

    def derivative(self, at: Any) -> Term:
        made = self.walk(at.expr)
        for symbol, count in at.variable_count:
            for _ in range(int(count)):
                made = build.derivative(made, self.walk(symbol))
        return made

    def cases(self, at: Any) -> Term:
        return build.cases([(self.walk(pair.cond), self.walk(pair.expr)) for pair in at.args])

    def delta(self, at: Any) -> Term:
        return build.kronecker(*map(self.walk, at.args[:2]))

    def step(self, at: Any) -> Term:
        zero = self.walk(at.args[0])
        at_zero = self.walk(at.args[1])
        return build.cases(
            [(build.relation("<", build.ZERO, zero), build.ONE), (build.relation("=", zero, build.ZERO), at_zero)], build.ZERO
        )

    def polygamma(self, at: Any) -> Term:
        if at.args[0] != 0:
            raise GivesUp("polygamma")
        return build.apply("digamma", self.walk(at.args[1]))

    def relation(self, at: Any) -> Term:
        sign = {"==": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}[at.rel_op]
        return build.relation(sign, self.walk(at.lhs), self.walk(at.rhs))

    def equivalent(self, at: Any) -> Term:
        return build.relation("=", *map(self.walk, at.args))

    def conjunction(self, at: Any) -> Term:
        return build.all_of(map(self.walk, at.args))

    def disjunction(self, at: Any) -> Term:
        return build.some_of(map(self.walk, at.args))

    def negation(self, at: Any) -> Term:
        return build.negation(self.walk(at.args[0]))


_INWARD = {
    "Symbol": _Inward.symbol,
    "Dummy": _Inward.symbol,
    "Indexed": _Inward.indexed,
    "Add": _Inward.add,
    "Mul": _Inward.multiply,
    "Pow": _Inward.power,
    "Sum": _Inward.total,
    "Product": _Inward.total,
    "Integral": _Inward.integral,
    "Limit": _Inward.limit,
    "Derivative": _Inward.derivative,
    "Piecewise": _Inward.cases,
    "KroneckerDelta": _Inward.delta,
    "Heaviside": _Inward.step,
    "polygamma": _Inward.polygamma,
    **dict.fromkeys(("Equality", "Unequality", "StrictLessThan", "LessThan", "StrictGreaterThan", "GreaterThan"), _Inward.relation),
    "Equivalent": _Inward.equivalent,
    "And": _Inward.conjunction,
    "Or": _Inward.disjunction,
    "Not": _Inward.negation,
}
