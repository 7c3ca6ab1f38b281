"""Which kernels follow the gradients of a network: of those that compute what torch computes, the quickest here.

Rightness comes first and is deterministic; then the clock decides, and a clock may decide otherwise another time. So of
kernels that are nearly as quick as the quickest the most trusted are taken, and a choice is written down where numbers
are made (`measurement.run`), to be kept by who goes on there and set by who makes them again.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import Tensor, nn

from empirical.compute.device import out_of_memory
from empirical.compute.forward import frozen
from empirical.compute.gradients import PROBES, Gradients
from empirical.compute.kernels import KERNELS, Prepared
from empirical.compute.kernels.cpu import suited
from tradeoff.shared import checks

AUTO = "auto"
NEAR = 0.05
"""Kernels that take longer than the quickest by less than this share of its time count as quick."""
ROUNDS = 3
"""In which the kernels take turns, after one that warms them up; the least time of each counts."""
BUDGET = 0.4
"""Seconds that all of it is to take, about: fewer images are timed where they would take longer."""
FURTHER = 0.05
"""In bfloat16, by how much the mean cosine with float32 may be smaller than that of torch's own kernels."""

Timer = Callable[[str, Callable[[], object]], float]
"""(name of the kernels, what they are to do) -> seconds."""


def choose(
    model: nn.Module,
    images: Tensor,
    precision: str,
    asked: str = AUTO,
    *,
    batch_size: int,
    timer: Timer | None = None,
) -> tuple[str, str]:
    """The name of the kernels, and why: those ``asked`` for, or the quickest for batches of these images.

    At most half of the images are timed, so that little is spent on where there is little to do.

    Raises
    ------
    InputError
        If kernels are asked for by name that do not exist, do not run on this device or do not suit the model.
    """
    checks.known("kernels", asked, (AUTO, *KERNELS))
    some = images[: min(PROBES, batch_size)]
    with frozen(model):
        if asked != AUTO:
            if asked not in right(model, some, precision, (asked,)):
                raise checks.InputError(
                    f"kernels={asked!r} do not suit this model on {images.device.type}: with them its logits or "
                    "gradients are others; use kernels=auto or torch"
                )
            return asked, "asked for"
        batch = images[: max(min(batch_size, len(images) // 2), 1)]
        try:
            names = right(model, some, precision)
            if len(names) == 1:
                return names[0], "no others compute the same for this model"
            return quickest(timed(model, batch, precision, names, timer or partial(seconds_of, images.device)))
        except Exception as error:
            if not out_of_memory(error):  # of copies that are made to compare, and of nothing that a run needs
                raise
            return "torch", "memory does not suffice to compare it with others"


def right(model: nn.Module, images: Tensor, precision: str, names: Sequence[str] = tuple(KERNELS)) -> list[str]:
    """Those of the kernels with which the model, held by `frozen`, gives torch's logits and gradients on the images."""
    return [name for name in names if name == "torch" or _right(model, images, precision, name)]


def _right(model: nn.Module, images: Tensor, precision: str, name: str) -> bool:
    if KERNELS[name].cpu_alone and images.device.type != "cpu":
        return False
    if not suited(model, images, lambda: Prepared(model, name)):
        return False
    if precision == "float32":
        return True
    try:
        exact, plain, quicker = (
            Gradients(model, used, kernels=kernels)(images, _largest)[2].flatten(1)
            for used, kernels in (("float32", "torch"), (precision, "torch"), (precision, name))
        )
    except Exception as error:
        if out_of_memory(error):  # for the caller to try fewer images at once
            raise
        return False
    cosines = [float(torch.cosine_similarity(exact, rough).mean()) for rough in (plain, quicker)]
    return cosines[1] >= cosines[0] - FURTHER


def timed(model: nn.Module, images: Tensor, precision: str, names: Sequence[str], timer: Timer) -> dict[str, float]:
    """Seconds an image by name: the least of some rounds in which the kernels take turns."""
    kernels = {name: Gradients(model, precision, kernels=name) for name in names}

    def once(name: str, images: Tensor) -> float:
        seconds = timer(name, lambda: kernels[name](images, _largest)) / max(len(images), 1)
        return seconds if seconds >= 0 else math.inf  # a clock that was set back, or NaN, is no time

    first = names[0]
    once(first, images[:PROBES])  # what is slow once only
    each = once(first, images[:PROBES])
    most = BUDGET / (each * len(names) * (ROUNDS + 1)) if 0 < each < math.inf else len(images)
    images = images[: max(PROBES, int(min(most, len(images))))]
    for name in names:
        once(name, images)
    rounds = [{name: once(name, images) for name in names} for _ in range(ROUNDS)]
    return {name: min(row[name] for row in rounds) for name in names}


def quickest(seconds: dict[str, float]) -> tuple[str, str]:
    """The first of the kernels that is as quick as the quickest but for NEAR, and all times in words.

    >>> quickest({"torch": 1.04e-4, "channels_last": 1e-4, "ours": 2e-4})
    ('torch', 'the quickest within 5% (torch 104, channels_last 100, ours 200 us an image)')
    """
    least = min(seconds.values())
    chosen = next(name for name, each in seconds.items() if each <= (1 + NEAR) * least)
    said = ", ".join(f"{name} {1e6 * each:.0f}" for name, each in seconds.items())
    return chosen, f"the quickest within {NEAR:.0%} ({said} us an image)"


def _largest(logits: Tensor) -> Tensor:
    return logits.amax(dim=1)


def seconds_of(device: torch.device, name: str, work: Callable[[], object]) -> float:
    """What ``work`` takes: CPU time, which other processes disturb least; of a GPU the time that passes."""
    clock = time.process_time
    if device.type == "cuda":
        torch.cuda.synchronize(device)
        clock = time.perf_counter
    start = clock()
    work()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return clock() - start
