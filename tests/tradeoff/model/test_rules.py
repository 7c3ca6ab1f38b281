import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import laws, radii
from tradeoff.bounds import l2
from tradeoff.codes import families, groups
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model import RULES, rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Augmented, Linear
from tradeoff.sampled import montecarlo
from tradeoff.shared import checks

GOLAY = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), 16), p=0.7)


def build(name: str, dist: CyclicGaussian, radius: float = 1.0) -> Linear | Augmented:
    entry = RULES[name]
    return entry.build(dist, scaled_radius=radius) if entry.for_radius else entry.build(dist)


@pytest.mark.parametrize("name", RULES)
@given(dist=laws(), eps=st.floats(0, 3), seed=st.integers(0, 99))
def test_attacks_stay_in_the_ball(name, dist, eps, seed):
    """|A|_inf <= eps, in x_0 and in every coordinate, and the data passed in stay as they were."""
    rule = build(name, dist)
    x0, x, y = dist.sample(8, np.random.default_rng(seed))
    before = x.copy()
    moved_x0, moved = rule.attack(x0, x, y, eps)
    assert np.abs(moved - x).max() <= eps * (1 + 1e-12) + 1e-12
    assert np.abs(moved_x0 - x0).max() <= eps * (1 + 1e-12) + 1e-12
    assert np.array_equal(x, before)


@pytest.mark.parametrize("name", RULES)
@given(dist=laws(most_shifts=4), eps=st.floats(0, 1.5), seed=st.integers(0, 99))
def test_no_random_attack_beats_the_worst_one(name, dist, eps, seed):
    """Where the worst attack leaves the answer right, so does every other attack in the ball (exact for K <= 4)."""
    rule = build(name, dist)
    rng = np.random.default_rng(seed)
    x0, x, y = dist.sample(16, rng)
    survives = rule.predict(*rule.attack(x0, x, y, eps)) == y
    for _ in range(30):
        corner = rng.choice([-eps, eps], size=(16, dist.word.length + 1))
        fooled = rule.predict(x0 + corner[:, 0], x + corner[:, 1:]) != y
        assert not (fooled & survives).any()


@given(laws(), st.integers(0, 99), st.integers(1, 5))
def test_the_augmented_rule_is_invariant(dist, seed, j):
    """g_K(r_j(x)) = g_K(x)."""
    rule = rules.augmented(dist)
    x0, x, _ = dist.sample(50, np.random.default_rng(seed))
    assert np.array_equal(rule.predict(x0, groups.move(dist.word.group, x, j % dist.word.shifts)), rule.predict(x0, x))


@given(laws(most_shifts=2, least_shifts=2), st.integers(0, 99))
def test_for_two_shifts_the_augmented_rule_is_the_mixture_rule(dist, seed):
    """The linear form equals the sign of the log-likelihood ratio written out."""
    rule = rules.augmented(dist)
    x0, x, _ = dist.sample(50, np.random.default_rng(seed))
    z = dist.signal * x @ dist.word.orbit.T
    score = np.log(np.exp(z).sum(1)) - np.log(np.exp(-z).sum(1)) + dist.log_odds * x0
    sure = np.abs(score) > 1e-6  # words with r_1(c) = -c have score 0 at p = 1/2
    assert np.array_equal(rule.predict(x0, x)[sure], np.sign(score[sure]))


def test_the_bayes_rule_has_the_weights_of_the_paper():
    """sign(sum c_t x_t + (sqrt(d)/4) log rho): divided by sqrt(d), weight L/4 beside u."""
    rule = rules.bayes(GOLAY)
    assert rule.x0_weight == pytest.approx(GOLAY.log_odds / 4)
    assert np.array_equal(rule.weights * 8, GOLAY.word.signs)


def test_the_orbit_average_is_the_normed_mean_of_the_orbit():
    rule = rules.orbit_average(GOLAY)
    mean = GOLAY.word.orbit.sum(axis=0)
    assert rule.weights == pytest.approx(mean / np.linalg.norm(mean), abs=1e-12)
    assert rule.x0_weight == pytest.approx(GOLAY.log_odds / (4 * np.sqrt(GOLAY.word.mean_correlation)))


def test_the_orbit_average_of_an_antiperiodic_word_is_sign_x0():
    dist = CyclicGaussian(cyclic_word(families.antiperiodic(64, 16), 16), p=0.7)
    assert not rules.orbit_average(dist).weights.any()
    assert rules.orbit_average(dist).x0_weight > 0


@pytest.mark.parametrize(
    ("length", "radius", "x0_weight", "weights"),
    [
        (64, 1.0, GOLAY.log_odds / 2, True),  # a < s, eps < 1
        (64, 2.0, 1.0, False),  # a = s: sign(x_0)
        (64, 5.0, 1.0, False),
        (1, 1.0, 0.0, True),  # eps = 1, a < s: the word alone
    ],
)
def test_the_robust_rule_drops_what_the_attack_can_take(length, radius, x0_weight, weights):
    rule = rules.robust(CyclicGaussian(cyclic_word("+" * length, length), p=0.7), scaled_radius=radius)
    assert rule.x0_weight == pytest.approx(x0_weight)
    assert bool(rule.weights.any()) == weights


def test_nothing_is_left_of_the_robust_rule_where_x0_and_the_word_can_be_taken_away():
    """a = s and eps = 1: constant."""
    dist = CyclicGaussian(cyclic_word("++++", 4), p=0.7)
    assert isinstance(rules.robust(dist, scaled_radius=2.0), rules.Constant)
    assert isinstance(rules.robust_augmented(dist, scaled_radius=2.0), rules.Constant)


