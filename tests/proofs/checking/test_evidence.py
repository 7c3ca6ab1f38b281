"""Evidence says something: no conclusion is among what is given, and what only puts numbers in was reviewed."""

import pytest
import sympy
from sympy.core.relational import Relational

from proofs.checking import z3_solver
from proofs.checking.check import is_definition, put_in
from proofs.ledger import CLAIMS, THEOREMS


def statements(checkers):
    return {
        f"{claim.id}.{place}": statement
        for claim in CLAIMS.values()
        for place, statement in enumerate(claim.evidence)
        if statement.checker in checkers
    }


@pytest.mark.parametrize("statement", statements({"z3"}).values(), ids=statements({"z3"}))
def test_no_implication_is_true_for_want_of_numbers(statement):
    """What is given can be fulfilled; and a claim that nothing is says so as a hypothesis."""
    if statement.exists:
        assert statement.role == "hypothesis"
    else:
        assert z3_solver.solve(statement.given)[0] is True


def test_no_statement_says_the_same_on_both_sides():
    """SymPy simplifies a tree as it is built: what is then equal as it stands shows nothing, and mutants pass it by."""
    for name, statement in statements({"sympy", "z3", "arb", "exact"}).items():
        assert isinstance(statement.relation, (Relational, sympy.And)), name
        assert not isinstance(statement.relation, Relational) or statement.relation.lhs != statement.relation.rhs, name


SUBSTITUTED = {
    "prop1-agreements.1": "places that differ, and the d less those that agree",
    "metrics-proxy-fooling.1": "accuracies as sums of the parts of a table",
    "metrics-proxy-fooling.2": "accuracies as sums of the parts of a table",
    "best-possible.1": "f_a has Adv = R*",
    "normals-same.1": "both laws are one, shown by the statement before",
    "below-bound.0": "Spat_j is that mean over the bit, whose bound is Lemma 1",
    "moved-standard.1": "the accuracies of sign(x_0) in a bound for every rule",
    "progress-circle.2": "the circle closes",
    "tsipras-2-standard.0": "a margin up to 0 has a hinge loss of 1 or more",
}
"""Implications that only put something into a hypothesis, and what. All reviewed."""


EQUIVALENT = {
    "normal-mirror.2": "an equation solved",
    "best-value.3": "1 - p <= p is how p >= 1/2 is used: the larger of two densities",
    "random-antiperiodic.1": "the same",
    "joint-bound.2": "the same",
    "bitless-attained.1": "a mean over the two labels",
    "below-far.0": "what the positive part is",
    "above-far.1": "what the positive part is",
    "moved-rises.2": "multiplied by s > 0",
    "sharp-upper.1": "a quotient worked out at p = 1/2",
    "progress-gain.1": "divided by K > 0",
}
"""Implications of theorems whose conclusion is one hypothesis in another form, and what the step does. All reviewed."""


def test_no_conclusion_is_among_what_is_given_as_it_stands():
    """Nor with the definitions put in, which SymPy then writes in its own order."""
    found = set()
    for name, statement in statements({"z3"}).items():
        given = () if statement.exists else [one for one in statement.given if not is_definition(one)]
        assert statement.relation not in given, name
        if put_in(statement.relation, statement.given) in [put_in(one, statement.given) for one in given]:
            found.add(name)
    assert found <= SUBSTITUTED.keys()


@pytest.mark.slow(twin="test_no_conclusion_is_among_what_is_given_as_it_stands")
def test_no_conclusion_is_among_what_is_given():
    """Neither as it stands nor simplified, nor with the definitions put in."""
    found = set()
    for name, statement in statements({"z3"}).items():
        given = () if statement.exists else [one for one in statement.given if not is_definition(one)]
        assert statement.relation not in given, name
        if any(forms(statement.relation, statement.given) & forms(one, statement.given) for one in given):
            found.add(name)
    assert found == SUBSTITUTED.keys()


def forms(relation, given):
    """A relation as what its kind says of right - left or left - right, with and without the definitions."""
    found = set()
    for one in (relation, put_in(relation, given)):
        if isinstance(one, Relational):
            kind, left, right = type(one), *one.args
            if kind in (sympy.Lt, sympy.Le):
                kind, left, right = {sympy.Lt: sympy.Gt, sympy.Le: sympy.Ge}[kind], right, left
            found.add((kind, sympy.simplify(left - right)))
    return found


def test_no_theorem_assumes_its_conclusion_in_another_form():
    ours = {theorem.name(line) for theorem in THEOREMS.values() for line in theorem.proof}
    found = {
        name
        for name, statement in statements({"z3"}).items()
        if name.split(".")[0] in ours and not statement.exists and any(map(same(statement), statement.given))
    }
    assert found == EQUIVALENT.keys()


def same(statement):
    """Whether a hypothesis and the conclusion imply each other."""

    def imply(one, other):
        return z3_solver.solve([one, sympy.Not(other, evaluate=False)], milliseconds=2_000)[0] is False

    return lambda one: imply(one, statement.relation) and imply(statement.relation, one)


ONLY_PUT_IN = {
    "a printed formula at a point": (
        *("s2-invariance.1", "prop1-display-1.0", "thm2-upper.5", "thm2-upper.6", "thm2-random.0"),
        *("thm2-half-upper.0", "thm2-half-lower.0", "corrected-sharp.0", "corrected-sharp.1"),
    ),
    "a letter worked out in another unit": ("model-random-turn.0", "prop1-bayes-rule.2"),
    "a mean moved by an attack": ("thm2-attack.0", "tsipras-1.0", "tsipras-2-robust.0"),
    "a sum in another order": ("thm2-chain-relabel.0", "random-antiperiodic.0"),
    "shares that add up to 1": ("metrics-fooling.1", "metrics-same-start.0"),
    "sums over equal coordinates, with d or K and a root cancelled": (
        *("best-attained.1", "random-linear.0", "sharp-agreeing.1", "sharp-agreeing.3", "sharp-attacked.2"),
        "progress-rule.0",
    ),
    "where a slope begins": ("progress-concave.0",),
}
"""Identities that SymPy has shown once the definitions are put in: what each of them does. All reviewed."""


def test_an_identity_that_only_puts_something_in_is_a_reviewed_one():
    found = set()
    for name, statement in statements({"sympy"}).items():
        relation = put_in(statement.relation, statement.given)
        if relation.lhs == relation.rhs:
            found.add(name)
    reviewed = [name for names in ONLY_PUT_IN.values() for name in names]
    assert len(reviewed) == len(found)
    assert set(reviewed) == found


def test_every_inequality_between_numbers_says_by_how_much():
    for name, statement in statements({"arb", "exact"}).items():
        assert (statement.by is not None) == (statement.relation.func is not sympy.Eq), name
