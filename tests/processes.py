"""Processes that a test starts: none outlives it, nor anything that they start themselves.

Each child leads a process group of its own, which is killed when the test ends, however it ends. A deadline is at least
ten times what the step takes on an idle machine: it is there for what hangs, and not to measure.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

DEADLINE = 300.0
"""Seconds. A child of these tests that imports everything and computes little needs from .1 to 15."""


class Children:
    """Starts Python processes, and ends what is left of them."""

    def __init__(self) -> None:
        self.started: list[subprocess.Popen[str]] = []

    def start(self, *arguments: object, **options: Any) -> subprocess.Popen[str]:
        """``python ARGUMENTS`` with its output in pipes, as leader of a group."""
        command = [sys.executable, *map(str, arguments)]
        given: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
        if os.name == "posix":
            # A shell in the background ignores SIGINT, and so would all that it starts.
            given |= {"start_new_session": True, "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
        self.started.append(subprocess.Popen(command, **given))
        return self.started[-1]

    def run(self, *arguments: object, deadline: float = DEADLINE, **options: Any) -> subprocess.CompletedProcess[str]:
        """The same, waited for; its exit code is the caller's to look at."""
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=deadline)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def end(self) -> None:
        """Kill every group, also of a leader that has gone and left others behind."""
        for process in self.started:
            if os.name == "posix":
                with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left
                    os.killpg(process.pid, signal.SIGKILL)
            elif process.poll() is None:
                process.kill()
            process.communicate()


@pytest.fixture
def children() -> Iterator[Children]:
    """Processes for one test: ``children.start("-c", CODE)`` or ``children.run("-m", "tradeoff")``."""
    found = Children()
    try:
        yield found
    finally:
        found.end()


def wait_for(condition: Callable[[], bool], deadline: float = DEADLINE) -> None:
    """Look every few milliseconds until the condition holds; fail after ``deadline`` seconds."""
    end = time.monotonic() + deadline
    while not condition():
        assert time.monotonic() < end, f"still waiting after {deadline:g} s"
        time.sleep(0.005)
