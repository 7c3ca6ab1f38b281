"""Every faulty model trips exactly its flag, sound models trip none, and a flag says when it could not ask."""

from dataclasses import replace

import pytest
import torch
from scipy.stats import binom

from empirical.data import limited
from empirical.measurement.plan import Plan
from empirical.measurement.run import run
from empirical.statistics.exact_tests import at_least, mcnemar_one_sided, upper_tail
from empirical.validation import flags as sanity
from empirical.validation.faulty_models import FAULTY_MODELS, IMAGES, Scored, brighter_left, halves, labelled, plan
from empirical.validation.model_flags import LEVEL, NEAR, TOLERANCE, near_chance

COMPARING = {"eps_zero", "not_monotone", "grey_bound", "black_box", "weak_schedule"}
"""Flags that compare the answers of two passes."""


def raised(flags):
    return [flag.name for flag in flags if flag.raised]


def unasked(flags):
    return {flag.name for flag in flags if not flag.asked}


def one(found, name):
    (flag,) = (flag for flag in sanity.flags(found) if flag.name == name)
    return flag


@pytest.fixture(scope="module")
def sound():
    """The honest model on the images of the faulty ones, every flag but the grey bound asked."""
    return run(Scored(brighter_left), labelled(halves()), plan(0.1, 0.3))


def with_arrays(found, **arrays):
    """The measurement with other arrays; part__name stands for part.name."""
    return replace(found, samples=found.samples | {name.replace("__", "."): value for name, value in arrays.items()})


def table(*columns):
    """(IMAGES, k) who is unfooled: each column is the number of the first images that are fooled."""
    return torch.stack([torch.arange(IMAGES) >= fooled for fooled in columns], dim=1)


@pytest.mark.parametrize("name", FAULTY_MODELS)
def test_a_faulty_model_trips_exactly_its_flag(name):
    flags = sanity.flags(run(*FAULTY_MODELS[name]()))
    assert raised(flags) == [name]


def test_every_flag_has_a_faulty_model():
    assert list(FAULTY_MODELS) == list(sanity.QUESTIONS)


def test_a_trained_network_trips_none(trained):
    """All twelve are asked. The four that rest on chance have a false alarm of at most LEVEL each."""
    model, data = trained
    grid = Plan(
        eps=(0.05, 0.15, 0.5),
        audit=32,
        queries=100,
        attack_schedule="quick",
        gradients="float32",
        skip=("control", "joint", "distance"),
    )
    flags = sanity.flags(run(model, limited(data, 100), grid))
    assert raised(flags) == []
    assert unasked(flags) == set()


@pytest.mark.parametrize("contrast", [0.1, 1.0])
def test_the_honest_twin_of_the_faulty_models_trips_none(contrast):
    """Faint halves fall from eps = .05 on, clear ones from .5 on."""
    found = run(Scored(brighter_left), labelled(halves(contrast)), plan(0.02, 0.1, 0.6))
    flags = sanity.flags(found)
    assert raised(flags) == []
    assert unasked(flags) == set()
    assert found.samples["robustness.unfooled"].sum(dim=0).tolist() == (
        [IMAGES] * 3 + [0] if contrast == 1 else [IMAGES] * 2 + [0, 0]
    )


def test_texts_are_one_line_and_end():
    for build in FAULTY_MODELS.values():
        for flag in sanity.flags(run(*build())):
            assert flag.text.endswith((".", "?"))
            assert "\n" not in flag.text
            assert flag.asked != flag.text.startswith("Not asked: ")


# What cannot be asked


def test_where_a_model_is_not_steady_no_two_passes_are_compared():
    flags = sanity.flags(run(*FAULTY_MODELS["changing"]()))
    assert unasked(flags) == COMPARING | {"batch"}
    assert {flag.text for flag in flags if flag.name == "eps_zero"} == {
        "Not asked: two passes over the same images differ, so a difference between two others would mean nothing."
    }


