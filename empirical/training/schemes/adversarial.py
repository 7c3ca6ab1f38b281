"""Training on attacked images alone: PGD (Madry et al. 2018), and one step from a random start (Wong et al. 2020)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn

from empirical.attacks.base import Attack
from empirical.attacks.pgd import PGD
from empirical.compute.draws import Draws
from empirical.training.config import TrainingConfig
from empirical.training.schemes.augmented import transformed
from empirical.training.schemes.base import Batch, Outcome, on

STEP, SINGLE_STEP = 0.5, 1.25
"""Step sizes in eps, where a config gives none: several steps can cross the ball, a single one its larger half."""


def pgd(model: nn.Module, batch: Batch, config: TrainingConfig) -> Outcome:
    """Cross-entropy on PGD examples only (Madry et al. 2018); steps of eps/2 unless the config gives a size.

    eps grows linearly over the first ``eps_warmup`` of the updates: small networks collapse to a constant without it.
    """
    return _on_attacked(model, batch, config, config.attack_steps, STEP)


def fgsm(model: nn.Module, batch: Batch, config: TrainingConfig) -> Outcome:
    """Cross-entropy after one step of 1.25 eps from a random start (Wong et al. 2020).

    Cheap, and it may collapse: the network learns to fool the single step. The loop watches the validation images.
    """
    return _on_attacked(model, batch, config, 1, SINGLE_STEP)


def _on_attacked(model: nn.Module, batch: Batch, config: TrainingConfig, steps: int, usual: float) -> Outcome:
    batch = transformed(batch, config)
    images = attacked(model, batch, ascending(batch, config, steps, usual), attack_draws(batch, config), config)
    return on(model, images, batch.labels)


def ascending(batch: Batch, config: TrainingConfig, steps: int, usual: float) -> PGD:
    """The attack of a config at the eps of this update; its steps warm up with eps."""
    eps = config.eps * batch.warm
    size = config.attack_step_size * batch.warm if config.attack_step_size else usual * eps
    return PGD(eps, steps, step_size=size, norm=config.norm)


def attack_draws(batch: Batch, config: TrainingConfig) -> Draws:
    """What random starts are drawn by."""
    return Draws(config.seed, "training attack", batch.update)


def attacked(
    model: nn.Module, batch: Batch, attack: Attack, draws: Draws, config: TrainingConfig | None = None
) -> Tensor:
    """The images that an attack makes of the batch against the network as it is, in the mode that the config says."""
    with _mode(model, config) as shown:
        return attack(shown, batch.images, batch.labels, batch.indices, draws=draws)


@contextmanager
def _mode(model: nn.Module, config: TrainingConfig | None) -> Iterator[nn.Module]:
    """What an attack is handed: it sets its network to eval mode, so one that stays in training mode is hidden."""
    if config is None or config.attack_mode == "eval":
        yield model
        return
    asking = [part for part in model.parameters() if part.requires_grad]
    for part in asking:
        part.requires_grad_(False)
    try:
        yield _Hidden(model)
    finally:
        for part in asking:
            part.requires_grad_(True)


class _Hidden(nn.Module):
    """Another network's answers, without its parts: modes set here do not reach it."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self._ask = (model,)

    def forward(self, images: Tensor) -> Any:
        return self._ask[0](images)
