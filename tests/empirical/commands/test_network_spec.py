"""Networks to be measured: a user's function, a run folder, an example, weights."""

import inspect
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import nn

from empirical import models
from empirical.commands import network_spec
from empirical.compute import checksum
from empirical.compute.normalization import PRESETS, Normalization
from empirical.training import trained
from empirical.training.config import TrainingConfig
from tests.empirical.compute.test_modes import Cached
from tradeoff.shared import checks

CODE = """
import torch
from torch import nn

def build():
    return nn.Sequential(nn.Flatten(), nn.Linear(12, 5))

def evaluated():
    return build().eval()

def noted():
    return nn.Sequential(nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(12, 5))

class Net(nn.Module):
    def __init__(self, width=5):
        super().__init__()
        self.layer = nn.Linear(12, width)

    def forward(self, images):
        return self.layer(images.flatten(1))

def needs(width):
    return nn.Linear(12, width)

def raises():
    return nn.Linear(12, 5) @ 3

def without_a_file():
    return open("weights.pt")

def number():
    return 3

def lazy():
    return nn.Sequential(nn.Flatten(), nn.LazyLinear(5))

def draws():
    torch.rand(3)
    return build()

model = build()
"""


IMAGES = torch.rand(2, 3, 2, 2, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "my_nets.py"
    path.write_text(CODE)
    return str(path)


@pytest.fixture
def weights(tmp_path):
    """A file of weights for build(), and the tensors in it."""
    tensors = {"1.weight": torch.rand(5, 12), "1.bias": torch.rand(5)}
    save_file(tensors, tmp_path / "robust.safetensors")
    return str(tmp_path / "robust.safetensors"), tensors


def config(**changes) -> TrainingConfig:
    plain = TrainingConfig("digits", "c", 400, "std_cnn", "augmented", 60.0, 0.0, 0, 0.0, 8, 16, 0.002, 3)
    return replace(plain, **changes)


def run_folder(path, **changes) -> nn.Module:
    """A folder as training writes it."""
    path.mkdir(parents=True)
    model = models.build("std_cnn", seed=3)
    trained.write(path, model, config(**changes))
    return model


# A function of the user's own


@pytest.mark.parametrize("name", ["build", "Net"])
def test_a_function_or_a_class_of_a_file_gives_its_network(mine, name):
    found = network_spec.load(f"{mine}:{name}")
    assert (found.name, found.spec, found.training) == (f"my_nets.{name}", f"{mine}:{name}", None)
    assert found.model(IMAGES).shape == (2, 5)


def test_a_function_of_a_module_gives_its_network():
    found = network_spec.load("empirical.models.table1:p4_cnn_pooled")
    assert found.name == "table1.p4_cnn_pooled"
    assert found.model(torch.rand(2, 1, 28, 28)).shape == (2, 10)


@pytest.mark.parametrize(("name", "training"), [("build", True), ("evaluated", False)])
@pytest.mark.parametrize("normalize", [None, PRESETS["cifar10"]])
def test_the_mode_is_the_one_that_the_builder_left(mine, name, training, normalize):
    """Behind a normalisation, too: a new wrapper of torch would say training."""
    assert network_spec.load(f"{mine}:{name}", normalize=normalize).model.training is training


def test_untrained_weights_are_the_same_each_time_and_nobody_elses_draws_change(mine):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    one = network_spec.load(f"{mine}:draws")
    assert torch.equal(torch.rand(3), expected)
    assert network_spec.load(f"{mine}:draws").checksum == one.checksum


@given(st.text("abzAZ019_.-", min_size=1))
def test_a_name_in_front_is_the_label(name):
    found = network_spec.load(f"{name}=empirical.models.table1:std_cnn")
    assert (found.name, found.spec) == (name, "empirical.models.table1:std_cnn")


def test_other_weights_of_one_function_have_another_label(mine, weights):
    assert network_spec.load(f"{mine}:build", weights=weights[0]).name == "my_nets.build.robust"
    assert network_spec.load(f"best={mine}:build", weights=weights[0]).name == "best"


@pytest.mark.parametrize(
    ("spec", "part"),
    [
        ("{file}", r"names no function; write .*my_nets\.py:build"),
        ("{file}:needs", r"is called without arguments \(missing a required argument: 'width'\); write a function def"),
        ("{file}:raises", r"failed while it built the network \(TypeError: unsupported operand .*\); run it by itself"),
        ("{file}:without_a_file", r"failed while it built the network \(FileNotFoundError"),
        ("{file}:number", r"returned int; it must return a torch\.nn\.Module from \(n, channels, height, width\)"),
        ("{file}:model", r"is a network, not a function that returns one; write def build"),
        ("{file}:lazy", r"has no values in '1\.(bias|weight)' yet \(a lazy layer.*; build it on the CPU"),
        ("{file}:nothing", r"has no function 'nothing'; it has build"),
        ("{folder}/no.py:build", r"there is no file '.*no\.py'; name one that exists"),
        ("no.such.module:build", r"needs the module 'no', which is not installed"),
        ("letters", r"is no folder and names no function; use FILE\.py:build, package\.module:build, the folder"),
        ("", r"is no folder and names no function"),
        ("net.pth", r"holds weights and no network; .*pass weights='net\.pth'"),
        ("net.safetensors", r"holds weights and no network; .*pass weights='net\.safetensors'"),
        ("my net={file}:build", r"does not have the form NAME=SPEC; a name has letters, digits, _ - and \. only"),
        ("={file}:build", "does not have the form NAME=SPEC"),
        ("name=", "does not have the form NAME=SPEC"),
        ("./lr=3", "is no folder and names no function"),
    ],
)
def test_what_names_no_network_is_refused(mine, tmp_path, monkeypatch, spec, part):
    monkeypatch.chdir(tmp_path)
    given_ = spec.format(file=mine, folder=tmp_path)
    with pytest.raises(checks.InputError, match=f"(?s)model.*{part}") as refused:
        network_spec.load(given_)
    assert "\n" not in str(refused.value)


def test_a_file_that_misses_a_file_of_its_own_is_not_called_missing(tmp_path):
    (tmp_path / "opens.py").write_text("open('weights.pt')\n")
    with pytest.raises(checks.InputError, match=r"failed while it was loaded \(FileNotFoundError.*weights\.pt"):
        network_spec.load(f"{tmp_path}/opens.py:build")


# Weights


def test_weights_are_loaded_and_only_these(mine, weights):
    path, tensors = weights
    model = network_spec.load(f"{mine}:build", weights=path).model
    assert all(torch.equal(model.state_dict()[name], tensor) for name, tensor in tensors.items())


def test_half_precision_fits_single(mine, weights, tmp_path):
    half = {name: tensor.half() for name, tensor in weights[1].items()}
    save_file(half, tmp_path / "half.safetensors")
    model = network_spec.load(f"{mine}:build", weights=str(tmp_path / "half.safetensors")).model
    assert torch.equal(model.state_dict()["1.bias"], half["1.bias"].float())


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"1.bias": None}, r"missing: 1\.bias\)"),
        ({"1.bias": None, "2.bias": torch.rand(5)}, r"missing: 1\.bias; unexpected: 2\.bias\)"),
        ({"1.weight": torch.rand(12, 5)}, r"of another shape: 1\.weight \(12, 5\) for \(5, 12\)\)"),
        (
            {"1.bias": torch.rand(5).double()},
            r"type that does not fit: 1\.bias torch\.float64 for torch\.float32\); save them in the types",
        ),
        ({"1.bias": torch.arange(5)}, r"type that does not fit: 1\.bias torch\.int64 for torch\.float32"),
        ({f"{n}.x": torch.rand(1) for n in range(10)}, r"unexpected: 0\.x, 1\.x, 2\.x, 3\.x, \.\.\. \(10 in all\)"),
    ],
)
def test_weights_that_do_not_fit_are_listed(mine, weights, tmp_path, change, part):
    tensors = {name: tensor for name, tensor in (weights[1] | change).items() if tensor is not None}
    save_file(tensors, tmp_path / "other.safetensors")
    with pytest.raises(checks.InputError, match=f"weights='.*other.safetensors' do not fit the network.*{part}"):
        network_spec.load(f"{mine}:build", weights=str(tmp_path / "other.safetensors"))


