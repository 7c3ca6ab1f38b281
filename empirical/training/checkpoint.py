"""The state of a training between two updates, in one file: network, optimiser, average, and what was found so far."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from empirical.compute import tensor_files
from empirical.training import trained
from empirical.training.config import TrainingConfig
from empirical.training.optimisers import Average
from tradeoff.shared import checks, storage


@dataclass
class State:
    """What a training has, and where it stands."""

    model: nn.Module
    optimiser: torch.optim.Optimizer
    average: Average | None
    update: int = 0
    compute: str = ""  # "" until it is chosen
    best: float = -1.0  # the validation score of the best network so far

    @property
    def network(self) -> nn.Module:
        """The network that training leads to: the average, where there is one."""
        if self.average is None:
            return self.model
        averaged = copy.deepcopy(self.model)
        averaged.load_state_dict(self.average.state)
        return averaged

    @property
    def about(self) -> dict[str, str]:
        """What the header of its weights tells besides the config."""
        return {"update": str(self.update), "compute": self.compute}

    @property
    def header(self) -> dict[str, str]:
        """What the checkpoint tells besides its tensors."""
        return {**self.about, "best": repr(self.best)}


def write(folder: Path, state: State, config: TrainingConfig) -> None:
    """Put the state on file, whole or not at all; one with a weight that is not finite is none to go on from.

    Raises
    ------
    InputError
        If a weight is not finite; the checkpoint before it stays.
    """
    tensors = {f"model.{name}": tensor for name, tensor in state.model.state_dict().items()}
    broken = [name for name, tensor in tensors.items() if not tensor.isfinite().all()]
    if broken:
        raise checks.InputError(
            f"{broken[0].removeprefix('model.')} is not finite after {state.update} updates; use a smaller "
            "learning_rate or eps, or clip_norm; the checkpoint before it is kept"
        )
    for index, numbers in state.optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{name}": value for name, value in numbers.items() if value is not None}
    if state.average is not None:
        tensors |= {f"average.{name}": tensor for name, tensor in state.average.state.items()}
    tensor_files.write_tensors(folder / trained.CHECKPOINT, tensors, {**state.header, "config": config.id})


def resume(folder: Path, state: State, config: TrainingConfig) -> None:
    """Put the state where the checkpoint left it, if there is one, and the log with it.

    Raises
    ------
    InputError
        If the folder holds a network of another config.
    """
    checkpoint = tensor_files.read_if_sound(folder / trained.CHECKPOINT, again="the training begins anew")
    if checkpoint is None:
        for name in (trained.LOG, trained.BEST):
            (folder / name).unlink(missing_ok=True)
        return
    tensors, header = checkpoint
    same(folder, config, header.get("config", "unknown"))
    state.update = int(header["update"])
    state.compute, state.best = header.get("compute", "float32"), float(header.get("best", "-1"))
    state.model.load_state_dict(_under(tensors, "model."))
    numbers: dict[int, dict[str, Tensor]] = {}
    for name, tensor in _under(tensors, "optimiser.").items():
        index, key = name.split(".", 1)
        numbers.setdefault(int(index), {})[key] = tensor
    state.optimiser.load_state_dict({**state.optimiser.state_dict(), "state": numbers})
    if state.average is not None:
        state.average.load(_under(tensors, "average."))
    lines = storage.whole_lines(folder / trained.LOG, again="it goes on without them")
    kept = [line for line in lines if line["update"] <= state.update]
    storage.write_atomic(folder / trained.LOG, "".join(storage.checked_line(line) + "\n" for line in kept))


def same(folder: Path, config: TrainingConfig, found: str) -> None:
    """Refuse a folder of another config."""
    if found != config.id:
        raise checks.InputError(
            f"folder={str(folder)!r} holds a network of config {found}, not of {config.id}; name another folder"
        )


def _under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
