"""Values of terms at points that are made from names alone: the same symbol has the same value in every term.

Two terms that differ at such a point differ; two that agree at several are worth a decision. This is a sieve, in floats and
without any library: what it lets through is decided elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import blake2b

from derivcheck.term import term as terms
from derivcheck.term.type import REAL, Domain

MAX_DEPTH = 120
MAX_EVALUATIONS = 30_000
MAX_RANGE = 40
CLOSE = 1e-9
CONSTANTS = {"pi": math.pi, "euler_gamma": 0.5772156649015329}


class Beyond(Exception):
    """A term that these simple means do not evaluate, at this point or at any."""


@dataclass(slots=True)
class Point:
    """Where terms are evaluated: every size is ``size``, every symbol lies between ``low`` and ``high`` unless its domain says otherwise.

    ``known`` gives some entries their values by name (``W_11``), ``sizes`` some sizes. ``seed`` tells points apart.
    """

    size: int
    seed: int
    low: float
    high: float
    domains: Mapping[str, Domain] = field(default_factory=dict)
    known: Mapping[str, Fraction] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    evaluations: int = 0
    _memo: dict = field(default_factory=dict)

    def value(self, term: terms.Term, bound: Mapping[terms.Variable, int] | None = None) -> float:
        """The value of a term whose open variables have the given values. Errors: Beyond."""
        if term.depth > MAX_DEPTH:
            raise Beyond
        try:
            found = self._value(term, dict(bound or {}))
        except (ArithmeticError, ValueError, LookupError) as error:
            raise Beyond from error
        if not math.isfinite(found):
            raise Beyond
        return found

    def _value(self, term: terms.Term, bound: dict[terms.Variable, float]) -> float:
        key = term if not term.variables else (term, *[bound.get(variable) for variable in term.variables])
        found = self._memo.get(key)
        if found is None:
            self.evaluations += 1
            if self.evaluations > MAX_EVALUATIONS:
                raise Beyond
            rule = _RULES.get(type(term))
            if rule is None:
                raise Beyond
            found = self._memo[key] = rule(self, term, bound)
        return found

    # -- names

    def _symbol(self, term: terms.Symbol, bound: dict[terms.Variable, float]) -> float:
        if not term.indices and self._is_size(term.name):
            return float(self.sizes.get(term.name, self.size))
        return self._entry(term.name, tuple(round(self._value(index, bound)) for index in term.indices))

    def _is_size(self, name: str) -> bool:
        domain = self.domains.get(name)
        return name.startswith("?") or name in self.sizes or (domain is not None and domain.integer and domain.lower == 1 and not domain.open)

    def _entry(self, name: str, indices: tuple[int, ...]) -> float:
        texts = [str(index) for index in indices]
        shown = f"{name}_{('' if all(len(text) == 1 for text in texts) else ',').join(texts)}" if indices else name
        if shown in self.known:
            return float(self.known[shown])
        return self._placed(self.domains.get(name, REAL), self._hash(name, indices))

    def _hash(self, *parts: object) -> float:
        """A number from 0 to 1."""
        digest = blake2b(repr((self.seed, *parts)).encode(), digest_size=6).digest()
        return int.from_bytes(digest, "big") / 2**48

    def _placed(self, domain: Domain, share: float) -> float:
        """The number of a domain at a share of the way through it."""
        if domain.values:
            return float(domain.values[int(share * len(domain.values))])
        if domain.integer:
            first = 1 if domain.lower is None else math.floor(domain.lower) + (1 if domain.open and domain.lower == math.floor(domain.lower) else 0)
            return float(first + int(share * 4))
        low, high = domain.lower, domain.upper
        if low is None and high is None:
            return self.low + (self.high - self.low) * (0.03 + 0.94 * share)
        if low is not None and high is not None:
            return float(low) + float(high - low) * (0.1 + 0.8 * share)
        spread = 0.15 + abs(self.high) * share
        return float(low) + spread if low is not None else float(high) - spread  # type: ignore[arg-type]

    # -- algebra

    def _variable(self, term: terms.Variable, bound: dict[terms.Variable, float]) -> float:
        if term not in bound:
            raise Beyond
        return bound[term]

    def _constant(self, term: terms.Constant, bound: dict[terms.Variable, float]) -> float:
        if term.name not in CONSTANTS:
            raise Beyond
        return CONSTANTS[term.name]

    def _sum(self, term: terms.Add, bound: dict[terms.Variable, float]) -> float:
        return math.fsum(self._value(child, bound) for child in term.children)

    def _product(self, term: terms.Multiply, bound: dict[terms.Variable, float]) -> float:
        return math.prod(self._value(child, bound) for child in term.children)

    def _power(self, term: terms.Power, bound: dict[terms.Variable, float]) -> float:
        base, exponent = self._value(term.base, bound), self._value(term.exponent, bound)
        if base < 0 and exponent != round(exponent):
            raise Beyond
        return base**exponent

    def _cases(self, term: terms.Cases, bound: dict[terms.Variable, float]) -> float:
        for condition, value in term.branches:
            if self._value(condition, bound):
                return self._value(value, bound)
        return self._value(term.otherwise, bound)

    # -- truth

    def _relation(self, term: terms.Relation, bound: dict[terms.Variable, float]) -> bool:
        left, right = self._value(term.left, bound), self._value(term.right, bound)
        equal = abs(left - right) <= CLOSE * max(1.0, abs(left), abs(right))
        return {"=": equal, "≠": not equal, "<": left < right and not equal, "≤": left < right or equal}[term.sign]

    def _junction(self, term: terms.Junction, bound: dict[terms.Variable, float]) -> bool:
        values = [bool(self._value(child, bound)) for child in term.children]
        return all(values) if term.kind == "and" else any(values)

    # -- binders

    def _fold(self, term: terms.Fold, bound: dict[terms.Variable, float]) -> float:
        variable = terms.Variable.of(term.height)
        first, last = round(self._value(term.lower, bound)), round(self._value(term.upper, bound))
        if last - first > MAX_RANGE:
            raise Beyond
        condition, body = term.children[2:]
        values = []
        for index in range(first, last + 1):
            inside = {**bound, variable: index}
            if self._value(condition, inside):
                values.append(self._value(body, inside))
        if term.operation in ("max", "min") and not values:
            raise Beyond
        return {"+": math.fsum, "*": math.prod, "max": max, "min": min}[term.operation](values)

    def _integral(self, term: terms.Integral, bound: dict[terms.Variable, float]) -> float:
        """By Gauss-Legendre quadrature on four parts. Errors: Beyond for infinite ends."""
        variable, (low, high), body = terms.Variable.of(term.height), (self._value(end, bound) for end in term.children[:2]), term.children[2]
        total, width = 0.0, (high - low) / 4
        for part in range(4):
            middle = low + (part + 0.5) * width
            for node, weight in _LEGENDRE:
                for side in (node, -node):
                    total += weight * self._value(body, {**bound, variable: middle + side * width / 2})
        return total * width / 2

    def _limit(self, term: terms.Limit, bound: dict[terms.Variable, float]) -> float:
        """By extrapolation from values near the point. Source: Neville's scheme, Stoer and Bulirsch, section 2.1.2."""
        variable, body = terms.Variable.of(term.height), term.children[1]
        point = math.inf if isinstance(term.point, terms.Constant) and term.point.name == "infinity" else self._value(term.point, bound)
        side = -1.0 if term.direction == "-" else 1.0
        steps = [side * 0.2 / 2**k for k in range(8)]
        values = [self._value(body, {**bound, variable: point + step if math.isfinite(point) else 1 / step}) for step in steps]
        for width in range(1, len(steps)):
            values = [
                values[k + 1] + (values[k + 1] - values[k]) * steps[k + width] / (steps[k] - steps[k + width]) for k in range(len(steps) - width)
            ]
        return values[0]

    def _entries(self, term: terms.Array, bound: dict[terms.Variable, float]) -> dict[tuple[int, ...], float]:
        """Every entry of an array by its indices."""
        sizes = [round(self._value(size, bound)) for size in term.sizes]
        if math.prod(sizes) > MAX_RANGE:
            raise Beyond
        variables = [terms.Variable.of(term.height - len(sizes) + k) for k in range(1, len(sizes) + 1)]
        found: dict[tuple[int, ...], float] = {}
        for place in range(math.prod(sizes)):
            indices, rest = [], place
            for size in reversed(sizes):
                indices.insert(0, rest % size + 1)
                rest //= size
            found[tuple(indices)] = self._value(term.children[-1], {**bound, **dict(zip(variables, indices, strict=True))})
        return found

    # -- functions

    def _apply(self, term: terms.Apply, bound: dict[terms.Variable, float]) -> float:
        component = tuple(round(self._value(index, bound)) for index in term.component)
        if term.function in ("inverse", "determinant"):
            inverse, determinant = _eliminated(self._entries(term.arguments[0], bound))
            return determinant if term.function == "determinant" else inverse[component[0] - 1][component[1] - 1]
        known = _FUNCTIONS.get(term.function)
        if known is not None and not term.orders:
            return known(*(self._value(argument, bound) for argument in term.arguments))
        if known is not None:
            raise Beyond
        return self._generic(term, component, bound)

    def _generic(self, term: terms.Apply, component: tuple[int, ...], bound: dict[terms.Variable, float]) -> float:
        """A function that nobody knows: a sine of a mixture of its arguments, so that its derivatives fit it."""
        name = term.function
        orders = [(place, tuple(round(self._value(index, bound)) for index in entry)) for place, entry in term.orders]
        angle, slope = 6.3 * self._hash(name, component), 1.0
        for place, argument in enumerate(term.arguments):
            entries = self._entries(argument, bound) if isinstance(argument, terms.Array) else {(): self._value(argument, bound)}
            for entry, value in entries.items():
                rate = 0.3 + self._hash(name, component, place, entry)
                angle += rate * value
                slope *= rate ** orders.count((place, entry))
        domain = self.domains.get(name, REAL)
        middle, swing = 1.4, 0.8
        if domain.lower is not None and domain.upper is not None:
            middle, swing = float(domain.lower + domain.upper) / 2, float(domain.upper - domain.lower) * 0.4
        return (0.0 if orders else middle) + swing * slope * math.sin(angle + len(orders) * math.pi / 2)


