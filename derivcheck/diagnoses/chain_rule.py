r"""The chain rule is applied in part: the inner derivative is missing, there twice, or of the wrong thing, or a sum over paths is missing.

Holds: $\frac{d}{dx} \sin(x^2) = 2x \cos(x^2)$. Does not: $\frac{d}{dx} \sin(x^2) = \cos(x^2)$.

Confirmed by the inner derivatives themselves: one of them is exactly what a part lacks, or has too much.
"""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.diagnosis import Diagnosis, Repair, Workbench
from derivcheck.reading.content import bare
from derivcheck.reading.edit import everywhere, factors, negated, over, product_of, put, renamed, signature, times, without_factor
from derivcheck.reading.expression import Binder, Call, Differential, Expression, Literal, Name, Power, Product, walk
from derivcheck.repair.bench import Inner
from derivcheck.repair.row import alike, mapped
from derivcheck.repair.site import Site, insides_of
from derivcheck.source import NOWHERE

WHOLES = ("whole", "term", "bracketed", "case", "part")
LETTERS = "kmlpqrst"


def propose(bench: Workbench) -> Iterator[Repair]:
    if not bench.differentiates:
        return
    yield from _linked(bench)
    inners = bench.inners
    for site in bench.sites:
        if site.role in WHOLES and site.want is not None and site.have is not None:
            yield from _missing(bench, site, inners)
        elif site.role == "factor" and site.want is not None and not isinstance(site.expression, Name):
            yield from _other(bench, site, inners)
        elif site.want is None and site.role in ("whole", "term", "body", "bracketed", "part"):
            yield from _blind(bench, site, inners)
        if isinstance(site.expression, Product) and site.want is not None:
            yield from _summed(bench, site, site.expression)
    if isinstance(bench.step.left, Differential) and any(_is_chain(site.expression) for site in bench.sites):
        message = f"the chain rule gives something else for {bench.shown(bench.step.left)}: a path is missing, or one that is none"
        yield Repair(None, 4.0, message, bench.focus(bench.step.right), is_suspected=True)


def _is_chain(expression: Expression) -> bool:
    """Whether an expression is a product of derivatives."""
    links = [factor for factor in factors(expression) if isinstance(bare(factor), Differential)]
    return len(links) > 1 and len(links) == len(factors(expression))


def _linked(bench: Workbench) -> Iterator[Repair]:
    """A product of derivatives in which one does not go on from where the one before it ends."""
    left, chain = bench.step.left, [bare(factor) for factor in factors(bench.step.right)]
    if not isinstance(left, Differential) or len(left.by) != 1 or len(chain) < 2:
        return
    middle: Expression = left.body
    for place, link in enumerate(chain):
        if not isinstance(link, Differential) or len(link.by) != 1:
            return
        if signature(link.body) != signature(middle):
            before = bench.shown(chain[place - 1]) if place else bench.shown(left)
            message = f"the factors do not link up: {bench.shown(link)} does not go on from {before}"
            yield from _completed(bench, chain[:place], left, message)
            return
        middle = link.by[0]


def _completed(bench: Workbench, links: list[Expression], left: Differential, message: str) -> Iterator[Repair]:
    """The links that do go on from each other, as many as possible, and what they lack."""
    for cut in range(len(links), 0, -1):
        last = links[cut - 1]
        assert isinstance(last, Differential)
        if signature(last.by[0]) != signature(left.by[0]):
            new = product_of(*links[:cut], Differential(last.by[0], left.by, last.total, NOWHERE))
            yield from bench.repair(bench.sites[0], new, 0.96 + 0.01 * (len(links) - cut), message)


def _missing(bench: Workbench, site: Site, inners: list[Inner]) -> Iterator[Repair]:
    ratio = mapped(lambda want, have: want / have, site.want, site.have)
    if ratio is None:
        return
    ways = (
        (ratio, 0.98, "is missing", lambda slope: times(site.expression, slope)),
        (mapped(lambda value: 1 / value, ratio), 1.08, "is there once too often", lambda slope: over(site.expression, slope)),
        (mapped(lambda value: -value, ratio), 1.28, "is missing, and a minus", lambda slope: times(negated(site.expression), slope)),
    )
    for inner in inners:
        for row, cost, said, make in ways:
            slope = bench.slope(inner) if row is not None and inner.row is not None and alike(row, inner.row) else None
            if slope is not None:
                message = f"the inner derivative {bench.shown(slope)} of {bench.shown(inner.inside)} {said}"
                yield from bench.repair(site, make(slope), cost + _nearness(site.expression, inner), message)
                break


