r"""Macros and environments of a document's own that open displays: ``\newcommand{\be}{\begin{equation}}``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derivcheck.markup.closing import DISPLAYS

_COMMAND = r"\\(?:(?:re|provide)?newcommand\*?|[gex]?def)[ \t]*\{?[ \t]*(\\[A-Za-z@]+)[ \t]*\}?[ \t]*(?:\[1\][ \t]*|#1[ \t]*)?"
_DELIMITER = re.compile(_COMMAND + r"\{\s*\\(begin|end)[ \t]*\{([A-Za-z]{1,40}\*?)\}\s*\}")
_AROUND = re.compile(_COMMAND + r"\{\s*\\begin[ \t]*\{([A-Za-z]{1,40}\*?)\}\s*#1\s*\\end[ \t]*\{\2\}\s*\}")
_ENVIRONMENT = re.compile(r"\\(?:re)?newenvironment\*?[ \t]*\{([A-Za-z]{1,40}\*?)\}\s*\{[^{}]*?\\begin[ \t]*\{([A-Za-z]{1,40}\*?)\}")


@dataclass(frozen=True, slots=True)
class Shorthands:
    """What opens displays in one document: macros that stand for a beginning, macros around a display, environments; each with the environment that is meant.

    ``closers``: the macros that end an environment.
    """

    openers: dict[str, str] = field(default_factory=dict)
    around: dict[str, str] = field(default_factory=dict)
    environments: dict[str, str] = field(default_factory=dict)
    closers: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.openers, *self.around)

    def closer(self, environment: str) -> re.Pattern[str]:
        """What ends a display that a macro has opened."""
        macros = "|".join(re.escape(name) for name in self.closers.get(environment, ()))
        ends = rf"\\end[ \t]*\{{{re.escape(environment)}\}}"
        return re.compile(rf"(?:{macros})(?![A-Za-z@])|{ends}" if macros else ends)


def shorthands(text: str) -> Shorthands:
    """The shorthands that a text defines."""
    found = Shorthands()
    for name, end, environment in _DELIMITER.findall(text):
        if environment.rstrip("*") in DISPLAYS:
            if end == "begin":
                found.openers[name] = environment
            else:
                found.closers[environment] = (*found.closers.get(environment, ()), name)
    found.around.update((name, environment) for name, environment in _AROUND.findall(text) if environment.rstrip("*") in DISPLAYS)
    found.environments.update((name, environment) for name, environment in _ENVIRONMENT.findall(text) if environment.rstrip("*") in DISPLAYS)
    return found
