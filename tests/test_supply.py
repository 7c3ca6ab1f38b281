"""Every package that an extra brings, directly or through another, has its version in constraints.txt."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
PINNED = {
    canonicalize_name(re.split(r"[=;\s]", line)[0])
    for line in (ROOT / "constraints.txt").read_text().splitlines()
    if line and not line.startswith("#")
}
SYSTEMS = ("linux", "darwin", "win32")


def needed(requirement: Requirement, seen: set[tuple[str, str]]) -> set[str]:
    """Names of all that a requirement installs on some system, as far as what is installed here tells."""
    names: set[str] = set()
    for extra in requirement.extras or {""}:
        key = (canonicalize_name(requirement.name), extra)
        if key in seen:
            continue
        seen.add(key)
        names.add(key[0])
        try:
            further = metadata.requires(requirement.name) or []
        except metadata.PackageNotFoundError:
            continue
        for text in further:
            one = Requirement(text)
            if one.marker is None or any(
                one.marker.evaluate({"extra": extra, "sys_platform": system, "platform_system": PLATFORM[system]})
                for system in SYSTEMS
            ):
                names |= needed(one, seen)
    return names


PLATFORM = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}
NOT_PINNED = {"robustness-tradeoff", "colorama"}
"""This package, and what only colours a Windows terminal."""


@pytest.mark.parametrize("extra", ["", *EXTRAS])
def test_constraints_are_complete(extra):
    wanted = Requirement("robustness-tradeoff" + (f"[{extra}]" if extra else ""))
    lacking = needed(wanted, set()) - PINNED - NOT_PINNED
    lacking = {name for name in lacking if not name.startswith(("nvidia-", "cuda-"))}
    assert lacking == set()
