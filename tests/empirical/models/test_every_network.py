"""What holds of every network in the registry, found there."""

import pytest
import torch

from empirical import models
from empirical.compute.kernels import KERNELS, Prepared
from tests.empirical.models.specs import SMALL


@pytest.mark.parametrize("name", models.MODELS)
@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (3, 64, 64)])
def test_every_network_takes_images_and_classes_of_the_data(name, shape):
    model = models.build(SMALL[name], seed=0, shape=shape, classes=7).eval()
    with torch.no_grad():
        logits = model(torch.rand(2, *shape))
    assert logits.shape == (2, 7)
    assert logits.isfinite().all()


@pytest.mark.parametrize("name", models.MODELS)
def test_every_kernel_computes_every_network_alike(name):
    model = models.build(SMALL[name], seed=0).eval()
    given = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(2))
    found = {}
    for kernels in KERNELS:
        images = given.clone().requires_grad_()
        logits = Prepared(model, kernels)(images)
        (gradient,) = torch.autograd.grad(logits.square().sum(), images)
        found[kernels] = torch.cat([logits.flatten(), gradient.flatten() / gradient.abs().max()]).detach()
    assert torch.allclose(found["torch"][:30], model(given).flatten(), atol=1e-5)
    for one in found.values():
        assert (one - found["torch"]).abs().max() < 1e-4


@pytest.mark.parametrize("name", [name for name in models.MODELS if name != "linear"])
def test_every_network_has_a_width(name):
    key = "widen" if name in ("wide_resnet", "madry_cifar") else "width"
    small, large = (models.cost_of(f"{name}:{key}={width}").parameters for width in (4, 8))
    assert 1.8 < large / small < 4.5
