"""One bit of any stored file flips, or one digit is changed: the numbers stay what they were, or the damage is told.

Whatever can be made again is made again, and then has the same bits. Single files, every bit: `compute/
test_tensor_files.py` and `tests/tradeoff/shared/test_storage.py`.
"""

import shutil
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from empirical.compute import tensor_files
from empirical.compute.draws import Draws
from empirical.experiments import engine
from empirical.experiments.kamath import digits as experiment
from empirical.measurement import batches
from empirical.measurement import run as measurement
from empirical.measurement.journal import PIECES, SAMPLES
from empirical.measurement.plan import Plan
from empirical.measurement.run import FINGERPRINT, RUN
from empirical.training import example_networks
from empirical.training import loop as training
from empirical.training import trained as trainings
from tests.empirical.small_runs import images, linear
from tests.empirical.training.test_loop import config
from tests.tradeoff.shared.damage import bits, change_digit, flip
from tradeoff.shared import checks, storage

FLIPS = 8
"""Of each file, at random places; every bit of a small one is tried elsewhere."""
PLAN = Plan(
    eps=(0.05,),
    angles=(90,),
    draws=1,
    steps=2,
    search_steps=1,
    queries=5,
    skip=("joint", "distance", "audit", "control"),
)
CPU = torch.device("cpu")


