"""Who may import whom (LAYOUT, section 3): imports go to lower layers, or stay in one's own house."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "derivcheck"

LAYERS = {
    0: "source registry",
    1: "diagnostic",
    2: "latex term document report config cache",
    3: "reading decision",
    4: "notation deciders",
    5: "elaboration",
    6: "derivation",
    7: "diagnosis",
    8: "check comparison second",
    9: "cli lsp triage __init__",
    10: "__main__",
}
LAYER = {house: layer for layer, houses in LAYERS.items() for house in houses.split()}
# A shelf and its namesake are one house; the room ``markup`` cuts documents into segments, the room ``repair`` tries what a
# diagnosis proposes; the hall has more than one file.
HOUSE = {
    "documents": "document",
    "markup": "document",
    "reports": "report",
    "notations": "notation",
    "diagnoses": "diagnosis",
    "repair": "diagnosis",
    **dict.fromkeys("account alternative bases branch chain chances comparison conflict curve data densities elsewhere entrywise error estimate exchanged explanation finding given held hypothesis implied initial inserted law likelihood means memory misgiving moments optimum posterior proportional readings recursion reporting reservation rewriting rounded shown solution solving spectrum step support unfolded upstream views".split(), "check"),
    "explain": "cli",
}
LANGUAGE = frozenset("document latex reading notation elaboration derivation".split())
MATHEMATICS = frozenset("term decision deciders".split())
SHARED = frozenset(("term", "registry"))
HEAVY = {
    "sympy": ("decision/bridge.py",),
    "numpy": ("decision/", "deciders/"),
    "mpmath": ("decision/", "deciders/"),
    "flint": ("decision/", "deciders/"),
    "markdown_it": ("documents/markdown.py",),
    "mdit_py_plugins": ("documents/markdown.py",),
    "latex2sympy2": ("second.py",),
    "click": ("cli.py", "report.py"),
    "tomllib": ("config.py",),
}
LAZY = frozenset(("sympy", "markdown_it", "mdit_py_plugins", "latex2sympy2", "tomllib", "traceback", "difflib"))

MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def house(module: str) -> str:
    """The house of a module given by its path in the package or its dotted name without the package."""
    first = module.removesuffix(".py").replace("/", ".").split(".")[0]
    return HOUSE.get(first, first)


def imports(module: str) -> Iterator[tuple[str, int, bool]]:
    """Each imported module, its line, and whether it is imported when the module is (not inside a function, not for types only)."""
    tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
    later = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        or (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno, id(node) not in later) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "derivcheck" else [node.module or ""]
            yield from ((name, node.lineno, id(node) not in later) for name in names)


def climbs(importer: str, imported: str) -> bool:
    """Whether a house must not import another."""
    if importer == imported:
        return False
    if (importer in LANGUAGE and imported in MATHEMATICS - SHARED) or (importer in MATHEMATICS and imported in LANGUAGE):
        return True
    return LAYER[imported] >= LAYER[importer]


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module: str) -> None:
    mine = house(module)
    ours = [(name.removeprefix("derivcheck."), line) for name, line, _ in imports(module) if name.split(".")[0] == "derivcheck"]
    wrong = [f"{module}:{line} imports {name}" for name, line in ours if name != "__version__" and climbs(mine, house(name))]
    assert not wrong


@pytest.mark.parametrize("module", MODULES)
def test_heavy_libraries_stay_in_their_rooms(module: str) -> None:
    for name, line, at_once in imports(module):
        top = name.split(".")[0]
        assert module.startswith(HEAVY.get(top, "")), f"{module}:{line} imports {top}"
        assert not (at_once and top in LAZY), f"{module}:{line} imports {top} outside a function"


@pytest.mark.parametrize("module", [module for module in MODULES if house(module) not in ("check", "cli", "__init__", "__main__")])
def test_only_the_front_doors_load_the_hall(module: str) -> None:
    assert not [name for name, _, _ in imports(module) if name == "derivcheck.check" or name.startswith("derivcheck.cli")]


def test_the_table_knows_every_module() -> None:
    assert {house(module) for module in MODULES} <= LAYER.keys() | HOUSE.keys()


def test_a_climbing_import_is_seen() -> None:
    assert climbs("document", "elaboration") and climbs("latex", "reading") and climbs("source", "diagnostic")
    assert climbs("elaboration", "decision") and climbs("decision", "latex") and climbs("term", "source") is False
    assert not climbs("check", "decision") and not climbs("elaboration", "term") and not climbs("report", "diagnostic")