def test_where_answers_depend_on_the_batch_no_two_passes_are_compared():
    flags = sanity.flags(run(*FAULTY_MODELS["batch"]()))
    assert unasked(flags) == COMPARING


@pytest.mark.parametrize(
    ("skip", "expected"),
    [
        (("audit",), {"not_monotone", "black_box", "weak_schedule"}),
        (("robustness",), {"not_monotone", "black_box", "weak_schedule", "grey_bound", "short_steps"}),
    ],
)
def test_what_was_not_measured_is_not_judged(skip, expected):
    wanted = plan(0.1, 0.3, 0.6)
    found = run(Scored(brighter_left), labelled(halves()), replace(wanted, skip=(*wanted.skip, *skip)))
    assert unasked(sanity.flags(found)) == expected


def test_a_grid_without_eps_leaves_nothing_to_attack():
    found = run(Scored(brighter_left), labelled(halves()), plan())
    assert unasked(sanity.flags(found)) == {"short_steps", "not_monotone", "grey_bound", "black_box", "weak_schedule"}


def test_a_batch_of_one_and_a_single_class_are_not_judged():
    data = labelled(halves())
    found = run(Scored(brighter_left), data.take((data.labels == 0).nonzero()[:, 0]), plan(0.1, 0.3), batch_size=1)
    assert {"batch", "near_chance"} <= unasked(sanity.flags(found))
    assert "100% of them of one class" in one(found, "near_chance").text


def test_few_images_cannot_show_better_than_chance():
    """0.5**6 = 0.016 is above LEVEL, 0.5**8 = 0.004 is below."""
    data = labelled(halves())
    for images, asked in ((6, False), (8, True)):
        found = run(Scored(brighter_left), data.take(torch.arange(images)), plan(0.1))
        assert one(found, "near_chance").asked == asked
        assert not one(found, "near_chance").raised


# Thresholds, computed by hand


def test_the_tests_are_the_binomial_tails():
    assert mcnemar_one_sided(7, 0) == 1 / 128
    assert mcnemar_one_sided(0, 7) == 1
    assert mcnemar_one_sided(2, 1) == 0.5
    assert upper_tail(0, 5, 0.1) == 1
    assert upper_tail(2, 2, 0.1) == pytest.approx(0.01)


@pytest.mark.parametrize("images", [32, 64, 1000])
def test_a_tolerable_share_is_flagged_with_at_most_the_level(images):
    least = next(count for count in range(images + 1) if at_least(count, images, LEVEL) > TOLERANCE)
    assert upper_tail(least, images, TOLERANCE) <= LEVEL
    assert upper_tail(least, images, 8 * TOLERANCE) > 0.5  # it has teeth


@pytest.mark.parametrize(("lost", "alarm"), [(6, False), (7, True)])
def test_seven_images_lost_between_two_eps_are_no_chance(sound, lost, alarm):
    """One pair of eps: 2**-7 is below LEVEL, 2**-6 is not."""
    found = with_arrays(sound, audit__unfooled=table(0, 10 + lost, 10))
    assert one(found, "not_monotone").raised == alarm
    assert one(with_arrays(sound, audit__unfooled=table(0, 10, 10 + lost)), "not_monotone").raised is False


@pytest.mark.parametrize(("lost", "alarm"), [(8, False), (9, True)])
def test_the_level_is_kept_over_all_pairs_of_eps(sound, lost, alarm):
    """Three pairs: 2**-9 is below LEVEL / 3, 2**-8 is not."""
    wide = replace(sound, plan=plan(0.1, 0.2, 0.3))
    found = with_arrays(wide, audit__unfooled=table(0, 10 + lost, 10, 10), robustness__unfooled=table(0, 20, 20, 20))
    assert one(found, "not_monotone").raised == alarm


