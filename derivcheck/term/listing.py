"""Terms as s-expressions, for tests: ``(add x (multiply 2 y))``. The same in every process.

Names stand bare where they are one plain word, else in double quotes as JSON strings. Variables that nothing binds begin
with ``?`` and are numbered in the order of their names; bound ones are letters that no name of the term is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from derivcheck.term import term as terms
from derivcheck.term.binder import open_binder
from derivcheck.term.build import TRUE
from derivcheck.term.function import ARRAY_FUNCTIONS, FUNCTIONS

BARE = re.compile(r"[^\W\d]\w*|\\[A-Za-z]+")
FOLDS = {"+": "sum", "*": "product", "max": "maximum", "min": "minimum"}
HEADS = {terms.Add: "add", terms.Multiply: "multiply", terms.Power: "power", terms.Negation: "not"}
LETTERS = "ijklmpqrstuvw"
KEYWORDS = frozenset(
    "add multiply power not and or at call constant sum product maximum minimum integral antiderivative limit derivative "
    "total_derivative cases otherwise undefined array true false".split()
)


def to_expression(term: terms.Term) -> str:
    """The term as an s-expression."""
    letters = {variable: f"?{number}" for number, variable in enumerate(sorted(term.variables, key=_by_name), 1)}
    return _Lister(term, letters).text(term)


def _by_name(variable: terms.Variable) -> tuple[str, tuple[int, ...]]:
    hint, *numbers = str(variable.name).split("~")
    return hint, tuple(int(number) for number in numbers if number)


class _Lister:
    def __init__(self, term: terms.Term, letters: dict[terms.Variable, str]) -> None:
        self.letters = letters
        self.taken = set(term.names)

    def text(self, term: terms.Term) -> str:
        match term:
            case terms.Number():
                return str(term.value)
            case terms.Constant():
                return _listed("constant", term.name)
            case terms.Variable():
                return self.letters[term]
            case terms.Symbol():
                return _listed("at", _name(term.name), *map(self.text, term.indices)) if term.indices else _name(term.name)
            case terms.Add() | terms.Multiply() | terms.Power() | terms.Negation():
                return self._plain(term)
            case terms.Apply():
                return self._application(term)
            case terms.Fold() | terms.Integral() | terms.Limit() | terms.Array():
                return self._binder(term)
            case terms.Cases():
                branches = [f"({self.text(condition)} {self.text(value)})" for condition, value in term.branches]
                return _listed("cases", *branches, self.text(term.otherwise))
            case terms.Derivative():
                return _listed("total_derivative" if term.payload[0] else "derivative", self.text(term.body), self.text(term.by))
            case terms.Antiderivative():
                return _listed("antiderivative", self.text(term.body), self.text(term.by))
            case terms.Relation():
                return _listed(term.sign, *_sorted_sides(term, [self.text(side) for side in term.children]))
            case terms.Junction():
                return _listed(term.kind, *sorted(map(self.text, term.children)))
            case terms.Truth():
                return "true" if term.value else "false"
            case terms.Undefined():
                return "undefined"
        raise AssertionError(f"no listing for {type(term).__name__}")

    def _plain(self, term: terms.Term) -> str:
        parts = list(map(self.text, term.children))
        return _listed(HEADS[type(term)], *(parts if isinstance(term, terms.Power) else sorted(parts, key=_order)))

    def _application(self, term: terms.Apply) -> str:
        arguments = list(map(self.text, term.arguments))
        known = term.function in FUNCTIONS or term.function in ARRAY_FUNCTIONS
        name = term.function if known else _name(term.function)
        if not (term.component or term.orders):
            return _listed(name, *arguments)
        orders = [_bracketed([str(position), *map(self.text, entry)]) for position, entry in term.orders]
        return _listed("call", name, _bracketed(arguments), _bracketed(map(self.text, term.component)), _bracketed(orders))

    def _binder(self, term: terms.Term) -> str:
        variables, bounds, bodies = open_binder(term)
        letters = [self._bind(variable) for variable in variables]
        shown, inside = list(map(self.text, bounds)), list(map(self.text, bodies))
        self.taken.difference_update(letters)
        match term:
            case terms.Fold():
                condition = [] if bodies[0] is TRUE else [inside[0]]
                return _listed(FOLDS[term.operation], *letters, *shown, inside[1], *condition)
            case terms.Integral():
                return _listed("integral", *letters, *shown, *inside)
            case terms.Limit():
                return _listed("limit", *letters, *shown, *inside, term.direction)
        ranges = [f"({letter} {bound})" for letter, bound in zip(letters, shown, strict=True)]
        return _listed("array", _bracketed(ranges), *inside)

    def _bind(self, variable: terms.Variable) -> str:
        candidates = [*LETTERS, *(f"i{number}" for number in range(len(self.taken) + 1))]
        letter = next(letter for letter in candidates if letter not in self.taken)
        self.letters[variable] = letter
        self.taken.add(letter)
        return letter


def _listed(head: str, *parts: str) -> str:
    return _bracketed([head, *parts])


def _bracketed(parts: Iterable[str]) -> str:
    return f"({' '.join(parts)})"


def _name(name: str) -> str:
    return name if BARE.fullmatch(name) and name not in KEYWORDS else json.dumps(name, ensure_ascii=False)


def _order(text: str) -> tuple[bool, str]:
    """Numbers before everything else."""
    return not text[0].isdigit() and text[0] != "-", text


def _sorted_sides(term: terms.Relation, sides: Sequence[str]) -> Sequence[str]:
    return sorted(sides, key=_order) if term.sign in ("=", "≠") else sides
