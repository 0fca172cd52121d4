"""Expectations, variances and other functionals of random variables: linear where they are, unknown otherwise.

Holds: E[2x + 1] = 2E[x] + 1. Does not follow: E[xy] = E[x] E[y].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derivcheck.notation import Notation, Surroundings, Unreadable, arguments_of
from derivcheck.reading.expression import Call, Chance, Comparison, Expression, Listed, Name, is_plain
from derivcheck.term import binder, build
from derivcheck.term.term import Add, Apply, Fold, Multiply, Number, Power, Term
from derivcheck.term.value import Value


@dataclass(frozen=True, slots=True)
class _Law:
    """What stands below an expectation: the law's name, the letters that are random, and what the law depends on."""

    name: str = "E"
    letters: frozenset[str] = frozenset()
    given: tuple[Expression, ...] = ()


def _expectation(elaborator, call: Call, around: Surroundings) -> Value:
    """The expectation of a number or of each entry of an array.

    Letters below that the argument is made of are what is random; where it is not made of all, the law is unknown.
    """
    if elaborator.joint and len(call.arguments) == 1:
        integral = elaborator.weighed(call.below, call.arguments[0], around)
        if integral is not None:
            return integral
    drawn = elaborator.mean_of_drawn(call.below, call.arguments[0], around) if call.below is not None and len(call.arguments) == 1 else None
    if drawn is not None:
        return drawn
    law = _law(elaborator, call.below)
    if law is None:
        raise Unreadable(call.span, "a letter or a law below the expectation", "something else")
    value = elaborator.value(call.arguments[0], around.holding(law.letters) if law.letters else around)
    given, values = _conditions(elaborator, (*call.arguments[1:], *law.given), around)
    told = elaborator.mean(value.body, around, given) if call.below is None else None
    if told is not None:
        return Value(binder.replace(told, values), value.variables, value.sizes)
    if values:
        raise Unreadable(call.span, "a condition of which it is told what it changes", "another condition")
    random = law.letters if law.letters and law.letters <= value.body.names else None
    made = _linear(law.name, value.body, given, random)
    elaborator.opaque = elaborator.opaque or _is_unknown(made)
    return Value(made, value.variables, value.sizes)


def _conditions(elaborator, written: Sequence[Expression], around: Surroundings) -> tuple[tuple[Term, ...], dict[Term, Term]]:
    """What an expectation is under, and the values that variables have there: ``N = n``."""
    given: list[Term] = []
    values: dict[Term, Term] = {}
    for one in map(elaborator.settled, written):
        if isinstance(one, Comparison) and one.sign == "=" and isinstance(one.left, Name):
            variable = elaborator.value(one.left, around).closed()
            values[variable] = elaborator.value(one.right, around).closed()
            given.append(variable)
        else:
            given.append(elaborator.value(one, around).closed())
    return tuple(given), values


def _is_unknown(term: Term) -> bool:
    """Whether an expectation is left in a term that only the law could tell."""
    return any(isinstance(part, Apply) and (part.function == "E" or part.function.startswith("E_{")) for part in binder.walk(term))


def _law(elaborator, below: Expression | None) -> _Law | None:
    r"""The law below an expectation: ``x``, ``x \sim p``, ``p(x)``, ``z \sim q(z|x)``; None where it is none of them.

    The law of ``x \sim p`` is another one than that of ``x \sim q``, and ``p(x)`` is the same as ``x \sim p``.
    """
    below = below if below is None else elaborator.settled(below)
    match below:
        case None:
            return _Law()
        case Name(spelling=letter):
            return _Law(f"E_{{{letter}}}", frozenset((letter,)))
        case Comparison(left=Name(spelling=letter), sign=r"\sim", right=Name(spelling=source, indices=indices)):
            return _Law(f"E_{{{letter} \\sim {source}}}", frozenset((letter,)), indices)
        case Comparison(left=Name(spelling=letter), sign=r"\sim", right=right):
            law = _density(elaborator.settled(right))
            return law if law is not None and law.letters == {letter} else None
        case Call() | Chance():
            return _density(below)
        case Listed(items=items):
            return _joined([_law(elaborator, item) for item in items])
    return None


