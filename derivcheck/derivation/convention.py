"""What documents say in passing, or leave unsaid because everybody knows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from derivcheck.derivation.definable import undecorated
from derivcheck.derivation.outline import FORMULA, Line
from derivcheck.derivation.shape import names_with, size_in
from derivcheck.elaboration.usage import is_capital
from derivcheck.reading.content import bare, names_of, number
from derivcheck.reading.custom import CONSTANTS, COVARIANCES
from derivcheck.reading.expression import (
    Binder,
    Call,
    Chance,
    Differential,
    Dots,
    Expression,
    Listed,
    Literal,
    Name,
    Power,
    Product,
    Sum,
    is_plain,
    walk,
)

_PROPERTIES = (
    r"(?:orthogonal|orthonormal|perpendicular|unit(?:ary)?(?: (?:vectors?|norm|length))?|eigen\w+|idempotent|projection|singular|cent(?:er|re)d"
    r"|(?:lower |upper |unit |strictly )*triangular|tridiagonal|banded|toeplitz|circulant|nilpotent|involutory|hermitian|traceless|(?:\w+[- ])?stochastic|permutation|commut\w+"
    r"|(?:0[/-]1|binary|boolean|indicator|selection|incidence|adjacency|mask(?:ing)?)[- ](?:matri(?:x|ces)|mask)|even|odd|periodic|additive|homogeneous|skew\S*)"
)
_PROPERTY_BEHIND = re.compile(rf"[\s{FORMULA},]*(?:and\W*)*(?:(?:is|are|be|being|has|have|a|an|the|all|both|mutually|with) )+{_PROPERTIES}\b", re.I)
_PROPERTY_BEFORE = re.compile(rf"\b{_PROPERTIES}(?: (?:vectors?|matri(?:x|ces)|values?|basis|functions?|variables?|data))?[\s{FORMULA},]*(?:and\W*)*$", re.I)
_OF_PARTS = re.compile(r"\b(?:orthogonal|orthonormal|eigen\w+|singular)\b", re.I)
_FACTORED = re.compile(r"\b(?:SVD|eigen-?\s?decomposition|eigenvalue decomposition|spectral|singular value|decomposition|factori[sz]ation|QR|Cholesky|diagonali[sz]\w+)\b", re.I)
_REPLACING = re.compile(r"\b(?:replac\w*|substitut\w*|swap\w*|ersetz\w*)(?:\s+(?:the|each|every|all|now))*\s*$", re.I)
_BY_WHAT_IT_DOES = re.compile(r"\b(?:matrix|operator|map|mapping|transformation)\W*(?:is )?(?:with|such that|for which|that satisfies|satisfying|defined by|given by|so that|mit)\W*$", re.I)
_IN_PLACE = re.compile(r"\b(?:in(?:to)? (?:the )?place of|instead of|anstelle von|anstatt|statt)(?:\s+(?:the|each|every|all))*\s*$", re.I)
_REPLACED = re.compile(r"\s*(?:by|with|durch)\b", re.I)
_NORMALIZED = re.compile(r"\bone-?\s?hot\b|\bsums? to (?:one|1)\b|\badds? up to (?:one|1)\b|\bprobability (?:vector|distribution)\b", re.I)

_BASES = {
    Fraction(2): re.compile(r"\bbits?\b|\bbase[- ](?:2|two)\b|\bbinary logarithm", re.I),
    Fraction(10): re.compile(r"\bdecibels?\b|\bbase[- ](?:10|ten)\b|\bcommon logarithm", re.I),
}


def normalized(lines: Sequence[Line]) -> frozenset[str]:
    """Names whose entries sum to one: words say so, or they weigh the logarithms in a cross entropy."""
    found: set[str] = set()
    halves: set[str] = set()
    for line in lines:
        name = line.members[0] if len(line.members) == 1 else None
        if isinstance(name, Name) and (_NORMALIZED.search(line.after) or _NORMALIZED.search(line.words)):
            found.add(name.spelling)
        for member in line.members:
            for part in walk(member) if member is not None else ():
                if isinstance(part, Binder) and part.operation == "+":
                    found |= set(_weights(part))
                if isinstance(part, Sum):
                    halves |= set(_complements(part))
    return frozenset(found - halves)


def covariances(expressions: Sequence[Expression]) -> frozenset[str]:
    """Matrices called ``\\Sigma``, as covariances are, which are symmetric."""
    return COVARIANCES & names_of(*expressions)


def special(lines: Sequence[Line], apart: frozenset[str] = frozenset()) -> frozenset[str]:
    """Names to which words give a property that is not followed up: a claim about them may rest on it. ``apart``: matrices that
    are taken apart, and their parts, of which values and bases are followed up.
    """
    found: set[str] = set()
    for line in lines:
        around = f"{line.words} {line.after}"
        told = (_PROPERTY_BEHIND.match(line.after) or _PROPERTY_BEFORE.search(line.words)) if len(line.members) == 1 or line.statement.membership else None
        if told is not None:
            found |= _called(line.members[0]) - (apart if _OF_PARTS.search(told.group()) else frozenset())
        elif size_in(line) is not None and _PROPERTY_BEHIND.match(f" a {line.after}"):
            found |= names_of(*names_with(line, lines))
        elif len(line.members) > 1 and not line.statement.membership and _FACTORED.search(around) and not _is_behind_factors(line, lines):
            found |= names_of(line.members[1]) - apart
    return frozenset(found)


def _is_behind_factors(line: Line, lines: Sequence[Line]) -> bool:
    """Whether the words before a line have an equation for a product in them already, which is what they tell of."""
    told = _FACTORED.search(line.words)
    if told is None:
        return False
    orders = range(line.order - line.words.count(FORMULA, told.end()), line.order)
    return any(other.order in orders and len(other.members) == 2 and isinstance(other.members[1], Product) for other in lines)


def _called(member: Expression | None) -> frozenset[str]:
    """The names that a formula lists; those of any other formula. The letters that count in a list are none of them."""
    items = member.items if isinstance(member, Listed) else (member,)
    return frozenset().union(*(frozenset((item.spelling,)) if isinstance(item, Name) else names_of(item) for item in items if not isinstance(item, Dots | None)))


def told_by_what_they_do(lines: Sequence[Line]) -> frozenset[str]:
    """Matrices of which words tell what they make of a vector, and that is meant of any vector: ``the matrix with $K v = u \\times v$``."""
    told = [line.members[0] for line in lines if len(line.members) > 1 and _BY_WHAT_IT_DOES.search(line.words)]
    return names_of(*(product.factors[0] for product in told if isinstance(product, Product)))


def replaced(lines: Sequence[Line]) -> frozenset[str]:
    r"""Names in whose place words put something else: ``Replace $y_i$ by $\tilde y_i$``, ``$q$ in place of $p$``. What was made of them is no more what it was."""
    alone = [line for line in lines if len(line.members) == 1]
    told = [line for line in alone if (_REPLACING.search(line.words) and _REPLACED.match(line.after)) or _IN_PLACE.search(line.words)]
    return names_of(*(line.members[0] for line in told))


def recursive(lines: Sequence[Line]) -> frozenset[str]:
    """Functions that an equation leads back to themselves at other places: ``T(n) = 2 T(n/2) + n``."""
    found: set[str] = set()
    for line in lines:
        left, right = (*line.members, None, None)[:2]
        if isinstance(left, Call) and right is not None:
            found |= {part.function.spelling for part in walk(right) if isinstance(part, Call)} & {left.function.spelling}
    return frozenset(found)


def _complements(total: Sum) -> Iterable[str]:
    """The names in ``1 - y``: the probability of one of two, not a vector of them."""
    if len(total.terms) == 2 and isinstance(total.terms[0][1], Literal) and total.terms[0][1].value == 1 and total.terms[1][0] == "-":
        other = bare(total.terms[1][1])
        if isinstance(other, Name):
            yield other.spelling


def _weights(binder: Binder) -> Iterable[str]:
    """The names that stand before a logarithm with the index of the sum."""
    body = bare(binder.body)
    if not isinstance(body, Product) or len(body.factors) != 2 or len(binder.variables) != 1:
        return
    weight, logarithm = (bare(factor) for factor in body.factors)
    letter = binder.variables[0].spelling
    if not isinstance(weight, Name) or not isinstance(logarithm, Call) or logarithm.function.spelling not in ("log", "ln"):
        return
    if weight.indices and isinstance(weight.indices[-1], Name) and weight.indices[-1].spelling == letter:
        yield weight.spelling


def has_imaginary(expressions: Sequence[Expression]) -> bool:
    """Whether a document has the imaginary unit: the letter i in an exponent of e, or squared."""
    powers = [part for expression in expressions for part in walk(expression) if isinstance(part, Power) and isinstance(part.body, Name)]
    return any(
        (power.body.spelling == "e" and any(is_plain(part) and part.spelling == "i" for part in walk(power.exponent)))
        or (is_plain(power.body) and power.body.spelling == "i" and number(power.exponent) == 2)
        for power in powers
        if isinstance(power.body, Name)
    )


def varying_constants(expressions: Sequence[Expression]) -> frozenset[str]:
    r"""Letters of fixed numbers that the document has as variables: ``\pi`` where it differentiates by it, conditions on it, writes what is left
    of 1, or has it with indices and multiplies a matrix by it.
    """
    parts = [part for expression in expressions for part in walk(expression)]
    by = [one for part in parts if isinstance(part, Differential) for one in part.by]
    given = [one for part in parts if isinstance(part, Chance) for one in part.given]
    rests = [term for part in parts if isinstance(part, Sum) and len(part.terms) == 2 and number(part.terms[0][1]) == 1 for sign, term in part.terms[1:] if sign == "-"]
    hatted = {undecorated(part.spelling) for part in parts if isinstance(part, Name)}
    indexed = {part.spelling for part in parts if isinstance(part, Name) and part.indices}
    rows = [part.factors[0] for part in parts if isinstance(part, Product) and is_plain(part.factors[0]) and isinstance(part.factors[1], Name) and is_capital(part.factors[1].spelling)]
    rests += [row for row in rows if row.spelling in indexed]
    return frozenset(letter for letter in CONSTANTS if letter in hatted or any(is_plain(one) and one.spelling == letter for one in (*by, *given, *rests)))


def logarithmic_base(expressions: Sequence[Expression], text: str) -> Fraction | None:
    """The one number that a document writes below logarithms, or that its words tell; None where there is none, or more than one."""
    calls = [part for expression in expressions for part in walk(expression) if isinstance(part, Call) and part.function.spelling == "log"]
    bases = {part.below.value for part in calls if isinstance(part.below, Literal)}
    if not bases and calls:
        bases = {base for base, words in _BASES.items() if words.search(text)}
    return bases.pop() if len(bases) == 1 else None
