"""The only door to theory: the model's predicted curves for the experiment that was measured."""

from __future__ import annotations

from collections.abc import Sequence

from tradeoff.bounds import least_favourable
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import profiles
from tradeoff.exact.profiles import Prediction
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared.results import Answer, Profile, rate

Curve = tuple[str, Sequence[float], Sequence[float]]
"""Label, grid, rates."""

LENGTH, STEP, P = 64, 16, 0.7
RADII = tuple(i / 10 for i in range(31))
TRAINING_RADII = (0.0, 1.0, 1.5)
LAW_TEXT = f"cyclic-code Gaussian, {LENGTH // STEP} quarter turns, correlations 1/4, p = {P}, signal 2"


def law() -> CyclicGaussian:
    """The model's default scenario: four quarter turns of a word with shift correlations 1/4."""
    return CyclicGaussian(cyclic_word(families.golay_quarter(LENGTH, STEP), STEP), P)


def predicted() -> dict[str, list[Prediction]]:
    """Direction 1 (augmentation range) and direction 2 (radius of robust training) in the model, computed now."""
    dist = law()
    return {
        "augmentation": profiles.growing_augmentation(dist, RADII),
        "adversarial": profiles.growing_robust_training(dist, TRAINING_RADII, RADII),
    }


def curves() -> dict[str, list[tuple[Curve, Curve]]]:
    """For each direction, level by level: label, grid and rates of 1 - fooling rate, and of the rate of invariance."""
    return {
        direction: [
            (_curve(one, one.profiles["one_minus_fooling"]), _curve(one, one.profiles["invariance"])) for one in found
        ]
        for direction, found in predicted().items()
    }


def _curve(one: Prediction, profile: Profile[Answer]) -> Curve:
    return one.label, profile.grid, profile.rates


def text() -> str:
    """The predictions at a = 1 in words, with the clean accuracies that a measurement would be judged by."""
    at = RADII.index(1.0)
    lines = [f"Predicted ({LAW_TEXT}), 1 - fooling rate at a = 1 and rate of invariance over all turns:"]
    for direction, found in predicted().items():
        parts = [
            f"{one.label} {one.profiles['one_minus_fooling'].rates[at]:.3f}, "
            f"{one.profiles['invariance'].rates[-1]:.3f} (clean {rate(one.standard):.3f})"
            for one in found
        ]
        lines.append(f"  {direction}: " + "; ".join(parts) + ".")
    return "\n".join(lines)


def bounds(dist: CyclicGaussian, weights: Sequence[float], *, scaled_radius: float) -> dict[float, float]:
    """For each weight lambda the upper end of U(lambda): no rule has lambda Adv + (1 - lambda) Spat above it."""
    return {
        weight: least_favourable.bound(dist, weight, scaled_radius=scaled_radius).value.interval.high
        for weight in weights
    }
