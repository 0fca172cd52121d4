"""Names of sets: what stands between bars is then how many elements they have."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.derivation.outline import Line, members_of
from derivcheck.elaboration.usage import is_capital
from derivcheck.reading.expression import Bracketed, Listed, Modulus, Name, Unread, walk


def set_names(lines: Sequence[Line]) -> frozenset[str]:
    """The names that an equation gives a set which is written out; capitals between bars, where these stand around unions and intersections, too."""
    pairs = [(one.members[0], one.members[1]) for one in lines if len(one.members) > 1]
    written = frozenset(left.spelling for left, right in pairs if isinstance(left, Name) and isinstance(right, Listed | Bracketed) and right.opening == r"\{")
    counted = [part.body for member in members_of(lines) for part in walk(member) if isinstance(part, Modulus)]
    if not any(isinstance(body, Unread) and body.found in (r"\cup", r"\cap") for body in counted):
        return written
    return written | {body.spelling for body in counted if isinstance(body, Name) and is_capital(body.spelling)}