def _eliminated(entries: Mapping[tuple[int, ...], float]) -> tuple[list[list[float]], float]:
    """The inverse of a square matrix and its determinant, by elimination with row exchange."""
    size = max(row for row, _ in entries)
    rows = [[entries[i, j] for j in range(1, size + 1)] + [float(i == j) for j in range(1, size + 1)] for i in range(1, size + 1)]
    determinant = 1.0
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        if abs(rows[pivot][column]) < CLOSE:
            raise Beyond
        if pivot != column:
            rows[column], rows[pivot], determinant = rows[pivot], rows[column], -determinant
        lead = rows[column][column]
        determinant *= lead
        rows[column] = [value / lead for value in rows[column]]
        for row in range(size):
            if row != column and rows[row][column]:
                rows[row] = [value - rows[row][column] * other for value, other in zip(rows[row], rows[column], strict=True)]
    return [row[size:] for row in rows], determinant


def _logarithm(value: float) -> float:
    return math.log(value)


def _factorial(value: float) -> float:
    return math.gamma(value + 1)


def _binomial(above: float, below: float) -> float:
    return math.gamma(above + 1) / (math.gamma(below + 1) * math.gamma(above - below + 1))


_FUNCTIONS: dict[str, Callable[..., float]] = {
    **{name: getattr(math, name) for name in ("exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "erf", "gamma")},
    **{"arcsin": math.asin, "arccos": math.acos, "arctan": math.atan, "arsinh": math.asinh, "arcosh": math.acosh, "artanh": math.atanh},
    **{"log": _logarithm, "abs": abs, "floor": math.floor, "ceiling": math.ceil, "factorial": _factorial, "binomial": _binomial},
    **{"max": max, "min": min, "sign": lambda value: float((value > 0) - (value < 0))},
}

# Abramowitz and Stegun, Handbook of Mathematical Functions, table 25.4, n = 8.
_LEGENDRE = (
    (0.18343464249564980, 0.36268378337836198),
    (0.52553240991632899, 0.31370664587788729),
    (0.79666647741362674, 0.22238103445337447),
    (0.96028985649753623, 0.10122853629037626),
)

_RULES: dict[type, Callable] = {
    terms.Number: lambda point, term, bound: float(term.value),
    terms.Truth: lambda point, term, bound: term.value,
    terms.Negation: lambda point, term, bound: not point._value(term.children[0], bound),
    terms.Constant: Point._constant,
    terms.Variable: Point._variable,
    terms.Symbol: Point._symbol,
    terms.Add: Point._sum,
    terms.Multiply: Point._product,
    terms.Power: Point._power,
    terms.Cases: Point._cases,
    terms.Relation: Point._relation,
    terms.Junction: Point._junction,
    terms.Fold: Point._fold,
    terms.Integral: Point._integral,
    terms.Limit: Point._limit,
    terms.Apply: Point._apply,
}
