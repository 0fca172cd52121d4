"""The derivative of a scalar graph by one of its atoms, from the same table of rules that terms use."""

from __future__ import annotations

from functools import cache

from derivcheck.decision.graph import Graph
from derivcheck.decision.instantiate import Instantiation
from derivcheck.decision.node import CONDITIONS, GivesUp, Node, reachable
from derivcheck.term.build import symbol
from derivcheck.term.function import FUNCTIONS
from derivcheck.term.term import Term

MARKS = ("~first", "~second")


def differentiate(graph: Graph, root: Node, atom: Node) -> Node:
    """The derivative, with corners left out: conditions are taken as constant. Errors: GivesUp."""
    found: dict[Node, Node] = {}
    for node in reachable([root]):
        if node is atom:
            found[node] = graph.one
        elif node.op in CONDITIONS or not any(found[arg] is not graph.zero for arg in node.args):
            found[node] = graph.zero
        else:
            found[node] = _rule(graph, node, [found[arg] for arg in node.args])
    return found[root]


def _rule(graph: Graph, node: Node, slopes: list[Node]) -> Node:
    match node.op:
        case "+":
            return graph.add(slopes)
        case "*":
            return graph.add(
                [graph.multiply((slope, *node.args[:k], *node.args[k + 1 :])) for k, slope in enumerate(slopes) if slope is not graph.zero]
            )
        case "^":
            return _power(graph, node, *slopes)
        case "where":
            return graph.where(node.args[0], slopes[1], slopes[2])
        case "call":
            parts = [graph.multiply((outer, inner)) for outer, inner in zip(_outer(graph, node), slopes, strict=True)]
            return graph.add(parts)
        case "unknown":
            name, component, orders, *rest = node.value
            parts = [
                graph.multiply((graph.unknown((name, component, tuple(sorted((*orders, k))), *rest), node.args), slope))
                for k, slope in enumerate(slopes)
                if slope is not graph.zero
            ]
            return graph.add(parts)
    raise GivesUp(f"no derivative of {node.op}")


def _power(graph: Graph, node: Node, by_base: Node, by_exponent: Node) -> Node:
    base, exponent = node.args
    parts = []
    if by_base is not graph.zero:
        parts.append(graph.multiply((exponent, graph.power(base, graph.add((exponent, graph.minus_one))), by_base)))
    if by_exponent is not graph.zero:
        parts.append(graph.multiply((node, graph.call("log", base), by_exponent)))
    return graph.add(parts)


def _outer(graph: Graph, node: Node) -> list[Node]:
    """The derivatives of a known function by its arguments, at the node's arguments."""
    put_in = {graph.atom(mark): arg for mark, arg in zip(MARKS, node.args, strict=False)}
    return graph.replace([Instantiation(graph, {}).node(rule) for rule in _rules(node.value)], put_in)


@cache
def _rules(name: str) -> tuple[Term, ...]:
    rules = FUNCTIONS[name].derivatives
    if rules is None:
        raise GivesUp(f"no derivative of {name}")
    return tuple(rule(*map(symbol, MARKS[: FUNCTIONS[name].arity])) for rule in rules)
