"""Exact values of powers and functions at rational numbers, where they are rational and not too long."""

from __future__ import annotations

from fractions import Fraction
from math import comb, factorial, isqrt

MAX_BITS = 4096


def number_power(base: Fraction, exponent: Fraction) -> Fraction | str | None:
    """An exact power; None where there is none, "long" where it is irrational or too long to write out."""
    if base == 0:
        return Fraction(0) if exponent > 0 else None
    if base < 0 and exponent.denominator != 1:
        return None
    if exponent.denominator != 1:
        root = _exact_root(base, exponent.denominator)
        return "long" if root is None else number_power(root, Fraction(exponent.numerator))
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if base not in (1, -1) and bits * abs(exponent) > MAX_BITS:
        return "long"
    if base in (1, -1):
        return base if exponent % 2 else Fraction(1)
    return base ** int(exponent)


def _exact_root(value: Fraction, degree: int) -> Fraction | None:
    top, bottom = _whole_root(value.numerator, degree), _whole_root(value.denominator, degree)
    return None if top is None or bottom is None else Fraction(top, bottom)


def _whole_root(value: int, degree: int) -> int | None:
    if degree == 2:
        root = isqrt(value)
    elif value.bit_length() < 900:
        root = round(value ** (1 / degree))
    else:
        return None
    return root if root**degree == value else None


def known_value(name: str, values: list[Fraction]) -> Fraction | None:
    """A function's value at rational arguments where it is rational; None where it is not, or not known to be."""
    value = values[0]
    match name:
        case "exp" | "cos" | "cosh" if value == 0:
            return Fraction(1)
        case "sin" | "tan" | "sinh" | "tanh" | "erf" | "arctan" | "arcsin" | "artanh" | "arsinh" if value == 0:
            return Fraction(0)
        case "log" if value == 1:
            return Fraction(0)
        case "abs":
            return abs(value)
        case "sign":
            return Fraction((value > 0) - (value < 0))
        case "floor":
            return Fraction(value.__floor__())
        case "ceiling":
            return Fraction(value.__ceil__())
        case "max":
            return max(values)
        case "min":
            return min(values)
        case "factorial" if value.denominator == 1 and 0 <= value <= 200:
            return Fraction(factorial(int(value)))
        case "gamma" if value.denominator == 1 and 0 < value <= 200:
            return Fraction(factorial(int(value) - 1))
        case "binomial" if all(part.denominator == 1 and 0 <= part <= 200 for part in values):
            return Fraction(comb(int(values[0]), int(values[1])))
    return None
