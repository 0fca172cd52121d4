r"""An inequality points the wrong way.

Holds: $(a - b)^2 \ge 0$. Does not: $(a - b)^2 \le 0$.

Confirmed by turning the sign round and deciding the step again.
"""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.expression import Expression
from derivcheck.repair.refutation import INEQUALITIES


def propose(bench: Workbench) -> Iterator[Repair]:
    wanted = INEQUALITIES.get(bench.step.sign)
    if wanted is not None and bench.step.holds(bench.step.right, bench.step.left):
        yield Repair(None, 3.5, f"it holds the other way round: {wanted} should stand here", is_suspected=True)


def plant(right: Expression) -> Iterator[Expression]:
    # The sign stands before the right side, not in it.
    yield from ()


DIAGNOSIS = Diagnosis("DC402", "flipped-inequality", "other", propose, plant)
