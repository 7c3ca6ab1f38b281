import json
import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, t

from empirical.statistics import headline, over_seeds, paired
from empirical.statistics.exact_tests import mcnemar_two_sided
from empirical.statistics.paired import Pair, Seeds
from empirical.statistics.readings import readings
from tests.empirical.small_runs import IMAGES, changed, measured, without
from tradeoff.shared import checks
from tradeoff.shared.results import Interval


def at(found: list[Pair], quantity: str, grid: float | None = None, second: float | None = None) -> Pair:
    (one,) = [row for row in found if (row.quantity, row.grid, row.second) == (quantity, grid, second)]
    return one


def with_answers(first: list[bool], name: str = "plain"):
    """A run of which only the clean outcomes count."""
    found = measured()
    labels = found.data.labels
    right = torch.tensor(first + [True] * (IMAGES - len(first)))
    return replace(changed(found, answers__answers=torch.where(right, labels, (labels + 1) % 10)), name=name)


@given(lost=st.integers(0, 300), gained=st.integers(0, 300))
def test_mcnemar_is_the_binomial_test_of_a_fair_coin(lost, gained):
    expected = binomtest(lost, lost + gained, 0.5).pvalue if lost + gained else 1.0
    assert math.isclose(mcnemar_two_sided(lost, gained), expected, rel_tol=1e-9)
    assert mcnemar_two_sided(lost, gained) == mcnemar_two_sided(gained, lost)


def test_mcnemar_by_hand():
    """Ten images differ, nine of them one way: 2 (1 + 10) / 2^10."""
    assert mcnemar_two_sided(1, 9) == pytest.approx(22 / 1024, abs=1e-15)
    assert mcnemar_two_sided(5, 5) == 1.0


def test_a_pair_of_clean_accuracies_by_hand():
    one, two = with_answers([True] * 6 + [False] * 2, "one"), with_answers([False] * 5 + [True] * 3, "two")
    pair = at(paired.pairs(one, two), "clean_accuracy")
    assert (pair.before, pair.after, pair.images) == ("one", "two", IMAGES)
    assert (pair.lost, pair.gained) == (5, 2)
    differences = torch.tensor([-1.0] * 5 + [0.0] + [1.0] * 2 + [0.0] * 32, dtype=torch.float64)
    assert pair.difference == pytest.approx(-3 / 40)
    assert pair.standard_error == pytest.approx(float(differences.std()) / 40**0.5)
    assert pair.p_value == pytest.approx(binomtest(2, 7, 0.5).pvalue)
    # Bonett & Price: (b + 1) / (n + 2) and (c + 1) / (n + 2)
    lost, gained, n = 6 / 42, 3 / 42, 42
    half = 1.959963985 * math.sqrt((lost + gained - (gained - lost) ** 2) / n)
    assert (pair.low, pair.high) == pytest.approx((gained - lost - half, gained - lost + half))


def test_draws_of_one_image_are_one_share():
    """Three draws make a share of each image; its error is that over images, and there is no McNemar."""
    one, two = measured("plain"), measured("turned")
    pair = at(paired.pairs(one, two), "invariance", 180.0)
    shares = [
        (run.samples["moves.answers"][:, 2, 0] == run.answers[:, None]).double().mean(dim=1) for run in (one, two)
    ]
    differences = shares[1] - shares[0]
    assert pair.difference == pytest.approx(float(differences.mean()))
    assert pair.standard_error == pytest.approx(float(differences.std()) / IMAGES**0.5)
    assert pair.standard_error < 0.9 * (sum(float(share.var()) for share in shares) / IMAGES) ** 0.5  # paired
    assert pair.p_value is None
    assert pair.lost is None


def test_swapping_two_networks_negates_differences():
    one, two = measured("plain"), measured("turned")
    there, back = paired.pairs(one, two), paired.pairs(two, one)
    assert len(there) == len(back) > 50
    for a, b in zip(there, back, strict=True):
        assert (a.quantity, a.grid, a.second, a.images) == (b.quantity, b.grid, b.second, b.images)
        assert a.difference == pytest.approx(-b.difference, abs=1e-12)
        assert (a.low, a.high) == pytest.approx((-b.high, -b.low), abs=1e-12)
        assert (a.lost, a.gained, a.p_value) == (b.gained, b.lost, b.p_value)


