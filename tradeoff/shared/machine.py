"""What a record says of where it was made: versions of packages and the machine. Nothing heavy is imported for it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path

import tradeoff


def versions(*packages: str) -> dict[str, str]:
    """Versions of this package, of Python, and of those of the named packages that are installed.

    >>> list(versions("numpy", "no-such-package"))
    ['tradeoff', 'python', 'numpy']
    """
    known = {"tradeoff": tradeoff.__version__, "python": platform.python_version()}
    for name in packages:
        try:
            known[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return known


def describe() -> dict[str, str | int]:
    """The machine: system, architecture, name of the processor, and how many cores this process may use.

    >>> list(describe())
    ['system', 'architecture', 'processor', 'cores']
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": cores,
    }


def memory() -> int | None:
    """Bytes of memory of this machine, None where the system does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # not on Windows
        return None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:  # not on Linux
        return platform.processor() or "unknown"
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
