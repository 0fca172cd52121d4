"""Case distinctions.

Holds: |x| = x for x > 0 and -x otherwise. Does not: |x| = x for x < 0 and -x otherwise.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings, Unreadable
from derivcheck.reading.expression import CaseWise, Comparison
from derivcheck.term import build
from derivcheck.term.value import Value, pointwise


def _cases(elaborator, expression: CaseWise, around: Surroundings) -> Value:
    values, conditions = [], []
    otherwise: Value | None = None
    for value, condition in expression.branches:
        if isinstance(value, Comparison):
            raise Unreadable(value.span, "a value", "a relation")
        made = elaborator.value(value, around)
        if condition is None:
            otherwise = made
            continue
        values.append(made)
        conditions.append(elaborator.number(condition, around))
    last = otherwise if otherwise is not None else Value(build.UNDEFINED)

    def choose(*bodies):
        return build.cases(list(zip(conditions, bodies[:-1], strict=True)), bodies[-1])

    return pointwise(elaborator.sizes, choose, *values, last)


NOTATION = Notation(forms={CaseWise: _cases})
