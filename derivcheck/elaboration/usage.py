"""What the use of a name tells of it by itself: layers, offsets, inverses, capitals."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.reading.content import number
from derivcheck.reading.expression import Differential, Expression, Literal, Name, Power, Product, Sum, walk

Key = tuple[str, int]


def before_identity(expression: Expression) -> Iterator[Key]:
    """The small letters that an identity matrix is multiplied by: ``c I``."""
    for part in walk(expression):
        if isinstance(part, Product) and len(part.factors) == 2 and isinstance(part.factors[1], Name) and part.factors[1].spelling.partition("_")[0] == "I":
            scale = part.factors[0]
            if isinstance(scale, Name) and not is_capital(scale.spelling):
                yield scale.spelling, len(scale.indices)


def is_kept_by_matrix(name: Name, other: Expression) -> bool:
    r"""Whether a small letter is what a capital behind it makes of it: the row in ``\pi P = \pi``."""
    if not isinstance(other, Product) or is_capital(name.spelling) or any(other.signs):
        return False
    first, *rest = other.factors
    is_same = isinstance(first, Name) and (first.spelling, first.indices) == (name.spelling, name.indices)
    return is_same and all(isinstance(factor, Name) and is_capital(factor.spelling) for factor in rest)


def is_letter_for_matrix(name: Name, other: Expression) -> bool:
    """Whether a small letter in plain type is put for a capital, as the number is in ``R = r`` where matrices are numbers."""
    return isinstance(other, Name) and is_capital(other.spelling) and not is_capital(name.spelling) and not name.bold


def layer_of(total: Sum) -> tuple[Name, Name, Name] | None:
    """The matrix, the vector and the offset of a layer ``W_1 x + b_1``, where the first and the last have the same number; None for other sums."""
    terms = [term for _, term in total.terms]
    products = [term.factors for term in terms if isinstance(term, Product) and len(term.factors) == 2 and not any(term.signs)]
    names = [term for term in terms if isinstance(term, Name)]
    if len(terms) != 2 or len(products) != 1 or len(names) != 1:
        return None
    (matrix, vector), (offset,) = products[0], names
    if not isinstance(matrix, Name) or not isinstance(vector, Name) or not is_capital(matrix.spelling) or is_capital(vector.spelling):
        return None
    labels = [index.value for index in matrix.indices if isinstance(index, Literal)]
    is_alike = labels == [number(index) for index in offset.indices]
    return (matrix, vector, offset) if labels and is_labelled(matrix) and is_alike else None


def is_labelled(name: Name) -> bool:
    """Whether the indices of a name, if it has any, are numbers, as those of layers are: ``W_1``."""
    return all(isinstance(index, Literal) for index in name.indices)


def inverted_or_differentiated(factor: Expression) -> Expression:
    """What has the shape of its inverse, its power, or its derivative by a number, as a factor under a trace."""
    if isinstance(factor, Power | Differential) and isinstance(factor.body, Name):
        return factor.body if isinstance(factor, Power) or not any(is_capital(by.spelling) for by in factor.by if isinstance(by, Name)) else factor
    return factor


def is_inverse(power: Power) -> bool:
    value = number(power.exponent)
    return value is not None and value == -1


def is_capital(spelling: str) -> bool:
    """Whether a name's letter is a capital: the custom for matrices."""
    letter = spelling.partition("{")[2].rstrip("}") if spelling.startswith((r"\hat{", r"\tilde{", r"\bar{")) else spelling
    letter = letter.removeprefix("\\").partition("_")[0].partition("^")[0]
    return letter[:1].isupper() and not letter.startswith("mathrm")
