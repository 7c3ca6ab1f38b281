r"""The best rule of all on a grid, for two shifts: the most that lambda Adv + (1 - lambda) Spat (or Joint) can be.

With K = 2 and eps < 1 a rule need look at three numbers only: sign(x_0), P (the normalised sum of c_t x_t over the
coordinates where the word and its shift agree) and Q (the same over the others), independent normal variables given the
label; what else is in x is noise that the attack need not touch. On P and Q the ball is a box of half-widths a k and
a k', with k^2 and k'^2 the shares of these coordinates. Cut the plane into cells and give every cell one answer:
"right whatever is added" needs the whole box around a cell, so the best answers are a closure problem, solved by a
minimum cut.

The cells are chosen so that each half-width is a whole number of them; then the accuracies of the grid's rule are its
true ones, and the value is attained. Where the radius is smaller than a cell it counts as a whole cell (rounded
outwards): the true accuracies are then at least as high. Either way the value is a lower bound for the best of all
rules, and it rises as the grid gets finer; `tradeoff.bounds.least_favourable` bounds all rules from above. From eps = 1
on the rules are those that see sign(x_0) of x_0; one that tells an attacked x_0 by its size might do better until eps =
2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tradeoff.bounds.linear_frontier import PARTNERS, Partner
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Function
from tradeoff.shared import checks
from tradeoff.shared.arrays import freeze_fields

Array = NDArray[np.float64]
Whole = NDArray[np.int64] | int

CELLS = 80
"""Cells along each axis, about."""
MOST_CELLS, MOST_REACH, WIDEST = 400, 10, 0.3
"""Ten cells within an attack's reach show the optimum to 1e-4, if they are no wider than this; more cost much."""
TAIL = 5.5
"""The grid ends so many standard deviations beyond the means; the outermost cells go on to infinity."""
WHOLE = 1 << 30
"""Capacities are whole numbers: probabilities in units of 2^-30, all of them together in 32 bits."""
UNBOUNDED = (1 << 31) - 1


@dataclass(frozen=True, eq=False)
class Axis:
    """Cells of one of P and Q: inner borders (n - 1,), how many cells the attack reaches, and both means."""

    borders: Array
    reach: int
    half_width: float
    means: tuple[float, float]  # on X and on r_1(X), for label 1

    def __post_init__(self) -> None:
        freeze_fields(self)

    @property
    def cells(self) -> int:
        return len(self.borders) + 1

    def masses(self, shift: int) -> Array:
        """(n,) probabilities of the cells on r_shift(X), label 1."""
        ends = ndtr(self.borders - self.means[shift])
        return np.diff(ends, prepend=0.0, append=1.0)


@dataclass(frozen=True, eq=False)
class Cut:
    """The best rule on a grid for one weight: its answers (layers, cells of P, cells of Q) where x_0 = 1 (and -1).

    Below eps = 1 one layer is kept, that of x_0 = 1; the other is its mirror image, f(-x_0, -x) = -f(x_0, x).
    """

    weight: float
    adversarial: float
    partner: float
    positive: NDArray[np.bool_]
    axes: tuple[Axis, Axis]
    dist: CyclicGaussian

    def __post_init__(self) -> None:
        freeze_fields(self)

    @property
    def value(self) -> float:
        """weight * adversarial + (1 - weight) * partner."""
        return self.weight * self.adversarial + (1 - self.weight) * self.partner

    def rule(self) -> Function:
        """The grid's rule as a function of (x_0, x), with its worst attack: for sampling.

        Raises
        ------
        InputError
            From eps = 1 on, where the attack on x_0 is not written out.
        """
        if len(self.positive) > 1:
            raise checks.InputError(
                "the attack on a grid's rule is written out for eps below 1; use a longer word of the same correlations"
            )
        return Function(self._answers, self._attacked)

    @cached_property
    def _directions(self) -> list[Array]:
        """(2, length): what P and Q are the sums of."""
        signs, moved = self.dist.word.signs, self.dist.word.orbit[1] * math.sqrt(self.dist.word.length)
        parts = [np.where(signs * moved > 0, signs, 0.0), np.where(signs * moved < 0, signs, 0.0)]
        return [part / max(float(np.linalg.norm(part)), 1.0) for part in parts]

    def _cells(self, x0: Array, x: Array) -> tuple[Array, list[NDArray[np.intp]], list[Array]]:
        """The side that x_0 is on, the cell of each point seen from that side, and where in it the point lies."""
        side = np.where(x0 >= 0, 1.0, -1.0)
        places = [side * (x @ direction) for direction in self._directions]
        cells = [np.searchsorted(axis.borders, place) for axis, place in zip(self.axes, places, strict=True)]
        return side, cells, places

    def _answers(self, x0: Array, x: Array) -> Array:
        side, (first, second), _ = self._cells(x0, x)
        return side * np.where(self.positive[0][first, second], 1.0, -1.0)

    def _attacked(self, x0: Array, x: Array, y: Array, eps: float) -> tuple[Array, Array]:
        """Each point moved into a cell with a wrong answer within the ball, if there is one."""
        side, _, places = self._cells(x0, x)
        moved = x.copy()
        for i in range(len(x)):
            wrong = self.positive[0] != (side[i] * y[i] > 0)
            targets = [self._targets(axis, place[i]) for axis, place in zip(self.axes, places, strict=True)]
            found = np.argwhere(wrong[np.ix_(*[np.array(sorted(target)) for target in targets])])
            if not len(found):
                continue
            for axis, target in enumerate(targets):
                goal = target[sorted(target)[found[0][axis]]]
                moved[i] += side[i] * (goal - places[axis][i]) * self._directions[axis]
        return x0, moved

    @staticmethod
    def _targets(axis: Axis, place: float) -> dict[int, float]:
        """For each cell within reach of a place the nearest point well inside both."""
        low, high = place - axis.half_width, place + axis.half_width
        first, last = np.searchsorted(axis.borders, [low, high])
        ends = np.concatenate([[-np.inf], axis.borders, [np.inf]])
        return {
            cell: (max(low, ends[cell]) + min(high, ends[cell + 1])) / 2 for cell in range(int(first), int(last) + 1)
        }


