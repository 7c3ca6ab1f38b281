"""One loop: config + images + scheme -> a trained network in its folder. Killed and run again, it goes on.

All randomness is keyed by the update (order, augmentation, attack start, dropout), so a run that resumes from a
checkpoint ends with the same bits as one that was never interrupted, on the same machine, threads and batch size.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from empirical import models
from empirical.compute.draws import Draws, signed
from empirical.data.images import ImageSet
from empirical.training import checkpoint, computing, optimisers, phases, trained, watch
from empirical.training.checkpoint import State
from empirical.training.config import METHOD, TrainingConfig
from empirical.training.schemes import SCHEMES
from empirical.training.schemes.base import Batch, Outcome
from tradeoff.shared import checks, storage
from tradeoff.shared.progress import Progress, silent

CHECKPOINT_EVERY = 100
LOG_EVERY = 20
Report = Callable[[Mapping[str, Any]], None]
"""Is told every line of the log as it is written."""


def network_cost(network: str) -> float:
    """Gradient cost relative to StdCNN, for progress bars only: about that of the group networks of Table 1."""
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
    report: Report = lambda line: None,
) -> nn.Module:
    """Train for ``config.updates`` updates; return the network in eval mode.

    A folder that holds the finished network is loaded and nothing is done; one that holds a checkpoint is resumed.
    Where the one or the other is damaged, that is told and made again; the file stays until a whole one replaces it.

    Parameters
    ----------
    config : TrainingConfig
        How.
    data : ImageSet
        The images that may be trained on, those for validation among them.
    folder : Path
        Where the network, the log and the checkpoint are kept.
    device : torch.device
        Where it is computed.
    progress, report : callable
        Told how many updates were done, and what is logged: loss, accuracy on the trained images, validation.

    Raises
    ------
    InputError
        For an unknown network or objective, other data than the config names, or a loss that is not finite: the last
        checkpoint before it is kept.
    """
    _refuse(config, data)
    finished = _finished(folder, config, device)
    if finished is not None:
        progress(config.updates)
        return finished
    storage.clear_leftovers(storage.output_folder("folder", folder))
    images, kept_out = _parts(data.to(device), config)
    model = trained.fresh(config, seed=config.seed).to(device)
    average = optimisers.Average(model, config.averaging) if config.averaging else None
    state = State(model, optimisers.optimiser(config, model), average)
    checkpoint.resume(folder, state, config)
    if not state.compute:
        first = _batch(images, config, 0)
        state.compute = computing.choose(config.compute, model, first.images, first.labels)
    progress(state.update)
    note = _Notes(folder, report)
    stopped = _descend(state, images, kept_out, config, folder, note, progress)
    _finish(folder, state, config, stopped)
    return trained.load(folder, device)[0]


def _refuse(config: TrainingConfig, data: ImageSet) -> None:
    for stage in phases.stages(config):
        checks.known("objective", stage.config.objective, SCHEMES)
    models.named(config.network)
    if data.checksum != config.data_checksum:
        raise checks.InputError(
            f"data_checksum={config.data_checksum!r} is not that of the images passed in ({data.checksum}); "
            "these are other data, so make a new config"
        )
    images = tuple(data.images.shape[1:])
    if (config.shape, config.classes) != (images, data.classes):
        raise checks.InputError(
            f"shape={config.shape} and classes={config.classes} are not those of the images passed in, {images} and "
            f"{data.classes}; make a config with these"
        )
    if config.method != METHOD:
        raise checks.InputError(
            f"method={config.method} is not how this version trains ({METHOD}); use the version of this package that "
            "wrote the config, or make a new config"
        )
    wanted = config.train_images + config.validation
    if wanted > len(data) or config.validation >= len(data):
        raise checks.InputError(
            f"train_images={config.train_images} and validation={config.validation} ask for more than the {len(data)} "
            "images that there are to train on; use fewer"
        )


def _finished(folder: Path, config: TrainingConfig, device: torch.device) -> nn.Module | None:
    """The network that was trained here before; None if there is none, or none whose weights can be believed."""
    if not trained.finished(folder):
        return None
    try:
        model, found = trained.load(folder, device)
    except storage.Damaged as error:
        storage.told(f"{error.what}; the network is trained again")
        return None
    checkpoint.same(folder, config, found.id)
    (folder / trained.CHECKPOINT).unlink(missing_ok=True)  # left if the process died right after the weights
    return model


def _parts(data: ImageSet, config: TrainingConfig) -> tuple[ImageSet, ImageSet | None]:
    """The images that are trained on, and those for validation."""
    kept_out = None
    if config.validation:
        data, kept_out = data.split(config.validation, seed=config.seed)
    if config.train_images:
        order = Draws(config.seed, "subset").permutation(len(data))[: config.train_images].sort().values
        data = data.take(order.to(data.labels.device))
    return data, kept_out


def _descend(
    state: State,
    images: ImageSet,
    kept_out: ImageSet | None,
    config: TrainingConfig,
    folder: Path,
    note: _Notes,
    progress: Progress,
) -> str:
    """All updates that are missing; why they ended before their number was full, or ""."""
    model = computing.Computed(state.model, state.compute)
    device = images.images.device

    def outcome_at(update: int) -> Outcome:
        stage = phases.at(config, update)
        if stage.restart and update == stage.first:
            state.optimiser.state.clear()
        batch = _batch(images, config, update, stage.warm(update))
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            torch.manual_seed(signed(Draws(config.seed, "dropout", update).key))
            found = SCHEMES[stage.config.objective](model, batch, stage.config)
        note.seen(found.right(batch.labels), len(batch.labels))
        return found

    updates = range(state.update, config.updates)
    loss_at, rate_at = (lambda update: outcome_at(update).loss), (lambda update: optimisers.rate(config, update))
    for done, loss in descend(model, state.optimiser, loss_at, rate_at, updates, clip_norm=config.clip_norm):
        state.update = done
        if state.average is not None:
            state.average.follow(state.model, done)
        if done % LOG_EVERY == 0 or done == config.updates:
            note.training(done, float(loss))
        last = done == config.updates
        if kept_out is not None and (done % config.validate_every == 0 or last):
            stopped = _validate(state, kept_out, config, folder, note)
            if stopped:
                return stopped
        if done % CHECKPOINT_EVERY == 0 and not last:
            checkpoint.write(folder, state, config)
        progress(1)
    return ""


def _validate(state: State, kept_out: ImageSet, config: TrainingConfig, folder: Path, note: _Notes) -> str:
    """Ask the images that are not trained on, keep the network if it is the best so far; why to stop, or ""."""
    model = state.network
    found = watch.ask(model, kept_out, config)
    note.validation(state.update, found)
    if watch.collapsed(found, state.best, config):
        stopped = f"collapsed after {state.update} updates: robust accuracy {found.score:.3f} after {state.best:.3f}"
        storage.told(f"training {stopped}; the best network before it is kept")
        return stopped
    if found.score >= state.best:
        state.best = found.score
        trained.write_weights(folder / trained.BEST, model, config, state.about)
    return ""


def _finish(folder: Path, state: State, config: TrainingConfig, stopped: str) -> None:
    """The network of the last update; of a training that collapsed the best one before it."""
    if stopped:
        trained.promote_best(folder, config, {**state.about, "stopped": stopped})
    else:
        trained.write(folder, state.network, config, state.about)
    (folder / trained.CHECKPOINT).unlink(missing_ok=True)


def descend(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    loss_at: Callable[[int], Tensor],
    rate_at: Callable[[int], float],
    updates: range,
    *,
    clip_norm: float = 0.0,
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
    clip_norm : float
        The largest l_2 norm of the gradient of all weights; 0 for any.

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
        if clip_norm:
            nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
        optimiser.step()
        yield update + 1, loss.detach()


def _batch(data: ImageSet, config: TrainingConfig, update: int, warm: float = 1.0) -> Batch:
    """Every epoch runs through all images in a fresh order; what does not fill a batch joins the next epoch's first."""
    size, total = config.batch_size, len(data)
    positions = torch.arange(update * size, (update + 1) * size)
    rows = torch.empty(size, dtype=torch.int64)
    for epoch in range(int(positions[0]) // total, int(positions[-1]) // total + 1):
        chosen = positions // total == epoch
        rows[chosen] = _order(config.seed, epoch, total)[positions[chosen] % total]
    rows = rows.to(data.labels.device)
    return Batch(data.images[rows], data.labels[rows], data.indices[rows], update, warm)


@lru_cache(maxsize=4)
def _order(seed: int, epoch: int, total: int) -> Tensor:
    return Draws(seed, "order", epoch).permutation(total)


class _Notes:
    """The log of a training: a line for the loss now and then, and for every validation."""

    def __init__(self, folder: Path, report: Report) -> None:
        self._path, self._report = folder / trained.LOG, report
        self._right: list[Tensor] = []
        self._images = 0

    def seen(self, right: Tensor, images: int) -> None:
        """Count right answers of the network to what it is trained on; not read before a line is due."""
        self._right.append(right)
        self._images += images

    def training(self, update: int, loss: float) -> None:
        if not math.isfinite(loss):
            raise checks.InputError(
                f"the loss is {loss} after {update} updates; use a smaller learning_rate or eps, or clip_norm; the "
                "last checkpoint is kept"
            )
        accuracy = int(sum(self._right)) / max(self._images, 1)
        self._right, self._images = [], 0
        self._write({"update": update, "loss": loss, "accuracy": round(accuracy, 4)})

    def validation(self, update: int, found: watch.Found) -> None:
        robust = {} if found.robust is None else {"validation_robust": found.robust.rate}
        self._write({"update": update, "validation": found.clean.rate, **robust})

    def _write(self, line: dict[str, Any]) -> None:
        storage.append_lines(self._path, [storage.checked_line(line)])
        self._report(line)
