"""What a record says of where it was made: versions of packages and the machine. Nothing heavy is imported for it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import time
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Stopwatch:
    """When work began, by the calendar; how long it takes is told by a clock that nobody sets back.

    >>> Stopwatch().seconds >= 0
    True
    """

    _calendar: float = field(default_factory=time.time)
    _steady: float = field(default_factory=time.monotonic)

    @property
    def started(self) -> str:
        """In universal time, as ISO 8601 writes it."""
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._calendar))

    @property
    def seconds(self) -> float:
        """Since then."""
        return time.monotonic() - self._steady


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
