"""How many axes a name has left beyond its indices: inferred from how it is used, where the document does not say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from derivcheck.elaboration import axes
from derivcheck.elaboration.declaration import declarations
from derivcheck.reading.content import number
from derivcheck.reading.custom import SCALARS
from derivcheck.reading.expression import (
    Bracketed,
    Call,
    Choice,
    Differential,
    Entry,
    Expression,
    Gradient,
    Literal,
    Modulus,
    Name,
    Power,
    Product,
    Sum,
    Transpose,
    walk,
)
from derivcheck.reading.name import has_arrow

Key = tuple[str, int]
_MATRIX_WORDS = frozenset(("tr", "det", "trace", "Tr", "Sp", "Spur", "traza", "rank", "vec"))
_VECTOR_WORDS = frozenset(("softmax", "diag", "lse", "logsumexp"))
_ROUNDS = 4


@dataclass(slots=True)
class Ranks:
    """The number of axes that a name with so many indices still has. ``declared`` ones are stated, the others inferred.

    ``bold``: names that are set in bold type somewhere. ``vectors``: what words call so. ``numbers``: names that are added to an inner product, so that no sum of arrays
    makes arrays of them. ``entrywise``: functions that the document uses as acting on each entry of an array.
    """

    declared: dict[Key, int] = field(default_factory=dict)
    inferred: dict[Key, int] = field(default_factory=dict)
    uses: set[Key] = field(default_factory=set)
    parameters: dict[str, list[int]] = field(default_factory=dict)
    bold: set[str] = field(default_factory=set)
    vectors: set[str] = field(default_factory=set)
    numbers: set[Key] = field(default_factory=set)
    entrywise: set[str] = field(default_factory=set)

    def of(self, spelling: str, indices: int) -> int:
        key = (spelling, indices)
        return self.declared[key] if key in self.declared else self.inferred.get(key, 0)

    # -- gathering

    def infer(self, expressions: list[Expression], equalities: list[tuple[Expression, Expression]]) -> None:
        """Takes in all expressions of a document, and its equalities, until nothing new is found."""
        for expression in expressions:
            for part in walk(expression):
                if isinstance(part, Name):
                    self.uses.add((part.spelling, len(part.indices)))
        for spread in (False, True):
            for _ in range(_ROUNDS):
                before = dict(self.inferred)
                for expression in expressions:
                    self._look(expression, spread)
                if spread:
                    for left, right in equalities:
                        self._equal(left, right)
                if before == self.inferred:
                    break
            numbers = (key for expression in expressions for key in (*self._added_to_numbers(expression), *_before_identity(expression)))
            self.numbers |= set(numbers) - set(self.inferred)
        for left, right in equalities:
            if isinstance(left, Name) and not left.primes and self.rank_of(right) == 0:
                self.inferred.setdefault((left.spelling, len(left.indices)), 0)

    def declare(self, left: Expression, right: Expression) -> None:
        for declaration in declarations(left, right):
            if declaration.sizes is not None:
                self._declare(declaration.name, len(declaration.sizes))

    def declare_matrix(self, spelling: str) -> None:
        """Takes a name for that of a matrix, unless it has been declared."""
        if (spelling, 0) not in self.declared:
            self.declared |= {(spelling, count): 2 - count for count in range(3)}
            self.uses.add((spelling, 0))

    def take_for_vector(self, spelling: str) -> None:
        """Takes a name for that of a vector, unless more is found out."""
        self.inferred.setdefault((spelling, 0), 1)
        self.vectors.add(spelling)

    def _declare(self, name: Name, rank: int) -> None:
        key = (name.spelling, len(name.indices))
        self.declared.setdefault(key, rank)
        self.uses.add(key)
        if not name.indices:
            for count in range(1, rank + 1):
                self.declared.setdefault((name.spelling, count), rank - count)

    def _array(self, expression: Expression, rank: int | None = None) -> None:
        """Notes that an expression is an array."""
        match expression:
            case Name():
                key = (expression.spelling, len(expression.indices))
                if key not in self.declared and key not in self.numbers:
                    found = rank if rank is not None else self._likely_rank(expression)
                    self.inferred[key] = min(max(self.inferred.get(key, 0), found), 2)
            case Bracketed():
                self._array(expression.body, rank)
            case Sum():
                only_names = all(isinstance(term, Name) for _, term in expression.terms)
                for _, term in expression.terms:
                    # A capital beside something longer has the rank of that, which may be found out later.
                    if isinstance(term, Name) and (rank is not None or only_names or not is_capital(term.spelling)):
                        self._array(term, rank)
            case Transpose():
                self._array(expression.body, rank)
            case Choice():
                self._array(expression.options[0][0], rank)

    def _likely_rank(self, name: Name) -> int:
        if name.indices:
            labels = all(isinstance(index, Literal) for index in name.indices)
            return 2 if labels and is_capital(name.spelling) else 1
        if (name.spelling, 2) in self.uses and (is_capital(name.spelling) or (name.spelling, 1) not in self.uses):
            return 2
        if (name.spelling, 1) in self.uses and not self.of(name.spelling, 1):
            return 1
        return 2 if is_capital(name.spelling) else 1

    def _look(self, expression: Expression, spread: bool) -> None:
        """Notes what the uses in an expression tell; ``spread``: also what sums and gradients carry from one name to another."""
        for part in walk(expression):
            match part:
                case Name() if part.bold:
                    self.bold.add(part.spelling)
                    self._array(part)
                case Name() if has_arrow(part):
                    self._array(part, 1)
                case Transpose():
                    self._array(part.body)
                case Modulus() if part.bars == r"\|":
                    self._array(part.body)
                case Gradient() if part.by is not None:
                    self._array(part.by)
                case Product():
                    self._product(part)
                case Power() if isinstance(part.body, Name) and is_capital(part.body.spelling) and _is_inverse(part):
                    self._inverse(part.body)
                case Power() if _is_inverse(part) and isinstance(part.body, Bracketed) and isinstance(part.body.body, Product):
                    if all(isinstance(factor, Name) and is_capital(factor.spelling) for factor in part.body.body.factors):
                        for factor in part.body.body.factors:
                            self._array(factor, 2)
                case Power() if _is_inverse(part) and isinstance(part.body, Bracketed) and isinstance(part.body.body, Sum):
                    self._beside_identity(part.body.body)
                case Call():
                    self._call(part)
                case Entry() if isinstance(part.body, Call):
                    for argument in part.body.arguments:
                        self._array(argument)
                case Sum() if spread:
                    self._sum(part)

    def _added_to_numbers(self, expression: Expression) -> Iterator[Key]:
        """The names that are added to inner products: ``b`` in ``w^T x + b``."""
        for part in walk(expression):
            if isinstance(part, Sum) and any(self._is_inner_product(term) for _, term in part.terms):
                yield from ((term.spelling, len(term.indices)) for _, term in part.terms if isinstance(term, Name))

    def _is_inner_product(self, expression: Expression) -> bool:
        """Whether an expression is a number that vectors make: a vector lying down times one standing up."""
        turned = isinstance(expression, Product) and any(isinstance(factor, Transpose) for factor in expression.factors)
        return turned and self.rank_of(expression) == 0

    def _inverse(self, name: Name) -> None:
        if (name.spelling, 2) in self.uses or self.of(name.spelling, 0) or any(rank == 2 for rank in self.inferred.values()):
            self._array(name, 2)

    def _beside_identity(self, total: Sum) -> None:
        r"""Capitals that multiples of the identity are added to before the inverse is taken are matrices: ``(K + \lambda I)^{-1}``."""
        if any(_is_identity(term) or (isinstance(term, Product) and _is_identity(term.factors[-1])) for _, term in total.terms):
            for _, term in total.terms:
                if isinstance(term, Name) and is_capital(term.spelling) and not term.indices:
                    self._array(term, 2)

    def _call(self, call: Call) -> None:
        for argument, rank in zip(call.arguments, self.parameters.get(call.function.spelling, ()), strict=False):
            if rank and isinstance(argument, Name):
                self._array(argument, rank)
        if call.function.spelling in _MATRIX_WORDS:
            for argument in call.arguments:
                factors = argument.factors if isinstance(argument, Product) else (argument,)
                for factor in factors:
                    core = _inverted_or_differentiated(factor)
                    if len(factors) == 1 or (isinstance(core, Name) and is_capital(core.spelling)):
                        self._array(core, 2)
        elif (
            call.function.spelling in _VECTOR_WORDS
            and len(call.arguments) == 1
            and isinstance(call.arguments[0], Name)
            and not call.arguments[0].indices
        ):
            self._array(call.arguments[0])
        elif call.function.spelling == "inner":
            for argument in call.arguments:
                self._array(argument)

    def _product(self, product: Product) -> None:
        factors = product.factors
        for place, (first, sign, second) in enumerate(zip(factors, product.signs, factors[1:], strict=False)):
            last = place + 2 == len(factors)
            if isinstance(first, Transpose) and sign in ("", r"\cdot"):
                self._behind_transpose(first, second, last)
            elif sign in (r"\odot", r"\circ", r"\otimes"):
                self._array(first)
                self._array(second)
                self.entrywise |= {factor.function.spelling for factor in (first, second) if isinstance(factor, Call)}
            elif sign == r"\cdot" and isinstance(first, Name) and isinstance(second, Name):
                if self.rank_of(first) == 1 or self.rank_of(second) == 1:
                    self._array(first)
                    self._array(second)
            elif sign == "" and isinstance(second, Name) and not second.indices and self._has_entries(first):
                self._array(first, 2)
                self._array(second)
            elif sign == "" and isinstance(first, Name) and is_capital(first.spelling) and not first.indices and self.rank_of(second) == 1:
                if (first.spelling, 2) in self.uses or self._looks_like_matrix(first):
                    self._array(first, 2)
            elif sign == "" and isinstance(first, Name) and self.of(first.spelling, len(first.indices)) == 2 and isinstance(second, Name):
                self._array(second)

    def _has_entries(self, expression: Expression) -> bool:
        """Whether a capital without indices stands with two of them elsewhere, as a matrix does, and never with one."""
        plain = isinstance(expression, Name) and not expression.indices and not expression.samples and is_capital(expression.spelling)
        return plain and (expression.spelling, 2) in self.uses and (expression.spelling, 1) not in self.uses

    def _behind_transpose(self, first: Transpose, second: Expression, last: bool) -> None:
        if isinstance(second, Call) and last and self.rank_of(first.body) == 1 and second.function.spelling not in {*axes.ENTRYWISE, *_MATRIX_WORDS, *_VECTOR_WORDS}:
            # The values of a function are vectors where a vector is multiplied by them: ``w^T phi(s, a)``.
            self.inferred.setdefault((second.function.spelling, len(second.function.indices)), 1)
        elif isinstance(second, Name) and is_capital(second.spelling) and not second.indices:
            self._array(second, None if last else 2)
        else:
            self._array(second)

    def _looks_like_matrix(self, name: Name) -> bool:
        return name.spelling not in SCALARS and (name.spelling, len(name.indices) + 1) not in self.uses

    def _sum(self, total: Sum) -> None:
        layer = _layer(total)
        if layer is not None and self._looks_like_matrix(layer[0]) and (self.rank_of(layer[1]) or self.rank_of(layer[2])):
            for part, rank in zip(layer, (2, 1, 1), strict=True):
                self._array(part, rank)
        ranks = [self.rank_of(term) for _, term in total.terms]
        highest = max((rank for rank in ranks if rank is not None), default=0)
        if not highest and any(_is_identity(term) for _, term in total.terms):
            highest = 2 if all(isinstance(term, Name) and is_capital(term.spelling) for _, term in total.terms) else 0
        if highest:
            for (_, term), rank in zip(total.terms, ranks, strict=True):
                if rank:
                    continue
                if isinstance(term, Choice):
                    term = term.options[0][0]
                if isinstance(term, Product) and highest == 1 and len(term.factors) == 2 and not any(term.signs):
                    term = term.factors[-1]
                if isinstance(term, Name):
                    self._array(term, 1 if highest == 2 and self._is_offset(term, total) else highest)

    def _is_offset(self, name: Name, total: Sum) -> bool:
        """Whether a small letter is added to products of matrices and has no two indices: the vector in ``X W + b``, added to every row."""
        others = [term for _, term in total.terms if term is not name]
        return not is_capital(name.spelling) and (name.spelling, 2) not in self.uses and all(isinstance(term, Product) for term in others)

    def _equal(self, left: Expression, right: Expression) -> None:
        """Both sides of an equality have the same rank; a bare name takes it from the other side."""
        for name, other in ((left, right), (right, left)):
            if isinstance(name, Name) and not name.primes:
                rank = self.rank_of(other)
                if rank:
                    self._array(name, rank)
            if isinstance(name, Sum) and self.rank_of(other) == 1 and not self.rank_of(name):
                for _, term in name.terms:
                    if isinstance(term, Name) and not term.indices and (term.spelling, 1) in self.uses:
                        self._array(term, 1)
            if self.rank_of(other) == 1 and not self.rank_of(name):
                self._vector(name)
            if isinstance(name, Differential) and len(name.by) == 1 and (self.rank_of(other) or 0) == (self.rank_of(name.body) or 0) + 1:
                by = name.by[0]
                if isinstance(by, Name) and not by.indices and (by.spelling, 1) in self.uses and not self.rank_of(by):
                    self._array(by, 1)
        if isinstance(left, Call | Entry):
            self._parameters(left, right)
        applied = right if isinstance(left, Name) and isinstance(right, Call) and len(right.arguments) == 1 else None
        if applied is not None and self.rank_of(left) and self.rank_of(left) == self.rank_of(applied.arguments[0]):
            self.entrywise.add(applied.function.spelling)

    def _vector(self, side: Expression) -> None:
        """Notes what it takes for a side of an equality to be a vector: ``tanh(z)`` of one, ``W x + b`` a matrix times one."""
        if isinstance(side, Call) and side.function.spelling in axes.ENTRYWISE and len(side.arguments) == 1:
            self._array(side.arguments[0], 1)
        terms = [term for _, term in side.terms] if isinstance(side, Sum) else [side]
        products = [term.factors for term in terms if isinstance(term, Product) and len(term.factors) == 2 and not any(term.signs)]
        images = [two for two in products if all(isinstance(part, Name) and _is_labelled(part) for part in two) and self._looks_like_matrix(two[0])]
        for matrix, vector in images:
            if is_capital(matrix.spelling) and not is_capital(vector.spelling):
                self._array(matrix, 2)
                self._array(vector, 1)

    def _parameters(self, head: Call | Entry, body: Expression) -> None:
        """A parameter whose entries the body names is a vector."""
        call = head.body if isinstance(head, Entry) else head
        if not isinstance(call, Call):
            return
        inside = {(part.spelling, len(part.indices)) for part in walk(body) if isinstance(part, Name)}
        for argument in call.arguments:
            if (
                isinstance(argument, Name)
                and not argument.indices
                and (argument.spelling, 1) in inside
                and not self.of(argument.spelling, 1)
            ):
                self._array(argument, 1)
        self.parameters[call.function.spelling] = [self.rank_of(argument) or 0 if isinstance(argument, Name) else 0 for argument in call.arguments]

    def rank_of(self, expression: Expression) -> int | None:
        """The number of axes that an expression has, as far as that is known; None where it is not."""
        return axes.axes_of(self, expression)

    def is_open(self, expression: Expression) -> bool:
        """Whether nothing has been found out about a name."""
        key = (expression.spelling, len(expression.indices)) if isinstance(expression, Name) else None
        return key is not None and key not in self.declared and key not in self.inferred


def _is_identity(expression: Expression) -> bool:
    return isinstance(expression, Name) and expression.spelling == "I" and not expression.indices


def _before_identity(expression: Expression) -> Iterator[Key]:
    """The small letters that an identity matrix is multiplied by: ``c I``."""
    for part in walk(expression):
        if isinstance(part, Product) and len(part.factors) == 2 and isinstance(part.factors[1], Name) and part.factors[1].spelling.partition("_")[0] == "I":
            scale = part.factors[0]
            if isinstance(scale, Name) and not is_capital(scale.spelling):
                yield scale.spelling, len(scale.indices)


def _layer(total: Sum) -> tuple[Name, Name, Name] | None:
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
    return (matrix, vector, offset) if labels and _is_labelled(matrix) and is_alike else None


def _is_labelled(name: Name) -> bool:
    """Whether the indices of a name, if it has any, are numbers, as those of layers are: ``W_1``."""
    return all(isinstance(index, Literal) for index in name.indices)


def _inverted_or_differentiated(factor: Expression) -> Expression:
    """What has the shape of its inverse, its power, or its derivative by a number, as a factor under a trace."""
    if isinstance(factor, Power | Differential) and isinstance(factor.body, Name):
        return factor.body if isinstance(factor, Power) or not any(is_capital(by.spelling) for by in factor.by if isinstance(by, Name)) else factor
    return factor


def _is_inverse(power: Power) -> bool:
    value = number(power.exponent)
    return value is not None and value == -1


def is_capital(spelling: str) -> bool:
    """Whether a name's letter is a capital: the custom for matrices."""
    letter = spelling.partition("{")[2].rstrip("}") if spelling.startswith((r"\hat{", r"\tilde{", r"\bar{")) else spelling
    letter = letter.removeprefix("\\").partition("_")[0].partition("^")[0]
    return letter[:1].isupper() and not letter.startswith("mathrm")

