"""How far a derivative reaches that is written before what it is of, without brackets: ``\\frac{d}{dx} x^2 + x``."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.reading.expression import Bracketed, Differential, Expression, Name, Sum, doubted, walk


def with_reach(whole: Sum) -> Expression:
    """A sum with d/dx before one of its terms, in doubt before those as well that come behind, all of them or up to the last that has x."""
    for place, (_, term) in enumerate(whole.terms[:-1]):
        if not isinstance(term, Differential) or isinstance(term.body, Bracketed) or term.body.span.start < term.by[0].span.end:
            continue
        later = whole.terms[place + 1 :]
        ends = [place + 2 + k for k, (_, part) in enumerate(later) if _mentions(part, term.by)]
        if not ends or any(isinstance(part, Differential) for _, one in later for part in walk(one)):
            return whole
        wider = [(_reaching(whole, place, term, end), 4) for end in sorted({ends[-1], len(whole.terms)})]
        return doubted(((whole, 0), *wider), "how far a derivative reaches", whole.span)
    return whole


def _reaching(whole: Sum, place: int, term: Differential, end: int) -> Expression:
    body = Sum((("+", term.body), *whole.terms[place + 1 : end]), term.body.span.cover(whole.terms[end - 1][1].span))
    wide = Differential(body, term.by, term.total, term.span.cover(body.span))
    return Sum((*whole.terms[:place], (whole.terms[place][0], wide), *whole.terms[end:]), whole.span)


def _mentions(term: Expression, by: Sequence[Expression]) -> bool:
    letters = {one.spelling for one in by if isinstance(one, Name)}
    return any(isinstance(part, Name) and part.spelling in letters for part in walk(term))
