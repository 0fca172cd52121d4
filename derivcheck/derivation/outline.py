"""A document as a list of lines: statements with their members read, the words around them, and the scope they stand in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from string import ascii_lowercase

from derivcheck.derivation.adjoint import Adjoints, adjoints
from derivcheck.derivation.adjoint_words import told_in_words
from derivcheck.derivation.directive import is_statement, statement_rows
from derivcheck.derivation.dropped import with_dropped
from derivcheck.derivation.information import speaks_of_entropy, with_joint_entropies
from derivcheck.derivation.length import lengths, with_arrows
from derivcheck.derivation.numbering import Numbering
from derivcheck.derivation.plain import plainly_read
from derivcheck.derivation.prime import with_transposes
from derivcheck.derivation.prose import counts_order, function_names, holds_fixed, speaks_of_geometry, speaks_of_moments, speaks_of_softmax
from derivcheck.derivation.shorthand import Curves, applied_out, spelled_out
from derivcheck.derivation.statement import Statement, statements
from derivcheck.derivation.subscript import with_numbers, with_subscripts
from derivcheck.derivation.tongue import translator
from derivcheck.derivation.unit import are_dropped, unit_letters
from derivcheck.derivation.worded import worded
from derivcheck.diagnostic import Problem
from derivcheck.document import MATHEMATICS, Document, Kind, Segment
from derivcheck.elaboration.survey import Survey
from derivcheck.latex.macro import Macro
from derivcheck.latex.node import Glyph, Node, Row, Scripts
from derivcheck.latex.parser import collect_macros, parse_formula
from derivcheck.notation import table
from derivcheck.reading.differential import relates_differentials
from derivcheck.reading.drawn import DRAWN, under_condition
from derivcheck.reading.expression import Binder, Expression, Name, Unread, walk
from derivcheck.reading.reader import Reader
from derivcheck.reading.vocabulary import Vocabulary
from derivcheck.source import Span

_COMMENT = re.compile(r"(?<!\\)%\s*derivcheck:[ \t]*([^\n]*[^\s])")
_NUMERALS = frozenset(("II", "III", "IV", "VI", "VII"))
_SENTENCE_END = re.compile(r"(?<!\.[A-Za-z])[.!?](?:\s|$)|\n\s*\n")


@dataclass(frozen=True, slots=True)
class Raw:
    """A statement and where it stands, before its members are read."""

    statement: Statement
    segment: Segment
    scope: tuple[int, ...]
    words: str
    display: int
    heads: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A statement whose members have been read; an empty member is None.

    ``order`` counts the lines. ``words``: the prose of its sentence before it; ``after``: the prose behind it up to the sentence's end.
    ``display`` counts the stretches of mathematics. ``heads``: it stands in a heading.
    """

    order: int
    statement: Statement
    members: tuple[Expression | None, ...]
    segment: Segment
    scope: tuple[int, ...]
    words: str
    after: str
    display: int
    heads: bool = False

    @property
    def is_continuation(self) -> bool:
        return bool(self.members) and self.members[0] is None and bool(self.statement.signs)

    @property
    def words_between(self) -> str:
        """What is said since the formula before it, or since the sentence began."""
        return self.words.rpartition(FORMULA)[2].strip()

    @property
    def is_directive(self) -> bool:
        """Whether it stands in a comment that states facts, or is told in words: it is no claim, and holds from there on."""
        return self.segment.kind in (Kind.DIRECTIVE, Kind.WORDED)


