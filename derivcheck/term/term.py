"""Terms: what a formula means. Names are resolved, every family is fully indexed, every term is one number (or one truth value).

A vector is not a term but an ``Array``: a comprehension of terms over index variables. Terms are interned: equal terms
are the same object, so ``is`` compares them and a memo may be keyed by them. They are born only in ``build.py``, whose
smart constructors keep them in normal form; this module holds the classes and nothing that computes.

Bound variables are stored by height (1 + the greatest height bound inside), so terms that differ only in the letters of
their bound variables are the same object. Look inside a binder only through its ``open`` method, which hands out a
variable that occurs nowhere else.
"""

from __future__ import annotations

from fractions import Fraction
from hashlib import blake2b
from itertools import count
from weakref import WeakValueDictionary

MAX_DEPTH = 300
MAX_SIZE = 200_000

EMPTY: frozenset = frozenset()
_interned: WeakValueDictionary[tuple, Term] = WeakValueDictionary()
# The next reading of a line makes most terms of the last one again: those met of late are kept alive, in two generations, so that
# they are found rather than measured anew.
GENERATION = 20_000
_recent: dict[tuple, Term] = {}
_older: dict[tuple, Term] = {}
_fresh = count(1)


class TooLarge(Exception):
    """A term would be deeper than MAX_DEPTH or larger than MAX_SIZE (nodes of its tree, shared ones counted each time)."""


class Term:
    """One interned node.

    ``children`` are the terms inside, ``payload`` what else tells it from others of its class. ``digest`` is the same in
    every process, so it orders terms and seeds random points. ``variables`` are the variables not bound inside; ``names``
    the symbols and unknown functions that occur; ``height`` the greatest height of a binder inside.
    """

    __slots__ = ("__weakref__", "children", "depth", "digest", "height", "names", "payload", "size", "variables")

    children: tuple[Term, ...]
    payload: tuple

    binds = 0

    def __new__(cls, children: tuple[Term, ...] = (), payload: tuple = ()) -> Term:
        key = (cls, children, payload)
        known = _recent.get(key)
        if known is not None:
            return known
        made = _interned.get(key)
        if made is None:
            made = object.__new__(cls)
            made.children = children
            made.payload = payload
            made._measure()
            _interned[key] = made
        _keep(key, made)
        return made

    def _measure(self) -> None:
        children = self.children
        depth = height = 0
        size = 1
        variables = names = EMPTY
        for child in children:
            size += child.size
            if child.depth > depth:
                depth = child.depth
            if child.height > height:
                height = child.height
            if child.variables is not variables:
                variables = variables | child.variables if variables else child.variables
            if child.names is not names:
                names = names | child.names if names else child.names
        self.depth, self.size, self.height, self.variables, self.names = depth + 1, size, height, variables, names
        if self.depth > MAX_DEPTH or self.size > MAX_SIZE:
            raise TooLarge(f"depth {self.depth}, size {self.size}")
        if self.binds:
            self.variables = self.variables - frozenset(Variable.of(self.height + k) for k in range(1, self.binds + 1))
            self.height += self.binds
        elif isinstance(self, (Symbol, Apply)):
            self.names = self.names | {self.payload[0]}
        text = repr((type(self).__name__, self.payload, tuple([child.digest for child in children])))
        self.digest = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")

    def __reduce__(self):
        return (_restore, (type(self), self.children, self.payload))

    def __repr__(self) -> str:
        inside = [repr(part) for part in self.payload] + [repr(child) for child in self.children]
        return f"{type(self).__name__}({', '.join(inside)})"


def _keep(key: tuple, term: Term) -> None:
    """Keeps a term alive for a while."""
    global _older, _recent
    if len(_recent) >= GENERATION:
        _older, _recent = _recent, {}
    _recent[key] = term


def _restore(cls: type[Term], children: tuple[Term, ...], payload: tuple) -> Term:
    return Term.__new__(cls, children, payload)


class Number(Term):
    """An exact rational number."""

    __slots__ = ()

    @property
    def value(self) -> Fraction:
        return self.payload[0]


class Constant(Term):
    """``pi``, ``i`` (the imaginary unit), ``infinity`` or ``euler_gamma``. The number e is ``exp`` of 1."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return self.payload[0]


class Variable(Term):
    """A variable that a binder or a statement quantifies: the index of a sum, a free index, the variable of an integral.

    Its name is a string while it is open and a height (an integer) inside its binder.
    """

    __slots__ = ()

    @staticmethod
    def of(name: str | int) -> Variable:
        return Variable((), (name,))

    @staticmethod
    def fresh(hint: str = "") -> Variable:
        """A variable that occurs nowhere else. Its name is never shown and never outlives the binder it is closed in."""
        return Variable((), (f"{hint}~{next(_fresh)}",))

    def _measure(self) -> None:
        super()._measure()
        self.variables = frozenset((self,))

    @property
    def name(self) -> str | int:
        return self.payload[0]


class Symbol(Term):
    """A scalar of the document, or one entry of a family: ``x``, ``x[i]``, ``W[i, j]``. The children are its indices."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return self.payload[0]

    @property
    def indices(self) -> tuple[Term, ...]:
        return self.children


