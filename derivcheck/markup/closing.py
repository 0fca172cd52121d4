"""Where mathematics that has been opened ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

DISPLAYS = frozenset(
    "equation align gather multline eqnarray flalign alignat xalignat displaymath math split dmath dgroup IEEEeqnarray".split()
)
BLANK = re.compile(r"\n[ \t>]*\r?\n")
INLINE_STOPS = frozenset((r"\[", r"\(", "$$", "display"))
STOPS = {
    "$$": frozenset((r"\[",)),
    r"\[": frozenset((r"\[", "$$")),
    r"\(": INLINE_STOPS,
    "$": INLINE_STOPS,
}
CLOSERS = {"$$": "$$", r"\[": r"\]", r"\(": r"\)", "$": "$"}


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a search for a closing delimiter ended: at the delimiter if ``closed``, else where it gave up."""

    start: int
    end: int
    closed: bool


class Memo:
    """The next match of a pattern at or after an offset; a run of rising offsets costs one pass over the text."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self.pattern, self.text = pattern, text
        self.asked, self.found = 0, -1

    def after(self, at: int) -> int:
        if not self.asked <= at <= self.found:
            match = self.pattern.search(self.text, at)
            self.asked, self.found = at, match.start() if match else len(self.text)
        return self.found


@cache
def _tokens(comments: bool) -> re.Pattern[str]:
    """What can matter between an opening delimiter and its end."""
    comment = r"%[^\n]*|" if comments else ""
    words = r"\\(?:text[a-z]*|mbox|hbox|intertext)[ \t]*\{"
    return re.compile(rf"{comment}\\(?:begin|end)[ \t]*\{{[^{{}}\n]{{1,40}}\}}|\\[\[\]()]|{words}|\\.|\$\$?|[{{}}]|{BLANK.pattern}", re.S)


class Closing:
    """Searches for closing delimiters in one text, up to ``end``."""

    def __init__(self, text: str, end: int, comments: bool) -> None:
        self.text, self.limit = text, end
        self.tokens = _tokens(comments)
        self.blanks = Memo(BLANK, text)
        self.flat_until = -1

    def paragraph_end(self, at: int) -> int:
        """The next blank line."""
        return min(self.blanks.after(at), self.limit)

    def find(self, at: int, opener: str) -> Ending:
        """The end of what ``opener`` opens before ``at``: a delimiter, or the name of an environment without its star."""
        stops = STOPS.get(opener, frozenset((r"\[", "$$", f"begin:{opener}")))
        closer = CLOSERS.get(opener, f"end:{opener}")
        inline = opener in ("$", r"\(")
        for match in self.tokens.finditer(self.text, at, self.limit):
            token = match.group()
            if token[0] == "\n":
                if inline:
                    return Ending(match.start(), match.start(), False)
                continue
            names = _names(token)
            if opener == "$" and token == "$$" and not self._begins_line(match.start()):
                return Ending(match.start(), match.start() + 1, True)
            if closer in names:
                return Ending(match.start(), match.end(), True)
            if not stops.isdisjoint(names):
                return Ending(match.start(), match.start(), False)
        return Ending(self.limit, self.limit, False)

    def find_dollar(self, at: int) -> Ending:
        """The dollar that closes the one before ``at``. Dollars inside ``\\text{..}`` do not, if they are balanced."""
        if at > self.flat_until:
            ending = self._find_nested(at)
            if ending is not None:
                return ending
        return self.find(at, "$")

    def _find_nested(self, at: int) -> Ending | None:
        depth, words, inner = 0, [], False
        for match in self.tokens.finditer(self.text, at, self.limit):
            token = match.group()
            if token[0] == "\n":
                break
            if token == "{":
                depth += 1
            elif token == "}":
                depth -= 1
                if words and words[-1] > depth:
                    words.pop()
            elif token[0] == "\\" and token[-1] == "{":
                depth += 1
                words.append(depth)
            elif token == "$" and words:
                inner = not inner
            elif token[0] == "$":
                return None if inner else self.find(match.start(), "$")
        self.flat_until = self.paragraph_end(at)
        return None

    def _begins_line(self, at: int) -> bool:
        return not self.text[self.text.rfind("\n", 0, at) + 1 : at].strip()


def _names(token: str) -> tuple[str, ...]:
    """What a token counts as: itself, and for an environment its beginning or end under its name without a star."""
    if not token.startswith((r"\begin", r"\end")):
        return (token,)
    name = token[token.index("{") + 1 : -1].rstrip("*")
    if token.startswith(r"\end"):
        return (f"end:{name}",)
    return (f"begin:{name}", "display") if name in DISPLAYS else (f"begin:{name}",)
