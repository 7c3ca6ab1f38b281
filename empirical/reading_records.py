"""The readings of a measurement as records, one JSON object a line, and back. The keys stand in `records`."""

from __future__ import annotations

import math

from empirical import provenance
from empirical.clusters import Rate
from empirical.measurement import Measured
from empirical.readings import Reading, readings
from empirical.records import Record
from tradeoff import checks


def records_of(found: Measured) -> list[Record]:
    """Every reading of a measurement, in the order of `readings`."""
    machine = provenance.joined(found.machines)
    return [
        Record(
            *(found.run, one.quantity, one.grid),
            hits=None if one.rate is None else one.rate.hits,
            trials=None if one.rate is None else one.rate.trials,
            training_seed=found.training_seed,
            second=one.second,
            value=one.value,
            standard_error=one.error if math.isfinite(one.error) else None,
            images=one.clusters,
            **machine,
        )
        for one in readings(found)
    ]


def reading_of(record: Record) -> Reading:
    """The inverse for one record.

    Errors
    ------
    InputError
        For a record of a sweep, which does not say how many images are behind its trials.
    """
    if record.images is None or record.value is None:
        raise checks.InputError(
            f"quantity={record.quantity!r} of run={record.run!r} has no images and no value: it is no reading of a "
            "measurement; read its frequency"
        )
    error = math.inf if record.standard_error is None else record.standard_error
    place = (record.quantity, record.grid, record.second)
    if record.hits is None or record.trials is None:
        return Reading(*place, None, record.value, error, record.images)
    return Reading(*place, Rate(record.hits, record.trials, record.images, error))
