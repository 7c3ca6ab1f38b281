"""What all figures of a law share: its title, its grid of radii, and the rules that they compare."""

from __future__ import annotations

import numpy as np

from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Rule

RADII, BEYOND = 31, 1.25
"""Radii of a curve, from 0 to so many times the signal."""
NO_RULE = "no rule reaches this"


def grid(dist: CyclicGaussian, count: int = RADII) -> list[float]:
    """Radii from 0 to the signal and a quarter beyond."""
    return [round(float(a), 12) for a in np.linspace(0, BEYOND * dist.signal, count)]


def law_text(dist: CyclicGaussian) -> str:
    """The law in a title."""
    word = dist.word
    others = word.correlations[1:]
    facts = "no move but the identity"
    if len(others):
        low, high = float(others.min()), float(others.max())
        facts = f"correlations {low:g}" if low == high else f"correlations {low:.3g} to {high:.3g}"
    return (
        f"length {word.length}, {word.shifts} moves ({word.group.name}), {facts}, p = {dist.p:g}, s = {dist.signal:g}"
    )


def chosen_rules(dist: CyclicGaussian, radius: float) -> dict[str, Rule]:
    """The rules that figures compare; those built for a radius stand for the one at hand."""
    return {
        "f*: Bayes rule of the data as they are": rules.bayes(dist),
        "g_K: Bayes rule of the moved data": rules.augmented(dist),
        f"f_b: most robust at b = {radius:g}": rules.robust(dist, scaled_radius=radius),
        f"soft threshold: robust and invariant, b = {radius:g}": rules.robust_augmented(dist, scaled_radius=radius),
        "orbit average": rules.orbit_average(dist),
        "sign(x_0)": rules.sign_x0(dist),
    }
