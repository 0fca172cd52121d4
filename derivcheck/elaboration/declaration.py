"""Memberships as declarations: ``x \\in \\mathbb{R}^d``, ``y_i \\in \\{0, 1\\}``, ``p \\in (0, 1)``."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derivcheck.reading.content import number
from derivcheck.reading.expression import Bracketed, Expression, Listed, Name, Power, Product, walk
from derivcheck.term.type import INTEGER, NATURAL, REAL, Domain

_SETS = {
    r"\mathbb{R}": REAL,
    "R": REAL,
    r"\R": REAL,
    r"\mathbb{N}": NATURAL,
    "N": NATURAL,
    r"\mathbb{Z}": INTEGER,
    r"\mathbb{Q}": REAL,
    r"\Re": REAL,
    r"\mathbf{R}": REAL,
}


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a membership says of a name: the sizes of its axes (as written) and the set that its entries come from."""

    name: Name
    sizes: tuple[Expression, ...] | None
    domain: Domain


def declarations(left: Expression, right: Expression) -> list[Declaration]:
    """What ``left \\in right`` declares; nothing where the set is not understood."""
    names = [part for part in (left.items if isinstance(left, Listed) else (left,)) if isinstance(part, Name)]
    meant = set_of(right)
    return [] if meant is None else [Declaration(name, *meant) for name in names]


def set_of(expression: Expression) -> tuple[tuple[Expression, ...] | None, Domain] | None:
    """The sizes and the entries' domain that a set has; None where it is not one that is known."""
    match expression:
        case Name() if expression.spelling in _SETS and not expression.samples:
            return (), _SETS[expression.spelling]
        case Power() if isinstance(expression.body, Name) and expression.body.spelling in _SETS:
            if _is_sign(expression.exponent):
                return (), Domain(lower=Fraction(0), integer=_SETS[expression.body.spelling].integer)
            return _axes(expression.exponent), _SETS[expression.body.spelling]
        case Bracketed() | Listed():
            return _listed_set(expression)
    return None


def _is_sign(exponent: Expression) -> bool:
    return isinstance(exponent, Name) and exponent.spelling == "+"


def _axes(exponent: Expression) -> tuple[Expression, ...]:
    if isinstance(exponent, Product) and all(sign in (r"\times", "*", "") for sign in exponent.signs) and r"\times" in exponent.signs:
        return exponent.factors
    if isinstance(exponent, Bracketed):
        return _axes(exponent.body)
    return (exponent,)


def _listed_set(expression: Bracketed | Listed) -> tuple[None, Domain] | None:
    items = expression.items if isinstance(expression, Listed) else (expression.body,)
    values = [number(item) for item in items]
    if any(value is None for value in values):
        return None
    known = [value for value in values if value is not None]
    if expression.opening == r"\{":
        return None, Domain(values=tuple(sorted(known)))
    if len(known) == 2:
        return None, Domain(known[0], known[1], open=expression.opening == "(")
    return None


def size_names(expression: Expression) -> set[str]:
    """The names that stand for sizes in the exponent of a set."""
    meant = set_of(expression)
    if meant is None or meant[0] is None:
        return set()
    return {part.spelling for size in meant[0] for part in walk(size) if isinstance(part, Name) and not part.indices}
