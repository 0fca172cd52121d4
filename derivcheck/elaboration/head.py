"""The left side of a definition, or a use of a name: what it is called, and whether the one can serve the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from derivcheck.elaboration.same import same
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import (
    Bracketed,
    Call,
    Chance,
    Comparison,
    Entry,
    Expression,
    Listed,
    Literal,
    Name,
    Phrase,
    Power,
    Sum,
    is_plain,
)


@dataclass(frozen=True, slots=True)
class Head:
    """The left side of a definition, or a use of a name: its letters, indices, samples and (for a function) arguments.

    ``result`` are indices behind the arguments, as in ``\\sigma(a)_i``.
    """

    spelling: str
    indices: tuple[Expression, ...] = ()
    samples: tuple[Expression, ...] = ()
    arguments: tuple[Expression, ...] | None = None
    result: tuple[Expression, ...] = ()
    primes: int = 0


def is_labelled_otherwise(head: Head, right: Expression, use: Head) -> bool:
    """Whether a definition has a letter below that its right side has nothing of, and a use another one there: ``p_t = \\sigma(s)`` beside ``p_c``.

    The letter may be a label then.
    """
    if len(head.indices) != 1 or len(use.indices) != 1 or not is_plain(head.indices[0]) or not is_plain(use.indices[0]):
        return False
    letter = head.indices[0].spelling
    return letter != use.indices[0].spelling and letter not in names_of(right)


def exactness(head: Head, use: Head) -> int:
    """How closely a definition's head fits a use: the same number of indices, the same literal indices, called or not.

    A function may be meant where its argument is left out.
    """
    is_called = (head.arguments is None) == (use.arguments is None) or (use.arguments is None and all(map(is_plain, head.arguments or ())))
    points = 2 * (len(head.indices) == len(use.indices)) + is_called
    return points + sum(
        isinstance(one, Literal) and isinstance(other, Literal) for one, other in zip(head.indices, use.indices, strict=False)
    )


def fits(head: Head, use: Head) -> bool:
    """Whether a definition can serve a use."""
    if head.primes != use.primes:
        return False
    if head.arguments is not None and use.arguments is not None and len(head.arguments) != len(use.arguments):
        return False
    if "#" in head.spelling and not _same_events(head, use):
        return False
    if head.arguments is not None and use.arguments is not None and not _repeats(head.arguments, use.arguments):
        return False
    if head.samples and not use.samples and len(use.indices) == len(head.indices) and use.arguments is not None:
        return False
    if len(head.samples) == len(use.samples) and not all(map(index_fits, head.samples, use.samples)):
        return False
    if len(head.indices) == len(use.indices):
        return all(index_fits(one, other) for one, other in zip(head.indices, use.indices, strict=True))
    if any(isinstance(index, Literal) for index in head.indices):
        return False
    return not head.indices or not use.indices


def is_about(head: Head, right: Expression, use: Head) -> bool:
    """Whether a definition tells of a use: one that has none of its parameters is about those things alone, as in ``H(X) = 2``, and not about other names."""
    pairs = list(zip(head.arguments or (), use.arguments or (), strict=False))
    if not any(isinstance(one, Name) and isinstance(other, Name) and _is_another(one, other) for one, other in pairs):
        return True
    return not names_of(*(one for one, _ in pairs)).isdisjoint(names_of(right))


def _is_another(one: Name, other: Name) -> bool:
    """Whether two names are not the same, nor one a member of the family that the other one is."""
    return one.spelling != other.spelling or (len(one.indices) == len(other.indices) and not all(map(index_fits, one.indices, other.indices)))


def _repeats(parameters: Sequence[Expression], arguments: Sequence[Expression]) -> bool:
    """Whether arguments are the same wherever parameters are: ``D(p, p)`` tells nothing of ``D(p, q)``."""
    first: dict[str, Expression] = {}
    return all(same(first.setdefault(one.spelling, argument), argument) for one, argument in zip(parameters, arguments, strict=True) if is_plain(one))


def _same_events(head: Head, use: Head) -> bool:
    """Whether probabilities are of the same variables: p(x|c) tells nothing of p(c|x), nor does p(x|c_1) of p(x|c_k)."""
    for mine, other in zip(head.arguments or (), use.arguments or (), strict=False):
        if not isinstance(mine, Name) or not isinstance(other, Name):
            continue
        is_numbered = len(mine.indices) == len(other.indices) and any(isinstance(index, Literal) for index in mine.indices)
        if mine.spelling != other.spelling or (is_numbered and not all(map(index_fits, mine.indices, other.indices))):
            return False
    return True


def index_fits(pattern: Expression, index: Expression) -> bool:
    """Whether an index of a head covers an index of a use: a letter covers all, ``k + 1`` covers numbers from 1, a number itself."""
    if isinstance(pattern, Name) and not pattern.indices:
        return True
    if isinstance(pattern, Literal):
        return isinstance(index, Literal) and index.value == pattern.value
    if isinstance(pattern, Sum):
        return index.value >= _offset(pattern) if isinstance(index, Literal) else same(pattern, index)
    return same(pattern, index)


def _offset(pattern: Sum) -> Fraction:
    """What is added to the letter of an index: 1 in ``k + 1``."""
    return sum((term.value if sign == "+" else -term.value for sign, term in pattern.terms if isinstance(term, Literal)), Fraction(0))


def head_of(expression: Expression) -> Head | None:
    """The head that a left side is; None where it is no name or application that could be defined."""
    match expression:
        case Name():
            return Head(expression.spelling, expression.indices, expression.samples, primes=expression.primes)
        case Call() if expression.below is None:
            function = expression.function
            return Head(function.spelling, function.indices, function.samples, expression.arguments, primes=function.primes)
        case Chance():
            spelling, arguments = chance_key(expression)
            return Head(spelling, (), expression.function.samples, arguments)
        case Entry() if isinstance(expression.body, Call | Name):
            inner = head_of(expression.body)
            if inner is not None and not inner.result:
                return Head(inner.spelling, inner.indices, inner.samples, inner.arguments, expression.indices)
        case Bracketed() if expression.opening == "(" and isinstance(expression.body, Name):
            return head_of(expression.body)
    return None


def chance_key(chance: Chance) -> tuple[str, tuple[Expression, ...]]:
    """One spelling for a probability or density, with ``#`` for what varies, and what varies.

    ``P(y=1|x)`` is ``P(y=1|#)`` of x; ``P(y=j|x)`` is ``P(y=#|#)`` of j and x. Capitals and words name events.
    """
    arguments: list[Expression] = []
    before = ",".join(event_key(event, arguments) for event in chance.events)
    behind = ",".join(event_key(event, arguments) for event in chance.given)
    below = f"[{len(chance.function.indices)}]" if chance.function.indices else ""
    return f"{chance.function.spelling}{below}({before}|{behind})" if behind else f"{chance.function.spelling}{below}({before})", tuple(
        arguments
    )


def event_key(event: Expression, arguments: list[Expression]) -> str:
    match event:
        case Phrase():
            return event.text
        case Comparison():
            left = event_key(event.left, []) if isinstance(event.left, Name) else "?"
            if isinstance(event.left, Name) and (event.left.indices or event.left.samples):
                left = event.left.spelling
            if isinstance(event.right, Literal):
                return f"{_variable(event.left) or left}{event.sign}{event.right.value}"
            arguments.append(event.right)
            return f"{_variable(event.left) or left}{event.sign}#"
        case Name() if is_event(event):
            return event.spelling + "".join(event_key(index, []) for index in event.indices)
        case Power() if isinstance(event.body, Name) and is_event(event.body):
            return f"{event.body.spelling}^{event_key(event.exponent, [])}"
        case Listed():
            return ",".join(event_key(item, arguments) for item in event.items)
    arguments.append(event)
    return "#"


def _variable(expression: Expression) -> str | None:
    return expression.spelling if isinstance(expression, Name) else None


def is_event(name: Name) -> bool:
    """Whether a name inside a probability is an event or random variable rather than a value: a capital, or several letters."""
    letter = name.spelling.removeprefix("\\").removeprefix("mathrm{").removeprefix("mathcal{")
    return letter[:1].isupper() and not name.samples and not name.indices
