"""What words say: announcements of facts, names of functions, conventions of the document."""

from __future__ import annotations

import re

_ANNOUNCES = re.compile(
    r"\b(?:let|where|with|denote[ds]?|denoting|given|assum\w*|suppos\w*|defin\w*|consider\w*|write|call|put|set|choose|take|fix|model\w*|is given by|are given by"
    r"|is called|stands? for|means|introduce|notation|at|for|initial\w*|start\w*|when|if|inputs?|outputs?|values?|data|such that|subject to|abbreviat\w*|replac\w*|note that we write)\b",
    re.I,
)
_STRONG = re.compile(
    r"\b(?:let|where|denote[ds]?|denoting|given|assum\w*|suppos\w*|defin\w*|consider\w*|model\w*|subject to|is called|stands? for|introduce|put|set|write|call)\b", re.I
)
_EXPRESSED = re.compile(
    r"(?:function|loss|cost|likelihood|entropy|rule|model|equation|objective|error|it|which) (?:can be|is|are|was|will be)?\s*(?:then |also |often |usually )?"
    r"(?:expressed|represented|given|defined|written|calculated|computed)|(?:function|loss|cost|likelihood|entropy|model|objective)\s*(?:is|:)\s*$|\b(?:now|next)\b.*\b(?:let|consider)",
    re.I,
)
_NO_ANNOUNCEMENT = re.compile(r"\blet us\b|\blet's\b|\bgiven that\b|\bset(?:ting)? (?:\S+ ){0,4}(?:to|equal to) (?:zero|0)\b|\bset to zero\b|\bis given by\b", re.I)
_LAST_CLAUSE = re.compile(r".*\b(?:so(?! that)|thus|hence|therefore|then|consequently|it follows(?: that)?|gives|yields|implies(?: that)?|we (?:\w+ )?(?:get|obtain|conclude|have))\b", re.I | re.S)
_LET_BE = re.compile(r"\b(?:let|suppose|assume)\b[^.:]*\b(?:be|have|has|is|are)\b[^.:]*[.!]$", re.I)
_ABBREVIATED = re.compile(r"\b(?:i\.i\.d|i\.e|e\.g|w\.r\.t|resp)\.", re.I)
_ANNOUNCED = re.compile("\\b(?:let|given|with|where|define|suppose|assume|consider)\\W*\N{OBJECT REPLACEMENT CHARACTER}(?:\\W*(?:and)?\\W*\N{OBJECT REPLACEMENT CHARACTER})*\\s*[.!]$", re.I)
_FORWARD = re.compile(r"(?:^|[.;:!?]\s+)(?:With|As)\b")
_BEGUN = re.compile(r"(?:^|[.;:!?]\s+)[A-Z][^.;:!?\ufffc]*\b(?:with|as)\W*$")
_FUNCTIONS = {
    "softmax": re.compile(r"soft-?max", re.I),
    "sigmoid": re.compile(r"sigmoid|logistic", re.I),
    "tanh": re.compile(r"tanh|hyperbolic tangent", re.I),
    "relu": re.compile(r"relu|rectif", re.I),
}
_IS_FUNCTION = re.compile(r"(?:^|[\s(,$])(\\?\w+|σ|φ|ϕ|ψ|\$[^$]{1,20}\$)\$?\s+(?:is|are|denotes?|means|represents?|be|being|for|stands? for)\s+(?:the |a |an |our )?((?:\w+[ -]?){1,3}?)(?:activation )?function", re.I)
_IS_KNOWN = re.compile(
    r"(?:^|[\s(,$])(\\?\w+|σ|φ|ϕ|ψ)(?:\((?:\\?\w+|\\cdot)\))?\$?(?:\s+(?:is|are|denotes?|means|represents?|be|being|for|stands? for)|\s*[:,])?\s+(?:the |a |an |our )(?:standard |usual |logistic )?(sigmoid|logistic|softmax|tanh|hyperbolic tangent|relu|rectif\w+)\b(?! (?:of|applied to) \$)", re.I
)
_THE_FUNCTION = re.compile(r"(?:the |with )((?:\w+[ -]?){1,2}?)(?:activation )?function\s+\$?(\\?\w+|σ|φ|ϕ|ψ)\$?(?=[\s,.;:)]|$)", re.I)
_THE_KNOWN = re.compile(r"(?:the |with |a )(?:standard |usual |logistic )?(sigmoid|logistic|softmax|tanh|hyperbolic tangent|relu|rectif\w+)(?: nonlinearity| activation| map)?,?\s+\$?(\\?\w+|σ|φ|ϕ|ψ)\$?(?=[\s,.;:)]|$)(?! of \$)", re.I)
_LETTERS = frozenset("sigma phi varphi psi tau rho theta eta".split())
_UNICODE = {"σ": r"\sigma", "φ": r"\phi", "ϕ": r"\phi", "ψ": r"\psi"}


