"""Letters whose products depend on the order: the units of quaternions, and whatever else has rules for its products."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivcheck.derivation.outline import Line
from derivcheck.elaboration.usage import is_capital
from derivcheck.reading.content import bare, number
from derivcheck.reading.edit import signature
from derivcheck.reading.expression import Expression, Name, Power, Product, Sum, is_plain


def noncommuting(lines: Sequence[Line], counts_order: bool) -> frozenset[str]:
    """The letters of which a document tells products one by one, ``ij = k``, where the order is said to count, or the other order comes to something else."""
    rules = [(left, right) for line in lines for left, right in _equations(line) for left, right in ((left, right), (right, left)) if _letters(left) and _is_outcome(right)]
    told: dict[tuple[str, ...], set[tuple]] = {}
    for left, right in rules:
        told.setdefault(_letters(left), set()).add(signature(bare(right)))
    if counts_order:
        return frozenset(letter for letters in told for letter in letters)
    swapped = {_letters(left) for left, right in rules if _is_opposite(left, right)}
    swapped |= {letters for letters, outcomes in told.items() if letters[::-1] in told and outcomes != told[letters[::-1]]}
    return frozenset(letter for letters in swapped for letter in letters)


def _equations(line: Line) -> Iterator[tuple[Expression, Expression]]:
    for place, sign in enumerate(line.statement.signs):
        left, right = line.members[place], line.members[place + 1]
        if sign.text == "=" and left is not None and right is not None:
            yield left, right


def _letters(expression: Expression) -> tuple[str, ...]:
    """The letters of a product of nothing else; none of anything else."""
    plain = bare(expression)
    if isinstance(plain, Power) and is_plain(plain.body) and number(plain.exponent) == 2:
        return plain.body.spelling, plain.body.spelling
    if not isinstance(plain, Product) or not set(plain.signs) <= {"", r"\cdot"} or not all(map(is_plain, plain.factors)):
        return ()
    letters = tuple(factor.spelling for factor in plain.factors if isinstance(factor, Name))
    # Capitals are matrices where their order counts, and those have a product of their own.
    return () if any(map(is_capital, letters)) else letters


def _is_outcome(expression: Expression) -> bool:
    """Whether an expression is a letter, one or a product of letters, or minus that."""
    plain = _unsigned(expression)
    return is_plain(plain) or number(plain) == 1 or bool(_letters(plain))


def _is_opposite(left: Expression, right: Expression) -> bool:
    """Whether one product is minus the other one of the same letters."""
    return bare(right) is not _unsigned(right) and _letters(_unsigned(right)) == _letters(left)[::-1]


def _unsigned(expression: Expression) -> Expression:
    plain = bare(expression)
    if isinstance(plain, Sum) and len(plain.terms) == 1 and plain.terms[0][0] == "-":
        return bare(plain.terms[0][1])
    return plain
