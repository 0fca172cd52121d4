"""One branch of the hypotheses looked at exactly: do its goals hold as identities, and on what conditions?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from derivcheck.decision.graph import Graph
from derivcheck.decision.identity import are_equal
from derivcheck.decision.node import GivesUp, Node, atoms_of, under_fractions
from derivcheck.decision.premise import Branch
from derivcheck.decision.problem import Instance, Problem
from derivcheck.decision.ranges import Ranges
from derivcheck.decision.wording import text_of

MAX_COMBINATIONS = 64


def prove(problem: Problem, instance: Instance, branch: Branch) -> list[str] | None:
    """The conditions under which every goal holds on a branch; None if that is not proved. Errors: GivesUp."""
    if branch.equations:
        raise GivesUp("equations that could not be solved exactly")
    graph = instance.graph
    positive = [part for condition in branch.filters for part in _positive_parts(graph, condition)]
    relations = graph.replace([goal.relation for goal in instance.goals], branch.solved)
    for chosen in _choices(graph, [*relations, *positive], branch):
        pairs = _pairs(graph.replace(relations, chosen), graph)
        if pairs is None or not are_equal(graph, pairs, branch.domains, graph.replace(positive, chosen), problem.seed, problem.limits):
            return None
    return _conditions(graph, branch, instance.relations)


def _pairs(relations: list[Node], graph: Graph) -> list[tuple[Node, Node]] | None:
    """The sides that have to be equal; None if a goal is not an equation."""
    pairs = []
    waiting = list(relations)
    while waiting:
        relation = waiting.pop()
        if relation.op == "and":
            waiting += relation.args
        elif relation.op == "=":
            pairs.append((relation.args[0], relation.args[1]))
        elif relation is not graph.true:
            return None
    return pairs


def _positive_parts(graph: Graph, condition: Node) -> list[Node]:
    """What a hypothesis says to be positive."""
    if condition.op == "<":
        return [graph.subtract(condition.args[1], condition.args[0])]
    return []


def _choices(graph: Graph, roots: list[Node], branch: Branch) -> Iterator[dict[Node, Node]]:
    """All combinations of values of the atoms that have few."""
    listed = []
    for atom in atoms_of(roots):
        domain = branch.domains.get(atom, graph.domain(atom)) if atom.op == "atom" else None
        if domain is not None and domain.values:
            listed.append((atom, [graph.number(value) for value in domain.values]))
    total = 1
    for _, values in listed:
        total *= len(values)
    if total > MAX_COMBINATIONS:
        listed = []
    for values in product(*(values for _, values in listed)):
        yield dict(zip((atom for atom, _ in listed), values, strict=True))


def _conditions(graph: Graph, branch: Branch, relations: Sequence[Node]) -> list[str]:
    """What the solutions of the hypotheses divided by, unless it is never zero or is divided by in what is given or claimed."""
    if not branch.divisors and not branch.excluded:
        return []
    ranges = Ranges(graph, branch.domains)
    exempt = under_fractions(relations)
    found = []
    for divisor in dict.fromkeys((*branch.divisors, *branch.excluded)):
        parts = [part.args[0] if part.op == "^" else part for part in (divisor.args if divisor.op == "*" else (divisor,))]
        left = [part for part in parts if part not in exempt and not ranges.is_never_zero(part)]
        found += [f"{text_of(part)} ≠ 0" for part in left if part.op != "number"]
    return list(dict.fromkeys(found))
