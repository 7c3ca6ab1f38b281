"""The quicker kernels compute what torch computes, for whatever network calls them."""

import copy
import gc

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.autograd import forward_ad
from torch.utils.checkpoint import checkpoint

from empirical.compute.draws import Draws
from empirical.compute.forward import frozen
from empirical.compute.kernels import Prepared, cpu
from empirical.compute.kernels.cpu import Kernels, suited

SIZES = st.integers(1, 9)


def drawn(seed, *shape):
    """Normal numbers, no two of them equal."""
    return Draws(seed, "kernels").normal(torch.tensor([0]), shape)[0]


def with_gradient(make, images):
    """What ``make`` returns, and the gradient of a weighted sum of it."""
    images = images.clone().requires_grad_()
    found = make(images)
    weights = (torch.arange(found.numel()) % 7 - 2).to(found.dtype).view(found.shape)
    return found.detach(), torch.autograd.grad((found * weights).sum(), images)[0]


def assert_alike(make, images, exact=None):
    """With and without the kernels; in bfloat16 beside float32, within its three digits."""
    with Kernels():
        ours = with_gradient(make, images)
    theirs = with_gradient(exact or make, images.float() if exact else images)
    tolerance = 2e-5 if images.dtype == torch.float32 else 2e-2
    for one, other in zip(ours, theirs, strict=True):
        assert one.shape == other.shape
        assert one.dtype == images.dtype
        scale = float(other.abs().max()) + 1e-6 if other.numel() else 1.0
        assert float((one.float() - other.float()).abs().max()) <= tolerance * scale


@settings(max_examples=60)
@given(
    st.integers(0, 10_000),
    st.tuples(st.integers(1, 3), st.integers(1, 40), st.integers(1, 40)),
    st.tuples(SIZES, SIZES),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
    st.booleans(),
    st.sampled_from([torch.float32, torch.bfloat16]),
)
def test_a_convolution_and_its_gradient_are_those_of_torch(seed, counts, extra, kernel, pads, has_bias, dtype):
    n, channels, out_channels = counts
    pads = tuple(min(pad, size - 1) for pad, size in zip(pads, kernel, strict=True))
    images = drawn(seed, n, channels, extra[0] + kernel[0] - 1, extra[1] + kernel[1] - 1).to(dtype)
    weight = drawn(seed + 1, out_channels, channels, *kernel).to(dtype)
    bias = drawn(seed + 2, out_channels).to(dtype) if has_bias else None
    exact = (
        None
        if dtype == torch.float32
        else lambda x: F.conv2d(x, weight.float(), None if bias is None else bias.float(), padding=pads)
    )
    assert_alike(lambda x: F.conv2d(x, weight, bias, padding=pads), images, exact)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.tuples(SIZES, SIZES, SIZES, SIZES), st.sampled_from([torch.float32, torch.bfloat16]))
