"""Expressions worked out: equations that say of a quantity again what it is, in another way."""

from __future__ import annotations

from derivcheck.derivation.definable import LOGARITHMS, definable, is_numeric
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.prose import announces_strongly, poses, says_anew, sets_zero, supposes
from derivcheck.elaboration.book import holds_in
from derivcheck.finding import Finding
from derivcheck.reading.content import names_of, number
from derivcheck.reading.expression import (
    ARITHMETIC,
    Call,
    Differential,
    Expression,
    Name,
    is_plain,
    walk,
)
from derivcheck.step import Step, is_slope
from derivcheck.term.function import free_names


def is_rewritten(step: Step, finding: Finding) -> bool:
    """Whether an equation reads as an expression worked out rather than as one to be solved: its right side has no letter of its own, and fewer of them."""
    left, right = names_of(step.left), names_of(step.right)
    announced = announces_strongly(f"{step.line.words} {step.line.statement.before}")
    return finding.fails and step.is_equality and not announced and not is_slope(step.left) and bool(right) and right < left


def is_solvable(step: Step, finding: Finding) -> bool:
    """Whether an equation can be one to be solved: it is made of letters of which nothing is known, and of arithmetic."""
    if not (step.starts and step.is_equality) or finding.used or finding.view.constraints or not finding.unknown:
        return False
    return all(isinstance(part, ARITHMETIC) for side in (step.left, step.right) for part in walk(side))


def is_said_again(gathered: Gathered, step: Step) -> bool:
    """Whether what a name is said to be once more is made of nothing but what it was made of before, or of names for that, and no words announce
    it: then it is written in another way rather than given another meaning.
    """
    line, head, book = step.line, definable(step.left), gathered.book
    words = f"{line.words} {line.statement.before}"
    if head is None or not (step.starts and step.is_equality) or says_anew(words) or announces_strongly(words):
        return False
    found = book.find(head, line.order, line.scope)
    if found is None or not found.certain or found.definition.scope != line.scope or found.definition.order >= line.order:
        return False
    knowledge = gathered.at(line)
    before = book.reached(names_of(found.definition.right))
    # Where a logarithm comes in, it may be the logarithm that has the name from here on.
    before |= knowledge.vocabulary.indices | (knowledge.vocabulary.functions - LOGARITHMS) | knowledge.size_names
    others = names_of(step.right) - before
    return not is_numeric(step.right) and all(book.is_defined(name) and book.reached(frozenset((name,))) - {name} <= before for name in others)


def is_slope_worked_out(gathered: Gathered, step: Step, finding: Finding) -> bool:
    """Whether a number is told as what a derivative of a derivative is, not as what it should be: no words pose it, and no value follows that solves it."""
    if not (finding.fails and step.is_equality and _is_second(step.left) and number(step.right)) or finding.relating is None:
        return False
    words = f"{step.line.words} {step.line.statement.before}"
    if poses(words) or supposes(words) or sets_zero(words) or announces_strongly(words):
        return False
    free = free_names(finding.relating.relation)
    after = [line for line in gathered.outline.lines[step.line.order + 1 :] if holds_in(step.line.scope, line.scope) and len(line.members) > 1]
    return len(step.line.members) == 2 and not any(is_plain(line.members[0]) and line.members[0].spelling in free for line in after)


def _is_second(left: Expression) -> bool:
    """Whether a left side is a second derivative, or a later one."""
    if isinstance(left, Differential):
        return len(left.by) > 1
    name = left.function if isinstance(left, Call) else left
    return isinstance(name, Name) and name.primes > 1
