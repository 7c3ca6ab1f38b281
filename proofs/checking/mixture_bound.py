"""A certified upper bound of the Bayes accuracy of Theorem 4' for two shifts, p = 1/2, and the full mean shift.

Given y = 1, the law is lambda N((s - a) u) + (1 - lambda) (q N(s u) + (1 - q) N(s r(u))). In orthonormal coordinates, P
along u + r(u) and Q along u - r(u), the three means have positive P-parts, so that for every Q the log ratio of the
labels rises in P and has one zero t(Q). Between two values of Q the rule P > t_0 is as good as Bayes' up to a strip
around t_0, in which Arb's balls confirm that t(Q) lies and bound what is missed.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import arb, ctx

Law = list[tuple[arb, arb, arb]]
"""P-part, Q-part and weight of each mean."""

REACH = 8
"""Beyond |Q| = 8 the whole probability is counted as right."""
STEPS, BITS, MOST_SLABS = 60, 64, 2_000
GUESS_BITS = 20
"""t_0 is a whole multiple of 2^-20: a certificate holds it exactly."""
GROWTH = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Strips tried, in widths of the slab."""


class NotBoundedError(ValueError):
    """The method does not apply, or needs narrower slabs."""


@dataclass(frozen=True)
class Slab:
    """Values of Q from ``low`` to ``high``, for each of which t(Q) lies within ``reach`` of ``start``."""

    low: Fraction
    high: Fraction
    start: Fraction
    reach: Fraction


def mixture_bound(weight: arb, signal: arb, radius: arb, correlation: arb, share: arb, slabs: arb) -> arb:
    """No rule has weight Adv_a + (1 - weight) (share Spat_0 + (1 - share) Spat_1) above this; a < s and |rho| < 1.

    Raises
    ------
    NotBoundedError
        Outside of that range, or for more than 2,000 slabs.
    """
    return strips(weight, signal, radius, correlation, share, slabs)[0]


def strips(weight: arb, signal: arb, radius: arb, correlation: arb, share: arb, slabs: arb) -> tuple[arb, list[Slab]]:
    """The bound, and the slabs by which others can check it."""
    if not (
        0 <= radius < signal < 8
        and abs(correlation) < 1
        and all(0 <= one <= 1 for one in (weight, share))
        and 1 <= slabs <= MOST_SLABS
    ):
        raise NotBoundedError(
            "the bound is for 0 <= a < s < 8, |rho| < 1, lambda and q in [0, 1] and at most 2,000 slabs"
        )
    before, ctx.prec = ctx.prec, BITS
    try:
        law = _law(weight, signal, radius, correlation, share)
        count = int(float(slabs))
        ends = [Fraction(REACH * (2 * i - count), count) for i in range(count + 1)]
        found = [_slab(low, high, law) for low, high in itertools.pairwise(ends)]
        total = sum((_right(slab, law) for slab in found), arb(0))
        for _, q, part in law:
            total += part * (normal_cdf(-REACH - q) + normal_cdf(q - REACH))
        return total.upper(), found
    finally:
        ctx.prec = before


def _law(weight: arb, signal: arb, radius: arb, correlation: arb, share: arb) -> Law:
    along, across = ((1 + correlation) / 2).sqrt(), ((1 - correlation) / 2).sqrt()
    means = (
        (signal - radius, 1, weight),
        (signal, 1, (1 - weight) * share),
        (signal, -1, (1 - weight) * (1 - share)),
    )
    return [(size * along, size * across * side, part) for size, side, part in means]


def _ball(number: Fraction) -> arb:
    return arb(number.numerator) / number.denominator


def _slab(low: Fraction, high: Fraction, law: Law) -> Slab:
    """A slab with a strip of P in which t(Q) lies for every Q: the ratio changes its sign in between."""
    guess = _zero(float(low + high) / 2, law)
    start, across = Fraction(round(guess * 2**GUESS_BITS), 2**GUESS_BITS), _ball(low).union(_ball(high))
    for times in GROWTH:
        reach = Fraction(times) * (high - low)
        if _ratio(_ball(start - reach), across, law) < 0 and _ratio(_ball(start + reach), across, law) > 0:
            return Slab(low, high, start, reach)
    raise NotBoundedError("the slabs are too wide to find where Bayes' rule changes its mind; use more of them")


def _right(slab: Slab, law: Law) -> arb:
    """At least the probability of Q in a slab and Bayes' rule being right, the mean over both labels.

    That of the rule P > t_0, t_0 one number for the slab, and what it misses between t_0 and t(Q): there the two
    densities are nearly equal, so that little is missed.
    """
    low, high, start, reach = map(_ball, (slab.low, slab.high, slab.start, slab.reach))
    across, right = low.union(high), arb(0)
    for p, q, part in law:
        plus = (normal_cdf(high - q) - normal_cdf(low - q)) * normal_cdf(p - start)
        minus = (normal_cdf(high + q) - normal_cdf(low + q)) * normal_cdf(start + p)
        right += part * (plus + minus) / 2
    along = (start - reach).union(start + reach)
    density = (-(along**2 + across**2) / 2).exp() / (2 * arb.pi())
    return right + (high - low) * reach * abs(density * _ratio(along, across, law)).upper()


def _ratio(along: arb, across: arb, law: Law) -> arb:
    """g_+ - g_- without common factors: sum of weight exp(-|m|^2/2) sinh(<m, x>)."""
    return sum(
        (part * (-(p * p + q * q) / 2).exp() * (p * along + q * across).sinh() for p, q, part in law),
        arb(0),
    )


def _zero(across: float, law: Law) -> float:
    """t(Q) by bisection in floating point: a guess, confirmed elsewhere."""
    parts = np.array([(float(p), float(q)) for p, q, _ in law])
    sizes = np.array([float(part) for _, _, part in law]) * np.exp(-(parts**2).sum(axis=1) / 2)
    low, high = -16.0, 16.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if sizes @ np.sinh(parts @ (middle, across)) < 0:
            low = middle
        else:
            high = middle
    return low


def normal_cdf(x: arb) -> arb:
    """A ball that contains Phi(x)."""
    return (1 + (x / arb(2).sqrt()).erf()) / 2
