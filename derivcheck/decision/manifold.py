"""Matrices that hypotheses make orthogonal or idempotent, written in free numbers: all entries at once, where one at a time cannot be solved for.

An orthogonal matrix is a diagonal one of signs times a Cayley transform (Golub and Van Loan, Matrix Computations, 2.5), but for a set without
volume; an idempotent one is diagonal with zeros and ones in some basis, a symmetric one in an orthonormal basis.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from derivcheck.decision.graph import Graph
from derivcheck.decision.minor import entry_of_inverse, inverse, matrix_product, transposed
from derivcheck.decision.node import Node, atoms_of
from derivcheck.term.type import BIT, Domain

HIDDEN = "~"
SIGN = Domain(values=(Fraction(-1), Fraction(1)))

Matrix = list[list[Node]]
Group = tuple[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Parametrised:
    """A matrix whose entries are solved for: what they equal, where the free atoms lie, and the premises that say no more than that."""

    solved: dict[Node, Node]
    domains: dict[Node, Domain]
    used: frozenset[Node]


def parametrised(graph: Graph, premises: Sequence[Node]) -> Iterator[Parametrised | None]:
    """The matrices that the premises make orthogonal or idempotent; None for one with more orthonormal columns than entries in each."""
    said = {premise for premise in premises if premise.op == "="}
    for group, matrix in _matrices(said):
        made = _orthogonal(graph, said, group, matrix) or _idempotent(graph, said, group, matrix)
        if made is not None:
            yield made if made.solved else None


def _matrices(said: Iterable[Node]) -> Iterator[tuple[Group, Matrix]]:
    """The families of atoms that fill a rectangle with their last two indices."""
    groups: dict[Group, dict[tuple[int, int], Node]] = {}
    for atom in atoms_of(said):
        if atom.op == "atom" and len(atom.value[1]) >= 2 and not atom.value[0].startswith(HIDDEN):
            name, indices = atom.value
            groups.setdefault((name, indices[:-2]), {})[indices[-2:]] = atom
    for group, entries in groups.items():
        height, width = (max(place[axis] for place in entries) for axis in (0, 1))
        if len(entries) == height * width and min(min(place) for place in entries) == 1:
            yield group, [[entries[i, j] for j in range(1, width + 1)] for i in range(1, height + 1)]


def _orthogonal(graph: Graph, said: set[Node], group: Group, matrix: Matrix) -> Parametrised | None:
    """A matrix with orthonormal columns or rows, if the premises say that it is one."""
    columns = _found(graph, said, matrix_product(graph, transposed(matrix), matrix))
    rows = _found(graph, said, matrix_product(graph, matrix, transposed(matrix)))
    turned = _inverse_said(graph, said, matrix)
    if columns is None and rows is None and turned is None:
        return None
    used = frozenset((*(columns or ()), *(rows or ()), *(turned or ())))
    upright = matrix if columns is not None or turned is not None else transposed(matrix)
    height, width = len(upright), len(upright[0])
    if width > height or (columns is not None and rows is not None and height != width):
        return Parametrised({}, {}, used)
    turn = _rotation(graph, group, height)
    domains = {}
    if height == width:
        sign = graph.atom(f"{HIDDEN}{group[0]}", (*group[1], 0, 0))
        domains[sign] = SIGN
        turn[0] = [graph.multiply((sign, entry)) for entry in turn[0]]
    solved = {entry: turn[i][j] for i, row in enumerate(upright) for j, entry in enumerate(row)}
    return Parametrised(solved, domains, used)


def _idempotent(graph: Graph, said: set[Node], group: Group, matrix: Matrix) -> Parametrised | None:
    """A square matrix that equals its square, if the premises say so; they may say that it is symmetric, too."""
    size = len(matrix)
    if size != len(matrix[0]):
        return None
    used = _found(graph, said, matrix_product(graph, matrix, matrix), matrix)
    if used is None:
        return None
    mirrored = [_either(graph, said, matrix[i][j], matrix[j][i]) for i in range(size) for j in range(i)]
    bits = [graph.atom(f"{HIDDEN}{group[0]}", (*group[1], i, 0)) for i in range(1, size + 1)]
    if all(mirrored):
        basis = _rotation(graph, group, size)
        back = transposed(basis)
        used |= {premise for pair in mirrored for premise in pair}
    else:
        basis = [[graph.atom(f"{HIDDEN}{group[0]}", (*group[1], i, j)) for j in range(1, size + 1)] for i in range(1, size + 1)]
        back = inverse(graph, basis)
    scaled = [[graph.multiply((bit, entry)) for bit, entry in zip(bits, row, strict=True)] for row in basis]
    made = matrix_product(graph, scaled, back)
    solved = {entry: made[i][j] for i, row in enumerate(matrix) for j, entry in enumerate(row)}
    return Parametrised(solved, dict.fromkeys(bits, BIT), frozenset(used))


def _rotation(graph: Graph, group: Group, size: int) -> Matrix:
    """The Cayley transform of a skew-symmetric matrix of free atoms: 2 (1 + K)^-1 - 1."""
    name, before = f"{HIDDEN}{group[0]}", group[1]

    def skew(i: int, j: int) -> Node:
        if i == j:
            return graph.one
        free = graph.atom(name, (*before, min(i, j) + 1, max(i, j) + 1))
        return free if i < j else graph.multiply((graph.minus_one, free))

    undone = inverse(graph, [[skew(i, j) for j in range(size)] for i in range(size)])
    two = graph.number(2)
    return [[graph.add((graph.multiply((two, entry)), graph.minus_one if i == j else graph.zero)) for j, entry in enumerate(row)] for i, row in enumerate(undone)]


def _found(graph: Graph, said: set[Node], made: Matrix, meant: Matrix | None = None) -> set[Node] | None:
    """The premises that make a matrix the identity, or another one; None if they do not."""
    found: set[Node] = set()
    for i, row in enumerate(made):
        for j, entry in enumerate(row):
            target = meant[i][j] if meant is not None else graph.one if i == j else graph.zero
            pair = _either(graph, said, entry, target)
            if not pair:
                return None
            found |= pair
    return found


def _inverse_said(graph: Graph, said: set[Node], matrix: Matrix) -> set[Node] | None:
    """The premises that a matrix has its transpose for an inverse."""
    size = len(matrix)
    if size != len(matrix[0]):
        return None
    found: set[Node] = set()
    for i in range(size):
        for j in range(size):
            pair = _either(graph, said, entry_of_inverse(graph, matrix, i, j), matrix[j][i])
            if not pair:
                return None
            found |= pair
    return found


def _either(graph: Graph, said: set[Node], left: Node, right: Node) -> set[Node]:
    """The premises among those said that two nodes are equal."""
    return {graph.relation("=", left, right), graph.relation("=", right, left)} & said
