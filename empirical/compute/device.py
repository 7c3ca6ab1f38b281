"""Where and how networks run: the only place that asks for CUDA."""

from __future__ import annotations

import torch

from empirical.compute import DEVICES
from tradeoff.shared import checks, machine


def choose(name: str) -> torch.device:
    """The device of a name: auto takes CUDA where there is one.

    Raises
    ------
    InputError
        For an unknown name, or for cuda where there is none.
    """
    checks.known("device", name, DEVICES)
    if name == "cuda" and not torch.cuda.is_available():
        raise checks.InputError("device='cuda' is not there: torch sees no CUDA device; use device=cpu or auto")
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    found = torch.device(name)
    settle(found)
    return found


def settle(device: torch.device) -> None:
    """Make float32 mean float32 on the device, and the same every time, where torch's defaults do not."""
    if device.type == "cuda":
        # Convolutions that do not change from run to run, at some cost in speed.
        torch.backends.cudnn.deterministic = True
        torch.backends.cudnn.benchmark = False
        # TF32 rounds to a thousandth: then CPU and GPU would not agree, nor would quarter turns.
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cuda.matmul.allow_tf32 = False


def describe(device: torch.device) -> str:
    """The device as a record names it: the GPU's name, or the processor's and its architecture."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    here = machine.describe()
    return f"cpu {here['processor']}, {here['architecture']}"


def out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out; the CPU's allocator and CUDA's libraries say so in words alone."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    return any(words in str(error) for words in ("can't allocate memory", "_STATUS_ALLOC_FAILED"))
