"""A notation: the words and forms that it reads, and what they mean; and the shelf of them gathered into tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from derivcheck.reading.expression import Call
from derivcheck.registry import load, names
from derivcheck.source import Span
from derivcheck.term.term import Term
from derivcheck.term.value import Value, pointwise

# The relations that a formula may hold inside, as the parser spells them, and their signs in terms.
RELATIONS = {"=": "=", ":=": "=", r"\equiv": "=", r"\ne": "≠", "<": "<", ">": ">", r"\le": "≤", r"\ge": "≥"}

# The penalty from which on a reading can only acquit to "undecided".
FAR_FETCHED = 10


class Unreadable(Exception):
    """An expression that cannot be understood: where, what was expected, what was found."""

    def __init__(self, span: Span, expected: str, found: str) -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.span = span
        self.expected = expected
        self.found = found


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What holds around an expression.

    ``bound``: letters that stand for a number here, such as the index of a sum. ``bindings``: the parameters of a function that is being
    applied. ``held``: names that are not unfolded, because something is differentiated by them; a member of a sequence with its place. ``samples``: the sample that names
    without one belong to. ``order`` and ``scope``: where in the document names are looked up; ``now``: the line that is being read.
    """

    order: int
    scope: tuple[int, ...]
    bound: Mapping[str, Term] = field(default_factory=dict)
    bindings: Mapping[str, Value] = field(default_factory=dict)
    held: frozenset[str | tuple[str, tuple[Term, ...]]] = frozenset()
    samples: tuple[Term, ...] = ()
    now: int = 0

    def binding(self, letters: Mapping[str, Term]) -> Surroundings:
        return replace(self, bound={**self.bound, **letters})

    def holding(self, names: frozenset[str | tuple[str, tuple[Term, ...]]]) -> Surroundings:
        return replace(self, held=self.held | names)


@dataclass(frozen=True, slots=True)
class Notation:
    """One notion of mathematical writing.

    ``words``: function words and their meaning, (elaborator, call, surroundings) -> value. ``forms``: kinds of expression and their
    meaning. ``constants``: spellings that mean something where the document does not define them, (elaborator, name, surroundings) ->
    value or None. ``functions``: spellings of functions that the document may leave undefined, such as the letter for the logistic.
    """

    words: Mapping[str, Callable] = field(default_factory=dict)
    forms: Mapping[type, Callable] = field(default_factory=dict)
    constants: Mapping[str, Callable] = field(default_factory=dict)
    functions: Mapping[str, Callable] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """Every notation's words, forms, constants and functions."""

    words: Mapping[str, Callable]
    forms: Mapping[type, Callable]
    constants: Mapping[str, Callable]
    functions: Mapping[str, Callable]


@cache
def table() -> Table:
    """The whole shelf, loaded once."""
    shelf = [load("notations", name) for name in names("notations")]
    parts = ("words", "forms", "constants", "functions")
    return Table(*({key: meaning for notation in shelf for key, meaning in getattr(notation, part).items()} for part in parts))


def arguments_of(elaborator, call: Call, around: Surroundings, count: int) -> list[Value]:
    """The values of a call's arguments. Errors: Unreadable where there are not so many."""
    if len(call.arguments) != count:
        raise Unreadable(call.span, f"{count} argument{'s' if count > 1 else ''} of {call.function.spelling}", str(len(call.arguments)))
    return [elaborator.value(argument, around) for argument in call.arguments]


def commutes(elaborator, *values: Value) -> bool:
    """Whether some values may be multiplied like numbers: none of them has letters whose products depend on the order."""
    letters = elaborator.knowledge.noncommuting
    return not letters or not all(value.rank < 2 and letters & value.body.names for value in values)


def pointwise_word(function: Callable[[Term], Term]) -> Callable:
    """The meaning of a function of one number, which acts on an array entry by entry."""

    def meaning(elaborator, call: Call, around: Surroundings) -> Value:
        (argument,) = arguments_of(elaborator, call, around, 1)
        return pointwise(elaborator.sizes, function, argument)

    return meaning
