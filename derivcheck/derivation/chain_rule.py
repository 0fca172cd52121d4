r"""The chain rule as it is sketched: ``dE/dw_j = dE/dy \cdot dy/dz_j \cdot dz_j/dw_j``, where nothing says what y and z are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from derivcheck.derivation.outline import Line
from derivcheck.elaboration.same import same
from derivcheck.reading.content import bare, names_of, number, quantity
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
    products = [inner for factor in factors if isinstance(inner := bare(factor), Binder)]
    if ends is None or len(links) + len(products) < 2 or not all(links):
        return None
    way = _way(ends, [link for link in links if link is not None])
    if way is None:
        return None
    outside = _letters(ends[0]) | _letters(ends[1]) | names_of(*(bound for product in products for bound in (product.lower, product.upper)))
    inside = frozenset(letter for name in way for letter in _letters(name))
    return (way or ends[:1]) if not summed & outside and inside - outside == summed else None


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


def has_steps(expression: Expression) -> bool:
    """Whether one member of a sequence is differentiated by another one in an expression."""
    links = [_link(part) for part in walk(expression) if isinstance(part, Differential)]
    return any(link is not None and link[0].spelling == link[1].spelling for link in links)


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
            if expression.operation == "*":
                break
            if expression.operation != "+" or expression.condition is not None:
                return summed, ()
            summed |= {name.spelling for name in expression.variables}
        expression = expression.options[0][0] if isinstance(expression, Choice) else expression.body
    return summed, expression.factors if isinstance(expression, Product) else (expression,)


def _link(expression: Expression) -> Link | None:
    """What is differentiated by what; by a product of the steps of a sequence its last member is by one before the first."""
    expression = bare(expression)
    if isinstance(expression, Binder) and expression.operation == "*":
        return _steps(expression)
    if not isinstance(expression, Differential) or len(expression.by) != 1:
        return None
    body, by = quantity(expression.body), quantity(expression.by[0])
    return (body, by) if isinstance(body, Name) and isinstance(by, Name) else None


def _steps(product: Binder) -> Link | None:
    """The ends of a product of the derivatives of each member of a sequence by the one before it; None for any other product."""
    inner = _link(product.body)
    if inner is None or len(product.variables) != 1 or product.condition is not None or product.lower is None or product.upper is None:
        return None
    body, by = inner
    letter = product.variables[0].spelling
    if body.spelling != by.spelling or len(body.indices) != 1 or len(by.indices) != 1 or body.samples != by.samples:
        return None
    first, second = (affine(name.indices[0]) for name in inner)
    if first is None or second is None or first[0] != letter or second != (letter, first[1] - 1):
        return None
    top, bottom = (_shifted(end, shift) for end, shift in ((product.upper, first[1]), (product.lower, second[1])))
    return None if top is None or bottom is None else (replace(body, indices=(top,)), replace(by, indices=(bottom,)))


def _shifted(end: Expression, shift: int) -> Expression | None:
    """A letter or number with a number added, as it is written: k for k + 1 - 1."""
    found = affine(end)
    if found is None:
        return None
    letter, offset = found[0], found[1] + shift
    if letter is None:
        return Literal(Fraction(offset), end.span)
    name = Name(letter, end.span)
    return name if not offset else Sum((("+", name), ("+" if offset > 0 else "-", Literal(Fraction(abs(offset)), end.span))), end.span)


def affine(index: Expression) -> tuple[str | None, int] | None:
    """The letter of an index and the whole number added to it; None for anything else."""
    index = bare(index)
    letters, offset = [], 0
    for sign, term in index.terms if isinstance(index, Sum) else (("+", index),):
        value = number(term)
        if value is not None and value.denominator == 1:
            offset += int(value) if sign == "+" else -int(value)
        elif is_plain(term) and sign == "+":
            letters.append(term.spelling)
        else:
            return None
    return (letters[0] if letters else None, offset) if len(letters) < 2 else None


def _way(ends: Link, links: Sequence[Link]) -> tuple[Name, ...] | None:
    """The names between the ends in the order of the links, all of which lead from one end to the other; None where they do not."""
    at, way, rest = _unlabelled(ends[0]), [], list(links)
    while rest:
        following = next((link for link in rest if same(_unlabelled(link[0]), at)), None)
        if following is None:
            return None
        rest.remove(following)
        at = _unlabelled(following[1])
        way.append(following[1])
    return tuple(way[:-1]) if same(at, _unlabelled(ends[1])) else None


def _unlabelled(name: Name) -> Name:
    """A member of a sequence whose place is a letter that does not count, such as the last one's, with that letter as its index."""
    letter, mark, label = name.spelling.partition("_{")
    place = label.removesuffix("}")
    return replace(name, spelling=letter, indices=(Name(place, name.span), *name.indices)) if mark and len(place) == 1 else name


def _letters(name: Name) -> frozenset[str]:
    return frozenset(letter for index in (*name.indices, *name.samples) for letter in names_of(index))


def is_chain_rule(left: Expression, right: Expression) -> bool:
    """Whether an equation is made of derivatives alone, several of them multiplied."""
    products = [part for side in (left, right) for part in walk(side) if isinstance(part, Product)]
    several = any(sum(isinstance(factor, Differential | Choice | Binder) for factor in product.factors) > 1 for product in products)
    stepwise = isinstance(bare(right), Binder) and _link(right) is not None
    return (several or stepwise) and is_formal(left) and is_formal(right)


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
