"""Our attacks beside foolbox's, an implementation that shares nothing with ours but the definitions."""

import warnings

import pytest
import torch
from torch import nn

from empirical.attacks.deepfool import DeepFool
from empirical.attacks.fgsm import FGSM
from empirical.attacks.losses import cross_entropy
from empirical.attacks.pgd import PGD
from empirical.compute.draws import Draws
from empirical.compute.forward import ascent, frozen
from tests.empirical.attacks.laws import nothing
from tests.statistics import FALSE_ALARM

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of scipy, about where foolbox imports a filter from
    foolbox = pytest.importorskip("foolbox", exc_type=ImportError)  # GitPython, which it needs, fails without git

DRAWS = Draws(0, "outside")


@pytest.fixture(scope="module")
def sides(trained):
    """Our model, the same one as foolbox holds it, and 120 digits it has not seen; parameters frozen to save time."""
    model, data = trained
    with frozen(model):
        yield model, foolbox.PyTorchModel(model, bounds=(0, 1), device="cpu"), data.take(torch.arange(120))


@pytest.mark.parametrize("eps", [0.02, 0.1, 0.3])
def test_fgsm_is_theirs_wherever_the_gradient_is_not_negligible(sides, eps):
    """Over 1e-6 of its image's largest entry: below that, rounding decides the sign."""
    model, theirs, some = sides
    ours = FGSM(eps)(model, some.images, some.labels, some.indices, draws=DRAWS)
    _, expected, _ = foolbox.attacks.FGSM()(theirs, some.images, some.labels, epsilons=eps)
    with frozen(model):
        _, _, gradient = ascent(model, some.images, lambda logits: cross_entropy(logits, some.labels))
    size = gradient.abs()
    matters = size > 1e-6 * size.amax((1, 2, 3), keepdim=True)
    assert matters.float().mean() > 0.5
    assert (ours - expected)[matters].abs().max() < 1e-6
    off = FGSM(0.9 * eps)(model, some.images, some.labels, some.indices, draws=DRAWS)
    assert (off - expected)[matters].abs().max() > 1e-3


def assert_not_above(ours: int, theirs: int, trials: int) -> None:
    """Robust images out of ``trials``: ours not above theirs beyond what two random starts explain.

    One-sided normal approximation of the difference of two binomials, at FALSE_ALARM (4.75 standard errors), as if the
    two were independent: they attack the same images, so the real rate of false alarms is far lower.
    """
    shared = (ours + theirs) / (2 * trials)
    error = (2 * shared * (1 - shared) / trials) ** 0.5
    assert ours - theirs <= 4.75 * error * trials + 0.5, f"{ours} of {trials} stand under ours, {theirs} under theirs"
    assert FALSE_ALARM == 1e-6


def unfooled(model: nn.Module, moved: torch.Tensor, labels: torch.Tensor) -> int:
    with torch.no_grad():
        return int((model(moved).argmax(1) == labels).sum())


OTHER_EPS = pytest.mark.slow(twin="test_pgd_is_at_or_below_theirs_with_the_same_steps")


@pytest.mark.parametrize(
    ("norm", "eps"),
    [
        ("linf", 0.05),
        ("linf", 0.1),
        ("l2", 1.5),
        pytest.param("linf", 0.02, marks=OTHER_EPS),
        pytest.param("linf", 0.15, marks=OTHER_EPS),
        pytest.param("l2", 0.7, marks=OTHER_EPS),
    ],
)
def test_pgd_is_at_or_below_theirs_with_the_same_steps(sides, norm, eps):
    model, theirs, some = sides
    steps = 20
    attack = {"linf": foolbox.attacks.LinfPGD, "l2": foolbox.attacks.L2PGD}[norm]
    ours = PGD(eps, steps, norm=norm)(model, some.images, some.labels, some.indices, draws=DRAWS)
    settings = {"abs_stepsize": 2.5 * eps / steps, "steps": steps, "random_start": True}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        _, expected, _ = attack(**settings)(theirs, some.images, some.labels, epsilons=eps)
    found, reference = (unfooled(model, moved, some.labels) for moved in (ours, expected))
    assert_not_above(found, reference, len(some))
    if reference < 0.7 * len(some):
        untouched = unfooled(model, nothing(model, some.images, None, None, draws=DRAWS), some.labels)
        with pytest.raises(AssertionError, match="stand under ours"):
            assert_not_above(untouched, reference, len(some))


def test_deepfool_norms_are_theirs_within_a_percent(sides):
    """Image by image for 95 % of them, and on average; a step over a kink may lead two programs to two minima."""
    model, theirs, some = sides
    labels = model(some.images).argmax(1)
    ours = DeepFool().distances(model, some.images, labels)
    attack = foolbox.attacks.L2DeepFoolAttack(steps=50, candidates=10, overshoot=0.02, loss="logits")
    _, expected, fooled = attack(theirs, some.images, labels, epsilons=None)
    both = ours.flipped & fooled
    assert ours.unflipped.hits <= 1
    ratio = ours.norms[both] / (expected - some.images).flatten(1).norm(dim=1)[both]
    assert ((ratio - 1).abs() < 0.01).float().mean() > 0.95
    assert abs(float(ratio.mean()) - 1) < 0.01
    longer = DeepFool(overshoot=0.05).distances(model, some.images, labels).norms[both]
    assert ((longer / ours.norms[both]).mean() - 1).abs() > 0.01
