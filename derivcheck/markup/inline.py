"""Whether a stretch between dollars is mathematics, money or prose."""

from __future__ import annotations

import re

MATHEMATICAL = frozenset("\\^_=<>{}")
FUNCTIONS = frozenset("log ln exp sin cos tan max min softmax sigmoid relu tanh sqrt det tr diag rank var cov".split())
WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}")
AMOUNT = re.compile(
    r"\d[\d.,]*(?:\s*[-–]\s*\d[\d.,]*)?\s*"
    r"(?:(?:bn|million|billion|thousand|dollars?|USD|per|an|and|or|to|for|in|is|was|of|each|at|on|by|from|than|but|if|while|off|more|less)\b"
    r"|[A-Za-z]{3,}\s+[A-Za-z]{2,})"
)
CURRENCY = re.compile(r"\d[\d.,]*\s(?:.*\W)?(?:US|AU|CA|NZ|HK|SG)", re.S)
FOREIGN = re.compile(r"<!--|-->|~~|```")
COMMAND = re.compile(r"\\[A-Za-z]+")
GROUP = re.compile(r"\{[^{}]*\}")
SENTENCE = re.compile(r"(?<![A-Za-z])[A-Za-z]{2,}(?:,? +[A-Za-z]{2,}){2,}")


def is_inline(text: str, start: int, end: int) -> bool:
    """Whether the stretch between the dollars at ``start`` and ``end`` is mathematics, in a format where a dollar may be money.

    Source: Pandoc User's Guide, extension tex_math_dollars, relaxed: spaces inside the dollars are common in real documents.
    """
    content = text[start + 1 : end]
    inside = content.strip()
    if not inside or text[end + 1 : end + 2].isdigit() or (text[start - 1 : start].isalpha() and inside[0].isdigit()):
        return False
    if AMOUNT.match(inside) or CURRENCY.fullmatch(inside) or FOREIGN.search(content):
        return False
    lopsided = content[0].isspace() != content[-1].isspace()
    if not MATHEMATICAL.isdisjoint(inside):
        return not (lopsided and has_sentence(inside))
    words = [word for word in WORD.findall(inside) if word not in FUNCTIONS]
    return not words or (len(words) < 3 and not lopsided and not (content[0].isspace() and len(words) > 1))


def looks_mathematical(text: str) -> bool:
    """Whether what follows an opening delimiter could be a formula whose end is missing."""
    return text[:1].strip() != "" and not text[0].isdigit() and not MATHEMATICAL.isdisjoint(text.split("\n", 1)[0][:200])


def has_sentence(text: str) -> bool:
    """Whether three words follow each other outside commands and braces: prose that no formula holds."""
    return SENTENCE.search(GROUP.sub(" ", COMMAND.sub(" ", text))) is not None
