"""Names and their scripts: labels, indices, samples, powers and transposes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from derivcheck.latex.node import Accent, Digits, Fenced, Glyph, Mark, Node, Row, Scripts, Words, items_of
from derivcheck.reading.custom import CONSTANTS, COUNTERS
from derivcheck.reading.expression import Bracketed, Entry, Expression, Literal, Name, Power, Prime, Product, Quotient, Transpose, doubted
from derivcheck.reading.ones import ones, transposed_ones
from derivcheck.reading.vocabulary import Vocabulary
from derivcheck.source import Span

if TYPE_CHECKING:
    from derivcheck.reading.reader import Reader

# How a unit of measurement is spelled, so that it is no variable.
_PRIME = "'"
UNIT = r"\text{{{}}}"
_TRANSPOSES = frozenset(("T", r"\top", r"\intercal", r"\mathsf{T}", r"\mathrm{T}", r"\tran", r"\trans", r"\transpose"))
_LABEL_SIGNS = frozenset(("*", r"\ast", r"\star", r"\dagger", "+", "-", r"\prime", r"\circ", r"\circledast", r"\#"))
_LABEL_WORDS = frozenset(
    "new old max min opt best next prev in out tot total avg mean ref true pred test train val MAP MLE ML MSE LS OLS CE reg eff net hid hidden"
    " input output bias and or init final init target data model loss ridge lasso clip norm emp exp obs sgd gd lin quad std var cov adj rms"
    " err error sum prod left right up down high low base mid first last end start pos neg fwd bwd rec gen enc dec".split()
)
GREEK_LETTERS = frozenset(
    r"\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa \lambda \mu \nu \xi \pi \rho \sigma \tau"
    r" \upsilon \phi \varphi \chi \psi \omega \Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi \Psi \Omega \ell \hbar \imath \jmath"
    r" \aleph \varsigma \varrho \varpi \varkappa \infty \emptyset \varnothing \Re \Im \wp".split()
)


@dataclass(frozen=True, slots=True)
class Spelled:
    """A name's letters as they identify it, and whether they were bold."""

    spelling: str
    bold: bool = False


def has_arrow(name: Name) -> bool:
    """Whether a name has an arrow above it, as a vector has."""
    return name.spelling.startswith(r"\vec{")


def spell(node: Node) -> Spelled | None:
    r"""The name that a node prints, bold type left out; None where it prints no name."""
    match node:
        case Glyph():
            return _spell_glyph(node)
        case Accent():
            inside = spell(node.body)
            return None if inside is None else Spelled(f"{node.mark}{{{inside.spelling}}}", inside.bold)
        case Words() if is_identifier_text(node.text):
            return Spelled(upright(node.text.strip()))
        case Row() if len(node.items) == 1:
            return spell(node.items[0])
        case Row() if len(node.items) > 1 and all(isinstance(item, Glyph) and len(item.text) == 1 for item in node.items):
            return Spelled("".join(item.text for item in node.items), node.items[0].style == "bold")
    return None


def _spell_glyph(node: Glyph) -> Spelled | None:
    text = node.text
    if text.startswith("\\") and text not in GREEK_LETTERS and node.style != "upright":
        return Spelled(text, node.style == "bold")
    match node.style:
        case "unit":
            return Spelled(UNIT.format(text))
        case "calligraphic":
            return Spelled(rf"\mathcal{{{text}}}")
        case "blackboard":
            return Spelled(rf"\mathbb{{{text}}}")
        case "fraktur":
            return Spelled(rf"\mathfrak{{{text}}}")
        case "upright" if len(text) > 1 and not text.startswith("\\"):
            return Spelled(upright(text))
    return Spelled(text, node.style == "bold")


def upright(word: str) -> str:
    """The spelling of a name of several letters."""
    return word if len(word) == 1 else rf"\mathrm{{{word}}}"


def is_unit(name: Name) -> bool:
    """Whether a name is a unit of measurement."""
    return is_unit_spelling(name.spelling)


def is_unit_spelling(spelling: str) -> bool:
    return spelling.startswith(UNIT[: UNIT.index("{")])


def bare_word(spelling: str) -> str:
    r"""The letters of an upright name or of a command: ``\mathrm{sgd}`` and ``\sgd`` give ``sgd``."""
    if spelling.startswith(r"\mathrm{"):
        return spelling[len(r"\mathrm{") : -1]
    return spelling.removeprefix("\\")


def is_identifier_text(text: str) -> bool:
    """Whether the words of a text command are one name rather than prose."""
    from derivcheck.reading.vocabulary import CONNECTIVES

    word = text.strip()
    return word.replace("_", "").replace("-", "").isalnum() and word[:1].isalpha() and word.lower() not in CONNECTIVES and " " not in word


