"""Settings: what a run does unless it is told otherwise, from the nearest configuration file and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from derivcheck.diagnostic import RULES, Verdict
from derivcheck.registry import names

FILES = ("derivcheck.toml", "pyproject.toml")


class UsageError(Exception):
    """Misuse: a command line, a configuration or a path that cannot be worked with. Caught once, in ``cli.py``."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a run. Times are in seconds, sizes in bytes.

    ``select`` and ``ignore`` name rules by code (or its beginning) or name; an empty ``select`` means all.
    ``extend_suffixes`` are suffixes that a folder is searched for besides those of the document formats.
    """

    output_format: str = "text"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: tuple[Verdict, ...] = (Verdict.WRONG,)
    timeout: float = 1.0
    document_timeout: float = 5.0
    extend_suffixes: tuple[str, ...] = ()
    max_bytes: int = 10_000_000

    def selects(self, code: str | None, error: str | None) -> bool:
        """Whether findings of a rule are to be reported."""
        words = {word for word in (code, error, RULES.get(code or "")) if word}
        chosen = not self.select or any(_names(item, words) for item in self.select)
        return chosen and not any(_names(item, words) for item in self.ignore)


def _names(item: str, words: set[str]) -> bool:
    return item in words or (item.startswith("DC") and any(word.startswith(item) for word in words))


def load_config(folder: Path, options: Mapping[str, object]) -> Config:
    """The configuration of the nearest file at or above a folder, with the given options put over it.

    Options that are None or empty leave the file's setting. Errors: UsageError.
    """
    found = _nearest(folder)
    config = _configured(Config(), _table(found), str(found)) if found else Config()
    given = {name: value for name, value in options.items() if value is not None and value != ()}
    return _configured(config, given, "the command line")


def _nearest(folder: Path) -> Path | None:
    """The first file upwards that configures this tool: ``derivcheck.toml``, or a pyproject.toml with its table."""
    for place in (folder, *folder.parents):
        for name in FILES:
            path = place / name
            if path.is_file() and (name != "pyproject.toml" or b"derivcheck" in path.read_bytes()):
                table = _table(path)
                if table or name != "pyproject.toml":
                    return path
    return None


def _table(path: Path) -> Mapping[str, object]:
    import tomllib

    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not TOML: {error}") from None
    if path.name != "pyproject.toml":
        return content
    table = content.get("tool", {}).get("derivcheck", {})
    if not isinstance(table, dict):
        raise UsageError(f"{path}: tool.derivcheck is not a table")
    return table


def _configured(config: Config, settings: Mapping[str, object], origin: str) -> Config:
    """The configuration with settings by their names, each checked."""
    known = {field.name.replace("_", "-"): field.name for field in fields(Config)}
    changes = {}
    for name, value in settings.items():
        key = name.replace("_", "-")
        if key not in known:
            raise UsageError(f"{origin}: unknown setting {name!r}{nearest(key, known)}")
        try:
            changes[known[key]] = CHECKS[known[key]](value)
        except UsageError as error:
            raise UsageError(f"{origin}: {key}: {error}") from None
    return replace(config, **changes)


def nearest(word: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    """A hint at the known word that is most like one that is not known; empty where none is."""
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _one_of(known: Callable[[], tuple[str, ...]]) -> Callable[[object], str]:
    def check(value: object) -> str:
        if value not in known():
            raise UsageError(f"{value!r} is not one of {', '.join(known())}{nearest(str(value), known())}")
        return str(value)

    return check


def _words(value: object) -> tuple[str, ...]:
    """Words from a list, or from strings with commas between them."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
        raise UsageError(f"{value!r} is not a list of words")
    return tuple(word for item in items for word in str(item).replace(",", " ").split())


def _rules(value: object) -> tuple[str, ...]:
    words = tuple(word.upper() if word[:2].upper() == "DC" else word.replace("_", "-") for word in _words(value))
    for word in words:
        if word not in RULES.values() and not any(code.startswith(word) for code in RULES):
            raise UsageError(f"no rule {word!r}{nearest(word, (*RULES, *RULES.values()))}")
    return words


def _verdicts(value: object) -> tuple[Verdict, ...]:
    known = _one_of(lambda: tuple(verdict.value for verdict in Verdict))
    return tuple(Verdict(known(word)) for word in _words(value))


def _suffixes(value: object) -> tuple[str, ...]:
    return tuple(word if word.startswith(".") else f".{word}" for word in map(str.lower, _words(value)))


def _positive(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise UsageError(f"{value!r} is not a positive number")
    return value


CHECKS: dict[str, Callable[[object], object]] = {
    "output_format": _one_of(lambda: names("reports")),
    "select": _rules,
    "ignore": _rules,
    "fail_on": _verdicts,
    "timeout": lambda value: float(_positive(value)),
    "document_timeout": lambda value: float(_positive(value)),
    "extend_suffixes": _suffixes,
    "max_bytes": lambda value: int(_positive(value)),
}
