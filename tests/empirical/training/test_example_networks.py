"""The networks inside the package are what they say, and one command makes them again."""

import re
import shutil
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from empirical import __main__ as command
from empirical import data, models
from empirical.commands import network_spec
from empirical.compute import forward, tensor_files
from empirical.measurement.plan import PARTS, Plan
from empirical.measurement.run import run
from empirical.statistics.readings import readings
from empirical.training import example_networks, trained
from empirical.training.example_networks import EXAMPLES
from tradeoff.shared import checks

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def held_out():
    return data.read("digits")


def hits(model, images) -> int:
    return int((forward.predict(model, images.images) == images.labels).sum())


def clean(model, images) -> float:
    return hits(model, images) / len(images)


def measured(model, images, part, **settings) -> dict:
    """Values of one part of a measurement by quantity and place."""
    plan = Plan(skip=tuple(other for other in PARTS if other != part), **settings)
    return {(one.quantity, one.grid): one.value for one in readings(run(model, images, plan))}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_shipped_network_was_trained_as_the_list_says(name, digits):
    _, config = example_networks.load(name)
    assert config == EXAMPLES[name](digits.checksum)


def test_the_shipped_files_are_those_of_the_list_and_small():
    files = sorted(example_networks.FOLDER.iterdir())
    assert [path.name for path in files] == sorted(f"{name}.safetensors" for name in EXAMPLES)
    assert sum(path.stat().st_size for path in files) < 1e6


def test_an_installed_package_has_them():
    globs = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["empirical"]
    found = {path for pattern in globs for path in (ROOT / "empirical").glob(pattern)}
    assert {example_networks.path(name) for name in EXAMPLES} <= found


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_shipped_network_is_trained(name, held_out):
    """Right on more than 8 in 10 of the digits that it has not seen; its own network untrained is not on 4 in 10."""
    found = network_spec.load(f"example:{name}")
    assert found.name == name
    assert not found.model.training
    assert clean(found.model, held_out) > 0.8
    assert clean(models.build(found.training.network, seed=0), held_out) < 0.4


def test_the_p4_network_answers_alike_under_quarter_turns(held_out):
    """Exactly, which the plain network does not."""
    for name, alike in (("p4", True), ("std_theta0", False)):
        model, _ = example_networks.load(name)
        answers = forward.predict(model, held_out.images)
        for quarters in (1, 2, 3):
            turned = forward.predict(model, held_out.images.rot90(quarters, (2, 3)))
            assert torch.equal(turned, answers) == alike


def test_attacks_in_training_help_against_attacks(held_out):
    """Adversarial accuracy at eps .15 by 10 steps of PGD grows with the eps in training, by more than .15 each time."""
    images = held_out.take(torch.arange(200))
    rates = []
    for name in ("std_theta0", "std_eps01", "std_eps03"):
        model, _ = example_networks.load(name)
        rates.append(
            measured(model, images, "robustness", eps=(0.15,), steps=10, attack_schedule="quick")[
                "adversarial_accuracy", 0.15
            ]
        )
    assert rates[1] > rates[0] + 0.15
    assert rates[2] > rates[1] + 0.15


def test_turns_in_training_help_against_turns(held_out):
    """Spatial accuracy in +-60 and +-180 degrees grows with the range of rotation in training."""
    rates = []
    for name in ("std_theta0", "std_theta60", "std_theta180"):
        model, _ = example_networks.load(name)
        rates.append(measured(model, held_out, "moves", angles=(60.0, 180.0), shifts=(0,), draws=1))
    none, some, every = rates
    assert some["spatial_accuracy", 60.0] > none["spatial_accuracy", 60.0] + 0.1
    assert every["spatial_accuracy", 180.0] > some["spatial_accuracy", 180.0] + 0.1


def test_their_page_gives_their_clean_accuracies(held_out):
    """Up to one image, whose two likeliest classes another processor may round to the other order."""
    table = (ROOT / "docs/reference/example-networks.md").read_text().split("<!-- examples -->\n")[1].split("\n\n")[0]
    quoted = {name: int(said) for name, said in re.findall(r"^\| `(\w+)` .* (\d+) of 400 ", table, re.MULTILINE)}
    assert list(quoted) == list(EXAMPLES)
    for name, said in quoted.items():
        assert hits(example_networks.load(name)[0], held_out) == pytest.approx(said, abs=1)
        assert f"| {said} of 400 ({said / 400:.3f})".replace("0.", ".") in table


