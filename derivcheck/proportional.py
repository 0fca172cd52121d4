r"""Claims up to a factor or a constant: ``p(\theta|x) \propto \theta^{s} (1-\theta)^{n-s}``, ``\log p(\theta|x) = ... + const``.

The slopes of both logarithms by what the chain is about must agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from derivcheck.chain import Chain
from derivcheck.comparison import Comparer
from derivcheck.derivation.chance import laws_as_written
from derivcheck.derivation.definable import LOGARITHMS
from derivcheck.derivation.density import density
from derivcheck.derivation.outline import Line
from derivcheck.derivation.role import EQUALITIES
from derivcheck.estimate import Posed
from derivcheck.finding import Finding, View
from derivcheck.posterior import PROPORTIONAL, Posteriors, density_of, logarithm, puts_in_numbers, variables_of
from derivcheck.reading.content import bare, names_of
from derivcheck.reading.expression import Bracketed, Call, Chance, Differential, Expression, Name, Phrase, Sum, Unread, is_plain, walk
from derivcheck.source import NOWHERE
from derivcheck.step import FAULTY, Judged, Step

Members = tuple[Expression, Expression, Expression]
_WORD = re.compile(r"(?:\\mathrm\{)?const(?:ants?)?\.?\}?", re.I)
_LETTERS = frozenset(("c", "C"))
# Letters for any member of a family; the last one is always free.
_COUNTING = ("k", "j", "m", "l", "r", r"\iota")
_RATIO = "the ratio of the two sides depends on {}"
_NOT_POSTERIOR = "the likelihood times the prior is not proportional to the density of this law"
_CONSTANT = "the difference of the two sides depends on {}"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A step, the finding on it, and the wrong one whose error it carries on.

    ``sign``: that of what is remembered of it. ``is_step``: it is remembered where it holds, too. ``is_slip``: only a small edit that mends it tells that it is wrong. ``is_law``: it tells the law of a name. ``head``: what its chain is about where it fails.
    """

    step: Step
    finding: Finding
    inherits: Judged | None = None
    sign: str = PROPORTIONAL
    is_step: bool = False
    is_slip: bool = False
    is_law: bool = False
    head: Expression | None = None