def some_bits(path):
    """The first and the last bit, one in the middle, and others."""
    drawn = Draws(0, f"flips of {path.name}").permutation(bits(path))[: FLIPS - 3].tolist()
    return [0, bits(path) // 2, bits(path) - 1, *drawn]


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.fixture(scope="module")
def model():
    return linear(0)


@pytest.fixture(scope="module")
def finished(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    return folder, measurement.run(model, images(), PLAN, folder=folder)


@pytest.mark.parametrize("name", [SAMPLES, FINGERPRINT])
def test_a_flipped_bit_of_a_finished_run_is_told_and_the_run_made_again(name, model, finished, tmp_path, caplog):
    folder, found = finished
    for bit in some_bits(next(folder.glob(f"*/{name}"))):
        shutil.copytree(folder, tmp_path / "copy")
        (path,) = (tmp_path / "copy").glob(f"*/{name}")
        whole = path.read_bytes()
        flip(path, bit)
        again = measurement.run(model, images(), PLAN, folder=tmp_path / "copy")
        assert same(again.samples, found.samples), bit
        assert str(path) in caplog.text, bit
        assert "made again" in caplog.text or "measured again" in caplog.text
        assert path.read_bytes() == whole
        caplog.clear()
        shutil.rmtree(tmp_path / "copy")


def test_a_changed_description_of_a_run_changes_nothing(model, finished, tmp_path):
    """It is written again from what is measured."""
    folder, found = finished
    shutil.copytree(folder, tmp_path / "copy")
    (path,) = (tmp_path / "copy").glob(f"*/{RUN}")
    whole = path.read_text()
    change_digit(path, r'"images": (\d+)')
    assert same(measurement.run(model, images(), PLAN, folder=tmp_path / "copy").samples, found.samples)
    assert path.read_text() == whole


def interrupt_after(calls):
    """Progress that is told so often and then presses Ctrl-C."""
    left = iter(range(calls - 1))

    def told(work):
        if next(left, None) is None:
            raise KeyboardInterrupt

    return told


@pytest.fixture
def interrupted(model, tmp_path, monkeypatch):
    """A run that was cut off with pieces on file, and what it would have ended with."""
    monkeypatch.setattr(batches, "CHUNK", 16)

    with pytest.raises(KeyboardInterrupt):
        measurement.run(model, images(), PLAN, folder=tmp_path / "left", progress=interrupt_after(5))
    return tmp_path / "left", measurement.run(model, images(), PLAN).samples


def test_a_flipped_bit_of_a_piece_is_told_and_this_piece_alone_made_again(
    interrupted, model, tmp_path, monkeypatch, caplog
):
    left, found = interrupted
    pieces = sorted(path.name for path in left.glob(f"*/{PIECES}/*"))
    assert [name.split("-")[0] for name in pieces] == ["answers", *["moves"] * 2, *["robustness"] * 3]
    made = []
    for part in ("moves", "robustness"):
        measure = measurement.MEASURED[part]
        monkeypatch.setitem(measurement.MEASURED, part, lambda job, p=part, f=measure: made.append(p) or f(job))
    for name, bit in zip(pieces * 2, (0, 99, 4000, -1, 5000, 8, -9, 3000, 64, 700, 5001, -3), strict=True):
        shutil.copytree(left, tmp_path / "copy")
        (path,) = tmp_path.glob(f"copy/*/{PIECES}/{name}")
        flip(path, bit % bits(path))
        assert same(measurement.run(model, images(), PLAN, folder=tmp_path / "copy").samples, found)
        assert [name in one and "this piece is measured again" in one for one in caplog.messages] == [True]
        again = [] if name.startswith("answers") else [name.split("-")[0]]  # answers are asked of the network anyway
        assert sorted(made) == sorted(["moves", *again])  # one piece of moves had not been begun
        caplog.clear()
        made.clear()
        shutil.rmtree(tmp_path / "copy")


@pytest.fixture(scope="module")
def split(digits):
    return digits.split(400)


@pytest.fixture(scope="module")
def network(split, tmp_path_factory):
    folder = tmp_path_factory.mktemp("network")
    training.train(config(split[0]), split[0], folder, CPU)
    return folder


def test_flipped_weights_are_refused_where_they_are_loaded_and_trained_again_where_they_are_made(
    network, split, tmp_path, caplog
):
    whole = load_file(network / trainings.WEIGHTS)
    for bit in some_bits(network / trainings.WEIGHTS)[:4]:
        shutil.copytree(network, tmp_path / "copy")
        flip(tmp_path / "copy" / trainings.WEIGHTS, bit)
        with pytest.raises(checks.InputError, match=r"weights\.safetensors.*delete its folder and run again"):
            trainings.load(tmp_path / "copy")
        model = training.train(config(split[0]), split[0], tmp_path / "copy", CPU)
        assert same(model.state_dict(), whole), bit
        assert "the network is trained again" in caplog.text
        assert same(trainings.load(tmp_path / "copy")[0].state_dict(), whole)
        caplog.clear()
        shutil.rmtree(tmp_path / "copy")


def test_a_flipped_checkpoint_is_told_and_the_training_begun_anew(network, split, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(training, "CHECKPOINT_EVERY", 2)
    with pytest.raises(KeyboardInterrupt):
        training.train(config(split[0]), split[0], tmp_path / "left", CPU, progress=interrupt_after(5))
    for bit in some_bits(tmp_path / "left" / trainings.CHECKPOINT)[:4]:
        shutil.copytree(tmp_path / "left", tmp_path / "copy")
        flip(tmp_path / "copy" / trainings.CHECKPOINT, bit)
        model = training.train(config(split[0]), split[0], tmp_path / "copy", CPU)
        assert same(model.state_dict(), load_file(network / trainings.WEIGHTS)), bit
        assert "checkpoint.safetensors" in caplog.text
        assert "the training begins anew" in caplog.text
        caplog.clear()
        shutil.rmtree(tmp_path / "copy")


def test_weights_without_a_hash_are_kept_and_refused(network, split, tmp_path):
    """They may be whole, and on another machine nobody could train the same bits again."""
    from safetensors.torch import save_file

    shutil.copytree(network, tmp_path / "copy")
    path = tmp_path / "copy" / trainings.WEIGHTS
    save_file(load_file(path), path, metadata=tensor_files.read_tensors(network / trainings.WEIGHTS)[1])
    before = path.read_bytes()
    with pytest.raises(checks.InputError, match="holds no SHA-256"):
        training.train(config(split[0]), split[0], tmp_path / "copy", CPU)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", list(example_networks.EXAMPLES))
def test_a_flipped_bit_of_a_shipped_network_is_told(name, tmp_path, monkeypatch):
    example_networks.load(name)
    shutil.copy(example_networks.path(name), tmp_path)
    monkeypatch.setattr(example_networks, "FOLDER", tmp_path)
    whole = example_networks.path(name).read_bytes()
    for bit in some_bits(example_networks.path(name)):
        flip(example_networks.path(name), bit)
        with pytest.raises(checks.InputError, match="it comes with the package, so install that again"):
            example_networks.load(name)
        example_networks.path(name).write_bytes(whole)


TINY = experiment.Scale(1, 4, 8, 2, 1, (0.0, 0.1), (0.0, 90.0), ())


@pytest.fixture(scope="module")
def sweep(digits, tmp_path_factory):
    """Two runs of an experiment, trained for a moment."""
    folder = tmp_path_factory.mktemp("sweep")
    return folder, run(digits, folder)


def run(digits, folder):
    tasks = experiment.tasks(digits, replace(TINY), str(folder))[:2]
    return counts(engine.run_all(tasks, device="cpu", workers=1, quiet=True))


def counts(found):
    return sorted(((r.run, r.quantity, r.grid, r.second, r.value, r.hits, r.trials) for r in found), key=str)


CHANGED = [
    (engine.RECORDS, r'"hits": (\d+)', 0),  # the first line of the first run
    (engine.RECORDS, r'"hits": (\d+)', -1),  # the last line of the last one
    (engine.RECORDS, r'"value": (0\.\d+)', 7),
    (engine.RECORDS, r'"trials": (\d+)', 12),
    (engine.RECORDS, r'"grid": (\d\.\d+)', 3),
    (engine.RECORDS, r'"schema": (\d)', 5),
    (engine.CONFIGS, r'"images": (\d+)', 0),
    (engine.CONFIGS, r'"updates": (\d+)', 1),
]


@pytest.mark.parametrize(("name", "pattern", "which"), CHANGED)
def test_a_changed_digit_of_an_experiment_is_told_and_the_run_recorded_again(
    name, pattern, which, digits, sweep, tmp_path, caplog
):
    folder, found = sweep
    shutil.copytree(folder, tmp_path / "copy")
    change_digit(tmp_path / "copy" / name, pattern, which)
    assert run(digits, tmp_path / "copy") == found
    assert f"{name}' is damaged in line" in caplog.text
    if name == engine.RECORDS:  # the run, and perhaps its neighbour: both, of two
        assert "recorded again" in caplog.text
    caplog.clear()
    assert run(digits, tmp_path / "copy") == found
    assert caplog.messages == []
    assert None not in storage.read_lines(tmp_path / "copy" / name)


def test_a_run_that_lost_a_record_in_its_middle_is_not_taken_for_whole(sweep, tmp_path):
    """Its last record stands, and would say that it is."""
    shutil.copytree(sweep[0], tmp_path / "copy")
    flip(tmp_path / "copy" / engine.RECORDS, 8 * 500)
    left = engine.by_run(engine._believed(tmp_path / "copy" / engine.RECORDS))
    assert len(left) == 1
    assert all(engine.whole(own) for own in left.values())
