"""Numbers put into formulas: whether they are those that the document tells of what stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from derivcheck.comparison import Comparer
from derivcheck.derivation.correspondence import Pair, at_numbers, pairs
from derivcheck.derivation.definable import ELEMENTARY, is_numeric
from derivcheck.derivation.instance import key_of
from derivcheck.derivation.outline import Line, members_of
from derivcheck.derivation.recursion import value_of
from derivcheck.elaboration.book import Definition, holds_in
from derivcheck.elaboration.head import Head, chance_key, fits, head_of
from derivcheck.elaboration.same import same
from derivcheck.finding import Finding
from derivcheck.reading.content import names_of, number
from derivcheck.reading.custom import CONSTANTS
from derivcheck.reading.expression import Bracketed, Chance, Expression, Gridded, Listed, Literal, Name, Quotient, Transpose, is_plain, walk
from derivcheck.rounded import is_closed
from derivcheck.shown import Shown
from derivcheck.step import Step

_NUMBER = re.compile(r"(?<![A-Za-wyz_.\d])\d+(?:\.\d+)?")
OTHER_CASE = "the numbers may be those of another case than the one that was told"
_UNIT = re.compile(r"\s*(?:seconds?|sec|minutes?|mins?|hours?|days?|weeks?|months?|years?|degrees?|percent|per cent|kilo\w+|milli\w+|centi\w+|met(?:er|re)s?|[kcm]?m|k?g|ms|h)\b|\s*[%°]")


class Told(Enum):
    """What the document tells of a number that was put in: that it is the one, that it is another one, or nothing."""

    SAME = "same"
    OTHER = "other"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Insertions:
    """Judges lines that put numbers into the formula for a name."""

    comparer: Comparer
    shown: Shown

    def holds(self, step: Step) -> bool:
        """Whether a right side is what a name is told to be, with the numbers in place of letters that the document tells of these.

        A letter of which it tells no number may have one that the sentence speaks of, if nothing else is open.
        """
        for found in self._corresponding(step):
            told = [self._told(step, pair) for pair in found]
            open_ = [pair for pair, what in zip(found, told, strict=True) if what is Told.NOTHING]
            if Told.OTHER not in told and (not open_ or self._is_spoken_of(step, open_, found)):
                return True
        return False

    def told(self, step: Step, values: Mapping[str, Expression]) -> Told:
        """What the document tells of the numbers that a right side has for the letters of the left one, ``values`` by letter with its indices: that one of
        them is another one, or nothing that could count against them; nothing at all where it cannot tell whether other numbers are meant.
        """
        put_in = {key: (name, values[key]) for name in _names(step.left) if (key := key_of(name)) in values}
        told = {key: self._told(step, pair) for key, pair in put_in.items()}
        others = [put_in[key] for key, what in told.items() if what is Told.OTHER]
        if not others:
            return Told.SAME
        is_slip = len(others) == 1 and Told.SAME in told.values() and not self._is_of_another_case(step, others)
        return Told.OTHER if is_slip else Told.NOTHING

    def is_slip(self, step: Step, finding: Finding) -> bool:
        """Whether a right side that is refuted is what a name is told to be with one number that is another one than the document certainly tells."""
        if not (finding.fails and is_closed(finding) and step.starts and step.is_equality):
            return False
        for found in self._corresponding(step):
            told = [self._told(step, pair) for pair in found]
            others = [pair for pair, what in zip(found, told, strict=True) if what is Told.OTHER]
            kept = any(what is Told.SAME and names_of(pair[0]) for pair, what in zip(found, told, strict=True))
            if Told.NOTHING not in told and len(others) == 1 and kept:
                return not self._is_of_another_case(step, others)
        return False

    def may_be_of_another_case(self, step: Step, finding: Finding) -> bool:
        """Whether numbers that are refuted by those which were told may be those of another case, which the document does not tell by letters."""
        if not (finding.fails and is_closed(finding) and step.is_equality and _is_closed_form(step.right) and names_of(step.left) - CONSTANTS):
            return False
        if _is_result(step.right):
            return isinstance(step.left, Name) and finding.view.values and self._is_only_in_words(step.line, step.left)
        own = pairs(step.left, step.right)
        for found in (own,) if own else self._corresponding(step):
            others = [pair for pair in found if self._told(step, pair) is Told.OTHER]
            if others:
                return self._is_of_another_case(step, others)
        return self._is_of_another_case(step, [(step.left, step.right)])

    def _is_of_another_case(self, step: Step, others: Sequence[Pair]) -> bool:
        """Whether some numbers may be those of another case than the one that was told last: the told ones have been put in for the same name before,
        or the words since speak of the numbers.
        """
        last = self._last_numbers(step.line)
        for general, special in others:
            told = self._last_told(step.line, general)
            if told < 0:
                continue
            value = value_of(special, {})
            if told <= last or self._has_unit_in_words(step.line, general) or self._is_only_in_words(step.line, general) or (value is not None and value in self._spoken_since(step.line, told)):
                return True
        return False

    def _is_only_in_words(self, line: Line, general: Expression) -> bool:
        """Whether words of another sentence have told a number of what a formula is made of: they may not be meant for a line."""
        starts = self.comparer.gathered.sentences
        return any(not one.stated and isinstance(one.right, Literal) and starts[one.order] < starts[line.order] for one in self._values(line, general))

    def _has_unit_in_words(self, line: Line, general: Expression) -> bool:
        """Whether a unit stands behind a number that was told for a formula in words: it may be put in in another one."""
        lines = self.comparer.gathered.outline.lines
        return any(_UNIT.match(lines[one.order].after) for one in self._values(line, general) if one.stated)

    def _values(self, line: Line, general: Expression) -> list[Definition]:
        """The numbers that are given before a line to the letters of a formula and to what these are made of."""
        book = self.comparer.gathered.book
        chances = {chance_key(part)[0] for part in walk(general) if isinstance(part, Chance)}
        known = (one for name in book.reached(names_of(general) | chances) for one in book.definitions.get(name, ()))
        return [one for one in known if _is_value(one) and one.order <= line.order and one.order != book.unheard and holds_in(one.scope, line.scope)]

    def _spoken_since(self, line: Line, told: int) -> set[Fraction]:
        """The numbers that the words since another line speak of, and those that the sentence of a line or the line before it comes to."""
        lines, start = self.comparer.gathered.outline.lines, min(self.comparer.gathered.sentences[line.order], line.order - 1)
        found = {number(one.members[-1]) for one in lines[max(start, told + 1) : line.order] if len(one.members) > 2 and one.members[-1] is not None}
        words = " ".join(f"{one.words} {one.statement.before}" for one in lines[told + 1 : line.order + 1])
        return {value for value in found if value is not None} | set(_numbers_in(words))

    def _last_told(self, line: Line, general: Expression) -> int:
        """The order of the last line before one that gives a number to a letter of a formula or to what its letters are made of; -1 where none does."""
        return max((one.order for one in self._values(line, general) if one.order < line.order or not one.stated), default=-1)

    def _last_numbers(self, line: Line) -> int:
        """The order of the last line before one that puts numbers in for the same name; -1 where none does."""
        first = line.members[0]
        before = (one for one in self.comparer.gathered.outline.lines[: line.order] if holds_in(one.scope, line.scope) and len(one.members) > 1)
        alike = [one.order for one in before if first is not None and one.members[0] is not None and same(one.members[0], first) and any(map(_is_inserted, one.members))]
        return max(alike, default=-1)

    def _corresponding(self, step: Step) -> Iterator[tuple[Pair, ...]]:
        """The parts of each formula for the name on the left with the numbers on the right that stand in their places."""
        head, book = head_of(step.left), self.comparer.gathered.book
        if head is None or number(step.right) is not None or all(number(part) is None for part in walk(step.right)):
            return
        found = book.find(head, step.line.order, step.line.scope)
        proved = [one for one in book.proved(head.spelling, step.line.scope) if one.is_proved and one.order < step.line.order and fits(one.head, head)]
        for one in [*([found.definition] if found is not None else []), *proved]:
            formula = at_numbers(one.head, one.right, head) if one.order != step.line.order else None
            parts = pairs(formula, step.right) if formula is not None and names_of(formula) else ()
            if parts and all(names_of(special) <= CONSTANTS | ELEMENTARY for _, special in parts):
                yield parts

    def _told(self, step: Step, pair: Pair) -> Told:
        general, special = pair
        known = self.shown.number_of(step.line, general) if isinstance(general, Name) else None
        if known is not None and known == number(special):
            return Told.SAME
        finding = self.comparer.compare(step.line, general, special, "=")
        if finding.holds or self.shown.is_rounded(Step(step.line, step.place, general, special, "="), finding):
            return Told.SAME
        return Told.OTHER if known is not None or (finding.fails and is_closed(finding)) else Told.NOTHING

    def _is_spoken_of(self, step: Step, open_: Sequence[Pair], found: Sequence[Pair]) -> bool:
        """Whether each letter that has no value gets one number wherever it stands, which the sentence speaks of; at most one of them stands at one place alone."""
        names = names_of(*(general for general, _ in open_))
        ties = [fact for fact in self.comparer.facts.constraints(step.line) if number(fact.right) is not None and fact.names & names]
        if ties or not all(isinstance(general, Name) and not self._is_made_of_others(step.line, general) for general, _ in open_):
            return False
        groups: list[list[Pair]] = []
        for pair in open_:
            group = next((one for one in groups if same(one[0][0], pair[0])), None)
            groups.append([pair]) if group is None else group.append(pair)
        listed = self._listed(step.line, groups)
        numbers = [[value_of(special, {}) for _, special in group] for group in groups if group not in listed]
        if any(None in values or len(set(values)) != 1 for values in numbers):
            return False
        lone = [values[0] for values in numbers if len(values) == 1]
        # Two numbers that changed places would not be seen, unless the words have them in another order.
        if len(lone) > 1 and (len(lone) > 2 or lone[0] == lone[1] or not _are_in_order(lone, _numbers_in(f"{step.line.words} {step.line.statement.before}"))):
            return False
        others = names_of(*(general for general, _ in found)) - names_of(*(general for general, _ in open_))
        start = min(self.comparer.gathered.sentences[step.line.order], step.line.order - 1)
        own = {part.value for part in walk(step.left) if isinstance(part, Literal)}
        return {values[0] for values in numbers} <= self._numbers(step.line, start, others) - own

    def _is_made_of_others(self, line: Line, name: Name) -> bool:
        """Whether anything tells what a name, or a power of it, is: then its number is not free, though nobody can work it out."""
        head = Head(name.spelling, name.indices, name.samples, primes=name.primes)
        known = self.comparer.gathered.book.definitions.get(name.spelling, ())
        said = (one for one in known if one.explains or (one.order <= line.order and holds_in(one.scope, line.scope)))
        return any(fits(one.head, head) and one.head.arguments is None for one in said)

    def _listed(self, line: Line, groups: Sequence[list[Pair]]) -> list[list[Pair]]:
        """Those of some letters with their numbers that are members of one family whose numbers the words before a line list in order: ``weights (0.1, 0.2)``."""
        families: dict[str, dict[Fraction, list[Pair]]] = {}
        for group in groups:
            name = group[0][0]
            count = number(name.indices[0]) if isinstance(name, Name) and len(name.indices) == 1 and not name.samples else None
            if isinstance(name, Name) and count is not None:
                families.setdefault(name.spelling, {})[count] = group
        outline = self.comparer.gathered.outline
        said = [_numbers_in(words) for start, words in outline.prose if start < line.segment.span.start]
        lists = (part for member in members_of(outline.lines[: line.order]) for part in walk(member) if isinstance(part, Listed))
        said += [[value_of(item, {}) for item in part.items if not names_of(item)] for part in lists]
        found: list[list[Pair]] = []
        for members in families.values():
            values = [value_of(members[count][0][1], {}) for count in sorted(members)]
            if len(values) > 1 and any(values == told[place : place + len(values)] for told in said for place in range(len(told))):
                found += members.values()
        return found

    def _numbers(self, line: Line, start: int, others: frozenset[str]) -> set[Fraction]:
        """The numbers that the lines from one on and the words before a line speak of, other than as values of some names."""
        lines = self.comparer.gathered.outline.lines[max(start, 0) : line.order]
        members = members_of([one for one in lines if not (is_plain(one.members[0]) and one.members[0].spelling in others)])
        words = " ".join([f"{line.words} {line.statement.before}", *(f"{one.words} {one.statement.before} {one.after}" for one in lines)])
        return {part.value for member in members for part in walk(member) if isinstance(part, Literal)} | set(_numbers_in(words))


def _numbers_in(words: str) -> list[Fraction]:
    return [Fraction(value) for value in _NUMBER.findall(words)]


def _are_in_order(values: Sequence[Fraction | None], among: Sequence[Fraction]) -> bool:
    """Whether some values stand among others in their own order."""
    rest = iter(among)
    return all(any(value == other for other in rest) for value in values)


def _names(expression: Expression) -> list[Name]:
    return [part for part in walk(expression) if isinstance(part, Name)]


def _is_inserted(member: Expression | None) -> bool:
    """Whether numbers were put into a formula, and it was not only worked out."""
    return member is not None and _is_closed_form(member) and not _is_result(member)


def _is_result(member: Expression) -> bool:
    """Whether a member is a number, or an array of such, that nothing is left to be worked out of."""
    if isinstance(member, Bracketed | Transpose):
        return _is_result(member.body)
    if isinstance(member, Quotient):
        above, below = number(member.above), number(member.below)
        return above is not None and below is not None and below > 1 and (above / below).denominator == below
    if isinstance(member, Listed):
        return all(map(_is_result, member.items))
    return all(_is_result(entry) for row in member.rows for entry in row) if isinstance(member, Gridded) else number(member) is not None


def _is_closed_form(member: Expression) -> bool:
    """Whether a member is made of numbers, and of functions and constants that have a meaning everywhere."""
    return names_of(member) <= CONSTANTS | ELEMENTARY and any(isinstance(part, Literal) for part in walk(member))


def _is_value(definition: Definition) -> bool:
    return definition.is_value or is_numeric(definition.right)
