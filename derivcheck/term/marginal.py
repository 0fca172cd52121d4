"""Joint densities and what is integrated against them: brought to a form in which equal things look alike.

A joint density or probability is an unknown function whose name lists its events, ``#`` for one that is a value: ``p(#,#)`` of x and z.
Integrating over one of its values takes that event away; what else is integrated against it stays an unknown number, linear in what
is integrated. Source: Casella and Berger, Statistical Inference, sections 4.1 to 4.3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derivcheck.term import binder, build
from derivcheck.term.term import Add, Antiderivative, Apply, Fold, Multiply, Number, Power, Relation, Symbol, Term, TooLarge, Variable

INTEGRAL = r"\int"
MAX_SUMMANDS = 64
VALUE = "#"
# What a density depends on without being a density of it.
PARAMETER = ";#"


def joint(base: str, events: Sequence[tuple[str, tuple[Term, ...]]]) -> Term:
    """The joint density of events, each with its spelling and its values; 1 without events."""
    if not events:
        return build.ONE
    name = f"{base}({','.join(key for key, _ in events)})"
    values = [value for _, own in events for value in own]
    return build.apply(name, *values) if values else build.symbol(name)


def settled(term: Term) -> Term:
    """A term with its integrals and sums over joint densities in normal form, and logarithms of products as sums."""

    def change(at: Term, walk: Callable[[Term], Term]) -> Term | None:
        if isinstance(at, Antiderivative):
            return _integrated(walk(at.body), at.by)
        if isinstance(at, Fold) and at.operation == "+":
            return _summed(at, walk)
        if isinstance(at, Apply) and at.function == "log" and len(at.children) == 1:
            return _logarithm(walk(at.children[0]))
        if isinstance(at, Power):
            return _apart(walk(at.base), walk(at.exponent))
        return None

    return binder.rewritten(term, change)


def is_by_gibbs(relation: Term) -> bool:
    """Whether an inequality holds because the logarithm of a mean is at least the mean of the logarithm.

    It then says that the sum of E[log b] over some b, and of what is constant, is at most 0, where E[product of the b] and the
    exponential of the constant come to 1. Source: Cover and Thomas, Elements of Information Theory, theorems 2.6.2 and 2.6.3.
    """
    if not isinstance(relation, Relation) or relation.sign not in ("≤", "≥"):
        return False
    low, high = relation.children if relation.sign == "≤" else relation.children[::-1]
    parts = _summands(build.subtract(low, high))
    means = [part for part in parts if _mean_of(part) is not None]
    if not means:
        return False
    rest = build.add(*(part for part in parts if part not in means))
    laws, product = set(), build.ONE
    for part in means:
        coefficient, law, density, inside = _mean_of(part)
        laws.add((law, density))
        product = build.multiply(product, build.power(inside, build.number(coefficient)))
    if len(laws) != 1:
        return False
    ((law, density),) = laws
    if law == INTEGRAL:
        whole = _integrated(density, _HERE)
        bound = _integrated(build.multiply(density, product), _HERE)
    else:
        whole, bound = build.ONE, build.apply(law, product)
    return whole is build.ONE and build.add(_logarithm(bound), rest) is build.ZERO


# The variable of every integral: two that differ in its letter alone are the same.
_HERE = build.symbol(r"\cdot")


def _mean_of(part: Term) -> tuple | None:
    """The coefficient, functional, density and b of a part c E[log b]; None where it is none."""
    coefficient, rest = build.split_coefficient(part)
    means = [factor for factor in _factors(rest) if isinstance(factor, Apply) and (factor.function == INTEGRAL or _is_expectation(factor))]
    if len(means) != 1 or len(means[0].children) != 1:
        return None
    constant = [factor for factor in _factors(rest) if factor is not means[0]]
    factors = _factors(means[0].children[0])
    logs = [factor for factor in factors if isinstance(factor, Apply) and factor.function == "log"]
    if len(logs) != 1 or (means[0].function != INTEGRAL and (len(factors) > 1 or constant)):
        return None
    density = build.multiply(*constant, *(factor for factor in factors if factor is not logs[0]))
    return coefficient, means[0].function, density, logs[0].children[0]


def _is_expectation(term: Apply) -> bool:
    return term.function == "E" or term.function.startswith("E_{")


def _integrated(body: Term, by: Term) -> Term:
    """The integral of a term over all values of a letter; as it is where no joint density is in it."""
    if not isinstance(by, Symbol) or not any(_has_value(part, by) for part in binder.walk(body)):
        return build.antiderivative(body, by)
    return build.add(*(_of_summand(_factors(summand), by) for summand in _summands(body)))


def _of_summand(factors: Sequence[Term], by: Symbol) -> Term:
    constant = [factor for factor in factors if by.name not in factor.names]
    rest = [factor for factor in factors if by.name in factor.names]
    reduced = _without(rest[0], by) if len(rest) == 1 else None
    if not rest:
        reduced = build.antiderivative(build.ONE, by)
    if reduced is None:
        reduced = build.apply(INTEGRAL, binder.replace(build.multiply(*rest), {by: _HERE}))
    return build.multiply(*constant, reduced)


def _summed(total: Fold, walk: Callable[[Term], Term]) -> Term:
    """A sum; that of a joint probability over all values of an event, or over the cases of a family, is the marginal one."""
    variables, bounds, (condition, body) = binder.open_binder(total)
    body, variable = walk(body), variables[0]
    runs_through = condition is build.TRUE and bounds[0] in (build.ZERO, build.ONE) and isinstance(bounds[1], Symbol | Number) and not bounds[1].variables
    if not runs_through:
        return binder.fold("+", variable, *bounds, body, condition)
    made = []
    for summand in _summands(body):
        factors = _factors(summand)
        rest = [factor for factor in factors if variable in factor.variables]
        value = _running_value(rest[0], variable) if len(rest) == 1 else None
        reduced = _without(rest[0], value) if value is not None else _first_summed(rest, variable, bounds, walk)
        if reduced is None:
            made.append(binder.fold("+", variable, *bounds, summand))
        else:
            made.append(build.multiply(reduced, *(factor for factor in factors if factor is not rest[0])))
    return build.add(*made)


def _first_summed(factors: Sequence[Term], variable: Variable, bounds: Sequence[Term], walk: Callable[[Term], Term]) -> Term | None:
    """A sum of sums with the outer one done first, where that leads to a marginal density; None where it does not."""
    (inner, *others) = factors or (build.ONE,)
    if others or not isinstance(inner, Fold) or inner.operation != "+":
        return None
    variables, limits, (condition, body) = binder.open_binder(inner)
    if any(variable in part.variables for part in (*limits, condition)):
        return None
    (density, *_) = rest = [factor for factor in _factors(body) if variable in factor.variables] or [build.ONE]
    if len(rest) > 1 or _running_value(density, variable) is None:
        return None
    summed = binder.fold("+", variable, *bounds, body)
    made = _summed(summed, walk) if isinstance(summed, Fold) else summed
    return None if isinstance(made, Fold) else binder.fold("+", variables[0], *limits, made, condition)


def _running_value(density: Term, variable: Variable) -> Term | None:
    """The value of a joint density that a variable runs through: itself, or a member of a family at that index."""
    values = [child for child in density.children if variable in child.variables] if isinstance(density, Apply) else []
    if len(values) == 1 and (values[0] is variable or (isinstance(values[0], Symbol) and values[0].indices == (variable,))):
        return values[0]
    return None


def _has_value(part: Term, value: Term) -> bool:
    return isinstance(part, Apply) and VALUE in part.function and value in part.children


def _without(density: Term, value: Term) -> Term | None:
    """A joint density without an event that is one of its values alone; where only parameters are left it is 1, and its derivatives are 0."""
    if not isinstance(density, Apply) or VALUE not in density.function or not density.function.endswith(")"):
        return None
    base, _, keys = density.function[:-1].partition("(")
    events = keys.split(",")
    at = [place for place, child in enumerate(density.arguments) if child is value]
    others = [child for child in density.children if child is not value]
    if len(at) != 1 or any(value.names & other.names if isinstance(value, Symbol) else value in other.variables for other in others):
        return None
    places = [place for place, key in enumerate(events) for _ in range(key.count(VALUE))]
    if len(places) != len(density.arguments) or events[places[at[0]]] != VALUE or density.component or at[0] in dict(density.orders):
        return None
    left = [key for place, key in enumerate(events) if place != places[at[0]]]
    if all(key == PARAMETER for key in left):
        return build.ZERO if density.orders else build.ONE
    if density.orders:
        return None
    name = f"{base}({','.join(left)})"
    return build.apply(name, *others) if others else build.symbol(name)


def _logarithm(inside: Term) -> Term:
    """A logarithm; that of a product of densities and other positive things is the sum of theirs."""
    factors = _factors(inside)
    if len(factors) == 1 and not isinstance(inside, Power):
        return build.log(inside)
    pairs = [(factor.children[0], factor.children[1]) if isinstance(factor, Power) else (factor, build.ONE) for factor in factors]
    if any(isinstance(base, Number) and base.value <= 0 for base, _ in pairs) or not all(isinstance(base, Apply | Symbol | Number) for base, _ in pairs):
        return build.log(inside)
    return build.add(*(build.multiply(exponent, build.log(base)) for base, exponent in pairs))


def _apart(base: Term, exponent: Term) -> Term:
    """A power; a whole one of a product is the product of powers."""
    if isinstance(base, Multiply) and isinstance(exponent, Number) and exponent.value.denominator == 1:
        return build.multiply(*(build.power(factor, exponent) for factor in base.children))
    return build.power(base, exponent)


def _factors(term: Term) -> tuple[Term, ...]:
    return term.children if isinstance(term, Multiply) else (term,)


def _summands(term: Term) -> list[Term]:
    """The summands of a term, its products multiplied out. Errors: TooLarge."""
    if isinstance(term, Add):
        found = [one for child in term.children for one in _summands(child)]
    elif isinstance(term, Multiply) and any(isinstance(factor, Add) for factor in term.children):
        found = [build.ONE]
        for factor in term.children:
            found = [build.multiply(one, other) for one in found for other in (_summands(factor) if isinstance(factor, Add) else (factor,))]
            if len(found) > MAX_SUMMANDS:
                raise TooLarge("too many products of sums")
    else:
        return [term]
    if len(found) > MAX_SUMMANDS:
        raise TooLarge("too many summands")
    return found
