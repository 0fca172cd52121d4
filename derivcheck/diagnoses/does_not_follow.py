r"""A step that is wrong, and no small edit of its right side makes it true.

Holds: $(x + 1)^2 = x^2 + 2x + 1$. Does not: $(x + 1)^2 = 7x$.

Confirmed by the values at which the two sides differ, computed once more with many digits.
"""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.expression import Expression


def propose(bench: Workbench) -> Iterator[Repair]:
    if bench.step.sign in ("=", ":=", r"\equiv", r"\approx", r"\simeq"):
        message = "the two sides differ at the values shown" if bench.step.values else "the two sides differ"
    else:
        message = "the relation fails at the values shown" if bench.step.values else "the relation fails"
    yield Repair(bench.step.right, 9.0, message, bench.focus(bench.step.right))


def plant(right: Expression) -> Iterator[Expression]:
    yield from ()


DIAGNOSIS = Diagnosis("DC401", "does-not-follow", "other", propose, plant)
