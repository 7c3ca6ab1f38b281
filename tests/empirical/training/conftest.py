"""A tiny network and a config for it: training in milliseconds."""

import pytest
import torch
from torch import nn

from empirical import models
from empirical.training.config import TrainingConfig


def tiny() -> nn.Module:
    """A convolution, a batch norm whose statistics move, and a head."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 5, stride=3), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(0.3), nn.Flatten(), nn.Linear(256, 10)
    )


@pytest.fixture
def small(digits, monkeypatch):
    """(config, images) of a training of 12 updates."""
    monkeypatch.setitem(models.MODELS, "tiny", tiny)
    images = digits.split(1600)[0]
    config = TrainingConfig("digits", images.checksum, 1600, "tiny", "augmented", 0.0, 0.0, 0, 0.0, 12, 16, 0.01, 3)
    return config, images


@pytest.fixture
def cpu():
    return torch.device("cpu")
