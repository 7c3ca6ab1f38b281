"""What computed a number: versions, device, threads, and the code itself. Every record carries it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradeoff.shared import machine as shared

if TYPE_CHECKING:
    import torch

PACKAGE = Path(__file__).parents[1]


@cache
def versions() -> str:
    """Versions of what computes."""
    return ", ".join(f"{name} {version}" for name, version in shared.versions("torch", "numpy").items())


@cache
def code_identity() -> str:
    """Hash of the source of this package."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


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
