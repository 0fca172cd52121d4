"""How far a function carries an error of its argument: its slope, for floating point and high precision alike.

A slope takes the arithmetic's module (numpy or an mpmath context), the argument and the function's value there.
Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 4.1 to 4.6, 6.3, 7.1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SLOPES: dict[str, Callable[[Any, Any, Any], Any]] = {
    "exp": lambda m, x, y: y,
    "log": lambda m, x, y: 1 / x,
    "sin": lambda m, x, y: m.cos(x),
    "cos": lambda m, x, y: m.sin(x),
    "tan": lambda m, x, y: 1 + y * y,
    "sinh": lambda m, x, y: m.cosh(x),
    "cosh": lambda m, x, y: m.sinh(x),
    "tanh": lambda m, x, y: 1 - y * y,
    "arcsin": lambda m, x, y: 1 / m.sqrt(1 - x * x),
    "arccos": lambda m, x, y: 1 / m.sqrt(1 - x * x),
    "arctan": lambda m, x, y: 1 / (1 + x * x),
    "arsinh": lambda m, x, y: 1 / m.sqrt(1 + x * x),
    "arcosh": lambda m, x, y: 1 / m.sqrt(x * x - 1),
    "artanh": lambda m, x, y: 1 / (1 - x * x),
    "erf": lambda m, x, y: 2 * m.exp(-x * x),
    "gamma": lambda m, x, y: y * (1 / x + x),
    "factorial": lambda m, x, y: y * (1 / (x + 1) + x + 1),
    "digamma": lambda m, x, y: 1 / x + 1 / (x * x),
    "abs": lambda m, x, y: 1,
}

# Functions whose own rounding error does not shrink where their value does.
ABSOLUTE = ("sin", "cos", "tan", "digamma", "log", "arccos")
