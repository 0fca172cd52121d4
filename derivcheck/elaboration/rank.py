"""How many axes a name has left beyond its indices: inferred from how it is used, where the document does not say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from derivcheck.elaboration import axes
from derivcheck.elaboration.declaration import declarations
from derivcheck.elaboration.usage import (
    Key,
    before_identity,
    inverted_or_differentiated,
    is_capital,
    is_inverse,
    is_kept_by_matrix,
    is_labelled,
    is_letter_for_matrix,
    layer_of,
)
from derivcheck.reading.content import names_of
from derivcheck.reading.custom import SCALARS
from derivcheck.reading.expression import (
    Bracketed,
    Call,
    Choice,
    Differential,
    Entry,
    Expression,
    Gradient,
    Listed,
    Literal,
    Modulus,
    Name,
    Power,
    Product,
    Sum,
    Transpose,
    is_plain,
    walk,
)
from derivcheck.reading.name import has_arrow

_MATRIX_WORDS = frozenset(("tr", "det", "trace", "Tr", "Sp", "Spur", "traza", "rank", "vec"))
_FIELD_WORDS = frozenset(("div", "curl", "rot"))
_VECTOR_WORDS = frozenset(("softmax", "diag", "lse", "logsumexp"))
_ROUNDS = 4


@dataclass(slots=True)
class Ranks:
    """The number of axes that a name with so many indices still has. ``declared`` ones are stated, the others inferred.

    ``bold``: names that are set in bold type somewhere. ``vectors``: what words call so. ``numbers``: names that are added to an inner product, so that no sum of arrays
    makes arrays of them. ``entrywise``: functions that the document uses as acting on each entry of an array. ``fields``: names that are written out
    as vectors, or have a curl or a divergence. ``stepping``: names of sequences, whose members before or behind one are named: ``h_{t-1}``.
    """

    declared: dict[Key, int] = field(default_factory=dict)
    inferred: dict[Key, int] = field(default_factory=dict)
    uses: set[Key] = field(default_factory=set)
    parameters: dict[str, list[int]] = field(default_factory=dict)
    bold: set[str] = field(default_factory=set)
    vectors: set[str] = field(default_factory=set)
    numbers: set[Key] = field(default_factory=set)
    entrywise: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    stepping: set[str] = field(default_factory=set)

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
                    self.stepping |= {part.spelling} if any(isinstance(index, Sum) for index in part.indices) else set()
                elif isinstance(part, Call) and part.function.spelling in _FIELD_WORDS:
                    self.fields |= {argument.spelling for argument in part.arguments if is_plain(argument)}
        self.fields |= {left.spelling for left, right in equalities if is_plain(left) and isinstance(right, Listed) and right.opening == "("}
        self.numbers |= {(left.spelling, len(left.indices)) for left, right in equalities if isinstance(left, Name) and _multiplies_letters(right)}
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
            numbers = (key for expression in expressions for key in (*self._added_to_numbers(expression), *before_identity(expression)))
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
            case Differential() | Gradient() if (by := axes.slope_by(expression)) is not None:
                self._array(by, rank)
            case Call() if (inside := self.entry_of(expression)) is not None:
                self._array(inside, rank)

    def _likely_rank(self, name: Name) -> int:
        if name.indices:
            labels = all(isinstance(index, Literal) for index in name.indices)
            return 2 if labels and is_capital(name.spelling) else 1
        if name.spelling in self.fields:
            return 1
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
                case Power() if isinstance(part.body, Name) and is_capital(part.body.spelling) and is_inverse(part):
                    self._inverse(part.body)
                case Power() if is_inverse(part) and isinstance(part.body, Bracketed) and isinstance(part.body.body, Product):
                    if all(isinstance(factor, Name) and is_capital(factor.spelling) for factor in part.body.body.factors):
                        for factor in part.body.body.factors:
                            self._array(factor, 2)
                case Power() if is_inverse(part) and isinstance(part.body, Bracketed) and isinstance(part.body.body, Sum):
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
        if (name.spelling, 2) in self.uses or self.of(name.spelling, 0) or 2 in (*self.inferred.values(), *self.declared.values()):
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
                    core = inverted_or_differentiated(factor)
                    if len(factors) == 1 or (isinstance(core, Name) and is_capital(core.spelling)):
                        self._array(core, 2)
        elif (
            call.function.spelling in _VECTOR_WORDS
            and len(call.arguments) == 1
            and isinstance(call.arguments[0], Name)
            and not call.arguments[0].indices
        ):
            self._array(call.arguments[0])
        elif call.function.spelling == "diag" and len(call.arguments) == 1 and not isinstance(call.arguments[0], Listed):
            self._on_diagonal(call.arguments[0])
        elif call.function.spelling == "inner":
            for argument in call.arguments:
                self._array(argument)

    def _on_diagonal(self, argument: Expression) -> None:
        """Notes that what a diagonal is made of are vectors, as far as that is no family of entries: ``1 - h_t^2``, ``s(1 - s)``."""
        names = [part for part in walk(argument) if isinstance(part, Name)]
        letters = names_of(*(index for name in names for index in name.indices))
        for name in names:
            if name.spelling not in letters and (not name.indices or name.spelling in self.stepping):
                self._array(name, 1)

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
            elif sign == "" and isinstance(second, Name) and self._is_matrix_before(first, second):
                self._array(second)

    def _is_matrix_before(self, first: Expression, second: Name) -> bool:
        """Whether a name for a matrix stands before another name, or its inverse or transpose before a small letter."""
        if isinstance(first, Name):
            return self.of(first.spelling, len(first.indices)) == 2
        is_turned = isinstance(first, Transpose) or (isinstance(first, Power) and is_inverse(first))
        return is_turned and isinstance(first.body, Name) and self.rank_of(first.body) == 2 and not is_capital(second.spelling)

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
        layer = layer_of(total)
        if layer is not None and self._looks_like_matrix(layer[0]) and (self.rank_of(layer[1]) or self.rank_of(layer[2])):
            for part, rank in zip(layer, (2, 1, 1), strict=True):
                self._array(part, rank)
        names = [term for _, term in total.terms if isinstance(term, Name)]
        unit = next((name for name in names if name.spelling == "e" and len(name.indices) == 1), None)
        if unit is not None and any(not name.indices and (name.spelling, 1) in self.uses for name in names):
            self._array(unit, 1)
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
                rank = 1 if is_kept_by_matrix(name, other) else self.rank_of(other)
                if rank and not (rank == 2 and is_letter_for_matrix(name, other)):
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
            if isinstance(other, Name) and axes.slope_by(name) is not None and self.rank_of(other) == 1:
                self._array(name, 1)
        if isinstance(left, Call | Entry):
            self._parameters(left, right)
        applied = right if isinstance(left, Name) and isinstance(right, Call) and len(right.arguments) == 1 else None
        if applied is not None and self.rank_of(left) and self.rank_of(left) == self.rank_of(applied.arguments[0]):
            self.entrywise.add(applied.function.spelling)

    def _vector(self, side: Expression) -> None:
        """Notes what it takes for a side of an equality to be a vector: ``tanh(z)`` of one, ``W x + b`` a matrix times one."""
        inside = self.entry_of(side) if isinstance(side, Call) else None
        if inside is not None:
            self._array(inside, 1)
        terms = [term for _, term in side.terms] if isinstance(side, Sum) else [side]
        products = [term.factors for term in terms if isinstance(term, Product) and len(term.factors) == 2 and not any(term.signs)]
        images = [two for two in products if all(isinstance(part, Name) and is_labelled(part) for part in two) and self._looks_like_matrix(two[0])]
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
        formal = {argument.spelling for argument in call.arguments if isinstance(argument, Name)}
        tells = any(self._is_of_arrays(part, formal) for part in walk(body))
        self.parameters[call.function.spelling] = [self.rank_of(argument) or 0 if tells and isinstance(argument, Name) else 0 for argument in call.arguments]

    def _is_of_arrays(self, part: Expression, formal: set[str]) -> bool:
        """Whether a part of what a function is defined as has a meaning for arrays alone, whatever its parameters are elsewhere."""
        if isinstance(part, Name):
            return (self.rank_of(part) or 0) > (part.spelling in formal)
        return isinstance(part, Transpose | Gradient) or (isinstance(part, Modulus) and part.bars == r"\|")

    def rank_of(self, expression: Expression) -> int | None:
        """The number of axes that an expression has, as far as that is known; None where it is not."""
        return axes.axes_of(self, expression)

    def entry_of(self, call: Call) -> Expression | None:
        """What a function is applied to entry by entry; None where it is none of those."""
        if call.function.spelling in ("max", "min"):
            others = [argument for argument in call.arguments if not isinstance(argument, Literal)]
            return others[0] if len(others) == 1 and len(call.arguments) == 2 else None
        is_entrywise = call.function.spelling in axes.ENTRYWISE or call.function.spelling in self.entrywise
        return call.arguments[0] if is_entrywise and len(call.arguments) == 1 else None

    def is_open(self, expression: Expression) -> bool:
        """Whether nothing has been found out about a name."""
        key = (expression.spelling, len(expression.indices)) if isinstance(expression, Name) else None
        return key is not None and key not in self.declared and key not in self.inferred


def _multiplies_letters(expression: Expression) -> bool:
    """Whether an expression is, or adds something to, the inner product of two small letters, which is a number: ``w^T x + b``."""
    terms = [term for _, term in expression.terms] if isinstance(expression, Sum) else [expression]
    pairs = [term.factors for term in terms if isinstance(term, Product) and len(term.factors) == 2]
    small = [(bare.body if isinstance(bare := first, Transpose) else None, second) for first, second in pairs]
    return any(all(isinstance(part, Name) and not is_capital(part.spelling) and not part.indices for part in pair) for pair in small)


def _is_identity(expression: Expression) -> bool:
    return isinstance(expression, Name) and expression.spelling == "I" and not expression.indices


