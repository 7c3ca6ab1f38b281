"""Arrays of a measurement that is under way, kept in pieces as they are finished, then in one file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from empirical.networks import read_tensors, write_tensors

SAMPLES, PIECES = "samples.safetensors", "pieces"
Arrays = dict[str, Tensor]


@dataclass
class Journal:
    """Pieces by part and first image; in the folder of a run, or in memory alone where there is none.

    A piece is written to a temporary name, flushed and renamed, so that one that is there is whole. `finish` puts all
    in one file and removes the pieces.
    """

    folder: Path | None
    run: str  # the id of the run, in the header of every file
    _pieces: dict[tuple[str, int], Arrays] = field(default_factory=dict)

    def piece(self, part: str, start: int) -> Arrays | None:
        """What is on file of a part from an image on."""
        if (part, start) not in self._pieces and self.folder is not None:
            path = self._path(part, start)
            if path.exists():
                self._pieces[part, start] = _of_run(path, self.run)
        return self._pieces.get((part, start))

    def add(self, part: str, start: int, arrays: Arrays) -> None:
        arrays = {name: values.detach().cpu().contiguous() for name, values in arrays.items()}
        if self.folder is not None:
            (self.folder / PIECES).mkdir(parents=True, exist_ok=True)
            write_tensors(self._path(part, start), arrays, {"run": self.run})
        self._pieces[part, start] = arrays

    def finished(self) -> Arrays | None:
        """All arrays by PART.NAME, if the run was finished."""
        if self.folder is None or not (self.folder / SAMPLES).exists():
            return None
        return _of_run(self.folder / SAMPLES, self.run)

    def finish(self) -> Arrays:
        """The pieces of each part put together in the order of the images."""
        joined: dict[str, list[Tensor]] = {}
        for part, start in sorted(self._pieces):
            for name, values in self._pieces[part, start].items():
                joined.setdefault(f"{part}.{name}", []).append(values)
        whole = {name: torch.cat(values) for name, values in joined.items()}
        if self.folder is not None:
            write_tensors(self.folder / SAMPLES, whole, {"run": self.run})
            for path in (self.folder / PIECES).glob("*.safetensors"):
                path.unlink()
            (self.folder / PIECES).rmdir()
        return whole

    def _path(self, part: str, start: int) -> Path:
        assert self.folder is not None
        return self.folder / PIECES / f"{part}-{start:07d}.safetensors"


def _of_run(path: Path, run: str) -> Arrays:
    from tradeoff import checks

    arrays, header = read_tensors(path)
    if header.get("run") != run:
        raise checks.InputError(
            f"{str(path)!r} belongs to the run {header.get('run')!r}, not to {run!r}; delete its folder and run again"
        )
    return arrays
