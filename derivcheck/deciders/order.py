"""Order: an inequality that follows from where its symbols lie, or that is between numbers alone.

Proves ``exp(x) + x^2 > 0``, ``p (1 - p) > 0`` for a probability p, and ``e < 3``. Does not prove ``log x <= x - 1``: bounds
on each side taken alone say nothing there. How it is confirmed: intervals with rational ends are carried through the
difference of both sides; between numbers, 40 digits with a bound on the error decide.
"""

from __future__ import annotations

from derivcheck.decision import precise
from derivcheck.decision.graph import Graph
from derivcheck.decision.node import Node, atoms_of
from derivcheck.decision.premise import Branch
from derivcheck.decision.problem import Problem
from derivcheck.decision.proposal import Decider, GaveUp, Proof, Proposal
from derivcheck.decision.ranges import Ranges
from derivcheck.decision.wording import scope_text
from derivcheck.term.binder import walk
from derivcheck.term.term import Relation

DIGITS = 40


def _propose(problem: Problem) -> Proposal:
    if not any(isinstance(part, Relation) and part.sign != "=" for part in walk(problem.obligation.goal.relation)):
        return GaveUp()
    tried = []
    is_ordered = False
    for instance in problem.instances():
        if not instance.goals or not instance.branches:
            continue
        for branch in instance.branches:
            relations = instance.graph.replace([goal.relation for goal in instance.goals], branch.solved)
            if not all(_holds(instance.graph, branch, relation) for relation in relations):
                return GaveUp()
            is_ordered = is_ordered or any(relation.op != "truth" for relation in relations)
        tried.append(instance.parameters)
    return Proof(scope_text(tried)) if is_ordered else GaveUp()


def _holds(graph: Graph, branch: Branch, relation: Node) -> bool:
    match relation.op:
        case "truth":
            return relation.value
        case "and":
            return all(_holds(graph, branch, part) for part in relation.args)
        case "or":
            return any(_holds(graph, branch, part) for part in relation.args)
        case "<" | "≤" | "≠":
            return _follows(graph, branch, relation)
    return False


def _follows(graph: Graph, branch: Branch, relation: Node) -> bool:
    left, right = relation.args
    if not atoms_of([relation]):
        return precise.evaluate([relation], {}, DIGITS)[relation] is True
    gap = graph.subtract(right, left)
    ranges = Ranges(graph, branch.domains)
    found = ranges.of(gap)
    if relation.op == "≠":
        return found.is_positive() or found.is_negative()
    if found.is_positive() or (relation.op == "≤" and found.is_nonnegative()):
        return True
    return any(_is_implied(graph, ranges, gap, premise, relation.op) for premise in branch.filters)


def _is_implied(graph: Graph, ranges: Ranges, gap: Node, premise: Node, sign: str) -> bool:
    """Whether the gap is a positive multiple of a hypothesis's gap, plus something that is not negative."""
    if premise.op not in ("<", "≤") or (premise.op == "≤" and sign == "<"):
        return False
    known = graph.subtract(premise.args[1], premise.args[0])
    for factor in _ratios(gap, known):
        scaled = [graph.multiply((graph.number(-factor), part)) for part in (known.args if known.op == "+" else (known,))]
        if factor > 0 and ranges.of(graph.add((gap, *scaled))).is_nonnegative():
            return True
    return False


def _ratios(gap: Node, known: Node) -> set:
    """Factors by which a term of the one is a term of the other."""
    found = set()
    for first in gap.args if gap.op == "+" else (gap,):
        for second in known.args if known.op == "+" else (known,):
            (a, core), (b, other) = _split(first), _split(second)
            if core == other and b:
                found.add(a / b)
    return found


def _split(term: Node) -> tuple:
    if term.op == "number":
        return term.value, ()
    if term.op == "*" and term.args[0].op == "number":
        return term.args[0].value, term.args[1:]
    return 1, (term,)


DECIDER = Decider("order", "prove", 15, _propose, solves=True)
