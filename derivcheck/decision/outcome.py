"""What deciders propose and what the kernel makes of it. Plain data: this module needs no numerics."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Witness:
    """Values at which a relation fails.

    ``dimensions`` are the sizes, ``indices`` the values of the statement's free variables, ``values`` the numbers put in
    for symbol entries and for values of unknown functions, as exact decimals or fractions (strings), in a stable order.
    Names of entries are written ``W_11``, ``\\hat{y}_2`` (indices side by side; with commas where one has two digits).
    """

    dimensions: tuple[tuple[str, int], ...] = ()
    indices: tuple[tuple[str, int], ...] = ()
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Proved:
    """Holds, by an exact argument. ``scope``: for which sizes, ``every n`` or such as ``n = 2, 3, 4``; None without sizes."""

    by: str
    scope: str | None = None
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreed:
    """Both sides agree at all sampled points, to full precision; no proof."""

    by: str
    points: int
    scope: str | None = None
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refuted:
    """Fails at the witness, confirmed with more digits. ``left`` and ``right`` are the values there, to 15 digits."""

    by: str
    witness: Witness
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither; each reason is one clause for the user."""

    reasons: tuple[str, ...] = field(default=())


Outcome = Proved | Agreed | Refuted | Undecided
