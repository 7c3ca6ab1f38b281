"""PROVED: Proposition 1 and Theorem 2, as printed and as corrected. Numbers only; arguments and evidence: `proofs`.

The ledger has the printed statements and the corrected interval at a = 2s; proofs for the other radii are to follow.

The printed bounds are evaluated as they stand, also where they exceed 1 or contradict each other: showing that is
part of the point. `T(mu, q)` = Phi(Phi^-1(q) - mu).
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr, ndtri

from tradeoff import checks
from tradeoff.distribution import CyclicGaussian
from tradeoff.results import Band, Interval


def best_adversarial(dist: CyclicGaussian, *, scaled_radius: float) -> float:
    """R*(a): the highest adversarial accuracy of any rule at scaled radius a.

    h(s - a, L/(2(s - a))) for a < s and p from there on; from eps = 1 on x_0 can be taken away, and it is
    Phi(s - a) for a < s and 1/2 from there on. `tradeoff.rules.robust` attains it.

    >>> from tradeoff import families
    >>> from tradeoff.codes import CyclicWord
    >>> law = CyclicGaussian(CyclicWord(families.golay_quarter(64, 16), step=16), p=0.7)
    >>> round(best_adversarial(law, scaled_radius=1.0), 4), best_adversarial(law, scaled_radius=4.0)
    (0.8613, 0.7)
    """
    left = dist.signal - checks.radius("scaled_radius", scaled_radius)
    if dist.eps(scaled_radius) >= 1:
        return float(ndtr(max(left, 0.0)))
    if left <= 0:
        return dist.p
    b = dist.log_odds / (2 * left)
    return float(dist.p * ndtr(left + b) + (1 - dist.p) * ndtr(left - b))


def feasible_eta(dist: CyclicGaussian, *, scaled_radius: float) -> Interval:
    """The interval from the least eta that any rule has at this radius, 1 - R*(a), to 1.

    The hypothesis of Theorem 2, "accuracy at least 1 - eta under all attacks", can be met for eta in this interval
    and for no smaller eta: 1 - R*(a) is 1 - p at the theorem's a = 2s (zero is an attack, too).
    """
    return Interval(1 - best_adversarial(dist, scaled_radius=scaled_radius), 1.0)


def theorem2_printed(dist: CyclicGaussian, eta: float) -> Band:
    """(1 - m/d)(1 - eta) <= Pr(f(r(X)) = Y) <= 1 - (m/d)(1 - eta p/(1-p)): Theorem 2, as printed.

    >>> from tradeoff.codes import CyclicWord
    >>> law = CyclicGaussian(CyclicWord("++-+", step=2), p=0.6)
    >>> theorem2_printed(law, 0.25)
    Band(lower=0.375, upper=0.6875)
    """
    eta = _eta(eta)
    share = 1 / dist.word.shifts
    return Band((1 - share) * (1 - eta), 1 - share * (1 - eta * dist.p / (1 - dist.p)))


def theorem2_informative(dist: CyclicGaussian) -> Interval | None:
    """Feasible eta below (1-p)/p, where the printed upper bound is below 1; None where there is none.

    >>> from tradeoff.codes import CyclicWord
    >>> theorem2_informative(CyclicGaussian(CyclicWord("+" * 20 + "-" * 5, step=5), p=0.75))
    Interval(low=0.25, high=0.3333333333333333)
    """
    start, end = feasible_eta(dist, scaled_radius=2 * dist.signal).low, (1 - dist.p) / dist.p
    return Interval(start, end) if start < end else None


def theorem2_corrected(dist: CyclicGaussian, eta: float, *, scaled_radius: float | None = None) -> Band:
    """What adversarial accuracy 1 - eta at scaled radius a says about spatial accuracy, averaged over all shifts.

    Shift by shift, with q = 1 - eta, t = max(2s - a, 0), and T(mu, q) = Phi(Phi^-1(q) - mu):

        T(t sqrt((1 - rho_j)/2), q) <= Spat_j <= 1 - ((1-p)/p) T(t sqrt((1 + rho_j)/2), q).

    At the theorem's a = 2s (the default) this is 1 - eta <= Spat <= 1 - ((1-p)/p)(1 - eta), whatever the step is.

    Errors
    ------
    InputError
        If no rule reaches 1 - eta: see `feasible_eta`.

    Examples
    --------
    >>> from tradeoff.codes import CyclicWord
    >>> law = CyclicGaussian(CyclicWord("+" * 20 + "-" * 5, step=5), p=0.7)
    >>> band = theorem2_corrected(law, 0.4)
    >>> round(band.lower, 4), round(band.upper, 4)
    (0.6, 0.7429)
    """
    eta, radius = _eta(eta), 2 * dist.signal if scaled_radius is None else checks.radius("scaled_radius", scaled_radius)
    least = feasible_eta(dist, scaled_radius=radius).low
    if eta < least - 1e-12:
        raise checks.InputError(
            f"eta={eta:g} is impossible: no rule has adversarial accuracy above {1 - least:.4f} at scaled radius "
            f"{radius:g}, and zero is an attack, too; use eta from {least:.4f} to 1"
        )
    rho, left = dist.word.correlations, max(2 * dist.signal - radius, 0.0)
    lower = np.mean(_t(left * np.sqrt((1 - rho) / 2), 1 - eta))
    upper = 1 - (1 - dist.p) / dist.p * np.mean(_t(left * np.sqrt((1 + rho) / 2), 1 - eta))
    return Band(float(lower), float(upper))


def proposition1_printed(relative_distance: float) -> float:
    """The printed bound on the accuracy of f* on moved data for p near 1/2: Phi(2 sqrt(1 - 2 delta)); 0.8413 at 3/8.

    It rests on the printed standard deviation sqrt(2|S| - d) and is not defined for delta > 1/2.
    """
    if not 0 <= relative_distance <= 0.5:
        raise checks.InputError(
            f"relative_distance={relative_distance:g} lies outside [0, 1/2], where the printed 2 sqrt(1 - 2 delta) "
            "is defined; use proposition1_corrected"
        )
    return float(ndtr(2 * math.sqrt(1 - 2 * relative_distance)))


def proposition1_corrected(dist: CyclicGaussian) -> float:
    """The bound that its proof gives with standard deviation sqrt(d), for every p and every j other than the identity.

    h(s (1 - 2 delta), L/(2s)); at p = 1/2 and delta = 3/8 it is Phi(1/2) = 0.6915.
    """
    if dist.word.shifts == 1:
        raise checks.InputError(
            f"step={dist.word.step} equals the length, so no shift but the identity exists; use a smaller step"
        )
    mu, b = dist.signal * (1 - 2 * dist.word.relative_distance), dist.log_odds / (2 * dist.signal)
    return float(dist.p * ndtr(mu + b) + (1 - dist.p) * ndtr(mu - b))


def _t(mu: np.ndarray, q: float) -> np.ndarray:
    # Phi(Phi^-1(q) - 0) loses digits that q itself has.
    return np.where(mu == 0, q, ndtr(ndtri(q) - mu))


def _eta(eta: float) -> float:
    return checks.probability("eta", eta, what="the largest error rate under attack")
