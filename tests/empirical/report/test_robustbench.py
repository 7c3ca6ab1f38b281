import json
from dataclasses import asdict, replace

import pytest
import torch

from empirical.compute import provenance
from empirical.measurement.measured import Measured
from empirical.measurement.plan import Plan
from empirical.report import robustbench
from empirical.report.text.network import text as text_of
from empirical.statistics import paired, records
from empirical.statistics.readings import readings
from empirical.validation.flags import Flag
from tests.empirical.small_runs import IMAGES, PLAN, changed, measured, without
from tradeoff.shared import checks

FLAGS = (Flag("weak", True, True, "it is weak"), Flag("bounds", False, False, "no bounds"))

ROBUSTBENCH = {
    "link": "https://example.org",
    "name": "A Paper",
    "authors": "A. Author",
    "additional_data": False,
    "number_forward_passes": 1,
    "dataset": "cifar10",
    "venue": "ICML 2021",
    "architecture": "WideResNet-28-10",
    "eps": "8/255",
    "clean_acc": "85.34",
    "reported": "60.00",
    "autoattack_acc": "54.00",
}
"""The keys of a file of RobustBench and the types of their values; its numbers are made up."""


def test_the_schema_is_robustbench_s_and_ours():
    content = robustbench.result(measured(), FLAGS).content
    assert set(content) == {*ROBUSTBENCH, "robustness_tradeoff"}
    for key in ("name", "dataset", "eps", "clean_acc"):
        assert type(content[key]) is type(ROBUSTBENCH[key])


def test_nothing_is_invented():
    content = robustbench.result(measured()).content
    for key in set(ROBUSTBENCH) - {"name", "dataset", "eps", "clean_acc"}:
        assert content[key] is None


def test_numbers_are_those_of_the_measurement():
    found = measured()
    content = robustbench.result(found, FLAGS).content
    ours = content["robustness_tradeoff"]
    assert content["clean_acc"] == f"{100 * int(found.right.sum()) / IMAGES:.2f}"
    assert ours["plan"] == json.loads(json.dumps(asdict(PLAN)))
    assert (ours["run"], ours["batch_size"], ours["training_seed"]) == (found.run, 40, 0)
    assert ours["data"]["images"] == IMAGES
    assert (ours["precision"], ours["why_precision"]) == (found.precision, found.why_precision)
    assert {key: ours[key] for key in ("versions", "device", "threads", "code")} == provenance.machine(
        torch.device("cpu")
    )
    assert ours["flags"] == [
        {"name": "weak", "raised": True, "asked": True, "text": "it is weak"},
        {"name": "bounds", "raised": False, "asked": False, "text": "no bounds"},
    ]
    assert ours["plain_count"] == 6 * IMAGES * 3
    assert ours["gradient_evaluations"] == int(found.samples["robustness.evaluations"].sum()) > 0
    assert ours["queries"] == int(found.samples["robustness.queries"].sum()) > 0
    assert len(ours["readings"]) == len(readings(found))


def test_gradient_evaluations_of_all_pieces_are_added():
    found = changed(measured(), robustness__evaluations=torch.tensor([70, 5]))
    assert robustbench.evaluations(found) == (75, 6 * IMAGES * 3)


def test_the_robust_accuracy_is_the_one_at_the_eps_named():
    found = measured()
    stands = found.samples["robustness.unfooled"][:, found.plan.eps.index(0.05)]
    content = robustbench.result(found, eps=0.05).content
    robust = content["robustness_tradeoff"]["robust_accuracy"]
    assert content["eps"] == "0.05"
    assert (robust["grid"], robust["hits"], robust["trials"]) == (0.05, int((stands & found.right).sum()), IMAGES)
    assert robust["low"] < robust["value"] < robust["high"]
    with pytest.raises(checks.InputError, match=r"eps=0\.3 was not measured"):
        robustbench.result(found, eps=0.3)


