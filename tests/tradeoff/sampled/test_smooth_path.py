import numpy as np
import pytest

from tradeoff.codes import families, search
from tradeoff.codes.word import cyclic_word
from tradeoff.exact.accuracy import exact
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.question import Question
from tradeoff.sampled import smooth_path
from tradeoff.shared import checks
from tradeoff.shared.results import ends

LAWS = {
    "four": CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), 16), p=0.7),
    "eight": CyclicGaussian(cyclic_word(families.golay_quarter(64, 8), 8), p=0.6),
}
ASKED = [
    ("standard", 0.0, "worst", None),
    ("spatial", 0.0, "worst", None),
    ("spatial", 0.0, "worst", 1),
    ("adversarial", 1.0, "worst", None),
    ("adversarial", 1.0, "label_blind", None),
    ("adversarial", 4.0, "mean_shift", None),
    ("joint", 1.0, "worst", 2),
    ("fooling", 1.0, "worst", None),
    ("invariance", 0.0, "worst", None),
    ("invariance", 0.0, "worst", 1),
]


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("members", [None, [0, 1, 3]])
@pytest.mark.parametrize(("quantity", "radius", "attack", "shift"), ASKED)
def test_estimates_agree_with_the_exact_answers_within_their_errors(law, members, quantity, radius, attack, shift):
    """Twice four standard errors (16 scramblings): false alarm below 1e-6; a value .01 away is refused."""
    dist = LAWS[law]
    question = Question(quantity, rules.augmented(dist, members=members), radius, attack, shift)
    found = smooth_path.estimate(question, dist, trials=16 * 1024, rng=np.random.default_rng(1))
    answer = ends(exact(question, dist))
    error = 2 * found.error + (answer.high - answer.low)
    assert error < 0.005
    assert answer.low - error <= found.value <= answer.high + error
    assert not answer.low - error <= found.value + 0.01 <= answer.high + error


def test_a_linear_rule_leaves_nothing_to_sample():
    dist = LAWS["four"]
    question = Question("spatial", rules.bayes(dist))
    found = smooth_path.estimate(question, dist, trials=16, rng=np.random.default_rng(0))
    assert found.value == exact(question, dist)
    assert found.error < 1e-12


def test_another_generator_scrambles_otherwise():
    dist = LAWS["eight"]
    question = Question("spatial", rules.augmented(dist))
    values = [
        smooth_path.estimate(question, dist, trials=1024, rng=np.random.default_rng(seed)).value for seed in (0, 0, 1)
    ]
    assert values[0] == values[1] != values[2]


def test_what_cannot_be_estimated_is_refused():
    dist = LAWS["four"]
    foreign = Question("standard", rules.Function(lambda x0, x: x0))
    with pytest.raises(checks.InputError, match=r"no exact accuracy is known .* use path='vectors'"):
        smooth_path.estimate(foreign, dist, trials=100, rng=np.random.default_rng(0))
    with pytest.raises(checks.InputError, match="trials=3 must be at least 16"):
        smooth_path.estimate(Question("standard", rules.bayes(dist)), dist, trials=3, rng=np.random.default_rng(0))


@pytest.mark.parametrize("quantity", ["adversarial", "fooling"])
def test_where_the_attack_is_a_search_the_error_is_still_one(quantity):
    """Two scramblings differ, and by no more than twice their errors."""
    dist = CyclicGaussian(cyclic_word(search.search(60, 10), 10), p=0.7)
    question = Question(quantity, rules.augmented(dist), 1.0)
    one, two = (
        smooth_path.estimate(question, dist, trials=16 * 256, rng=np.random.default_rng(seed)) for seed in (0, 1)
    )
    assert 0 < abs(one.value - two.value) <= 2 * (one.error + two.error)


def test_points_are_the_power_of_two_that_is_used():
    assert [smooth_path.points(n) for n in (16, 17, 50_000, 1 << 24)] == [16, 16, 32_768, 1 << 24]
    with pytest.raises(checks.InputError, match="use at most 16777216"):
        smooth_path.points(10**12)
