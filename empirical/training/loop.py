"""One loop: config + images + scheme -> a trained network in its folder. Killed and run again, it goes on.

All randomness is keyed by the update (order, augmentation, attack start, dropout), so a run that resumes from a
checkpoint ends with the same bits as one that was never interrupted, on the same machine, threads and batch size.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

from empirical import models
from empirical.compute import tensor_files
from empirical.compute.draws import Draws, signed
from empirical.data.images import ImageSet
from empirical.training import trained
from empirical.training.config import METHOD, TrainingConfig
from empirical.training.schemes import SCHEMES
from empirical.training.schemes.base import Batch
from tradeoff.shared import checks, storage
from tradeoff.shared.progress import Progress, silent

CHECKPOINT_EVERY = 100
LOG_EVERY = 20


def network_cost(network: str) -> float:
    """Gradient cost relative to StdCNN, for progress bars only; the group networks take about six times as long."""
    return 1.0 if network == "std_cnn" else 6.0


def update_cost(config: TrainingConfig) -> float:
    """Rough work of one update, in gradient evaluations of a StdCNN."""
    return config.batch_size * (1 + config.attack_steps) * network_cost(config.network)


def train(
    config: TrainingConfig,
    data: ImageSet,
    folder: Path,
    device: torch.device,
    *,
    progress: Progress = silent,
) -> nn.Module:
    """Train with Adam and a linearly decaying rate for ``config.updates`` updates; return the network in eval mode.

    A folder that holds the finished network is loaded and nothing is done; one that holds a checkpoint is resumed.
    Where the one or the other is damaged, that is told and made again; the file stays until a whole one replaces it.

    Raises
    ------
    InputError
        For an unknown network or objective, other data than the config names, or a loss that is not finite.
    """
    objective = SCHEMES[checks.known("objective", config.objective, SCHEMES)]
    checks.known("network", config.network, models.MODELS)
    if data.checksum != config.data_checksum:
        raise checks.InputError(
            f"data_checksum={config.data_checksum!r} is not that of the images passed in ({data.checksum}); "
            "these are other data, so make a new config"
        )
    if config.method != METHOD:
        raise checks.InputError(
            f"method={config.method} is not how this version trains ({METHOD}); use the version of this package that "
            "wrote the config, or make a new config"
        )
    finished = _finished(folder, config, device)
    if finished is not None:
        progress(config.updates)
        return finished
    storage.clear_leftovers(storage.output_folder("folder", folder))
    model = models.build(config.network, seed=config.seed, mean=config.mean, std=config.std)
    model = model.to(device)
    optimiser = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
    start = _resume(folder, model, optimiser, config)
    progress(start)
    data = data.to(device)

    def loss_at(update: int) -> Tensor:
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            torch.manual_seed(signed(Draws(config.seed, "dropout", update).key))
            return objective(model, _batch(data, config, update), config)

    def rate_at(update: int) -> float:
        return config.learning_rate * (1 - update / config.updates)

    for done, loss in descend(model, optimiser, loss_at, rate_at, range(start, config.updates)):
        if done % LOG_EVERY == 0 or done == config.updates:
            _log(folder, done, float(loss))
        if done % CHECKPOINT_EVERY == 0 and done < config.updates:
            _checkpoint(folder, model, optimiser, done, config)
        progress(1)
    trained.write(folder, model, config)
    (folder / trained.CHECKPOINT).unlink(missing_ok=True)
    return model.eval()


def _finished(folder: Path, config: TrainingConfig, device: torch.device) -> nn.Module | None:
    """The network that was trained here before; None if there is none, or none whose weights can be believed."""
    if not trained.finished(folder):
        return None
    try:
        model, found = trained.load(folder, device)
    except storage.Damaged as error:
        storage.told(f"{error.what}; the network is trained again")
        return None
    _same(folder, config, found.id)
    (folder / trained.CHECKPOINT).unlink(missing_ok=True)  # left if the process died right after the weights
    return model


def descend(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    loss_at: Callable[[int], Tensor],
    rate_at: Callable[[int], float],
    updates: range,
) -> Iterator[tuple[int, Tensor]]:
    """The loop of every training: one update after the other, in training mode.

    Parameters
    ----------
    model, optimiser
        The network and what moves its weights.
    loss_at, rate_at : callable
        From the number of an update, counted from 0, to what is minimised there (a scalar), and to the learning rate.
    updates : range
        The updates to do; a training that goes on begins where it was left.

    Yields
    ------
    tuple of int and Tensor
        How many updates have been done, and the loss of the last one.
    """
    for update in updates:
        for group in optimiser.param_groups:
            group["lr"] = rate_at(update)
        model.train()
        loss = loss_at(update)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        yield update + 1, loss.detach()


def _batch(data: ImageSet, config: TrainingConfig, update: int) -> Batch:
    """Every epoch runs through all images in a fresh order; what does not fill a batch joins the next epoch's first."""
    size, total = config.batch_size, len(data)
    positions = torch.arange(update * size, (update + 1) * size)
    rows = torch.empty(size, dtype=torch.int64)
    for epoch in (positions // total).unique().tolist():
        order = Draws(config.seed, "order", epoch).permutation(total)
        chosen = positions // total == epoch
        rows[chosen] = order[positions[chosen] % total]
    rows = rows.to(data.labels.device)
    return Batch(data.images[rows], data.labels[rows], data.indices[rows], update)


def _log(folder: Path, update: int, loss: float) -> None:
    if not math.isfinite(loss):
        raise checks.InputError(f"the loss is {loss} after {update} updates; use a smaller learning_rate or eps")
    storage.append_lines(folder / trained.LOG, [storage.checked_line({"update": update, "loss": loss})])


def _same(folder: Path, config: TrainingConfig, found: str) -> None:
    if found != config.id:
        raise checks.InputError(
            f"folder={str(folder)!r} holds a network of config {found}, not of {config.id}; name another folder"
        )


def _checkpoint(
    folder: Path, model: nn.Module, optimiser: torch.optim.Optimizer, update: int, config: TrainingConfig
) -> None:
    tensors = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    for index, state in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{index}.{name}": value for name, value in state.items()}
    tensor_files.write_tensors(folder / trained.CHECKPOINT, tensors, {"update": str(update), "config": config.id})


def _resume(folder: Path, model: nn.Module, optimiser: torch.optim.Optimizer, config: TrainingConfig) -> int:
    """Put model and optimiser where the checkpoint left them; the number of updates done."""
    checkpoint = tensor_files.read_if_sound(folder / trained.CHECKPOINT, again="the training begins anew")
    if checkpoint is None:
        (folder / trained.LOG).unlink(missing_ok=True)
        return 0
    tensors, header = checkpoint
    _same(folder, config, header.get("config", "unknown"))
    update = int(header["update"])
    model.load_state_dict({name.removeprefix("model."): t for name, t in tensors.items() if name.startswith("model.")})
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimiser."):
            _, index, key = name.split(".", 2)
            state.setdefault(int(index), {})[key] = tensor
    optimiser.load_state_dict({**optimiser.state_dict(), "state": state})
    lines = storage.whole_lines(folder / trained.LOG, again="it goes on without them")
    kept = [line for line in lines if line["update"] <= update]
    storage.write_atomic(folder / trained.LOG, "".join(storage.checked_line(line) + "\n" for line in kept))
    return update
