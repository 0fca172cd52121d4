"""Nodes and names as short plain text, for witnesses and conditions."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.decision.node import Node

MAX_LENGTH = 80


def entry_name(name: str, indices: tuple[int, ...]) -> str:
    """``W_11``; with commas where an index has two characters."""
    if not indices:
        return name
    parts = [str(index) for index in indices]
    return f"{name}_{('' if all(len(part) == 1 for part in parts) else ',').join(parts)}"


def number_text(value: Fraction) -> str:
    """A short fraction or an exact decimal where there is one."""
    if value.denominator in (1, 2, 3, 4):
        return str(value)
    shifted = value * 10**6
    if shifted.denominator == 1:
        return f"{float(value):.6f}".rstrip("0").rstrip(".")
    return str(value)


def function_name(value: tuple) -> str:
    """The name of an unknown function with its component and derivatives: ``f'``, ``∂_2 f``."""
    name, component, orders, shapes, _ = value
    text = entry_name(name, component)
    if not orders:
        return text
    if len(shapes) == 1 and shapes[0] == ():
        return text + "'" * len(orders)
    return "".join(f"∂_{position + 1} " for position in orders) + text


def text_of(node: Node) -> str:
    """The node as people write it, cut where it is long."""
    found = _text(node, 0)
    return found if len(found) <= MAX_LENGTH else found[: MAX_LENGTH - 1] + "…"


def _text(node: Node, tightness: int) -> str:
    match node.op:
        case "number":
            found, own = number_text(node.value), 3 if node.value >= 0 and node.value.denominator == 1 else 0
        case "constant":
            found, own = {"pi": "π", "euler_gamma": "γ"}[node.value], 3
        case "atom":
            found, own = entry_name(*node.value), 3
        case "+":
            found, own = _sum(node), 0
        case "*":
            found, own = _product(node), 1
        case "^":
            found, own = f"{_text(node.args[0], 3)}^{_text(node.args[1], 3)}", 2
        case "call" | "unknown":
            name = node.value if node.op == "call" else function_name(node.value)
            found, own = f"{name}({', '.join(_text(arg, 0) for arg in node.args)})", 3
        case "=" | "≠" | "<" | "≤":
            found, own = f"{_text(node.args[0], 0)} {node.op} {_text(node.args[1], 0)}", 0
        case _:
            found, own = "…", 3
    return f"({found})" if own < tightness else found


def _sum(node: Node) -> str:
    ordered = sorted(node.args, key=lambda arg: arg.op == "number" or _is_negative(arg))
    found = _text(ordered[0], 1)
    for arg in ordered[1:]:
        part = _text(arg, 1) if not (arg.op == "number" and arg.value < 0) else number_text(arg.value)
        found += f" - {part[1:]}" if part.startswith("-") else f" + {part}"
    return found


def _is_negative(node: Node) -> bool:
    return node.op == "*" and node.args[0].op == "number" and node.args[0].value < 0


def _product(node: Node) -> str:
    first, *rest = node.args
    if first.op == "number" and first.value == -1:
        return "-" + " ".join(_text(arg, 2) for arg in rest)
    lead = number_text(first.value) if first.op == "number" else _text(first, 2)
    return " ".join([lead, *(_text(arg, 2) for arg in rest)])


def scope_text(choices: list[tuple[tuple[str, int], ...]]) -> str | None:
    """Which sizes were tried: ``n = 2, 3, 4`` or ``(d, k) = (2, 3), (3, 4)``; None without sizes."""
    names = [name for name, _ in choices[0]] if choices else []
    if not names:
        return None
    if len(names) == 1:
        values = dict.fromkeys(str(choice[0][1]) for choice in choices)
        return f"{names[0]} = {', '.join(values)}"
    tuples = dict.fromkeys(f"({', '.join(str(value) for _, value in choice)})" for choice in choices)
    return f"({', '.join(names)}) = {', '.join(tuples)}"


def scope_of_all(names: tuple[str, ...]) -> str | None:
    """``every n``; None without sizes."""
    return f"every {', '.join(names)}" if names else None
