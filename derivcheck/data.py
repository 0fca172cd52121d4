"""Data that a model tells how they come about: what a criterion is differentiated by does not move them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

from derivcheck.derivation.outline import Line
from derivcheck.elaboration.book import Definition, is_around
from derivcheck.elaboration.same import same
from derivcheck.finding import Finding
from derivcheck.reading.content import bare, has_derivative, names_of
from derivcheck.reading.expression import Bracketed, Call, Differential, Expression, Gradient, Name, Sum, walk

if TYPE_CHECKING:
    from derivcheck.comparison import Comparer


def with_data(comparer: Comparer, line: Line, left: Expression, right: Expression, sign: str, finding: Finding) -> Finding:
    """A finding on a derivative that came to nothing once more with the data as they are: ``y_i = b x_i + e_i`` puts errors in the place of
    data into ``(y_i - b x_i)^2``, so that the b in it is gone. Where neither is seen, this may only acquit.
    """
    if finding.kind == "decided" or not has_derivative(left):
        return finding
    data = sorted(_data(comparer, line, left, right))
    if not data:
        return finding
    with ExitStack() as hidden:
        for name in data:
            hidden.enter_context(comparer.gathered.book.hiding(name))
        found = comparer.under(line, left, right, sign, finding.view)
    is_meant = finding.is_gone or all(_has_residual(comparer, line, name) for name in data)
    return found if found.holds or (found.fails and is_meant) else finding


def _data(comparer: Comparer, line: Line, left: Expression, right: Expression) -> Iterator[str]:
    """The names that a model makes of what a claim is differentiated by and of an error, and that stand beside the former in what is differentiated."""
    book = comparer.gathered.book
    by = _by(left)
    reached = book.reached(names_of(left, right))
    known = [one for name in reached for one in book.definitions.get(name, ()) if one.order <= line.order and is_around(one.scope, line.scope)]
    for one in known:
        name = one.head.spelling
        is_beside = any({name} | by & names_of(one.right) <= names_of(other.right) for other in known if other is not one)
        if is_beside and name not in by and one.head.arguments is None and by & names_of(one.right) and _has_error(comparer, one):
            yield name


def _by(left: Expression) -> frozenset[str]:
    """The names by which is differentiated; those of the arguments of what has a gradient."""
    found: set[str] = set()
    for part in walk(left):
        if isinstance(part, Differential):
            found |= _without_indices(part.by)
        elif isinstance(part, Gradient):
            found |= _without_indices((part.by,)) | names_of(*(argument for call in walk(part) if isinstance(call, Call) for argument in call.arguments))
    return frozenset(found)


def _without_indices(bys: Iterable[Expression | None]) -> frozenset[str]:
    """The names in some expressions, those of indices left out: a layer's number is nothing to differentiate by."""
    return frozenset(name for by in bys for name in ((by.spelling,) if isinstance(by, Name) else names_of(by)))


def _has_error(comparer: Comparer, model: Definition) -> bool:
    """Whether something that nothing defines is added by itself in a model."""
    right = model.right.body if isinstance(model.right, Bracketed) else model.right
    terms = [bare(term) for _, term in right.terms] if isinstance(right, Sum) else []
    return any(isinstance(term, Name) and not comparer.gathered.book.is_defined(term.spelling) for term in terms)


def _has_residual(comparer: Comparer, line: Line, name: str) -> bool:
    """Whether what a model says of data is taken away from these somewhere before a line: ``y - X b`` for ``y = X b + e``."""
    book = comparer.gathered.book
    known = [one for alike in book.definitions.values() for one in alike if one.order <= line.order]
    models = [one.right for one in known if one.head.spelling == name and isinstance(one.right, Sum)]
    sums = [part for one in known if one.head.spelling != name for part in walk(one.right) if isinstance(part, Sum)]
    return any(_takes_away(total, name, model) for total in sums for model in models)


def _takes_away(total: Sum, name: str, model: Sum) -> bool:
    is_there = any(sign == "+" and isinstance(term, Name) and term.spelling == name for sign, term in total.terms)
    return is_there and any(sign == "-" and any(same(term, mine) for _, mine in model.terms) for sign, term in total.terms)
