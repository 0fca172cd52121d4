"""Nodes: what was written. A tree of rows, scripts, fractions, brackets and grids; nobody has asked yet what it means."""

from __future__ import annotations

from dataclasses import dataclass

from derivcheck.source import Span


@dataclass(frozen=True, slots=True)
class Row:
    """Things written side by side."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Glyph:
    r"""A letter or a command that prints one sign: ``x``, ``\alpha``, ``\sum``, ``\to``; also a name set upright.

    ``style`` is ``bold``, ``calligraphic``, ``blackboard``, ``upright``, ``fraktur`` or empty. ``spaced``: white space stands before it.
    """

    text: str
    span: Span
    style: str = ""
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Digits:
    """A number as written."""

    text: str
    span: Span
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """An operator sign, relation sign, punctuation or stray bracket."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Scripts:
    """A base with what stands below and above it. ``base`` is None for scripts that hang in the air."""

    base: Node | None
    below: Node | None
    above: Node | None
    primes: int
    span: Span


@dataclass(frozen=True, slots=True)
class Accent:
    r"""A hat, bar, tilde, dot or arrow over something: ``\hat{y}``."""

    mark: str
    body: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Fraction:
    """``above`` over ``below``; without a line it is a binomial coefficient."""

    above: Node
    below: Node
    span: Span
    line: bool = True


@dataclass(frozen=True, slots=True)
class Root:
    """A root; ``degree`` is None for a square root."""

    degree: Node | None
    body: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Fenced:
    """Something in brackets. ``closed`` is false where the closing bracket is missing and the row's end was taken."""

    opening: str
    closing: str
    body: Row
    span: Span
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Grid:
    """A matrix, array or case distinction: rows of cells."""

    environment: str
    rows: tuple[tuple[Row, ...], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Words:
    """Words inside a formula."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Noted:
    """Something with a remark attached: an underbrace with its words, a relation sign with one above it, a struck-out part.

    ``manner``: ``brace``, ``decorated``, ``struck`` or ``boxed``.
    """

    body: Node
    remark: Node | None
    manner: str
    span: Span


@dataclass(frozen=True, slots=True)
class Broken:
    """Where parsing gave up: what was expected and what was found."""

    expected: str
    found: str
    span: Span


Node = Row | Glyph | Digits | Mark | Scripts | Accent | Fraction | Root | Fenced | Grid | Words | Noted | Broken


def items_of(node: Node | None) -> tuple[Node, ...]:
    """The nodes of a row, or the one node that is there; none where there is none."""
    return node.items if isinstance(node, Row) else () if node is None else (node,)
