import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import ndtr

from tests.strategies import laws, moved_laws, radii, weights
from tradeoff.bounds import linear_frontier, optima, sparse_rules
from tradeoff.codes import families, groups
from tradeoff.codes.word import Word, cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Linear
from tradeoff.shared import checks

PARTNERS = st.sampled_from(linear_frontier.PARTNERS)
SHARES = st.floats(0, 1)


def law(shifts, p, family=families.golay_quarter, length=None):
    length = length or 16 * shifts
    return CyclicGaussian(cyclic_word(family(length, length // shifts), length // shifts), p)


def value(rule, dist, a, weight, partner="spatial"):
    """weight Adv + (1 - weight) Spat (or Joint) of a rule."""
    other = accuracy.joint(rule, dist, scaled_radius=a if partner == "joint" else 0.0)
    return weight * accuracy.adversarial(rule, dist, scaled_radius=a) + (1 - weight) * other


# C.4 of the project's theory notes, four digits.
@pytest.mark.parametrize(
    ("weight", "adversarial", "spatial"),
    [
        (0.0, 0.6473, 0.9071),
        (0.3, 0.8061, 0.8859),
        (0.5, 0.8111, 0.8826),
        (0.7, 0.8269, 0.8576),
        (0.9, 0.8392, 0.8060),
        (1.0, 0.8413, 0.7629),
    ],
)
def test_the_published_points_for_four_shifts(weight, adversarial, spatial):
    (found,) = linear_frontier.points(law(4, 0.5), [weight], scaled_radius=1.0)
    assert (found.adversarial, found.partner) == (
        pytest.approx(adversarial, abs=5.1e-5),
        pytest.approx(spatial, abs=5.1e-5),
    )


@pytest.mark.parametrize(("p", "expected"), [(0.5, 0.85352), (0.7, 0.87171)])
def test_the_published_values_for_two_shifts(p, expected):
    (found,) = linear_frontier.points(law(2, p, families.golay_zero), [0.5], scaled_radius=1.0)
    assert found.value == pytest.approx(expected, abs=5.1e-6)


@pytest.mark.parametrize("partner", linear_frontier.PARTNERS)
@pytest.mark.parametrize(("p", "a", "weight"), [(0.5, 0.5, 0.6), (0.7, 1.0, 0.5), (0.9, 1.5, 0.3), (0.7, 3.0, 0.2)])
def test_another_optimiser_finds_nothing_better(p, a, weight, partner, rng):
    """Nelder-Mead over one weight for each coordinate, nothing of the reduction to patterns, from 12 starts."""
    dist = CyclicGaussian(cyclic_word("+++-+--+", 2), p)
    (found,) = linear_frontier.points(dist, [weight], scaled_radius=a, partner=partner)

    def loss(w):
        return -value(Linear(w[:-1], abs(w[-1])), dist, a, weight, partner)

    starts = [np.append(rng.standard_normal(8) + dist.word.signs, 1.0) for _ in range(12)]
    best = -min(minimize(loss, w, method="Nelder-Mead", options={"maxfev": 1200}).fun for w in starts)
    assert found.value >= best - 1e-7
    simple = max(value(rule, dist, a, weight, partner) for rule in (rules.sign_x0(dist), rules.Constant()))
    assert found.value <= max(best, simple) + 0.01  # the other optimiser is no straw man


def certificate(rule, dist, a, weight, partner):
    """By how much a rule with positive means could be beaten by another at p = 1/2, or None where a mean is negative.

    Phi is concave from 0 on, so F(w') <= F(w) + the most of the linearisation over |w'| <= 1, by soft thresholding.
    """
    word, d = dist.word, dist.word.length
    w = rule.weights / np.linalg.norm(rule.weights)
    moved = np.array([word.unit[word.group.places(np.array(j))] for j in range(word.shifts)])
    attacked = np.append(1.0, np.full(word.shifts, float(partner == "joint")))
    share = np.append(weight, np.full(word.shifts, (1 - weight) / word.shifts))
    directions = dist.signal * np.vstack([moved[:1], moved])
    means = directions @ w - attacked * a * np.abs(w).sum() / np.sqrt(d)
    if means[share > 0].min() < 0:
        return None
    slope = share * np.exp(-(means**2) / 2) / np.sqrt(2 * np.pi)
    gradient, threshold = slope @ directions, (slope @ attacked) * a / np.sqrt(d)
    most = np.linalg.norm(np.maximum(np.abs(gradient) - threshold, 0))
    return most - (gradient @ w - threshold * np.abs(w).sum())


@given(moved_laws(), SHARES, SHARES, PARTNERS)
def test_at_p_one_half_no_rule_with_positive_means_is_better(dist, share, weight, partner):
    """F(w') - F(w) <= max_{|v| <= 1} <grad F(w), v> - <grad F(w), w> = 0 where all m_j >= 0."""
    dist, a = replace(dist, p=0.5), share * dist.signal
    (found,) = linear_frontier.points(dist, [weight], scaled_radius=a, partner=partner)
    assume(isinstance(found.rule, Linear) and found.rule.weights.any())
    gap = certificate(found.rule, dist, a, weight, partner)
    assume(gap is not None)
    assert -1e-12 <= gap < 1e-5


def test_the_certificate_refuses_other_rules():
    dist = law(4, 0.5)
    (found,) = linear_frontier.points(dist, [0.5], scaled_radius=1.0)
    tilted = Linear(found.rule.weights + 0.05 * dist.word.unit, 0.0)
    assert certificate(found.rule, dist, 1.0, 0.5, "spatial") < 1e-7
    assert certificate(tilted, dist, 1.0, 0.5, "spatial") > 1e-4


def test_rules_that_leave_patterns_out_are_found():
    """Three shifts of +++---: only the coordinates that the second shift shows alike; other starts end at .5195."""
    dist = CyclicGaussian(cyclic_word("+++---", 2), 0.5)
    signs = dist.word.signs
    moved = [np.roll(signs, -2 * j) * signs for j in range(3)]
    chosen = max(
        (Linear(signs * ((moved[1] == one) & (moved[2] == two)), 0.0) for one in (-1, 1) for two in (-1, 1)),
        key=lambda rule: value(rule, dist, 1.0, 0.3, "joint"),
    )
    (found,) = linear_frontier.points(dist, [0.3], scaled_radius=1.0, partner="joint")
    assert value(chosen, dist, 1.0, 0.3, "joint") == pytest.approx(0.56029, abs=1e-5)
    assert found.value >= value(chosen, dist, 1.0, 0.3, "joint") - 1e-9


def test_weights_on_x0_as_large_as_the_signal_are_found():
    """rho = (1, -1/3, -1/3, -1/3), s = 300: with b = 200 f* is right always on X, and as often as x_0 on the rest."""
    dist = CyclicGaussian(cyclic_word(families.from_columns(["++--", "++--", "+-+-"]), 3), 0.7, 300.0)
    (found,) = linear_frontier.points(dist, [0.0], scaled_radius=0.0)
    assert found.value == pytest.approx((1 + 3 * 0.7) / 4, abs=1e-9)


@given(moved_laws(), radii(), st.data())
def test_no_linear_rule_is_more_robust_than_the_most_robust_point(dist, a, data):
    """The best value at weight 1 is R*(a)."""
    (found,) = linear_frontier.points(dist, [1.0], scaled_radius=a)
    assert found.value == pytest.approx(optima.best_adversarial(dist, scaled_radius=a), abs=1e-9)
    rule = Linear(np.array(data.draw(weights(dist.word.length))), data.draw(st.floats(-2, 2)))
    assert accuracy.adversarial(rule, dist, scaled_radius=a) <= found.value + 1e-9


@given(laws(least_shifts=2, most_shifts=2), radii())
def test_for_two_shifts_the_least_robust_point_is_the_best_of_all_rules(dist, a):
    """B_2 = h(s_1, L/(2 s_1)), s_1 = s sqrt((1 + rho)/2); p where rho = -1."""
    (found,) = linear_frontier.points(dist, [0.0], scaled_radius=a)
    s1 = dist.signal * np.sqrt((1 + dist.word.correlations[1]) / 2)
    b = dist.log_odds / (2 * s1) if s1 else np.inf
    expected = dist.p * ndtr(s1 + b) + (1 - dist.p) * ndtr(s1 - b)
    assert found.value == pytest.approx(expected, abs=1e-9)


@settings(max_examples=30)
@given(laws(most_shifts=3, most_step=3), SHARES, SHARES, PARTNERS)
def test_the_length_does_not_matter_below_eps_1(dist, share, weight, partner):
    """Equal pattern frequencies, four times the length: equal values."""
    a = share * 0.9 * np.sqrt(dist.word.length)
    columns = np.array(list(dist.word.text)).reshape(dist.word.shifts, -1).T
    text = families.from_columns(["".join(column) for column in columns] * 4)
    longer = replace(dist, word=cyclic_word(text, 4 * len(columns)))
    first, second = (
        linear_frontier.points(one, [weight], scaled_radius=a, partner=partner)[0].value for one in (dist, longer)
    )
    assert first == pytest.approx(second, abs=1e-8)


@pytest.mark.parametrize(("family", "a"), [(families.golay_zero, 1.0), (families.golay_quarter, 0.3)])
def test_the_curve_is_that_of_rules_between_g_2_and_the_bayes_rule(family, a):
    """cos(t) P + sin(t) Q, built as rules and asked one by one."""
    dist = law(2, 0.5, family)
    signs = dist.word.signs
    agree = signs == np.roll(signs, -16)
    same, other = agree / np.sqrt(agree.sum()), ~agree / np.sqrt((~agree).sum())
    adversarial, spatial = linear_frontier.curve(dist, 501, scaled_radius=a)
    half = np.tan(np.arctan2(np.sqrt((~agree).sum()), np.sqrt(agree.sum())) / 2)
    for i in (0, 1, 100, 250, 499, 500):
        t = 2 * np.arctan(half * i / 500)
        rule = Linear(signs * (np.cos(t) * same + np.sin(t) * other), 0.0)
        assert adversarial[i] == pytest.approx(accuracy.adversarial(rule, dist, scaled_radius=a), abs=1e-12)
        assert spatial[i] == pytest.approx(accuracy.spatial(rule, dist), abs=1e-12)
    assert (np.diff(adversarial) > 0).all()
    assert (np.diff(spatial) < 0).all()


@settings(max_examples=30)
@given(laws(least_shifts=2, most_shifts=2), st.floats(0, 0.999), SHARES)
def test_the_curve_passes_through_the_best_points(dist, share, weight):
    """max over the curve of lambda Adv + (1 - lambda) Spat = the best point's value at p = 1/2."""
    dist, a = replace(dist, p=0.5), share * dist.signal
    (found,) = linear_frontier.points(dist, [weight], scaled_radius=a)
    adversarial, spatial = linear_frontier.curve(dist, 20_001, scaled_radius=a)
    assert (weight * adversarial + (1 - weight) * spatial).max() == pytest.approx(found.value, abs=1e-6)


def linear_rules(length):
    """Any weights, many of them 0, and often none on x_0."""
    some = st.lists(st.sampled_from([0.0, 1.0]) | st.floats(-3, 3), min_size=length, max_size=length)
    return st.builds(Linear, some.map(np.array), st.just(0.0) | st.floats(0, 4))


SHARE = np.linspace(0, 1, 201)


def most(dist, a, count=2001):
    """(201,) the most of lambda Adv + (1 - lambda) Spat on the curve, or by a coin between two of its points."""
    adversarial, spatial = linear_frontier.curve(dist, count, scaled_radius=a)
    return (np.outer(SHARE, adversarial) + np.outer(1 - SHARE, spatial)).max(axis=1)


def above(rule, dist, a, best):
    """By how much a rule exceeds that, for the lambda where it does most."""
    seen, other = accuracy.adversarial(rule, dist, scaled_radius=a), accuracy.spatial(rule, dist)
    return (SHARE * seen + (1 - SHARE) * other - best).max()


def two_rolls(text, signal=1.0):
    return CyclicGaussian(cyclic_word(text, len(text) // 2), 0.5, signal)


@given(laws(least_shifts=2, most_shifts=2), st.floats(1, 4), st.data())
def test_beyond_the_signal_no_linear_rule_is_above_the_curve(dist, ratio, data):
    """lambda Adv + (1 - lambda) Spat <= the most of the curve, a >= s; up to its grid where x_0 serves as a coin."""
    dist, a = replace(dist, p=0.5), ratio * dist.signal
    assume(dist.eps(a) != 1)
    rule = data.draw(linear_rules(dist.word.length))
    assert above(rule, dist, a, most(dist, a)) < 1e-5


@pytest.mark.parametrize(
    ("text", "signal", "a", "weights"),
    [
        ("--", 1.0, 1.5, (0, -1)),  # .3618, .7602: the segment from g_2 has .7463 there
        ("+-+-", 1.0, 1.9, (1, -0.5, 0, 0)),
        ("+++-", 2.0, 3.0, (0, 0, 1, 0)),
        ("++--++", 3.0, 4.0, (0, 1, 0, 0, 0.3, 0)),
        ("--", 1.0, 1.0, (0, -1)),
        ("--", 1.0, 1.0, (0, -4.4e-213)),
        ("--", 1.0, 2.0, (0, -1)),
        ("++++", 1.5, 4.0, (1, 0, 0, 0)),
    ],
)
def test_sparse_rules_are_below_the_curve(text, signal, a, weights):
    dist = two_rolls(text, signal)
    rule = Linear(np.array(weights), 0.0)
    assert above(rule, dist, a, most(dist, a)) < 1e-6
    if signal < a < 2 * signal:
        assert above(rule, dist, a, most(dist, a, 2)) > 1e-3  # the segment is refused


@pytest.mark.parametrize(("text", "signal"), [("++-+", 1.5), ("+++-++", 2.0), ("-+++++", 3.0), ("+-+-", 2.0)])
@pytest.mark.parametrize("ratio", [1.0, 1.3, 1.6, 1.95, 2.0, 2.6])
def test_of_all_supports_none_is_above_the_curve_and_some_are_on_it(text, signal, ratio):
    """Every rule with weights -1, 0, 1; if x_0 can be turned, those on n agreeing coordinates are on it, nu^2 = n/d."""
    dist, a = two_rolls(text, signal), ratio * signal
    curve, best = linear_frontier.curve(dist, 4001, scaled_radius=a), most(dist, a, 4001)
    every = [Linear(np.array(one), 0.0) for one in itertools.product((-1, 0, 1), repeat=len(text)) if any(one)]
    gaps = [above(rule, dist, a, best) for rule in every]
    assert max(gaps) < (1e-6 if dist.eps(a) > 1 else 1e-5)
    if 1 < ratio < 2 and dist.eps(a) > 1:
        agree = dist.word.signs == np.roll(dist.word.signs, len(text) // 2)
        for n in range(1, agree.sum() + 1):
            rule = Linear(dist.word.signs * (agree & (np.cumsum(agree) <= n)), 0.0)
            seen = accuracy.adversarial(rule, dist, scaled_radius=a)
            assert accuracy.spatial(rule, dist) == pytest.approx(np.interp(seen, *curve), abs=1e-6)


@pytest.mark.parametrize(
    ("a", "cut", "segment", "highest"),
    [(2.5, 0.4256, 0.7268, 0.8020), (3.0, 0.3538, 0.73665, 0.7964), (4.0, 0.2266, 0.7734, 0.7734)],
)
def test_the_orbit_mean_cut_to_nine_coordinates(a, cut, segment, highest):
    """Adv = Phi(3 (2 - a)/8), Spat = Phi(3/4); g_2 with a weight on x_0 has more beside the same Adv, until a = 2s."""
    dist = law(2, 0.5, families.golay_zero, 64)
    agreeing = np.flatnonzero(dist.word.mean)[:9]
    rule = Linear(np.where(np.isin(np.arange(64), agreeing), dist.word.signs, 0), 0.0)
    seen = accuracy.adversarial(rule, dist, scaled_radius=a)
    assert (seen, accuracy.spatial(rule, dist)) == (pytest.approx(cut, abs=5.1e-5), pytest.approx(ndtr(0.75), abs=1e-9))
    assert np.interp(seen, *linear_frontier.curve(dist, 2, scaled_radius=a)) == pytest.approx(segment, abs=5.1e-5)
    assert np.interp(seen, *linear_frontier.curve(dist, 9001, scaled_radius=a)) == pytest.approx(highest, abs=7e-5)
    for weight in (0.3, 0.5, 0.6, 0.7, 0.9):
        (found,) = linear_frontier.points(dist, [weight], scaled_radius=a)
        assert found.value >= value(rule, dist, a, weight)


@settings(max_examples=30)
@given(laws(least_shifts=2, most_shifts=2), st.floats(1, 2.5), SHARES)
def test_beyond_the_signal_the_curve_is_as_good_as_the_best_points(dist, ratio, weight):
    """Each is found without the other."""
    dist, a = replace(dist, p=0.5), ratio * dist.signal
    assume(dist.eps(a) != 1)
    (found,) = linear_frontier.points(dist, [weight], scaled_radius=a)
    adversarial, spatial = linear_frontier.curve(dist, 2001, scaled_radius=a)
    assert (weight * adversarial + (1 - weight) * spatial).max() == pytest.approx(found.value, abs=1.1e-5)


@given(moved_laws(), radii(), SHARES, st.data())
def test_uneven_weights_multiply_all_means(dist, a, share, data):
    """Adv and Spat at s and a with kappa = those at kappa s and kappa a of the even rule."""
    count = len(dist.word.patterns.frequencies)
    x = np.array(data.draw(weights(count)))
    x /= np.sqrt(dist.word.patterns.frequencies @ x**2)
    kappa = sparse_rules.least_scale(dist, x) ** share
    rule, even = sparse_rules.uneven(dist, x, 0.0, scale=kappa), sparse_rules.uneven(dist, x, 0.0)
    less = replace(dist, signal=kappa * dist.signal)
    assert accuracy.spatial(rule, dist) == pytest.approx(accuracy.spatial(even, less), abs=1e-12)
    attacked = accuracy.adversarial(even, less, scaled_radius=kappa * a)
    assert accuracy.adversarial(rule, dist, scaled_radius=a) == pytest.approx(attacked, abs=1e-12)


@settings(max_examples=30)
@given(moved_laws(), SHARES, st.floats(0.4, 1), st.floats(0, 3), PARTNERS, st.data())
def test_while_x0_is_out_of_reach_uneven_weights_are_a_coin_on_its_weight(dist, share, kappa, b, partner, data):
    """Both accuracies of w and b are means of those of averaged weights and b + C, C has w's further variance."""
    a = 0.99 * share * np.sqrt(dist.word.length)
    x = np.array(data.draw(weights(len(dist.word.patterns.frequencies))))
    x /= np.sqrt(dist.word.patterns.frequencies @ x**2)
    kappa = max(kappa, sparse_rules.least_scale(dist, x))
    rule = sparse_rules.uneven(dist, x, b, scale=kappa)
    nodes, mass = np.polynomial.hermite_e.hermegauss(60)
    spread = np.sqrt(1 / kappa**2 - 1) * nodes
    even = [sparse_rules.uneven(dist, x, rule.x0_weight + one) for one in spread]
    for weight in (0.0, 1.0):
        seen = [value(one, dist, a, weight, partner) for one in even]
        assert value(rule, dist, a, weight, partner) == pytest.approx(mass @ seen / mass.sum(), abs=1e-8)


@pytest.mark.parametrize("partner", linear_frontier.PARTNERS)
@pytest.mark.parametrize(
    ("text", "step", "p", "signal", "a"),
    [
        ("-+++++", 3, 0.9, 3.49, 4.51),
        ("--", 1, 0.5, 1.0, 1.5),
        ("++-+-+", 2, 0.7, 2.0, 3.0),
        ("+++-", 1, 0.5, 1.5, 2.5),
    ],
)
@pytest.mark.parametrize("weight", [0.1, 0.26, 0.5, 0.8])
def test_where_x0_can_be_turned_no_rule_with_any_support_is_better(text, step, p, signal, a, weight, partner):
    """Of weights -1, 0, 1/2, 1 and some b none exceeds the point; other rules than even ones do at (.26, spatial)."""
    dist = CyclicGaussian(cyclic_word(text, step), p, signal)
    assert dist.eps(a) > 1
    (found,) = linear_frontier.points(dist, [weight], scaled_radius=a, partner=partner)
    every = [np.array(one) for one in itertools.product((-1, 0, 0.5, 1), repeat=len(text)) if any(one)]
    best = max(value(Linear(w * dist.word.signs, b), dist, a, weight, partner) for w in every for b in (0.0, 1.0))
    assert found.value >= best - 1e-9
    assert value(found.rule, dist, a, weight, partner) == pytest.approx(found.value, abs=1e-15)


def test_a_reversal_is_a_group_of_two():
    dist = CyclicGaussian(Word("++-+--+++-++", groups.dihedral(12, 12)), 0.5)
    adversarial, spatial = linear_frontier.curve(dist, 3, scaled_radius=0.5)
    assert (adversarial[-1], spatial[0]) == (
        pytest.approx(optima.best_adversarial(dist, scaled_radius=0.5), abs=1e-12),
        pytest.approx(optima.best_spatial(dist), abs=1e-12),
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: linear_frontier.curve(law(4, 0.5), 9, scaled_radius=1), "4 elements and p=0.5 have no closed curve"),
        (lambda: linear_frontier.curve(law(2, 0.7), 9, scaled_radius=1), "2 elements and p=0.7 have no closed curve"),
        (lambda: linear_frontier.curve(law(2, 0.5), 1, scaled_radius=1), "count=1 must be at least 2"),
        (lambda: sparse_rules.uneven(law(2, 0.5), np.ones(2), 0, scale=0.1), "scale=0.1 .* use one from 0.242536 to 1"),
        (lambda: linear_frontier.points(law(2, 0.5), [2], scaled_radius=1), r"weights=2 .* must lie in \[0, 1\]"),
        (lambda: linear_frontier.points(law(2, 0.5), [0], scaled_radius=-1), "scaled_radius=-1 is not allowed"),
        (
            lambda: linear_frontier.points(law(2, 0.5), [0], scaled_radius=1, partner="both"),
            "partner='both' is unknown; use one of spatial, joint",
        ),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(checks.InputError, match=message):
        call()