def best(
    dist: CyclicGaussian, weight: float, *, scaled_radius: float, partner: Partner = "spatial", cells: int = CELLS
) -> Cut:
    """The best rule on a grid of about ``cells`` x ``cells`` cells for a weight on adversarial accuracy.

    Raises
    ------
    InputError
        For another number of shifts than 2.

    Examples
    --------
    >>> from tradeoff.codes import families
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_zero(64, 32), step=32), p=0.5)
    >>> round(best(law, 0.5, scaled_radius=1.0, cells=120).value, 4)  # the best linear rule has .8535, the bound .8581
    0.8577
    """
    if dist.word.shifts != 2:
        raise checks.InputError(
            f"a group of {dist.word.shifts} elements is not covered: the best of all rules is found on a plane, for 2; "
            "use least_favourable.bound for more"
        )
    weight = checks.probability("weight", weight, what="the weight on adversarial accuracy")
    checks.known("partner", partner, PARTNERS)
    radius = checks.radius("scaled_radius", scaled_radius)
    checks.at_least("cells", cells, 4, what="the number of cells along an axis")
    axes = _axes(dist, radius, checks.at_most("cells", cells, MOST_CELLS))
    eps = dist.eps(radius)
    layers = _layers(dist.p, eps)
    gains = _gains(axes, layers, weight, partner)
    positive = _closure(axes, layers, gains)
    adversarial, spatial, joint = _accuracies(axes, layers, positive)
    return Cut(weight, adversarial, joint if partner == "joint" else spatial, positive, axes, dist)


def _axes(dist: CyclicGaussian, radius: float, cells: int) -> tuple[Axis, Axis]:
    rho = float(dist.word.correlations[1])
    made = []
    for sign in (1, -1):
        part = math.sqrt((1 + sign * rho) / 2)
        if not part:  # no coordinate shows this: one cell, that nothing moves
            made.append(Axis(np.empty(0), 0, 0.0, (0.0, 0.0)))
            continue
        half_width, end = radius * part, dist.signal * part + TAIL
        width = 2 * end / cells
        # The half-width is a whole number of cells, or (rounded outwards) one cell that is wider, or all cells.
        most = max(MOST_REACH, math.ceil(half_width / WIDEST))
        reach = min(max(round(half_width / width), 1), most)
        if half_width >= 2 * end:
            width = max(width, WIDEST)  # from anywhere to anywhere
        elif half_width > width / 2:
            width = half_width / reach
        inner = math.ceil(end / width)
        reach = min(reach, 2 * inner + 1) if half_width else 0
        borders = np.asarray(width * np.arange(-inner, inner + 1.0))
        made.append(Axis(borders, reach, half_width, (dist.signal * part, sign * dist.signal * part)))
    return made[0], made[1]


@dataclass(frozen=True)
class Layer:
    """One side of x_0: its probability given each label, and the layers into which an attack can move it."""

    given_positive: float
    given_negative: float
    reached: tuple[int, ...]


def _layers(p: float, eps: float) -> list[Layer]:
    """The sides x_0 = 1 and -1. Below eps = 1 they are mirror images that no attack mixes, and one stands for both.

    At eps = 1 the attack reaches x_0 = 0 from -1, which counts as +; beyond it reaches either side.
    """
    if eps < 1:
        return [Layer(p, 1 - p, (0,))]
    return [Layer(p, 1 - p, (0,) if eps == 1 else (0, 1)), Layer(1 - p, p, (0, 1))]


def _masses(axes: tuple[Axis, Axis], y: int, *, moved: bool) -> Array:
    """(cells of P, cells of Q) probabilities given the label on X, or averaged over both shifts."""
    tables = [np.multiply.outer(axes[0].masses(j), axes[1].masses(j)) for j in ((0, 1) if moved else (0,))]
    table = np.asarray(sum(tables)) / len(tables)
    return table if y > 0 else table[::-1, ::-1]  # the borders are symmetric about 0


