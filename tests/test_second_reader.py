"""Closed formulas read by somebody else's reader as well: latex2sympy2 and ours must come to the same number.

latex2sympy2 is told nothing of a document, so only formulas without names are compared.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import IO, BinaryIO, TextIO

import pytest

from derivcheck import check_text
from derivcheck.diagnostic import Verdict

FORMULAS = [
    r"\frac{3}{4} + \frac{1}{2} \cdot 5",
    r"2^{3^2} - 7",
    r"-3^2 + (-3)^2",
    r"\sqrt{2} + \sqrt[3]{5}",
    r"\frac{1 + \sqrt{5}}{2}",
    r"e^{-2} \cdot 3",
    r"\sin(2) \cos(3) - \tan(1)",
    r"\sum_{k=1}^{5} k^2",
    r"\prod_{k=1}^{4} (k + 1)",
    r"\int_{0}^{2} (x^3 + 1) dx",
    r"\frac{5!}{3! \cdot 2!}",
    r"|3 - 8|",
    r"\ln(7) + \log_{2}(10)",
    r"\frac{\frac{1}{3} - \frac{1}{5}}{1 + \frac{1}{7}}",
]


@pytest.fixture(scope="module")
def latex2sympy() -> Callable:
    """Their reader. Its parser generator wants a module ``typing.io`` that Python 3.13 has dropped."""
    stand_in = ModuleType("typing.io")
    stand_in.IO, stand_in.TextIO, stand_in.BinaryIO = IO, TextIO, BinaryIO  # type: ignore[attr-defined]
    sys.modules.setdefault("typing.io", stand_in)
    from latex2sympy2 import latex2sympy

    return latex2sympy


@pytest.mark.parametrize("formula", FORMULAS)
def test_both_readers_come_to_the_same_number(formula: str, latex2sympy: Callable) -> None:
    value = latex2sympy(formula).doit().evalf(20)
    (claim,) = check_text(rf"${formula} \approx {float(value):.6f}$", "closed.md").claims
    assert claim.verdict in (Verdict.PROVED, Verdict.AGREES), (claim.verdict, claim.reason, value)


def test_a_wrong_number_is_told_apart(latex2sympy: Callable) -> None:
    value = float(latex2sympy(FORMULAS[0]).doit())
    (claim,) = check_text(rf"${FORMULAS[0]} \approx {value + 1:.6f}$", "closed.md").claims
    assert claim.verdict is Verdict.WRONG
