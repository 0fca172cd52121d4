"""What stands before a formula to say whose it is: ``ReLU:`` in a list of activation functions."""

from __future__ import annotations

import re

_LABEL = re.compile(r"(?:^|[.;!?\N{OBJECT REPLACEMENT CHARACTER}]|\s[-*+•])[\s*_+•-]*(?:\d{1,2}[.)]\s*)?((?:[^\W\d_][\w'’()（）/-]*\s*){1,5})[*_]*\s*[:：][\s*_]*$")
# Words of the course of an argument: what they introduce is about what stood before them.
_GOES_ON = re.compile(
    r"\b(?:step|stage|part|first|second|third|then|next|now|finally|lastly|so|thus|hence|therefore|also|or|and|again|that|which|this|it|we|you|i|is|are|be|get|gets|have|has"
    r"|gives?|yields?|becomes?|results?|answer|ans|soln?|solution|proof|note|recall|simpl\w+|expan\w+|substitut\w+|rewrit\w+|rearrang\w+|differentiat\w+|comput\w+"
    r"|calculat\w+|deriv\w+|using|with|where|for|from|by|as|in|equivalent\w*|form|notation|version)\b",
    re.I,
)


def are_labelled_apart(one: str, other: str) -> bool:
    """Whether the words before two formulas name two things that they are of."""
    first, second = _label(one), _label(other)
    return first is not None and second is not None and first != second


def _label(words: str) -> str | None:
    found = _LABEL.search(words)
    if found is None or _GOES_ON.search(found.group(1)) is not None:
        return None
    return found.group(1).strip().lower()
