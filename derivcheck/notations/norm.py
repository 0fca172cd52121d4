"""Absolute values, norms and determinants written with bars.

Holds: \\|x\\|^2 = x^\\top x. Does not: \\|x + y\\|^2 = \\|x\\|^2 + \\|y\\|^2.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings, Unreadable, commutes
from derivcheck.reading.expression import Bracketed, Expression, Gridded, Listed, Literal, Modulus, Name, Phrase
from derivcheck.reading.name import has_arrow
from derivcheck.term import build
from derivcheck.term.value import Value, determinant, folded, pointwise, squared_norm


def _modulus(elaborator, expression: Modulus, around: Surroundings) -> Value:
    if _is_set(elaborator, expression.body):
        raise Unreadable(expression.span, "a number or an array", "a set")
    value = elaborator.value(expression.body, around)
    if not commutes(elaborator, value):
        raise Unreadable(expression.span, "a number or an array", "letters that do not commute")
    if isinstance(expression.body, Gridded) or (expression.bars == "|" and value.rank == 2):
        return determinant(elaborator.sizes, value)
    if value.is_number:
        return Value(build.apply("abs", value.body))
    if expression.bars == "|" and value.rank == 1 and _is_entrywise(elaborator, expression):
        return pointwise(elaborator.sizes, lambda entry: build.apply("abs", entry), value)
    kind = _kind(expression)
    if kind == "1":
        return Value(folded("+", pointwise(elaborator.sizes, lambda entry: build.apply("abs", entry), value)))
    if kind in ("max", "inf"):
        return Value(folded("max", pointwise(elaborator.sizes, lambda entry: build.apply("abs", entry), value)))
    if kind not in ("", "2", "F") or (kind == "2" and value.rank == 2):
        raise Unreadable(expression.span, "a norm that is known", f"the norm with index {kind}")
    return Value(build.power(squared_norm(value), build.HALF))


def _is_set(elaborator, body: Expression) -> bool:
    """Whether what stands between bars is a set that is written out somewhere: then its elements are counted."""
    if isinstance(body, Listed | Bracketed):
        return body.opening == r"\{"
    return isinstance(body, Name) and body.spelling in elaborator.knowledge.sets


def _is_entrywise(elaborator, expression: Modulus) -> bool:
    """Whether single bars around a vector are meant entry by entry, which words of the document make likelier; around one with an arrow they tell its length."""
    if isinstance(expression.body, Name) and has_arrow(expression.body):
        return False
    likely = elaborator.knowledge.elementwise
    about = "absolute values entry by entry or norm" if likely else "norm or absolute values entry by entry"
    return (elaborator.oracle.pick(expression.span, about, (0, 1)) == 0) == likely


def _kind(expression: Modulus) -> str:
    """The index below a norm."""
    below = expression.below
    match below:
        case None:
            return ""
        case Literal():
            return str(below.value)
        case Phrase():
            return below.text
        case Name():
            return {r"\infty": "inf", r"\mathrm{F}": "F", r"\mathrm{max}": "max"}.get(below.spelling, below.spelling)
    return "?"


NOTATION = Notation(forms={Modulus: _modulus})
