"""The exponential function.

Holds: \\exp(a + b) = \\exp(a) \\exp(b). Does not: \\exp(a + b) = \\exp(a) + \\exp(b).
"""

from __future__ import annotations

from derivcheck.notation import Notation, pointwise_word
from derivcheck.term import build

NOTATION = Notation(words={"exp": pointwise_word(build.exp), "Exp": pointwise_word(build.exp)})
