r"""The macros that other files of a document's folder define: ``\input``, ``\include``, and ``\usepackage`` of a file that lies beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from derivcheck.diagnostic import Problem
from derivcheck.document import decode
from derivcheck.markup.definition import DEFINITION, Braces, definition_end
from derivcheck.source import Source

_COMMAND = re.compile(r"^((?:[^%\n\\]|\\(?!input\b|include\b|usepackage\b|RequirePackage\b)[^\n])*)\\(input|include|usepackage|RequirePackage)[ \t]*(?:\[[^\]\n]*\])?[ \t]*\{([^{}\n]{1,200})\}", re.M)
_DEFINITION = re.compile(DEFINITION)
MAX_DEPTH = 8
MAX_FILES = 50
MAX_BYTES = 1_000_000


@dataclass(slots=True)
class Inclusions:
    """What a document takes in: (offset of the command, text of the definitions there), and what is wrong with it."""

    folder: Path
    found: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    files: int = 0


def inclusions(source: Source) -> Inclusions:
    """The inclusions of a document that is a file; a text without a file takes nothing in."""
    path = Path(source.path)
    taken = Inclusions(path.parent)
    if not path.is_file():
        return taken
    taken.folder = path.parent.resolve()
    for offset, names, is_package in _commands(source.text):
        line = source.locate(offset).line
        for name in names:
            text = _definitions(taken, name, is_package, line, (path.resolve(),))
            if text:
                taken.found.append((offset, text))
    return taken


def _commands(text: str) -> list[tuple[int, list[str], bool]]:
    """The commands of a text that take files in: where, the names, and whether they are packages."""
    found, at = [], 0
    while match := _COMMAND.search(text, at):
        names = [name.strip() for name in match.group(3).split(",")]
        found.append((match.end(1), names, "ackage" in match.group(2)))
        at = match.end()
    return found


def _definitions(taken: Inclusions, name: str, is_package: bool, line: int, around: tuple[Path, ...]) -> str:
    """The macro definitions in a file and in those that it takes in; ``around`` are the files that it is taken in by."""
    path = _file(taken, name, is_package, line)
    if path is None:
        return ""
    if path in around or len(around) > MAX_DEPTH or taken.files >= MAX_FILES:
        taken.problems.append(Problem(line, f"the file {name} includes itself" if path in around else "too many files inside each other"))
        return ""
    taken.files += 1
    with path.open("rb") as file:
        text = decode(file.read(MAX_BYTES)).text
    braces = Braces(text)
    parts = [(match.start(), text[match.start() : definition_end(text, match.end(), match.group().rstrip("*"), braces)]) for match in _DEFINITION.finditer(text)]
    for offset, names, package in _commands(text):
        parts += [(offset, _definitions(taken, inner, package, line, (*around, path))) for inner in names]
    return "\n".join(part for _, part in sorted(parts))


def _file(taken: Inclusions, name: str, is_package: bool, line: int) -> Path | None:
    """The file that a name means; None where it is not there, or not in the document's folder: it is not looked at then."""
    suffix = ".sty" if is_package else ".tex"
    candidates = [taken.folder / name] if Path(name).suffix else [taken.folder / f"{name}{suffix}", taken.folder / name]
    inside = [path for path in map(Path.resolve, candidates) if path.is_relative_to(taken.folder)]
    if not inside and not is_package:
        taken.problems.append(Problem(line, f"the file {name} lies outside the document's folder; it is not read"))
    for path in inside:
        if path.is_file():
            return path
    if inside and not is_package:
        taken.problems.append(Problem(line, f"the file {name} is not there; its macros are not known"))
    return None
