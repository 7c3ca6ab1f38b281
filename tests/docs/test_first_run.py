"""The first lesson: its picture is the one that the command makes, its numbers are those of the rows."""

import json
import re

from tests.docs.pages import ROOT, page
from tests.made_again import agree
from tradeoff.shared.results import Band
from tradeoff.simulation.options import RunOptions, resolve, run_id
from tradeoff.simulation.run import answer
from tradeoff.simulation.scenario import Scenario

LESSON = page("tutorials/first-run")
DEFAULT = run_id(resolve({}, RunOptions()), RunOptions())


def test_the_figure_is_named_by_the_default_scenario_and_options():
    record = json.loads((ROOT / "results" / "simulate" / f"run-{DEFAULT}.json").read_text())
    assert record["scenario"]["id"] == resolve({}, RunOptions()).id
    assert record["run"] == DEFAULT
    assert f"results/simulate/tradeoff-{DEFAULT}.png" in LESSON


TIES = 3
"""Samples of a run whose score another BLAS may round to the other side of zero; a score within 1e-13 of zero has a
chance below 1e-8 in all samples of a row, and draws where moves cancel exactly are these few."""


def same_row(new, old, samples):
    """Whether a row is the published one: closed forms to rounding, quadrature within the errors that both state."""
    moving = ("value", "low", "high", "given")
    if {k: v for k, v in new.items() if k not in moving} != {k: v for k, v in old.items() if k not in moving}:
        return False
    if any((new[key] is None) != (old[key] is None) for key in moving[:3]):
        return False
    if new["method"] == "quadrature":
        return agree(Band(new["low"], new["high"]), Band(old["low"], old["high"]))
    slack = TIES / samples if new["method"] in ("montecarlo", "bound") else 1e-12
    return all(new[key] is None or abs(new[key] - old[key]) <= slack for key in moving[:3])


def test_the_published_rows_are_made_again_by_the_command():
    options = RunOptions(trials=RunOptions().samples)
    made = [json.loads(row.to_json()) for row in answer(resolve({}, options), options)[0]]
    path = ROOT / "results" / "simulate" / f"rows-{DEFAULT}.jsonl"
    published = [json.loads(line) for line in path.read_text().splitlines()]
    assert [new for new, old in zip(made, published, strict=True) if not same_row(new, old, options.samples)] == []
    for new, old in zip(made, published, strict=True):
        if new["value"] is not None:
            wide = 2 * (new["high"] - new["low"] + old["high"] - old["low"]) + 1e-9
            moved = {key: old[key] + wide for key in ("value", "low", "high") if old[key] is not None}
            assert new["method"] == "montecarlo" or not same_row(new, old | moved, options.samples)


def test_numbers_in_the_caption_come_from_the_rows():
    path = ROOT / "results" / "simulate" / f"rows-{DEFAULT}.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    found = {
        (row["rule"], row["quantity"]): row["value"]
        for row in rows
        if row["scaled_radius"] in (None, 1) and row["method"] in ("exact", "quadrature") and not row["rule_params"]
    }
    caption = LESSON.replace("\n", " ").split("*Right:*")[1].split("The grey regions")[0]
    wanted = [("augmented", "spatial"), ("bayes", "spatial"), ("augmented", "adversarial"), ("bayes", "adversarial")]
    assert [float(number) for number in re.findall(r"(?<!\d)\.\d{3}", caption)] == [
        round(found[key], 3) for key in wanted
    ]


def test_scenarios_do_not_depend_on_the_place_of_the_repository():
    assert "/" not in json.dumps(Scenario("++-+", 1).content)
