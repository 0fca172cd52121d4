"""A first look over a document's formulas, before any is read: which letters count, which names are functions, which words are names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from derivcheck.elaboration.bracketed import has_terms, is_argument_list, is_random_letter, lone_letter
from derivcheck.elaboration.capitals import Capitals
from derivcheck.elaboration.differentials import Differentials, has_d, starts_with_d, without_d
from derivcheck.elaboration.drawing import sources
from derivcheck.elaboration.increment import Increments
from derivcheck.elaboration.labels import Labels
from derivcheck.latex import command as table
from derivcheck.latex.node import Accent, Digits, Fenced, Fraction, Glyph, Grid, Mark, Node, Noted, Root, Row, Scripts, Words, items_of
from derivcheck.reading.application import is_point
from derivcheck.reading.bracket import is_bar
from derivcheck.reading.custom import COUNTERS, PROBABILITIES
from derivcheck.reading.fold import bound_letters
from derivcheck.reading.name import spell
from derivcheck.reading.operator import SUMS
from derivcheck.reading.vocabulary import Vocabulary

EXPECTED = "E"
_VOWELS = frozenset("aeiouyAEIOUY")
_BASES = 3
_CONDITION_SIGNS = frozenset(("=", r"\ne", "<", r"\le"))


@dataclass(slots=True)
class Survey:
    """Counts over all formulas: how names are used, which letters are bound, which runs of letters occur.

    ``mentioned``: names that are a formula by themselves, as where words speak of them; they are counted among the ``bare`` ones, too.
    ``varied``: letters below a maximum or minimum; ``counted``: letters below a sum or product; ``cases``: those for the cases of something in a probability; ``compared``: letters
    that are a side of a comparison with another one; ``families``: the small letters that stand alone below each name; ``stepped``:
    those with a number added below it; ``raised``: counting letters that stand above names, with these names; ``raised_before``: those
    that do with one taken off; ``raised_heads``: those above a left side. ``valued``: names whose value at a number is a left side:
    ``y(0) = 2``. ``drawn``: laws that letters are drawn from. ``expecting``: whether the letter E stands before a square bracket, as an
    expectation does; ``averaged``: whether that is a random variable in left sides. ``slopes``: how often names stand above a d alone.
    """

    applied: Counter = field(default_factory=Counter)
    bare: Counter = field(default_factory=Counter)
    mentioned: Counter = field(default_factory=Counter)
    defined_functions: set[str] = field(default_factory=set)
    defined_names: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    stepped: dict[str, set[str]] = field(default_factory=dict)
    bounds: set[str] = field(default_factory=set)
    varied: set[str] = field(default_factory=set)
    counted: set[str] = field(default_factory=set)
    below: Counter = field(default_factory=Counter)
    compared: Counter = field(default_factory=Counter)
    cases: Counter = field(default_factory=Counter)
    families: dict[str, set[str]] = field(default_factory=dict)
    runs: Counter = field(default_factory=Counter)
    capitals: Capitals = field(default_factory=Capitals)
    worded: Counter = field(default_factory=Counter)
    leading_runs: set[str] = field(default_factory=set)
    raised_runs: set[str] = field(default_factory=set)
    primed: set[str] = field(default_factory=set)
    sums_inside: set[str] = field(default_factory=set)
    alone_inside: Counter = field(default_factory=Counter)
    paired: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    differentiated: set[str] = field(default_factory=set)
    raised: dict[str, set[str]] = field(default_factory=dict)
    raised_before: set[str] = field(default_factory=set)
    raised_heads: set[str] = field(default_factory=set)
    valued: set[str] = field(default_factory=set)
    drawn: set[str] = field(default_factory=set)
    expecting: bool = False
    averaged: set[bool] = field(default_factory=set)
    slopes: Counter = field(default_factory=Counter)
    labels: Labels = field(default_factory=Labels)
    increments: Increments = field(default_factory=Increments)
    differentials: Differentials = field(default_factory=Differentials)

    # -- gathering

    def statement(self, members: Sequence[Sequence[Node]], signs: Sequence[str]) -> None:
        """Takes in a statement's members."""
        for items in members:
            self.row(items)
        if len(members) == 1 and len(members[0]) == 1 and (spelled := spell(members[0][0])) is not None:
            self.mentioned[spelled.spelling] += 1
        for primed, alone in (*pairwise(members), *pairwise(members[::-1])):
            # ``f' = g`` is about functions: neither stands for a number.
            if len(alone) == 1 and primed and isinstance(primed[-1], Scripts) and primed[-1].primes and (spelled := spell(alone[0])) is not None:
                self.slopes[spelled.spelling] += 1
        if members and members[0] and signs:
            self.increments.lead(members[0])
            self._head(list(members[0]), signs[0])
            self._condition(members, signs)

    def _head(self, items: list[Node], sign: str) -> None:
        """The left side of a relation: a function with its arguments, or a bare name."""
        leading = _letters(items, 0)
        if len(leading) > 2 and len(items) <= len(leading) + 1:
            last = items[len(leading) - 1]
            self.leading_runs.add(leading)
            self.raised_runs |= {leading} if isinstance(last, Scripts) and last.above is not None else set()
        if len(leading) == len(items):
            self.capitals.leading.add(leading)
        if sign not in ("=", ":=", r"\equiv", r"\propto"):
            return
        run = _letters(items, 0)
        if len(run) > 1 and len(items) == len(run) + 1 and is_argument_list(items[-1]):
            self.defined_functions.add(rf"\mathrm{{{run}}}")
        first = items[0]
        base = first.base if isinstance(first, Scripts) else first
        spelled = spell(base) if base is not None else None
        if spelled is None:
            return
        if len(items) == 2 and isinstance(items[1], Fenced) and items[1].opening == "(" and is_point(items[1].body.items):
            self.valued.add(spelled.spelling)
        if len(items) == 2 and is_argument_list(items[1]) and not (isinstance(first, Scripts) and first.above is not None):
            self.defined_functions.add(spelled.spelling)
            if spelled.spelling == EXPECTED and isinstance(items[1], Fenced):
                self.averaged.add(is_random_letter(items[1]))
        elif len(items) == 1:
            self.defined_names.add(spelled.spelling)
            raised = _raised(first)
            if raised is not None:
                self.raised_heads.add(raised[0])

    def _condition(self, members: Sequence[Sequence[Node]], signs: Sequence[str]) -> None:
        """``i \\neq j``, ``i = 1, \\dots, n``: letters compared with counts are counts."""
        for left, sign, right in zip(members, signs, members[1:], strict=False):
            if sign in _CONDITION_SIGNS and len(left) == 1 and isinstance(left[0], Glyph) and right:
                if len(right) == 1 and isinstance(right[0], Glyph):
                    self.compared.update((left[0].text, right[0].text))
                dotted = any(isinstance(item, Mark) and item.text in table.DOTS for item in right)
                other = isinstance(right[0], Glyph) and len(right) == 1 and right[0].text in COUNTERS
                if dotted or (other and left[0].text in COUNTERS):
                    self.bound.add(left[0].text)
                if dotted:
                    self.bounds |= {item.text for item in right[-1:] if isinstance(item, Glyph)}

    def row(self, items: Iterable[Node]) -> None:
        items = list(items)
        self.increments.take(items)
        self.drawn.update(sources(items))
        place = 0
        while place < len(items):
            letters = _letters(items, place)
            if len(letters) > 1:
                self.runs[letters] += 1
                self.capitals.take(letters)
            if len(letters) > 2 and _VOWELS.intersection(letters):
                place += self._word(items, place, letters)
                continue
            following = items[place + 1] if place + 1 < len(items) else None
            if not self.differentials.holds(items, place):
                self.node(items[place], following)
            place += 1

    def _word(self, items: list[Node], place: int, letters: str) -> int:
        """A run of letters that may be a word: its letters are not counted one by one, but for what the last one carries."""
        last = items[place + len(letters) - 1]
        if isinstance(last, Scripts):
            self._scripts(Scripts(None, last.below, last.above, 0, last.span), None)
        self.worded.update(letters)
        return len(letters)

    def node(self, node: Node | None, following: Node | None = None) -> None:
        match node:
            case Glyph() | Accent():
                self._name(node, following)
            case Scripts():
                self._scripts(node, following)
            case Row():
                self.row(node.items)
            case Fraction():
                is_derivative = starts_with_d(node.below)
                self.row(self._numerator(node.above) if is_derivative else [node.above])
                self.row(self.differentials.variables(node.below) if is_derivative and has_d(node.above) else [node.below])
            case Root() | Noted():
                self.node(node.body)
            case Fenced():
                self.row(node.body.items)
                first, *rest = node.body.items or (node,)
                if len(rest) == 2 and all(isinstance(item, Glyph) for item in (first, rest[1])) and isinstance(rest[0], Mark) and rest[0].text in _CONDITION_SIGNS:
                    self.compared.update((first.text, rest[1].text))
                self.cases.update(_cases(node.body.items))
            case Grid():
                for cells in node.rows:
                    for cell in cells:
                        self.row(cell.items)

    def _numerator(self, node: Node) -> Sequence[Node]:
        """What the numerator of a derivative holds behind its d."""
        items = without_d(node)
        base = items[0].base if items and isinstance(items[0], Scripts) else items[0] if items else None
        spelled = spell(base) if base is not None and len(items) == 1 and len(items) < len(items_of(node)) else None
        if spelled is not None:
            self.differentiated.add(spelled.spelling)
            self.slopes[spelled.spelling] += 1
        return items

    def _name(self, node: Node, following: Node | None) -> None:
        spelled = spell(node)
        if spelled is None:
            return
        fence = following.base if isinstance(following, Scripts) else following
        if isinstance(fence, Fenced) and fence.opening == "(":
            self.applied[spelled.spelling] += 1
            if (letter := lone_letter(fence)) is not None:
                self.alone_inside[spelled.spelling, letter] += 1
            elif spelled.spelling in PROBABILITIES:
                self.alone_inside.update((spelled.spelling, letter) for letter in _events(fence))
            if has_terms(fence):
                self.sums_inside.add(spelled.spelling)
        elif isinstance(fence, Fenced) and fence.opening == "[" and spelled.spelling == EXPECTED:
            self.expecting = True
        else:
            self.bare[spelled.spelling] += 1

    def _scripts(self, node: Scripts, following: Node | None) -> None:
        base = node.base
        if isinstance(base, Glyph) and base.text in (*SUMS, r"\max", r"\min"):
            letters = {letter for letter in bound_letters(node.below) if len(letter) == 1}
            self.bound |= letters
            self.varied |= letters if base.text in (r"\max", r"\min") else set()
            self.counted |= letters if base.text in SUMS else set()
            upper = spell(node.above) if node.above is not None else None
            if upper is not None and len(upper.spelling) == 1:
                self.bounds.add(upper.spelling)
        elif base is not None:
            self._indexed(node, base, following)
        if node.above is not None and not isinstance(node.above, Words):
            self.node(node.above)
        if node.below is not None and not isinstance(node.below, Words):
            self.node(node.below)

    def _indexed(self, node: Scripts, base: Node, following: Node | None) -> None:
        spelled = spell(base)
        if spelled is None:
            (inner, *others) = items_of(base) or (base,)
            if isinstance(inner, Scripts) and inner.base is not None and not others and inner.above is None:
                self._indexed(replace(inner, primes=inner.primes + node.primes, above=node.above), inner.base, following)
            else:
                self.node(base, following)
            return
        if node.primes:
            self.primed.add(spelled.spelling)
        self._above(node, spelled.spelling)
        is_power = node.above is not None and node.below is None
        self._name(base, None if is_power else following)
        if node.below is not None:
            items = items_of(node.below)
            letters = [item.text for item in items if isinstance(item, Glyph) and len(item.text) == 1]
            for letter in letters:
                self.below[letter] += 1
            if len(items) == 3 and letters and isinstance(items[1], Mark) and items[1].text in ("+", "-") and isinstance(items[2], Digits):
                self.stepped.setdefault(spelled.spelling, set()).add(letters[0])
            if len(items) == 1 and letters and letters[0].islower() and letters[0].isascii():
                self.families.setdefault(spelled.spelling, set()).add(letters[0])
            if letters == ["o", "u", "t"]:
                # Beside "out" the letters "in" are a word, too.
                self.ended.add(spelled.spelling)
            if len(items) == 2 and letters and all(isinstance(item, Glyph | Digits) for item in items):
                self.paired.add(spelled.spelling)
            if len(letters) > 1 and any(letter in COUNTERS for letter in letters):
                self.bound |= {letter for letter in letters if letter.islower()}

    def _above(self, node: Scripts, spelling: str) -> None:
        self.labels.take(node, spelling)
        raised = _raised(node)
        if raised is not None:
            letter, is_before = raised
            self.raised.setdefault(letter, set()).add(spelling)
            self.raised_before |= {letter} if is_before else set()

    # -- the result

    def vocabulary(
        self,
        functions: frozenset[str],
        extra_functions: frozenset[str] = frozenset(),
        plain_runs: frozenset[str] = frozenset(),
        is_geometry: bool = False,
        has_moments: bool = False,
    ) -> Vocabulary:
        """What the reader is told."""
        self.bare.update("d" * self.differentials.factors(self.bare["d"]))
        identifiers = self._identifiers(functions) | plain_runs | self.capitals.names(self.bare, is_geometry)
        indices = self._indices()
        # A word that is a function anyway says nothing about itself by standing before a bracket: tr(A + B) goes with tr A.
        applied = (self._applied() - (frozenset(rf"\mathrm{{{word}}}" for word in functions) - self.defined_functions)) | extra_functions
        plain = (frozenset(self.bare) | self.bound | self.bounds) - applied
        return Vocabulary(
            functions, identifiers=identifiers, applied=applied, plain=plain, indices=indices,
            chosen=self._alongside() & indices - COUNTERS, compared=frozenset(self.compared), layers=self._layers(), paired=frozenset(self.paired - self.ended), differentiated=frozenset(self.differentiated), primed=frozenset(self.primed),
            valued=frozenset(self.valued | self.primed), probabilities=PROBABILITIES | {name for name in self.drawn if self.applied[name]},
            repeated=frozenset(name for (name, _), times in self.alone_inside.items() if times > 1),
            increments=self.increments.letters(self.defined_names | self.bound),
            labels=self.labels.letters(frozenset(self.below.keys() | self.families.keys()), indices), expects=self.expecting or (has_moments and self._applies_expectations()),
        )  # fmt: skip

    def _applies_expectations(self) -> bool:
        """Whether the letter E may be the expectation wherever it is applied: it is no name, and no function of anything but random variables."""
        return self.applied[EXPECTED] > 0 and not self.bare[EXPECTED] and EXPECTED not in self.defined_names and all(self.averaged)

    def _identifiers(self, functions: frozenset[str]) -> frozenset[str]:
        """Runs of letters that are one name: they lead a statement, or recur and read like a word whose letters are not used alone."""
        found = set(run for run in self.leading_runs if run not in functions and not _begins_with_word(run, functions) and not (run in self.raised_runs and self.capitals.is_product(run, self.bare)))
        for run, times in self.runs.items():
            if run in functions or len(run) < 3 or _begins_with_word(run, functions) or not _VOWELS.intersection(run):
                continue
            alone = sum(self.bare[letter] > times for letter in run)
            if times >= 2 and alone == 0:
                found.add(run)
        return frozenset(run for run in found if not (run.startswith("d") and len(run) <= 2))

    def _indices(self) -> frozenset[str]:
        quantities = {name for name in self.defined_names | self.defined_functions if name not in self.bound}
        # What a maximum runs over is any variable, unless it stands below other letters or a sum runs over it, too.
        varied = {letter for letter in self.varied - self.counted if not self.below[letter]}
        stepped = {letter for name, letters in self.stepped.items() for letter in letters & self.families.get(name, set()) & COUNTERS}
        counting = (COUNTERS | self.bound - varied) - {name for name in quantities if len(name) == 1}
        below = {letter for letters in self.families.values() for letter in letters}
        cases = {letter for letter in below & self.cases.keys() if self.bare[letter] <= self.below[letter] + self.cases[letter]}
        return frozenset(counting | stepped | cases - quantities | self._alongside())

    def _alongside(self) -> set[str]:
        """Letters that stand nowhere but below names that a sum runs over with another letter, the a of u_a beside u_b with its sum, or that
        have one that counts elsewhere, and beside the sign that compares them, as the class y of p_y and ``1(k = y)``; and alone as arguments: ``p(a)``.
        """
        run = {letter for letters in self.families.values() for letter in letters if letters & self.counted or (letters & COUNTERS and self.compared[letter])}
        inside = Counter()
        for (_, letter), times in self.alone_inside.items():
            inside[letter] += times
        return {letter for letter in run if self.bare[letter] <= self.below[letter] + self.compared[letter] + inside[letter]}

    def _layers(self) -> frozenset[str]:
        """Letters above names that number layers, as in ``z^l = w^l a^{l-1} + b^l``, and the capital for the last one: several quantities
        have them, one is said to be made of those with the number before. Powers of three bases with one exponent are rarer.
        """
        found = {letter for letter in self.raised_heads & self.raised_before if len(self.raised[letter]) >= _BASES}
        return frozenset(found | {letter.upper() for letter in found})

    def _applied(self) -> frozenset[str]:
        found = set(self.defined_functions)
        for name, times in self.applied.items():
            if name in self.bound or name in self.bounds or name in self.defined_names:
                continue
            # What is differentiated stands without its argument there, a function or not.
            is_alone = self.bare[name] > self.slopes[name] + (self.mentioned[name] if self._takes_letters(name) else 0)
            if (not is_alone and (times > 1 or name not in self.sums_inside or name in self.primed)) or (
                name in self.primed and name not in self.defined_names
            ):
                found.add(name)
        return frozenset(found - self.bound)

    def _takes_letters(self, name: str) -> bool:
        """Whether different letters stand alone in brackets behind a name, as times do: ``N(s)`` and ``N(t)``."""
        return sum(other == name for other, _ in self.alone_inside) > 1