def read_scripts(reader: Reader, base: Expression, node: Scripts) -> Expression:
    """The base with its subscript and superscript understood. A name takes labels, indices and samples into itself."""
    result = base
    if node.below is not None:
        alone = node.above is None and not node.primes
        result = _below(reader, result, node.below, base.span.cover(node.span if alone else node.below.span))
    if node.primes:
        result = _dummy(reader, result, node) or _primed(result, node)
    if node.above is not None:
        result = _above(reader, result, node.above, node)
    return result


def _dummy(reader: Reader, base: Expression, node: Scripts) -> Expression | None:
    """A letter with primes that an integral runs over, as a name of its own; None for anything else."""
    spelling = f"{base.spelling}{_PRIME * node.primes}" if isinstance(base, Name) and not (base.indices or base.primes) else ""
    return Name(spelling, node.span) if spelling in reader.vocabulary.dummies else None


def _primed(base: Expression, node: Scripts) -> Expression:
    if isinstance(base, Name):
        return replace(base, primes=base.primes + node.primes, span=node.span)
    return Prime(base, node.primes, node.span)


def _below(reader: Reader, base: Expression, below: Node, span: Span) -> Expression:
    label = label_of(below, reader.vocabulary)
    is_function = isinstance(base, Name) and reader.vocabulary.is_function(base.spelling) is True
    if isinstance(base, Name) and base.spelling in reader.vocabulary.paired and _is_pair(below):
        # Two letters that do not count tell what a quantity is about, as in S_{xy} and W_{hh}; below a function small ones are what it is differentiated by.
        pair = _pair_label(below, reader.vocabulary)
        label = None if is_function and pair is not None and bare_word(pair).islower() else pair
    if isinstance(base, Name):
        if label is not None:
            return replace(base, spelling=f"{base.spelling}_{{{label}}}", span=span)
        below = _two_digits(below) if base.spelling in reader.vocabulary.paired else below
        return replace(base, indices=(*base.indices, *read_indices(reader, below)), span=span)
    vector = ones(base)
    if vector is not None:
        return replace(vector, indices=read_indices(reader, below), span=span)
    return Entry(base, read_indices(reader, below), span)


def _is_pair(below: Node) -> bool:
    """Whether a subscript is two letters side by side, as the entry of a matrix has."""
    items = below.items if isinstance(below, Row) else ()
    return len(items) == 2 and all(isinstance(item, Glyph | Digits) for item in items)


def _pair_label(below: Node, vocabulary: Vocabulary) -> str | None:
    """The label that two letters side by side are where neither of them counts; None for indices."""
    letters = [item.text for item in items_of(below) if isinstance(item, Glyph) and len(item.text) == 1 and not item.style]
    counts = len(letters) < 2 or any(letter in vocabulary.indices for letter in letters)
    return None if counts else rf"\mathrm{{{''.join(letters)}}}"


def _two_digits(below: Node) -> Node:
    """``w_{12}`` of a matrix has the indices 1 and 2."""
    if isinstance(below, Digits) and below.text.isdigit() and len(below.text) == 2:
        start = below.span.start
        return Row(tuple(Digits(digit, Span(start + k, start + k + 1)) for k, digit in enumerate(below.text)), below.span)
    return below


def label_of(node: Node, vocabulary: Vocabulary) -> str | None:
    r"""The label that a subscript is, in the spelling of names; None where it counts."""
    if isinstance(node, Words):
        return rf"\mathrm{{{node.text.strip()}}}" if len(node.text.strip()) > 1 else node.text.strip()
    items = items_of(node)
    if not items or any(isinstance(item, Mark) and item.text in (",", ";") for item in items):
        return None
    if len(items) > 1 and all(isinstance(item, Glyph) and len(item.text) == 1 and not item.style for item in items):
        return _word_label("".join(item.text for item in items), vocabulary)
    if len(items) > 1:
        return _mixed_label(items)
    only = items[0]
    if isinstance(only, Glyph) and only.style == "upright" and len(only.text) > 1:
        return rf"\mathrm{{{only.text}}}"
    if isinstance(only, Mark):
        return only.text if only.text in _LABEL_SIGNS else None
    if isinstance(only, Scripts):
        return _scripted_label(only, vocabulary)
    spelled = spell(only)
    if spelled is None or spelled.spelling in vocabulary.indices:
        return None
    return spelled.spelling


