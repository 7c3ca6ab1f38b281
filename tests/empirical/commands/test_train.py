"""From flags to a network that can be measured."""

import json
from dataclasses import replace

import pytest
import torch

from empirical.__main__ import main
from empirical.commands.train import COMMAND, TrainOptions, config_of, phase
from empirical.data import TRAINED_ON
from empirical.training import trained
from empirical.training.phases import Phase
from tradeoff.shared import checks

QUICK = ["--epochs", "0.1", "--batch-size", "32", "--compute", "float32", "--quiet"]


@pytest.mark.parametrize(
    "more",
    [
        ["--augment-deg", "60", "--augment-shift", "0.1"],
        ["--objective", "pgd", "--eps", "0.1", "--attack-steps", "1", "--validation", "50", "--validate-every", "2"],
        ["--phase", "0.5:objective=trades,eps=0.1,attack_steps=1,beta=6,restart=false", "--optimiser", "sgd"],
    ],
)
def test_a_network_is_trained_logged_and_can_be_measured(tmp_path, capsys, more):
    assert main(["train", *QUICK, *more, "--out", str(tmp_path / "net")]) == 0
    assert capsys.readouterr().out.startswith("std_cnn, ")
    model, config = trained.load(tmp_path / "net")
    assert (config.data, config.updates) == ("digits", 4)
    lines = [json.loads(line) for line in (tmp_path / "net" / trained.LOG).read_text().splitlines()]
    assert {"loss", "accuracy"} <= {key for line in lines for key in line}
    assert model(torch.rand(2, 1, 28, 28)).shape == (2, 10)
    assert main(["train", *QUICK, *more, "--out", str(tmp_path / "net")]) == 0  # done: loaded, not trained again
    measure = ["measure", "--model", f"{tmp_path}/net", "--limit", "4", "--attack-schedule", "quick", "--steps", "2"]
    measure += ["--skip", "joint,distance,audit,exact,control", "--out", str(tmp_path / "measured"), "--quiet"]
    assert main(measure) == 0


def test_another_training_does_not_go_into_the_folder(tmp_path, capsys):
    for seed, code in (("0", 0), ("1", 2)):
        assert main(["train", *QUICK, "--seed", seed, "--out", str(tmp_path)]) == code
    assert "holds a network of config" in capsys.readouterr().err


def test_what_does_not_go_together_is_told_with_the_code_2(tmp_path, capsys):
    assert main(["train", *QUICK, "--eps", "0.1", "--out", str(tmp_path)]) == 2
    assert "eps=0.1 has no effect with objective='augmented'" in capsys.readouterr().err
    assert main(["train", *QUICK, "--network", "vgg99", "--out", str(tmp_path)]) == 2
    assert "network='vgg99' is unknown" in capsys.readouterr().err


def test_flags_are_fields_of_the_config():
    images = TRAINED_ON["digits"]()
    given = COMMAND.read(
        ["--epochs", "2", "--batch-size", "100", "--eps", "0", "--flip", "--mean", "0.5", "--std", "0.2"]
    )
    config = config_of(TrainOptions(**given[0]), images)
    assert (config.updates, config.flip, config.mean, config.std) == (28, True, 0.5, 0.2)
    assert config.data_checksum == images.checksum
    assert config.resampling == "float32"


def test_the_network_is_made_for_the_images_and_written_in_one_way():
    digits = TRAINED_ON["digits"]()
    colour = replace(digits, images=digits.images.expand(-1, 3, -1, -1), classes=20)
    config = config_of(TrainOptions(network="mlp: depth=2, width=1e2"), colour)
    assert (config.shape, config.classes, config.network) == ((3, 28, 28), 20, "mlp:width=100")


def test_a_phase_reads_numbers_fractions_names_and_switches():
    made = phase("phase", "0.25:objective=max, eps=8/255, attack-steps=5, attacks=pgd+rigid, restart=false, flip=true")
    changes = {"objective": "max", "eps": "8/255", "attack_steps": 5, "attacks": ("pgd", "rigid"), "flip": True}
    assert made == Phase(0.25, changes, restart=False)
    assert phase("phase", {"start": 0.5, "augment_deg": 30}) == Phase(0.5, {"augment_deg": 30})
    with pytest.raises(checks.InputError, match="does not have the form START:NAME=VALUE"):
        phase("phase", "objective=pgd")