def test_eps_are_written_in_steps_of_pixels():
    plan = Plan(eps=("8/255",), gradients="float32")
    samples = {"robustness__unfooled": torch.ones(IMAGES, 2, dtype=torch.bool)}
    found = replace(changed(without(measured(), "joint", "audit", "moves"), **samples), plan=plan)
    found = replace(found, plan=replace(plan, skip=("joint", "audit", "moves", "control")))
    assert robustbench.result(found).info["eps"] == "8/255"


def test_a_measurement_without_an_attack_has_none():
    found = without(measured(), "robustness", "audit", "joint")
    content = robustbench.result(found).content
    assert content["eps"] is None
    assert content["robustness_tradeoff"]["robust_accuracy"] is None
    assert content["robustness_tradeoff"]["gradient_evaluations"] is None


def test_what_the_user_tells_is_taken_and_what_is_measured_is_not_told():
    content = robustbench.result(measured(), told={"link": "x", "additional_data": True, "footnote": "y"}).content
    assert (content["link"], content["additional_data"], content["footnote"]) == ("x", True, "y")
    with pytest.raises(checks.InputError, match="told='autoattack_acc' is unknown"):
        robustbench.result(measured(), told={"autoattack_acc": "99.00"})


@pytest.mark.parametrize("found", [measured, lambda: without(measured(), "robustness", "audit", "joint")])
def test_a_result_survives_the_round_trip_through_json(found):
    made = robustbench.result(found(), FLAGS, told={"venue": "ours"})
    again = robustbench.parse(made.text)
    assert again == made
    assert again.text == made.text
    assert list(again.readings) == readings(found())


def one_image(found: Measured) -> Measured:
    samples = {name: values[:1] for name, values in found.samples.items()}
    return replace(found, data=found.data.take(torch.tensor([0])), samples=samples)


def test_what_one_image_cannot_tell_is_null_and_comes_back():
    made = robustbench.result(one_image(without(measured(), "audit")))
    read = made.content["robustness_tradeoff"]["readings"]
    assert {one["standard_error"] for one in read} == {None}
    assert robustbench.parse(made.text) == made


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is not JSON"),
        (json.dumps(ROBUSTBENCH), "no object 'robustness_tradeoff'"),
        ("[]", "no object"),
        (json.dumps(ROBUSTBENCH | {"robustness_tradeoff": {"schema": 2}}), "schema 2, this version reads 1"),
        (json.dumps(ROBUSTBENCH | {"robustness_tradeoff": {"schema": 1}}), "lacks 'robust_accuracy'"),
        (
            json.dumps({"robustness_tradeoff": {"schema": 1, "robust_accuracy": None, "readings": []}}),
            "lacks 'link'",
        ),
    ],
)
def test_what_is_no_result_is_refused(text, says):
    with pytest.raises(checks.InputError, match=says):
        robustbench.parse(text)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_cannot_be_had_is_null_and_takes_nothing_along(value):
    """Squares of logits beyond what float32 holds: everything else is written, and read again."""
    found = measured()
    spoilt = changed(found, exact__difference=torch.full_like(found.samples["exact.difference"], value))
    text = robustbench.result(spoilt).text
    assert "NaN" not in text
    assert "Infinity" not in text
    null = [one for one in json.loads(text)["robustness_tradeoff"]["readings"] if one["value"] is None]
    assert null
    assert {one["quantity"].rpartition("_")[2] for one in null} == {"defect"}
    assert len(robustbench.parse(text).readings) == len(readings(found))
    assert robustbench.parse(text).text == text
    lines = [records.line(record) for record in records.records_of(spoilt)]
    assert len(lines) == len(readings(found))
    assert not any("NaN" in line or "Infinity" in line for line in lines)
    assert not any("NaN" in paired.line(row) for row in paired.rows([spoilt, measured("two")]))
    assert "Clean accuracy" in text_of([spoilt], [[]])


def test_what_could_not_be_measured_is_said_with_the_reason():
    found = replace(measured(), failed={"distance": "no gradient"})
    assert robustbench.result(found).content["robustness_tradeoff"]["not_measured"] == {"distance": "no gradient"}
