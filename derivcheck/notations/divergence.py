r"""The Kullback-Leibler divergence of two laws, of densities or of vectors of probabilities: ``KL(q \| p)``, ``D_{KL}(p \| q)``.

Holds: KL(p \| q) = \sum_i p_i \log p_i - \sum_i p_i \log q_i. Does not: KL(p \| q) = KL(q \| p).
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings
from derivcheck.reading.expression import Call
from derivcheck.term import build
from derivcheck.term.value import Value, folded, pointwise

_PAIR = 2


def _divergence(elaborator, call: Call, around: Surroundings) -> Value:
    """The mean of the logarithm of the ratio under the first law; unknown where the document does not say enough of the laws."""
    if len(call.arguments) != _PAIR or call.below is not None:
        return elaborator.unknown_call(call, around)
    made = elaborator.divergence(*call.arguments, around)
    if made is not None or elaborator.joint:
        return elaborator.unknown_call(call, around) if made is None else Value(made)
    first, second = (elaborator.value(argument, around) for argument in call.arguments)
    if first.rank != 1 or second.rank != 1:
        return elaborator.unknown_call(call, around)
    return Value(folded("+", pointwise(elaborator.sizes, lambda p, q: build.multiply(p, build.subtract(build.log(p), build.log(q))), first, second)))


NOTATION = Notation(words=dict.fromkeys(("KL", r"\mathrm{KL}", r"D_{\mathrm{KL}}", "D_{KL}"), _divergence))
