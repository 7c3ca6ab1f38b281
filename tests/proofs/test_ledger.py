"""Every claim has its recorded verdict, and a statement changed a little would not have it."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
import z3

from proofs import __main__ as ledger
from proofs import corrected, proposition1, theorem2
from proofs.claims import examine, verdict
from proofs.evidence import identity, implication, less, satisfiable
from proofs.ledger import CLAIMS
from proofs.notation import ETA, LAW, RATES, RIGHT, STANDARD, SWAPPED, WRONG, P
from proofs.proposition1 import number, phi
from proofs.theorem2 import ROBUST
from tradeoff import accuracy, families, rules
from tradeoff.codes import cyclic_word
from tradeoff.distribution import CyclicGaussian

ROBUST_ACCURACY = z3.Real("robust")


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_the_computed_verdict_is_the_recorded_one(claim):
    finding = examine(claim)
    assert finding.verdict == claim.recorded, finding.steps


@pytest.mark.parametrize(
    ("id_", "recorded"),
    [
        ("prop1-deviation", "refuted"),
        ("thm2-hypothesis", "vacuous"),
        ("corrected-lower", "proved"),
        ("corrected-upper", "proved"),
    ],
)
def test_the_main_findings_are_in_the_ledger(id_, recorded):
    assert CLAIMS[id_].recorded == recorded


def test_ids_are_unique():
    assert len(CLAIMS) == sum(len(module.CLAIMS) for module in (proposition1, theorem2, corrected))


# Statements of the ledger with one thing changed; each check must notice.
MUTANTS = {
    "chain with p and 1-p exchanged": implication("printed", "", [*LAW, *RATES], 1 - SWAPPED >= P / (1 - P) * STANDARD),
    "chain for p below 1/2": implication("printed", "", [P > 0, P < 1, *RATES], 1 - SWAPPED >= (1 - P) / P * STANDARD),
    "standard accuracy below eta": implication("printed", "", [*LAW, *RATES, *ROBUST], STANDARD <= ETA),
    "corrected upper end with p/(1-p)": implication(
        "printed", "", [*LAW, *RATES], (1 - P) * (1 - STANDARD) >= P * SWAPPED
    ),
    "corrected upper end, equal weights": implication("printed", "", [*LAW, *RATES], 1 - STANDARD >= SWAPPED),
    "corrected lower end with eta/2": implication(
        "printed", "", [ROBUST_ACCURACY >= 1 - ETA, ROBUST_ACCURACY <= STANDARD], STANDARD >= 1 - ETA / 2
    ),
    "corrected lower end from another shift": implication(
        "printed", "", [ROBUST_ACCURACY >= 1 - ETA], STANDARD >= 1 - ETA
    ),
    "97% raised to 98%": less("printed", "", number("0.98"), phi(2)),
    "85% lowered to 69%": less("repair", "", phi("0.5"), number("0.69")),
}


def test_a_changed_mean_is_not_the_mean_of_the_shift():
    """-3s in place of -2s, or nothing where the words differ: the attack no longer reaches the law."""
    from proofs.notation import c, s

    assert identity("printed", "", s * c - 3 * s * c, s * -c).holds is not True
    assert identity("printed", "", s * c, s * -c).holds is not True


def test_sign_x0_has_both_accuracies_of_the_ledger():
    """The number behind thm2-both-high, from the theory: both are 0.99 at d = 64, a = 4."""
    law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), 16), p=0.99)
    rule = rules.sign_x0(law)
    assert accuracy.adversarial(rule, law, scaled_radius=4.0) == accuracy.spatial(rule, law) == 0.99


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_changed_statement_is_not_proved(mutant):
    assert MUTANTS[mutant].holds is False


@pytest.mark.parametrize("constraint", [1 - P + z3.RealVal("1/1000") > ETA, ETA <= 1 - P])
def test_the_hypothesis_is_empty_below_one_minus_p_and_not_at_it(constraint):
    """sign(x_0), right given x_0 = y and wrong otherwise, satisfies it at eta = 1 - p exactly."""
    step = satisfiable("hypothesis", "", [*LAW, *RATES, *ROBUST, RIGHT == 1, WRONG == 0, constraint])
    assert step.holds is True
    assert verdict([step]) != "vacuous"


def test_the_command_prints_the_ledger_and_ends_with_0(capsys):
    assert ledger.main([]) == 0
    text = capsys.readouterr().out
    assert f"{len(CLAIMS)} claims" in text
    assert "all as recorded" in text


def test_a_verdict_that_differs_from_the_record_ends_with_1(monkeypatch, capsys):
    changed = replace(CLAIMS["prop1-deviation"], recorded="proved")
    monkeypatch.setitem(CLAIMS, "prop1-deviation", changed)
    assert ledger.main([]) == 1
    text = capsys.readouterr().out
    assert "recorded as proved" in text
    assert "changed: prop1-deviation" in text


def test_json_has_one_object_a_line(capsys):
    assert ledger.main(["--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["id"] for one in found] == list(CLAIMS)
    assert all(one["verdict"] == one["recorded"] and one["evidence"] for one in found)


def test_one_claim_is_shown_with_all_its_evidence(capsys):
    assert ledger.main(["--claim", "thm2-upper"]) == 0
    assert "solution" in capsys.readouterr().out


def test_an_unknown_claim_is_refused(capsys):
    assert ledger.main(["--claim", "thm3"]) == 2
    assert "claim='thm3' is unknown; use one of prop1-bayes-rule" in capsys.readouterr().err


def test_help_says_what_can_be_done(capsys):
    with pytest.raises(SystemExit) as end:
        ledger.main(["--help"])
    assert end.value.code == 0
    assert "Exit code 1" in capsys.readouterr().out


@pytest.mark.parametrize("missing", ["sympy", "z3", "flint"])
def test_a_missing_prover_is_named_in_one_sentence(missing):
    code = f"import sys; sys.modules[{missing!r}] = None; from proofs.__main__ import main; sys.exit(main([]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert missing in done.stderr
    assert "pip install -e '.[proofs]'" in done.stderr
