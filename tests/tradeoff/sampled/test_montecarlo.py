import numpy as np
import pytest

from tests.statistics import assert_frequency
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model import normal_variates, rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.question import Question
from tradeoff.sampled import montecarlo, smooth_path
from tradeoff.shared import checks
from tradeoff.shared.results import Frequency

TRIALS = 40_000
LAWS = {"golay": CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), 16), p=0.7)}


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
        [Question("standard", rules.bayes(dist))],
        dist,
        trials=12_500,
        rng=np.random.default_rng(0),
        path="vectors",
        progress=done.append,
    )
    assert sum(done) == 12_500
    assert len(done) > 1


def test_no_trials_are_refused():
    dist = LAWS["golay"]
    with pytest.raises(checks.InputError, match="trials=0 must be at least 1"):
        montecarlo.standard(rules.bayes(dist), dist, trials=0, rng=np.random.default_rng(0))


def test_a_python_function_is_sampled_and_its_attack_asked_for(rng):
    """x_0 alone, written as a function: accuracy p clean, moved and under the attack of Theorem 2's proof."""
    dist = LAWS["golay"]
    rule = rules.Function(lambda x0, x: x0)
    assert_frequency(montecarlo.standard(rule, dist, trials=TRIALS, rng=rng), 0.7)
    assert_frequency(montecarlo.spatial(rule, dist, trials=TRIALS, rng=rng), 0.7)
    seen = montecarlo.adversarial(rule, dist, scaled_radius=4.0, attack="mean_shift", trials=TRIALS, rng=rng)
    assert_frequency(seen, 0.7)
    with pytest.raises(checks.InputError, match="no attack on this function is known"):
        montecarlo.adversarial(rule, dist, scaled_radius=1.0, trials=10, rng=rng)
    turned = rules.Function(lambda x0, x: np.sign(x0), attacked=lambda x0, x, y, eps: (x0 - eps * y, x))
    assert montecarlo.adversarial(turned, dist, scaled_radius=12.0, trials=500, rng=rng).hits == 0


@pytest.mark.parametrize("function", [lambda x0, x: x, lambda x0, x: 0.5 * x0, lambda x0, x: None])
def test_a_function_that_gives_no_labels_is_refused(function, rng):
    with pytest.raises(checks.InputError, match="labels, each -1 or 1"):
        montecarlo.standard(rules.Function(function), LAWS["golay"], trials=10, rng=rng)


@pytest.mark.parametrize(
    ("ask", "part"),
    [
        ({"scaled_radius": 1.0, "attack": "weak"}, "attack='weak' is unknown"),
        ({"scaled_radius": -1.0}, "scaled_radius"),
    ],
)
def test_attacks_that_do_not_exist_are_refused(ask, part, rng):
    with pytest.raises(checks.InputError, match=part):
        montecarlo.adversarial(rules.bayes(LAWS["golay"]), LAWS["golay"], trials=10, rng=rng, **ask)


def test_a_label_blind_attack_on_moved_data_is_refused(rng):
    with pytest.raises(checks.InputError, match="defined for data as they are"):
        montecarlo.joint(
            rules.bayes(LAWS["golay"]), LAWS["golay"], scaled_radius=1.0, attack="label_blind", trials=9, rng=rng
        )


@pytest.mark.parametrize("path", ["orbit", "vectors"])
def test_the_same_seed_gives_the_same_counts_for_any_number_of_workers(path):
    dist = LAWS["golay"]
    questions = [Question("spatial", rules.augmented(dist)), Question("joint", rules.bayes(dist), 1.0)]
    alone, shared = (
        montecarlo.tally(questions, dist, trials=150_000, rng=np.random.default_rng(3), path=path, workers=workers)
        for workers in (1, 2)
    )
    assert alone == shared


@pytest.mark.parametrize("path", ["orbit", "vectors"])
def test_compiled_draws_change_no_count(path, monkeypatch):
    dist = LAWS["golay"]
    questions = [Question("spatial", rules.augmented(dist)), Question("adversarial", rules.bayes(dist), 1.0)]
    counts = []
    for pays in (1 << 60, 1):
        monkeypatch.setattr(normal_variates, "PAYS", pays)
        counts.append(montecarlo.tally(questions, dist, trials=30_000, rng=np.random.default_rng(3), path=path))
    assert counts[0] == counts[1]


