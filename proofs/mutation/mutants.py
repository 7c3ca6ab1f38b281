"""Every statement of the ledger changed a little, by program; a changed statement must not keep its claim's verdict.

The operators know nothing of the claims: they act on nodes of the trees of which statements are made. A changed
statement that leaves the verdict as it is has survived. Either it follows from the statement itself, which is shown by
machine, or `proofs.mutation.equivalent` says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import sympy
from sympy import Basic, Rational
from sympy.core.relational import Relational

from proofs.checking import z3_solver
from proofs.checking.check import Step, check, is_definition, put_in
from proofs.checking.claim import Claim, verdict
from proofs.checking.evaluate import NoValueError, ball
from proofs.language.notation import LETTERS
from proofs.language.statements import SIGNS, Statement, show
from tradeoff.shared.workers import Progress, in_order

MILLISECONDS = 3_000
"""Time that z3 has for a changed statement."""
REVERSED = {sympy.Le: sympy.Ge, sympy.Ge: sympy.Le, sympy.Lt: sympy.Gt, sympy.Gt: sympy.Lt, sympy.Eq: sympy.Ne}
STRICT = {sympy.Le: sympy.Lt, sympy.Ge: sympy.Gt, sympy.Lt: sympy.Le, sympy.Gt: sympy.Ge}


@dataclass(frozen=True)
class Change:
    """One node changed: what it was, what it is, and the tree with the change."""

    before: str
    after: str
    tree: Basic


def constant(node: Basic) -> Iterator[Change]:
    """A number changed by one: 2 becomes 1 and 3, 17/20 becomes 16/20 and 18/20."""
    if isinstance(node, sympy.Rational):
        for step in (1, -1):
            yield _swap(node, Rational(int(node.p) + step, int(node.q)))


def sign(node: Basic) -> Iterator[Change]:
    """One term of a sum, or one side of a relation, with the other sign."""
    if isinstance(node, sympy.Add):
        for term in node.args:
            yield Change(show(term), show(-term), node - 2 * term)
    if isinstance(node, Relational):
        for place, side in enumerate(node.args):
            if not isinstance(side, (sympy.Add, sympy.Symbol)) and side != 0:
                yield Change(show(side), show(-side), _rebuilt(node, place, -side))


def exponent(node: Basic) -> Iterator[Change]:
    """An exponent changed by one; a letter stands for its first power."""
    if isinstance(node, sympy.Pow) and node.exp.is_Rational:
        for step in (1, -1):
            yield _swap(node, node.base ** (node.exp + step))
    if isinstance(node, sympy.Symbol) and node not in LETTERS:
        yield _swap(node, node**2)


def deviation(node: Basic) -> Iterator[Change]:
    """A variance for a standard deviation, and back; the square and the modulus of a letter +-1 are both 1."""
    if isinstance(node, sympy.Pow) and abs(node.exp) == Rational(1, 2):
        yield _swap(node, node**2)
    if isinstance(node, sympy.Pow) and abs(node.exp) == 2 and node.base not in LETTERS:
        yield _swap(node, sympy.sqrt(node))


def relation(node: Basic) -> Iterator[Change]:
    """<= for >=, < for <=, != for =."""
    for table in (REVERSED, STRICT):
        if node.func in table:
            kind = table[node.func]
            yield Change(SIGNS[node.func], SIGNS[kind], kind(*node.args, evaluate=False))


def _swap(node: Basic, new: Basic) -> Change:
    return Change(show(node), show(new), new)


OPERATORS: dict[str, Callable[[Basic], Iterator[Change]]] = {
    "constant": constant,
    "sign": sign,
    "exponent": exponent,
    "deviation": deviation,
    "relation": relation,
}


@dataclass(frozen=True)
class Mutant:
    """A changed statement of a claim, with the operator that made it and a name that says what was done."""

    key: str
    place: int
    operator: str
    statement: Statement


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: ``open`` if its check was not settled, and why it survived if it did."""

    key: str
    operator: str
    killed: bool
    open: bool
    reason: str = ""


def changed(tree: Basic) -> Iterator[tuple[str, Change]]:
    """Every tree that one operator makes at one node, with the operator's name."""
    for name, operator in OPERATORS.items():
        for change in operator(tree):
            yield name, change
    for place, part in enumerate(tree.args):
        if isinstance(tree, sympy.Pow) and place == 1 and part.is_Rational:
            continue  # what `exponent` does
        for name, change in changed(part):
            yield name, replace(change, tree=_rebuilt(tree, place, change.tree))


def mutants(claim: Claim) -> Iterator[Mutant]:
    """Every different mutant of every statement of a claim."""
    for place, statement in enumerate(claim.evidence):
        if statement.checker == "lemma":
            continue
        seen, names = {_content(statement)}, Counter[str]()
        for operator, name, new in _variants(statement):
            if _content(new) not in seen:
                seen.add(_content(new))
                names[name] += 1
                again = f" ({names[name]})" if names[name] > 1 else ""
                yield Mutant(f"{claim.id}.{place}: {name}{again}", place, operator, new)


def _variants(statement: Statement) -> Iterator[tuple[str, str, Statement]]:
    for operator, change in changed(statement.relation):
        yield operator, f"{change.before} -> {change.after}", replace(statement, relation=change.tree)
    for place, one in enumerate(statement.given):
        rest = statement.given[:place], statement.given[place + 1 :]
        where = f"given {show(one)}"
        if not is_definition(one):
            yield "hypothesis", f"{where}: left out", replace(statement, given=rest[0] + rest[1])
        for operator, change in _in_hypothesis(one):
            name = f"{where}: {change.before} -> {change.after}"
            yield operator, name, replace(statement, given=(*rest[0], change.tree, *rest[1]))


