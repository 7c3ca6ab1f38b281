"""Non-linear rules for K = 2 whose worst case is known exactly: constant on the cells of a grid.

For K = 2 only P and Q matter, the normed sums of c_t x_t over the coordinates where the word and its shift agree and
differ: independent, P ~ N(y s sqrt(f), 1), Q ~ N(+-y s sqrt(1 - f), 1) with f = (1 + rho)/2, the sign of Q's mean
turned by the shift. The attack's box has half widths a sqrt(f), a sqrt(1 - f). With cells that divide these exactly the
worst case is an erosion by whole cells; a radius rounded to the nearest cell makes true theorems look false.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import minimum_filter
from scipy.special import ndtr

REACH = 9.0
"""Cells end so far from the means; what lies beyond has probability 1e-19."""


@dataclass(frozen=True)
class GridRule:
    dist: object  # CyclicGaussian with two shifts that differ in some places and agree in others
    scaled_radius: float
    cells: int  # cells in the half width of the attack's box
    labels: np.ndarray  # (2, P cells, Q cells) answers -1 or 1 where x_0 is -1 and where it is 1

    def adversarial(self):
        return self._accuracy(0, eroded=True)

    def spatial(self, shift):
        return self._accuracy(shift, eroded=False)

    def _accuracy(self, shift, *, eroded):
        dist, total = self.dist, 0.0
        for y in (-1, 1):
            masses = masses_of(dist, self.scaled_radius, self.cells, y, shift)
            for i, x0 in enumerate((-1, 1)):
                right = (self.labels[i] == y).astype(np.int8)
                if eroded:
                    right = minimum_filter(right, size=2 * self.cells + 1, mode="nearest")
                chance = dist.p if x0 == y else 1 - dist.p
                total += 0.5 * chance * float(masses[0] @ right @ masses[1])
        return total


def shares(dist):
    """(2,) shares of coordinates where the word agrees with its shift, and where it differs."""
    rho = dist.word.correlations[1]
    return np.array([(1 + rho) / 2, (1 - rho) / 2])


def edges(dist, scaled_radius, cells, axis):
    width = scaled_radius * np.sqrt(shares(dist)[axis]) / cells
    count = int(np.ceil((dist.signal + REACH) / width))
    return width * np.arange(-count, count + 1)


def masses_of(dist, scaled_radius, cells, y, shift):
    """The probabilities of the cells along P and along Q."""
    found = []
    for axis in (0, 1):
        mean = y * dist.signal * np.sqrt(shares(dist)[axis]) * (-1 if axis == 1 and shift == 1 else 1)
        inner = edges(dist, scaled_radius, cells, axis)[1:-1]
        found.append(np.diff(np.concatenate([[0.0], ndtr(inner - mean), [1.0]])))
    return found


def wavy_rule(dist, scaled_radius, cells, coefficients):
    """A rule with a curved border that depends on x_0: the sign of a wavy function at the middle of each cell."""
    p, q = ((lambda e: (e[:-1] + e[1:]) / 2)(edges(dist, scaled_radius, cells, axis)) for axis in (0, 1))
    alpha, beta, gamma, height, wave, bend, weight = coefficients
    base = alpha * p[:, None] + beta * q[None, :] + gamma + height * np.sin(wave * p)[:, None] + bend * np.outer(p, q)
    return GridRule(dist, scaled_radius, cells, np.stack([np.where(base + weight * x0 >= 0, 1, -1) for x0 in (-1, 1)]))
