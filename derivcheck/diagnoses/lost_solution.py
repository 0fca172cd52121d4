r"""What is said to solve an equation does not, or a solution of it is lost.

Holds: $x = 3$ for $2x - 6 = 0$. Does not: $x = \frac{1}{3}$.

Confirmed by putting the value into the equation that it should solve; the fix was put in as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.edit import reciprocal
from derivcheck.reading.expression import Expression, Name


def propose(bench: Workbench) -> Iterator[Repair]:
    if bench.step.posed is None or bench.step.is_series or not isinstance(bench.step.left, Name):
        return
    whole = bench.sites[0]
    shown = bench.shown(bench.step.left)
    new = reciprocal(whole.expression)
    yield from bench.repair(whole, new, 1.1, f"{shown} is upside down: {bench.shown(new)} solves the equation that was set up for it")
    message = f"{bench.shown(whole.expression)} does not solve the equation that was set up for {shown}"
    yield Repair(None, 4.5, message, bench.focus(bench.step.right), is_suspected=True)


def plant(right: Expression) -> Iterator[Expression]:
    # Whether a right side solves anything is not told by itself.
    yield from ()


DIAGNOSIS = Diagnosis("DC403", "lost-solution", "other", propose, plant)
