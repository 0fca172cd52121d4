r"""The Jacobian of a softmax is written down wrongly: without its delta, on the diagonal only, with another index or sign.

Holds: $\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j)$ for the softmax $p$ of $z$. Does not: $p_i (1 - p_i)$.

Confirmed by deciding the step with the Jacobian itself; what was written is one of the forms that it is known to be taken for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.edit import ONE, everywhere, factors, letters, product_of, put, renamed, signature, sum_of, terms
from derivcheck.reading.expression import Bracketed, Call, Differential, Entry, Expression, Name, Product, walk
from derivcheck.repair.row import alike
from derivcheck.source import NOWHERE

SOFTMAX = ("softmax", r"\mathrm{softmax}")


@dataclass(frozen=True, slots=True)
class Jacobian:
    """The Jacobian of a softmax: its entry, the one that it is differentiated by, and the delta of the two."""

    mine: Expression
    other: Expression
    delta: Expression

    @property
    def right(self) -> Expression:
        return self.times(self.mine, ("+", self.delta), ("-", self.other))

    @staticmethod
    def times(factor: Expression, *inside: tuple[str, Expression]) -> Expression:
        return product_of(factor, Bracketed(sum_of(*inside), "(", NOWHERE))

    def slips(self) -> Iterator[tuple[Expression, str, str]]:
        """What it is taken for, with the kind of slip and what is said of it."""
        mine, other, delta = self.mine, self.other, self.delta
        alone = "it is the diagonal alone"
        yield self.times(mine, ("+", ONE), ("-", other)), "kronecker-delta", "the delta is missing"
        yield self.times(mine, ("+", ONE), ("-", mine)), "kronecker-delta", alone
        yield product_of(mine, Bracketed(sum_of(("+", ONE), ("-", mine)), "(", NOWHERE), delta), "kronecker-delta", alone
        yield sum_of(("-", product_of(mine, other))), "kronecker-delta", "it holds only off the diagonal"
        yield self.times(mine, ("+", delta), ("-", mine)), "index", "an index is wrong"
        yield self.times(other, ("+", delta), ("-", other)), "index", "an index is wrong"
        yield self.times(mine, ("+", other), ("-", delta)), "sign", "the difference is the wrong way round"
        yield self.times(mine, ("+", delta), ("+", other)), "sign", "the sign inside is wrong"


def propose(bench: Workbench) -> Iterator[Repair]:
    for jacobian in _jacobians(bench):
        right, said = bench.step.right, bench.shown(jacobian.right)
        for wrong, error, message in jacobian.slips():
            row = bench.row(wrong) if bench.right_row is not None else None
            is_said = signature(wrong) == signature(right)
            if is_said or (row is not None and alike(row, bench.right_row) and bench.agrees(jacobian.right)):  # type: ignore[arg-type]
                message = f"{message}: the Jacobian of a softmax is {said}"
                yield Repair(jacobian.right, 0.92, message, bench.focus(right), is_sure=True, error=error)
                if is_said and _is_called_softmax(jacobian.mine):
                    yield Repair(None, 0.93, message, bench.focus(right), is_checked=True, error=error)
                return


def _is_called_softmax(expression: Expression) -> bool:
    return any(isinstance(part, Call) and part.function.spelling in SOFTMAX for part in walk(expression))


def _jacobians(bench: Workbench) -> Iterator[Jacobian]:
    """The Jacobian as it is for a softmax, where the left side differentiates one indexed quantity by another."""
    left = bench.step.left
    if not isinstance(left, Differential) or len(left.by) != 1 or not isinstance(left.by[0], Name) or not isinstance(left.body, Name | Call | Entry):
        return
    mine, others = letters(left.body), letters(left.by[0])
    if len(mine) == 1 and len(others) == 1 and mine != others:
        delta = Name(r"\delta", NOWHERE, (Name(mine[0], NOWHERE), Name(others[0], NOWHERE)))
        for part in everywhere(bench.step.right):
            inner = part.expression
            if isinstance(inner, Name) and inner.spelling == r"\delta" and sorted(letters(inner)) == sorted([*mine, *others]):
                delta = inner
        yield Jacobian(left.body, renamed(left.body, mine[0], others[0]), delta)


def plant(right: Expression) -> Iterator[Expression]:
    for part in everywhere(right):
        product = part.expression
        if not isinstance(product, Product) or len(factors(product)) != 2 or not isinstance(product.factors[1], Bracketed):
            continue
        inside = terms(product.factors[1].body)
        if len(inside) == 2 and isinstance(inside[0][1], Name) and inside[0][1].spelling == r"\delta" and inside[1][0] == "-":
            jacobian = Jacobian(product.factors[0], inside[1][1], inside[0][1])
            yield from (put(right, part.path, wrong) for wrong, kind, _ in jacobian.slips() if kind == "kronecker-delta")


DIAGNOSIS = Diagnosis("DC203", "softmax-jacobian", "kronecker-delta", propose, plant)
