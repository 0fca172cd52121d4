"""Offsets, lines and columns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from derivcheck.source import Position, Source, Span

TEXTS = st.text(st.sampled_from("ab\n\r\t𝑥é"), max_size=40)


@given(TEXTS, st.integers(0, 50))
def test_a_position_leads_back_to_its_offset(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    source = Source("a.md", text)
    position = source.locate(offset)
    start = sum(len(line) + 1 for line in text.split("\n")[: position.line - 1])
    assert start + position.column - 1 == offset


@given(TEXTS)
def test_lines_are_those_between_line_feeds(text: str) -> None:
    source = Source("a.md", text)
    lines = [source.line(number) for number in range(1, source.line_count + 1)]
    assert lines == [line.removesuffix("\r") for line in text.split("\n")]
    assert [source.slice(source.line_span(number)) for number in range(1, source.line_count + 1)] == lines


def test_columns_count_code_points() -> None:
    assert Source("a.md", "𝑥é=").locate(2) == Position(1, 3)


def test_offsets_outside_are_those_of_the_ends() -> None:
    source = Source("a.md", "ab\nc")
    assert (source.locate(-3), source.locate(99)) == (Position(1, 1), Position(2, 2))
    assert source.line(0) == source.line(3) == ""


def test_a_span_holds_its_start_and_not_its_end() -> None:
    span = Span(2, 4)
    assert [offset in span for offset in (1, 2, 3, 4)] == [False, True, True, False]
    assert Span(1, 2).cover(Span(5, 6)) == Span(1, 6)
