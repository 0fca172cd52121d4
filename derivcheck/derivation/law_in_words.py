"""Laws of random variables that words tell: ``X is exponential with rate a``, ``for a gamma variable Y with shape a and rate b``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from derivcheck.derivation.outline import FORMULA, Line
from derivcheck.elaboration.randomness import Law, law_name
from derivcheck.reading.content import names_of
from derivcheck.reading.drawn import DRAWN
from derivcheck.reading.expression import Bracketed, Call, Choice, Dots, Expression, Listed, Literal, Name, Power, Quotient
from derivcheck.source import NOWHERE

_LAW = re.compile(r"\b(standard normal|exponential|poisson|gamma|normal|gaussian|binomial|bernoulli|geometric|uniform|beta)(?:ly|s)?\b", re.I)
# Behind the name of a law these make it that of something else.
_OTHER = re.compile(r"\s*-?\s*(?:process\w*|approximat\w+|prior\w*|posterior|famil\w+|equations?|function\w*|integral\w*|series|limit|likelihood|model|errors?|coefficients?|theorem|vector)\b", re.I)
_UNSURE = re.compile(
    r"\b(?:given|condition\w*|approx\w*|asymptot\w*|limit\w*|converg\w*|if|would|were|not|unless|instead|suppose now|posterior|processe?s?|jointly|multivariate|truncated|mixture|either|order(?:ed)?|sum|minimum|maximum|mean of)\b", re.I
)
_BE = r"(?:is|are|be|being|has|have|follows?|following|having|denotes?|with|,)"
_FILL = r"(?:an?|the|all|both|each|mutually|independent|independently|identically|i\.?\s?i\.?\s?d\.?|distributed|random|and|again|now|let|two|three|of|variables?|common|same|sample|draws?|drawn|sampled|observations?|from|modell?ed|assumed|as|according|to)"
_LIST = rf"{FORMULA}(?:\s*(?:,|and|,\s*and|&)\s*{FORMULA})*"
_NAMES_BEFORE = re.compile(rf"({_LIST})(?:,?\s+(?:which|that|who))?(?:\s+(?:of|per|in|on|at)(?:\s+[\w-]+){{1,3}}?)?\s*,?\s*{_BE}\s+(?:{_FILL}[\s,]+)*$", re.I)
# What is given for what is drawn, and of what a law is the prior.
_GIVEN = re.compile(rf"\b(?:given|condition(?:ed|al(?:ly)?)? (?:up)?on|for (?:fixed|known))\s+(?:(?:the|a|that|value|of|its|parameter|rate|mean|\w+ty)\s+)*({_LIST})", re.I)
_PRIOR = re.compile(rf"\s*(?:distribut\w+\s+)?prior(?:\s+(?:distribution|law|density))?\s*(?:is\s+)?(?:placed\s+|put\s+)?(?:on|for|over|of)\s+(?:the\s+|\w+\s+)?({_LIST})", re.I)
_NAMES_BEHIND = re.compile(rf"\s*(?:(?:random|distributed|variables?|variate|sample|data|observations?|counts?|(?:life|waiting )?times?|quantit\w+)\s+)*({_LIST})", re.I)
_ROLES = r"success probabilit(?:y|(?=ies))|probabilit(?:y|(?=ies))|rate|mean|expectation|expected value|intensity|parameter|shape|scale|variance|standard deviation"
_VALUE = re.compile(
    rf"[\s,(]*(?:(?:with|of|on|and|over|having|whose|an?|the|its|is|are|respective|common|unknown|known|same|in|interval|random|variables?|distribut\w+|law)\b[\s,(]*)*"
    rf"(?:(?P<role>{_ROLES})(?P<plural>s|ies)?\b[\s:=]*(?:(?:is|of)\s+)?)?(?P<value>{FORMULA}|\d+(?:\.\d+)?(?![\d%])|(?:zero|one)\b)",
    re.I,
)
_SPELLED_NUMBERS = {"zero": "0", "one": "1"}
_ONE = Literal(Fraction(1), NOWHERE)
_SPELLED = {"gaussian": "normal", "standard normal": "normal"}
# Which parameter a role tells of each law, and how: as it is, its reciprocal, or its square.
_TOLD = {
    "exponential": {"rate": (0, ""), "intensity": (0, ""), "parameter": (0, ""), "mean": (0, "/"), "expectation": (0, "/"), "expected value": (0, "/"), "scale": (0, "/")},
    "poisson": {"rate": (0, ""), "intensity": (0, ""), "parameter": (0, ""), "mean": (0, ""), "expectation": (0, ""), "expected value": (0, "")},
    "geometric": {"parameter": (0, ""), "probability": (0, ""), "success probability": (0, "")},
    "bernoulli": {"parameter": (0, ""), "probability": (0, ""), "success probability": (0, ""), "mean": (0, "")},
    "gamma": {"shape": (0, ""), "rate": (1, ""), "scale": (1, "/")},
    "normal": {"mean": (0, ""), "expectation": (0, ""), "expected value": (0, ""), "variance": (1, ""), "standard deviation": (1, "^")},
    "binomial": {}, "beta": {}, "uniform": {},
}  # fmt: skip
_COUNTS = {"normal": 2, "gamma": 2, "binomial": 2, "beta": 2, "uniform": 2}


@dataclass(frozen=True, slots=True)
class _Told:
    """A value with the role that words give it; ``plural``: the role is that of several values."""

    role: str
    value: Expression
    plural: bool


@dataclass(frozen=True, slots=True)
class Worded:
    """The law that words tell of a name, and the names that are given for it."""

    name: str
    law: Law
    given: frozenset[str] = frozenset()


def laws_in_words(group: Sequence[Line]) -> Iterator[Worded]:
    """The laws that a sentence tells of names; ``group`` are the lines of the sentence."""
    last = group[-1]
    text = _with_signs(f"{last.words} {FORMULA} {last.after}", group)
    formulas = _formulas(group)
    under = _GIVEN.search(text)
    if text.count(FORMULA) != len(formulas) or _UNSURE.search(text if under is None else text[: under.start()] + text[under.end() :]):
        return
    if under is not None and None in _at(text, under, formulas):
        return
    given = frozenset() if under is None else names_of(*_at(text, under, formulas))
    told = [*_by_name(text, formulas), *_by_formula(text, formulas)]
    yield from (Worded(name, law, given - {name}) for name, law in told)


def _at(text: str, found: re.Match[str], formulas: Sequence[Expression | None]) -> Sequence[Expression | None]:
    """The formulas that a match lists."""
    first = text.count(FORMULA, 0, found.start(1))
    return formulas[first : first + found.group(1).count(FORMULA)]


def _by_formula(text: str, formulas: Sequence[Expression | None]) -> Iterator[tuple[str, Law]]:
    """The laws that stand as formulas in a sentence: ``X is N(0, 1)``, ``with a Beta(a, b) prior on p``."""
    places = [place for place, letter in enumerate(text) if letter == FORMULA]
    for place, formula in zip(places, formulas, strict=True):
        call = next((part for part in (formula.options[0][0], formula.options[-1][0]) if isinstance(part, Call)), None) if isinstance(formula, Choice) else formula
        law = law_name(call.function.spelling) if isinstance(call, Call) and call.below is None else None
        named = (_NAMES_BEFORE.search(text[:place]) or _PRIOR.match(text, place + 1)) if law is not None else None
        if law is not None and named is not None and isinstance(call, Call):
            for name in (name for one in _at(text, named, formulas) for name in _variables(one)):
                yield name.spelling, Law(law, call.arguments, name)


def _by_name(text: str, formulas: Sequence[Expression | None]) -> Iterator[tuple[str, Law]]:
    """The laws that words name."""
    for found in _LAW.finditer(text):
        word = found.group(1).lower()
        if _OTHER.match(text, found.end()) and not _PRIOR.match(text, found.end()):
            continue
        named = _NAMES_BEFORE.search(text[: found.start()])
        behind = None if named is not None else _PRIOR.match(text, found.end()) or _NAMES_BEHIND.match(text, found.end())
        listed = named if named is not None else behind
        if listed is None:
            continue
        names = [name for formula in _at(text, listed, formulas) for name in _variables(formula)]
        place = found.end() if behind is None else behind.end()
        yield from _laws(_SPELLED.get(word, word), word.startswith("standard"), names, text, place, formulas)


def _formulas(group: Sequence[Line]) -> list[Expression | None]:
    """What stands at each formula of a sentence; None where that is a relation, or more than one statement."""
    at: dict[int, list[Line]] = {}
    for line in group:
        at.setdefault(line.display, []).append(line)
    return [lines[0].members[0] if len(lines) == 1 and (len(lines[0].members) == 1 or lines[0].statement.membership or _is_cut(lines[0])) else None for lines in at.values()]


def _is_cut(line: Line) -> bool:
    """Whether a formula ends in the sign of a law, which words name behind it: ``$X_i \\sim$ Poisson``."""
    return len(line.members) == 2 and line.members[1] is None and line.statement.signs[0].text == DRAWN


def _with_signs(text: str, group: Sequence[Line]) -> str:
    """The words of a sentence, with one for the sign of a law at the end of a formula."""
    cut = {line.display: _is_cut(line) for line in group}
    pieces = text.split(FORMULA)
    if not any(cut.values()) or len(pieces) != len(cut) + 1:
        return text
    return pieces[0] + "".join(f"{FORMULA}{' is ' if is_cut else ''}{piece}" for is_cut, piece in zip(cut.values(), pieces[1:], strict=True))


def _variables(formula: Expression | None) -> list[Name]:
    """The random variables that a formula names; none where it is anything else."""
    items = formula.items if isinstance(formula, Listed) else (formula,)
    names = [item for item in items if isinstance(item, Name) and not item.primes]
    if len(names) + sum(isinstance(item, Dots) for item in items) < len(items):
        return []
    return list({name.spelling: name for name in names}.values())


def _laws(law: str, is_standard: bool, names: Sequence[Name], text: str, place: int, formulas: Sequence[Expression | None]) -> Iterator[tuple[str, Law]]:
    """The law of each of some names, with the parameters that the words from a place on tell."""
    count = _COUNTS.get(law, 1)
    if is_standard:
        for name in names:
            yield name.spelling, Law(law, (Literal(Fraction(0), NOWHERE), _ONE), name, True)
        return
    told = list(_values(text, place, formulas, max(count, len(names))))
    for at, name in enumerate(names):
        mine = told[at : at + 1] if count == 1 and told and told[0].plural and len(names) > 1 else told[:count]
        parameters = _parameters(law, mine)
        if parameters is not None:
            yield name.spelling, Law(law, parameters, name, all(one.role and one.role != "parameter" for one in mine))


def _values(text: str, place: int, formulas: Sequence[Expression | None], most: int) -> Iterator[_Told]:
    """The values that words tell one after the other, so many at most; one without a role has that of the one before."""
    role, plural = "", False
    for _ in range(most):
        found = _VALUE.match(text, place)
        value = None if found is None else _value(found.group("value"), text, found.start("value"), formulas)
        if found is None or value is None:
            return
        if found.group("role"):
            role, plural = re.sub(r"probabilit$", "probability", found.group("role").lower()), found.group("plural") is not None
        yield _Told(role, value, plural)
        place = found.end()


def _value(written: str, text: str, start: int, formulas: Sequence[Expression | None]) -> Expression | None:
    if written == FORMULA:
        return formulas[text.count(FORMULA, 0, start)]
    return Literal(Fraction(_SPELLED_NUMBERS.get(written.lower(), written)), NOWHERE, len(written.partition(".")[2]))


def _parameters(law: str, told: Sequence[_Told]) -> tuple[Expression, ...] | None:
    """The parameters of a law as this project orders them; None where they are not all told."""
    count = _COUNTS.get(law, 1)
    if law == "uniform":
        ends = told[0].value if told else None
        ends = ends.body if isinstance(ends, Bracketed) else ends
        return ends.items if isinstance(ends, Listed) and len(ends.items) == 2 else None
    if len(told) < count:
        return None
    if all(one.role in ("", "parameter") for one in told) and (count == 1 or told[0].plural or not told[0].role):
        return tuple(one.value for one in told) if law != "normal" else None
    found: dict[int, Expression] = {}
    for one in told:
        where = _TOLD[law].get(one.role)
        if where is None or where[0] in found:
            return None
        found[where[0]] = _turned(one.value, where[1])
    return tuple(found[k] for k in range(count)) if len(found) == count else None


def _turned(value: Expression, how: str) -> Expression:
    """A value, its reciprocal (``/``) or its square (``^``)."""
    if how == "/":
        return Quotient(_ONE, value, value.span)
    return Power(value, Literal(Fraction(2), NOWHERE), value.span) if how == "^" else value
