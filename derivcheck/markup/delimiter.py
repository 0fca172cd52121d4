"""Where the mathematics of a document stands: delimiters, environments, and everything that hides them."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, cached_property

from derivcheck.diagnostic import Problem
from derivcheck.document import Kind, Segment
from derivcheck.markup.closing import DISPLAYS, Closing, Ending, Memo
from derivcheck.markup.definition import DEFINITION, Braces, definition_end
from derivcheck.markup.inline import has_sentence, is_inline, looks_mathematical
from derivcheck.markup.shorthand import shorthands
from derivcheck.source import Source, Span

WITH_ARGUMENT = frozenset(("alignat", "xalignat", "IEEEeqnarray"))
VERBATIM = frozenset("verbatim Verbatim lstlisting minted comment filecontents alltt".split())
LEVELS = {"part": 1, "chapter": 2, "section": 3, "subsection": 4, "subsubsection": 5, "paragraph": 6, "subparagraph": 7}
MAX_PROBLEMS = 50

DIRECTIVE = re.compile(r"\s*derivcheck:[ \t]*")
ARGUMENT = re.compile(r"[ \t]*(?:\[[^\]\n]*\])?[ \t]*\{[^{}\n]*\}")
CANCEL = re.compile(r"\s*(?:\\[xb]?cancel|\\sout|\\st)\s*(?=\{)")
LEADING_SIGN = re.compile(r"\s*(?:\\therefore\b)?\s*&?\s*[=<>]?")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a format of documents adds to the delimiters of LaTeX.

    ``comments``: a percent sign hides the rest of its line. ``code``: backticks hide what they enclose, at the start of
    a line up to a closing fence. ``money``: a dollar may be money. ``markup``: HTML comments and ``~~struck~~`` text.
    """

    comments: bool = False
    code: bool = False
    money: bool = False
    markup: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found: segments other than prose, in order; headings, to be laid over the prose; problems; the
    formulas with their delimiters; what is struck out."""

    segments: tuple[Segment, ...]
    headings: tuple[Segment, ...]
    problems: tuple[Problem, ...]
    formulas: tuple[Span, ...]
    struck: tuple[Span, ...]


def scan(source: Source, dialect: Dialect, start: int = 0, end: int | None = None) -> Scan:
    """The mathematics, comments, code, headings and macro definitions between two offsets of a source."""
    scanner = _Scanner(source, dialect, len(source.text) if end is None else end)
    at = start
    while match := scanner.opening.search(source.text, at, scanner.end):
        at = getattr(scanner, match.lastgroup or "")(match)
    problems = sorted(scanner.problems.items())[:MAX_PROBLEMS]
    return Scan(
        tuple(scanner.segments),
        tuple(scanner.headings),
        tuple(Problem(line, message) for line, message in problems),
        tuple(scanner.formulas),
        tuple(scanner.struck),
    )


@cache
def _opening(dialect: Dialect, shorthand: tuple[str, ...]) -> re.Pattern[str]:
    """What a scan stops at outside mathematics; each alternative has the name of the scanner's method for it."""
    never = r"(?!)"
    fence = r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?:`{3,}(?=[^`\n]*$)|~{3,})[^\n]*"
    parts = {
        "fence": fence if dialect.code else r"^[ \t]*`{3,}math[ \t]*$",
        "environment": r"\\begin[ \t]*\{[^{}\n]{1,40}\}",
        "verb": r"\\(?:verb|lstinline)\*?[^A-Za-z\s{\[*]",
        "definition": DEFINITION,
        "heading": r"\\(?:part|chapter|(?:sub){0,2}section|(?:sub)?paragraph)\*?[ \t]*(?:\[[^\]\n]*\])?(?=\{)",
        "cancel": r"\\(?:sout|st|[xb]?cancel)[ \t]*(?=\{)",
        "address": r"\\(?:url|href|path|lstinline)[ \t]*(?=\{)",
        "conditional": r"\\iffalse\b",
        "shorthand": rf"(?:{'|'.join(map(re.escape, shorthand))})(?![A-Za-z@])" if shorthand else never,
        "bracket": r"\\{1,2}[(\[]" if dialect.code else r"\\[(\[]",
        "escape": r"\\.",
        "quoted": r"\$`+" if dialect.markup else never,
        "run": r"\${4,}",
        "dollars": r"\$\$?",
        "comment": r"%[^\n]*" if dialect.comments else r"%[ \t]*derivcheck:[^\n]*",
        "remark": r"<!--" if dialect.markup else never,
        "ticks": r"`+" if dialect.code else never,
        "tag": r"<(?:code|pre|script|style)\b[^<>\n]*>" if dialect.code else never,
        "strike": r"~~" if dialect.markup else never,
    }
    return re.compile("|".join(f"(?P<{name}>{part})" for name, part in parts.items()), re.M | re.S)


