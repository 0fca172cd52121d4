"""Random variables: their names, laws, moments and independence, as formulas and words tell them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from derivcheck.derivation.law_in_words import Worded, laws_in_words
from derivcheck.derivation.outline import FORMULA, Line
from derivcheck.elaboration.book import Book, is_around
from derivcheck.elaboration.head import chance_key
from derivcheck.elaboration.joint import as_chance
from derivcheck.elaboration.randomness import Law, Randomness, law_name
from derivcheck.elaboration.same import same
from derivcheck.reading.content import names_of, number
from derivcheck.reading.custom import DENSITIES
from derivcheck.reading.drawn import DRAWN
from derivcheck.reading.expression import (
    Bracketed,
    Call,
    Chance,
    Choice,
    Dots,
    Expression,
    Listed,
    Literal,
    Name,
    Power,
    Product,
    is_plain,
    walk,
)
from derivcheck.reading.name import without_label

_VARIANCES = frozenset(("Var", "var"))
_COVARIANCES = frozenset(("Cov", "cov"))
_FUNCTIONALS = _VARIANCES | _COVARIANCES | {"expectation"}
_ABOUT_CHANCES = DENSITIES | {"expectation", r"\mathrm{KL}", "KL"}
_INDEPENDENT = re.compile(r"\bindependent\b|\bi\.?\s?i\.?\s?d\b", re.I)
_DRAWN = re.compile(r"\W*(?:(?:is|are|be|being|drawn|sampled|all|mutually)\s+)*(?:independent\b|i\.?\s?i\.?\s?d\b)", re.I)
_NOT_INDEPENDENT = re.compile(r"\bnot\b[^.]{0,20}\bindependent\b|\bdependent\b|\bconditionally\b", re.I)
_MEAN = re.compile(r"\b(?:mean|expectation|expected value)(?: (?:of|is|equal to))*\s*$", re.I)
_VARIANCE = re.compile(r"\bvariance(?: (?:of|is|equal to))*\s*$", re.I)
_ZERO_MEAN_BEHIND = re.compile(r"\W*(?:(?:is|are|has|have|having|with|of|a|noise|be) )+(?:zero[- ]mean|mean (?:of )?(?:zero|0)|expectation (?:zero|0)|cent(?:er|re)d)\b", re.I)
_ZERO_MEAN_BEFORE = re.compile(r"\b(?:zero[- ]mean|cent(?:er|re)d)(?: (?:noise|(?:random )?variables?|errors?))?\s*$", re.I)
_UNIT_VARIANCE_BEHIND = re.compile(r"\W*(?:(?:has|have|having|with|of) )+(?:(?:zero mean|mean zero) and )?(?:unit variance|variance (?:one|1))\b", re.I)


def randomness(lines: Sequence[Line], book: Book, matrices: frozenset[str] = frozenset()) -> Randomness:
    """What some lines tell of random variables. ``matrices``: capitals that are arrays: beside what is random they are fixed."""
    found, disputed = _in_force(lines)
    laws = {name: law for name, (_, law) in found.items()}
    letters = frozenset(laws) | _letters(lines)
    told: tuple[dict, dict, dict] = ({}, {}, {})
    for line in lines:
        for spelling, place, moment in (*_stated(line, letters), *_worded(line, lines), *_standard(line)):
            follows = all(spelling in other for at, other in enumerate(told) if at != place)
            if spelling in laws and _is_over(found[spelling][0], line) and not follows and not book.is_defined(spelling):
                del laws[spelling]
            if spelling not in laws and spelling not in disputed and not book.is_defined(spelling) and not follows:
                told[place].setdefault(spelling, moment)
                letters |= {spelling}
    letters |= _sample(lines, laws, told, book)
    known = frozenset(laws).union(*told)
    letters = letters - {name for name in matrices - known if _is_beside(name, known, lines)}
    given = _conditional(lines)
    tied = frozenset(frozenset((name, other)) for name, law in _all_laws(laws, given) for other in names_of(*law.parameters) - {name})
    independent = frozenset(pair for group in _sentences(lines) for pair in _independent(group, letters)) - tied
    letters |= frozenset(name for pair in independent for name in pair)
    return Randomness(letters, laws, *told, given, independent, frozenset(_related(lines)))


def _all_laws(laws: Mapping[str, Law], given: Mapping[str, tuple[tuple[frozenset[str], Law], ...]]) -> Iterator[tuple[str, Law]]:
    yield from laws.items()
    yield from ((name, law) for name, told in given.items() for _, law in told)


def _sample(lines: Sequence[Line], laws: dict[str, Law], told: Sequence[dict[str, tuple[Name, Expression]]], book: Book) -> frozenset[str]:
    """The families that are written as the values of a random variable are, ``x_i`` of X: each member has the law and the moments of that, which are entered."""
    families = {part.spelling for line in lines for member in line.members if member is not None for part in walk(member) if isinstance(part, Name) and len(part.indices) == 1 and len(part.spelling) == 1 and part.spelling.islower()}
    new = frozenset(name for name in families if name not in laws and not any(name in table for table in told) and not book.is_defined(name))
    drawn = {name for table in (laws, *told) for name in new if name.upper() in table}
    for table in (laws, *told):
        table.update({name: table[name.upper()] for name in drawn if name.upper() in table})
    return frozenset(drawn)


def _is_over(told: Line, line: Line) -> bool:
    """Whether a line comes after the section of another one."""
    return told.order < line.order and not is_around(told.scope, line.scope)


def _in_force(lines: Sequence[Line]) -> tuple[dict[str, tuple[Line, Law]], frozenset[str]]:
    """The law of each name and where it is told, which is in the latest section that tells one, and the names to which that section gives two."""
    found: dict[str, tuple[Line, Law]] = {}
    disputed: set[str] = set()
    worded = _worded_laws(lines)
    for line in lines:
        told = ((one.name, one.law) for one in worded.get(line.order, ()) if not one.given)
        for name, law in (*_laws(line), *told):
            known = found.get(name)
            if known is None or known[0].scope != line.scope:
                disputed.discard(name)
            elif known[1].name != law.name or not all(map(same, known[1].parameters, law.parameters)):
                disputed.add(name)
            found[name] = (line, law)
    return {name: one for name, one in found.items() if name not in disputed}, frozenset(disputed)


def _worded_laws(lines: Sequence[Line]) -> dict[int, tuple[Worded, ...]]:
    """The laws that sentences tell, by the last line of each."""
    return {group[-1].order: tuple(laws_in_words(group)) for group in _sentences(lines)}


def _first_sign(line: Line) -> str:
    return line.statement.signs[0].text if line.statement.signs else ""


def _laws(line: Line) -> Iterator[tuple[str, Law]]:
    left, right = (*line.members, None, None)[:2]
    if _first_sign(line) == DRAWN and left is not None and right is not None:
        yield from ((name.spelling, law) for name, law in laws_as_written(_names(left), right))


def laws_as_written(names: Sequence[Name], right: Expression) -> Iterator[tuple[Name, Law]]:
    """The law that is written for some names, for each of them."""
    law = _applied(_bare(right, Call))
    known = law_name(law.function.spelling) if isinstance(law, Call) else None
    for name in names:
        if known is not None and isinstance(law, Call):
            yield name, Law(known, law.arguments, name)


def _applied(law: Expression) -> Expression:
    """A law by its letter that was taken for a factor, as N is where it is a number elsewhere."""
    if isinstance(law, Product) and len(law.factors) == 2 and isinstance(law.factors[0], Name) and isinstance(law.factors[1], Listed | Bracketed):
        function, inside = law.factors
        arguments = inside.items if isinstance(inside, Listed) else (inside.body,)
        return Call(function, arguments, law.span)
    return law


def _conditional(lines: Sequence[Line]) -> dict[str, tuple[tuple[frozenset[str], Law], ...]]:
    """The laws of names under conditions, the latest first: ``\\theta | x \\sim N(m, v)``."""
    found: dict[str, tuple[tuple[frozenset[str], Law], ...]] = {}
    worded = _worded_laws(lines)
    for line in lines:
        for one in worded.get(line.order, ()):
            if one.given:
                found[one.name] = ((one.given, one.law), *found.get(one.name, ()))
        left, right = (line.members[0], line.members[-1]) if line.members else (None, None)
        if not isinstance(left, Chance) or left.function.spelling != DRAWN or right is None:
            continue
        names = [name for event in left.events for name in _names(event)]
        for name, law in laws_as_written(names, right):
            found[name.spelling] = ((names_of(*left.given), law), *found.get(name.spelling, ()))
    return found


def _bare(expression: Expression, wanted: type) -> Expression:
    """An expression without the brackets around it, in the option of its doubt that is of a kind."""
    while isinstance(expression, Bracketed):
        expression = expression.body
    if isinstance(expression, Choice):
        return next((option for option, _ in expression.options if isinstance(option, wanted)), expression.options[0][0])
    return expression


def _names(expression: Expression) -> list[Name]:
    """The names that stand alone or in a list."""
    items = expression.items if isinstance(expression, Listed) else (expression,)
    return [item for item in items if isinstance(item, Name) and not item.primes] if all(isinstance(item, Name | Dots) for item in items) else []


def _letters(lines: Sequence[Line]) -> frozenset[str]:
    """The names that expectations and the like are of: capitals in them, or what stands alone there."""
    found: set[str] = set()
    for call in _calls(lines):
        for argument in call.arguments if call.function.spelling != "expectation" else call.arguments[:1]:
            inside = [part for part in walk(argument) if isinstance(part, Name)]
            capitals = {part.spelling for part in inside if len(part.spelling) == 1 and part.spelling.isupper() and part.spelling not in "EP"}
            base = argument.body if isinstance(argument, Power) else argument
            found |= capitals or ({base.spelling} if isinstance(base, Name) else set())
    return frozenset(found)


def _is_beside(name: str, known: frozenset[str], lines: Sequence[Line]) -> bool:
    """Whether a name stands in expectations with others of which it is told that they are random, and nowhere without them."""
    inside = [names_of(*call.arguments) for call in _calls(lines)]
    return bool(known) and all(names & known or _made_of(names, known, lines) for names in inside if name in names)


def _made_of(names: frozenset[str], known: frozenset[str], lines: Sequence[Line]) -> bool:
    """Whether one of some names is defined by what is random."""
    heads = [(line.members[0], line.members[1]) for line in lines if len(line.members) > 1 and _first_sign(line) in ("=", ":=")]
    return any(isinstance(head, Name) and head.spelling in names and right is not None and names_of(right) & known for head, right in heads)


def _calls(lines: Sequence[Line]) -> Iterator[Call]:
    for line in lines:
        for member in line.members:
            for part in walk(member) if member is not None else ():
                if isinstance(part, Call) and part.function.spelling in _FUNCTIONALS and part.below is None:
                    yield part


def _stated(line: Line, letters: frozenset[str]) -> Iterator[tuple[str, int, tuple[Name, Expression]]]:
    """A moment that an equation tells: ``E[X] = \\mu``."""
    if len(line.members) < 2 or _first_sign(line) not in ("=", ":=", r"\equiv"):
        return
    left, right = line.members[:2]
    if not isinstance(left, Call) or right is None or left.function.spelling not in _FUNCTIONALS - _COVARIANCES or len(left.arguments) != 1 or left.below is not None:
        return
    name = left.arguments[0]
    place = 1 if left.function.spelling in _VARIANCES else 0
    if isinstance(name, Power) and number(name.exponent) == 2 and not place:
        name, place = name.body, 2
    parts = [part for part in walk(right)]
    is_told = not any(isinstance(part, Name) and part.spelling in letters for part in parts) and not any(isinstance(part, Call) and part.function.spelling in _FUNCTIONALS for part in parts)
    if isinstance(name, Name) and not name.primes and is_told:
        yield name.spelling, place, (name, right)


def _standard(line: Line) -> Iterator[tuple[str, int, tuple[Name, Expression]]]:
    r"""A mean of zero or a variance of one that words tell of a name: ``noise \epsilon with zero mean``."""
    name = line.members[0] if len(line.members) == 1 else None
    if not isinstance(name, Name) or name.primes:
        return
    if _ZERO_MEAN_BEHIND.match(line.after) or _ZERO_MEAN_BEFORE.search(line.words):
        yield name.spelling, 0, (name, Literal(Fraction(0), name.span))
    if _UNIT_VARIANCE_BEHIND.match(line.after):
        yield name.spelling, 1, (name, Literal(Fraction(1), name.span))


def _worded(line: Line, lines: Sequence[Line]) -> Iterator[tuple[str, int, tuple[Name, Expression]]]:
    """A moment that words tell of the name before it: ``X with mean \\mu and variance \\sigma^2``."""
    value = line.members[0] if len(line.members) == 1 else None
    if value is None or line.statement.membership:
        return
    words = line.words.rpartition(FORMULA)
    place = 0 if _MEAN.search(words[2]) else 1 if _VARIANCE.search(words[2]) else None
    if place is None or not words[1]:
        return
    for other in reversed(lines):
        is_before = line.order - 4 <= other.order < line.order and other.scope == line.scope and FORMULA in line.words
        if is_before and other.members and other.members[0] is not None and not (_MEAN.search(other.words) or _VARIANCE.search(other.words)):
            for name in _names(other.members[0]) if len(other.members) == 1 or _first_sign(other) == r"\sim" else ():
                yield name.spelling, place, (name, value)
            return


def _sentences(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines of each sentence that names something."""
    group: list[Line] = []
    for line in lines:
        # A sentence may begin with its first formula, behind the words of a heading.
        begins = group and line.words.lstrip().startswith(FORMULA) and line.words.count(FORMULA) == len({one.display for one in group})
        if group and not begins and (FORMULA not in line.words or not line.words.startswith(group[-1].words)):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _independent(group: Sequence[Line], letters: frozenset[str]) -> Iterable[frozenset[str]]:
    """The pairs of names that a sentence calls independent; a family that it does is a pair of its own."""
    text = f"{group[-1].words} {group[-1].after}"
    if not _INDEPENDENT.search(text) or _NOT_INDEPENDENT.search(text):
        return
    named = [line.members[0] for line in group if line.members[0] is not None and (len(line.members) == 1 or _first_sign(line) == r"\sim")]
    drawn = frozenset(name.spelling for line in group if line.members[0] is not None and _DRAWN.match(line.after) for name in _names(line.members[0]) if name.indices)
    names = [name for member in named for name in _names(member) if name.spelling in letters | drawn or name.spelling.isupper()]
    for one, other in combinations(dict.fromkeys(name.spelling for name in names), 2):
        yield frozenset((one, other))
    for name in names:
        if name.indices:
            yield frozenset((name.spelling,))


