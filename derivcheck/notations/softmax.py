"""The softmax function and the log-sum-exp.

Holds: \\partial \\mathrm{softmax}(z)_j / \\partial z_i = s_j (\\delta_{ij} - s_i). Does not: the same without the delta.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings, arguments_of
from derivcheck.reading.expression import Call, Name
from derivcheck.term import build
from derivcheck.term.value import Misfit, Value, folded, pointwise


def softmax_of(elaborator, argument: Value) -> Value:
    """exp of each entry divided by the sum of all: (n) to (n)."""
    if argument.rank != 1:
        raise Misfit("the softmax of what is no vector", argument.sizes)
    powers = pointwise(elaborator.sizes, build.exp, argument)
    total = folded("+", powers.renewed())
    return pointwise(elaborator.sizes, lambda entry: build.divide(entry, total), powers)


def _softmax(elaborator, call: Call, around: Surroundings) -> Value:
    """The softmax of a vector; of one entry z_j it means the entry j of the softmax of z."""
    (argument,) = arguments_of(elaborator, call, around, 1)
    if argument.rank == 1:
        made = softmax_of(elaborator, argument)
        return elaborator.entry(made, [elaborator.index(call.below, around)]) if call.below is not None else made
    letter = elaborator.running_letter(call.arguments[0])
    if letter is None:
        raise Misfit("the softmax of what is no vector", argument.sizes)
    size = elaborator.sizes.fresh()
    variable = elaborator.bind(letter, size)
    running = elaborator.number(call.arguments[0], around.binding({letter: variable}))
    made = softmax_of(elaborator, Value(running, (variable,), (size,)))
    return elaborator.entry(made, [elaborator.index(Name(letter, call.span), around)])


def _log_sum_exp(elaborator, call: Call, around: Surroundings) -> Value:
    (argument,) = arguments_of(elaborator, call, around, 1)
    if argument.rank != 1:
        raise Misfit("the log-sum-exp of what is no vector", argument.sizes)
    return Value(build.log(folded("+", pointwise(elaborator.sizes, build.exp, argument))))


NOTATION = Notation(
    words={
        **dict.fromkeys(("softmax", "Softmax", "SoftMax", "smax"), _softmax),
        **dict.fromkeys(("lse", "LSE", "logsumexp", "LogSumExp"), _log_sum_exp),
    }
)
