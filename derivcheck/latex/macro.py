r"""Macros: ``\newcommand``, ``\def``, ``\let`` and ``\DeclareMathOperator`` are collected and unfolded; what they put
in keeps the span of the call.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

from derivcheck.latex.customary import customary
from derivcheck.latex.token import Lexeme, Token
from derivcheck.source import Span

MAX_UNFOLDED = 20_000
"""How many tokens the macros of one formula may put in, counting one for a call that puts in nothing."""

_DEFINING = frozenset((r"\newcommand", r"\newcommand*", r"\renewcommand", r"\providecommand", r"\DeclareRobustCommand", r"\newrobustcmd"))
_DOCUMENT_COMMANDS = frozenset((r"\NewDocumentCommand", r"\RenewDocumentCommand", r"\ProvideDocumentCommand", r"\DeclareDocumentCommand"))
_OPERATORS = frozenset((r"\DeclareMathOperator", r"\DeclareMathOperator*"))


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro: how many arguments it takes, the default of an optional first one, and what it unfolds to; or that it
    does so without end.
    """

    arity: int
    default: tuple[Token, ...] | None
    body: tuple[Token, ...]
    is_endless: bool = False


@dataclass(frozen=True, slots=True)
class Expansion:
    """Tokens without macros, the macros in force behind them, and where unfolding was given up: (span, name)."""

    tokens: tuple[Token, ...]
    macros: dict[str, Macro]
    endless: tuple[tuple[Span, str], ...] = ()


def expand(tokens: list[Token], macros: dict[str, Macro]) -> Expansion:
    """The tokens with definitions taken out and macros unfolded. A macro that unfolds without end becomes an endless
    token and is reported.
    """
    known = dict(macros)
    pending = list(reversed(tokens))
    done: list[Token] = []
    endless: list[tuple[Span, str]] = []
    budget = MAX_UNFOLDED
    while pending:
        token = pending.pop()
        if token.kind is not Lexeme.COMMAND:
            done.append(token)
        elif _define(token, pending, known):
            continue
        elif (macro := known.get(token.text) or _customary(token, done, pending)) is None:
            done.append(token)
        elif macro.is_endless:
            done.append(replace(token, kind=Lexeme.ENDLESS))
        elif budget <= 0:
            endless.append((token.span, token.text))
            known[token.text] = replace(macro, is_endless=True)
            pending.append(token)
        else:
            unfolded = _unfold(token, pending, macro)
            budget -= 1 + len(unfolded)
            pending += reversed(unfolded)
    return Expansion(tuple(done), known, tuple(endless))


def _customary(call: Token, done: list[Token], pending: list[Token]) -> Macro | None:
    """The macro that a document uses without defining it."""
    found = customary(call, done, pending)
    if found is None:
        return None
    arity, body = found
    is_optional = bool(arity) and bool(pending) and pending[-1].text == "["
    return Macro(arity, () if is_optional else None, body)


def _unfold(call: Token, pending: list[Token], macro: Macro) -> list[Token]:
    """The body of a macro with its arguments put in; its own tokens have the span of the whole call."""
    arguments: list[list[Token]] = []
    wanted = macro.arity
    if macro.default is not None and wanted:
        optional = _bracketed(pending)
        arguments.append([replace(token, span=call.span, expanded=True) for token in macro.default] if optional is None else optional)
        wanted -= 1
    taken = [_taken(pending) for _ in range(wanted)]
    arguments += [_stripped(tokens) for tokens in taken]
    span = reduce(lambda whole, token: whole.cover(token.span), (tokens[-1] for tokens in taken if tokens), call.span)
    made: list[Token] = []
    body = iter(macro.body)
    for token in body:
        if token.kind is Lexeme.PARAMETER:
            which = next(body, None)
            if which is not None and which.text[:1].isdigit() and 0 < int(which.text[0]) <= len(arguments):
                made += arguments[int(which.text[0]) - 1]
                if len(which.text) > 1:
                    made.append(replace(which, text=which.text[1:], span=span, expanded=True))
        else:
            made.append(replace(token, span=span, expanded=True))
    if made:
        made[0] = replace(made[0], spaced=call.spaced)
    return made


def _argument(pending: list[Token]) -> list[Token]:
    """The next group without its braces, or the next single token."""
    return _stripped(_taken(pending))


def _taken(pending: list[Token]) -> list[Token]:
    """The next group with its braces, or the next single token."""
    if pending and pending[-1].kind is not Lexeme.OPEN:
        return [pending.pop()]
    return _group(pending)


def _stripped(tokens: list[Token]) -> list[Token]:
    """A group without its braces."""
    if not tokens or tokens[0].kind is not Lexeme.OPEN:
        return tokens
    return tokens[1:-1] if len(tokens) > 1 and tokens[-1].kind is Lexeme.CLOSE else tokens[1:]


