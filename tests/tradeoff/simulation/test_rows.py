import json

import pytest

from tradeoff.shared.results import Band, Estimate, Frequency
from tradeoff.simulation import rows
from tradeoff.simulation.options import RunOptions, resolve
from tradeoff.simulation.run import answer

KEYS = {
    "schema",
    "scenario",
    "length",
    "step",
    "p",
    "signal",
    "group",
    "path",
    "level",
    "rule",
    "rule_params",
    "quantity",
    "shift",
    "scaled_radius",
    "given",
    "method",
    "value",
    "low",
    "high",
    "trials",
    "seed",
    "verdict",
    "source",
}
METHODS = {"exact", "quadrature", "bound", "montecarlo"}


@pytest.fixture(scope="module")
def made() -> list[dict]:
    options = RunOptions(scaled_radius=(0.0, 1.0), trials=400)
    return [json.loads(row.to_json()) for row in answer(resolve({}, options), options)[0]]


def test_every_row_has_the_keys_of_the_contract(made):
    assert all(set(row) == KEYS and row["schema"] == 1 and row["method"] in METHODS for row in made)
    assert {type(row["rule_params"]) for row in made} == {type(row["given"]) for row in made} == {dict}


def test_exact_rows_have_both_ends_at_their_value(made):
    exact = [row for row in made if row["method"] == "exact"]
    assert exact
    assert all(row["low"] == row["value"] == row["high"] for row in exact)


def test_only_sampled_rows_have_trials_and_a_seed(made):
    sampled = [row for row in made if row["method"] == "montecarlo"]
    tests = [row for row in made if row["quantity"] == "bound" and row["rule"]]
    assert {(row["trials"], row["seed"]) for row in sampled + tests} == {(400, 0)}
    assert {(row["trials"], row["seed"]) for row in made if row not in sampled + tests} == {(None, None)}
    assert all(row["low"] <= row["value"] <= row["high"] for row in sampled)


def test_all_four_quantities_of_all_rules_are_there(made):
    found = {(row["rule"], row["quantity"]) for row in made if row["method"] in ("exact", "quadrature")}
    quantities = ("standard", "spatial", "adversarial", "joint")
    assert found == {(rule, quantity) for rule in RunOptions().rules for quantity in quantities}


def test_a_quantity_without_an_attack_has_no_radius(made):
    assert {row["scaled_radius"] for row in made if row["quantity"] in ("standard", "spatial")} == {None}


def test_the_robust_rule_is_there_as_built_for_its_radius_and_for_one(made):
    at_zero = [
        row["rule_params"]
        for row in made
        if row["rule"] == "robust" and row["scaled_radius"] == 0 and row["method"] == "exact"
    ]
    assert {params["built_for"] for params in at_zero} == {0.0, 1.0}


def test_the_bounds_of_theorem_2_carry_a_verdict(made):
    bounds = [row for row in made if row["quantity"] == "bound" and row["rule"]]
    assert {row["verdict"] for row in bounds} == {"inside", "infeasible"}
    assert {row["given"]["statement"] for row in bounds} == {"theorem2_printed", "theorem2_corrected"}
    assert {row["given"]["attack"] for row in bounds} == {"mean_shift", "none", "worst"}


def test_the_verdict_of_a_bound_can_be_found_again_from_its_row(made):
    """inside, outside or infeasible follow from eta_high, the range of the spatial accuracy, and the two intervals."""
    for row in made:
        if row["quantity"] == "bound" and row["rule"]:
            eta, p, share = row["given"]["eta_high"], row["p"], row["step"] / row["length"]
            ends = ((1 - share) * (1 - eta), 1 - share * (1 - eta * p / (1 - p)))
            if row["given"]["statement"] == "theorem2_corrected":
                ends = (1 - eta, 1 - (1 - p) / p * (1 - eta))
            outside = row["given"]["spatial_high"] < ends[0] or row["given"]["spatial_low"] > ends[1]
            found = "infeasible" if eta < 1 - p else "outside" if outside else "inside"
            assert found == row["verdict"]


def test_each_attack_has_its_own_source(made):
    shifted = {row["source"] for row in made if row["given"] == {"attack": "mean_shift"} and row["method"] == "exact"}
    worst = {row["source"] for row in made if row["quantity"] == "adversarial" and not row["given"]}
    assert shifted
    assert all("(s - a)<w,u>" in source for source in shifted)
    assert not shifted & worst


def test_a_worst_attack_known_between_brackets_is_never_called_exact():
    options = RunOptions(family="search", length=60, scaled_radius=(1.0,), trials=0, rules=("augmented",))
    found = answer(resolve({"step": 10}, options), options)[0]
    attacked = [row for row in found if row.quantity == "adversarial" and not row.given]
    assert {row.method for row in attacked} == {"bound"}
    assert all(row.low < row.value == row.high for row in attacked)


@pytest.mark.parametrize(
    ("answer", "method", "value", "low", "high"),
    [
        (0.25, "exact", 0.25, 0.25, 0.25),
        (Estimate(0.25, 0.125), "quadrature", 0.25, 0.125, 0.375),
        (Band(0.25, 0.5), "bound", 0.5, 0.25, 0.5),
        (Frequency(0, 1), "montecarlo", 0.0, 0.0, 0.995),
    ],
)
def test_each_kind_of_answer_has_its_method(answer, method, value, low, high):
    found = rows.bracket(answer)
    assert (found["method"], found["value"]) == (method, value)
    assert (found["low"], found["high"]) == (pytest.approx(low), pytest.approx(high))