_RESTATES = re.compile(
    r"\b(?:recall\w*|remember|as (?:before|above|stated|said|defined|we (?:saw|have seen|know))|(?:stated|defined|seen) (?:above|before|earlier)|once (?:more|again)|in other words|restat\w*)\b",
    re.I,
)

def announces(words: str) -> bool:
    """Whether the words before a formula introduce it as a fact."""
    return _ANNOUNCES.search(_last_clause(words)) is not None


def announces_strongly(words: str) -> bool:
    """Whether the words can be meant in no other way."""
    return _STRONG.search(_last_clause(words)) is not None


def _last_clause(words: str) -> str:
    """The words behind the last conclusion in a sentence: what it concludes is not announced by what it concludes from."""
    cleaned = _NO_ANNOUNCEMENT.sub(" ", words)
    found = _LAST_CLAUSE.match(cleaned)
    return cleaned[found.end() :] if found else cleaned


def has_ended(words: str) -> bool:
    """Whether an announcement was about the formulas in its own sentence, which has ended: ``Let f = g.``"""
    words = _ABBREVIATED.sub("", words.rstrip())
    return _ANNOUNCED.search(words) is not None or _LET_BE.search(words) is not None


def has_stopped(words: str) -> bool:
    """Whether words end with the end of a sentence."""
    return words.rstrip()[-1:] in (".", "!", "?")


def introduces(words: str) -> bool:
    """Whether words say that a formula for a quantity follows: ``the loss function is given by``."""
    return _EXPRESSED.search(words) is not None


_HELD_FIXED = re.compile(
    r"\b[EM][- ]?steps?\b|\bEM\b|\bexpectation[- ]maximi[sz]ation\b|\bresponsibilit|"
    r"\b(?:held|hold(?:s|ing)?|kept|keep(?:s|ing)?|treat(?:s|ed|ing)?|regard(?:s|ed|ing)?)\b[^.]{0,60}\b(?:fixed|constants?)\b",
    re.I,
)
_MOMENTS = re.compile(r"\b(?:Var|Cov)\b\s*\}?\s*(?:\\[a-zA-Z]+\s*)?[(\[{]|\b(?:expectations?|expected values?|random variables?)\b|期望|기댓값|期待値|随机变量|確率変数", re.I)


def speaks_of_geometry(text: str) -> bool:
    """Whether a document is about points and the segments between them."""
    return re.search(r"\\(?:triangle|measuredangle|angle)\b|\b(?:triangle(?! inequality)|quadrilateral|parallelogram)\b", text, re.I) is not None


def speaks_of_moments(text: str) -> bool:
    """Whether a document is about random variables: it tells of expectations, or has variances."""
    return _MOMENTS.search(text) is not None


def holds_fixed(text: str) -> bool:
    """Whether a document holds quantities fixed that it has defined, as the maximization step of an EM algorithm does."""
    return _HELD_FIXED.search(text) is not None


def supposes_anew(words: str) -> bool:
    """Whether the last sentence before a formula supposes something else than before: ``Suppose instead that``."""
    last = re.split(r"[.;:!?]\s", words)[-1]
    return re.search(r"\b(?:suppose|assume|imagine|let|take|consider|if)\b", last, re.I) is not None and re.search(r"\b(?:instead|now|rather|this time)\b", last, re.I) is not None


def explains(words: str) -> bool:
    """Whether words behind a formula say what it stands for: ``y = 1 means the first class``."""
    return re.match(r"\W*(?:represents?|means|denotes?|stands? for|indicates?|for (?:the )?(?:one|other|class)|is (?:the|a) )", words, re.I) is not None


def looks_back(words: str) -> bool:
    """Whether words say that what follows tells the meaning of what stands before. A "with" that begins a sentence looks forward."""
    return re.search(r"\b(?:where|with|here|in which|being|denot\w+|whereby|as)\b", _FORWARD.sub(" ", words), re.I) is not None