def test_the_path_is_chosen_by_what_the_rules_need():
    dist = LAWS["golay"]
    known, foreign = Question("standard", rules.bayes(dist)), Question("standard", rules.Function(lambda x0, x: x0))
    assert montecarlo.path_of([known], dist) == "orbit"
    assert montecarlo.path_of([known, foreign], dist) == "vectors"
    assert montecarlo.path_of([known], dist, "vectors") == "vectors"
    with pytest.raises(checks.InputError, match="path='orbit' does not suit a rule of type Function"):
        montecarlo.path_of([foreign], dist, "orbit")
    with pytest.raises(checks.InputError, match="path='fast' is unknown"):
        montecarlo.path_of([known], dist, "fast")


def test_intervals_cover_at_least_as_often_as_they_say():
    """Clopper-Pearson at 95 %: of 1,000 runs 5 % miss at most, and 1.5 % at least (false alarms below 1e-6 each).

    The true coverage for 400 trials lies between .95 and .966 at all these rates, from the binomial law itself.
    """
    from scipy.stats import binom

    dist = LAWS["golay"]
    rule = rules.bayes(dist)
    expected = [accuracy.standard(rule, dist), accuracy.spatial(rule, dist)]
    missed = np.zeros(2)
    for seed in range(1000):
        seen = montecarlo.tally(
            [Question("standard", rule), Question("spatial", rule)], dist, trials=400, rng=np.random.default_rng(seed)
        )
        missed += [value not in one.interval(0.95) for one, value in zip(seen, expected, strict=True)]
    for count, value in zip(missed, expected, strict=True):
        hits = np.arange(401)
        inside = np.array([value in Frequency(int(h), 400).interval(0.95) for h in hits])
        true = 1 - binom.pmf(hits, 400, value)[inside].sum()
        assert 0.015 < true <= 0.05
        assert binom.sf(count - 1, 1000, true) > 1e-6
        assert binom.cdf(count, 1000, true) > 1e-6


def test_the_cost_of_the_orbit_path_does_not_hide_the_length_in_memory():
    """A block of the orbit path is as large for 16,384 coordinates as for 64."""
    from tradeoff.sampled import orbit_path

    sizes = []
    for step in (16, 4096):
        dist = CyclicGaussian(cyclic_word(families.golay_quarter(4 * step, step), step), 0.7)
        question = Question("spatial", rules.augmented(dist))
        sizes.append(orbit_path.block_size([question], dist))
    assert sizes[0] == sizes[1]


def test_a_rule_of_another_word_is_shown_full_vectors():
    """What it sees is not a statistic of this law's orbit: the orbit path would count something else."""
    dist = LAWS["golay"]
    other = CyclicGaussian(cyclic_word("+" * 60 + "-" * 4, 16), 0.7)
    question = Question("standard", rules.augmented(dist))
    assert montecarlo.path_of([question], other) == "vectors"
    with pytest.raises(checks.InputError, match="was built for another word or group"):
        montecarlo.path_of([question], other, "orbit")
    with pytest.raises(checks.InputError, match="another word or group; use path='vectors'"):
        smooth_path.estimate(question, other, trials=100, rng=np.random.default_rng(0))
    with pytest.raises(checks.InputError, match="built for 64 coordinates and the law has 4"):
        montecarlo.standard(
            rules.augmented(dist), CyclicGaussian(cyclic_word("++-+", 1), 0.7), trials=9, rng=np.random.default_rng(0)
        )


def test_a_function_that_cannot_be_sent_to_other_processes_is_refused_in_words():
    question = Question("standard", rules.Function(lambda x0, x: x0))
    with pytest.raises(checks.InputError, match="workers=2 needs work that can be sent to other processes"):
        montecarlo.tally([question], LAWS["golay"], trials=100, rng=np.random.default_rng(0), workers=2)