@dataclass(frozen=True, slots=True)
class Outline:
    """The lines of a document, the vocabulary they were read with, its prose, and what went wrong. ``functions``:
    letters that words give to a known one. ``is_geometry``: it is about figures. ``holds_fixed``: it says that it holds something fixed.
    ``is_of_softmax``: it speaks of that and of no sigmoid. ``units``: letters that stand behind numbers as units do. ``counts_order``: the order of factors counts.
    ``is_of_entropies``: it speaks of entropies of variables that nothing in words ties to each other. ``slopes``: its names for slopes. ``first``: the order of the first line that speaks of a name.
    """

    lines: tuple[Line, ...]
    vocabulary: Vocabulary
    prose: tuple[tuple[int, str], ...]
    problems: tuple[Problem, ...]
    macros: Mapping[str, Macro] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    is_geometry: bool = False
    holds_fixed: bool = False
    is_of_softmax: bool = False
    units: frozenset[str] = frozenset()
    counts_order: bool = False
    is_of_entropies: bool = False
    slopes: Adjoints = field(default_factory=Adjoints)
    first: dict[str, int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for line in self.lines:
            for member in members_of([line]):
                for part in walk(member):
                    if isinstance(part, Name):
                        self.first.setdefault(part.spelling, line.order)

    def has_told(self, names: Iterable[str], order: int) -> bool:
        """Whether a line before that of an order speaks of each of some names."""
        return all(self.first.get(name, order) < order for name in names)

    def relations_before(self, line: Line) -> Iterator[tuple[Line, Expression, Expression]]:
        """The lines before one that begin with a relation, the nearest first: each with its first two members, both of them readable."""
        for other in reversed(self.lines[: line.order]):
            if other.statement.signs and not other.is_continuation:
                head, value = other.members[:2]
                if head is not None and value is not None and not isinstance(value, Unread):
                    yield other, head, value

    def writes_sums(self) -> bool:
        """Whether the document has a sum anywhere, so that one that is left out is a slip."""
        return any(isinstance(part, Binder) and part.operation == "+" for line in self.lines for member in members_of([line]) for part in walk(member))

    def read(self, text: str) -> Expression | None:
        """A formula by itself, as this document would have it; None where it is not one member."""
        found = statements(parse_formula(text, Span(0, len(text)), self.macros).rows)
        if len(found) != 1 or len(found[0].members) != 1 or not found[0].members[0].items:
            return None
        return self.slopes.read(Reader(self.vocabulary).read(found[0].members[0].items))


def outline(document: Document) -> Outline:
    """Reads a document through: macros, statements, vocabulary, members, scopes."""
    translate = translator(" ".join(document.source.slice(segment.span) for segment in document.segments if segment.kind is Kind.PROSE))
    raws, prose, problems, macros = _collect(document, translate, bare=False)
    if are_dropped([member.items for member in raw.statement.members] for raw in raws):
        raws, prose, problems, macros = _collect(document, translate, bare=True)
    letters = lengths([member.items for member in raw.statement.members] for raw in raws)
    raws = [_arrowed(raw, letters) for raw in raws] if letters else raws
    survey = Survey()
    for raw in (raw for raw in raws if raw.segment.kind is not Kind.WORDED):
        survey.statement([member.items for member in raw.statement.members], [sign.text for sign in raw.statement.signs])
    functions = frozenset(word for word in table().words if word.isalpha())
    text = translate(document.source.text)
    said = function_names(text)
    is_geometry = speaks_of_geometry(text)
    vocabulary = survey.vocabulary(functions, frozenset(said), frozenset(_plain_words(raws, functions)), is_geometry, speaks_of_moments(text))
    reader = Reader(vocabulary)
    curves = _curves(survey, frozenset(said))
    lines = with_transposes([_line(order, raw, reader, curves) for order, raw in enumerate(raws)], text)
    lines = with_dropped(with_joint_entropies(lines, text), prose)
    units = frozenset(letter for raw in raws for member in raw.statement.members for letter in unit_letters(member.items))
    lines = _with_words_behind(lines, document, translate)
    slopes = adjoints(lines, list(told_in_words(lines, prose)))
    return Outline(tuple(map(slopes.spelled_out, lines)), vocabulary, tuple(prose), tuple(problems), macros, said, is_geometry, holds_fixed(text), speaks_of_softmax(text), units, counts_order(text), speaks_of_entropy(text), slopes)


def _arrowed(raw: Raw, letters: frozenset[str]) -> Raw:
    """A statement in which some bold letters have arrows."""
    members = tuple(replace(member, items=with_arrows(member.items, letters)) for member in raw.statement.members)
    return replace(raw, statement=replace(raw.statement, members=members))


def _curves(survey: Survey, said: frozenset[str]) -> Curves:
    """The functions that words tell, and those that letters mean by custom where nothing defines them."""
    customary = {letter for letter in table().functions if letter.startswith("\\") and survey.applied[letter]} - survey.defined_functions - survey.defined_names
    used = survey.bare.keys() | survey.applied.keys() | survey.bound | survey.below.keys() | survey.families.keys()
    return Curves(said | customary, frozenset(survey.families), next((letter for letter in ascii_lowercase[::-1] if letter not in used), "z"))


def _line(order: int, raw: Raw, reader: Reader, curves: Curves) -> Line:
    items = [member.items for member in raw.statement.members]
    if relates_differentials(items):
        reader = Reader(replace(reader.vocabulary, plain=reader.vocabulary.plain - {"d"}))
    read = [reader.read(one) if one else None for one in items]
    signs = [sign.text for sign in raw.statement.signs]
    if signs and signs[-1] == DRAWN and items[0]:
        read[0] = under_condition(reader, items[:-1], signs[:-1]) or read[0]
    members = applied_out(spelled_out(read), curves)
    return Line(order, raw.statement, members, raw.segment, raw.scope, raw.words, raw.statement.after, raw.display, raw.heads)


def members_of(lines: Iterable[Line]) -> list[Expression]:
    """All members of some lines."""
    return [member for line in lines for member in line.members if member is not None]


def _collect(document: Document, translate: Callable[[str], str], bare: bool) -> tuple[list[Raw], list[tuple[int, str]], list[Problem], dict[str, Macro]]:
    """The statements of a document, its prose, its problems and its macros. ``bare``: the units behind numbers are left out."""
    macros: dict[str, Macro] = {}
    raws: list[Raw] = []
    prose: list[tuple[int, str]] = []
    problems: list[Problem] = list(document.problems)
    numbering = Numbering()
    words = ""
    display = 0
    title_end = -1
    included = list(document.included)
    for place, segment in enumerate(document.segments):
        while included and included[0][0] < segment.span.end:
            taken = included.pop(0)[1]
            macros = collect_macros(taken, Span(0, len(taken)), macros)
        text = document.source.slice(segment.span)
        if segment.kind is Kind.PREAMBLE:
            macros = collect_macros(document.source.text, segment.span, macros)
        elif segment.kind is Kind.HEADING:
            numbering.heading(segment.level, text)
            end = document.source.text.find("\n", segment.span.end)
            title_end = end if end >= 0 else len(document.source.text)
            words = f"{text}." if text.strip()[-1:].isalnum() else text
        elif segment.kind is Kind.PROSE:
            said = translate(text)
            prose.append((segment.span.start, said))
            numbering.prose(text, _next_formula(document, place), _paragraph(document.source.text, segment.span.end), _begins_line(document, segment))
            words = f"{words} {said}"[-LONGEST:]
        elif segment.kind is Kind.DIRECTIVE:
            raws += _directive(document, segment, numbering.scope, macros)
        elif segment.kind in MATHEMATICS:
            formula = parse_formula(document.source.text, segment.span, macros, is_delimited=segment.kind is not Kind.PLAIN)
            macros = formula.macros
            for span, name in formula.endless:
                problems.append(Problem(document.place(span.start).line, f"the macro {name} expands into itself"))
            display += 1
            if _is_alone(document.source.text, segment.span):
                numbering.formula(text)
            sentence = _last_sentence(words)
            for inner in _directives_inside(document, segment):
                raws += _directive(document, inner, numbering.scope, macros)
            for statement in _plain_or_not(segment, statements(formula.rows, bare)):
                statement = replace(statement, before=translate(statement.before), after=translate(statement.after))
                raws.append(Raw(statement, segment, numbering.scope, sentence, display, segment.span.start < title_end))
            raws += [Raw(one, replace(segment, kind=Kind.WORDED), numbering.scope, "let", NO_DISPLAY) for one in worded(document, place, translate, macros)]
            words = f"{sentence} {FORMULA} " if segment.kind is Kind.INLINE or (segment.kind is Kind.PLAIN and sentence.strip()) else ""
    return raws, prose, problems, macros


def _is_alone(text: str, span: Span) -> bool:
    """Whether nothing but marks stands before and behind a formula on its line."""
    before = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    end = text.find("\n", span.end)
    behind = text[span.end : end if end >= 0 else len(text)]
    return not any(char.isalnum() for char in before + behind)


def _directive(document: Document, segment: Segment, scope: tuple[int, ...], macros: Mapping[str, Macro]) -> Iterable[Raw]:
    """The statements of a directive; they belong to no display."""
    if is_statement(document.source.slice(segment.span)):
        functions = frozenset(word for word in table().words if word.isalpha())
        for statement in statements(statement_rows(document.source.text, segment.span, functions, macros)):
            yield Raw(statement, segment, scope, "let", NO_DISPLAY)


def _directives_inside(document: Document, segment: Segment) -> Iterable[Segment]:
    """The directives in the comments of a formula; they hold for all of it."""
    for match in _COMMENT.finditer(document.source.text, segment.span.start, segment.span.end):
        yield Segment(Span(match.start(1), match.end(1)), Kind.DIRECTIVE)


NO_DISPLAY = -1
LONGEST = 20_000
"""Characters of prose before a formula that are looked at: no paragraph is longer."""
FORMULA = "\N{OBJECT REPLACEMENT CHARACTER}"


def _plain_or_not(segment: Segment, found: list[Statement]) -> Iterable[Statement]:
    def read(items: tuple[Node, ...]) -> tuple[Node, ...]:
        numbered = with_numbers(items)
        return plainly_read(with_subscripts(numbered)) if segment.kind is Kind.PLAIN else numbered

    return [replace(one, members=tuple(replace(member, items=read(member.items)) for member in one.members)) for one in found]


def _plain_words(raws: list[Raw], functions: frozenset[str]) -> set[str]:
    """In formulas without delimiters a run of letters that is no function is one name; a Roman numeral, as of a row, is one anywhere."""
    found: set[str] = set()
    for raw in raws:
        runs = {run for member in raw.statement.members for run in _runs(member.items)}
        found |= runs & _NUMERALS
        if raw.segment.kind is Kind.PLAIN:
            found |= {run for run in runs if len(run) > 2 and run not in functions}
    return found


def _runs(items: Iterable[Node]) -> Iterable[str]:
    run = ""
    for item in items:
        base = item.base if isinstance(item, Scripts) else item
        if isinstance(base, Glyph) and len(base.text) == 1 and base.text.isalpha() and (not run or not base.spaced):
            run += base.text
            if isinstance(item, Scripts):
                yield run
                run = ""
            continue
        if run:
            yield run
        run = base.text if isinstance(base, Glyph) and len(base.text) == 1 and base.text.isalpha() else ""
        if isinstance(item, Row):
            yield from _runs(item.items)
    if run:
        yield run


def _last_sentence(words: str) -> str:
    """The words since the last end of a sentence or paragraph."""
    ends = [match.end() for match in _SENTENCE_END.finditer(words.rstrip())]
    text = words[ends[-1] :] if ends else words
    return " ".join(text.split()) or (" ".join(words.split())[-80:] if words.strip() else "")


def _next_formula(document: Document, place: int) -> str:
    """How the next stretch of mathematics begins."""
    for segment in document.segments[place + 1 :]:
        if segment.kind in MATHEMATICS:
            return document.source.slice(Span(segment.span.start, min(segment.span.start + 40, segment.span.end))).strip()
        if segment.kind is Kind.HEADING:
            return ""
    return ""


def _begins_line(document: Document, segment: Segment) -> bool:
    """Whether nothing stands before a segment in its line."""
    before = document.source.text[max(segment.span.start - 20, 0) : segment.span.start]
    return not before.rpartition("\n")[2].strip()


def _paragraph(text: str, offset: int) -> str:
    """The lines around an offset up to the blank lines before and behind it."""
    before = text.rfind("\n\n", 0, offset)
    behind = text.find("\n\n", offset)
    return text[max(before, offset - 2000, 0) : min(behind if behind >= 0 else len(text), offset + 2000)]


def _with_words_behind(lines: tuple[Line, ...], document: Document, translate: Callable[[str], str]) -> tuple[Line, ...]:
    """Each line with the words that follow its formula in the same sentence."""
    following: dict[int, str] = {}
    segments = [segment for segment in document.segments if segment.kind not in (Kind.SKIPPED, Kind.DIRECTIVE)]
    for place, segment in enumerate(segments):
        if segment.kind in MATHEMATICS and place + 1 < len(segments) and segments[place + 1].kind is Kind.PROSE:
            text = translate(document.source.slice(segments[place + 1].span))
            end = _SENTENCE_END.search(text)
            following[segment.span.start] = " ".join((text[: end.start()] if end else text).split())[:120]
    return tuple(replace(line, after=line.after or following.get(line.segment.span.start, "")) for line in lines)



