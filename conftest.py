"""Rooms whose libraries are not installed are left out of a test run, and the head of the report says so."""

import importlib.util
import os
import time
from typing import Any

import pytest

# Every core has a worker (see addopts), so a library that starts threads of its own only gets in the way. This file is
# read before NumPy and torch are; workers inherit it. Who sets another number keeps it.
os.environ.setdefault("OMP_NUM_THREADS", "1")

NEEDS = {"empirical": ("torch", "safetensors", "sklearn", "PIL"), "proofs": ("sympy", "z3", "flint")}
MISSING = {room: [name for name in names if importlib.util.find_spec(name) is None] for room, names in NEEDS.items()}
ENDS = pytest.StashKey[float | None]()
collect_ignore_glob = [f"{folder}/*" for room, names in MISSING.items() if names for folder in (room, f"tests/{room}")]


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "begin no test when so many seconds have gone; the rest is skipped, and said to be"
    parser.addoption("--until", type=float, metavar="SECONDS", default=None, help=text)


def pytest_configure(config: pytest.Config) -> None:
    # Of the main process: a worker starts later, and is told.
    config.stash[ENDS] = getattr(config, "workerinput", {}).get("ends") or _ends(config)


def _ends(config: pytest.Config) -> float | None:
    seconds = config.getoption("until")
    return None if seconds is None else time.time() + seconds


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["ends"] = node.config.stash[ENDS]


def pytest_runtest_setup(item: pytest.Item) -> None:
    ends = item.config.stash[ENDS]
    if ends is not None and time.time() > ends:
        pytest.skip("no time left (--until); its fast twin runs by default")


def pytest_report_header() -> list[str]:
    return [
        f"NOT TESTED: {room}, because {', '.join(names)} is missing; pip install -e '.[{room}]'"
        for room, names in MISSING.items()
        if names
    ]
