"""Networks as text: one grammar, read at one door."""

import pytest
import torch

from empirical import models
from empirical.models import MODELS, spec
from tests.empirical.models.specs import SMALL
from tradeoff.shared import checks


def test_every_network_has_a_small_one_for_the_tests():
    assert list(SMALL) == list(MODELS)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("std_cnn", "std_cnn"),
        ("std_cnn:width=10", "std_cnn"),
        ("resnet18: width = 16 ", "resnet18:width=16"),
        ("mlp:depth=3,width=1e2", "mlp:width=100,depth=3"),
        ("p4_resnet18:strided=literal,equal=operations", "p4_resnet18:equal=operations,strided=literal"),
    ],
)
def test_a_network_is_written_in_one_way(text, written):
    assert models.named(text) == written
    assert models.named(written) == written


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("resnet81", r"network='resnet81' is unknown; use one of std_cnn, .* \(the nearest is resnet18\)"),
        ("", "network='' is unknown"),
        ("resnet18:", "does not have the form NAME:KEY=VALUE,...; write it like NAME:width=64"),
        ("resnet18:16", "does not have the form NAME:KEY=VALUE"),
        ("resnet18:width=16,", "does not have the form NAME:KEY=VALUE"),
        ("resnet18:depth=3", "resnet18 has no option depth; use one of width"),
        ("linear:width=3", "linear has no option width; linear has no options"),
        ("resnet18:shape=3", "no option shape"),
        ("resnet18:width=0", "width=0 must be at least 1: it is a count"),
        ("resnet18:width=1.5", "width='1.5' is not a whole number"),
        ("resnet18:width=1e6", "use at most 4096"),
        ("resnet18:width=8,width=9", "gives width twice"),
        ("p4_vgg16:equal=time", "equal='time' is unknown; use one of parameters, operations"),
        (3, "network=3 is not text"),
    ],
)
def test_what_names_no_network_is_told_with_a_way_out(text, said):
    with pytest.raises(checks.InputError, match=said):
        models.named(text)


@pytest.mark.parametrize(
    ("text", "shape", "said"),
    [
        ("wide_resnet:depth=33", (3, 32, 32), "depth=33 is not that of a WideResNet.*use 10, 16, 28 or 34"),
        ("p4_vgg16", (3, 32, 48), r"shape=\(3, 32, 48\) is not square"),
        ("std_cnn", (1, 8, 8), "too small for the unpadded convolutions of Table 1.*use std_cnn_odd"),
        ("parallel", (1, 28, 30), r"shape=\(1, 28, 30\) is not square"),
        ("cascade", (1, 8, 8), "too small for the unpadded convolutions of Table 1"),
        ("madry_mnist", (1, 3, 3), "too small for Madry's network"),
    ],
)
def test_a_network_that_cannot_be_built_is_told(text, shape, said):
    with pytest.raises(checks.InputError, match=f"network='{text}': .*{said}"):
        models.build(text.replace("linear.linear", "linear+linear"), seed=0, shape=shape)


def test_a_function_without_shape_is_for_grey_digits_alone(monkeypatch):
    monkeypatch.setitem(MODELS, "own", torch.nn.Flatten)
    assert models.build("std_cnn", seed=0)(torch.rand(1, 1, 28, 28)).shape == (1, 10)
    monkeypatch.setitem(MODELS, "own", lambda: torch.nn.Flatten())
    assert models.build("own", seed=0)(torch.rand(1, 1, 28, 28)).shape == (1, 784)
    with pytest.raises(checks.InputError, match="takes no shape and classes"):
        models.build("own", seed=0, shape=(3, 32, 32))


def test_options_have_types_and_defaults():
    assert spec.options(MODELS["wide_resnet"]) == {"depth": (int, 34), "widen": (int, 10)}
