r"""An index is wrong: two are swapped, another letter stands there, one is bound that should be free.

Holds: $(A x)_i = \sum_j A_{ij} x_j$. Does not: $(A x)_i = \sum_j A_{ji} x_j$.

Confirmed by exchanging indices, one name at a time, and deciding the step again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.edit import everywhere, indexed, letters, put, renamed, turned
from derivcheck.reading.expression import Binder, Expression, Literal, Name, Sum
from derivcheck.repair.site import Site, is_in_index
from derivcheck.source import NOWHERE

OUTSIDE = ("function", "index", "by", "bound")


def propose(bench: Workbench) -> Iterator[Repair]:
    for site in bench.sites:
        expression = site.expression
        if isinstance(expression, Sum) and is_in_index(site):
            yield from _turned(bench, site, expression)
        if isinstance(expression, Name) and site.role not in OUTSIDE and (expression.indices or expression.samples):
            yield from _other_indices(bench, site, expression)
        if isinstance(expression, Binder) and expression.variables:
            yield from _other_bound(bench, site, expression)


def _other_indices(bench: Workbench, site: Site, name: Name) -> Iterator[Repair]:
    known = site.want is not None
    for cost, new in _variants(name, _letters(bench, site)):
        message = f"the index is wrong: {bench.shown(new)} should stand here, not {bench.shown(name)}"
        yield from bench.repair(site, new, (1.1 if known else 1.55) + cost, message)


def _turned(bench: Workbench, site: Site, index: Sum) -> Iterator[Repair]:
    """An index that is a sum, with the sign of a term turned."""
    for place, (sign, _) in enumerate(index.terms):
        if sign in "+-":
            new = turned(index, place)
            yield from bench.repair(site, new, 1.05, f"the index is wrong: {bench.shown(new)} should stand here, not {bench.shown(index)}")


def _letters(bench: Workbench, site: Site) -> list[str]:
    """The letters that count around a site: free ones, bound ones, those of the step."""
    found = dict.fromkeys([*bench.letters, *sorted(site.bound - {"?"}), *letters(bench.step.left)])
    return list(found)[:6]


def _variants(name: Name, counting: list[str]) -> Iterator[tuple[float, Name]]:
    """The name with two indices exchanged, with another letter for one of them, with one more or one less."""
    found = name.indices
    for place in range(len(found) - 1):
        yield 0.0, indexed(name, (*found[:place], found[place + 1], found[place], *found[place + 2 :]))
    for place, index in enumerate(found):
        if isinstance(index, Name | Literal):
            for letter in counting:
                if not (isinstance(index, Name) and index.spelling == letter):
                    yield 0.05, indexed(name, (*found[:place], Name(letter, NOWHERE), *found[place + 1 :]))
    for letter in counting:
        if all(not isinstance(index, Name) or index.spelling != letter for index in found):
            yield 0.2, indexed(name, (*found, Name(letter, NOWHERE)))
    for place, sample in enumerate(name.samples):
        for letter in counting:
            if isinstance(sample, Name) and sample.spelling != letter:
                yield 0.1, replace(name, samples=(*name.samples[:place], Name(letter, NOWHERE), *name.samples[place + 1 :]), span=NOWHERE)


def _other_bound(bench: Workbench, site: Site, expression: Binder) -> Iterator[Repair]:
    """Another letter below the sum sign, and a fresh letter for one that is bound although it is free on the other side."""
    for place, variable in enumerate(expression.variables):
        for letter in letters(expression.body):
            if letter not in {other.spelling for other in expression.variables}:
                new = replace(expression, variables=_exchanged(expression.variables, place, letter), span=NOWHERE)
                yield from bench.repair(site, new, 1.58, f"the sum should run over {letter}, not over {variable.spelling}")
        if variable.spelling in bench.letters:
            continue
        for letter in bench.letters:
            body = renamed(expression.body, variable.spelling, letter)
            if body is not expression.body and len(expression.variables) == 1:
                yield from bench.repair(site, body, 1.9, f"{variable.spelling} should be {letter}, and nothing summed over")


def _exchanged(variables: tuple[Name, ...], place: int, letter: str) -> tuple[Name, ...]:
    return (*variables[:place], Name(letter, NOWHERE), *variables[place + 1 :])


def plant(right: Expression) -> Iterator[Expression]:
    counting = letters(right)
    for part in everywhere(right):
        name = part.expression
        if isinstance(name, Name) and name.indices:
            for place in range(len(name.indices) - 1):
                yield put(right, part.path, indexed(name, (*name.indices[:place], name.indices[place + 1], name.indices[place], *name.indices[place + 2 :])))
            for place, index in enumerate(name.indices):
                for letter in counting:
                    if isinstance(index, Name) and index.spelling != letter:
                        yield put(right, part.path, indexed(name, (*name.indices[:place], Name(letter, NOWHERE), *name.indices[place + 1 :])))


DIAGNOSIS = Diagnosis("DC301", "index", "index", propose, plant)
