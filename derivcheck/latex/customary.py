r"""Macros that documents use and do not define: those of the physics package and its kin, and those that many a preamble has.

They unfold like macros of the document's own, which go before them: ``\norm{x}`` is ``\left\|x\right\|``, ``\bx`` is ``\mathbf{x}``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from derivcheck.latex.lexer import tokenize
from derivcheck.latex.token import Lexeme, Token
from derivcheck.source import Span

Forms = dict[int, str]
"""What a macro unfolds to, by the number of its arguments; an optional first argument counts, and stands in a table of its own."""


def _delimited(opening: str, closing: str) -> Forms:
    return {1: rf"\left{opening}#1\right{closing}"}


def _derivative(sign: str) -> Forms:
    return {1: rf"\frac{{{sign}}}{{{sign} #1}}", 2: rf"\frac{{{sign} #1}}{{{sign} #2}}"}


def _higher(sign: str) -> Forms:
    return {2: rf"\frac{{{sign}^{{#1}}}}{{{sign} #2^{{#1}}}}", 3: rf"\frac{{{sign}^{{#1}} #2}}{{{sign} #3^{{#1}}}}"}


def _named(names: str, forms: Forms) -> dict[str, Forms]:
    return {f"\\{name}": forms for name in names.split()}


_FORMS = {
    **_named("R RR reals Reals", {0: r"\mathbb{R}"}),
    **_named("NN natnums", {0: r"\mathbb{N}"}),
    **_named("Z ZZ", {0: r"\mathbb{Z}"}),
    **_named("P PP", {0: r"\mathbb{P}"}),
    **_named("E EE expect expval", {0: r"\mathbb{E}", 1: r"\mathbb{E}\left[#1\right]"}),
    **_named("Prob prob", {0: r"\mathbb{P}", 1: r"\mathbb{P}\left(#1\right)"}),
    **_named("KL kl kldiv", {0: r"\mathrm{KL}", 2: r"\mathrm{KL}\left(#1\,\|\,#2\right)"}),
    **_named("1 ind indic indicator", {0: r"\mathbb{1}", 1: r"\mathbb{1}\left\{#1\right\}"}),
    **_named("given", {0: r"\mid"}),
    **_named("half", {0: r"\frac{1}{2}"}),
    **_named("eps", {0: r"\epsilon"}),
    **_named("veps vareps", {0: r"\varepsilon"}),
    **_named("lam", {0: r"\lambda"}),
    **_named("ra rarr", {0: r"\to"}),
    **_named("Ra rArr imp", {0: r"\Rightarrow"}),
    **_named("larr", {0: r"\leftarrow"}),
    **_named("infin", {0: r"\infty"}),
    **_named("isin", {0: r"\in"}),
    **_named("plusmn", {0: r"\pm"}),
    **_named("sdot vdot", {0: r"\cdot"}),
    **_named("laplacian", {0: r"\nabla^2"}),
    **_named("norm Norm", _delimited(r"\|", r"\|")),
    **_named("normsq", {1: r"\left\|#1\right\|^2"}),
    **_named("abs Abs absval", _delimited("|", "|")),
    **_named("inner ip inp innerp inprod iprod innerproduct dotp dotprod", {1: r"\langle #1\rangle", 2: r"\langle #1, #2\rangle"}),
    **_named("ceil", _delimited(r"\lceil", r"\rceil")),
    **_named("floor", _delimited(r"\lfloor", r"\rfloor")),
    **_named("set", _delimited(r"\{", r"\}")),
    **_named("paren parens pqty", _delimited("(", ")")),
    **_named("brack bracks bqty", _delimited("[", "]")),
    **_named("qty", {0: "", **_delimited(r"\{", r"\}")}),
    **_named("dv odv derivative der deriv od dod tod", _derivative("d")),
    **_named("pd pder pderiv pdiff dpd tpd fpd diffp", _derivative(r"\partial")),
    **_named("pdv partialderivative", {**_derivative(r"\partial"), 3: r"\frac{\partial^2 #1}{\partial #2\partial #3}"}),
    **_named("diff", {0: r"\mathrm{d}", 1: r"\mathrm{d}#1", 2: r"\frac{d #1}{d #2}"}),
    **_named("dd differential", {0: r"\mathrm{d}", 1: r"\mathrm{d}#1"}),
    **_named("eval evaluated evalat", {1: r"\left.#1\right|", 2: r"\left.#1\right|_{#2}"}),
    **_named("flatfrac", {2: r"\frac{#1}{#2}"}),
    **_named("order bigO", {1: "O(#1)"}),
    **_named("va", {0: r"\mathbf{a}", 1: r"\vec{#1}"}),
    **_named("vu", {0: r"\mathbf{u}", 1: r"\hat{#1}"}),
    **_named("vect matr mtx bvec", {1: r"\mathbf{#1}"}),
    **_named("bmat bmqty", {1: r"\begin{bmatrix}#1\end{bmatrix}"}),
    **_named("pmat pmqty mqty", {1: r"\begin{pmatrix}#1\end{pmatrix}"}),
}
_WITH_OPTION = {
    **_named("dv odv derivative der deriv od dod tod diff", _higher("d")),
    **_named("pdv partialderivative pd pder pderiv pdiff dpd tpd fpd diffp", _higher(r"\partial")),
    **_named("dd differential", {2: r"\mathrm{d}^{#1}#2"}),
}
_RAISED = {
    **_named("T tp tran trans transp transpose", {0: r"^{\top}", 1: r"{#1}^{\top}"}),
    **_named("inv", {0: "^{-1}", 1: "{#1}^{-1}"}),
}
_GREEK = (
    "alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|varphi|chi|psi|omega"
    "|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)
_FAMILIES = (
    (re.compile(rf"\\(?:bf|bm|bs|b|v)({_GREEK})"), r"\mathbf{\%s}"),
    (re.compile(r"\\(?:bf|bm|bs|b|v)([a-zA-Z])"), r"\mathbf{%s}"),
    (re.compile(r"\\m([A-Z])"), r"\mathbf{%s}"),
    (re.compile(r"\\(?:mc|cal|c)([A-Z])"), r"\mathcal{%s}"),
    (re.compile(r"\\bb([A-Z])"), r"\mathbb{%s}"),
    *((re.compile(rf"\\([a-zA-Z]){mark}"), rf"\{mark}{{%s}}") for mark in ("hat", "bar", "tilde")),
    *((re.compile(rf"\\({_GREEK}){mark}"), rf"\{mark}{{\%s}}") for mark in ("hat", "bar", "tilde")),
)
_LATEX = frozenset((r"\beta", r"\bf", r"\bm", r"\hbar"))
"""Commands of LaTeX itself that look like one of a family."""


def customary(call: Token, done: Sequence[Token], pending: Sequence[Token]) -> tuple[int, tuple[Token, ...]] | None:
    """How many arguments an undefined macro takes where it stands, and its body; None where it has no customary meaning.

    ``pending`` are the tokens behind it, the next one last; the number of groups there tells which form is meant.
    """
    name = call.text
    if name in _RAISED and _is_raised(done):
        return 0, _tokens(_RAISED[name][0][1:])
    has_option = bool(pending) and pending[-1].text == "["
    forms = (_WITH_OPTION.get(name) if has_option else None) or _FORMS.get(name) or _RAISED.get(name) or _family(name)
    if forms is None:
        return None
    following = _groups(pending, max(forms), has_option and name in _WITH_OPTION)
    fitting = [count for count in forms if count <= following]
    return (max(fitting), _tokens(forms[max(fitting)])) if fitting else None


def _is_raised(done: Sequence[Token]) -> bool:
    """Whether what comes next stands in a superscript."""
    return bool(done) and (done[-1].kind is Lexeme.SUPERSCRIPT or (done[-1].kind is Lexeme.OPEN and len(done) > 1 and done[-2].kind is Lexeme.SUPERSCRIPT))


def _groups(pending: Sequence[Token], most: int, has_option: bool) -> int:
    """How many groups in braces follow, at most so many; an option in square brackets before them counts as one."""
    count, at = 0, len(pending) - 1
    if has_option:
        while at >= 0 and pending[at].text != "]":
            at -= 1
        count, at = 1, at - 1
    while count < most and at >= 0 and pending[at].kind is Lexeme.OPEN:
        depth = 0
        while at >= 0:
            depth += (pending[at].kind is Lexeme.OPEN) - (pending[at].kind is Lexeme.CLOSE)
            at -= 1
            if depth <= 0:
                break
        count += 1
    return count


@cache
def _family(name: str) -> Forms | None:
    r"""What a name such as ``\bx``, ``\vtheta`` or ``\yhat`` prints."""
    if name in _LATEX:
        return None
    return next(({0: body % found.group(1)} for pattern, body in _FAMILIES if (found := pattern.fullmatch(name))), None)


@cache
def _tokens(body: str) -> tuple[Token, ...]:
    return tuple(tokenize(body, Span(0, len(body))))
