"""State dicts in torch's own files: what is read, what is told, and what is refused without being run."""

import argparse

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from empirical.commands import checkpoints
from empirical.commands.weights import fill
from tradeoff.shared import checks

SUFFIXES = [".pt", ".pth", ".ckpt", ".bin", ".pth.tar", ".weights", ""]


def network() -> nn.Module:
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(72, 3))


@pytest.fixture
def trained():
    """A network whose weights are not those of a fresh one."""
    torch.manual_seed(7)
    model = network()
    model(torch.rand(4, 1, 8, 8))
    return model


def loads(path, model):
    other = network()
    fill(other, path)
    return all(torch.equal(tensor, other.state_dict()[name]) for name, tensor in model.state_dict().items())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_state_dict_is_loaded(trained, tmp_path, suffix):
    torch.save(trained.state_dict(), tmp_path / f"net{suffix}")
    assert loads(tmp_path / f"net{suffix}", trained)


@pytest.mark.parametrize("key", checkpoints.UNDER)
def test_a_state_dict_under_a_usual_name_is_taken_from_there_and_that_is_said(trained, tmp_path, key, capsys):
    torch.save({key: trained.state_dict(), "epoch": 3, "optimizer": {"lr": 0.1}}, tmp_path / "net.pth")
    assert loads(tmp_path / "net.pth", trained)
    assert f"taken from under '{key}'" in capsys.readouterr().err


def test_a_state_dict_beside_another_is_told_from_it(trained, tmp_path, capsys):
    """Averaged weights are others: which of the two was taken is said."""
    torch.save({"model": trained.state_dict(), "model_ema": network().state_dict(), "epoch": 3}, tmp_path / "net.pth")
    assert loads(tmp_path / "net.pth", trained)
    assert "taken from under 'model', and not from 'model_ema' beside it" in capsys.readouterr().err


def test_the_only_state_dict_may_have_any_name(trained, tmp_path, capsys):
    torch.save({"best": trained.state_dict(), "optimizer": {"state": {0: {}}}}, tmp_path / "net.pth")
    assert loads(tmp_path / "net.pth", trained)
    assert "taken from under 'best'\n" in capsys.readouterr().err


@pytest.mark.parametrize("new", [True, False])
def test_what_was_saved_on_a_gpu_is_loaded_where_there_is_none(trained, tmp_path, monkeypatch, new):
    """In both formats of torch; the test writes the mark of a device that it has not."""
    from torch import serialization

    with monkeypatch.context() as patched:
        patched.setattr(serialization, "location_tag", lambda storage: "cuda:63")
        torch.save(trained.state_dict(), tmp_path / "net.pth", _use_new_zipfile_serialization=new)
    with pytest.raises(RuntimeError):
        torch.load(tmp_path / "net.pth", weights_only=True)
    assert loads(tmp_path / "net.pth", trained)


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module."])
def test_what_wrappers_write_into_names_is_taken_off_and_that_is_said(trained, tmp_path, prefix, capsys):
    torch.save({prefix + name: tensor for name, tensor in trained.state_dict().items()}, tmp_path / "net.pth")
    assert loads(tmp_path / "net.pth", trained)
    assert f"'{prefix}0.weight' is read as '0.weight'" in capsys.readouterr().err


@pytest.mark.parametrize("prefix", ["", "module."])
def test_counters_of_batch_norms_may_be_missing(trained, tmp_path, prefix):
    state = {prefix + name: tensor for name, tensor in trained.state_dict().items() if "num_batches" not in name}
    torch.save(state, tmp_path / "net.pth")
    other = network()
    fill(other, tmp_path / "net.pth")
    assert torch.equal(other[1].running_mean, trained[1].running_mean)
    assert other[1].num_batches_tracked == 0


def test_statistics_of_batch_norms_may_not_be_missing(trained, tmp_path):
    torch.save({name: t for name, t in trained.state_dict().items() if "running" not in name}, tmp_path / "net.pth")
    with pytest.raises(checks.InputError, match=r"missing: 1\.running_mean, 1\.running_var"):
        fill(network(), tmp_path / "net.pth")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_whole_model_is_refused_with_the_recipe_that_works(trained, tmp_path, suffix):
    torch.save(trained, tmp_path / f"net{suffix}")
    with pytest.raises(checks.InputError, match=r"such as a whole model.*save\(found\.state_dict\(\)"):
        fill(network(), tmp_path / f"net{suffix}")
    model = torch.load(tmp_path / f"net{suffix}", weights_only=False)  # the recipe
    torch.save(model.state_dict(), tmp_path / "weights.pth")
    assert loads(tmp_path / "weights.pth", trained)


