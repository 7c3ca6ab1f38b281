r"""Expectations over correlations z with members of an orbit, one common direction integrated out.

The correlations z_j = <r_j(u), x> are normal. Write z = zeta 1 + w with zeta normal and independent of w: the weighted
mean of z with the smallest variance does it (for a whole group it is the plain mean). What is left, w, lives in at most
K - 1 dimensions. A product Gauss-Hermite rule takes integrands in up to three of them that are smooth on the scale of
its nodes; scrambled Sobol points take all others (kinks, jumps, thin strips, more dimensions), as their error estimate
does not rest on smoothness: Hermite rules that all miss a strip agree with each other and are wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tradeoff.shared.arrays import freeze, freeze_fields
from tradeoff.shared.results import Estimate

Array = NDArray[np.float64]
Integrand = Callable[[Array], Array]
"""Maps points w (n, K) to values (n,)."""

HERMITE_DIMENSIONS = 3
HERMITE_ORDERS = (24, 30, 36)
"""Nodes per dimension; the range of the three answers is the error estimate."""
SMOOTH, SAFETY = 1e-6, 20
"""A larger range means kinks, and points are taken; a smaller one counts this many times, as the range of three answers
was seen to miss the true error by a factor of nine where a worst attack has kinks."""
LEAST_VARIANCE, MOST_SIGNAL = 0.1, 4.0
"""The integrand rises over sqrt(variance of zeta), and F bends over 1/signal: narrower than that, and nodes, half a
standard deviation apart, do not see it."""
LIGHTEST = 1e-17
"""Nodes of less weight are left out: more than half of a three-dimensional grid, and no digit of the answer."""
REPLICATES, LOG2_POINTS = 16, 12
"""Independent scramblings of 2^12 Sobol points; their spread is the error estimate."""
KEPT_DIMENSIONS = 16
"""Sobol points are kept for further answers up to this dimension: 0.5 MB a replicate."""
SEED = 20211  # Sobol scrambling only: a fixed, documented part of the answer's definition
CHUNK = 1 << 12
ROUNDING = 1e-13
NULL = 1e-10
"""Eigenvalues and pivots below this are taken for zeros: rounding leaves about 1e-15 K of one."""
NEARLY = 0.99
"""Of pivots that are at least this share of the largest the first is taken, so that rounding does not choose."""


@dataclass(frozen=True)
class Sobol:
    """Scrambled Sobol points in place of Gauss-Hermite nodes: 2^log2_points in each of REPLICATES scramblings."""

    log2_points: int = LOG2_POINTS
    seed: int = SEED


@dataclass(frozen=True)
class Split:
    """z = zeta 1 + w: mean and variance of zeta; mean (K,) of w and a (K, r) root of its covariance."""

    mean: float
    variance: float
    rest_mean: Array
    root: Array

    def __post_init__(self) -> None:
        freeze_fields(self)

    @property
    def mirrored(self) -> Split:
        """The parts of -z, so that every point of a rule is the mirror image of what it is for z."""
        return Split(-self.mean, self.variance, -self.rest_mean, -self.root)


def split(mean: Array, covariance: Array) -> Split:
    """The split of a normal vector z with this mean (K,) and covariance (K, K), which may be singular.

    The variance of zeta is 0 where the noise never moves all z_j alike.

    >>> halves = split(np.array([1.0, 0.0]), np.eye(2))
    >>> halves.mean, round(halves.variance, 12), halves.rest_mean
    (0.5, 0.5, array([ 0.5, -0.5]))
    """
    weights, variance = _common_direction(covariance)
    shared = float(weights @ mean)
    return Split(shared, variance, mean - shared, root(covariance - variance))


def _common_direction(covariance: Array) -> tuple[Array, float]:
    """Weights of sum 1 with covariance @ weights = variance * 1."""
    values, vectors = np.linalg.eigh(covariance)
    kept = values > NULL
    ones = np.ones(len(values))
    along = vectors.T @ ones
    outside = vectors[:, ~kept] @ along[~kept]
    if outside @ ones > NULL:
        return outside / (outside @ ones), 0.0
    weights = vectors[:, kept] @ (along[kept] / values[kept])
    variance = 1 / float(weights @ ones)
    return weights * variance, variance


def root(covariance: Array) -> Array:
    """(K, r) matrix R with R R^T the covariance, by Cholesky's algorithm with pivots.

    An eigenvalue of a symmetric word repeats, and its eigenvectors are then whichever ones a processor's LAPACK rounds
    to: another rotation of the nodes, another answer within the stated error. These columns are the same everywhere, up
    to rounding, as pivots that nearly tie are taken in order.
    """
    size = len(covariance)
    rest, made = np.diag(covariance).copy(), np.zeros((size, size))
    for done in range(size):
        largest = float(rest.max())
        if largest <= NULL:
            return made[:, :done]
        pivot = int(np.argmax(rest >= NEARLY * largest))
        column = covariance[:, pivot] - made[:, :done] @ made[pivot, :done]
        made[:, done] = column / math.sqrt(rest[pivot])
        rest -= made[:, done] ** 2
    return made


def resolved(parts: Split, signal: float) -> bool:
    """Whether Gauss-Hermite nodes see all of Pr(F + b > 0 | w) for a statistic F of this signal."""
    return parts.variance >= LEAST_VARIANCE and signal <= MOST_SIGNAL


def over_rest(parts: Split, integrand: Integrand, points: Sobol | None = None, *, smooth: bool = True) -> Estimate:
    """E integrand(w), by ``points`` if given, else by Gauss-Hermite rules if it is ``smooth`` on their nodes' scale.

    Returns
    -------
    Estimate
        Value, and an error: SAFETY times the range over three Gauss-Hermite orders, or four standard errors of the
        Sobol mean (false alarm about 1e-3 for 16 replicates).
    """
    mean, root = parts.rest_mean, parts.root
    if root.shape[1] == 0 or (points is None and smooth and root.shape[1] <= HERMITE_DIMENSIONS):
        answers = [_hermite(mean, root, order, integrand) for order in HERMITE_ORDERS]
        if np.ptp(answers) <= SMOOTH:
            return Estimate(answers[-1], SAFETY * float(np.ptp(answers)) + ROUNDING)
    means = [_sobol(mean, root, replicate, integrand, points or Sobol()) for replicate in range(REPLICATES)]
    # An event that no point has seen may still have a probability of about 3 in as many points (95 %).
    unseen = 0.0 if smooth else 3 / (REPLICATES * 2 ** (points or Sobol()).log2_points)
    return Estimate(float(np.mean(means)), error_of(means) + unseen)


def error_of(means: Sequence[float]) -> float:
    """Four standard errors of the mean over REPLICATES scramblings (false alarm about 1e-3 for 16), and rounding."""
    return 4 * float(np.std(means, ddof=1)) / math.sqrt(len(means)) + ROUNDING


def _hermite(mean: Array, root: Array, order: int, integrand: Integrand) -> float:
    grid, mass = hermite_grid(order, root.shape[1])
    return float(_values(mean + grid @ root.T, integrand) @ mass)


@lru_cache(maxsize=16)
def hermite_grid(order: int, dimensions: int) -> tuple[Array, Array]:
    """Nodes (n, dimensions) and probabilities (n,) of the product rule for the standard normal law."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(order)
    weights = weights / weights.sum()
    grid, mass = np.zeros((1, 0)), np.ones(1)
    for _ in range(dimensions):
        grid = np.hstack([np.repeat(grid, order, axis=0), np.tile(nodes, len(grid))[:, None]])
        mass = np.multiply.outer(mass, weights).reshape(-1)
    kept = mass > LIGHTEST
    return freeze(grid[kept]), freeze(mass[kept])


