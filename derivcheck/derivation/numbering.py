"""Scopes that headings and problem numbers open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_WORDED = re.compile(r"^\s*[*_#\s]*(?:problem|exercise|task|question|ques|ex|part|aufgabe|exercice|solution to)\b\.?\s*:?\s*\(?(\d+|[a-z])", re.I)
_NUMBER_AND_PROBLEM = re.compile(r"\d\W*\s*(?:problem|exercise|task|question|aufgabe)\b", re.I)
_NUMBERED = re.compile(r"^\s*(?:[-*•]\s+)?\**\(?(\d{1,2}(?:\.\d{1,2})*)(?:[.):]\**(?:\s|$)|\**\s*$|\s+[A-Z])")
_LETTERED = re.compile(r"^\s*(?:[-*•]\s+)?\**(?:\d{1,2}\.)?\(?([a-hA-H]|i{1,3}|iv|vi{0,3})[.)]\**(?:\s|$)")
_ITEM = re.compile(r"\\item\s*\[\s*\(?\s*(\w{1,4})\s*\)?\s*\]|\\item(?![a-zA-Z])")
_CONTINUES = re.compile(r"^\s*(?:&?\s*=|\\therefore|\\Rightarrow|\\implies|\\boxed\s*\{\s*(?:\\text\s*\{\s*)?Ans|\\text\s*\{\s*Ans|&\s*=|\\leq?\b|\\geq?\b)")
_BARE_NUMBER = re.compile(r"^\W*(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-Z])\W*$")
_BULLETS = frozenset("•●▪◦∙")
_LIST_CHANGE = re.compile(r"\\(begin|end)\s*\{enumerate\}")
_NUMBER_LEVEL, _LETTER_LEVEL = 10, 11


@dataclass(slots=True)
class Numbering:
    """The scope that the text read so far has opened: a path of counters, one for each level of heading or number.

    The counter of a numbered problem is negative: what is said in a problem is not certain to hold in the next one, while what is
    said in a section holds from there on.
    """

    path: list[tuple[float, int]] = field(default_factory=list)
    opened: int = 0
    fives: list[int] = field(default_factory=list)
    last: str = ""
    lists: int = 0

    @property
    def scope(self) -> tuple[int, ...]:
        return tuple(count for _, count in self.path)

    def heading(self, level: int, text: str) -> None:
        """Takes in a heading: it opens a section, or a problem where it is called one or has a number and no title."""
        self._open(level, problem=any(pattern.search(text) is not None for pattern in (_WORDED, _NUMBER_AND_PROBLEM, _BARE_NUMBER)))

    def prose(self, text: str, following: str, block: str = "") -> None:
        """Takes in prose: a line that begins with a problem number opens a scope, unless what follows goes on with the last one.

        ``block``: the paragraph that the prose ends in; where it holds several numbered lines they are the steps of a list.
        """
        for line in text.splitlines():
            self._line(line, following, block)

    def _line(self, line: str, following: str, block: str = "") -> None:
        for change in _LIST_CHANGE.finditer(line):
            self.lists = max(self.lists + (1 if change.group(1) == "begin" else -1), 0)
        if _ITEM.search(line) is not None:
            if self.lists > 0 or _ITEM.search(line).group(1):
                self._open(_LETTER_LEVEL + min(max(self.lists - 1, 0), 5) / 10, problem=True)
            return
        if line.strip()[:1] in _BULLETS and line.strip():
            self._open(_LETTER_LEVEL, problem=line.strip() in _BULLETS)
            return
        if _WORDED.match(line):
            if not _CONTINUES.match(following):
                self._open(_NUMBER_LEVEL, problem=True)
            return
        numbered = _NUMBERED.match(line)
        if numbered:
            if _is_list(block) or self._is_margin(numbered.group(1), line):
                return
            if not _CONTINUES.match(following):
                self.last = numbered.group(1).split(".")[0]
                self._open(_NUMBER_LEVEL + min(numbered.group(1).count("."), 5) / 10, problem=True)
            return
        if _LETTERED.match(line) and not _CONTINUES.match(following):
            self._open(_LETTER_LEVEL)

    def _is_margin(self, number: str, line: str) -> bool:
        """Whether a number is a margin's: a multiple of five that stands alone and goes on a count in fives."""
        bare = line.strip().rstrip(".") == number
        if not bare or not number.isdigit() or int(number) % 5:
            return False
        value = int(number)
        if self.last.isdigit() and value == int(self.last) + 1:
            return False
        follows = value == 5 or (bool(self.fives) and value - self.fives[-1] in (5, 10))
        self.fives.append(value)
        return follows

    def formula(self, text: str) -> None:
        """Takes in a formula that is a bare number on a line of its own: a problem number that was set as mathematics."""
        digits = "".join(char for char in text.replace("mathbf", "").replace("textbf", "") if char.isdigit() or char == ".")
        if digits.rstrip(".").isdigit() and len(digits) <= 3 and set(text) <= set("\\{}. 0123456789mathbftex()"):
            self._line(digits, "")

    def _open(self, level: float, problem: bool = False) -> None:
        self.opened += 1
        while self.path and self.path[-1][0] >= level:
            self.path.pop()
        self.path.append((level, -self.opened if problem else self.opened))


def _is_list(block: str) -> bool:
    """Whether a paragraph holds several numbered lines one below the other."""
    return sum(_NUMBERED.match(line) is not None for line in block.splitlines()) > 1
