"""Equations that a document joins with "or": each holds in a case of its own, so none of them is known by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from derivcheck.derivation.outline import FORMULA, Line

_OR = re.compile(r"\W*(?:or|또는)(?: (?:else|that|otherwise))?\W*", re.I)
_OR_SIGNS = frozenset((r"\lor", r"\vee"))


def alternatives(lines: Sequence[Line]) -> frozenset[int]:
    """The orders of the lines that "or" joins to the one before or behind them."""
    found: set[int] = set()
    for before, line in pairwise(lines):
        if before.scope == line.scope and before.statement.signs and line.statement.signs and not line.is_continuation and _is_joined(before, line):
            found |= {before.order, line.order}
    return frozenset(found)


def _is_joined(before: Line, line: Line) -> bool:
    if line.display == before.display:
        return line.statement.link in _OR_SIGNS or _OR.fullmatch(line.statement.before) is not None
    _, formula, behind = line.words.rpartition(FORMULA)
    return bool(formula) and _OR.fullmatch(f"{behind} {line.statement.before}") is not None
