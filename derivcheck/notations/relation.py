"""Relations inside formulas, as conditions: ``x > 0``, ``i \\neq j``.

Holds: \\mathbb{1}(x > 0) = 1 - \\mathbb{1}(x \\le 0). Does not: \\mathbb{1}(x > 0) = \\mathbb{1}(x \\ge 0), at x = 0.
"""

from __future__ import annotations

from derivcheck.notation import RELATIONS, Notation, Surroundings, Unreadable
from derivcheck.reading.expression import Comparison, Together
from derivcheck.term import build
from derivcheck.term.value import Value, pointwise


def _comparison(elaborator, expression: Comparison, around: Surroundings) -> Value:
    sign = RELATIONS.get(expression.sign)
    if sign is None:
        raise Unreadable(expression.span, "a relation that is known", expression.sign)
    left, right = elaborator.counted(expression.left, around, expression.right), elaborator.counted(expression.right, around, expression.left)
    if sign in ("=", "≠"):
        _count_alike(elaborator, left, right)
    return pointwise(elaborator.sizes, lambda first, second: build.relation(sign, first, second), left, right)


def _count_alike(elaborator, left: Value, right: Value) -> None:
    """Two indices that may be equal run through the same axis, where nothing says otherwise."""
    sizes = [elaborator.range_of(side.body) if side.is_number else None for side in (left, right)]
    if sizes[0] is not None and sizes[1] is not None:
        elaborator.sizes.unify(*sizes)


def _together(elaborator, expression: Together, around: Surroundings) -> Value:
    parts = [elaborator.value(part, around) for part in expression.parts]
    return pointwise(elaborator.sizes, lambda *conditions: build.all_of(conditions), *parts)


NOTATION = Notation(forms={Comparison: _comparison, Together: _together})
