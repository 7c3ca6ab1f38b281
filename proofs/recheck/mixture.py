"""A bound of Theorem 4' on the accuracy of every rule for a mixture of three normal laws and its mirror image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from proofs.recheck.inequalities import between, opened
from proofs.recheck.intervals import BITS, Interval, evaluate, number, root, rounded, times
from proofs.recheck.limits import RefusedError, few, fraction, integer, missing_bits


def mixture(text: str) -> tuple[str, str]:
    """Re-check a bound on the accuracy of every rule for the law of Theorem 4', and that a number lies above it.

    Given y = 1 the law is N((p_i, q_i), I) with weight w_i, in coordinates P along u + r(u) and Q along u - r(u); given
    y = -1 its mirror image. All p_i are positive: the difference of the two densities rises in P, and Bayes' rule is
    P > t(Q). In a slab of Q whose t(Q) lie within ``reach`` of t_0 it is right as often as P > t_0 is, and more by at
    most half the difference of the densities, integrated over the strip. Outside of the slabs all counts as right.
    """
    head, *rows = text.splitlines()
    claim = opened(head)
    law, total, edge = _law(claim["law"]), 0, None
    few(rows, [DIFFERENCE, DIFFERENCE, MISSED, RIGHT])
    shift = missing_bits(claim["bits"], BITS)
    slabs = [[integer(end) << shift for end in row.split()] for row in rows]
    for low, high, start, reach in slabs:
        if not (low < high and reach > 0 and edge in (None, low)):
            raise RefusedError("the slabs do not follow one another")
        edge, at = high, {**law, "low": (low, low), "high": (high, high), "Q": (low, high), "start": (start, start)}
        ends = [evaluate(DIFFERENCE, {**at, "P": (end, end)}) for end in (start - reach, start + reach)]
        if not (ends[0][1] < 0 < ends[1][0]):
            raise RefusedError(
                f"the slab from {rounded(low)} to {rounded(high)}: t(Q) is not found around {rounded(start)}"
            )
        missed = max(map(abs, evaluate(MISSED, {**at, "P": (start - reach, start + reach)})))
        total += evaluate(RIGHT, at)[1] + times(times((0, missed), (0, reach)), (0, high - low))[1]
    total += evaluate(OUTSIDE, {**law, "low": (slabs[0][0],) * 2, "high": (slabs[-1][1],) * 2})[1]
    bound, (low, high) = number(claim["bound"]), evaluate(claim["tree"], {})
    if total > bound[0]:
        raise RefusedError(f"the slabs show {rounded(total)}, which is more than {claim['bound']}")
    sign, says = between((low - bound[1], high - bound[0]), claim)
    return sign, f"{len(slabs)} slabs: at most {float(fraction(claim['bound'])):.9g}, {says} below"


def _law(claim: dict[str, str]) -> dict[str, Interval]:
    """Parts and weights of the three means: (s - a) u, s u and s r(u)."""
    weight, signal, radius, correlation, share = (
        fraction(claim[name]) for name in ("weight", "signal", "radius", "correlation", "share")
    )
    if not (0 <= radius < signal and abs(correlation) < 1 and 0 <= weight <= 1 and 0 <= share <= 1):
        raise RefusedError("a law needs 0 <= a < s, |rho| < 1, and weights in [0, 1]")
    along, across = (root(number(str((1 + side * correlation) / 2))) for side in (1, -1))
    law: dict[str, Interval] = {}
    moved = 1 - weight
    means = ((signal - radius, 1, weight), (signal, 1, moved * share), (signal, -1, moved * (1 - share)))
    for i, (size, side, part) in enumerate(means):
        law |= {f"p{i}": times(number(str(size)), along), f"q{i}": times(number(str(size * side)), across)}
        law[f"w{i}"] = number(str(part))
    return law


def _less(first: Any, second: Any) -> Any:
    return ["+", first, ["*", "-1", second]]


def _sinh(one: Any) -> Any:
    return ["*", "1/2", _less(["exp", one], ["exp", ["*", "-1", one]])]


def _bell(first: str, second: str) -> Any:
    return ["exp", ["*", "-1/2", ["+", ["^", first, "2"], ["^", second, "2"]]]]


def _over_means(term: Callable[[str, str], Any]) -> Any:
    return ["+", *(["*", f"w{i}", term(f"p{i}", f"q{i}")] for i in range(3))]


def _both_sides(probability: Callable[[Any, Any], Any]) -> Any:
    """The mean over both labels of a probability that depends on the place of the mean, (p, q) or (p, -q) turned."""
    return _over_means(
        lambda p, q: [
            "*",
            "1/2",
            ["+", probability(_less(p, "start"), q), probability(["+", p, "start"], ["*", "-1", q])],
        ]
    )


DIFFERENCE = _over_means(lambda p, q: ["*", _bell(p, q), _sinh(["+", ["*", p, "P"], ["*", q, "Q"]])])
"""Half the difference of the two densities at (P, Q), without the factor of `MISSED`."""
MISSED = ["*", _bell("P", "Q"), ["^", ["*", "2", ["pi"]], "-1"], DIFFERENCE]
RIGHT = _both_sides(lambda p, q: ["*", _less(["Phi", _less("high", q)], ["Phi", _less("low", q)]), ["Phi", p]])
OUTSIDE = _over_means(
    lambda _, q: [
        "*",
        "1/2",
        [
            "+",
            *(["Phi", _less("low", one)] for one in (q, ["*", "-1", q])),
            *(["Phi", _less(one, "high")] for one in (q, ["*", "-1", q])),
        ],
    ]
)
