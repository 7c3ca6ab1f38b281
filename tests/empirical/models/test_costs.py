"""Sizes against the papers and published code, counted without a value being computed."""

import pytest
from torch import nn

from empirical import models
from empirical.models.cost import Cost, cost
from empirical.models.groups import P4, P4M, GroupConv

GREY, COLOUR = (1, 28, 28), (3, 32, 32)
PUBLISHED = {
    # Kamath et al., Table 1; the flat head is that of the code which the paper cites
    ("std_cnn", GREY): 23_010,
    ("p4_cnn_flat", GREY): 89_910,
    ("p4_cnn_pooled", GREY): 26_910,
    ("p4_cnn_oriented", GREY): 41_910,
    # by hand: 10 (9 + 1), 10 (720 + 1), 20 (720 + 1), 20 (1440 + 1), and the head
    ("p4m_cnn_pooled", GREY): 100 + 7_210 + 14_420 + 28_820 + 1_050 + 510,
    ("p4m_cnn_flat", GREY): 100 + 7_210 + 14_420 + 28_820 + 20 * 8 * 16 * 50 + 50 + 510,
    ("madry_mnist", GREY): 3_274_634,  # 832 + 51,264 + 3,212,288 + 10,250
    ("linear", COLOUR): 30_730,
    # the usual small-image versions, as in public collections
    ("vgg16", COLOUR): 14_728_266,
    ("resnet18", COLOUR): 11_173_962,
    ("resnet20", COLOUR): 269_722,
    ("wide_resnet", COLOUR): 46_160_474,
    ("densenet121", COLOUR): 6_956_298,
}
ROUNDED = {"madry_cifar": 45.90, "p4_vgg16": 14.72, "p4_resnet18": 11.17, "p4m_resnet18": 11.19}
"""In millions."""
GFLOP = {
    **{"std_cnn": 0.0020, "p4_cnn_flat": 0.0303, "madry_mnist": 0.0278},
    **{"vgg16": 0.626, "p4_vgg16": 2.499, "resnet18": 1.111, "p4_resnet18": 4.436, "p4m_resnet18": 8.953},
    **{"wide_resnet": 13.32, "madry_cifar": 13.26},
}
"""Counted apart from this package, two FLOP a MAC, for MNIST or CIFAR-10."""
GREY_NETWORKS = ("std_cnn", "p4_cnn_flat", "madry_mnist")


@pytest.mark.parametrize(("name", "shape"), PUBLISHED)
def test_parameters_are_the_published_ones(name, shape):
    assert models.cost_of(name, shape=shape).parameters == PUBLISHED[name, shape]


@pytest.mark.parametrize("name", ROUNDED)
def test_parameters_in_millions(name):
    assert round(models.cost_of(name, shape=COLOUR).parameters / 1e6, 2) == ROUNDED[name]


@pytest.mark.parametrize("name", GFLOP)
def test_operations(name):
    found = models.cost_of(name, shape=GREY if name in GREY_NETWORKS else COLOUR).macs * 2 / 1e9
    assert float(f"{found:.4g}") == pytest.approx(GFLOP[name], rel=0.001 if found > 0.1 else 0.02)


@pytest.mark.parametrize("group", ["p4", "p4m"])
@pytest.mark.parametrize("name", ["vgg16", "resnet18"])
def test_group_networks_have_the_parameters_or_the_operations_of_the_plain_one(name, group):
    plain = models.cost_of(name, shape=COLOUR)
    same = models.cost_of(f"{group}_{name}", shape=COLOUR)
    quick = models.cost_of(f"{group}_{name}:equal=operations", shape=COLOUR)
    order = {"p4": 4, "p4m": 8}[group]
    assert same.parameters == pytest.approx(plain.parameters, rel=0.002)
    assert same.macs == pytest.approx(order * plain.macs, rel=0.01)
    assert quick.macs == pytest.approx(plain.macs, rel=0.001)
    assert quick.parameters == pytest.approx(plain.parameters / order, rel=0.002)


def test_strides_that_are_exact_cost_what_literal_ones_cost():
    exact, literal = (models.cost_of(f"p4_resnet18:strided={way}", shape=COLOUR) for way in ("exact", "literal"))
    assert exact == literal


def test_operations_of_a_layer_by_hand():
    """3 x 3 on 5 x 5 places without padding: 9 places of 2 * 9 products for each output."""
    assert cost(lambda: nn.Conv2d(2, 4, 3), (2, 5, 5)) == Cost(4 * 19, 9 * 4 * 2 * 9)
    assert cost(lambda: nn.Sequential(nn.Flatten(), nn.Linear(18, 5)), (2, 3, 3)) == Cost(95, 90)


@pytest.mark.parametrize("group", [P4, P4M])
def test_operations_of_a_group_layer_are_those_of_its_convolution(group):
    """The planes are channels of a convolution with order times as many of both kinds."""
    order = group.order
    planes = nn.Unflatten(1, (2, order))
    found = cost(lambda: nn.Sequential(planes, GroupConv(group, 2, 3, 3)), (2 * order, 6, 6))
    assert found == Cost(
        3 * 2 * order * 9 + 3, cost(lambda: nn.Conv2d(2 * order, 3 * order, 3), (2 * order, 6, 6)).macs
    )
