"""Sums over whole ranges taken apart: distributed over summands, freed of what does not depend on their index, deltas used up.

What comes out is a term in which function values are all that keeps it from being a rational expression in entries: exp of
a sum is a product, the logarithm of a product of positive factors is a sum. Every step holds for all sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import permutations

from derivcheck.decision.bracket import is_index_condition, is_indicator, merged, power_of_sign, without_positive
from derivcheck.decision.expansion import expanded
from derivcheck.decision.node import GivesUp
from derivcheck.term.binder import array, fold, open_binder, replace
from derivcheck.term.build import (
    FALSE,
    HALF,
    MINUS_ONE,
    ONE,
    TRUE,
    TWO,
    UNDEFINED,
    ZERO,
    add,
    all_of,
    apply,
    divide,
    exp,
    indicator,
    log,
    multiply,
    negation,
    number,
    power,
    relation,
    split_coefficient,
    subtract,
)
from derivcheck.term.term import (
    Add,
    Apply,
    Array,
    Cases,
    Fold,
    Junction,
    Multiply,
    Negation,
    Number,
    Power,
    Relation,
    Symbol,
    Term,
    Truth,
    Variable,
)

MAX_UNROLLED = 6
ODD = ("sin", "tan", "erf", "arctan", "arcsin", "arsinh", "artanh")
EVEN = ("cos",)


@dataclass(frozen=True, slots=True)
class Definition:
    """What every entry of a family equals, over the ranges of its variables."""

    variables: tuple[Variable, ...]
    ranges: tuple[Term, ...]
    body: Term


class Contraction:
    """Terms over index variables whose ranges are 1 to a size. ``is_positive`` says what logarithms may be split,
    ``is_isolated`` which equations are between quantities with isolated values, so that ties are meant.
    """

    def __init__(
        self,
        ranges: Mapping[Variable, Term],
        is_size: Callable[[Term], bool],
        is_positive: Callable[[Term], bool],
        is_isolated: Callable[[Term], bool],
    ) -> None:
        self.ranges = dict(ranges)
        self.is_size = is_size
        self.is_positive = is_positive
        self.is_isolated = is_isolated
        self.definitions: dict[str, Definition] = {}
        self._done: dict[Term, Term] = {}

    def apply(self, term: Term) -> Term:
        """The contracted term. Errors: GivesUp where a range is none of 1 to a size."""
        known = self._done.get(term)
        if known is None:
            known = self._done[term] = self._rule(term)
        return known

    def _rule(self, term: Term) -> Term:
        match term:
            case Add():
                return add(*map(self.apply, term.children))
            case Multiply():
                return merged(multiply(*map(self.apply, term.children)))
            case Power():
                return self._power(self.apply(term.base), self.apply(term.exponent))
            case Fold():
                return self._fold(term)
            case Cases():
                return self._cases(term)
            case Apply():
                return self._application(term)
            case Symbol() if term.name in self.definitions:
                return self._defined(term, self.definitions[term.name])
            case Relation() | Junction() | Negation() | Truth():
                raise GivesUp("a relation where a number should stand")
        return term

    def _defined(self, term: Symbol, definition: Definition) -> Term:
        """An entry of a family that a hypothesis defines, if it is surely one of those that it speaks of."""
        if not all(map(self._lies_in, term.indices, definition.ranges)):
            raise GivesUp("an entry that no hypothesis speaks of")
        return self.apply(replace(definition.body, dict(zip(definition.variables, term.indices, strict=True))))

    def _lies_in(self, index: Term, upper: Term) -> bool:
        """Whether an index is surely one of 1 to an upper end."""
        if isinstance(index, Number) and isinstance(upper, Number):
            return 1 <= index.value <= upper.value
        return isinstance(index, Variable) and self.ranges.get(index) is upper

    # Sums.

    def _fold(self, term: Fold) -> Term:
        (variable,), (lower, upper), (condition, body) = open_binder(term)
        if isinstance(lower, Number) and isinstance(upper, Number):
            return self._unrolled(term.operation, variable, lower, upper, condition, body)
        if lower is not ONE or not self.is_size(upper):
            raise GivesUp("a sum over part of a range")
        self.ranges[variable] = upper
        if term.operation == "+":
            return self.total(variable, multiply(self.bracket(condition), self.apply(body)))
        if term.operation == "*":
            return self._product(variable, upper, condition, self.apply(body))
        return fold(term.operation, variable, lower, upper, self.apply(body), condition)

    def _unrolled(self, operation: str, variable: Variable, lower: Number, upper: Number, condition: Term, body: Term) -> Term:
        if upper.value - lower.value >= MAX_UNROLLED or operation in ("max", "min"):
            raise GivesUp("a sum over part of a range")
        parts = []
        for value in range(int(lower.value), int(upper.value) + 1):
            put_in = {variable: number(value)}
            if replace(condition, put_in) is not TRUE:
                raise GivesUp("a sum over part of a range")
            parts.append(self.apply(replace(body, put_in)))
        return (add if operation == "+" else multiply)(*parts)

    def total(self, variable: Variable, body: Term) -> Term:
        """The sum of a contracted body over the whole range of a variable."""
        if variable not in body.variables:
            return multiply(self.ranges[variable], body)
        if isinstance(body, Add):
            return add(*(self.total(variable, part) for part in body.children))
        factors = list(body.children) if isinstance(body, Multiply) else [body]
        for at, factor in enumerate(factors):
            other = self._delta(variable, factor)
            if other is not None:
                rest = multiply(indicator(self._without(factor, variable, other)), *factors[:at], *factors[at + 1 :])
                return self.apply(replace(rest, {variable: other}))
        outside = [factor for factor in factors if variable not in factor.variables]
        if outside:
            return multiply(*outside, self.total(variable, multiply(*(factor for factor in factors if variable in factor.variables))))
        for at, factor in enumerate(factors):
            if isinstance(factor, Add) and any(self._has_delta(variable, part) for part in factor.children):
                rest = factors[:at] + factors[at + 1 :]
                return add(*(self.total(variable, multiply(part, *rest)) for part in factor.children))
        return fold("+", variable, ONE, self.ranges[variable], body)

    def _delta(self, variable: Variable, factor: Term) -> Variable | None:
        """The other index of a Kronecker delta over the same range."""
        if not is_indicator(factor):
            return None
        condition = factor.children[0]
        for part in condition.children if isinstance(condition, Junction) and condition.kind == "and" else (condition,):
            if isinstance(part, Relation) and part.sign == "=" and variable in part.children:
                other = part.right if part.left is variable else part.left
                if isinstance(other, Variable) and self.ranges.get(other) is self.ranges[variable]:
                    return other
        return None

    def _without(self, factor: Term, variable: Variable, other: Variable) -> Term:
        """What a delta's condition asks besides the equality."""
        condition = factor.children[0]
        parts = condition.children if isinstance(condition, Junction) else (condition,)
        return all_of(
            part for part in parts if not (isinstance(part, Relation) and part.sign == "=" and set(part.children) == {variable, other})
        )

    def _has_delta(self, variable: Variable, part: Term) -> bool:
        factors = part.children if isinstance(part, Multiply) else (part,)
        return any(self._delta(variable, factor) is not None for factor in factors)

    def _product(self, variable: Variable, upper: Term, condition: Term, body: Term) -> Term:
        """A product over a whole range, or over all but one index."""
        if condition is TRUE:
            if variable not in body.variables:
                return self._power(body, upper)
            return self._product_of_factors(variable, upper, body)
        if isinstance(condition, Relation) and condition.sign == "≠" and variable in condition.children:
            other = condition.right if condition.left is variable else condition.left
            if isinstance(other, Variable) and self.ranges.get(other) is upper:
                return divide(self._product(variable, upper, TRUE, body), replace(body, {variable: other}))
        raise GivesUp("a product over a condition")

    def _product_of_factors(self, variable: Variable, upper: Term, body: Term) -> Term:
        """Exponentials and what does not depend on the index taken out of a product."""
        outside, inside = [], []
        for factor in body.children if isinstance(body, Multiply) else (body,):
            exponent = _exponent(factor)
            if variable not in factor.variables:
                outside.append(self._power(factor, upper))
            elif exponent is not None:
                outside.append(self._exponential(self.total(variable, self.apply(exponent))))
            else:
                inside.append(factor)
        return multiply(*outside, fold("*", variable, ONE, upper, multiply(*inside))) if inside else multiply(*outside)

    def _cases(self, term: Cases) -> Term:
        """Brackets times values. Where no condition holds and nothing is said the goal asks nothing: the last value will do."""
        branches, otherwise = list(term.branches), term.otherwise
        if otherwise is UNDEFINED:
            otherwise = branches.pop()[1]
        parts = []
        before: list[Term] = []
        for condition, value in branches:
            parts.append(self._bracketed([*before, condition], value))
            before.append(negation(condition))
        return add(*parts, self._bracketed(before, otherwise))

    def _bracketed(self, conditions: list[Term], value: Term) -> Term:
        condition = all_of(conditions)
        if condition is FALSE or value is ZERO:
            return ZERO
        return multiply(self.bracket(condition), self.apply(value))

    def bracket(self, condition: Term) -> Term:
        """1 where a condition holds and 0 elsewhere, in terms of brackets of the form 0 < x and of index conditions."""
        if isinstance(condition, Truth):
            return indicator(condition)
        if is_index_condition(condition):
            if isinstance(condition, Relation) and len({self.ranges.get(child) for child in condition.children}) > 1:
                raise GivesUp("indices of different ranges compared")
            if isinstance(condition, Relation):
                return indicator(condition)
        match condition:
            case Junction() if condition.kind == "and":
                return multiply(*map(self.bracket, condition.children))
            case Junction():
                return subtract(ONE, multiply(*(subtract(ONE, self.bracket(part)) for part in condition.children)))
            case Negation():
                return subtract(ONE, self.bracket(condition.children[0]))
            case Relation() if condition.sign == "<":
                return self._positive_bracket(self.apply(subtract(condition.right, condition.left)))
            case Relation() if condition.sign == "≤":
                return subtract(ONE, self._positive_bracket(self.apply(subtract(condition.left, condition.right))))
            case Relation() if self.is_isolated(condition):
                equal = indicator(relation("=", *map(self.apply, condition.children)))
                return equal if condition.sign == "=" else subtract(ONE, equal)
            case Relation():
                return ZERO if condition.sign == "=" else ONE
        raise GivesUp("an unusual condition")

    def _positive_bracket(self, gap: Term) -> Term:
        """[0 < x], with [0 < -x] written as 1 - [0 < x]; a tie is a corner."""
        if self.is_positive(gap):
            return ONE
        gap = without_positive(gap, self.is_positive)
        turned = multiply(MINUS_ONE, gap)
        if _rank(turned) < _rank(gap):
            return subtract(ONE, indicator(relation("<", ZERO, turned)))
        return indicator(relation("<", ZERO, gap))

    def _sign(self, argument: Term) -> Term:
        return subtract(multiply(TWO, self._positive_bracket(argument)), ONE)

    # Functions.

    def _power(self, base: Term, exponent: Term) -> Term:
        if is_indicator(base) and isinstance(exponent, Number) and exponent.value > 0:
            return base
        signed = power_of_sign(base, exponent) if isinstance(exponent, Number) else None
        if signed is not None:
            return signed
        if not isinstance(exponent, Number):
            return self._exponential(multiply(exponent, self._logarithm(base)))
        if exponent.value.denominator == 1:
            if isinstance(base, Multiply):
                return multiply(*(self._power(factor, exponent) for factor in base.children))
            return merged(power(base, exponent))
        factors = base.children if isinstance(base, Multiply) else (base,)
        positive = [factor for factor in factors if self.is_positive(factor)]
        others = [factor for factor in factors if not self.is_positive(factor)]
        made = [self._positive_root(factor, exponent) for factor in positive]
        return multiply(*made, power(multiply(*others), exponent)) if others else multiply(*made)

    def _positive_root(self, base: Term, exponent: Number) -> Term:
        """A root of a positive factor; a square may be positive though its base is not, and keeps its root."""
        if isinstance(base, Power) and isinstance(base.exponent, Number) and self.is_positive(base.base):
            return power(base.base, number(base.exponent.value * exponent.value))
        return power(base, exponent)

    def _application(self, term: Apply) -> Term:
        arguments = tuple(map(self._argument, term.arguments))
        rest = term.children[len(arguments) :]
        if term.function in ("max", "min"):
            return self._extremum(term.function, *arguments)
        if rest or len(arguments) != 1 or isinstance(arguments[0], Array):
            return Apply((*arguments, *rest), term.payload)
        argument = arguments[0]
        match term.function:
            case "exp":
                return self._exponential(argument)
            case "log":
                return self._logarithm(argument)
            case "tanh" | "sinh" | "cosh":
                return self._hyperbolic(term.function, argument)
            case "sign":
                return self._sign(argument)
            case "abs":
                return multiply(self._sign(argument), argument)
        coefficient, core = split_coefficient(argument)
        if coefficient < 0 and term.function in ODD + EVEN:
            made = apply(term.function, multiply(number(-coefficient), core))
            return multiply(MINUS_ONE, made) if term.function in ODD else made
        return apply(term.function, argument)

    def _extremum(self, name: str, left: Term, right: Term) -> Term:
        gap = subtract(left, right)
        chosen = self._positive_bracket(gap if name == "max" else multiply(MINUS_ONE, gap))
        return add(right, multiply(gap, chosen))

    def _argument(self, argument: Term) -> Term:
        """Arrays stay as they are: they are compared as a whole."""
        return argument if isinstance(argument, Array) else self.apply(argument)

    def _hyperbolic(self, name: str, argument: Term) -> Term:
        up = self._exponential(argument)
        down = self._power(up, MINUS_ONE)
        if name == "tanh":
            return divide(subtract(up, down), add(up, down))
        return multiply(HALF, subtract(up, down) if name == "sinh" else add(up, down))

    def _exponential(self, argument: Term) -> Term:
        argument = expanded(argument)
        if isinstance(argument, Add):
            return multiply(*map(self._exponential, argument.children))
        coefficient, core = split_coefficient(argument)
        if isinstance(core, Apply) and core.function == "log":
            inside = core.arguments[0]
            if coefficient.denominator == 1 or self.is_positive(inside):
                return self._power(inside, number(coefficient))
        if coefficient != 1 and not isinstance(core, Number):
            return power(exp(core), number(coefficient))
        return exp(argument)

    def _logarithm(self, argument: Term) -> Term:
        match argument:
            case Multiply() if all(map(self.is_positive, argument.children)):
                return add(*map(self._logarithm, argument.children))
            case Power() if self.is_positive(argument.base):
                return multiply(argument.exponent, self._logarithm(argument.base))
            case Fold() if argument.operation == "*":
                (variable,), (_, upper), (_, body) = open_binder(argument)
                if self.is_positive(body):
                    self.ranges[variable] = upper
                    return self.total(variable, self._logarithm(self.apply(body)))
            case Apply() if argument.function == "exp":
                return argument.arguments[0]
        return log(argument)


def _exponent(factor: Term) -> Term | None:
    """What an exponential has as its exponent; None if a factor is none."""
    if isinstance(factor, Apply) and factor.function == "exp":
        return factor.arguments[0]
    if (
        isinstance(factor, Power)
        and isinstance(factor.exponent, Number)
        and isinstance(factor.base, Apply)
        and factor.base.function == "exp"
    ):
        return multiply(factor.exponent, factor.base.arguments[0])
    return None


def _rank(term: Term) -> int:
    """An order of terms that does not look at the letters of their variables."""
    sizes = [ONE] * len(term.variables)
    return min(array(order, sizes, term).digest for order in permutations(term.variables))
