"""What computed a number: versions, device, threads, and the code itself. Every record carries it."""

from __future__ import annotations

import hashlib
import importlib.resources
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from tradeoff.shared import machine as shared

if TYPE_CHECKING:
    import torch


@cache
def versions() -> str:
    """Versions of what computes."""
    return ", ".join(f"{name} {version}" for name, version in shared.versions("torch", "numpy").items())


@cache
def code_identity() -> str:
    """Hash of the source of this package, whether it lies in a folder or in a zip file."""
    digest = hashlib.sha256()
    for place, source in sorted(_sources(importlib.resources.files("empirical"))):
        digest.update("/".join(place).encode() + source)
    return digest.hexdigest()[:12]


def _sources(folder: Traversable, *inside: str) -> Iterator[tuple[tuple[str, ...], bytes]]:
    """The names on the way to each source file, and its bytes."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _sources(entry, *inside, entry.name)
        elif entry.name.endswith(".py"):
            yield (*inside, entry.name), entry.read_bytes()


def machine(device: torch.device) -> dict[str, Any]:
    """The keys ``versions``, ``device``, ``threads`` and ``code`` of a record made on this device."""
    import torch

    from empirical.compute.device import describe

    return {
        "versions": versions(),
        "device": describe(device),
        "threads": torch.get_num_threads(),
        "code": code_identity(),
    }


def joined(machines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One set of these keys for work that was done by several machines: texts with + between, the fewest threads."""
    texts = {key: " + ".join(dict.fromkeys(one[key] for one in machines)) for key in ("versions", "device", "code")}
    return texts | {"threads": min(one["threads"] for one in machines)}