def looks_ahead(words: str) -> bool:
    """Whether a sentence begins with what is supposed in the rest of it: ``With A = b a^T this covers``, ``For n = 2 it is``."""
    return re.match(r"\W*(?:With|For|If|When|Taking|Putting|Setting)\s*$", words) is not None


def begins_with(words: str) -> bool:
    """Whether a "with" right before a formula belongs to a sentence that begins without one: then it looks forward, as in "Now with"."""
    return _BEGUN.search(words) is not None


def sets_zero(words: str) -> bool:
    """Whether words say that a derivative is set to zero."""
    return re.search(r"\b(?:set(?:s|ting)?|equat\w+|put(?:ting)?)\b[^.]*\b(?:zero|0)\b", words, re.I) is not None


def says_anew(words: str) -> bool:
    """Whether the last sentence before a formula says that a quantity is changed: ``with weight decay the loss becomes``."""
    last = re.split(r"[.;:!?]\s", words)[-1]
    return _OF_A_CASE.search(last) is None and re.search(r"\b(?:with\b.*\bbecomes?|in (?:an? |the )?(?:matrix|vector|vectori[sz]ed|compact|component|index|matrix-vector) (?:form|notation|terms)|new|instead|modif\w+|regulari[sz]\w+|penal\w+|add(?:s|ed|ing)?|replac\w+)\b", last, re.I) is not None


def tells_a_case(words: str) -> bool:
    """Whether words end in telling one of several cases apart, or what something comes to in one: ``the model with``, ``with b = 1 this becomes``."""
    return _OF_A_CASE.search(words) is not None


def says_where(words: str) -> bool:
    """Whether words end in telling what the letters of the same sentence stand for: ``.., where`` and ``with now``."""
    return re.search(r"\b(?:where|whereby|with|in which)(?:,? (?:now|here|this time|instead|then))?\W*$", words, re.I) is not None


_AT_REST = re.compile(
    r"\b(?:(?:settl|converg|tend|stabili[sz])(?:es?|s|ed|ing)? (?:down )?(?:at|to|towards?|in)|approach(?:es|ed)?|steady[- ]state|stationary (?:value|state|point|mean|variance)"
    r"|equilibrium|fixed[- ]points?|limit(?:ing value)? is|in the (?:long run|limit))\b(?:(?!\b(?:from|if|when|for|with|unless|because|since|while|but|only)\b)[^.;])*$",
    re.I,
)
_KEEPS_SHAPE = re.compile(
    r"\b(?:gradients?|derivatives?)\b[^;]{0,60}\b(?:(?:same|identical) (?:shape|size|dimensions?)|(?:shape|size|dimensions?) of (?:the )?(?:matrix|parameter|weight|variable|array|what)|shaped like)"
    r"|\bread(?:s|ing)? off\b[^;]{0,80}\b(?:same|identical) shape\b|\bdenominator[- ]layout\b|梯度[^。；]{0,20}(?:形状|维度)[^。；]{0,6}(?:相同|一致)",
    re.I,
)
_OF_A_CASE = re.compile(
    r"\b(?:ones?|cases?|models?|situations?|settings?|limits?|points?|examples?) (?:with|where|in which|for which)\W*$"
    r"|\b(?:with|for|if|when|setting|taking|putting|choosing) \N{OBJECT REPLACEMENT CHARACTER},? (?:this|it|that|which)\b[^.;]*$",
    re.I,
)
_DENIED_BEFORE = re.compile(
    r"\b(?:is|'s|was|be) (?:clearly |obviously |in general |generally )?(?:false|wrong|incorrect|untrue|not (?:true|the case|correct)),? (?:that|to)\b"
    r"|\b(?:common|frequent|typical|classic|popular|usual) (?:\w+ )?(?:mistake|error|misconception|fallacy)s?\b|\btempt(?:ed|ing) to\b|\bnot[\s*_]*$"
    r"|\bone (?:might|may|could) (?:\w+ ){0,3}(?:think|believe|guess|expect|write)\b|\b(?:do|does|should|must|can)(?: not|n't) (?:write|conclude|say)\b|\b(?:disprove|refute)\b"
    r"|\b(?:true or false|yes or no|whether)\b|^\W*(?:is|are|does) it (?:\w+ ){0,2}(?:true|correct|the case|possible|hold)\b",
    re.I,
)
_ASKED = re.compile(r"^\W*(?:Is|Are|Isn't|Does|Could it be that|Can it be that)\W*$")
_DENIED_BEHIND = re.compile(
    r"^\W*(?:(?:which|this|that|it)\s+)?(?:is|are|gives|leads to|yields)?\s*(?:clearly |obviously |now )?(?:(?:a|the|our) )?(?:contradiction|impossible|absurd|contradictory)\b"
    r"|^\W*(?:is|are|would be|was|were)?\s*(?:in general |generally |clearly )?(?:false|wrong|incorrect|untrue|invalid|a mistake|not (?:true|correct|valid|the case|right|so)\b)"
    r"|^\W*(?:does|do|need|will|did|would)(?: not|n't) (?:in general |generally |always )?(?:hold|follow|work|apply)|^\W*(?:fails|cannot (?:hold|be true))\b",
    re.I,
)


