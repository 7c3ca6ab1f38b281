import numpy as np
import pytest

from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.exact.accuracy import exact
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.question import Question
from tradeoff.shared.results import Band, Frequency, Interval
from tradeoff.simulation import theorem2_check
from tradeoff.simulation.questions import Asked

LAW = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), 16), p=0.7)


def interval_tests(name: str, rule: rules.Rule) -> dict[str, theorem2_check.IntervalTest]:
    clean = Asked(name, {}, Question("standard", rule))
    answers = {attack: exact(one.question, LAW) for attack, one in theorem2_check.questions(clean, LAW).items()}
    return {test.attack: test for test in theorem2_check.interval_tests(clean, answers, LAW)}


@pytest.mark.parametrize(
    ("seen", "band", "word"),
    [
        (Interval(0.4, 0.5), Band(0.3, 0.6), "inside"),
        (Interval(0.2, 0.35), Band(0.3, 0.6), "inside"),  # the interval of what was seen reaches in
        (Interval(0.1, 0.2), Band(0.3, 0.6), "outside"),
        (Interval(0.7, 0.8), Band(0.3, 0.6), "outside"),
        (Interval(0.4, 0.5), Band(0.6, 0.3), "outside"),  # an empty printed interval
    ],
)
def test_outside_means_that_all_of_the_interval_is(seen, band, word):
    assert theorem2_check.verdict(seen, band) == word


def test_the_bayes_rule_is_infeasible_unattacked_and_inside_under_its_worst_attack():
    found = interval_tests("bayes", rules.bayes(LAW))
    assert found["none"].printed_verdict == found["none"].corrected_verdict == "infeasible"
    assert found["none"].corrected is None
    assert found["worst"].corrected_verdict == "inside"
    assert found["worst"].eta == pytest.approx(1 - accuracy.adversarial(rules.bayes(LAW), LAW, scaled_radius=4.0))


def test_sign_x0_sits_on_both_ends_of_the_corrected_interval():
    found = interval_tests("sign_x0", rules.sign_x0(LAW))["worst"]
    assert found.corrected == Band(pytest.approx(0.7), pytest.approx(0.7))
    assert found.corrected_verdict == found.printed_verdict == "inside"


def test_a_claimed_eta_that_no_rule_has_is_called_out():
    """A rule that hides its error under attack: eta 0.35 claimed, spatial accuracy 0.2 seen. The theorem objects."""
    clean = Asked("liar", {}, Question("standard", rules.bayes(LAW)))
    claimed, seen = Frequency(6500, 10_000), Frequency(2000, 10_000)
    answers = {"mean_shift": claimed, "none": claimed, "worst": claimed, "spatial": seen}
    for test in theorem2_check.interval_tests(clean, answers, LAW):
        assert test.corrected_verdict == test.printed_verdict == "outside"


def test_the_whole_range_of_eta_is_allowed_for():
    """eta .40 with an interval to .4128: a spatial accuracy just above the interval at .40 is not yet outside."""
    clean = Asked("bayes", {}, Question("standard", rules.bayes(LAW)))
    seen = Frequency(6000, 10_000)
    upper = 1 - 3 / 7 * (1 - 0.405)
    answers = {"mean_shift": seen, "none": seen, "worst": seen, "spatial": upper}
    assert {test.corrected_verdict for test in theorem2_check.interval_tests(clean, answers, LAW)} == {"inside"}
    answers["spatial"] = 1 - 3 / 7 * (1 - 0.42)
    assert {test.corrected_verdict for test in theorem2_check.interval_tests(clean, answers, LAW)} == {"outside"}


def test_sampling_noise_around_the_least_eta_is_not_infeasible():
    """eta seen as .2985 with an interval that reaches .3 is possible; the interval shown is the one at .3."""
    clean = Asked("sign_x0", {}, Question("standard", rules.sign_x0(LAW)))
    seen = Frequency(7015, 10_000)
    answers = {"mean_shift": seen, "none": seen, "worst": seen, "spatial": seen}
    test = theorem2_check.interval_tests(clean, answers, LAW)[0]
    assert test.corrected_verdict == "inside"
    assert np.isfinite([test.corrected.lower, test.corrected.upper]).all()