def _gains(axes: tuple[Axis, Axis], layers: list[Layer], weight: float, partner: Partner) -> dict[str, Array]:
    """What each cell earns (layers, P, Q): by its answer, and by being right for a label whatever is added."""
    made: dict[str, list[Array]] = {"+": [], "-": [], "+ safe": [], "- safe": []}
    for layer in layers:
        for y, name, share in ((1, "+", layer.given_positive), (-1, "-", layer.given_negative)):
            clean, moved = (share * _masses(axes, y, moved=flag) for flag in (False, True))
            other, also = ((1 - weight) * moved, 0.0 * moved) if partner == "spatial" else (0.0 * moved, moved)
            made[name].append(other / len(layers))
            made[f"{name} safe"].append((weight * clean + (1 - weight) * also) / len(layers))
    return {name: np.stack(parts) for name, parts in made.items()}


def _closure(axes: tuple[Axis, Axis], layers: list[Layer], gains: dict[str, Array]) -> NDArray[np.bool_]:
    """The answers that earn most: the source's side of a minimum cut.

    Five nodes for each cell: its answer, "+ within reach along P", "+ within reach", and the same two for -. What wants
    + is won on the source's side, what wants - on the sink's.
    """
    from scipy.sparse import coo_array  # loads slowly, and only this needs it
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    shape = gains["+"].shape
    count = int(np.prod(shape))
    nodes = np.arange(5 * count, dtype=np.int64).reshape(5, *shape)
    answer, along, safe, along_minus, safe_minus = nodes
    source, sink = 5 * count, 5 * count + 1
    edges: list[tuple[NDArray[np.int64], ...]] = []

    def add(start: Whole, end: Whole, capacity: Whole) -> None:
        parts = np.broadcast_arrays(np.asarray(start), np.asarray(end), np.asarray(capacity))
        edges.append((parts[0].reshape(-1), parts[1].reshape(-1), parts[2].reshape(-1)))

    units = {name: np.rint(gain * WHOLE).astype(np.int64) for name, gain in gains.items()}
    add(source, answer, units["+"])
    add(answer, sink, units["-"])
    add(source, safe, units["+ safe"])
    add(safe_minus, sink, units["- safe"])
    for offset in range(-axes[0].reach, axes[0].reach + 1):
        here, there = _overlap(shape[1], offset)
        add(along[:, here], answer[:, there], UNBOUNDED)
        add(answer[:, there], along_minus[:, here], UNBOUNDED)
    for offset in range(-axes[1].reach, axes[1].reach + 1):
        here, there = _overlap(shape[2], offset)
        for own, layer in enumerate(layers):
            for other in layer.reached:
                add(safe[own][:, here], along[other][:, there], UNBOUNDED)
                add(along_minus[other][:, there], safe_minus[own][:, here], UNBOUNDED)
    starts, ends, capacities = (np.concatenate(parts) for parts in zip(*edges, strict=True))
    size = 5 * count + 2
    graph = coo_array((capacities.astype(np.int32), (starts, ends)), shape=(size, size)).tocsr()
    graph.eliminate_zeros()
    flow = maximum_flow(graph, source, sink).flow
    left = graph - flow
    left.data[left.data < 0] = 0
    left.eliminate_zeros()
    seen = breadth_first_order(left, source, return_predecessors=False)
    positive = np.zeros(size, dtype=bool)
    positive[seen] = True
    return np.asarray(positive[answer])


def _overlap(cells: int, offset: int) -> tuple[slice, slice]:
    """Cells and those at this offset from them, both on the grid."""
    return slice(max(0, -offset), cells - max(0, offset)), slice(max(0, offset), cells + min(0, offset))


def _accuracies(
    axes: tuple[Axis, Axis], layers: list[Layer], positive: NDArray[np.bool_]
) -> tuple[float, float, float]:
    """Adversarial, spatial and joint accuracy of the grid's rule, with the reach that the grid gives the attack."""
    totals = np.zeros(3)
    for own, layer in enumerate(layers):
        for y, share in ((1, layer.given_positive), (-1, layer.given_negative)):
            right = positive if y > 0 else ~positive
            safe = np.logical_and.reduce([_eroded(right[other], axes) for other in layer.reached])
            clean, moved = _masses(axes, y, moved=False), _masses(axes, y, moved=True)
            totals += share * np.array([clean[safe].sum(), moved[right[own]].sum(), moved[safe].sum()])
    adversarial, spatial, joint = totals / len(layers)
    return float(adversarial), float(spatial), float(joint)


def _eroded(cells: NDArray[np.bool_], axes: tuple[Axis, Axis]) -> NDArray[np.bool_]:
    """The cells whose whole box is in ``cells``; beyond the outermost cells there is nothing else."""
    kept = cells.copy()
    for number, axis in enumerate(axes):
        before = np.moveaxis(kept.copy(), number, 0)
        after = np.moveaxis(kept, number, 0)
        for offset in range(1, axis.reach + 1):
            after[offset:] &= before[:-offset]
            after[:-offset] &= before[offset:]
    return kept
