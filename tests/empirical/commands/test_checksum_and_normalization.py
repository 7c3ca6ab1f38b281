"""A network is named by its weights and buffers, and normalises images itself."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from empirical.commands import network_spec
from empirical.compute import checksum
from empirical.compute.normalization import PRESETS, Normalization, normalization
from empirical.data import read
from empirical.models.normalized import Normalized
from empirical.training import example_networks, trained
from tradeoff.shared import checks

IMAGES = torch.rand(2, 3, 2, 2, generator=torch.Generator().manual_seed(0))


def net() -> nn.Module:
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten())


@given(st.sampled_from(list(net().state_dict())))
def test_the_checksum_sees_every_parameter_and_buffer(name):
    """One unit in the last place of one number of one tensor is another network."""
    torch.manual_seed(0)
    model = net()
    before = checksum.of_weights(model)
    assert checksum.of_weights(model.eval()) == before
    tensor = model.state_dict()[name].reshape(-1)
    tensor[-1] = tensor[-1] + 1 if not tensor.is_floating_point() else tensor[-1].nextafter(torch.tensor(2.0))
    assert checksum.of_weights(model) != before


def test_the_checksum_sees_architecture_dtype_shape_and_name():
    torch.manual_seed(0)
    linear = nn.Linear(2, 2, bias=False)
    zero = {
        checksum.of_weights(nn.Sequential(linear)),
        checksum.of_weights(nn.Sequential(linear, nn.ReLU())),
        checksum.of_weights(nn.Sequential(linear, nn.Tanh())),
        checksum.of_weights(Normalized(linear, 0.0, 1.0)),
        checksum.of_weights(Normalized(linear, [0.0, 0.0], 1.0)),
        checksum.of_weights(Normalized(linear, 0.5, 1.0)),
        checksum.of_weights(nn.Sequential(nn.Linear(2, 2, bias=False)).bfloat16()),
    }
    assert len(zero) == 7


def test_the_checksum_is_the_same_in_another_process(tmp_path, children):
    """Though the text of a module may show a function with its place in memory."""
    (tmp_path / "shows.py").write_text(
        "from torch import nn\n\n\nclass Shows(nn.Linear):\n    def extra_repr(self):\n        return repr(build)\n\n\n"
        "def build():\n    return Shows(2, 2)\n"
    )
    code = "import sys; from empirical.commands import network_spec; print(network_spec.load(sys.argv[1]).checksum)"
    spec = f"{tmp_path}/shows.py:build"
    done = children.run("-c", "x = [object() for _ in range(10**5)]\n" + code, spec)
    assert done.stdout.strip() == network_spec.load(spec).checksum


def test_stored_networks_keep_their_checksum(tmp_path):
    """Pinned: it stands in records, so it may not change from version to version."""
    model = Normalized(nn.Sequential(nn.Flatten(), nn.Linear(4, 2)), 0.5, 0.25)
    with torch.no_grad():
        for number, parameter in enumerate(model.parameters()):
            parameter.copy_(torch.arange(parameter.numel()).reshape(parameter.shape) / 8 + number)
    assert checksum.of_weights(model) == "058d27bc18275718"


# Normalisation


def behind(numbers: Normalization) -> Normalized:
    return Normalized(nn.Identity(), numbers.mean, numbers.std)


@given(
    st.lists(st.floats(0, 1), min_size=3, max_size=3),
    st.lists(st.floats(0.01, 2), min_size=3, max_size=3),
)
def test_each_channel_is_normalised_by_itself(mean, std):
    """(x_c - mean_c) / std_c, whether given as numbers or as text."""
    for made in (
        Normalization(mean, std),
        Normalization(",".join(map(str, mean)), ",".join(map(str, std))),
        Normalization(np.array(mean), torch.tensor(std, dtype=torch.float64)),
    ):
        seen = behind(made)(IMAGES)
        by_hand = [(IMAGES[:, c] - torch.tensor(mean[c])) / torch.tensor(std[c]) for c in range(3)]
        assert torch.equal(seen, torch.stack(by_hand, dim=1))


@given(st.floats(-2, 2), st.floats(0.01, 2))
def test_one_number_is_the_same_as_that_number_for_each_channel(mean, std):
    one, three = behind(Normalization(mean, std)), behind(Normalization([mean] * 3, std))
    assert torch.equal(one(IMAGES), three(IMAGES))


def test_one_number_is_stored_as_it_always_was():
    """Networks on disk have a mean and a std of shape ()."""
    for wrapped in (Normalized(nn.Identity(), 0.5, 2), behind(Normalization("0.5", 2))):
        assert {name: (tuple(t.shape), t.dtype) for name, t in wrapped.state_dict().items()} == {
            "mean": ((), torch.float32),
            "std": ((), torch.float32),
        }


def test_a_grey_image_is_not_made_into_three_channels():
    with pytest.raises(checks.InputError, match="mean and std are for 3 channels, but the images have 1; give one"):
        behind(PRESETS["cifar10"])(torch.rand(2, 1, 4, 4))


def test_what_is_asked_for_is_found():
    assert normalization() is None
    assert normalization(preset="imagenet") == Normalization((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    assert normalization(mean="0.1307", std="0.3081") == Normalization(0.1307, 0.3081)
    assert normalization(mean="0.1,0.2,0.3", std=1) == Normalization([0.1, 0.2, 0.3], 1)


@pytest.mark.parametrize(
    ("given_", "part"),
    [
        ({"preset": "svhn"}, "normalize='svhn' is unknown; use one of cifar10, imagenet"),
        ({"preset": "cifar10", "mean": "0.5"}, "normalize='cifar10' brings its own mean and std; give either"),
        ({"preset": "cifar10", "std": "0.5"}, "brings its own"),
        ({"mean": "0.5"}, "mean='0.5' needs std beside it; give both"),
        ({"std": "0.5"}, "std='0.5' needs mean beside it; give both"),
        ({"mean": "0.5", "std": "0"}, r"std='0' is not allowed.*must be positive"),
        ({"mean": "0.5", "std": "0.2,-0.2,0.2"}, r"std='-0.2' is not allowed"),
        ({"mean": "0.5", "std": "inf"}, "std=inf is not allowed"),
        ({"mean": "nan", "std": "1"}, "mean=nan is not allowed"),
        ({"mean": "grey", "std": "1"}, "mean='grey' is not a number"),
        ({"mean": "0.5,", "std": "1"}, "mean='' is not a number"),
        ({"mean": [], "std": "1"}, r"mean=\[\] holds no number"),
        ({"mean": "1,2,3", "std": "1,2"}, "mean has 3 numbers and std has 2; give one number, or as many"),
    ],
)
def test_a_normalisation_that_makes_no_sense_is_refused(given_, part):
    with pytest.raises(checks.InputError, match=part):
        normalization(**given_)


def test_a_network_is_not_measured_on_what_it_was_trained_on(tmp_path):
    model, training = example_networks.load("std_theta0")
    (tmp_path / "greedy").mkdir()
    trained.write(tmp_path / "greedy", model, replace(training, held_out=100))
    network_spec.check_unseen(network_spec.load("example:std_theta0"), read("digits"))
    with pytest.raises(checks.InputError, match=r"greedy' was trained on 300 of the 400 images of data='digits'"):
        network_spec.check_unseen(network_spec.load(str(tmp_path / "greedy")), read("digits"))
    elsewhere = replace(read("digits"), checksum="other")
    network_spec.check_unseen(network_spec.load(str(tmp_path / "greedy")), elsewhere)
