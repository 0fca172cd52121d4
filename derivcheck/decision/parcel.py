"""Obligations as flat plain data, for the way to another process: each term once, and no recursion however deep."""

from __future__ import annotations

from derivcheck.term import term as terms
from derivcheck.term.binder import walk
from derivcheck.term.obligation import Obligation, Range, Statement
from derivcheck.term.term import Term

Parcel = tuple


def pack(obligation: Obligation) -> Parcel:
    """The obligation without term objects; ``unpack`` restores it, in this process or another."""
    statements = (obligation.goal, *obligation.hypotheses)
    places: dict[Term, int] = {}
    rows = []
    for statement in statements:
        for root in _roots(statement):
            for term in () if root in places else walk(root):
                if term not in places:
                    places[term] = len(rows)
                    rows.append((type(term).__name__, tuple([places[child] for child in term.children]), term.payload))
    shapes = tuple((len(statement.free), tuple(places[root] for root in _roots(statement))) for statement in statements)
    return tuple(rows), shapes, obligation.domains


def unpack(parcel: Parcel) -> Obligation:
    """The obligation that was packed."""
    rows, shapes, domains = parcel
    made: list[Term] = []
    for kind, children, payload in rows:
        made.append(getattr(terms, kind)(tuple([made[child] for child in children]), payload))
    statements = []
    for count, places in shapes:
        relation, condition, *rest = (made[place] for place in places)
        free = tuple(Range(*rest[3 * k : 3 * k + 3]) for k in range(count))
        statements.append(Statement(relation, free, condition))
    return Obligation(statements[0], tuple(statements[1:]), domains)


def _roots(statement: Statement) -> list[Term]:
    roots = [statement.relation, statement.condition]
    for part in statement.free:
        roots += (part.variable, part.lower, part.upper)
    return roots
