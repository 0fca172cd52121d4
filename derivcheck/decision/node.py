"""The nodes of scalar expression graphs, and walks over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter

RELATIONS = ("=", "≠", "<", "≤")
CONDITIONS = frozenset((*RELATIONS, "and", "or", "not", "truth", "same truth"))


class GivesUp(Exception):
    """Work on this obligation stops here; the message is the reason, one clause for the user."""


class Grows(GivesUp):
    """The expression is too large at these sizes; smaller ones may do."""


class Node:
    """One expression of a graph.

    ``op`` is one of ``number constant atom + * ^ call unknown where binder undefined``, a relation sign, ``and or not
    truth``. ``value`` holds what else tells nodes apart: the number, the name of a constant or function, (name, indices)
    of an atom, a ``Scope``. ``is_discrete``: built by exact operations from numbers and atoms with isolated values, so ties are meant.
    """

    __slots__ = ("args", "index", "is_discrete", "op", "value")

    op: str
    args: tuple[Node, ...]
    value: object
    index: int
    is_discrete: bool

    def __repr__(self) -> str:
        inside = ([] if self.value is None else [str(self.value)]) + [repr(arg) for arg in self.args]
        return f"{self.op}({', '.join(inside)})"


@dataclass(frozen=True, slots=True)
class Scope:
    """What stands inside an integral, an infinite sum or a limit (``kind``): a body in an atom of its own.

    The binder's arguments are its ``bounds`` bounds and then the body's other atoms, so that replacement reaches inside.
    """

    kind: str
    body: Node
    atom: Node
    bounds: int
    direction: str = ""


def is_number(node: Node) -> bool:
    """Whether a node is a rational number."""
    return node.op == "number"


by_making = attrgetter("index")
"""The key that sorts nodes in their order of making."""


def flat(nodes: Iterable[Node], op: str) -> list[Node]:
    """The nodes, with the arguments of those that have this operation in their place."""
    found: list[Node] = []
    for node in nodes:
        if node.op == op:
            found += node.args
        else:
            found.append(node)
    return found


def reachable(roots: Iterable[Node], known: Callable[[Node], bool] | None = None) -> list[Node]:
    """Every node under the roots (and not under a known one), arguments before what is made of them."""
    seen = {root for root in roots if known is None or not known(root)}
    stack = list(seen)
    while stack:
        for arg in stack.pop().args:
            if arg not in seen and (known is None or not known(arg)):
                seen.add(arg)
                stack.append(arg)
    return sorted(seen, key=by_making)


def atoms_of(roots: Iterable[Node]) -> list[Node]:
    """The atoms and values of unknown functions under the roots."""
    return [node for node in reachable(roots) if node.op in ("atom", "unknown")]


def under_fractions(roots: Iterable[Node]) -> set[Node]:
    """What the roots divide by, and its factors."""
    found: set[Node] = set()
    for node in reachable(roots):
        if node.op == "^" and is_number(node.args[1]) and node.args[1].value < 0:
            found.update((node.args[0], *(node.args[0].args if node.args[0].op == "*" else ())))
    return found