def test_the_difference_of_rates_is_that_of_the_readings():
    """For all but the rates among correctly classified images, which need images that both classify correctly."""
    one, two = measured("plain"), measured("turned")
    rates = [
        {(r.quantity, r.grid, r.second): r.value for r in readings(run) if r.quantity != "boundary_distance"}
        for run in (one, two)
    ]
    compared = 0
    for pair in paired.pairs(one, two):
        place = (pair.quantity, pair.grid, pair.second)
        if place in rates[0]:
            assert pair.difference == pytest.approx(rates[1][place] - rates[0][place], abs=1e-12)
            compared += 1
    assert compared > 50


def test_given_correct_is_among_images_that_both_classify_correctly():
    one, two = measured("plain"), measured("turned")
    both = one.right & two.right
    assert not torch.equal(one.right, two.right)
    pair = at(paired.pairs(one, two), "one_minus_fooling_given_both_correct", 0.02)
    unfooled = [run.samples["robustness.unfooled"][both][:, run.plan.eps.index(0.02)] for run in (one, two)]
    assert pair.images == int(both.sum())
    assert pair.gained == int((~unfooled[0] & unfooled[1]).sum())
    assert pair.lost == int((unfooled[0] & ~unfooled[1]).sum())
    assert not [row for row in paired.pairs(one, two) if row.quantity.endswith("_given_correct")]


def test_distances_are_paired_where_both_answers_left():
    one, two = measured("plain"), measured("turned")
    left = torch.ones(IMAGES, dtype=torch.bool)
    left[:7] = False
    pair = at(paired.pairs(changed(one, distance__flipped=left), two), "boundary_distance")
    both = left & two.samples["distance.flipped"]
    differences = (two.samples["distance.norms"] - one.samples["distance.norms"]).double()[both]
    assert pair.images == int(both.sum()) <= IMAGES - 7
    assert pair.difference == pytest.approx(float(differences.mean()))
    half = t.ppf(0.975, len(differences) - 1) * float(differences.std()) / len(differences) ** 0.5
    assert pair.high == pytest.approx(pair.difference + half)


@given(lost=st.integers(0, 20), gained=st.integers(0, 20), alike=st.integers(0, 20))
def test_the_interval_holds_the_difference_and_never_shuts(lost, gained, alike):
    differences = torch.tensor([-1.0] * lost + [1.0] * gained + [0.0] * alike, dtype=torch.float64)
    if len(differences):
        interval = paired._of_shares(differences)
        assert interval.low - 1e-12 <= float(differences.mean()) <= interval.high + 1e-12
        assert -1 <= interval.low < interval.high <= 1


def coverage(interval, p_lost: float, p_gained: float, n: int = 40) -> float:
    """Exact, over all counts of n images."""
    covered = 0.0
    for lost in range(n + 1):
        for gained in range(n + 1 - lost):
            weight = binom.pmf(lost, n, p_lost) * binom.pmf(gained, n - lost, p_gained / (1 - p_lost))
            if weight > 1e-7:
                values = torch.tensor([-1.0] * lost + [1.0] * gained + [0.0] * (n - lost - gained), dtype=torch.float64)
                covered += weight * (p_gained - p_lost in interval(values))
    return covered


@pytest.mark.parametrize(("p_lost", "p_gained"), [(0.01, 0.01), (0.02, 0.1), (0.1, 0.3), (0.3, 0.3), (0.0, 0.05)])
def test_the_interval_covers(p_lost, p_gained):
    assert coverage(paired._of_shares, p_lost, p_gained) > 0.945


def test_the_interval_without_the_two_images_would_not_cover():
    def wald(values):
        half = 1.96 * float(values.std()) / len(values) ** 0.5
        return Interval(float(values.mean()) - half, float(values.mean()) + half)

    assert coverage(wald, 0.0, 0.05) < 0.9


def test_seeds_of_one_network_by_hand():
    found = [measured("plain", seed) for seed in (0, 1, 2)]
    rows = [row for row in paired.rows(found) if isinstance(row, Seeds)]
    assert {row.kind for row in rows} == {"seeds"}
    (row,) = [row for row in rows if row.quantity == "one_minus_fooling" and row.grid == 0.05]
    values = [float(run.samples["robustness.unfooled"][:, 2].double().mean()) for run in found]
    assert row.values == pytest.approx(values)
    assert row.training_seeds == (0, 1, 2)
    assert row.mean == pytest.approx(sum(values) / 3)
    error = float(torch.tensor(values, dtype=torch.float64).std()) / 3**0.5
    assert row.standard_error == pytest.approx(error)
    assert row.high == pytest.approx(row.mean + 4.302652730 * error)  # t with 2 degrees of freedom


