"""The digits experiment in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from empirical.experiments.config import RunConfig
from empirical.experiments.kamath.digits import EPS_COMPARED, RANGE_COMPARED
from empirical.experiments.levels import DIRECTIONS, Level, _std, comparisons
from empirical.statistics.verdicts import LEVEL, MARGIN, MOST_CLEAN_DIFFERENCE


def text(found: Sequence[Level], configs: Iterable[RunConfig], *, enlarged_from: str) -> str:
    """Both directions in words, with numbers; then every level."""
    seeds, measured = len(_std(found, "theta", 0.0).seeds), next(iter(configs)).measurement
    steps = max(config.training.attack_steps for config in configs)
    lines = [
        f"Data: {enlarged_from}. eps is on the [0, 1] pixel scale of these smooth images, not MNIST's.",
        f"StdCNN (Table 1), {seeds} training seeds, adversarial training with PGD-{steps}; {measured.images} held-out "
        f"images of one split, PGD-{measured.attack_steps}, {measured.rotation_draws} angles for an image.",
        f"Differences are paired by seed, intervals at {LEVEL:.0%} over training seeds (not the choice of images), "
        f"each comparison for itself; equivalence margin {MARGIN}; undecided if clean accuracy differs by more than "
        f"{100 * MOST_CLEAN_DIFFERENCE:g} points.",
    ]
    if measured.images < 100:
        lines.insert(0, "SMOKE RUN: it shows that everything works; its numbers are no measurement.")
    for direction, (quantity, grid, _, claim) in DIRECTIONS.items():
        where = (
            f"1 - fooling rate at eps {grid:g}"
            if quantity == "one_minus_fooling"
            else f"rate of invariance in +-{grid:g} degrees"
        )
        lines += ["", f"{claim} ({where}):"]
        lines += ["  " + main.sentence(beside) for main, beside in comparisons(found, direction)]
    lines += ["", f"{'network':<15}{'theta':>6}{'eps':>6}{'seeds':>7}{'clean':>8}{'1-fool':>9}{'invariance':>12}"]
    for level in found:
        numbers = [
            _mean(level.clean),
            _mean(level.at("one_minus_fooling", EPS_COMPARED)),
            _mean(level.at("invariance", RANGE_COMPARED)),
        ]
        lines.append(
            f"{level.network:<15}{level.theta:>6g}{level.eps:>6g}{len(level.clean):>7}"
            f"{numbers[0]:>8.3f}{numbers[1]:>9.3f}{numbers[2]:>12.3f}"
        )
    return "\n".join(lines)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
