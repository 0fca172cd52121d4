"""What the reader is told about words and letters: which are functions, which are names, which count things."""

from __future__ import annotations

from dataclasses import dataclass, field

from derivcheck.reading.custom import COUNTERS, PROBABILITIES

CONNECTIVES = frozenset(
    "a all an and any as at be because by case cases def denote denotes each else every for from given gives has have hence if iff in is it let"
    " letting means not of on only or otherwise over respectively resp since so some subject such that the then there therefore this thus to"
    " using we when where whenever which while with is constant const are w.r.t. s.t. i.e. e.g. a.s. etc yields implies obtain get also"
    " similarly likewise both nonzero positive negative rearranging".split()
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words and letters as the document at hand uses them.

    ``functions``: words that are applied to what follows, brackets or not. ``folds``: words such as ``max`` that may bind an index.
    ``identifiers``: runs of letters that are one name. ``applied`` and ``plain``: names that are functions and names that are none;
    for any other name a bracket behind it is a doubt. ``indices``: letters that count. ``chosen``: those of them that only ever stand for one member; ``compared``: letters that the document compares with letters. ``layers``: letters that number layers where they stand above.
    ``paired``: names whose entries have two indices.
    ``differentiated``: names in the numerator of a derivative. ``primed``: names with a prime. ``valued``: names that a bracket
    with a number is an argument of. ``increments``: letters that make one name with the name behind them. ``repeated``: names
    that have the same letter alone in brackets behind them again and again. ``dummies``: letters with primes that an integral runs over. ``labels``: letters above names with an index that are no powers. ``expects``: whether the letter E before a round bracket is the expectation. ``longest``: how many letters the longest word has.
    """

    functions: frozenset[str]
    folds: frozenset[str] = frozenset(("max", "min", "argmax", "argmin", "sup", "inf"))
    identifiers: frozenset[str] = frozenset()
    applied: frozenset[str] = frozenset()
    plain: frozenset[str] = frozenset()
    indices: frozenset[str] = COUNTERS
    probabilities: frozenset[str] = PROBABILITIES
    chosen: frozenset[str] = frozenset()
    compared: frozenset[str] = frozenset()
    layers: frozenset[str] = frozenset()
    paired: frozenset[str] = frozenset()
    differentiated: frozenset[str] = frozenset()
    primed: frozenset[str] = frozenset()
    valued: frozenset[str] = frozenset()
    increments: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()
    dummies: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    expects: bool = False
    longest: int = field(init=False, default=0, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "longest", max(map(len, self.functions | self.folds | self.identifiers | frozenset(("lim",)))))

    def longest_word(self, letters: str) -> str:
        """The longest known word that a run of letters begins with; empty where none does.

        A run that is one identifier as a whole is that identifier, whatever it begins with.
        """
        for length in range(min(len(letters), self.longest), 1, -1):
            word = letters[:length]
            if word in self.identifiers or word in self.functions or word in self.folds or word == "lim":
                return word
        return ""

    def is_function(self, name: str) -> bool | None:
        """Whether a name is a function; None where the document does not tell. A label below does not change what a letter is."""
        if name in self.applied or (name not in self.plain and name.partition("_{")[0] in self.applied):
            return True
        return False if name in self.plain else None
