"""Tables and numbers of the benchmarks' page are those of the records in results/benchmarks."""

import importlib.util
import json
import sys

import pytest

from tests.docs.pages import ROOT, page

PAGE = page("reference/benchmarks")


def benchmark(name):
    """A script of benchmarks/ as a module, and its record."""
    if str(ROOT / "benchmarks") not in sys.path:  # where a script finds its neighbours
        sys.path.append(str(ROOT / "benchmarks"))
    spec = importlib.util.spec_from_file_location(f"{name}_benchmark", ROOT / "benchmarks" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, json.loads((ROOT / "results" / "benchmarks" / f"{name}.json").read_text())


@pytest.mark.parametrize("name", ["sampling", "frontier", "attacks", "against_autoattack", "profiles", "gradients"])
def test_the_table_of_a_benchmark_is_that_of_its_record(name):
    """The table is what the script makes of its record in results/benchmarks."""
    if name not in ("sampling", "frontier"):
        pytest.importorskip("torch", reason="the measurement room needs torch")
    module, record = benchmark(name)
    assert f"<!-- benchmark: {name} -->\n{module.table(record)}\n" in PAGE


def fewer_left_by_autoattack(record):
    record["networks"]["robust"]["rows"][0]["only_theirs_fools"] += 9


def more_left_by_ours(record):
    record["networks"]["robust"][0]["standing"][3] += 300


def gradients_point_elsewhere(record):
    record["rows"][0]["cosine"]["ours, float32"] = 0.9


def chosen_kernels_are_slow(record):
    row = record["rows"][0]
    row["microseconds"][f"{row['chosen']['float32']['kernels']}, float32"] *= 2


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("against_autoattack", fewer_left_by_autoattack),
        ("profiles", more_left_by_ours),
        ("gradients", gradients_point_elsewhere),
        ("gradients", chosen_kernels_are_slow),
    ],
)
def test_what_a_benchmark_asserts_holds_of_its_record_and_not_of_a_worse_one(name, harm):
    pytest.importorskip("torch", reason="the measurement room needs torch")
    module, record = benchmark(name)
    assert module.failures(record) == []
    harm(record)
    assert module.failures(record)


def test_no_side_of_the_comparison_of_attacks_left_its_ball():
    pytest.importorskip("torch", reason="the measurement room needs torch")
    _, record = benchmark("attacks")
    assert not any(row["outside"] for row in record["strength"])


def test_speeds_in_the_text_are_those_of_the_record():
    _, record = benchmark("sampling")
    assert f"{record['exact']['16383'] * 1e3:.1f} ms" in PAGE
    assert f"at most {max(row['peak'] for row in record['memory']):.0f} MB" in PAGE
    _, record = benchmark("frontier")
    assert max(row["ours"] for row in record["rows"]) < 0.04