@given(laws(), radii())
def test_a_rule_answers_one_or_minus_one(dist, radius):
    x0, x, _ = dist.sample(5, np.random.default_rng(0))
    for name in RULES:
        assert set(build(name, dist, radius).predict(x0, x)) <= {-1.0, 1.0}


def test_ties_go_to_plus_one():
    rule = Linear(np.zeros(3), 0.0)
    assert rule.predict(np.array([-1.0]), np.zeros((1, 3))).tolist() == [1.0]


REFUSED = [
    (lambda: Linear(np.ones((2, 2)), 0.0), "weights of shape"),
    (lambda: Linear(np.array([1.0, np.nan]), 0.0), "one finite number"),
    (lambda: Linear(np.array(["1"]), 0.0), "one finite number"),
    (lambda: Linear(np.ones(3), float("inf")), "x0_weight=inf"),
    (lambda: rules.Constant(2.0), "answer=2.0 is no label"),
    (lambda: rules.Function(None), "must be functions"),
    (lambda: rules.augmented(GOLAY, members=3), "members=3 is no list"),
    (lambda: rules.augmented(GOLAY, members="012"), "members='012' is no list"),
    (lambda: rules.augmented(GOLAY, members=[]), "names no element to augment with"),
    (lambda: rules.augmented(GOLAY, members=[9]), "members=9 names no element"),
    (lambda: rules.augmented(GOLAY, signal=-1), "signal=-1"),
    (lambda: rules.bayes(GOLAY, shift=1.5), "shift=1.5 is not a whole number"),
    (lambda: rules.robust(GOLAY, scaled_radius=None), "scaled_radius=None is not a number"),
    (lambda: rules.robust_augmented(GOLAY, scaled_radius="far"), "scaled_radius='far' is not a number"),
]


@pytest.mark.parametrize(("make", "part"), REFUSED)
def test_what_is_no_rule_is_refused(make, part):
    with pytest.raises(checks.InputError, match=part):
        make()


def test_a_rule_of_another_length_is_refused_by_theory_and_by_sampling():
    rule, rng = Linear(np.ones(5), 0.0), np.random.default_rng(0)
    with pytest.raises(checks.InputError, match="5 weights and the law 64 coordinates"):
        accuracy.standard(rule, GOLAY)
    for path in ("orbit", "vectors"):
        with pytest.raises(checks.InputError, match="5 weights and the law 64 coordinates"):
            montecarlo.standard(rule, GOLAY, trials=10, rng=rng, path=path)


def test_an_attack_on_a_large_rule_says_in_advance_what_it_would_need(monkeypatch):
    monkeypatch.setattr(rules, "MOST_SIGNS", 64)
    rule = rules.augmented(GOLAY, members=[0, 1, 2], signal=1.25)
    assert accuracy.standard(rule, GOLAY).value > 0.9
    with pytest.raises(checks.InputError, match="needs all their signs, about 0 GB; use fewer members"):
        accuracy.adversarial(rule, GOLAY, scaled_radius=1.0)


SCALES = [5e-324, 1e-310, 1e-200, 1e-140, 1.0, 1e140, 1e200, 1e307]


@pytest.mark.parametrize("scale", SCALES)
def test_a_rule_does_not_depend_on_the_size_of_its_weights(scale, rng):
    """Where their squares are 0 and where sums of them overflow: answers, and both accuracies under attack."""
    dist = CyclicGaussian(cyclic_word("++-+++--", 2), 0.7)
    pattern = np.array([1, 2, -1, 3, 1, 1, -2, -1], dtype=float)
    usual, scaled = Linear(pattern, 1.0), Linear(pattern * scale, scale)
    x0, x, _ = dist.sample(200, rng)
    assert np.array_equal(usual.predict(x0, x), scaled.predict(x0, x))
    assert accuracy.standard(scaled, dist) == pytest.approx(accuracy.standard(usual, dist), abs=1e-12)
    for attacked in (
        lambda rule: accuracy.adversarial(rule, dist, scaled_radius=0.5),
        lambda rule: accuracy.invariance(rule, dist),
        lambda rule: l2.adversarial(rule, dist, radius=0.5),
        lambda rule: l2.adversarial(rule, dist, radius=1.5),
    ):
        assert attacked(scaled) == pytest.approx(attacked(usual), abs=1e-12)
    for part, other in zip(l2.attack(usual, x0, x, x0, 0.5), l2.attack(scaled, x0, x, x0, 0.5), strict=True):
        assert np.allclose(part, other, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("weights", "b", "like"), [(1e-300, 1e300, (0.0, 1.0)), (1e300, 1e-300, (1.0, 0.0))])
def test_weights_of_very_different_sizes_are_a_limit(weights, b, like, rng):
    dist = CyclicGaussian(cyclic_word("++-+", 2), 0.7)
    rule, limit = Linear(np.full(4, weights), b), Linear(np.full(4, like[0]), like[1])
    x0, x, _ = dist.sample(50, rng)
    assert np.array_equal(rule.predict(x0, x), limit.predict(x0, x))
    assert accuracy.spatial(rule, dist) == pytest.approx(accuracy.spatial(limit, dist), abs=1e-12)
    assert l2.adversarial(rule, dist, radius=0.5) == pytest.approx(l2.adversarial(limit, dist, radius=0.5), abs=1e-12)