def _sobol(mean: Array, root: Array, replicate: int, integrand: Integrand, points: Sobol = Sobol()) -> float:
    made = sobol_points(root.shape[1], replicate, points)
    return float(_values(mean + made @ root.T, integrand).mean())


def sobol_points(dimensions: int, replicate: int, points: Sobol) -> Array:
    """`sobol_normals`, kept for the next call unless they are many."""
    # Points of a large orbit, or of a seed of the caller's, would fill the memory that they save time in.
    keep = dimensions <= KEPT_DIMENSIONS and points.seed == SEED
    return (sobol_normals if keep else sobol_normals.__wrapped__)(dimensions, replicate, points)


@lru_cache(maxsize=4 * REPLICATES)
def sobol_normals(dimensions: int, replicate: int, points: Sobol) -> Array:
    """(2^log2_points, dimensions) standard normal points of the Sobol sequence in its ``replicate``-th scrambling."""
    from scipy.special import ndtri
    from scipy.stats import qmc  # loads slowly, and most answers do not need it

    unit = qmc.Sobol(dimensions, rng=np.random.default_rng([points.seed, replicate])).random_base2(points.log2_points)
    # Scrambled points can round to 0, where the normal quantile is infinite.
    return freeze(np.asarray(ndtri(np.clip(unit, 2.0**-40, 1 - 2.0**-40))))


def _values(points: Array, integrand: Integrand) -> Array:
    """Chunked, so that memory does not grow with the number of points."""
    return np.concatenate([integrand(points[i : i + CHUNK]) for i in range(0, len(points), CHUNK)])
