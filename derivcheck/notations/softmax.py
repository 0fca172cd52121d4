"""The softmax function and the log-sum-exp. Of a matrix it is that of each row, less often that of each column.

Holds: \\partial \\mathrm{softmax}(z)_j / \\partial z_i = s_j (\\delta_{ij} - s_i). Does not: the same without the delta.
"""

from __future__ import annotations

from dataclasses import replace

from derivcheck.notation import Notation, Surroundings, arguments_of
from derivcheck.reading.expression import Call, Name
from derivcheck.source import NOWHERE
from derivcheck.term import build
from derivcheck.term.term import Variable
from derivcheck.term.value import Misfit, Value, folded, pointwise, summed


def softmax_of(elaborator, argument: Value) -> Value:
    """exp of each entry divided by the sum of all: (n) to (n)."""
    if argument.rank != 1:
        raise Misfit("the softmax of what is no vector", argument.sizes)
    return _shares(elaborator, argument, 0)


def _shares(elaborator, argument: Value, along: int) -> Value:
    """exp of each entry divided by the sum of those along one axis."""
    powers = pointwise(elaborator.sizes, build.exp, argument)
    running = Variable.fresh()
    places = [running if place == along else variable for place, variable in enumerate(powers.variables)]
    total = summed(running, powers.sizes[along], powers.at(*places))
    return replace(powers, body=build.divide(powers.body, total))


def _softmax(elaborator, call: Call, around: Surroundings) -> Value:
    """The softmax of a vector, or of each row of a matrix; of one entry z_j it means the entry j of the softmax of z."""
    (argument,) = arguments_of(elaborator, call, around, 1)
    if argument.rank == 2:
        made = _shares(elaborator, argument, 1 - elaborator.oracle.pick(NOWHERE, "softmax of each row or of each column", (0, 1)))
    elif argument.rank == 1:
        made = softmax_of(elaborator, argument)
    else:
        return _softmax_of_entry(elaborator, call, argument, around)
    return elaborator.entry(made, [elaborator.index(call.below, around)]) if call.below is not None else made


def _softmax_of_entry(elaborator, call: Call, argument: Value, around: Surroundings) -> Value:
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
