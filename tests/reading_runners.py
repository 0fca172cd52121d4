"""What the language wing makes of a text, written down: tokens, nodes, expressions, terms, verdicts."""

from __future__ import annotations

from atexit import register
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import cache
from typing import Any

from derivcheck.check import check
from derivcheck.comparison import Comparer, View
from derivcheck.decision.worker import Worker
from derivcheck.derivation.fact import FactBook
from derivcheck.derivation.knowledge import gather
from derivcheck.derivation.outline import Line, Outline, outline
from derivcheck.diagnostic import ClaimReport
from derivcheck.document import read
from derivcheck.elaboration.doubt import Oracle
from derivcheck.explain import Target, explained
from derivcheck.explain import drawn as drawn_account
from derivcheck.latex import node
from derivcheck.latex.lexer import tokenize
from derivcheck.latex.parser import parse_formula
from derivcheck.notation import Surroundings, Unreadable
from derivcheck.reading import expression as read_as
from derivcheck.report import Style
from derivcheck.source import Source, Span
from derivcheck.term.printer import to_latex
from derivcheck.term.value import Misfit, Value

# -- what was written


def tokens(text: str) -> str:
    """Each token's kind, text and place."""
    return "\n".join(f"{token.kind} {token.text} {token.span.start}-{token.span.end}" for token in tokenize(text, Span(0, len(text))))


def rows(text: str) -> str:
    """Each row of a formula, and the macros that unfold without end."""
    formula = parse_formula(text, Span(0, len(text)), {})
    return "\n".join([" ".join(map(drawn, row.items)) for row in formula.rows] + [f"! endless {name}" for _, name in formula.endless])


def broken(text: str) -> str:
    """Where parsing gave up, and the brackets that are not closed."""
    found = [part for row in parse_formula(text, Span(0, len(text)), {}).rows for part in _inside(row)]
    return "\n".join(_fault(text, part) for part in found if isinstance(part, node.Broken) or (isinstance(part, node.Fenced) and not part.closed)) or "-"


def _fault(text: str, part: node.Node) -> str:
    place = f"{part.span.start}-{part.span.end} {text[part.span.start : part.span.end]!r}"
    if isinstance(part, node.Broken):
        return f"{place}: expected {part.expected}, found {part.found}"
    assert isinstance(part, node.Fenced)
    return f"{place}: {part.opening} is not closed"


def _inside(part: object) -> Iterator[node.Node]:
    if isinstance(part, tuple):
        for one in part:
            yield from _inside(one)
    elif isinstance(part, node.Node):
        yield part
        for field in fields(part):
            yield from _inside(getattr(part, field.name))


def spans(text: str) -> str:
    """For each line, a formula, the stretches of its members, read."""
    made = []
    for line in text.split("\n"):
        described = described_by(f"${line}$")
        members = [member for one in described.lines for member in one.members if member is not None]
        made.append(" ; ".join(f"${line}$"[member.span.start : member.span.end] for member in members))
    return "\n".join(made)


# -- what it can be read as


def described_by(text: str) -> Outline:
    return outline(read(Source("case.md", text)))


def expressions(text: str) -> str:
    """For each line, a formula in a document of its own, its members; a line that begins with prose has its formulas between dollars."""
    made = []
    for line in text.split("\n"):
        described = described_by(line if "$" in line else f"${line}$")
        shown = [_statement(one) for one in described.lines[-1:]]
        made += shown or ["-"]
    return "\n".join(made)


def _statement(line: Line) -> str:
    signs = [sign.text for sign in line.statement.signs] or ([line.statement.membership] if line.statement.membership else [])
    shown = [drawn(member) for member in line.members]
    parts = [shown[0], *(f"{sign} {member}" for sign, member in zip(signs, shown[1:], strict=False))]
    words = [f"before: {line.statement.before}"] if line.statement.before else []
    words += [f"after: {line.statement.after}"] if line.statement.after else []
    words += [f"tag: {line.statement.tag}"] if line.statement.tag else []
    return "  ".join([" ".join(parts), *words])


# -- trees, short


def drawn(part: object) -> str:
    """A node or an expression: in the form it has below, else its constructor's name and its parts, as an s-expression."""
    form = _FORMS.get(type(part))
    if form is not None:
        return form(part)
    inside = (_inner(getattr(part, field.name)) for field in fields(part) if field.name not in ("span", "whole", "groups"))  # type: ignore[arg-type]
    return f"({type(part).__name__.lower()} {' '.join(shown for shown in inside if shown)})"


