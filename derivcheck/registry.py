"""A folder is a registry: the names in it are listed without importing anything, and one entry is loaded at a time."""

from __future__ import annotations

from ast import get_docstring, parse
from functools import cache
from importlib import import_module
from importlib.resources import files


@cache
def names(shelf: str) -> tuple[str, ...]:
    """The entries of a shelf such as ``"reports"``, sorted; nothing is imported."""
    entries = (entry.name for entry in files("derivcheck").joinpath(shelf).iterdir())
    return tuple(sorted(name.removesuffix(".py") for name in entries if name.endswith(".py") and not name.startswith("_")))


def load(shelf: str, name: str) -> object:
    """The entry of a shelf: the module's one constant that bears the shelf's singular name in capitals.

    Errors: KeyError where the shelf has no such entry.
    """
    if name not in names(shelf):
        raise KeyError(f"{shelf} has no entry {name!r}")
    module = import_module(f"derivcheck.{shelf}.{name}")
    return getattr(module, SINGULAR[shelf])


def page(shelf: str, name: str) -> str:
    """What the docstring of an entry says: the user's page of it; the entry itself is not loaded.

    Errors: KeyError where the shelf has no such entry.
    """
    if name not in names(shelf):
        raise KeyError(f"{shelf} has no entry {name!r}")
    return get_docstring(parse(files("derivcheck").joinpath(shelf, f"{name}.py").read_text(encoding="utf-8"))) or ""


SINGULAR = {
    "documents": "DOCUMENT",
    "notations": "NOTATION",
    "deciders": "DECIDER",
    "diagnoses": "DIAGNOSIS",
    "reports": "REPORT",
}


def load_all(shelf: str) -> dict[str, object]:
    """Every entry of a shelf by name."""
    return {name: load(shelf, name) for name in names(shelf)}
