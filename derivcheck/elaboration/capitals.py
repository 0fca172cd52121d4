"""Runs of capitals that are one name: TC for a total cost, AB for the segment between two points."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_RUN = re.compile("[A-Z]{2,}")
MOST = 3


@dataclass(slots=True)
class Capitals:
    """The runs of capitals of a document, and those that stand alone before an equality sign."""

    runs: Counter = field(default_factory=Counter)
    leading: set[str] = field(default_factory=set)

    def take(self, letters: str) -> None:
        """Takes in a run of letters without spaces."""
        self.runs.update(_RUN.findall(letters))

    def names(self, bare: Counter, is_geometry: bool) -> set[str]:
        """The runs that are names, given how often each letter was seen, in runs or alone.

        In geometry all short ones are: the points have names of one letter, and nobody multiplies them. Elsewhere the
        letters of a name never stand alone, and its factors never stand the other way round.
        """
        short = {run for run in self.runs if len(run) <= MOST}
        if is_geometry:
            return short
        inside: Counter = Counter()
        for run, times in self.runs.items():
            for letter in run:
                inside[letter] += times
        one_way = {run for run in short if run[::-1] not in self.runs}
        leading = {run for run in one_way & self.leading if all(bare[letter] <= inside[letter] for letter in run)}
        return {run for run in one_way if set(run) <= set("".join(leading))}

    def is_product(self, run: str, bare: Counter) -> bool:
        """Whether a run is a product of capitals: each of them stands outside of runs, too, or they read the same both ways."""
        inside = Counter("".join(letters for other, times in self.runs.items() for letters in other * times))
        return run.isupper() and (run == run[::-1] or all(bare[letter] > inside[letter] for letter in run))
