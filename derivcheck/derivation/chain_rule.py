r"""The chain rule as it is sketched: ``dE/dw_j = dE/dy \cdot dy/dz_j \cdot dz_j/dw_j``, where nothing says what y and z are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivcheck.derivation.outline import Line
from derivcheck.elaboration.same import same
from derivcheck.reading.content import bare, names_of, quantity
from derivcheck.reading.expression import (
    Binder,
    Bracketed,
    Call,
    Choice,
    Differential,
    Expression,
    Listed,
    Literal,
    Name,
    Product,
    Sum,
    is_plain,
    walk,
)

Link = tuple[Name, Name]


def passed_through(left: Expression, right: Expression) -> tuple[Name, ...] | None:
    """The quantities through which a derivative is taken, where the factors of the right side lead from what is differentiated to
    what it is differentiated by; None where they do not.

    An index that a quantity on the way has by itself is one of many: then the factors are a chain only if they are added up over it.
    """
    ends = _link(left)
    summed, factors = _added_up(right)
    links = [_link(factor) for factor in factors]
    if ends is None or len(links) < 2 or not all(links):
        return None
    way = _way(ends, [link for link in links if link is not None])
    if not way:
        return None
    outside = _letters(ends[0]) | _letters(ends[1])
    inside = frozenset(letter for name in way for letter in _letters(name))
    return way if not summed & outside and inside - outside == summed else None


def is_complete(left: Expression, right: Expression) -> bool:
    """Whether the factors lead from end to end and are added up over every index that the quantities on the way have."""
    way = passed_through(left, right)
    return way is not None and frozenset(letter for name in way for letter in _letters(name)) <= _added_up(right)[0]


def between(left: Expression, right: Expression) -> frozenset[str]:
    """The quantities that an equation of derivatives differentiates besides the one that its left side is about."""
    ends = _link(left)
    links = [_link(part) for part in walk(right) if isinstance(part, Differential)]
    return frozenset(link[0].spelling for link in links if link is not None) - {ends[0].spelling if ends is not None else ""}


def leaves_out(left: Expression, right: Expression, lines: Sequence[Line]) -> bool:
    """Whether the document writes what is differentiated as a function of more than the right side differentiates it by."""
    ends = _link(left)
    if ends is None:
        return False
    links = [_link(part) for part in walk(right) if isinstance(part, Differential)]
    taken = {link[1].spelling for link in links if link is not None and link[0].spelling == ends[0].spelling}
    formal = [{name.spelling for name in arguments} for arguments in _arguments(ends[0].spelling, lines)]
    return any(names & taken and not names <= taken | {ends[1].spelling} for names in formal)


def _arguments(name: str, lines: Sequence[Line]) -> Iterator[Sequence[Name]]:
    """The lists of letters to which the document applies a name, or that it says it is a function of: f(u, v), and z = g(u, v)."""
    for line in lines:
        is_said = len(line.members) == 2 and is_plain(line.members[0]) and line.members[0].spelling == name
        for place, member in enumerate(line.members):
            for part in walk(member) if member is not None else ():
                function, items = _applied(part)
                if function is None or not all(map(is_plain, items)) or len(items) < 2:
                    continue
                if function == name or (is_said and place == 1 and part is member):
                    yield [item for item in items if isinstance(item, Name)]


def _applied(part: Expression) -> tuple[str | None, Sequence[Expression]]:
    """A name with what stands in brackets behind it, be it read as an application or as a product."""
    match part:
        case Call():
            return part.function.spelling, part.arguments
        case Product(factors=(Name() as name, Listed() as listed)):
            return name.spelling, listed.items
    return None, ()


def is_total(left: Expression, right: Expression) -> bool:
    """Whether the left side is a total derivative, and the partial one of the same quantities is among the terms on the right."""
    ends = _link(left)
    inside = [part for part in walk(right) if isinstance(part, Differential) and not part.total]
    return ends is not None and isinstance(left, Differential) and left.total and any(_link(part) is not None and _same_link(part, left) for part in inside)


def _same_link(first: Expression, second: Expression) -> bool:
    one, other = _link(first), _link(second)
    return one is not None and other is not None and same(one[0], other[0]) and same(one[1], other[1])


def _added_up(expression: Expression) -> tuple[frozenset[str], Sequence[Expression]]:
    """The factors of a product, and the letters over which it is added up."""
    summed: frozenset[str] = frozenset()
    while isinstance(expression, Bracketed | Choice | Binder):
        if isinstance(expression, Binder):
            if expression.operation != "+" or expression.condition is not None:
                return summed, ()
            summed |= {name.spelling for name in expression.variables}
        expression = expression.options[0][0] if isinstance(expression, Choice) else expression.body
    return summed, expression.factors if isinstance(expression, Product) else (expression,)


def _link(expression: Expression) -> Link | None:
    """What is differentiated by what."""
    expression = bare(expression)
    if not isinstance(expression, Differential) or len(expression.by) != 1:
        return None
    body, by = quantity(expression.body), quantity(expression.by[0])
    return (body, by) if isinstance(body, Name) and isinstance(by, Name) else None


def _way(ends: Link, links: Sequence[Link]) -> tuple[Name, ...]:
    """The names between the ends in the order of the links, all of which lead from one end to the other; empty where they do not."""
    at, way, rest = ends[0], [], list(links)
    while rest:
        following = next((link for link in rest if same(link[0], at)), None)
        if following is None:
            return ()
        rest.remove(following)
        at = following[1]
        way.append(at)
    return tuple(way[:-1]) if same(at, ends[1]) else ()


def _letters(name: Name) -> frozenset[str]:
    return frozenset(letter for index in (*name.indices, *name.samples) for letter in names_of(index))


def is_chain_rule(left: Expression, right: Expression) -> bool:
    """Whether an equation is made of derivatives alone, several of them multiplied."""
    products = [part for side in (left, right) for part in walk(side) if isinstance(part, Product)]
    several = any(sum(isinstance(factor, Differential | Choice | Binder) for factor in product.factors) > 1 for product in products)
    return several and is_formal(left) and is_formal(right)


def is_formal(expression: Expression) -> bool:
    """Whether an expression is made of derivatives of names and of numbers alone, as the chain rule is."""
    match expression:
        case Differential():
            return isinstance(quantity(expression.body), Name) and all(isinstance(quantity(by), Name) for by in expression.by)
        case Literal():
            return True
        case Choice():
            return is_formal(expression.options[0][0])
        case Bracketed() | Binder():
            return is_formal(expression.body)
        case Product():
            return all(is_formal(factor) for factor in expression.factors)
        case Sum():
            return all(is_formal(term) for _, term in expression.terms)
    return False
