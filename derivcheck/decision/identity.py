"""Whether two nodes are equal as functions, wherever both are defined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from derivcheck.decision.dual import TooFewPoints
from derivcheck.decision.graph import Graph
from derivcheck.decision.limits import Limits
from derivcheck.decision.node import GivesUp, Node, is_number
from derivcheck.decision.ranges import Ranges
from derivcheck.decision.residue import Residues
from derivcheck.term.type import Domain

FIRST_COUNT = 8
ATTEMPTS = 12


def are_equal(
    graph: Graph,
    pairs: Iterable[tuple[Node, Node]],
    domains: Mapping[Node, Domain],
    positive: Iterable[Node],
    seed: int,
    limits: Limits,
) -> bool:
    """True: each pair is equal as functions of independent kernels. False: at least one is not, which refutes nothing.

    ``positive``: nodes that hypotheses call positive. Errors: GivesUp.
    """
    wanted = [pair for pair in pairs if pair[0] is not pair[1]]
    if not wanted:
        return True
    roots = [side for pair in wanted for side in pair]
    ranges = Ranges(graph, domains)
    positive = list(positive)
    assumed = [*under_roots(roots), *positive]
    count = FIRST_COUNT
    for attempt in range(ATTEMPTS):
        residues = Residues(ranges, count, seed + attempt, assumed)
        try:
            for node in positive:
                residues.assume_positive(node)
            values = {root: residues.value(root) for root in roots}
            good = residues.good_points()
            if not all(values[left][k] == values[right][k] for left, right in wanted for k in good):
                return False
            if residues.is_conclusive(good):
                return True
        except TooFewPoints:
            pass
        count *= 2
        if count > limits.field_points:
            raise GivesUp("too many independent quantities to compare exactly")
    raise GivesUp("no points without a vanishing denominator")


def under_roots(roots: Iterable[Node]) -> list[Node]:
    """The arguments of logarithms and the bases of powers that are defined for positive numbers only.

    What stands in one branch of a case distinction is left out: it need not be defined everywhere.
    """
    found: dict[Node, None] = {}
    seen: set[Node] = set()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if node.op == "binder":
            waiting.append(node.value.body)
        elif (node.op == "call" and node.value == "log") or (
            node.op == "^" and not (is_number(node.args[1]) and node.args[1].value.denominator == 1) and not node.args[1].is_discrete
        ):
            found[node.args[0]] = None
        waiting += node.args[:1] if node.op == "where" else node.args
    return sorted(found, key=lambda node: node.index)
