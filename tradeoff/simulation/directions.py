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

from tradeoff.bounds import theorem_bounds
from tradeoff.bounds.frontier import Frontier, frontier
from tradeoff.exact import accuracy
from tradeoff.exact.profiles import range_label, ranges, within
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared import checks
from tradeoff.shared.results import Answer, Band, Estimate, ends, rate

Trend = Literal[
    "falls",
    "rises",
    "constant",
    "rises, then falls",
    "falls, then rises",
    "changes",
    "undecided",
    "has nothing to compare",
]
SAME = 1e-12
"""Closed forms that differ by less are equal."""
SCAN, PRECISION = 24, 1e-4
"""Radii looked at up to 2s for a change of order, and how closely the change is located."""
BUILT, DEMANDED = 8, 5
"""Radii of robust training, and adversarial accuracies that are demanded, in a report."""
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 0.9, 1.0)
"""Weights of the frontier that a report rests on."""


@dataclass(frozen=True)
class DirectionCheck:
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
        """holds | does not hold | undecided (the answers' errors overlap) | vacuous (fewer than two answers)."""
        if self.found in ("undecided", "has nothing to compare"):
            return "undecided" if self.found == "undecided" else "vacuous"
        return "holds" if self.found == self.claimed else "does not hold"

    def sentence(self) -> str:
        """The finding with its numbers."""
        digits = _digits(self.answers)
        numbers = ", ".join(
            f"{label} {_written(one, digits)}" for label, one in zip(self.levels, self.answers, strict=True)
        )
        claimed = f" (claimed: {self.claimed})" if self.verdict == "does not hold" else ""
        return f"{self.quantity} {self.found}{claimed}, {self.setting}: {numbers}"


