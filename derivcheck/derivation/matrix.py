"""Capitals of which nothing says whether they are numbers or matrices."""

from __future__ import annotations

from collections.abc import Iterable

from derivcheck.elaboration.knowledge import Knowledge
from derivcheck.reading.content import quantity
from derivcheck.reading.custom import SCALARS
from derivcheck.reading.expression import Differential, Expression, Literal, Name, Product, is_plain, walk


def capitals(expressions: Iterable[Expression], knowledge: Knowledge) -> frozenset[str]:
    """The Latin capitals that stand alone in some expressions, and that are no sizes and no numbers by custom."""
    names = {part.spelling for expression in expressions for part in walk(expression) if is_plain(part)}
    found = {name for name in names if len(name) == 1 and name.isascii() and name.isupper() and name not in SCALARS}
    return frozenset(found) - knowledge.size_names - {name for name, count in knowledge.ranks.declared if not count and not knowledge.ranks.of(name, 0)}


def matrix_like(members: Iterable[Expression], knowledge: Knowledge) -> frozenset[str]:
    """The capitals read as numbers in an equation where one of them multiplies a derivative by or of capitals: their order would matter."""
    members = tuple(members)
    found = frozenset(name for name in capitals(members, knowledge) if not knowledge.ranks.of(name, 0))
    taken = [part for member in members for part in walk(member) if isinstance(part, Differential)]
    by_capitals = any(isinstance(by := quantity(one), Name) and by.spelling in capitals((by,), knowledge) for part in taken for one in part.by)
    products = [part for member in members for part in walk(member) if isinstance(part, Product)]
    multiplied = any(
        sum(not isinstance(factor, Literal) for factor in product.factors) > 1 and any(isinstance(factor, Differential) for factor in product.factors) for product in products
    )
    return found if by_capitals and multiplied else frozenset()
