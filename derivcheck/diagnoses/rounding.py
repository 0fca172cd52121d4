r"""A decimal number is cut off or rounded the wrong way: its last digit is not that of the value.

Holds: $\frac{2}{3} = 0.67$. Does not: $\frac{2}{3} = 0.66$.

Confirmed by the value itself: it has more digits than are shown, and it is nearer to another number of so many digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.edit import literal, put, rational
from derivcheck.reading.expression import Expression, Literal, Sum
from derivcheck.repair.number import decimals_of, single
from derivcheck.source import NOWHERE


def propose(bench: Workbench) -> Iterator[Repair]:
    whole = bench.sites[0]
    shown, value = rational(whole.expression), single(whole.want)
    digits = decimals_of(whole.expression)
    if shown is None or value is None or not digits:
        return
    unit = 10.0**-digits
    rounded = Fraction(round(value / unit), 10**digits)
    if abs(value - float(shown)) < 1.5 * unit and abs(value - float(rounded)) > 1e-9 * unit and rounded != shown:
        new = literal(rounded, digits)
        message = f"with {digits} {'digits' if digits > 1 else 'digit'} behind the point the value is {bench.shown(new)}, not {bench.shown(whole.expression)}"
        yield Repair(new, 0.84, message, bench.focus(whole.expression), is_sure=True, is_checked=True)


def plant(right: Expression) -> Iterator[Expression]:
    inner = right.terms[0][1] if isinstance(right, Sum) and len(right.terms) == 1 else right
    if isinstance(inner, Literal) and inner.decimals:
        for step in (-1, 1):
            new = Literal(Fraction(inner.value) + Fraction(step, 10**inner.decimals), NOWHERE, inner.decimals)
            yield put(right, (("terms", 0, 1),), new) if inner is not right else new


DIAGNOSIS = Diagnosis("DC405", "rounding", "other", propose, plant)
