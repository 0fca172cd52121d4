"""How far a group in braces and a macro definition reach in the text of a document."""

from __future__ import annotations

import re
from functools import cached_property

BRACE = re.compile(r"\\.|[{}]", re.S)
SPACE = re.compile(r"[ \t]*\n?[ \t]*")
NAME = re.compile(r"\\(?:[A-Za-z@]+|[^\n])\*?")
OPTION = re.compile(r"\[[^\]\n]*\]")
DEFINITION = r"\\(?:(?:re|provide)?newcommand|renewenvironment|newenvironment|DeclareMathOperator|DeclarePairedDelimiter|newrobustcmd|(?:New|Renew|Provide|Declare)DocumentCommand|[gex]?def|let)(?![A-Za-z])\*?"
MAX_GROUP = 20_000


class Braces:
    """Which braces of a text belong together. Found in one pass, when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _partners(self) -> dict[int, int]:
        partners: dict[int, int] = {}
        opened: list[int] = []
        for match in BRACE.finditer(self.text):
            if match.group() == "{":
                opened.append(match.start())
            elif match.group() == "}" and opened:
                partners[opened.pop()] = match.start()
        return partners

    def group_end(self, at: int) -> int | None:
        """The offset after the group that opens at ``at``; None where none opens there or it is not closed in reach."""
        end = self._partners.get(at)
        return None if end is None or end - at > MAX_GROUP else end + 1


def definition_end(text: str, at: int, command: str, braces: Braces) -> int:
    """The offset after a macro definition whose command ends at ``at``; the end of the line where it is not complete."""
    line_end = text.find("\n", at)
    line_end = len(text) if line_end < 0 else line_end
    if command.endswith("let"):
        match = re.compile(r"\s*\\[A-Za-z@]+\s*=?\s*(?:\\[A-Za-z@]+|.)").match(text, at, line_end)
        return match.end() if match else line_end
    if command.endswith("def"):
        body = text.find("{", at, line_end)
        return (braces.group_end(body) if body >= 0 else None) or line_end
    return _arguments_end(text, at, 2 + ("environment" in command or "Paired" in command or "Document" in command), braces) or line_end


def _arguments_end(text: str, at: int, count: int, braces: Braces) -> int | None:
    """The offset after so many arguments, the first of which may be a bare command; options stand anywhere among them."""
    for number in range(count):
        at = _after(SPACE, text, at)
        while text.startswith("[", at) and (option := OPTION.match(text, at)):
            at = _after(SPACE, text, option.end())
        name = NAME.match(text, at) if number == 0 else None
        end = name.end() if name else braces.group_end(at)
        if end is None:
            return None
        at = end
    return at


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