def _word_label(letters: str, vocabulary: Vocabulary) -> str | None:
    """A run of letters is a label where it is a word or holds capitals; else its letters count side by side."""
    if letters in _LABEL_WORDS or letters in vocabulary.identifiers:
        return rf"\mathrm{{{letters}}}"
    counting = [letter for letter in letters if letter in vocabulary.indices]
    if not counting and (len(letters) > 3 or not letters.islower()):
        return rf"\mathrm{{{letters}}}"
    return None


def _mixed_label(items: tuple[Node, ...]) -> str | None:
    if all(isinstance(item, Words | Glyph) for item in items) and any(isinstance(item, Words) for item in items):
        spelled = [spell(item) for item in items]
        return rf"\mathrm{{{''.join(bare_word(part.spelling) for part in spelled if part)}}}"
    return None


def _scripted_label(node: Scripts, vocabulary: Vocabulary) -> str | None:
    r"""A label that carries scripts itself, as in ``h_{\theta_j}``; what counts in it is an index, so there is no label."""
    if node.above is not None or node.base is None:
        return None
    spelled = spell(node.base)
    inner = label_of(node.below, vocabulary) if node.below is not None else None
    if spelled is None or inner is None or spelled.spelling in vocabulary.indices:
        return None
    return f"{spelled.spelling}_{{{inner}}}"


def read_indices(reader: Reader, below: Node) -> tuple[Expression, ...]:
    r"""The indices of a subscript: ``ij`` gives two, ``i,j`` gives two, ``t+k`` gives one, ``\theta_j`` gives j."""
    items = list(items_of(below))
    if len(items) == 1 and isinstance(items[0], Scripts):
        inner = items[0]
        spelled = spell(inner.base) if inner.base is not None else None
        if spelled is not None and spelled.spelling not in reader.vocabulary.indices and inner.below is not None and inner.above is None:
            return read_indices(reader, inner.below)
    parts: list[list[Node]] = [[]]
    for item in items:
        if isinstance(item, Mark) and item.text in (",", ";"):
            parts.append([])
        else:
            parts[-1].append(item)
    found: list[Expression] = []
    for part in parts:
        if any(isinstance(item, Mark) and item.text == r"\sim" for item in part):
            found.append(reader.condition(part))
        elif len(part) > 1 and all(isinstance(item, Glyph | Digits | Scripts) for item in part):
            found += [reader.inside([piece]) for item in part for piece in _pieces(item)]
        elif part:
            found.append(reader.inside(part))
    return tuple(found)


def _pieces(item: Node) -> list[Node]:
    """A number of several digits among letters stands for several indices."""
    if isinstance(item, Digits) and item.text.isdigit() and len(item.text) > 1:
        return [Digits(digit, item.span) for digit in item.text]
    return [item]


def _above(reader: Reader, base: Expression, above: Node, node: Scripts) -> Expression:
    items = list(items_of(above))
    result = base
    while items:
        taken, result = _one_above(reader, result, items, node)
        items = items[taken:]
    return result


def _transposed(base: Expression, span: Span) -> Expression:
    """A transpose; of an entry in brackets, as in ``(a_{ij})^T``, in doubt the entry of the transpose."""
    entry = base.body if isinstance(base, Bracketed) else None
    plain = Transpose(base, span)
    if not isinstance(entry, Name) or len(entry.indices) != 2:
        return plain
    return doubted(((plain, 0), (replace(entry, indices=entry.indices[::-1], span=span), 2)), "an entry or the matrix of the entries", span)


def _one_above(reader: Reader, base: Expression, items: list[Node], node: Scripts) -> tuple[int, Expression]:
    """One thing in a superscript (a label, sample, transpose or power): how many items it takes, and the result."""
    first, span = items[0], base.span.cover(node.span)
    if isinstance(first, Mark) and first.text == r"\circ" and len(items) == 1 and isinstance(base, Literal):
        return 1, Product((base, Quotient(Name(r"\pi", span), Literal(180, span), span)), ("",), span)
    if isinstance(first, Fenced) and first.opening in ("(", "[") and isinstance(base, Name) and _is_sample(first, base) and _ends_label(items[1:]):
        return 1, replace(base, samples=(*base.samples, *reader.listed(first.body)), span=span)
    if isinstance(base, Name) and _is_layer(reader, items):
        return len(items), replace(base, samples=(*base.samples, reader.inside(items)), span=span)
    spelled = spell(first)
    if spelled is not None and spelled.spelling in _TRANSPOSES and (len(items) == 1 or not _continues(items[1])):
        if not isinstance(base, Literal):
            return 1, _transposed(base, span)
        turned = transposed_ones(base, span)
        if turned is not None:
            return 1, turned
    if isinstance(first, Mark) and first.text in ("-", "+") and len(items) == 2 and _is_transpose(items[1]):
        return 2, Transpose(Power(base, Literal(-1, span), span), span)
    if len(items) == 1 and isinstance(first, Mark) and first.text in ("'", r"\prime"):
        return 1, _primed(base, replace(node, primes=1))
    label = _upper_label(items) or _lone_label(reader, base, items)
    if label is not None and isinstance(base, Name):
        return len(items), replace(base, spelling=f"{base.spelling}^{{{label}}}", span=span)
    if (
        isinstance(first, Mark)
        and first.text == "-"
        and len(items) >= 2
        and isinstance(items[1], Digits)
        and len(items) > 2
        and _is_transpose(items[2])
    ):
        return 2, Power(base, reader.inside(items[:2]), span)
    return len(items), Power(base, reader.inside(items), span)


