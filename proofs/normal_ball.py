"""The normal distribution function of a ball."""

from flint import arb


def normal_cdf(x: arb) -> arb:
    """A ball that contains Phi(x)."""
    return (1 + (x / arb(2).sqrt()).erf()) / 2
