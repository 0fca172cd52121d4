"""What words say: announcements of facts, names of functions, conventions of the document."""

from __future__ import annotations

import re

_ANNOUNCES = re.compile(
    r"\b(?:let|where|with|denote[ds]?|denoting|given|assum\w*|suppos\w*|defin\w*|consider\w*|write|call|put|set|choose|take|fix|model\w*|is given by|are given by"
    r"|is called|stands? for|means|introduce|notation|at|for|initial\w*|start\w*|when|if|inputs?|outputs?|values?|data|such that|subject to|abbreviat\w*|replac\w*|note that we write)\b",
    re.I,
)
_STRONG = re.compile(
    r"\b(?:let|where|denote[ds]?|denoting|given|assum\w*|suppos\w*|defin\w*|consider\w*|model\w*|subject to|is called|stands? for|introduce|put|set|write|call)\b", re.I
)
_EXPRESSED = re.compile(
    r"(?:function|loss|cost|likelihood|entropy|rule|model|equation|objective|error|it|which) (?:can be|is|are|was|will be)?\s*(?:then |also |often |usually )?"
    r"(?:expressed|represented|given|defined|written|calculated|computed)|(?:function|loss|cost|likelihood|entropy|model|objective)\s*(?:is|:)\s*$|\b(?:now|next)\b.*\b(?:let|consider)",
    re.I,
)
_NO_ANNOUNCEMENT = re.compile(r"\blet us\b|\blet's\b|\bgiven that\b|\bset(?:ting)? (?:\S+ ){0,4}(?:to|equal to) (?:zero|0)\b|\bset to zero\b|\bis given by\b", re.I)
_LET_BE = re.compile(r"\blet\b[^.:]*\bbe\b[^.:]*[.!]$", re.I)
_ANNOUNCED = re.compile("\\b(?:let|given|with|where|define|suppose|assume|consider)\\W*\N{OBJECT REPLACEMENT CHARACTER}(?:\\W*(?:and)?\\W*\N{OBJECT REPLACEMENT CHARACTER})*\\s*[.!]$", re.I)
_FUNCTIONS = {
    "softmax": re.compile(r"soft-?max", re.I),
    "sigmoid": re.compile(r"sigmoid|logistic", re.I),
    "tanh": re.compile(r"tanh|hyperbolic tangent", re.I),
    "relu": re.compile(r"relu|rectif", re.I),
}
_IS_FUNCTION = re.compile(r"(?:^|[\s(,$])(\\?\w+|σ|φ|ϕ|ψ|\$[^$]{1,20}\$)\$?\s+(?:is|denotes|means|be|being|for|stands for)\s+(?:the |a |an )?((?:\w+[ -]?){1,3}?)(?:activation )?function", re.I)
_IS_KNOWN = re.compile(
    r"(?:^|[\s(,$])(\\?\w+|σ|φ|ϕ|ψ)\$?\s+(?:is|denotes|means|be|being|for|stands for)\s+(?:the |a |an )?(?:standard |usual )?(sigmoid|logistic|softmax|tanh|hyperbolic tangent|relu|rectif\w+)\b", re.I
)
_THE_FUNCTION = re.compile(r"(?:the |with )((?:\w+[ -]?){1,2}?)(?:activation )?function\s+\$?(\\?\w+|σ|φ|ϕ|ψ)\$?(?=[\s,.;:)]|$)", re.I)
_LETTERS = frozenset("sigma phi varphi psi tau rho theta eta".split())
_UNICODE = {"σ": r"\sigma", "φ": r"\phi", "ϕ": r"\phi", "ψ": r"\psi"}


def announces(words: str) -> bool:
    """Whether the words before a formula introduce it as a fact."""
    cleaned = _NO_ANNOUNCEMENT.sub(" ", words)
    return _ANNOUNCES.search(cleaned) is not None


def announces_strongly(words: str) -> bool:
    """Whether the words can be meant in no other way."""
    return _STRONG.search(_NO_ANNOUNCEMENT.sub(" ", words)) is not None


def has_ended(words: str) -> bool:
    """Whether an announcement was about the formulas in its own sentence, which has ended: ``Let f = g.``"""
    return _ANNOUNCED.search(words.rstrip()) is not None or _LET_BE.search(words.rstrip()) is not None


def introduces(words: str) -> bool:
    """Whether words say that a formula for a quantity follows: ``the loss function is given by``."""
    return _EXPRESSED.search(words) is not None


def explains(words: str) -> bool:
    """Whether words behind a formula say what it stands for: ``y = 1 means the first class``."""
    return re.match(r"\W*(?:represents?|means|denotes?|stands? for|indicates?|for (?:the )?(?:one|other|class)|is (?:the|a) )", words, re.I) is not None


def looks_back(words: str) -> bool:
    """Whether words say that what follows tells the meaning of what stands before."""
    return re.search(r"\b(?:where|with|here|in which|being|denot\w+|whereby|as)\b", words, re.I) is not None


def concludes(words: str) -> bool:
    """Whether words say that what follows is a consequence."""
    return re.search(r"\b(?:so|thus|hence|therefore|then|consequently|gives?|yields?|obtain|get|follows|implies|becomes|simplif\w*|that is|i\.e\.)\b|∴", words, re.I) is not None


def function_names(text: str) -> dict[str, str]:
    """Letters that the prose gives to a known function: ``σ is the softmax function``."""
    found: dict[str, str] = {}
    for pattern, letter, words in ((_IS_FUNCTION, 1, 2), (_THE_FUNCTION, 2, 1), (_IS_KNOWN, 1, 2)):
        for match in pattern.finditer(text):
            name = next((name for name, pattern_of in _FUNCTIONS.items() if pattern_of.search(match.group(words))), None)
            spelled = match.group(letter).strip("$")
            if name is not None and (len(spelled) == 1 or spelled.lstrip("\\") in _LETTERS):
                found[_UNICODE.get(spelled, spelled)] = name
    return found


def says_elementwise(text: str) -> bool:
    return re.search(r"element-?\s?wise|entry-?\s?wise|component-?\s?wise|functions? acts? entr|act entrywise", text, re.I) is not None


def says_prime_is_transpose(text: str) -> bool:
    return re.search(r"prime (?:is|means|denotes|stands for) (?:a |the )?transpose", text, re.I) is not None
