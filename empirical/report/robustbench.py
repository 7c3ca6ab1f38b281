"""One JSON object for a measurement: RobustBench's model_info, and what was measured under a key of our own.

RobustBench (Croce et al. 2021) keeps one file for a network with the keys of INFO. Accuracies are percent, as text;
null stands for what is not known. ``autoattack_acc`` is null here, since AutoAttack was not run: robust accuracies by
another attack do not belong under that name. They stand, with all else, under ``robustness_tradeoff``::

    schema                  1; another one is refused
    run                     id of the run, the content hash of plan, model, answers and data
    plan                    all settings of `plan.Plan`
    not_measured            parts in which the network failed, and why; they are skipped in the plan, too
    precision, why_precision          of the gradients, and why
    kernels, why_kernels              that computed them, and why
    data                    name, checksum, number of images, and which (a hash of their indices)
    model                   checksum of the network
    batch_size, training_seed
    versions, device, threads, code   what computed it
    robust_accuracy         the reading of adversarial_accuracy at the eps of model_info; null if it was not attacked
    readings                quantity, grid, second, value, hits, trials, images, standard_error, low, high: one for each
                            of `readings.readings`; low and high are a 95 % interval over images; hits and trials are
                            null for means, standard errors for single images
    flags                   name, raised, asked, text
    gradient_evaluations    gradients of single images for the robustness profile; null if it was not attacked
    plain_count             those of an attack with all steps at each positive eps: steps * images * eps
    queries                 single images that the profile's search asked for logits alone; null likewise
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from empirical.compute import provenance
from empirical.measurement.measured import Measured
from empirical.report.formatting import eps_text
from empirical.statistics import headline, records
from empirical.statistics.over_seeds import LEVEL, Network
from empirical.statistics.readings import Reading, readings
from empirical.validation.flags import Flag
from tradeoff.shared import checks, storage

SCHEMA = 1
OURS = "robustness_tradeoff"
INFO = (
    "link",
    "name",
    "authors",
    "additional_data",
    "number_forward_passes",
    "dataset",
    "venue",
    "architecture",
    "eps",
    "clean_acc",
    "reported",
    "autoattack_acc",
)
"""RobustBench's keys."""
OPTIONAL = ("footnote", "unreliable", "AA")
TOLD = ("link", "authors", "additional_data", "number_forward_passes", "venue", "architecture", "reported", "footnote")
"""What a measurement cannot know, and its user may tell."""


@dataclass(frozen=True)
class Result:
    """What stands in result.json, as values: RobustBench's part, ours without what is derived, readings and flags."""

    info: dict[str, Any]
    ours: dict[str, Any]
    readings: tuple[Reading, ...]

    @property
    def content(self) -> dict[str, Any]:
        """The JSON object."""
        eps = self.info["eps"]
        robust = [
            one for one in self.readings if one.quantity == "adversarial_accuracy" and eps_text(one.grid or 0.0) == eps
        ]
        added = {
            "readings": [_content(one) for one in self.readings],
            "robust_accuracy": _content(robust[0]) if robust else None,
        }
        return self.info | {OURS: self.ours | added}

    @property
    def text(self) -> str:
        """The file."""
        return storage.json_text(self.content)


def result(
    found: Measured, flags: Sequence[Flag] = (), *, told: Mapping[str, Any] | None = None, eps: float | None = None
) -> Result:
    """A measurement as a leaderboard's entry; ``told`` holds keys of TOLD.

    ``eps`` is the one that model_info names, by default the telling one (`headline.eps`).

    Raises
    ------
    InputError
        For a key that is not in TOLD, or an eps that was not measured.
    """
    told = dict(told or {})
    for key in told:
        checks.known("told", key, TOLD)
    read = tuple(readings(found))
    grid = [one.grid for one in read if one.quantity == "adversarial_accuracy"]
    if eps is None:
        eps = headline.eps([Network(found.name, (found,))])
    elif eps not in grid:
        raise checks.InputError(f"eps={eps} was not measured for {found.name!r}; use one of {grid}")
    info = {key: told.get(key) for key in (*INFO, *(key for key in OPTIONAL if key in told))}
    info |= {
        "name": found.name,
        "dataset": found.data.name,
        "eps": None if eps is None else eps_text(eps),
        "clean_acc": _percent(read),
    }
    cost = evaluations(found)
    ours = {
        "schema": SCHEMA,
        "run": found.run,
        "plan": asdict(found.plan),
        "not_measured": dict(found.failed),
        "precision": found.precision,
        "why_precision": found.why_precision,
        "kernels": found.kernels,
        "why_kernels": found.why_kernels,
        "data": {
            "name": found.data.name,
            "checksum": found.data.checksum,
            "images": len(found.data),
            "which": found.content["which"],
        },
        "model": found.content["model"],
        "batch_size": found.batch_size,
        "training_seed": found.training_seed,
        **provenance.joined(found.machines),
        "machines": list(found.machines),
        "flags": [
            {"name": one.name, "raised": bool(one.raised), "asked": bool(one.asked), "text": one.text} for one in flags
        ],
        "gradient_evaluations": None if cost is None else cost[0],
        "plain_count": None if cost is None else cost[1],
        "queries": None if cost is None else int(found.samples["robustness.queries"].sum()),
    }
    return Result(info, json.loads(storage.json_text(ours)), read)  # lists for tuples, as a reader gets them


def evaluations(found: Measured) -> tuple[int, int] | None:
    """Gradients of single images that the robustness profile took, and those of all steps at each positive eps."""
    if "robustness" not in found.plan.parts:
        return None
    plain = found.plan.steps * len(found.data) * sum(eps > 0 for eps in found.plan.eps)
    return int(found.samples["robustness.evaluations"].sum()), plain


def parse(text: str) -> Result:
    """The result that the text of a result.json holds.

    Raises
    ------
    InputError
        For text that is not JSON, an object without our key (RobustBench's own have none), another schema, or keys that
        are missing.
    """
    try:
        content = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise checks.InputError(f"result is not JSON ({error}); name a result.json of this package") from None
    if not isinstance(content, dict) or not isinstance(content.get(OURS), dict):
        raise checks.InputError(f"result has no object {OURS!r}; name a result.json that this package wrote")
    ours = dict(content.pop(OURS))
    if ours.get("schema") != SCHEMA:
        raise checks.InputError(
            f"result has schema {ours.get('schema')}, this version reads {SCHEMA}; use the version that wrote it"
        )
    try:
        ours.pop("robust_accuracy")
        read = tuple(records.reading_from(reading) for reading in ours.pop("readings"))
        missing = [key for key in INFO if key not in content]
    except (KeyError, TypeError) as error:
        raise checks.InputError(f"result lacks {error}; it was changed since this package wrote it") from None
    if missing:
        raise checks.InputError(f"result lacks {missing[0]!r}; it was changed since this package wrote it")
    return Result(content, ours, read)


def _content(reading: Reading) -> dict[str, Any]:
    interval = reading.interval(LEVEL)
    return records.reading_content(reading) | {"low": interval.low, "high": interval.high}


def _percent(read: Sequence[Reading]) -> str:
    return f"{100 * next(one.value for one in read if one.quantity == 'clean_accuracy'):.2f}"
