"""A trained network is a folder: weights.safetensors with its config in the header, config.json, log.jsonl."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from empirical import models
from empirical.records import TrainingConfig
from tradeoff import checks, storage

WEIGHTS, CONFIG, LOG, CHECKPOINT = "weights.safetensors", "config.json", "log.jsonl", "checkpoint.safetensors"


def write_tensors(path: Path, tensors: dict[str, Tensor], header: dict[str, str]) -> None:
    """Tensors and a text header as one safetensors file, whole or not at all."""
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    storage.write_atomic(path, save(plain, metadata=header))


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors and the header of a safetensors file.

    Errors
    ------
    InputError
        If the file is missing or damaged.
    """
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, dict(file.metadata() or {})  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise checks.InputError(
            f"{str(path)!r} is not a whole safetensors file ({error}); delete its folder and run again"
        ) from None


def finished(folder: Path) -> bool:
    """Whether a training run ended here: the weights are written last."""
    return (folder / WEIGHTS).exists()


def write(folder: Path, model: nn.Module, config: TrainingConfig) -> None:
    """The finished network."""
    text = json.dumps(asdict(config), sort_keys=True)
    storage.write_atomic(folder / CONFIG, text + "\n")
    write_tensors(folder / WEIGHTS, model.state_dict(), {"config": text})


def load(folder: Path, device: torch.device | None = None) -> tuple[nn.Module, TrainingConfig]:
    """The network of a folder in eval mode, and how it was trained.

    Errors
    ------
    InputError
        If the weights are missing or damaged, or do not fit the network that their header names.
    """
    tensors, header = read_tensors(folder / WEIGHTS)
    try:
        config = TrainingConfig(**json.loads(header["config"]))
        model = models.build(
            checks.known("network", config.network, models.MODELS), seed=0, mean=config.mean, std=config.std
        )
        model.load_state_dict(tensors)
    except (KeyError, TypeError, RuntimeError, json.JSONDecodeError) as error:
        raise checks.InputError(
            f"{str(folder)!r} does not hold a network of this package ({error}); train it again"
        ) from None
    return model.eval().to(device or torch.device("cpu")), config
