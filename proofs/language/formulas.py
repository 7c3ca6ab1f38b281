"""The closed forms that the ledger speaks of, in letters; `proofs.agreement` sets them beside `tradeoff`."""

from __future__ import annotations

from sympy import Basic, exp, log, pi, sqrt

from proofs.language.functions import Phi, PhiInverse
from proofs.language.notation import K, a, b, delta, eta, mu, p, rho, s, share, z

LOG_ODDS = log(p / (1 - p))


def h(mean: Basic, weight: Basic) -> Basic:
    """p Phi(mean + weight) + (1 - p) Phi(mean - weight): a score N(y mean, 1) with this weight on sign(x_0)."""
    return p * Phi(mean + weight) + (1 - p) * Phi(mean - weight)


H = h(mu, b)
BAYES_WEIGHT = LOG_ODDS / (2 * s)
BAYES = h(s, BAYES_WEIGHT)
"""Accuracy of f* on X, and of f*_j on r_j(X)."""
MOVED = h(s * rho, BAYES_WEIGHT)
"""Accuracy of f* on r_j(X), rho the correlation of c and r_j(c)."""
ATTACKED = h(s - a, BAYES_WEIGHT)
"""Adversarial accuracy of f* at scaled radius a."""
AVERAGED = BAYES / K + (1 - 1 / K) * MOVED
"""Spatial accuracy of f* if all K - 1 other shifts have correlation rho."""
MOVED_BOUND, AVERAGED_BOUND = (one.subs(rho, 1 - 2 * delta) for one in (MOVED, AVERAGED))
ROBUST_BEST = h(s - a, LOG_ODDS / (2 * (s - a)))
"""R*(a) for a < s: no rule has more adversarial accuracy."""
ROBUST_MOVED = h(s * rho, LOG_ODDS / (2 * (s - a)))
"""Accuracy of the most robust rule f_a on r_j(X)."""
INVARIANT_MEAN = s * sqrt((1 + rho) / 2)
INVARIANT_BEST = h(INVARIANT_MEAN, LOG_ODDS / (2 * INVARIANT_MEAN))
"""B_2: the best accuracy of an invariant rule for two shifts, that of g_2."""
INVARIANT_ATTACKED = h((s - a) * sqrt((1 + rho) / 2), LOG_ODDS / (2 * INVARIANT_MEAN))
"""Adversarial accuracy of g_2."""
PRINTED_RATIO = 2 * sqrt(1 - 2 * delta)
PRINTED_MOVED = Phi(PRINTED_RATIO)
"""What the proof of Proposition 1 prints as a bound on the accuracy of f* on moved data."""
PRINTED_LOWER = (1 - share) * (1 - eta)
PRINTED_UPPER = 1 - share * (1 - eta * p / (1 - p))
"""The printed interval of Theorem 2, share = m/d."""
LOWER = 1 - eta
UPPER = 1 - (1 - p) / p * (1 - eta)
"""What is true in its place at a = 2s."""
LEFT = 2 * s - a
NEAR = LEFT * sqrt((1 - rho) / 2)
FAR = LEFT * sqrt((1 + rho) / 2)
LOWER_AT = Phi(PhiInverse(1 - eta) - NEAR)
UPPER_AT = 1 - (1 - p) / p * Phi(PhiInverse(1 - eta) - FAR)
"""The same at one shift and any radius a < 2s."""
LABEL_BLIND = Phi(s - a) + Phi(-s) - Phi(-s - a)
"""Accuracy of f* at p = 1/2 under the worst attack that does not see the label: it turns z = <u, x> where |z| < a."""
TSIPRAS = delta * p / (1 - p)
"""Tsipras et al., Theorem 2.1, from our own statement of it."""


def shortfall(short: Basic) -> Basic:
    """E max(0, 1 - M) for a margin M = N(1 - short, 1): its hinge loss."""
    return short * Phi(short) + exp(-(short**2) / 2) / sqrt(2 * pi)


SHORTFALL = shortfall(z)
