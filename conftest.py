"""Rooms whose libraries are not installed are left out of a test run, and the head of the report says so."""

import importlib.util
import os

# Every core has a worker (see addopts), so a library that starts threads of its own only gets in the way. This file is
# read before NumPy and torch are; workers inherit it. Who sets another number keeps it.
os.environ.setdefault("OMP_NUM_THREADS", "1")

NEEDS = {"empirical": ("torch", "safetensors", "sklearn", "PIL"), "proofs": ("sympy", "z3", "flint")}
MISSING = {room: [name for name in names if importlib.util.find_spec(name) is None] for room, names in NEEDS.items()}
collect_ignore_glob = [f"{folder}/*" for room, names in MISSING.items() if names for folder in (room, f"tests/{room}")]


def pytest_report_header() -> list[str]:
    return [
        f"NOT TESTED: {room}, because {', '.join(names)} is missing; pip install -e '.[{room}]'"
        for room, names in MISSING.items()
        if names
    ]
