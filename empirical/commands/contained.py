"""What code of the user's own does to the process: caught, sent to the error stream, or undone, and said.

Results go to the standard output alone, so whatever runs such code runs `aside`. What is loaded or called by name runs
`contained`, too: as a script of its own, from its own folder, and the process is afterwards as it was.
"""

from __future__ import annotations

import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tradeoff.shared import checks, streams


@contextmanager
def aside(what: str) -> Iterator[None]:
    """Prints go to the error stream, or nowhere if remarks are silent; an exit is an error of ``what``.

    Raises
    ------
    InputError
        If the code ends the process, as argparse does.
    """
    try:
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere if streams.silent() else sys.stderr):
            yield
    except SystemExit as error:
        raise checks.InputError(
            f"{what} ended the process (exit {error.code!r}); keep sys.exit and the reading of a command line below "
            'if __name__ == "__main__"'
        ) from None


@contextmanager
def contained(name: str, spec: str, seed: int = 0) -> Iterator[None]:
    """`aside`, and what the code changes in the process is undone: settings with a word, random numbers and filters
    of warnings without.

    The code sees no command line, finds the files beside it by import, and draws the same random numbers each time.
    """
    place = spec.rpartition(":")[0]
    states = (torch.get_rng_state(), random.getstate(), np.random.get_state())  # noqa: NPY002  what others may use
    before, arguments = {setting.what: setting.read() for setting in SETTINGS}, sys.argv
    changed = []
    try:
        torch.manual_seed(seed)
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002
        sys.argv = [place]
        with aside(f"{name}={spec!r}"), warnings.catch_warnings(), _beside(place):
            yield
    finally:
        sys.argv = arguments
        torch.set_rng_state(states[0])
        random.setstate(states[1])
        np.random.set_state(states[2])  # noqa: NPY002
        for setting in SETTINGS:
            found = setting.read()
            if found != before[setting.what]:
                setting.write(before[setting.what])
                changed.append(f"{setting.what} to {found}")
        _say(f"{name}={spec!r} set the {', the '.join(changed)}; undone" if changed else "")


SAID: set[str] = set()


def _say(sentence: str) -> None:
    """Once: an attack is called many times."""
    if sentence and sentence not in SAID:
        SAID.add(sentence)
        streams.remark(sentence)


@dataclass(frozen=True)
class Setting:
    """Something of the whole process that user code may have changed."""

    what: str
    read: Callable[[], Any]
    write: Callable[[Any], object]


SETTINGS = (
    Setting("working folder", os.getcwd, os.chdir),
    Setting("default dtype", torch.get_default_dtype, torch.set_default_dtype),
    Setting(
        "default device",
        torch.get_default_device,
        # A default that is set costs time at every call, even if it is the CPU.
        lambda device: torch.set_default_device(None if device.type == "cpu" else device),
    ),
    Setting("gradient mode", torch.is_grad_enabled, torch.set_grad_enabled),
    Setting("number of threads", torch.get_num_threads, torch.set_num_threads),
    Setting("errors of NumPy", np.geterr, lambda kinds: np.seterr(**kinds)),
    Setting("float32 precision", torch.get_float32_matmul_precision, torch.set_float32_matmul_precision),
)


@contextmanager
def _beside(place: str) -> Iterator[None]:
    """Files beside FILE.py are found by import, as where it is run by itself; in ``forward`` behind all others."""
    if not place.endswith(".py"):
        yield
        return
    folder = str(Path(place).resolve().parent)
    for other in SIBLINGS.keys() - {folder}:
        SIBLINGS.pop(other).forget()
    loaded, known = set(sys.modules), folder in sys.path
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)
        siblings = SIBLINGS.setdefault(folder, Siblings(folder, appended=not known))
        if not known:
            sys.path.append(folder)
        siblings.modules |= {name for name in sys.modules.keys() - loaded if "." not in name and siblings.hold(name)}


@dataclass
class Siblings:
    """Modules that came from beside a user's file. Beside another one there may be others of the same names."""

    folder: str
    appended: bool  # to where modules are looked for
    modules: set[str] = field(default_factory=set)

    def hold(self, name: str) -> bool:
        """Whether a module lies directly in the folder, as a file or a package."""
        file = getattr(sys.modules[name], "__file__", None)
        where = Path(file) if isinstance(file, str) else Path()
        return Path(self.folder) == (where.parent.parent if where.name == "__init__.py" else where.parent)

    def forget(self) -> None:
        for name in [name for name in sys.modules if name.partition(".")[0] in self.modules]:
            del sys.modules[name]
        if self.appended:
            sys.path.remove(self.folder)


SIBLINGS: dict[str, Siblings] = {}
"""By the folder of the user's code that was loaded last."""