def is_denied(before: str, after: str) -> bool:
    """Whether the words around a formula do not assert it: they ask for it, or say that it is a mistake."""
    return any(pattern.search(before) for pattern in (_DENIED_BEFORE, _ASKED)) or _DENIED_BEHIND.search(after) is not None


_AIMS = re.compile(r"\b(?:show(?:ing)?|prov(?:e|ing)|verify(?:ing)?|establish(?:ing)?|demonstrat(?:e|ing))(?: that)?[\s*_:]*$", re.I)
_AIMED_AT = re.compile(r"^\W*(?:$|(?:for|whenever|when|if|on)\b)", re.I)


def aims(before: str, after: str) -> bool:
    """Whether words say that an equation is to be shown, and do not speak of what it defines: ``we need to prove that``."""
    return _AIMS.search(before) is not None and _AIMED_AT.search(after) is not None


def names_it(words: str) -> bool:
    """Whether words behind a chain say that its last member is a name for what it has come to: ``= k (say)``."""
    return re.match(r"^\W*(?:\(?\s*say\b|\(?let\))", words, re.I) is not None


def reduces(words: str) -> bool:
    """Whether words announce that rows of a matrix are worked on, so that a sign of equality leads to the next matrix."""
    return re.search(r"\brow[ -]?(?:reduc\w*|operations?|echelon|equivalent)|\bgauss\w*|\bechelon\b|\beliminat\w*", words, re.I) is not None


def concludes(words: str) -> bool:
    """Whether words say that what follows is a consequence."""
    return re.search(r"\b(?:so|thus|hence|therefore|then|consequently|gives?|yields?|obtain|get|(?<!as )follows|implies|becomes|simplif\w*|that is|i\.e\.)\b|∴", words, re.I) is not None


def comes_to_rest(words: str) -> bool:
    """Whether words say that what follows is where the values of a recurrence stay: ``settles at``, ``in the steady state``."""
    return _AT_REST.search(words) is not None


def restates(words: str) -> bool:
    """Whether words say that what follows was said before."""
    return _RESTATES.search(words) is not None and not says_anew(words)


def goes_to(words: str) -> bool:
    """Whether words before a value say that it is looked at for a moment: ``At $w = 0$ ..``."""
    return re.search(r"\b(?:at|for|when|if|evaluated at)(?: the (?:point|value|origin))?\W*$", words, re.I) is not None


def poses(words: str) -> bool:
    """Whether words say that what follows is to be solved."""
    return re.search(r"\b(?:solv(?:e|es|ing)|equations?|inequalit(?:y|ies)|roots?|solutions?|unknowns?)\b", words, re.I) is not None


def supposes(words: str) -> bool:
    """Whether the words just before a formula make it a condition: ``For``, ``when``, ``if``."""
    return re.search(r"\b(?:for|when|whenever|if|once|unless|until|while|as long as|in case|suppos\w+|assum\w+)\b[\s:*_]*$", words, re.I) is not None


_IN_WORDS = re.compile(
    r"^\W*(?:(?:but|and|then|so|now|for example|e\.g\.),? )?(?:if|whenever|in case|suppose|when)\b(?! (?:we|you|one|i|it|this|that|\w+ing)\b)[^\ufffc]*\w[^\ufffc]*,[^\ufffc,]*$", re.I
)


def supposes_in_words(words: str) -> bool:
    """Whether the last sentence before a formula says in words alone when it holds: ``If all of them are equal,``. What somebody does is no condition."""
    last = re.split(r"[.;:!?]\s", words)[-1]
    return not supposes(words) and _IN_WORDS.search(last) is not None


