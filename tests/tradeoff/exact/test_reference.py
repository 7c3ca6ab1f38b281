"""Every number of tests/data/reference.json, which was made from pattern frequencies without this package."""

import json
from pathlib import Path

import pytest

from tradeoff.bounds import optima
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model import RULES
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared.results import Band, ends

LAWS = json.loads((Path(__file__).parents[2] / "data" / "reference.json").read_text())["laws"]


def word(law):
    columns = [pattern for pattern, count in law["columns"].items() for _ in range(count)]
    return cyclic_word(families.from_columns(columns), len(columns))


def answer(entry, dist):
    if entry["quantity"] == "best_adversarial":
        return optima.best_adversarial(dist, scaled_radius=entry["scaled_radius"])
    params = {{"built_for": "scaled_radius"}.get(key, key): value for key, value in entry["rule_params"].items()}
    rule = RULES[entry["rule"]].build(dist, **params)
    given = {} if entry["scaled_radius"] is None else {"scaled_radius": entry["scaled_radius"]}
    if entry["attack"] == "label_blind":
        given["attack"] = entry["attack"]
    return getattr(accuracy, entry["quantity"])(rule, dist, **given)


@pytest.mark.parametrize("name", LAWS)
def test_every_number_of_the_reference_table_is_found_again(name):
    """Within the two stated errors, and 1e-12 between closed forms; no bracket among them."""
    law, made = LAWS[name], word(LAWS[name])
    assert made.correlations.tolist() == pytest.approx(law["correlations"], abs=1e-15)
    for entry in law["entries"]:
        found = answer(entry, CyclicGaussian(made, entry["p"]))
        assert not isinstance(found, Band), entry
        low, high = ends(found).low - entry["error"] - 1e-12, ends(found).high + entry["error"] + 1e-12
        assert low <= entry["value"] <= high, (entry, found)
        assert high - low < 1.5e-3, (entry, found)


def test_the_table_holds_the_published_digits():
    """p = 1/2, Golay columns, K = 2, 4, 8: spatial accuracy of g_K and f*; adversarial of g_2, g_4 and f* at a = 1."""
    shown = {}
    for shifts in (2, 4, 8):
        for entry in LAWS[f"golay quarter K={shifts}"]["entries"]:
            if entry["p"] == 0.5 and len(entry["rule_params"].get("members", range(shifts))) == shifts:
                shown[shifts, entry["rule"], entry["quantity"], entry["scaled_radius"]] = entry["value"]
    spatial = [(shown[k, "augmented", "spatial", None], shown[k, "bayes", "spatial", None]) for k in (2, 4, 8)]
    assert [g for g, _ in spatial] == [
        pytest.approx(v, abs=2e-4 if v == 0.8905 else 5e-5) for v in (0.9431, 0.9138, 0.8905)
    ]
    assert [f for _, f in spatial] == [pytest.approx(v, abs=5e-5) for v in (0.8344, 0.7629, 0.7272)]
    assert shown[2, "augmented", "adversarial", 1.0] == pytest.approx(0.7854, abs=5e-5)
    assert shown[4, "augmented", "adversarial", 1.0] == pytest.approx(0.6731, abs=5e-5)
    assert shown[4, "bayes", "adversarial", 1.0] == pytest.approx(0.8413, abs=5e-5)
