"""Attacks where numbers end: half precision, heads that saturate, logits of any scale. NaN is never a success."""

import pytest
import torch
from torch import nn

from empirical.attacks.ball import unit
from empirical.attacks.deepfool import DeepFool
from empirical.attacks.losses import fooled
from tests.empirical.attacks.laws import BALLS, CASES, DRAWS, INDICES, OURS, batch, length, make, normalised


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
@pytest.mark.parametrize(("name", "norm"), [*CASES, *((name, None) for name in OURS if name not in BALLS)])
def test_attacks_keep_the_type_of_the_images(name, norm, dtype):
    images, labels = batch()
    images, model = images.to(dtype), normalised().to(dtype).eval()
    moved = make(name, eps=0.1, norm=norm or "linf")(model, images, labels, INDICES, draws=DRAWS)
    assert moved.dtype == dtype
    assert moved.isfinite().all()
    if norm:
        rounding = 2.0**-8 if dtype is torch.bfloat16 else 2.0**-11 if dtype is torch.float16 else 1e-12
        dimension = images[0].numel() ** 0.5 if norm == "l2" else 1
        assert length(moved.double(), images.double(), norm).max() <= 0.1 + rounding * dimension
        assert 0 <= moved.min() <= moved.max() <= 1


class Headed(nn.Module):
    def __init__(self, network, head):
        super().__init__()
        self.network, self.head = network, head

    def forward(self, images):
        return self.head(self.network(images))


HEADS = {
    "softmax": lambda z: z.softmax(1),
    "steep softmax": lambda z: (3 * z).softmax(1),
    "saturated": lambda z: torch.tanh(z - 8) + 1e-3 * z.detach(),
    "constant": lambda z: 0 * z + torch.arange(10.0),
    "a root at its end": lambda z: (z - z.amin(1, keepdim=True)).sqrt(),
    "never a number behind grey": lambda z: torch.where(z.amax(1, keepdim=True) > 12, z, z / 0 * 0),
}
SCALES = (1e-36, 1e-30, 1e-20, 1e15, 1e25, 1e30)


@pytest.mark.parametrize("head", HEADS)
def test_what_deepfool_calls_flipped_is_another_answer_at_a_distance(head, trained):
    network, data = trained
    model, images = Headed(network, HEADS[head]), data.images[:24]
    with torch.no_grad():
        logits = model(images)
    known = ~logits.isnan().any(1)
    images, labels = images[known], logits.argmax(1)[known]
    found = DeepFool().distances(model, images, labels)
    assert found.images.isfinite().all()
    assert found.norms.isfinite().all()
    with torch.no_grad():
        after = model(found.images)
    assert torch.equal(found.flipped, (after.argmax(1) != labels) & ~after.isnan().any(1))
    assert found.unflipped.hits == int((~found.flipped).sum())


@pytest.mark.parametrize("scale", SCALES)
def test_distances_do_not_depend_on_the_scale_of_the_logits(scale, trained):
    network, data = trained
    images = data.images[:6]
    with torch.no_grad():
        labels = network(images).argmax(1)
    plain = DeepFool().distances(network, images, labels)
    scaled = DeepFool().distances(Headed(network, lambda z: scale * z), images, labels)
    assert scaled.flipped.all()
    assert torch.allclose(scaled.norms, plain.norms, rtol=1e-2)


@pytest.mark.parametrize("scale", SCALES)
def test_steps_in_l_2_do_not_depend_on_the_scale_of_the_logits(scale, trained):
    network, data = trained
    some = data.take(torch.arange(8))
    attack = make("pgd", eps=1.0, norm="l2", loss="margin")
    plain, scaled = (
        attack(model, some.images, some.labels, some.indices, draws=DRAWS)
        for model in (network, Headed(network, lambda z: scale * z))
    )
    assert (plain - scaled).abs().max() < 1e-3
    assert (plain - some.images).flatten(1).norm(dim=1).min() > 0.5


@pytest.mark.parametrize("name", OURS)
def test_an_answer_that_is_no_number_fools_nobody(name):
    """Every image but the given ones is answered with NaN: none of them is a success, whatever argmax says of it."""
    images, labels = batch(size=6)

    class Only(nn.Module):
        def forward(self, at):
            honest = torch.nn.functional.one_hot(labels[: len(at)], 6) + 0 * at.sum((1, 2, 3))[:, None]
            near = torch.stack([(one == images).flatten(1).all(1).any() for one in at])
            return torch.where(near[:, None], honest, honest * float("nan"))

    moved = make(name, eps=0.1, loss="margin")(Only(), images, labels, INDICES, draws=DRAWS)
    assert moved.isfinite().all()
    logits = torch.full((2, 3), float("nan"))
    logits[1] = torch.tensor([0.0, 1.0, 0.0])
    assert fooled(logits, torch.tensor([1, 0])).tolist() == [False, True]


def test_a_unit_is_one_at_any_scale_and_0_stays_0():
    """3, 4, 0 is 5 long, at 1e-38 as at 1e38, whose squares no float32 holds."""
    for scale in (1e-44, 1e-38, 1e-20, 1.0, 1e20, 5e37):
        found = unit(torch.tensor([3.0, 4.0, 0.0]).mul(scale).reshape(1, 1, 1, 3))
        assert torch.allclose(found.flatten(), torch.tensor([0.6, 0.8, 0.0]), rtol=1e-6 if scale > 1e-40 else 0.1)
    assert unit(torch.zeros(2, 1, 1, 3)).abs().max() == 0
