import itertools

import pytest
import torch

from empirical import models
from empirical.models import table1
from empirical.models.normalized import Normalized
from empirical.models.p4 import InvariantPool, P4Conv, P4Lift, PlanePool


def turn(planes: torch.Tensor, quarters: int = 1) -> torch.Tensor:
    """The action of a quarter turn on a p4 map: each plane turns, plane r becomes plane r + 1."""
    return torch.rot90(planes, quarters, (-2, -1)).roll(quarters, dims=2)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", [7, 12, 28])
def test_lifting_is_equivariant(seed, size):
    torch.manual_seed(seed)
    layer, x = P4Lift(2, 3, 3).double(), torch.randn(4, 2, size, size, dtype=torch.float64)
    assert (layer(torch.rot90(x, 1, (2, 3))) - turn(layer(x))).abs().max() < 1e-12


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", [7, 12, 28])
def test_group_convolution_is_equivariant(seed, size):
    torch.manual_seed(seed)
    layer, x = P4Conv(2, 3, 3).double(), torch.randn(4, 2, 4, size, size, dtype=torch.float64)
    assert (layer(turn(x)) - turn(layer(x))).abs().max() < 1e-12


@pytest.mark.parametrize(("size", "exact"), [(8, True), (10, True), (9, False)])
def test_plane_pooling_is_equivariant_on_even_sizes_only(size, exact):
    x = torch.randn(2, 3, 4, size, size, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    defect = (PlanePool()(turn(x)) - turn(PlanePool()(x))).abs().max()
    assert (defect < 1e-12) == exact


def element(m: int, u: int, v: int) -> tuple[int, int, int]:
    return m % 4, u, v


def product(g, h):
    """(m, t)(m', t') = (m + m', t + R^m t'), R a quarter turn counter-clockwise: (u, v) -> (-v, u), u downwards."""
    m, u, v = g
    n, a, b = h
    for _ in range(m % 4):
        a, b = -b, a
    return element(m + n, u + a, v + b)


def inverse(g):
    m, u, v = g
    for _ in range((-m) % 4):
        u, v = -v, u
    return element(-m, -u, -v)


def test_the_group_convolution_is_the_one_of_cohen_and_welling():
    """(f * psi)(g) = sum_h sum_k f_k(h) psi_k(g^-1 h), equation (11), written out over the elements of p4."""
    generator = torch.Generator().manual_seed(0)
    layer = P4Conv(2, 2, 3).double()
    x = torch.randn(1, 2, 4, 5, 5, dtype=torch.float64, generator=generator)
    places = list(itertools.product(range(4), range(3), range(3)))
    centre = {(r, u - 1, v - 1): layer.weight[:, :, r, u, v] for r, u, v in places}
    signal = {(r, u, v): x[0, :, r, u, v] for r, u, v in itertools.product(range(4), range(5), range(5))}
    found = layer(x)[0]
    for r, u, v in places:
        g = element(r, u + 1, v + 1)
        total = layer.bias.clone()
        for h, value in signal.items():
            filter_value = centre.get(product(inverse(g), h))
            if filter_value is not None:
                total = total + (value * filter_value).sum(dim=1)
        assert (found[:, r, u, v] - total).abs().max() < 1e-12


def test_the_lifting_is_the_one_of_cohen_and_welling():
    """(f * psi)(g) = sum over places h sum_k f_k(h) psi_k(g^-1 h), equation (10), for every element g of p4."""
    layer = P4Lift(2, 2, 3).double()
    x = torch.randn(1, 2, 5, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    places = list(itertools.product(range(4), range(3), range(3)))
    centre = {(u - 1, v - 1): layer.weight[:, :, u, v] for u, v in itertools.product(range(3), range(3))}
    found = layer(x)[0]
    for r, u, v in places:
        total = layer.bias.clone()
        for a, b in itertools.product(range(5), range(5)):
            _, du, dv = product(inverse(element(r, u + 1, v + 1)), element(0, a, b))
            if (du, dv) in centre:
                total = total + (x[0, :, a, b] * centre[du, dv]).sum(dim=1)
        assert (found[:, r, u, v] - total).abs().max() < 1e-12


def test_the_pooled_network_is_invariant_to_quarter_turns():
    """float64: to rounding; float32 predictions: exactly, on many inputs."""
    network = table1.p4_cnn_pooled().eval()
    x = torch.rand(64, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    for quarters in (1, 2, 3):
        assert torch.equal(network(torch.rot90(x, quarters, (2, 3))).argmax(1), network(x).argmax(1))
    network, x = network.double(), x.double()
    assert (network(torch.rot90(x, 1, (2, 3))) - network(x)).abs().max() < 1e-12


def test_the_flat_network_is_not_invariant():
    network = table1.p4_cnn_flat().eval()
    x = torch.rand(8, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    assert (network(torch.rot90(x, 1, (2, 3))) - network(x)).abs().max() > 1e-3


def test_the_invariant_pool_forgets_order_and_place():
    x = torch.randn(2, 3, 4, 5, 5, generator=torch.Generator().manual_seed(0))
    assert torch.equal(InvariantPool()(turn(x)), InvariantPool()(x))


def test_weights_depend_on_the_seed_alone():
    torch.manual_seed(1)
    one = models.build("std_cnn", seed=3)
    torch.manual_seed(2)
    before = torch.rand(1)
    torch.manual_seed(2)
    two, other = models.build("std_cnn", seed=3), models.build("std_cnn", seed=4)
    assert torch.equal(torch.rand(1), before)  # the global generator is left alone
    pairs = list(zip(one.parameters(), two.parameters(), other.parameters(), strict=True))
    assert all(torch.equal(a, b) for a, b, _ in pairs)
    assert not torch.equal(pairs[0][0], pairs[0][2])


def test_normalisation_is_inside():
    inner = torch.nn.Flatten()
    x = torch.rand(2, 1, 2, 2)
    assert torch.allclose(Normalized(inner, 0.5, 2.0)(x), ((x - 0.5) / 2).flatten(1))
