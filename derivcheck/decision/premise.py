"""Hypotheses at one choice of sizes: equations become substitutions, the rest filters points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from derivcheck.decision.graph import Graph
from derivcheck.decision.manifold import parametrised
from derivcheck.decision.node import Node, atoms_of, reachable, under_fractions
from derivcheck.decision.ranges import Ranges
from derivcheck.decision.root import MAX_EQUATIONS
from derivcheck.decision.solve import Solution, Work, solve
from derivcheck.term.type import REAL, Domain


@dataclass(frozen=True, slots=True)
class Lost:
    """A divisor at whose zeros the hypotheses hold as well; ``there``: one of these, as what atoms are."""

    divisor: Node
    there: dict[Node, Node] = field(default_factory=dict)


@dataclass(slots=True)
class Branch:
    """One way in which the hypotheses hold.

    ``solved``: atoms (or values of unknown functions) by what they equal, in free atoms only. ``equations``:
    differences that still have to be zero. ``filters``: conditions on a point. ``divisors``: what must not be zero for
    the solutions to be all there are; ``excluded``: the same, in the words of the hypotheses. ``domains``: atoms that a
    hypothesis confines further. ``is_complete``: with its sister branches it covers everything that satisfies the
    hypotheses, but for points where a divisor vanishes. ``lost``: where the hypotheses hold as well, as
    for x = 0 where x y = x z: the branch says nothing of it.
    """

    solved: dict[Node, Node] = field(default_factory=dict)
    equations: list[Node] = field(default_factory=list)
    filters: list[Node] = field(default_factory=list)
    divisors: list[Node] = field(default_factory=list)
    excluded: list[Node] = field(default_factory=list)
    domains: dict[Node, Domain] = field(default_factory=dict)
    is_complete: bool = True
    lost: list[Lost] = field(default_factory=list)

    def copy(self) -> Branch:
        """A branch that can be changed without changing this one."""
        return Branch(
            dict(self.solved),
            list(self.equations),
            list(self.filters),
            list(self.divisors),
            list(self.excluded),
            dict(self.domains),
            self.is_complete,
            list(self.lost),
        )


def branches(graph: Graph, premises: Iterable[Node], limit: int) -> list[Branch]:
    """The branches on which all premises (truth-valued nodes) hold; none where one of them fails outright."""
    flat = list(_conjuncts(premises))
    for at, premise in enumerate(flat):
        if premise.op == "or" and all(part.op in ("=", "and") for part in premise.args):
            rest = flat[:at] + flat[at + 1 :]
            made = [branch for part in premise.args for branch in branches(graph, [part, *rest], limit)]
            return made if len(made) <= limit else [_incomplete(branch) for branch in made[:limit]]
    if graph.false in flat:
        return []
    branch = Branch()
    equations: list[tuple[Node, Node]] = []
    for made in parametrised(graph, flat):
        if made is None:
            return []
        branch.solved |= made.solved
        branch.domains |= made.domains
        flat = [premise for premise in flat if premise not in made.used]
    for premise in flat:
        if premise.op == "=" and not _is_choice(graph, premise):
            equations.append((premise.args[0], premise.args[1]))
        elif not _confines(graph, branch, premise):
            branch.filters.append(premise)
    return [each for each in _Solving(graph, limit).run(branch, equations) if _settle(graph, each)]


def loses_solutions(graph: Graph, branch: Branch, relations: Sequence[Node], goals: Sequence[Node]) -> bool:
    """Whether what was solved on a branch says nothing of points where the hypotheses hold as well. Relations that divide by
    what vanishes there are not about them, and goals may hold there anyway.
    """
    if not branch.lost:
        return False
    divided = under_fractions(relations)
    lost = [each for each in branch.lost if each.divisor not in divided]
    return any(not each.there or any(goal is not graph.true for goal in graph.replace(goals, each.there)) for each in lost)


def _settle(graph: Graph, branch: Branch) -> bool:
    """Substitutes into the filters and adds those that keep solved atoms in their domains; false where one cannot hold."""
    for atom, value in branch.solved.items():
        branch.filters += _membership(graph, value, branch.domains.pop(atom, graph.domain(atom)))
    found = graph.replace(branch.filters, branch.solved)
    branch.filters = [condition for condition in dict.fromkeys(found) if condition is not graph.true]
    return graph.false not in branch.filters


def _membership(graph: Graph, value: Node, domain: Domain) -> list[Node]:
    """Conditions for a value to lie in a domain."""
    if domain.values:
        return [graph.some_of([graph.relation("=", value, graph.number(each)) for each in domain.values])]
    sign = "<" if domain.open else "≤"
    found = []
    if domain.lower is not None:
        found.append(graph.relation(sign, graph.number(domain.lower), value))
    if domain.upper is not None:
        found.append(graph.relation(sign, value, graph.number(domain.upper)))
    if domain.integer:
        found.append(graph.relation("=", graph.call("floor", value), value))
    return found


def _conjuncts(premises: Iterable[Node]) -> Iterable[Node]:
    for premise in premises:
        if premise.op == "and":
            yield from _conjuncts(premise.args)
        elif premise.op != "truth" or not premise.value:
            yield premise


def _is_choice(graph: Graph, premise: Node) -> bool:
    """An equation among quantities with few values: better tried than solved."""
    return all(atom.op == "atom" and graph.domain(atom).values for atom in atoms_of([premise]))


def _confines(graph: Graph, branch: Branch, premise: Node) -> bool:
    """An atom compared with a number narrows its domain; false where the domain cannot say so exactly."""
    if premise.op not in ("<", "≤"):
        return False
    left, right = premise.args
    is_open = premise.op == "<"
    if left.op == "atom" and right.op == "number":
        atom, lower, upper = left, None, right.value
    elif left.op == "number" and right.op == "atom":
        atom, lower, upper = right, left.value, None
    else:
        return False
    known = branch.domains.get(atom, graph.domain(atom))
    if known.values:
        return False
    is_bounded = known.lower is not None or known.upper is not None
    lowers = [end for end in (known.lower, lower) if end is not None]
    uppers = [end for end in (known.upper, upper) if end is not None]
    both_open = is_open and (known.open or not is_bounded)
    branch.domains[atom] = Domain(max(lowers, default=None), min(uppers, default=None), both_open, known.integer)
    return not is_bounded or known.open == is_open


MAX_SUMMANDS = 96
MAX_CANDIDATES = 8
MAX_ATTEMPTS = 60
MAX_TURNED = 2


class _Solving:
    """Equations used up one at a time, the plainest first; a quadratic splits a branch in two."""

    def __init__(self, graph: Graph, limit: int) -> None:
        self.graph = graph
        self.limit = limit
        self.ranges = Ranges(graph, {})
        self.attempts = 0
        self.work = Work()

    def run(self, branch: Branch, equations: Sequence[tuple[Node, Node]]) -> list[Branch]:
        """The branches on which all equations hold, solved as far as they can be."""
        waiting = self._define(branch, list(equations))
        todo = [(branch, waiting)]
        done: list[Branch] = []
        while todo:
            at, left = todo.pop()
            if not left:
                done.append(at)
                continue
            spread = self._step(at, left)
            if len(todo) + len(done) + len(spread) > self.limit:
                spread = [(_incomplete(part), rest) for part, rest in spread[: max(1, self.limit - len(todo) - len(done))]]
            todo += spread
        return done

    def _define(self, branch: Branch, equations: list[tuple[Node, Node]]) -> list[tuple[Node, Node]]:
        """Equations with a bare side define it; returns the others."""
        definitions: dict[Node, Node] = {}
        others = []
        for left, right in equations:
            pair = self._bare(left, right, definitions) or self._bare(right, left, definitions)
            if pair is None:
                others.append((left, right))
            else:
                definitions[pair[0]] = pair[1]
        self._unfold(branch, definitions, others)
        return others

    def _bare(self, side: Node, other: Node, taken: dict[Node, Node]) -> tuple[Node, Node] | None:
        if side.op not in ("atom", "unknown") or side in taken or side in reachable([other]):
            return None
        return side, other

    def _unfold(self, branch: Branch, definitions: dict[Node, Node], others: list[tuple[Node, Node]]) -> None:
        """Definitions put into each other; one that leads back to itself is an equation after all."""
        graph = self.graph
        state: dict[Node, bool] = {}

        def visit(atom: Node) -> None:
            state[atom] = False
            inner = [part for part in reachable([definitions[atom]]) if part in definitions]
            for part in inner:
                if part not in state:
                    visit(part)
            if any(not state[part] for part in inner):
                others.append((atom, definitions[atom]))
                state[atom] = True
                return
            state[atom] = True
            (value,) = graph.replace([definitions[atom]], branch.solved)
            branch.solved[atom] = value

        for atom in definitions:
            if atom not in state:
                visit(atom)

    def _step(self, branch: Branch, equations: list[tuple[Node, Node]]) -> list[tuple[Branch, list[tuple[Node, Node]]]]:
        """One equation solved, set aside for iteration, or found true or false as it stands."""
        graph = self.graph
        sides = [tuple(graph.replace(pair, branch.solved)) for pair in equations]
        rest = [pair for pair in sides if graph.relation("=", *pair) is not graph.true and pair[0] is not pair[1]]
        if not rest:
            return [(branch, [])]
        (left, right), *later = rest
        if left.op == "number" and right.op == "number":
            return []
        if len(branch.equations) > MAX_EQUATIONS:
            # More than iteration can solve are left already: nobody will look at this branch.
            branch.equations += [graph.subtract(*pair) for pair in rest]
            return [(branch, [])]
        plain = graph.subtract(left, right)
        factors, excluded = self._factors(plain)
        made = []
        for factor in factors:
            gap = graph.multiplied_out(factor, MAX_SUMMANDS)
            if gap.op == "number":
                made += [(branch.copy(), later)] if gap is graph.zero else []
                continue
            solution, atom = self._solution(gap, graph.zero)
            if solution is None:
                split = branch.copy()
                split.equations.append(graph.multiplied_out(plain, MAX_SUMMANDS))
                return [(split, later)]
            for value in solution.values:
                if value is not graph.undefined:
                    split = self._split(branch, (left, right), atom, value, solution)
                    split.excluded += excluded
                    split.lost += self._lost(branch, gap, value, solution)
                    made.append((split, later))
        return made

    def _factors(self, gap: Node) -> tuple[list[Node], list[Node]]:
        """Factors of which one must vanish, and those of higher multiplicity: a double root is a corner that nobody has in mind.

        What cannot vanish is left out; denominators are multiplied into the others, where they may cancel.
        """
        if gap.op != "*":
            return [gap], []
        once, often, under = [], [], []
        for factor in gap.args:
            power = factor.args[1].value if factor.op == "^" and factor.args[1].op == "number" else 1
            if power < 0:
                under.append(factor)
            elif self.ranges.is_never_zero(factor) or not atoms_of([factor]):
                continue
            elif power > 1:
                often.append(factor.args[0])
            else:
                once.append(factor)
        once, often = (once, often) if once else (often[:1], often[1:])
        return [self.graph.multiply((*under, factor)) for factor in once], often

    def _split(self, branch: Branch, sides: tuple[Node, Node], atom: Node, value: Node, solution: Solution) -> Branch:
        """The branch on which an atom has one of its values."""
        graph = self.graph
        split = branch.copy()
        self._put_in(split, atom, value)
        split.divisors += solution.divisors
        split.is_complete = split.is_complete and solution.is_complete
        split.filters.append(graph.relation("=", *graph.replace(sides, {atom: value})))
        return split

    def _lost(self, branch: Branch, gap: Node, value: Node, solution: Solution) -> list[Lost]:
        """The divisors of a solution at whose zeros the equation may hold whatever the unknown is."""
        zero = self.graph.zero
        nonzero = {side for condition in branch.filters if condition.op == "≠" and zero in condition.args for side in condition.args}
        doubtful = [each for each in solution.divisors if not self.ranges.is_never_zero(each) and each not in nonzero]
        found = [(divisor, self._zero_of(divisor, gap)) for divisor in doubtful]
        return [Lost(divisor, self._with(branch, there)) for divisor, there in found if there is not None or value is zero]

    def _with(self, branch: Branch, there: dict[Node, Node] | None) -> dict[Node, Node]:
        """What has been solved on a branch where one atom more is known."""
        values = self.graph.replace(branch.solved.values(), there) if there else ()
        return dict(zip(branch.solved, values, strict=False)) | (there or {})

    def _zero_of(self, divisor: Node, gap: Node) -> dict[Node, Node] | None:
        """Where a divisor is zero and a gap with it, as what one atom is."""
        for atom in atoms_of([divisor])[:MAX_TURNED]:
            solution = solve(self.graph, divisor, self.graph.zero, atom, self.work)
            for value in solution.values if solution is not None else ():
                (turned,) = self.graph.replace([gap], {atom: value})
                if self.graph.multiplied_out(turned, MAX_SUMMANDS) is self.graph.zero:
                    return {atom: value}
        return None

    def _put_in(self, branch: Branch, atom: Node, value: Node) -> None:
        graph = self.graph
        mapping = {atom: value}
        keys = list(branch.solved)
        values = graph.replace(branch.solved.values(), mapping)
        branch.solved = dict(zip(keys, values, strict=True))
        branch.solved[atom] = value
        branch.equations = graph.replace(branch.equations, mapping)
        branch.divisors = graph.replace(branch.divisors, mapping)

    def _solution(self, left: Node, right: Node) -> tuple[Solution | None, Node]:
        """The best solution: one value, nothing divided by, an atom without a domain of its own."""
        best: tuple[tuple, Solution | None, Node] | None = None
        for atom in self._candidates(left, right):
            self.attempts += 1
            solution = solve(self.graph, left, right, atom, self.work) if self.attempts <= MAX_ATTEMPTS else None
            if solution is None:
                continue
            domain = self.graph.domain(atom)
            narrow = domain.lower is not None or domain.upper is not None or bool(domain.values) or domain.integer
            doubtful = sum(not self.ranges.is_never_zero(divisor) for divisor in solution.divisors)
            rank = (not solution.is_complete, len(solution.values), bool(domain.values), doubtful, narrow, atom.index)
            if best is None or rank < best[0]:
                best = rank, solution, atom
            if rank[:4] == (False, 1, False, 0):
                break
        return (None, left) if best is None else best[1:]

    def _candidates(self, left: Node, right: Node) -> list[Node]:
        """Atoms, and values of unknown functions that do not stand inside another's argument."""
        found = atoms_of([left, right])
        inside = {part for node in found if node.op == "unknown" for part in reachable(node.args)}
        free = [node for node in found if node not in inside]
        return sorted(free, key=lambda node: self.graph.domain(node) is not REAL)[:MAX_CANDIDATES]


def _incomplete(branch: Branch) -> Branch:
    """The branch once some of its sisters were dropped."""
    return replace(branch, is_complete=False)
