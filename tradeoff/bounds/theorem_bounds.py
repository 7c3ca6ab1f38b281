"""PROVED: Proposition 1 and Theorem 2, as printed and as corrected. Numbers only; arguments and evidence: `proofs`.

In the ledger: the printed statements, the corrected interval at a = 2s (corrected-*) and at other radii (radius-*).

The printed bounds are evaluated as they stand, also where they exceed 1 or contradict each other: showing that is
part of the point. `T(mu, q)` = Phi(Phi^-1(q) - mu).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from tradeoff.bounds.optima import best_adversarial
from tradeoff.codes import groups
from tradeoff.exact.normal_probabilities import h
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared import checks
from tradeoff.shared.results import Band, Interval

ROUNDING = 1e-12
"""An eta at the very end of what is possible is possible."""


@dataclass(frozen=True)
class Infeasible:
    """The answer to a question about rules that do not exist: none has so small an eta under all attacks."""

    eta: float
    least: float
    scaled_radius: float
    name: str = "eta"

    @property
    def reason(self) -> str:
        """Why, in a sentence."""
        where = (
            f"at scaled radius {self.scaled_radius:g}, and zero is an attack, too" if self.scaled_radius else "at all"
        )
        kind = "adversarial accuracy" if self.scaled_radius else "accuracy"
        return (
            f"{self.name}={self.eta:g} is impossible: no rule has {kind} above {1 - self.least:.4f} {where}; "
            f"use {self.name} from {self.least:.4f} to 1"
        )


def feasible_eta(dist: CyclicGaussian, *, scaled_radius: float) -> Interval:
    """The interval from the least eta that any rule has at this radius, 1 - R*(a), to 1.

    The hypothesis of Theorem 2, "accuracy at least 1 - eta under all attacks", can be met for eta in this interval
    and for no smaller eta: 1 - R*(a) is 1 - p at the theorem's a = 2s (zero is an attack, too).
    """
    return Interval(1 - best_adversarial(dist, scaled_radius=scaled_radius), 1.0)


def theorem2_formula(dist: CyclicGaussian, eta: float) -> Band:
    """The printed interval of Theorem 2, (1 - m/d)(1 - eta) to 1 - (m/d)(1 - eta p/(1-p)), whether it means anything.

    It can leave [0, 1] or be about no rule at all; `theorem2_printed` says so.

    >>> from tradeoff.codes.word import cyclic_word
    >>> theorem2_formula(CyclicGaussian(cyclic_word("++-+", step=2), p=0.6), 0.25)
    Band(lower=0.375, upper=0.6875)
    """
    eta = _eta(eta)
    share = 1 / dist.word.shifts
    return Band((1 - share) * (1 - eta), 1 - share * (1 - eta * dist.p / (1 - dist.p)))


def theorem2_printed(dist: CyclicGaussian, eta: float, *, scaled_radius: float | None = None) -> Band | Infeasible:
    """Theorem 2 as printed: what accuracy 1 - eta under all attacks says about Pr(f(r(X)) = Y).

    The paper has a = 2s (the default); what holds there holds at any larger radius.

    Raises
    ------
    InputError
        For a radius below 2s, of which the theorem does not speak.

    Examples
    --------
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word("+" * 20 + "-" * 5, step=5), p=0.6)
    >>> theorem2_printed(law, 0.5)
    Band(lower=0.4, upper=0.95)
    >>> theorem2_printed(law, 0.25).reason
    'eta=0.25 is impossible: no rule has adversarial accuracy above 0.6000 at scaled radius 4, and zero is an attack, \
too; use eta from 0.4000 to 1'
    """
    eta, radius = _eta(eta), _radius(dist, scaled_radius)
    if radius < 2 * dist.signal:
        raise checks.InputError(
            f"scaled_radius={radius:g} is below 2s = {2 * dist.signal:g}, the radius of Theorem 2, which says nothing "
            "there; use theorem2_corrected"
        )
    return _infeasible(dist, eta, radius) or theorem2_formula(dist, eta)


def theorem2_informative(dist: CyclicGaussian) -> Interval | None:
    """Feasible eta below (1-p)/p, where the printed upper bound is below 1; None where there is none.

    >>> from tradeoff.codes.word import cyclic_word
    >>> theorem2_informative(CyclicGaussian(cyclic_word("+" * 20 + "-" * 5, step=5), p=0.75))
    Interval(low=0.25, high=0.3333333333333333)
    """
    start, end = feasible_eta(dist, scaled_radius=2 * dist.signal).low, (1 - dist.p) / dist.p
    return Interval(start, end) if start < end else None


def theorem2_corrected(
    dist: CyclicGaussian, eta: float, *, scaled_radius: float | None = None, shift: int | None = None
) -> Band | Infeasible:
    """What adversarial accuracy 1 - eta at scaled radius a says about spatial accuracy, on average or at one shift.

    Shift by shift, with q = 1 - eta, t = max(2s - a, 0), and T(mu, q) = Phi(Phi^-1(q) - mu):

        T(t sqrt((1 - rho_j)/2), q) <= Spat_j <= 1 - ((1-p)/p) T(t sqrt((1 + rho_j)/2), q).

    At the theorem's a = 2s (the default) this is 1 - eta <= Spat <= 1 - ((1-p)/p)(1 - eta), whatever the step is.

    Examples
    --------
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word("+" * 20 + "-" * 5, step=5), p=0.7)
    >>> band = theorem2_corrected(law, 0.4)
    >>> round(band.lower, 4), round(band.upper, 4)
    (0.6, 0.7429)
    """
    eta, radius = _eta(eta), _radius(dist, scaled_radius)
    if none := _infeasible(dist, eta, radius):
        return none
    rho, left = dist.word.correlations, max(2 * dist.signal - radius, 0.0)
    if shift is not None:
        rho = rho[[groups.index(dist.word.group, shift)]]
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
        raise checks.InputError("the group has no element but the identity, and nothing moves; use a smaller step")
    mu, b = dist.signal * (1 - 2 * dist.word.relative_distance), dist.log_odds / (2 * dist.signal)
    return float(h(dist.p, mu, b))


def proposition1_averaged(dist: CyclicGaussian) -> float:
    """The same for a uniformly random shift, the identity among them: h(s, L/(2s))/K + (1 - 1/K) times that bound.

    At p = 1/2 and delta = 3/8: 0.8344 for K = 2, 0.7629 for K = 4; the paper claims "at most 85 %" without the share of
    the identity.
    """
    share = 1 / dist.word.shifts
    unmoved = float(h(dist.p, dist.signal, dist.log_odds / (2 * dist.signal)))
    return share * unmoved + (1 - share) * proposition1_corrected(dist)


def _t(mu: np.ndarray, q: float) -> np.ndarray:
    # Phi(Phi^-1(q) - 0) loses digits that q itself has.
    return np.where(mu == 0, q, ndtr(ndtri(q) - mu))


def _eta(eta: float) -> float:
    return checks.probability("eta", eta, what="the largest error rate under attack")


def _radius(dist: CyclicGaussian, scaled_radius: float | None) -> float:
    return 2 * dist.signal if scaled_radius is None else checks.radius("scaled_radius", scaled_radius)


def _infeasible(dist: CyclicGaussian, eta: float, radius: float) -> Infeasible | None:
    least = feasible_eta(dist, scaled_radius=radius).low
    return Infeasible(eta, least, radius) if eta < least - ROUNDING else None