def test_weights_that_are_not_there_are_refused(mine):
    with pytest.raises(checks.InputError, match=r"weights='nowhere\.safetensors' is not there"):
        network_spec.load(f"{mine}:build", weights="nowhere.safetensors")


# Folders of training runs, and examples


def test_a_run_folder_gives_the_network_and_how_it_was_trained(tmp_path):
    model = run_folder(tmp_path / "nets" / "a1b2")
    found = network_spec.load(str(tmp_path / "nets" / "a1b2"))
    assert (found.name, found.training) == ("a1b2", config())
    assert found.checksum == checksum.of_weights(model)
    assert not found.model.training


def test_a_label_in_front_of_a_folder_and_an_equals_sign_inside_its_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run_folder(tmp_path / "lr=0.1")
    assert network_spec.load("./lr=0.1").name == "lr-0.1"
    assert network_spec.load("mine=lr=0.1").name == "mine"


def test_a_sweep_is_answered_with_its_folders(tmp_path):
    for number in range(8):
        run_folder(tmp_path / "networks" / f"n{number}", seed=number)
    for folder in (tmp_path, tmp_path / "networks"):
        with pytest.raises(
            checks.InputError, match=r"several networks; name one folder of .*networks.n0, .*\(8 in all"
        ):
            network_spec.load(str(folder))


