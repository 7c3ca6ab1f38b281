import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from empirical.compute import tensor_files
from empirical.training import loop as training
from empirical.training import trained
from empirical.training.config import TrainingConfig
from tradeoff.shared import checks

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def split(request):
    from empirical.data import DATASETS

    return DATASETS["digits"]().split(400)


def config(data, **changes) -> TrainingConfig:
    base = TrainingConfig("digits", data.checksum, 400, "std_cnn", "augmented", 30.0, 0.0, 0, 0.0, 8, 16, 0.002, 0)
    return replace(base, **changes)


@pytest.mark.parametrize(
    "changes", [{}, {"objective": "pgd", "augment_deg": 0.0, "eps": 0.1, "attack_steps": 2, "eps_warmup": 0.5}]
)
def test_the_same_config_gives_the_same_bits(split, tmp_path, changes):
    for name in ("one", "two"):
        training.train(config(split[0], **changes), split[0], tmp_path / name, CPU)
    one, two = (load_file(tmp_path / name / trained.WEIGHTS) for name in ("one", "two"))
    assert all(torch.equal(one[key], two[key]) for key in one)


def test_another_seed_gives_another_network(split, tmp_path):
    for seed in (0, 1):
        training.train(config(split[0], seed=seed), split[0], tmp_path / str(seed), CPU)
    one, two = (load_file(tmp_path / str(seed) / trained.WEIGHTS) for seed in (0, 1))
    assert not any(torch.equal(one[key], two[key]) for key in one if "weight" in key)


@pytest.mark.parametrize("stop", [3, 5, 7])
def test_a_run_that_was_killed_ends_with_the_same_bits(split, tmp_path, monkeypatch, stop):
    """Checkpoints every 2 updates; the process dies after some update, loses what is after the checkpoint, goes on."""
    monkeypatch.setattr(training, "CHECKPOINT_EVERY", 2)
    monkeypatch.setattr(training, "LOG_EVERY", 1)
    run = config(split[0])
    training.train(run, split[0], tmp_path / "whole", CPU)
    done = []

    def die(updates: int) -> None:
        done.append(updates)
        if sum(done) == stop:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training.train(run, split[0], tmp_path / "killed", CPU, progress=die)
    assert not trained.finished(tmp_path / "killed")
    resumed = []
    training.train(run, split[0], tmp_path / "killed", CPU, progress=resumed.append)
    assert resumed[0] == stop - stop % 2 if stop % 2 else resumed[0] in (stop - 2, stop)
    one, two = (load_file(tmp_path / name / trained.WEIGHTS) for name in ("whole", "killed"))
    assert all(torch.equal(one[key], two[key]) for key in one)
    logs = [(tmp_path / name / trained.LOG).read_text() for name in ("whole", "killed")]
    assert logs[0] == logs[1]
    assert not (tmp_path / "killed" / trained.CHECKPOINT).exists()


def test_a_finished_network_is_not_trained_again(split, tmp_path):
    run = config(split[0])
    training.train(run, split[0], tmp_path, CPU)
    before = (tmp_path / trained.WEIGHTS).stat().st_mtime_ns
    training.train(run, split[0], tmp_path, CPU)
    assert (tmp_path / trained.WEIGHTS).stat().st_mtime_ns == before


@pytest.mark.parametrize("stop", [None, 5])
def test_another_networks_folder_is_refused(split, tmp_path, monkeypatch, stop):
    """Finished or only begun: what lies there belongs to another config."""
    monkeypatch.setattr(training, "CHECKPOINT_EVERY", 2)

    def die(updates: int) -> None:
        done.append(updates)
        if stop and sum(done) == stop:
            raise KeyboardInterrupt

    done: list[int] = []
    try:
        training.train(config(split[0]), split[0], tmp_path, CPU, progress=die)
    except KeyboardInterrupt:
        assert stop
    with pytest.raises(checks.InputError, match="holds a network of config"):
        training.train(config(split[0], network="p4_cnn_pooled", seed=5), split[0], tmp_path, CPU)


def test_training_learns(split, tmp_path):
    """250 updates take the digits from one in ten to four in five, on images that were not seen."""
    from empirical.compute.forward import predict

    model = training.train(config(split[0], augment_deg=0.0, updates=250, batch_size=32), split[0], tmp_path, CPU)
    assert float((predict(model, split[1].images) == split[1].labels).double().mean()) > 0.8


def test_every_epoch_sees_every_image_once(split):
    run = config(split[0], batch_size=100)
    rows = torch.cat([training._batch(split[0], run, update).indices for update in range(28)])  # two epochs and a bit
    total = len(split[0])
    for epoch in range(2):
        assert sorted(rows[epoch * total : (epoch + 1) * total].tolist()) == split[0].indices.tolist()
    assert not torch.equal(rows[:total], rows[total : 2 * total])


def test_a_network_folder_holds_what_it_says(split, tmp_path):
    run = config(split[0])
    model = training.train(run, split[0], tmp_path, CPU)
    assert {path.name for path in tmp_path.iterdir()} == {trained.WEIGHTS, trained.CONFIG, trained.LOG}
    loaded, found = trained.load(tmp_path)
    assert found == run
    assert TrainingConfig(**json.loads((tmp_path / trained.CONFIG).read_text())) == run
    images = split[1].images[:5]
    assert torch.equal(loaded(images), model(images))
    assert not loaded.training


def test_damaged_weights_are_refused_in_one_sentence(split, tmp_path):
    training.train(config(split[0]), split[0], tmp_path, CPU)
    path = tmp_path / trained.WEIGHTS
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(checks.InputError, match="not a whole safetensors file"):
        trained.load(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(checks.InputError, match="not a whole safetensors file"):
        trained.load(tmp_path / "nowhere")


def test_weights_of_something_else_are_refused(tmp_path):
    tensor_files.write_tensors(tmp_path / trained.WEIGHTS, {"a": torch.zeros(2)}, {"config": "{}"})
    with pytest.raises(checks.InputError, match="does not hold a network of this package"):
        trained.load(tmp_path)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"network": "vgg99"}, "network='vgg99' is unknown; use one of std_cnn"),
        ({"objective": "hope"}, "objective='hope' is unknown"),
        ({"data_checksum": "other"}, "make a new config"),
        ({"learning_rate": 1e30, "updates": 20}, "the loss is nan|the loss is inf"),
    ],
)
def test_what_cannot_be_trained_is_refused(split, tmp_path, changes, part):
    with pytest.raises(checks.InputError, match=part):
        training.train(config(split[0], **changes), split[0], tmp_path, CPU)
