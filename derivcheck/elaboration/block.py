"""Arrays put together from blocks: vectors one below the other, matrices side by side, a column of ones beside a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from derivcheck.term import build
from derivcheck.term.build import ONE, ZERO
from derivcheck.term.size import Sizes
from derivcheck.term.term import Term
from derivcheck.term.value import Misfit, Value, comprehension


def assembled(sizes: Sizes, rows: Sequence[Sequence[Value]]) -> Value:
    """The array that blocks make up; a zero fills whatever place it has. A single column of columns is a vector.

    Errors: Misfit where blocks beside each other have different heights, or blocks below each other different widths.
    """
    heights = [_common(sizes, [_extent(cell, 0) for cell in row]) for row in rows]
    widths = [_common(sizes, [_extent(row[k], 1) for row in rows]) for k in range(len(rows[0]))]
    height, width = (reduce(sizes.joined, parts) for parts in (heights, widths))

    def entry(i: Term, j: Term) -> Term:
        lines = [_chosen(j, widths, [_at(cell, up, across) for cell, across in zip(row, _places(j, widths), strict=True)]) for row, up in zip(rows, _places(i, heights), strict=True)]
        return _chosen(i, heights, lines)

    if width is ONE and len(widths) == 1:
        return comprehension((height,), lambda i: entry(i, ONE))
    if height is ONE and len(heights) == 1:
        return comprehension((width,), lambda j: entry(ONE, j), row=True)
    return comprehension((height, width), entry)


def _extent(cell: Value, axis: int) -> Term | None:
    """The size of a block along an axis; None for a zero."""
    if cell.is_number:
        return None if cell.body is ZERO else ONE
    if cell.rank == 1:
        return cell.sizes[0] if cell.row == bool(axis) else ONE
    return cell.sizes[axis]


def _common(sizes: Sizes, extents: Sequence[Term | None]) -> Term:
    """The one size that blocks have in common."""
    known = [size for size in extents if size is not None] or [ONE]
    for size in known[1:]:
        if not sizes.unify(known[0], size):
            raise Misfit("blocks of different sizes", (known[0],), (size,))
    return sizes.find(known[0])


def _places(index: Term, parts: Sequence[Term]) -> list[Term]:
    """The index as it is counted inside each of the blocks along an axis."""
    found = [index]
    for size in parts[:-1]:
        found.append(build.add(found[-1], build.negate(size)))
    return found


def _chosen(index: Term, parts: Sequence[Term], entries: Sequence[Term]) -> Term:
    """The entry of the block that an index falls into."""
    ends = _places(index, parts)
    branches = [(build.relation("≤", place, size), entry) for place, size, entry in zip(ends, parts, entries[:-1], strict=False)]
    return build.cases(branches, entries[-1]) if branches else entries[0]


def _at(cell: Value, i: Term, j: Term) -> Term:
    if cell.rank == 1:
        return cell.at(j if cell.row else i)
    return cell.at(i, j) if cell.rank == 2 else cell.body
