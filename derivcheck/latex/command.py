"""What the commands of LaTeX print: how many arguments they take and what kind of sign comes out."""

from __future__ import annotations

STYLES = {
    r"\mathbf": "bold", r"\bm": "bold", r"\boldsymbol": "bold", r"\pmb": "bold", r"\vb": "bold", r"\bf": "bold", r"\textbf": "bold",
    r"\mathcal": "calligraphic", r"\mathscr": "calligraphic", r"\cal": "calligraphic", r"\mathbb": "blackboard", r"\Bbb": "blackboard",
    r"\mathds": "blackboard", r"\mathbbm": "blackboard", r"\mathfrak": "fraktur", r"\mathrm": "upright", r"\rm": "upright", r"\mathsf": "upright",
    r"\mathtt": "upright", r"\operatorname": "operator", r"\operatorname*": "operator", r"\mathit": "", r"\mathnormal": "", r"\it": "",
    r"\sf": "upright", r"\tt": "upright",
}  # fmt: skip
DECLARATIONS = frozenset({r"\bf", r"\cal", r"\rm", r"\it", r"\sf", r"\tt"})

ACCENTS = frozenset(
    r"\hat \widehat \bar \overline \tilde \widetilde \dot \ddot \dddot \vec \overrightarrow \check \breve \acute \grave \mathring \underline"
    r" \underbar".split()
)
SAME_ACCENT = {r"\widehat": r"\hat", r"\overline": r"\bar", r"\widetilde": r"\tilde", r"\overrightarrow": r"\vec"}

TEXT = frozenset(r"\text \textrm \textit \textsf \texttt \textnormal \mbox \hbox \intertext \shortintertext \emph \textup \textsc".split())

FUNCTION_WORDS = frozenset("and by else elsewhere for from hence if iff or otherwise since such that then thus when where whereas with".split())
"""Words between formulas that are no name of anything, also where they are set upright as names are."""

SPACES = frozenset(
    r"\, \; \: \! \> \  \quad \qquad \thinspace \medspace \thickspace \enspace \negthinspace \enskip \hfill \hspace \vspace \hskip \mskip"
    r" \allowbreak \nobreak \null \strut \mathstrut \displaystyle \textstyle \scriptstyle \scriptscriptstyle \limits \nolimits \nonumber"
    r" \notag \noindent \centering \small \footnotesize \large \Large \normalsize \relax \protect \par \newline \linebreak \hline \smallskip"
    r" \medskip \bigskip \left. \right. \/ \- \leavevmode \cr \bigl. \bigr. \kern \mathop \mathrel \mathbin \mathord \mathopen \mathclose"
    r" \mathinner \ensuremath \qedhere \qed \midrule \toprule \bottomrule".split()
    + ["\\ ", "\\\n"]
)
WIDE_SPACES = frozenset((r"\quad", r"\qquad", r"\enspace", r"\hfill"))
DROPPED_ARGUMENT = frozenset(
    (
        r"\label",
        r"\nonumber",
        r"\cite",
        r"\footnote",
        r"\vspace",
        r"\hspace",
        r"\phantom",
        r"\vphantom",
        r"\hphantom",
        r"\color",
        r"\raisebox",
    )
)
TAGS = frozenset((r"\tag", r"\eqno", r"\leqno"))
REFERENCES = frozenset((r"\ref", r"\eqref", r"\cref", r"\Cref", r"\autoref"))

SIZES = frozenset(r"\big \Big \bigg \Bigg \bigl \bigr \Bigl \Bigr \biggl \biggr \Biggl \Biggr \bigm \Bigm \biggm \Biggm \middle".split())

OPENING = {
    "(": "(",
    "[": "[",
    r"\{": r"\{",
    r"\langle": r"\langle",
    r"\lfloor": r"\lfloor",
    r"\lceil": r"\lceil",
    r"\lvert": "|",
    r"\lVert": r"\|",
    r"\lbrace": r"\{",
    r"\lbrack": "[",
    r"\llbracket": "[",
}
CLOSING = {
    ")": ")",
    "]": "]",
    r"\}": r"\}",
    r"\rangle": r"\rangle",
    r"\rfloor": r"\rfloor",
    r"\rceil": r"\rceil",
    r"\rvert": "|",
    r"\rVert": r"\|",
    r"\rbrace": r"\}",
    r"\rbrack": "]",
    r"\rrbracket": "]",
}
MATCHING = {"(": ")", "[": "]", r"\{": r"\}", r"\langle": r"\rangle", r"\lfloor": r"\rfloor", r"\lceil": r"\rceil", "|": "|", r"\|": r"\|"}
BARS = {"|": "|", r"\vert": "|", r"\mid": r"\mid", r"\|": r"\|", r"\Vert": r"\|", r"\parallel": r"\|"}