class Add(Term):
    """The sum of its children, at least two, in the order of their digests."""

    __slots__ = ()


class Multiply(Term):
    """The product of its children, at least two, in the order of their digests; a rational factor comes first."""

    __slots__ = ()


class Power(Term):
    """``base`` to the ``exponent``. A non-integer exponent means the principal branch; a root of a negative number is undefined."""

    __slots__ = ()

    @property
    def base(self) -> Term:
        return self.children[0]

    @property
    def exponent(self) -> Term:
        return self.children[1]


class Apply(Term):
    """A function of arguments; an argument is a term or an ``Array``.

    The function is a name: one of ``function.FUNCTIONS`` or a function that the document leaves unknown. ``component``
    says which entry of an array-valued result is meant (empty for a number). ``orders`` lists, for an unknown function,
    by which arguments it is differentiated: (position, number of indices into that argument); the indices themselves
    are the last children, in the same order.
    """

    __slots__ = ()

    @property
    def function(self) -> str:
        return self.payload[0]

    @property
    def arguments(self) -> tuple[Term, ...]:
        return self.children[: self.payload[1]]

    @property
    def component(self) -> tuple[Term, ...]:
        return self.children[self.payload[1] : self.payload[1] + self.payload[2]]

    @property
    def orders(self) -> tuple[tuple[int, tuple[Term, ...]], ...]:
        """Each differentiation: the argument's position and the indices of the entry."""
        rest = iter(self.children[self.payload[1] + self.payload[2] :])
        return tuple((position, tuple(next(rest) for _ in range(rank))) for position, rank in self.payload[3])


class Fold(Term):
    """A sum, product, maximum or minimum (operation ``+ * max min``) of a body over an integer variable.

    The variable runs from ``lower`` to ``upper``, both included, where ``condition`` holds. An upper bound below the
    lower one gives the operation's neutral element (0, 1, undefined).
    """

    __slots__ = ()
    binds = 1

    @property
    def operation(self) -> str:
        return self.payload[0]

    @property
    def lower(self) -> Term:
        return self.children[0]

    @property
    def upper(self) -> Term:
        return self.children[1]


class Integral(Term):
    """The definite integral of a body over a real variable from ``lower`` to ``upper``."""

    __slots__ = ()
    binds = 1

    @property
    def lower(self) -> Term:
        return self.children[0]

    @property
    def upper(self) -> Term:
        return self.children[1]


class Antiderivative(Term):
    """An antiderivative of ``body`` by the symbol ``by``, up to a constant."""

    __slots__ = ()

    @property
    def body(self) -> Term:
        return self.children[0]

    @property
    def by(self) -> Term:
        return self.children[1]


class Limit(Term):
    """The limit of a body as a real variable tends to ``point``; direction ``+``, ``-`` or ``both``."""

    __slots__ = ()
    binds = 1

    @property
    def direction(self) -> str:
        return self.payload[0]

    @property
    def point(self) -> Term:
        return self.children[0]


class Derivative(Term):
    """The derivative of ``body`` by ``by`` before definitions are unfolded; ``unfold.py`` turns it into derivative-free terms.

    ``by`` is a symbol (an entry of a family) or any term that stands for a quantity, as in d/d(w x). ``total`` is true
    where the document writes a straight d.
    """

    __slots__ = ()

    @property
    def body(self) -> Term:
        return self.children[0]

    @property
    def by(self) -> Term:
        return self.children[1]


class Cases(Term):
    """The first value whose condition holds; children alternate condition, value and end with the value otherwise.

    Without an otherwise (``UNDEFINED``) the term is undefined where no condition holds.
    """

    __slots__ = ()

    @property
    def branches(self) -> tuple[tuple[Term, Term], ...]:
        pairs = self.children[:-1]
        return tuple(zip(pairs[::2], pairs[1::2], strict=True))

    @property
    def otherwise(self) -> Term:
        return self.children[-1]


class Undefined(Term):
    """No number: the otherwise of a case distinction that has none, 0 to a negative power."""

    __slots__ = ()


class Array(Term):
    """A comprehension: an entry for each assignment of its variables, the k-th from 1 to ``sizes[k]``."""

    __slots__ = ()

    @property
    def binds(self) -> int:  # type: ignore[override]
        return len(self.children) - 1

    @property
    def sizes(self) -> tuple[Term, ...]:
        return self.children[:-1]


class Truth(Term):
    """True or false."""

    __slots__ = ()

    @property
    def value(self) -> bool:
        return self.payload[0]


class Relation(Term):
    """``left sign right``, a truth value; signs ``= ≠ < ≤``. ``>`` and ``≥`` are stored turned round.

    Its children are numbers, or truth values with the sign ``=`` (equivalence).
    """

    __slots__ = ()

    @property
    def sign(self) -> str:
        return self.payload[0]

    @property
    def left(self) -> Term:
        return self.children[0]

    @property
    def right(self) -> Term:
        return self.children[1]


class Junction(Term):
    """All (``and``) or some (``or``) of the conditions inside."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        return self.payload[0]


class Negation(Term):
    """Not the condition inside."""

    __slots__ = ()
