"""Numbers with a letter of their own: \\pi, \\infty.

Holds: \\sin(\\pi) = 0. Does not: \\pi = 3.14.
"""

from __future__ import annotations

from derivcheck.notation import Notation, Surroundings
from derivcheck.reading.expression import Name
from derivcheck.source import NOWHERE
from derivcheck.term import build
from derivcheck.term.value import Value

_CONSTANTS = (r"\mathrm{const}", r"\mathrm{const.}", r"\mathrm{constant}")


def _pi(elaborator, name: Name, around: Surroundings) -> Value | None:
    """The number, unless the document has a variable of that letter: then in doubt."""
    if name.indices or name.samples or name.primes:
        return None
    is_variable = name.spelling in elaborator.knowledge.varying
    return None if is_variable and elaborator.oracle.pick(NOWHERE, "whether pi is a variable", (0, 3)) == 0 else Value(build.PI)


def _infinity(elaborator, name: Name, around: Surroundings) -> Value | None:
    return Value(build.INFINITY)


def _some_number(elaborator, name: Name, around: Surroundings) -> Value | None:
    """A constant that the author does not tell: a claim with it may hold for some value, so it is never refuted."""
    elaborator.opaque = True
    return None


def _imaginary(elaborator, name: Name, around: Surroundings) -> Value | None:
    """The letter i in a document that puts it into exponents of e or squares it: real numbers put in for it refute nothing."""
    elaborator.imaginary = elaborator.imaginary or elaborator.knowledge.imaginary
    return None


NOTATION = Notation(constants={r"\pi": _pi, r"\infty": _infinity, "i": _imaginary, **dict.fromkeys(_CONSTANTS, _some_number)})
