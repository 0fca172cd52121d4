"""Reports to draw: one finding or problem each, under the name by which cases ask for it."""

from __future__ import annotations

from dataclasses import replace

from derivcheck.diagnostic import ClaimReport, Counterexample, FileReport, Place, Problem, Verdict
from derivcheck.report import Page
from derivcheck.source import Source

TEXT = r"""Since
$$\frac{\partial \exp(a_i)}{\partial W_{ij}} = W_{ij} \exp(a_i) \quad (8)$$
therefore
$$\frac{\partial \hat{y}_i}{\partial W_{ij}} = W_{ij} \hat{y}_i (1 - \hat{y}_i)$$
and so on $= W_{ij}$."""


def claim(line: int, column: int, verdict: Verdict, **more: object) -> ClaimReport:
    """A claim whose sign is one character."""
    return ClaimReport(Place(line, column), Place(line, column + 1), "=", "a", "b", verdict, **more)  # type: ignore[arg-type]


WRONG = claim(
    2,
    46,
    Verdict.WRONG,
    error="wrong-variable",
    code="DC107",
    confidence="certain",
    message="∂a_i/∂W_ij is x_j, not W_ij",
    fix=r"x_j \exp(a_i)",
    counterexample=Counterexample((("d", 1), ("k", 1)), (("W_11", "1/2"), ("x_1", "2"), ("b_1", "0")), 5.4365636569, 1.35914091423),
    highlight=(Place(2, 48), Place(2, 54)),
    method="sampling",
)

IN_A_CELL = replace(
    WRONG, place=Place(2, 46, 3), end=Place(2, 47, 3), highlight=None, counterexample=None, follows=(Place(4, 1, 1), Place(1, 1, 3))
)
CARRIED = claim(4, 46, Verdict.CARRIED, follows=(Place(2, 46),), inherits=Place(2, 46))


def numbered(text: str, *claims: ClaimReport, problems: tuple[Problem, ...] = (), path: str = "homework.md") -> Page:
    """A page of a text with claims; every claim that is not carried or fine is a finding."""
    source = Source(path, text)
    shown = tuple(found for found in claims if found.verdict in (Verdict.WRONG, Verdict.UNDECIDED, Verdict.UNREADABLE))
    return Page(FileReport(path, claims, problems, seconds=0.25), shown, lambda place: source.line(place.line))


def wrong_at(text: str, start: int, end: int, **more: object) -> Page:
    """A page of one line with a wrong claim, the stretch between two columns marked."""
    found = replace(WRONG, place=Place(1, start), end=Place(1, start + 1), highlight=(Place(1, start), Place(1, end)), **more)
    return numbered(text, replace(found, counterexample=None, fix=None))


LONG = "a + " * 60 + "WRONG" + " + b" * 60

PAGES = {
    "wrong": numbered(
        TEXT,
        WRONG,
        claim(4, 46, Verdict.CARRIED, inherits=Place(2, 46)),
        claim(5, 12, Verdict.CARRIED, inherits=Place(4, 46)),
        claim(1, 1, Verdict.PROVED),
    ),
    "follows": numbered(
        TEXT,
        claim(1, 1, Verdict.PROVED),
        replace(WRONG, counterexample=None, fix=None, follows=(Place(1, 1),)),
        replace(WRONG, place=Place(4, 46), end=Place(4, 47), highlight=None, follows=(Place(1, 1), Place(2, 46), Place(4, 1))),
        replace(WRONG, place=Place(5, 12), end=Place(5, 13), highlight=None, counterexample=None, fix=None, follows=(Place(5, 1),)),
    ),
    "carried": Page(FileReport("homework.md", (CARRIED,)), (CARRIED,), lambda place: TEXT.splitlines()[place.line - 1]),
    "nothing": numbered("prose"),
    "likely": numbered(TEXT, replace(WRONG, confidence="likely", counterexample=None, fix=None, conditions=("x > 0", "y is one-hot"))),
    "shapes": numbered(TEXT, replace(WRONG, error="type", code="DC304", fix=None, counterexample=Counterexample(shapes=((3, "n"), ())))),
    "undecided": numbered(TEXT, claim(4, 46, Verdict.UNDECIDED, reason="no proof in the time given")),
    "tabs": wrong_at("\t$a\t= b$", 5, 6),
    "wide": wrong_at("梯度 $损失 = b\u0301c$ 海森", 7, 8),
    "long": wrong_at(LONG, 241, 246),
    "long marked": wrong_at(LONG, 1, 400),
    "beyond": wrong_at("$a = b$", 30, 40),
    "hostile": wrong_at("$a \x1b[31m= \u202eb\x9b$", 11, 12, message="seen \x1b]0;owned\x07 in\nit", fix="b\x1b[2J"),
    "problems": numbered("x\n$$ y", problems=(Problem(2, "`$$` is not closed"), Problem(1, "not \x1b[1m UTF-8")), path="no\x07te.md"),
    "notebook": Page(
        FileReport("lab.ipynb", (IN_A_CELL,)),
        (IN_A_CELL,),
        lambda place: Source("cell", TEXT).line(place.line),
    ),
}


def page(name: str) -> Page:
    return PAGES[name]
