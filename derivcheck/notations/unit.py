r"""Units of measurement behind numbers: equal ones cancel, and derived ones are products of the base units.

Holds: $9.81\,\text{m/s}^2 \cdot 2\,\text{s} = 19.62\,\text{m/s}$, $1\,\text{N} = 1\,\text{kg}\,\text{m}/\text{s}^2$. Does not:
$3\,\text{km} = 300\,\text{m}$. Source: The International System of Units, 9th edition, tables 2, 4 and 8.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from derivcheck.notation import Notation, Surroundings
from derivcheck.reading.expression import Name
from derivcheck.reading.name import UNIT
from derivcheck.term import build
from derivcheck.term.value import Value

_KILO, _MEGA, _MILLI = Fraction(1000), Fraction(10**6), Fraction(1, 1000)
_NEWTON = {"kg": 1, "m": 1, "s": -2}
_JOULE = {"kg": 1, "m": 2, "s": -2}
_WATT = {"kg": 1, "m": 2, "s": -3}
_PASCAL = {"kg": 1, "m": -1, "s": -2}
_VOLT = {"kg": 1, "m": 2, "s": -3, "A": -1}
# How many of which base units each unit is.
_MEANINGS: dict[str, tuple[Fraction, dict[str, int]]] = {
    **{base: (Fraction(1), {base: 1}) for base in ("m", "kg", "s", "A", "K", "mol", "eV")},
    "km": (_KILO, {"m": 1}), "cm": (Fraction(1, 100), {"m": 1}), "mm": (_MILLI, {"m": 1}), "nm": (Fraction(1, 10**9), {"m": 1}),
    "g": (_MILLI, {"kg": 1}), "mg": (Fraction(1, 10**6), {"kg": 1}), "t": (_KILO, {"kg": 1}),
    "ms": (_MILLI, {"s": 1}), "min": (Fraction(60), {"s": 1}), "h": (Fraction(3600), {"s": 1}),
    "Hz": (Fraction(1), {"s": -1}), "kHz": (_KILO, {"s": -1}), "MHz": (_MEGA, {"s": -1}),
    "N": (Fraction(1), _NEWTON), "kN": (_KILO, _NEWTON), "J": (Fraction(1), _JOULE), "kJ": (_KILO, _JOULE), "MJ": (_MEGA, _JOULE),
    "W": (Fraction(1), _WATT), "kW": (_KILO, _WATT), "MW": (_MEGA, _WATT), "Wh": (Fraction(3600), _JOULE), "kWh": (_KILO * 3600, _JOULE),
    "Pa": (Fraction(1), _PASCAL), "kPa": (_KILO, _PASCAL), "MPa": (_MEGA, _PASCAL), "bar": (Fraction(10**5), _PASCAL),
    "V": (Fraction(1), _VOLT), "kV": (_KILO, _VOLT), "mV": (_MILLI, _VOLT), "mA": (_MILLI, {"A": 1}), "C": (Fraction(1), {"A": 1, "s": 1}),
    "Ω": (Fraction(1), {"kg": 1, "m": 2, "s": -3, "A": -2}),
    **{litre: (_MILLI, {"m": 3}) for litre in ("l", "L")}, **{millilitre: (Fraction(1, 10**6), {"m": 3}) for millilitre in ("ml", "mL")},
}  # fmt: skip


def are_comparable(units: Iterable[str]) -> bool:
    """Whether no two of some units measure the same quantity in different sizes."""
    sizes: dict[frozenset, Fraction] = {}
    return all(sizes.setdefault(frozenset(bases.items()), scale) == scale for scale, bases in map(_MEANINGS.__getitem__, units))


def _unit(text: str):
    scale, bases = _MEANINGS[text]
    powers = [build.power(build.symbol(UNIT.format(base)), build.number(count)) for base, count in bases.items()]
    value = build.multiply(build.number(scale), *powers)

    def meaning(elaborator, name: Name, around: Surroundings) -> Value:
        return Value(value)

    return meaning


NOTATION = Notation(constants={UNIT.format(text): _unit(text) for text in _MEANINGS})
