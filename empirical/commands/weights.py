"""Weights from a file into a network that its builder left without: safetensors, or a state dict of torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from empirical.commands import checkpoints
from empirical.compute import tensor_files
from empirical.compute.checksum import content
from empirical.compute.modes import names_in_eval_mode
from tradeoff.shared import checks, streams

SAFE = ".safetensors"
COUNTER = "num_batches_tracked"
"""Of batch norms; files of other frameworks and of older versions lack it, and no answer depends on it."""
WRAPPERS = ("module", "_orig_mod")
"""What DataParallel and torch.compile write into names."""
OTHER_TYPE = "of a type that does not fit"
Tensors = dict[str, Tensor]


def fill(model: nn.Module, path: Path) -> None:
    """Load the weights: every name, shape and type must fit, and none may be left over.

    Tied tensors that ``save_model`` left out are those that they are tied to. Names that differ by wrappers or by one
    prefix alone are understood, with a word on the error stream.

    Raises
    ------
    InputError
        If the file holds more than tensors, is not there, is damaged, or does not fit.
    """
    found, header = _read(path)
    state = model.state_dict()
    wanted = {name: tensor for name, tensor in state.items() if isinstance(tensor, Tensor)}
    given = _with_counters(_with_tied(_renamed(path, _with_aliases(found, header), wanted), wanted), wanted)
    faults = {fault: wrong for fault, wrong in _faults(given, wanted).items() if wrong}
    if faults:
        listed = "; ".join(f"{fault}: {_shortened(wrong)}" for fault, wrong in faults.items())
        raise checks.InputError(
            f"weights={str(path)!r} do not fit the network ({listed}); {_way_out(model, found, wanted, faults)}"
        )
    try:
        model.load_state_dict(state | given)
    except Exception as error:  # a network may load in a way of its own
        raise checks.InputError(
            f"weights={str(path)!r} could not be loaded ({checks.reason(error)}); load them in your own build()"
        ) from None


def _read(path: Path) -> tuple[Tensors, dict[str, str]]:
    """The tensors of a file, and the text beside them."""
    if path.suffix.lower() != SAFE:
        return checkpoints.state_dict(path), {}
    if not path.is_file():
        raise checks.InputError(f"weights={str(path)!r} is not there; name a safetensors file that exists")
    return tensor_files.read_tensors(path, way_out="save it again with safetensors.torch.save_file", of_others=True)


def _with_counters(given: Tensors, wanted: Tensors) -> Tensors:
    """With the counters of batch norms, where the file has none of them."""
    counters = {name: tensor for name, tensor in wanted.items() if name.rpartition(".")[2] == COUNTER}
    return given if any(name in given for name in counters) else given | counters


def _faults(given: Tensors, wanted: Tensors) -> dict[str, list[str]]:
    """What does not fit, by kind."""
    both = [(name, given[name], tensor) for name, tensor in wanted.items() if name in given]
    return {
        "missing": [name for name in wanted if name not in given],
        "unexpected": [name for name in given if name not in wanted],
        "of another shape": [
            f"{name} {tuple(value.shape)} for {tuple(place.shape)}"
            for name, value, place in both
            if value.shape != place.shape
        ],
        OTHER_TYPE: [
            f"{name} {value.dtype} for {place.dtype}" for name, value, place in both if not _holds(place, value)
        ],
        "tied in the network and different in the file": [
            f"{name} and {twin}"
            for name, twin in _tied(wanted).items()
            if name in given and twin in given and content(given[name]) != content(given[twin])
        ],
    }


def _holds(place: Tensor, value: Tensor) -> bool:
    """Whether every number of the value's type is one of the place's: half precision fits float32, double does not."""
    if place.dtype == value.dtype:
        return True
    same_kind = place.is_floating_point() == value.is_floating_point() and place.is_complex() == value.is_complex()
    try:
        return same_kind and torch.promote_types(place.dtype, value.dtype) == place.dtype
    except RuntimeError:  # of eight bits and fewer, whose numbers mean something with their scales only
        return False


# Tied tensors


def _with_aliases(found: Tensors, header: Mapping[str, str]) -> Tensors:
    """With the names that safetensors' ``save_model`` left out: its header says under which other name each is kept."""
    return found | {name: found[kept] for name, kept in header.items() if name not in found and kept in found}


def _with_tied(given: Tensors, wanted: Tensors) -> Tensors:
    """With the names that are left out because the network ties them to others that are there."""
    firsts = {twin: given[name] for name, twin in _tied(wanted).items() if name in given}
    given = firsts | given
    return given | {name: given[twin] for name, twin in _tied(wanted).items() if name not in given and twin in given}


def _tied(wanted: Tensors) -> dict[str, str]:
    """Every further name of a tensor, and its first one."""
    first: dict[tuple[object, ...], str] = {}
    twins = {}
    for name, tensor in wanted.items():
        place = (tensor.data_ptr(), tensor.dtype, tensor.shape, tensor.stride(), tensor.device)
        if tensor.numel() and first.setdefault(place, name) != name:
            twins[name] = first[place]
    return twins


# Names


def _renamed(path: Path, given: Tensors, wanted: Tensors) -> Tensors:
    """By the network's names, where the file's differ by wrappers or one prefix alone."""
    if not any(name.endswith(COUNTER) for name in given):
        wanted = {name: tensor for name, tensor in wanted.items() if not name.endswith(COUNTER)}
    theirs, ours = _bare(given), _bare(wanted)
    if given.keys() == wanted.keys() or theirs.keys() != ours.keys():
        return given
    names = {name: ours[bare] for bare, name in theirs.items()}
    one = next(name for name in names if names[name] != name)
    streams.remark(
        f"weights={str(path)!r}: {one!r} is read as {names[one]!r}, and so are the others: their names differ from the "
        "network's by wrappers or a prefix alone"
    )
    return {names[name]: value for name, value in given.items()}


def _bare(names: Iterable[str]) -> dict[str, str]:
    """The names by what is left of them without wrappers and without a prefix of all; empty if two become alike."""
    names = list(names)
    parts = [[part for part in name.split(".") if part not in WRAPPERS] for name in names]
    while parts and all(len(one) > 1 and one[0] == parts[0][0] for one in parts):
        parts = [one[1:] for one in parts]
    found = {".".join(one): name for one, name in zip(parts, names, strict=True)}
    return found if len(found) == len(names) else {}


def _way_out(model: nn.Module, found: Tensors, wanted: Tensors, faults: Mapping[str, object]) -> str:
    """What to do about weights that do not fit."""
    if list(faults) == [OTHER_TYPE]:
        return "save them in the types of the network, such as tensor.float(), or build it in theirs"
    if set(wanted) != set(found) == names_in_eval_mode(model):
        return "in eval mode it has just these names: end build() with .eval()"
    ours = _bare(wanted).keys()
    for prefix in dict.fromkeys(name.partition(".")[0] for name in found if "." in name):
        if ours and _bare(name for name in found if name.startswith(f"{prefix}.")).keys() == ours:
            return f"those under {prefix!r} would fit: save them alone"
    return "save the state dict of exactly this network"


def _shortened(listed: list[str], most: int = 4) -> str:
    return ", ".join(listed[:most]) + (f", ... ({len(listed)} in all)" if len(listed) > most else "")
