"""Determinants and inverses of small matrices of nodes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from derivcheck.decision.graph import Graph
from derivcheck.decision.node import Grows, Node

MAX_EXPONENT = 64


def minor(graph: Graph, rows: Sequence[Sequence[Node]], chosen: tuple[int, ...], columns: tuple[int, ...]) -> Node:
    """The determinant of a submatrix, built up row by row over sets of columns, so that minors are shared."""
    best: dict[tuple[int, ...], Node] = {(): graph.one}
    for depth in range(1, len(chosen) + 1):
        row = rows[chosen[-depth]]
        step = {}
        for subset in combinations(columns, depth):
            terms = []
            for place, column in enumerate(subset):
                rest = subset[:place] + subset[place + 1 :]
                sign = graph.minus_one if place % 2 else graph.one
                terms.append(graph.multiply((sign, row[column], best[rest])))
            step[subset] = graph.add(terms)
        best = step
    return best[tuple(columns)]


def determinant(graph: Graph, rows: Sequence[Sequence[Node]]) -> Node:
    whole = tuple(range(len(rows)))
    return minor(graph, rows, whole, whole)


def entry_of_inverse(graph: Graph, rows: Sequence[Sequence[Node]], i: int, j: int) -> Node:
    """One entry of the inverse: a cofactor by the determinant."""
    whole = range(len(rows))
    cofactor = minor(graph, rows, tuple(k for k in whole if k != j), tuple(k for k in whole if k != i))
    signed = cofactor if (i + j) % 2 == 0 else graph.multiply((graph.minus_one, cofactor))
    return graph.divide(signed, determinant(graph, rows))


def inverse(graph: Graph, rows: Sequence[Sequence[Node]]) -> list[list[Node]]:
    whole = range(len(rows))
    return [[entry_of_inverse(graph, rows, i, j) for j in whole] for i in whole]


def matrix_power(graph: Graph, rows: Sequence[Sequence[Node]], exponent: int) -> list[list[Node]]:
    """A power with a whole exponent, by squares. Errors: Grows where it is too large."""
    if abs(exponent) > MAX_EXPONENT:
        raise Grows("a power of a matrix with a large exponent")
    base = inverse(graph, rows) if exponent < 0 else [list(row) for row in rows]
    made = [[graph.one if i == j else graph.zero for j in range(len(rows))] for i in range(len(rows))]
    for digit in f"{abs(exponent):b}":
        made = matrix_product(graph, made, made)
        made = matrix_product(graph, made, base) if digit == "1" else made
    return made


def matrix_product(graph: Graph, left: Sequence[Sequence[Node]], right: Sequence[Sequence[Node]]) -> list[list[Node]]:
    return [[graph.add([graph.multiply((entry, right[k][j])) for k, entry in enumerate(row)]) for j in range(len(right[0]))] for row in left]


def transposed(rows: Sequence[Sequence[Node]]) -> list[list[Node]]:
    return [list(column) for column in zip(*rows, strict=True)]
