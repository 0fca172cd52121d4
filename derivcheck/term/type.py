"""What is known of a quantity before any equation about it: the set its values come from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Domain:
    """A set of real numbers: an interval, its integers, or a finite list of values.

    ``lower`` and ``upper`` are None where unbounded; the ends belong to the interval unless it says ``open``.
    """

    lower: Fraction | None = None
    upper: Fraction | None = None
    open: bool = True
    integer: bool = False
    values: tuple[Fraction, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no number lies in the interval."""
        if self.lower is None or self.upper is None:
            return False
        return self.lower > self.upper or (self.open and self.lower == self.upper)

    def meet(self, other: Domain) -> Domain:
        """The numbers in both; the narrower description where they cannot be combined."""
        if self.values or other.values:
            first, second = (self, other) if self.values else (other, self)
            kept = tuple(value for value in first.values if second.holds(value))
            return Domain(values=kept) if kept else first
        lowers = [end for end in (self.lower, other.lower) if end is not None]
        uppers = [end for end in (self.upper, other.upper) if end is not None]
        lower, upper = max(lowers, default=None), min(uppers, default=None)
        return Domain(lower, upper, self.open or other.open, self.integer or other.integer)

    def holds(self, value: Fraction) -> bool:
        if self.values:
            return value in self.values
        if self.integer and value.denominator != 1:
            return False
        if self.lower is not None and (value < self.lower or (self.open and value == self.lower)):
            return False
        return not (self.upper is not None and (value > self.upper or (self.open and value == self.upper)))


REAL = Domain()
POSITIVE = Domain(lower=Fraction(0))
NONNEGATIVE = Domain(lower=Fraction(0), open=False)
PROBABILITY = Domain(lower=Fraction(0), upper=Fraction(1))
INTEGER = Domain(integer=True)
NATURAL = Domain(lower=Fraction(0), open=False, integer=True)
DIMENSION = Domain(lower=Fraction(1), open=False, integer=True)
BIT = Domain(values=(Fraction(0), Fraction(1)))
