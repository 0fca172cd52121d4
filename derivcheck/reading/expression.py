"""Expressions: what can be read. A tree whose doubts stay in it as ``Choice`` until types, facts or the check settle them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from fractions import Fraction
from itertools import islice
from typing import TypeGuard, get_args

from derivcheck.source import Span


@dataclass(frozen=True, slots=True)
class Literal:
    """A number. ``decimals`` counts the digits behind its decimal point."""

    value: Fraction
    span: Span
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    r"""A letter or word with what belongs to it: ``spelling`` (``x``, ``\hat{y}``, ``v_{\text{new}}``), indices below, sample labels above.

    ``x_{ij}`` has two indices, ``x^{(i)}`` one sample. Bold type is not part of the spelling; ``bold`` remembers it. ``primes`` are
    names or derivatives: which, is settled by what the name is.
    """

    spelling: str
    span: Span
    indices: tuple[Expression, ...] = ()
    samples: tuple[Expression, ...] = ()
    primes: int = 0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms with their signs: ``+``, ``-`` or ``±``."""

    terms: tuple[tuple[str, Expression], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Product:
    r"""Factors and the signs between them: an empty string for juxtaposition, ``\cdot``, ``\times``, ``*``, ``\odot``,
    ``\otimes``, ``\circ``.
    """

    factors: tuple[Expression, ...]
    signs: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Quotient:
    """``above`` divided by ``below``."""

    above: Expression
    below: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Power:
    """Something with an exponent: a power, an inverse."""

    body: Expression
    exponent: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Transpose:
    """Something transposed."""

    body: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Prime:
    """A derivative, or (in a document that says so) a transpose, written with primes behind a bracket or an expression."""

    body: Expression
    count: int
    span: Span


@dataclass(frozen=True, slots=True)
class Bracketed:
    """Something in brackets that were written: they matter for what is applied to what. ``whole`` is false where one bracket is missing."""

    body: Expression
    opening: str
    span: Span
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Listed:
    r"""Things listed in brackets: a vector, a point, the arguments of a function. ``Dots`` may be among them."""

    items: tuple[Expression, ...]
    opening: str
    span: Span


@dataclass(frozen=True, slots=True)
class Dots:
    """An ellipsis."""

    span: Span


@dataclass(frozen=True, slots=True)
class Gridded:
    """A matrix, written out."""

    rows: tuple[tuple[Expression, ...], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of an expression: ``(A B)_{ij}``, ``\\sigma(a)_i``."""

    body: Expression
    indices: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A function applied to arguments. ``below`` is a subscript of the function that is no label: a base, an index, a norm's kind.
    ``groups``: how many arguments stand before, between and behind semicolons and bars, where there are any.
    """

    function: Name
    arguments: tuple[Expression, ...]
    span: Span
    below: Expression | None = None
    groups: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Binder:
    r"""A big operator: ``operation`` is ``+ * max min argmax argmin``; each of ``variables`` is bound in the body and the condition."""

    operation: str
    variables: tuple[Name, ...]
    lower: Expression | None
    upper: Expression | None
    condition: Expression | None
    body: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Differential:
    """A derivative by each of ``by`` in turn (a variable differentiated by twice stands there twice). ``total``:
    written with a straight d.
    """

    body: Expression
    by: tuple[Expression, ...]
    total: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Infinitesimal:
    """A lone ``dx``: a differential, or in code shorthand the derivative of the loss by x."""

    of: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Gradient:
    """A gradient (``order`` 1) or Hessian (2) by ``by``, or by the argument of what is differentiated where ``by`` is None."""

    body: Expression
    by: Expression | None
    order: int
    span: Span


@dataclass(frozen=True, slots=True)
class Integration:
    """An integral over ``variable``; without limits an antiderivative, with ``region`` over a set or a whole space."""

    body: Expression
    variable: Expression
    lower: Expression | None
    upper: Expression | None
    span: Span


@dataclass(frozen=True, slots=True)
class Limiting:
    """A limit as ``variable`` tends to ``point`` from ``direction`` (``+``, ``-``, ``both``)."""

    body: Expression
    variable: Name
    point: Expression
    direction: str
    span: Span


@dataclass(frozen=True, slots=True)
class CaseWise:
    """A case distinction: values with their conditions; the condition None is the otherwise."""

    branches: tuple[tuple[Expression, Expression | None], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Comparison:
    """A relation inside a formula: in a condition, an indicator, a probability. ``sign`` as the parser spells it."""

    left: Expression
    sign: str
    right: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Together:
    """Conditions that hold together."""

    parts: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Modulus:
    r"""Something between bars: an absolute value, a determinant, a cardinality (``bars`` is ``|``), a norm (``\|``)."""

    body: Expression
    bars: str
    span: Span
    below: Expression | None = None


@dataclass(frozen=True, slots=True)
class Chance:
    """A probability or density: its name, the events or values before the bar and the conditions behind it."""

    function: Name
    events: tuple[Expression, ...]
    given: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class At:
    """Something evaluated where the given relations hold, as in ``|_{x=0}``; or the difference between two ends, ``[F]_a^b``."""

    body: Expression
    where: tuple[Expression, ...]
    ends: tuple[Expression, Expression] | None
    span: Span


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a place where mathematics was expected."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Choice:
    """A doubt: its options, most plausible first, each with its penalty, and what the doubt is about."""

    options: tuple[tuple[Expression, int], ...]
    about: str
    span: Span


@dataclass(frozen=True, slots=True)
class Unread:
    """Where reading gave up: what was expected and what was found."""

    expected: str
    found: str
    span: Span


Expression = (
    Literal | Name | Sum | Product | Quotient | Power | Transpose | Prime | Bracketed | Listed | Dots | Gridded | Entry | Call | Binder
    | Differential | Infinitesimal | Gradient | Integration | Limiting | CaseWise | Comparison | Together | Modulus | Chance | At | Phrase
    | Choice | Unread
)  # fmt: skip
ARITHMETIC = (Literal, Name, Sum, Product, Quotient, Power, Bracketed)
"""What names and numbers are made into by arithmetic."""


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside."""
    found: list[Expression] = []
    for slot in SLOTS[type(expression)]:
        _gather(getattr(expression, slot), found)
    return tuple(found)


# Whether something is an expression is looked up here: a check against so large a union takes long.
KINDS = frozenset(get_args(Expression))
# The slots of each kind that can hold expressions, by their annotations.
_PLAIN = frozenset(("str", "int", "bool", "Span", "Rational", "Fraction", "str | None", "tuple[str, ...]"))
SLOTS = {kind: tuple(one.name for one in fields(kind) if one.type not in _PLAIN) for kind in KINDS}
# The slots of each kind that hold nothing but names.
NAMED = {kind: frozenset(one.name for one in fields(kind) if one.type in ("Name", "tuple[Name, ...]")) for kind in KINDS}


def _gather(value: object, found: list[Expression]) -> None:
    if type(value) in KINDS:
        found.append(value)
    elif isinstance(value, tuple):
        for part in value:
            _gather(part, found)


MAX_DOUBT = 20_000
"""How many expressions the options of a doubt may hold together: doubts inside doubts double with every level."""


def doubted(options: tuple[tuple[Expression, int], ...], about: str, span: Span) -> Expression:
    """A doubt between options; the most plausible one alone where together they are too large to be weighed."""
    size = 0
    for option, _ in options:
        size += sum(1 for _ in islice(_each(option), MAX_DOUBT + 1))
        if size > MAX_DOUBT:
            return options[0][0]
    return Choice(options, about, span)


MAX_WALKED = 8_000
# What is inside an expression, by its identity: the same members are looked through by many. The expression is kept so
# that no other one takes its place.
_walked: dict[int, tuple[Expression, tuple[Expression, ...]]] = {}


def walk(expression: Expression) -> tuple[Expression, ...]:
    """Every expression inside, the expression itself first."""
    known = _walked.get(id(expression))
    if known is None:
        if len(_walked) >= MAX_WALKED:
            _walked.clear()
        known = _walked[id(expression)] = (expression, tuple(_each(expression)))
    return known[1]


def _each(expression: Expression) -> Iterator[Expression]:
    stack = [expression]
    while stack:
        at = stack.pop()
        yield at
        stack += reversed(children(at))


def is_plain(expression: Expression | None) -> TypeGuard[Name]:
    """Whether an expression is a name with nothing at it."""
    return isinstance(expression, Name) and not (expression.indices or expression.samples or expression.primes)