def test_networks_with_equally_many_seeds_are_paired_in_order():
    found = [measured(name, seed) for seed in (0, 1) for name in ("plain", "turned")]
    rows = paired.rows(found)
    (row,) = [row for row in rows if row.kind == "seed_pairs" and row.quantity == "invariance" and row.grid == 180.0]
    rates = {
        (run.name, run.training_seed): over_seeds.Network("x", (run,)).at("invariance", 180.0).value for run in found
    }
    assert (row.other, row.name) == ("plain", "turned")
    assert row.values == pytest.approx([rates["turned", seed] - rates["plain", seed] for seed in (0, 1)])
    images = [row for row in rows if row.kind == "images" and row.quantity == "clean_accuracy"]
    assert [(pair.run_before, pair.run_after) for pair in images] == [
        (found[0].run, found[1].run),
        (found[2].run, found[3].run),
    ]


def test_unequal_numbers_of_seeds_are_not_paired_by_seed():
    rows = paired.rows([measured("plain", 0), measured("plain", 1), measured("turned", 0)])
    assert {row.kind for row in rows} == {"images", "seeds"}


def test_seeds_that_agree_exactly_tell_no_interval():
    mean, error, interval = over_seeds.over_seeds([0.25, 0.25, 0.25])
    assert (mean, error) == (0.25, 0.0)
    assert (interval.low, interval.high) == (-math.inf, math.inf)
    found = over_seeds.networks([measured("plain", seed) for seed in (0, 1)])[0]
    still = found.at("one_minus_fooling", 0.0)
    assert still.values == (1.0, 1.0)
    assert still.interval.low == pytest.approx(0.025 ** (1 / IMAGES))  # Clopper-Pearson, over the images of one seed


def test_counts_of_seeds_are_added():
    value = over_seeds.networks([measured("plain", seed) for seed in (0, 1)])[0].at("clean_accuracy")
    assert value.trials == 2 * IMAGES
    assert value.hits == sum(int(measured("plain", seed).right.sum()) for seed in (0, 1))


def test_every_row_survives_the_round_trip_through_json():
    rows = paired.rows([measured(name, seed) for name in ("plain", "turned") for seed in (0, 1)])
    assert {row.kind for row in rows} == {"images", "seeds", "seed_pairs"}
    for row in rows:
        assert paired.row(json.loads(paired.line(row))) == row


def test_rows_of_another_kind_or_without_keys_are_refused():
    with pytest.raises(checks.InputError, match="kind='trio' is unknown"):
        paired.row({"kind": "trio"})
    with pytest.raises(checks.InputError, match="has no 'before'"):
        paired.row({"kind": "images"})


def test_other_images_are_refused():
    one = measured()
    other = replace(measured("turned"), data=replace(measured().data, checksum="other"))
    with pytest.raises(checks.InputError, match=r"checksum other.*measure both on the same images"):
        paired.pairs(one, other)
    fewer = replace(measured("turned"), data=one.data.take(torch.arange(30)))
    with pytest.raises(checks.InputError, match="40 and 30 of them"):
        paired.rows([one, fewer])
    shuffled = replace(measured("turned"), data=one.data.take(torch.arange(IMAGES).flip(0)))
    with pytest.raises(checks.InputError, match="in another order"):
        over_seeds.networks([one, shuffled])


def test_another_plan_is_refused_but_for_its_grids():
    one, two = measured(), measured("turned")
    with pytest.raises(checks.InputError, match="measured with steps=6, 'turned' with 7"):
        paired.rows([one, replace(two, plan=replace(two.plan, steps=7))])
    fewer = without(two, "joint", "exact")
    assert {row.quantity for row in paired.rows([one, fewer])} < {row.quantity for row in paired.rows([one, two])}


def test_one_network_twice_is_refused():
    with pytest.raises(checks.InputError, match="twice"):
        over_seeds.networks([measured(), measured()])
    with pytest.raises(checks.InputError, match="measure at least one network"):
        over_seeds.networks([])


def test_the_telling_eps_is_where_half_of_the_answers_stay():
    run = measured()
    unfooled = torch.zeros(IMAGES, 4, dtype=torch.bool)
    unfooled[:, 0] = True
    unfooled[:30, 1] = True  # .75
    unfooled[:16, 2] = True  # .4
    network = over_seeds.Network("x", (changed(run, robustness__unfooled=unfooled),))
    assert headline.eps([network]) == 0.05
    assert (headline.angle([network]), headline.shift([network])) == (180.0, 2.0)
    assert headline.eps([over_seeds.Network("x", (without(run, "robustness", "audit"),))]) is None
