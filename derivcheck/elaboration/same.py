"""Whether two expressions are written the same, and what they have in common apart from places where they differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derivcheck.reading.content import names_of
from derivcheck.reading.expression import KINDS, Bracketed, Choice, Expression, Product
from derivcheck.source import Span


def same(first: Expression, second: Expression) -> bool:
    """Whether two expressions agree in everything but where they stand."""
    return common(first, second, lambda one, other: None) is not None


def common(first: Expression, second: Expression, differ: Callable[[Expression, Expression], Expression | None]) -> Expression | None:
    """The first expression with every place where the second one differs put in by what ``differ`` says; None where it says None."""
    if isinstance(first, Choice):
        first = first.options[0][0]
    if isinstance(second, Choice):
        second = second.options[0][0]
    if type(first) is not type(second):
        if isinstance(first, Bracketed):
            return common(first.body, second, differ)
        if isinstance(second, Bracketed):
            return common(first, second.body, differ)
        return differ(first, second)
    changed = {}
    for slot in first.__slots__:
        mine, other = getattr(first, slot), getattr(second, slot)
        if isinstance(mine, Span) or slot in ("bold", "decimals"):
            continue
        if slot == "signs" and isinstance(second, Product):
            if list(map(_plain_sign, mine)) != list(map(_plain_sign, second.signs if names_of(second) else [_crossed(sign) for sign in second.signs])):
                return differ(first, second)
            continue
        made = _common_part(mine, other, differ)
        if made is _DIFFERENT:
            return differ(first, second)
        if made is not mine:
            changed[slot] = made
    return replace(first, **changed) if changed else first


_DIFFERENT = object()


def _plain_sign(sign: str) -> str:
    """The sign of a product; one that is left out, a star and a dot say the same."""
    return "" if sign in ("*", r"\cdot") else sign


def _crossed(sign: str) -> str:
    """The sign between two numbers: a cross says the same as well."""
    return "" if sign == r"\times" else sign


def _common_part(mine: object, other: object, differ: Callable[[Expression, Expression], Expression | None]) -> object:
    if type(mine) in KINDS and type(other) in KINDS:
        made = common(mine, other, differ)
        return _DIFFERENT if made is None else made
    if isinstance(mine, tuple) and isinstance(other, tuple):
        if len(mine) != len(other):
            return _DIFFERENT
        parts = [_common_part(one, two, differ) for one, two in zip(mine, other, strict=True)]
        if any(part is _DIFFERENT for part in parts):
            return _DIFFERENT
        return mine if all(part is one for part, one in zip(parts, mine, strict=True)) else tuple(parts)
    return mine if mine == other else _DIFFERENT
