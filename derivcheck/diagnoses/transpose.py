r"""A matrix should be transposed, or should not, or two factors stand in the wrong order.

Holds: $\nabla_x \|A x - b\|^2 = 2 A^\top (A x - b)$. Does not: $2 A (A x - b)$.

Confirmed by transposing one factor at a time, exchanging two, and deciding the step again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.edit import everywhere, put, transposed
from derivcheck.reading.expression import Bracketed, Differential, Expression, Gradient, Name, Product, Transpose
from derivcheck.repair.site import Site
from derivcheck.source import NOWHERE

ARRAYS = (Name, Transpose, Bracketed, Differential, Gradient)
PLACES = ("whole", "factor", "term", "base", "bracketed", "body", "argument", "part")


def propose(bench: Workbench) -> Iterator[Repair]:
    for site in bench.sites:
        if site.role in PLACES and isinstance(site.expression, ARRAYS) and _is_array(bench, site.expression):
            wanted = "should not be transposed" if isinstance(site.expression, Transpose) else "should be transposed"
            shown = site.expression.body if isinstance(site.expression, Transpose) else site.expression
            message = f"{bench.shown(shown)} {wanted}"
            yield from bench.repair(site, transposed(site.expression), 1.35, message)
            yield from _fitting(bench, site, message)
        if site.role == "whole" and isinstance(site.expression, Product) and _lies_down(bench):
            message = f"{bench.shown(site.expression)} should be transposed"
            yield from bench.repair(site, _turned(site.expression), 1.2, message)
        if isinstance(site.expression, Product):
            yield from _exchanged(bench, site, site.expression)


def _fitting(bench: Workbench, site: Site, message: str) -> Iterator[Repair]:
    """Where shapes refute a step: what makes them fit is likely meant, even where its values are beyond the bench."""
    new = bench.whole(site, transposed(site.expression))
    if bench.step.shapes is not None and bench.step.reread.relate(bench.step.left, new) is not None:
        yield Repair(None, 1.35, f"{message}, or the shapes do not fit", bench.focus(site.expression), is_suspected=True)


def _lies_down(bench: Workbench) -> bool:
    """Whether shapes refute a step because they are those of a matrix and of its transpose."""
    shapes = bench.step.shapes
    return shapes is not None and len(shapes[0]) == 2 and shapes[0] == shapes[1][::-1]


def _turned(product: Product) -> Product:
    """The transpose of a product: its factors transposed, in the other order."""
    return replace(product, factors=tuple(transposed(factor) for factor in reversed(product.factors)), signs=product.signs[::-1], span=NOWHERE)


def _is_array(bench: Workbench, expression: Expression) -> bool:
    return bool(bench.rank(expression))


def _exchanged(bench: Workbench, site: Site, expression: Product) -> Iterator[Repair]:
    """Two neighbouring arrays in the other order."""
    for place in range(len(expression.factors) - 1):
        first, second = expression.factors[place : place + 2]
        if _is_array(bench, first) and _is_array(bench, second):
            new = replace(expression, factors=(*expression.factors[:place], second, first, *expression.factors[place + 2 :]), span=NOWHERE)
            yield from bench.repair(site, new, 1.5, f"the order is wrong: {bench.shown(second)} should stand before {bench.shown(first)}")


def plant(right: Expression) -> Iterator[Expression]:
    for part in everywhere(right):
        if isinstance(part.expression, Transpose):
            yield put(right, part.path, part.expression.body)


DIAGNOSIS = Diagnosis("DC303", "transpose", "transpose", propose, plant)