@pytest.mark.parametrize("extra", [np.float64(0.9), argparse.Namespace(lr=0.1)])
def test_what_a_training_kept_beside_its_weights_is_named_with_the_recipe(trained, tmp_path, extra):
    torch.save({"model": trained.state_dict(), "best": extra}, tmp_path / "net.pth")
    kind = "numpy" if isinstance(extra, float) else "argparse.Namespace"
    with pytest.raises(
        checks.InputError, match=rf"holds more than tensors \({kind}.*found\['model'\] in place"
    ) as told:
        fill(network(), tmp_path / "net.pth")
    assert "allowlist" not in str(told.value)
    found = torch.load(tmp_path / "net.pth", weights_only=False)  # the recipe
    torch.save(found["model"], tmp_path / "weights.pth")
    assert loads(tmp_path / "weights.pth", trained)


@pytest.mark.filterwarnings("ignore:.*jit:DeprecationWarning")
def test_an_archive_of_torchscript_is_refused_with_the_recipe_that_works(trained, tmp_path):
    path = tmp_path / "net.pt"
    torch.jit.trace(trained.eval(), torch.rand(1, 1, 8, 8)).save(path)
    with pytest.raises(checks.InputError, match=r"TorchScript archive.*torch\.jit\.load\('net\.pt'\)\.state_dict"):
        fill(network(), path)
    torch.save(torch.jit.load(path).state_dict(), tmp_path / "weights.pth")
    assert loads(tmp_path / "weights.pth", trained)


def test_a_safetensors_file_under_another_name_is_known_by_its_content(trained, tmp_path):
    save_file(trained.state_dict(), tmp_path / "net.pth")
    with pytest.raises(checks.InputError, match=r"give it a name that ends with \.safetensors"):
        fill(network(), tmp_path / "net.pth")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_code_in_a_pickle_is_not_run(tmp_path, suffix):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    torch.save({"state_dict": Trap()}, tmp_path / f"net{suffix}")
    with pytest.raises(checks.InputError, match="holds more than tensors"):
        fill(network(), tmp_path / f"net{suffix}")
    (tmp_path / f"net{suffix}").rename(tmp_path / "net.safetensors")
    with pytest.raises(checks.InputError, match=r"not a whole safetensors file .* save it again with safetensors"):
        fill(network(), tmp_path / "net.safetensors")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ({"epoch": 3}, r"holds no state dict \('epoch'\)"),
        ({}, "holds no state dict"),
        ([torch.zeros(2)], r"holds no state dict \(list\)"),
        (torch.zeros(2), r"holds no state dict \(Tensor\)"),
        ({"0.weight": torch.zeros(2), "epoch": 3}, r"nothing else \('epoch'\)"),
        (
            {"model": {"a": torch.zeros(1)}, "net": {"a": torch.zeros(1)}},
            r"holds several state dicts \('model', 'net'\)",
        ),
        ({"a": {"x": torch.zeros(1)}, "b": {"x": torch.zeros(1)}}, "holds several state dicts"),
    ],
)
def test_what_holds_no_state_dict_is_told(tmp_path, content, part):
    torch.save(content, tmp_path / "net.pth")
    with pytest.raises(checks.InputError, match=part):
        checkpoints.state_dict(tmp_path / "net.pth")


@pytest.mark.parametrize("content", [b"", b"letters", b"PK\x03\x04"])
def test_what_is_no_file_of_torch_is_told_in_one_sentence(tmp_path, content):
    (tmp_path / "net.pth").write_bytes(content)
    with pytest.raises(checks.InputError, match=r"weights=.*net\.pth") as refusal:
        checkpoints.state_dict(tmp_path / "net.pth")
    assert "\n" not in str(refusal.value)


def test_a_torn_file_is_told(trained, tmp_path):
    path = tmp_path / "net.pth"
    torch.save(trained.state_dict(), path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(checks.InputError, match=r"is not a whole file of torch\.save"):
        checkpoints.state_dict(path)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(checks.InputError, match="is not there; name a file that exists"):
        checkpoints.state_dict(tmp_path / "net.pth")
