"""Theorem 2 put to the test: each rule's error under three attacks, the two intervals there, and what is seen.

The theorem's hypothesis speaks of all attacks. A rule's eta under one attack only (the paper's, or none) understates
it; setting the theorem against such an eta shows what a reader would conclude who tested with that attack.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tradeoff.bounds import theorem_bounds
from tradeoff.exact.accuracy import worst_attack_is_known
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared.results import Answer, Band, Frequency, Interval
from tradeoff.simulation.questions import Asked
from tradeoff.simulation.rows import LEVEL, Row, bracket, identity
from tradeoff.simulation.scenario import Scenario

ATTACKS = {"mean_shift": "the paper's", "none": "none", "worst": "worst case"}
ROUNDING = 1e-9
"""Closed forms that meet (sign(x_0) sits on both ends of its interval) may differ by this."""


@dataclass(frozen=True)
class IntervalTest:
    """One rule's eta under one attack, with both intervals at that eta and the spatial accuracy beside them."""

    rule: str
    rule_params: dict[str, Any]
    attack: str
    eta: float
    eta_range: Interval
    eta_is_least: bool  # the worst attack is not known: the true eta may be larger
    spatial: float
    spatial_range: Interval
    printed: Band
    printed_verdict: str
    corrected: Band | None
    corrected_verdict: str


def questions(clean: Asked, dist: CyclicGaussian) -> dict[str, Asked]:
    """What has to be known about a rule: its accuracy under each attack at a = 2s, and its spatial accuracy."""
    a = 2 * dist.signal
    return {
        "mean_shift": clean.about("adversarial", a, "mean_shift"),
        "none": clean.about("standard"),
        "worst": clean.about("adversarial", a),
        "spatial": clean.about("spatial"),
    }


def interval_tests(
    clean: Asked, answers: Mapping[str, Answer | Frequency], dist: CyclicGaussian, level: float | None = None
) -> list[IntervalTest]:
    """The tests of one rule, one for each attack; ``level`` is that of sampled answers."""
    found = {attack: bracket(answer, level or LEVEL) for attack, answer in answers.items()}
    if searched := not worst_attack_is_known(clean.question.rule):
        found["worst"]["low"] = 0.0
    return [_test(clean, attack, found, searched and attack == "worst", dist) for attack in ATTACKS]


def _test(
    clean: Asked, attack: str, found: dict[str, dict[str, Any]], searched: bool, dist: CyclicGaussian
) -> IntervalTest:
    accuracy, spatial = found[attack], found["spatial"]
    eta, eta_range = 1 - accuracy["value"], Interval(1 - accuracy["high"], 1 - accuracy["low"])
    spatial_range = Interval(spatial["low"], spatial["high"])
    least = theorem_bounds.feasible_eta(dist, scaled_radius=2 * dist.signal).low
    common = (clean.rule, clean.rule_params, attack, eta, eta_range, searched, spatial["value"], spatial_range)
    if eta_range.high < least - ROUNDING:
        return IntervalTest(
            *common, theorem_bounds.theorem2_formula(dist, _clip(eta)), "infeasible", None, "infeasible"
        )
    # Both intervals widen as eta grows, so the upper end of its range is the fair one to test; what is shown is
    # the interval at eta itself (at the least feasible eta where sampling fell just below that).
    safe = _clip(max(eta_range.high, least))
    return IntervalTest(
        *common,
        theorem_bounds.theorem2_formula(dist, _clip(eta)),
        verdict(spatial_range, theorem_bounds.theorem2_formula(dist, safe)),
        corrected(dist, max(eta, least)),
        verdict(spatial_range, corrected(dist, safe)),
    )


def corrected(dist: CyclicGaussian, eta: float) -> Band:
    """The corrected interval at an eta that is known to be possible."""
    band = theorem_bounds.theorem2_corrected(dist, _clip(eta))
    assert isinstance(band, Band), f"eta={eta} was said to be possible"
    return band


def verdict(seen: Interval, band: Band) -> str:
    """``outside`` only if the whole interval of what was seen lies outside."""
    return "outside" if seen.high < band.lower - ROUNDING or seen.low > band.upper + ROUNDING else "inside"


def _clip(eta: float) -> float:
    # A quadrature's error estimate can carry an end of its range past 0 or 1.
    return min(max(eta, 0.0), 1.0)


def rows(
    scenario: Scenario,
    tests: Sequence[IntervalTest],
    dist: CyclicGaussian,
    *,
    trials: int | None = None,
    seed: int | None = None,
) -> list[Row]:
    """Every test as two rows, and one for the feasible eta.

    The verdict of a row allows for the ranges of eta and of the spatial accuracy, which stand in ``given``.
    """
    a, shared = 2 * dist.signal, identity(scenario)
    least = theorem_bounds.feasible_eta(dist, scaled_radius=a)
    made = [
        Row(
            **shared,
            quantity="bound",
            method="bound",
            value=None,
            low=least.low,
            high=least.high,
            scaled_radius=a,
            given={"statement": "feasible_eta"},
            source="1 - R*(a); zero is an attack, too",
        )
    ]
    for test in tests:
        for statement, band, word, source in (
            ("theorem2_printed", test.printed, test.printed_verdict, "Kamath et al., Theorem 2, as printed"),
            (
                "theorem2_corrected",
                test.corrected,
                test.corrected_verdict,
                "1 - eta <= Spat <= 1 - ((1-p)/p)(1 - eta)",
            ),
        ):
            made.append(
                Row(
                    **shared,
                    quantity="bound",
                    method="bound",
                    value=None,
                    low=band.lower if band else None,
                    high=band.upper if band else None,
                    rule=test.rule,
                    rule_params=test.rule_params,
                    scaled_radius=a,
                    given={
                        "statement": statement,
                        "attack": test.attack,
                        "eta": test.eta,
                        "eta_low": test.eta_range.low,
                        "eta_high": test.eta_range.high,
                        "spatial": test.spatial,
                        "spatial_low": test.spatial_range.low,
                        "spatial_high": test.spatial_range.high,
                    },
                    trials=trials,
                    seed=seed,
                    verdict=word,
                    source=source,
                )
            )
    return made
