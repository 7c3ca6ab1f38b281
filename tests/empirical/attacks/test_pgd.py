"""PGD in particular: published records rest on it."""

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

from empirical.attacks import ATTACKS
from empirical.attacks.pgd import PGD
from empirical.compute.draws import Draws
from empirical.compute.forward import frozen
from tests.empirical.attacks.laws import DRAWS


def present_pgd(model, images, labels, indices, draws, eps, steps, step_size=None):
    """PGD as it was when the records in results/ were made, word by word."""
    step_size = 2.5 * eps / steps if step_size is None else step_size
    low, high = (images - eps).clamp(0, 1), (images + eps).clamp(0, 1)
    start = 2 * draws.uniform(indices, tuple(images.shape[1:])) - 1
    adversarial = torch.clamp(images + eps * start, low, high)
    with frozen(model), torch.enable_grad():
        for _ in range(steps):
            adversarial.requires_grad_()
            loss = F.cross_entropy(model(adversarial), labels, reduction="sum")
            (gradient,) = torch.autograd.grad(loss, adversarial)
            with torch.no_grad():
                adversarial = torch.clamp(adversarial + step_size * gradient.sign(), low, high)
    return adversarial.detach()


@pytest.mark.parametrize("settings", [(0.1, 40), (0.3, 7), (0.05, 10, 0.01), (0.0, 3)])
def test_pgd_is_bit_equal_to_what_made_the_records(settings, trained):
    model, data = trained
    images, labels, indices = data.images[:64], data.labels[:64], data.indices[:64]
    expected = present_pgd(model, images, labels, indices, DRAWS, *settings)
    assert torch.equal(PGD(*settings)(model, images, labels, indices, draws=DRAWS), expected)
    off = present_pgd(model, images, labels, indices, Draws(0, "test", 1), *settings)
    assert torch.equal(off, expected) == (settings[0] == 0)


def test_restarts_fool_what_single_runs_fool_together(trained):
    model, data = trained
    images, labels, indices = data.images[:100], data.labels[:100], data.indices[:100]

    def stands(attack, draws=DRAWS):
        with torch.no_grad():
            return model(attack(model, images, labels, indices, draws=draws)).argmax(1) == labels

    single = [stands(PGD(0.08, 5), Draws(0, "test", restart)) for restart in range(3)]
    together = stands(PGD(0.08, 5, restarts=3))
    assert torch.equal(together, single[0] & single[1] & single[2] & (model(images).argmax(1) == labels))
    assert together.sum() < max(one.sum() for one in single)


def test_margin_and_dlr_do_not_vanish_where_cross_entropy_does(trained):
    """Logits a thousand times as large saturate the softmax; an attack on the margin does not notice."""
    model, data = trained
    loud = nn.Sequential(model, Scale(1000.0))
    images, labels, indices = data.images[:50], data.labels[:50], data.indices[:50]

    def unfooled(network, loss):
        with torch.no_grad():
            moved = PGD(0.1, 10, loss=loss)(network, images, labels, indices, draws=DRAWS)
            return int((network(moved).argmax(1) == labels).sum())

    assert unfooled(loud, "margin") == unfooled(model, "margin")
    assert abs(unfooled(loud, "dlr") - unfooled(model, "dlr")) <= 1  # its denominator's guard is absolute
    assert unfooled(loud, "cross_entropy") > unfooled(model, "cross_entropy") + 10


class Scale(nn.Module):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.factor * x


def test_the_label_is_the_callers(trained):
    """Attacked on another label than the answer, an image is fooled from the start and left alone by APGD."""
    model, data = trained
    images, indices = data.images[:20], data.indices[:20]
    wrong = (model(images).argmax(1) + 1) % 10
    assert torch.equal(ATTACKS["apgd_ce"](0.1)(model, images, wrong, indices, draws=DRAWS), images)
