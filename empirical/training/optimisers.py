"""What moves the weights: optimisers, learning rates over time, and a moving average of the weights."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from empirical.training.config import TrainingConfig
from empirical.training.phases import stages

DROP = 0.1
"""Of the rate at each milestone of the schedule "step"."""
RISE = 0.3
"""The share of "one_cycle" in which the rate rises."""


def optimiser(config: TrainingConfig, model: nn.Module) -> torch.optim.Optimizer:
    """Adam, or stochastic gradient descent with momentum; weight decay is added to all gradients, as torch does."""
    if config.optimiser == "sgd":
        return torch.optim.SGD(
            model.parameters(), config.learning_rate, momentum=config.momentum, weight_decay=config.weight_decay
        )
    return torch.optim.Adam(model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)


def _step(share: float, config: TrainingConfig) -> float:
    return DROP ** sum(share >= milestone for milestone in config.milestones)


SCHEDULES: dict[str, Callable[[float, TrainingConfig], float]] = {
    "constant": lambda share, config: 1.0,
    "linear": lambda share, config: 1 - share,
    "step": _step,
    "cosine": lambda share, config: 0.5 * (1 + math.cos(math.pi * share)),
    "one_cycle": lambda share, config: min(max(share, 0.01) / RISE, (1 - share) / (1 - RISE)),
}
"""From the share of the updates that are done to the factor of the learning rate."""


def rate(config: TrainingConfig, update: int) -> float:
    """The learning rate of an update, counted from 0; phases that restart begin the schedule anew."""
    begun = [stage.first for stage in stages(config) if stage.restart]
    first = max(start for start in begun if start <= update)
    end = min([start for start in begun if start > update], default=config.updates)
    return config.learning_rate * SCHEDULES[config.schedule]((update - first) / (end - first), config)


class Average:
    """A moving average of all floating numbers of a network, its statistics among them; the last of all others.

    The first updates count as in a plain mean, so that the start is forgotten: the decay at update t is at most
    t / (t + 10).
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.state = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}

    def follow(self, model: nn.Module, done: int) -> None:
        """Take the network after ``done`` updates in."""
        decay = min(self.decay, done / (done + 10))
        with torch.no_grad():
            for name, tensor in model.state_dict().items():
                if tensor.is_floating_point():
                    self.state[name].lerp_(tensor, 1 - decay)
                else:
                    self.state[name].copy_(tensor)

    def load(self, state: dict[str, Tensor]) -> None:
        """Go on from a stored average."""
        for name, tensor in state.items():
            self.state[name].copy_(tensor)