def _cases(items: Sequence[Node]) -> Iterator[str]:
    """The letters for the cases of something in the brackets of a probability: the c of ``p(x | y = c)``."""
    if any(is_bar(item) for item in items) or len(items) == 3:
        for name, sign, letter in zip(items, items[1:], items[2:], strict=False):
            is_case = isinstance(sign, Mark) and sign.text == "=" and isinstance(letter, Glyph) and len(letter.text) == 1
            if is_case and isinstance(letter, Glyph) and isinstance(name, Glyph | Scripts) and not (isinstance(name, Glyph) and name.text == letter.text):
                yield letter.text


def _events(fence: Fenced) -> list[str]:
    """The letters that stand alone in a bracket on either side of a bar or comma: ``(o | c)``."""
    items = fence.body.items
    is_list = len(items) > 1 and all(isinstance(item, Glyph) for item in items[::2]) and all(isinstance(item, Mark) for item in items[1::2])
    return [item.text for item in items[::2] if isinstance(item, Glyph) and len(item.text) == 1] if is_list else []


def _raised(node: Node) -> tuple[str, bool] | None:
    """The counting letter that stands above a name, alone or with a number added, and whether it is one taken off; None where there is none."""
    if not isinstance(node, Scripts) or node.above is None:
        return None
    items = items_of(node.above)
    if not items or not isinstance(items[0], Glyph) or items[0].text not in COUNTERS:
        return None
    if len(items) == 1:
        return items[0].text, False
    if len(items) != 3 or not isinstance(items[1], Mark) or items[1].text not in ("+", "-") or not isinstance(items[2], Digits):
        return None
    return items[0].text, items[1].text == "-"


def _letters(items: Sequence[Node], place: int) -> str:
    """The run of plain letters that stand close together from a place on, empty inside a run."""
    if place and isinstance(items[place - 1], Glyph) and len(items[place - 1].text) == 1 and not getattr(items[place], "spaced", True):
        return ""
    letters = ""
    for item in items[place:]:
        base = item.base if isinstance(item, Scripts) else item
        if not isinstance(base, Glyph) or len(base.text) != 1 or not base.text.isalpha() or base.style or (letters and base.spaced):
            break
        letters += base.text
        if isinstance(item, Scripts):
            break
    return letters


def _begins_with_word(run: str, functions: frozenset[str]) -> bool:
    return any(run[:length] in functions for length in range(2, len(run)))
