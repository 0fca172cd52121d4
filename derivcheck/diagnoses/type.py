r"""The two sides cannot be equal, because their shapes differ: a number and a vector, a matrix and its transpose.

Holds: $x^\top x = \sum_i x_i^2$. Does not: $x x^\top = \sum_i x_i^2$ for a vector $x$ of more than one entry.

Confirmed by the shapes that the document declares.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.expression import Expression

KINDS = {0: "a number", 1: "a vector", 2: "a matrix"}


def propose(bench: Workbench) -> Iterator[Repair]:
    shapes = bench.step.shapes
    assert shapes is not None
    left, right = (_said(shape) for shape in shapes)
    yield Repair(bench.step.right, 9.0, f"the left side is {left}, the right side {right}", bench.focus(bench.step.right))


def _said(shape: Sequence[object]) -> str:
    sizes = "×".join(map(str, shape))
    return KINDS.get(len(shape), "an array") + (f" of size {sizes}" if shape and "?" not in sizes else "")


def plant(right: Expression) -> Iterator[Expression]:
    yield from ()


DIAGNOSIS = Diagnosis("DC304", "type", "type", propose, plant)
