"""Changed statements: operators do what they should, and nothing survives without a reason that is still needed."""

import pytest
import sympy
from sympy import Rational

from proofs.checking.check import check
from proofs.checking.claim import Claim
from proofs.language.notation import c, eta, p, q, s
from proofs.language.statements import above, at_least, equal, exact, forall, numbers, ratio
from proofs.ledger import CLAIMS
from proofs.mutation.equivalent import REASONS
from proofs.mutation.mutants import OPERATORS, changed, follows, mutants, try_all, try_one


@pytest.mark.parametrize(
    ("operator", "tree", "expected"),
    [
        ("constant", Rational(17, 20), {Rational(18, 20), Rational(16, 20)}),
        ("sign", p - q, {p + q, -p - q}),
        ("exponent", p**2, {p, p**3}),
        ("exponent", p, {p**2}),
        ("exponent", c, set()),
        ("deviation", sympy.sqrt(s), {s}),
        ("deviation", p**2, {abs(p)}),
        ("deviation", c**2, set()),
        ("relation", at_least(p, q), {p <= q, p > q}),
        ("relation", equal(p, q), {sympy.Ne(p, q)}),
    ],
)
def test_what_an_operator_does(operator, tree, expected):
    assert {change.tree for change in OPERATORS[operator](tree)} == expected


def test_every_node_is_reached():
    trees = {change.tree for _, change in changed(p * (1 - q) + 3)}
    assert {p * (2 - q) + 3, p * (1 - q) + 4, p**2 * (1 - q) + 3, p * (1 + q) + 3} <= trees


def test_hypotheses_are_changed_and_left_out():
    statement = forall("printed", "", at_least(q**2, 1), at_least(q, 1), touches={q: sympy.Integer(1)})
    made = list(mutants(Claim("one", "", "", "proved", "", (statement,))))
    assert "one.0: given q >= 1: left out" in [one.key for one in made]
    assert any(one.statement.given == (at_least(q, 2),) for one in made)
    assert len({one.key for one in made}) == len(made)


def test_a_weaker_statement_follows_and_another_does_not():
    """Also one that is true: a stronger conclusion is not explained by the statement."""
    given = at_least(p, q + 2)
    statement, weaker, stronger = (
        forall("printed", "", at_least(p, q + by), given, touches=()) for by in (1, 0, ratio("3/2"))
    )
    assert all(check(one).holds for one in (statement, weaker, stronger))
    assert follows(statement, weaker)
    assert not follows(statement, stronger)
    loose = numbers("printed", "", above(ratio("0.9"), ratio("0.5")))
    assert follows(loose, numbers("printed", "", above(ratio("0.9"), ratio("0.4"))))
    assert not follows(loose, numbers("printed", "", above(ratio("0.9"), ratio("0.6"))))


def test_a_statement_that_says_too_little_has_survivors():
    """1 - eta is above 0 for eta below 1; that it is above -1 is true as well, and nothing here would notice."""
    vague = exact("printed", "", above(1 - eta, 0), equal(eta, ratio("1/3")))
    outcomes = try_all(Claim("vague", "", "", "proved", "", (vague,)), {})
    assert any(not one.killed for one in outcomes)
    sharp = exact("printed", "", above(1 - eta, 0), equal(eta, ratio("1/3")), by="2/3")
    outcomes = try_all(Claim("sharp", "", "", "proved", "", (sharp,)), {})
    assert [one.key for one in outcomes if not one.killed and not one.reason] == []


OTHERS = pytest.mark.slow(twin="test_no_mutant_survives_without_a_reason")
SAMPLE = list(CLAIMS)[::5]
"""Claims whose mutants are tried by default: every fifth, so that each part has some."""


@pytest.mark.parametrize(
    "claim",
    [
        claim
        if id_ in SAMPLE
        else pytest.param(claim, marks=pytest.mark.slow(twin="test_no_mutant_survives_without_a_reason"))
        for id_, claim in CLAIMS.items()
    ],
    ids=CLAIMS,
)
def test_no_mutant_survives_without_a_reason(claim):
    outcomes = try_all(claim, REASONS)
    alive = {one.key for one in outcomes if not one.killed}
    assert [one.key for one in outcomes if not one.killed and not one.reason] == []
    assert {key for key in REASONS if key.split(".")[0] == claim.id} <= alive, "a reason for a mutant that is killed"
    if any(step.checker != "lemma" for step in claim.evidence):
        assert len(alive) < len(outcomes) / 3


def test_no_mutant_is_killed_by_a_checker_that_gave_up():
    for name in ("thm2-chain", "prop1-accuracy"):
        assert not any(one.open for one in try_all(CLAIMS[name], REASONS))


def test_a_claim_without_its_recorded_verdict_is_not_mutated():
    false = exact("printed", "", above(1 - eta, 2), equal(eta, ratio("1/3")), by="1")
    with pytest.raises(ValueError, match="claim false has not its recorded verdict; see python -m proofs"):
        try_all(Claim("false", "", "", "proved", "", (false,)), {})


def test_a_process_of_its_own_finds_the_mutants_of_a_claim_of_the_ledger():
    assert try_one("prop1-existence", lambda done: None) == try_all(CLAIMS["prop1-existence"], REASONS)


def test_reasons_are_about_claims():
    assert {key.split(".")[0] for key in REASONS} <= CLAIMS.keys()