def test_a_slow_decline_is_seen_between_its_ends(sound):
    """4 images fewer at each of four eps: 12 at once are 2**-12 < LEVEL / 6, 4 are not."""
    wide = replace(sound, plan=plan(0.1, 0.2, 0.3, 0.4))
    found = with_arrays(wide, audit__unfooled=table(0, 20, 16, 12, 8), robustness__unfooled=table(0, 20, 20, 20, 20))
    flag = one(found, "not_monotone")
    assert flag.raised
    assert "20 of 32 images are fooled at eps = 0.1 and 8 at 0.4" in flag.text


def test_per_epsly_attacked_profiles_are_raw_themselves():
    """They hold more images than the audit."""
    wanted = plan(0.05, 0.2, audit=8, schedule="per_eps")
    found = run(Scored(brighter_left), labelled(halves()), wanted)
    flag = one(with_arrays(found, robustness__unfooled=table(0, 20, 10)), "not_monotone")
    assert flag.raised
    assert flag.text.startswith("The raw profile is not monotone: 20 of 32 images are fooled at eps = 0.05")


@pytest.mark.parametrize(("ahead", "alarm"), [(7, False), (8, True)])
def test_eight_images_more_by_cold_attacks_are_no_chance(sound, ahead, alarm):
    """Two eps: 2**-8 is below LEVEL / 2, 2**-7 is not."""
    found = with_arrays(sound, audit__unfooled=table(0, 4, 4 + ahead), robustness__unfooled=table(0, 4, 4))
    assert one(found, "weak_schedule").raised == alarm
    other = with_arrays(sound, audit__unfooled=table(0, 4, 4), robustness__unfooled=table(0, 4, 4 + ahead))
    assert one(other, "weak_schedule").raised is False


@pytest.mark.parametrize(("broken", "alarm"), [(3, False), (4, True)])
def test_claims_that_square_breaks_are_counted_among_claims(sound, broken, alarm):
    """P(at least 4 of 32) is 0.0043 at the tolerated 2 %, of 3 it is 0.026."""
    found = with_arrays(sound, audit__black_box=torch.arange(IMAGES) >= broken)
    assert one(found, "black_box").raised == alarm
    assert f"brings down {broken} of 32" in one(found, "black_box").text
    none_claimed = with_arrays(found, robustness__unfooled=table(0, broken, broken))
    assert one(none_claimed, "black_box").text.startswith("Square, 100 queries, brings down 0 of")


@pytest.mark.parametrize(("broken", "alarm"), [(3, False), (4, True)])
def test_claims_that_the_search_of_the_profile_brought_down_are_counted_among_all_images(sound, broken, alarm):
    """No audit is needed, and an image that fell to the first eps counts, too."""
    adaptive = replace(sound, plan=plan(0.1, 0.3, schedule="adaptive", audit=0))
    arrays = {
        "robustness__by_loss": torch.zeros(IMAGES, dtype=torch.bool),
        "robustness__by_search": torch.arange(IMAGES) < broken,
        "robustness__unfooled": table(0, broken, broken),
    }
    flag = one(with_arrays(adaptive, **arrays), "black_box")
    assert flag.raised == alarm
    assert f"brings down {broken} of 32" in flag.text


