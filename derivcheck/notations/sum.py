"""Sums and products over an index, maxima and minima over an index.

Holds: \\sum_{i=1}^n (a_i + b_i) = \\sum_i a_i + \\sum_i b_i. Does not: \\sum_i a_i b_i = \\sum_i a_i \\sum_i b_i.
"""

from __future__ import annotations

from dataclasses import replace

from derivcheck.notation import Notation, Surroundings, Unreadable
from derivcheck.reading.expression import Binder, Call, Chance, Expression, Name, is_plain, walk
from derivcheck.term import binder, build
from derivcheck.term.term import Number, Symbol, Term, Variable
from derivcheck.term.value import Value, folded


def _binder(elaborator, expression: Binder, around: Surroundings) -> Value:
    if expression.operation not in ("+", "*", "max", "min"):
        raise Unreadable(expression.span, "a sum, product, maximum or minimum", expression.operation)
    letters = [variable.spelling for variable in expression.variables] or _hidden_letters(elaborator, expression, around)
    if letters and expression.operation in ("max", "min") and not _runs_over(expression, letters):
        raise Unreadable(expression.span, "an index that the maximum or minimum runs over", "a variable")
    if not letters:
        return Value(folded(expression.operation, elaborator.value(expression.body, around)))
    return _over(elaborator, expression, letters, around)


def _runs_over(expression: Binder, letters: list[str]) -> bool:
    """Whether letters below a maximum are indices: they stand below a name, or run between bounds; else any number is meant."""
    if expression.upper is not None or (expression.lower is not None and expression.condition is not None):
        return True
    names = [part for part in walk(expression.body) if isinstance(part, Name)]
    inside = {part.spelling for name in names for index in (*name.indices, *name.samples) for part in walk(index) if isinstance(part, Name)}
    return set(letters) <= inside


def _hidden_letters(elaborator, expression: Binder, around: Surroundings) -> list[str]:
    """The letter that a sum without an index runs over: the index in its body that nothing binds."""
    found: list[str] = []
    for part in walk(expression.body):
        if isinstance(part, Name):
            for index in (*part.indices, *part.samples):
                if (
                    isinstance(index, Name)
                    and not index.indices
                    and index.spelling not in around.bound
                    and elaborator.counts(index.spelling, around)
                ):
                    found.append(index.spelling)
    return list(dict.fromkeys(found))[:1] or _lone_counter(elaborator, expression, around)


def _lone_counter(elaborator, expression: Binder, around: Surroundings) -> list[str]:
    r"""The letter that a series without an index runs over, ``\sum j 3^{-j}``: the only one in it that counts, where it has nothing with entries."""
    names = [part for part in walk(expression.body) if isinstance(part, Name)]
    counting = {name.spelling for name in names if name.spelling not in around.bound and elaborator.counts(name.spelling, around)}
    alone = all(is_plain(name) and not elaborator.knowledge.ranks.of(name.spelling, 0) for name in names)
    return list(counting) if expression.operation == "+" and alone and len(counting) == 1 else []


def _over(elaborator, expression: Binder, letters: list[str], around: Surroundings) -> Value:
    lower, upper = _unwritten(elaborator, expression, letters) or _bounds(elaborator, expression, around)
    variables = [elaborator.bind(letter, _reach(elaborator, lower, upper)) for letter in letters]
    if upper is None:
        for letter, variable in zip(letters, variables, strict=True):
            elaborator.boundless.setdefault(letter, []).append(elaborator.range_of(variable))
    inside = around.binding(dict(zip(letters, variables, strict=True)))
    if len(letters) == 1 and not around.samples and _labels_samples(expression.body, letters[0]):
        inside = replace(inside, samples=(variables[0],))
    body = elaborator.value(expression.body, inside)
    condition = build.TRUE
    if expression.condition is not None:
        condition = elaborator.number(expression.condition, inside)
    made = body.body
    for place, variable in reversed(list(enumerate(variables))):
        first, last = _limits(elaborator, variable, lower, upper)
        made = binder.fold(expression.operation, variable, first, last, made, condition if place == len(variables) - 1 else build.TRUE)
    return Value(made, body.variables, body.sizes, body.row, body.layout)


def _unwritten(elaborator, expression: Binder, letters: list[str]) -> tuple[Term, Term] | None:
    r"""The bounds of a series without any, ``\sum_k 2^{-k}``: it may run from 1 or 0 on without end. None where it runs over what has entries.

    It may as well run over a few numbers that words tell, so a sum of this kind refutes nothing.
    """
    if expression.operation != "+" or len(letters) != 1 or (expression.lower, expression.upper, expression.condition) != (None, None, None):
        return None
    if not _is_number(expression.body, letters[0]):
        return None
    elaborator.opaque = True
    chosen = elaborator.oracle.pick(expression.span, "bounds left out of a sum", (0, 1, 1))
    return (build.number(2 - chosen), build.INFINITY) if chosen else None


def _is_number(body: Expression, letter: str) -> bool:
    """Whether a letter stands for nothing but a number in what is summed: not below or above a name, nor for what a function or an event is of."""
    parts = list(walk(body))
    inside = [inner for part in parts if isinstance(part, Name | Call | Chance) for inner in walk(part) if inner is not part]
    return not any(isinstance(part, Name) and part.spelling == letter for part in inside) and any(isinstance(part, Name) and part.spelling == letter for part in parts)


def _labels_samples(body: Expression, letter: str) -> bool:
    """Whether a letter labels samples in what is summed: names without a label then belong to the same sample."""
    return any(isinstance(part, Name) and any(isinstance(label, Name) and label.spelling == letter for label in part.samples) for part in walk(body))


def _bounds(elaborator, expression: Binder, around: Surroundings) -> tuple[Term | None, Term | None]:
    lower = elaborator.number(expression.lower, around) if expression.lower is not None else None
    upper = _upper(elaborator, expression.upper, around)
    return lower, upper


def _upper(elaborator, upper: Expression | None, around: Surroundings) -> Term | None:
    return None if upper is None else elaborator.number(upper, around)


def _reach(elaborator, lower: Term | None, upper: Term | None) -> Term | None:
    """The size that the variable runs up to, where it runs through a whole axis from 1."""
    if upper is None:
        return elaborator.sizes.fresh()
    if lower is not None and lower is not build.ONE:
        return None
    if isinstance(upper, Symbol) and not upper.indices and upper.name in elaborator.knowledge.size_names:
        return upper
    return upper if isinstance(upper, Number) else None


def _limits(elaborator, variable: Variable, lower: Term | None, upper: Term | None) -> tuple[Term, Term]:
    if upper is not None:
        return lower if lower is not None else build.ONE, upper
    reach = elaborator.range_of(variable)
    return lower if lower is not None else build.ONE, reach


NOTATION = Notation(forms={Binder: _binder})
