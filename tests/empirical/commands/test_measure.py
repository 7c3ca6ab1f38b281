"""The measure command: from a line to files, and a sentence for what cannot be measured."""

import json

import numpy as np
import pytest
import torch
from torch import nn

from empirical.__main__ import main
from empirical.commands.measure import COMMAND, MeasureOptions
from empirical.measurement import run as measurement
from empirical.validation.faulty_models import halves

SMALL = ["--limit", "12", "--eps", "0,.05,.1", "--angles", "90", "--shifts", "0,2", "--draws", "2", "--steps", "5"]
SMALL += ["--search-steps", "4", "--audit", "4", "--queries", "10"]


def test_two_examples_in_one_line(tmp_path, capsys):
    out = tmp_path / "out"
    line = ["measure", "--model", "example:std_theta0", "robust=example:std_eps01", *SMALL, "--out", str(out)]
    assert main([*line, "--save-adversarial"]) == 0
    printed = capsys.readouterr().out
    assert "std_theta0" in printed
    assert "robust" in printed
    written = {path.name.rsplit("-", 1)[0] if path.is_dir() else path.name for path in out.iterdir()}
    assert {"summary.txt", "profiles.png", "profiles.svg", "joint.png", "std_theta0", "robust"} <= written
    runs = [path for path in out.iterdir() if path.is_dir()]
    assert all({"run.json", "samples.safetensors", "records.jsonl", "result.json"} <= set(_names(run)) for run in runs)

    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert main(["measure", "--model", "example:std_theta0", *line[4:], "--model", "robust=example:std_eps01"]) == 0
    capsys.readouterr()
    after = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    same = [path for path in before if path.suffix == ".safetensors"]
    assert len(same) == 4  # the arrays and the fingerprint of each
    assert all(before[path] == after[path] for path in same)

    assert main(["verify", str(runs[0]), "--model", f"example:std_{_which(runs[0])}"]) == 0
    assert "each of them changes the answer" in capsys.readouterr().out
    assert main(["verify", str(runs[0]), "--model", "example:std_theta180"]) == 2
    assert "model: the run on file was made with" in capsys.readouterr().err


def _names(folder):
    return [path.name for path in folder.iterdir()]


def _which(folder):
    return "theta0" if folder.name.startswith("std_theta0") else "eps01"


OWN = """
import torch
from torch import nn

def build():
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(48, 3)).eval()
"""


def test_a_network_and_images_of_ones_own_as_json(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(OWN)
    images = np.random.default_rng(0).integers(0, 256, (20, 3, 4, 4), dtype=np.uint8)
    np.savez(tmp_path / "mine.npz", images=images, labels=np.arange(20) % 3)
    assert main(["measure", "--model", "mine.py:build", "--data", "mine.npz", "--json", *SMALL]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert {"clean_acc", "eps", "dataset", "autoattack_acc", "robustness_tradeoff"} <= set(found)
    assert found["autoattack_acc"] is None
    assert (tmp_path / "runs" / "measure" / "summary.txt").exists()


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ([], "model is missing"),
        (["--model", "example:nobody"], "example"),
        (["--model", "nobody.py:build"], "there is no file"),
        (["--model", "example:p4", "--data", "nowhere"], "data='nowhere'"),
        (["--model", "example:p4", "--eps", "0,,1"], "eps="),
        (["--model", "example:p4", "--eps", "7"], "eps=7|eps='7'"),
        (["--model", "example:p4", "--limit", "0"], "limit=0"),
        (["--model", "example:p4", "--mean", "0.5"], "std"),
        (["--model", "example:p4", "--skip", "sleep"], "skip='sleep'"),
        (["--model", "example:p4", "--batch-size", "0"], "batch_size=0"),
        (["--model", "example:p4", "example:std_eps01", "--weights", "w.safetensors"], "weights="),
        (["--model", "example:p4", "--device", "tpu"], "device='tpu'"),
        (["--model", "example:p4", "--shifts", "1e20"], "shifts=1000000"),
        (["--model", "example:p4", "--angles", "1e300"], "angles=1e"),
        (["--model", "example:p4", "--attack-schedule", "per_eps", "--step-size", "0"], "step_size=0"),
        (["--model", "example:p4", "--batch-size", "1e30"], "batch_size=1000000"),
        (["--model", f"{'n' * 250}=example:p4"], "has 250 letters, and a network's name at most 100"),
        (["--model", "example:p4", "--data", "d" * 5000], "'ddd.*File name too long"),
        (["--model", "m" * 5000], "'mmm.*File name too long"),
        (["--model", "example:p4", "--config", "c" * 5000], "config='ccc.*File name too long"),
        (["--model", "example:p4", "--weights", ""], "weights='' names nothing"),
    ],
)
def test_what_cannot_be_measured_is_a_sentence_and_2(line, complaint, tmp_path, capsys):
    import re

    out = [] if not line else ["--out", str(tmp_path / "out")]
    assert main(["measure", *line, *out]) == 2
    error = capsys.readouterr().err
    assert re.search(complaint, error)
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("out", "says"),
    [
        ("", r"out='' names nothing; name a file or folder \(\. is the folder that you are in\)"),
        ("a\0b", r"out='a\\x00b' holds the character NUL"),
        ("o" * 300, "out='ooo.*File name too long"),
        ("a/" * 3000, "out='a/a/.*File name too long"),
    ],
)
@pytest.mark.parametrize(
    "command", [["measure", "--model", "example:p4"], ["reproduce", "digits"], ["figures", "rotation"]]
)
def test_what_can_be_no_folder_is_a_sentence(command, out, says, tmp_path, capsys, monkeypatch):
    import re

    monkeypatch.chdir(tmp_path)
    assert main([*command, "--out", out]) == 2
    assert re.search(says, capsys.readouterr().err)
    assert not list(tmp_path.iterdir())


