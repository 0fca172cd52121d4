"""Terms as people write them: readable LaTeX with few brackets.

Each rule gives the text of a term and how tightly it binds, and its parent adds brackets where needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from fractions import Fraction

from derivcheck.term import term as terms
from derivcheck.term.binder import open_binder
from derivcheck.term.build import HALF, MINUS_ONE, ONE, TRUE, UNDEFINED, ZERO, multiply, number, power, split_coefficient


class Binding(IntEnum):
    """How tightly a text binds: what is looser than its place asks for goes into brackets."""

    RELATION = 0
    SUM = 1
    PRODUCT = 2
    POWER = 3
    ATOM = 4


Text = tuple[str, Binding]

INDEX_LETTERS = "ijklmpqrsuvw"
REAL_LETTERS = "tsuvrz"
CONSTANTS = {"pi": r"\pi", "i": "i", "infinity": r"\infty", "euler_gamma": r"\gamma"}
COMMANDS = frozenset("exp log sin cos tan sinh cosh tanh arcsin arccos arctan max min".split())
NAMED = {"gamma": r"\Gamma", "digamma": r"\psi", "determinant": r"\det"}
FENCED = {
    "abs": r"\left|%s\right|",
    "floor": r"\left\lfloor %s \right\rfloor",
    "ceiling": r"\left\lceil %s \right\rceil",
    "binomial": r"\binom{%s}{%s}",
}
FOLDS = {"+": r"\sum", "*": r"\prod", "max": r"\max", "min": r"\min"}
SIGNS = {"=": "=", "≠": r"\ne", "<": "<", "≤": r"\le"}
TALL = re.compile(r"\\(?:frac|sum|prod|int|begin|binom|sqrt|left)(?![A-Za-z])")
SUBSCRIPT = re.compile(r"(.*)_(?:\{([^{}]*)\}|(\w))")


def to_latex(term: terms.Term, names: Mapping[terms.Variable, str] | None = None) -> str:
    """The term as LaTeX. ``names`` gives the letters of variables that nothing inside the term binds."""
    return _Printer(term, names or {}).text(term)[0]


class _Printer:
    def __init__(self, term: terms.Term, names: Mapping[terms.Variable, str]) -> None:
        self.letters: dict[terms.Variable, str] = dict(names)
        self.taken = set(term.names) | set(names.values())
        for variable in sorted(term.variables - names.keys(), key=lambda variable: str(variable.name)):
            hint = str(variable.name).split("~")[0]
            self.letters[variable] = hint if hint and hint not in self.taken else self._letter(INDEX_LETTERS)
            self.taken.add(self.letters[variable])

    def _letter(self, letters: str) -> str:
        """A letter that nothing in the term uses."""
        for suffix in ("", "'", "''"):
            for letter in letters:
                if letter + suffix not in self.taken:
                    return letter + suffix
        return next(f"{letters[0]}_{{{count}}}" for count in range(len(self.taken) + 1) if f"{letters[0]}_{{{count}}}" not in self.taken)

    def text(self, term: terms.Term) -> Text:
        """The text of a term and how tightly it binds."""
        match term:
            case terms.Number():
                return _number(term.value)
            case terms.Constant():
                return CONSTANTS[term.name], Binding.ATOM
            case terms.Variable():
                return self.letters[term], Binding.ATOM
            case terms.Symbol():
                return self._indexed(term.name, term.indices), Binding.ATOM
            case terms.Add():
                return self._sum(term), Binding.SUM
            case terms.Multiply() | terms.Power():
                return self._product(term)
            case terms.Apply():
                return self._application(term)
            case terms.Fold() | terms.Integral() | terms.Limit() | terms.Array():
                return self._binder(term)
            case terms.Cases():
                return self._cases(term)
            case terms.Derivative():
                return self._derivative(term), Binding.PRODUCT
            case terms.Antiderivative():
                return rf"\int {self.at(term.body, Binding.PRODUCT)} \, d{self.at(term.by, Binding.ATOM)}", Binding.PRODUCT
            case terms.Relation() | terms.Junction() | terms.Negation() | terms.Truth():
                return self._condition(term), Binding.RELATION
        return r"\text{undefined}", Binding.ATOM

    def at(self, term: terms.Term, binding: Binding) -> str:
        """The text of a term, in brackets where it binds less tightly than its place asks for."""
        text, own = self.text(term)
        return _bracketed(text) if own < binding else text

    # Names and numbers

    def _indexed(self, name: str, indices: Sequence[terms.Term]) -> str:
        """A name with its indices as subscripts, after a subscript that the name has already."""
        if not indices:
            return name
        texts = [self.text(index)[0] for index in indices]
        single = all(len(text) == 1 or re.fullmatch(r"\\[A-Za-z]+", text) for text in texts)
        joined = ("" if not any("\\" in text for text in texts) else " ").join(texts) if single else ", ".join(texts)
        match = SUBSCRIPT.fullmatch(name)
        if match:
            return f"{match[1]}_{{{match[2] or match[3]}, {joined}}}"
        return f"{name}_{{{joined}}}"

    # Sums and products

    def _sum(self, term: terms.Add) -> str:
        parts: list[str] = []
        for coefficient, rest in self._ordered(term.children):
            text = self.at(_scaled(abs(coefficient), rest), Binding.PRODUCT)
            if parts:
                parts.append(f"{'-' if coefficient < 0 else '+'} {text}")
            else:
                parts.append(f"-{text}" if coefficient < 0 else text)
        return " ".join(parts)

    def _ordered(self, summands: Sequence[terms.Term]) -> list[tuple[Fraction, terms.Term]]:
        """Summands as people order them: what is added before what is taken away, higher powers first, sums last.

        A number comes first, except in a polynomial.
        """
        split = [(term.value, ONE) if isinstance(term, terms.Number) else split_coefficient(term) for term in summands]
        degrees = {rest: _degree(rest) for _, rest in split}
        number_first = max(degrees.values()) < 2 or not any(rest is ONE and coefficient > 0 for coefficient, rest in split)

        def key(part: tuple[Fraction, terms.Term]) -> tuple:
            coefficient, rest = part
            place = (0 if number_first else 2) if rest is ONE else 1
            return coefficient < 0, place, _holds_fold(rest), -degrees[rest], _sort_key(self.text(rest)[0])

        if not number_first:
            return sorted(split, key=lambda part: (part[1] is ONE, -degrees[part[1]], *key(part)))
        return sorted(split, key=key)

    def _product(self, term: terms.Multiply | terms.Power) -> Text:
        """A product, as a fraction where it has a denominator."""
        factors = term.children if isinstance(term, terms.Multiply) else (term,)
        coefficient, above, below = Fraction(1), [], []
        for factor in factors:
            if isinstance(factor, terms.Number):
                coefficient = factor.value
            elif isinstance(factor, terms.Power) and _is_negative(factor.exponent):
                below.append(power(factor.base, multiply(MINUS_ONE, factor.exponent)))
            else:
                above.append(factor)
        sign = "-" if coefficient < 0 else ""
        binding = Binding.SUM if sign else Binding.PRODUCT
        if not below:
            if coefficient == 1 and len(above) == 1 and isinstance(above[0], terms.Power):
                return self._power(above[0])
            lone = coefficient == -1 and len(above) == 1
            return sign + (self.at(above[0], Binding.PRODUCT) if lone else self._factors(abs(coefficient), above)), binding
        top = self._factors(Fraction(abs(coefficient.numerator)), above)
        bottom = self._factors(Fraction(coefficient.denominator), below)
        return rf"{sign}\frac{{{top}}}{{{bottom}}}", binding

    def _factors(self, coefficient: Fraction, factors: Sequence[terms.Term]) -> str:
        """A number and factors side by side, sums of many last; brackets of a lone factor fall away."""
        if not factors:
            return _number(coefficient)[0]
        if coefficient == 1 and len(factors) == 1:
            return self.text(factors[0])[0]
        last = max(range(len(factors)), key=lambda at: (_is_open(factors[at]), at))
        texts = []
        for at, factor in enumerate(factors):
            text, binding = self._power(factor) if isinstance(factor, terms.Power) else self.text(factor)
            loose = binding < Binding.PRODUCT or (_is_open(factor) and at != last)
            texts.append((_is_open(factor) and at == last, binding < Binding.PRODUCT, _sort_key(text), _bracketed(text) if loose else text))
        parts = [text for *_, text in sorted(texts)]
        if coefficient != 1:
            parts.insert(0, _number(coefficient)[0])
        joined = parts[0]
        for part in parts[1:]:
            joined += (r" \cdot " if part[0].isdigit() else " ") + part
        return joined

    def _power(self, term: terms.Power) -> Text:
        if term.exponent is HALF:
            return rf"\sqrt{{{self.text(term.base)[0]}}}", Binding.ATOM
        value = term.exponent.value if isinstance(term.exponent, terms.Number) else None
        if value is not None and value.numerator == 1 and 1 < value.denominator < 10:
            return rf"\sqrt[{value.denominator}]{{{self.text(term.base)[0]}}}", Binding.ATOM
        base = self.at(term.base, Binding.ATOM)
        if isinstance(term.base, terms.Symbol) and ("^" in base or base.endswith("'")):
            base = _bracketed(base)
        return f"{base}^{{{self.text(term.exponent)[0]}}}", Binding.POWER

    # Functions

    def _application(self, term: terms.Apply) -> Text:
        name = term.function
        arguments = [self._argument(argument) for argument in term.arguments]
        if name in FENCED:
            return FENCED[name] % tuple(arguments), Binding.ATOM
        if name == "factorial":
            return f"{self.at(term.arguments[0], Binding.ATOM)}!", Binding.POWER
        if name == "inverse":
            return f"{_inverse(arguments[0])}{self._indexed('', term.component)}", Binding.ATOM
        if name == "matrix_power":
            *entry, exponent = term.component
            return f"{_bracketed(f'{arguments[0]}^{{{self.text(exponent)[0]}}}')}{self._indexed('', tuple(entry))}", Binding.ATOM
        shown = f"\\{name}" if name in COMMANDS else NAMED.get(name, name)
        if name in ("sign", "erf", "arsinh", "arcosh", "artanh"):
            shown = rf"\operatorname{{{name}}}"
        applied = f"{self._differentiated(shown, term)}{_bracketed(', '.join(arguments))}"
        return (f"{applied}{self._indexed('', term.component)}" if term.component else applied), Binding.ATOM

    def _argument(self, argument: terms.Term) -> str:
        """An argument; a family over its own indices is written by its name alone."""
        return self.text(argument)[0]

    def _differentiated(self, name: str, term: terms.Apply) -> str:
        """The name of an unknown function with its derivatives: primes, or the arguments differentiated by."""
        orders = term.orders
        if not orders:
            return name
        if len(term.arguments) == 1 and all(not entry for _, entry in orders) and len(orders) < 4:
            return name + "'" * len(orders)
        marks = ["".join([str(position + 1), *(f",{self.text(index)[0]}" for index in entry)]) for position, entry in orders]
        return "".join(rf"\partial_{{{mark}}} " for mark in marks) + name

    # Binders

    def _binder(self, term: terms.Term) -> Text:
        variables, bounds, bodies = open_binder(term)
        letters = REAL_LETTERS if isinstance(term, terms.Integral | terms.Limit) else INDEX_LETTERS
        fresh = []
        for variable in variables:
            letter = self._letter(letters)
            self.letters[variable] = letter
            self.taken.add(letter)
            fresh.append(letter)
        made = self._opened(term, fresh, [self.text(bound)[0] for bound in bounds], bodies)
        self.taken.difference_update(fresh)
        return made

    def _opened(self, term: terms.Term, letters: Sequence[str], bounds: Sequence[str], bodies: Sequence[terms.Term]) -> Text:
        match term:
            case terms.Fold():
                return self._fold(term, letters[0], bounds, bodies), Binding.PRODUCT
            case terms.Integral():
                return rf"\int_{{{bounds[0]}}}^{{{bounds[1]}}} {self.at(bodies[0], Binding.PRODUCT)} \, d{letters[0]}", Binding.PRODUCT
            case terms.Limit():
                side = {"+": "^{+}", "-": "^{-}"}.get(term.direction, "")
                return rf"\lim_{{{letters[0]} \to {bounds[0]}{side}}} {self.at(bodies[0], Binding.PRODUCT)}", Binding.PRODUCT
        body = bodies[0]
        indices = tuple(self.letters[index] for index in body.indices if isinstance(index, terms.Variable)) if isinstance(body, terms.Symbol) else ()
        if isinstance(body, terms.Symbol) and indices == tuple(letters) and len(indices) == len(body.indices):
            return body.name, Binding.ATOM
        if isinstance(body, terms.Symbol) and len(indices) == 2 and indices == tuple(reversed(letters)) and len(body.indices) == 2:
            return rf"{body.name}^\top", Binding.POWER
        family = ", ".join(f"{letter} \\le {bound}" for letter, bound in zip(letters, bounds, strict=True))
        return f"{_bracketed(self.text(body)[0])}_{{{family}}}", Binding.ATOM

    def _fold(self, term: terms.Fold, letter: str, bounds: Sequence[str], bodies: Sequence[terms.Term]) -> str:
        condition, body = bodies
        also = "" if condition is TRUE else rf",\, {self._condition(condition)}"
        shown = self.at(body, Binding.PRODUCT)
        if term.operation in ("max", "min"):
            return rf"{FOLDS[term.operation]}_{{{bounds[0]} \le {letter} \le {bounds[1]}{also}}} {shown}"
        return rf"{FOLDS[term.operation]}_{{{letter}={bounds[0]}{also}}}^{{{bounds[1]}}} {shown}"

    # Cases, conditions, derivatives

    def _cases(self, term: terms.Cases) -> Text:
        delta = self._deltas(term)
        if delta is not None:
            return delta, Binding.ATOM
        if term.children[1:] == (ONE, ZERO):
            return rf"\mathbf{{1}}[{self._condition(term.children[0])}]", Binding.ATOM
        rows = [rf"{self.text(value)[0]} & \text{{if }} {self._condition(condition)}" for condition, value in term.branches]
        if term.otherwise is not UNDEFINED:
            rows.append(rf"{self.text(term.otherwise)[0]} & \text{{otherwise}}")
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}", Binding.ATOM

    def _deltas(self, term: terms.Cases) -> str | None:
        """Kronecker deltas for an indicator of equal indices."""
        if term.children[1:] != (ONE, ZERO):
            return None
        condition = term.children[0]
        parts = condition.children if isinstance(condition, terms.Junction) and condition.kind == "and" else (condition,)
        if not all(_is_equality_of_indices(part) for part in parts):
            return None
        return " ".join(self._indexed(r"\delta", sorted(part.children, key=lambda side: self.text(side)[0])) for part in parts)

    def _condition(self, term: terms.Term) -> str:
        match term:
            case terms.Relation():
                return f"{self.at(term.left, Binding.SUM)} {SIGNS[term.sign]} {self.at(term.right, Binding.SUM)}"
            case terms.Junction():
                parts = [self._condition(part) for part in term.children]
                return rf" \text{{ {term.kind} }} ".join(
                    _bracketed(text) if isinstance(part, terms.Junction) else text for part, text in zip(term.children, parts, strict=True)
                )
            case terms.Negation():
                return rf"\neg {_bracketed(self._condition(term.children[0]))}"
            case terms.Truth():
                return rf"\text{{{str(term.value).lower()}}}"
        return self.text(term)[0]

    def _derivative(self, term: terms.Derivative) -> str:
        d = "d" if term.payload[0] else r"\partial "
        body, binding = self.text(term.body)
        below = self.at(term.by, Binding.ATOM)
        if isinstance(term.body, terms.Symbol | terms.Apply):
            return rf"\frac{{{d}{body}}}{{{d}{below}}}"
        return rf"\frac{{{d.strip()}}}{{{d}{below}}} {_bracketed(body) if binding < Binding.PRODUCT else body}"


def _number(value: Fraction) -> Text:
    sign = "-" if value < 0 else ""
    if value.denominator == 1:
        return str(value), Binding.SUM if sign else Binding.ATOM
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}", Binding.SUM if sign else Binding.PRODUCT


def _bracketed(text: str) -> str:
    return rf"\left({text}\right)" if TALL.search(text) else f"({text})"


def _inverse(text: str) -> str:
    return f"{text}^{{-1}}" if re.fullmatch(r"\\?\w+", text) else f"{_bracketed(text)}^{{-1}}"


def _scaled(coefficient: Fraction, rest: terms.Term) -> terms.Term:
    return multiply(number(coefficient), rest)


def _is_negative(exponent: terms.Term) -> bool:
    """Whether an exponent puts its base below the line of a fraction."""
    return isinstance(exponent, terms.Number) and exponent.value < 0


def _degree(term: terms.Term) -> Fraction:
    """The sum of the numeric exponents of a product; brackets and functions count as one."""
    factors: Iterator[terms.Term] = iter(term.children if isinstance(term, terms.Multiply) else (term,))
    degree = Fraction(0)
    for factor in factors:
        if isinstance(factor, terms.Power):
            degree += factor.exponent.value if isinstance(factor.exponent, terms.Number) else 1
        elif not isinstance(factor, terms.Number):
            degree += 1
    return degree


def _is_open(term: terms.Term) -> bool:
    """Whether a text has no end of its own, as that of a sum over an index."""
    return isinstance(term, terms.Fold | terms.Integral | terms.Limit | terms.Antiderivative | terms.Derivative)


def _holds_fold(term: terms.Term) -> bool:
    return _is_open(term) or (isinstance(term, terms.Multiply) and any(map(_is_open, term.children)))


def _is_equality_of_indices(condition: terms.Term) -> bool:
    if not (isinstance(condition, terms.Relation) and condition.sign == "="):
        return False
    return all(isinstance(side, terms.Variable | terms.Number) for side in condition.children) and any(
        isinstance(side, terms.Variable) for side in condition.children
    )


def _sort_key(text: str) -> tuple:
    """Names alphabetically, whatever accents and commands they wear; brackets after names."""
    bare = re.sub(r"\\[A-Za-z]+|[{}\\ ]", "", text)
    return "(" in text, bare.lower(), text
