"""A trained network is a folder: weights.safetensors with its config in the header, config.json, log.jsonl.

Where some images were kept out for validation, best.safetensors holds the network that did best on them, in the same
form; weights.safetensors is the last one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import torch
from torch import nn

from empirical import models
from empirical.compute.tensor_files import read_tensors, write_tensors
from empirical.training.config import TrainingConfig
from tradeoff.shared import checks, storage
from tradeoff.shared.names import shown

WEIGHTS, CONFIG, LOG, CHECKPOINT = "weights.safetensors", "config.json", "log.jsonl", "checkpoint.safetensors"
BEST = "best.safetensors"


def finished(folder: Path) -> bool:
    """Whether a training run ended here: the weights are written last."""
    return (folder / WEIGHTS).exists()


def write(folder: Path, model: nn.Module, config: TrainingConfig, about: Mapping[str, str] = {}) -> None:
    """The finished network."""
    storage.write_atomic(folder / CONFIG, storage.json_line(asdict(config)) + "\n")
    write_weights(folder / WEIGHTS, model, config, about)


def write_weights(path: Path, model: nn.Module, config: TrainingConfig, about: Mapping[str, str] = {}) -> None:
    """One network, with its config and what else there is to tell about it in the header."""
    write_tensors(path, model.state_dict(), {**about, "config": storage.json_line(asdict(config))})


def promote_best(folder: Path, config: TrainingConfig, about: Mapping[str, str]) -> None:
    """Make the best network the finished one."""
    write(folder, load_file(folder / BEST)[0], config, about)


def fresh(config: TrainingConfig, *, seed: int) -> nn.Module:
    """The network of a config, not trained."""
    network = models.named(config.network)
    return models.build(
        network, seed=seed, mean=config.mean, std=config.std, shape=config.shape, classes=config.classes
    )


def load(folder: Path, device: torch.device | None = None) -> tuple[nn.Module, TrainingConfig]:
    """The network of a folder in eval mode, and how it was trained.

    Raises
    ------
    InputError
        If the weights are missing or damaged, or do not fit the network that their header names.
    """
    return load_file(folder / WEIGHTS, device)


def load_file(
    path: Path, device: torch.device | None = None, *, way_out: str = "delete its folder and run again"
) -> tuple[nn.Module, TrainingConfig]:
    """The network of a weights file in eval mode, and how it was trained: the header of the file holds its config.

    ``way_out`` is what a message advises where the file cannot be used.
    """
    tensors, header = read_tensors(path, way_out=way_out)
    try:
        config = TrainingConfig.from_content(json.loads(header["config"]))
        model = fresh(config, seed=0)
        model.load_state_dict(tensors)
    except (KeyError, TypeError, RuntimeError, json.JSONDecodeError) as error:
        raise checks.InputError(
            f"{str(path)!r} does not hold a network of this package ({shown(' '.join(str(error).split()))}); {way_out}"
        ) from None
    return model.eval().to(device or torch.device("cpu")), config
