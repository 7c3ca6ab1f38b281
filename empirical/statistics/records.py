"""What was measured, as lines of a file: every reading of a run with all that identifies it.

A record is one flat JSON object a line. Keys may be added, but none changes its meaning::

    schema         2; one that lacks a key, or a newer one, is refused
    run            content hash of settings and method versions: of a measurement (`measurement.plan.content`), or of a
                   run of an experiment (`experiments.config.RunConfig`), whose settings stand in configs.jsonl
    quantity       one of `statistics.readings`
    grid, second   where on its grids: eps on the [0, 1] pixel scale, a range of rotation in degrees or of
                   translation in pixels; null where it has none
    value          hits / trials, or the mean; null if it cannot be had
    hits, trials   counts; trials of random transformations are images times draws, so they come in clusters of an
                   image; null for a mean
    images         independent images behind it
    standard_error of the value, over images; null if one image is all there is
    training_seed  null where it is not known
    precision      of the gradients that attacks followed, float32 or bfloat16; successes are verified in float32
    versions, device, threads, code      what computed it; code is a hash of this package's source, for provenance only
    checksum       of all the other keys (`tradeoff.shared.storage.checked_line`), checked on reading
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from empirical.compute import provenance
from empirical.measurement.measured import Measured
from empirical.statistics.rates import Rate
from empirical.statistics.readings import Reading, readings
from tradeoff.shared import checks, storage
from tradeoff.shared.results import Frequency

SCHEMA = 2


@dataclass(frozen=True)
class Record:
    """One count, or one mean, with all that identifies it."""

    run: str
    quantity: str
    grid: float | None
    second: float | None
    value: float | None
    hits: int | None
    trials: int | None
    images: int
    standard_error: float | None
    training_seed: int | None
    precision: str
    versions: str
    device: str
    threads: int
    code: str
    schema: int = SCHEMA

    @property
    def frequency(self) -> Frequency:
        """The count; an InputError for a mean, which has none."""
        if self.hits is None or self.trials is None:
            raise checks.InputError(f"quantity={self.quantity!r} of run={self.run!r} is no count; read its value")
        return Frequency(self.hits, self.trials)


def append(path: Path, records: Iterable[Record]) -> None:
    """Add records to a file, flushed, a torn last line cut off first."""
    storage.append_lines(path, (line(record) for record in records))


def line(record: Record) -> str:
    """A record as it stands in a file, without the line feed."""
    return storage.checked_line(asdict(record))


def read(path: Path) -> list[Record]:
    """All whole records of a file.

    Raises
    ------
    Damaged
        If a line is not what was written.
    InputError
        For a record of a newer schema than this version knows, or one that lacks keys.
    """
    found = []
    for number, record in enumerate(read_sound(path), start=1):
        if record is None:
            raise storage.Damaged(
                f"{str(path)!r} is damaged in line {number}, which is not what was written",
                "run the command that made it again, which makes that part again",
            )
        found.append(record)
    return found


def read_sound(path: Path) -> list[Record | None]:
    """The records of a file in its order; None for each line that is damaged."""
    return [None if content is None else _record(path, content) for content in storage.read_lines(path)]


def _record(path: Path, content: dict[str, Any]) -> Record:
    schema = content.pop("schema", None)
    if not isinstance(schema, int) or schema > SCHEMA:
        raise checks.InputError(
            f"{str(path)!r} holds a record of schema {schema}, this version reads up to {SCHEMA}; "
            "install a newer version of this package"
        )
    names = [spec.name for spec in fields(Record) if spec.name != "schema"]
    lacking = [name for name in names if name not in content]
    if lacking:
        raise checks.InputError(
            f"{str(path)!r} holds a record of schema {schema} without {', '.join(lacking)}, as earlier versions "
            "wrote them; name another folder, or delete this file to measure again"
        )
    return Record(**{name: content[name] for name in names})


def records_of(measured: Measured, *, run: str | None = None) -> list[Record]:
    """Every reading of a measurement, in the order of `readings`; filed under ``run`` or its own id."""
    machine = provenance.joined(measured.machines)
    return [
        Record(
            run or measured.run,
            training_seed=measured.training_seed,
            precision=measured.precision,
            **reading_content(reading),
            **machine,
        )
        for reading in readings(measured)
    ]


def reading_content(reading: Reading) -> dict[str, Any]:
    """A reading as JSON: the keys quantity, grid, second, value, hits, trials, images, standard_error."""
    return {
        "quantity": reading.quantity,
        "grid": reading.grid,
        "second": reading.second,
        "value": reading.value if math.isfinite(reading.value) else None,
        "hits": None if reading.rate is None else reading.rate.hits,
        "trials": None if reading.rate is None else reading.rate.trials,
        "images": reading.clusters,
        "standard_error": reading.error if math.isfinite(reading.error) else None,
    }


def reading_from(content: Mapping[str, Any]) -> Reading:
    """The reading whose content this is, as `reading_content` writes it; other keys are left alone.

    Raises
    ------
    KeyError
        If one of its keys is missing.
    """
    error = math.inf if content["standard_error"] is None else content["standard_error"]
    place = (content["quantity"], content["grid"], content["second"])
    if content["hits"] is None:
        value = math.nan if content["value"] is None else content["value"]
        return Reading(*place, None, value, error, content["images"])
    return Reading(*place, Rate(content["hits"], content["trials"], content["images"], error))


def reading_of(record: Record) -> Reading:
    """The reading that a record keeps."""
    return reading_from(asdict(record))