def test_a_folder_without_a_finished_network_is_refused(tmp_path):
    with pytest.raises(checks.InputError, match=r"is a folder without weights\.safetensors; use FILE\.py:build"):
        network_spec.load(str(tmp_path))
    (tmp_path / trained.CHECKPOINT).write_bytes(b"")
    with pytest.raises(checks.InputError, match="training was interrupted; run the command that trained it again"):
        network_spec.load(str(tmp_path))


@pytest.mark.parametrize("given_", [{"weights": "w.safetensors"}, {"normalize": Normalization(0.5, 0.5)}])
def test_what_has_weights_and_normalisation_takes_no_others(tmp_path, given_):
    run_folder(tmp_path / "net")
    for spec in (str(tmp_path / "net"), "example:p4"):
        with pytest.raises(checks.InputError, match=f"{next(iter(given_))}=.* does not go with model=.*leave it out"):
            network_spec.load(spec, **given_)


def test_an_example_that_does_not_exist_is_refused():
    with pytest.raises(checks.InputError, match="example='vgg' is unknown; use one of std_theta0"):
        network_spec.load("example:vgg")


CACHED = f"""
import torch
from torch import nn

{inspect.getsource(Cached)}
def build():
    return Cached()

def ready():
    return Cached().eval()
"""


def test_weights_that_were_saved_in_eval_mode_get_the_hint(tmp_path):
    (tmp_path / "cached.py").write_text(CACHED)
    place, path = tmp_path / "cached.py", tmp_path / "eval.safetensors"
    save_file(network_spec.load(f"{place}:ready").model.state_dict(), path)
    with pytest.raises(
        checks.InputError, match=r"unexpected: filter\); in eval mode it has just these names: end build"
    ):
        network_spec.load(f"{place}:build", weights=str(path))
    assert not network_spec.load(f"{place}:ready", weights=str(path)).model.training
    one, two = (network_spec.load(f"{place}:{name}").checksum for name in ("build", "ready"))
    assert one == two
