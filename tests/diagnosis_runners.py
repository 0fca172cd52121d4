"""What leads from lines to their diagnoses, for the cases of ``tests/data/diagnoses``."""

from __future__ import annotations

from derivcheck import check_text
from derivcheck.diagnostic import RULES, Verdict


def each(text: str) -> str:
    """For each line its rule, its message and its fix, the line standing alone in a document behind what stands above ``---``."""
    context, _, lines = text.rpartition("---\n")
    made = []
    for line in lines.split("\n"):
        claims = check_text(f"{context}\n$${line}$$\n", "case.md").claims
        wrong = claims[-1].verdict is Verdict.WRONG
        made.append(f"{RULES[claims[-1].code or '']}: {claims[-1].message} => {claims[-1].fix}" if wrong else claims[-1].verdict.value)
    return "\n".join(made)