def _related(lines: Sequence[Line]) -> Iterable[frozenset[str]]:
    """The pairs whose covariance is spoken of, and those of which one is drawn where the other one is given."""
    for line in lines:
        left = line.members[0] if line.members else None
        if isinstance(left, Chance) and left.function.spelling == DRAWN:
            yield from (frozenset((one, other)) for one in names_of(*left.events) for other in names_of(*left.given) if one != other)
    for call in _calls(lines):
        if call.function.spelling in _COVARIANCES and len(call.arguments) == 2 and all(map(is_plain, call.arguments)):
            yield frozenset(argument.spelling for argument in call.arguments if isinstance(argument, Name))


def is_about_chances(letters: frozenset[str], *members: Expression) -> bool:
    """Whether probabilities, densities or expectations stand in some members. ``letters``: those of probabilities."""
    calls = [part.function for member in members for part in walk(member) if isinstance(part, Call)]
    is_named = any(function.spelling in _ABOUT_CHANCES or without_label(function)[0] in letters for function in calls)
    return is_named or any(isinstance(part, Chance) for member in members for part in walk(member))


def densities(expressions: Sequence[Expression], letters: frozenset[str]) -> tuple[Chance, ...]:
    """The probabilities and densities that are written anywhere, those that are written as functions of their values among them."""
    found: dict[str, list[Chance]] = {}
    for expression in expressions:
        for part in walk(expression):
            if isinstance(part, Call) and part.below is None and without_label(part.function)[0] in letters:
                part = as_chance(part)
            if isinstance(part, Chance) and not part.function.samples:
                alike = found.setdefault(chance_key(part)[0], [])
                if not any(same(part, other) for other in alike):
                    alike.append(part)
    return tuple(part for alike in found.values() for part in alike)
