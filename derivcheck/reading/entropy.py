"""Entropies of random variables: how they are written, and how they are kept apart from functions of numbers with the same letter."""

from __future__ import annotations

from derivcheck.reading.content import bare
from derivcheck.reading.expression import Call, Expression, Literal, Name, Sum
from derivcheck.reading.name import bare_word

ENTROPIES = {"H": r"\mathsf{H}", "h": r"\mathsf{h}"}
"""The letters of entropies, and how those of random variables are spelled once they are known as such."""


def is_entropy(expression: Expression) -> bool:
    """Whether an expression is known to be the entropy of random variables."""
    return isinstance(expression, Call) and expression.function.spelling in ENTROPIES.values()


def is_variable(argument: Expression) -> bool:
    """Whether an argument is the capital of a random variable, or a member of a sequence of them."""
    name = bare(argument)
    return isinstance(name, Name) and bare_word(name.spelling)[:1].isupper() and all(isinstance(index, Literal | Name | Sum) for index in name.indices)