def test_images_of_ones_own_are_verified_when_they_are_named(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(OWN)
    images = np.random.default_rng(0).integers(0, 256, (20, 3, 4, 4), dtype=np.uint8)
    np.savez(tmp_path / "mine.npz", images=images, labels=np.arange(20) % 3)
    line = ["measure", "--model", "mine.py:build", "--data", "mine.npz", *SMALL, "--save-adversarial", "--quiet"]
    assert main([*line, "--skip", "joint,moves,control,exact,distance,audit"]) == 0
    (run,) = (path for path in (tmp_path / "runs" / "measure").iterdir() if path.is_dir())
    assert main(["verify", str(run), "--model", "mine.py:build"]) == 2
    assert "data is missing: the run was measured on images of your own, called 'mine" in capsys.readouterr().err
    assert main(["verify", str(run), "--model", "mine.py:build", "--data", "mine.npz"]) == 0
    assert "each of them changes the answer" in capsys.readouterr().out


def test_numbers_without_figures_are_verified_too(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(OWN)
    images = np.random.default_rng(0).integers(0, 256, (20, 3, 4, 4), dtype=np.uint8)
    np.savez(tmp_path / "mine.npz", images=images, labels=np.arange(20) % 3)
    line = ["measure", "--model", "mine.py:build", "--data", "mine.npz", *SMALL, "--no-figure", "--save-adversarial"]
    assert main([*line, "--skip", "joint,moves,control,exact,distance,audit", "--quiet"]) == 0
    told = capsys.readouterr()
    assert "Under attack" in told.out
    assert told.err == ""
    common = tmp_path / "runs" / "measure"
    assert not [path for path in common.iterdir() if path.suffix in (".png", ".svg")]
    (run,) = (path for path in common.iterdir() if path.is_dir())
    check = ["verify", str(run), "--model", "mine.py:build", "--data", "mine.npz", "--out", "said"]
    assert main(check) == 0
    said = capsys.readouterr().out
    assert "3 files, made again from the arrays and the network, are the same" in said
    assert (tmp_path / "said" / "verified.txt").read_text() in said
    (common / "profiles.png").write_bytes(b"not published")
    assert main(check) == 1
    assert "profiles.png is published, and is not made from these runs" in capsys.readouterr().out


def own_networks(tmp_path, monkeypatch):
    """A/mine.py and B/mine.py, two networks by one function name."""
    monkeypatch.chdir(tmp_path)
    for seed, folder in enumerate("AB"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.py").write_text(OWN.replace("48, 3", "784, 10").replace("seed(0)", f"seed({seed})"))


@pytest.mark.parametrize(
    ("models", "says"),
    [
        (["A/mine.py:build", "B/mine.py:build"], "both get the name 'mine.build'.*write NAME=SPEC for each"),
        (["mine.build=A/mine.py:build", "B/mine.py:build"], "both get the name 'mine.build'"),
        (["A/mine.py:build", "A/mine.py:build"], "with the same weights and the same name 'mine.build'"),
        (["a=A/mine.py:build", "a=A/mine.py:build"], "with the same weights and the same name 'a'"),
        (["example:p4", "example:p4"], "model='example:p4' is the network of 'example:p4'"),
        (["A/mine.py:build", "example:p4", "p4=B/mine.py:build"], "both get the name 'p4'"),
    ],
)
def test_names_that_are_equal_by_chance_make_no_seeds(models, says, tmp_path, capsys, monkeypatch):
    import re

    own_networks(tmp_path, monkeypatch)
    assert main(["measure", "--model", *models, *SMALL, "--out", "out"]) == 2
    printed = capsys.readouterr()
    assert re.search(says, printed.err)
    assert printed.out == ""
    assert not (tmp_path / "out").exists()  # before anything was measured


def test_names_that_are_equal_on_purpose_make_seeds(tmp_path, capsys, monkeypatch):
    own_networks(tmp_path, monkeypatch)
    line = ["measure", "--model", "a=A/mine.py:build", "a=B/mine.py:build", "b=A/mine.py:build", *SMALL]
    assert main([*line, "--skip", "joint,moves,control,exact,distance,audit"]) == 0
    printed = capsys.readouterr().out
    assert "a (2 runs)" in printed
    assert "Against a, paired" in printed


def test_a_batch_of_none_is_refused_before_anything_is_measured(tmp_path, capsys, monkeypatch):
    def never(*given, **named):
        raise AssertionError

    monkeypatch.setattr("empirical.measurement.run.run", never)
    for size in ("0", "-3"):
        assert main(["measure", "--model", "example:p4", "--batch-size", size, "--out", str(tmp_path / "out")]) == 2
        printed = capsys.readouterr()
        assert f"batch_size={size}" in printed.err
        assert printed.out == ""
        assert not (tmp_path / "out").exists()


def test_a_network_leaves_the_device_before_the_next_one_is_measured(tmp_path, monkeypatch):
    events = []

    def recorded(name, what):
        def done(*given, **named):
            events.append(name)
            return what(*given, **named)

        return done

    monkeypatch.setattr(measurement, "run", recorded("measured", measurement.run))
    monkeypatch.setattr(nn.Module, "cpu", recorded("home", nn.Module.cpu))
    line = ["measure", "--model", "example:p4", "example:std_eps01", *SMALL, "--out", str(tmp_path), "--quiet"]
    assert main([*line, "--skip", "robustness,joint,moves,control,exact,distance"]) == 0
    assert events == ["measured", "home"] * 2


def test_numbers_of_the_line_are_those_of_the_plan():
    (given,) = COMMAND.read(
        ["--model", "example:p4", "--eps", "0, 8/255", ".05", "--mean", ".5,.25", "--std", "51/255"]
    )
    options = MeasureOptions(**given)
    assert (options.eps, options.mean, options.std) == ((0, 8 / 255, 0.05), (0.5, 0.25), (0.2,))


def test_the_usual_eps_depend_on_colours(digits):
    from dataclasses import replace

    grey = MeasureOptions(model=("example:p4",)).plan(digits)
    colour = replace(digits, images=digits.images.expand(-1, 3, -1, -1))
    assert grey.eps[-1] == 0.3
    assert MeasureOptions(model=("example:p4",)).plan(colour).eps[-1] == 16 / 255


FAILING = """
import torch
from torch import nn

class Honest(nn.Module):
    def forward(self, images):
        if not ((images == 0) | (images == 1) | (images == 0.5)).all():
            raise KeyError("moved")
        score = images[..., :4].mean(dim=(1, 2, 3)) - images[..., 4:].mean(dim=(1, 2, 3))
        return torch.stack([score, -score], dim=1)

class Bare(Honest):
    def forward(self, images):
        assert images.shape[1] == 3
        return super().forward(images)

def build():
    return Honest().eval()

def bare():
    return Bare().eval()
"""


def test_what_a_network_bears_is_written_and_what_it_does_not_is_told_with_the_code_2(tmp_path, capsys):
    (tmp_path / "failing.py").write_text(FAILING)
    np.savez(tmp_path / "halves.npz", images=halves().numpy(), labels=(torch.arange(32) % 2).numpy())
    command = ["measure", "--data", str(tmp_path / "halves.npz"), "--out", str(tmp_path / "out"), "--eps", "0,.1"]
    command += ["--angles", "0", "--shifts", "0", "--steps", "2", "--search-steps", "1"]
    assert main([*command, "--model", f"{tmp_path}/failing.py:build"]) == 2
    said = capsys.readouterr()
    assert "not measured: failing.build: robustness (model cannot take images" in said.err
    assert "KeyError: 'moved'" in said.err
    assert "!!! failing.build, NOT MEASURED" in said.out
    (result,) = (tmp_path / "out").glob("failing.build-*/result.json")
    found = json.loads(result.read_text())["robustness_tradeoff"]
    assert set(found["not_measured"]) == {"robustness", "distance", "audit"}
    assert {"clean_accuracy", "quarter_turn_invariance"} <= {one["quantity"] for one in found["readings"]}
    assert main([*command, "--model", f"{tmp_path}/failing.py:bare"]) == 2
    assert "(AssertionError); pass images of the size and channels" in capsys.readouterr().err
