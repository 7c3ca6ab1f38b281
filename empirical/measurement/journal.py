"""Arrays of a measurement that is under way, kept in pieces as they are finished, then in one file."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from empirical.compute.tensor_files import read_header, read_if_sound, write_tensors
from tradeoff.shared import checks, storage

SAMPLES, PIECES = "samples.safetensors", "pieces"
Arrays = dict[str, Tensor]
"""By name, rows in the order of the images."""
Machine = dict[str, Any]


@dataclass
class Journal:
    """Pieces by part and first image; in the folder of a run, or in memory alone where there is none.

    A piece is written to a temporary name, flushed and renamed, so that one that is there is whole; one that was
    damaged since is told and made again. `finish` puts all in one file and removes the pieces. What a process that was
    killed left half-written is removed. Every file says which machine made it; ``machines`` holds those of all that
    was read or made.
    """

    folder: Path | None
    run: str  # the id of the run, in the header of every file
    machines: list[Machine] = field(default_factory=list)
    _pieces: dict[tuple[str, int], Arrays] = field(default_factory=dict)
    _whole: Arrays | None = None

    def __post_init__(self) -> None:
        for place in () if self.folder is None else (self.folder, self.folder / PIECES):
            if place.is_dir():
                storage.clear_leftovers(place)
        if self.folder is not None:
            self._whole = self._read(self.folder / SAMPLES, "everything is measured again")

    def begun_by(self) -> list[Machine]:
        """The machines that made what is on file and sound; what is not is told when it is read."""
        if self.folder is None:
            return []
        paths = [self.folder / SAMPLES, *sorted((self.folder / PIECES).glob("*.safetensors"))]
        found: list[Machine] = []
        for path in paths:
            with suppress(ValueError):
                found += _machines(read_header(path)) if path.exists() else []
        return found

    def part(self, part: str) -> Arrays | None:
        """All arrays of a part, where the run was finished."""
        named = {name: values for name, values in (self._whole or {}).items() if name.startswith(f"{part}.")}
        return {name.partition(".")[2]: values for name, values in named.items()} or None

    def piece(self, part: str, start: int) -> Arrays | None:
        """What is on file of a part from an image on, if it can be believed."""
        if (part, start) not in self._pieces and self.folder is not None:
            arrays = self._read(self._path(part, start), "this piece is measured again")
            if arrays is not None:
                self._pieces[part, start] = arrays
        return self._pieces.get((part, start))

    def add(self, part: str, start: int, arrays: Arrays, machine: Machine) -> None:
        """A piece that was made; in place of the one on file, if there is one."""
        arrays = {name: values.detach().cpu().contiguous() for name, values in arrays.items()}
        if self.folder is not None:
            (self.folder / PIECES).mkdir(parents=True, exist_ok=True)
            write_tensors(self._path(part, start), arrays, {"run": self.run, "machines": json.dumps([machine])})
        self._pieces[part, start] = arrays
        self._met([machine])

    def drop(self, part: str) -> None:
        """Forget the pieces of a part that could not be finished: a part is whole in the one file, or not there."""
        self._pieces = {place: arrays for place, arrays in self._pieces.items() if place[0] != part}

    def finish(self) -> Arrays:
        """The pieces of each part put together in the order of the images, beside the parts that were whole."""
        joined: dict[str, list[Tensor]] = {}
        for part, start in sorted(self._pieces):
            for name, values in self._pieces[part, start].items():
                joined.setdefault(f"{part}.{name}", []).append(values)
        if self._whole is None or joined or self._left_over():
            whole = (self._whole or {}) | {name: torch.cat(values) for name, values in joined.items()}
            self._pieces.clear()
            self._whole = whole
            if self.folder is not None:
                header = {"run": self.run, "machines": json.dumps(self.machines)}
                write_tensors(self.folder / SAMPLES, whole, header)
                for path in self._left_over():
                    path.unlink()
                with suppress(OSError):  # never made, or somebody keeps a file of his own there
                    (self.folder / PIECES).rmdir()
        assert self._whole is not None
        return self._whole

    def _left_over(self) -> list[Path]:
        """Pieces on file; beside a whole file they are there if the process ended before it could remove them."""
        return [] if self.folder is None else list((self.folder / PIECES).glob("*.safetensors"))

    def _read(self, path: Path, again: str) -> Arrays | None:
        """None where there is no file, or it is damaged; what is measured ``again`` replaces it."""
        found = read_if_sound(path, again=again)
        if found is None:
            return None
        arrays, header = found
        if header.get("run") != self.run:
            raise checks.InputError(
                f"{str(path)!r} belongs to the run {header.get('run')!r}, not to {self.run!r}; delete its folder and "
                "run again"
            )
        self._met(_machines(header))
        return arrays

    def _met(self, machines: list[Machine]) -> None:
        self.machines += [one for one in machines if one not in self.machines]

    def _path(self, part: str, start: int) -> Path:
        assert self.folder is not None
        return self.folder / PIECES / f"{part}-{start:07d}.safetensors"


def _machines(header: dict[str, str]) -> list[Machine]:
    made: list[Machine] = json.loads(header.get("machines", "[]"))
    return made
