"""A line of plain text as items: numbers, symbols, names, function words, operators, relation signs and bracketed groups."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

FUNCTIONS = frozenset(
    "exp log ln lg sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh sqrt abs det tr trace rank diag max min sup inf lim "
    "softmax sigmoid relu argmax argmin sign sgn norm var cov std mean sum prod int integral".split()
)
GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega "
    "Gamma Delta Theta Lambda Pi Sigma Phi Psi Omega".split()
)
STOPS = frozenset(
    "a an the this that these those it its he she we you they i us our your their one all any each every both some no not only "
    "is are was were be been being am has have had having do does did done can could will would shall should may might must "
    "in on at to from by with without within into onto over under between about above below after before during through as like "
    "and or but if then else so thus hence therefore because since while where when which who whose what why how than also again "
    "now here there just still too very same other such let given get gets got give gives gave put puts set sets take takes find "
    "finds show shows see seen note recall use uses used using compute computes calculate obtain obtains multiply divide add "
    "subtract plug substitute assume suppose consider define denote denotes call called write want need know known choose means "
    "implies follows becomes equals holds makes yields reads says for until unless whether via vs etc eg ie resp yes until "
    "likewise similarly finally next first second third instead however moreover further furthermore always never usually".split()
)
UNITS = frozenset("am pm st nd rd th px kb mb gb ms cm mm km kg hz ml pt".split())
RELATION_COMMANDS = frozenset(
    "neq ne le leq leqslant ge geq geqslant approx equiv propto sim simeq cong leftarrow gets triangleq coloneqq doteq ll gg".split()
)
OPERATOR_COMMANDS = frozenset("cdot times div pm mp ast circ odot otimes oplus".split())
BREAK_COMMANDS = frozenset(
    "therefore because Rightarrow Longrightarrow implies iff Leftrightarrow to rightarrow mapsto quad qquad text textbf textit emph item "
    "begin end label ref eqref cite section noindent newline par".split()
)


class Sort(Enum):
    """What an item can be in a formula; ``STOP`` and ``BREAK`` end one, a function word and anything unreadable."""

    NUMBER = auto()
    SYMBOL = auto()
    NAME = auto()
    OF = auto()
    FUNCTION = auto()
    COMMAND = auto()
    PREFIX = auto()
    OPERATOR = auto()
    POSTFIX = auto()
    RELATION = auto()
    GROUP = auto()
    SEPARATOR = auto()
    STOP = auto()
    BREAK = auto()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a line between two offsets; a group holds the items inside its brackets."""

    sort: Sort
    text: str
    start: int
    end: int
    inside: tuple[Item, ...] = ()


TOKEN = re.compile(
    r"""
    (?P<opaque>\w+://\S+ | [\w.+-]+@[\w-]+\.\w[\w.]* | </?[A-Za-z][\w-]*(?:\s+[\w-]+=\S+)*\s*/?> | [A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+
        | \d+(?:x\d+)+(?!\w) | \d{1,3}(?:,\d{3})+(?!\d) | ={2,} | [-+*/]= | <?[-=]+> | \+\+ | \+/?- | -{2,} | _{2,} | \*\*
        | [^\W\d_]+['’](?:s|t|re|ll|ve|d|m)\b)
  | (?P<command>\\(?:[A-Za-z]+|.))
  | (?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\d])|\.\d+)
  | (?P<word>[^\W\d_](?:\w*[^\W_])?(?:-[^\W\d_]{3,})*)
  | (?P<relation>:=|<=|>=|!=|[=<>≤≥≠≈≡∝≃≅≪≫≜])
  | (?P<prefix>[∂∇∑∏∫√¬Σ]|\#(?=[^\W\d_]))
  | (?P<postfix>[!'′″])
  | (?P<operator>[-+*/^_×·÷∙⋅±∓−–|∣∘⊙⊗])
  | (?P<open>[(\[{])
  | (?P<close>[)\]}])
  | (?P<dots>\.{2,}|…)
  | (?P<separator>[,;:.?])
  | (?P<other>\S)
    """,
    re.X,
)
CLOSING = {"(": ")", "[": "]", "{": "}"}


def items_of(line: str, offset: int = 0) -> tuple[Item, ...]:
    """The items of a line, bracketed groups as one item each; offsets count from ``offset``.

    A bracket without its partner is a break.
    """
    open_groups: list[tuple[re.Match[str], list[Item]]] = []
    current: list[Item] = []
    for match in TOKEN.finditer(line):
        if match.lastgroup == "open":
            open_groups.append((match, current))
            current = []
        elif match.lastgroup == "close" and open_groups and CLOSING[open_groups[-1][0].group()] == match.group():
            opened, outer = open_groups.pop()
            start, end = opened.start() + offset, match.end() + offset
            outer.append(Item(Sort.GROUP, opened.group(), start, end, tuple(current)))
            current = outer
        else:
            _append(current, match, offset)
    while open_groups:
        opened, outer = open_groups.pop()
        outer.append(Item(Sort.BREAK, opened.group(), opened.start() + offset, opened.end() + offset))
        current = outer + current
    return tuple(current)


def _append(items: list[Item], match: re.Match[str], offset: int) -> None:
    sort = _sort(match, items[-1] if items else None, offset)
    if sort is not None:
        items.append(Item(sort, match.group(), match.start() + offset, match.end() + offset))


def _sort(match: re.Match[str], before: Item | None, offset: int) -> Sort | None:
    """The sort of a token; None for a space command."""
    text = match.group()
    match match.lastgroup:
        case "opaque" if text in ("i.e", "e.g"):
            return Sort.STOP
        case "command":
            return _command(text[1:])
        case "word":
            number = before is not None and before.sort is Sort.NUMBER and before.end == match.start() + offset
            return _glued(text) if number else _word(text)
        case "dots":
            return Sort.SYMBOL
        case "separator":
            return Sort.SYMBOL if text == "?" and before is not None and before.sort is Sort.RELATION else Sort.SEPARATOR
        case "number" | "relation" | "prefix" | "postfix" | "operator" as name:
            return Sort[name.upper()]
    return Sort.BREAK


def _command(name: str) -> Sort | None:
    if name in RELATION_COMMANDS:
        return Sort.RELATION
    if name in OPERATOR_COMMANDS:
        return Sort.OPERATOR
    if name in BREAK_COMMANDS or name in "{}\\[]()%$&#_":
        return Sort.BREAK
    if name in ",;:! ":
        return None
    return Sort.FUNCTION if name in FUNCTIONS else Sort.COMMAND


def _glued(text: str) -> Sort:
    """A word that stands right after a number: a factor (``2x``, ``3log``), else a unit or an ordinal."""
    if text.lower() in UNITS or (len(text) > 2 and text not in FUNCTIONS):
        return Sort.BREAK
    return _word(text)


def _word(text: str) -> Sort:
    lower = text.lower()
    if lower in FUNCTIONS or (text[-2:-1] == "_" and lower[:-2] in FUNCTIONS):
        return Sort.FUNCTION
    stem = re.split(r"[_\d]", text, maxsplit=1)[0]
    if lower == "a" or len(stem) == 1 or stem in GREEK:
        return Sort.SYMBOL
    if lower in ("of", "per"):
        return Sort.OF
    if lower in STOPS:
        return Sort.STOP
    return Sort.SYMBOL if len(stem) == 2 else Sort.NAME
