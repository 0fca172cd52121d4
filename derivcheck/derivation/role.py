"""Given or claim: what each relation of a document is before anything is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from derivcheck.derivation.alternative import alternatives
from derivcheck.derivation.condition import has_condition_behind, sentence_starts, supposes_index
from derivcheck.derivation.definable import definable, is_numeric, logged, solved_for
from derivcheck.derivation.implicit import implicit
from derivcheck.derivation.inside import told_inside
from derivcheck.derivation.iteration import is_update, iterations
from derivcheck.derivation.mention import is_about_itself, is_before, mentions, names_own_entries
from derivcheck.derivation.optimum import Optima
from derivcheck.derivation.outline import Line
from derivcheck.derivation.part import named_part
from derivcheck.derivation.prose import (
    aims,
    announces_strongly,
    begins_with,
    introduces,
    is_denied,
    looks_ahead,
    looks_back,
    names_it,
    poses,
    reduces,
    restates,
    says_where,
    supposes_anew,
    tells_a_case,
)
from derivcheck.derivation.recursion import Recurrence, recurrence
from derivcheck.derivation.sought import Sought, sought
from derivcheck.derivation.unknown import Equations
from derivcheck.elaboration.book import Book, Definition, Scope, common_part, holds_in, is_around, near
from derivcheck.elaboration.head import Head, head_of, index_fits
from derivcheck.elaboration.same import same
from derivcheck.elaboration.usage import is_capital
from derivcheck.reading.content import names_of, number
from derivcheck.reading.custom import CONSTANTS
from derivcheck.reading.drawn import DRAWN
from derivcheck.reading.expression import (
    Call,
    Chance,
    Dots,
    Expression,
    Gridded,
    Listed,
    Literal,
    Name,
    Phrase,
    Power,
    Quotient,
    Sum,
    Transpose,
    Unread,
    is_plain,
    walk,
)
from derivcheck.reading.vocabulary import Vocabulary


class Role(StrEnum):
    """What a relation is. ``DEFINITION`` and ``VALUE`` become definitions, ``CONDITION`` restricts indices, ``CASE``
    says which entries are meant, ``ALTERNATIVE`` is what a name may be among other things, ``GOAL`` is still to be shown of a name, ``UPDATE`` is an update rule, ``LAW`` names a distribution, ``QUESTION`` asks. The
    rest are claims to be checked.
    """

    CLAIM = "claim"
    DEFINITION = "definition"
    CONDITION = "condition"
    CASE = "case"
    ALTERNATIVE = "alternative"
    GOAL = "goal"
    UPDATE = "update"
    LAW = "law"
    QUESTION = "question"
    STRUCK = "struck"


EQUALITIES = frozenset(("=", ":=", r"\equiv"))
CONSEQUENCES = frozenset((r"\Rightarrow", r"\Longrightarrow", r"\implies", r"\iff", r"\Leftrightarrow", r"\Longleftrightarrow"))
APPROXIMATIONS = frozenset((r"\approx", r"\simeq"))


@dataclass(slots=True)
class Roles:
    """Works out the roles of all relations, and writes the definitions among them into a book."""

    vocabulary: Vocabulary
    functions: frozenset[str]
    book: Book = field(default_factory=Book)
    roles: dict[tuple[int, int], Role] = field(default_factory=dict)
    optima: Optima = field(default_factory=Optima)
    equations: Equations = field(default_factory=Equations)
    seen: dict[str, list[tuple[int, ...]]] = field(default_factory=dict)
    sentence: int = 0
    lines: Sequence[Line] = ()
    along: dict[tuple[int, ...], frozenset[str]] = field(default_factory=dict)
    alternatives: frozenset[int] = frozenset()
    recurrences: list[Recurrence] = field(default_factory=list)
    sought: Sought = field(default_factory=Sought)
    constants: frozenset[str] = CONSTANTS

    def take(self, lines: Sequence[Line]) -> None:
        starts, rules = sentence_starts(lines), iterations(lines)
        self.lines = lines
        self.alternatives = alternatives(lines)
        self.sought = sought(lines, self.functions)
        for line in lines:
            self.sentence = starts[line.order]
            for place in range(len(line.statement.signs)):
                self.roles[line.order, place] = self._role(line, place)
            self._note_equation(line)
            self._note_recurrence(line)
            self.optima.vary(line)
            if line.order in rules:
                self.book.add(rules[line.order])
            for name in names_of(*line.members):
                self.seen.setdefault(name, []).append(line.scope)

    def _note_equation(self, line: Line) -> None:
        """Remembers an equation that defines nothing: it may be solved for one of its names."""
        left, right = (*line.members, None, None)[:2]
        is_claim = self.roles.get((line.order, 0)) is Role.CLAIM and line.statement.signs[0].text in EQUALITIES
        if is_claim and left is not None and right is not None and definable(left) is None:
            self.equations.note(left, right, line.scope)
            self.equations.note_differential(left, line.order)

    def _note_recurrence(self, line: Line) -> None:
        """Remembers a recurrence: what its values are is then to be derived."""
        left, right = (*line.members, None, None)[:2]
        found = recurrence(line, left, right) if left is not None and right is not None and line.statement.signs and line.statement.signs[0].text in EQUALITIES else None
        if found is not None:
            self.recurrences.append(found)

    def _is_recurrent(self, left: Expression, line: Line) -> bool:
        """Whether a recurrence has been given for what stands on a left side."""
        near = [found for found in self.recurrences if is_around(found.line.scope, line.scope)]
        return any(number(argument) is None for found in near for argument in found.arguments(left)) and not announces_strongly(f"{line.words} {line.statement.before}")

    def is_variable(self, spelling: str, scope: tuple[int, ...]) -> bool:
        """Whether a name has been in use before, here or in a place whose facts hold here."""
        return any(holds_in(one, scope) for one in self.seen.get(spelling, ()))

    def _role(self, line: Line, place: int) -> Role:
        sign = line.statement.signs[place].text
        left, right = line.members[place], line.members[place + 1]
        if line.segment.struck:
            return Role.STRUCK
        if sign == r"\leftarrow":
            return Role.UPDATE
        if sign == DRAWN or (isinstance(left, Chance) and left.function.spelling == DRAWN):
            return Role.LAW
        if isinstance(right, Phrase) and right.text == "?":
            return Role.QUESTION
        if line.is_directive and sign not in EQUALITIES:
            return Role.CLAIM
        if isinstance(left, Gridded) and isinstance(right, Gridded) and reduces(line.words):
            return Role.UPDATE
        if is_denied(f"{line.words} {line.statement.before}", line.after) or _is_contradiction(line):
            return Role.QUESTION
        if place == 0 and left is not None and self._is_condition(left, right, sign, line):
            return Role.CONDITION
        if line.is_directive:
            return self._stated(line, left, right) if place == 0 else Role.CLAIM
        if place == 0 and left is not None and sign in EQUALITIES and self._is_case(left, right, line):
            return Role.CASE
        if sign not in EQUALITIES or right is None:
            return Role.CLAIM
        if line.order in self.alternatives and is_plain(line.members[0]) and len(line.members) == 2:
            return Role.ALTERNATIVE
        if number(right) == 0 and not (place == 0 and isinstance(left, Name)) and not self.sought.poses(line):
            self.optima.set_zero(line, self.lines)
        if place == 0 and left is not None:
            return Role.GOAL if self._is_goal(line, left) else self._equality(line, left, right, sign)
        if place and self._is_naming(line, place, right):
            self.book.add(Definition(definable(right), line.members[place], line.order, line.scope))
            return Role.DEFINITION
        part = self._named_part(line, place, right) if place else None
        if part is not None:
            self.book.add(Definition(*part, line.order, line.scope))
            return Role.DEFINITION
        inside = told_inside(self, line, place, right) if place else None
        if inside is not None:
            self.book.add(inside)
            return Role.DEFINITION
        return Role.CLAIM

    def _stated(self, line: Line, left: Expression | None, right: Expression | None) -> Role:
        """An equation that a directive states: a definition of what has a name, whatever it was before."""
        head = head_of(left) if left is not None else None
        if head is None or right is None or definable(left) is None or isinstance(right, Unread) or mentions(head, right):
            return Role.CLAIM
        value = is_numeric(right) and self.is_variable(head.spelling, line.scope)
        self.book.add(Definition(head, right, line.order, line.scope, is_value=value))
        return Role.DEFINITION

    def _is_naming(self, line: Line, place: int, right: Expression) -> bool:
        """Whether the last member of a chain is a name that nothing has mentioned: it is a name for what the chain has come to."""
        left = line.members[place]
        if place + 2 < len(line.members) or not isinstance(right, Name | Call) or left is None or isinstance(left, Name | Unread) or is_numeric(left):
            return False
        head = definable(right)
        if head is not None and names_it(line.after) and head.spelling not in names_of(*line.members[: place + 1]):
            return True
        if head is None or self._counts(right) or self.is_variable(head.spelling, line.scope) or self.is_known(head, line):
            return False
        return head.spelling not in names_of(*line.members[: place + 1])

    def _named_part(self, line: Line, place: int, right: Expression) -> tuple[Head, Expression] | None:
        """A name of which nothing is known that takes the place of a part of the member before it, with what it stands for: of a matrix or number,
        or of anything longer than a name where nothing has spoken of it.
        """

        def is_new(name: Name) -> bool:
            return not self.is_variable(name.spelling, line.scope) or self._is_introduced(name, line)

        found = named_part(line.members[place], right, is_new) if not isinstance(right, Name) else None
        head = definable(found[1]) if found is not None and not self._counts(found[1]) else None
        if found is None or head is None or (self.is_known(head, line) and not self._is_special(head, found[0], line)):
            return None
        return head, found[0]

    def _is_special(self, head: Head, value: Expression, line: Line) -> bool:
        """Whether numbers stand for a name that was general elsewhere: they are a case of it."""
        found = self.book.find(head, line.order, line.scope)
        return is_numeric(value) and found is not None and found.definition.scope != line.scope and not is_numeric(found.definition.right)

    def _is_introduced(self, name: Name, line: Line) -> bool:
        """Whether nothing up to a line has spoken of a name but the line itself, while something behind it does."""
        return name.spelling not in self.seen and any(name.spelling in names_of(*other.members) for other in self.lines[line.order + 1 :])

    def _is_case(self, left: Expression, right: Expression | None, line: Line) -> bool:
        """``y^{(i)} = 1`` for the entries of a family: which of them are meant, not what all of them are."""
        if not isinstance(left, Name) or right is None or number(right) is None or len(line.members) > 2:
            return False
        running = [index for index in (*left.indices, *left.samples) if self._counts(index)]
        return bool(running) and (has_condition_behind(line) or not announces_strongly(f"{line.words} {line.statement.before}"))

    def _is_goal(self, line: Line, left: Expression) -> bool:
        """Whether an equation about what nothing defines is one that is to be shown: then it is no fact."""
        head = definable(left, self.constants)
        return head is not None and aims(f"{line.words} {line.statement.before}", line.after) and not self.is_known(head, line)

    def _is_condition(self, left: Expression, right: Expression | None, sign: str, line: Line) -> bool:
        """``i \\neq j``, ``i = 1, \\dots, n``, ``j = k``: letters that count, compared with each other or with numbers."""
        if not self._counts(left) or right is None:
            return False
        parts = right.items if isinstance(right, Listed) else (right,)
        if len(line.members) > 2:
            return False
        if is_plain(right) and sign == "=" and supposes_index(f"{line.words} {line.statement.before}"):
            return True
        ranges = isinstance(right, Listed) and any(isinstance(part, Dots) for part in parts)
        return all(isinstance(part, Literal | Dots) or self._counts(part) or (ranges and is_plain(part)) for part in parts) and (sign != "=" or not isinstance(right, Literal))

    def _counts(self, expression: Expression) -> bool:
        return is_plain(expression) and expression.spelling in self.vocabulary.indices

    def _equality(self, line: Line, left: Expression, right: Expression, sign: str) -> Role:
        if isinstance(left, Name) and is_update(left, right):
            return Role.UPDATE
        inside = logged(left)
        head = definable(inside or left, self.constants)
        if head is None or isinstance(right, Unread) or (inside is not None and head.spelling.partition("_{")[0] in self.vocabulary.probabilities):
            return Role.CLAIM
        if (head.primes and (self.book.is_defined(head.spelling) or self._is_along(head, line))) or self.sought.is_computed(left, head, line):
            return Role.CLAIM
        if head.indices and self.book.with_parameters(head.spelling, head.indices) is not None:
            return Role.CLAIM
        if number(left) is not None or (isinstance(left, Call) and number(right) == 0) or self.optima.is_solution(head, line, self.book) or self._is_consequence(head, line) or self._is_posed(left, right, line) or (not is_numeric(right) and self.equations.is_solved(left, right, line)):
            return Role.CLAIM
        if self.is_known(head, line) and not self._is_announced(line, sign, head):
            return Role.CLAIM
        if isinstance(left, Power) and is_capital(head.spelling) and _has_matrices(right):
            return Role.CLAIM
        if isinstance(left, Power | Quotient) and self.book.find(head, line.order, line.scope, now=line.order - 1, values=True, later=False) is not None:
            return Role.CLAIM
        if self._is_circular(head, right, line) or self._is_recurrent(left, line):
            return Role.CLAIM
        meaning = solved_for(left, right) if inside is None else Power(Name("e", right.span), right, right.span)
        if mentions(head, meaning) and not isinstance(meaning, Listed | Gridded):
            changes = isinstance(left, Name) and not left.indices and not is_about_itself(left, right)
            return Role.UPDATE if changes else Role.CLAIM
        if names_own_entries(head, meaning):
            return Role.DEFINITION
        words, value = f"{line.words} {line.statement.before}", is_numeric(right, CONSTANTS) and self.is_variable(head.spelling, line.scope) and not self._was_number(head, line)
        since = self.sentence if says_where(words) and self.is_known(head, line) else None
        explains = looks_back(words) and not (value and begins_with(words))
        self.book.add(Definition(head, meaning, line.order, line.scope, is_value=value, explains=explains, is_optimum=not explains and self.optima.is_optimum(head, line, self.lines), since=since, is_ahead=looks_ahead(line.words)))
        return Role.DEFINITION

    def _was_number(self, head: Head, line: Line) -> bool:
        """Whether a section beside that of a line puts numbers for a name, so that it is no variable there."""
        found = self.book.find(head, line.order, line.scope)
        return found is not None and not found.definition.is_value and not is_around(found.definition.scope, line.scope) and is_numeric(found.definition.right, CONSTANTS)

    def _is_along(self, head: Head, line: Line) -> bool:
        """Whether a prime makes the slope of a quantity that an equation makes a function of another one."""
        if line.scope not in self.along:
            self.along[line.scope] = frozenset(implicit([one for one in self.lines if near(one.scope, line.scope)], line.scope))
        return head.spelling in self.along[line.scope]

    def _is_consequence(self, head: Head, line: Line) -> bool:
        """Whether an arrow leads from an equation to one about a name that has been in use: it is solved for, not defined."""
        free = head.arguments is None and not head.primes and self.is_variable(head.spelling, line.scope)
        return free and line.statement.link in CONSEQUENCES and not self.book.is_defined(head.spelling)

    def _is_posed(self, left: Expression, right: Expression, line: Line) -> bool:
        """Whether a power is an unknown's: ``Solve x^2 = 4``."""
        return isinstance(left, Power | Quotient) and is_numeric(right) and poses(f"{line.words} {line.statement.before}")

    def _is_circular(self, head: Head, right: Expression, line: Line) -> bool:
        """Whether a right side is made of something that is defined by the very thing it would define."""
        for part in walk(right):
            use = head_of(part) if isinstance(part, Name | Call | Chance) else None
            found = self.book.find(use, line.order, line.scope) if use is not None and use.spelling != head.spelling else None
            is_next = found is not None and any(isinstance(index, Sum) for index in found.definition.head.indices)
            if found is not None and not is_next and any(self._is_head(inner, head) for inner in walk(found.definition.right)):
                return True
        return False

    def _is_head(self, part: Expression, head: Head) -> bool:
        use = head_of(part) if isinstance(part, Name | Chance) else None
        if use is None or use.spelling != head.spelling or len(use.indices) != len(head.indices) or is_before(use, head):
            return False
        if not all(map(index_fits, head.indices, use.indices)):
            return False
        return len(use.samples) != len(head.samples) or all(map(index_fits, head.samples, use.samples))

    def is_known(self, head: Head, line: Line) -> bool:
        """Whether a name has a value in this scope already."""
        found = self.book.find(head, line.order, line.scope)
        return found is not None and found.certain and found.definition.order < line.order

    def _is_announced(self, line: Line, sign: str, head: Head) -> bool:
        """A redefinition: strong words, in another scope than the old value's."""
        if sign == ":=" or self.sought.is_anew(head, line):
            return True
        words = f"{line.words} {line.statement.before}"
        if tells_a_case(words):
            return False
        found = self.book.find(head, line.order, line.scope)
        assert found is not None
        if self.equations.differentials.get(head.spelling, -1) > found.definition.order:
            return True
        same_scope = found.definition.scope == line.scope
        if len(found.definition.head.indices) != len(head.indices):
            is_apart = head.arguments is not None and found.definition.head.arguments is None and bool(head.indices)
            return is_apart or announces_strongly(words)
        if same_scope and restates(words):
            return False
        if same_scope and is_numeric(_right_of(line)) and not is_numeric(found.definition.right):
            return announces_strongly(words)
        if says_where(words) and not same(found.definition.right, _right_of(line)):
            return True
        if (introduces(line.words) or supposes_anew(line.words)) and not same(found.definition.right, _right_of(line)):
            return True
        if not same_scope and _is_apart(found.definition.scope, line.scope):
            return True
        return not same_scope and (announces_strongly(words) or len(line.scope) <= len(found.definition.scope))

    def promote(self, lines: Sequence[Line], broken: Definition) -> None:
        """Takes a definition that cannot be read out of the book; the next equation about the same thing in its scope takes its place."""
        self.book.definitions[broken.head.spelling].remove(broken)
        for line in lines:
            if line.order <= broken.order or line.scope[: len(broken.scope)] != broken.scope or self.roles.get((line.order, 0)) is not Role.CLAIM:
                continue
            left, right = line.members[0], line.members[1] if len(line.members) > 1 else None
            head = definable(left, self.constants) if left is not None else None
            if head is not None and right is not None and head.spelling == broken.head.spelling and line.statement.signs[0].text in EQUALITIES:
                self.roles[line.order, 0] = self._equality(line, left, right, line.statement.signs[0].text)
                return


def _is_contradiction(line: Line) -> bool:
    """Whether a line by itself equates another number with zero, as ``0 = 100``: a contradiction that was come to."""
    if len(line.members) != 2 or line.statement.signs[0].text not in EQUALITIES:
        return False
    left, right = (number(member) if member is not None else None for member in line.members)
    return left is not None and right is not None and left != right and 0 in (left, right)


def _is_apart(said: Scope, here: Scope) -> bool:
    """Whether a place lies in a problem or example that what was said elsewhere is no part of, nor around."""
    return not is_around(said, here) and any(count < 0 for count in here[len(common_part(said, here)) :])


def _has_matrices(expression: Expression) -> bool:
    """Whether an expression has matrices in it: something is transposed, or it adds or multiplies capitals alone."""
    parts = list(walk(expression))
    return any(isinstance(part, Transpose) or (is_plain(part) and part.spelling in ("I", r"\mathbf{I}", r"\mathbb{I}")) for part in parts)


def _right_of(line: Line) -> Expression:
    right = line.members[1]
    assert right is not None
    return right