def _inner(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "[" + ", ".join(shown for one in value if (shown := _inner(one))) + "]"
    return str(value) if isinstance(value, str | int) else drawn(value)


def _scripted(part: node.Scripts) -> str:
    below = f"_{drawn(part.below)}" if part.below is not None else ""
    above = f"^{drawn(part.above)}" if part.above is not None else ""
    return f"{drawn(part.base)}{below}{chr(39) * part.primes}{above}"


def _gridded(part: node.Grid) -> str:
    return f"({part.environment} {' / '.join(' & '.join(map(drawn, row)) for row in part.rows)})"


def _named(part: read_as.Name) -> str:
    marks = "".join(f"_{drawn(one)}" for one in part.indices) + "".join(f"^({drawn(one)})" for one in part.samples)
    return part.spelling + marks + "'" * part.primes


def _multiplied(part: read_as.Product) -> str:
    pairs = zip(("", *part.signs), part.factors, strict=True)
    return f"(times {' '.join((sign + ' ' if sign else '') + drawn(factor) for sign, factor in pairs)})"


def _doubted(part: read_as.Choice) -> str:
    return f"(doubt {part.about}: {' | '.join(f'{drawn(option)} [{penalty}]' for option, penalty in part.options)})"


_FORMS: dict[type, Callable[[Any], str]] = {
    type(None): lambda part: "-",
    node.Row: lambda part: "{" + " ".join(map(drawn, part.items)) + "}",
    node.Glyph: lambda part: f"{part.style}:{part.text}" if part.style else part.text,
    node.Digits: lambda part: part.text,
    node.Mark: lambda part: f"[{part.text}]",
    node.Scripts: _scripted,
    node.Accent: lambda part: f"{part.mark}{{{drawn(part.body)}}}",
    node.Fraction: lambda part: f"({'over' if part.line else 'choose'} {drawn(part.above)} {drawn(part.below)})",
    node.Root: lambda part: f"(root {drawn(part.degree)} {drawn(part.body)})",
    node.Fenced: lambda part: f"({part.opening or '.'} {drawn(part.body)} {part.closing if part.closed else 'MISSING'})",
    node.Grid: _gridded,
    node.Words: lambda part: f'"{part.text}"',
    node.Noted: lambda part: f"({part.manner} {drawn(part.body)} {drawn(part.remark)})",
    node.Broken: lambda part: f"(BROKEN expected {part.expected}, found {part.found})",
    read_as.Literal: lambda part: str(part.value),
    read_as.Name: _named,
    read_as.Sum: lambda part: f"(sum {' '.join(f'{sign}{drawn(term)}' for sign, term in part.terms)})",
    read_as.Product: _multiplied,
    read_as.Choice: _doubted,
    read_as.Unread: lambda part: f"(UNREAD expected {part.expected}, found {part.found})",
    read_as.Phrase: lambda part: f'"{part.text}"',
    read_as.Dots: lambda part: "...",
}


# -- what is meant


def terms(text: str) -> str:
    """The members of each relation of a document in their most plausible reading as terms, a name or a call on the left left out."""
    described = described_by(text)
    gathered = gather(described)
    comparer = Comparer(gathered, _worker(), FactBook(gathered.book))
    return "\n".join(_terms(comparer, line) for line in described.lines if line.statement.signs)


def _terms(comparer: Comparer, line: Line) -> str:
    shown = []
    for place, sign in enumerate(line.statement.signs):
        left, right = line.members[place], line.members[place + 1]
        if left is None or right is None:
            shown.append("-")
            continue
        elaborator = comparer.readings.elaborator(line, (left, right), View(), Oracle({}))
        around = Surroundings(line.order, line.scope, now=line.order)
        members = (right,) if isinstance(left, read_as.Name | read_as.Call) else (left, right)
        try:
            shown.append(f" {sign.text} ".join(_term(elaborator.value(member, around)) for member in members))
        except Unreadable as error:
            shown.append(f"unreadable: expected {error.expected}, found {error.found}")
        except Misfit as error:
            shown.append(f"misfit: {error.about}")
    return "\n".join(shown)


def _term(value: Value) -> str:
    """A number as such, an array by its entry at ``[i, j]``."""
    names = dict(zip(value.variables, ("i", "j", "k"), strict=False))
    return (f"[{', '.join(names.values())}] " if names else "") + to_latex(value.body, names)


# -- what became of it


@cache
def _worker() -> Worker:
    worker = Worker(deadline=2.0)
    worker.warm()
    register(worker.__exit__, None, None, None)
    return worker


def judged(text: str) -> tuple[ClaimReport, ...]:
    return check(Source("case.md", text), worker=_worker()).claims


def account(text: str) -> str:
    """How the claims of the last line that has any were read, linked and decided."""
    source = Source("case.md", text)
    place = judged(text)[-1].place
    _, found = explained(source, Target("case.md", place.line), lambda watch: check(source, watch=watch, worker=_worker()))
    return "\n".join(drawn_account("case.md", one, source.line(place.line), Style()) for one in found)


def verdicts(text: str) -> str:
    """The verdict on each relation of a document, its line and its two sides."""
    return "\n".join(f"{_verdict(claim)}  {_sides(claim)}" for claim in judged(text))


def problems(text: str) -> str:
    """What is wrong with a document itself."""
    found = check(Source("case.md", text), worker=_worker()).problems
    return "\n".join(f"{problem.line}: {problem.message}" for problem in found) or "-"


def steps(text: str) -> str:
    """Each relation of a document: its line, its verdict, what was compared, and the lines it follows from or inherits its error from."""
    return "\n".join(f"{claim.place.line} {_verdict(claim)}  {_sides(claim)}{_links(claim)}" for claim in judged(text))


def _verdict(claim: ClaimReport) -> str:
    return claim.verdict.value


def _sides(claim: ClaimReport) -> str:
    return " ".join(f"{claim.left} {claim.sign} {claim.right}".split())


def _links(claim: ClaimReport) -> str:
    follows = "".join(f" <- {place.line}" for place in claim.follows)
    return follows + (f" inherits {claim.inherits.line}" if claim.inherits is not None else "")


def each(text: str) -> str:
    """For each line the verdict on its last relation, the line standing alone in a document behind what stands above ``---``."""
    context, _, lines = text.rpartition("---\n")
    made = []
    for line in lines.split("\n"):
        claims = judged(f"{context}\n{line if '$' in line else f'${line}$'}\n")
        made.append(f"{claims[-1].verdict}  {_sides(claims[-1])}" if claims else f"-  {line}")
    return "\n".join(made)
