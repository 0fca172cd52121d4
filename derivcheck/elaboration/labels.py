r"""Letters above names that tell one quantity from another and are no powers: ``a_t^f`` and ``a_t^o`` beside ``W_f`` and ``W_o``."""

from __future__ import annotations

from dataclasses import dataclass, field

from derivcheck.latex.node import Glyph, Scripts, items_of

_TRANSPOSE = "T"


@dataclass(slots=True)
class Labels:
    """The letters that stand alone above names which have an index as well, by these names."""

    above: dict[str, set[str]] = field(default_factory=dict)

    def take(self, node: Scripts, spelling: str) -> None:
        items = items_of(node.above) if node.above is not None and node.below is not None else ()
        if len(items) == 1 and isinstance(items[0], Glyph) and len(items[0].text) == 1 and items[0].text != _TRANSPOSE:
            self.above.setdefault(spelling, set()).add(items[0].text)

    def letters(self, elsewhere: frozenset[str], counting: frozenset[str]) -> frozenset[str]:
        """Those of which one name has several, and which stand ``elsewhere`` below a name or with an index, but do not count anything."""
        several = [letters for letters in self.above.values() if len(letters) > 1 and letters <= elsewhere - counting]
        return frozenset().union(*several)
