"""Segments laid over each other until they cover a whole text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from derivcheck.document import Kind, Segment
from derivcheck.source import Span


def cover(length: int, segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Segments for every character of a text: the given ones in order, and prose between them."""
    return overlay([Segment(Span(0, length), Kind.PROSE)], segments)


def overlay(ground: Sequence[Segment], segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The ground with its prose replaced by the given segments (sorted, apart) wherever they fall on prose.

    A heading with a formula in it opens once: what follows the formula stays prose.
    """
    made: list[Segment] = []
    waiting = iter(segments)
    current = next(waiting, None)
    for piece in ground:
        if piece.kind is not Kind.PROSE:
            _put(made, piece)
            continue
        at = piece.span.start
        while current is not None and current.span.start < piece.span.end:
            start, end = max(at, current.span.start), min(piece.span.end, current.span.end)
            _put(made, replace(piece, span=Span(at, start)))
            _put(made, replace(current, span=Span(start, end)))
            at = max(at, end)
            if current.span.end > piece.span.end:
                if current.kind is Kind.HEADING and start < end:
                    current = Segment(Span(piece.span.end, current.span.end), Kind.PROSE)
                break
            current = next(waiting, None)
        _put(made, replace(piece, span=Span(at, piece.span.end)))
        while current is not None and current.span.end <= piece.span.end:
            current = next(waiting, None)
    return tuple(made)


def is_inside(offset: int, spans: Sequence[Span]) -> bool:
    """Whether one of the spans, sorted and apart, holds the offset."""
    before = bisect_right(spans, offset, key=lambda span: span.start)
    return before > 0 and offset in spans[before - 1]


def _put(made: list[Segment], piece: Segment) -> None:
    """Adds a piece that is not empty; skipped and prose pieces grow together."""
    if piece.span.start >= piece.span.end:
        return
    last = made[-1] if made else None
    if last and last.kind is piece.kind and piece.kind in (Kind.SKIPPED, Kind.PROSE) and last.span.end == piece.span.start:
        made[-1] = replace(last, span=last.span.cover(piece.span))
    else:
        made.append(piece)