def test_pooling_and_its_gradient_are_those_of_torch(seed, shape, dtype):
    n, channels, height, width = shape
    # Numbers that bfloat16 holds and no two of which are equal, in random order.
    count = n * channels * (height + 1) * (width + 1)
    order = torch.argsort(drawn(seed, count))
    images = ((order.float() - count // 2) if count <= 256 or dtype == torch.float32 else order % 256).to(dtype)
    images = images.view(n, channels, height + 1, width + 1)
    if len(images.unique()) == images.numel():
        assert_alike(lambda x: F.max_pool2d(x, 2), images)
    with Kernels():
        assert torch.equal(F.max_pool2d(images, 2), F.max_pool2d(images.float(), 2).to(dtype))


def test_of_equal_values_one_gets_the_whole_gradient():
    images = torch.zeros(1, 3, 4, 4)
    with Kernels():
        _, gradient = with_gradient(lambda x: F.max_pool2d(x, 2), images)
    _, theirs = with_gradient(lambda x: F.max_pool2d(x, 2), images)
    assert torch.equal(gradient, theirs)  # all four equal: the first, as in torch
    mixed = torch.tensor([[0.0, 1.0], [1.0, 0.0]]).view(1, 1, 2, 2)
    with Kernels():
        _, gradient = with_gradient(lambda x: F.max_pool2d(x, 2), mixed)
    assert gradient.count_nonzero() == 1
    assert float(gradient.sum()) == -2.0
    assert float(gradient[mixed == 1].sum()) == -2.0


class Residual(nn.Module):
    """Works on what the kernels return in place, uses it twice, and pads, strides, groups and pools in other ways."""

    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(1, 6, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.ReLU(inplace=True))
        self.again = nn.Conv2d(6, 6, 3, padding=1)
        self.others = nn.ModuleList(
            [
                nn.Conv2d(6, 6, 3, padding="same"),
                nn.Conv2d(6, 6, 3, padding=1, groups=3),
                nn.Conv2d(6, 6, 3, padding=2, dilation=2),
                nn.Conv2d(6, 6, 3, padding=1, padding_mode="circular"),
                nn.Conv2d(6, 6, 1, padding=1, stride=2),
            ]
        )

    def forward(self, images):
        here = self.first(images)
        there = self.again(here)
        here = F.relu_(there) + here + there.sum((2, 3), keepdim=True)
        for layer in self.others:
            here = layer(here)
        here = F.max_pool2d(here, 3, 1, 1) + F.max_pool2d(here, 2, 2, ceil_mode=True).sum((2, 3), keepdim=True)
        return here.flatten(1)


def test_a_network_that_works_in_place_and_in_every_other_way():
    seed = 3
    torch.manual_seed(seed)
    model = Residual().requires_grad_(False)
    images = drawn(seed, 5, 1, 12, 12)
    assert_alike(model, images)
    half = copy.deepcopy(model).to(torch.bfloat16)
    with Kernels():
        rough = with_gradient(half, images.to(torch.bfloat16))[1]
    exact = with_gradient(model, images)[1]
    assert float(F.cosine_similarity(rough.float().flatten(1), exact.flatten(1)).min()) > 0.95


def test_what_torch_refuses_is_refused_by_torch():
    images, weight = torch.zeros(1, 2, 5, 5), torch.zeros(3, 2, 3, 3)
    half = images.to(torch.bfloat16)
    wrong = [
        lambda: F.conv2d(images, torch.zeros(3, 1, 3, 3)),
        lambda: F.conv2d(images, weight.to(torch.bfloat16)),
        lambda: F.conv2d(images[:, :, :2], weight),
        lambda: F.conv2d(images, weight, torch.zeros(4)),
        lambda: F.conv2d(half[:, :1], half[:1, :1], half[0, 0, 0]),
        lambda: F.max_pool2d(images[:, :, :1], 2),
    ]
    for call in wrong:
        with pytest.raises(RuntimeError) as plain:
            call()
        with pytest.raises(RuntimeError) as ours, Kernels():
            call()
        assert str(ours.value).splitlines()[0] == str(plain.value).splitlines()[0]


def test_weights_that_learn_get_their_gradients():
    model, images = nn.Conv2d(1, 3, 3), drawn(0, 2, 1, 6, 6)
    with Kernels():
        model(images).square().sum().backward()
    ours = model.weight.grad.clone()
    model.zero_grad()
    model(images).square().sum().backward()
    assert torch.allclose(ours, model.weight.grad)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_weight_that_changes_is_not_taken_for_the_old_one(channels, dtype):
    """Neither one that is worked on in place, nor one whose data change without torch's counter of versions."""
    model = nn.Conv2d(channels, 3, 3).requires_grad_(False).to(dtype)
    images, kernels = drawn(0, 2, channels, 6, 6).to(dtype), Kernels(model.parameters())
    with kernels:
        before = with_gradient(model, images)[1]
        model.weight.mul_(2)
        assert torch.equal(with_gradient(model, images)[1], 2 * before)
        model.weight.data.mul_(2)
        assert torch.equal(with_gradient(model, images)[1], 4 * before)
        model.weight.data = model.weight.data * 2
        assert torch.equal(with_gradient(model, images)[1], 8 * before)


def test_one_weight_in_several_places():
    """Its forms are those of the size and the margin of the images that it meets."""
    layer = nn.Conv2d(1, 3, 3).requires_grad_(False).to(torch.bfloat16)
    kernels = Kernels(layer.parameters())
    for size in (6, 9):
        for pads in ((0, 0), (1, 0), (0, 1), (2, 2)):
            images = drawn(size, 2, 1, size, size).to(torch.bfloat16)
            with kernels:
                ours = with_gradient(lambda x, pads=pads: F.conv2d(x, layer.weight, layer.bias, 1, pads), images)
            plain = with_gradient(lambda x, pads=pads: F.conv2d(x, layer.weight, layer.bias, 1, pads), images)
            assert float((ours[0] - plain[0]).abs().max()) < 0.05
            assert float((ours[1] - plain[1]).abs().max()) < 0.05 * float(plain[1].abs().max())


def test_what_is_kept_does_not_grow():
    """Parameters that a model makes anew in every pass are not remembered."""
    kernels, images = Kernels(nn.Conv2d(1, 2, 3).parameters()), drawn(0, 2, 1, 6, 6)
    for _ in range(20):
        with kernels:
            F.conv2d(images, nn.Parameter(drawn(1, 2, 1, 3, 3), requires_grad=False))
    gc.collect()
    assert len(kernels._forms) == 0


def test_the_kernels_are_those_that_compute(monkeypatch):
    """In bfloat16 one channel goes row by row; colour images do not, and neither does float32."""
    by_rows = []
    for name in ("_conv_by_rows", "_back_by_rows"):
        plain = getattr(cpu, name)
        monkeypatch.setattr(cpu, name, lambda *given, f=plain, n=name: by_rows.append(n) or f(*given))
    for channels, dtype, expected in [(1, torch.bfloat16, 2), (3, torch.bfloat16, 0), (1, torch.float32, 0)]:
        by_rows.clear()
        images, weight = drawn(0, 2, channels, 28, 28).to(dtype), drawn(1, 4, channels, 3, 3).to(dtype)
        with Kernels():
            found = F.conv2d(images.requires_grad_(), weight)
            pooled = F.max_pool2d(found, 2)
            pooled.sum().backward()
        assert type(found.grad_fn).__name__ == "_Conv2dBackward"
        assert type(pooled.grad_fn).__name__ == "_HalvedBackward"
        assert len(by_rows) == expected


class Viewing(nn.Module):
    """As in torch's own tutorial: ``view`` after the last pooling."""

    def __init__(self):
        super().__init__()
        self.first, self.second, self.last = nn.Conv2d(1, 10, 5), nn.Conv2d(10, 20, 5), nn.Linear(320, 10)

    def forward(self, images):
        here = F.max_pool2d(F.relu(self.first(images)), 2)
        here = torch.relu(torch.max_pool2d(self.second(here), (2,)))
        return self.last(here.view(-1, 320))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_view_that_torchs_layout_allows(dtype):
    torch.manual_seed(0)
    model, images = Viewing().requires_grad_(False), drawn(0, 3, 1, 28, 28)
    half = copy.deepcopy(model).to(dtype)
    with Kernels():
        ours = with_gradient(half, images.to(dtype))
    plain = with_gradient(model, images)
    assert float(F.cosine_similarity(ours[1].float().flatten(1), plain[1].flatten(1)).min()) > 0.95


def test_other_ways_to_call_torch():
    images, weight = drawn(0, 2, 3, 7, 7), drawn(1, 4, 3, 3, 3)
    calls = [
        lambda x: torch.max_pool2d(x, 3),
        lambda x: torch.max_pool2d(x, 2, ceil_mode=True),
        lambda x: F.max_pool2d(x, 2, return_indices=True)[0],
        lambda x: F.max_pool2d(x, kernel_size=(2,), stride=[2]),
        lambda x: F.conv2d(x, weight, padding=(1,)),
        lambda x: F.conv2d(input=x, weight=weight, stride=[1, 1], padding=[0, 2]),
        lambda x: F.conv2d(x, weight, padding=4),
        lambda x: F.conv2d(x.expand(2, 3, 7, 7).transpose(2, 3), weight),
        lambda x: F.conv2d(x.contiguous(memory_format=torch.channels_last), weight),
        lambda x: F.conv2d(x.to_mkldnn(), weight).to_dense(),
    ]
    for call in calls:
        assert_alike(call, images)


class Steep(nn.Module):
    """Its answer is the slope of something: a gradient inside a forward pass."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Tanh(), nn.MaxPool2d(2), nn.Conv2d(4, 2, 2), nn.Tanh())

    def forward(self, images):
        given = images if images.requires_grad else images.clone().requires_grad_()
        with torch.enable_grad():
            return torch.autograd.grad(self.layers(given).sum(), given, create_graph=True)[0]


WEIGHT = torch.linspace(-1, 1, 36).view(4, 1, 3, 3)


def vmapped(images):
    return torch.vmap(lambda image: F.max_pool2d(F.conv2d(image[None], WEIGHT), 2)[0])(images)


def vmapped_outside(images):
    return torch.vmap(lambda factor: F.max_pool2d(F.conv2d(images, WEIGHT), 2) * factor)(torch.tensor([1.0, 2.0]))


def autocast(images):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return F.conv2d(images, WEIGHT).float()


def dual(images):
    with forward_ad.dual_level():
        found = F.max_pool2d(F.conv2d(forward_ad.make_dual(images, torch.ones_like(images)), WEIGHT), 2)
        return torch.cat(forward_ad.unpack_dual(found))


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")  # by torch's own forward differentiation
@pytest.mark.parametrize("make", [vmapped, vmapped_outside, autocast, dual])
def test_transformations_of_torch_are_left_to_torch(make):
    images = drawn(0, 3, 1, 8, 8)
    with Kernels():
        ours = with_gradient(make, images)
    assert all(torch.equal(one, other) for one, other in zip(ours, with_gradient(make, images), strict=True))


class Checkpointed(nn.Module):
    """Its backward pass computes the forward pass once more, when the kernels are no longer at work."""

    def forward(self, images):
        again = checkpoint(lambda x: F.max_pool2d(F.conv2d(x, WEIGHT), 2), images, use_reentrant=False)
        return again.flatten(1)


class Dead(nn.Module):
    """Three images in four have no slope anywhere."""

    def forward(self, images):
        alive = (torch.arange(len(images)) % 4 == 0)[:, None]
        return torch.where(alive, 1.0, 0.0) * F.conv2d(images, WEIGHT).flatten(1) + 1


class Otherwise(nn.Module):
    """Answers by how its images lie in memory."""

    def forward(self, images):
        found = F.conv2d(images, WEIGHT.repeat(1, 1, 1, 1))
        return found.flatten(1) * (1 + found.is_contiguous())


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")  # by torch's own compiler as it is loaded
@pytest.mark.filterwarnings("ignore:.*torch.jit.script_method:DeprecationWarning")
def test_a_model_that_the_kernels_do_not_suit_is_known():
    images = drawn(0, 4, 1, 8, 8)
    for model, expected in [
        (nn.Sequential(nn.Conv2d(1, 4, 3), nn.MaxPool2d(2), nn.Flatten()), True),
        (nn.Sequential(nn.Flatten(), nn.Linear(64, 3)), True),
        (Dead(), True),
        (Checkpointed(), False),
        (Otherwise(), False),
        (torch.compile(nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten())), False),  # never run here, so never compiled
    ]:
        with frozen(model):
            assert suited(model, images, lambda: Prepared(model, "ours")) is expected  # noqa: B023
            assert not suited(model, images[:0], lambda: Prepared(model, "ours"))  # noqa: B023


def test_gradients_of_gradients():
    torch.manual_seed(0)
    assert_alike(Steep().requires_grad_(False), drawn(0, 2, 1, 8, 8))
