"""What depends on what, as far as derivatives tell: ``\\frac{dL}{dz}`` says that L is a function of z, whatever function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from derivcheck.elaboration.dependence import Dependence
from derivcheck.elaboration.head import chance_key
from derivcheck.elaboration.same import same
from derivcheck.reading.content import names_of, quantity
from derivcheck.reading.expression import (
    Binder,
    Call,
    Chance,
    Differential,
    Expression,
    Gradient,
    Literal,
    Name,
    Power,
    Product,
    Sum,
    children,
    is_plain,
    walk,
)

Pair = tuple[Name, Name]


def pairs(expressions: Iterable[Expression]) -> list[Pair]:
    """Each name that is differentiated, with each name that it is differentiated by."""
    found = []
    for expression in expressions:
        for part in walk(expression):
            body = quantity(part.body) if isinstance(part, Differential | Gradient) else None
            if not isinstance(body, Name):
                continue
            bys = part.by if isinstance(part, Differential) else (part.by,) if part.by is not None else ()
            found += [(body, plain) for by in bys if isinstance(plain := quantity(by), Name) and plain.spelling != body.spelling]
    return found


def sought_by_slopes(expressions: Iterable[Expression]) -> frozenset[str]:
    """The names that something is differentiated by, or that a function is applied to whose gradient is taken."""
    found: set[str] = set()
    for expression in expressions:
        for part in walk(expression):
            if isinstance(part, Differential):
                found |= {by.spelling for by in part.by if isinstance(by, Name)}
            elif isinstance(part, Gradient):
                arguments = part.body.arguments if isinstance(part.body, Call) else ()
                found |= {name.spelling for name in (part.by, *arguments) if isinstance(name, Name)}
    return frozenset(found)


def hatless(expressions: Sequence[Expression]) -> dict[str, str]:
    """Names that are differentiated where the document has the same letter with a hat, and never differentiates that one."""
    touched = {name.spelling for pair in pairs(expressions) for name in pair}
    used = names_of(*expressions)
    found = {name: rf"\hat{{{name}}}" for name in touched if rf"\hat{{{name}}}" in used}
    plain = {name for expression in expressions for name in _plainly(expression)}
    return {name: hat for name, hat in found.items() if hat not in touched and name not in plain}


def _plainly(expression: Expression) -> Iterable[str]:
    """The names that stand in an expression with nothing at them, other than in derivatives."""
    if isinstance(expression, Differential | Gradient):
        return
    if is_plain(expression):
        yield expression.spelling
    for child in children(expression):
        yield from _plainly(child)


def hatted(found: Sequence[Pair], hats: Mapping[str, str]) -> list[Pair]:
    """Pairs, and again those with a hat left out, with their hats."""

    def with_hat(name: Name) -> Name:
        return replace(name, spelling=hats.get(name.spelling, name.spelling))

    more = [(with_hat(body), with_hat(by)) for body, by in found if body.spelling in hats or by.spelling in hats]
    return [*found, *more]


def step_letters(expressions: Sequence[Expression]) -> frozenset[str]:
    """The letters that count the members of a sequence: they stand shifted below a name, and nothing is added up over them."""
    bound = {name.spelling for expression in expressions for part in walk(expression) if isinstance(part, Binder) for name in part.variables}
    return moving_letters(expressions) - bound


def moving_letters(expressions: Sequence[Expression]) -> frozenset[str]:
    """The letters that stand shifted below a name, as those do that count the members of a sequence."""
    parts = [part for expression in expressions for part in walk(expression)]
    places = [place for part in parts if isinstance(part, Name) for place in (*part.indices, *part.samples)]
    return frozenset(found[0] for place in places if (found := shifted(place)) is not None and found[1])


def place_letters(expressions: Sequence[Expression]) -> frozenset[str]:
    """Letters that stand shifted below a name, and others at the same places: L of ``a^L`` where the document has ``a^{l-1}``."""
    steps = moving_letters(expressions)
    names = [part for expression in expressions for part in walk(expression) if isinstance(part, Name) and (part.indices or part.samples)]
    counted = {(name.spelling, len(name.indices), place) for name in names for place, one in enumerate((*name.indices, *name.samples)) if names_of(one) & steps}
    there = (one for name in names for place, one in enumerate((*name.indices, *name.samples)) if (name.spelling, len(name.indices), place) in counted)
    return frozenset(found[0] for one in there if (found := shifted(one)) is not None) | steps


def shifted(place: Expression) -> tuple[str, int] | None:
    """The letter of a place and what is added to it: l and 1 of ``l + 1``; None where it is nothing like that."""
    if is_plain(place):
        return place.spelling, 0
    if not isinstance(place, Sum) or len(place.terms) != 2:
        return None
    (_, letter), (sign, shift) = place.terms
    if not is_plain(letter) or not isinstance(shift, Literal) or shift.value.denominator != 1:
        return None
    return letter.spelling, -int(shift.value) if sign == "-" else int(shift.value)


def latest(expressions: Sequence[Expression], steps: frozenset[str]) -> dict[str, Expression]:
    """For each letter that counts the members of a sequence the latest place that some expressions name: ``l + 1``."""
    found: dict[str, tuple[int, Expression]] = {}
    for expression in expressions:
        for part in walk(expression):
            for place in (*part.indices, *part.samples) if isinstance(part, Name) else ():
                letter, shift = shifted(place) or ("", 0)
                if letter in steps and (letter not in found or found[letter][0] < shift):
                    found[letter] = (shift, place)
    return {letter: place for letter, (_, place) in found.items()}


def dependences(own: Sequence[Pair], near: Sequence[Pair], meanings: Callable[[str], Sequence[Expression]], steps: Mapping[str, Expression | None]) -> dict[str, Dependence]:
    """The unknown functions that derivatives speak of: those of the formula at hand (``own``) and those near it. What depends on
    members of a sequence, at one of the ``steps`` letters, depends on the latest one that is spoken of, through which the others work.

    ``meanings`` gives the right sides that define a name, none where it is undefined. A name that is undefined depends on what it is
    differentiated by. One that is defined without what it is differentiated by stands for any function of it, if nothing that it is
    made of does.
    """
    graph = _Graph(meanings, steps)
    # What a quantity is made of is a function of it in the formula that takes it for the inverse, not around that.
    found = [*own, *(pair for pair in near if pair[0].spelling not in graph.reached(pair[1].spelling))]
    for body, by in found:
        if not meanings(body.spelling):
            graph.edges.setdefault(body.spelling, {}).setdefault(by.spelling, []).append((body, by))
    wanted = {by.spelling for body, by in own if by.spelling not in graph.reached(body.spelling)}
    lacking: dict[str, list[Pair]] = {}
    for body, by in found:
        is_lacking = by.spelling in wanted and meanings(body.spelling) and by.spelling not in graph.reached(body.spelling)
        if is_lacking and not graph.abbreviates(by.spelling, body.spelling):
            lacking.setdefault(by.spelling, []).append((body, by))
    for alike in lacking.values():
        for body, by in alike:
            if not any(other.spelling in graph.reached(body.spelling) for other, _ in alike if other.spelling != body.spelling):
                graph.edges.setdefault(body.spelling, {}).setdefault(by.spelling, []).append((body, by))
    return {name: made for name in graph.edges if (made := graph.direct(name)) is not None}


def earliest(expressions: Sequence[Expression], steps: frozenset[str]) -> dict[str, int]:
    """For each letter that counts the members of a sequence the earliest place that some expressions name, as what is added to the letter."""
    parts = [part for expression in expressions for part in walk(expression) if isinstance(part, Name)]
    found = [place for part in parts for one in (*part.indices, *part.samples) if (place := shifted(one)) is not None and place[0] in steps]
    return {letter: min(shift for other, shift in found if other == letter) for letter, _ in found}


def stepped(expressions: Sequence[Expression]) -> frozenset[str]:
    """The sequences one member of which some expressions differentiate by another one."""
    slopes = [part for expression in expressions for part in walk(expression) if isinstance(part, Differential) and isinstance(part.body, Name)]
    return frozenset(one.spelling for part in slopes for one in part.by if isinstance(one, Name) and one.spelling == part.body.spelling and one != part.body)


@dataclass(slots=True)
class _Graph:
    """Names and what they are made of or differentiated by."""

    meanings: Callable[[str], Sequence[Expression]]
    steps: Mapping[str, Expression | None]
    edges: dict[str, dict[str, list[Pair]]] = field(default_factory=dict)

    def reached(self, name: str) -> set[str]:
        """All that a name depends on."""
        found: set[str] = set()
        pending = [name]
        while pending:
            at = pending.pop()
            inside = set(self.edges.get(at, ())) | self._made_of(at)
            pending += inside - found
            found |= inside
        return found - {name}

    def abbreviates(self, short: str, name: str) -> bool:
        """Whether a name stands for an expression in what another one is made of already: z for w x + b where y = s(w x + b), v for the
        variance of a likelihood in its deviation.
        """
        reached = self.reached(name)
        parts = [part for other in {name} | reached for meaning in self.meanings(other) for part in walk(meaning)]
        return any(
            any(same(one, part) for part in parts) if isinstance(one, Sum | Product | Call) else isinstance(one, Power) and names_of(one) <= reached
            for one in self.meanings(short)
        )

    def _made_of(self, name: str) -> set[str]:
        """The names in what defines a name, other than those of earlier members of sequences, and the probabilities there."""
        inside = [part for meaning in self.meanings(name) for part in walk(meaning)]
        chances = {chance_key(part)[0] for part in inside if isinstance(part, Chance)}
        parts = [part for part in inside if isinstance(part, Name)]
        return chances | {part.spelling for part in parts if not any(self._is_earlier(place) for place in (*part.indices, *part.samples))}

    def _is_earlier(self, place: Expression) -> bool:
        found = shifted(place)
        return found is not None and found[0] in self.steps and found[1] < 0

    def direct(self, name: str) -> Dependence | None:
        """What a name depends on other than through something else that it depends on."""
        on, axes = [], []
        edges = self.edges[name]
        for spelling, alike in edges.items():
            others = [other for other in edges if other != spelling and name not in self.reached(other)]
            if any(spelling in self.reached(other) or self.abbreviates(spelling, other) for other in others):
                continue
            numbered = {by.indices: by for _, by in alike if by.indices and all(isinstance(index, Literal) for index in by.indices)}
            if len(numbered) > 1 and all(by.indices in numbered for _, by in alike):
                on += [replace(by, samples=()) for by in _in_order(numbered.values())]
                axes += [0] * (len(on) - len(axes))
                continue
            own = all(_letters(by) <= _letters(body) | set(self.steps) for body, by in alike) and self._is_told_apart(alike[0][1])
            on.append(self._last(alike[0][1]) if own else replace(self._last(alike[0][1]), indices=()))
            axes.append(0 if own else max(len(by.indices) for _, by in alike))
        body = next(body for alike in edges.values() for body, _ in alike)
        return Dependence(body, tuple(on), tuple(axes)) if on else None

    def _is_told_apart(self, name: Name) -> bool:
        """Whether letters tell which one of its kind a name is, be it as a member of a sequence: ``h_i``, ``h_{t-1}``."""
        return bool(_letters(name)) or any(found is not None and found[0] in self.steps for found in map(shifted, name.indices))

    def _last(self, name: Name) -> Name:
        """A member of a sequence as the latest one; samples of other kinds are left to where the quantity stands."""
        indices, samples = (tuple(self._last_place(place) for place in places) for places in (name.indices, name.samples))
        kept = all(found is not None and found[0] in self.steps for found in map(shifted, name.samples))
        return replace(name, indices=indices, samples=samples if kept else ())

    def _last_place(self, place: Expression) -> Expression:
        found = shifted(place)
        latest_one = self.steps.get(found[0]) if found is not None else None
        return place if latest_one is None else latest_one


def _in_order(names: Iterable[Name]) -> list[Name]:
    """Quantities that numbers below tell apart, each once."""
    found: dict[tuple, Name] = {}
    for name in names:
        found.setdefault(tuple(index.value for index in name.indices if isinstance(index, Literal)), name)
    return [found[key] for key in sorted(found)]


def _letters(name: Name) -> frozenset[str]:
    return frozenset(index.spelling for index in name.indices if isinstance(index, Name))


def gradients(expressions: Sequence[Expression]) -> dict[str, Name]:
    """What the document takes gradients of a function by, where it says so anywhere."""
    found: dict[str, Name] = {}
    for expression in expressions:
        for part in walk(expression):
            if isinstance(part, Gradient) and isinstance(part.by, Name):
                body = quantity(part.body)
                name = body.function if isinstance(body, Call) else body
                if isinstance(name, Name):
                    found.setdefault(name.spelling, part.by)
    return found
