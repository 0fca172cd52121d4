"""Relations that do not hold by themselves: assumptions, new meanings of names, formulas with numbers put in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from derivcheck.derivation.convention import told_by_what_they_do
from derivcheck.derivation.definable import FIXED, LOGARITHMS, definable, is_numeric
from derivcheck.derivation.fact import FactBook
from derivcheck.derivation.goal import Relating
from derivcheck.derivation.instance import (
    is_refined,
    resembles,
)
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.label import are_labelled_apart
from derivcheck.derivation.outline import FORMULA, Line, members_of
from derivcheck.derivation.prose import (
    aims,
    announces,
    announces_strongly,
    concludes,
    constrains,
    explains,
    has_ended,
    has_stopped,
    says_anew,
    sets_zero,
    supposes,
    supposes_in_words,
    tells_a_case,
)
from derivcheck.derivation.role import CONSEQUENCES, EQUALITIES
from derivcheck.derivation.substitution import is_substituted
from derivcheck.derivation.unknown import FUNCTIONALS
from derivcheck.elaboration.book import Definition, holds_in, is_around
from derivcheck.elaboration.head import Head, index_fits
from derivcheck.elaboration.implicit import order
from derivcheck.finding import Finding, refuted_names
from derivcheck.notation import table
from derivcheck.reading.content import bare, has_derivative, names_of, number
from derivcheck.reading.expression import (
    ARITHMETIC,
    Binder,
    Call,
    Choice,
    Expression,
    Integration,
    Literal,
    Name,
    Power,
    Product,
    Sum,
    is_plain,
    walk,
)
from derivcheck.rounded import is_closed
from derivcheck.step import RIGHT, Judged, Step, is_slope, varies
from derivcheck.term import binder
from derivcheck.term.expected import moments_in
from derivcheck.term.function import free_names
from derivcheck.term.term import Fold, Term

_CONNECTS = re.compile(r"(?:\W|and\b|or\b|also\b)*", re.I)


@dataclass(frozen=True, slots=True)
class Givens:
    """Tells assumptions from claims once it is known how a claim would fare, and enters them among what is known."""

    gathered: Gathered
    facts: FactBook

    def is_given(self, step: Step, finding: Finding, after_given: bool) -> bool:
        """Whether a relation is an assumption: announced, a condition set, a constraint on free symbols.
        ``after_given``: the one before it was.
        """
        words = f"{step.line.words} {step.line.statement.before}"
        if (finding.view.values and self._is_passing(step)) or (step.starts and self.gathered.takes_apart(step.line)):
            return True
        if step.starts and self._is_of_indices(step, finding):
            return True
        if finding.fails and is_closed(finding) and not isinstance(step.left, Name):
            return False
        tells = step.starts and step.is_equality and not finding.fails and self.gathered.at(step.line).randomness.is_told_by(step.right)
        if tells or (step.starts and told_by_what_they_do([step.line])) or step.sign == r"\propto" or (step.sign in (":=", r"\equiv") and not step.starts):
            return True
        if step.is_equality and (self._sets_zero(step) or self._puts_in(step, finding, words)):
            return True
        if step.is_approximate and step.starts and isinstance(step.left, Name) and is_numeric(step.right) and not is_closed(finding):
            return True
        if not step.is_equality and not step.is_approximate:
            if step.place and step.line.statement.signs[step.place - 1].text not in EQUALITIES and after_given:
                return True
            if step.place and after_given and isinstance(step.right, Name) and step.right.spelling in finding.unknown and finding.fails:
                return True
            return constrains(words) or (step.starts and (announces(words) or not finding.used or aims(words, step.line.after)))
        is_computed = has_derivative(step.left) or is_substituted(self.gathered.book, self.gathered.outline.lines, step.line, step.left, step.right)
        if step.starts and announces_strongly(words) and not has_ended(words) and not is_computed:
            return True
        if step.starts and (self._is_solved_for(step, finding) or self._is_slope_law(step, finding) or self._introduces(step) or self._is_named(step, finding)):
            return True
        return step.starts and (self._is_constraint(step, finding) or self._is_line(step, finding))

    def _sets_zero(self, step: Step) -> bool:
        """``= 0`` at the end of a chain, or for a derivative."""
        return number(step.right) == 0 and (not step.starts or is_slope(step.left))

    def _puts_in(self, step: Step, finding: Finding, words: str) -> bool:
        """A number for a name."""
        if not isinstance(step.left, Name) or not is_numeric(step.right):
            return False
        return announces(_own_words(words)) or explains(step.line.after) or not is_closed(finding)

    def _is_solved_for(self, step: Step, finding: Finding) -> bool:
        """An equation for a name that nothing defines, where no equation that was given says otherwise."""
        head = definable(step.left) if isinstance(step.left, Name) else None
        if head is None or head.primes or finding.holds or not step.is_equality:
            return False
        if head.spelling in self.facts.known_names(step.line) and (step.line.statement.link in CONSEQUENCES or concludes(step.line.words)):
            return False
        return not self._is_partial(head) and not finding.view.constraints and self.gathered.book.find(head, step.line.order, step.line.scope) is None

    def _is_line(self, step: Step, finding: Finding) -> bool:
        """Whether an equation is that of a line by a point and a slope, ``y - b = m (x - a)``, where y is a curve; from there on y is the line."""
        left, right = step.left, step.right
        factors = [bare(factor) for factor in right.factors] if isinstance(right, Product) else []
        letters = [term for sign, term in left.terms if sign == "+" and is_plain(term)] if isinstance(left, Sum) and len(left.terms) == 2 else []
        if not (finding.fails and letters and isinstance(left, Sum) and any(isinstance(one, Sum) and is_plain(one.terms[0][1]) for one in factors)):
            return False
        head = Head(letters[0].spelling)
        if self.gathered.book.find(head, step.line.order, step.line.scope) is None:
            return False
        rest = tuple(("-" if sign == "+" else "+", term) for sign, term in left.terms if term is not letters[0])
        self.gathered.book.add(Definition(head, Sum((("+", right), *rest), step.line.statement.signs[0].span), step.line.order, step.line.scope))
        return True

    def _is_slope_law(self, step: Step, finding: Finding) -> bool:
        """Whether an equation is the first one about a quantity that it makes a function of another one, or about its slope."""
        if not step.is_equality or finding.holds or finding.relating is None:
            return False
        names, along = free_names(finding.relating.relation), self.gathered.at(step.line).implicit
        about = order(names, along).keys() | {name for name, by in along.items() if {name, by} <= names}
        return bool(about) and not any(fact.variables & about for fact in self.facts.constraints(step.line))
    def _introduces(self, step: Step) -> bool:
        """Whether an equation for more than a name is the first to speak of all that stands on its left: ``A_1/A_2 = (d_1/d_2)^2``."""
        if not step.is_equality or isinstance(step.left, Name | Power) or not all(isinstance(part, ARITHMETIC) for part in walk(step.left)):
            return False
        names = [part for part in walk(step.left) if isinstance(part, Name)]
        known = names_of(step.right)
        return bool(known) and len(names) > 1 and all(self._is_first(name, step.line, known) for name in names)

    def _is_first(self, name: Name, line: Line, known: frozenset[str]) -> bool:
        """Whether no line before has spoken of a name with its indices, nor do the ``known`` names of what it is told by."""
        if name.spelling in known:
            return False
        before = members_of(self.gathered.outline.lines[: line.order])
        return not any(isinstance(part, Name) and part.spelling == name.spelling and len(part.indices) == len(name.indices) and all(map(index_fits, part.indices, name.indices)) for member in before for part in walk(member))

    def _is_named(self, step: Step, finding: Finding) -> bool:
        """Whether the right side is a name that nothing speaks of before or defines later: then it is a name for what the left side comes to."""
        name = step.right
        is_start = _is_start_value(step.left, name)
        if not (is_plain(name) or is_start) or name.spelling in names_of(step.left) - ({name.spelling} if is_start else set()):
            return False
        if finding.holds or has_derivative(step.left) or is_closed(finding) or name.spelling not in finding.unknown:
            return False
        lines = self.gathered.outline.lines
        before = (other for other in lines[: step.line.order] if holds_in(other.scope, step.line.scope))
        seen = [part for other in before for member in other.members if member is not None for part in walk(member) if isinstance(part, Name)]
        if is_start:
            members = any(one.head.indices for one in self.gathered.book.definitions.get(name.spelling, ()))
            return not members and not any(part.spelling == name.spelling and part.indices for part in seen)
        return not self.gathered.book.is_defined(name.spelling) and not any((part.spelling, part.bold) == (name.spelling, name.bold) for part in seen)

    def is_underdetermined(self, step: Step, judged: Sequence[Judged]) -> bool:
        """Whether what a name is solved for turns on quantities of the equations for it that the step does not name, for words may tell of
        them, or on a derivative that was set to zero and not found right. ``judged``: the steps so far.
        """
        if sets_zero(f"{step.line.words} {step.line.statement.before}") and step.starts and not has_derivative(step.left):
            last = next((one for one in reversed(judged) if has_derivative(one.about) and holds_in(one.step.line.scope, step.line.scope)), None)
            return last is None or last.verdict not in RIGHT
        if not step.is_equality or not is_plain(step.left) or self.gathered.book.is_defined(step.left.spelling):
            return False
        knowledge = self.gathered.at(step.line)
        told = names_of(step.left, step.right) | knowledge.size_names | knowledge.vocabulary.indices
        about = [fact for fact in self.facts.constraints(step.line) if step.left.spelling in self.gathered.book.reached(fact.variables) and fact.sign == "="]
        others = self.gathered.book.reached(frozenset().union(*(fact.variables for fact in about))) - told
        return any(not self.gathered.book.is_defined(name) for name in others)

    def _is_partial(self, head: Head) -> bool:
        """Whether a name with letters below is a derivative of a function by its parameters: ``f_{xy}``."""
        return bool(head.indices) and self.gathered.book.with_parameters(head.spelling, head.indices) is not None

    def _is_constraint(self, step: Step, finding: Finding) -> bool:
        """An equation about symbols that nothing is known of, with more on its left than a name."""
        if finding.used or finding.relating is None or not finding.unknown or has_derivative(step.left) or isinstance(step.left, Name):
            return False
        if names_of(step.left) == names_of(step.right) or self._is_computed(step, finding.relating):
            return False
        return not (finding.unknown & self.facts.known_names(step.line)) and not is_numeric(step.left)

    def _is_of_indices(self, step: Step, finding: Finding) -> bool:
        """Whether an equation that fails adds up nothing but letters that count: ``j - i = 20`` says which members are meant."""
        if not finding.fails or finding.relating is None or free_names(finding.relating.relation) or not finding.relating.relation.variables:
            return False
        parts = [part for side in (step.left, step.right) for part in walk(side)]
        return step.is_equality and all(isinstance(part, ARITHMETIC) for part in parts) and any(isinstance(part, Name) for part in walk(step.left))

    def is_functional(self, step: Step) -> bool:
        """Whether an equation says how a function that nothing defines goes on: ``f(x + y) = f(x) + f(y)``."""
        left = step.left.options[0][0] if isinstance(step.left, Choice) else step.left
        if not (step.is_equality and step.starts and isinstance(left, Call)) or left.function.primes or has_derivative(step.right):
            return False
        spelling = left.function.spelling
        again = any(isinstance(part, Call) and part.function.spelling == spelling for part in walk(step.right))
        is_known = spelling in FIXED or self.gathered.book.is_defined(spelling) or spelling in table().words or spelling in table().functions
        return again and not is_known

    def _is_computed(self, step: Step, claim: Relating) -> bool:
        """Whether both sides are made of the same quantities, sizes aside, or the left one is an antiderivative or an expectation of more than a name: then nothing is set."""
        if isinstance(step.left, Integration) and step.left.lower is None:
            return True
        if isinstance(step.left, Call) and step.left.function.spelling in FUNCTIONALS and step.left.below is None:
            left, right = (moments_in(side.body) for side in (claim.left, claim.right))
            return not left or left == right or (bool(right) and right <= left and not all(map(is_plain, step.left.arguments)))
        sizes = self.gathered.at(step.line).size_names
        left, right = (_varying(side.body) - sizes - _bounds(side.body) for side in (claim.left, claim.right))
        return left == right

    def sets_condition(self, step: Step, finding: Finding) -> bool:
        """Whether one side of a relation is a fixed number and the other one varies, with letters that do not drop out of the
        first one; or a name equals what has no letter of its first meaning; or a letter that is new is added to a side, as a
        constant of integration is.
        """
        claim = finding.relating
        if claim is None:
            return False
        left, right = _varying(claim.left.body), _varying(claim.right.body)
        drops_out = bool(left & names_of(step.right)) and not has_derivative(step.right)
        if (not left and right - names_of(step.left)) or (not right and left - names_of(step.right) and not drops_out):
            return True
        if not finding.fails:
            return False
        if not step.starts:
            return self._brings_letter(step, finding)
        head = definable(step.left) if isinstance(step.left, Name) else None
        if head is not None and not self._is_partial(head) and left and right and left.isdisjoint(right):
            return True
        added = {part.spelling for side in (step.left, step.right) if isinstance(side, Sum) for _, part in side.terms if is_plain(part)}
        once = Counter(part.spelling for side in (step.left, step.right) for part in walk(side) if isinstance(part, Name))
        return any(once[name] == 1 and not self.gathered.outline.has_told((name,), step.line.order) for name in added & finding.unknown)

    def _brings_letter(self, step: Step, finding: Finding) -> bool:
        """Whether a further member of a chain has a number in it that stands nowhere before and that nothing defines: the line may say what it is."""
        first = self.gathered.outline.first
        fresh = {part.spelling for part in walk(step.right) if isinstance(part, Name) and not part.indices and first.get(part.spelling) == step.line.order}
        fresh -= self.gathered.at(step.line).apart
        return bool((fresh - names_of(step.left)) & finding.unknown & refuted_names(finding))

    def enter(self, step: Step, about: Expression | None) -> None:
        """Enters a given relation among the facts, unless it is still to be shown; numbers put in for a name become its value.
        ``about``: what its chain is about.
        """
        words = f"{step.line.words} {step.line.statement.before}"
        if self._is_passing(step) or self.gathered.takes_apart(step.line) or aims(words, step.line.after) or tells_a_case(words):
            return
        head = definable(step.left) if not isinstance(step.left, Power) else None
        if step.is_approximate and (not isinstance(step.left, Name) or supposes(words)):
            return
        if head is not None and self.gathered.book.is_defined(head.spelling) and supposes_in_words(words):
            return
        if head is not None and is_numeric(step.right) and (step.is_equality or step.is_approximate):
            self.gathered.book.add(Definition(head, step.right, step.line.order, step.line.scope, is_value=True))
            return
        slopes = (about is not None and is_slope(about)) or is_slope(step.left) or sets_zero(words)
        self.facts.add(step.line, step.left, "=" if step.is_equality else step.sign, step.right, number(step.right) == 0 and slopes)

    def take_values(self, step: Step, values: Mapping[str, Expression]) -> None:
        """Gives the letters of a left side that have no value the numbers that the right one has for them."""
        for part in walk(step.left):
            if is_plain(part) and part.spelling in values and not self.gathered.book.definitions.get(part.spelling):
                self.gathered.book.add(Definition(Head(part.spelling), values[part.spelling], step.line.order, step.line.scope, is_value=True))

    def _is_passing(self, step: Step) -> bool:
        """Whether a number for an expression is a condition for the sentence at hand: ``When v = 2 t = 6``."""
        return bool(step.place) and supposes(f"{step.line.words} {step.line.statement.before}") and is_numeric(step.right) and varies(step.left)

    def is_new_value(self, step: Step, finding: Finding) -> bool:
        """Whether another number is put in for a name that stood for a number which was given, not found: the book then holds the new one."""
        line, head = step.line, definable(step.left)
        if head is None or not step.starts or not step.is_equality or not isinstance(step.left, Name) or not is_numeric(step.right) or not is_closed(finding):
            return False
        if concludes(line.words) and not has_stopped(line.words):
            return False
        known = self.gathered.book.find(head, line.order, line.scope, now=line.order, values=True)
        if known is None or known.definition.order >= line.order or not known.definition.stated or not is_numeric(known.definition.right):
            return False
        told = Definition(head, step.right, line.order, line.scope, is_value=True)
        self.gathered.book.renew(told)
        self.gathered.book.add(told)
        return True

    def is_redefined(self, step: Step, finding: Finding) -> bool:
        """Whether a name gets a new meaning that has nothing of its old one; the book then holds the new one, unless words tell a case in which it holds."""
        line = step.line
        head, is_new = definable(step.left), says_anew(f"{line.words} {line.statement.before}")
        if head is None or not step.starts or not step.is_equality or (concludes(line.words) and not is_new) or self._is_partial(head):
            return False
        found = self.gathered.book.find(head, line.order, line.scope)
        if found is None or found.definition.order >= line.order or not varies(step.right):
            return False
        if supposes_in_words(f"{line.words} {line.statement.before}"):
            return True
        is_new = is_new or are_labelled_apart(self.gathered.outline.lines[found.definition.order].words, line.words)
        elsewhere = not is_around(found.definition.scope, line.scope) or (found.definition.scope != line.scope and names_of(found.definition.right) - names_of(step.right))
        if elsewhere or is_new or self._goes_on(line, found.definition.right, step.right):
            self.gathered.book.add(Definition(head, step.right, line.order, line.scope))
            return True
        if _takes_logarithm(found.definition.right, step.right) and not concludes(line.words):
            self.gathered.book.add(Definition(head, step.right, line.order, line.scope))
            return True
        if found.definition.order + 1 == line.order and found.definition.scope == line.scope and head.arguments is not None:
            return False
        by_entries = len(found.definition.head.indices) < len(head.indices) and head.spelling in finding.unknown
        if resembles(found.definition.right, step.right) and not by_entries and not is_refined(found.definition.right, step.right):
            return False
        self.gathered.book.add(Definition(head, step.right, line.order, line.scope))
        return True

    def _goes_on(self, line: Line, old: Expression, new: Expression) -> bool:
        """Whether what a name is said to be rests on names that its own sentence brings, and these on what its old meaning has nothing of."""
        book, start = self.gathered.book, self.gathered.sentences[line.order]
        fresh = frozenset(name for name in names_of(new) if book.is_defined(name) and all(start <= one.order < line.order for one in book.definitions[name]))
        return not book.reached(fresh) - fresh <= book.reached(names_of(old))

    def is_mutual(self, step: Step) -> bool:
        """Whether an equation for a power of a name that nothing defines is made of what that name defines: both hold together, as the cosine rules of a triangle do."""
        head = definable(step.left) if isinstance(step.left, Power) else None
        if head is None or not (step.starts and step.is_equality) or step.line.statement.link in CONSEQUENCES or concludes(step.line.words):
            return False
        book = self.gathered.book
        return not book.is_defined(head.spelling) and head.spelling not in self.gathered.at(step.line).apart and head.spelling in book.reached(names_of(step.right) - {head.spelling})


def _is_start_value(left: Expression, right: Expression) -> TypeGuard[Name]:
    """Whether a function at a number equals a letter with a number: ``q(0) = q_0``, ``x'(0) = v_0``."""
    call = left.options[0][0] if isinstance(left, Choice) else left
    at_number = isinstance(call, Call) and bool(call.arguments) and all(number(place) is not None for place in call.arguments)
    return at_number and isinstance(right, Name) and bool(right.indices) and all(isinstance(index, Literal) for index in right.indices) and not (right.primes or right.samples)


def _own_words(words: str) -> str:
    """The words of a sentence that are about the formula behind them: those behind the last one before it, unless they only go on with a list."""
    last = words.rpartition(FORMULA)[2]
    return words if _CONNECTS.fullmatch(last) else last


def _takes_logarithm(old: Expression, new: Expression) -> bool:
    """Whether a function is written anew with logarithms where it had products or powers before: its logarithm keeps the old name."""
    had, has = (any(isinstance(part, Call) and part.function.spelling in LOGARITHMS for part in walk(side)) for side in (old, new))
    multiplies = any(isinstance(part, Binder) and part.operation == "*" for part in walk(old))
    return has and not had and multiplies


def _bounds(term: Term) -> frozenset[str]:
    """The names that stand in the bounds of sums and products: numbers of terms."""
    folds = [part for part in binder.walk(term) if isinstance(part, Fold)]
    return frozenset(name for fold in folds for bound in (fold.lower, fold.upper) for name in bound.names)


def _varying(term: Term) -> frozenset[str]:
    return frozenset(name for name in free_names(term) if not name.startswith("?"))
