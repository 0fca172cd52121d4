"""Evaluation at a point: a bar with values below it, or the difference between two ends.

Holds: (d/dx x^2)|_{x=3} = 6, [x^2]_1^2 = 3. Does not: [x^2]_1^2 = 5.
"""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.notation import Notation, Surroundings, Unreadable
from derivcheck.reading.custom import CONSTANTS, VARIABLES
from derivcheck.reading.expression import At, Comparison, Expression, Listed, Name, is_plain, walk
from derivcheck.term import binder, build
from derivcheck.term.term import Symbol, Term
from derivcheck.term.value import Misfit, Value, pointwise, put_in


def _at(elaborator, expression: At, around: Surroundings) -> Value:
    if expression.ends is not None:
        return _between(elaborator, expression, around)
    pairs = [pair for part in expression.where for pair in _pairs(elaborator, expression.body, part)]
    held = around.holding(frozenset(name.spelling for name, _ in pairs))
    value = elaborator.value(expression.body, held)
    body = value.body
    for name, point in pairs:
        body = put_in(body, name.spelling, _point(elaborator, name, elaborator.value(point, around)))
    return Value(body, value.variables, value.sizes, value.row, value.layout)


def _point(elaborator, name: Name, value: Value) -> Value:
    """What is put in for a name. Errors: Misfit where that has another shape."""
    point, rank = elaborator.spread(name, value), elaborator.knowledge.ranks.of(name.spelling, len(name.indices))
    if point.rank != rank:
        raise Misfit("what is put in has another shape", value.sizes, ())
    return point


def _pairs(elaborator, body: Expression, part: Expression) -> list[tuple[Name, Expression]]:
    """Names and what is put in for them: one by one, or a point for the parameters of the function that is evaluated."""
    names: Sequence[Expression] = ()
    if isinstance(part, Comparison) and part.sign == "=" and isinstance(part.left, Listed) and isinstance(part.right, Listed):
        names, part = part.left.items, part.right
    elif isinstance(part, Listed):
        names = _parameters(elaborator, body, len(part.items))
    if not isinstance(part, Listed) or len(names) != len(part.items):
        return [_pair(part)]
    return [(name, value) for name, value in zip(names, part.items, strict=True) if isinstance(name, Name)]


def _parameters(elaborator, body: Expression, count: int) -> Sequence[Expression]:
    """The parameters of the one function of so many that a body names."""
    spellings = {part.spelling for part in walk(body) if isinstance(part, Name)}
    known = [one.head.arguments for name in spellings for one in elaborator.knowledge.book.definitions.get(name, ()) if one.head.arguments]
    fitting = [arguments for arguments in known if len(arguments) == count and all(isinstance(one, Name) for one in arguments)]
    return fitting[0] if len(fitting) == 1 else ()


def _pair(part: Expression) -> tuple[Name, Expression]:
    """A name and what is put in for it; a hatted name alone is put in for the bare one."""
    if isinstance(part, Comparison) and part.sign == "=" and isinstance(part.left, Name):
        return part.left, part.right
    if isinstance(part, Name) and part.spelling.startswith(r"\hat{"):
        return Name(part.spelling[len(r"\hat{") : -1], part.span), part
    raise Unreadable(part.span, "a value to put in", "something else")


def _between(elaborator, expression: At, around: Surroundings) -> Value:
    """F(b) - F(a) for the one variable of F that the ends do not mention."""
    assert expression.ends is not None
    own = {part.spelling for part in walk(expression.body) if isinstance(part, Name)} - CONSTANTS
    told = len(own) == 1 and all(map(elaborator.knowledge.book.is_defined, own))
    # The ends may be those of a name that is put in for something else: u from 0 to 1, whatever u is made of.
    is_held = told and elaborator.oracle.pick(expression.span, "what runs between the ends", (0, 0)) == isinstance(expression.body, Name)
    written = {part.spelling for part in walk(expression.body) if is_plain(part)}
    letter = next(iter(written)) if len(written) == 1 and not told else ""
    held = own if is_held else frozenset((letter,)) if letter else frozenset()
    value = elaborator.value(expression.body, around.holding(frozenset(held)) if held else around)
    symbols = {part for part in binder.walk(value.body) if isinstance(part, Symbol) and not part.indices}
    chosen = next((one for one in symbols if one.name == letter), None) or _variable(symbols)
    if chosen is None:
        raise Unreadable(expression.span, "one variable between the ends", "several or none")
    lower, upper = (elaborator.value(end, around) for end in expression.ends)

    def difference(body: Term, first: Term, second: Term) -> Term:
        return build.subtract(binder.replace(body, {chosen: second}), binder.replace(body, {chosen: first}))

    return pointwise(elaborator.sizes, difference, value, lower, upper)


def _variable(symbols: set[Symbol]) -> Symbol | None:
    if len(symbols) == 1:
        return next(iter(symbols))
    return next((one for letter in (*VARIABLES, "u", "y") for one in symbols if one.name == letter), None)


NOTATION = Notation(forms={At: _at})