def _density(density: Expression) -> _Law | None:
    """The law of what stands before the bar of a density."""
    match density:
        case Call(function=function, arguments=events, below=None):
            given: tuple[Expression, ...] = ()
        case Chance(function=function, events=events, given=given):
            pass
        case _:
            return None
    letters = [event.spelling for event in events if is_plain(event)]
    if not letters or len(letters) < len(events) or function.samples or function.primes:
        return None
    bar = f"(|{len(given)})" if given else ""
    return _Law(f"E_{{{','.join(letters)} \\sim {function.spelling}{bar}}}", frozenset(letters), (*function.indices, *given))


def _joined(laws: list[_Law | None]) -> _Law | None:
    known = [law for law in laws if law is not None]
    if len(known) < len(laws):
        return None
    name = ",".join(law.name.removeprefix("E_{").removesuffix("}") for law in known)
    return _Law(f"E_{{{name}}}", frozenset().union(*(law.letters for law in known)), tuple(one for law in known for one in law.given))


def _linear(law: str, term: Term, given: tuple[Term, ...], random: frozenset[str] | None) -> Term:
    """E of sums as sums of E, with constant factors in front."""
    if isinstance(term, Number) or (random is not None and not random & term.names):
        return term
    if isinstance(term, Add):
        return build.add(*(_linear(law, part, given, random) for part in term.children))
    if isinstance(term, Multiply):
        constant = [part for part in term.children if isinstance(part, Number) or (random is not None and not random & part.names)]
        if constant:
            rest = [part for part in term.children if part not in constant]
            return build.multiply(*constant, _linear(law, build.multiply(*rest), given, random))
    if isinstance(term, Fold) and term.operation == "+":
        variables, bounds, (condition, body) = binder.open_binder(term)
        return binder.fold("+", variables[0], *bounds, _linear(law, body, given, random), condition)
    if isinstance(term, Apply) and term.function == "log" and isinstance(term.children[0], Multiply | Power):
        inside = term.children[0]
        return _linear(law, _parted(inside), given, random) if _is_parted(inside) else build.apply(law, term, *given)
    return build.apply(law, term, *given)


def _is_parted(inside: Term) -> bool:
    """Whether a logarithm's argument is made of densities and other unknown functions, which are positive where it is written."""
    factors = inside.children if isinstance(inside, Multiply) else (inside,)
    bases = [factor.children[0] if isinstance(factor, Power) and isinstance(factor.children[1], Number) else factor for factor in factors]
    return all(isinstance(base, Apply) for base in bases)


def _parted(inside: Term) -> Term:
    """The logarithm of a product as a sum."""
    factors = inside.children if isinstance(inside, Multiply) else (inside,)
    parts = [(factor.children[0], factor.children[1]) if isinstance(factor, Power) else (factor, build.ONE) for factor in factors]
    return build.add(*(build.multiply(exponent, build.log(base)) for base, exponent in parts))


def _variance(elaborator, call: Call, around: Surroundings) -> Value:
    """Var(x) is E[x^2] - E[x]^2, entry by entry; under a condition both are."""
    value = elaborator.value(call.arguments[0], around)
    given, values = _conditions(elaborator, call.arguments[1:], around)
    told = elaborator.variance(value.body, around, given)
    if told is not None:
        return Value(binder.replace(told, values), value.variables, value.sizes)
    mean = _expectation(elaborator, call, around)
    squared = _linear("E", build.power(value.at(*mean.variables), build.TWO), given, None)
    return Value(build.subtract(squared, build.power(mean.body, build.TWO)), mean.variables, mean.sizes)


def _covariance(elaborator, call: Call, around: Surroundings) -> Value:
    """Cov(x, y) is E[xy] - E[x] E[y]."""
    first, second = (value.closed() for value in arguments_of(elaborator, call, around, 2))
    told = elaborator.covariance(first, second, around)
    if told is not None:
        return Value(told)
    product = _linear("E", build.multiply(first, second), (), None)
    made = build.subtract(product, build.multiply(_linear("E", first, (), None), _linear("E", second, (), None)))
    elaborator.opaque = elaborator.opaque or _is_unknown(made)
    return Value(made)


NOTATION = Notation(
    words={
        "expectation": _expectation,
        **dict.fromkeys(("Var", "var"), _variance),
        **dict.fromkeys(("Cov", "cov"), _covariance),
    }
)
