"""Records -> levels of training, each with its readings over seeds -> comparisons of one level with another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from empirical.experiments.config import RunConfig
from empirical.experiments.engine import by_run, whole
from empirical.statistics.readings import Place, Reading
from empirical.statistics.records import Record, reading_of
from empirical.statistics.verdicts import Comparison, compare
from tradeoff.shared import checks, storage

CLEAN: Place = ("clean_accuracy", None, None)


@dataclass(frozen=True)
class Direction:
    """A claim that a rate falls when networks are trained at a higher level; all of it is fixed before any run."""

    quantity: str
    grid: float  # where on the quantity's grid levels are compared
    knob: str  # theta or eps, the level of training
    pairs: tuple[tuple[float, float], ...]  # levels that are compared, lower before higher
    claim: str
    place: str  # the quantity and its grid in words


@dataclass(frozen=True)
class Level:
    """One network at one level of training: its readings by place, one mapping for each of ``seeds`` in order."""

    network: str
    theta: float
    eps: float
    seeds: tuple[int, ...]
    readings: tuple[Mapping[Place, Reading], ...]

    @property
    def clean(self) -> tuple[float, ...]:
        """Clean accuracies, one for each seed."""
        return tuple(reading[CLEAN].value for reading in self.readings)

    def at(self, quantity: str, grid: float) -> list[float]:
        """The value at a place, one for each seed.

        Raises
        ------
        InputError
            If it was not measured there.
        """
        place = (quantity, grid, None)
        if not all(place in reading for reading in self.readings):
            raise checks.InputError(
                f"grid={grid:g} of {quantity} was not measured for {self.network}; add it to the grid and run again"
            )
        return [reading[place].value for reading in self.readings]

    def grid(self, quantity: str) -> list[float]:
        """Where a quantity was measured for every seed, ascending."""
        places = set.intersection(*(set(reading) for reading in self.readings))
        return sorted(
            place[1] for place in places if place[0] == quantity and place[1] is not None and place[2] is None
        )


def levels(records: Sequence[Record], configs: Mapping[str, RunConfig]) -> list[Level]:
    """All levels in the records, seeds put together, networks kept apart.

    Raises
    ------
    InputError
        If two runs of a level differ in more than the seed (two scales in one folder), or a run is not finished.
    """
    groups: dict[tuple[str, float, float], list[tuple[RunConfig, list[Record]]]] = {}
    for run, own in by_run(records).items():
        config = configs[run]
        key = (config.training.network, config.training.augment_deg, config.training.eps)
        groups.setdefault(key, []).append((config, own))
    return [_level(key, runs) for key, runs in sorted(groups.items())]


def _level(key: tuple[str, float, float], runs: list[tuple[RunConfig, list[Record]]]) -> Level:
    runs.sort(key=lambda run: run[0].training.seed)
    kinds = {replace(config, training=replace(config.training, seed=0)) for config, _ in runs}
    if len(kinds) > 1 or len({storage.content_id(dict(config.methods)) for config, _ in runs}) > 1:
        raise checks.InputError(
            f"level={key} mixes runs of different configs or methods; give each scale and version a folder of its own"
        )
    if not all(whole(own) for _, own in runs):
        raise checks.InputError(f"level={key} has a run that is not finished; run the command again to finish it")
    readings = [{(one.quantity, one.grid, one.second): reading_of(one) for one in own} for _, own in runs]
    return Level(*key, tuple(config.training.seed for config, _ in runs), tuple(readings))


def comparisons(measured: Sequence[Level], direction: Direction) -> list[tuple[Comparison, Comparison]]:
    """The comparisons of a direction for StdCNN, each with the same among correctly classified images.

    Raises
    ------
    InputError
        If two levels do not have the same seeds, or a place was not measured.
    """
    made = []
    for lower, higher in direction.pairs:
        before, after = (standard(measured, direction.knob, value) for value in (lower, higher))
        if before.seeds != after.seeds:
            raise checks.InputError(
                f"{direction.knob} {lower:g} and {higher:g} have seeds {before.seeds} and {after.seeds}; pairs need "
                "the same"
            )
        name = f"{direction.knob} {lower:g} -> {higher:g}"
        pair = [
            compare(
                *(name, before.at(quantity, direction.grid), after.at(quantity, direction.grid)),
                *(before.clean, after.clean),
            )
            for quantity in (direction.quantity, f"{direction.quantity}_given_correct")
        ]
        made.append((pair[0], pair[1]))
    return made


def standard(measured: Sequence[Level], knob: str, value: float) -> Level:
    """StdCNN at a level of one knob, the other one at 0.

    Raises
    ------
    InputError
        If there is no such level.
    """
    theta, eps = (value, 0.0) if knob == "theta" else (0.0, value)
    for level in measured:
        if (level.network, level.theta, level.eps) == ("std_cnn", theta, eps):
            return level
    raise checks.InputError(f"{knob}={value:g} was not trained for std_cnn; run the experiment again to finish it")
