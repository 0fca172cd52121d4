"""What keeps a finding from being a verdict: notation that may mean something else, and what the document seeks rather than states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from derivcheck.decision.outcome import Agreed, Outcome, Refuted, Undecided
from derivcheck.derivation.chain_rule import between, has_steps, is_chain_rule, is_total, leaves_out
from derivcheck.derivation.condition import said_loosely
from derivcheck.derivation.dependence import pairs, sought_by_slopes
from derivcheck.derivation.goal import Relating
from derivcheck.derivation.knowledge import Gathered
from derivcheck.derivation.multiplier import has_open_multiplier
from derivcheck.derivation.outline import Line, members_of
from derivcheck.derivation.prose import tells_a_case
from derivcheck.derivation.substitution import is_substituted
from derivcheck.derivation.unknown import FUNCTIONALS
from derivcheck.elaboration.elaborator import Elaborator
from derivcheck.elaboration.head import Head
from derivcheck.elaboration.knowledge import Knowledge
from derivcheck.elsewhere import brings_constants, has_formula, has_numbers_of_others, is_another_case, is_superseded, is_told_again
from derivcheck.finding import GONE, OPAQUE, Finding, View, is_about_numbers, is_about_same_moments, is_equation, refuted_names
from derivcheck.misgiving import (
    SPLIT,
    UNCONNECTED,
    has_same_names,
    has_unknown_derivative,
    is_disjoint,
    is_matrix_exponential,
    is_nearly_measured,
    is_unconnected,
    may_add_up,
    misgiving,
)
from derivcheck.reading.content import bare, has_derivative, names_of, number
from derivcheck.reading.entropy import is_entropy
from derivcheck.reading.expression import (
    ARITHMETIC,
    Call,
    Differential,
    Expression,
    Gradient,
    Infinitesimal,
    Integration,
    Literal,
    Name,
    Product,
    Quotient,
    Sum,
    Unread,
    is_plain,
    walk,
)
from derivcheck.reading.name import is_unit_spelling
from derivcheck.reading.operator import CONGRUENCE
from derivcheck.term import binder, build
from derivcheck.term.expected import EXPECTED
from derivcheck.term.function import free_names
from derivcheck.term.stand_in import stands_for_other
from derivcheck.term.term import Antiderivative, Apply, Number, Relation, Symbol, Term

_HAT = r"\hat{"
_ORDERS = frozenset(("<", ">", r"\le", r"\ge", r"\leq", r"\geq"))

# An equation within the words behind a formula: ``\text{(because $a + b = 1$)}``.
_GIVES_REASON = re.compile(r"^[^.;]*\$[^$]*=[^$]*\$")
_FINITE = frozenset((r"\mathbb{F}", r"\mathbf{F}", r"\F", r"\mathbb{Z}", r"\Z"))


def reservation(gathered: Gathered, line: Line, left: Expression, right: Expression, sign: str, finding: Finding) -> str:
    """Why a finding is not to be trusted; empty where it is."""
    if finding.fails and (doubt := _of_notation(gathered, line, (left, right), finding) or _of_meaning(gathered, line, left, right, sign, finding)):
        return doubt
    if not is_chain_rule(left, right):
        return ""
    if finding.holds and (finding.assumed or finding.sketched) and leaves_out(left, right, gathered.outline.lines):
        return "may leave out a path through something else"
    if finding.fails and isinstance(bare(right), Sum) and _is_one_through_another(gathered, between(left, right)):
        return "one path leads through another: what is held fixed on each is not said"
    if finding.fails and finding.assumed and has_steps(right):
        return "members of a sequence depend on each other"
    return "a total derivative and a partial one by the same quantity" if finding.fails and finding.assumed and is_total(left, right) else ""


def _is_one_through_another(gathered: Gathered, names: frozenset[str]) -> bool:
    """Whether one of the quantities that a chain rule goes through is made of another one, as what is normalized is of its mean."""
    return any(gathered.book.reached(frozenset((name,))) & (names - {name}) for name in names)


def _of_notation(gathered: Gathered, line: Line, members: tuple[Expression, Expression], refuted: Finding) -> str:
    """Why a refutation is not to be trusted for how the two members are written; empty where it is."""
    is_lone = _looks_infinitesimal(gathered, line, members[0]) or any(isinstance(part, Infinitesimal) for side in members for part in walk(side))
    if is_lone and (_has_unwritten_differentials(gathered, refuted) or not is_substituted(gathered.book, gathered.outline.lines, line, *members)):
        return "a lone dx may be a differential or a derivative by x"
    if refuted.asked is not None and _has_sisters(refuted.asked.goal.relation, [fact.relation for fact in refuted.asked.hypotheses]):
        return "a letter with a bar may be made of the one without"
    if _has_open_sigma(gathered, members):
        return "sigma may be the softmax or the sigmoid function"
    if any(is_matrix_exponential(gathered.at(line), part) for side in members for part in walk(side)):
        return "may be the exponential of a matrix"
    if any(_has_wide_parameters(gathered.at(line), part) for side in members for part in walk(side)):
        return "what the gradient is taken by may be numbers here and vectors elsewhere"
    if refuted.relating is not None and _leaves_units_out(gathered, refuted.relating.relation):
        return "a unit may be left out"
    return ""


def _of_meaning(gathered: Gathered, line: Line, left: Expression, right: Expression, sign: str, refuted: Finding) -> str:
    """Why a refutation is not to be trusted for what the lines around it are about; empty where it is."""
    relation = refuted.relating.relation if refuted.relating is not None else None
    if loose := said_loosely(line):
        return loose
    if tells_a_case(line.words) and line.order - 1 not in refuted.used:
        return "may hold in a case that words tell"
    if (gone := gathered.at(line).replaced) and gone & gathered.book.reached(names_of(left, right)):
        return "something else may have been put in place of one of its names"
    if is_superseded(gathered, line, refuted):
        return "rests on what another section tells, and something else is told nearer by"
    if _GIVES_REASON.search(line.after):
        return "may rest on what is told in the words behind it"
    if _is_modular(gathered, line, sign, refuted):
        return "may hold modulo a number"
    if _is_contested(gathered, line, refuted) or (not gathered.at(line).implicit and _is_sought(gathered, line, left, right, refuted)):
        return "about a function that a differential equation is solved for"
    if is_told_again(gathered.at(line), line, left):
        return "may be what it is in another case than the one told before"
    if brings_constants(gathered, line, left, right):
        return "may tell of something else by letters that are new here"
    if has_derivative(left) and not has_derivative(right) and _introduces_factor(gathered, line, left, right, refuted):
        return "a letter is used that nothing defines"
    if sign in _ORDERS and relation is not None and not free_names(relation) and names_of(left, right):
        return "the numbers of another place may be put in"
    if sign in _ORDERS and any(one.order not in refuted.used for name in refuted_names(refuted) for one in gathered.book.definitions.get(name, ())):
        return "what is told of it elsewhere may tell its sign"
    if refuted.view.values and has_numbers_of_others(gathered, line, names_of(left, right), refuted):
        return "the numbers of another section may not be meant"
    if is_about_numbers(refuted) and is_plain(left) and number(right) is None and has_formula(gathered, left.spelling, refuted):
        return "other numbers may be put in here"
    if is_about_numbers(refuted) and is_plain(left) and any(one.head.arguments and one.order in refuted.used for one in gathered.book.definitions.get(left.spelling, ())):
        return "it may be of other arguments here"
    if _is_by_another_form(gathered, left):
        return "what is differentiated by is another form of what is differentiated"
    if relation is not None and is_unconnected(relation, gathered.at(line)):
        return "a capital may be made of what has the small letter"
    if relation is not None and gathered.outline.is_geometry and not has_same_names(relation):
        return "relates quantities of a figure"
    if relation is not None and has_open_multiplier(gathered.outline.lines, refuted.used, relation, (left, right), gathered.book):
        return "rests on a solution whose multipliers are not determined yet"
    starts = relation is not None and gathered.book.starts(free_names(relation) - names_of(left, right), line.order, line.scope)
    if starts or is_another_case(gathered, line, left, refuted):
        return "may be another case than the one before"
    return ""


def weighed(gathered: Gathered, elaborator: Elaborator, claim: Relating, outcome: Outcome, view: View, members: Sequence[Expression], facts: Sequence[Term], is_assuming: bool) -> Finding:
    """An outcome as a finding: a refutation that rests on what nobody defined is none. ``is_assuming``: derivatives are taken to be known."""
    formal = is_chain_rule(*members)
    used, unknown, assumed = frozenset(elaborator.used), frozenset(elaborator.unknown), frozenset(elaborator.assumed)
    finding = Finding(outcome, view=view, used=used, unknown=unknown, assumed=assumed, relating=claim)
    if elaborator.vanished and not isinstance(outcome, Undecided):
        return replace(finding, outcome=None, reason=GONE, kind="unreadable")
    if isinstance(outcome, Undecided):
        return replace(finding, reason="; ".join(outcome.reasons), kind="undecided")
    is_open = assumed and (not is_assuming or has_unknown_derivative(claim.relation))
    if isinstance(outcome, Refuted) and elaborator.imaginary:
        return replace(finding, outcome=None, reason="may be about complex numbers", kind="undecided")
    if isinstance(outcome, Refuted) and _is_overloaded(gathered, members):
        return replace(finding, outcome=None, reason="a name applied to one thing and to several may have laws of its own", kind="undecided")
    is_vague = isinstance(outcome, Agreed) and elaborator.opaque and not is_equation(claim)
    if is_vague or (isinstance(outcome, Refuted) and ((is_open and not formal) or elaborator.opaque)):
        # A repair that makes a side vanish as the other one does shows nothing.
        is_repairable = isinstance(outcome, Refuted) and build.ZERO not in claim.relation.children and not _is_by_another_form(gathered, members[0])
        return replace(finding, outcome=None, reason=OPAQUE, kind="undecided", doubted=outcome if is_repairable else None)
    if isinstance(outcome, Refuted) and EXPECTED in claim.relation.names and not is_about_same_moments(claim):
        return replace(finding, outcome=None, reason=OPAQUE, kind="undecided", doubted=outcome)
    told = elaborator.knowledge
    vocabulary = told.vocabulary
    if isinstance(outcome, Refuted) and (vocabulary.chosen - vocabulary.compared) & elaborator.free.keys() and elaborator.free.keys() - vocabulary.compared and len(elaborator.free) > 1:
        return replace(finding, outcome=None, reason="two indices may have to be different", kind="undecided")
    if isinstance(outcome, Refuted) and elaborator.uncertain and not view.far:
        return replace(finding, outcome=None, reason="rests on what is only said later", kind="undecided")
    if not isinstance(outcome, Refuted):
        return finding
    if is_nearly_measured(claim.relation, outcome):
        return replace(finding, outcome=None, reason="close, but not to the digits shown", kind="undecided")
    if _is_under_condition(claim, told.randomness.letters, members):
        return replace(finding, outcome=None, reason="an expectation that a random variable may be given for", kind="undecided")
    doubt = misgiving(claim.relation, assumed, None if view.far else gathered.book, told.special, told.constants, told.recursive)
    is_bare = not used or _is_untold(gathered, members[0]) or _is_arithmetic(members[0])
    if not doubt and is_bare and not any(map(has_derivative, members)) and is_disjoint(claim.relation, told.size_names, facts):
        doubt = UNCONNECTED
    if not doubt and not formal and _names_a_solution(gathered, claim.relation):
        doubt = "depends on a solution that the document does not define"
    if not doubt and has_derivative(members[0]) and _is_half_unfolded(gathered, claim.relation, names_of(*members)):
        doubt = "what one side is made of the other one has worked out"
    if not doubt and not used and _has_other_members(claim.relation):
        doubt = "relates members of a sequence that nothing defines"
    if not doubt and (_is_half_put_in(claim.relation) or (view.values and _keeps_what_it_is_by(claim.relation, members))):
        doubt = "numbers are put in on one side only"
    is_settled = isinstance(members[0], Name | Call) or any(map(has_derivative, members)) or any(isinstance(part, Antiderivative) for part in binder.walk(claim.relation))
    if not doubt and not is_settled and stands_for_other(claim.relation, frozenset().union(*(fact.names for fact in facts))):
        doubt = "may tell what a name stands for that nothing defines"
    if not doubt and may_add_up(*members) and not gathered.outline.writes_sums():
        doubt = "may add up over an index that stands twice"
    is_curable = doubt == SPLIT and not _has_decorated(gathered, claim.relation)
    return replace(finding, outcome=None, reason=doubt, kind="undecided", doubted=outcome if is_curable else None) if doubt else finding


def _has_decorated(gathered: Gathered, relation: Term) -> bool:
    """Whether the document writes a name of a relation with a bar or hat as well, which may have been left out: ``x`` for its mean."""
    return any(told.endswith(f"{{{name}}}") for name in free_names(relation) for told in gathered.outline.first)


def _is_under_condition(claim: Relating, letters: frozenset[str], members: Sequence[Expression]) -> bool:
    """Whether an expectation is said to be something that varies: then what varies there may be given, though that is not written."""
    left, right = (side.body.names & letters for side in (claim.left, claim.right))
    return not left and bool(right) and isinstance(members[0], Call) and members[0].function.spelling in FUNCTIONALS


def _is_untold(gathered: Gathered, left: Expression) -> bool:
    """Whether a left side that is more than a name has only names that nothing defines: ``\\hat\\sigma^2``."""
    return not isinstance(left, Name) and not any(map(gathered.book.is_defined, names_of(left)))


def _names_a_solution(gathered: Gathered, relation: Term) -> bool:
    r"""Whether something undefined has a hat over a letter that the document differentiates by: ``\hat{w}`` is the w at which a slope vanishes.

    What is differentiated, or differentiated by, with its hat is a quantity like any other.
    """
    hatted = {part.name for part in binder.walk(relation) if isinstance(part, Symbol) and part.name.startswith(_HAT)}
    if not hatted:
        return False
    members = members_of(gathered.outline.lines)
    touched = sought_by_slopes(members)
    own = hatted - touched - {body.spelling for body, _ in pairs(members)}
    return bool({name.removeprefix(_HAT).removesuffix("}") for name in own} & touched)


def _is_half_unfolded(gathered: Gathered, relation: Term, written: frozenset[str]) -> bool:
    """Whether each side has a name that the document defines and the other side lacks: ``s_t`` on one side, on the other ``\\tanh(a_t)``, which it is.

    Or one side alone has a family of the small letter of a capital that is ``written`` and was put in: that may be its entries.
    """
    if not isinstance(relation, Relation):
        return False
    left, right = ({name for name in free_names(side) if gathered.book.is_defined(name)} for side in relation.children[:2])
    mine, its = frozenset(left - right), frozenset(right - left)
    if mine and its and (gathered.book.reached(mine) & its or gathered.book.reached(its) & mine):
        return True
    alone = free_names(relation.children[0]) ^ free_names(relation.children[1])
    families = {part.name for part in binder.walk(relation) if isinstance(part, Symbol) and part.indices} & alone
    return any(len(name) == 1 and name.islower() and name.upper() in written and gathered.book.is_defined(name.upper()) and name.upper() not in relation.names for name in families)


def _has_other_members(relation: Term) -> bool:
    """Whether one side has a numbered array of a family that the other side lacks, beside one of another family with the same number: p_0 beside r_0."""
    if not isinstance(relation, Relation):
        return False
    left, right = ({(part.name, part.indices[0]) for part in binder.walk(side) if isinstance(part, Symbol) and len(part.indices) > 1 and isinstance(part.indices[0], Number)} for side in relation.children[:2])
    alone = {one for one in left ^ right if one[0] not in {name for name, _ in left & right}}
    return any(number is other for name, number in alone for family, other in left | right if family != name)


def _keeps_what_it_is_by(relation: Term, members: Sequence[Expression]) -> bool:
    """Whether what a left side is differentiated by is left in it alone, and the right side, which has names, has its number."""
    by = names_of(*(one for part in walk(members[0]) if isinstance(part, Differential) for one in part.by))
    if not isinstance(relation, Relation) or not names_of(members[1]):
        return False
    left, right = (free_names(side) for side in relation.children[:2])
    return bool(by & left - right)


def _is_half_put_in(relation: Term) -> bool:
    """Whether one side is a value of a function that nobody defines, at a number, and the other one has it at quantities that have no numbers."""
    if not isinstance(relation, Relation):
        return False
    functions = frozenset(part.function for part in binder.walk(relation) if isinstance(part, Apply))
    left, right = (free_names(side) for side in relation.children[:2])
    return any(one and one <= functions and one < other for one, other in ((left, right), (right, left)))


def _looks_infinitesimal(gathered: Gathered, line: Line, left: Expression) -> bool:
    """Whether a left side is a name right behind a d, which is a dimension or a family elsewhere, but no number: ``dW``."""
    if not isinstance(left, Product) or len(left.factors) != 2 or any(one.head == Head("d") and one.order < line.order for one in gathered.book.definitions.get("d", ())):
        return False
    sign, name = left.factors
    return is_plain(sign) and sign.spelling == "d" and isinstance(name, Name) and sign.span.end == name.span.start


def _has_open_sigma(gathered: Gathered, members: Sequence[Expression]) -> bool:
    r"""Whether a ``\sigma(..)`` that nothing defines stands where the document speaks of the softmax alone."""
    if not gathered.outline.is_of_softmax or gathered.book.is_defined(r"\sigma"):
        return False
    return any(isinstance(part, Call) and part.function.spelling == r"\sigma" for member in members for part in walk(member))


def _has_wide_parameters(knowledge: Knowledge, part: Expression) -> bool:
    """Whether a gradient that does not say by what is that of a function of several letters, of which another section makes vectors."""
    if not isinstance(part, Gradient) or part.by is not None or not isinstance(part.body, Name):
        return False
    known = [one.head.arguments for one in knowledge.book.definitions.get(part.body.spelling, ()) if one.head.arguments is not None]
    return any(len(letters) > 1 and all(is_plain(one) and knowledge.ranks.of(one.spelling, 0) for one in letters) for letters in known)


def _has_sisters(relation: Term, facts: Sequence[Term]) -> bool:
    """Whether a relation is about a letter and the same one with a bar or tilde, and nothing tells of both: what ties them is left unsaid."""
    names = free_names(relation)
    pairs = [(name, name[name.index("{") + 1 : -1]) for name in names if name.startswith((r"\bar{", r"\tilde{"))]
    return any(plain in names and not any({name, plain} <= free_names(fact) for fact in facts) for name, plain in pairs)


def _has_unwritten_differentials(gathered: Gathered, finding: Finding) -> bool:
    """Whether a refutation has the differential of a letter that has none in the document: that may be a parameter, which does not vary."""
    parts = [part for member in members_of(gathered.outline.lines) for part in walk(member) if isinstance(part, Infinitesimal | Integration)]
    written = names_of(*(part.of if isinstance(part, Infinitesimal) else part.variable for part in parts))
    return any(name.startswith("d") and name[1:] in gathered.outline.first and name[1:] not in written for name in refuted_names(finding))


def _leaves_units_out(gathered: Gathered, relation: Term) -> bool:
    """Whether only one side of a relation has units, or letters that stand behind numbers as such."""
    if not isinstance(relation, Relation):
        return False
    left, right = (any(name in gathered.outline.units or is_unit_spelling(name) for name in free_names(side)) for side in relation.children[:2])
    return left != right


def _is_arithmetic(expression: Expression) -> bool:
    """Whether an expression is a sum or quotient of names: what nobody gives a name is worked out, or compared with something else."""
    return isinstance(bare(expression), Sum | Quotient) and all(isinstance(part, ARITHMETIC) for part in walk(expression))


def _is_overloaded(gathered: Gathered, members: Sequence[Expression]) -> bool:
    """Whether a name that nothing defines is applied to different numbers of things, as an entropy is: ``H(X)`` and ``H(X|Y)``."""
    applied = [part for member in members for part in walk(member) if isinstance(part, Call)]
    entropies = {part.function.spelling for part in applied if is_entropy(part)}
    calls = {(part.function.spelling, len(part.arguments)) for part in applied if not (gathered.outline.is_of_entropies and is_entropy(part))}
    names = [name for name, _ in calls if name in entropies or not gathered.book.is_defined(name)]
    return len(names) > len(set(names))


def _is_modular(gathered: Gathered, line: Line, sign: str, finding: Finding) -> bool:
    """Whether a claim about numbers may be one about their remainders: it stands beside congruences, or the document has a field of finitely many numbers.

    Whole numbers on either side of a sign of equality are equal, or equal in such a field, or the claim is wrong.
    """
    if not is_about_numbers(finding) or not isinstance(finding.outcome, Refuted):
        return False
    lines = gathered.outline.lines
    beside = (part for other in lines if other.display == line.display for member in other.members if member is not None for part in walk(member))
    orders = _field_orders(member for other in lines for member in other.members if member is not None)
    difference = finding.outcome.left - finding.outcome.right
    if sign != r"\equiv" and finding.outcome.left.is_integer() and finding.outcome.right.is_integer():
        return any(difference % order == 0 for order in orders)
    return bool(orders) or any(isinstance(part, Unread) and part.found == CONGRUENCE for part in beside)


def _field_orders(members: Iterable[Expression]) -> set[int]:
    r"""How many numbers the finite fields of a document have: ``\mathbb{F}_7``."""
    names = (part for member in members for part in walk(member) if isinstance(part, Name) and part.spelling in _FINITE)
    return {int(index.value) for name in names for index in name.indices if isinstance(index, Literal) and index.value > 1}


def _is_by_another_form(gathered: Gathered, left: Expression) -> bool:
    """Whether something is differentiated by a quantity that is made of one name alone, where it has that name, too: by the inverse of a matrix in it."""
    left, book = bare(left), gathered.book
    if not isinstance(left, Differential) or len(left.by) != 1 or not is_plain(left.by[0]):
        return False
    by = left.by[0].spelling
    forms = [names_of(one.right) - gathered.outline.vocabulary.indices for one in book.definitions.get(by, ())]
    with book.hiding(by):
        return any(len(form) == 1 and form <= book.reached(names_of(left.body)) for form in forms)


def _introduces_factor(gathered: Gathered, line: Line, left: Expression, right: Expression, refuted: Finding) -> bool:
    """Whether what a derivative comes to is a product with a letter that stands nowhere before and that nothing defines: it may be short for what is missing."""
    factors = [bare(factor) for factor in right.factors] if isinstance(right, Product) else [right]
    first = gathered.outline.first
    fresh = {factor.spelling for factor in factors if isinstance(factor, Name) and not factor.primes and first.get(factor.spelling) == line.order}
    fresh -= names_of(left)
    return any(name in refuted.unknown and not gathered.book.is_defined(name) for name in fresh)


def _is_contested(gathered: Gathered, line: Line, finding: Finding) -> bool:
    """Whether a refutation is about a function that several differential equations are solved for.

    What relates the same letters is an identity, whatever they solve.
    """
    free = refuted_names(finding)
    slopes = {name for name in free if name.endswith("'")}
    if finding.relating is None or (not slopes and has_same_names(finding.relating.relation)):
        return False
    return any(gathered.work.sought.is_contested(name.rstrip("'"), line) for name in free)


def _is_sought(gathered: Gathered, line: Line, left: Expression, right: Expression, finding: Finding) -> bool:
    """Whether a refutation rests on what a function is that the document is looking for."""
    sought = gathered.work.sought
    known = [one for name in sought.names(line, left, right) for one in gathered.book.definitions.get(name, ()) if not one.is_proved]
    return sought.doubts(line, left, right, finding.used, refuted_names(finding), known)