@dataclass(frozen=True, slots=True)
class Proportions:
    """Judges relations up to what does not depend on the letters that the head of a chain is a density of."""

    comparer: Comparer
    posteriors: Posteriors

    def judged(self, chain: Chain, line: Line, place: int, left: Expression | None, right: Expression | None) -> Weighed | None:
        """What becomes of a member of a chain that is told up to a factor or a constant; None where it is none, or nothing tells."""
        head = chain.head
        if head is None or left is None or right is None or isinstance(left, Unread) or isinstance(right, Unread):
            return None
        sign = line.statement.signs[place].text
        is_logarithm = sign in EQUALITIES and (self._has_constant(line, left) or self._has_constant(line, right))
        about = density_of(_logged(head) or head if is_logarithm else head)
        if about is None or not (sign == PROPORTIONAL or (is_logarithm and _logged(head) is not None)):
            return None
        with self.comparer.gathered.book.without(line.order):
            for letters in self._letters(about, right):
                made = self._weighed(chain, line, letters, (head, left, right), is_logarithm)
                if made is not None:
                    return replace(made, step=Step(line, place, left, right, "="))
        return None

    def of_law(self, line: Line) -> Weighed | None:
        """What becomes of a law that a posterior is said to have; None where nothing tells its prior or its likelihood."""
        drawn, law = line.members[0], line.members[-1]
        if not isinstance(drawn, Chance) or len(drawn.events) != 1 or not is_plain(drawn.events[0]) or law is None:
            return None
        (letter,) = drawn.events
        assert isinstance(letter, Name)
        place, about = len(line.members) - 2, replace(drawn, function=Name("p", drawn.span))
        self.posteriors.is_distant = False
        told, made = self.posteriors.by_bayes(about, line, law), _density_of(law, letter)
        if told is None or made is None or self.posteriors.is_open(told, line, frozenset((letter.spelling,))):
            return None
        slopes = _slopes(letter, told, is_logarithm=False)
        found = self.comparer.compare(line, *slopes(made), "=")
        if found.fails and (self.posteriors.is_distant or puts_in_numbers(told, law)):
            return None
        found = replace(found, posed=lambda other: slopes(_density_of(other, letter) or other), reason=found.reason or _NOT_POSTERIOR)
        return Weighed(Step(line, place, about, law, "="), found, is_law=True) if found.holds or found.fails else None

    def _letters(self, about: Chance, right: Expression) -> Iterator[tuple[Name, ...]]:
        """The names that a density is one of."""
        of = tuple(name for name in variables_of(about) if name.spelling in names_of(right))
        if of:
            yield of

    def _weighed(self, chain: Chain, line: Line, letters: tuple[Name, ...], members: Members, is_logarithm: bool) -> Weighed | None:
        """A member of a chain compared with what that is about and with the member before it."""
        head, left, right = members
        step = Step(line, 0, left, right, "=")
        from_head = self._compared(line, head, right, letters, is_logarithm)
        if from_head is not None and from_head.holds:
            return Weighed(step, from_head)
        from_last = self._compared(line, left, right, letters, is_logarithm) if left is not head else from_head
        if from_last is None:
            return Weighed(replace(step, left=head), from_head) if from_head is not None else None
        if from_last.fails:
            return Weighed(step, from_last)
        earlier = next((one for one in chain.steps if one.verdict in FAULTY), None)
        return Weighed(step, from_last, earlier) if from_head is None or earlier is not None else None

    def _compared(self, line: Line, left: Expression, right: Expression, letters: tuple[Name, ...], is_logarithm: bool) -> Finding | None:
        """The finding on the slopes of two members by some letters; None where it is not decided."""
        spelled = frozenset(name.spelling for name in letters)
        self.posteriors.is_distant = False
        sides = [self._resolved(line, side, other, spelled) for side, other in ((left, right), (right, left))]
        is_open = any(self.posteriors.is_open(side, line, spelled) for side in sides)
        found: Finding | None = None
        for letter in letters:
            posed = _slopes(_member(letter, sides), sides[0], is_logarithm)
            if is_open:
                found = self.comparer.under(line, *posed(sides[1]), "=", View(joint=True))
            else:
                found = self.comparer.compare(line, *posed(sides[1]), "=")
                found = replace(found, posed=posed, reason=found.reason or (_CONSTANT if is_logarithm else _RATIO).format(_spoken(letter)))
            if not found.holds:
                return found if found.fails and not (is_open or self.posteriors.is_distant or puts_in_numbers(*sides)) else None
        return found

    def _resolved(self, line: Line, side: Expression, other: Expression, letters: frozenset[str]) -> Expression:
        """A member with what is told in the place of its densities."""
        about = density_of(side)
        told = self.posteriors.told(about, line, other) if about is not None else None
        if about is not None and told is not None and self.posteriors.is_restated(about, line):
            self.posteriors.is_distant = True
        return told if told is not None else self.posteriors.resolved(side, line, other, letters)

    def _has_constant(self, line: Line, member: Expression) -> bool:
        """Whether something is added that stands for what does not matter: ``const``, or a c that stands nowhere before and that nothing defines."""
        outline, book = self.comparer.gathered.outline, self.comparer.gathered.book
        names = [term for sign, term in member.terms if sign == "+"] if isinstance(member, Sum) else []
        for term in map(bare, names):
            if isinstance(term, Phrase) or (isinstance(term, Name) and _WORD.fullmatch(term.spelling)):
                return True
            is_letter = isinstance(term, Name) and term.spelling in _LETTERS and not book.is_defined(term.spelling)
            if is_letter and outline.lines[outline.first.get(term.spelling, line.order)].display == line.display:
                return True
        return False


def _member(letter: Name, sides: Sequence[Expression]) -> Name:
    """A letter as it varies: any member of the family where it stands with an index only."""
    uses = [part for side in sides for part in walk(side) if isinstance(part, Name) and part.spelling == letter.spelling]
    members = [use for use in uses if use.indices]
    is_family = bool(members) and all(len(use.indices) == 1 and is_plain(use.indices[0]) for use in members)
    if letter.indices or not is_family:
        return letter
    index = next(free for free in _COUNTING if free not in names_of(*sides))
    return replace(letter, indices=(Name(index, letter.span),))


def _density_of(written: Expression, letter: Name) -> Expression | None:
    """The density of a letter by a law as it is written."""
    law = next((law for _, law in laws_as_written((letter,), written)), None)
    made = None if law is None else density(law, letter)
    return None if made is None else made.formula


def _slopes(letter: Name, left: Expression, is_logarithm: bool) -> Posed:
    """How a member judges another one: the slopes of both, or of their logarithms."""

    def slope(side: Expression) -> Expression:
        inside = side if is_logarithm else logarithm(Bracketed(side, "(", NOWHERE), Name("log", NOWHERE))
        return Differential(Bracketed(inside, "(", NOWHERE), (letter,), False, NOWHERE)

    return lambda right: (slope(left), slope(right))


def _logged(head: Expression) -> Expression | None:
    """What a logarithm is taken of."""
    head = bare(head)
    return head.arguments[0] if isinstance(head, Call) and head.function.spelling in LOGARITHMS and len(head.arguments) == 1 else None


def _spoken(letter: Name) -> str:
    return letter.spelling.removeprefix("\\")
