"""Expressions as LaTeX in the author's own spelling, and LaTeX as plain text for messages.

What stands in the source is copied from there; only what is new, or has a new part that does not fit into its place, is written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from fractions import Fraction
from itertools import pairwise

from derivcheck.reading.edit import parts, rational
from derivcheck.reading.expression import (
    Binder,
    Bracketed,
    Call,
    Comparison,
    Differential,
    Entry,
    Expression,
    Gradient,
    Gridded,
    Integration,
    Limiting,
    Listed,
    Literal,
    Name,
    Power,
    Product,
    Quotient,
    Sum,
    Transpose,
    walk,
)
from derivcheck.source import NOWHERE, Span

FENCES = {"(": ")", "[": "]", r"\{": r"\}", "": ""}
FOLDS = {"+": r"\sum", "*": r"\prod", "max": r"\max", "min": r"\min"}
_TALL = re.compile(r"\\(?:[dtc]?frac|sum|prod|int|begin|binom|left)(?![A-Za-z])")
_COMMAND_END = re.compile(r"\\[A-Za-z]+$")
_NUMBER = re.compile(r"\d*\.?\d+")


class Binding(IntEnum):
    """How tightly a text binds."""

    SUM = 1
    OPEN = 2
    PRODUCT = 3
    POWER = 4
    ATOM = 5


class Unwritable(Exception):
    """An expression that only its author can write."""


@dataclass(slots=True)
class Writer:
    """Writes expressions that are made of parts of a text. ``roots`` are the expressions that were read there."""

    text: str
    roots: Iterable[Expression]
    _known: dict[int, Expression] = field(default_factory=dict)
    _places: dict[tuple[Span, type], Expression] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for root in self.roots:
            for part in walk(root):
                self._known[id(part)] = part
                self._places.setdefault((part.span, type(part)), part)

    def latex(self, expression: Expression) -> str:
        """The expression as LaTeX. Errors: Unwritable."""
        return self._written(expression)[0]

    # -- copied

    def _written(self, expression: Expression) -> tuple[str, Binding]:
        if id(expression) in self._known:
            copied = self.copied(expression)
            if copied is not None:
                return copied, _binding(expression, copied)
        else:
            patched = self._patched(expression)
            if patched is not None:
                return patched, _binding(expression, patched)
        return self._composed(expression)

    def copied(self, expression: Expression) -> str | None:
        """The text of an expression in the source; None where it does not stand there in one piece."""
        span = self.stretch(expression)
        if span is None:
            return None
        text = self.text[span.start : span.end]
        if isinstance(expression, Literal) and not _NUMBER.fullmatch(text):
            return None
        return text

    def stretch(self, expression: Expression) -> Span | None:
        """The whole stretch of an expression: a leading minus and closing braces included."""
        start, end = expression.span.start, expression.span.end
        if start >= end:
            return None
        if isinstance(expression, Sum) and expression.terms[0][0] == "-":
            inner = self.stretch(expression.terms[0][1])
            before = self.text[: inner.start if inner else start].rstrip()
            if not before.endswith(("-", "−")):
                return None
            start = len(before) - 1
        level = 0
        for place in range(start, end):
            character = self.text[place]
            if self.text[place - 1 : place] != "\\":
                level += (character == "{") - (character == "}")
            if level < 0:
                return None
        while level and self.text[end : end + 1] == "}":
            end, level = end + 1, level - 1
        return None if level else Span(start, end)

    def _patched(self, expression: Expression) -> str | None:
        """The text of what an expression was before it was changed, with its new parts in place; None where that does not work."""
        before = self._places.get((expression.span, type(expression)))
        span = self.stretch(before) if before is not None else None
        if before is None or span is None or not _differs_only_inside(before, expression):
            return None
        changes: list[tuple[Span, str]] = []
        for (step, old), (_, new) in zip(parts(before), parts(expression), strict=True):
            if old is new:
                continue
            stretch = self.stretch(old)
            if stretch is None or stretch == span or not (span.start <= stretch.start and stretch.end <= span.end):
                return None
            changes.append((stretch, self._fitting(before, step[0], stretch, new)))
        changes.sort(key=lambda change: change[0])
        if any(one[0].end > other[0].start for one, other in pairwise(changes)):
            return None
        made, at = "", span.start
        for stretch, new_text in changes:
            made = _joined(_joined(made, self.text[at : stretch.start]), new_text)
            at = stretch.end
        return _joined(made, self.text[at : span.end])

    def _fitting(self, parent: Expression, slot: str, stretch: Span, new: Expression) -> str:
        """The text of a new part for a place in the source: in brackets or braces where the place asks for them."""
        text, binding = self._written(new)
        before, behind = self.text[: stretch.start].rstrip(), self.text[stretch.end :].lstrip()
        fenced = before.endswith(("{", "(", "[")) and behind.startswith(("}", ")", "]", ",", r"\right"))
        if before.endswith(("_", "^")) or (isinstance(parent, Quotient) and not fenced and _is_fraction(self.text[parent.span.start :])):
            return text if len(text) == 1 else "{" + text + "}"
        return fenced_text(text) if binding < _wanted(parent, slot) and not fenced else text

    # -- composed

    def _composed(self, expression: Expression) -> tuple[str, Binding]:
        match expression:
            case Literal():
                return number_text(expression.value, expression.decimals), Binding.ATOM
            case Name():
                return self._name(expression), Binding.ATOM
            case Sum():
                return self._sum(expression), Binding.SUM
            case Product():
                return self._product(expression), Binding.PRODUCT
            case Quotient():
                return self._quotient(expression)
            case Power():
                return self._power(expression)
            case Transpose():
                return self.at(expression.body, Binding.ATOM) + self._transpose_mark(), Binding.POWER
            case Bracketed():
                return fenced_text(self.latex(expression.body), expression.opening), Binding.ATOM
            case Call():
                return self._call(expression)
            case Integration():
                return self._integration(expression), Binding.PRODUCT
            case Binder():
                return self._binder(expression), Binding.OPEN
            case Differential():
                return self._differential(expression)
            case Entry():
                return f"{self.at(expression.body, Binding.ATOM)}_{_braced(self._indices(expression.indices))}", Binding.ATOM
            case Comparison():
                return f"{self.latex(expression.left)} {expression.sign} {self.latex(expression.right)}", Binding.SUM
            case Listed():
                return fenced_text(", ".join(map(self.latex, expression.items)), expression.opening), Binding.ATOM
            case Gridded():
                rows = r" \\ ".join(" & ".join(map(self.latex, row)) for row in expression.rows)
                return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}", Binding.ATOM
        raise Unwritable(type(expression).__name__)

    def at(self, expression: Expression, binding: Binding) -> str:
        """The text of an expression, in brackets where it binds less tightly than its place asks for."""
        text, own = self._written(expression)
        return fenced_text(text) if own < binding else text

    def _name(self, name: Name) -> str:
        text = self._letter(name.spelling) + "'" * name.primes
        if name.indices:
            text += "_" + _braced(self._indices(name.indices))
        if name.samples:
            text += "^{(" + self._indices(name.samples) + ")}"
        return text

    def _letter(self, spelling: str) -> str:
        """A name without scripts as the source writes it, bold type included."""
        if not self._names:
            for part in self._known.values():
                if isinstance(part, Name) and part.span != NOWHERE:
                    copied = self.copied(part)
                    if copied:
                        self._names.setdefault(part.spelling, _without_scripts(copied, part))
        return self._names.get(spelling, spelling)

    def _indices(self, indices: Iterable[Expression]) -> str:
        texts = [self.latex(index) for index in indices]
        single = all(len(text) == 1 or re.fullmatch(r"\\[A-Za-z]+", text) for text in texts)
        if not single:
            return ", ".join(texts)
        joined = ""
        for text in texts:
            joined = _joined(joined, text)
        return joined

    def _sum(self, expression: Sum) -> str:
        made = ""
        for sign, term in expression.terms:
            text = self.at(term, Binding.OPEN)
            made = f"{made} {sign} {text}" if made else text if sign == "+" else sign + text
        return made

    def _product(self, expression: Product) -> str:
        made = ""
        for place, factor in enumerate(expression.factors):
            text, binding = self._written(factor)
            last = place == len(expression.factors) - 1
            if binding is Binding.SUM or (binding is Binding.OPEN and not last):
                text = fenced_text(text)
            sign = expression.signs[place - 1] if place else ""
            if place and not sign and text[0].isdigit():
                sign = r"\cdot" if "\\" in self.text else "*"
            gap = "" if not made or (((made.isdigit() and text[0] in "\\(") or text[0].isalpha()) and not made[-1].isalpha()) else " "
            made = f"{made} {sign} {text}" if sign else f"{made}{gap}{text}"
        return made

    def _quotient(self, expression: Quotient) -> tuple[str, Binding]:
        if "\\frac" in self.text or "\\dfrac" in self.text or "\\" in self.text:
            return rf"\frac{{{self.latex(expression.above)}}}{{{self.latex(expression.below)}}}", Binding.ATOM
        return f"{self.at(expression.above, Binding.PRODUCT)}/{self.at(expression.below, Binding.ATOM)}", Binding.PRODUCT

    def _power(self, expression: Power) -> tuple[str, Binding]:
        if rational(expression.exponent) == Fraction(1, 2):
            return rf"\sqrt{{{self.latex(expression.body)}}}", Binding.ATOM
        body = self.at(expression.body, Binding.ATOM)
        if isinstance(expression.body, Name) and ("^" in body or body.endswith("'")):
            body = fenced_text(body)
        return f"{body}^{_braced(self.latex(expression.exponent))}", Binding.POWER

    def _transpose_mark(self) -> str:
        return next((mark for mark in (r"^\top", r"^{\top}", "^T", "^{T}", r"^\intercal", r"^{\mathsf{T}}") if mark in self.text), r"^\top")

    def _call(self, expression: Call) -> tuple[str, Binding]:
        word = expression.function.spelling
        inner = ", ".join(map(self.latex, expression.arguments))
        if word == "factorial":
            return f"{self.at(expression.arguments[0], Binding.ATOM)}!", Binding.POWER
        if word in ("binomial", "inner", "floor", "ceiling"):
            raise Unwritable(word)
        text = self._letter(word)
        if text == word and text.isalpha() and len(text) > 1 and "\\" in self.text:
            text = "\\" + text
        below = f"_{_braced(self.latex(expression.below))}" if expression.below is not None else ""
        return text + below + fenced_text(inner), Binding.ATOM

    def _binder(self, expression: Binder) -> str:
        if expression.operation not in FOLDS:
            raise Unwritable(expression.operation)
        letters = ", ".join(map(self.latex, expression.variables))
        below = f"{letters} = {self.latex(expression.lower)}" if expression.lower is not None else letters
        if expression.condition is not None:
            below = self.latex(expression.condition)
        above = f"^{_braced(self.latex(expression.upper))}" if expression.upper is not None else ""
        return f"{FOLDS[expression.operation]}_{_braced(below)}{above} {self.at(expression.body, Binding.OPEN)}"

    def _integration(self, expression: Integration) -> str:
        ends = ((mark, end) for mark, end in (("_", expression.lower), ("^", expression.upper)) if end is not None)
        limits = "".join(mark + _braced(self.latex(end)) for mark, end in ends)
        return rf"\int{limits} {self.at(expression.body, Binding.PRODUCT)} \, d{self.latex(expression.variable)}"

    def _differential(self, expression: Differential) -> tuple[str, Binding]:
        d = "d" if expression.total else r"\partial"
        power = f"^{len(expression.by)}" if len(expression.by) > 1 else ""
        below = " ".join(f"{d} {self.latex(by)}" for by in expression.by)
        if isinstance(expression.body, Name | Call):
            return rf"\frac{{{d}{power} {self.latex(expression.body)}}}{{{below}}}", Binding.ATOM
        return rf"\frac{{{d}{power}}}{{{below}}} {self.at(expression.body, Binding.ATOM)}", Binding.OPEN


def _differs_only_inside(before: Expression, after: Expression) -> bool:
    """Whether two expressions of a kind have the same build: the same signs and as many parts in the same places."""
    if [step for step, _ in parts(before)] != [step for step, _ in parts(after)]:
        return False
    match before, after:
        case Sum(), Sum():
            return [sign for sign, _ in before.terms] == [sign for sign, _ in after.terms]
        case Product(), Product():
            return before.signs == after.signs
        case Name(), Name():
            return (before.spelling, before.primes) == (after.spelling, after.primes)
        case Comparison(), Comparison():
            return before.sign == after.sign
        case Literal(), Literal():
            return before.value == after.value
    return True


def _wanted(parent: Expression, slot: str) -> Binding:
    """How tightly a part has to bind in its place."""
    match parent, slot:
        case (Sum() | Product() | Binder(), _) | (Quotient(), "above"):
            return Binding.PRODUCT
        case (Power() | Transpose() | Entry(), "body") | (Quotient(), "below") | (Call(), "arguments") | (Gradient(), "body"):
            return Binding.ATOM
    return Binding.SUM


def _binding(expression: Expression, text: str) -> Binding:
    match expression:
        case Sum():
            return Binding.SUM
        case Product():
            return Binding.PRODUCT
        case Quotient():
            return Binding.ATOM if _is_fraction(text) else Binding.PRODUCT
        case Binder() | Limiting() | Gradient():
            return Binding.OPEN
        case Integration():
            return Binding.PRODUCT
        case Differential() | Call():
            return Binding.ATOM if text.endswith((")", "}", "]")) else Binding.OPEN
        case Power() | Transpose():
            return Binding.ATOM if text.startswith("\\sqrt") else Binding.POWER
    return Binding.ATOM


def _is_fraction(text: str) -> bool:
    return text.startswith((r"\frac", r"\dfrac", r"\tfrac", r"\cfrac", r"\nicefrac"))


def _joined(first: str, second: str) -> str:
    """Two pieces of LaTeX one after the other: no command may swallow the letter behind it."""
    gap = " " if second[:1].isalpha() and _COMMAND_END.search(first) else ""
    return first + gap + second


def _braced(text: str) -> str:
    return text if len(text) == 1 or re.fullmatch(r"\\[A-Za-z]+", text) else "{" + text + "}"


def fenced_text(text: str, opening: str = "(") -> str:
    """A text in brackets, tall ones where it is tall."""
    closing = FENCES.get(opening, opening)
    if opening and _TALL.search(text):
        return rf"\left{opening}{text}\right{closing}"
    return f"{opening}{text}{closing}"


def number_text(value: Fraction, decimals: int = 0) -> str:
    """A number with so many decimals; without decimals as a whole number, an exact decimal, or a fraction."""
    value = Fraction(value)
    if decimals:
        return f"{float(value):.{decimals}f}"
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.10g}" if not (value * 10**6).denominator > 1 else str(value)


def _without_scripts(text: str, name: Name) -> str:
    """The text of a name without its scripts."""
    if not (name.indices or name.samples or name.primes):
        return text
    level = 0
    for place, character in enumerate(text):
        level += (character == "{") - (character == "}")
        if character in "_^'" and not level:
            return text[:place].rstrip()
    return text.rstrip("0123456789") or text
