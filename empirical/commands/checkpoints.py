"""State dicts in torch's own files, read without running what a pickle may hold: ``weights_only=True``."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tradeoff.shared import checks

SUFFIXES = (".pt", ".pth", ".ckpt", ".bin", ".tar", ".pkl", ".pickle")
UNDER = ("state_dict", "model_state_dict", "model", "net", "network", "weights")
"""Where training loops put the state dict in a file that holds more."""
RECIPE = (
    "where you trust it, load it once in a session of your own and save the state dict alone: "
    "torch.save(model.state_dict(), 'weights.pth')"
)


def state_dict(path: Path) -> dict[str, Tensor]:
    """The tensors of a state dict by name, on the CPU wherever they were saved.

    Raises
    ------
    InputError
        If the file is not there or damaged, holds a whole model or other Python objects, or no state dict.
    """
    if not path.is_file():
        raise checks.InputError(f"weights={str(path)!r} is not there; name a file that exists")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise checks.InputError(
            f"weights={str(path)!r} holds more than tensors ({_first_line(error)}), such as a whole model, and to open "
            f"that would run code of whoever wrote it, so it is not done here; {RECIPE}"
        ) from None
    except Exception as error:  # a damaged file makes the reader raise almost anything
        raise checks.InputError(
            f"weights={str(path)!r} is not a whole file of torch.save ({checks.reason(error)}); save it again with "
            "torch.save(model.state_dict(), ...)"
        ) from None
    return _tensors(path, content)


def _tensors(path: Path, content: Any) -> dict[str, Tensor]:
    if _is_state(content):
        return dict(content)
    found = [name for name in UNDER if isinstance(content, Mapping) and _is_state(content.get(name))]
    if len(found) == 1:
        print(f"weights={str(path)!r}: the state dict is taken from under {found[0]!r}", file=sys.stderr)
        return dict(content[found[0]])
    there = ", ".join(map(repr, list(content)[:8])) if isinstance(content, Mapping) else type(content).__name__
    raise checks.InputError(
        f"weights={str(path)!r} holds {'several state dicts' if found else 'no state dict'} ({there}); save one alone: "
        "torch.save(model.state_dict(), 'weights.pth')"
    )


def _is_state(content: Any) -> bool:
    """Whether this is a mapping from names to tensors; what a module adds of its own (get_extra_state) is none."""
    return (
        isinstance(content, Mapping)
        and bool(content)
        and all(isinstance(name, str) and isinstance(value, Tensor) for name, value in content.items())
    )


def _first_line(error: Exception) -> str:
    """What torch found, without its advice to open the file all the same."""
    text = next((line for line in str(error).splitlines() if "Unsupported" in line or "GLOBAL" in line), "")
    return checks.reason(pickle.UnpicklingError(text.strip())) if text else "objects that are no tensors"
