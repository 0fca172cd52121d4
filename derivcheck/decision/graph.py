"""Scalar expression graphs: what a term becomes once its sizes and free index values are numbers.

Every sum is written out and every index is an integer, so a node is a number, an atom such as ``x[1, 2]``, or an
operation on nodes. Equal nodes of one graph are the same object, and a node is made after its arguments, so the order
of making is an order of evaluation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import factorial
from operator import attrgetter

from derivcheck.decision.exact import known_value, number_power
from derivcheck.decision.node import CONDITIONS, RELATIONS, GivesUp, Grows, Node, Scope, atoms_of, by_making, flat, is_number, reachable
from derivcheck.term.type import INTEGER, REAL, Domain

MAX_SCALED = 12
COUNTER = "~counter"
_OP, _IS_DISCRETE = attrgetter("op"), attrgetter("is_discrete")
NUMERIC = frozenset(("+", "*", "^", "call", "unknown", "binder"))


class Graph:
    """The door to nodes. ``domains`` says where the values of atoms and unknown functions lie, by name.

    ``guards`` are nodes that the normal form made disappear though they are not defined everywhere, as in sqrt(x)^2: a
    point counts only where they are defined.
    """

    def __init__(self, domains: Mapping[str, Domain] | None = None, limit: int = 10_000) -> None:
        self.domains = dict(domains or {})
        self.limit = limit
        self.guards: dict[Node, None] = {}
        self._table: dict[tuple, Node] = {}
        self._numbers: dict[int | tuple[int, int], Node] = {}
        self._whole: dict[Node, int] = {}
        self.zero = self.number(0)
        self.one = self.number(1)
        self.minus_one = self.number(-1)
        self.undefined = self._make("undefined", ())
        self.true = self._make("truth", (), True)
        self.false = self._make("truth", (), False)

    def _make(self, op: str, args: tuple[Node, ...], value: object = None) -> Node:
        key = (op, args, value)
        known = self._table.get(key)
        if known is not None:
            return known
        made = self._table[key] = self._new(op, args, value)
        return made

    def _new(self, op: str, args: tuple[Node, ...], value: object) -> Node:
        index = len(self._table) + len(self._numbers)
        if index >= self.limit:
            raise Grows("the expression grows too large when its sums are written out")
        if op in NUMERIC and not CONDITIONS.isdisjoint(map(_OP, args)):
            raise GivesUp("a relation where a number should stand")
        node = Node()
        node.op, node.args, node.value, node.index = op, args, value, index
        node.is_discrete = self._is_discrete(node)
        return node

    def _is_discrete(self, node: Node) -> bool:
        if node.op == "atom":
            domain = self.domain(node)
            return domain.integer or bool(domain.values)
        if node.op in ("constant", "unknown", "binder"):
            return False
        if node.op == "call" and node.value not in ("abs", "sign", "max", "min", "floor", "ceiling", "factorial", "binomial"):
            return False
        if node.op == "^" and not (is_number(node.args[1]) and node.args[1].value.denominator == 1):
            return False
        return all(map(_IS_DISCRETE, node.args))

    def domain(self, node: Node) -> Domain:
        """Where the values of an atom or of an unknown function lie; a derivative of an unknown function is any real number."""
        if node.op == "unknown" and node.value[2]:
            return REAL
        if node.value[0] == COUNTER:
            return INTEGER
        return self.domains.get(node.value[0], REAL)

    def number(self, value: Fraction | int) -> Node:
        """A number's node; looked up by whole numbers, because fractions are slow to hash."""
        key = value.numerator if value.denominator == 1 else (value.numerator, value.denominator)
        known = self._numbers.get(key)
        if known is None:
            known = self._numbers[key] = self._new("number", (), Fraction(value))
            if value.denominator == 1:
                self._whole[known] = int(value)
        return known

    def whole(self, node: Node) -> int | None:
        """The integer that a node is, if it is one."""
        return self._whole.get(node)

    def constant(self, name: str) -> Node:
        """The node of pi or another named constant."""
        return self._make("constant", (), name)

    def atom(self, name: str, indices: tuple[int, ...] = ()) -> Node:
        """The node of a symbol's entry."""
        return self._make("atom", (), (name, indices))

    def unknown(self, value: tuple, args: Sequence[Node]) -> Node:
        """A value of an unknown function; ``value``: (name, component, differentiated argument positions, shapes, domain)."""
        return self.undefined if self.undefined in args else self._make("unknown", tuple(args), value)

    def add(self, terms: Iterable[Node]) -> Node:
        """The sum: flat, like terms joined, in order of making."""
        constant: Fraction | int = 0
        coefficients: dict[Node, Fraction | int] = {}
        for term in flat(terms, "+"):
            op = term.op
            if op == "number":
                constant += self._exact(term)
            elif op == "undefined":
                return term
            elif op == "*" and term.args[0].op == "number":
                rest = term.args[1] if len(term.args) == 2 else self._make("*", term.args[1:])
                coefficients[rest] = coefficients.get(rest, 0) + self._exact(term.args[0])
            else:
                coefficients[term] = coefficients.get(term, 0) + 1
        parts = [self._scale(factor, rest) for rest, factor in coefficients.items() if factor]
        if constant or not parts:
            parts.append(self.number(constant))
        if len(parts) == 1:
            return parts[0]
        parts.sort(key=by_making)
        return self._make("+", tuple(parts))

    def _exact(self, node: Node) -> Fraction | int:
        """A number's value, as an integer where it is one."""
        whole = self._whole.get(node)
        return node.value if whole is None else whole

    def _scale(self, factor: Fraction | int, term: Node) -> Node:
        if factor == 1:
            return term
        parts = term.args if term.op == "*" else (term,)
        return self._make("*", (self.number(factor), *parts))

    def multiply(self, factors: Iterable[Node]) -> Node:
        """The product: flat, numeric powers of one base joined; a rational factor comes first, or goes into a short sum."""
        constant: Fraction | int = 1
        exponents: dict[Node, Fraction | int] = {}
        roots: list[Node] = []
        for factor in flat(factors, "*"):
            op = factor.op
            if op == "number":
                constant *= self._exact(factor)
            elif op == "undefined":
                return factor
            elif op == "^" and factor.args[1].op == "number":
                exponent = self._exact(factor.args[1])
                exponents[factor.args[0]] = exponents.get(factor.args[0], 0) + exponent
                if exponent.denominator != 1:
                    roots.append(factor)
            else:
                exponents[factor] = exponents.get(factor, 0) + 1
        if not constant:
            return self.zero
        for factor in roots:
            self._guard(factor, exponents[factor.args[0]])
        parts = []
        for base, exponent in exponents.items():
            part = base if exponent == 1 else self.power(base, self.number(exponent))
            if part.op == "number":
                constant *= self._exact(part)
            elif part.op == "undefined":
                return part
            else:
                parts.append(part)
        return self._product(constant, parts)

    def _product(self, constant: Fraction | int, parts: list[Node]) -> Node:
        if not parts:
            return self.number(constant)
        if constant == 1:
            if len(parts) == 1:
                return parts[0]
            parts.sort(key=by_making)
            return self._make("*", tuple(parts))
        if len(parts) == 1 and parts[0].op == "+" and len(parts[0].args) <= MAX_SCALED:
            return self.add([self.multiply((self.number(constant), term)) for term in parts[0].args])
        parts.sort(key=by_making)
        return self._make("*", (self.number(constant), *parts))

    def _guard(self, root: Node, exponent: Fraction | int) -> None:
        """Roots that join to a whole power vanish, and with them what they ask of their base."""
        if exponent.denominator == 1:
            self.guards[root] = None

    def power(self, base: Node, exponent: Node) -> Node:
        """The power, taken out of products and other powers where that is sound."""
        if base.op == "undefined" or exponent.op == "undefined":
            return self.undefined
        if exponent.op == "number":
            return self._number_exponent(base, exponent)
        if base is self.one:
            return base
        return self._make("^", (base, exponent))

    def _number_exponent(self, base: Node, exponent: Node) -> Node:
        if exponent is self.one:
            return base
        if exponent is self.zero:
            return self.one
        value: Fraction = exponent.value
        if base.op == "number":
            exact = number_power(base.value, value)
            return self.undefined if exact is None else self.number(exact) if exact != "long" else self._make("^", (base, exponent))
        if base.op == "*" and value.denominator == 1:
            return self.multiply([self.power(part, exponent) for part in base.args])
        if base.op == "^" and base.args[1].op == "number":
            inner: Fraction = base.args[1].value
            if value.denominator == 1:
                if inner.denominator != 1:
                    self._guard(base, inner * value)
                return self.power(base.args[0], self.number(inner * value))
            if inner.denominator == 1 and inner % 2 == 0:
                return self.power(self.call("abs", base.args[0]), self.number(inner * value))
        return self._make("^", (base, exponent))

    def multiplied_out(self, node: Node, limit: int) -> Node:
        """A product with its sums multiplied out, and so for each summand, as long as there are not too many."""
        if node.op == "+":
            parts = [self.multiplied_out(part, limit // len(node.args)) for part in node.args]
            return self.add(parts)
        if node.op != "*":
            return node
        sums = [factor for factor in node.args if factor.op == "+"]
        count = 1
        for factor in sums:
            count *= len(factor.args)
        if not sums or count > limit:
            return node
        rest = [factor for factor in node.args if factor.op != "+"]
        return self.add([self.multiply((*rest, *chosen)) for chosen in product(*(factor.args for factor in sums))])

    def subtract(self, left: Node, right: Node) -> Node:
        """The difference, as a sum."""
        return self.add((left, self.multiply((self.minus_one, right))))

    def divide(self, left: Node, right: Node) -> Node:
        """The quotient, as a product."""
        return self.multiply((left, self.power(right, self.minus_one)))

    def call(self, name: str, *args: Node) -> Node:
        """A function whose meaning is fixed; its value where that is a rational number."""
        if self.undefined in args:
            return self.undefined
        if all(arg.op == "number" for arg in args):
            value = known_value(name, [arg.value for arg in args])
            if value is not None:
                return self.number(value)
        if name == "binomial" and args[1].op == "number" and args[1].value.denominator == 1 and 0 <= args[1].value <= 60:
            return self._falling(args[0], int(args[1].value))
        if name in ("max", "min") and args[0] is args[1]:
            return args[0]
        if name == "abs" and args[0].op in ("call", "^", "*"):
            return self._absolute(args[0])
        return self._make("call", args, name)

    def _falling(self, top: Node, bottom: int) -> Node:
        factors = [self.add((top, self.number(-k))) for k in range(bottom)]
        return self.multiply((self.number(Fraction(1, factorial(bottom))), *factors))

    def _absolute(self, node: Node) -> Node:
        if node.op == "call" and node.value in ("exp", "abs", "cosh"):
            return node
        if node.op == "^" and node.args[1].op == "number" and (node.args[1].value.denominator != 1 or node.args[1].value % 2 == 0):
            return node
        if node.op == "*" and node.args[0].op == "number":
            rest = node.args[1:]
            inner = rest[0] if len(rest) == 1 else self._make("*", rest)
            return self.multiply((self.number(abs(node.args[0].value)), self.call("abs", inner)))
        return self._make("call", (node,), "abs")

    def where(self, condition: Node, then: Node, otherwise: Node) -> Node:
        """One of two nodes by a condition; ``undefined`` may be either, and is no number where it is chosen."""
        if condition.op == "truth":
            return then if condition.value else otherwise
        return then if then is otherwise else self._make("where", (condition, then, otherwise))

    def binder(self, kind: str, body: Node, atom: Node, bounds: Sequence[Node], direction: str = "") -> Node:
        """An integral, an infinite sum or a limit of a body over an atom; factors without the atom stand before it."""
        if body is self.undefined:
            return body
        factors = body.args if body.op == "*" else (body,)
        outside = [factor for factor in factors if atom not in reachable([factor])]
        if outside and kind == "limit" and len(outside) == len(factors):
            return body
        if outside and body is not self.one:
            inside = self.multiply([factor for factor in factors if factor not in outside])
            return self.multiply((*outside, self.binder(kind, inside, atom, bounds, direction)))
        free = [node for node in atoms_of([body]) if node is not atom and node.op == "atom"]
        return self._make("binder", (*bounds, *free), Scope(kind, body, atom, len(bounds), direction))

    def _rebound(self, node: Node, args: tuple[Node, ...]) -> Node:
        scope: Scope = node.value
        put_in = dict(zip(node.args[scope.bounds :], args[scope.bounds :], strict=True))
        (body,) = self.replace([scope.body], put_in)
        return self.binder(scope.kind, body, scope.atom, args[: scope.bounds], scope.direction)

    def relation(self, sign: str, left: Node, right: Node) -> Node:
        if self.undefined in (left, right):
            return self._make(sign, (left, right))
        if left.op == "number" and right.op == "number":
            if sign in ("=", "≠"):
                return self.truth((left is right) == (sign == "="))
            a, b = self._exact(left), self._exact(right)
            return self.truth(a < b if sign == "<" else a <= b)
        return self._make(sign, (left, right))

    def same_truth(self, left: Node, right: Node) -> Node:
        if left.op == "truth" and right.op == "truth":
            return self.truth(left.value == right.value)
        return self._make("same truth", (left, right))

    def truth(self, value: bool) -> Node:
        return self.true if value else self.false

    def all_of(self, conditions: Iterable[Node]) -> Node:
        return self._junction("and", conditions, self.true, self.false)

    def some_of(self, conditions: Iterable[Node]) -> Node:
        return self._junction("or", conditions, self.false, self.true)

    def _junction(self, kind: str, conditions: Iterable[Node], neutral: Node, absorbing: Node) -> Node:
        parts: dict[Node, None] = {}
        for condition in conditions:
            if condition is absorbing:
                return absorbing
            if condition is not neutral:
                parts[condition] = None
        if len(parts) <= 1:
            return next(iter(parts), neutral)
        return self._make(kind, tuple(parts))

    def negation(self, condition: Node) -> Node:
        if condition.op == "truth":
            return self.truth(not condition.value)
        if condition.op == "not":
            return condition.args[0]
        return self._make("not", (condition,))

    def rebuild(self, node: Node, args: tuple[Node, ...]) -> Node:
        """The node with other arguments, in normal form."""
        match node.op:
            case "+":
                return self.add(args)
            case "*":
                return self.multiply(args)
            case "^":
                return self.power(*args)
            case "call":
                return self.call(node.value, *args)
            case "unknown":
                return self.unknown(node.value, args)
            case "where":
                return self.where(*args)
            case "binder":
                return self._rebound(node, args)
            case "and":
                return self.all_of(args)
            case "or":
                return self.some_of(args)
            case "not":
                return self.negation(args[0])
            case "same truth":
                return self.same_truth(*args)
        return self.relation(node.op, *args) if node.op in RELATIONS else node

    def replace(self, roots: Iterable[Node], mapping: Mapping[Node, Node]) -> list[Node]:
        """The roots with each occurrence of a key put in by its value (values are not searched again)."""
        wanted = list(roots)
        if not mapping:
            return wanted
        memo: dict[Node, Node] = {}
        for node in reachable(wanted):
            if node in mapping:
                memo[node] = mapping[node]
                continue
            args = tuple([memo[arg] for arg in node.args])
            if args == node.args:
                memo[node] = node
            else:
                made = self.rebuild(node, args)
                memo[node] = mapping.get(made, made)
        return [memo[root] for root in wanted]
