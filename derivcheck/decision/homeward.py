"""From sympy to terms: the way back over ``bridge``."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derivcheck.decision.bridge import COMPONENT, FUNCTIONS, ORDERS, sympy
from derivcheck.decision.node import GivesUp
from derivcheck.term import build
from derivcheck.term.binder import array, fold, integral, limit
from derivcheck.term.term import Constant, Term, Variable

NAMES = {theirs: ours for ours, theirs in FUNCTIONS.items()}


class Homeward:
    """One walk from sympy to terms. ``variables``: the sympy symbols that are open variables."""

    def __init__(self, variables: dict[Any, Variable]) -> None:
        self.sympy = sympy()
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
        rule = _RULES.get(type(at).__name__)
        if rule is not None:
            return rule(self, at)
        if isinstance(at, sp.core.function.AppliedUndef):
            return self.unknown(at)
        return self.known(at)

    def known(self, at: Any) -> Term:
        name = NAMES.get(type(at).__name__)
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
            if head == COMPONENT:
                component = tuple(map(self.walk, part.args[1:]))
            elif head == ORDERS:
                orders = [(int(each.args[0]), tuple(map(self.walk, each.args[1:]))) for each in part.args[1:]]
            else:
                arguments.append(self.array(part) if isinstance(part, self.sympy.Tuple) else self.walk(part))
        return build.apply(name, *arguments, component=component, orders=tuple(orders))

    def _is_marked(self, part: Any) -> bool:
        return isinstance(part, self.sympy.Tuple) and getattr(part.args[0], "name", None) in (COMPONENT, ORDERS)

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


_RULES = {
    "Symbol": Homeward.symbol,
    "Dummy": Homeward.symbol,
    "Indexed": Homeward.indexed,
    "Add": Homeward.add,
    "Mul": Homeward.multiply,
    "Pow": Homeward.power,
    "Sum": Homeward.total,
    "Product": Homeward.total,
    "Integral": Homeward.integral,
    "Limit": Homeward.limit,
    "Derivative": Homeward.derivative,
    "Piecewise": Homeward.cases,
    "KroneckerDelta": Homeward.delta,
    "Heaviside": Homeward.step,
    "polygamma": Homeward.polygamma,
    **dict.fromkeys(("Equality", "Unequality", "StrictLessThan", "LessThan", "StrictGreaterThan", "GreaterThan"), Homeward.relation),
    "Equivalent": Homeward.equivalent,
    "And": Homeward.conjunction,
    "Or": Homeward.disjunction,
    "Not": Homeward.negation,
}
