"""A trained network is a folder: weights.safetensors with its config in the header, config.json, log.jsonl."""

from __future__ import annotations

import hashlib
import json
import re
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


def read_tensors(
    path: Path, *, way_out: str = "delete its folder and run again"
) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors and the header of a safetensors file; ``way_out`` is what to do about a file that is not whole.

    Errors
    ------
    InputError
        If the file is missing or damaged.
    """
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, dict(file.metadata() or {})  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise checks.InputError(f"{str(path)!r} is not a whole safetensors file ({error}); {way_out}") from None


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
    return load_file(folder / WEIGHTS, device)


def load_file(
    path: Path, device: torch.device | None = None, *, way_out: str = "delete its folder and run again"
) -> tuple[nn.Module, TrainingConfig]:
    """The same from the weights alone, since their header holds the config."""
    tensors, header = read_tensors(path, way_out=way_out)
    try:
        config = TrainingConfig(**json.loads(header["config"]))
        model = models.build(
            checks.known("network", config.network, models.MODELS), seed=0, mean=config.mean, std=config.std
        )
        model.load_state_dict(tensors)
    except (KeyError, TypeError, RuntimeError, json.JSONDecodeError) as error:
        raise checks.InputError(
            f"{str(path)!r} does not hold a network of this package "
            f"({checks.shorten_text(' '.join(str(error).split()), 200)}); {way_out}"
        ) from None
    return model.eval().to(device or torch.device("cpu")), config


def named_tensors(model: nn.Module) -> list[tuple[str, Tensor]]:
    """Every parameter and buffer by name, also those that a state dict leaves out; sorted.

    Errors
    ------
    InputError
        If one has no value yet.
    """
    named = [*model.named_parameters(remove_duplicate=False), *model.named_buffers(remove_duplicate=False)]
    for name, tensor in named:
        if torch.nn.parameter.is_lazy(tensor) or tensor.is_meta:
            raise checks.InputError(
                f"model has no values in {name!r} yet (a lazy layer, or the meta device); build it on the CPU, and run "
                "one batch through it before it is returned"
            )
    return sorted(named, key=lambda pair: pair[0])


def checksum(model: nn.Module) -> str:
    """Content hash of a network: the text of its modules, and name, dtype, shape and bytes of every tensor in it.

    The same on every device and in either mode. It does not see code: two networks that differ inside ``forward``
    alone have the same checksum, and a version of torch that writes its modules differently gives another one.

    Errors
    ------
    InputError
        If a tensor has no value yet.
    """
    # A function shown with its place in memory would give the same network another checksum in every process.
    digest = hashlib.sha256(re.sub(r" at 0x[0-9a-fA-F]+", "", repr(model)).encode())
    for name, tensor in named_tensors(model):
        digest.update(f"\n{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(content(tensor))
    return digest.hexdigest()[:16]


def content(tensor: Tensor) -> bytes:
    """The bytes of a tensor's numbers."""
    return tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
