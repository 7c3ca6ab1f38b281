"""State dicts in torch's own files, read without running what a pickle may hold: ``weights_only=True``."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tradeoff.shared import checks, streams
from tradeoff.shared.names import shown

SUFFIXES = (".pt", ".pth", ".ckpt", ".bin", ".tar", ".pkl", ".pickle")
"""Under which such files are usual; any other name may hold one."""
UNDER = ("state_dict", "model_state_dict", "model", "net", "network", "weights")
"""Where training loops put the state dict in a file that holds more; another name does where it is the only one."""
SAVE = "torch.save(model.state_dict(), 'weights.pth')"
FOREIGN = re.compile(r"GLOBAL (\S+)|Unsupported class (\S+)|unrecognized function (\S+)")
"""How torch names what it would have to call, of all that is neither a tensor nor a plain value."""
MOST_HEADER = 100 << 20
"""Bytes of the header of a safetensors file."""


def state_dict(path: Path) -> dict[str, Tensor]:
    """The tensors of a state dict by name, on the CPU wherever they were saved.

    Raises
    ------
    InputError
        If the file is not there or damaged, holds a whole model or other Python objects, or no state dict.
    """
    if not path.is_file():
        raise checks.InputError(f"weights={str(path)!r} is not there; name a file that exists")
    if _is_safetensors(path):
        raise checks.InputError(
            f"weights={str(path)!r} is a safetensors file by its content; give it a name that ends with .safetensors"
        )
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged file makes the reader raise almost anything
        raise checks.InputError(f"weights={str(path)!r} {_told(path, error)}") from None
    return _tensors(path, content)


def _told(path: Path, error: Exception) -> str:
    """Why torch did not read the file, without its advice to read it all the same."""
    if "TorchScript" in str(error):
        return (
            "is a TorchScript archive, which holds code beside the weights, so it is not opened here; where you trust "
            f"it, save its state dict once: torch.save(torch.jit.load({path.name!r}).state_dict(), 'weights.pth')"
        )
    foreign = FOREIGN.search(str(error)) if isinstance(error, pickle.UnpicklingError) else None
    if foreign is not None:
        name = next(filter(None, foreign.groups()))
        return (
            f"holds more than tensors ({shown(name)}), such as a whole model or the settings of a training, and to "
            "open that would run code of whoever wrote it, so it is not done here; where you trust it, save the state "
            f"dict alone once: found = torch.load({path.name!r}, weights_only=False), then "
            "torch.save(found.state_dict(), 'weights.pth'), or found['model'] in place of found.state_dict() where "
            "found is a dict"
        )
    return f"is not a whole file of torch.save ({checks.reason(error)}); save it again with {SAVE}"


def _is_safetensors(path: Path) -> bool:
    """Whether the file begins as such files do, with the length of a JSON object."""
    with open(path, "rb") as file:
        beginning = file.read(9)
    return beginning[8:] == b"{" and int.from_bytes(beginning[:8], "little") <= MOST_HEADER


def _tensors(path: Path, content: Any) -> dict[str, Tensor]:
    """The state dict in what was read: all of it, or what stands under a usual name or is the only one."""
    if _is_state(content):
        return dict(content)
    found = [name for name in content if _is_state(content[name])] if isinstance(content, Mapping) else []
    usual = [name for name in UNDER if name in found] or found
    if len(usual) == 1:
        others = [repr(name) for name in found if name != usual[0]]
        beside = f", and not from {', '.join(others)} beside it" if others else ""
        streams.remark(f"weights={str(path)!r}: the state dict is taken from under {usual[0]!r}{beside}")
        return dict(content[usual[0]])
    raise checks.InputError(f"weights={str(path)!r} {_what_instead(content, usual)}; save one alone: {SAVE}")


def _what_instead(content: Any, several: Sequence[object]) -> str:
    """What there is in place of one state dict."""
    if several:
        return f"holds several state dicts ({', '.join(map(repr, several))})"
    if not isinstance(content, Mapping):
        return f"holds no state dict ({type(content).__name__})"
    if any(isinstance(value, Tensor) for value in content.values()):
        strange = [name for name, value in content.items() if not isinstance(value, Tensor)]
        return f"is no state dict, which holds tensors by name and nothing else ({_listed(strange or content)})"
    return f"holds no state dict ({_listed(content)})"


def _listed(names: Iterable[object], most: int = 8) -> str:
    names = list(names)
    return ", ".join(map(repr, names[:most])) + (", ..." if len(names) > most else "")


def _is_state(content: Any) -> bool:
    """Whether this is a mapping from names to tensors; what a module adds of its own (get_extra_state) is none."""
    return (
        isinstance(content, Mapping)
        and bool(content)
        and all(isinstance(name, str) and isinstance(value, Tensor) for name, value in content.items())
    )