def _is_sample(fence: Fenced, base: Name) -> bool:
    """A bracket in a superscript labels a sample or a layer if it holds a letter, a number or a simple count; above an e its letters must be ones that count."""
    items = fence.body.items
    if base.spelling in CONSTANTS and not all(item.text in COUNTERS for item in items if isinstance(item, Glyph)):
        return False
    return 0 < len(items) <= 5 and all(isinstance(item, Glyph | Digits | Mark | Scripts) for item in items)


def _ends_label(rest: Sequence[Node]) -> bool:
    """Whether what stands behind a bracket in a superscript leaves it a label: nothing, a transpose, a prime, a number, another label; a factor makes it part of an exponent."""
    if not rest or isinstance(rest[0], Fenced | Words | Digits):
        return True
    if isinstance(rest[0], Mark):
        is_inverse = rest[0].text == "-" and len(rest) > 1 and (_is_transpose(rest[1]) or (isinstance(rest[1], Digits) and rest[1].text == "1"))
        return is_inverse or rest[0].text in (",", ";") or all(isinstance(item, Mark) and item.text in _LABEL_SIGNS | {"'"} for item in rest)
    return _is_transpose(rest[0]) or _upper_label([rest[0]]) is not None


def _is_layer(reader: Reader, items: list[Node]) -> bool:
    """Whether a superscript is the number of a layer: ``l``, ``l - 1``."""
    first = items[0]
    if not isinstance(first, Glyph) or first.text not in reader.vocabulary.layers or len(items) not in (1, 3):
        return False
    return len(items) == 1 or (isinstance(items[1], Mark) and items[1].text in ("+", "-") and isinstance(items[2], Digits))


def _continues(node: Node) -> bool:
    """Whether a letter T in an exponent is a factor or summand of something longer."""
    return not (isinstance(node, Fenced) or _is_transpose(node))


def _is_transpose(node: Node) -> bool:
    spelled = spell(node)
    return spelled is not None and spelled.spelling in _TRANSPOSES


def _lone_label(reader: Reader, base: Expression, items: list[Node]) -> str | None:
    """A letter above a name with an index that tells it from others of the same letter."""
    only = items[0]
    is_label = len(items) == 1 and isinstance(base, Name) and bool(base.indices) and isinstance(only, Glyph) and only.text in reader.vocabulary.labels
    return only.text if is_label else None


def _upper_label(items: list[Node]) -> str | None:
    if len(items) == 1 and isinstance(items[0], Mark) and items[0].text in _LABEL_SIGNS:
        return items[0].text
    if len(items) == 1 and isinstance(items[0], Glyph) and items[0].text in _LABEL_SIGNS:
        return items[0].text
    if all(isinstance(item, Mark) and item.text in ("*", r"\ast", r"\star") for item in items):
        return "".join(item.text for item in items)
    if len(items) == 1 and isinstance(items[0], Words):
        return rf"\mathrm{{{items[0].text.strip()}}}"
    letters = "".join(item.text for item in items if isinstance(item, Glyph) and len(item.text) == 1 and not item.style)
    if len(letters) == len(items) > 1 and letters in _LABEL_WORDS:
        return rf"\mathrm{{{letters}}}"
    if len(items) == 1 and isinstance(items[0], Glyph) and items[0].style == "upright" and len(items[0].text) > 1:
        return rf"\mathrm{{{items[0].text}}}"
    return None


def without_label(name: Name) -> tuple[str, str | None]:
    """A name's spelling without the label below it, and the label."""
    plain, mark, label = name.spelling.partition("_{")
    return (plain, label.removesuffix("}")) if mark else (name.spelling, None)
