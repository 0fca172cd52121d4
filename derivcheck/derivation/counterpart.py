"""Arrays written with a capital, and their entries or samples with the small letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from derivcheck.elaboration.book import Book
from derivcheck.elaboration.rank import Ranks


def aliases(ranks: Ranks) -> dict[str, str]:
    """Capitals whose entries the document writes with the small letter: W with entries w_ij."""
    found = {}
    for spelling, count in sorted(ranks.uses):
        small = spelling.lower()
        is_matrix = count == 0 and len(spelling) == 1 and small != spelling and ranks.of(spelling, 0) == 2
        if is_matrix and (small, 2) in ranks.uses and not ranks.of(small, 2) and not {(spelling, 1), (spelling, 2)} & ranks.uses:
            found[spelling] = small
    return found


def with_entries(capitals: Iterable[str], other_letters: Mapping[str, str]) -> frozenset[str]:
    """Capitals of which something is said, and the letters that their entries are written with: it is said of these, too."""
    found = frozenset(capitals)
    return found | {other_letters[spelling] for spelling in found & other_letters.keys()}


def entries_of_capitals(ranks: Ranks, book: Book) -> dict[str, str]:
    """Small letters with two indices for the entries of a capital that is defined: h_ij of H = tanh(A)."""
    found = {}
    for spelling, count in sorted(ranks.uses):
        capital = spelling.upper()
        if count == 2 and len(spelling) == 1 and capital != spelling and book.is_defined(capital) and not book.is_defined(spelling):
            found[spelling] = capital
    return found


def stacks(ranks: Ranks, book: Book, sampled: frozenset[str]) -> dict[str, tuple[str, bool]]:
    """Capitals that nothing defines, with samples of the small letter: X where the document has vectors x_i or x^{(i)}, Y where it has numbers y_i."""
    found = {}
    for spelling, count in sorted(ranks.uses):
        small = _small(spelling)
        rank = ranks.of(spelling, 0)
        if count or small is None or rank not in (1, 2) or book.is_defined(spelling) or (spelling, 1) in ranks.uses:
            continue
        if small in sampled and ranks.of(small, 0) == rank - 1:
            found[spelling] = (small, True)
        elif (small, 1) in ranks.uses and ranks.of(small, 1) == rank - 1:
            found[spelling] = (small, False)
    return found


def _small(spelling: str) -> str | None:
    """The small letter of a capital, its accent kept."""
    letter = spelling[spelling.index("{") + 1 : -1] if spelling.startswith((r"\hat{", r"\tilde{", r"\bar{")) else spelling
    return spelling.replace(letter, letter.lower()) if len(letter) == 1 and letter.isupper() else None
