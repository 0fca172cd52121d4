"""Scopes that headings and problem numbers open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_WORDED = re.compile(r"^\s*[*_#\s]*(?:problem|exercise|task|question|ques|ex|part|aufgabe|exercice|solution to)\b\.?\s*:?\s*\(?(\d+|[a-z])|^\s*[*_#\s]*(?:q|prob|exer?)\.?\s*\d{1,2}(?:[).:\s]|$)", re.I)
_NUMBER_AND_PROBLEM = re.compile(r"\d\W*\s*(?:problem|exercise|task|question|aufgabe)\b", re.I)
_NUMBERED = re.compile(r"^\s*(?:[-*•]\s+)?\**\(?(\d{1,2}(?:\.\d{1,2})*)(?:[.):]\**(?:\s|$)|\**\s*$|\s+[A-Z])")
_LETTERED = re.compile(r"^\s*(?:[-*•]\s+)?\**(?:\d{1,2}\.)?\(?([a-hA-H]|i{1,3}|iv|vi{0,3})[.)]\**(?:\s|$)")
# A label of letters and a number: ``**A2** Induction``, ``P3.``, ``(T1)``; one without bold type ends in a dot, a colon or a bracket.
_LABELLED = re.compile(r"^\s*(?:[-*•]\s+)?(?:\*\*\(?[A-Z]{1,3}[ -]?\d{1,2}(?:\.\d{1,2})*[.):]{0,2}\*\*[.):]?(?:\s|$)|\(?[A-Z]{1,3}-?\d{1,2}[.):]+(?:\s|$))")
_PROBLEMS = re.compile(r"^\s*[*_#\s]*(?:problem|exercise|task|question|aufgabe|exercice)\b", re.I)
_EXAMPLES = (
    r"(?:(?:worked|solved|another|first|second|third|fourth|numerical|simple|further|practice|sample|quick|real-world|illustrative|mini)[ -]+)*"
    r"(?:example|application|illustration|case study|problem|exercise|beispiel|anwendung|übung|übungsaufgabe|ejemplo|aplicación|ejercicio|problema|exemple|exemplo|esempio)\b"
)
_NUMERAL = r"\W{0,3}(?:\d{1,2}(?:\.\d{1,2})*[a-z]?|[a-z]|[ivx]{1,4})?(?![^\W_])"
_EXAMPLE = re.compile(rf"^\s*(?:>\s*)?(?:[-*•+]\s+)?[*_#\s]*{_EXAMPLES}{_NUMERAL}(?:\s*(?:\(|[:.—–]|-\s|[*_]{{1,2}}|$))", re.I)
_EAST_ASIAN = re.compile(r"^\s*[*_#【\s]*(?:例题?|習題|习题|问题|問題|练习|應用|应用|예제|문제|응용)\s*(?:\d|[一二三四五六七八九十]|[】:：.(（*])")
_EXAMPLE_TITLE = re.compile(rf"^(?:\W|\d)*{_EXAMPLES}(?:{_NUMERAL}|s\b)", re.I)
_THEORY = re.compile(r"^\s*[*_#]*\s*(?:definition|theorem|lemma|proposition|corollary|remark|satz|bemerkung|teorema|definición|théorème|définition|remarque)\b", re.I)
_BLOCK = re.compile(r"\\(begin|end)\s*\{\s*(example|exercise|problem|question|exmp|ex|beispiel|aufgabe)\*?\s*\}", re.I)
_SOLUTION = re.compile(r"^\W*(?:(?:detailed|worked|full|step-by-step)\s+)?(?:solutions?|answers?|working|lösung|solución|resolución|derivation|calculation|steps?)\b|^\W*(?:解|풀이|해설)", re.I)
_CASE = re.compile(r"^\s*(?:>\s*)?(?:[-*•+]\s+|\(?\w{1,3}[.)]\s+)?[*_#\s]*(?:sub-?)?(?:case|fall|caso|cas|情况|情形|情況|경우)(?:\W*$|\W{0,3}(?:\d{1,2}|[a-z]|[ivx]{1,4}|[一二三四])(?![^\W_])|\s*[:：])", re.I)
_SUPPOSES = re.compile(
    r"(?:^\s*|[.;!?]\s+|\n\s*|\\item(?:\s*\[[^\]]*\])?\s*)(?:[-*•+]\s+)?[*_]*"
    r"(?:(?:now,?\s+|and\s+|but\s+|finally,?\s+)?if(?:\s+(?:however|instead|now|on the other hand),?)?|otherwise,?\s*(?:if)?|when|(?:now\s+|next,?\s+)?(?:suppose|assume)\s+(?:first|next|now|instead)(?:\s+that)?"
    r"|(?:in|for) (?:the )?(?:first|second|third|other|latter|former|remaining|last|next) case,?(?:\s+(?:where|when|with|we have|we get|of))?"
    r"|in (?:the )?case(?:\s+(?:that|of|where|when))?|falls|wenn|ist|si|cuando)\s*[*_]*\s*$",
    re.I,
)
_LIST_SUPPOSES = re.compile(r"(?:^\s*(?:[-*•+]|\(?\w{1,3}[.)])\s+|\\item(?:\s*\[[^\]]*\])?\s*)[*_]*(?:for|suppose(?: that)?|assume(?: that)?|let|with|taking|choosing|für|para)\s*$", re.I)
_PUTS = r"(?:with|for|setting|taking|putting|choosing)"
_PUTS_IN = re.compile(rf"(?:^\s*|[.;!?]\s+|\n\s*)[*_]*{_PUTS}\s*$", re.I)
_BECOMES = re.compile(rf"\b{_PUTS}\s+(?:\$|\\\()[^$=]{{1,40}}=[^$]{{1,40}}(?:\$|\\\)),?\s+(?:this|it|that)\s+(?:becomes|reduces|simplifies|speciali[sz]es|turns|boils|gives)", re.I)
_OTHERWISE = re.compile(r"(?:^\s*|[.;!?]\s+|\n\s*)(?:[-*•+]\s+)?[*_]*otherwise\b", re.I)
_CONDITION = re.compile(r"^[^()=<>]{0,20}(?:=|<|>|\\(?:neq?|leq?|geq?|lt|gt|leqslant|geqslant)(?![a-zA-Z])|\\not\s*=)")
_ENDS_CASES = re.compile(
    r"^\s*[*_]*(?:(?:thus,? |hence,? |so,? |therefore,? )?(?:in|for) (?:both|all|any|either|every|each)(?: (?:these|the|two|three|of (?:the|these)))? cases?|combining|altogether|summari[sz]ing|in summary"
    r"|overall|comparing|collecting|to (?:sum up|summari[sz]e)|putting (?:it |this |these |everything )?(?:all )?together|in allen fällen|insgesamt)\b",
    re.I,
)
_ITEM = re.compile(r"\\item\s*\[\s*\(?\s*(\w{1,4})\s*\)?\s*\]|\\item(?![a-zA-Z])")
_STYLED = re.compile(r"^(\s*)(?:\\(?:noindent|indent|par|smallskip|medskip|bigskip|newpage|clearpage)\b\s*)*\\(?:textbf|textit|textsc|emph|underline|textsf)\s*\{\s*([^{}]*?)\s*\}")
_CONTINUES = re.compile(r"^\s*(?:&?\s*=|\\therefore|\\Rightarrow|\\implies|\\boxed\s*\{\s*(?:\\text\s*\{\s*)?Ans|\\text\s*\{\s*Ans|&\s*=|\\leq?\b|\\geq?\b)")
_BARE_NUMBER = re.compile(r"^\W*(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-Z])\W*$")
_BULLETS = frozenset("•●▪◦∙")
_LIST_CHANGE = re.compile(r"\\(begin|end)\s*\{enumerate\}")
_EXAMPLE_LEVEL, _NUMBER_LEVEL, _LETTER_LEVEL, _CASE_LEVEL, _ROW_LEVEL = 9.5, 10, 11, 12, 13


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
        """Takes in a heading; the solution of a problem belongs to that, even where its heading is as large."""
        if _SOLUTION.match(text) and any(known >= level and count < 0 for known, count in self.path):
            return
        self._open(level, problem=any(pattern.search(text) for pattern in (_WORDED, _NUMBER_AND_PROBLEM, _EXAMPLE_TITLE, _EAST_ASIAN, _CASE, _BARE_NUMBER)))

    def prose(self, text: str, following: str, block: str = "", starts: bool = True) -> None:
        """Takes in prose: a line that begins with a problem number opens a scope, unless what follows goes on with the last one.

        ``block``: the paragraph that the prose ends in; where it holds several numbered lines they are the steps of a list.
        ``starts``: whether it begins a line.
        """
        lines = [_STYLED.sub(r"\1**\2**", line) for line in text.splitlines()]
        self._row(lines, starts)
        for place, line in enumerate(lines):
            self._block(line)
            if not ((place or starts) and self._part(line, place == len(lines) - 1, following)):
                self._line(line, following, block)
        if lines:
            self._suppositions(text, lines[-1] if len(lines) > 1 or starts else "", following, block)

    def _row(self, lines: Sequence[str], starts: bool) -> None:
        """Takes in the rows of a table: each of them is about something else, whatever letters it has."""
        begun = lines[0 if starts else 1 :]
        if not begun:
            return
        self._close(_ROW_LEVEL, _ROW_LEVEL)
        if begun[-1].lstrip().startswith("|"):
            self._open(_ROW_LEVEL, problem=True)

    def _block(self, line: str) -> None:
        """Takes in environments of LaTeX that hold an example or a problem."""
        for change in _BLOCK.finditer(line):
            self._close(_EXAMPLE_LEVEL)
            if change.group(1) == "begin":
                self._open(_EXAMPLE_LEVEL, problem=True)

    def _part(self, line: str, is_last: bool, following: str) -> bool:
        """Whether a line begins an example or a case, which has been opened."""
        if _EXAMPLE.match(line) or _EAST_ASIAN.match(line):
            self._open(_EXAMPLE_LEVEL, problem=True)
            return True
        if _PROBLEMS.match(line) or _THEORY.match(line):
            self._close(_EXAMPLE_LEVEL, _EXAMPLE_LEVEL)
        if _ENDS_CASES.match(line):
            self._close(_CASE_LEVEL)
        found = _CASE.match(line)
        if found is None or (found.end() == len(line) and not (is_last and following)):
            return False
        self._open(_CASE_LEVEL, problem=True)
        return True

    def _suppositions(self, text: str, last: str, following: str, block: str) -> None:
        """Takes in what is supposed for the sentences behind it only: one of several cases. ``last``: the line that the formula stands in."""
        supposes = _SUPPOSES.search(text) or _LIST_SUPPOSES.search(last)
        is_special = _PUTS_IN.search(text) and _BECOMES.search(block)
        if (supposes and _CONDITION.match(following)) or is_special or _OTHERWISE.search(text):
            self._open(_CASE_LEVEL, problem=True)

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
        if _LABELLED.match(line) and not _CONTINUES.match(following):
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

    def _close(self, level: float, below: float = _CASE_LEVEL) -> None:
        """Leaves what was opened at a level; only if nothing stands there from that up to another level but what was opened there."""
        if any(level <= known <= below for known, _ in self.path):
            while self.path and self.path[-1][0] >= level:
                self.path.pop()

    def _open(self, level: float, problem: bool = False) -> None:
        self.opened += 1
        while self.path and self.path[-1][0] >= level:
            self.path.pop()
        self.path.append((level, -self.opened if problem else self.opened))


def _is_list(block: str) -> bool:
    """Whether a paragraph holds several numbered lines one below the other."""
    return sum(_NUMBERED.match(line) is not None for line in block.splitlines()) > 1


def names_case(words: str) -> bool:
    """Whether words before a formula are the label of a case: ``Case 1:``."""
    return _CASE.match(words) is not None
