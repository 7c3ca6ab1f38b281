"""Counting over orbit statistics: what a rule sees of x, drawn from its own law, so that the cost does not know d.

A linear rule sees one normal score, a Bayes rule of augmented data the correlations z_j = <r_j(u), x>. Everything is
seen from the label: F and a linear score are odd, so data of label -1 mirror data of label 1 (the label itself matters
for ties and for an attack of exactly eps = 1 only). Arrays hold one column for each sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tradeoff.codes import groups
from tradeoff.model import normal_variates
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.linear_scores import Projection, projection
from tradeoff.model.orbit_statistic import log_ratio
from tradeoff.model.question import Question
from tradeoff.model.rules import Augmented, Constant, Linear, Rule
from tradeoff.sampled.orbit_noise import orbit_noise
from tradeoff.shared.arrays import cached_array, freeze_fields

Array = NDArray[np.float64]
Element = NDArray[np.intp] | None
"""The element of the group that moves each sample, or None for data as they are."""

PIECE_NUMBERS, PIECES = 1 << 16, 4
"""Normal variates a piece: half a megabyte, so that the passes over it stay in the cache. A block has several, as
starting its stream costs a tenth of drawing one."""


@dataclass(frozen=True, eq=False)
class OrbitDraws:
    """One block of n samples, shared by all rules."""

    dist: CyclicGaussian
    bits: NDArray[np.uint64]  # (n,) 53 bits for x_0, 1 for the label
    normal: Array  # (r, n)
    rng: np.random.Generator

    def __post_init__(self) -> None:
        freeze_fields(self)

    @cached_array
    def agrees(self) -> NDArray[np.bool_]:
        """(n,) whether x_0 shows the label."""
        return np.asarray((self.bits >> np.uint64(11)) < np.uint64(round(self.dist.p * 2.0**53)))

    @cached_array
    def label(self) -> Array:
        """(n,) -1 or 1."""
        return np.where(self.bits & np.uint64(1), 1.0, -1.0)

    @cached_array
    def element(self) -> NDArray[np.intp]:
        """(n,) random elements of the group; from a stream of their own, as they are not always drawn."""
        return self.rng.spawn(1)[0].integers(self.dist.word.shifts, size=len(self.bits))

    @cached_array
    def noise(self) -> Array:
        """(K, n) noise of the orbit correlations."""
        return orbit_noise(self.dist.word).of(self.normal)

    def x0(self, b: float) -> Array:
        """What b sign(x_0) contributes to the score of the label."""
        return np.where(self.agrees, b, -b)

    def x0_least(self, b: float, target: Array, eps: float) -> Array:
        """The least that an attack of size eps leaves of it to the answer ``target`` (1 the label, -1 the other)."""
        score = target * self.x0(b)
        if eps < 1:
            return score
        if eps > 1:
            return np.full(len(score), -abs(b))
        # eps = 1 reaches x_0 = 0, which counts as +: the score can become target * label * b.
        return np.minimum(score, target * self.label * b)


class View(Protocol):
    """What one rule sees of a block."""

    @property
    def b(self) -> float:
        """The weight on sign(x_0)."""
        ...

    @property
    def own(self) -> Array:
        """(n,) the label times <u, x>, which decides what f* answers."""
        ...

    @property
    def invariant(self) -> bool:
        """Whether the rule answers the same on all moves of x."""
        ...

    def on(self, element: Element) -> Array:
        """The statistics on data moved so."""
        ...

    def beside(self, element: Element) -> Array:
        """The same, with the noise that belongs to that of data as they are."""
        ...

    def mean_shifted(self, points: Array, radius: float) -> Array:
        """The statistics after the attack -a y u."""
        ...

    def score(self, points: Array) -> Array:
        """(n,) the score of the label, without x_0."""
        ...

    def least(self, points: Array, target: Array, radius: float) -> Array:
        """(n,) the least score of ``target`` that an attack leaves."""
        ...


@dataclass(frozen=True, eq=False)
class LinearView:
    """One normal score; everything divided by |w|, unless w = 0."""

    seen: Projection
    draws: OrbitDraws

    @property
    def b(self) -> float:
        return self.seen.b

    @property
    def own(self) -> Array:
        return self.draws.dist.signal + self._beside(np.clip(self.seen.overlaps[0], -1.0, 1.0))

    @property
    def invariant(self) -> bool:
        return False

    def on(self, element: Element) -> Array:
        mean = self.draws.dist.signal * self.seen.overlaps[0 if element is None else element]
        return np.asarray(mean + self.seen.noise * self.draws.normal[0])

    def beside(self, element: Element) -> Array:
        mean = self.draws.dist.signal * self.seen.overlaps[0 if element is None else element]
        return mean + self.seen.noise * self._beside(self.seen.likeness[0 if element is None else element])

    def mean_shifted(self, points: Array, radius: float) -> Array:
        return np.asarray(points - radius * self.seen.overlaps[0])

    def score(self, points: Array) -> Array:
        return points

    def least(self, points: Array, target: Array, radius: float) -> Array:
        return target * points - radius * self.seen.reach

    def _beside(self, correlation: Array) -> Array:
        """Noise of this correlation with that of the score on X."""
        return np.asarray(correlation * self.draws.normal[0] + np.sqrt(1 - correlation**2) * self.draws.normal[1])


@dataclass(frozen=True, eq=False)
class AugmentedView:
    """The correlations of x with the members of J."""

    rule: Augmented
    draws: OrbitDraws

    @property
    def b(self) -> float:
        return self.rule.log_odds

    @property
    def own(self) -> Array:
        return np.asarray(self.draws.dist.signal + self.draws.noise[0])

    @property
    def invariant(self) -> bool:
        return self.rule.invariant

    def on(self, element: Element) -> Array:
        dist, members = self.draws.dist, np.array(self.rule.members)
        if self.rule.invariant and element is None:
            return np.asarray(dist.signal * dist.word.correlations[:, None] + self.draws.noise)
        column = np.zeros(1, dtype=np.intp) if element is None else element
        means = dist.word.correlations[dist.word.group.quotient(members[:, None], column[None, :])]
        return np.asarray(dist.signal * means + self.draws.noise[members])

    def beside(self, element: Element) -> Array:
        if element is None:
            return self.on(None)
        dist, members = self.draws.dist, np.array(self.rule.members)
        # z_g on r_j(x) is z of r_j^-1 r_g on x.
        seen = dist.word.group.quotient(element[None, :], members[:, None])
        return np.asarray(
            dist.signal * dist.word.correlations[seen] + np.take_along_axis(self.draws.noise, seen, axis=0)
        )

    def mean_shifted(self, points: Array, radius: float) -> Array:
        return np.asarray(points - radius * self.draws.dist.word.gram(self.rule.members, [0]))

    def score(self, points: Array) -> Array:
        return log_ratio(points, self.rule.signal)

    def least(self, points: Array, target: Array, radius: float) -> Array:
        return self.rule.attacked((target * points).T, radius)


def handles(rule: Rule, dist: CyclicGaussian) -> bool:
    """Whether a rule sees x through statistics of this law's orbit only."""
    return isinstance(rule, (Linear, Constant)) or (isinstance(rule, Augmented) and rule.word == dist.word)