RELATIONS = {
    "=": "=", ":=": ":=", r"\coloneqq": ":=", r"\coloneq": ":=", r"\triangleq": ":=", r"\doteq": ":=", r"\stackrel": "=", r"\neq": r"\ne", r"\ne": r"\ne",
    "<": "<", ">": ">", r"\lt": "<", r"\gt": ">", r"\le": r"\le", r"\leq": r"\le", r"\leqslant": r"\le", r"\leqq": r"\le", r"\ge": r"\ge", r"\geq": r"\ge",
    r"\geqslant": r"\ge", r"\geqq": r"\ge", r"\approx": r"\approx", r"\thickapprox": r"\approx", r"\equiv": r"\equiv", r"\propto": r"\propto", r"\sim": r"\sim", r"\simeq": r"\simeq",
    r"\cong": r"\cong", r"\leftarrow": r"\leftarrow", r"\gets": r"\leftarrow", r"\longleftarrow": r"\leftarrow", r"\ll": r"\ll", r"\gg": r"\gg", r"\defeq": ":=", r"\eqdef": ":=", r"\asymp": r"\sim",
}  # fmt: skip
RELATION_SIGNS = frozenset(RELATIONS.values())
MEMBERSHIPS = frozenset(r"\in \notin \ni \subset \subseteq \supset \supseteq \subsetneq \not\in".split())
CONNECTIVES = frozenset(
    r"\Rightarrow \Longrightarrow \implies \iff \Leftrightarrow \Longleftrightarrow \therefore \because \to \rightarrow \longrightarrow"
    r" \leadsto \rightsquigarrow \Leftarrow \impliedby \mapsto \longmapsto \xrightarrow \hookrightarrow \land \wedge".split()
)
BINARY = {
    "+": "+", "-": "-", "*": "*", "/": "/", r"\cdot": r"\cdot", r"\times": r"\times", r"\div": "/", r"\pm": r"\pm", r"\mp": r"\mp", r"\ast": "*", r"\star": r"\star", r"\bullet": r"\cdot",
    r"\odot": r"\odot", r"\circ": r"\circ", r"\otimes": r"\otimes", r"\oplus": r"\oplus", r"\slash": "/", r"\cup": r"\cup", r"\cap": r"\cap", r"\setminus": r"\setminus", r"\vee": r"\vee",
    r"\lor": r"\vee", r"\neg": r"\neg", r"\lnot": r"\neg", r"\bmod": r"\bmod", r"\wedge": r"\wedge", r"\land": r"\wedge", r"\ominus": r"\ominus", r"\oslash": r"\oslash", r"\centerdot": r"\cdot", r"\boldsymbol{\cdot}": r"\cdot",
}  # fmt: skip
DOTS = frozenset(r"\dots \ldots \cdots \vdots \ddots \dotsc \dotsb \dotsm \dotsi \hdots \iddots \hdotsfor".split())
PUNCTUATION = {
    ",": ",",
    ";": ";",
    ":": ":",
    ".": ".",
    "!": "!",
    "?": "?",
    r"\colon": ":",
    r"\#": "#",
    r"\%": "%",
    r"\&": "&",
    "`": "`",
    '"': '"',
    "@": "@",
    r"\_": "_",
    r"\$": "$",
}

DISPLAY_ENVIRONMENTS = frozenset(
    "align aligned gather gathered equation split eqnarray multline multlined alignat flalign alignedat displaymath math subequations dmath"
    " IEEEeqnarray dgroup empheq".split()
)
MATRIX_ENVIRONMENTS = frozenset("matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix array psmallmatrix bsmallmatrix".split())
CASE_ENVIRONMENTS = frozenset(("cases", "dcases", "rcases", "drcases", "numcases"))
