"""The README keeps its word: its tour runs, its links lead somewhere, its figure is the one its command makes."""

import doctest
import importlib.util
import json
import re
import sys
from pathlib import Path

import pytest

from tests.made_again import agree
from tradeoff.shared.results import Band
from tradeoff.simulation.options import RunOptions, resolve, run_id
from tradeoff.simulation.run import answer
from tradeoff.simulation.scenario import Scenario

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_tour_runs():
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    outcome = doctest.testfile(str(ROOT / "README.md"), module_relative=False, optionflags=flags)
    assert outcome.attempted > 10
    assert outcome.failed == 0


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_links_to_files_lead_somewhere(page):
    text = (ROOT / page).read_text()
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target]
    assert [target for target in targets if not (ROOT / target).exists()] == []


@pytest.mark.parametrize("name", ["run", "test", "measure"])
def test_each_command_is_one_line_that_sets_itself_up(name):
    block = README.split(f"<!-- command: {name} -->")[1].split("```")[1]
    lines = block.strip().splitlines()[1:]
    assert len(lines) == 1
    assert lines[0].startswith("python3 -m venv ")
    assert "-c constraints.txt" in lines[0]


def test_the_python_versions_are_those_of_the_package():
    assert 'requires-python = ">=3.11,<3.15"' in (ROOT / "pyproject.toml").read_text()
    assert "Python (3.11 to 3.14)" in README


DEFAULT = run_id(resolve({}, RunOptions()), RunOptions())


def test_the_figure_is_named_by_the_default_scenario_and_options():
    record = json.loads((ROOT / "results" / "simulate" / f"run-{DEFAULT}.json").read_text())
    assert record["scenario"]["id"] == resolve({}, RunOptions()).id
    assert record["run"] == DEFAULT
    assert f"results/simulate/tradeoff-{DEFAULT}.png" in README


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
    caption = README.replace("\n", " ").split("*Right:*")[1].split("The grey regions")[0]
    wanted = [("augmented", "spatial"), ("bayes", "spatial"), ("augmented", "adversarial"), ("bayes", "adversarial")]
    assert [float(number) for number in re.findall(r"(?<!\d)\.\d{3}", caption)] == [
        round(found[key], 3) for key in wanted
    ]


def test_the_changes_name_the_version():
    from tradeoff import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()
    assert f"version: {__version__}" in (ROOT / "CITATION.cff").read_text()


def test_every_flag_in_the_readme_exists(children):
    help_text = children.run("-m", "tradeoff.simulate", "--help").stdout
    commands = [line for line in README.splitlines() if line.startswith("python -m tradeoff.simulate")]
    flags = {flag for line in commands for flag in re.findall(r"(--[a-z][a-z-]*)", line.split("#")[0])}
    assert flags
    assert flags <= set(re.findall(r"(--[a-z][a-z-]*)", help_text))


def test_scenarios_do_not_depend_on_the_place_of_the_repository():
    assert "/" not in json.dumps(Scenario("++-+", 1).content)


def test_the_published_summary_comes_from_the_published_records():
    """records and configs -> summary, from files alone; and the README quotes it."""
    pytest.importorskip("torch", reason="the measurement room needs torch")
    from empirical.experiments import engine
    from empirical.report import REPORTS
    from empirical.statistics import records

    folder = ROOT / "results" / "digits"
    configs = engine.read_configs(folder)
    said = dict(REPORTS["digits"](records.read(folder / engine.RECORDS), configs))["summary.txt"]
    assert said == (folder / "summary.txt").read_text()
    quoted = README.split("says\n\n```text\n")[1].split("```")[0].split()
    assert " ".join(quoted) in " ".join(said.split())


def own_lines(capsys, changes=()):
    """Run the README's lines about a network of one's own, each (text, other text) of ``changes`` put in first."""
    torch = pytest.importorskip("torch", reason="the measurement room needs torch")
    from empirical import models

    blocks = [part.split("```")[0] for part in README.split("```py\n")[1:]]
    given = {
        "model": models.build("std_cnn", seed=0),
        "images": torch.rand(4, 1, 28, 28),
        "labels": torch.zeros(4).long(),
    }
    for block, says in zip(blocks, ("95 % intervals", "Frequency"), strict=True):
        for before, after in changes:
            block = block.replace(before, after)
        exec(block, given)
        assert says in capsys.readouterr().out
    return blocks


@pytest.mark.slow(twin="test_the_lines_for_a_network_of_your_own_run_on_few_images")
def test_the_lines_for_a_network_of_your_own_run(capsys):
    own_lines(capsys)


def test_the_lines_for_a_network_of_your_own_run_on_few_images(capsys):
    fewer = {'limited(read("digits"), 200)': 'limited(read("digits"), 8)', "grid=(7, 3)": "grid=(2, 2)"}
    fewer["angles=[30, 180])"] = "angles=[180], steps=4, queries=20, skip=['distance', 'audit'])"
    blocks = own_lines(capsys, fewer.items())
    assert all(sum(text in block for block in blocks) == 1 for text in fewer)


def test_what_the_readme_says_of_the_model_is_computed():
    """Clean accuracies of f* and g_4, and that every range of augmentation lowers 1 - fooling at every radius shown."""
    pytest.importorskip("torch", reason="the measurement room needs torch")
    from empirical.compare import curves as compare

    none, some, every = compare.predicted()["augmentation"]
    rates = [one.profiles["one_minus_fooling"].rates[1:] for one in (none, some, every)]
    assert all(first > second > third for first, second, third in zip(*rates, strict=True))
    text = " ".join(README.split())
    assert "each larger range of augmentation lowers 1 - fooling at every radius shown" in text
    assert f"falls from {none.standard:.3f} to {every.standard.value:.3f}".replace("0.", ".") in text


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
    """The README's table is what the script makes of its record in results/benchmarks."""
    if name not in ("sampling", "frontier"):
        pytest.importorskip("torch", reason="the measurement room needs torch")
    module, record = benchmark(name)
    assert f"<!-- benchmark: {name} -->\n{module.table(record)}\n" in README


def fewer_left_by_autoattack(record):
    record["networks"]["robust"]["rows"][0]["theirs"] -= 1


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
    assert f"{record['exact']['16383'] * 1e3:.1f} ms" in README
    assert f"at most {max(row['peak'] for row in record['memory']):.0f} MB" in README
    _, record = benchmark("frontier")
    assert max(row["ours"] for row in record["rows"]) < 0.04


def test_the_flags_of_a_measurement_are_listed():
    pytest.importorskip("torch", reason="the measurement room needs torch")
    from empirical.validation.flags import QUESTIONS

    table = README.split("| flag | raised when |")[1].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(QUESTIONS)


def test_every_flag_of_the_measure_lines_exists():
    pytest.importorskip("torch", reason="the measurement room needs torch")
    from dataclasses import fields

    from empirical.commands.measure import MeasureOptions
    from empirical.commands.verify import VerifyOptions

    for command, options in (("measure", MeasureOptions), ("verify", VerifyOptions)):
        lines = [line for line in README.splitlines() if line.startswith(f"python -m empirical {command} ")]
        flags = {flag for line in lines for flag in re.findall(r"--([a-z][a-z-]*)", line.split("#")[0])}
        assert flags
        assert flags <= {field.name.replace("_", "-") for field in fields(options)}
