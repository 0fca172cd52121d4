"""Doubts settled one way or another: an elaboration asks, and the most plausible sets of answers are tried first."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from derivcheck.source import Span

Site = tuple[Span, str]
T = TypeVar("T")

MAX_RUNS = 14


@dataclass(slots=True)
class Oracle:
    """Answers the doubts of one run; remembers which were asked. Without instruction the first option is taken."""

    settled: dict[Site, int]
    asked: dict[Site, tuple[int, ...]] = field(default_factory=dict)
    extra: int = 0

    def pick(self, span: Span, about: str, penalties: tuple[int, ...]) -> int:
        """Which option to take at a site; ``penalties`` are those of its options, the first the most plausible."""
        site = (span, about)
        self.asked.setdefault(site, penalties)
        return self.answer(site, penalties)

    def answer(self, site: Site, penalties: tuple[int, ...]) -> int:
        """The option that is taken at a site."""
        return min(self.settled.get(site, 0), len(penalties) - 1)

    def going_on(self, settled: dict[Site, int]) -> Oracle:
        """An oracle that was asked the same and has answers of its own from here on."""
        return Oracle(settled, dict(self.asked), self.extra)

    @property
    def penalty(self) -> int:
        return self.extra + sum(penalties[self.answer(site, penalties)] for site, penalties in self.asked.items())


def runs(attempt: Callable[[Oracle], T], limit: int = MAX_RUNS, customs: Mapping[Site, int] | None = None) -> Iterator[tuple[T, Oracle]]:
    """What an attempt gives for one set of answers after the other, the most plausible first; at most ``limit`` of them.

    ``customs`` are answers that are settled for all of them.
    """
    order = count()
    start = dict(customs or {})
    queue: list[tuple[int, int, dict[Site, int]]] = [(0, next(order), start)]
    seen: set[frozenset] = {frozenset(start.items())}
    for _ in range(limit):
        if not queue:
            return
        _, _, settled = heapq.heappop(queue)
        oracle = Oracle(settled)
        result = attempt(oracle)
        yield result, oracle
        for site, penalties in oracle.asked.items():
            if site in settled:
                continue
            for option in range(1, len(penalties)):
                further = {**settled, site: option}
                key = frozenset(further.items())
                if key not in seen:
                    seen.add(key)
                    cost = sum(oracle.asked.get(place, (0,) * 9)[choice] for place, choice in further.items() if place in oracle.asked)
                    heapq.heappush(queue, (cost, next(order), further))
