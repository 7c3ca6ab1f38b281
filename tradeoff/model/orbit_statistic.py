r"""The statistic F of the rotation-augmented Bayes rule, and its worst case under an l_inf attack.

Notation: z_j = <r_j(u), x> for the K shifts, F(z) = log sum_j exp(s z_j) - log sum_j exp(-s z_j). An attack of
scaled radius a moves z by -a sum_v f_v e_v v with e_v in [-1, 1], one number for each pattern v (up to sign) of
frequency f_v. Along one pattern F is the logarithm of a Moebius function of exp(2 s t), hence monotone; so the
minimum over the box of all e lies at a corner; and because F grows in every z_j, at one that no other corner exceeds
in every z_j. That makes the worst case a finite search: exact up to MOST_CORNERS of these, a descent beyond.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeoff.shared.arrays import cached_array, frozen

Array = NDArray[np.float64]

MOST_CORNERS = 4096
"""Corners that can be the worst case are listed up to this many; K = 4 has at most 2^7, the Golay
words for K = 8 have 895."""
CORNERS_AT_ONCE = 256
"""Corners looked at together: a block stays in the cache."""

MOST_STARTS, MOST_ITERATIONS = 8, 12
"""Beyond that many patterns: starts (and the even one), and steps from each, of the search."""

SAME = 1e-12
"""Sums of frequencies closer than this are equal."""
SAFE = 300.0
"""Exponents up to here neither overflow nor underflow, also as quotients of two sums."""
TINY = 1e-280
"""Below this a product of exponentials has lost digits to underflow."""


@dataclass(frozen=True, eq=False)
class OrbitStatistic:
    """F for given patterns (P, K) with leading +, their frequencies (P,), and the signal s."""

    patterns: Array
    frequencies: Array
    signal: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "patterns", frozen(self.patterns))
        object.__setattr__(self, "frequencies", frozen(self.frequencies))

    @cached_array
    def moves(self) -> Array:
        """(P, K): how far a unit radius moves z against label 1, pattern by pattern."""
        return self.frequencies[:, None] * self.patterns

    @property
    def attack_is_exact(self) -> bool:
        """Whether `worst_corner` searches all corners that can be the worst."""
        return self.corners is not None

    @cached_array
    def corners(self) -> Array | None:
        """(C, P) signs e_v of all corners that can be the worst case, or None where there are more than MOST_CORNERS.

        F grows in every z_j, so a corner that moves every z_j at least as far down as another makes that one idle. Of a
        sum of two parts only sums of such undominated parts can be undominated: the list is built pattern by pattern.
        """
        signs, reach = np.zeros((1, 0)), np.zeros((1, self.moves.shape[1]))
        for move in self.moves:
            signs = np.vstack([np.column_stack([signs, np.full(len(signs), e)]) for e in (1.0, -1.0)])
            reach = np.vstack([reach + move, reach - move])
            kept = undominated(reach)
            if kept.size > MOST_CORNERS:
                return None
            signs, reach = signs[kept], reach[kept]
        return signs

    def value(self, z: Array) -> Array:
        """F (n,) at z (n, K)."""
        return value(z, self.signal)

    def attacked(self, z: Array, scaled_radius: float) -> Array:
        """F (n,) after the worst (or worst known) attack against label 1, for z (n, K)."""
        if scaled_radius == 0:
            return self.value(z)
        if self.corners is not None:
            return self._at_corners(z, scaled_radius, self.corners)[0]
        return self.value(z - scaled_radius * self.worst_corner(z, scaled_radius) @ self.moves)

    def worst_corner(self, z: Array, scaled_radius: float) -> Array:
        """(n, P) the signs e_v of that attack."""
        if self.corners is not None:
            return np.asarray(self.corners[self._at_corners(z, scaled_radius, self.corners)[1]])
        return self._descent(z, scaled_radius)

    def _at_corners(self, z: Array, scaled_radius: float, corners: Array) -> tuple[Array, NDArray[np.intp]]:
        """The least F (n,) over the corners, and which corner has it."""
        scaled, offsets = self.signal * z, -self.signal * scaled_radius * corners @ self.moves
        top, bottom, reach = scaled.max(axis=1), scaled.min(axis=1), np.abs(offsets).max()
        # exp(F) is a ratio of two sums of products, one factor for the point and one for the corner.
        above, below = np.exp(scaled - top[:, None]), np.exp(bottom[:, None] - scaled)
        up, down = np.exp(offsets - reach), np.exp(-offsets - reach)
        least, which = np.full(len(z), np.inf), np.zeros(len(z), dtype=np.intp)
        for start in range(0, len(corners), CORNERS_AT_ONCE):
            block = slice(start, start + CORNERS_AT_ONCE)
            high, low = above @ up[block].T, below @ down[block].T
            if min(high.min(), low.min()) < TINY:
                return self._term_by_term(z, offsets / self.signal)
            high /= low
            best = high.argmin(axis=1)
            values = high[np.arange(len(z)), best]
            better = values < least
            least[better], which[better] = values[better], start + best[better]
        return top + bottom + np.log(least), which

    def _term_by_term(self, z: Array, offsets: Array) -> tuple[Array, NDArray[np.intp]]:
        """The same for large signals and radii, corner by corner, where nothing can underflow."""
        least, which = np.full(len(z), np.inf), np.zeros(len(z), dtype=np.intp)
        for i, offset in enumerate(offsets):
            values = self.value(z + offset)
            better = values < least
            least[better], which[better] = values[better], i
        return least, which

    def _descent(self, z: Array, scaled_radius: float) -> Array:
        """Fixed points e = sign(gradient along each pattern) from several starts; the lowest F of all visited corners.

        The starts are the even gradient and the gradients that stand on one shift, for the shifts that weigh most.
        """
        best_value = np.full(len(z), np.inf)
        best = np.ones((len(z), len(self.patterns)))
        heaviest = np.argsort(-self._gradient(z), axis=1)[:, :MOST_STARTS]
        starts = [np.full(z.shape, 1.0), *(np.eye(z.shape[1])[column] for column in heaviest.T)]
        for gradient in starts:
            active = np.arange(len(z))
            last = np.zeros((len(z), len(self.patterns)))
            for _ in range(MOST_ITERATIONS):
                corner = np.where(gradient @ self.patterns.T >= 0, 1.0, -1.0)
                moves_on = (corner != last).any(axis=1)
                active, corner = active[moves_on], corner[moves_on]
                if not active.size:
                    break
                moved = z[active] - scaled_radius * corner @ self.moves
                value = self.value(moved)
                better = value < best_value[active]
                best_value[active[better]], best[active[better]] = value[better], corner[better]
                gradient, last = self._gradient(moved), corner
        return best

    def _gradient(self, z: Array) -> Array:
        """(n, K) the gradient of F, divided by the signal: positive, so F grows in every z_j."""
        return softmax(self.signal * z) + softmax(-self.signal * z)


def value(z: Array, signal: float) -> Array:
    """F (n,) at z (n, K)."""
    scaled = signal * z
    return log_sum_exp(scaled) - log_sum_exp(-scaled)


def log_ratio(z: Array, signal: float) -> Array:
    """F (n,) at z (K, n), one column for each point: quicker, as sums run along columns."""
    scaled = signal * z
    if max(scaled.max(), -scaled.min()) > SAFE:
        return value(z.T, signal)
    # Two exponentials, not one and its reciprocal: F has to be odd to the last bit where it is lost in rounding.
    above = np.exp(scaled).sum(axis=0)
    below = np.exp(-scaled).sum(axis=0)
    return np.asarray(np.log(above / below))


def log_sum_exp(rows: Array) -> Array:
    """log sum_j exp(rows[:, j]), without overflow."""
    top = rows.max(axis=1)
    return np.asarray(top + np.log(np.exp(rows - top[:, None]).sum(axis=1)))


def softmax(rows: Array) -> Array:
    weights = np.exp(rows - rows.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def undominated(points: Array) -> NDArray[np.intp]:
    """Indices of the rows that no other row exceeds or equals in every place; of equal rows the first.

    >>> undominated(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.5], [1.0, 0.0]]))
    array([0, 1])
    """
    order = np.argsort(-points.sum(axis=1), kind="stable")  # a row is dominated by rows of no smaller sum only
    kept = np.empty((0, points.shape[1]))
    chosen: list[int] = []
    for start in range(0, len(order), CORNERS_AT_ONCE):
        block = order[start : start + CORNERS_AT_ONCE]
        rows = points[block]
        free = ~np.any(np.all(kept[None, :, :] >= rows[:, None, :] - SAME, axis=2), axis=1)
        block, rows = block[free], rows[free]
        within = np.all(rows[None, :, :] >= rows[:, None, :] - SAME, axis=2)
        fresh = ~np.tril(within, -1).any(axis=1)  # earlier rows of the block have no smaller sum
        kept = np.vstack([kept, rows[fresh]])
        chosen += block[fresh].tolist()
    return np.sort(np.array(chosen, dtype=np.intp))
