"""Prose in other languages: its function words and the field's terms are put into English, which everything else listens for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language. ``markers`` are words that tell it from others; ``words`` maps a pattern to the English it stands for."""

    markers: frozenset[str]
    words: tuple[tuple[str, str], ...]


ENGLISH = frozenset("the and of is are we let then that for with in to so this have where which by".split())
GERMAN = Tongue(
    frozenset("und ist die der das mit für nicht wir gilt sei dann eine ein wobei von zu also ergibt somit wird".split()),
    (
        (r"(?:es )?seien?|(?:es )?gegeben (?:ist|sind|seien?)", "let"), (r"setze|setzen wir", "set"), (r"definiere\w*|definiert", "define"), (r"bezeichne\w*", "denote"),
        (r"angenommen|annahme|nimm an", "assume"), (r"betrachte\w*", "consider"), (r"wobei|worin", "where"), (r"mit", "with"), (r"für", "for"), (r"falls|wenn", "if"),
        (r"also|somit|folglich|daher|damit|deshalb|es folgt|folgt", "hence"), (r"dann", "then"), (r"ergibt|erhalten|erhält|liefert", "gives"), (r"da|weil", "since"),
        (r"ist|gilt", "is"), (r"sind|gelten", "are"), (r"und", "and"), (r"oder", "or"), (r"dreiecks?", "triangle"), (r"widerspruch\w*", "contradiction"), (r"unmöglich", "impossible"), (r"nicht", "not"), (r"eine?[mnrs]?", "a"), (r"der|die|das|den|dem", "the"), (r"falsch", "false"), (r"dass", "that"),
        (r"funktion", "function"), (r"(?:schief|anti)symmetrische?[nrs]?", "skew-symmetric"), (r"symmetrische?[nrs]?", "symmetric"), (r"einheitsvektor(?:en)?", "unit vector"), (r"diagonalmatri(?:x|zen)", "diagonal matrix"), (r"einheitsmatrix", "identity matrix"), (r"invertierbare?[nrs]?", "invertible"), (r"dabei|hierbei", "where"), (r"orthogonale?[nrs]?", "orthogonal"), (r"matrizen", "matrices"), (r"vektor(?:en)?", "vector"),
        (r"positive?[nrs]?", "positive"), (r"ganze zahl(?:en)?", "integer"), (r"natürliche zahl(?:en)?", "natural number"), (r"konstante?[nrs]?", "constant"), (r"null", "zero"), (r"verlust\w*", "loss"), (r"gegeben(?:e[nrs]?)?", "given"),
    ),
)  # fmt: skip
SPANISH = Tongue(
    frozenset("el los las que una un con por para entonces donde se es sea son del tanto y de la".split()),
    (
        (r"seana?|sea", "let"), (r"supon\w*|asumi\w*", "assume"), (r"definimos|definid[oa]s?|se define", "define"), (r"denot\w*", "denote"), (r"consider\w*", "consider"),
        (r"dad[oa]s?", "given"), (r"donde", "where"), (r"con", "with"), (r"para", "for"), (r"si|cuando", "if"), (r"(?:por (?:lo )?)?tanto|luego|así que|por consiguiente", "hence"),
        (r"entonces", "then"), (r"obtenemos|se obtiene|resulta", "gives"), (r"como|ya que|puesto que", "since"), (r"es|está", "is"), (r"son", "are"), (r"y", "and"), (r"o", "or"), (r"triángulo", "triangle"), (r"contradicción", "contradiction"), (r"imposible", "impossible"), (r"absurdo", "absurd"),
        (r"no", "not"), (r"una?", "a"), (r"el|la|los|las", "the"), (r"fals[oa]", "false"), (r"(?:la )?función sigmoide", "the sigmoid function"), (r"función", "function"),
        (r"sigmoide", "sigmoid"), (r"matriz simétrica", "symmetric matrix"), (r"simétrica", "symmetric"), (r"matriz", "matrix"), (r"matrices", "matrices"), (r"positiv[oa]s?", "positive"),
        (r"(?:número )?entero", "integer"), (r"número natural", "natural number"),
        (r"constante", "constant"), (r"cero", "zero"), (r"pérdida", "loss"),
    ),
)  # fmt: skip
FRENCH = Tongue(
    frozenset("le les est une un pour donc que des du avec soit où alors nous par la de et".split()),
    (
        (r"soient|soit", "let"), (r"supposons|suppose", "assume"), (r"posons|définissons|défini\w*", "define"), (r"notons|désigne", "denote"), (r"considérons", "consider"),
        (r"où", "where"), (r"avec", "with"), (r"pour", "for"), (r"si|lorsque|quand", "if"), (r"donc|ainsi|d'où|par conséquent", "hence"), (r"alors", "then"), (r"on obtient", "gives"),
        (r"car|puisque", "since"), (r"est", "is"), (r"sont", "are"), (r"et", "and"), (r"ou", "or"), (r"une?", "a"), (r"le|la|les", "the"), (r"faux", "false"), (r"fonction", "function"),
        (r"sigmoïde", "sigmoid"), (r"matrice symétrique", "symmetric matrix"), (r"symétrique", "symmetric"), (r"matrice", "matrix"), (r"constante", "constant"), (r"zéro", "zero"),
        (r"entiers? naturels?", "natural number"), (r"entiers?", "integer"), (r"strictement positifs?|positifs?", "positive"),
    ),
)  # fmt: skip
CHINESE = (
    ("不成立", "is false"), ("错误", "false"), ("假设", "assume"), ("假定", "assume"), ("其中", "where"), ("这里", "where"), ("定义", "define"), ("给定", "given"), ("已知", "given"),
    ("考虑", "consider"), ("要证明", "to prove that"), ("证明", "prove that"), ("求证", "prove that"), ("记", "denote"), ("设", "let"), ("令", "let"), ("若", "if"), ("如果", "if"), ("当", "when"), ("对于", "for"), ("因此", "hence"), ("所以", "hence"),
    ("于是", "hence"), ("从而", "hence"), ("故", "hence"), ("那么", "then"), ("则", "then"), ("得到", "gives"), ("可得", "gives"), ("得", "gives"), ("因为", "since"), ("由于", "since"),
    ("反对称矩阵", "skew-symmetric matrix"), ("对称矩阵", "symmetric matrix"), ("对角矩阵", "diagonal matrix"), ("单位向量", "unit vector"), ("正交矩阵", "orthogonal matrix"), ("矩阵", "matrix"), ("向量", "vector"), ("函数", "function"), ("损失", "loss"), ("常数", "constant"),
    ("正数", "positive"), ("正整数", "positive integer"), ("非负整数", "non-negative integer"), ("整数", "integer"), ("自然数", "natural number"), ("为", "is"), ("是", "is"), ("和", "and"), ("或者", "or"), ("或", "or"), ("三角形", "triangle"), ("矛盾", "contradiction"), ("。", ". "), (",", ", "), (";", "; "),
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


def translator(prose: str) -> Callable[[str], str]:
    """What puts a document's prose into English; ``prose`` is all of it."""
    chinese = re.compile("|".join(re.escape(word) for word, _ in CHINESE)) if re.search("[\u4e00-\u9fff]", prose) else None
    english = dict(CHINESE)
    tongue = _tongue(prose)
    words = [(re.compile(rf"\b(?:{pattern})\b", re.I), meant) for pattern, meant in tongue.words] if tongue else []

    def translate(text: str) -> str:
        for pattern, meant in words:
            text = pattern.sub(meant, text)
        return chinese.sub(lambda match: f" {english[match.group()]} ", text) if chinese else text

    return translate


def _tongue(prose: str) -> Tongue | None:
    """The language that most of a document's function words are of; None for English."""
    found = [word.lower() for word in _WORD.findall(prose)]
    counts = [(sum(word in tongue.markers for word in found), place) for place, tongue in enumerate((GERMAN, SPANISH, FRENCH))]
    most, place = max(counts, key=lambda pair: (pair[0], -pair[1]))
    return (GERMAN, SPANISH, FRENCH)[place] if most > 2 and most > sum(word in ENGLISH for word in found) else None
