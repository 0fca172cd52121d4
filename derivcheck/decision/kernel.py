"""The only place where an outcome is made. Deciders propose; what they propose is believed only after a check of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from derivcheck.decision import precise
from derivcheck.decision.graph import Graph
from derivcheck.decision.limits import Limits
from derivcheck.decision.manifold import HIDDEN
from derivcheck.decision.node import Node, atoms_of, reachable
from derivcheck.decision.outcome import Agreed, Proved, Refuted, Undecided, Witness
from derivcheck.decision.proposal import Agreement, Candidate, Proof
from derivcheck.decision.root import refined
from derivcheck.decision.wording import entry_name, function_name, number_text

ENOUGH_POINTS = 3
READINGS = 4
Digits = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A goal at one point with so many digits.

    ``truth``: it holds or fails beyond the error; None where that cannot be told. ``is_close``: both sides are equal to
    far more digits than the difference of any two unlike formulas. ``values``: every node's pair.
    """

    truth: bool | None
    is_close: bool
    sign: str
    sides: tuple[float, float]
    values: Mapping[Node, Any]


def confirm(candidate: Candidate, limits: Limits, by: str, digits: Digits | None = None) -> Refuted | None:
    """A refutation, if both precisions of a pair find the hypotheses to hold and the goal to fail."""
    for low, high in digits or limits.digits[:2]:
        first = read(candidate, low)
        if first is None or first.is_close:
            continue
        # An integral is computed twice at any precision, and to no more than some digits.
        second = first if _has_binder(candidate) else read(candidate, high)
        if second is not None and first.truth is False and second.truth is False:
            return Refuted(by, _witness(candidate, second.values), *second.sides)
    return None


def _has_binder(candidate: Candidate) -> bool:
    return any(node.op == "binder" for node in reachable([candidate.goal.relation, *candidate.instance.premises]))


def seems_to_fail(candidate: Candidate, limits: Limits) -> bool:
    """Whether a candidate stands up to one precision: worth putting before ``confirm``."""
    for low, _ in limits.digits[:2]:
        reading = read(candidate, low)
        if reading is not None and reading.truth is False and not reading.is_close:
            return True
    return False


def holds_closely(candidate: Candidate, limits: Limits) -> bool:
    """Whether the goal is seen to hold at the point, with as many digits as it takes."""
    for digits in limits.digits:
        reading = read(candidate, digits[1])
        if reading is None:
            return False
        if reading.truth is True or (reading.is_close and reading.truth is None and reading.sign in ("=", "≤")):
            return True
    return False


def accept(proof: Proof, by: str, audit: Agreed | None) -> Proved | Agreed | Undecided:
    """A proof, if points were found at which the goal can be seen to hold; only agreement if it leans on conditions."""
    points = proof.points if audit is None else audit.points
    if not points:
        return Undecided(("no points at which the proof could be checked",))
    conditions = tuple(dict.fromkeys((*proof.conditions, *(audit.conditions if audit is not None else ()))))
    if conditions:
        return Agreed(by, points, proof.scope, conditions)
    return Proved(by, proof.scope)


def weigh(agreement: Agreement, by: str) -> Agreed | Undecided:
    """Agreement, if there were enough points."""
    if agreement.points < 1:
        return Undecided(("no point satisfies the hypotheses",))
    return Agreed(by, agreement.points, agreement.scope, agreement.conditions)


def look_closer(agreement: Agreement, limits: Limits, by: str) -> Refuted | Undecided | None:
    """What hundreds of digits say of an agreement that nobody could prove: None, if nothing against it."""
    for probe in agreement.probes:
        for low, high in limits.digits:
            first, second = read(probe, low), read(probe, high)
            if first is None or second is None:
                break
            if first.truth is False and second.truth is False and not second.is_close:
                return Refuted(by, _witness(probe, second.values), *second.sides)
    return None


@lru_cache(maxsize=READINGS)
def read(candidate: Candidate, digits: int) -> Reading | None:
    """The goal and the hypotheses as they stand at a point; None where they are undefined or a hypothesis does not hold."""
    instance, branch, goal = candidate.instance, candidate.branch, candidate.goal
    values: dict[Node, Any] = {atom: precise.exactly(value, digits) for atom, value in candidate.point.exact.items()}
    if candidate.point.rough:
        found = refined(branch.equations, candidate.point.rough, values, digits)
        if found is None:
            return None
        values |= found
    free = precise.evaluate(list(branch.solved.values()), values, digits)
    for atom, value in branch.solved.items():
        if free[value] is None:
            return None
        values[atom] = free[value]
    roots = [goal.relation, goal.condition, *instance.premises, *instance.graph.guards]
    roots += [arg for node in atoms_of(roots) for arg in node.args]
    known = precise.evaluate(roots, values, digits)
    if known[goal.condition] is not True or any(known[guard] is None for guard in instance.graph.guards):
        return None
    if not all(_holds(premise, known) for premise in instance.premises):
        return None
    if not (_is_inside(instance.graph, branch.solved, known) and _is_consistent(branch.solved, instance, goal, known)):
        return None
    if goal.sides:
        return Reading(False, False, "=", (float(goal.sides[0].value), float(goal.sides[1].value)), known)
    return _reading(goal.relation, known)


