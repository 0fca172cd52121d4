r"""Letters that make one name with the name behind them: ``\Delta x`` for an increment, ``\delta C`` for what belongs to C."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from derivcheck.latex.node import Accent, Glyph, Node, Scripts
from derivcheck.reading.name import spell

INCREMENT, VARIATION = r"\Delta", r"\delta"


@dataclass(slots=True)
class Increments:
    r"""How a document uses the letters: ``alone``, with the names that stand behind them, and ``leading`` with a name as the whole left side
    of a relation.

    Nobody defines a product, so a left side of that kind tells that the small letter is no factor. The capital one seldom is.
    A letter that is a name as well is one in products, unless it leads several names.
    """

    behind: dict[str, set[str]] = field(default_factory=dict)
    leading: dict[str, set[str]] = field(default_factory=dict)
    alone: set[str] = field(default_factory=set)

    def take(self, items: Sequence[Node]) -> None:
        """Takes in a row."""
        for place, item in enumerate(items):
            if not isinstance(item, Glyph) or item.text not in (INCREMENT, VARIATION):
                continue
            name = _name(items[place + 1 : place + 2])
            if name is None:
                self.alone.add(item.text)
            else:
                self.behind.setdefault(item.text, set()).add(name)

    def lead(self, items: Sequence[Node]) -> None:
        """Takes in the left side of a relation."""
        name = _name(items[1:]) if len(items) == 2 else None
        if name is not None and isinstance(items[0], Glyph) and items[0].text in (INCREMENT, VARIATION):
            self.leading.setdefault(items[0].text, set()).add(name)

    def letters(self, defined: Set[str]) -> frozenset[str]:
        """The letters that are no factors. ``defined``: the names that the document defines."""
        found = set()
        for letter in self.behind:
            leads = len(self.leading.get(letter, ()))
            is_name = letter in defined or (letter == VARIATION and letter in self.alone)
            if leads > 1 or (not is_name and (leads or letter == INCREMENT)):
                found.add(letter)
        return frozenset(found)


def _name(items: Sequence[Node]) -> str | None:
    """The letter that a row begins with, which may have scripts."""
    first = items[0] if items else None
    base = first.base if isinstance(first, Scripts) else first
    spelled = spell(base) if isinstance(base, Glyph | Accent) else None
    return spelled.spelling if spelled is not None else None