def _group(pending: list[Token]) -> list[Token]:
    """The next group with its braces; to the end where the closing one is missing."""
    group, depth = [], 0
    while pending:
        token = pending.pop()
        group.append(token)
        depth += (token.kind is Lexeme.OPEN) - (token.kind is Lexeme.CLOSE)
        if depth <= 0:
            break
    return group


def _bracketed(pending: list[Token]) -> list[Token] | None:
    """What stands in the square brackets that follow; None where none follow."""
    if not pending or pending[-1].text != "[":
        return None
    pending.pop()
    inside: list[Token] = []
    depth = 0
    while pending:
        token = pending.pop()
        if token.text == "]" and depth == 0:
            return inside
        depth += (token.kind is Lexeme.OPEN) - (token.kind is Lexeme.CLOSE)
        inside.append(token)
    return inside


def _define(token: Token, pending: list[Token], known: dict[str, Macro]) -> bool:
    """Takes in a definition; false where the token begins none."""
    if token.text in _DEFINING:
        name = _defined_name(pending)
        arity = _bracketed(pending)
        default = _bracketed(pending) if arity is not None else None
        body = _argument(pending)
        if name:
            count = int(arity[0].text[0]) if arity and arity[0].text[:1].isdigit() else 0
            known[name] = Macro(count, None if default is None else tuple(default), tuple(body))
        return True
    if token.text in (r"\def", r"\gdef", r"\edef", r"\xdef"):
        return _define_plain(pending, known)
    if token.text in _DOCUMENT_COMMANDS:
        return _define_document_command(pending, known)
    if token.text == r"\DeclarePairedDelimiter":
        return _define_delimiters(token.span, pending, known)
    if token.text == r"\let":
        return _define_alias(pending, known)
    if token.text in _OPERATORS:
        name = _defined_name(pending)
        body = _argument(pending)
        if name:
            known[name] = Macro(0, None, tuple(_named_operator(body, token.span)))
        return True
    return False


def _defined_name(pending: list[Token]) -> str | None:
    names = [token.text for token in _argument(pending) if token.kind is Lexeme.COMMAND]
    return names[0] if names else None


def _define_plain(pending: list[Token], known: dict[str, Macro]) -> bool:
    if not pending or pending[-1].kind is not Lexeme.COMMAND:
        return True
    name, arity = pending.pop().text, 0
    while pending and pending[-1].kind is not Lexeme.OPEN:
        arity += pending.pop().kind is Lexeme.PARAMETER
    known[name] = Macro(arity, None, tuple(_argument(pending)))
    return True


def _define_document_command(pending: list[Token], known: dict[str, Macro]) -> bool:
    r"""``\NewDocumentCommand{\E}{O{} m}{..}``: arguments in braces, the first one optional where its letter is O or o (xparse, section 1)."""
    name, wanted = _defined_name(pending), _argument(pending)
    body = _argument(pending)
    letters = [token.text for token in wanted if token.kind is Lexeme.LETTER and token.text in "moO"]
    if name and not set(letters[1:]) & set("oO"):
        is_optional = letters[:1] in (["o"], ["O"])
        default = tuple(_stripped([token for token in wanted[1:] if token.text != "m"])) if is_optional else None
        known[name] = Macro(len(letters), default, tuple(body))
    return True


def _define_delimiters(span: Span, pending: list[Token], known: dict[str, Macro]) -> bool:
    r"""``\DeclarePairedDelimiter{\abs}{\lvert}{\rvert}``."""
    name, opening, closing = _defined_name(pending), _argument(pending), _argument(pending)
    if name:
        parameter = (Token(Lexeme.PARAMETER, "#", span), Token(Lexeme.NUMBER, "1", span))
        left, right = Token(Lexeme.COMMAND, r"\left", span), Token(Lexeme.COMMAND, r"\right", span)
        known[name] = Macro(1, None, (left, *opening, *parameter, right, *closing))
    return True


def _define_alias(pending: list[Token], known: dict[str, Macro]) -> bool:
    if len(pending) >= 2:
        name = pending.pop().text
        if pending[-1].text == "=":
            pending.pop()
        if pending:
            meant = pending.pop()
            if meant.text != name:
                known[name] = known.get(meant.text) or Macro(0, None, (meant,))
    return True


def _named_operator(body: list[Token], span: Span) -> list[Token]:
    return [
        Token(Lexeme.COMMAND, r"\operatorname", span),
        Token(Lexeme.OPEN, "{", span),
        *body,
        Token(Lexeme.CLOSE, "}", span),
    ]
