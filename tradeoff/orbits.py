r"""The statistic F of the rotation-augmented Bayes rule, and its worst case under an l_inf attack.

Notation: z_j = <r_j(u), x> for the K shifts, F(z) = log sum_j exp(s z_j) - log sum_j exp(-s z_j). An attack of
scaled radius a moves z by -a sum_v f_v e_v v with e_v in [-1, 1], one number for each pattern v (up to sign) of
frequency f_v. Along one pattern F is the logarithm of a Moebius function of exp(2 s t), hence monotone; so the
minimum over the box of all e lies at a corner, and along the constant pattern it lies at e = 1 because F grows in
every z_j. That makes the worst case a finite search: exact here up to 2^10 corners, a descent beyond.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOST_FREE_PATTERNS = 10
"""Corners are enumerated up to 2^10; K = 4 has at most 2^7."""

MOST_STARTS, MOST_ITERATIONS = 8, 12
"""Beyond that many patterns: starts (and the even one), and steps from each, of the search."""

TINY = 1e-280
"""Below this a product of exponentials has lost digits to underflow."""


@dataclass(frozen=True, eq=False)
class OrbitStatistic:
    """F for given patterns (P, K) with leading +, their frequencies (P,), and the signal s."""

    patterns: Array
    frequencies: Array
    signal: float

    @cached_property
    def moves(self) -> Array:
        """(P, K): how far a unit radius moves z against label 1, pattern by pattern."""
        return self.frequencies[:, None] * self.patterns

    @cached_property
    def free(self) -> NDArray[np.intp]:
        """Patterns whose corner must be searched: all but the constant one."""
        return np.flatnonzero((self.patterns < 0).any(axis=1))

    @property
    def attack_is_exact(self) -> bool:
        """Whether `worst_corner` searches all corners."""
        return self.free.size <= MOST_FREE_PATTERNS

    @cached_property
    def corners(self) -> Array:
        """(2^free, P) all candidates of the worst case."""
        count = 1 << self.free.size
        corners = np.ones((count, len(self.patterns)))
        bits = (np.arange(count)[:, None] >> np.arange(self.free.size)) & 1
        corners[:, self.free] = 1.0 - 2.0 * bits
        return corners

    def value(self, z: Array) -> Array:
        """F (n,) at z (n, K)."""
        scaled = self.signal * z
        return log_sum_exp(scaled) - log_sum_exp(-scaled)

    def attacked(self, z: Array, scaled_radius: float) -> Array:
        """F (n,) after the worst (or worst known) attack against label 1, for z (n, K)."""
        if scaled_radius == 0:
            return self.value(z)
        if self.attack_is_exact:
            base, ratios = self._at_corners(z, scaled_radius)
            return np.asarray(base + np.log(ratios.min(axis=1)))
        return self.value(z - scaled_radius * self.worst_corner(z, scaled_radius) @ self.moves)

    def worst_corner(self, z: Array, scaled_radius: float) -> Array:
        """(n, P) the signs e_v of that attack."""
        if self.attack_is_exact:
            return np.asarray(self.corners[self._at_corners(z, scaled_radius)[1].argmin(axis=1)])
        return self._descent(z, scaled_radius)

    def _at_corners(self, z: Array, scaled_radius: float) -> tuple[Array, Array]:
        """base (n,) and ratios (n, corners) with F = base + log(ratio) at every corner, by two matrix products."""
        scaled, offsets = self.signal * z, -self.signal * scaled_radius * self.corners @ self.moves
        top, bottom, reach = scaled.max(axis=1), scaled.min(axis=1), np.abs(offsets).max()
        above = np.exp(scaled - top[:, None]) @ np.exp(offsets - reach).T
        below = np.exp(bottom[:, None] - scaled) @ np.exp(-offsets - reach).T
        if min(above.min(), below.min()) >= TINY:
            return top + bottom, above / below
        # Large signals and radii: term by term, where nothing can underflow.
        values = np.stack([self.value(z + offset / self.signal) for offset in offsets], axis=1)
        base = values.min(axis=1)
        with np.errstate(over="ignore"):
            return base, np.exp(values - base[:, None])

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


def log_sum_exp(rows: Array) -> Array:
    """log sum_j exp(rows[:, j]), without overflow."""
    top = rows.max(axis=1)
    return np.asarray(top + np.log(np.exp(rows - top[:, None]).sum(axis=1)))


def softmax(rows: Array) -> Array:
    weights = np.exp(rows - rows.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