def _nearness(expression: Expression, inner: Inner) -> float:
    """Inner derivatives of what stands in the very place are likelier than others."""
    wanted = signature(inner.inside)
    return 0.0 if any(signature(part) == wanted for part in walk(expression)) else 0.1


def _other(bench: Workbench, site: Site, inners: list[Inner]) -> Iterator[Repair]:
    """Another factor stands where an inner derivative belongs."""
    for inner in inners:
        if inner.row is not None and site.want is not None and alike(site.want, inner.row):
            slope = bench.slope(inner)
            if slope is not None:
                message = f"the derivative of {bench.shown(inner.inside)} is {bench.shown(slope)}, not {bench.shown(site.expression)}"
                yield from bench.repair(site, slope, 1.14, message)


def _blind(bench: Workbench, site: Site, inners: list[Inner]) -> Iterator[Repair]:
    """Under a sum: the inner derivative of what stands in the very place."""
    inside = {signature(part) for part in insides_of(site.expression)}
    for inner in inners:
        slope = bench.slope(inner)
        if slope is None:
            continue
        shown = f"the inner derivative {bench.shown(slope)} of {bench.shown(inner.inside)}"
        cost = 1.5 if signature(inner.inside) in inside else 1.65
        yield from bench.repair(site, times(site.expression, slope), cost, f"{shown} is missing")
        for place, factor in enumerate(site.expression.factors if isinstance(site.expression, Product) else ()):
            if signature(factor) == signature(slope):
                yield from bench.repair(site, without_factor(site.expression, place), 1.6, f"{shown} is there once too often", factor)


def _summed(bench: Workbench, site: Site, product: Product) -> Iterator[Repair]:
    """A product of derivatives through one entry of a vector, where every entry depends on the variable."""
    chain = [bare(factor) for factor in product.factors if isinstance(bare(factor), Differential)]
    through = {signature(one.body): one.body for one in chain if isinstance(one, Differential) and isinstance(one.body, Name) and one.body.indices}
    for one in chain:
        if not isinstance(one, Differential) or len(one.by) != 1 or signature(one.by[0]) not in through:
            continue
        middle = through[signature(one.by[0])]
        assert isinstance(middle, Name)
        taken = {part.expression.spelling for part in everywhere(product) if isinstance(part.expression, Name)}
        letter = next((letter for letter in LETTERS if letter not in taken | set(bench.letters)), None)
        index = next((index for index in middle.indices if isinstance(index, Name)), None)
        if letter is None or index is None:
            continue
        new_middle = renamed(middle, index.spelling, letter)
        body = _through(product, middle, new_middle)
        new = Binder("+", (Name(letter, NOWHERE),), None, None, None, body, NOWHERE)
        message = f"every {bench.shown(new_middle)} depends on {bench.shown(_last_by(chain))}: the sum over {letter} is missing"
        yield from bench.repair(site, new, 0.99, message)


def _last_by(chain: list[Expression]) -> Expression:
    last = chain[-1]
    assert isinstance(last, Differential)
    return last.by[0]


def _through(expression: Expression, middle: Expression, new: Expression) -> Expression:
    """The product with another name for the quantity that its derivatives go through."""
    wanted = signature(middle)
    made = expression
    for part in everywhere(expression):
        if isinstance(part.expression, Name) and signature(part.expression) == wanted:
            made = put(made, part.path, new)
    return made


def plant(right: Expression) -> Iterator[Expression]:
    for part in everywhere(right):
        product = part.expression
        if isinstance(product, Product):
            insides = [inside for factor in product.factors if isinstance(factor, Call | Power) for inside in insides_of(factor)]
            kept = [factor for factor in product.factors if isinstance(factor, Call | Power) or not any(_is_slope(factor, one) for one in insides)]
            if kept and len(kept) < len(product.factors):
                yield put(right, part.path, product_of(*kept))


def _is_slope(factor: Expression, inside: Expression) -> bool:
    """Whether a factor is a name or a number that stands inside a function too, so that it may well be the inner derivative."""
    return isinstance(factor, Name | Literal) and any(signature(part) == signature(factor) for part in walk(inside)) and signature(factor) != signature(inside)


DIAGNOSIS = Diagnosis("DC202", "chain-rule", "chain-rule", propose, plant)