@pytest.mark.parametrize(("over", "alarm"), [(0, False), (1, True)])
def test_one_image_above_the_grey_bound_is_a_proof(sound, over, alarm):
    """The grey image is answered 0, as are half of the images; the theorem leaves no room for chance."""
    assert sound.probe.grey == 0
    found = with_arrays(
        replace(sound, plan=plan(0.1, 0.5)),
        robustness__unfooled=table(0, 0, IMAGES // 2 - over),
        audit__unfooled=table(0, 0, 0),
    )
    assert one(found, "grey_bound").raised == alarm


def test_accuracy_has_a_grey_bound_of_its_own(sound):
    """Labels that are never the grey answer: nothing can be right, though half of the images may stand."""
    ones = replace(sound.data, labels=torch.ones_like(sound.data.labels))
    found = with_arrays(replace(sound, data=ones, plan=plan(0.1, 0.5)), robustness__unfooled=table(0, 0, IMAGES // 2))
    assert "the adversarial accuracy is at most 0.0%, but 25.0%" in one(found, "grey_bound").text


@pytest.mark.parametrize(
    ("eps", "steps", "size", "alarm"),
    [
        (0.2, 40, 0.01, False),
        (0.21, 40, 0.01, True),
        (0.4, 40, 0.02, False),
        (0.8, 40, 0.02, True),
        (0.8, 100, 0.01, False),
    ],
)
def test_the_steps_of_the_paper_cross_no_larger_ball_than_their_sum(sound, eps, steps, size, alarm):
    """2 eps, but no more than the whole of [0, 1]."""
    per_eps = Plan(eps=(0.1, eps), attack_schedule="per_eps", steps=steps, step_size=size, skip=sound.plan.skip)
    assert one(replace(sound, plan=per_eps), "short_steps").raised == alarm


def test_an_answer_lost_at_eps_zero_counts(sound):
    lost = with_arrays(sound, robustness__unfooled=table(2, 2, 2))
    assert raised(sanity.flags(lost)) == ["eps_zero"]
    assert "(2 of 32 in the profile)" in one(lost, "eps_zero").text
    audit = with_arrays(sound, audit__unfooled=table(1, 1, 1))
    assert "(1 of 32 in the audit)" in one(audit, "eps_zero").text


@pytest.mark.parametrize(("zeros", "alarm"), [(3, False), (4, True)])
def test_a_few_images_without_a_gradient_are_tolerated(sound, zeros, alarm):
    found = replace(sound, probe=replace(sound.probe, no_gradient=zeros))
    assert one(found, "zero_gradients").raised == alarm


def test_gradients_count_in_the_precision_that_was_used(sound):
    gone = replace(sound, probe=replace(sound.probe, no_gradient_bfloat16=IMAGES))
    assert not one(gone, "zero_gradients").raised
    assert one(replace(gone, precision="bfloat16"), "zero_gradients").raised


def with_accuracy(sound, images, minority, right):
    """The measurement as of so many images, some of them of class 1, with right answers spread over both classes."""
    numbers = torch.arange(images)
    labels = (numbers < minority).long()
    # Wrong first among the rare class, as networks are, so that its answers are few but not none.
    wrong = torch.cat([numbers[1:minority], numbers[minority:]])[: images - right]
    answers = labels.clone()
    answers[wrong] = 1 - answers[wrong]
    data = replace(sound.data, images=sound.data.images[:1].expand(images, -1, -1, -1), labels=labels, indices=numbers)
    return with_arrays(replace(sound, data=data), answers__answers=answers)


@pytest.mark.parametrize(
    ("images", "minority", "right", "alarm", "said"),
    [
        # Halves: .6 is the end of what is near. P(at most 214 of 400 | .6) = .0049, of 215 it is .0065.
        (400, 200, 200, True, "near chance: 200 of 400"),
        (400, 200, 214, True, "near chance: 214 of 400"),
        (400, 200, 215, False, "Undecided: 215 of 400"),
        (400, 200, 224, False, "above chance: 224 of 400"),  # P(at least 224 | .5) = .0094
        # Nine tenths: a network that is right on .92 is no better than a constant beyond doubt, and not accused.
        (400, 40, 368, False, "Undecided: 368 of 400"),
        (400, 40, 360, False, "Undecided: 360 of 400"),
        (400, 40, 200, True, "near chance: 200 of 400"),  # far below the constant answer
        (4000, 400, 3600, True, "near chance: 3600 of 4000"),
        (32, 16, 23, False, "Undecided: 23 of 32"),  # P(at least 23 | .5) = .0100 > LEVEL
        (32, 16, 24, False, "above chance: 24 of 32"),  # P = .0035
    ],
)
def test_an_accuracy_is_near_chance_above_it_or_undecided(sound, images, minority, right, alarm, said):
    found = with_accuracy(sound, images, minority, right)
    assert int(found.right.sum()) == right
    raised, text = near_chance(found)
    assert raised == alarm
    assert said in text


@pytest.mark.parametrize(("images", "minority"), [(100, 50), (400, 40), (1000, 900), (64, 16)])
def test_a_decent_model_is_accused_with_at_most_the_level(sound, images, minority):
    """Its accuracy lies NEAR of the way up from the constant answer; the law of its count is binomial."""
    chance = max(minority, images - minority) / images
    decent = chance + NEAR * (1 - chance)
    accused = [r for r in range(images + 1) if near_chance(with_accuracy(sound, images, minority, r))[0]]
    assert sum(binom.pmf(accused, images, decent)) <= LEVEL
    if images >= 1000:
        assert sum(binom.pmf(accused, images, chance)) > 0.3  # it has teeth, given enough images


@pytest.mark.parametrize(
    ("images", "minority", "alarm"), [(100, 10, False), (400, 40, True), (50, 25, False), (52, 26, True)]
)
def test_a_constant_answer_is_near_chance_where_so_many_could_not_agree_by_chance(sound, images, minority, alarm):
    """Better networks do so with at most .98^99 = .14 and .98^399 = .0003, .9^49 = .0057 and .9^51 = .0046."""
    constant = with_accuracy(sound, images, minority, images)
    constant = with_arrays(constant, answers__answers=torch.zeros(images, dtype=torch.int64))
    raised, text = near_chance(constant)
    assert raised == alarm
    seen = f"{images - minority} of {images} answers are right"
    assert (f"near chance: {seen}" in text and "(all are 0)" in text) if alarm else f"Undecided: {seen}" in text


def test_a_module_that_stays_in_training_mode_is_named(sound):
    found = replace(sound, probe=replace(sound.probe, stubborn=1))
    assert "1 of 1 modules stay in training mode" in one(found, "training_mode").text


def test_what_torch_builds_in_training_mode_is_told_calmly(sound):
    """Nearly every build() leaves it so; the numbers are those of eval mode."""
    text = one(replace(sound, probe=replace(sound.probe, training=1, by_mode=0.3)), "training_mode").text
    assert text.startswith(
        "1 of 1 modules were in training mode when the model was handed over, as torch builds them, "
    )
    assert text.endswith("end build() with .eval() to say so.")


def test_a_mode_that_changes_no_answer_is_no_reason_for_a_flag():
    """A network that forgot eval(), without a layer that minds; and one with such a layer, switched off."""
    for inside in ([], [torch.nn.Dropout(0.0)], [torch.nn.BatchNorm2d(1, track_running_stats=False).eval()]):
        network = torch.nn.Sequential(*inside, torch.nn.Flatten(), torch.nn.Linear(64, 2)).train()
        found = one(run(network, labelled(halves()), plan(0.1)), "training_mode")
        assert not found.raised
        assert "were in training mode when the model was handed over, which changes nothing" in found.text
        assert found.text.endswith("of the mean lead of the largest one.")


def test_buffers_that_change_are_named(sound):
    found = replace(sound, probe=replace(sound.probe, tensors_changed=("a", "b", "c", "d")))
    assert "4 of its parameters and buffers change (a, b, c, ...)" in one(found, "changing").text
    assert raised(sanity.flags(found)) == ["changing"]


def test_adversarial_images_outside_are_seen(sound):
    outside = with_arrays(sound, robustness__adversarial=sound.data.images + 1e-3)
    assert "leave [0, 1] by 0.001" in one(outside, "inputs").text
    rounding = with_arrays(sound, robustness__adversarial=sound.data.images + 1e-7)
    assert not one(rounding, "inputs").raised
