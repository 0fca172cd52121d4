"""derivcheck reads the derivations in a document and decides whether each step holds.

``check_text`` and ``check_file`` are the library; everything else is loaded when they are first called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from derivcheck.config import Config
    from derivcheck.diagnostic import FileReport

__version__ = "0.1.0"
__all__ = ["__version__", "check_file", "check_text"]


def check_text(text: str, path: str = "<text>", config: Config | None = None) -> FileReport:
    """The report of a document given as text; the suffix of ``path`` says how to read it (none: plain text with LaTeX)."""
    from derivcheck.check import check
    from derivcheck.config import Config
    from derivcheck.source import Source

    return check(Source(path, text), config or Config())


def check_file(path: str | PathLike[str], config: Config | None = None) -> FileReport:
    """The report of a file. Errors: OSError where it cannot be read; all else that is wrong with it is in the report."""
    from os import fspath

    from derivcheck.document import decode

    with open(path, "rb") as file:
        decoded = decode(file.read())
    return decoded.completed(check_text(decoded.text, fspath(path), config))
