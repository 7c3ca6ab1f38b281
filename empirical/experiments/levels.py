"""Records of the digits experiment -> levels with their profiles over seeds -> sentences for both directions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from empirical.experiments.config import RunConfig
from empirical.experiments.engine import by_run
from empirical.experiments.kamath.digits import BEFORE_AFTER, EPS_COMPARED, RANGE_COMPARED
from empirical.statistics.records import Profile, Record, profiles
from empirical.statistics.verdicts import Comparison, compare
from tradeoff.shared import checks

DIRECTIONS = {
    "augmentation": (
        "one_minus_fooling",
        EPS_COMPARED,
        "theta",
        "Direction 1: a larger range of rotation in training lowers adversarial robustness",
    ),
    "adversarial": (
        "invariance",
        RANGE_COMPARED,
        "eps",
        "Direction 2: a larger eps in adversarial training lowers rotation invariance",
    ),
}


@dataclass(frozen=True)
class Level:
    """One network at one level of training: its clean accuracies and profiles, one for each of ``seeds`` in order."""

    network: str
    theta: float
    eps: float
    seeds: tuple[int, ...]
    clean: tuple[float, ...]
    profiles: dict[str, tuple[Profile, ...]]

    def at(self, quantity: str, grid: float) -> list[float]:
        """The rate at a grid value, one for each seed.

        Errors
        ------
        InputError
            If the grid was not measured there.
        """
        if quantity not in self.profiles or grid not in self.profiles[quantity][0].grid:
            raise checks.InputError(
                f"grid={grid:g} of {quantity} was not measured for {self.network}; add it to the grid and run again"
            )
        return [profile.rates[profile.grid.index(grid)] for profile in self.profiles[quantity]]


def levels(records: Sequence[Record], configs: dict[str, RunConfig]) -> list[Level]:
    """All levels in the records, seeds put together, networks kept apart.

    Errors
    ------
    InputError
        If two runs of a level differ in more than the seed (two scales in one folder), or a run is not finished.
    """
    groups: dict[tuple[str, float, float], list[tuple[RunConfig, list[Record]]]] = {}
    for run, found in by_run(records).items():
        config = configs[run]
        key = (config.training.network, config.training.augment_deg, config.training.eps)
        groups.setdefault(key, []).append((config, found))
    return [_level(key, runs) for key, runs in sorted(groups.items())]


def _level(key: tuple[str, float, float], runs: list[tuple[RunConfig, list[Record]]]) -> Level:
    runs.sort(key=lambda run: run[0].training.seed)
    kinds = {replace(config, training=replace(config.training, seed=0)) for config, _ in runs}
    if len(kinds) > 1:
        raise checks.InputError(f"level={key} mixes runs of different configs; give each scale a folder of its own")
    clean = [[r.frequency.rate for r in found if r.quantity == "clean_accuracy"] for _, found in runs]
    if not all(clean):
        raise checks.InputError(f"level={key} has a run that is not finished; run the command again to finish it")
    each = [profiles(found) for _, found in runs]
    shared = [name for name in each[0] if all(name in one for one in each)]
    seeds = tuple(config.training.seed for config, _ in runs)
    return Level(
        *key, seeds, tuple(rate for (rate,) in clean), {name: tuple(one[name] for one in each) for name in shared}
    )


def comparisons(found: Sequence[Level], direction: str) -> list[tuple[Comparison, Comparison]]:
    """The comparisons of a direction for StdCNN, each with the same among correctly classified images."""
    quantity, grid, knob, _ = DIRECTIONS[direction]
    made = []
    for before, after in BEFORE_AFTER[direction]:
        one, two = (_std(found, knob, value) for value in (before, after))
        if one.seeds != two.seeds:
            raise checks.InputError(
                f"{knob} {before:g} and {after:g} have seeds {one.seeds} and {two.seeds}; pairs need the same"
            )
        name = f"{knob} {before:g} -> {after:g}"
        pair = [
            compare(name, one.at(asked, grid), two.at(asked, grid), one.clean, two.clean)
            for asked in (quantity, f"{quantity}_given_correct")
        ]
        made.append((pair[0], pair[1]))
    return made


def _std(found: Sequence[Level], knob: str, value: float) -> Level:
    theta, eps = (value, 0.0) if knob == "theta" else (0.0, value)
    return next(level for level in found if (level.network, level.theta, level.eps) == ("std_cnn", theta, eps))
