"""Steps between the values of a recurrence: it is put in for them until both sides speak of the same ones."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from derivcheck.comparison import Comparer
from derivcheck.decision.outcome import Proved
from derivcheck.derivation.definable import undecorated
from derivcheck.derivation.fact import FactBook
from derivcheck.derivation.instance import put_in
from derivcheck.derivation.outline import Line
from derivcheck.derivation.prose import comes_to_rest, concludes, has_stopped
from derivcheck.derivation.recursion import Key, Recurrence, argument_of, first_values, key_of, keys_of, recurrence
from derivcheck.derivation.role import CONSEQUENCES, EQUALITIES
from derivcheck.diagnostic import Verdict
from derivcheck.elaboration.book import holds_in, is_around
from derivcheck.elaboration.same import same
from derivcheck.finding import Finding
from derivcheck.reading.content import has_derivative, names_of, number
from derivcheck.reading.expression import Bracketed, Expression, Listed, Literal, Name, Sum, is_plain, walk
from derivcheck.source import NOWHERE
from derivcheck.step import RIGHT, Step

BY_INDUCTION = "induction"
UNREACHED = "expanding the recurrence does not lead to these values"
OTHER_STEPS = "may hold for some numbers of steps only"
FIRST_STEPS = (1, 2, 3)
AT_REST = (r"_{\infty}", *(rf"_{{\mathrm{{{label}}}}}" for label in ("eq", "lim", "ss", "st", "stat")))


@dataclass(slots=True)
class Recursions:
    """The recurrences and first values that a document has given so far, and what follows from them."""

    comparer: Comparer
    facts: FactBook
    text: str
    known: list[Recurrence] = field(default_factory=list)
    first: list[tuple[str, Expression, Expression, Line]] = field(default_factory=list)

    def hear(self, line: Line, verdict: Verdict, step: Step | None) -> None:
        """Takes in what a line says of a recurrence; ``step``: that of its first relation, where there was something to judge."""
        left, right = line.members[:2]
        if left is None or right is None or line.statement.signs[0].text not in EQUALITIES:
            return
        if verdict is Verdict.GIVEN or (step is not None and self.is_posed(step)):
            self._note(line, left, right, verdict in RIGHT)
        if verdict in (Verdict.GIVEN, *RIGHT):
            self._begin(line, left, right)

    def _note(self, line: Line, left: Expression, right: Expression, follows: bool) -> None:
        """Takes in an equation, if it is a recurrence; one that ``follows`` from another one of its place is no new one."""
        found = recurrence(line, left, right)
        if found is not None and not (follows and any(rule.name == found.name and is_around(rule.line.scope, line.scope) for rule in self.known)):
            self.known.append(found)

    def _begin(self, line: Line, left: Expression, right: Expression) -> None:
        """Takes in an equation that holds, if it tells the first values of a recurrence."""
        self.first += [(name, at, value, line) for name, at, value in first_values(left, right)]

    def is_posed(self, step: Step) -> bool:
        """Whether a step gives a recurrence for what no formula defines: it is not drawn from what was said before."""
        found = recurrence(step.line, step.left, step.right) if step.starts and step.is_equality else None
        if found is None or self._is_explicit(found, step):
            return False
        return step.line.statement.link not in CONSEQUENCES and (not concludes(step.line.words) or has_stopped(step.line.words))

    def at_rest(self, line: Line, place: int, left: Expression | None, right: Expression | None) -> tuple[Step, Finding] | None:
        r"""What becomes of the value at which a recurrence is said to settle, ``v`` or ``v_\infty``, if all its values are that one; None for any other relation."""
        if place or left is None or right is None or line.statement.signs[0].text != "=" or not comes_to_rest(f"{line.words} {line.statement.before}"):
            return None
        name = _resting(left)
        near = [rule for rule in self.known if rule.name == name and holds_in(rule.line.scope, line.scope)]
        if not near:
            return None
        step, rule = Step(line, place, left, right, "="), near[-1]
        if any(same(part, left) for part in walk(right)):
            return self._balanced(step, rule)
        return step, replace(self.comparer.compare(line, *rule.at_rest(right), "="), posed=rule.at_rest)

    def _balanced(self, step: Step, rule: Recurrence) -> tuple[Step, Finding] | None:
        """The recurrence itself with one value for all: an equation for that value; None where it is not this equation."""
        found = self.comparer.compare(step.line, step.right, rule.at_rest(step.left)[1], "=")
        if not found.holds:
            return None
        self.facts.add(step.line, step.left, "=", step.right)
        return step, found

    def finding(self, step: Step, plain: Finding) -> Finding | None:
        """What becomes of a step between values of a recurrence; None where it is none. ``plain``: what becomes of it without that."""
        slopes = has_derivative(step.left) or has_derivative(step.right)
        rule = self._about(step) if step.is_equality and not slopes else None
        if rule is None:
            return None
        found = self._expanded(step, rule, step.left, step.right)
        if found is None:
            found = self._general(step, rule) or self._closed(step, rule)
        if found is None:
            is_first = bool(rule.arguments(step.right)) or any(number(argument) is None for argument in rule.arguments(step.left))
            return replace(plain, outcome=None, reason=UNREACHED, kind="undecided") if plain.fails and is_first and not self._is_explicit(rule, step) else None
        if found.fails and not is_around(rule.line.scope, step.line.scope):
            return replace(found, outcome=None, reason="rests on a recurrence of another section", kind="undecided")
        return found

    def _is_explicit(self, rule: Recurrence, step: Step) -> bool:
        """Whether the document defines the values of a recurrence by a formula of their own where a step stands."""
        known = self.comparer.gathered.book.definitions.get(rule.name, ())
        heads = [one for one in known if not one.is_proved and not rule.arguments(one.right) and is_around(one.scope, step.line.scope)]
        return any(number(index) is None for one in heads for index in (one.head.arguments or one.head.indices))

    def _about(self, step: Step) -> Recurrence | None:
        """The nearest recurrence about values that stand in a step."""
        near = [rule for rule in self.known if rule.line.order <= step.line.order and holds_in(rule.line.scope, step.line.scope)]
        about = [rule for rule in near if rule.arguments(step.left)]
        return max(about, key=lambda rule: (is_around(rule.line.scope, step.line.scope), rule.line.order), default=None)

    def _first(self, step: Step, rule: Recurrence) -> dict[Key, Expression]:
        """The first values that are known where a step stands, by what tells their arguments apart."""
        near = [(argument, value) for name, argument, value, line in self.first if name == rule.name and is_around(line.scope, step.line.scope)]
        return {key: value for argument, value in near if (key := key_of(argument)) is not None}

    def _expanded(self, step: Step, rule: Recurrence, left: Expression, right: Expression) -> Finding | None:
        """A step with the recurrence put in on its left until the values are those on its right; None where these are not reached."""
        wanted, first = keys_of(rule.arguments(right)), self._first(step, rule)
        if wanted is None or not (wanted or first):
            return None
        expanded = rule.expanded(left, wanted | first.keys() if wanted else frozenset(first))
        if expanded is None:
            return None
        shown = {key_of(argument): self.text[argument.span.start : argument.span.end] for argument in rule.arguments(right)}
        sides = [self._by_names(rule, side, first, shown) for side in (expanded, right)]
        # A letter of the recurrence that is gone may be a number that was put in.
        return replace(self.comparer.compare(step.line, *sides, "="), is_expanded=names_of(rule.right) <= names_of(step.left, step.right, rule.line.members[0]))

    def _by_names(self, rule: Recurrence, side: Expression, first: dict[Key, Expression], shown: dict[Key | None, str]) -> Expression:
        """A side with a name for each value of the recurrence, or the value itself if it is known."""
        called = rf"\mathrm{{{rule.name}}}" if len(rule.name) == 1 else rule.name

        def value(argument: Expression) -> Expression | None:
            key = key_of(argument)
            if key is None:
                return None
            return first[key] if key in first else Name(f"{called}_{{{shown.get(key) or float(key[0])}}}", NOWHERE)

        return rule.exchanged(side, value)

    def _general(self, step: Step, rule: Recurrence) -> Finding | None:
        """A side for any number of steps, ``2^k T(n/2^k) + kn``: it holds for one of them, and goes on from each to the next."""
        told = names_of(*rule.arguments(step.left), rule.right)
        letters = {name for argument in rule.arguments(step.right) for name in names_of(argument)} - told
        if len(letters) != 1:
            return None
        (letter,) = letters
        here = Name(letter, NOWHERE)
        following = put_in(step.right, letter, Sum((("+", here), ("+", Literal(Fraction(1), NOWHERE))), NOWHERE))
        leads_on = self._expanded(step, rule, step.right, following)
        starts = [self._expanded(step, rule, step.left, put_in(step.right, letter, Literal(Fraction(count), NOWHERE))) for count in FIRST_STEPS]
        if leads_on is not None and leads_on.holds and starts[0] is not None and starts[0].holds:
            return replace(leads_on, outcome=Proved(BY_INDUCTION))
        scope, known = step.line.scope, self.comparer.gathered.book.definitions.get(letter, ())
        is_free = not any(letter in one.names and is_around(one.line.scope, scope) for one in self.facts.facts) and not any(is_around(one.scope, scope) for one in known)
        if is_free and all(found is not None and found.fails for found in starts):
            assert starts[0] is not None
            return starts[0]
        return Finding(None, OTHER_STEPS, "undecided")

    def _closed(self, step: Step, rule: Recurrence) -> Finding | None:
        """A formula without values of the recurrence: it holds at first, and for each value if for those before; None where that cannot be told."""
        argument = argument_of(_inside(step.left), rule.name)
        if not is_plain(argument) or rule.arguments(step.right):
            return None
        letter = argument.spelling
        def led_to(side: Expression) -> Expression:
            """What the recurrence makes of a formula for the values before."""
            return rule.exchanged(rule.at(argument), lambda at: put_in(side, letter, at))

        leads_on = self.comparer.compare(step.line, step.right, led_to(step.right), "=")
        first = [(at, value) for name, at, value, line in self.first if name == rule.name and is_around(line.scope, step.line.scope)]
        starts = [self._at_first(step, letter, at, value) for at, value in first]
        if not starts:
            return None
        if leads_on.holds and all(found.holds for found in starts):
            return replace(leads_on, outcome=Proved(BY_INDUCTION))
        if not (leads_on.fails and all(found.fails for found in starts)):
            # It may hold from another value on than the first, or up to one that does not count.
            return None
        at, value = first[0]
        return replace(leads_on, posed=lambda other: (_pair(other, put_in(other, letter, at)), _pair(led_to(other), value)))

    def _at_first(self, step: Step, letter: str, at: Expression, value: Expression) -> Finding:
        return self.comparer.compare(step.line, put_in(step.right, letter, at), value, "=")


def _resting(left: Expression) -> str | None:
    """The sequence whose limit a left side may name."""
    if not isinstance(left, Name) or left.indices or left.samples or left.primes:
        return None
    label = next((label for label in AT_REST if left.spelling.endswith(label)), "")
    return undecorated(left.spelling) or left.spelling.removesuffix(label)


def _pair(first: Expression, second: Expression) -> Expression:
    return Listed((first, second), "(", NOWHERE)


def _inside(expression: Expression) -> Expression:
    while isinstance(expression, Bracketed):
        expression = expression.body
    return expression
