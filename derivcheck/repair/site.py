"""Sites: the parts of a right side, how each enters what it stands in, and which letters are bound around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derivcheck.reading.edit import Path, parts
from derivcheck.reading.expression import (
    At,
    Binder,
    Bracketed,
    Call,
    CaseWise,
    Chance,
    Differential,
    Expression,
    Gradient,
    Integration,
    Limiting,
    Name,
    Power,
    Product,
    Quotient,
    Sum,
    walk,
)
from derivcheck.repair.row import Row


@dataclass(frozen=True, slots=True)
class Site:
    """A part of the right side. ``role`` says how it enters what it stands in; ``bound`` are the letters bound around it.

    ``have`` is its row and ``want`` the row with which the step would hold; None where that is not known.
    """

    path: Path
    expression: Expression
    role: str
    bound: frozenset[str] = frozenset()
    have: Row | None = None
    want: Row | None = None
    parent: Expression | None = None


def is_in_index(site: Site) -> bool:
    """Whether a part stands in an index of something."""
    return any(slot in ("indices", "samples") for slot, _, _ in site.path)


def insides_of(root: Expression) -> Iterator[Expression]:
    """The arguments of functions, the bases and exponents of powers, and what is below a fraction line."""
    for part in walk(root):
        match part:
            case Call() if len(part.arguments) == 1:
                yield part.arguments[0]
            case Power():
                yield from (part.body, part.exponent)
            case Quotient():
                yield part.below


def bound_by(expression: Expression) -> frozenset[str]:
    """The letters that an expression binds in what stands inside it; ``?`` where what stands inside has no value by itself."""
    match expression:
        case Binder():
            return frozenset(variable.spelling for variable in expression.variables) or frozenset("?")
        case Integration() | Limiting():
            return frozenset(part.spelling for part in (expression.variable,) if isinstance(part, Name)) or frozenset("?")
        case Differential() | Gradient() | At() | Name() | Chance():
            return frozenset("?")
    return frozenset()


def unbound(root: Expression, free: frozenset[str]) -> Iterator[Expression]:
    """The expressions inside that mention no letter bound around them, unless it is free in the step as well."""
    yield root
    if isinstance(root, Name):
        return
    inside = bound_by(root) - free
    for _, part in parts(root):
        if not (isinstance(root, Call) and part is root.function):
            yield from (one for one in unbound(part, free) if not inside or not _mentions(one, inside))


def _mentions(expression: Expression, letters: frozenset[str]) -> bool:
    return any(isinstance(part, Name) and part.spelling in letters for part in walk(expression))


def role_of(parent: Expression, step: tuple[str, int, int]) -> str:
    """How a part enters what it stands in."""
    match parent:
        case Sum():
            return "term"
        case Product():
            return "factor"
        case Quotient():
            return step[0]
        case Power():
            return "base" if step[0] == "body" else "exponent"
        case Call():
            return "function" if step[0] == "function" else "argument"
        case Name() | Chance():
            return "index"
        case Binder():
            return {"body": "body", "variables": "index"}.get(step[0], "bound")
        case Differential() | Gradient():
            return "by" if step[0] == "by" else "differentiated"
        case CaseWise():
            return "case" if step[2] == 0 else "condition"
        case Bracketed():
            return "bracketed"
    return "part"
