"""Left sides that can be defined, and what a right side tells of its left one."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.derivation.unknown import FUNCTIONALS
from derivcheck.elaboration.head import Head, head_of
from derivcheck.reading.content import number
from derivcheck.reading.custom import CONSTANTS
from derivcheck.reading.entropy import is_entropy
from derivcheck.reading.expression import (
    Bracketed,
    Call,
    Dots,
    Expression,
    Gridded,
    Infinitesimal,
    Listed,
    Literal,
    Name,
    Power,
    Product,
    Quotient,
    Sum,
    Transpose,
    walk,
)

STARS = ("^{*}", r"^{\star}")
ESTIMATES = tuple(rf"{place}{{\mathrm{{{label}}}}}" for place in "_^" for label in ("MLE", "ML", "MAP"))
ELEMENTARY = frozenset("log ln exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh sqrt".split())
# Functions that have one meaning everywhere: an equation for one of them is a claim.
FIXED = FUNCTIONALS | ELEMENTARY | frozenset("max min det tr Tr trace rank diag div curl rot laplacian directional".split())
LOGARITHMS = frozenset(("log", "ln", "Log", "Ln"))


def is_numeric(right: Expression, constants: frozenset[str] = frozenset()) -> bool:
    """Whether a right side is made of numbers alone, and of the names of some ``constants``."""
    return all((isinstance(part, Name) and part.spelling in constants) or isinstance(part, Literal | Sum | Product | Quotient | Power | Bracketed | Listed | Gridded | Transpose) for part in walk(right))


def undecorated(spelling: str) -> str | None:
    """The letter below a hat or before a star: what a solution solves for."""
    marks = (*STARS, *ESTIMATES, r"^{\mathrm{opt}}")
    base = next((spelling.removesuffix(mark) for mark in marks if spelling.endswith(mark)), spelling)
    if base.startswith((r"\hat{", r"\tilde{")) and base.endswith("}"):
        base = base[base.index("{") + 1 : -1]
    return base if base != spelling else None


def is_optimum(spelling: str) -> bool:
    """Whether a name says by itself that it is a solution: ``w^*``."""
    return spelling.endswith(STARS) and undecorated(spelling) is not None


def definable(left: Expression, constants: frozenset[str] = CONSTANTS) -> Head | None:
    """The head of a left side that could be defined; None for what can only be computed. ``constants``: letters that are numbers, as arguments too."""
    if isinstance(left, Quotient):
        return definable(left.below) if number(left.above) == 1 and isinstance(left.below, Name | Power) else None
    if isinstance(left, Power):
        whole = isinstance(left.exponent, Literal) and left.exponent.value.denominator == 1 and left.exponent.value > 1
        return head_of(left.body) if whole and isinstance(left.body, Name) else None
    if isinstance(left, Infinitesimal) or is_entropy(left):
        return None
    head = head_of(left)
    if head is None:
        return None
    if head.arguments is not None and (head.spelling in FIXED or not _are_parameters(left, constants)):
        return None
    if head.spelling in ("Ans", r"\mathrm{Ans}"):
        return None
    return head


def solved_for(left: Expression, right: Expression) -> Expression:
    """What a right side makes of the name in a left side that is a power or a reciprocal of it."""
    if isinstance(left, Quotient):
        return solved_for(left.below, Quotient(Literal(Fraction(1), right.span), right, right.span))
    return Power(right, Quotient(Literal(Fraction(1), right.span), left.exponent, right.span), right.span) if isinstance(left, Power) else right


def logged(left: Expression) -> Expression | None:
    """What a natural logarithm is taken of: an equation for it tells of that as well."""
    is_log = isinstance(left, Call) and left.function.spelling in LOGARITHMS and left.below is None and len(left.arguments) == 1
    return left.arguments[0] if is_log else None


def _are_parameters(left: Expression, constants: frozenset[str]) -> bool:
    """Whether the arguments of a left side can be parameters: names, or numbers beside names."""
    call = left
    while hasattr(call, "body"):
        call = call.body
    arguments = call.arguments if isinstance(call, Call) else getattr(call, "events", ()) + getattr(call, "given", ())
    if isinstance(call, Call):
        if arguments and all(isinstance(argument, Name) and argument.spelling in constants for argument in arguments):
            return False
        return all(isinstance(argument, Name | Dots) or _is_squared(argument) for argument in arguments) and len(arguments) > 0
    return True


def _is_squared(argument: Expression) -> bool:
    return isinstance(argument, Power) and isinstance(argument.body, Name)