def _reading(relation: Node, known: Mapping[Node, Any]) -> Reading:
    shown = _failing(relation, known)
    if shown.op in ("=", "≠", "<", "≤") and all(known[arg] is not None for arg in shown.args):
        (left, left_error), (right, right_error) = (known[arg] for arg in shown.args)
        slack = precise.slack(16 * left_error, 16 * right_error)
        # An integral or a limit is known to fewer digits than a formula without them.
        digits = 8 if any(node.op == "binder" for node in reachable([shown])) else 15
        is_close = abs(left - right) <= slack <= precise.context().mpf(10) ** -digits * (1 + abs(left) + abs(right))
        return Reading(known[relation], is_close, relation.op, (_float(left), _float(right)), known)
    if shown.op == "same truth" and None not in (known[arg] for arg in shown.args):
        return Reading(known[relation], False, relation.op, (float(known[shown.args[0]]), float(known[shown.args[1]])), known)
    return Reading(known[relation], False, relation.op, (float("nan"), float("nan")), known)


def _float(value: Any) -> float:
    return float(value)


def _failing(relation: Node, known: Mapping[Node, Any]) -> Node:
    """The relation to show for a condition: the first part that fails, or the first part."""
    while relation.op in ("and", "or", "not"):
        failing = [arg for arg in relation.args if known[arg] is False]
        relation = failing[0] if failing else relation.args[0]
    return relation


def _holds(premise: Node, known: Mapping[Node, Any]) -> bool:
    """Whether a hypothesis holds at the point, as far as an equation between computed numbers can be seen to hold."""
    if premise.op == "and":
        return all(_holds(arg, known) for arg in premise.args)
    if premise.op == "or":
        return any(_holds(arg, known) for arg in premise.args)
    if premise.op in ("=", "≤") and known[premise] is None and all(known[arg] is not None for arg in premise.args):
        (left, left_error), (right, right_error) = (known[arg] for arg in premise.args)
        slack = precise.slack(16 * left_error, 16 * right_error)
        return abs(left - right) <= slack <= precise.context().mpf(10) ** -15 * (1 + abs(left) + abs(right))
    return known[premise] is True


def _is_inside(graph: Graph, solved: Mapping[Node, Node], known: Mapping[Node, Any]) -> bool:
    """Whether computed values lie in the domains of their symbols."""
    for atom in solved:
        domain = graph.domain(atom)
        value, error = known[atom][0], precise.slack(known[atom][1])
        if domain.values and not any(abs(value - precise.exactly(each, 40)[0]) <= error + 1e-30 for each in domain.values):
            return False
        if domain.lower is not None and value < precise.exactly(domain.lower, 40)[0] - (0 if domain.open else error):
            return False
        if domain.upper is not None and value > precise.exactly(domain.upper, 40)[0] + (0 if domain.open else error):
            return False
        if domain.integer and abs(value - precise.context().nint(value)) > error:
            return False
    return True


def _is_consistent(solved: Mapping[Node, Node], instance: Any, goal: Any, known: Mapping[Node, Any]) -> bool:
    """Whether a value that a hypothesis gives to an unknown function is its only value at that argument."""
    fixed = [node for node in solved if node.op == "unknown"]
    if not fixed:
        return True
    others = [node for node in atoms_of([goal.relation, *instance.premises]) if node.op == "unknown"]
    for node in fixed:
        for other in others:
            if other is not node and other.value == node.value and _is_same_place(node, other, known):
                return False
    return True


def _is_same_place(first: Node, second: Node, known: Mapping[Node, Any]) -> bool:
    pairs = zip(first.args, second.args, strict=True)
    return all(known[a] is not None and known[b] is not None and abs(known[a][0] - known[b][0]) < 1e-20 for a, b in pairs)


def _witness(candidate: Candidate, known: Mapping[Node, Any]) -> Witness:
    """The point in words: only what the goal depends on."""
    instance, goal, branch = candidate.instance, candidate.goal, candidate.branch
    exact = candidate.point.exact
    asked = reachable([goal.relation])
    needed = set(reachable(instance.graph.replace([goal.relation], branch.solved)))
    values: dict[str, str] = {}
    for node in sorted((node for node in needed | set(asked) if node.op == "atom" and node in exact and not node.value[0].startswith(HIDDEN)), key=_name_order):
        values[entry_name(*node.value)] = number_text(exact[node])
    for node in asked:
        if node.op == "atom" and node not in exact:
            values[entry_name(*node.value)] = _decimal(known[node])
    for node in asked:
        if node.op == "unknown":
            inside = ", ".join(_argument(arg, known) for arg in node.args)
            values[f"{function_name(node.value)}({inside})"] = _decimal(known[node])
    sizes = {name for name, _ in instance.parameters if instance.graph.domains.get(name) is not None}
    dimensions = tuple(pair for pair in instance.parameters if pair[0] in sizes)
    pointers = tuple((name, str(value)) for name, value in instance.parameters if name not in sizes)
    return Witness(dimensions, goal.indices, (*pointers, *values.items()))


def _name_order(node: Node) -> tuple:
    return node.value


def _argument(node: Node, known: Mapping[Node, Any]) -> str:
    return number_text(node.value) if node.op == "number" else _decimal(known[node])


def _decimal(pair: Any) -> str:
    """Six significant digits."""
    if pair is None:
        return "undefined"
    return precise.context().nstr(pair[0], 6).removesuffix(".0")
