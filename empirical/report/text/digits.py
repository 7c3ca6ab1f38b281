"""The digits experiment in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from empirical.experiments.config import RunConfig
from empirical.experiments.kamath.digits import DIRECTIONS, ENLARGED, EPS_COMPARED, RANGE_COMPARED
from empirical.experiments.levels import Level, comparisons, standard
from empirical.statistics.verdicts import LEVEL, MARGIN, MOST_CLEAN_DIFFERENCE

FEW = 100
"""Fewer images make no measurement."""


def text(measured: Sequence[Level], configs: Mapping[str, RunConfig]) -> str:
    """Both directions in words, with numbers; then every level."""
    config = next(iter(configs.values()))
    trained_with = max(one.training.attack_steps for one in configs.values())
    lines = [
        f"Data: {ENLARGED}. eps is on the [0, 1] pixel scale of these smooth images, not MNIST's.",
        f"StdCNN (Table 1), {len(standard(measured, 'theta', 0.0).seeds)} training seeds, adversarial training with "
        f"PGD-{trained_with}; {config.images} held-out images of one split, a search and {config.plan.steps} steps of "
        f"PGD at each image's own eps, {config.plan.draws} angles for an image.",
        f"Differences are paired by seed, intervals at {LEVEL:.0%} over training seeds (not the choice of images), "
        f"each comparison for itself; equivalence margin {MARGIN}; undecided if clean accuracy differs by more than "
        f"{100 * MOST_CLEAN_DIFFERENCE:g} points.",
    ]
    if config.images < FEW:
        lines.insert(0, "SMOKE RUN: it shows that everything works; its numbers are no measurement.")
    for direction in DIRECTIONS.values():
        lines += ["", f"{direction.claim} ({direction.place}):"]
        lines += ["  " + main.sentence(beside) for main, beside in comparisons(measured, direction)]
    lines += ["", f"{'network':<15}{'theta':>6}{'eps':>6}{'seeds':>7}{'clean':>8}{'1-fool':>9}{'invariance':>12}"]
    return "\n".join(lines + [_row(level) for level in measured])


def _row(level: Level) -> str:
    clean, unfooled, invariant = (
        sum(values) / len(values)
        for values in (level.clean, level.at("one_minus_fooling", EPS_COMPARED), level.at("invariance", RANGE_COMPARED))
    )
    return (
        f"{level.network:<15}{level.theta:>6g}{level.eps:>6g}{len(level.seeds):>7}"
        f"{clean:>8.3f}{unfooled:>9.3f}{invariant:>12.3f}"
    )
