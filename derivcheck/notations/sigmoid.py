"""The logistic function 1 / (1 + e^{-x}): sigmoid, and the letters that mean it by custom.

Holds: d/dx \\sigma(x) = \\sigma(x) (1 - \\sigma(x)). Does not: d/dx \\sigma(x) = \\sigma(x) (1 + \\sigma(x)).
"""

from __future__ import annotations

from derivcheck.notation import Notation, pointwise_word
from derivcheck.term.build import ONE, add, exp, log, negate
from derivcheck.term.function import logistic

_logistic = pointwise_word(logistic)
_softplus = pointwise_word(lambda entry: log(add(ONE, exp(entry))))
_logit = pointwise_word(lambda entry: add(log(entry), negate(log(add(ONE, negate(entry))))))

NOTATION = Notation(
    words={
        **dict.fromkeys(("sigmoid", "Sigmoid", "sigm", "sig", "logistic", "expit"), _logistic),
        "softplus": _softplus,
        "logit": _logit,
    },
    functions={r"\sigma": _logistic, "s": _logistic, "S": _logistic},
)