# Making them again


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """Two examples of six updates, and an empty folder of shipped ones."""
    made = {
        "one": lambda checksum: replace(EXAMPLES["std_theta0"](checksum), updates=6, batch_size=8),
        "two": lambda checksum: replace(EXAMPLES["std_theta60"](checksum), updates=6, batch_size=8),
    }
    (tmp_path / "shipped").mkdir()
    monkeypatch.setattr(example_networks, "EXAMPLES", made)
    monkeypatch.setattr(example_networks, "FOLDER", tmp_path / "shipped")
    return tmp_path


def ship(folder, name):
    shutil.copy(folder / "out" / name / trained.WEIGHTS, example_networks.path(name))


@pytest.mark.parametrize("workers", [1, 2])
def test_remade_networks_are_compared_bit_for_bit(tiny, workers):
    with pytest.raises(checks.InputError, match="not a whole safetensors file"):
        example_networks.remake(tiny / "out", "one", workers=1)  # trained, but nothing is shipped yet
    ship(tiny, "one")
    shutil.rmtree(tiny / "out" / "one")
    again = example_networks.remake(tiny / "out", "one", workers=workers)
    assert [(one.name, one.identical, one.largest_difference) for one in again] == [("one", True, 0.0)]
    assert again[0].agreeing.hits == again[0].agreeing.trials == 400
    assert "bit for bit" in str(again[0])


def test_what_is_finished_is_not_trained_again_and_a_difference_is_told(tiny):
    for _ in range(2):
        try:
            example_networks.remake(tiny / "out", "one", workers=1)
        except checks.InputError:
            ship(tiny, "one")
    before = (tiny / "out" / "one" / trained.WEIGHTS).stat().st_mtime_ns
    tensors, header = tensor_files.read_tensors(example_networks.path("one"))
    tensors["network.14.bias"][3] += 100
    tensor_files.write_tensors(example_networks.path("one"), tensors, header)
    (found,) = example_networks.remake(tiny / "out", "one", workers=1)
    assert not found.identical
    assert found.largest_difference == pytest.approx(100)
    assert found.agreeing.hits < 400
    assert re.search(r"by up to 1e\+02; \d+ of 400 answers agree", str(found))
    assert (tiny / "out" / "one" / trained.WEIGHTS).stat().st_mtime_ns == before


def test_a_shipped_network_of_another_config_is_told(tiny, monkeypatch):
    for name in ("one", "two"):
        with pytest.raises(checks.InputError, match="not a whole safetensors file"):
            example_networks.remake(tiny / "out", name, workers=1)
    shutil.copy(tiny / "out" / "two" / trained.WEIGHTS, example_networks.path("one"))
    with pytest.raises(checks.InputError, match=r"shipped with another config than EXAMPLES has; copy the new .*one"):
        example_networks.remake(tiny / "out", "one", workers=1)


@pytest.mark.parametrize("content", [None, b"", b"torn", "of another"])
def test_a_shipped_file_that_is_missing_or_damaged_is_to_be_installed_again(content, tmp_path, monkeypatch):
    """Its folder is the package's: to delete that would take the other examples along."""
    monkeypatch.setattr(example_networks, "FOLDER", tmp_path)
    file = tmp_path / "p4.safetensors"
    if content == "of another":
        tensor_files.write_tensors(file, {"x": torch.zeros(1)}, {"config": "{}"})
    elif content is not None:
        file.write_bytes(content)
    with pytest.raises(checks.InputError) as raised:
        example_networks.load("p4")
    assert str(raised.value).endswith("it comes with the package, so install that again")
    assert "delete" not in str(raised.value)


def test_an_unknown_example_is_refused(tiny):
    with pytest.raises(checks.InputError, match="example='three' is unknown; use one of one, two"):
        example_networks.remake(tiny / "out", "three")


def test_the_command_prints_a_line_for_each(tiny, capsys):
    assert command.main(["examples", "--out", str(tiny / "out"), "--workers", "1", "--quiet"]) == 2
    capsys.readouterr()
    for name in ("one", "two"):
        ship(tiny, name)
    assert command.main(["examples", "--out", str(tiny / "out"), "--workers", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["one", "two"]
    assert all("6 updates" in line and "bit for bit" in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "part"), [(["--workers", "0"], "workers=0 must be at least 1"), (["--out", "/dev/null/x"], "written")]
)
def test_bad_options_are_refused(arguments, part, capsys):
    assert command.main(["examples", *arguments]) == 2
    assert part in capsys.readouterr().err