_LEAVES_OUT = (
    r"(?:ignor(?:e[ds]?|ing)|neglect(?:s|ed|ing)?|disregard(?:s|ed|ing)?|(?:drop(?:s|ped|ping)?|omit(?:s|ted|ting)?|discard(?:s|ed|ing)?|suppress(?:ed|ing)?)"
    r"(?! (?:the |all |its |this )?(?:ind|sub|super|sample|bracket|parenthes|argument|arrow|hat|notation))|leav(?:e|es|ing) (?:out|aside)|vernachlässig\w*|despreci\w*|néglige\w*"
    r"|up to (?:an? |the |some )?(?:\w+ )?(?:constants?|scal\w+|factors?|terms?|sign|proportionality|normali[sz]ation)|bis auf)"
)
_LEFT_OUT_BEFORE = re.compile(rf"\b{_LEAVES_OUT}\b|忽略|略去|不考虑", re.I)
_LEFT_OUT_BEHIND = re.compile(rf"^[^.;\ufffc]*\b{_LEAVES_OUT}\b|^[^.;\ufffc]*(?:忽略|略去|不考虑)", re.I)


def leaves_out(before: str, after: str) -> bool:
    """Whether the words of the sentence around a formula say that something is left out in it: ``ignoring constants``."""
    last = re.split(r"[.;:!?。]\s", before)[-1]
    return _LEFT_OUT_BEFORE.search(last) is not None or _LEFT_OUT_BEHIND.search(after) is not None


def tries(words: str) -> bool:
    """Whether the last sentence before a formula takes it for a try: ``We look for a solution of the form``."""
    last = re.split(r"[.;!?]\s", words)[-1]
    return re.search(r"\b(?:try(?:ing)?|trial|guess(?:ing)?|ansatz|look(?:ing)? for|seek(?:ing)?|of the form|suppos\w+|assum\w+|let|substitut\w+|put(?:ting)?|set(?:ting)?)\b", last, re.I) is not None


def constrains(words: str) -> bool:
    """Whether the words just before a formula make it what something is subject to."""
    return re.search(r"\b(?:subject to|such that|s\.\s?t\.).{0,20}$", words, re.I) is not None


def solves(words: str) -> bool:
    """Whether the words just before a formula say that it is solved: then it is an equation that somebody has set up."""
    return re.search(r"\bsolv(?:e|es|ing)\b(?: for)?(?: the)?(?: \w+)?[\s:*_]*$", words, re.I) is not None


def function_names(text: str) -> dict[str, str]:
    """Letters that the prose gives to a known function: ``σ is the softmax function``."""
    found: dict[str, str] = {}
    for pattern, letter, words in ((_IS_FUNCTION, 1, 2), (_THE_FUNCTION, 2, 1), (_IS_KNOWN, 1, 2), (_THE_KNOWN, 2, 1)):
        for match in pattern.finditer(text):
            name = next((name for name, pattern_of in _FUNCTIONS.items() if pattern_of.search(match.group(words))), None)
            spelled = match.group(letter).strip("$")
            if name is not None and (len(spelled) == 1 or spelled.lstrip("\\") in _LETTERS):
                found[_UNICODE.get(spelled, spelled)] = name
    return found


def speaks_of_softmax(text: str) -> bool:
    """Whether a document speaks of the softmax and never of the sigmoid: a sigma that it does not define may be either."""
    return re.search(r"soft-?\s?max", text, re.I) is not None and re.search(r"sigmoid|logistic", text, re.I) is None


def counts_order(text: str) -> bool:
    """Whether a document says that the order of factors counts, or is about quaternions."""
    return re.search(r"\bquaternion|(?:\bnot|n't) commut|\bnon-?commut|\banti-?commut|\bnicht kommut|\bkommutier\w+ nicht|四元数|不可交换", text, re.I) is not None


def says_elementwise(text: str) -> bool:
    return re.search(r"element-?\s?wise|entry-?\s?wise|component-?\s?wise|functions? acts? entr|act entrywise", text, re.I) is not None


def says_gradients_keep_shape(text: str) -> bool:
    """Whether a document says that the derivative of a number by an array has the shape of that array."""
    return _KEEPS_SHAPE.search(text) is not None


def says_prime_is_transpose(text: str) -> bool:
    return re.search(r"prime (?:is|means|denotes|stands for) (?:a |the )?transpose", text, re.I) is not None