def _in_hypothesis(tree: Basic) -> Iterator[tuple[str, Change]]:
    """Changes of a hypothesis; of a definition the right side only."""
    if not is_definition(tree):
        yield from changed(tree)
        return
    for operator, change in changed(tree.args[1]):
        yield operator, replace(change, tree=_rebuilt(tree, 1, change.tree))


def _content(statement: Statement) -> tuple[Basic, tuple[Basic, ...]]:
    return statement.relation, statement.given


def _rebuilt(tree: Basic, place: int, new: Basic) -> Basic:
    parts = [new if place == i else one for i, one in enumerate(tree.args)]
    return tree.func(*parts, evaluate=False) if isinstance(tree, (Relational, sympy.And)) else tree.func(*parts)


def try_all(claim: Claim, reasons: Mapping[str, str]) -> list[Outcome]:
    """Every mutant of a claim with its outcome."""
    steps = list(map(check, claim.evidence))
    if verdict(steps) != claim.recorded:
        raise ValueError(f"claim {claim.id} has not its recorded verdict; see python -m proofs --claim {claim.id}")
    return [_outcome(claim, steps, mutant, reasons) for mutant in mutants(claim)]


def _outcome(claim: Claim, steps: list[Step], mutant: Mutant, reasons: Mapping[str, str]) -> Outcome:
    step = check(mutant.statement, milliseconds=MILLISECONDS)
    changed_steps = [step if place == mutant.place else one for place, one in enumerate(steps)]
    killed = verdict(changed_steps) != claim.recorded
    reason = "" if killed else follows(claim.evidence[mutant.place], mutant.statement) or reasons.get(mutant.key, "")
    return Outcome(mutant.key, mutant.operator, killed, step.holds is None, reason)


def follows(statement: Statement, mutant: Statement) -> str:
    """Why a mutant must hold where its statement does: shown by machine, or empty."""
    if statement.checker == "z3":
        return _follows_for_some(statement, mutant) if statement.exists else _follows_over_reals(statement, mutant)
    if statement.checker in ("arb", "exact"):
        return _follows_in_numbers(statement, mutant)
    return ""


def _follows_over_reals(statement: Statement, mutant: Statement) -> str:
    exist = tuple(sympy.Ne(below, 0, evaluate=False) for below in z3_solver.denominators(mutant.relation))
    harder = all(_implied((*exist, *mutant.given), one) for one in statement.given)
    bounds = tuple(one for one in mutant.given if len(one.free_symbols) == 1)
    # What the bounds of single letters say by themselves does not come from the statement.
    weaker = _implied((*bounds, statement.relation), mutant.relation) and (
        mutant.relation == statement.relation or not _implied(bounds, mutant.relation)
    )
    return "it follows: it assumes no less and concludes no more" if harder and weaker else ""


def _follows_for_some(statement: Statement, mutant: Statement) -> str:
    """One constraint was changed: to a harder one, if there were no numbers; to an easier one, if there were some."""
    before, after = (set(one.relation.args) for one in (statement, mutant))
    bounds = tuple(one for one in before & after if len(one.free_symbols) == 1)
    pairs = [((*bounds, new), old) for old in before - after for new in after - before]
    if not check(statement).holds and all(_implied(*pair) for pair in pairs):
        return "it follows: fewer numbers satisfy it"
    return ""


def _implied(given: tuple[Basic, ...], conclusion: Basic) -> bool:
    if conclusion in given:
        return True
    try:
        found, _ = z3_solver.solve([*given, sympy.Not(conclusion, evaluate=False)], milliseconds=MILLISECONDS)
    except z3_solver.NotArithmeticError:
        return False
    return found is False


def _follows_in_numbers(statement: Statement, mutant: Statement) -> str:
    """The same relation made less strict, or, where no distance is given, between numbers further apart."""
    if not isinstance(mutant.relation, Relational) or mutant.relation.func not in (
        statement.relation.func,
        STRICT.get(statement.relation.func),
    ):
        return ""
    if _content(replace(mutant, relation=statement.relation)) == _content(statement) and (
        mutant.relation.args == statement.relation.args
    ):
        return "it follows: the same numbers, equality allowed"
    if statement.by is not None or statement.relation.func not in STRICT:
        return ""
    try:
        old, new = ([ball(side) for side in put_in(one.relation, one.given).args] for one in (statement, mutant))
    except NoValueError:
        return ""
    (left, right), (new_left, new_right) = (
        (old, new) if statement.relation.func in (sympy.Gt, sympy.Ge) else (old[::-1], new[::-1])
    )
    apart = (new_left > left and not new_right > right) or (new_right < right and not new_left < left)
    return "it follows: the numbers are further apart" if apart else ""


def run(claims: Mapping[str, Claim], reasons: Mapping[str, str], *, workers: int = 1) -> Iterator[list[Outcome]]:
    """The outcomes of every claim, in order; with several workers by processes that read the ledger themselves."""
    if workers == 1:
        return (try_all(claim, reasons) for claim in claims.values())
    return in_order(try_one, claims, workers=workers)


def try_one(name: str, advance: Progress) -> list[Outcome]:
    """The outcomes of one claim of the ledger, in a process of its own."""
    from proofs.ledger import CLAIMS
    from proofs.mutation.equivalent import REASONS

    return try_all(CLAIMS[name], REASONS)
