"""Matrices that words take apart: claims about eigenvalues, singular values and columns by what the matrices are made of."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.derivation.decomposition import Decomposition
from derivcheck.derivation.fact import Fact
from derivcheck.derivation.outline import Line
from derivcheck.elaboration.book import is_around
from derivcheck.elaboration.rank import is_capital
from derivcheck.finding import Finding, View
from derivcheck.reading.content import names_of
from derivcheck.reading.expression import Expression, Literal, Name, walk

if TYPE_CHECKING:
    from derivcheck.comparison import Comparer

_TOLD = "may rest on a property that is told in words"


def by_spectrum(comparer: Comparer, line: Line, left: Expression, right: Expression, sign: str) -> Finding | None:
    """The finding on a claim that has the letters of a decomposition, with the matrices that are made of them; None for any other claim.

    Eigenvalues and singular values may be meant to be positive, and the first one to be the largest: what may hold then is not refuted.
    """
    made = _made(comparer, line, left, right)
    if not made:
        return None
    view = View(constraints=True, linked=True)
    with ExitStack() as stack:
        # The equation by which a matrix is taken apart is no condition on its parts.
        stack.enter_context(comparer.facts.setting_aside({one.line.order for one in made if one.is_whole or one.spatial}))
        for one in made:
            stack.enter_context(comparer.gathered.book.supposing(one.definition))
        found = comparer.under(line, left, right, sign, view)
        is_firm = found.fails and sign == "=" and not _singles_out(made, left, right)
        if is_firm:
            is_firm = not comparer.under(line, left, right, sign, replace(view, positive=True)).holds and comparer.unless_conditional(line, left, right, sign, found).fails
    if found.holds:
        found = _in_general(comparer, line, left, right, sign, view, made) or found
    return found if found.holds or is_firm else Finding(None, found.reason or _TOLD, "undecided", view)


def _in_general(comparer: Comparer, line: Line, left: Expression, right: Expression, sign: str, view: View, made: Sequence[Decomposition]) -> Finding | None:
    """The finding on a claim about eigenvalues if the matrix need not be symmetric; None where it is."""
    general = [one.general for one in made if one.general is not None and one.definition.head.spelling not in comparer.gathered.at(line).symmetric]
    if not general:
        return None
    with ExitStack() as stack:
        for one in general:
            stack.enter_context(comparer.gathered.book.supposing(one))
        return comparer.under(line, left, right, sign, view)


def unless_otherwise(comparer: Comparer, line: Line, left: Expression, right: Expression, sign: str, refuted: Finding) -> Finding:
    """A refutation, unless a decomposition may be meant in another way: one by singular values with square outer factors, or of a matrix that has another meaning."""
    reached = comparer.gathered.book.reached(names_of(left, right))
    told = [(one.line, *equation) for one in _in_force(comparer, line) for equation in one.if_square if names_of(*equation) & reached]
    if _has_other_parts(comparer, line, left, right):
        return replace(refuted, outcome=None, reason=_TOLD, kind="undecided")
    if not told:
        return refuted
    square = tuple(Fact(first, "=", second, where, names_of(first, second), is_told=True) for where, first, second in told)
    found = comparer.under(line, left, right, sign, replace(refuted.view, constraints=True, supposed=(*refuted.view.supposed, *square)))
    return replace(refuted, outcome=None, reason=_TOLD, kind="undecided") if found.holds else refuted


def _made(comparer: Comparer, line: Line, left: Expression, right: Expression) -> list[Decomposition]:
    """What the matrices in a claim, or behind its names, are made of, for those parts that the claim has letters for."""
    book = comparer.gathered.book
    written = names_of(left, right)
    reached, marked = book.reached(written), _marked(left, right)
    found: dict[str, Decomposition] = {}
    for one in _in_force(comparer, line):
        head = one.definition.head.spelling
        if (not one.letters or one.letters & marked) and head in reached and head not in found and not _is_known(comparer, one, line, written):
            found[head] = one
            reached |= names_of(one.definition.right)
    return list(found.values())


def _has_other_parts(comparer: Comparer, line: Line, left: Expression, right: Expression) -> bool:
    """Whether a claim has the letters of a decomposition for a matrix that another equation defines: what these have to do with each other nobody can tell."""
    written = names_of(left, right)
    marked = _marked(left, right)
    return any(one.letters & marked and _is_known(comparer, one, line, written) for one in _in_force(comparer, line) if not one.is_whole)


def _marked(left: Expression, right: Expression) -> frozenset[str]:
    """The capitals in a claim, and what stands there with an index: a letter alone is another thing than the values with that letter."""
    names = (part for side in (left, right) for part in walk(side) if isinstance(part, Name))
    return frozenset(part.spelling for part in names if part.indices or is_capital(part.spelling))


def _in_force(comparer: Comparer, line: Line) -> list[Decomposition]:
    return [one for one in comparer.gathered.decompositions if one.line.order < line.order and is_around(one.line.scope, line.scope)]


def _is_known(comparer: Comparer, one: Decomposition, line: Line, written: frozenset[str]) -> bool:
    """Whether a matrix that is taken apart has a definition that says more: one part of it may, and a whole by names that are written, too."""
    book, head = comparer.gathered.book, one.definition.head.spelling
    others = [other for other in book.definitions.get(head, ()) if other.order != one.line.order and other.order < line.order and is_around(other.scope, line.scope)]
    if not one.is_whole:
        return bool(others)
    with book.hiding(head):
        return bool(names_of(*(other.right for other in others)) & book.reached(written))


def _singles_out(made: Sequence[Decomposition], left: Expression, right: Expression) -> bool:
    """Whether a claim is about one of the values by its number."""
    letters = frozenset().union(*(one.letters for one in made))
    names = [part for side in (left, right) for part in walk(side) if isinstance(part, Name)]
    return any(isinstance(index, Literal) for part in names if part.spelling in letters for index in part.indices)
