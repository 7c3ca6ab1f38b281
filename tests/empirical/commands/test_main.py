"""The command as a person meets it."""

import json
import subprocess
import sys
from dataclasses import fields

import pytest
import torch

from empirical import __main__ as command
from empirical.commands import COMMANDS
from empirical.experiments import SCALE_NAMES
from empirical.experiments.kamath import digits as experiment
from empirical.statistics.records import Record
from tradeoff.shared import checks

KEPT = {"records.jsonl", "configs.jsonl", "networks", "measured", ".lock"}


def test_the_smoke_scale_runs_from_start_to_end_and_does_nothing_twice(tmp_path, capsys):
    arguments = ["reproduce", "digits", "--scale", "smoke", "--out", str(tmp_path)]
    assert command.main(arguments) == 0
    text = capsys.readouterr().out
    assert "Direction 1: a larger range of rotation" in text
    assert "Direction 2: a larger eps" in text
    assert text.count("theta 0 -> 60") == 1
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {*KEPT, "summary.txt", "digits.jsonl", "digits.png", "digits.svg"}
    before = (tmp_path / "records.jsonl").read_bytes(), (tmp_path / "digits.svg").read_bytes()
    assert command.main([*arguments, "--quiet"]) == 0
    assert ((tmp_path / "records.jsonl").read_bytes(), (tmp_path / "digits.svg").read_bytes()) == before
    line = json.loads((tmp_path / "records.jsonl").read_text().splitlines()[0])
    assert set(line) == {field.name for field in fields(Record)} | {"checksum"}


def test_the_scales_of_the_help_are_those_of_the_experiment():
    assert tuple(experiment.SCALES) == SCALE_NAMES
    for scale in experiment.SCALES.values():
        assert len(scale.eps_grid) >= 7
        assert len(scale.angle_grid) >= 7
        assert experiment.EPS_COMPARED in scale.eps_grid
        assert experiment.RANGE_COMPARED in scale.angle_grid


def test_all_networks_of_a_comparison_see_the_same_number_of_images():
    from empirical.data import DATASETS

    tasks = experiment.tasks(DATASETS["digits"](), experiment.SCALES["small"], "x")
    assert {(task.run.training.updates, task.run.training.batch_size) for task in tasks} == {(1200, 32)}
    assert len({task.run.id for task in tasks}) == len(tasks) == 5 * 5 + 4


REFUSED = [
    (["fly"], ["command='fly' is unknown", "reproduce, check-attack, known-answers, examples, figures"]),
    (["reproduce"], ["experiment is missing", "digits"]),
    (["reproduce", "letters"], ["experiment='letters' is unknown", "digits"]),
    (["reproduce", "digits", "--scale", "huge"], ["scale='huge' is unknown", "smoke, small"]),
    (["reproduce", "digits", "--device", "tpu"], ["device='tpu' is unknown", "auto, cpu, cuda"]),
    (["reproduce", "digits", "--workers", "0"], ["workers=0 must be at least 1"]),
    (
        ["reproduce", "digits", "--workers", "1e10"],
        ["workers=10000000000 is more than can be done here; use at most 256"],
    ),
    (["examples", "--workers", "1e10"], ["workers=10000000000 is more than can be done"]),
    (["check-attack", "pgd", "--limit", "1e18"], ["limit=1000000000000000000 is more than can be done"]),
    (["check-attack", "pgd", "--scaled-radius", "1e300"], ["scaled_radius=1e+300", "at most 1e6"]),
    (["reproduce", "digits", "--workers", "two"], ["workers='two' is not a whole number"]),
    (["reproduce", "digits", "--out", "/dev/null/x"], ["cannot be written"]),
    (["figures", "flight"], ["figure='flight' is unknown", "rotation"]),
    (["reproduce", "digits", "--speed"], ["--speed", "--help"]),
]
if not torch.cuda.is_available():
    REFUSED.append((["reproduce", "digits", "--device", "cuda"], ["device='cuda' is not there", "device=cpu or auto"]))


@pytest.mark.parametrize(("arguments", "parts"), REFUSED)
def test_bad_input_ends_with_code_2_and_one_sentence(arguments, parts, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert command.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert all(part in captured.err for part in parts), captured.err


def test_the_rotation_figure_is_written(tmp_path, capsys):
    assert command.main(["figures", "rotation", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "rotation.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help_loads_no_torch(command):
    code = f"""
import sys, empirical.__main__ as m
try:
    m.main([*{command!r}, "--help"])
except SystemExit:
    pass
assert not {{"torch", "sklearn", "scipy"}} & sys.modules.keys()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert f"python -m empirical {' '.join(command)}" in done.stdout


@pytest.mark.parametrize("words", [[], ["--help"], ["--version"]])
def test_the_front_page_and_the_version(words, capsys):
    assert command.main(words) == 0
    assert capsys.readouterr().out.startswith("robustness-tradeoff " if words == ["--version"] else "empirical: ")


def test_the_names_that_a_command_offers_are_those_there_are():
    from empirical.compute import KERNEL_NAMES, kernels
    from empirical.compute.kernels import choice

    assert (choice.AUTO, *kernels.KERNELS) == KERNEL_NAMES


def test_an_experiment_is_published_without_figures():
    from pathlib import Path

    from empirical.experiments import engine
    from empirical.report import REPORTS
    from empirical.statistics import records

    folder = Path(__file__).parents[3] / "results" / "digits"
    published = REPORTS["digits"](records.read(folder / engine.RECORDS), engine.read_configs(folder), drawn=False)
    assert [name for name, _ in published] == ["summary.txt"]


def test_a_missing_package_is_named(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    assert command.main(["reproduce", "digits", "--scale", "smoke"]) == 2
    assert "pip install -e '.[empirical]'" in capsys.readouterr().err


def test_devices_are_chosen_by_name():
    from empirical.compute import device

    assert device.choose("cpu").type == "cpu"
    assert device.choose("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")
    with pytest.raises(checks.InputError, match="device='mps' is unknown"):
        device.choose("mps")