def trend(answers: Sequence[Answer]) -> Trend:
    """How a sequence goes: each answer against the last one that differed from its own predecessor by more than errors.

    Answers whose errors overlap count as no step, unless no step at all is seen; closed forms within SAME are equal.

    >>> trend([0.9, 0.8, 0.8]), trend([0.8, 0.9, 0.7])
    ('falls', 'rises, then falls')
    """
    if len(answers) < 2:
        return "has nothing to compare"
    turns: list[int] = []
    last, unclear = answers[0], False
    for answer in answers[1:]:
        step = _step(last, answer)
        unclear |= step is None
        if step:
            last = answer
            if turns[-1:] != [step]:
                turns.append(step)
    if unclear and not turns:
        return "undecided"
    names: dict[tuple[int, ...], Trend] = {
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


def augmentation(dist: CyclicGaussian, radii: Iterable[float]) -> list[DirectionCheck]:
    """Direction 1: spatial accuracy, and adversarial accuracy at each radius, as the range of augmentation grows."""
    built = {range_deg: rules.augmented(dist, members=within(dist, range_deg)) for range_deg in ranges(dist)}
    labels = tuple(map(range_label, built))
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


@dataclass(frozen=True)
class Span:
    """Radii between which augmentation with all shifts changes adversarial accuracy in one direction."""

    start: float
    end: float
    sign: int  # -1: g_K is below f*; 1: above


def order(dist: CyclicGaussian) -> list[Span]:
    """Where Adv(g_K) is below or above Adv(f*), for radii in (0, 2s]; empty where no difference is seen.

    Looked at on a grid of 24 radii and at the last one below eps = 1; changes are located by bisection. A difference
    counts where it exceeds the errors. Where the worst attack is only bracketed, what the best attack found reaches
    counts: there the true accuracy of g_K may be lower.
    """
    plain, augmented = rules.bayes(dist), rules.augmented(dist)

    def gain(a: float) -> float:
        first, second = (accuracy.adversarial(rule, dist, scaled_radius=a) for rule in (augmented, plain))
        errors = sum(one.error for one in (first, second) if isinstance(one, Estimate))
        difference = rate(first) - rate(second)
        return difference if abs(difference) > errors + SAME else 0.0

    edge = float(np.nextafter(np.sqrt(dist.word.length), 0))
    grid = [float(a) for a in np.linspace(0, 2 * dist.signal, SCAN + 1)[1:]]
    grid = sorted({*grid, *([edge] if edge < grid[-1] else [])})
    seen = [(a, int(np.sign(gain(a)))) for a in grid]
    spans: list[Span] = []
    for a, sign in ((a, sign) for a, sign in seen if sign):
        if spans and spans[-1].sign == sign:
            spans[-1] = Span(spans[-1].start, a, sign)
        else:
            start = _change(gain, spans[-1].end, a) if spans else 0.0
            if spans:
                spans[-1] = Span(spans[-1].start, start, spans[-1].sign)
            spans.append(Span(start, a, sign))
    return spans


def turning_radius(dist: CyclicGaussian) -> float | None:
    """a+: the first radius from which augmentation with all shifts raises adversarial accuracy or leaves it, or None.

    >>> from tradeoff.codes import families
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 32), step=32), p=0.9)
    >>> round(turning_radius(law), 3)
    1.525
    """
    spans = order(dist)
    if not spans:
        return None
    later = [span.start for span in spans if span.sign > 0]
    if later:
        return later[0]
    return spans[-1].end if spans[-1].end < 2 * dist.signal else None


def _change(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function changes its sign between two places, by bisection."""
    sign = np.sign(function(high))
    while high - low > PRECISION:
        middle = (low + high) / 2
        low, high = (low, middle) if np.sign(function(middle)) == sign else (middle, high)
    return (low + high) / 2


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


def robust_training(dist: CyclicGaussian, built_for: Iterable[float], *, augmented: bool) -> DirectionCheck:
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
    looked_up_to: float  # s, or where eps = 1 and another rule is the most robust one


def peak(dist: CyclicGaussian) -> Peak:
    """How far robust training without augmentation first raises spatial accuracy; for d > s^2 it ends at p, at b = s.

    >>> from tradeoff.codes import families
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), step=16), p=0.7)
    >>> found = peak(law)
    >>> round(found.start, 4), round(found.best, 4), round(found.at, 2), round(found.below_from, 2)
    (0.7828, 0.8014, 1.41, 1.69)
    """

    def spatial(b: float) -> float:
        return rate(accuracy.spatial(rules.robust(dist, scaled_radius=b), dist))

    # Below eps = 1 only: from there on another rule is the most robust one.
    end = float(min(dist.signal, np.nextafter(np.sqrt(dist.word.length), 0)))
    grid = np.linspace(0, end, 401)
    values = [spatial(b) for b in grid]
    top = int(np.argmax(values))
    low, high = grid[max(top - 1, 0)], grid[min(top + 1, 400)]
    while high - low > PRECISION / 10:  # one peak between the neighbours
        first, second = low + (high - low) / 3, high - (high - low) / 3
        low, high = (first, high) if spatial(first) < spatial(second) else (low, second)
    at = float((low + high) / 2) if values[top] > values[0] + SAME else 0.0
    later = _first_root(lambda b: values[0] - SAME - spatial(at + b), grid[1:][grid[1:] <= end - at])
    return Peak(values[0], spatial(at), at, None if later is None else at + later, end)


def demanding(front: Frontier, least: Iterable[float]) -> DirectionCheck:
    """Direction 2 as the paper argues it: the best spatial accuracy of a rule with at least so much robustness."""
    wanted = [q for q in sorted(least) if not isinstance(front.at_least(q), theorem_bounds.Infeasible)]
    answers = [band for q in wanted if isinstance(band := front.at_least(q), Band)]
    levels = tuple(f"Adv >= {q:.3f}" for q in wanted)
    setting = f"the best of all rules at a = {front.scaled_radius:g}"
    return _finding(2, f"{front.partner} accuracy", setting, "falls", levels, answers)


def _finding(
    direction: int, quantity: str, setting: str, claimed: Trend, levels: tuple[str, ...], answers: Sequence[Answer]
) -> DirectionCheck:
    return DirectionCheck(direction, quantity, setting, claimed, trend(answers), levels, tuple(answers))


def _digits(answers: Sequence[Answer]) -> int:
    """As many digits as show the smallest step between closed forms, 4 to 9."""
    steps = [abs(rate(b) - rate(a)) for a, b in itertools.pairwise(answers)]
    least = min((step for step in steps if step > SAME), default=1.0)
    return int(np.clip(np.ceil(-np.log10(least)) + 1, 4, 9))


def _written(answer: Answer, digits: int) -> str:
    if isinstance(answer, Band):
        return f"{answer.lower:.4f} to {answer.upper:.4f}"
    return f"{rate(answer):.{digits}f}"


def findings(dist: CyclicGaussian, radii: Sequence[float], *, radius: float) -> list[DirectionCheck]:
    """Both claims for a law: at each of ``radii``, and as the paper argues direction 2 at the one ``radius``."""
    built = [round(float(b), 12) for b in np.linspace(0, dist.signal, BUILT + 1)[:-1]]
    found = augmentation(dist, radii)
    found += [robust_training(dist, built, augmented=flag) for flag in (False, True)]
    front = frontier(dist, scaled_radius=radius, weights=WEIGHTS)
    least = rate(accuracy.adversarial(rules.augmented(dist), dist, scaled_radius=radius))
    return [*found, demanding(front, np.linspace(least, front.most_adversarial, DEMANDED))]


def report(dist: CyclicGaussian, radii: Sequence[float], *, radius: float) -> str:
    """All findings for a law in words; ``radius`` is where robustness is demanded."""
    found = findings(dist, radii, radius=radius)
    lines = ["Direction 1 (a larger range of augmentation costs robustness):"]
    lines += [f"  {one.verdict}: {one.sentence()}" for one in found if one.direction == 1]
    lines.append("  " + _order_text(order(dist), 2 * dist.signal))
    lines.append("Direction 2 (robust training at a larger radius costs spatial accuracy):")
    lines += [f"  {one.verdict}: {one.sentence()}" for one in found if one.direction == 2]
    hill = peak(dist)
    if hill.at:
        below = f"for b up to {hill.looked_up_to:g} nowhere"
        if hill.below_from is not None:
            below = f"from b = {hill.below_from:.3f} on"
        digits = _digits([hill.start, hill.best])
        lines.append(
            f"  Without augmentation spatial accuracy rises from {hill.start:.{digits}f} to {hill.best:.{digits}f} at "
            f"b = {hill.at:.3f}; it is below its start {below}."
        )
    return "\n".join(lines)


def _order_text(spans: Sequence[Span], most: float) -> str:
    if not spans:
        return f"With all shifts, no difference from f* is seen up to a = {most:g}."
    parts = [
        f"{'below' if span.sign < 0 else 'above'} that of f* {f'from a = {span.start:.3f} ' if span.start else ''}"
        f"up to a = {f'{span.end:.3f}' if span.end < most else f'{most:g}'}"
        for span in spans
    ]
    return f"With all shifts, adversarial accuracy is {', '.join(parts)} (looked at up to 2s = {most:g})."
