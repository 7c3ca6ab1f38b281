"""Where the two monotone claims of Kamath et al. hold in the model and where they do not, computed for the law at hand.

Direction 1 (Section 4): augmentation with a larger range raises spatial accuracy and lowers adversarial accuracy.
Direction 2: robust training with a larger radius lowers spatial accuracy. Neither is a theorem of the model: direction
1 turns round beyond a radius a+ that depends on p, and direction 2 holds with augmentation, while without it spatial
accuracy first rises.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tradeoff import accuracy, bounds, checks, rules
from tradeoff.distribution import CyclicGaussian
from tradeoff.frontier import Frontier
from tradeoff.profiles import ranges, rate, within
from tradeoff.results import Answer, Band, ends

Trend = Literal["falls", "rises", "constant", "rises, then falls", "falls, then rises", "changes", "undecided"]
SAME = 1e-12
"""Closed forms that differ by less are equal."""
SCAN, PRECISION = 24, 1e-4
"""Radii looked at up to 2s for a change of order, and how closely the change is located."""


@dataclass(frozen=True)
class Finding:
    """One claim in one setting: what the paper says, what is computed, and whether that agrees."""

    direction: int
    quantity: str
    setting: str
    claimed: Trend
    found: Trend
    levels: tuple[str, ...]
    answers: tuple[Answer, ...]

    @property
    def verdict(self) -> str:
        """holds | does not hold | undecided (the answers' errors overlap)."""
        if self.found == "undecided":
            return "undecided"
        return "holds" if self.found == self.claimed else "does not hold"

    def sentence(self) -> str:
        """The finding with its numbers."""
        numbers = ", ".join(f"{label} {_written(one)}" for label, one in zip(self.levels, self.answers, strict=True))
        claimed = f" (claimed: {self.claimed})" if self.verdict == "does not hold" else ""
        return f"{self.quantity} {self.found}{claimed}, {self.setting}: {numbers}"


def trend(answers: Sequence[Answer]) -> Trend:
    """How a sequence goes, errors taken into account; steps within ``SAME`` of closed forms count for none.

    >>> trend([0.9, 0.8, 0.8]), trend([0.8, 0.9, 0.7])
    ('falls', 'rises, then falls')
    """
    steps = [_step(first, second) for first, second in itertools.pairwise(answers)]
    if None in steps:
        return "undecided"
    kept = [step for step in steps if step]
    turns = [step for step, before in zip(kept, [None, *kept], strict=False) if step != before]
    names: dict[tuple[int | None, ...], Trend] = {
        (): "constant",
        (1,): "rises",
        (-1,): "falls",
        (1, -1): "rises, then falls",
        (-1, 1): "falls, then rises",
    }
    return names.get(tuple(turns), "changes")


def _step(first: Answer, second: Answer) -> int | None:
    """1 up, -1 down, 0 equal, None where the errors do not tell."""
    before, after = ends(first), ends(second)
    if abs(before.low - after.high) <= SAME and abs(before.high - after.low) <= SAME:
        return 0
    return 1 if after.low > before.high else -1 if after.high < before.low else None


def augmentation(dist: CyclicGaussian, radii: Iterable[float]) -> list[Finding]:
    """Direction 1: spatial accuracy, and adversarial accuracy at each radius, as the range of augmentation grows."""
    built = {range_deg: rules.augmented(dist, members=within(dist, range_deg)) for range_deg in ranges(dist)}
    labels = tuple(f"±{range_deg:g}°" if range_deg else "none" for range_deg in built)
    found = [
        _finding(
            1,
            "spatial accuracy",
            "over all shifts",
            "rises",
            labels,
            [accuracy.spatial(g, dist) for g in built.values()],
        )
    ]
    for a in radii:
        answers = [accuracy.adversarial(g, dist, scaled_radius=a) for g in built.values()]
        found.append(_finding(1, "adversarial accuracy", f"at a = {a:g}", "falls", labels, answers))
    return found


def turning_radius(dist: CyclicGaussian) -> float | None:
    """a+: from this radius on (up to 2s) augmentation with all shifts no longer lowers adversarial accuracy.

    The least root in (0, 2s] of Adv(g_K) - Adv(f*) that is seen on a grid of 24 radii, then bisected; None if there is
    none. For a worst attack that is only bracketed the upper end counts, so the true radius may be larger.

    >>> from tradeoff import families
    >>> from tradeoff.codes import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 32), step=32), p=0.9)
    >>> round(turning_radius(law), 3)
    1.525
    """
    plain, augmented = rules.bayes(dist), rules.augmented(dist)

    def gain(a: float) -> float:
        return rate(accuracy.adversarial(augmented, dist, scaled_radius=a)) - rate(
            accuracy.adversarial(plain, dist, scaled_radius=a)
        )

    grid = np.linspace(0, 2 * dist.signal, SCAN + 1)[1:]
    return _first_root(gain, grid)


def _first_root(function: Callable[[float], float], grid: Iterable[float]) -> float | None:
    """Where a function that starts below zero first reaches it on a grid, located by bisection."""
    last = 0.0
    for point in map(float, grid):
        if function(point) >= 0:
            low, high = last, point
            while high - low > PRECISION:
                middle = (low + high) / 2
                low, high = (low, middle) if function(middle) >= 0 else (middle, high)
            return (low + high) / 2
        last = point
    return None


def robust_training(dist: CyclicGaussian, built_for: Iterable[float], *, augmented: bool) -> Finding:
    """Direction 2: spatial accuracy as the radius b of robust training grows, f_b or the invariant soft threshold."""
    build = rules.robust_augmented if augmented else rules.robust
    radii = sorted({checks.radius("built_for", b) for b in built_for})
    answers = [accuracy.spatial(build(dist, scaled_radius=b), dist) for b in radii]
    how = "robust training with full augmentation" if augmented else "robust training without augmentation"
    return _finding(2, "spatial accuracy", how, "falls", tuple(f"b = {b:g}" for b in radii), answers)


@dataclass(frozen=True)
class Peak:
    """Spatial accuracy of f_b, the most robust rule at b: at 0, at its best, and where it falls below the start."""

    start: float
    best: float
    at: float
    below_from: float | None


def peak(dist: CyclicGaussian) -> Peak:
    """How far robust training without augmentation raises spatial accuracy first; Spat(f_b) -> p as b -> s.

    >>> from tradeoff import families
    >>> from tradeoff.codes import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), step=16), p=0.7)
    >>> found = peak(law)
    >>> round(found.start, 4), round(found.best, 4), round(found.at, 2), round(found.below_from, 2)
    (0.7828, 0.8014, 1.41, 1.69)
    """

    def spatial(b: float) -> float:
        return rate(accuracy.spatial(rules.robust(dist, scaled_radius=b), dist))

    # Below eps = 1 only: from there on another rule is the most robust one.
    end = min(dist.signal, np.nextafter(np.sqrt(dist.word.length), 0))
    grid = np.linspace(0, end, 401)
    values = [spatial(b) for b in grid]
    top = int(np.argmax(values))
    low, high = grid[max(top - 1, 0)], grid[min(top + 1, 400)]
    while high - low > PRECISION / 10:  # one peak between the neighbours
        first, second = low + (high - low) / 3, high - (high - low) / 3
        low, high = (first, high) if spatial(first) < spatial(second) else (low, second)
    at = float((low + high) / 2) if values[top] > values[0] + SAME else 0.0
    later = _first_root(lambda b: values[0] - SAME - spatial(at + b), grid[1:][grid[1:] <= end - at])
    return Peak(values[0], spatial(at), at, None if later is None else at + later)


def demanding(front: Frontier, least: Iterable[float]) -> Finding:
    """Direction 2 as the paper argues it: the best spatial accuracy of a rule with at least so much robustness."""
    wanted = [q for q in sorted(least) if not isinstance(front.at_least(q), bounds.Infeasible)]
    answers = [band for q in wanted if isinstance(band := front.at_least(q), Band)]
    levels = tuple(f"Adv >= {q:.3f}" for q in wanted)
    setting = f"the best of all rules at a = {front.scaled_radius:g}"
    return _finding(2, f"{front.partner} accuracy", setting, "falls", levels, answers)


def _finding(
    direction: int, quantity: str, setting: str, claimed: Trend, levels: tuple[str, ...], answers: Sequence[Answer]
) -> Finding:
    return Finding(direction, quantity, setting, claimed, trend(answers), levels, tuple(answers))


def _written(answer: Answer) -> str:
    if isinstance(answer, Band):
        return f"{answer.lower:.4f} to {answer.upper:.4f}"
    return f"{rate(answer):.4f}"


def report(dist: CyclicGaussian, radii: Sequence[float]) -> tuple[list[Finding], str]:
    """All findings for a law and the text that says them."""
    s = dist.signal
    built = [round(float(b), 12) for b in np.linspace(0, s, 9)[:-1]]
    found = augmentation(dist, radii)
    found += [robust_training(dist, built, augmented=flag) for flag in (False, True)]
    turn, hill = turning_radius(dist), peak(dist)
    lines = ["Direction 1 (a larger range of augmentation costs robustness):"]
    lines += [f"  {one.verdict}: {one.sentence()}" for one in found if one.direction == 1]
    lines.append(
        f"  With all shifts, adversarial accuracy stays below that of f* up to a = {2 * s:g} (looked at up to 2s)."
        if turn is None
        else f"  With all shifts, adversarial accuracy is below that of f* up to a = {turn:.3f} and not from there on."
    )
    lines.append("Direction 2 (robust training at a larger radius costs spatial accuracy):")
    lines += [f"  {one.verdict}: {one.sentence()}" for one in found if one.direction == 2]
    if hill.at:
        below = "nowhere below s" if hill.below_from is None else f"from b = {hill.below_from:.3f} on"
        lines.append(
            f"  Without augmentation spatial accuracy rises from {hill.start:.4f} to {hill.best:.4f} at "
            f"b = {hill.at:.3f}; it is below its start {below}."
        )
    return found, "\n".join(lines)
