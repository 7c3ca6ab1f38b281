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

    def unfooled_at(attack, draws=DRAWS):
        with torch.no_grad():
            return model(attack(model, images, labels, indices, draws=draws)).argmax(1) == labels

    single = [unfooled_at(PGD(0.08, 5), Draws(0, "test", restart)) for restart in range(3)]
    together = unfooled_at(PGD(0.08, 5, restarts=3))
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


@pytest.mark.parametrize(("eps", "restarts"), [(0.05, 1), (0.15, 1), (0.3, 1), (0.08, 3)])
def test_early_stop_fools_whom_the_last_images_fool_and_costs_less(eps, restarts, trained):
    """To the step where an image is left alone its way is that of an attack that goes on."""
    model, data = trained
    images, labels, indices = data.images[:100], data.labels[:100], data.indices[:100]
    asked, fooled = [], []
    for early in (False, True):
        seen = []
        hook = model.register_forward_hook(lambda _, given, out, seen=seen: seen.append(len(out)))
        moved = PGD(eps, 20, restarts=restarts, early_stop=early)(model, images, labels, indices, draws=DRAWS)
        hook.remove()
        asked.append(sum(seen))
        with frozen(model), torch.no_grad():
            fooled.append(model(moved).argmax(1) != labels)
        assert float((moved - images).abs().max()) <= eps + 2e-7
        assert 0 <= float(moved.min()) <= float(moved.max()) <= 1
    assert not bool((fooled[0] & ~fooled[1]).any())
    assert asked[1] < (1 if int(fooled[1].sum()) > 20 else 1.1) * asked[0]


class Gate(nn.Module):
    """Fooled in a strip between .55 and .6 alone, through which the slope leads from either side to 1."""

    def forward(self, images):
        height = images[:, 0, 0, 0]
        there = ((height > 0.55) & (height < 0.6)).float()
        return torch.stack([torch.ones_like(height), 2 * there + 0.5 * height], 1)


def test_early_stop_counts_what_is_met_on_the_way():
    images, labels, indices = torch.full((40, 1, 1, 1), 0.5), torch.zeros(40, dtype=torch.int64), torch.arange(40)
    last, first = (
        PGD(0.3, 20, early_stop=early)(Gate(), images, labels, indices, draws=DRAWS) for early in (False, True)
    )
    assert not bool((Gate()(last).argmax(1) != labels).any())
    fooled = Gate()(first).argmax(1) != labels
    assert int(fooled.sum()) > 10
    assert torch.equal(first[~fooled], last[~fooled])


class TwoFaced(nn.Module):
    """Says that it is fooled wherever gradients are computed, and is not."""

    def forward(self, images):
        height = images.flatten(1).sum(1)
        away = 100.0 if images.requires_grad else 0.0
        return torch.stack([torch.ones_like(height), away + 1e-3 * height], 1)


def test_early_stop_believes_a_pass_without_gradients_alone():
    images, labels, indices = torch.full((4, 1, 2, 2), 0.5), torch.zeros(4, dtype=torch.int64), torch.arange(4)
    last, first = (
        PGD(0.1, 5, early_stop=early)(TwoFaced(), images, labels, indices, draws=DRAWS) for early in (False, True)
    )
    assert torch.equal(first, last)