def dimensions(questions: Sequence[Question], dist: CyclicGaussian) -> int:
    """Normal variates a sample."""
    pairs = any(question.quantity == "invariance" or question.attack == "label_blind" for question in questions)
    wide = any(isinstance(question.rule, Augmented) for question in questions)
    return max(2 if pairs else 1, dist.word.shifts if wide else 1)


def piece_size(questions: Sequence[Question], dist: CyclicGaussian) -> int:
    """Samples looked at together."""
    return max(1, PIECE_NUMBERS // dimensions(questions, dist))


def block_size(questions: Sequence[Question], dist: CyclicGaussian) -> int:
    """Samples a block."""
    return PIECES * piece_size(questions, dist)


def count(
    questions: Sequence[Question], dist: CyclicGaussian, compiled: bool, n: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Hits of each question on one block of n samples."""
    piece = piece_size(questions, dist)
    parts = [_piece(questions, dist, compiled, min(piece, n - start), rng) for start in range(0, n, piece)]
    return np.asarray(np.sum(parts, axis=0))


def _piece(
    questions: Sequence[Question], dist: CyclicGaussian, compiled: bool, n: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    draws = OrbitDraws(
        dist,
        bits=rng.integers(0, 1 << 64, size=n, dtype=np.uint64),
        normal=normal_variates.standard(rng, (dimensions(questions, dist), n), compiled=compiled),
        rng=rng,
    )
    views: dict[int, View] = {}
    counts = []
    for question in questions:
        if isinstance(question.rule, Constant):
            counts.append(_constant(question, question.rule, draws))
            continue
        if id(question.rule) not in views:
            views[id(question.rule)] = _view(question.rule, draws)
        counts.append(int(np.count_nonzero(_hits(question, views[id(question.rule)], draws))))
    return np.array(counts, dtype=np.int64)


def _view(rule: Rule, draws: OrbitDraws) -> View:
    if isinstance(rule, Linear):
        return LinearView(projection(rule, draws.dist), draws)
    assert isinstance(rule, Augmented), "`handles` was asked first"
    return AugmentedView(rule, draws)


def _constant(question: Question, rule: Constant, draws: OrbitDraws) -> int:
    if question.quantity == "invariance":
        return len(draws.bits)
    return 0 if question.quantity == "fooling" else int(np.count_nonzero(draws.label == rule.answer))


def _hits(question: Question, view: View, draws: OrbitDraws) -> NDArray[np.bool_]:
    """Which samples count for a question."""
    dist, radius, clean = draws.dist, question.scaled_radius, draws.x0(view.b)
    if question.quantity == "invariance":
        if view.invariant:
            return np.ones(len(draws.bits), dtype=np.bool_)
        pair = (view.on(None), view.beside(_element(question, draws)))
        first, second = (_answers(view.score(points) + clean, draws) for points in pair)
        return np.asarray(first == second)
    # Moving renames the members of the whole group, which an invariant rule does not see; the attack -a y u does.
    unmoved = not question.moved or (view.invariant and question.attack != "mean_shift")
    points = view.on(None if unmoved else _element(question, draws))
    if question.attack == "mean_shift":
        points = view.mean_shifted(points, radius)
    elif question.quantity == "fooling":
        target = np.where(_answers(view.score(points) + clean, draws), 1.0, -1.0)
        return ~_stays(view, points, target, radius, draws)
    elif question.attack == "label_blind":
        likelier = _answers(view.own + draws.x0(dist.log_odds / (2 * dist.signal)), draws)
        return np.asarray(likelier == _stays(view, points, np.where(likelier, 1.0, -1.0), radius, draws))
    elif question.attacked and radius:
        return _stays(view, points, np.ones(len(draws.bits)), radius, draws)
    return _answers(view.score(points) + clean, draws)


def _stays(view: View, points: Array, target: Array, radius: float, draws: OrbitDraws) -> NDArray[np.bool_]:
    """Whether the worst attack leaves the answer ``target``."""
    left = view.least(points, target, radius) + draws.x0_least(view.b, target, draws.dist.eps(radius))
    return _answers(left, draws, target)


def _answers(score: Array, draws: OrbitDraws, target: Array | None = None) -> NDArray[np.bool_]:
    """Whether the answer is ``target`` (1, the label, if not given), for which ``score`` speaks; 0 is answered +1."""
    right = np.asarray(score > 0)
    tied = score == 0
    if tied.any():
        right = right | (tied & ((draws.label if target is None else target * draws.label) > 0))
    return right


def _element(question: Question, draws: OrbitDraws) -> NDArray[np.intp]:
    """The element that moves each sample."""
    if question.shift is None:
        return draws.element
    return np.full(len(draws.bits), groups.index(draws.dist.word.group, question.shift))
