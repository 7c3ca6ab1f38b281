from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.special import ndtr

from tests.statistics import FALSE_ALARM, assert_frequency
from tests.strategies import laws, radii
from tradeoff.bounds import least_favourable, linear_frontier, min_cut, optima
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.model.law import CyclicGaussian
from tradeoff.sampled import montecarlo
from tradeoff.shared import checks

PARTNERS = linear_frontier.PARTNERS


def law(p, length=64, family=families.golay_zero):
    return CyclicGaussian(cyclic_word(family(length, length // 2), length // 2), p)


# C.4 of the project's theory notes; .85775 there at 12 steps per radius.
@pytest.mark.parametrize(("p", "linear", "expected"), [(0.5, 0.85352, 0.85775), (0.7, 0.87171, 0.87533)])
def test_the_published_values(p, linear, expected):
    found = min_cut.best(law(p), 0.5, scaled_radius=1.0, cells=160)
    assert found.value == pytest.approx(expected, abs=6e-5)
    assert found.value > linear + 0.003


def by_linear_programming(axes, p, eps, weight, partner):
    """The most of weight Adv + (1 - weight) Spat (or Joint) over answers in [0, 1] for each side of x_0 and each cell.

    Written from the definitions: "safe for y" is at most the answer y in every cell that the attack reaches from it.
    The constraints are totally unimodular, so that 0 and 1 are among the best answers.
    """
    sizes = [axis.cells for axis in axes]
    cells = [(i, j) for i in range(sizes[0]) for j in range(sizes[1])]
    edges = [np.concatenate([[-np.inf], axis.borders, [np.inf]]) for axis in axes]
    sides, n = (1, -1), len(cells)
    reached = {1: {1} if eps <= 1 else {1, -1}, -1: {-1} if eps < 1 else {1, -1}}
    gain, rows, limits = np.zeros(6 * n), [], []

    def mass(cell, y, j):
        parts = []
        for axis, edge, i in zip(axes, edges, cell, strict=True):
            mean = y * axis.means[j]
            parts.append(ndtr(edge[i + 1] - mean) - ndtr(edge[i] - mean))
        return parts[0] * parts[1]

    constant = 0.0
    for k, side in enumerate(sides):
        for c, cell in enumerate(cells):
            for number, y in enumerate((1, -1)):
                share = (p if side == y else 1 - p) / 2
                clean, moved = mass(cell, y, 0), (mass(cell, y, 0) + mass(cell, y, 1)) / 2
                safe = 2 * n * (1 + number) + k * n + c
                gain[safe] += share * (weight * clean + (1 - weight) * moved * (partner == "joint"))
                if partner == "spatial":
                    gain[k * n + c] += y * share * (1 - weight) * moved
                    constant += share * (1 - weight) * moved * (y < 0)
                for m, target in enumerate(sides):
                    for e, other in enumerate(cells):
                        near = all(abs(a - b) <= axis.reach for a, b, axis in zip(cell, other, axes, strict=True))
                        if target in reached[side] and near:
                            row = np.zeros(6 * n)
                            row[safe], row[m * n + e] = 1.0, -float(y)
                            rows.append(row)
                            limits.append(float(y < 0))
    found = linprog(-gain, np.array(rows), limits, bounds=(0, 1))
    return constant - found.fun


@pytest.mark.parametrize("partner", PARTNERS)
@pytest.mark.parametrize("text", ["++-+", "+++-+-", "+-+-", "+-"])
@pytest.mark.parametrize(("p", "a", "weight"), [(0.7, 1.0, 0.5), (0.6, 2.0, 0.4), (0.8, 2.5, 0.6), (0.5, 3.0, 0.3)])
def test_the_cut_is_the_optimum_that_linear_programming_finds(text, p, a, weight, partner):
    """6 x 6 cells (one axis where rho = 1 or -1), below, at and above eps = 1, both sides of x_0 free."""
    dist = CyclicGaussian(cyclic_word(text, len(text) // 2), p)
    found = min_cut.best(dist, weight, scaled_radius=a, partner=partner, cells=4)
    expected = by_linear_programming(found.axes, p, dist.eps(a), weight, partner)
    assert found.value == pytest.approx(expected, abs=1e-6)


SLOW = pytest.mark.slow(twin="test_sampling_on_full_vectors_agrees")


@pytest.mark.parametrize(
    ("family", "p"), [(families.golay_quarter, 0.7), pytest.param(families.golay_zero, 0.5, marks=SLOW)]
)
def test_sampling_on_full_vectors_agrees(family, p, rng):
    """20,000 samples each, false alarm 1e-6; a value .03 off is refused."""
    dist = law(p, 32, family)
    cuts = {partner: min_cut.best(dist, 0.5, scaled_radius=1.0, partner=partner, cells=30) for partner in PARTNERS}
    rule = cuts["spatial"].rule()
    seen = montecarlo.adversarial(rule, dist, scaled_radius=1.0, trials=20_000, rng=rng)
    assert_frequency(seen, cuts["spatial"].adversarial)
    with pytest.raises(AssertionError):
        assert_frequency(seen, cuts["spatial"].adversarial + 0.03)
    assert_frequency(montecarlo.spatial(rule, dist, trials=20_000, rng=rng), cuts["spatial"].partner)
    moved = montecarlo.joint(cuts["joint"].rule(), dist, scaled_radius=1.0, trials=20_000, rng=rng)
    assert_frequency(moved, cuts["joint"].partner)


def test_a_radius_within_a_cell_counts_as_a_whole_cell(rng):
    """The true adversarial accuracy is higher than what is given: false alarm 1e-6, .08 more is refused."""
    dist = law(0.7, 32)
    found = min_cut.best(dist, 0.9, scaled_radius=0.02, cells=30)
    assert [axis.reach for axis in found.axes] == [1, 1]
    seen = montecarlo.adversarial(found.rule(), dist, scaled_radius=0.02, trials=20_000, rng=rng)
    true = seen.interval(1 - 2 * FALSE_ALARM)
    assert found.adversarial < true.low
    assert true.high < found.adversarial + 0.08


@settings(max_examples=6)
@given(laws(least_shifts=2, most_shifts=2, most_step=5), radii(), st.floats(0, 1), st.sampled_from(PARTNERS))
def test_no_cut_passes_the_bound(dist, a, weight, partner):
    """Value of the grid's rule <= U(lambda), eps >= 1 among the radii."""
    found = min_cut.best(dist, weight, scaled_radius=a, partner=partner, cells=16)
    limit = least_favourable.bound(dist, weight, scaled_radius=a, partner=partner)
    assert found.value <= limit.value.interval.high + 1e-9


@given(laws(least_shifts=2, most_shifts=2), radii())
def test_for_weight_1_no_cut_passes_the_optimum(dist, a):
    """Adv <= R*(a); at least a constant or, below eps = 1, sign(x_0), to the cut's rounding."""
    found = min_cut.best(dist, 1.0, scaled_radius=a, cells=12)
    assert found.value <= optima.best_adversarial(dist, scaled_radius=a) + 1e-12
    assert found.value >= (dist.p if dist.eps(a) < 1 else 0.5) - 1e-6


@pytest.mark.parametrize("p", [0.5, 0.7])
def test_finer_grids_are_better(p):
    """Twice the cells within the radius: every border of the old grid is one of the new; rounding 1e-6."""
    found = [min_cut.best(law(p), 0.5, scaled_radius=1.0, cells=cells) for cells in (20, 40, 80)]
    assert [cut.axes[0].reach for cut in found] == [1, 2, 4]
    values = [cut.value for cut in found]
    assert values[0] + 1e-5 < values[1] <= values[2] - 1e-5
    assert values[2] < 0.8753


def test_at_twice_the_signal_robustness_and_moved_data_share_one():
    """a = 2s, p = 1/2: Adv + Spat <= 1, attained."""
    for found in (
        min_cut.best(law(0.5), 0.5, scaled_radius=4.0),
        linear_frontier.points(law(0.5), [0.5], scaled_radius=4.0)[0],
    ):
        assert found.value == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("a", [14.0, 30.0, 1e6])
def test_an_attack_from_anywhere_to_anywhere_leaves_g_2(a):
    """(1 - lambda) B_2, here Phi(sqrt 2), where it is more than 1/2; half-widths beyond the whole grid."""
    found = min_cut.best(law(0.5), 0.3, scaled_radius=a)
    assert found.value == pytest.approx(0.7 * ndtr(np.sqrt(2)), abs=1e-6)


def test_the_other_side_of_x0_answers_as_its_mirror_image(rng):
    """f(-x_0, -x) = -f(x_0, x)."""
    dist = law(0.8, 32)
    rule = min_cut.best(dist, 0.5, scaled_radius=1.0, cells=20).rule()
    x0, x, _ = dist.sample(500, rng)
    assert (rule.predict(-x0, -x) == -rule.predict(x0, x)).all()
    assert (rule.predict(x0, x) != rule.predict(-x0, x)).any()


def test_what_is_refused():
    dist = law(0.5)
    four = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), 16), 0.5)
    with pytest.raises(checks.InputError, match=r"a group of 4 elements is not covered.*least_favourable\.bound"):
        min_cut.best(four, 0.5, scaled_radius=1.0)
    with pytest.raises(checks.InputError, match="cells=3 must be at least 4"):
        min_cut.best(dist, 0.5, scaled_radius=1.0, cells=3)
    with pytest.raises(checks.InputError, match="cells=500 is more than can be done here; use at most 400"):
        min_cut.best(dist, 0.5, scaled_radius=1.0, cells=500)
    with pytest.raises(checks.InputError, match=r"weight=1.5 .* must lie in \[0, 1\]"):
        min_cut.best(dist, 1.5, scaled_radius=1.0)
    short = replace(dist, word=cyclic_word("+++-", 2))
    with pytest.raises(checks.InputError, match="written out for eps below 1; use a longer word"):
        min_cut.best(short, 0.5, scaled_radius=2.0, cells=8).rule()
