import numpy as np
import pytest

from tests.statistics import assert_frequency
from tradeoff import accuracy, checks, families, montecarlo, rules
from tradeoff.codes import cyclic_word
from tradeoff.distribution import CyclicGaussian
from tradeoff.questions import Question
from tradeoff.results import Estimate

TRIALS = 40_000
LAWS = {
    "golay": CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), 16), p=0.7),
    "three shifts, strong signal": CyclicGaussian(cyclic_word("++-+--+++", 3), p=0.6, signal=3.0),
    "short: eps above 1": CyclicGaussian(cyclic_word("++-+", 1), p=0.9),
    "p = 1/2": CyclicGaussian(cyclic_word(families.golay_zero(16, 8), 8), p=0.5),
}
RADIUS = 1.0


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("name", rules.RULES)
def test_sampled_equals_exact_for_every_rule_and_quantity(law, name, rng):
    """Six quantities and the paper's attack, one binomial test each; a value .02 away is refused every time."""
    dist, entry = LAWS[law], rules.RULES[name]
    rule = entry.build(dist, scaled_radius=RADIUS) if entry.for_radius else entry.build(dist)
    expected = [
        accuracy.standard(rule, dist),
        accuracy.spatial(rule, dist),
        accuracy.adversarial(rule, dist, scaled_radius=3.0),
        accuracy.joint(rule, dist, scaled_radius=RADIUS),
        accuracy.adversarial(rule, dist, scaled_radius=2 * dist.signal, attack="mean_shift"),
        accuracy.fooling(rule, dist, scaled_radius=0.7),
        accuracy.fooling(rule, dist, scaled_radius=3.0),
        accuracy.invariance(rule, dist),
    ]
    questions = [
        Question("standard", rule),
        Question("spatial", rule),
        Question("adversarial", rule, 3.0),
        Question("joint", rule, RADIUS),
        Question("adversarial", rule, 2 * dist.signal, "mean_shift"),
        Question("fooling", rule, 0.7),
        Question("fooling", rule, 3.0),
        Question("invariance", rule),
    ]
    seen = montecarlo.tally(questions, dist, trials=TRIALS, rng=rng)
    for frequency, answer in zip(seen, expected, strict=True):
        value = answer.value if isinstance(answer, Estimate) else answer
        assert_frequency(frequency, value)
        with pytest.raises(AssertionError):
            assert_frequency(frequency, value + 0.02 if value < 0.5 else value - 0.02)


def test_one_question_alone_or_among_others_sees_the_same_draws():
    dist = LAWS["golay"]
    rule = rules.bayes(dist)
    alone = montecarlo.spatial(rule, dist, trials=3000, rng=np.random.default_rng(7))
    others = [Question("joint", rule, 1.0), Question("spatial", rule)]
    assert montecarlo.tally(others, dist, trials=3000, rng=np.random.default_rng(7))[1] == alone


def test_the_named_functions_ask_what_they_say():
    dist, seed = LAWS["golay"], 3
    rule = rules.augmented(dist)
    pairs = [
        (montecarlo.standard, {}, Question("standard", rule)),
        (montecarlo.adversarial, {"scaled_radius": 1.5}, Question("adversarial", rule, 1.5)),
        (montecarlo.joint, {"scaled_radius": 1.5}, Question("joint", rule, 1.5)),
        (
            montecarlo.adversarial,
            {"scaled_radius": 4.0, "attack": "mean_shift"},
            Question("adversarial", rule, 4.0, "mean_shift"),
        ),
    ]
    for function, more, question in pairs:
        named = function(rule, dist, trials=2000, rng=np.random.default_rng(seed), **more)
        assert named == montecarlo.tally([question], dist, trials=2000, rng=np.random.default_rng(seed))[0]


def test_any_object_with_predict_and_attack_can_be_sampled(rng):
    """A rule the theory knows nothing of: the majority of signs of c_t x_t; unattacked it is binomial by hand."""
    dist = CyclicGaussian(cyclic_word("+-+", 3), p=0.5, signal=1.0)

    class Majority:
        def predict(self, x0, x):
            return np.sign(np.sign(x * dist.word.signs).sum(axis=1))

        def attack(self, x0, x, y, eps):
            return x0, x - eps * y[:, None] * dist.word.signs

    from scipy.special import ndtr

    q = ndtr(1 / np.sqrt(3))  # each vote is right with this probability
    assert_frequency(montecarlo.standard(Majority(), dist, trials=TRIALS, rng=rng), q**3 + 3 * q**2 * (1 - q))
    attacked = ndtr((1 - 0.5) / np.sqrt(3))
    seen = montecarlo.adversarial(Majority(), dist, scaled_radius=0.5, trials=TRIALS, rng=rng)
    assert_frequency(seen, attacked**3 + 3 * attacked**2 * (1 - attacked))


def test_progress_adds_up_to_the_trials():
    dist, done = LAWS["golay"], []
    montecarlo.tally(
        [Question("standard", rules.bayes(dist))], dist, trials=2500, rng=np.random.default_rng(0), progress=done.append
    )
    assert sum(done) == 2500
    assert len(done) > 1


def test_no_trials_are_refused():
    dist = LAWS["golay"]
    with pytest.raises(checks.InputError, match="trials=0 must be at least 1"):
        montecarlo.standard(rules.bayes(dist), dist, trials=0, rng=np.random.default_rng(0))
