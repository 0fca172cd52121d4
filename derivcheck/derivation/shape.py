r"""Shapes that words tell: ``$A$ and $B$ are $m \times n$ matrices``, ``an $m \times n$ matrix $A$``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from derivcheck.derivation.outline import FORMULA, Line
from derivcheck.document import Kind
from derivcheck.elaboration.usage import is_capital
from derivcheck.reading.expression import Expression, Listed, Literal, Name, Power, Product, is_plain

_NAMES_BEFORE = re.compile(
    rf"((?:{FORMULA}[ ,]*(?:and |both )*)+)(?:(?:is|are|be|being|has|have|denotes?)\b|(?=an?\b))(?: ?(?:an?|the|two|all|both|some|real|known|fixed|constant|of|size|shape|dimensions?))*\s*$",
    re.I,
)
_KINDS = r"(?:square|real|invertible|symmetric|orthogonal|diagonal|positive|definite|semi-?definite|nonsingular|regular|random)"
_MATRICES_BEFORE = re.compile(rf"\b(?:matrix|matrices)\s*(?:{FORMULA}[ ,]*(?:and )?)*$", re.I)
_MATRICES_BEHIND = re.compile(
    rf"[\s,]*(?:(?:and )?{FORMULA}[ ,]*)*(?:is|are|be|being|denote)?\s*(?:an? |two |both |also )*(?:{_KINDS}[ ,]*(?:and )?)*"
    r"(?:matri(?:x|ces)|invertible|symmetric|orthogonal|nonsingular)\b",
    re.I,
)
_PLAIN_MATRICES = re.compile(r"\b[A-Z](?:(?:, | and |, and )[A-Z])* (?:is|are|be) (?:an? |two |both )?(?:\w+ ){0,2}?(?:matrix|matrices|invertible|symmetric|orthogonal)\b|\bmatri(?:x|ces) [A-Z](?:(?:, | and |, and )[A-Z])*\b")
_MATRIX_BEHIND = re.compile(r"\s*(?:\w+ ){0,2}?matri(?:x|ces)\s*$", re.I)


def said_shapes(lines: Sequence[Line]) -> Iterator[tuple[Expression, Expression]]:
    r"""Names with the sets that their shapes make of them, as if ``A \in \mathbb{R}^{m \times n}`` stood there."""
    for line in lines:
        size = size_in(line)
        if size is not None:
            space = Power(Name(r"\mathbb{R}", size.span), size, size.span)
            for name in names_with(line, lines):
                yield name, space


def size_in(line: Line) -> Product | None:
    r"""The size that a formula in the text consists of: ``n \times d``; None of any other."""
    size = line.members[0] if len(line.members) == 1 and line.segment.kind is Kind.INLINE else None
    is_size = isinstance(size, Product) and size.signs == (r"\times",) and all(is_plain(one) or isinstance(one, Literal) for one in size.factors)
    return size if is_size else None


def matrix_names(lines: Sequence[Line], prose: str) -> frozenset[str]:
    """Capitals that words call matrices, or give a property that only matrices have: in plain words, or around a formula."""
    found = {name for match in _PLAIN_MATRICES.finditer(prose) for name in re.findall(r"\b[A-Z]\b", match.group())}
    for line in lines:
        only = line.members[0] if len(line.members) == 1 else None
        names = only.items if isinstance(only, Listed) else (only,)
        if _MATRICES_BEFORE.search(line.words) or _MATRICES_BEHIND.match(line.after):
            found |= {name.spelling for name in names if is_plain(name) and is_capital(name.spelling)}
    return frozenset(found)


def names_with(line: Line, lines: Sequence[Line]) -> Iterator[Name]:
    """The names that the words around a size give it to: those just before it, else those behind the word matrix."""
    before = _NAMES_BEFORE.search(line.words)
    if before is not None:
        yield from _alone(lines, range(line.order - before.group(1).count(FORMULA), line.order))
    elif _MATRIX_BEHIND.match(line.after):
        yield from _alone(lines, range(line.order + 1, line.order + 2))


def _alone(lines: Sequence[Line], orders: range) -> Iterator[Name]:
    """The names that are the only members of some lines."""
    for line in lines:
        if line.order in orders and len(line.members) == 1 and is_plain(line.members[0]):
            yield line.members[0]