class _Scanner:
    """The state of one scan. Each method named in ``_opening`` takes a match and returns where the scan goes on."""

    def __init__(self, source: Source, dialect: Dialect, end: int) -> None:
        self.source, self.text, self.dialect, self.end = source, source.text, dialect, end
        self.shorthands = shorthands(source.text)
        self.opening = _opening(dialect, self.shorthands.names)
        self.closing = Closing(self.text, end, dialect.comments)
        self.braces = Braces(self.text)
        self.segments: list[Segment] = []
        self.headings: list[Segment] = []
        self.problems: dict[int, str] = {}
        self.formulas: list[Span] = []
        self.struck: list[Span] = []
        self.missing: dict[str, Memo] = {}

    # Mathematics

    def dollars(self, match: re.Match[str]) -> int:
        if match.group() == "$":
            return self._inline_dollar(match.start())
        return self._display(match, "$$", match.end())

    def bracket(self, match: re.Match[str]) -> int:
        opener = match.group()
        if len(opener) == 3:
            return self._doubled(match)
        if opener == r"\[":
            return self._display(match, opener, match.end())
        ending = self.closing.find(match.end(), opener)
        if ending.closed:
            return self._formula(Kind.INLINE, match.start(), match.end(), ending)
        if not self.dialect.code or looks_mathematical(self.text[match.end() : match.end() + 200]):
            self._problem(match.start(), r"`\(` is not closed in its paragraph")
        return match.end()

    def _doubled(self, match: re.Match[str]) -> int:
        """``\\\\( .. \\\\)`` and ``\\\\[ .. \\\\]``, which Markdown processors that eat one backslash ask for."""
        closer = {"(": r"\\)", "[": r"\\]"}[match.group()[-1]]
        at = self.text.find(closer, match.end(), self.closing.paragraph_end(match.end()))
        if at < 0:
            return match.start() + 2
        kind = Kind.INLINE if closer[-1] == ")" else Kind.DISPLAY
        return self._formula(kind, match.start(), match.end(), Ending(at, at + len(closer), True))

    def environment(self, match: re.Match[str]) -> int:
        name = match.group()[match.group().index("{") + 1 : -1]
        family = name.rstrip("*")
        if family in VERBATIM:
            return self._hidden(match, rf"\end{{{name}}}")
        meant = self.shorthands.environments.get(name, name)
        if meant.rstrip("*") not in DISPLAYS:
            return match.end()
        argument = ARGUMENT.match(self.text, match.end(), self.end) if family in WITH_ARGUMENT else None
        start = argument.end() if argument else match.end()
        return self._display(match, family, start, meant)

    def shorthand(self, match: re.Match[str]) -> int:
        """A macro of the document's own that opens a display, or that has one for its argument."""
        name = match.group()
        if name in self.shorthands.around:
            end = self.braces.group_end(match.end())
            if end is None:
                return match.end()
            return self._formula(Kind.DISPLAY, match.start(), match.end() + 1, Ending(end - 1, end, True), self.shorthands.around[name])
        environment = self.shorthands.openers[name]
        close = self.shorthands.closer(environment).search(self.text, match.end(), self.end)
        if close is None:
            self._problem(match.start(), f"`{name}` is not closed")
            return match.end()
        return self._formula(Kind.DISPLAY, match.start(), match.end(), Ending(close.start(), close.end(), True), environment)

    def quoted(self, match: re.Match[str]) -> int:
        """GitHub's ``$`..`$``."""
        closer = match.group()[:0:-1] + "$"
        at = self.text.find(closer, match.end(), self.closing.paragraph_end(match.end()))
        if at < 0:
            return self._inline_dollar(match.start())
        return self._formula(Kind.INLINE, match.start(), match.end(), Ending(at, at + len(closer), True))

    def _inline_dollar(self, at: int) -> int:
        ending = self.closing.find_dollar(at + 1)
        if ending.closed:
            if self.dialect.money and not is_inline(self.text, at, ending.start):
                return at + 1
            return self._formula(Kind.INLINE, at, at + 1, ending)
        if not self.dialect.money or looks_mathematical(self.text[at + 1 : at + 200]):
            self._problem(at, "`$` is not closed in its paragraph")
        return at + 1

    def _display(self, match: re.Match[str], opener: str, start: int, environment: str = "") -> int:
        ending = self.closing.find(start, opener)
        blank = self.closing.paragraph_end(start)
        if not ending.closed or (blank < ending.start and has_sentence(self.text[blank : ending.start])):
            shown = f"\\begin{{{environment}}}" if environment else opener
            self._problem(match.start(), f"`{shown}` is not closed; it is read up to the next blank line or display")
            end = min(blank, ending.start)
            ending = Ending(end, end, False)
        kind = Kind.INLINE if opener == "math" else Kind.DISPLAY
        return self._formula(kind, match.start(), start, ending, environment)

    def _formula(self, kind: Kind, opened: int, start: int, ending: Ending, environment: str = "") -> int:
        """Adds a formula between its delimiters; only a skipped stretch where there is nothing in it."""
        content = self.text[start : ending.start]
        if not content.strip():
            self._skip(opened, ending.end)
            return ending.end
        struck = (bool(self.struck) and opened < self.struck[-1].end) or _is_cancelled(content, Braces(content))
        self._skip(opened, start)
        self.segments.append(Segment(Span(start, ending.start), kind, environment, struck=struck))
        self._skip(ending.start, ending.end)
        self.formulas.append(Span(opened, ending.end))
        return ending.end

    # What is struck out, headings, definitions

    def strike(self, match: re.Match[str]) -> int:
        self._skip(match.start(), match.end())
        if self.struck and self.struck[-1].end == match.start():
            return match.end()
        close = self.text.find("~~", match.end(), self.closing.paragraph_end(match.end()))
        if close > match.end() and not self.text[match.end()].isspace() and not self.text[close - 1].isspace():
            self.struck.append(Span(match.end(), close))
        return match.end()

    def cancel(self, match: re.Match[str]) -> int:
        end = self.braces.group_end(match.end())
        if end is not None:
            self.struck.append(Span(match.end() + 1, end - 1))
        return match.end()

    def heading(self, match: re.Match[str]) -> int:
        line_end = self.text.find("\n", match.end())
        end = self.braces.group_end(match.end()) or (len(self.text) if line_end < 0 else line_end)
        level = LEVELS[match.group().strip("\\* \t").split("[")[0].rstrip("* \t")]
        title = Span(match.end() + 1, max(match.end() + 1, end - 1))
        self.headings += [
            Segment(Span(match.start(), title.start), Kind.SKIPPED),
            Segment(title, Kind.HEADING, level=level),
            Segment(Span(title.end, end), Kind.SKIPPED),
        ]
        return title.start

    def definition(self, match: re.Match[str]) -> int:
        end = min(definition_end(self.text, match.end(), match.group().rstrip("*"), self.braces), self.end)
        self.segments.append(Segment(Span(match.start(), end), Kind.PREAMBLE))
        return max(end, match.end())

    # What hides mathematics

    def fence(self, match: re.Match[str]) -> int:
        run = re.search(r"`{3,}|~{3,}", match.group())
        assert run is not None
        close = re.compile(rf"^[ \t>]*{run.group()}{run.group()[0]}*[ \t]*\r?$", re.M).search(self.text, match.end(), self.end)
        if close is None:
            self._problem(match.start(), "code fence is not closed")
        ending = Ending(close.start(), close.end(), True) if close else Ending(self.end, self.end, False)
        if match.group()[run.end() :].strip().strip("{}").strip() == "math":
            return self._formula(Kind.DISPLAY, match.start(), min(match.end() + 1, ending.start), ending)
        self._skip(match.start(), ending.end)
        return ending.end

    def ticks(self, match: re.Match[str]) -> int:
        """A code span: it ends at the next run of as many backticks (CommonMark 0.31, section 6.1)."""
        runs = self._runs.get(len(match.group()), [])
        following = bisect_right(runs, match.start())
        if following == len(runs) or runs[following] > self.closing.paragraph_end(match.end()):
            return match.end()
        end = runs[following] + len(match.group())
        self._skip(match.start(), end)
        return end

    @cached_property
    def _runs(self) -> dict[int, list[int]]:
        runs: dict[int, list[int]] = {}
        for match in re.finditer("`+", self.text):
            runs.setdefault(len(match.group()), []).append(match.start())
        return runs

    def comment(self, match: re.Match[str]) -> int:
        return self._remark(match.start(), match.start() + 1, match.end(), match.end())

    def remark(self, match: re.Match[str]) -> int:
        close = self._next("-->", match.end())
        if close is None:
            self._problem(match.start(), "`<!--` is not closed")
            close = self.closing.paragraph_end(match.end())
            return self._remark(match.start(), match.end(), close, close)
        return self._remark(match.start(), match.end(), close, close + 3)

    def _remark(self, opened: int, start: int, end: int, closed: int) -> int:
        directive = DIRECTIVE.match(self.text, start, end)
        if directive:
            words = self.text[directive.end() : end].rstrip()
            self._skip(opened, directive.end())
            self.segments.append(Segment(Span(directive.end(), directive.end() + len(words)), Kind.DIRECTIVE))
            opened = directive.end() + len(words)
        self._skip(opened, closed)
        return closed

    def verb(self, match: re.Match[str]) -> int:
        line_end = self.text.find("\n", match.end(), self.end)
        close = self.text.find(match.group()[-1], match.end(), self.end if line_end < 0 else line_end)
        end = match.end() if close < 0 else close + 1
        self._skip(match.start(), end)
        return end

    def address(self, match: re.Match[str]) -> int:
        end = self.braces.group_end(match.end()) or match.end()
        self._skip(match.start(), end)
        return end

    def conditional(self, match: re.Match[str]) -> int:
        return self._hidden(match, r"\fi")

    def tag(self, match: re.Match[str]) -> int:
        name = re.match(r"<(\w+)", match.group())
        assert name is not None
        return self._hidden(match, f"</{name[1]}>")

    def _hidden(self, match: re.Match[str], closer: str) -> int:
        close = self._next(closer, match.end())
        if close is None:
            self._problem(match.start(), f"`{match.group()}` is not closed")
            return match.end()
        self._skip(match.start(), close + len(closer))
        return close + len(closer)

    def escape(self, match: re.Match[str]) -> int:
        return match.end()

    def run(self, match: re.Match[str]) -> int:
        """Four dollars and more enclose nothing."""
        return match.end()

    # Notes

    def _next(self, closer: str, at: int) -> int | None:
        """Where a closer stands next; searches of rising offsets share one pass."""
        memo = self.missing.setdefault(closer, Memo(re.compile(re.escape(closer)), self.text))
        found = memo.after(at)
        return found if found + len(closer) <= self.end else None

    def _skip(self, start: int, end: int) -> None:
        if start < end:
            self.segments.append(Segment(Span(start, end), Kind.SKIPPED))

    def _problem(self, at: int, message: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.setdefault(self.source.locate(at).line, message)


def _is_cancelled(content: str, braces: Braces) -> bool:
    """Whether a formula is nothing but cancelled groups, a sign before them aside."""
    sign = LEADING_SIGN.match(content)
    at = sign.end() if sign else 0
    count = 0
    while match := CANCEL.match(content, at):
        end = braces.group_end(match.end())
        if end is None:
            return False
        at, count = end, count + 1
    return count > 0 and not content[at:].strip()
